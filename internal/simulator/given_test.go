package simulator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/inbox"
	"frontdesk/internal/settings"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

func (b *bench) diary() *booking.Diary {
	return booking.New(b.cfg.DB, b.cfg.Clock, b.cfg.Queue, settings.New(b.cfg.DB, b.cfg.Clock), b.cfg.Redis)
}

// zone is the salon's.
func (b *bench) zone() *time.Location {
	b.t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		b.t.Fatal(err)
	}
	return zone
}

// free lists every start on a day, "2: 10:30 Salma, 12:30 Dana", in order of time.
func (b *bench) free(date day, minutes int, category models.Category) string {
	b.t.Helper()
	zone := b.zone()
	menu, err := b.diary().Menu(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	from := date.clock(zone, "00:00")
	var list []string
	for _, s := range menu.StylistsFor(category) {
		found, err := b.diary().FindSlots(b.t.Context(), booking.SlotQuery{
			Minutes: minutes, Category: category, StylistID: &s.ID, From: from, To: from.AddDate(0, 0, 1), Offer: 3})
		if err != nil {
			b.t.Fatal(err)
		}
		for _, slot := range found.Slots {
			list = append(list, slot.Span.Start.In(zone).Format("15:04")+" "+s.Names["en"])
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// A phone is called what the scene calls it when it says its first word.
func TestGivenNamesThePhone(t *testing.T) {
	b := newBench(t)
	b.give("S17")
	b.control("say", map[string]any{"from": "+447700900117", "text": "hi"})
	hooks := b.within("the message", func(h []hook) bool { return len(h) == 1 })
	if got := value(change(t, hooks[0]), "contacts", 0, "profile", "name"); got != "🌙Dal🌙" {
		t.Errorf("profile name %v", got)
	}
}

// given replaces whatever people left behind, and can be given again and again.
func TestGivenRemovesPeople(t *testing.T) {
	b := newBench(t)
	conv := b.store(noor, "wamid.1")
	b.hold(conv)
	b.control("say", map[string]any{"from": noor, "text": "hi"})
	b.openSession(nil)
	if err := b.cfg.Redis.Set(t.Context(), "chat:"+conv.ID.String(), []byte("{}"), time.Hour); err != nil {
		t.Fatal(err)
	}
	b.sql("INSERT INTO audit_log (at, actor, action, subject_kind) VALUES (now(), 'system', 'test', 'x')")
	for range 2 {
		if status, answer := b.control("given", map[string]any{"scenario": "S01"}); status != 200 {
			t.Fatalf("given: %d %v", status, answer)
		}
	}
	for _, table := range append([]string{"river_job"}, left...) {
		if n := b.number("SELECT count(*) FROM " + table); n != 0 {
			t.Errorf("%s holds %d rows", table, n)
		}
	}
	if n := b.number("SELECT count(*) FROM audit_log"); n != 1 {
		t.Errorf("the audit log holds %d lines", n)
	}
	kept, err := b.cfg.Redis.Get(t.Context(), "chat:"+conv.ID.String())
	if kept != nil || err != nil {
		t.Errorf("checkpoint %q %v", kept, err)
	}
	_, seen := b.call("GET", "/control/transcript?phone="+noor[1:], nil)
	if len(seen["messages"].([]any)) != 0 || len(b.stripe.sessions) != 0 {
		t.Errorf("transcript %v, %d sessions", seen, len(b.stripe.sessions))
	}
}

// A scene that cannot be given changes nothing: the one before stands, and its time.
func TestGivenIsAllOrNothing(t *testing.T) {
	b := newBench(t)
	b.give("S14")
	b.control("say", map[string]any{"from": "+447700900114", "text": "hi"})
	_, before := b.call("GET", "/control/state?phone=+447700900114", nil)
	b.sql("ALTER TABLE appointment_lines RENAME TO mislaid")
	if status, answer := b.control("given", map[string]any{"scenario": "S02"}); status != 500 {
		t.Errorf("given without a table: %d %v", status, answer)
	}
	b.sql("ALTER TABLE mislaid RENAME TO appointment_lines")
	if at, stopped := clock.StoppedAt(b.cfg.ClockFile); !stopped || !at.Equal(time.Date(2026, 10, 8, 20, 0, 0, 0, time.UTC)) {
		t.Errorf("the clock stands at %v", at)
	}
	if _, after := b.call("GET", "/control/state?phone=+447700900114", nil); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("state\n got %v\nwant %v", after, before)
	}
	_, seen := b.call("GET", "/control/transcript?phone=+447700900114", nil)
	if len(seen["messages"].([]any)) != 1 || len(b.stripe.sessions) != 1 {
		t.Errorf("transcript %v, %d sessions", seen, len(b.stripe.sessions))
	}
	b.mustBegin("S02", models.Spanish)
}

// Others write and book while scenes are given: every scene stands as it should.
func TestGivenWhileTheAppWorks(t *testing.T) {
	b := newBench(t)
	enough, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		box := inbox.New(b.cfg.DB, b.cfg.Clock, b.cfg.Queue)
		registry, talk := customers.New(b.cfg.DB, b.cfg.Clock), thread.New(b.cfg.DB, b.cfg.Clock, b.cfg.Queue, b.cfg.Redis)
		for n := 0; ; n++ {
			select {
			case <-enough:
				return
			default:
			}
			// What it writes may be swept away under its hands; it must never be in the way.
			ctx, id := context.Background(), fmt.Sprintf("wamid.%d", n)
			_, _ = box.Accept(ctx, models.ProviderWhatsApp, []inbox.Event{{ID: id, Kind: models.EventMessage, Sender: noor, Payload: []byte("{}")}})
			contact, err := registry.Contact(ctx, models.ChannelWhatsApp, fmt.Sprintf("+4477009001%02d", 50+n%10), "Nadia")
			if err != nil {
				continue
			}
			if conv, err := talk.Of(ctx, contact, models.English); err == nil {
				_, _, _ = talk.Receive(ctx, conv, models.InboundMessage{ProviderID: id, Content: models.Content{Kind: models.KindText, Text: "hi"}})
			}
		}
	}()
	for range 3 {
		for _, scenario := range []string{"S03", "S11", "S12", "S16"} {
			if status, answer := b.control("given", map[string]any{"scenario": scenario}); status != 200 {
				t.Errorf("given %s: %d %v", scenario, status, answer)
			}
			_, state := b.call("GET", "/control/state?phone="+strings.Fields(beginnings[scenario].who)[0][1:], nil)
			if got := shown(state); !slices.Equal(got, beginnings[scenario].visits) {
				t.Errorf("%s: visits\n got %q\nwant %q", scenario, got, beginnings[scenario].visits)
			}
		}
	}
	close(enough)
	<-ended
	b.mustBegin("S18", models.English)
}
