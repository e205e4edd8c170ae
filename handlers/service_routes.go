package handlers

// serviceRoutes are the menu and the times: services, packs, stylists, hours, closures.
func (s *Server) serviceRoutes() []Route { return nil }
