package booking

import (
	"slices"
	"testing"
	"time"

	"frontdesk/models"
)

// Of times offered a while ago some cannot be had any more, and each for a reason of its own.
func TestGone(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	asks, other := s.person(), s.person()
	moving := s.held(asks, "salma", "2026-10-08 15:00", "CUT")
	_, err := s.Confirm(s.ctx, moving.ID, "customer", "test")
	s.must(err)
	s.held(s.person(), "salma", "2026-10-08 10:00", "CUT") // its time will be up
	s.hand.Advance(31 * time.Minute)
	s.held(other, "salma", "2026-10-08 12:00", "CUT")
	s.held(asks, "salma", "2026-10-08 17:00", "CUT")
	dana := s.stylist("dana")
	s.block(&dana, s.at("2026-10-08 18:00"), s.at("2026-10-08 19:00"), models.BlockBusy)

	offers := map[string]bool{
		"salma 2026-10-08 10:00": false, // a hold that has lapsed
		"salma 2026-10-08 11:40": true,  // would run into somebody's hold
		"salma 2026-10-08 12:00": true,
		"dana 2026-10-08 12:00":  false,
		"salma 2026-10-08 15:00": false, // their own visit, which moves
		"salma 2026-10-08 17:00": false, // their own hold, which a choice replaces
		"dana 2026-10-08 18:30":  true,  // closed time
		"salma 2026-10-06 10:31": true,  // too soon
	}
	var offered []Slot
	names := map[Slot]string{}
	for name := range offers {
		slot := Slot{StylistID: s.stylist(name[:len(name)-17]), Span: models.Span{Start: s.at(name[len(name)-16:])}}
		slot.Span.End = slot.Span.Start.Add(40 * time.Minute)
		offered, names[slot] = append(offered, slot), name
	}
	gone, err := s.Gone(s.ctx, asks.conversation, &moving.ID, offered)
	s.must(err)
	for _, slot := range offered {
		if name := names[slot]; slices.Contains(gone, slot) != offers[name] {
			t.Errorf("%s: gone %t, want %t", name, !offers[name], offers[name])
		}
	}
}
