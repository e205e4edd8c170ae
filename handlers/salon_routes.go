package handlers

import "frontdesk/internal/staff"

// salonRoutes are the diary for scripts: the rules behind the console's forms, in JSON.
func (s *Server) salonRoutes() []Route {
	read, act := can(staff.Diary, staff.ToRead), can(staff.Diary, staff.ToAct)
	return []Route{
		{get, "/salon/services", read, s.salonMenu, "What can be booked today, and who does it"},
		{get, "/salon/availability", read, s.salonAvailability, "Free times of a day for services or a pack"},
		{post, "/salon/appointments", act, s.salonBook, "Holds a time for a customer, or confirms it where nothing is to be paid ahead"},
		{get, "/salon/appointments/:id", read, s.salonVisit, "One visit as it stands"},
		{post, "/salon/appointments/:id/confirm", act, s.salonConfirm, "Confirms a hold without its deposit"},
		{post, "/salon/appointments/:id/move", act, s.salonMove, "Moves a visit to another time or stylist"},
		{post, "/salon/appointments/:id/cancel", act, s.salonCancel, "Cancels a visit; a paid deposit goes back or is kept"},
		{post, "/salon/appointments/:id/release", act, s.salonRelease, "Gives a hold's time back"},
		{post, "/salon/refunds", can(staff.Refunds, staff.ToRequest).fresh(), s.salonRefund, "Gives money of a visit or an order back, or asks a second person to agree"},
	}
}
