package handlers

// policyRoutes are the salon's rules in figures.
func (s *Server) policyRoutes() []Route { return nil }
