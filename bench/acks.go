package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

const (
	ackCallers = 16 // posts under way at once in a closed loop
	ackRate    = 200
	ackShare   = 0.3
	ackTarget  = 25 * time.Millisecond
)

// measureAcks compares acknowledgements with the one-row INSERT while nobody works what was stored, as
// R-103 asks; then it posts at a steady rate, without the workers and with them.
func measureAcks(ctx context.Context, b *bench) error {
	url, _, stop, err := startBaseline(ctx)
	if err != nil {
		return err
	}
	defer stop()
	pause, err := openPause(ctx, b.database)
	if err != nil {
		return err
	}
	defer pause.close()
	if err := pause.workers(ctx); err != nil {
		return err
	}
	watch := watching(b)
	if err := b.compareAcks(ctx, url); err != nil {
		return err
	}
	watch.report("acknowledgements as fast as they go")
	if err := b.steadyAcks(ctx, ackRate, "AckSteady", "acknowledgement at 200/s, workers stopped"); err != nil {
		return err
	}
	if err := pause.resume(ctx); err != nil {
		return err
	}
	// Each reply is reported three times: these are 200 webhooks a second, too, and all of them are worked.
	if err := b.steadyAcks(ctx, ackRate/4, "AckSteadyAtWork", "acknowledgement at 200/s, all of it worked: 50 messages, 150 reports"); err != nil {
		return err
	}
	return b.quiet(ctx)
}

// compareAcks measures both in turn, over and over, so that what disturbs the machine disturbs both.
func (b *bench) compareAcks(ctx context.Context, url string) error {
	var shares, baseline, acks []float64
	var times []time.Duration
	length := b.scaled(3 * time.Second)
	for range 5 {
		inserted, err := closedLoop(ctx, ackCallers, length, func(ctx context.Context) error {
			return b.handset.postTo(ctx, url, signedHook{body: []byte(`{"status":"a row of about this length"}`)})
		})
		if err != nil {
			return err
		}
		stored, err := closedLoop(ctx, ackCallers, length, b.writeOnce)
		if err != nil {
			return err
		}
		perSecond := func(n []time.Duration) float64 { return float64(len(n)) / length.Seconds() }
		baseline, acks = append(baseline, perSecond(inserted)), append(acks, perSecond(stored))
		shares = append(shares, perSecond(stored)/perSecond(inserted))
		times = append(times, stored...)
		b.times("AckBaselineInsert", inserted, figure{perSecond(inserted), "acks/s"})
		b.times("Ack", stored, figure{perSecond(stored), "acks/s"}, figure{perSecond(stored) / perSecond(inserted), "share-of-insert"})
	}
	b.beside(fmt.Sprintf("one-row INSERT over HTTP, %d at once", ackCallers), fmt.Sprintf("%.0f/s", median(baseline)))
	b.beside(fmt.Sprintf("signed acknowledgement, %d at once, workers stopped", ackCallers), fmt.Sprintf("%.0f/s, p95 %s", median(acks), ms(percentile(times, 95))))
	share := median(shares)
	b.judge("acknowledgements ÷ one-row INSERTs", fmt.Sprintf("%.2f", share), fmt.Sprintf("≥ %.1f", ackShare), share >= ackShare)
	return nil
}

// writeOnce is one message of somebody who has not written yet.
func (b *bench) writeOnce(ctx context.Context) error {
	n := b.people.messages.Load()
	return b.handset.write(ctx, b.people.newcomer(), b.people.messageID(), script(int(n)))
}

// steadyAcks posts messages at a steady rate.
func (b *bench) steadyAcks(ctx context.Context, perSecond float64, name, what string) error {
	due := evenly(perSecond, b.scaled(10*time.Second))
	times, err := openLoop(ctx, due, func(ctx context.Context, _ int) error { return b.writeOnce(ctx) })
	if err != nil {
		return err
	}
	b.times(name, times)
	b.within(what, times, ackTarget)
	return nil
}

// pause stops the workers of every process, by the queue's own means, and lets them go on.
type pause struct {
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
}

func openPause(ctx context.Context, database string) (*pause, error) {
	pool, err := pgxpool.New(ctx, database)
	if err != nil {
		return nil, fmt.Errorf("reach the queue: %w", err)
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the queue: %w", err)
	}
	return &pause{pool, client}, nil
}

// workers stops them: running jobs end, no other begins.
func (p *pause) workers(ctx context.Context) error {
	if err := p.client.QueuePause(ctx, everyQueue, nil); err != nil {
		return fmt.Errorf("stop the workers: %w", err)
	}
	sleepUntil(ctx, time.Now().Add(time.Second)) // the news travels, running jobs end
	return nil
}

// everyQueue names every queue.
const everyQueue = "*"

// resume throws away what nobody worked meanwhile and lets the workers go on.
func (p *pause) resume(ctx context.Context) error {
	for _, sql := range []string{
		`DELETE FROM river_job WHERE kind = 'inbox.event' AND state = 'available'`,
		`DELETE FROM provider_events WHERE processed_at IS NULL`,
		`ANALYZE river_job`, `ANALYZE provider_events`,
	} {
		if _, err := p.pool.Exec(ctx, sql); err != nil {
			return fmt.Errorf("throw away what nobody worked: %w", err)
		}
	}
	if err := p.client.QueueResume(ctx, everyQueue, nil); err != nil {
		return fmt.Errorf("let the workers go on: %w", err)
	}
	return nil
}

func (p *pause) close() { p.pool.Close() }
