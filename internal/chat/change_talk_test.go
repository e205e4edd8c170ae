package chat

import (
	"slices"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// changeTest is one customer's talk about visits that stand, on Tuesday 6 October 2026 at 10:00: one on Thursday
// the 8th at 17:00 with Salma, one on Friday the 9th at 12:00 with Dana, both of them a haircut.
type changeTest struct {
	t     *testing.T
	f     Facts
	s     State
	terms checkout.CancelTerms
	did   []Action // of the last message
}

func talkOfVisits(t *testing.T) *changeTest {
	t.Helper()
	f := maya(world(t))
	cut, _ := f.Menu.Service("CUT")
	visit := func(date, hour, stylist int) models.Appointment {
		start := time.Date(2026, 10, date, hour, 0, 0, 0, f.Now.Location())
		return models.Appointment{
			ID: models.NewID(), CustomerID: f.Customer.ID, BookedByID: f.Customer.ID, StylistID: f.Menu.Stylists[stylist].ID,
			StartsAt: start, EndsAt: start.Add(40 * time.Minute), Status: models.Confirmed, Version: 1, TotalMinor: 2620, Currency: "EUR",
			Lines: []models.AppointmentLine{{ServiceID: cut.ID}},
		}
	}
	f.Visits = []models.Appointment{visit(8, 17, 0), visit(9, 12, 1)}
	return &changeTest{t: t, f: f, s: State{V: stateVersion, Greeted: true}}
}

func (c *changeTest) thursday() *models.Appointment { return &c.f.Visits[0] }
func (c *changeTest) friday() *models.Appointment   { return &c.f.Visits[1] }

// holding adds a hold that waits for its deposit, and the talk about paying it.
func (c *changeTest) holding() {
	held := *c.friday()
	until := c.f.Now.Add(30 * time.Minute)
	held.ID, held.Status, held.HoldExpiresAt = models.NewID(), models.Provisional, &until
	held.StartsAt, held.EndsAt = held.StartsAt.AddDate(0, 0, 3), held.EndsAt.AddDate(0, 0, 3)
	slot := slotOfVisit(held)
	c.f.Hold = &held
	c.s.Stage, c.s.Booking, c.s.Held = StagePaying, &held.ID, &slot
	c.s.Request = Request{Services: []string{"CUT"}, NoPack: true, Quoted: "CUT "}
}

// hears runs a message through Step, and plays the world.
func (c *changeTest) hears(m understand.Meaning) {
	c.t.Helper()
	c.run(Event{Heard: &Heard{models.Content{Kind: models.KindText, Text: "words"}, m}})
}

func (c *changeTest) says(intents ...understand.Intent) {
	c.t.Helper()
	c.hears(understand.Meaning{Intents: intents})
}

func (c *changeTest) taps(option string) {
	c.t.Helper()
	c.hears(understand.Meaning{OptionID: option})
}

func (c *changeTest) run(e Event) {
	c.t.Helper()
	c.did = nil
	for pending := []Event{e}; len(pending) > 0; pending = pending[1:] {
		e := pending[0]
		e.Facts, e.Language = c.f, "en"
		var actions []Action
		c.s, actions = Step(c.s, e)
		for _, a := range actions {
			c.did = append(c.did, a)
			if next := c.world(a); next != nil {
				pending = append(pending, *next)
			}
		}
	}
}

func (c *changeTest) world(a Action) *Event {
	switch a := a.(type) {
	case Say:
		for _, choice := range a.Options {
			c.s.Options = append(c.s.Options, models.Option{ID: choice.ID})
		}
	case FindTerms:
		return &Event{Terms: &c.terms}
	case CancelVisit:
		changed := Changed{Goal: GoalCancel, Was: a.Visit, Now: a.Visit}
		i := slices.IndexFunc(c.f.Visits, func(v models.Appointment) bool { return v.ID == a.Visit.ID })
		if c.f.Visits[i].Version != a.Visit.Version {
			changed.Fault = "booking.changed"
		} else {
			c.f.Visits = slices.Delete(slices.Clone(c.f.Visits), i, i+1)
		}
		return &Event{Changed: &changed}
	case FindSlots:
		at := a.Query.From.Add(16 * time.Hour)
		return &Event{Found: &Found{a.Why, a.Query, booking.Availability{Windows: 1, Slots: []booking.Slot{{
			StylistID: c.f.Menu.Stylists[0].ID, Span: models.Span{Start: at, End: at.Add(40 * time.Minute)},
		}}}}}
	case NoteDelay:
		v := c.f.Near[0]
		v.Delay = models.Delay{SaidAt: &c.f.Now, ArrivesAt: a.Arrives}
		return &Event{Delayed: &Delayed{Visit: v}}
	case ReleaseHold:
		c.f.Hold = nil
	}
	return nil
}

// wantAsked fails unless it was asked in the stage what becomes of the visit, and nothing was done yet.
func (c *changeTest) wantAsked(stage Stage, v *models.Appointment) {
	c.t.Helper()
	if c.s.Stage != stage || c.s.Change == nil || c.s.Change.Visit == nil || *c.s.Change.Visit != v.ID {
		c.t.Errorf("stage %q, change %+v; want %q about the visit of %s", c.s.Stage, c.s.Change, stage, v.StartsAt)
	}
	c.wantNot("CancelVisit", "ReleaseHold", "MoveVisit")
}

func (c *changeTest) wantDone(action string) {
	c.t.Helper()
	if !slices.Contains(keys(c.did), action) {
		c.t.Errorf("said and did %q, want %s", keys(c.did), action)
	}
}

func (c *changeTest) wantNot(actions ...string) {
	c.t.Helper()
	for _, action := range actions {
		if slices.Contains(keys(c.did), action) {
			c.t.Errorf("said and did %q, want no %s", keys(c.did), action)
		}
	}
}
