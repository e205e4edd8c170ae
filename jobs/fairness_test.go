package jobs

import (
	"context"
	"fmt"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/inbox"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// A sender with hundreds of messages occupies one worker at a time: whoever writes after them is
// answered long before their last message is, and theirs are all answered, in their order.
func TestOneSenderDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	const many = 200
	ctx := context.Background()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db, redis := testkit.DB(t, c), testkit.Redis(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	texts, err := i18n.Load()
	must(err)
	q, policies, library := queue.New(db), settings.New(db, c), content.New(db, texts, c)
	must(booking.Seed(ctx, db, c))
	must(library.Seed(ctx))
	must(policies.Set(ctx, "sender.rate_per_min", 1000, "system")) // whom the limit holds back holds up nobody anyway
	talk := thread.New(db, c, q, redis)
	rules := Rules{Inbox: inbox.New(db, c, q), Chat: chat.New(chat.Rooms{
		DB: db, Clock: c, Queue: q, Redis: redis, Settings: policies, Customers: customers.New(db, c), Thread: talk, Content: library,
		Diary: booking.New(db, c, q, policies, redis), Desk: handoff.New(db, c, q, policies, talk, redis),
		BaseURL: func() string { return "https://luma.test" },
	})}

	said := func(sender, id string) inbox.Event {
		return inbox.Event{ID: id, Kind: models.EventMessage, Sender: sender, Payload: fmt.Appendf(nil,
			`{"channel":"whatsapp","from":%q,"profile_name":"Maya","provider_id":%q,"content":{"kind":"text","text":"haircut"}}`, sender, id)}
	}
	busy, quiet := "+447700900101", "+447700900102"
	var events []inbox.Event
	for i := range many {
		events = append(events, said(busy, fmt.Sprintf("wamid.%03d", i)))
	}
	events = append(events, said(quiet, "wamid.other"))
	for _, phone := range []string{busy, quiet} {
		visited := c.Now().AddDate(0, -1, 0)
		must(db.On(ctx).Create(&models.Customer{ID: models.NewID(), Name: "Maya", Surname: "Stone", Phone: &phone, Language: "en", LastVisitAt: &visited}).Error)
	}
	_, err = rules.Inbox.Accept(ctx, models.ProviderWhatsApp, events)
	must(err)

	atWork(t, rules, options(db))
	count := func(sql string, args ...any) (n int) {
		t.Helper()
		must(db.On(ctx).Raw(sql, args...).Scan(&n).Error)
		return n
	}
	const answers = `SELECT count(*) FROM messages m JOIN conversations v ON v.id = m.conversation_id JOIN contacts c ON c.id = v.contact_id
		WHERE m.direction = 'out' AND c.address = ?`
	testkit.Eventually(t, 2*time.Minute, "everybody is answered", func() bool {
		return count(answers, busy) == many && count(answers, quiet) == 1
	})
	before := count(answers+` AND m.id < (SELECT o.id FROM messages o JOIN conversations ov ON ov.id = o.conversation_id
		JOIN contacts oc ON oc.id = ov.contact_id WHERE o.direction = 'out' AND oc.address = ?)`, busy, quiet)
	if before > many/2 {
		t.Errorf("%d of %d messages of one sender were answered before another sender's only one", before, many)
	}
	if wrong := count(`SELECT count(*) FROM (SELECT provider_id, lag(provider_id) OVER (ORDER BY seq) AS earlier
		FROM messages WHERE direction = 'in' AND provider_id <> 'wamid.other') m WHERE earlier > provider_id`); wrong != 0 {
		t.Errorf("%d messages stand out of order", wrong)
	}
}
