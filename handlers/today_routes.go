package handlers

import "frontdesk/internal/staff"

func (s *Server) todayRoutes() []Route {
	return []Route{
		{get, "/console", can(staff.Today, staff.ToRead), s.today, "What needs this person now"},
		{get, "/console/live", can(staff.Today, staff.ToRead).unattended(), s.live, "Names of topics that changed, as server-sent events"},
		{post, "/console/today/seen", can(staff.Today, staff.ToAct), s.noticeSeen, "Marks a notice to a stylist as seen"},
	}
}
