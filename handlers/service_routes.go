package handlers

import (
	"slices"

	"frontdesk/internal/staff"
)

// serviceRoutes are the menu and the times: services, packs, stylists, hours, closures. Whoever may act
// in the room may change all of it; the rows of one service stand last, because its id is any word.
func (s *Server) serviceRoutes() []Route {
	read, act := can(staff.Services, staff.ToRead), can(staff.Services, staff.ToAct)
	return slices.Concat(s.packRoutes(read, act), s.stylistRoutes(read, act), s.hourRoutes(read, act), s.closureRoutes(read, act), s.menuRoutes(read, act))
}

func (s *Server) packRoutes(read, act Access) []Route {
	return []Route{
		{get, "/console/services/packs", read, s.packs, "Services sold together, and what each saves"},
		{get, "/console/services/packs/new", act, s.addPack, "The form of a new pack"},
		{post, "/console/services/packs/new", act, s.addPack, "Offer a new pack"},
		{post, "/console/services/packs/preview", act, s.previewPack, "What customers would read of a pack, and what it saves; changes nothing"},
		{get, "/console/services/packs/:id", read, s.pack, "One pack with its history"},
		{get, "/console/services/packs/:id/edit", act, s.editPack, "The form that changes a pack"},
		{post, "/console/services/packs/:id/edit", act, s.editPack, "Change a pack from now on"},
		{post, "/console/services/packs/:id/retire", act, s.retirePack, "Offer a pack no longer"},
		{post, "/console/services/packs/:id/restore", act, s.restorePack, "Offer a retired pack again"},
	}
}

func (s *Server) stylistRoutes(read, act Access) []Route {
	return []Route{
		{get, "/console/services/stylists", read, s.stylists, "Who works here and what they do"},
		{get, "/console/services/stylists/new", act, s.addStylist, "The form of a new stylist"},
		{post, "/console/services/stylists/new", act, s.addStylist, "Add a stylist"},
		{get, "/console/services/stylists/:id", read, s.stylist, "One stylist with breaks and history"},
		{get, "/console/services/stylists/:id/edit", act, s.editStylist, "The form that changes a stylist"},
		{post, "/console/services/stylists/:id/edit", act, s.editStylist, "Change a stylist"},
		{get, "/console/services/stylists/:id/breaks", act, s.editBreaks, "The form of a stylist's weekly breaks"},
		{post, "/console/services/stylists/:id/breaks", act, s.editBreaks, "Change a stylist's weekly breaks"},
		{get, "/console/services/stylists/:id/retire", act, s.retireStylist, "What keeps a stylist from being retired"},
		{post, "/console/services/stylists/:id/retire", act, s.retireStylist, "Let nobody book a stylist any more"},
		{post, "/console/services/stylists/:id/restore", act, s.restoreStylist, "Let customers book a retired stylist again"},
		{get, "/console/services/stylists/:id/feed", act, s.openFeed, "What a calendar feed shows, and what ends"},
		{post, "/console/services/stylists/:id/feed", act, s.openFeed, "Make the address of a stylist's calendar feed"},
		{get, "/console/services/stylists/:id/feed/close", act, s.closeFeed, "What ends with a calendar feed"},
		{post, "/console/services/stylists/:id/feed/close", act, s.closeFeed, "End a stylist's calendar feed"},
		{post, "/console/services/stylists/:id/up", act, s.moveStylist(true), "Name a stylist earlier"},
		{post, "/console/services/stylists/:id/down", act, s.moveStylist(false), "Name a stylist later"},
	}
}

func (s *Server) hourRoutes(read, act Access) []Route {
	return []Route{
		{get, "/console/services/hours", read, s.hours, "Weekly opening hours and dated sets of hours"},
		{get, "/console/services/hours/edit", act, s.editHours, "The form of the weekly opening hours"},
		{post, "/console/services/hours/edit", act, s.editHours, "Change the weekly opening hours"},
		{get, "/console/services/hours/sets/new", act, s.addSet, "The form of a dated set of hours"},
		{post, "/console/services/hours/sets/new", act, s.addSet, "Add a dated set of hours"},
		{get, "/console/services/hours/sets/:id/edit", act, s.editSet, "The form that changes a dated set of hours"},
		{post, "/console/services/hours/sets/:id/edit", act, s.editSet, "Change a dated set of hours"},
		{get, "/console/services/hours/sets/:id/retire", act, s.retireSet, "What follows when a set of hours holds no more"},
		{post, "/console/services/hours/sets/:id/retire", act, s.retireSet, "Let the weekly hours hold again"},
		{get, "/console/services/hours/sets/:id/restore", act, s.restoreSet, "What follows when a retired set of hours holds again"},
		{post, "/console/services/hours/sets/:id/restore", act, s.restoreSet, "Let a retired set of hours hold again"},
	}
}

func (s *Server) closureRoutes(read, act Access) []Route {
	return []Route{
		{get, "/console/services/closures", read, s.closedTimes, "Closed days and days off, ahead and past"},
		{get, "/console/services/closures/new", act, s.closeTime, "The form that closes time"},
		{post, "/console/services/closures/new", act, s.closeTime, "Close days or hours, of the salon or of a stylist"},
		{post, "/console/services/closures/preview", act, s.previewClosing, "What customers would read of a closed day; changes nothing"},
		{get, "/console/services/closures/:id/open", act, s.openTime, "What follows when closed time is opened"},
		{post, "/console/services/closures/:id/open", act, s.openTime, "Open closed time again"},
	}
}

func (s *Server) menuRoutes(read, act Access) []Route {
	return []Route{
		{get, "/console/services", read, s.services, "What customers can book, with prices and minutes"},
		{get, "/console/services/new", act, s.addService, "The form of a new service"},
		{post, "/console/services/new", act, s.addService, "Put a service on the menu"},
		{post, "/console/services/preview", act, s.previewService, "What customers would read of a service; changes nothing"},
		{get, "/console/services/:id", read, s.service, "One service with its history"},
		{get, "/console/services/:id/edit", act, s.editService, "The form that changes a service"},
		{post, "/console/services/:id/edit", act, s.editService, "Change a service from now on"},
		{post, "/console/services/:id/retire", act, s.retireService, "Take a service off the menu"},
		{post, "/console/services/:id/restore", act, s.restoreService, "Put a retired service back on the menu"},
		{post, "/console/services/:id/up", act, s.moveService(true), "Name a service earlier"},
		{post, "/console/services/:id/down", act, s.moveService(false), "Name a service later"},
	}
}
