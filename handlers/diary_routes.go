package handlers

import "frontdesk/internal/staff"

func (s *Server) diaryRoutes() []Route {
	return []Route{
		{get, "/console/diary", can(staff.Diary, staff.ToRead), s.diary, "A day or a week by stylist, and one visit"},
	}
}
