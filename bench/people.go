package main

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/settings"
)

// people are the customers of the filled database, who have names and conversations. Everybody writes
// from a phone of their own, and nobody twice under the same message id.
type people struct{ messages, phones atomic.Int64 }

// phone is the number of the n-th customer, in Meta's digits.
func phone(n int64) string { return fmt.Sprintf("4477%08d", 1+n%100_000) }

// newcomer is the phone of somebody who has not written in this run.
func (p *people) newcomer() string { return phone(p.phones.Add(1)) }

// messageID is one that was never used.
func (p *people) messageID() string {
	return fmt.Sprintf("wamid.IN.%d.%d", time.Now().UnixNano(), p.messages.Add(1))
}

// script is what a customer writes, over and over: small talk, a question with a fixed answer, and the
// search for free times, which is the dearest thing a turn does. It never takes a time, so that the
// thousandth conversation finds the same diary as the first. Every line has an answer.
func script(n int) string {
	lines := []string{"Hello", "Where can I park?", "I would like a haircut next week", "any stylist", "Thank you", "What are your opening hours?"}
	return lines[n%len(lines)]
}

// wideScript is what somebody writes who looks for any time with anybody: each line searches the diaries of
// every stylist of the category, over days.
func wideScript(n int) string {
	lines := []string{"a haircut next week, any stylist", "other times please", "rather in two weeks", "other times please", "any day would do", "something else?"}
	return lines[n%len(lines)]
}

// allowMuch raises what limits a single customer, as staff could, so that one phone may stand for a
// person who writes every five seconds; and no language model is asked, so that our own time is measured.
func allowMuch(ctx context.Context, conn *pgx.Conn) error {
	for key, value := range map[string]string{"sender.rate_per_min": "100000", "clarify.max": "10", "model.below_percent": "0"} {
		if !slices.Contains(settings.Keys(), key) {
			continue
		}
		_, err := conn.Exec(ctx, `INSERT INTO settings (key, value, updated_by, updated_at) VALUES ($1, $2, 'bench', now())
			ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
		if err != nil {
			return fmt.Errorf("raise %s: %w", key, err)
		}
	}
	return nil
}
