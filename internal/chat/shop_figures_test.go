package chat

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/funnel"
	"frontdesk/internal/testkit"
)

// steps are the acts that were kept, in their order, with the step of those that have one; of tests in brackets.
func (s *house) steps() []string {
	s.t.Helper()
	var rows []struct {
		Kind, Channel, Step string
		Test                bool
	}
	s.must(s.DB.On(s.ctx).Raw("SELECT kind, channel, coalesce(step, '') AS step, test FROM funnel_events ORDER BY at, id").Scan(&rows).Error)
	steps := make([]string, len(rows))
	for i, r := range rows {
		steps[i] = strings.TrimSuffix(r.Channel+" "+r.Kind+" "+r.Step, " ")
		if r.Test {
			steps[i] = "(" + steps[i] + ")"
		}
	}
	return steps
}

func (s *house) counts(t *testing.T, want ...string) {
	t.Helper()
	if got := s.steps(); !slices.Equal(got, want) {
		t.Errorf("kept:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// counting opens a house with a shop whose acts are kept.
func counting(t *testing.T) *house {
	s := openHouse(t, "2026-10-06 10:00")
	s.Funnel = funnel.New(s.DB, s.Clock, s.Settings)
	s.stocked()
	return s
}

// each step on the way through the shop is kept once, whatever it takes of questions; what somebody says about a
// visit is none.
func TestStepsThroughTheShopAreCounted(t *testing.T) {
	t.Parallel()
	s := counting(t)
	s.returning("Maya", "Stone", "en")
	for _, text := range []string{"browse", "add OIL-ARG-100", "checkout", "[I agree]", "Elm Street 4", "28010 Madrid", "Spain", "[No note]", "[Cash on delivery]", "[Yes, order]"} {
		s.writes(text)
	}
	order := []string{
		"whatsapp wa_intent browse", "whatsapp add_to_cart", "whatsapp wa_intent add", "whatsapp wa_intent checkout", "whatsapp start_checkout", "whatsapp pay",
	}
	s.counts(t, order...)
	s.writes("where is my order?")
	s.writes("return")
	s.writes("cancel my order")
	s.writes("[Keep it]")
	s.writes("when is my appointment?")
	s.writes("can I talk to a person?")
	s.counts(t, append(order, "whatsapp wa_intent status", "whatsapp wa_intent return", "whatsapp wa_intent give_up", "whatsapp wa_intent person")...)
}

// a line of a rehearsal is kept as a preview, once and with what it wanted; nothing of it counts as a customer's.
func TestRehearsalsAreCountedAsPreviews(t *testing.T) {
	t.Parallel()
	s := counting(t)
	for _, text := range []string{"show hair-care", "add OIL-ARG-100", "checkout", "haircut on Friday", "where is my order?"} {
		if _, err := s.Rehearse(context.Background(), Rehearsal{Who: "somebody", Text: text, Language: "en"}); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	}
	s.counts(t, "api wa_preview show", "(whatsapp add_to_cart)", "api wa_preview add", "api wa_preview checkout", "api wa_preview", "api wa_preview status")
}

// the number of somebody else's order is found as little as one that is nobody's, in the same words.
func TestAStrangersOrderIsNotFound(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.stocked()
	number := s.stranger()
	s.returning("Maya", "Stone", "en")
	s.writes("hello")
	s.heard()
	for _, ask := range []string{"status", "return", "cancel order"} {
		s.writes(ask + " " + number)
		got := s.heard()
		s.writes(ask + " LU-9999-9998")
		nobodys := s.heard()
		if masked(got) != masked(nobodys) || !strings.Contains(got, "I don't find") {
			t.Errorf("%s: of another's order\n%s\nof nobody's\n%s", ask, got, nobodys)
		}
	}
	if o := s.orders()[0]; o.Status.Final() || len(o.Items) != 1 {
		t.Errorf("the stranger's order is %s", o.Status)
	}
}

// What is put into a cart first on a day needs one connection, and counts as its conversation's.
func TestTheFirstStepOfADayNeedsOneConnection(t *testing.T) {
	t.Parallel()
	s := counting(t)
	s.returning("Maya", "Stone", "en")
	s.writes("browse")
	s.hand.Advance(24 * time.Hour)
	testkit.OneConnection(t, s.DB)
	s.writes("add OIL-ARG-100")
	var nobodys int
	s.must(s.DB.On(s.ctx).Raw("SELECT count(*) FROM funnel_events WHERE visit IS NULL").Scan(&nobodys).Error)
	if nobodys > 0 {
		t.Errorf("%d acts are nobody's", nobodys)
	}
}
