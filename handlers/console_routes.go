package handlers

import (
	"slices"
)

// pageRoutes are the pages for people, room by room, with the right that opens each on its line.
func (s *Server) pageRoutes() []Route {
	return slices.Concat(
		s.publicRoutes(), s.storeRoutes(), s.orderRoutes(), s.returnPages(), s.verifyPages(), s.accessRoutes(), s.todayRoutes(), s.diaryRoutes(), s.conversationRoutes(), s.caseRoutes(),
		s.serviceRoutes(), s.catalogueRoutes(), s.deskOrderRoutes(), s.deskReturnRoutes(), s.refundRoutes(), s.policyRoutes(), s.contentRoutes(), s.dashboardRoutes(), s.alertRoutes(), s.privacyRoutes(), s.peopleRoutes(), s.auditRoutes(), s.simulatorRoutes(), s.paletteRoutes(), s.letterRoutes(), s.reconciliationRoutes(),
	)
}

// publicRoutes are for anybody.
func (s *Server) publicRoutes() []Route {
	return []Route{
		{get, "/", anyone(), s.home, "The salon's start page"},
		{get, "/privacy", anyone(), s.privacy, "The privacy notice in three languages"},
		{get, "/payments/thanks", anyone(), s.paid, "Where the payment page leads after paying"},
		{get, "/payments/cancelled", anyone(), s.payCancelled, "Where the payment page leads after giving up"},
		{get, "/docs", anyone(), s.docs, "This description, for people"},
		{get, "/docs/openapi.json", anyone(), s.openapi, "This description, as OpenAPI 3.1"},
		{get, "/static/*", anyone().per(free), s.asset, "Styles, scripts and fonts, at addresses that never change content"},
	}
}
