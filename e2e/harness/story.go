package harness

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/models"
)

// Story is something between the salon and a customer that has one right end, whatever breaks on the
// way: play it undisturbed, play it with trouble, compare the Endings.
type Story struct {
	Name     string
	Scenario string // whose Given it starts from
	Before   []Step // what has happened when the trouble may begin
	Steps    []Step
}

// Step is one thing that somebody does. It waits until what they would see has come, tries again what
// failed, and may therefore be done on a broken stack that somebody repairs meanwhile.
type Step func(t testing.TB, a *App, phone string)

// Begin sets the scene, plays what happened before, and returns the customer's phone.
func (s Story) Begin(t testing.TB, a *App) (phone string) {
	t.Helper()
	phone, _ = a.For(t).Given(s.Scenario, models.English)
	a.For(t).begin()
	for _, step := range s.Before {
		step(t, a.For(t), phone)
	}
	a.For(t).Rest()
	return phone
}

// Tell plays the steps. When it returns, work may still be under way: see App.Rest.
func (s Story) Tell(t testing.TB, a *App, phone string) {
	t.Helper()
	for _, step := range s.Steps {
		step(t, a.For(t), phone)
	}
}

// Ending is everything a story leaves behind that a person could see or an accountant would count.
type Ending struct {
	Customer string // what their phone received
	Staff    string // what the stylists' phones received, and everybody's mail
	Visits   string // as the product believes them, with their history and reminders
	Calendar string // as the stylists' own calendars show them
	Money    string // payments, refunds, what the customer has spent
	Desk     string // cases, messages that did not go out
	Notices  string // to whom and how
	Links    int    // different payment links
	Dead     int    // jobs that were given up
}

// String is the ending for a person who looks for what differs.
func (e Ending) String() string {
	return fmt.Sprintf("customer received:\n%s\nstaff received:\n%s\nvisits:\n%s\ncalendars:\n%s\nmoney:\n%s\ndesk:\n%s\nnotices:\n%s\nlinks: %d, dead letters: %d",
		e.Customer, e.Staff, e.Visits, e.Calendar, e.Money, e.Desk, e.Notices, e.Links, e.Dead)
}

// End waits until nothing is left to do and looks.
func (s Story) End(t testing.TB, a *App, phone string) Ending {
	t.Helper()
	a = a.For(t)
	a.Rest()
	e := Ending{
		Customer: anonymous(a.Received(phone)),
		Visits:   a.rows(visitRows),
		Money:    a.rows(moneyRows),
		Desk:     a.rows(deskRows),
		Notices:  a.rows(noticeRows),
		Dead:     int(a.Number("SELECT count(*) FROM river_job WHERE state IN ('discarded', 'cancelled') AND kind NOT IN ('sweep.due', 'calendar.read')")),
	}
	for _, stylist := range StylistPhones() {
		if texts := append(a.Received(stylist), slices.Compact(a.Texts(stylist))...); len(texts) > 0 {
			e.Staff += stylist + ":\n" + anonymous(texts) + "\n"
		}
	}
	e.Staff += anonymous(a.letters())
	for _, stylist := range stylists() {
		for _, entry := range a.Calendar(stylist) {
			e.Calendar += stylist + ": " + entry + "\n"
		}
	}
	links := map[string]bool{}
	for _, m := range a.Transcript(phone) {
		if m.URL != "" && !strings.HasSuffix(m.URL, "/privacy") {
			links[m.URL] = true
		}
	}
	e.Links = len(links)
	return e
}

// Play is the whole story, undisturbed.
func (s Story) Play(t testing.TB, a *App) Ending {
	t.Helper()
	phone := s.Begin(t, a)
	s.Tell(t, a, phone)
	return s.End(t, a, phone)
}

// StylistPhones are where the demo salon's stylists get their notices.
func StylistPhones() []string {
	return []string{"+447700900201", "+447700900202", "+447700900203", "+447700900204", "+447700900205"}
}

func stylists() []string { return []string{"salma", "dana", "iris", "omar", "bruno"} }

var anyLink = regexp.MustCompile(`https?://\S+`)

func anonymous(texts []string) string {
	return anyLink.ReplaceAllString(strings.Join(texts, "\n---\n"), "<link>")
}

// What an ending reads from the database: one column of text each.
const (
	visitRows = `
		SELECT concat_ws(' ', 'visit', a.status, a.deposit_state, s.code, a.starts_at AT TIME ZONE 'UTC', a.total_minor, a.deposit_minor, a.hold_expires_at AT TIME ZONE 'UTC',
				CASE WHEN a.reminder_sent_at IS NOT NULL THEN 'reminded' END, CASE WHEN a.reminder_confirmed_at IS NOT NULL THEN 'and coming' END)
			FROM appointments a JOIN stylists s ON s.id = a.stylist_id
		UNION ALL SELECT concat_ws(' ', 'was', from_status, from_deposit, 'became', to_status, to_deposit, reason) FROM appointment_events`
	moneyRows = `
		SELECT concat_ws(' ', 'payment', state, amount_minor, received_minor) FROM payments
		UNION ALL SELECT concat_ws(' ', 'refund', state, amount_minor, reason) FROM refunds
		UNION ALL SELECT concat_ws(' ', 'customer', name, surname, 'spent', total_spent_minor) FROM customers`
	deskRows = `
		SELECT concat_ws(' ', 'case', reason, status) FROM cases
		UNION ALL SELECT concat_ws(' ', 'message', class, status) FROM messages
			WHERE direction = 'out' AND status IN ('queued', 'sending', 'failed', 'suppressed')
				OR direction = 'in' AND status = 'received'`
	noticeRows = `
		SELECT concat_ws(' ', 'notice', event, channel, CASE WHEN urgent THEN 'urgent' END, CASE WHEN reached_at IS NOT NULL THEN 'reached' END, CASE WHEN given_up_at IS NOT NULL THEN 'given up' END) FROM notices
		UNION ALL SELECT concat_ws(' ', 'delivery', n.event, d.channel, d.status, d.code) FROM notice_deliveries d JOIN notices n ON n.id = d.notice_id`
)

// Rest waits until nothing is left to do: no job waits, not even for a retry, and no webhook is under
// way. Sweeps come and go.
func (a *App) Rest() {
	a.t.Helper()
	// Webhooks become jobs and jobs become webhooks: none of the one between two looks at none of the other.
	Until(a.t, "nothing is left to do", func() bool { return a.settled() && a.finished() && a.settled() && a.finished() })
}

func (a *App) settled() bool {
	var got struct{ Idle bool }
	return a.Control("settle", map[string]any{"timeout_ms": waitMS}, &got) == nil && got.Idle
}

// finished looks whether a job is left, and again for a while on the same connection when one is. A
// database that is away for a moment is not at rest.
func (a *App) finished() bool {
	const unfinished = `SELECT count(*) FROM river_job WHERE kind <> 'sweep.due'
		AND state IN ('available', 'pending', 'running', 'retryable', 'scheduled')`
	left := int64(1)
	err := a.tryQuery(func(ctx context.Context, conn *pgx.Conn) error {
		for range 100 {
			if err := conn.QueryRow(ctx, unfinished).Scan(&left); err != nil || left == 0 {
				return err
			}
			time.Sleep(pollEvery)
		}
		return nil
	})
	return err == nil && left == 0
}

// pollEvery is how often the harness looks again: often enough for nobody to wait, seldom enough to leave
// the machine to the program.
const pollEvery = 25 * time.Millisecond

// Until waits until the condition holds and fails the test when it does not within Patience.
func Until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(Patience); !holds(); time.Sleep(pollEvery) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", Patience, what)
		}
	}
}
