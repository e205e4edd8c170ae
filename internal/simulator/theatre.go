package simulator

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/races"
	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

// Bounds of the fault theatre, in machine time.
const (
	theatreLooks = 250 * time.Millisecond // between two looks at what waits; recovery is known to this
	theatreWaits = 10 * time.Minute       // after a fault's end for what waits; it is given up then
	theatreKeeps = 20                     // performances
	lookWithin   = 2 * time.Second
)

// How a performance stands.
const (
	stageBroken     = "broken"
	stageRecovering = "recovering" // the fault is over, something still waits
	stageRecovered  = "recovered"
	stageReplaced   = "replaced" // another fault of the service came before it recovered
	stageGivenUp    = "given_up" // it waited too long
)

// waits is what the product has not been able to do, in numbers.
type waits struct {
	Messages   int `json:"messages"`   // to customers, not at the provider yet
	Unanswered int `json:"unanswered"` // from customers, not answered yet
	Webhooks   int `json:"webhooks"`   // of providers, not acknowledged yet
	Links      int `json:"links"`      // payment links that customers wait for
	Jobs       int `json:"jobs"`       // that failed and will be tried again
}

// beyond tells whether more waits than before, of anything.
func (w waits) beyond(before waits) bool {
	return w.Messages > before.Messages || w.Unanswered > before.Unanswered || w.Webhooks > before.Webhooks || w.Links > before.Links || w.Jobs > before.Jobs
}

// most is the larger of each.
func (w waits) most(other waits) waits {
	return waits{
		max(w.Messages, other.Messages), max(w.Unanswered, other.Unanswered), max(w.Webhooks, other.Webhooks), max(w.Links, other.Links), max(w.Jobs, other.Jobs),
	}
}

// performance is a fault with what came of it. Times are machine time.
type performance struct {
	ID          string     `json:"id"`
	Service     string     `json:"service"`
	Mode        string     `json:"mode"`
	Stage       string     `json:"stage"`
	BeganAt     time.Time  `json:"began_at"`
	Until       *time.Time `json:"until,omitempty"` // absent: until it was mended
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	OpenedAt    *time.Time `json:"opened_at,omitempty"` // nobody asked the service any more
	ClosedAt    *time.Time `json:"closed_at,omitempty"` // it was asked again, and answered
	RecoveredAt *time.Time `json:"recovered_at,omitempty"`
	Before      waits      `json:"before"`
	Peak        waits      `json:"peak"`
}

func (p performance) over() bool { return p.Stage != stageBroken && p.Stage != stageRecovering }

// theatre watches what every fault does to the product, and how long it takes to recover, whoever is looking.
type theatre struct {
	cfg     Config
	clock   clock.Clock
	faults  *faults
	courier *courier
	ctx     context.Context // of the server
	running *sync.WaitGroup

	mu       sync.Mutex
	shows    []*performance // newest first
	watching bool
}

func newTheatre(cfg Config, f *faults, c *courier) *theatre {
	return &theatre{cfg: cfg, clock: cfg.Clock, faults: f, courier: c}
}

// serve lets faults be watched; watching ends with the context, and running waits for it.
func (t *theatre) serve(ctx context.Context, running *sync.WaitGroup) {
	t.ctx, t.running = ctx, running
}

// before is what waits while nothing is broken: amid a fault, or while one is recovered from, what waited before the oldest of them,
// as its own backlog is none of the usual.
func (t *theatre) before(ctx context.Context) waits {
	if was, known := t.beforeTheOldest(); known {
		return was
	}
	found, err := t.look(ctx)
	if err != nil {
		t.cfg.Log.WarnContext(ctx, "what waits cannot be counted", "err", err)
	}
	return found
}

func (t *theatre) beforeTheOldest() (w waits, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.shows { // the oldest is the last
		if !p.over() {
			w, known = p.Before, true
		}
	}
	return w, known
}

