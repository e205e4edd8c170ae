package handlers

// peopleRoutes are accounts and what they may do.
func (s *Server) peopleRoutes() []Route { return nil }
