// Package races owns the races of the booking rules: customers, payments and expiries that meet in the same
// moment, what has to come of it, and how long each took. The tests run them, and so does the
// race lab of the Simulator room, on a salon of its own that is thrown away.
//
// It must never be run on a salon that somebody uses: it fills the diary and moves the clock.
package races

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
)

// Most is how often a race may be repeated.
const Most = 20

// Promised is within what a booking is done, in 95 of 100 cases, when many book different times.
const Promised = 10 * time.Second

// Outcomes of an attempt beside the key of the fault that refused it.
const (
	OK       = "ok"
	Deadlock = "deadlock"
	Timeout  = "timeout" // the database did not answer in time
	Failed   = "error"

	taken = "booking.slot_taken"
)

// Attempt is one racer's try.
type Attempt struct {
	Round   int
	Took    time.Duration // machine time
	Outcome string
}

// What is found wrong after a round. Each is a number that had to be another one.
const (
	FoundSuccesses = "successes" // attempts that succeeded
	FoundRefusals  = "refusals"  // attempts that were told that the time is gone
	FoundOverlaps  = "overlaps"  // visits that stand in each other's way
	FoundOffers    = "offers"    // the time that is gone, still offered
	FoundFresh     = "fresh"     // rounds without any other time to offer
	FoundStanding  = "standing"  // visits that stand at the time
	FoundMessages  = "messages"  // confirmations to the customer
	FoundNotices   = "notices"   // notices to the stylist
	FoundApplied   = "applied"   // events that confirmed the visit
	FoundMoney     = "money"     // minor units that are neither a visit's nor on their way back
	FoundSlow      = "slow"      // milliseconds of the slowest but five in a hundred
	FoundDeadlocks = "deadlocks"
	FoundTimeouts  = "timeouts"
	FoundErrors    = "errors" // attempts that ended in another way than the race has
)

// Finding is what was not as it had to be.
type Finding struct {
	Round     int // from 1; 0: of the race as a whole
	What      string
	Got, Want int
}

// Result is what came of a race.
type Result struct {
	Race     string
	Rounds   int
	Attempts []Attempt
	Findings []Finding
	Overlaps int   // double bookings, of all rounds together
	Err      error // the first that was no refusal, for a log
}

// Passed tells whether everything was as it had to be.
func (r Result) Passed() bool { return len(r.Findings) == 0 }

// Count is how many attempts ended in an outcome.
func (r Result) Count(outcome string) (n int) {
	for _, a := range r.Attempts {
		if a.Outcome == outcome {
			n++
		}
	}
	return n
}

// Quantile is how long the attempt took that so large a part was not slower than; 0 without attempts.
func (r Result) Quantile(q float64) time.Duration {
	if len(r.Attempts) == 0 {
		return 0
	}
	took := make([]time.Duration, len(r.Attempts))
	for i, a := range r.Attempts {
		took[i] = a.Took
	}
	slices.Sort(took)
	return took[int(q*float64(len(took)-1))]
}

// Width is how much happens in a race.
type Width struct {
	Rounds    int // of each race, 1 to Most
	Different int // customers who book different times
	Crowd     int // customers who want the same one
	Pairs     int // customers who swap stylists
}

// Usual is the width the requirements ask for.
func Usual() Width { return Width{Rounds: 10, Different: 50, Crowd: 30, Pairs: 4} }

// Run runs one race as often as the width says. told (nil: nobody) hears of every round that is over. What a
// race finds wrong is in its result; an error is that it could not be run.
func (s *Salon) Run(ctx context.Context, race string, w Width, told func(round int)) (Result, error) {
	run, known := suite()[race]
	if !known || w.Rounds < 1 || w.Rounds > Most {
		return Result{}, errors.New("there is no such race, or it is run too often")
	}
	t := &track{Salon: s, width: w, result: Result{Race: race, Rounds: w.Rounds}}
	for t.round = range w.Rounds {
		if err := ctx.Err(); err != nil {
			return t.result, err
		}
		s.moveTo(opening)
		if err := run(ctx, t); err != nil {
			return t.result, err
		}
		if err := t.look(ctx); err != nil {
			return t.result, err
		}
		if told != nil {
			told(t.round + 1)
		}
	}
	t.close()
	return t.result, s.clear(ctx)
}

