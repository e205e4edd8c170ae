package chat

import (
	"slices"
	"strings"
	"testing"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// Who cancels both visits at once is asked about each, and need not say it twice.
func TestCancellingBoth(t *testing.T) {
	both := understand.Meaning{Intents: understand.Intents{understand.Cancel}, Both: true}
	begun := func(t *testing.T) *changeTest {
		c := talkOfVisits(t)
		c.hears(both)
		c.wantAsked(StageCancel, c.thursday())
		return c
	}
	t.Run("yes and yes", func(t *testing.T) {
		c := begun(t)
		friday := *c.friday()
		c.says(understand.Yes)
		if len(c.f.Visits) != 1 || c.s.Stage != StageCancel || *c.s.Change.Visit != friday.ID {
			t.Fatalf("after the first yes %d visits stand, stage %q, change %+v", len(c.f.Visits), c.s.Stage, c.s.Change)
		}
		c.says(understand.Yes)
		if len(c.f.Visits) != 0 || c.s.Stage != StageOpen || c.s.Change != nil {
			t.Errorf("after both %d visits stand, stage %q, change %+v", len(c.f.Visits), c.s.Stage, c.s.Change)
		}
	})
	t.Run("no to the first", func(t *testing.T) {
		c := begun(t)
		c.says(understand.No)
		c.wantAsked(StageCancel, c.friday())
	})
	t.Run("keep both", func(t *testing.T) {
		c := begun(t)
		c.hears(understand.Meaning{Keep: true, Both: true})
		if len(c.f.Visits) != 2 || c.s.Stage != StageOpen {
			t.Errorf("%d visits stand, stage %q", len(c.f.Visits), c.s.Stage)
		}
	})
	t.Run("asked which", func(t *testing.T) {
		c := talkOfVisits(t)
		c.says(understand.Cancel)
		if c.s.Stage != StageVisit {
			t.Fatalf("stage %q", c.s.Stage)
		}
		c.hears(understand.Meaning{Both: true, AnyStylist: true})
		c.wantAsked(StageCancel, c.thursday())
		c.says(understand.Yes)
		if len(c.f.Visits) != 1 || c.s.Stage != StageCancel {
			t.Errorf("after the first yes %d visits stand, stage %q", len(c.f.Visits), c.s.Stage)
		}
	})
	t.Run("one of them is gone meanwhile", func(t *testing.T) {
		c := begun(t)
		c.f.Visits = c.f.Visits[:1]
		c.says(understand.Yes)
		if len(c.f.Visits) != 0 || c.s.Stage != StageOpen {
			t.Errorf("%d visits stand, stage %q", len(c.f.Visits), c.s.Stage)
		}
	})
	t.Run("yes, and the other one too", func(t *testing.T) {
		c := begun(t)
		thursday, friday := *c.thursday(), *c.friday()
		day := understand.DayOf(friday.StartsAt)
		c.hears(understand.Meaning{Intents: understand.Intents{understand.Yes}, Day: &day})
		c.wantAsked(StageCancel, &friday)
		c.says(understand.Yes)
		c.wantDone("CancelVisit")
		if c.s.Stage != StageCancel || c.s.Change == nil || *c.s.Change.Visit != thursday.ID {
			t.Fatalf("after Friday's: stage %q, change %+v; want Thursday's asked about", c.s.Stage, c.s.Change)
		}
		if c.says(understand.Yes); len(c.f.Visits) != 0 || c.s.Change != nil {
			t.Errorf("%d visits stand, change %+v", len(c.f.Visits), c.s.Change)
		}
	})
	t.Run("no, the other one only", func(t *testing.T) {
		c := begun(t)
		friday := *c.friday()
		day := understand.DayOf(friday.StartsAt)
		c.hears(understand.Meaning{Intents: understand.Intents{understand.No, understand.Cancel}, Day: &day})
		c.wantAsked(StageCancel, &friday)
		if c.says(understand.Yes); len(c.f.Visits) != 1 || c.s.Change != nil {
			t.Errorf("%d visits stand, change %+v; want Thursday's kept", len(c.f.Visits), c.s.Change)
		}
	})
	t.Run("no, cancel both", func(t *testing.T) {
		c := begun(t)
		c.hears(understand.Meaning{Intents: understand.Intents{understand.No, understand.Cancel}, Both: true})
		if len(c.f.Visits) != 1 || c.s.Stage != StageCancel {
			t.Errorf("%d visits stand, stage %q; want the second asked about", len(c.f.Visits), c.s.Stage)
		}
	})
	t.Run("both, when asked about one", func(t *testing.T) {
		c := talkOfVisits(t)
		day := understand.DayOf(c.thursday().StartsAt)
		c.hears(understand.Meaning{Intents: understand.Intents{understand.Cancel}, Day: &day})
		c.wantAsked(StageCancel, c.thursday())
		c.hears(both)
		if len(c.f.Visits) != 1 || c.s.Stage != StageCancel {
			t.Errorf("%d visits stand, stage %q; want the second asked about", len(c.f.Visits), c.s.Stage)
		}
	})
	t.Run("a visit and what is held", func(t *testing.T) {
		c := talkOfVisits(t)
		c.holding()
		c.f.Visits = c.f.Visits[:1]
		c.hears(both)
		c.wantDone("ReleaseHold")
		if c.s.Stage != StageCancel || *c.s.Change.Visit != c.thursday().ID || c.s.Booking != nil {
			t.Errorf("stage %q, change %+v; want the visit asked about", c.s.Stage, c.s.Change)
		}
	})
}

// A case about one of several visits names those that were to be cancelled after it: nobody else will hear of them.
func TestACaseNamesAllThatWereToBeCancelled(t *testing.T) {
	house := openHouse(t, "2026-10-06 10:00")
	_, salon, err := house.salon(house.ctx)
	if err != nil {
		t.Fatal(err)
	}
	texts := speaker{texts: salon.texts, lang: models.English}
	for _, c := range []struct {
		name string
		hand func(*changeTest)
	}{
		{"below the notice", func(c *changeTest) {
			c.terms.StaffOnly = true
			c.hears(understand.Meaning{Intents: understand.Intents{understand.Cancel}, Both: true})
		}},
		{"moved before", func(c *changeTest) {
			c.hears(understand.Meaning{Intents: understand.Intents{understand.Cancel}, Both: true})
			c.terms.Late = true
			c.thursday().LateMoves = c.f.Policies.CancelLateMoves
			c.says(understand.Move)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := talkOfVisits(t)
			c.hand(talk)
			i := slices.IndexFunc(talk.did, func(a Action) bool { _, handed := a.(HandOff); return handed })
			if i < 0 {
				t.Fatalf("did %q, want a hand-off", keys(talk.did))
			}
			h := talk.did[i].(HandOff)
			line, err := texts.line(h.Summary[1])
			if err != nil || !strings.Contains(line, "Thu 8 Oct") || !strings.Contains(line, "Fri 9 Oct") || len(h.Summary) > 5 {
				t.Errorf("%d lines, the second %q, %v; want both visits in it", len(h.Summary), line, err)
			}
		})
	}
}
