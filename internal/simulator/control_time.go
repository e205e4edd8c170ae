package simulator

import (
	"context"
	"slices"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/settings"
	"frontdesk/jobs/queue"
)

// settleWithin is how long a clock move, a given or a reset waits for the jobs it set off.
const settleWithin = 30 * time.Second

type clockRequest struct {
	Now     *time.Time `json:"now"`
	Advance string     `json:"advance"`
	Reset   bool       `json:"reset"`
}

type clockAnswer struct {
	Now string `json:"now"`
}

// moveClock puts business time somewhere for every process, runs what has become due and returns
// when it has settled. Going back undoes nothing.
func (s *Server) moveClock(ctx context.Context, in clockRequest) (clockAnswer, error) {
	if given := count(in.Now != nil, in.Advance != "", in.Reset); given != 1 {
		return clockAnswer{}, badRequest("give exactly one of now, advance, reset")
	}
	if err := s.setClock(in); err != nil {
		return clockAnswer{}, err
	}
	s.stripe.expireDue()
	for range 2 { // what another sweep was at in that moment is left to the next one
		if err := s.cfg.Queue.Enqueue(ctx, queue.Sweep{}); err != nil {
			return clockAnswer{}, err
		}
		s.await(ctx, settleWithin, s.idle)
	}
	return s.clockAnswer(ctx)
}

func (s *Server) setClock(in clockRequest) error {
	switch {
	case in.Reset:
		return clock.Follow(s.cfg.ClockFile)
	case in.Now != nil:
		return s.stopClock(*in.Now)
	}
	by, err := time.ParseDuration(in.Advance)
	if err != nil || by < 0 {
		return badRequest(`advance must be a duration such as "48h" or "29m30s"`)
	}
	return s.stopClock(s.cfg.Clock.Now().Add(by))
}

// stopClock stops business time within the years that the product's calendars show; what lies far
// outside them could not even be written down.
func (s *Server) stopClock(at time.Time) error {
	if year := at.UTC().Year(); year < 2000 || year >= 2200 {
		return badRequest("the clock can stand between the years 2000 and 2199")
	}
	return clock.Stop(s.cfg.ClockFile, at)
}

func (s *Server) clockAnswer(ctx context.Context) (clockAnswer, error) {
	zone, err := s.zone(ctx)
	if err != nil {
		return clockAnswer{}, err
	}
	return clockAnswer{stamp(s.cfg.Clock.Now(), zone)}, nil
}

// zone is the salon's time zone.
func (s *Server) zone(ctx context.Context) (*time.Location, error) {
	policies, err := settings.New(s.cfg.DB, s.cfg.Clock).Policies(ctx)
	if err != nil {
		return nil, err
	}
	return policies.Zone(), nil
}

// stamp writes a time with the salon's offset.
func stamp(t time.Time, zone *time.Location) string { return t.In(zone).Format(time.RFC3339) }

type faultRequest struct {
	Service string `json:"service"`
	Mode    string `json:"mode"`
	For     string `json:"for"`
}

// setFault lets a stand-in misbehave, or be well again.
func (s *Server) setFault(ctx context.Context, in faultRequest) (map[string]bool, error) {
	switch {
	case !slices.Contains(standIns, in.Service) && !slices.Contains(servers, in.Service):
		return nil, badRequest("there is no such service")
	}
	var last time.Duration
	if in.For != "" {
		d, err := time.ParseDuration(in.For)
		if err != nil || d <= 0 {
			return nil, badRequest(`for must be a duration such as "30s"`)
		}
		last = d
	}
	var before waits
	if in.Mode != "ok" {
		before = s.theatre.before(ctx)
	}
	began := s.theatre.clock.Machine()
	if err := s.faults.set(in.Service, in.Mode, last); err != nil {
		return nil, err
	}
	if in.Mode != "ok" {
		s.theatre.begin(in.Service, in.Mode, began, last, before)
	}
	return map[string]bool{"ok": true}, nil
}

type settleRequest struct {
	TimeoutMS int `json:"timeout_ms"`
}

type settleAnswer struct {
	Idle    bool `json:"idle"`
	Pending int  `json:"pending"`
}

// settle waits until no job is due or running and every webhook has been acknowledged.
func (s *Server) settle(ctx context.Context, in settleRequest) (settleAnswer, error) {
	patience, err := waitMillis(in.TimeoutMS)
	if err != nil {
		return settleAnswer{}, badRequest("timeout_ms must be between 0 and 120000")
	}
	if s.await(ctx, patience, s.idle) {
		return settleAnswer{Idle: true}, nil // asked again, the next sweep may have become due
	}
	n, err := s.pending(ctx)
	return settleAnswer{Pending: n}, err
}

// reset brings the stand-ins back to their beginning and keeps the app's data.
func (s *Server) reset(ctx context.Context, _ struct{}) (map[string]bool, error) {
	if err := s.faults.clear(); err != nil { // what hangs would hold the jobs up
		return nil, err
	}
	s.await(ctx, settleWithin, s.idle)
	s.phones.clearTranscripts()
	s.outbox.clear()
	s.claude.clear()
	if err := s.clearRedis(ctx, "limit:*", "breaker:*"); err != nil {
		return nil, err
	}
	if s.cfg.OnReset != nil {
		if err := s.cfg.OnReset(ctx); err != nil {
			return nil, err
		}
	}
	if err := clock.Follow(s.cfg.ClockFile); err != nil {
		return nil, err
	}
	return map[string]bool{"ok": true}, nil
}
