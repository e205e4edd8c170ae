package redisstore

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// ErrOpen refuses a call: the provider has just failed too often, or staff keep everybody away from it. Ask again
// after Breaker.Pause.
var ErrOpen = errors.New("breaker is open")

// BreakerTerms say when nobody asks a provider any more, in machine time.
type BreakerTerms struct {
	Failures uint32        // in a row, of all processes together
	Pause    time.Duration // until one call is let through to see
}

// Breaker keeps callers from a provider that does not answer (R-1403). Once it is shared, every process sees and makes the
// same state, and staff may trip it; while Redis is away each process judges by itself. A provider that is well costs no
// trip to Redis. Safe for concurrent use.
type Breaker struct {
	name  string
	terms BreakerTerms
	board *board // nil: of this process alone
	alone atomic.Pointer[gobreaker.TwoStepCircuitBreaker[any]]

	mu   sync.Mutex
	seen time.Time // when it was last told how the provider answers
}

// NewBreaker makes a breaker of this process alone.
func NewBreaker(name string, terms BreakerTerms) *Breaker {
	b := &Breaker{name: name, terms: terms}
	b.Forget()
	return b
}

// Name is the provider's.
func (b *Breaker) Name() string { return b.name }

// Pause is how long an open breaker refuses calls before it lets one through to see.
func (b *Breaker) Pause() time.Duration { return b.terms.Pause }

// Share lets all processes at this Redis agree. changed (nil: nobody) is called by the process whose call opened or closed it, after that
// call; call Share before the first call.
func (b *Breaker) Share(s *Store, changed func(context.Context, BreakerChange)) {
	if changed == nil {
		changed = func(context.Context, BreakerChange) {}
	}
	b.board = &board{redis: s, name: b.name, terms: b.terms, changed: changed}
}

// Forget begins anew in this process: it forgets what it counted by itself. What is shared stands in Redis.
func (b *Breaker) Forget() {
	b.alone.Store(gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
		Name: b.name, Timeout: b.terms.Pause,
		ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= b.terms.Failures },
		IsExcluded:  func(err error) bool { return errors.Is(err, errCaller) },
	}))
}

// Call makes a call through a breaker. failed gives the code under which an error counts against the provider; empty: it answered, if
// only to refuse. A caller who went away tells nothing. Errors: ErrOpen, and those of call.
func Call[T any](ctx context.Context, b *Breaker, failed func(error) string, call func() (T, error)) (T, error) {
	var none T
	done, err := b.allow(ctx)
	if err != nil {
		return none, err
	}
	began, verdict := time.Now(), panicked
	defer func() { done(verdict, time.Since(began)) }() // a call that panics has not answered
	got, err := call()
	switch {
	case err == nil:
		verdict = ""
	case errors.Is(err, context.Canceled) || ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		verdict = unheard
	default:
		verdict = failed(err)
	}
	return got, err
}

// Outages judges for Call where a client can tell what may pass: that counts under its code. A refusal is an answer.
func Outages(temporary func(error) bool, code func(error) string) func(error) string {
	return func(err error) string {
		if !temporary(err) {
			return ""
		}
		return cmp.Or(code(err), "no_answer")
	}
}

// Verdicts that no provider's error gives.
const (
	unheard  = "caller_went_away"
	panicked = "panicked"
)

// allow lets a call begin; done must be told its verdict: empty, a code or unheard.
func (b *Breaker) allow(ctx context.Context) (done func(verdict string, took time.Duration), err error) {
	if b.board != nil {
		pass, err := b.board.allow(ctx)
		switch {
		case err == nil:
			return func(verdict string, took time.Duration) { b.over(ctx, pass, verdict, took) }, nil
		case errors.Is(err, ErrOpen):
			return nil, err
		}
	}
	over, err := b.alone.Load().Allow()
	if err != nil {
		return nil, ErrOpen
	}
	return func(verdict string, _ time.Duration) {
		switch verdict {
		case "":
			over(nil)
		case unheard:
			over(errCaller)
		default:
			over(errors.New(verdict))
		}
	}, nil
}

// tellEvery is how often a process tells how a provider answers that is well.
const tellEvery = 5 * time.Second

// over tells the board what became of a call that it let through, even where the caller is gone.
func (b *Breaker) over(ctx context.Context, p pass, verdict string, took time.Duration) {
	ctx = context.WithoutCancel(ctx)
	if verdict == "" && b.due() {
		b.board.answered(ctx, took)
	}
	b.board.over(ctx, p, verdict)
}

// due tells whether it is time to tell again; it is then counted as told.
func (b *Breaker) due() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if now.Sub(b.seen) < tellEvery {
		return false
	}
	b.seen = now
	return true
}
