// Package checkout owns orders and deposits: making them, asking for their money, applying what the payment
// provider says, and giving money back. Every received cent ends in a visit, in an order or in a refund (product
// rule 2); every event may come late, twice or out of order (C1) and ends in the same state. It never calls the
// provider inside a transaction, never confirms a visit itself (booking does), never changes a cart or what there
// is of a product (shop does) and never sees a card.
//
// Locks are taken in one order everywhere: conversation, customer, stylist, appointment (booking's Lock
// takes those), cart, products by their ids, order, then the payments of the appointment or the order.
package checkout

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/funnel"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Till takes deposits and pays them back. Safe for concurrent use and for several processes.
type Till struct {
	db       *database.DB
	clock    clock.Clock
	queue    *queue.Queue
	diary    *booking.Diary
	desk     *handoff.Desk
	stripe   *stripeapi.Client
	goods    *shop.Shop
	settings *settings.Store
	redis    *redisstore.Store
	texts    *i18n.Catalogue
	baseURL  func() string
	paidURL  string // where the provider sends people back to whose order is paid, "" the order's page
	leftURL  string // where it sends those who did not pay, "" the order's page

	customers *customers.Registry
	thread    *thread.Thread
	log       *audit.Log
	funnel    *funnel.Log

	returns ReturnTerms
	limits  *redisstore.Limiter
	count   func(name string)
	drawRMA func() string
}

// WithCounter counts what is refused, by name.
func WithCounter(count func(name string)) Option { return func(t *Till) { t.count = count } }

// Pages the provider sends the customer back to, below the product's own address.
const (
	SuccessPath = "/payments/thanks"
	CancelPath  = "/payments/cancelled"
)

// Actors of changes that money makes.
const (
	actorProvider = "stripe"
	actorCustomer = "customer"
	actorSystem   = "system"
)

// Option says more about a till.
type Option func(*Till)

// WithReturnURLs says where the provider sends people back to who have paid for an order, or left its page; {ORDER_ID}
// in them is the order's. Empty: the order's own page.
func WithReturnURLs(paid, left string) Option {
	return func(t *Till) { t.paidURL, t.leftURL = paid, left }
}

// New makes a till. baseURL is the product's public address, asked anew for every link.
func New(db *database.DB, c clock.Clock, q *queue.Queue, diary *booking.Diary, desk *handoff.Desk, stripe *stripeapi.Client,
	goods *shop.Shop, s *settings.Store, r *redisstore.Store, texts *i18n.Catalogue, baseURL func() string, opts ...Option,
) *Till {
	t := &Till{
		db: db, clock: c, queue: q, diary: diary, desk: desk, stripe: stripe, goods: goods,
		settings: s, redis: r, texts: texts, baseURL: baseURL,
		customers: customers.New(db, c), thread: thread.New(db, c, q, r), log: audit.New(db, c), funnel: funnel.New(db, c, s),
		limits: redisstore.NewLimiter(r, c), count: func(string) {}, drawRMA: newRMA,
	}
	for _, o := range opts {
		o(t)
	}
	return t
}

// Payment reads a payment.
func (t *Till) Payment(ctx context.Context, id models.ID) (models.Payment, error) {
	var p models.Payment
	if err := t.db.On(ctx).Where("id = ?", id).Take(&p).Error; err != nil {
		return p, fmt.Errorf("read payment: %w", err)
	}
	return p, nil
}

// OfAppointments lists the payments of appointments, oldest first; a group's payment is each of its visits'.
func (t *Till) OfAppointments(ctx context.Context, ids []models.ID) (map[models.ID][]models.Payment, error) {
	var rows []struct {
		models.Payment
		Of models.ID
	}
	err := t.db.On(ctx).Raw(`SELECT p.*, p.appointment_id AS of FROM payments p WHERE p.group_id IS NULL AND p.appointment_id IN @ids
		UNION ALL SELECT p.*, a.id FROM appointments a JOIN payments p ON p.group_id = a.group_id WHERE a.id IN @ids
		ORDER BY created_at, id`, map[string]any{"ids": ids}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list payments: %w", err)
	}
	out := make(map[models.ID][]models.Payment, len(ids))
	for _, r := range rows {
		out[r.Of] = append(out[r.Of], r.Payment)
	}
	return out, nil
}

// Refunds lists the refunds of payments, oldest first.
func (t *Till) Refunds(ctx context.Context, paymentIDs []models.ID) (map[models.ID][]models.Refund, error) {
	var rows []models.Refund
	if err := t.db.On(ctx).Where("payment_id IN ?", paymentIDs).Order("created_at, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list refunds: %w", err)
	}
	out := make(map[models.ID][]models.Refund, len(paymentIDs))
	for _, r := range rows {
		out[r.PaymentID] = append(out[r.PaymentID], r)
	}
	return out, nil
}

// bill is an appointment with its payments, all locked. The payments of a group's visit are the group's.
type bill struct {
	visit    models.Appointment
	party    []models.Appointment // the visits that a payment pays for: the group's, or the visit alone
	payments []models.Payment     // oldest first
}

// lock holds an appointment and all its payments until the transaction on the context ends.
func (t *Till) lock(ctx context.Context, appointmentID models.ID) (*bill, error) {
	visit, err := t.diary.Lock(ctx, appointmentID)
	if err != nil {
		return nil, err
	}
	b := &bill{visit: visit, party: []models.Appointment{visit}}
	q := t.db.On(ctx).Where("appointment_id = ?", appointmentID)
	if visit.GroupID != nil {
		if b.party, err = t.diary.Group(ctx, *visit.GroupID); err != nil {
			return nil, err
		}
		q = t.db.On(ctx).Where("group_id = ?", *visit.GroupID)
	}
	err = q.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Order("id").Find(&b.payments).Error
	if err != nil {
		return nil, fmt.Errorf("lock payments: %w", err)
	}
	return b, nil
}

// payment is one of the bill's; nil when it is not there.
func (b *bill) payment(id models.ID) *models.Payment {
	for i := range b.payments {
		if b.payments[i].ID == id {
			return &b.payments[i]
		}
	}
	return nil
}

// payable is the newest payment whose link we want to be paid; nil when there is none.
func (b *bill) payable() *models.Payment {
	for i := len(b.payments) - 1; i >= 0; i-- {
		if b.payments[i].Payable() {
			return &b.payments[i]
		}
	}
	return nil
}

// save writes a payment's columns and tells the open diaries.
func (t *Till) save(ctx context.Context, p *models.Payment, columns ...string) error {
	p.UpdatedAt = t.clock.Now()
	if err := t.db.On(ctx).Model(p).Select(append(columns, "updated_at")).Updates(p).Error; err != nil {
		return fmt.Errorf("save payment: %w", err)
	}
	if p.OrderID == nil {
		t.redis.Changed(ctx, redisstore.TopicDiary, p.AppointmentID.String())
	}
	return nil
}

// tell has the customer told about something that happened to a payment. A visit that staff booked
// without a conversation has nobody to tell.
func (t *Till) tell(ctx context.Context, visit models.Appointment, event string, ref models.ID) error {
	if visit.ConversationID == nil {
		return nil
	}
	return t.queue.Enqueue(ctx, queue.Tell{ConversationID: *visit.ConversationID, Event: event, Ref: ref})
}

func conversationOf(visit models.Appointment) models.ID {
	if visit.ConversationID == nil {
		return models.ID{}
	}
	return *visit.ConversationID
}

func missing(err error) bool { return errors.Is(err, gorm.ErrRecordNotFound) }
