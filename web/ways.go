package main

import (
	"context"
	"net"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/outage"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
)

// ways are how the product reaches its servers; nil is directly.
type ways struct {
	postgres, redis func(ctx context.Context, network, addr string) (net.Conn, error)
}

// ways lead through the outages that the control interface plays, in demo and test. Elsewhere there is
// nothing between the product and its servers.
func (c *Config) ways() ways {
	if !c.simulated() {
		return ways{}
	}
	board := outage.In(c.DataDir)
	return ways{postgres: board.Line(outage.Postgres).Dial, redis: board.Line(outage.Redis).Dial}
}

// apart is the part of the ground the stand-ins use, on connections of their own: they play outages and
// must be able to end them.
func apart(ctx context.Context, c Config, now clock.Clock, s *stops) (*ground, error) {
	var err error
	g := &ground{clock: now}
	if g.db, err = database.Open(ctx, c.DatabaseURL, database.Options{Now: now.Now}); err != nil {
		return nil, err
	}
	s.add(func(context.Context) error { g.db.Close(); return nil })
	if g.redis, err = redisstore.Open(c.RedisURL); err != nil {
		return nil, err
	}
	s.add(func(context.Context) error { g.redis.Close(); return nil })
	g.queue = queue.New(g.db)
	return g, nil
}
