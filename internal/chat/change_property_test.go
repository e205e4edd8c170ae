package chat

import (
	"slices"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// booked gives the customer two visits that stand.
func (w *walk) booked() {
	cut, _ := w.f.Menu.Service("CUT")
	for i := range 2 {
		start := w.f.Now.AddDate(0, 0, 2+i).Add(2 * time.Hour)
		w.f.Visits = append(w.f.Visits, models.Appointment{
			ID: models.NewID(), CustomerID: w.f.Customer.ID, BookedByID: w.f.Customer.ID, StylistID: w.f.Menu.Stylists[i].ID,
			StartsAt: start, EndsAt: start.Add(40 * time.Minute), Status: models.Confirmed, TotalMinor: 2620, DepositMinor: 1600, Currency: "EUR",
			DepositState: models.DepositPaid, Terms: models.Terms{CancelRefundHours: 24, CancelStaffOnlyHours: 6},
			Lines: []models.AppointmentLine{{ServiceID: cut.ID}},
		})
	}
}

// ofVisits adds to a meaning what customers say of visits that stand.
func (w *walk) ofVisits(m *understand.Meaning) {
	if len(w.f.Visits) == 0 {
		return
	}
	if w.rng.IntN(3) == 0 {
		of := []understand.Intent{understand.Cancel, understand.Move, understand.MyBooking, understand.Yes, understand.Delay, understand.OrderStatus}
		m.Intents = understand.Intents{of[w.rng.IntN(len(of))]}
	}
	if w.rng.IntN(8) == 0 {
		day := w.dayOfVisit()
		m.Day, m.Toward = &day, w.rng.IntN(2) == 0
	}
	m.Keep = w.rng.IntN(20) == 0
	m.Both = m.Both || w.rng.IntN(8) == 0
}

func (w *walk) dayOfVisit() understand.Day {
	v := w.f.Visits[w.rng.IntN(len(w.f.Visits))]
	return understand.DayOf(v.StartsAt.In(w.f.Now.Location()))
}

// change plays what becomes of a visit that stands: terms of every kind, refusals, and changes that are made.
func (w *walk) change(a Action) *Event {
	switch a := a.(type) {
	case FindTerms:
		paid := models.Money{Minor: int64(w.rng.IntN(2)) * 1600, Currency: "EUR"}
		terms := checkout.CancelTerms{Paid: paid, Refund: paid, RefundHours: 24, Late: w.rng.IntN(3) == 0, StaffOnly: w.rng.IntN(12) == 0}
		if terms.Late {
			terms.Refund.Minor = 0
		}
		return &Event{Terms: &terms}
	case BeginMove:
		w.become(a.Visit, func(v *models.Appointment) { v.Status = models.ReschedulePending })
	case KeepVisit:
		w.become(a.Visit, func(v *models.Appointment) { v.Status = models.Confirmed })
	case MoveVisit:
		changed := Changed{Goal: GoalMove, Was: a.Visit, Fault: w.refusal("booking.slot_taken", "booking.too_soon", "booking.late_moves")}
		if changed.Fault == "" {
			changed.Now = w.become(a.Visit, func(v *models.Appointment) {
				v.StylistID, v.StartsAt, v.EndsAt = a.Slot.StylistID, a.Slot.Start, a.Slot.Start.Add(40*time.Minute)
			})
		}
		return &Event{Changed: &changed}
	case CancelVisit:
		changed := Changed{Goal: GoalCancel, Was: a.Visit, Now: a.Visit, Back: a.Back, Fault: w.refusal("booking.changed", "booking.staff_only")}
		if changed.Fault == "" {
			w.f.Visits = slices.DeleteFunc(slices.Clone(w.f.Visits), func(v models.Appointment) bool { return v.ID == a.Visit.ID })
		}
		return &Event{Changed: &changed}
	}
	return nil
}

// refusal is the key of a fault, or most often none.
func (w *walk) refusal(keys ...string) string {
	if w.rng.IntN(5) > 0 {
		return ""
	}
	return keys[w.rng.IntN(len(keys))]
}

// become changes a visit among the facts, and returns it as it is then.
func (w *walk) become(visit models.Appointment, how func(*models.Appointment)) models.Appointment {
	w.f.Visits = slices.Clone(w.f.Visits)
	for i := range w.f.Visits {
		if w.f.Visits[i].ID == visit.ID {
			how(&w.f.Visits[i])
			return w.f.Visits[i]
		}
	}
	return visit
}
