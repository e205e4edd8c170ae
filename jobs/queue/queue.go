// Package queue holds every job's arguments, its kind and its retry policy, and puts jobs into the
// transaction that is on the context. It is a leaf: rules enqueue without knowing who works.
// Arguments carry ids only, never personal data or message text.
package queue

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/riverqueue/river"

	"frontdesk/internal/database"
	"frontdesk/models"
)

// Queue inserts jobs. It never works them.
type Queue struct {
	db   *database.DB
	bell *bell
}

// New makes an insert-only queue on the pool of db.
func New(db *database.DB) *Queue {
	return &Queue{db: db, bell: &bell{pool: db.Relaxed}}
}

// Enqueue puts a job into the transaction on the context, so that it exists exactly when the change
// that asks for it does; without one it gets a transaction of its own. The workers hear of it once it is
// committed. After a failure nothing else may be done in that transaction.
func (q *Queue) Enqueue(ctx context.Context, args river.JobArgs) error {
	r, err := rowOf(args)
	if err != nil {
		return err
	}
	if a := ahead(ctx, args); a != nil {
		return q.keepBack(ctx, a, args, r)
	}
	// River's columns have its own defaults: the queue "default", at once. Its client would do the same
	// with arrays of twenty columns, at several times the price.
	err = q.db.On(ctx).Exec("INSERT INTO river_job (kind, args, max_attempts) VALUES (?, ?, ?)", r.kind, r.args, r.attempts).Error
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", r.kind, err)
	}
	database.AfterCommit(ctx, q.bell.ring)
	return nil
}

// Ring lets the workers hear of jobs that the transaction on the context makes available by itself, once it is committed.
func (q *Queue) Ring(ctx context.Context) { database.AfterCommit(ctx, q.bell.ring) }

// EnqueueIf enqueues a job if a statement with RETURNING changes a row, in one round trip, and tells
// whether it did. As with Enqueue, both are in the transaction on the context or in one of their own.
func (q *Queue) EnqueueIf(ctx context.Context, args river.JobArgs, statement string, values ...any) (done bool, err error) {
	r, err := rowOf(args)
	if err != nil {
		return false, err
	}
	insert := q.db.On(ctx).Exec("WITH changed AS ("+statement+") INSERT INTO river_job (kind, args, max_attempts) SELECT ?, ?, ? FROM changed",
		append(values, r.kind, r.args, r.attempts)...)
	if insert.Error != nil {
		return false, fmt.Errorf("enqueue %s: %w", r.kind, insert.Error)
	}
	if insert.RowsAffected == 0 {
		return false, nil
	}
	database.AfterCommit(ctx, q.bell.ring)
	return true, nil
}

// row is a job as River's table holds it.
type row struct {
	kind, args string
	attempts   int
}

func rowOf(args river.JobArgs) (row, error) {
	policy, ok := args.(river.JobArgsWithInsertOpts)
	if !ok {
		return row{}, fmt.Errorf("enqueue %s: it has no retry policy", args.Kind())
	}
	encoded, err := json.Marshal(args)
	if err != nil {
		return row{}, fmt.Errorf("enqueue %s: %w", args.Kind(), err)
	}
	return row{args.Kind(), string(encoded), policy.InsertOpts().MaxAttempts}, nil
}

// InboxEvent turns a stored WhatsApp event into messages and statuses. All open events of the same
// sender are taken in the order they arrived.
type InboxEvent struct {
	EventID models.ID `json:"event_id"`
}

// ChatTurn answers the oldest unanswered message of a conversation, and the next, until none is left.
type ChatTurn struct {
	ConversationID models.ID `json:"conversation_id"`
}

// Tell says something to a customer that they did not ask for in this moment: Event names what
// happened ("payment.link", "booking.confirmed", "hold.warning", "hold.expired", …), Ref the row it
// happened to. The same event and ref are told once.
type Tell struct {
	ConversationID models.ID `json:"conversation_id"`
	Event          string    `json:"event"`
	Ref            models.ID `json:"ref"`
}

// Flush sends a conversation's queued messages, oldest first.
type Flush struct {
	ConversationID models.ID `json:"conversation_id"`
}

// StylistNotice tells a stylist about a change of a visit.
type StylistNotice struct {
	AppointmentID models.ID `json:"appointment_id"`
	Event         string    `json:"event"` // "visit.confirmed", "visit.urgent", "visit.cancelled" …
	// ChangeID is the event row of a change that can happen to a visit more than once; zero for others.
	ChangeID models.ID `json:"change_id,omitzero"`
}

// CaseNotice tells the people on duty about a new case.
type CaseNotice struct {
	CaseID models.ID `json:"case_id"`
}

// NoticeSend carries a notice to the salon's people over their channels.
type NoticeSend struct {
	NoticeID models.ID `json:"notice_id"`
}

