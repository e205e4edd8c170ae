package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// measureTrips counts the round trips between the program and Postgres. Unlike times, they are the same
// on every machine. The program works through a counter; what it does by itself (looking for jobs, its
// sign of life) is counted before, while nothing happens, and taken off.
func measureTrips(ctx context.Context, b *bench) error {
	counter, err := startCounter(ctx, b.database)
	if err != nil {
		return err
	}
	defer counter.stop()
	if err := b.app.again(ctx, counter.url); err != nil {
		return err
	}
	b.handset.speakTo(b.app)
	pause, err := openPause(ctx, b.database)
	if err != nil {
		return err
	}
	defer pause.close()
	if err := b.tripsOfAcks(ctx, counter, pause); err != nil {
		return err
	}
	for _, reporting := range []bool{false, true} {
		if err := b.tripsOfTurns(ctx, counter, reporting); err != nil {
			return err
		}
	}
	err = b.app.again(ctx, b.database)
	b.handset.speakTo(b.app)
	return err
}

// tripsOfTurns counts what a turn costs from the webhook to the send, with or without the three reports
// of what became of the reply.
func (b *bench) tripsOfTurns(ctx context.Context, counter *counter, reporting bool) error {
	b.handset.reporting(reporting)
	defer b.handset.reporting(true)
	load := conversations{people: 10, length: 6 * turnEvery / 5}
	if _, err := b.talk(ctx, load); err != nil { // plans are prepared
		return err
	}
	if err := b.quiet(ctx); err != nil {
		return err
	}
	idle := counter.rate(ctx, 3*time.Second)
	before, began := counter.trips.Load(), time.Now()
	spoken, err := b.talk(ctx, conversations{people: 10, length: 6 * turnEvery}) // every line of the script as often
	if err != nil {
		return err
	}
	if err := b.quiet(ctx); err != nil {
		return err
	}
	trips := float64(counter.trips.Load()-before) - idle*time.Since(began).Seconds()
	each := trips / float64(spoken.written)
	name, what := "TurnRoundTrips", "round trips of a turn, from the webhook to the send"
	if reporting {
		name, what = "TurnRoundTripsReported", "… with its reply reported as sent, delivered and read"
	}
	b.figure(name, each, "trips/op")
	b.beside(what, fmt.Sprintf("%.1f", each))
	return nil
}

func (b *bench) tripsOfAcks(ctx context.Context, counter *counter, pause *pause) error {
	if err := pause.workers(ctx); err != nil {
		return err
	}
	for range 50 { // plans are prepared
		if err := b.writeOnce(ctx); err != nil {
			return err
		}
	}
	idle := counter.rate(ctx, 2*time.Second)
	before, began := counter.trips.Load(), time.Now()
	const acks = 200
	for range acks {
		if err := b.writeOnce(ctx); err != nil {
			return err
		}
	}
	trips := float64(counter.trips.Load()-before) - idle*time.Since(began).Seconds()
	b.figure("AckRoundTrips", trips/acks, "trips/op")
	b.beside("round trips to Postgres of an acknowledgement", fmt.Sprintf("%.1f", trips/acks))
	return pause.resume(ctx)
}

// counter stands between the program and Postgres and counts what the program waits for.
type counter struct {
	url      string
	listener net.Listener
	upstream string
	trips    atomic.Int64
	open     sync.WaitGroup
	end      context.CancelFunc
}

func startCounter(ctx context.Context, database string) (*counter, error) {
	u, err := url.Parse(database)
	if err != nil {
		return nil, fmt.Errorf("read the database's address: %w", err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the program: %w", err)
	}
	c := &counter{listener: l, upstream: u.Host}
	u.Host = l.Addr().String()
	c.url = u.String()
	ctx, c.end = context.WithCancel(ctx)
	c.open.Go(func() { c.accept(ctx) })
	return c, nil
}

func (c *counter) stop() {
	c.end()
	_ = c.listener.Close() // ends accept
	c.open.Wait()
}

func (c *counter) accept(ctx context.Context) {
	for {
		program, err := c.listener.Accept()
		if err != nil {
			return // stopped
		}
		server, err := (&net.Dialer{}).DialContext(ctx, "tcp", c.upstream)
		if err != nil {
			_ = program.Close() // it sees a database that is away
			continue
		}
		hangUp := func() { _ = program.Close(); _ = server.Close() } // both ends at once
		stop := context.AfterFunc(ctx, hangUp)
		c.open.Go(func() { defer stop(); defer hangUp(); _, _ = io.Copy(program, server) })
		c.open.Go(func() { defer hangUp(); c.count(server, bufio.NewReader(program)) })
	}
}

// count passes the program's messages on. A simple query and a Sync are what a client waits after.
func (c *counter) count(server io.Writer, program *bufio.Reader) {
	for head := 4; ; head = 5 { // the first message has no type
		start, err := program.Peek(head)
		if err != nil {
			return
		}
		if head == 5 && (start[0] == 'Q' || start[0] == 'S') {
			c.trips.Add(1)
		}
		length := int64(binary.BigEndian.Uint32(start[head-4:])) + int64(head-4)
		if _, err := io.CopyN(server, program, length); err != nil {
			return
		}
	}
}

// rate is how many round trips a second there are now.
func (c *counter) rate(ctx context.Context, length time.Duration) float64 {
	before := c.trips.Load()
	sleepUntil(ctx, time.Now().Add(length))
	return float64(c.trips.Load()-before) / length.Seconds()
}