// track is a race that is run.
type track struct {
	*Salon
	width  Width
	round  int // from 0
	mu     sync.Mutex
	result Result
}

// race lets all racers go at one moment and waits for the last.
func (t *track) race(ctx context.Context, racers ...func(context.Context) error) {
	t.raceApart(ctx, 0, racers...)
}

// raceApart is race, but that each goes so much later than the one before; waiting is no part of what they took.
func (t *track) raceApart(ctx context.Context, apart time.Duration, racers ...func(context.Context) error) {
	start := make(chan struct{})
	var all sync.WaitGroup
	for n, run := range racers {
		all.Go(func() {
			<-start
			gun := time.NewTimer(time.Duration(n) * apart)
			select {
			case <-gun.C:
			case <-ctx.Done(): // and the racer says so
				gun.Stop()
			}
			began := t.clock.Machine()
			err := Safely(func() error { return run(ctx) })
			t.add(t.clock.Machine().Sub(began), err)
		})
	}
	close(start)
	all.Wait()
}

// Safely does something, and gives a panic back as an error with its stack: what a rule throws must not end the program that
// people use. A value that was thrown is told by its type, as its text may hold anything.
func Safely(do func() error) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("panic: %w\n%s", v, debug.Stack())
		default:
			err = fmt.Errorf("panic: %T\n%s", v, debug.Stack())
		}
	}()
	return do()
}

func (t *track) add(took time.Duration, err error) {
	outcome := OK
	var f *fault.Fault
	switch {
	case database.Deadlocked(err): // hidden behind slot_taken, and still a failure of the design
		outcome = Deadlock
	case errors.As(err, &f) && f.Kind != fault.KindUnavailable:
		outcome = f.Key
	case f != nil, database.Away(err), errors.Is(err, context.DeadlineExceeded):
		outcome = Timeout
	case err != nil:
		outcome = Failed
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.result.Err == nil && (outcome == Deadlock || outcome == Timeout || outcome == Failed) {
		t.result.Err = err
	}
	t.result.Attempts = append(t.result.Attempts, Attempt{t.round + 1, took, outcome})
}

// ended counts how many attempts of this round ended in an outcome.
func (t *track) ended(outcome string) (n int) {
	for _, a := range t.result.Attempts {
		if a.Round == t.round+1 && a.Outcome == outcome {
			n++
		}
	}
	return n
}

// want notes what is not as it has to be.
func (t *track) want(what string, got, want int) {
	if got != want {
		t.result.Findings = append(t.result.Findings, Finding{t.round + 1, what, got, want})
	}
}

// wantEnds checks how the attempts of this round ended.
func (t *track) wantEnds(ok, refused int) {
	t.want(FoundSuccesses, t.ended(OK), ok)
	t.want(FoundRefusals, t.ended(taken), refused)
}

// wantOnly checks that every attempt of this round ended in one of these ways, or in one that is counted for the race as a whole.
func (t *track) wantOnly(outcomes ...string) {
	others := 0
	for _, a := range t.result.Attempts {
		if a.Round == t.round+1 && !slices.Contains(append(outcomes, Deadlock, Timeout, Failed), a.Outcome) {
			others++
		}
	}
	t.want(FoundErrors, others, 0)
}

// look counts double bookings after a round.
func (t *track) look(ctx context.Context) error {
	n, err := t.overlaps(ctx)
	t.result.Overlaps += n
	t.want(FoundOverlaps, n, 0)
	return err
}

// close judges the race as a whole.
func (t *track) close() {
	for _, end := range [][2]string{{FoundDeadlocks, Deadlock}, {FoundTimeouts, Timeout}, {FoundErrors, Failed}} {
		if n := t.result.Count(end[1]); n > 0 {
			t.result.Findings = append(t.result.Findings, Finding{0, end[0], n, 0})
		}
	}
	if p95 := t.result.Quantile(0.95); t.result.Race == Different && p95 > Promised {
		t.result.Findings = append(t.result.Findings, Finding{0, FoundSlow, int(p95.Milliseconds()), int(Promised.Milliseconds())})
	}
	slices.SortStableFunc(t.result.Findings, func(a, b Finding) int { return a.Round - b.Round })
}
