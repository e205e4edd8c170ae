package booking

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// rounds is how often every race is run.
const rounds = 10

// long tells whether to run the races at their full width (make test-long).
func long() bool { return os.Getenv("LONG") != "" }

// attempt is one racer's try.
type attempt struct {
	round   int
	took    time.Duration
	outcome string // "ok", a fault's key, "deadlock" or "error"
}

// raceLog collects attempts and, when the test ends, writes them with a verdict into a file of the
// folder ARTEFACTS, or into the test's own log.
type raceLog struct {
	t        *testing.T
	mu       sync.Mutex
	attempts []attempt
}

func newRaceLog(t *testing.T) *raceLog {
	l := &raceLog{t: t}
	t.Cleanup(l.write)
	return l
}

func (l *raceLog) add(round int, took time.Duration, err error) {
	outcome := "ok"
	var f *fault.Fault
	switch {
	case database.Deadlocked(err): // hidden behind slot_taken, and still a failure of the design
		outcome = "deadlock"
	case errors.As(err, &f):
		outcome = f.Key
	case err != nil:
		outcome = "error"
		l.t.Error(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.attempts = append(l.attempts, attempt{round, took, outcome})
}

// count tells how many attempts of a round ended in an outcome; round -1 counts all.
func (l *raceLog) count(round int, outcome string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, a := range l.attempts {
		if (round < 0 || a.round == round) && a.outcome == outcome {
			n++
		}
	}
	return n
}

func (l *raceLog) quantile(q float64) time.Duration {
	var took []time.Duration
	for _, a := range l.attempts {
		took = append(took, a.took)
	}
	slices.Sort(took)
	if len(took) == 0 {
		return 0
	}
	return took[int(q*float64(len(took)-1))]
}

func (l *raceLog) write() {
	verdict := "PASS"
	if n := l.count(-1, "deadlock"); n > 0 {
		l.t.Errorf("got %d deadlocks, want 0", n)
	}
	if l.t.Failed() {
		verdict = "FAIL"
	}
	summary := fmt.Sprintf("# %s %s: %d rounds, %d attempts, p50 %s, p95 %s, max %s, deadlocks %d, errors %d\n", verdict, l.t.Name(), rounds,
		len(l.attempts), l.quantile(0.5), l.quantile(0.95), l.quantile(1), l.count(-1, "deadlock"), l.count(-1, "error"))
	dir := os.Getenv("ARTEFACTS")
	if dir == "" {
		l.t.Log(summary)
		return
	}
	var out strings.Builder
	out.WriteString(summary + "round\tms\toutcome\n")
	for _, a := range l.attempts {
		fmt.Fprintf(&out, "%d\t%.1f\t%s\n", a.round, float64(a.took.Microseconds())/1000, a.outcome)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		l.t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "race-"+l.t.Name()+".tsv"), []byte(out.String()), 0o644); err != nil {
		l.t.Error(err)
	}
}

// race lets all racers go at one moment and waits for the last.
func (l *raceLog) race(round int, racers ...func() error) {
	start := make(chan struct{})
	var all sync.WaitGroup
	for _, run := range racers {
		all.Go(func() {
			<-start
			began := time.Now()
			err := run()
			l.add(round, time.Since(began), err)
		})
	}
	close(start)
	all.Wait()
}

// want checks how the attempts of a round ended.
func (l *raceLog) want(round, ok, taken int) {
	l.t.Helper()
	if gotOK, gotTaken := l.count(round, "ok"), l.count(round, "booking.slot_taken"); gotOK != ok || gotTaken != taken {
		l.t.Errorf("round %d: got %d successes and %d refusals, want %d and %d", round, gotOK, gotTaken, ok, taken)
	}
}

func (s *salon) holding(r HoldRequest) func() error {
	return func() error {
		_, err := s.Hold(context.Background(), r)
		return err
	}
}

// nth is the n-th start of a wide-open month: days of the week of 19 October on, eighteen a day.
func (s *salon) nth(n int) string {
	day := 19 + n/18%5
	return fmt.Sprintf("2026-10-%d %s", day, wall(10*60+n%18*30))
}

func (s *salon) overlaps() int {
	s.t.Helper()
	var n int
	s.must(s.db.On(s.ctx).Raw(`SELECT count(*) FROM appointments a JOIN appointments b ON a.stylist_id = b.stylist_id AND a.id < b.id
		AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
		WHERE a.status IN ('provisional', 'confirmed', 'reschedule_pending') AND b.status IN ('provisional', 'confirmed', 'reschedule_pending')`).Scan(&n).Error)
	return n
}

// two customers take one slot less than 100 ms apart; one has it, the other is offered others.
func TestRaceTwoCustomersOneSlot(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		start := s.nth(round * 2)
		first, second := s.request(s.person(), "dana", start, "CUT"), s.request(s.person(), "dana", start, "CUT")
		apart := time.After(time.Duration(round*10) * time.Millisecond)
		log.race(round, s.holding(first), func() error {
			<-apart
			return s.holding(second)()
		})
		log.want(round, 1, 1)
		dana := s.stylist("dana")
		a := s.find(SlotQuery{Minutes: 40, Category: models.Hair, StylistID: &dana, From: s.day(start[:10]), To: s.day(start[:10]).AddDate(0, 0, 1)})
		if len(a.Slots) == 0 || slices.ContainsFunc(a.Slots, func(slot Slot) bool { return slot.Span.Start.Equal(s.at(start)) }) {
			t.Errorf("round %d: got %v, want fresh options without %s", round, s.shown(a.Slots), start)
		}
	}
	if n := s.overlaps(); n != 0 {
		t.Errorf("got %d double bookings, want 0", n)
	}
}

