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

// The races between customers, payments and expiries are in internal/races: the race lab runs them too.

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
