package handoff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

// Claim is somebody of the salon taking a conversation over.
type Claim struct {
	ConversationID models.ID
	StaffID        models.ID
	// From is the colleague it may be taken from, as the person who asks saw it; nil: from no colleague.
	From *models.ID
}

// TakeOver gives a conversation to a person for P.human_mode.ttl_hours: from its commit the assistant
// says nothing more in it (R-608, rule 5). Whoever has it already keeps it as it is. It locks the
// conversation's row: of two who ask at once one wins, and the other hears the fault handoff.taken
// with the winner's Name. It is audited. Other fault: thread.no_conversation.
func (d *Desk) TakeOver(ctx context.Context, c Claim) (conv models.Conversation, err error) {
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		if conv, err = d.thread.Lock(ctx, c.ConversationID); err != nil {
			return err
		}
		holder := conv.Holder(d.clock.Now())
		if holder != nil && *holder == c.StaffID {
			return nil
		}
		if holder != nil && (c.From == nil || *c.From != *holder) {
			return d.taken(ctx, *holder)
		}
		until, err := d.humanUntil(ctx)
		if err != nil {
			return err
		}
		conv.HumanUntil, conv.AssigneeID = &until, &c.StaffID
		if err := d.setHolder(ctx, conv); err != nil {
			return err
		}
		err = d.note(ctx, models.ConversationEvent{
			ConversationID: conv.ID, Kind: models.ConversationTakenOver, StaffID: &c.StaffID, FromStaffID: holder,
		})
		if err != nil {
			return err
		}
		return d.log.Record(ctx, audit.Entry{
			Actor: actorOf(c.StaffID), Action: "conversation.taken_over", SubjectKind: "conversation", SubjectID: conv.ID.String(),
			Before: map[string]any{"assignee": idOrNone(holder)}, After: map[string]any{"assignee": c.StaffID.String(), "until": until},
		})
	})
	return conv, err
}

// HandBack gives a conversation back to the assistant and ends human mode, audited. What the assistant
// had said meanwhile stays unsaid. When nobody has the conversation any more nothing happens.
// Faults: handoff.taken while a colleague has it, handoff.case_open while a case of it waits for its
// word, thread.no_conversation.
func (d *Desk) HandBack(ctx context.Context, conversationID, staffID models.ID) error {
	return d.db.InTx(ctx, func(ctx context.Context) error {
		conv, err := d.thread.Lock(ctx, conversationID)
		if err != nil {
			return err
		}
		if !conv.Human(d.clock.Now()) {
			return nil
		}
		if conv.AssigneeID != nil && *conv.AssigneeID != staffID {
			return d.taken(ctx, *conv.AssigneeID)
		}
		open, err := d.loud(ctx, conversationID)
		if err != nil {
			return err
		}
		if open > 0 {
			return fault.Conflict("handoff.case_open")
		}
		return d.giveBack(ctx, conv, staffID, nil)
	})
}

// giveBack ends human mode on the locked conversation, with its line and its audit entry.
func (d *Desk) giveBack(ctx context.Context, conv models.Conversation, staffID models.ID, caseID *models.ID) error {
	before := idOrNone(conv.AssigneeID)
	if err := d.endHuman(ctx, conv); err != nil {
		return err
	}
	err := d.note(ctx, models.ConversationEvent{
		ConversationID: conv.ID, Kind: models.ConversationHandedBack, StaffID: &staffID, CaseID: caseID,
	})
	if err != nil {
		return err
	}
	return d.log.Record(ctx, audit.Entry{
		Actor: actorOf(staffID), Action: "conversation.handed_back", SubjectKind: "conversation", SubjectID: conv.ID.String(),
		Before: map[string]any{"assignee": before}, After: map[string]any{"assignee": "assistant"},
	})
}

// expiring is how many conversations one sweep gives back at most.
const expiring = 100

