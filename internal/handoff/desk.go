// Package handoff owns cases: why a person must take over a conversation, what that person needs to
// know, and the human mode that keeps the bot quiet meanwhile (R-606, R-607, rule 5). It decides
// neither when to hand over nor what the customer is told; notices leave by a job, so that a failing
// notice never undoes a case.
package handoff

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// What a case holds at most.
const (
	summaryLines = 5
	summaryRunes = 1000
	triggerRunes = 1000
	lastMessages = 10
)

// Desk opens and closes cases. Every method joins the transaction on the context.
type Desk struct {
	db       *database.DB
	clock    clock.Clock
	queue    *queue.Queue
	settings *settings.Store
	thread   *thread.Thread
	redis    *redisstore.Store
	people   *customers.Registry
	log      *audit.Log
}

// New makes the desk.
func New(db *database.DB, c clock.Clock, q *queue.Queue, s *settings.Store, t *thread.Thread, r *redisstore.Store) *Desk {
	return &Desk{db: db, clock: c, queue: q, settings: s, thread: t, redis: r, people: customers.New(db, c), log: audit.New(db, c)}
}

// Request is a hand-off.
type Request struct {
	ConversationID models.ID
	CustomerID     *models.ID // nil: the conversation's, when known
	AppointmentID  *models.ID
	Reason         models.HandoffReason
	Summary        string // what happened; five lines are kept
	Trigger        string // what the customer wrote; empty: their last message
	Suggestion     string // i18n key of the suggested action; empty: the reason's own
	// Silent opens the case for staff and leaves the conversation with the bot: no human mode.
	Silent bool
}

// Open opens a case, tells the people on duty and gives them the conversation. The same trouble
// (conversation, reason, appointment) opens one case: while it is open, opened is false and the
// case is returned as it stands. A silent one that now calls for a person does so from here on. It locks
// the conversation's row.
// Fault: handoff.unknown_reason, thread.no_conversation.
func (d *Desk) Open(ctx context.Context, r Request) (c models.Case, opened bool, err error) {
	if !known(r.Reason) {
		return c, false, fault.Invalid("handoff.unknown_reason", map[string]string{"reason": "handoff.unknown_reason"})
	}
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		conv, err := d.thread.Lock(ctx, r.ConversationID)
		if err != nil {
			return err
		}
		if !r.Silent {
			if err := d.startHuman(ctx, conv); err != nil {
				return err
			}
		}
		found, err := d.openCase(ctx, r)
		if err != nil {
			return err
		}
		if found != nil {
			c = *found
			return d.raise(ctx, &c, r)
		}
		opened = true
		c, err = d.write(ctx, conv, r)
		return err
	})
	return c, opened, err
}

// openCase is the case that is open for the same trouble already; nil when there is none.
func (d *Desk) openCase(ctx context.Context, r Request) (*models.Case, error) {
	q := d.db.On(ctx).Where("status = 'open' AND conversation_id = ? AND reason = ?", r.ConversationID, r.Reason)
	if r.AppointmentID == nil {
		q = q.Where("appointment_id IS NULL")
	} else {
		q = q.Where("appointment_id = ?", *r.AppointmentID)
	}
	var c models.Case
	err := q.Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for open case: %w", err)
	}
	return &c, nil
}

// raise lets an open case that left the conversation with the assistant keep it with people: it is not
// handed back beside the case, and the case says why it calls for somebody now.
func (d *Desk) raise(ctx context.Context, c *models.Case, r Request) error {
	if !c.Silent || r.Silent {
		return nil
	}
	c.Silent, c.Summary, c.AnsweredAt = false, summarize(r.Summary), nil
	if err := d.db.On(ctx).Model(c).Select("silent", "summary", "answered_at").Updates(c).Error; err != nil {
		return fmt.Errorf("raise case: %w", err)
	}
	d.changed(ctx, *c)
	return nil
}

func (d *Desk) write(ctx context.Context, conv models.Conversation, r Request) (models.Case, error) {
	recent, err := d.thread.Last(ctx, conv.ID, lastMessages)
	if err != nil {
		return models.Case{}, err
	}
	lines, err := json.Marshal(quote(recent))
	if err != nil {
		return models.Case{}, fmt.Errorf("quote messages: %w", err)
	}
	if r.CustomerID == nil {
		if r.CustomerID, err = d.customerOf(ctx, conv); err != nil {
			return models.Case{}, err
		}
	}
	if r.Trigger == "" {
		r.Trigger = lastWords(recent)
	}
	if r.Suggestion == "" {
		r.Suggestion = "case.suggestion." + string(r.Reason)
	}
	c := models.Case{
		ID: models.NewID(), ConversationID: conv.ID, CustomerID: r.CustomerID, AppointmentID: r.AppointmentID,
		Reason: r.Reason, Status: models.CaseOpen, Language: conv.Language, Summary: summarize(r.Summary),
		TriggerText: clip(r.Trigger, triggerRunes), Suggestion: r.Suggestion, LastMessages: lines, Silent: r.Silent, OpenedAt: d.clock.Now(),
	}
	if err := d.db.On(ctx).Create(&c).Error; err != nil {
		return c, fmt.Errorf("open case: %w", err)
	}
	err = d.note(ctx, models.ConversationEvent{ConversationID: conv.ID, Kind: models.ConversationCaseOpened, CaseID: &c.ID})
	if err != nil {
		return c, err
	}
	if err := d.queue.Enqueue(ctx, queue.CaseNotice{CaseID: c.ID}); err != nil {
		return c, err
	}
	d.changed(ctx, c)
	return c, nil
}

func (d *Desk) customerOf(ctx context.Context, conv models.Conversation) (*models.ID, error) {
	var contact models.Contact
	if err := d.db.On(ctx).Select("customer_id").Where("id = ?", conv.ContactID).Take(&contact).Error; err != nil {
		return nil, fmt.Errorf("read contact of case: %w", err)
	}
	return contact.CustomerID, nil
}

// startHuman starts human mode for whoever comes first, unless staff have the conversation already.
func (d *Desk) startHuman(ctx context.Context, conv models.Conversation) error {
	if conv.Human(d.clock.Now()) {
		return nil
	}
	until, err := d.humanUntil(ctx)
	if err != nil {
		return err
	}
	conv.HumanUntil, conv.AssigneeID = &until, nil
	return d.setHolder(ctx, conv)
}

func (d *Desk) changed(ctx context.Context, c models.Case) {
	d.redis.Changed(ctx, redisstore.TopicConversations, c.ConversationID.String())
	d.redis.Changed(ctx, redisstore.TopicNotices, c.ID.String())
}

// summarize keeps the first five lines that say something.
func summarize(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" && len(lines) < summaryLines {
			lines = append(lines, line)
		}
	}
	return clip(strings.Join(lines, "\n"), summaryRunes)
}

// clip shortens a text to so many characters.
func clip(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return s
}

// digest tells texts apart without keeping them.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}
