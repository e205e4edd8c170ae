package handlers

import "frontdesk/internal/staff"

// peopleRoutes are accounts and what they may do. What changes who may come in, or as what, asks for a
// fresh proof.
func (s *Server) peopleRoutes() []Route {
	read, act := can(staff.People, staff.ToRead), can(staff.People, staff.ToAct).fresh().per(admin)
	return []Route{
		{get, "/console/people", read, s.peoplePage, "Who has an account"},
		{get, "/console/people/invite", act, s.invitePerson, "The form that invites somebody"},
		{post, "/console/people/invite", act, s.invitePerson, "Make an account and its link"},
		{get, "/console/people/:id", read, s.personPage, "An account"},
		{get, "/console/people/:id/edit", act, s.editPerson, "The form of name, role and diary"},
		{post, "/console/people/:id/edit", act, s.editPerson, "Change name, role and diary"},
		{get, "/console/people/:id/link", act, s.linkPerson, "The form for a new link"},
		{post, "/console/people/:id/link", act, s.linkPerson, "Make a new link, which also resets the password"},
		{get, "/console/people/:id/disable", act, s.disablePerson, "The form that shuts somebody out"},
		{post, "/console/people/:id/disable", act, s.disablePerson, "Shut somebody out at once"},
		{get, "/console/people/:id/enable", act, s.enablePerson, "The form that lets somebody in again"},
		{post, "/console/people/:id/enable", act, s.enablePerson, "Let somebody in again"},
		{get, "/console/people/:id/reset-factors", act, s.resetFactors, "The form that takes second factors away"},
		{post, "/console/people/:id/reset-factors", act, s.resetFactors, "Take somebody's second factors away"},
		{get, "/console/people/:id/end-sessions", act, s.endSessions, "The form that signs somebody out everywhere"},
		{post, "/console/people/:id/end-sessions", act, s.endSessions, "Sign somebody out everywhere"},
		{get, "/console/people/:id/sessions/:session/end", act, s.endPersonSession, "The form that ends one session"},
		{post, "/console/people/:id/sessions/:session/end", act, s.endPersonSession, "End one session of somebody"},
		{get, "/console/people/:id/tokens/:token/revoke", act, s.revokePersonToken, "The form that ends a token"},
		{post, "/console/people/:id/tokens/:token/revoke", act, s.revokePersonToken, "End a token of somebody"},
	}
}
