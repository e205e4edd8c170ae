package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/database"
	"frontdesk/internal/i18n"
	"frontdesk/internal/localservers"
	"frontdesk/internal/metrics"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/jobs/queue"
	"frontdesk/migrations"
	"frontdesk/models"
)

// ground is what every command stands on.
type ground struct {
	clock   clock.Clock
	texts   *i18n.Catalogue
	db      *database.DB
	redis   *redisstore.Store
	queue   *queue.Queue
	metrics *metrics.Registry
	audit   *audit.Log
	staff   *staff.Roster
	log     *slog.Logger
}

// stopTime bounds a graceful stop as a whole.
const stopTime = 12 * time.Second

// stops are what has to be undone at the end, newest first.
type stops []func(context.Context) error

func (s *stops) add(stop func(context.Context) error) { *s = append(*s, stop) }

func (s *stops) run() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	var errs []error
	for i := len(*s) - 1; i >= 0; i-- {
		errs = append(errs, (*s)[i](ctx))
	}
	return errors.Join(errs...)
}

// clockFile is where demo and test keep the instant business time was stopped at.
func clockFile(c Config) string { return filepath.Join(c.DataDir, "clock") }

// openServers starts what demo and test are not given, and completes the configuration.
func openServers(ctx context.Context, c *Config, s *stops) error {
	if !c.simulated() {
		return nil
	}
	if err := c.complete(); err != nil {
		return err
	}
	if c.DatabaseURL != "" && c.RedisURL != "" {
		return nil
	}
	servers, err := localservers.Start(ctx, localservers.Options{
		DataDir: c.DataDir, Fast: c.Env == envTest, RedisOnly: c.DatabaseURL != "",
	})
	if err != nil {
		return err
	}
	s.add(func(context.Context) error { servers.Stop(); return nil })
	if c.DatabaseURL == "" {
		c.DatabaseURL = servers.DatabaseURL
	}
	if c.RedisURL == "" {
		c.RedisURL = servers.RedisURL
	}
	return nil
}

// openGround connects to Postgres and Redis.
func openGround(ctx context.Context, c Config, log *slog.Logger, s *stops) (g *ground, err error) {
	g = &ground{clock: clock.System(), metrics: metrics.New(), log: log}
	if c.simulated() {
		g.clock = clock.Stoppable(clockFile(c))
	}
	if g.texts, err = i18n.Load(); err != nil {
		return nil, err
	}
	if g.db, err = database.Open(ctx, c.DatabaseURL, database.Options{Now: g.clock.Now, Dial: c.ways().postgres}); err != nil {
		return nil, err
	}
	s.add(func(context.Context) error { g.db.Close(); return nil })
	if g.redis, err = redisstore.Open(c.RedisURL, redisstore.Through(c.ways().redis)); err != nil {
		return nil, err
	}
	s.add(func(context.Context) error { g.redis.Close(); return nil })
	return g, g.furnish(c)
}

// furnish makes what stands on the ground's database.
func (g *ground) furnish(c Config) (err error) {
	g.queue = queue.New(g.db)
	g.audit = audit.New(g.db, g.clock)
	g.staff, err = staff.New(g.db, g.redis, g.clock, g.audit, staff.WithAdminToken(c.AdminToken), staff.WithFactorsRequired(c.MFARequired),
		staff.WithSealing(c.SealingKey), staff.WithBaseURL(c.BaseURL), staff.WithSalon(g.texts.Text(models.English, "salon.name", nil)),
		staff.WithLifetimes(c.SessionIdle, c.SessionMax))
	return err
}

// migrate brings the database up to date.
func migrate(ctx context.Context, c Config, out io.Writer, log *slog.Logger) (err error) {
	var s stops
	defer func() { err = errors.Join(err, s.run()) }()
	if err := openServers(ctx, &c, &s); err != nil {
		return err
	}
	g, err := openGround(ctx, c, log, &s)
	if err != nil {
		return err
	}
	if err := g.db.Migrate(ctx, migrations.Files); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "The database is up to date.")
	return err
}

// seed puts the standard texts and, in demo and test, the demo salon into a migrated database.
func seed(ctx context.Context, c Config, out io.Writer, log *slog.Logger) (err error) {
	var s stops
	defer func() { err = errors.Join(err, s.run()) }()
	if err := openServers(ctx, &c, &s); err != nil {
		return err
	}
	g, err := openGround(ctx, c, log, &s)
	if err != nil {
		return err
	}
	if _, err := g.seed(ctx, c); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "The database is seeded.")
	return err
}

// seed writes what is missing; safe to repeat and at every start. It gives back the demo logins.
func (g *ground) seed(ctx context.Context, c Config) ([]demoLogin, error) {
	if err := content.New(g.db, g.texts, g.clock).Seed(ctx); err != nil {
		return nil, err
	}
	if !c.simulated() {
		return nil, nil
	}
	if err := booking.Seed(ctx, g.db, g.clock); err != nil {
		return nil, err
	}
	logins, err := demoLogins(c.DataDir)
	if err != nil || c.SimURL != "" {
		return logins, err // a further process finds the people there, and what staff changed about them stays
	}
	accounts := make([]staff.Login, len(logins))
	for i, l := range logins {
		accounts[i] = l.Login
	}
	return logins, g.staff.SeedDemo(ctx, accounts)
}
