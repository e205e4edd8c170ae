package handlers

import "frontdesk/internal/staff"

func (s *Server) conversationRoutes() []Route {
	return []Route{
		{get, "/console/conversations", can(staff.Conversations, staff.ToRead), s.conversations, "The inbox"},
		{get, "/console/conversations/:id", can(staff.Conversations, staff.ToRead), s.conversations, "One conversation with its context"},
	}
}

func (s *Server) caseRoutes() []Route {
	return []Route{
		{get, "/console/cases", can(staff.Cases, staff.ToRead), s.cases, "Hand-offs that wait for a person"},
	}
}
