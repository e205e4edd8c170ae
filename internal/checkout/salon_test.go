package checkout_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76/webhook"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Tuesday 6 October 2026, 10:00 in the salon.
var opening = time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC)

// friday is S01's time: Friday 9 October, 12:30 in the salon.
var friday = time.Date(2026, 10, 9, 10, 30, 0, 0, time.UTC)

// salon is the demo salon with a till and a stand-in for Stripe.
type salon struct {
	t        *testing.T
	db       *database.DB
	clock    clock.Clock
	hand     *clock.Hand
	queue    *queue.Queue
	settings *settings.Store
	diary    *booking.Diary
	desk     *handoff.Desk
	till     *checkout.Till
	goods    *shop.Shop
	stripe   *double
	menu     booking.Menu
	guests   int
}

func openSalon(t *testing.T) *salon {
	t.Helper()
	t.Parallel()
	c, hand := clock.Fixed(opening)
	db := testkit.DB(t, c)
	redis, q := testkit.Redis(t), queue.New(db)
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := &salon{t: t, db: db, clock: c, hand: hand, queue: q, settings: settings.New(db, c), stripe: newDouble(t)}
	if err := booking.Seed(context.Background(), db, c); err != nil {
		t.Fatal(err)
	}
	s.diary = booking.New(db, c, q, s.settings, redis)
	s.desk = handoff.New(db, c, q, s.settings, thread.New(db, c, q, redis), redis)
	s.goods = shop.New(db, c, q, s.settings, redis)
	client := stripeapi.New(stripeapi.Config{BaseURL: s.stripe.url, SecretKey: "sk_test", BreakerThreshold: 1000})
	s.till = checkout.New(db, c, q, s.diary, s.desk, client, s.goods, s.settings, redis, texts, func() string { return "https://salon.test" })
	if s.menu, err = s.diary.Menu(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *salon) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// guest is a customer with a conversation.
type guest struct {
	customer     models.Customer
	conversation models.Conversation
}

func (s *salon) guest() guest {
	s.t.Helper()
	s.guests++
	now, phone := s.clock.Now(), fmt.Sprintf("+4477009001%02d", s.guests)
	customer := models.Customer{ID: models.NewID(), Name: "Noor", Surname: "Haddad", Phone: &phone, Language: "es", CreatedAt: now, UpdatedAt: now}
	contact := models.Contact{ID: models.NewID(), Channel: models.ChannelWhatsApp, Address: phone, CustomerID: &customer.ID, CreatedAt: now, UpdatedAt: now}
	conv := models.Conversation{ID: models.NewID(), ContactID: contact.ID, Language: "es", State: []byte("{}"), CreatedAt: now, UpdatedAt: now}
	for _, row := range []any{&customer, &contact, &conv} {
		s.must(s.db.On(context.Background()).Create(row).Error)
	}
	return guest{customer, conv}
}

// hold books the pack (80.00, deposit 16.00) with Dana on Friday 12:30 and asks for the deposit.
func (s *salon) hold(g guest) (models.Appointment, models.Payment) {
	s.t.Helper()
	return s.holdAt(g, friday)
}

func (s *salon) holdAt(g guest, at time.Time) (visit models.Appointment, p models.Payment) {
	s.t.Helper()
	s.must(s.db.InTx(context.Background(), func(ctx context.Context) (err error) {
		if visit, err = s.diary.Hold(ctx, s.holdRequest(g, at)); err != nil {
			return err
		}
		p, err = s.till.RequestDeposit(ctx, visit)
		return err
	}))
	return visit, p
}

func (s *salon) holdRequest(g guest, at time.Time) booking.HoldRequest {
	return booking.HoldRequest{
		ConversationID: &g.conversation.ID, CustomerID: g.customer.ID, BookedByID: g.customer.ID,
		StylistID: s.stylist("dana"), PackID: &s.menu.Packs[0].ID, StartsAt: at, Actor: "customer",
	}
}

func (s *salon) stylist(code string) models.ID {
	s.t.Helper()
	for _, st := range s.menu.Stylists {
		if strings.EqualFold(st.Code, code) {
			return st.ID
		}
	}
	s.t.Fatalf("no stylist %q among %v", code, s.menu.Stylists)
	return models.ID{}
}

// open gets the payment's link.
func (s *salon) open(p models.Payment) models.Payment {
	s.t.Helper()
	s.must(s.till.OpenSession(context.Background(), p.ID))
	return s.payment(p.ID)
}

func (s *salon) payment(id models.ID) models.Payment {
	s.t.Helper()
	p, err := s.till.Payment(context.Background(), id)
	s.must(err)
	return p
}

func (s *salon) visit(id models.ID) models.Appointment {
	s.t.Helper()
	a, err := s.diary.Appointment(context.Background(), id)
	s.must(err)
	return a
}

func (s *salon) refunds(id models.ID) []models.Refund {
	s.t.Helper()
	rows, err := s.till.Refunds(context.Background(), []models.ID{id})
	s.must(err)
	return rows[id]
}

func (s *salon) cases(g guest) []models.Case {
	s.t.Helper()
	rows, err := s.desk.OfConversation(context.Background(), g.conversation.ID)
	s.must(err)
	return rows
}

// tells are the events the conversation was to be told, in order.
func (s *salon) tells() []string {
	s.t.Helper()
	out := []string{}
	for _, raw := range testkit.Jobs(s.t, s.db, queue.Tell{}.Kind()) {
		var args queue.Tell
		s.must(json.Unmarshal(raw, &args))
		out = append(out, args.Event)
	}
	return out
}

func (s *salon) count(kind string) int { return len(testkit.Jobs(s.t, s.db, kind)) }

// wantTells checks everything the conversation was told.
func (s *salon) wantTells(want ...string) {
	s.t.Helper()
	if got := s.tells(); strings.Join(got, " ") != strings.Join(want, " ") {
		s.t.Errorf("told %v, want %v", got, want)
	}
}

func (s *salon) wantVisit(id models.ID, status models.AppointmentStatus, deposit models.DepositState) {
	s.t.Helper()
	if a := s.visit(id); a.Status != status || a.DepositState != deposit {
		s.t.Errorf("visit is %s with its deposit %s, want %s and %s", a.Status, a.DepositState, status, deposit)
	}
}

func (s *salon) wantPayment(id models.ID, want models.PaymentState) {
	s.t.Helper()
	if p := s.payment(id); p.State != want {
		s.t.Errorf("payment is %s (%s), want %s", p.State, p.ErrorCode, want)
	}
}

// sendRefunds works the jobs that pay refunds out.
func (s *salon) sendRefunds() error {
	for _, raw := range testkit.Jobs(s.t, s.db, queue.RefundSend{}.Kind()) {
		var args queue.RefundSend
		s.must(json.Unmarshal(raw, &args))
		if err := s.till.SendRefund(context.Background(), args.RefundID); err != nil {
			return err
		}
	}
	return nil
}

// event is one event of Stripe's.
type event struct {
	id, kind string
	object   map[string]any
}

// store keeps an event as the webhook does: signed, verified, its JSON as it came.
func (s *salon) store(e event) models.ID {
	s.t.Helper()
	raw, err := json.Marshal(map[string]any{
		"id": e.id, "object": "event", "api_version": "2023-10-16", "livemode": false, "type": e.kind,
		"data": map[string]any{"object": e.object},
	})
	s.must(err)
	now := time.Now()
	header := fmt.Sprintf("t=%d,v1=%s", now.Unix(), hex.EncodeToString(webhook.ComputeSignature(now, raw, "whsec")))
	read, err := stripeapi.VerifyEvent(raw, header, []string{"whsec"}, 0)
	s.must(err)
	row := models.ProviderEvent{
		ID: models.NewID(), Provider: models.ProviderStripe, EventID: read.ID, Kind: read.Type,
		Payload: json.RawMessage(read.Raw), ReceivedAt: s.clock.Now(),
	}
	s.must(s.db.On(context.Background()).Create(&row).Error)
	return row.ID
}

// apply stores an event and applies it.
func (s *salon) apply(e event) string {
	s.t.Helper()
	id := s.store(e)
	s.must(s.till.Apply(context.Background(), id))
	return s.outcome(id)
}

func (s *salon) outcome(id models.ID) string {
	s.t.Helper()
	var row models.ProviderEvent
	s.must(s.db.On(context.Background()).Where("id = ?", id).Take(&row).Error)
	if (row.ProcessedAt == nil) != (row.Outcome == "") {
		s.t.Errorf("event processed at %v with outcome %q", row.ProcessedAt, row.Outcome)
	}
	return row.Outcome
}

// session is the object of a checkout event about the payment.
func session(p models.Payment, status string, minor int64) map[string]any {
	id := "cs_" + p.ID.String()
	if p.SessionID != nil {
		id = *p.SessionID
	}
	return map[string]any{
		"id": id, "object": "checkout.session", "payment_status": status, "amount_total": minor, "currency": "eur",
		"payment_intent": "pi_" + p.ID.String(), "client_reference_id": p.ID.String(),
		"metadata": map[string]string{"payment_id": p.ID.String(), "appointment_id": p.AppointmentID.String()},
	}
}

func paid(id string, p models.Payment) event {
	return event{id, stripeapi.SessionCompletedEvent, session(p, "paid", p.AmountMinor)}
}

func sessionExpired(id string, p models.Payment) event {
	return event{id, stripeapi.SessionExpiredEvent, session(p, "unpaid", p.AmountMinor)}
}

func declined(id string, p models.Payment) event {
	return event{id, stripeapi.PaymentFailedEvent, map[string]any{
		"id": "pi_" + p.ID.String(), "object": "payment_intent", "amount": p.AmountMinor, "currency": "eur",
		"metadata":           map[string]string{"payment_id": p.ID.String()},
		"last_payment_error": map[string]string{"code": "card_declined", "decline_code": "generic_decline"},
	}}
}

func refunded(id string, p models.Payment, minor int64) event {
	return event{id, stripeapi.ChargeRefundedEvent, map[string]any{
		"id": "ch_" + p.ID.String(), "object": "charge", "amount": p.AmountMinor, "amount_refunded": minor, "currency": "eur",
		"payment_intent": "pi_" + p.ID.String(), "metadata": map[string]string{"payment_id": p.ID.String()},
	}}
}
