package booking

import (
	"testing"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/settings"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// A hold keeps to what the salon is when it has its locks, however long ago its turn began and whichever
// process changed it since.
func TestAHoldSeesWhatChangedSinceItsTurnBegan(t *testing.T) {
	t.Parallel()
	s := openSalon(t, "2026-10-06 10:00")
	db, err := database.Open(s.ctx, s.db.Pool.Config().ConnString(), database.Options{Now: s.clock.Now})
	s.must(err)
	t.Cleanup(db.Close)
	elsewhere := New(db, s.clock, queue.New(db), settings.New(db, s.clock), s.redis)
	hold := func(turn *salon, stylist, wall string) error {
		_, err := turn.Hold(turn.ctx, turn.request(turn.person(), stylist, wall, "CUT"))
		return err
	}
	turn := *s
	turn.ctx, err = s.db.Pin(s.ctx)
	s.must(err)
	s.must(hold(&turn, "dana", "2026-10-09 12:30"))

	was, err := elsewhere.Hours(s.ctx)
	s.must(err)
	var now []models.OpeningHours
	for _, h := range was {
		if h.Weekday == time.Friday {
			h.Closes = "17:00"
		}
		now = append(now, h)
	}
	s.must(elsewhere.Upkeep().SetHours(s.ctx, boss, was, now, false))
	wantFault(t, hold(&turn, "dana", "2026-10-09 17:30"), "booking.closed")
	s.must(hold(&turn, "dana", "2026-10-09 16:00"))

	bruno := s.stylist("bruno")
	breaks := []models.WeeklyBreak{{Weekday: time.Friday, Starts: "13:00", Ends: "14:00"}}
	s.must(elsewhere.Upkeep().SetBreaks(s.ctx, boss, bruno, 0, breaks))
	wantFault(t, hold(&turn, "bruno", "2026-10-09 13:00"), "booking.slot_taken")
	s.must(hold(&turn, "bruno", "2026-10-09 14:00"))

	_, err = elsewhere.Block(s.ctx, s.blocking("salma", "2026-10-09 11:00", "2026-10-09 12:00", models.BlockBusy))
	s.must(err)
	wantFault(t, hold(&turn, "salma", "2026-10-09 11:30"), "booking.slot_taken")

	omar := s.stylist("omar")
	_, err = elsewhere.Upkeep().RetireStylist(s.ctx, boss, omar)
	s.must(err)
	wantFault(t, hold(&turn, "omar", "2026-10-09 11:30"), "booking.slot_taken")
}