// a slot that is held cannot be chosen, by as many as try, nor is it offered.
func TestRaceAgainstAHold(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		start := s.nth(round * 2)
		s.held(s.person(), "omar", start, "CUT")
		overlapping := s.at(start).Add(30 * time.Minute).Format("2006-01-02 15:04")
		log.race(round,
			s.holding(s.request(s.person(), "omar", start, "CUT")),
			s.holding(s.request(s.person(), "omar", overlapping, "CUT")))
		log.want(round, 0, 2)
	}
	if n := s.overlaps(); n != 0 {
		t.Errorf("got %d double bookings, want 0", n)
	}
}

// bookings on different slots never stand in each other's way.
func TestRaceFiftyDifferentSlots(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	hair := []string{"salma", "dana", "omar", "bruno"}
	for round := range rounds {
		var racers []func() error
		var held []models.ID
		for n := range 50 {
			slot := n/len(hair)*2 + round%2 // 40 minutes take two starts of the grid
			r := s.request(s.person(), hair[n%len(hair)], s.nth(slot), "CUT")
			racers = append(racers, s.holding(r))
			held = append(held, *r.ConversationID)
		}
		log.race(round, racers...)
		log.want(round, 50, 0)
		for _, conversation := range held {
			hold, err := s.LiveHold(s.ctx, conversation)
			s.must(err)
			s.must(s.Release(s.ctx, hold.ID, "system", "test.over"))
		}
	}
	if p95 := log.quantile(0.95); p95 > 10*time.Second {
		t.Errorf("got p95 %s, want less than 10s", p95)
	}
}

// The exclusion constraint alone deadlocks under such a crowd; with the stylist's lock nobody does.
func TestRaceACrowdOnOneSlot(t *testing.T) {
	crowd := 30
	if long() {
		crowd = 200
	}
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		var racers []func() error
		for range crowd {
			racers = append(racers, s.holding(s.request(s.person(), "bruno", s.nth(round*2), "CUT")))
		}
		log.race(round, racers...)
		log.want(round, 1, crowd-1)
	}
	if n := s.overlaps(); n != 0 {
		t.Errorf("got %d double bookings, want 0", n)
	}
}

// B:L44: the payment arrives in the moment the hold expires: the visit stands, told once.
func TestRacePaymentAgainstExpiry(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		s.moveTo("2026-10-06 10:00")
		hold := s.held(s.person(), "salma", s.nth(round*2), "CUT")
		s.hand.Set(*hold.HoldExpiresAt)
		expire := func() error {
			_, err := s.ExpireHolds(context.Background())
			return err
		}
		log.race(round, expire, func() error {
			_, err := s.Confirm(context.Background(), hold.ID, "stripe", "deposit.paid")
			return err
		}, expire)
		log.want(round, 3, 0)
		told := slices.DeleteFunc(s.told(hold.ID), func(e string) bool { return e == "hold.expired" })
		if s.status(hold.ID) != models.Confirmed || !slices.Equal(told, []string{"booking.confirmed"}) || len(s.notices(hold.ID)) != 1 {
			t.Errorf("round %d: got %s told %v notices %v", round, s.status(hold.ID), told, s.notices(hold.ID))
		}
	}
}