// Expire gives every conversation back whose human mode has ended by business time, and tells how many.
// The assistant may speak from that time on whether or not this has run; it may run twice at once.
func (d *Desk) Expire(ctx context.Context) (int, error) {
	var ids []models.ID
	err := d.db.On(ctx).Model(&models.Conversation{}).Where("human_until <= ?", d.clock.Now()).
		Order("human_until").Limit(expiring).Pluck("id", &ids).Error
	if err != nil {
		return 0, fmt.Errorf("find ended human modes: %w", err)
	}
	ended := 0
	for _, id := range ids {
		done, err := d.expire(ctx, id)
		if err != nil {
			return ended, err
		}
		if done {
			ended++
		}
	}
	return ended, nil
}

func (d *Desk) expire(ctx context.Context, id models.ID) (done bool, err error) {
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		conv, free, err := d.thread.TryLock(ctx, id)
		if err != nil || !free || conv.HumanUntil == nil || conv.Human(d.clock.Now()) {
			return err
		}
		done = true
		if err := d.endHuman(ctx, conv); err != nil {
			return err
		}
		return d.note(ctx, models.ConversationEvent{
			ConversationID: id, Kind: models.ConversationExpired, FromStaffID: conv.AssigneeID, At: *conv.HumanUntil,
		})
	})
	return done, err
}

// Held fails unless the person has the conversation now; conv is the locked row.
// Faults: handoff.taken by a colleague, handoff.not_held by anybody.
func (d *Desk) Held(ctx context.Context, conv models.Conversation, staffID models.ID) error {
	switch holder := conv.Holder(d.clock.Now()); {
	case holder == nil:
		return fault.Conflict("handoff.not_held")
	case *holder != staffID:
		return d.taken(ctx, *holder)
	default:
		return nil
	}
}

// taken says which colleague has a conversation.
func (d *Desk) taken(ctx context.Context, holder models.ID) error {
	var colleague models.Staff
	err := d.db.On(ctx).Select("name").Where("id = ?", holder).Take(&colleague).Error
	if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
		return fmt.Errorf("name who has the conversation: %w", err)
	}
	return &fault.Fault{Kind: fault.KindConflict, Key: "handoff.taken", Facts: map[string]any{"Name": colleague.Name}}
}

// humanUntil is when human mode that starts now ends.
func (d *Desk) humanUntil(ctx context.Context) (time.Time, error) {
	policies, err := d.settings.Policies(ctx)
	if err != nil {
		return time.Time{}, err
	}
	return d.clock.Now().Add(time.Duration(policies.HumanModeHours) * time.Hour), nil
}

// setHolder writes who has the locked conversation, and until when.
func (d *Desk) setHolder(ctx context.Context, conv models.Conversation) error {
	if err := d.update(ctx, conv.ID, map[string]any{"human_until": conv.HumanUntil, "assignee_id": conv.AssigneeID}); err != nil {
		return err
	}
	return d.mirror(ctx, conv.ID)
}

// endHuman gives the locked conversation to the assistant; replies said before human mode ended stay
// unsaid. Those said after it ran out, before anybody swept, answer a customer and are sent.
func (d *Desk) endHuman(ctx context.Context, conv models.Conversation) error {
	err := d.update(ctx, conv.ID, map[string]any{
		"human_until": nil, "assignee_id": nil,
		"silenced_seq": gorm.Expr(`greatest(silenced_seq, (SELECT coalesce(max(seq), 0) FROM messages
			WHERE conversation_id = ? AND created_at < ?))`, conv.ID, conv.HumanUntil),
	})
	if err != nil {
		return err
	}
	return d.mirror(ctx, conv.ID)
}

func (d *Desk) update(ctx context.Context, id models.ID, columns map[string]any) error {
	columns["updated_at"] = d.clock.Now()
	if err := d.db.On(ctx).Model(&models.Conversation{}).Where("id = ?", id).UpdateColumns(columns).Error; err != nil {
		return fmt.Errorf("set human mode: %w", err)
	}
	d.redis.Changed(ctx, redisstore.TopicConversations, id.String())
	return nil
}

func actorOf(staffID models.ID) string { return "staff:" + staffID.String() }

func idOrNone(id *models.ID) string {
	if id == nil {
		return "none"
	}
	return id.String()
}
