package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"

	"frontdesk/internal/localservers"
)

const (
	recoveryRate   = 10.0 // messages a second, all the time
	recoveryBefore = 3 * time.Second
	recoveryAfter  = 3 * time.Second
	providerAway   = 10 * time.Second
	serverAway     = time.Second
	patienceOfAll  = 90 * time.Second // for what waits when all is well again
)

// misfortune is something that happens to the program, and how it ends. The end is when the time of recovery begins.
type misfortune struct {
	name   string
	begins func() error
	away   time.Duration
	ends   func() error
}

// measureRecovery lets customers write without a break to two processes with servers of their own, does something to what
// they need, and measures from its end how long the last of those waits whose message came before it.
func measureRecovery(ctx context.Context, b *bench) error {
	postgres, err := ownServer(ctx, false)
	if err != nil {
		return err
	}
	defer postgres.remove()
	redis, err := ownServer(ctx, true)
	if err != nil {
		return err
	}
	defer redis.remove()
	first, err := startOn(ctx, b.program, b.handset.url, postgres.running.DatabaseURL, redis.running.RedisURL)
	if err != nil {
		return err
	}
	defer first.stop()
	second, err := first.startBeside(ctx, b.program, b.handset.url)
	if err != nil {
		return err
	}
	defer func() { second.stop() }()
	b.handset.speakTo(first, second)
	b.handset.insisting(true)
	defer func() {
		b.handset.insisting(false)
		b.handset.speakTo(b.app)
	}()
	own := &bench{report: b.report, program: b.program, quick: b.quick, handset: b.handset, app: first, database: postgres.running.DatabaseURL}
	for _, m := range []misfortune{
		{"nothing", func() error { return nil }, serverAway, func() error { return nil }},
		{"Postgres started again", postgres.stop, serverAway, postgres.start},
		{"Redis started again", redis.stop, serverAway, redis.start},
		{"one of two processes killed", second.kill, 0, func() error { return nil }},
		{"WhatsApp away", b.handset.leave, providerAway, b.handset.comeBack},
	} {
		if err := own.recovers(ctx, m); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		if m.away == 0 {
			if second, err = first.startBeside(ctx, b.program, b.handset.url); err != nil {
				return err
			}
			b.handset.speakTo(first, second)
		}
	}
	return own.quiet(ctx)
}

// recovers plays one misfortune amid customers who write.
func (b *bench) recovers(ctx context.Context, m misfortune) error {
	due := evenly(recoveryRate, recoveryBefore+m.away+recoveryAfter)
	ids := make([]string, len(due))
	for i := range ids {
		ids[i] = b.people.messageID()
	}
	b.handset.arrivals()
	var all sync.WaitGroup
	var written error
	begun := time.Now()
	all.Go(func() {
		_, written = openLoop(ctx, due, func(ctx context.Context, i int) error {
			return b.handset.write(ctx, b.people.newcomer(), ids[i], script(i%2)) // a greeting, and a question with a fixed answer
		})
	})
	sleepUntil(ctx, begun.Add(recoveryBefore))
	struck := time.Now()
	if err := m.begins(); err != nil {
		return err
	}
	sleepUntil(ctx, struck.Add(m.away))
	over := time.Now()
	if err := m.ends(); err != nil {
		return err
	}
	ready := b.readyAgain(ctx, over)
	all.Wait()
	if err := errors.Join(written, b.awaitPatiently(ctx, patienceOfAll)); err != nil {
		return err
	}
	replied, err := b.replies(ctx)
	if err != nil {
		return err
	}
	var before, later []time.Duration // waits from the end on, of what came before it; all waits of what came after
	missing := 0
	for i, id := range ids {
		at, ok := replied[id]
		switch came := begun.Add(due[i]); {
		case !ok:
			missing++
		case came.Before(over):
			before = append(before, max(0, at.Sub(over)))
		default:
			later = append(later, at.Sub(came))
		}
	}
	b.times("Recovery"+letterOf(m.name), before)
	b.judge(m.name+": the last who wrote before has an answer", percentile(before, 100).Round(time.Millisecond).String(), "everybody has one", missing == 0)
	b.beside("… ready, from the end of it on", ready.Round(time.Millisecond).String())
	b.beside("… who writes afterwards waits", fmt.Sprintf("p95 %s, p50 %s", ms(percentile(later, 95)), ms(percentile(later, 50))))
	return nil
}

// letterOf makes a benchmark's name of words.
func letterOf(words string) string {
	out := []rune{}
	for _, r := range words {
		if r != ' ' {
			out = append(out, r)
		}
	}
	return string(out)
}

// readyAgain waits until the first process says that it is ready, and tells how long after a moment that is.
func (b *bench) readyAgain(ctx context.Context, since time.Time) time.Duration {
	for sleepUntil(ctx, time.Now().Add(10*time.Millisecond)) && time.Since(since) < patienceOfAll {
		if status, _, err := b.app.get(ctx, "/readyz"); err == nil && status == http.StatusOK {
			break
		}
	}
	return time.Since(since)
}

// awaitPatiently is await while the database may be away.
func (b *bench) awaitPatiently(ctx context.Context, patience time.Duration) (err error) {
	for end := time.Now().Add(patience); time.Now().Before(end); sleepUntil(ctx, time.Now().Add(100*time.Millisecond)) {
		if err = b.await(ctx, time.Until(end)); err == nil {
			return nil
		}
	}
	return err
}

// kill ends the process at once.
func (a *app) kill() error {
	if err := a.command.Process.Kill(); err != nil {
		return fmt.Errorf("kill a process: %w", err)
	}
	_ = a.command.Wait() // killed: there is no exit code to judge
	return nil
}

// server is a Postgres or a Redis that keeps what it acknowledges and is stopped and started under one address.
type server struct {
	options localservers.Options
	running *localservers.Servers
}

func ownServer(ctx context.Context, redisOnly bool) (*server, error) {
	dir, err := os.MkdirTemp("", "frontdesk-bench-servers-*")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		return nil, fmt.Errorf("open folder to the database's user: %w", err)
	}
	s := &server{options: localservers.Options{DataDir: dir, RedisOnly: redisOnly}}
	if s.running, err = localservers.Start(ctx, s.options); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	for raw, port := range map[string]*int{s.running.DatabaseURL: &s.options.PostgresPort, s.running.RedisURL: &s.options.RedisPort} {
		if u, err := url.Parse(raw); err == nil {
			*port, _ = strconv.Atoi(u.Port()) // of a Redis there is no Postgres: any
		}
	}
	return s, nil
}

func (s *server) stop() error {
	s.running.Stop()
	return nil
}

func (s *server) start() (err error) {
	s.running, err = localservers.Start(context.Background(), s.options)
	return err
}

func (s *server) remove() {
	s.running.Stop()
	_ = os.RemoveAll(s.options.DataDir) // a temporary folder
}
