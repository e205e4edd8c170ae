package chat

import (
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// company adds to a meaning what is said of other people.
func (w *walk) company(m *understand.Meaning) {
	switch w.rng.IntN(16) {
	case 0:
		m.Intents = append(m.Intents, understand.Group)
		m.Others = []understand.Kin{understand.Daughter}
		m.Heads = w.rng.IntN(7)
	case 1:
		m.Intents = append(m.Intents, understand.ThirdParty)
		m.Others = []understand.Kin{[]understand.Kin{understand.Mother, understand.Someone}[w.rng.IntN(2)]}
	case 2:
		m.Both = true
	}
	for i, code := range m.Services {
		m.Shares = append(m.Shares, understand.Share{Service: code, Who: []understand.Who{understand.Self, understand.Other, understand.Everyone}[(i+w.rng.IntN(3))%3]})
	}
	if w.state.Stage == StageGuest && m.Name == nil && w.rng.IntN(2) == 0 {
		m.Name = &understand.PersonName{Given: "Samira", Family: []string{"", "Nasser"}[w.rng.IntN(2)]}
	}
}

// joint plays the diary for a group.
func (w *walk) joint(q booking.TogetherQuery) booking.Together {
	option := func(hour int) booking.Joint {
		var j booking.Joint
		for i, seat := range q.Seats {
			at := q.From.Add(time.Duration(hour) * time.Hour)
			j = append(j, booking.Slot{StylistID: w.f.Menu.Stylists[i].ID, Span: models.Span{Start: at, End: at.Add(time.Duration(seat.Minutes) * time.Minute)}})
		}
		return j
	}
	switch w.rng.IntN(4) {
	case 0:
		return booking.Together{}
	case 1:
		return booking.Together{Next: []booking.Joint{option(34), option(59)}}
	case 2:
		return booking.Together{Options: []booking.Joint{option(16)}, Staggered: w.rng.IntN(2) == 0}
	default:
		return booking.Together{Options: []booking.Joint{option(11), option(16)}}
	}
}

// holdJoint plays the holds of a group.
func (w *walk) holdJoint(a HoldTogether) HeldTogether {
	if w.rng.IntN(4) == 0 {
		return HeldTogether{Fault: "booking.slot_taken"}
	}
	until, group := w.f.Now.Add(30*time.Minute), models.NewID()
	var visits []models.Appointment
	for i, seat := range a.Seats {
		v := models.Appointment{
			ID: models.NewID(), GroupID: &group, StylistID: seat.Slot.StylistID, StartsAt: seat.Slot.Start, EndsAt: seat.Slot.End,
			Status: models.Provisional, TotalMinor: 8000, DepositMinor: 1600, Currency: "EUR", DepositState: models.DepositPending,
			HoldExpiresAt: &until, Terms: models.Terms{DepositPercent: 20, HoldMinutes: 30, CancelRefundHours: 24, CancelStaffOnlyHours: 6},
		}
		if i > 0 {
			v.ForName = "Noor (guest)"
		}
		for _, id := range seat.Services {
			v.Lines = append(v.Lines, models.AppointmentLine{ServiceID: id})
		}
		visits = append(visits, v)
	}
	w.f.Party, w.f.Hold = visits, &visits[0]
	w.f.Link = &models.Payment{URL: "https://pay.test/c/9f8e7d", State: models.PaymentOpen, AmountMinor: 1600 * int64(len(visits)), Currency: "EUR"}
	return HeldTogether{Visits: visits}
}
