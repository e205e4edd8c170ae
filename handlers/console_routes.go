package handlers

import (
	"frontdesk/internal/staff"
)

// pageRoutes are the pages for people, with the right that opens each on its line.
func (s *Server) pageRoutes() []Route {
	return []Route{
		// For anybody.
		{get, "/", anyone(), s.home, "The salon's start page"},
		{get, "/privacy", anyone(), s.privacy, "The privacy notice in three languages"},
		{get, "/payments/thanks", anyone(), s.paid, "Where the payment page leads after paying"},
		{get, "/payments/cancelled", anyone(), s.payCancelled, "Where the payment page leads after giving up"},
		{get, "/docs", anyone(), s.docs, "This description, for people"},
		{get, "/docs/openapi.json", anyone(), s.openapi, "This description, as OpenAPI 3.1"},
		{get, "/static/*", anyone(), s.asset, "Styles, scripts and fonts, at addresses that never change content"},

		// In and out.
		{get, "/console/login", anyone(), s.loginForm, "The sign-in form"},
		{post, "/console/login", anyone(), s.signIn, "Sign in with the form's token"},
		{post, "/console/logout", signedIn(), s.signOut, "Sign out"},

		// Rooms.
		{get, "/console", can(staff.Today, staff.ToRead), s.today, "What needs this person now"},
		{get, "/console/live", can(staff.Today, staff.ToRead), s.live, "Names of topics that changed, as server-sent events"},
		{get, "/console/diary", can(staff.Diary, staff.ToRead), s.diary, "A day or a week by stylist, and one visit"},
		{get, "/console/conversations", can(staff.Conversations, staff.ToRead), s.conversations, "The inbox"},
		{get, "/console/conversations/:id", can(staff.Conversations, staff.ToRead), s.conversations, "One conversation with its context"},
		{get, "/console/cases", can(staff.Cases, staff.ToRead), s.cases, "Hand-offs that wait for a person"},
	}
}
