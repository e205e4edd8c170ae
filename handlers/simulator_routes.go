package handlers

import (
	"slices"

	"frontdesk/internal/staff"
)

// simulatorRoutes are the Simulator room. In production there is none.
func (s *Server) simulatorRoutes() []Route {
	if s.set.Production {
		return nil
	}
	read, act := can(staff.Simulator, staff.ToRead), can(staff.Simulator, staff.ToAct)
	return slices.Concat([]Route{
		{get, "/console/simulator", read, s.simulator, "A customer's phone on the screen, the clock, faults, and what the product makes of it"},
		{get, "/console/simulator/pulse", read.unattended(), s.simulatorPulse, "A mark that changes when the room's page would"},
		{get, "/console/simulator/given", act, s.given, "Form: put the demo salon into the beginning of a scenario"},
		{post, "/console/simulator/given", act, s.given, "Put the demo salon into the beginning of a scenario; removes every simulated customer"},
		{get, "/console/simulator/phone", act, s.takePhone, "Form: take up the phone of a simulated customer"},
		{post, "/console/simulator/phone", act, s.takePhone, "Take up the phone of a simulated customer"},
		{post, "/console/simulator/say", act, s.simulatorSay, "Write, tap or send a picture as the customer"},
		{post, "/console/simulator/pay", act, s.simulatorPay, "Pay, decline or let expire what the phone was asked to pay"},
		{get, "/console/simulator/clock", act, s.moveClock, "Form: stop business time at a moment"},
		{post, "/console/simulator/clock", act, s.moveClock, "Move business time, or let it follow the machine again"},
		{get, "/console/simulator/fault", act, s.breakService, "Form: let a service misbehave"},
		{post, "/console/simulator/fault", act, s.breakService, "Let a service misbehave for a time"},
		{post, "/console/simulator/mend", act, s.mend, "Mend every service"},
	}, s.theatreRoutes(), s.raceRoutes())
}
