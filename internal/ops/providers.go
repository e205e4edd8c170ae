// Package ops owns what keeps the house running: which services outside answer, who keeps everybody away from one, and since
// when. It asks no provider anything: what it knows comes from the calls that the rest of the product makes.
package ops

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
)

// Acts in the audit log, of a subject of kind "provider".
const (
	actOpened   = "provider.opened"   // it failed too often
	actClosed   = "provider.closed"   // it answers again
	actTripped  = "provider.tripped"  // by staff
	actReleased = "provider.released" // by staff
)

// SubjectProvider is the kind of subject in the audit log; the id is the service's name.
const SubjectProvider = "provider"

// Watch knows the services outside.
type Watch struct {
	db       *database.DB
	log      *audit.Log
	redis    *redisstore.Store
	breakers []*redisstore.Breaker
	lines    *slog.Logger
}

// New makes a watch of services and lets all processes share what they know of them (R-1403). Call it before the first call to any.
func New(db *database.DB, log *audit.Log, redis *redisstore.Store, lines *slog.Logger, breakers ...*redisstore.Breaker) *Watch {
	w := &Watch{db: db, log: log, redis: redis, breakers: breakers, lines: lines}
	for _, b := range breakers {
		b.Share(redis, w.changed)
	}
	return w
}

// noteTime is how long writing down that a service went or came back may take.
const noteTime = 5 * time.Second

// changed writes down what calls made of a service, once for all processes. It comes after a call that must not fail for
// it: where the database is away, too, only the program's log knows.
func (w *Watch) changed(ctx context.Context, c redisstore.BreakerChange) {
	ctx, cancel := context.WithTimeout(ctx, noteTime)
	defer cancel()
	act := actOpened
	if c.State == redisstore.BreakerClosed {
		act = actClosed
	}
	w.lines.WarnContext(ctx, "a provider changed", "provider", c.Name, "state", string(c.State), "code", c.Code)
	e := audit.Entry{Actor: "system", Action: act, SubjectKind: SubjectProvider, SubjectID: c.Name}
	if c.Code != "" {
		e.Detail = map[string]any{"code": c.Code}
	}
	if err := w.log.Record(ctx, e); err != nil {
		w.lines.ErrorContext(ctx, "a change of a provider is not written down", "provider", c.Name, "err", err)
	}
	w.redis.Changed(ctx, redisstore.TopicAlerts, c.Name)
}

// Provider is what is known of one.
type Provider struct {
	redisstore.BreakerView
	// Unknown: Redis cannot tell; each process judges by itself.
	Unknown bool
}

// Providers are all that are set up, in a fixed order.
func (w *Watch) Providers(ctx context.Context) []Provider {
	out := make([]Provider, 0, len(w.breakers))
	for _, b := range w.breakers {
		v, err := b.View(ctx)
		out = append(out, Provider{BreakerView: v, Unknown: err != nil})
	}
	return out
}

// Away are the services that nobody asks at the moment.
func (w *Watch) Away(ctx context.Context) []Provider {
	var out []Provider
	for _, s := range w.Providers(ctx) {
		if !s.Unknown && s.State != redisstore.BreakerClosed {
			out = append(out, s)
		}
	}
	return out
}

// Provider is one by its name. Fault: ops.no_provider.
func (w *Watch) Provider(ctx context.Context, name string) (Provider, error) {
	b, err := w.breaker(name)
	if err != nil {
		return Provider{}, err
	}
	v, err := b.View(ctx)
	return Provider{BreakerView: v, Unknown: err != nil}, nil
}

func (w *Watch) breaker(name string) (*redisstore.Breaker, error) {
	for _, b := range w.breakers {
		if b.Name() == name {
			return b, nil
		}
	}
	return nil, fault.NotFound("ops.no_provider")
}

// Trip keeps every process from a service until it is released, and writes down why. What is to be sent waits. Faults: ops.no_provider,
// ops.tripped_already, ops.not_reached.
func (w *Watch) Trip(ctx context.Context, name, actor, reason string) error {
	return w.act(ctx, name, actTripped, "ops.tripped_already", actor, reason, (*redisstore.Breaker).Trip)
}

// Release lets calls through again, whatever kept them away. Faults: ops.no_provider, ops.released_already, ops.not_reached.
func (w *Watch) Release(ctx context.Context, name, actor, reason string) error {
	return w.act(ctx, name, actReleased, "ops.released_already", actor, reason, (*redisstore.Breaker).Release)
}

// act is done in Redis last, so that nothing stands there that is not written down.
func (w *Watch) act(ctx context.Context, name, action, already, actor, reason string, do func(*redisstore.Breaker, context.Context, string) (bool, error)) error {
	b, err := w.breaker(name)
	if err != nil {
		return err
	}
	err = w.db.InTx(ctx, func(ctx context.Context) error {
		e := audit.Entry{Actor: actor, Action: action, SubjectKind: SubjectProvider, SubjectID: name, Reason: reason}
		if err := w.log.Record(ctx, e); err != nil {
			return err
		}
		switch done, err := do(b, ctx, actor); {
		case err != nil:
			return fault.Unavailable("ops.not_reached", fmt.Errorf("%s: %w", action, err))
		case !done:
			return fault.Conflict(already)
		}
		return nil
	})
	if err == nil {
		w.redis.Changed(ctx, redisstore.TopicAlerts, name)
	}
	return err
}
