package handlers

import (
	"slices"

	"frontdesk/internal/staff"
)

func (s *Server) diaryRoutes() []Route {
	act := can(staff.Diary, staff.ToAct)
	routes := []Route{
		{get, "/console/diary", can(staff.Diary, staff.ToRead), s.diary, "A day or a week by stylist, and one visit"},
		{get, "/console/diary/new", act, s.askBooking, "The form that books a visit for a customer, page by page"},
		{post, "/console/diary/new", act, s.book, "Books a visit for a customer"},
		{get, "/console/diary/block", act, s.askBlock, "The form that closes time"},
		{post, "/console/diary/block", act, s.block, "Closes time of a stylist or of the salon"},
		{get, "/console/diary/blocks/:id/open", act, s.askUnblock, "The form that opens closed time again"},
		{post, "/console/diary/blocks/:id/open", act, s.unblock, "Opens closed time again"},
		{get, "/console/diary/visits/:id/move", act, s.askMove, "The form that moves a visit"},
		{post, "/console/diary/visits/:id/move", act, s.move, "Moves a visit to another time or stylist"},
		{post, "/console/diary/visits/:id/stays", act, s.letStay, "Leaves a visit in time that a calendar outside closes, or takes that back"},
	}
	for _, a := range visitActs() {
		path := "/console/diary/visits/:id/" + a.name
		routes = slices.Concat(routes, []Route{
			{get, path, act, s.askVisitAct(a), "The form of: " + a.doc},
			{post, path, act, s.doVisitAct(a), a.doc},
		})
	}
	return routes
}
