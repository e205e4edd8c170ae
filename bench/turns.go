package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	turnEvery    = 5 * time.Second // every conversation writes
	turnTarget   = 50 * time.Millisecond
	wideTarget   = 100 * time.Millisecond
	turnPatience = 30 * time.Second // for replies that are still missing when the last message is written
)

// spoken is what came of one load of conversations.
type spoken struct {
	times    []time.Duration // from when a message was due to its reply at WhatsApp
	written  int
	answered int
	late     int // replies still missing when the last message was due
}

// conversations is a load: each of so many people writes every turnEvery, evenly spread.
type conversations struct {
	people int
	length time.Duration
	says   func(n int) string // what a person writes as their nth message; nil: script
}

func (c conversations) line(n int) string {
	if c.says == nil {
		return script(n)
	}
	return c.says(n)
}

func (c conversations) perSecond() float64 { return float64(c.people) / turnEvery.Seconds() }

// talk plays a load in open loop and waits for its replies.
func (b *bench) talk(ctx context.Context, c conversations) (spoken, error) {
	due := evenly(c.perSecond(), c.length)
	phones := make([]string, c.people)
	for i := range phones {
		phones[i] = b.people.newcomer()
	}
	ids := make([]string, len(due))
	for i := range ids {
		ids[i] = b.people.messageID()
	}
	b.handset.arrivals()
	begun := time.Now()
	_, err := openLoop(ctx, due, func(ctx context.Context, i int) error {
		return b.handset.write(ctx, phones[i%c.people], ids[i], c.line(i/c.people))
	})
	if err != nil {
		return spoken{}, err
	}
	s := spoken{written: len(due), late: max(0, len(due)-b.handset.heard())}
	if err := b.await(ctx, turnPatience); err != nil {
		return s, err
	}
	replied, err := b.replies(ctx)
	if err != nil {
		return s, err
	}
	for i, id := range ids {
		if at, ok := replied[id]; ok {
			s.times = append(s.times, at.Sub(begun.Add(due[i])))
		}
	}
	s.answered = len(s.times)
	return s, nil
}