// begin notes a fault that has just begun, and has it watched.
func (t *theatre) begin(service, mode string, now time.Time, last time.Duration, before waits) {
	p := &performance{ID: models.NewID().String(), Service: service, Mode: mode, Stage: stageBroken, BeganAt: now, Before: before, Peak: before}
	if last > 0 {
		until := now.Add(last)
		p.Until = &until
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, old := range t.shows {
		if old.Service == service && !old.over() {
			old.Stage = stageReplaced
			if old.EndedAt == nil {
				old.EndedAt = &now
			}
		}
	}
	t.shows = slices.Insert(t.shows, 0, p)
	t.shows = t.shows[:min(len(t.shows), theatreKeeps)]
	if !t.watching && t.ctx != nil {
		t.watching = true
		t.running.Go(t.watchSafely)
	}
}

// watchSafely is watch, and ends what is played when that is beyond it: nothing of it ends the demo.
func (t *theatre) watchSafely() {
	err := races.Safely(func() error { t.watch(); return nil })
	if err == nil {
		return
	}
	t.cfg.Log.Error("what is played cannot be watched", "err", err)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watching = false
	for _, p := range t.shows {
		if !p.over() {
			p.Stage = stageGivenUp
		}
	}
}

// watch looks until every performance is over.
func (t *theatre) watch() {
	tick := time.NewTicker(theatreLooks)
	defer tick.Stop()
	for {
		select {
		case <-t.ctx.Done():
			return
		case <-tick.C:
		}
		on := t.faults.list()
		now, err := t.look(t.ctx)
		breakers := t.breakers()
		if t.judge(on, now, err == nil, breakers) {
			return
		}
	}
}

// look counts what waits. The stand-ins' own connections feel no outage.
func (t *theatre) look(ctx context.Context) (w waits, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	err = t.cfg.DB.On(ctx).Raw(`SELECT
		(SELECT count(*) FROM messages WHERE direction = 'out' AND status IN ('queued', 'sending')) AS messages,
		(SELECT count(*) FROM messages WHERE direction = 'in' AND status = 'received') AS unanswered,
		(SELECT count(*) FROM payments WHERE state = 'requested') AS links,
		(SELECT count(*) FROM river_job WHERE state = 'retryable') AS jobs`).Scan(&w).Error
	if err != nil {
		return w, fmt.Errorf("count what waits: %w", err)
	}
	w.Webhooks, _ = t.courier.load()
	return w, nil
}

// breakers are those of the services that are watched, as all processes see them.
func (t *theatre) breakers() map[string]redisstore.BreakerView {
	t.mu.Lock()
	var services []string
	for _, p := range t.shows {
		if !p.over() && !slices.Contains(servers, p.Service) {
			services = append(services, p.Service)
		}
	}
	t.mu.Unlock()
	out := map[string]redisstore.BreakerView{}
	for _, service := range services {
		b := redisstore.NewBreaker(service, redisstore.BreakerTerms{})
		b.Share(t.cfg.Redis, nil)
		if v, err := b.View(t.ctx); err == nil { // else nobody can tell: the next look may
			out[service] = v
		}
	}
	return out
}

// judge brings every performance up to date with a look; true: all are over, and nobody watches any more.
func (t *theatre) judge(on []standing, found waits, counted bool, breakers map[string]redisstore.BreakerView) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Machine()
	for _, p := range t.shows {
		if p.over() {
			continue
		}
		if counted {
			p.Peak = p.Peak.most(found)
		}
		b, known := breakers[p.Service]
		open := known && b.State == redisstore.BreakerOpen
		switch {
		case open && p.OpenedAt == nil:
			p.OpenedAt = &now
		case known && !open && p.OpenedAt != nil && p.ClosedAt == nil:
			p.ClosedAt = &now
		}
		still := slices.ContainsFunc(on, func(one standing) bool { return one.Service == p.Service })
		if p.Stage == stageBroken && !still {
			ended := now
			if p.Until != nil && p.Until.Before(now) {
				ended = *p.Until
			}
			p.Stage, p.EndedAt = stageRecovering, &ended
		}
		if p.Stage != stageRecovering {
			continue
		}
		asks := !open || now.After(b.Until) // whoever has something for it asks it now
		switch {
		case counted && asks && !found.beyond(p.Before):
			p.Stage, p.RecoveredAt = stageRecovered, &now
		case now.Sub(*p.EndedAt) > theatreWaits:
			p.Stage = stageGivenUp
		}
	}
	t.watching = slices.ContainsFunc(t.shows, func(p *performance) bool { return !p.over() })
	return !t.watching
}

// list is every performance, newest first.
func (t *theatre) list() []performance {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]performance, 0, len(t.shows))
	for _, p := range t.shows {
		out = append(out, *p)
	}
	return out
}

// showTheatre tells what waits now, and what came of the last faults.
func (s *Server) showTheatre(w http.ResponseWriter, r *http.Request) {
	now, err := s.theatre.look(r.Context())
	if err != nil {
		s.log.WarnContext(r.Context(), "the theatre cannot be shown", "err", err)
		answerError(w, &controlError{http.StatusServiceUnavailable, "what waits cannot be counted; try again"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"waits": now, "performances": s.theatre.list()})
}