// PaymentSession asks the provider for a payment link.
type PaymentSession struct {
	PaymentID      models.ID `json:"payment_id"`
	ConversationID models.ID `json:"conversation_id,omitzero"` // zero where there is none
}

// PaymentVoid closes the links of an appointment, or of an order, at the provider.
type PaymentVoid struct {
	AppointmentID  models.ID `json:"appointment_id,omitzero"`
	OrderID        models.ID `json:"order_id,omitzero"`
	ConversationID models.ID `json:"conversation_id,omitzero"` // zero where there is none
}

// PaymentEvent applies a stored provider event.
type PaymentEvent struct {
	EventID models.ID `json:"event_id"`
}

// RefundSend asks the provider to pay a refund out.
type RefundSend struct {
	RefundID       models.ID `json:"refund_id"`
	ConversationID models.ID `json:"conversation_id,omitzero"` // zero where there is none
}

// PhoneCode sends a code to a phone by which somebody proves that it is theirs. The code is made when it is sent.
type PhoneCode struct {
	CodeID models.ID `json:"code_id"`
}

// Sweep does everything that has become due: hold warnings, hold expiries, checkpoints of silent
// conversations.
type Sweep struct{}

// Kinds, as the console and the dead letters name them.
func (InboxEvent) Kind() string     { return "inbox.event" }
func (ChatTurn) Kind() string       { return "chat.turn" }
func (Tell) Kind() string           { return "chat.tell" }
func (Flush) Kind() string          { return "notify.flush" }
func (StylistNotice) Kind() string  { return "notify.stylist" }
func (CaseNotice) Kind() string     { return "notify.case" }
func (NoticeSend) Kind() string     { return "notify.send" }
func (PaymentSession) Kind() string { return "payment.session" }
func (PaymentVoid) Kind() string    { return "payment.void" }
func (PaymentEvent) Kind() string   { return "payment.event" }
func (RefundSend) Kind() string     { return "refund.send" }
func (PhoneCode) Kind() string      { return "identity.code" }
func (Sweep) Kind() string          { return "sweep.due" }

// Retry policy per kind: how often before a job becomes a dead letter. Work on our own rows is
// given up sooner than calls to a provider that may be down for hours.
const (
	attemptsOwn      = 12
	attemptsProvider = 240 // four hours at a pause of one minute
)

// NeedsProvider tells whether jobs of a kind call a provider, which may be down for long, or wait for
// what it will tell: an event may speak of money whose own event is still to come.
func NeedsProvider(kind string) bool {
	switch kind {
	case Flush{}.Kind(), NoticeSend{}.Kind(), PaymentSession{}.Kind(), PaymentVoid{}.Kind(), PaymentEvent{}.Kind(), RefundSend{}.Kind(), ChatwootStatus{}.Kind(), CalendarPush{}.Kind(), CalendarRead{}.Kind(), CatalogueSync{}.Kind(), PhoneCode{}.Kind(), PrivacyChatwoot{}.Kind(), Reconcile{}.Kind():
		return true
	default:
		return false
	}
}

// InsertOpts of each kind.
func (InboxEvent) InsertOpts() river.InsertOpts    { return opts(attemptsOwn) }
func (ChatTurn) InsertOpts() river.InsertOpts      { return opts(attemptsOwn) }
func (Tell) InsertOpts() river.InsertOpts          { return opts(attemptsOwn) }
func (Flush) InsertOpts() river.InsertOpts         { return opts(attemptsProvider) }
func (StylistNotice) InsertOpts() river.InsertOpts { return opts(attemptsOwn) }
func (CaseNotice) InsertOpts() river.InsertOpts    { return opts(attemptsOwn) }
func (NoticeSend) InsertOpts() river.InsertOpts    { return opts(attemptsProvider) }
func (PaymentSession) InsertOpts() river.InsertOpts {
	return opts(attemptsProvider)
}
func (PaymentVoid) InsertOpts() river.InsertOpts    { return opts(attemptsProvider) }
func (PaymentEvent) InsertOpts() river.InsertOpts   { return opts(attemptsProvider) }
func (ChatwootStatus) InsertOpts() river.InsertOpts { return opts(attemptsProvider) }
func (RefundSend) InsertOpts() river.InsertOpts     { return opts(attemptsProvider) }

// InsertOpts of a code: it lives for ten minutes only.
func (PhoneCode) InsertOpts() river.InsertOpts { return opts(attemptsOwn) }

// InsertOpts gives a sweep few attempts: the next one finds what it left.
func (Sweep) InsertOpts() river.InsertOpts { return opts(3) }

func opts(attempts int) river.InsertOpts { return river.InsertOpts{MaxAttempts: attempts} }
