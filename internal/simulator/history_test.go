package simulator

import (
	"slices"
	"testing"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/handoff"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

// till takes and gives money back as the product does, at the stand-in.
func (b *bench) till() *checkout.Till {
	c := b.cfg
	policies, talk := settings.New(c.DB, c.Clock), thread.New(c.DB, c.Clock, c.Queue, c.Redis)
	desk := handoff.New(c.DB, c.Clock, c.Queue, policies, talk, c.Redis)
	provider := stripeapi.New(stripeapi.Config{BaseURL: b.URL() + "/stripe", SecretKey: c.StripeKey})
	return checkout.New(c.DB, c.Clock, c.Queue, b.diary(), desk, provider, b.shop(), policies, c.Redis, b.texts, c.AppURL)
}

func (b *bench) shop() *shop.Shop {
	c := b.cfg
	return shop.New(c.DB, c.Clock, c.Queue, settings.New(c.DB, c.Clock), c.Redis)
}

func (b *bench) give(scenario string) {
	b.t.Helper()
	if status, answer := b.control("given", map[string]any{"scenario": scenario}); status != 200 {
		b.t.Fatalf("given %s: %d %v", scenario, status, answer)
	}
}

// A visit of the past has the history, the totals and the money that booking and paying it left.
func TestGivenVisitsHaveTheirHistory(t *testing.T) {
	b := newBench(t)
	b.give("S16")
	var steps []string
	rows, err := b.cfg.DB.Pool.Query(t.Context(), `SELECT reason || ' ' || actor || ' ' || to_char(at AT TIME ZONE 'Europe/Madrid', 'DD Mon HH24:MI')
		FROM appointment_events ORDER BY at, id`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var step string
		if err := rows.Scan(&step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	want := []string{"hold.created customer 02 Sep 19:01", "payment.completed stripe 02 Sep 19:05", "visit.completed system 07 Sep 12:10"}
	if !slices.Equal(steps, want) {
		t.Errorf("history %q, want %q", steps, want)
	}
	if n := b.number(`SELECT count(*) FROM customers c JOIN stylists s ON s.id = c.preferred_stylist_id
		WHERE s.code = 'salma' AND c.total_spent_minor = 4710 AND c.last_visit_at = '2026-09-07T09:00:00Z' AND c.created_at < c.last_visit_at`); n != 1 {
		t.Error("the customer's totals do not show the visit")
	}
	if n := b.number(`SELECT count(*) FROM payments WHERE state = 'paid' AND amount_minor = 942 AND received_minor = 942 AND received_in = 'EUR'
		AND session_id LIKE 'cs_test_%' AND payment_intent LIKE 'pi_%' AND paid_at = '2026-09-02T17:05:00Z' AND closed_at IS NOT NULL`); n != 1 {
		t.Error("the deposit's payment is not as the provider left it")
	}
	if n := b.number(`SELECT count(*) FROM messages m JOIN conversations v ON v.id = m.conversation_id
		WHERE m.direction = 'out' AND m.status = 'delivered' AND m.language = 'en' AND m.created_at = '2026-09-02T17:05:00Z'
		AND m.delivered_at = m.created_at AND v.last_message_at = m.created_at AND m.content->>'text' LIKE '%11:00%'`); n != 1 {
		t.Error("the customer was not told that the visit stands")
	}
	if n := b.number("SELECT count(*) FROM provider_events WHERE outcome = 'confirmed' AND processed_at IS NOT NULL"); n != 1 {
		t.Errorf("%d payment events were applied", n)
	}
}

// The next visit of Bruno is somebody else's: nobody whose phone plays.
func TestGivenS11HasTheNextVisit(t *testing.T) {
	b := newBench(t)
	b.give("S11")
	if n := b.number(`SELECT count(*) FROM appointments a JOIN stylists s ON s.id = a.stylist_id JOIN customers c ON c.id = a.customer_id
		WHERE s.code = 'bruno' AND a.status = 'confirmed' AND a.starts_at = '2026-10-08T15:40:00Z' AND a.ends_at = '2026-10-08T16:20:00Z'
		AND a.deposit_state = 'paid' AND c.phone IS NULL`); n != 1 {
		t.Error("nobody comes to Bruno at 17:40")
	}
}

// The payment of a visit that was given can be given back at the provider, and cannot be paid again.
func TestGivenPaymentsAreTheProvidersToo(t *testing.T) {
	b := newBench(t)
	b.give("S14")
	till := b.till()
	var visit models.Appointment
	if err := b.cfg.DB.On(t.Context()).Take(&visit).Error; err != nil {
		t.Fatal(err)
	}
	if err := till.Void(t.Context(), visit.ID); err != nil {
		t.Errorf("void: %v", err)
	}
	act := booking.Act{ID: visit.ID, Version: visit.Version, Actor: "staff:" + models.NewID().String(), Reason: "goodwill"}
	if _, err := till.Cancel(t.Context(), checkout.CancelRequest{Act: act, Refund: checkout.RefundFull}); err != nil {
		t.Fatal(err)
	}
	var refund models.Refund
	if err := b.cfg.DB.On(t.Context()).Take(&refund).Error; err != nil {
		t.Fatal(err)
	}
	if err := till.SendRefund(t.Context(), refund.ID); err != nil {
		t.Fatal(err)
	}
	if n := b.number(`SELECT count(*) FROM appointments a JOIN payments p ON p.appointment_id = a.id
		WHERE a.status = 'cancelled' AND a.deposit_state = 'refunded' AND p.state = 'refunded'`); n != 1 {
		t.Error("the deposit did not go back")
	}
	b.within("the provider tells of it", func(h []hook) bool { return len(h) == 1 })
	_, events := b.call("GET", "/stripe/v1/events", nil, "Authorization", "Bearer "+testStripe)
	if value(events, "data", 0, "type") != "charge.refunded" || value(events, "data", 1, "type") != "checkout.session.completed" {
		t.Errorf("the provider remembers %v", events)
	}
}

// Policies that staff changed go back, and their history says so.
func TestGivenRevertsPoliciesInTheOpen(t *testing.T) {
	b := newBench(t)
	policies := settings.New(b.cfg.DB, b.cfg.Clock)
	staff := "staff:" + models.NewID().String()
	for key, v := range map[string]any{"deposit.percent": 30, "salon.timezone": "Asia/Dubai", "salon.currency": "USD"} {
		if err := policies.Set(t.Context(), key, v, staff); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		b.mustBegin("S03", models.English)
	}
	now, err := policies.Policies(t.Context())
	if err != nil || now.DepositPercent != 20 || now.Timezone != "Europe/Madrid" || now.Currency != "EUR" {
		t.Errorf("policies %+v, %v", now, err)
	}
	past, err := policies.History(t.Context(), "deposit.percent")
	if err != nil || len(past) != 2 || past[0].Actor != "system" || past[0].Reason != "demo: S03" || past[0].Was != 30 || past[0].Is != 20 {
		t.Errorf("history %+v, %v", past, err)
	}
}
