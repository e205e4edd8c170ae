package chat

import (
	"strings"
	"testing"

	"frontdesk/models"
)

// A question that is asked again names only what can still be had: what somebody else has taken meanwhile
// is left out, and when nothing of the offer is left, the diary is searched anew.
func TestAnOfferIsRepeatedAsItStands(t *testing.T) {
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Noor", "Haddad", models.English)
	s.writes("a haircut on Thursday please, with whoever is free first")
	offer := loadState(s.conversation().State).Offer
	if len(offer) < 2 {
		t.Fatalf("offered %+v: %q", offer, s.lastWords())
	}
	taken := offer[0]
	clock := taken.Start.In(s.zone).Format("15:04") + " · "
	if !strings.Contains(s.lastWords(), clock) {
		t.Fatalf("the offer does not name %q: %q", clock, s.lastWords())
	}
	s.must(s.DB.On(s.ctx).Exec(`INSERT INTO time_blocks (id, stylist_id, starts_at, ends_at, kind, reason, created_at)
		VALUES (gen_random_uuid(), ?, ?, ?, 'busy', '{}', now())`, taken.StylistID, taken.Start, taken.End).Error)
	s.writes("qwerty")
	for _, o := range loadState(s.conversation().State).Offer {
		if o.same(taken) {
			t.Errorf("a time that was taken is offered again: %q", s.lastWords())
		}
	}
	s.hand.Set(s.at("2026-10-09 09:00")) // all of it is over
	s.writes("qwerty")
	state := loadState(s.conversation().State)
	for _, o := range state.Offer {
		if !o.Start.After(s.Clock.Now()) {
			t.Errorf("a time that is over is offered again: %q", s.lastWords())
		}
	}
}
