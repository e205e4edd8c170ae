package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/fault"
	"frontdesk/migrations"
)

// probeTime bounds each dependency's check, so that a probe gets its answer in time.
const probeTime = 2 * time.Second

// alive tells that the process runs. It asks nobody.
func (s *Server) alive(c *fiber.Ctx) error {
	now := s.Clock.Machine()
	return c.JSON(fiber.Map{
		"ok": true, "service": "frontdesk", "version": s.set.Version,
		"uptimeSeconds": int(now.Sub(s.started).Seconds()), "now": now.Format(time.RFC3339Nano),
	})
}

// check asks one dependency.
type check struct {
	name string
	ask  func(context.Context) error
}

func (s *Server) checks() []check {
	return []check{
		{"database", s.DB.Pool.Ping},
		{"migrations", s.migrated},
		{"redis", s.Redis.Ping},
		{"workers", func(context.Context) error { return s.Workers() }},
	}
}

// readiness is the answer of /readyz and /health.
type readiness struct {
	OK      bool              `json:"ok"`
	Status  string            `json:"status"` // "ready" or "degraded"
	Checks  map[string]string `json:"checks"` // dependency → "ok" or "down"
	Missing []string          `json:"missing"`
}

// ready asks every dependency.
func (s *Server) ready(c *fiber.Ctx) error { return s.ask(c, s.checks()) }

// health also asks whether work is done that nobody waits for.
func (s *Server) health(c *fiber.Ctx) error {
	return s.ask(c, append(s.checks(), check{"archive", s.archiving}))
}

func (s *Server) archiving(ctx context.Context) error {
	record, stale, err := s.archived(ctx)
	if err == nil && stale {
		err = fmt.Errorf("silent conversations were archived at %s last", record.RanAt.Format(time.RFC3339))
	}
	return err
}

// archived is the record of the archiving, and whether it has not run for too long.
func (s *Server) archived(ctx context.Context) (record chat.ArchiveHealth, stale bool, err error) {
	record, err = s.Chat.ArchiveHealth(ctx)
	return record, err == nil && record.Stale(s.Clock.Machine(), s.started), err
}

// ask answers with how every dependency is; 503 names what is missing and never says why: that is for
// the log.
func (s *Server) ask(c *fiber.Ctx, checks []check) error {
	ctx := c.UserContext()
	r := readiness{OK: true, Status: "ready", Checks: map[string]string{}, Missing: []string{}}
	for _, k := range checks {
		if k.name == "migrations" && r.Checks["database"] == "down" {
			r.Missing = append(r.Missing, k.name) // nobody can tell, and nobody waits to
			r.Checks[k.name] = "down"
			continue
		}
		if err := bounded(ctx, k.ask); err != nil {
			s.Log.WarnContext(ctx, "dependency missing", "dependency", k.name, "err", err)
			r.OK, r.Status = false, "degraded"
			r.Missing = append(r.Missing, k.name)
			r.Checks[k.name] = "down"
			continue
		}
		r.Checks[k.name] = "ok"
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if !r.OK {
		c.Status(fiber.StatusServiceUnavailable)
	}
	return c.JSON(r)
}

func (s *Server) migrated(ctx context.Context) error {
	pending, err := s.DB.Pending(ctx, migrations.Files)
	if err != nil {
		return err
	}
	if pending > 0 {
		return fault.Unavailable("error.unavailable", nil)
	}
	return nil
}

func bounded(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	return ask(ctx)
}

func (s *Server) databaseHealth(c *fiber.Ctx) error {
	if err := bounded(c.UserContext(), s.DB.Pool.Ping); err != nil {
		return fault.Unavailable("error.db_unavailable", err)
	}
	return c.JSON(fiber.Map{"ok": true})
}

func (s *Server) routeMetrics(c *fiber.Ctx) error {
	if c.Query("format") == "prometheus" {
		return s.prometheus(c)
	}
	routes, classes := s.Metrics.Routes()
	return c.JSON(fiber.Map{"routes": routes, "classes": classes, "generatedAt": s.Clock.Machine().Format(time.RFC3339Nano)})
}

// prometheus also measures the queue, the calendars outside and the orders; without a database the other figures still come.
func (s *Server) prometheus(c *fiber.Ctx) error {
	if n, err := s.Queue.Counts(c.UserContext()); err == nil {
		s.Metrics.Jobs(n)
	}
	if lags, err := s.Diary.CalendarLags(c.UserContext()); err == nil {
		s.Metrics.Calendars(booking.Behind(lags))
	}
	if n, err := s.Till.CountOrders(c.UserContext()); err == nil {
		s.Metrics.Orders(n)
	}
	if n, err := s.Till.CountReturns(c.UserContext()); err == nil {
		s.Metrics.Returns(n)
	}
	if n, err := s.Books.CountOpen(c.UserContext()); err == nil {
		open := map[string]int{}
		for kind, count := range n {
			open[string(kind)] = count
		}
		s.Metrics.Differences(open)
	}
	if t, err := s.Privacy.Troubles(c.UserContext()); err == nil {
		s.Metrics.Erasures(t.Failed, t.Chatwoot)
	}
	text, err := s.Metrics.Prometheus()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/plain; version=0.0.4; charset=utf-8")
	return c.Send(text)
}
