package simulator

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/models"
)

// hold books a customer of a conversation through the diary.
func (b *bench) hold(conv models.Conversation) models.Appointment {
	b.t.Helper()
	ctx := b.t.Context()
	registry := customers.New(b.cfg.DB, b.cfg.Clock)
	contact, err := registry.ContactByID(ctx, conv.ContactID)
	if err != nil {
		b.t.Fatal(err)
	}
	who, err := registry.Register(ctx, contact, "Noor", "Haddad", models.English)
	if err != nil {
		b.t.Fatal(err)
	}
	menu, err := b.diary().Menu(ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	zone := b.zone()
	if err := clock.Stop(b.cfg.ClockFile, time.Date(2026, 10, 6, 10, 0, 0, 0, zone)); err != nil {
		b.t.Fatal(err)
	}
	pack := menu.Packs[0]
	held, err := b.diary().Hold(ctx, booking.HoldRequest{
		ConversationID: &conv.ID, CustomerID: who.ID, BookedByID: who.ID, StylistID: menu.Stylists[1].ID,
		PackID: &pack.ID, StartsAt: time.Date(2026, 10, 9, 12, 30, 0, 0, zone), Actor: "customer",
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return held
}

func TestStateShape(t *testing.T) {
	b := newBench(t)
	conv := b.store(noor, "wamid.1")
	held := b.hold(conv)
	b.sql(`INSERT INTO cases (id, conversation_id, reason, status, language, summary, opened_at)
		VALUES ($1, $2, 'manual_request', 'open', 'en', 'Wants a person', now())`, models.NewID(), conv.ID)
	b.sql("UPDATE conversations SET human_until = '2026-10-07T00:00:00Z'")
	_, state := b.call("GET", "/control/state?phone=+447700900101", nil)
	one := value(state, "appointments", 0)
	want := map[string]any{
		"id": held.ID.String(), "status": "provisional", "services": []any{"HIGHLIGHTS", "CUT"}, "pack": "PACK_HC",
		"stylist": "Dana", "starts_at": "2026-10-09T12:30:00+02:00", "ends_at": "2026-10-09T13:30:00+02:00",
		"for_name": "Noor Haddad", "total_minor": 8000.0, "deposit_minor": 1600.0, "deposit_state": "pending",
		"hold_expires_at": "2026-10-06T10:30:00+02:00",
	}
	if fmt.Sprint(one) != fmt.Sprint(want) {
		t.Errorf("appointment\n got %v\nwant %v", one, want)
	}
	if state["human_mode"] != true || value(state, "cases", 0, "reason") != "manual_request" || value(state, "cases", 0, "summary") != "Wants a person" {
		t.Errorf("state %v", state)
	}
	if orders, ok := state["orders"].([]any); !ok || len(orders) != 0 {
		t.Errorf("orders %v", state["orders"])
	}
	if value(state, "customer", "surname") != "Haddad" || value(state, "customer", "phone") != noor {
		t.Errorf("customer %v", state["customer"])
	}
}

// A visit somebody booked for another is theirs too, and says who comes; whoever is unknown has empty lists.
func TestStateOfOthers(t *testing.T) {
	b := newBench(t)
	held := b.hold(b.store(noor, "wamid.1"))
	mother, group := models.NewID(), models.NewID()
	b.sql("INSERT INTO customers (id, name, surname, language, created_at, updated_at) VALUES ($1, 'Samira', 'Nasser', 'ar', now(), now())", mother)
	b.sql("UPDATE appointments SET customer_id = $1, group_id = $2 WHERE id = $3", mother, group, held.ID)
	_, state := b.call("GET", "/control/state?phone=0044%207700%20900101", nil)
	if one := value(state, "appointments", 0); value(one, "for_name") != "Samira Nasser" || value(one, "group_id") != group.String() {
		t.Errorf("booked for another: %v", one)
	}
	b.sql("UPDATE appointments SET for_name = 'Mum' WHERE id = $1", held.ID)
	_, state = b.call("GET", "/control/state?phone="+noor[1:], nil)
	if got := value(state, "appointments", 0, "for_name"); got != "Mum" {
		t.Errorf("a name that was said: %v", got)
	}
	_, nobody := b.call("GET", "/control/state?phone=%2B447700900199", nil)
	want := map[string]any{"customer": nil, "human_mode": false, "appointments": []any{}, "cases": []any{}, "orders": []any{}}
	if !reflect.DeepEqual(nobody, want) {
		t.Errorf("nobody: %v", nobody)
	}
}
