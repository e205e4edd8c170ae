package main

import (
	"context"
	"fmt"
	"time"

	"frontdesk/jobs/queue"
)

const (
	sendShare  = 0.15 // of the jobs a second of a worker that changes one row
	sendRounds = 4
	sendMany   = 2500 // messages of a round
	moveMany   = 8000 // jobs of the baseline's
	effectTime = 20 * time.Second
)

// measureSends holds sending by WhatsApp, each message reported three times meanwhile, against a worker of the same queue
// that changes one row in a transaction; then it lets events come in at a tenth and at half of that rate and measures from
// each to what it has for effect.
func measureSends(ctx context.Context, b *bench) error {
	mover, err := startMover(ctx)
	if err != nil {
		return err
	}
	defer mover.stop()
	pause, err := openPause(ctx, b.database)
	if err != nil {
		return err
	}
	defer pause.close()
	var shares, moved, sent, whole []float64
	for round := range sendRounds + 1 {
		base, err := mover.move(b.fewer(moveMany))
		if err != nil {
			return err
		}
		watch := watching(b)
		rate, done, err := b.sendAll(ctx, pause, round, b.fewer(sendMany))
		if err != nil {
			return err
		}
		if round == 0 { // connections open, statements are prepared
			watch.drop()
			continue
		}
		watch.report(fmt.Sprintf("round %d", round))
		shares, moved, sent, whole = append(shares, done/base), append(moved, base), append(sent, rate), append(whole, done)
		b.figure("QueueMoves", base, "jobs/s")
		b.figure("Sends", rate, "sends/s")
		b.figure("SendsSustained", done, "sends/s")
		b.figure("SendsShare", done/base, "share-of-moves")
	}
	b.beside("a worker that changes one row in a transaction", fmt.Sprintf("%.0f/s", median(moved)))
	b.beside("messages that reach WhatsApp while it reports each three times", fmt.Sprintf("%.0f/s", median(sent)))
	b.beside("… for as long as it lasts: with every report dealt with, too", fmt.Sprintf("%.0f/s", median(whole)))
	b.judge("sends, reports and all ÷ one-row jobs", fmt.Sprintf("%.2f", median(shares)), fmt.Sprintf("≥ %.2f", sendShare), median(shares) >= sendShare)
	for _, percent := range []float64{10, 50} {
		if err := b.effects(ctx, percent, median(whole)*percent/100); err != nil {
			return err
		}
	}
	return b.quiet(ctx)
}

// fewer is a tenth of something in a quick run.
func (b *bench) fewer(n int) int {
	if b.quick {
		return n / 10
	}
	return n
}

// sendAll queues a message in each of so many conversations while the workers stand still, lets them go on and tells how
// many a second reached WhatsApp, and how many a second it is with every report of them dealt with.
func (b *bench) sendAll(ctx context.Context, pause *pause, round, many int) (perSecond, whole float64, err error) {
	if err := pause.workers(ctx); err != nil {
		return 0, 0, err
	}
	first := 1 + round*many
	of := fmt.Sprintf("generate_series(%d, %d) n", first, first+many-1)
	err = b.tell(ctx, []step{
		{"ids", named},
		{"customers who have just written", "UPDATE conversations SET last_inbound_at = now() WHERE id IN (SELECT pg_temp.named(3, n) FROM " + of + ")"},
		{"messages", fmt.Sprintf(`INSERT INTO messages (id, conversation_id, direction, class, status, content, language, cause, dedupe_key, created_at)
			SELECT gen_random_uuid(), pg_temp.named(3, n), 'out', 'reply', 'queued', jsonb_build_object('kind', 'text', 'text', 'Your visit is on Friday at 16:30 with Salma. ' || n), 'en',
			       'bench', 'bench:%d:' || n, now() FROM %s`, time.Now().UnixNano(), of)},
		{"their jobs", fmt.Sprintf(`INSERT INTO river_job (kind, args, max_attempts) SELECT '%s', jsonb_build_object('conversation_id', pg_temp.named(3, n)), 25 FROM %s`, queue.Flush{}.Kind(), of)},
		{"what a server knows of its tables", "ANALYZE messages, river_job"},
	})
	if err != nil {
		return 0, 0, err
	}
	b.handset.arrivals()
	began := time.Now()
	if err := pause.client.QueueResume(ctx, everyQueue, nil); err != nil {
		return 0, 0, fmt.Errorf("let the workers go on: %w", err)
	}
	for b.handset.heard() < many {
		if !sleepUntil(ctx, time.Now().Add(2*time.Millisecond)) || time.Since(began) > 2*time.Minute {
			return 0, 0, fmt.Errorf("%d of %d messages were sent", b.handset.heard(), many)
		}
	}
	perSecond = float64(many) / time.Since(began).Seconds()
	if err := b.reported(ctx, many, "bench:%"); err != nil {
		return 0, 0, err
	}
	return perSecond, float64(many) / (time.Since(began) - readAfter).Seconds(), b.quiet(ctx) // nobody could know of the last before
}

// reported waits until as many of the newest messages as were sent are known to be read.
func (b *bench) reported(ctx context.Context, many int, key string) error {
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		left, err := b.number(ctx, "SELECT count(*) FROM messages WHERE dedupe_key LIKE $1 AND status <> 'read'", key)
		if err != nil || left == 0 {
			return err
		}
		if !sleepUntil(ctx, time.Now().Add(20*time.Millisecond)) {
			break
		}
	}
	return fmt.Errorf("the reports of %d messages were not all dealt with", many)
}

// effects lets customers write at a steady rate and measures from each message's due time to the reply at WhatsApp.
func (b *bench) effects(ctx context.Context, percent, perSecond float64) error {
	if err := b.quiet(ctx); err != nil {
		return err
	}
	watch := watching(b)
	s, err := b.talk(ctx, conversations{people: max(1, int(perSecond*turnEvery.Seconds())), length: b.scaled(effectTime)})
	if err != nil {
		return err
	}
	b.times(fmt.Sprintf("EventToEffect%.0fPercent", percent), s.times)
	b.beside(fmt.Sprintf("event → effect at %.0f %% of that rate, %.0f a second", percent, perSecond),
		fmt.Sprintf("p95 %s, p50 %s", ms(percentile(s.times, 95)), ms(percentile(s.times, 50))))
	watch.report(fmt.Sprintf("events at %.0f %%", percent))
	if s.answered < s.written {
		b.say("at %.0f %% %d of %d messages had no reply within %s of the last", percent, s.written-s.answered, s.written, turnPatience)
	}
	return nil
}
