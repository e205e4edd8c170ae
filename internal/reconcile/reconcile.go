// Package reconcile owns the comparison of what the payment provider has with our books: daily, whenever somebody asks, and
// every few minutes what is fresh. What does not match stands until both sides agree or a person explains it. An event that
// never came is fetched and taken as a webhook brings it; nothing else is mended by itself, and no money is moved. The
// provider is asked outside any transaction.
package reconcile

import (
	"context"
	"log/slog"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/inbox"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/stripeapi"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Provider is what is asked of the payment provider. It only reads.
type Provider interface {
	Configured() bool
	EventsIn(ctx context.Context, w stripeapi.Window, after string) (stripeapi.Page[stripeapi.Event], error)
	ChargesIn(ctx context.Context, w stripeapi.Window, after string) (stripeapi.Page[stripeapi.Charge], error)
	ChargeOf(ctx context.Context, paymentIntent string) (got stripeapi.Charge, found bool, err error)
	RefundsIn(ctx context.Context, w stripeapi.Window, after string) (stripeapi.Page[stripeapi.Returned], error)
	RefundsOf(ctx context.Context, paymentIntent string) ([]stripeapi.Returned, error)
}

const (
	// MaxDays is how many days a person may have compared at once.
	MaxDays = 31
	// MaxNote is how long an explanation may be.
	MaxNote = 300
	// grace is how fresh things are left alone: their events are on their way.
	grace = 5 * time.Minute
	// slow is for how long a refund of ours may wait to be sent.
	slow = time.Hour
	// late is by how much what came in here may be younger than there: for so long the provider tries again to tell us (C1).
	late = 3 * 24 * time.Hour
	// watchEvery is how often what is fresh is looked at, so that with the grace an alert is raised within 15 minutes.
	watchEvery = 5 * time.Minute
	// watched is how far back the look of every few minutes goes at most; what is older is the day's.
	watched = 24 * time.Hour
	// again is by how much two such looks overlap.
	again = 30 * time.Minute
)

// What one comparison asks at most, so that it ends.
const (
	maxPages  = 500 // parts of one list, of a hundred each
	maxSingle = 300 // things looked up one by one
	maxNew    = 500 // differences noted by one comparison
	rowsAtOne = 500
)

// Books compares. Safe for concurrent use and for several processes.
type Books struct {
	db       *database.DB
	clock    clock.Clock
	queue    *queue.Queue
	events   *inbox.Inbox
	provider Provider
	settings *settings.Store
	live     *redisstore.Store
	log      *audit.Log
	lines    *slog.Logger
	count    func(name string)
}

// New makes a comparison of the books on the database with a provider. count notes each new difference, by "difference_" and its kind.
func New(db *database.DB, c clock.Clock, q *queue.Queue, events *inbox.Inbox, p Provider, s *settings.Store, live *redisstore.Store, lines *slog.Logger, count func(name string)) *Books {
	return &Books{db: db, clock: c, queue: q, events: events, provider: p, settings: s, live: live, log: audit.New(db, c), lines: lines, count: count}
}

// SubjectDifference is the kind of subject in the audit log.
const SubjectDifference = "difference"

// actorSystem is who does what nobody asked for.
const actorSystem = "system"

// changed tells open screens; alert also those that show what needs somebody.
func (b *Books) changed(ctx context.Context, alert bool) {
	b.live.Changed(ctx, redisstore.TopicReconciliation, "reconciliation")
	if alert {
		b.live.Changed(ctx, redisstore.TopicAlerts, "reconciliation")
	}
}

// Figures are what was compared, in one currency: counts and sums of both sides.
type Figures struct {
	What       string `json:"what"` // "payments" or "refunds"
	Currency   string `json:"currency"`
	Here       int    `json:"here"`
	HereMinor  int64  `json:"here_minor"`
	There      int    `json:"there"`
	ThereMinor int64  `json:"there_minor"`
}

// subjectOf is what a payment is for.
func subjectOf(d *models.Difference, p *models.Payment) {
	d.PaymentID = &p.ID
	if p.OrderID != nil {
		d.OrderID = p.OrderID
	} else if p.AppointmentID != (models.ID{}) {
		d.AppointmentID = &p.AppointmentID
	}
}