// replies are when the first reply to each message reached WhatsApp, by the message's id. The program's
// own rows say which message a reply answers.
func (b *bench) replies(ctx context.Context) (map[string]time.Time, error) {
	arrived := b.handset.arrivals()
	ours := make([]string, 0, len(arrived))
	for id := range arrived {
		ours = append(ours, id)
	}
	conn, err := pgx.Connect(ctx, b.database)
	if err != nil {
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	rows, err := conn.Query(ctx, `SELECT reply.id::text, heard.provider_id FROM messages reply
		JOIN messages heard ON heard.id = split_part(reply.dedupe_key, ':', 2)::uuid
		WHERE reply.id = ANY($1::uuid[]) AND reply.dedupe_key LIKE 'turn:%'`, ours)
	if err != nil {
		return nil, fmt.Errorf("find what replies answer: %w", err)
	}
	first := map[string]time.Time{}
	var reply, heard string
	_, err = pgx.ForEachRow(rows, []any{&reply, &heard}, func() error {
		if at, known := first[heard]; !known || arrived[reply].Before(at) {
			first[heard] = arrived[reply]
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find what replies answer: %w", err)
	}
	return first, nil
}

// await returns when no job is due or runs, or when the time is up; then a backlog is left.
func (b *bench) await(ctx context.Context, patience time.Duration) error {
	conn, err := pgx.Connect(ctx, b.database)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	for end := time.Now().Add(patience); time.Now().Before(end); {
		var left int
		err := conn.QueryRow(ctx, `SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'scheduled', 'retryable') AND kind <> 'sweep.due'`).Scan(&left)
		if err != nil {
			return fmt.Errorf("count open jobs: %w", err)
		}
		if left == 0 || !sleepUntil(ctx, time.Now().Add(50*time.Millisecond)) {
			return nil
		}
	}
	return nil
}

// quiet waits until everything is answered and reported, so that one section does not burden the next.
func (b *bench) quiet(ctx context.Context) error {
	if err := b.await(ctx, 2*time.Minute); err != nil {
		return err
	}
	sleepUntil(ctx, time.Now().Add(readAfter+100*time.Millisecond))
	return b.await(ctx, time.Minute)
}

// measureTurns compares a hundred conversations with ten, then raises the load until replies no longer keep up.
func measureTurns(ctx context.Context, b *bench) error {
	if _, err := b.talk(ctx, conversations{people: 20, length: 5 * time.Second}); err != nil { // fills caches and plans
		return err
	}
	few, err := b.measured(ctx, conversations{people: 10, length: b.scaled(40 * time.Second)})
	if err != nil {
		return err
	}
	watch := watching(b)
	many, err := b.measured(ctx, conversations{people: 100, length: b.scaled(30 * time.Second)})
	if err != nil {
		return err
	}
	watch.report("100 conversations")
	b.within("turn with 100 conversations, each writing every 5 s", many.times, turnTarget)
	b.within("… and to 10 conversations: no more than a fifth or 10 ms above", many.times, most(percentile(few.times, 95)))
	if err := b.wide(ctx); err != nil {
		return err
	}
	return b.saturate(ctx)
}

// wide compares a hundred conversations with ten in which every message searches every diary (R-1307).
func (b *bench) wide(ctx context.Context) error {
	if err := b.quiet(ctx); err != nil {
		return err
	}
	few, err := b.wideTurns(ctx, 10, 30*time.Second)
	if err != nil {
		return err
	}
	many, err := b.wideTurns(ctx, 100, 30*time.Second)
	if err != nil {
		return err
	}
	b.within("multi-calendar turn with 100 conversations, each writing every 5 s", many.times, wideTarget)
	b.within("… and to 10 conversations: no more than a fifth or 10 ms above", many.times, most(percentile(few.times, 95)))
	return b.quiet(ctx)
}

func (b *bench) wideTurns(ctx context.Context, people int, length time.Duration) (spoken, error) {
	s, err := b.talk(ctx, conversations{people: people, length: b.scaled(length), says: wideScript})
	if err != nil {
		return s, err
	}
	b.times(fmt.Sprintf("WideTurn%dConversations", people), s.times)
	b.beside(fmt.Sprintf("%d conversations that search every diary", people),
		fmt.Sprintf("p95 %s, p50 %s", ms(percentile(s.times, 95)), ms(percentile(s.times, 50))))
	if s.answered < s.written {
		return s, fmt.Errorf("%d of %d messages were never answered", s.written-s.answered, s.written)
	}
	return s, nil
}

// measured plays a load and reports it.
func (b *bench) measured(ctx context.Context, c conversations) (spoken, error) {
	s, err := b.talk(ctx, c)
	if err != nil {
		return s, err
	}
	b.times(fmt.Sprintf("Turn%dConversations", c.people), s.times)
	b.beside(fmt.Sprintf("%d conversations, %.0f messages a second", c.people, c.perSecond()),
		fmt.Sprintf("p95 %s, p50 %s", ms(percentile(s.times, 95)), ms(percentile(s.times, 50))))
	if s.answered < s.written {
		return s, fmt.Errorf("%d of %d messages were never answered", s.written-s.answered, s.written)
	}
	return s, nil
}

// saturate raises the load by a quarter until replies break the target or fall behind, and says where.
func (b *bench) saturate(ctx context.Context) error {
	var good, kept float64
	length := b.scaled(10 * time.Second)
	for people := 150; people <= 3000; people = people * 5 / 4 {
		c := conversations{people: people, length: length}
		watch := watching(b)
		s, err := b.talk(ctx, c)
		if err != nil {
			return err
		}
		p95, behind := percentile(s.times, 95), float64(s.late) > c.perSecond() // more than a second's messages
		fmt.Printf("    %3.0f/s: p95 %s, %d of %d late at the end\n", c.perSecond(), ms(p95), s.late, s.written)
		if p95 <= turnTarget && !behind {
			good = c.perSecond()
		}
		if !behind && s.answered == s.written {
			kept = c.perSecond()
			continue
		}
		watch.report(fmt.Sprintf("saturation, %.0f messages a second", c.perSecond()))
		break
	}
	b.figure("TurnRateInTarget", good, "turns/s")
	b.figure("TurnRateSaturated", kept, "turns/s")
	b.beside("highest rate within p95 ≤ 50 ms", fmt.Sprintf("%.0f turns/s", good))
	b.beside("highest rate whose replies keep up", fmt.Sprintf("%.0f turns/s", kept))
	return b.quiet(ctx)
}