// The same with somebody else after the slot: one of them has it, and a payment that lost says so.
func TestRacePaymentAgainstExpiryAndANewCustomer(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		s.moveTo("2026-10-06 10:00")
		start := s.nth(round * 2)
		hold := s.held(s.person(), "salma", start, "CUT")
		s.hand.Set(*hold.HoldExpiresAt)
		log.race(round, func() error {
			_, err := s.Confirm(context.Background(), hold.ID, "stripe", "deposit.paid")
			return err
		}, s.holding(s.request(s.person(), "salma", start, "CUT")))
		log.want(round, 1, 1)
	}
	if n := s.overlaps(); n != 0 {
		t.Errorf("got %d double bookings, want 0", n)
	}
}

// Twin payment events: one confirms, the other finds nothing to confirm.
func TestRaceTwinConfirmations(t *testing.T) {
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	for round := range rounds {
		p := s.person()
		hold := s.held(p, "dana", s.nth(round*2), "CUT")
		confirm := func() error {
			_, err := s.Confirm(context.Background(), hold.ID, "stripe", "deposit.paid")
			return err
		}
		log.race(round, confirm, confirm)
		var c models.Customer
		s.must(s.db.On(s.ctx).Take(&c, "id = ?", p.customer).Error)
		if log.count(round, "ok") != 1 || log.count(round, "booking.not_confirmable") != 1 || c.TotalSpentMinor != 2620 || len(s.told(hold.ID)) != 1 {
			t.Errorf("round %d: got %d confirmations, %d spent, told %v", round, log.count(round, "ok"), c.TotalSpentMinor, s.told(hold.ID))
		}
	}
}

// Customers who swap stylists need two stylists' locks at once, in opposite directions; changes of
// mind, payments, sweeps and releases run through each other. Nobody deadlocks, nothing overlaps.
func TestRaceEverybodyChangesTheirMind(t *testing.T) {
	pairs := 4
	if long() {
		pairs = 20
	}
	s, log := openSalon(t, "2026-10-06 10:00"), newRaceLog(t)
	ctx := context.Background()
	for round := range rounds {
		s.moveTo("2026-10-06 10:00")
		var racers []func() error
		for n := range pairs {
			at, other := s.nth(n*4), s.nth(n*4+2)
			a, b := s.person(), s.person()
			first := s.held(a, "salma", at, "CUT")
			second := s.held(b, "dana", at, "CUT")
			racers = append(racers,
				s.holding(s.request(a, "dana", other, "CUT")),
				s.holding(s.request(b, "salma", other, "CUT")),
				s.holding(s.request(b, "salma", other, "CUT")),
				func() error { return s.Release(ctx, first.ID, "customer", "test") },
				func() error {
					_, err := s.Confirm(ctx, second.ID, "stripe", "deposit.paid")
					return err
				})
		}
		s.moveTo("2026-10-06 10:30")
		for range 3 {
			racers = append(racers, func() error { _, err := s.ExpireHolds(ctx); return err })
		}
		log.race(round, racers...)
		if n := s.overlaps(); n != 0 {
			t.Errorf("round %d: got %d double bookings, want 0", round, n)
		}
		s.must(s.db.On(ctx).Exec("UPDATE appointments SET status = 'cancelled' WHERE status IN ('provisional', 'confirmed')").Error)
	}
}

// Whoever books for a customer in the moment a stylist is retired is refused like the customer would be:
// who is retired has no visit ahead.
func TestNobodyIsBookedWithWhoIsBeingRetired(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	dana := s.stylist("dana")
	r := s.request(s.person(), "dana", "2026-10-08 17:00", "CUT_MEN")
	r.Actor, r.Staff = salma, &StaffHold{}
	booked := make(chan error, 1)
	s.must(s.db.InTx(s.ctx, func(ctx context.Context) error {
		if _, err := s.Upkeep().RetireStylist(ctx, salma, dana); err != nil {
			return err
		}
		go func() {
			_, err := s.Hold(s.ctx, r)
			booked <- err
		}()
		testkit.Eventually(t, time.Minute, "the booking waits for the stylist", func() bool {
			var waiting bool
			err := s.db.On(s.ctx).Raw(`SELECT EXISTS (SELECT FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM stylists%')`).Scan(&waiting).Error
			s.must(err)
			return waiting
		})
		return nil
	}))
	wantFault(t, <-booked, "booking.slot_taken")
	if ahead, err := s.Upkeep().Ahead(s.ctx, dana); err != nil || len(ahead) != 0 {
		t.Errorf("%d visits ahead with somebody who is gone, %v", len(ahead), err)
	}
}
