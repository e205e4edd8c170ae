package handlers

import "frontdesk/internal/staff"

// auditRoutes are the log of who did what.
func (s *Server) auditRoutes() []Route {
	return []Route{
		{get, "/console/audit", can(staff.Audit, staff.ToRead), s.auditLog, "Who did what, when and why"},
		{post, "/console/audit/verify", can(staff.Audit, staff.ToAct), s.verifyAudit, "Computes the whole chain anew and notes what it found"},
		{get, "/console/audit/:id", can(staff.Audit, staff.ToRead), s.auditEntry, "One entry with its values before and after and its place in the chain"},
	}
}
