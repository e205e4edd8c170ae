package handlers

// contentRoutes are the wordings: templates, texts, questions and answers.
func (s *Server) contentRoutes() []Route { return nil }
