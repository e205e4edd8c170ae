package handoff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// What becomes of an event about a person who works with another tool.
const (
	OutcomeAnswered  = "answered"   // a person's words are in the conversation, and it is theirs
	OutcomeGivenBack = "given_back" // the assistant has the conversation again
	OutcomeNoted     = "noted"      // known now; nothing else changed
	OutcomeDuplicate = "duplicate"
	OutcomeIgnored   = "ignored"
)

// Elsewhere takes what a person of the salon wrote to a customer with another tool, the business's own
// phone or Chatwoot, into its conversation: from its commit the assistant is silent until
// P.human_mode.ttl_hours after it was written, what it said before and did not send is void, and cases count
// as answered (rule 5). A colleague who has the conversation keeps it. What comes so late that this time is
// over, or the conversation was given back since, is only kept. The same message twice changes nothing
// . It joins the transaction on the context and locks the conversation's row.
func (d *Desk) Elsewhere(ctx context.Context, e models.ProviderEvent) (outcome string, err error) {
	var said models.Echo
	if err := json.Unmarshal(e.Payload, &said); err != nil {
		return "", fmt.Errorf("read echo event: %w", err)
	}
	contact, err := d.people.Contact(ctx, said.Channel, said.To, "")
	if fault.Is(err, "customers.phone") {
		return OutcomeIgnored, nil // nobody this could have been written to
	}
	if err != nil || contact.StylistID != nil {
		return OutcomeIgnored, err // among colleagues
	}
	outcome = OutcomeAnswered
	err = d.db.Within(ctx, func(ctx context.Context) error {
		conv, err := d.thread.Of(ctx, contact, models.English)
		if err != nil {
			return err
		}
		if conv, err = d.thread.Lock(ctx, conv.ID); err != nil {
			return err
		}
		fresh, err := d.thread.Wrote(ctx, conv, said)
		if err != nil || !fresh {
			outcome = OutcomeDuplicate
			return err
		}
		var known models.ChatwootConversation
		if said.Chatwoot != nil {
			if known, _, err = d.place(ctx, conv.ID, *said.Chatwoot); err != nil {
				return err
			}
		}
		until, err := d.quietUntil(ctx, conv.ID, said.At)
		if err != nil {
			return err
		}
		if !until.After(d.clock.Now()) {
			outcome = OutcomeNoted
			return nil
		}
		if err := d.answeredElsewhere(ctx, conv, until, string(said.Channel)); err != nil || said.Chatwoot == nil || said.Chatwoot.Status != models.ChatwootResolved {
			return err
		}
		if conv, err = d.thread.Lock(ctx, conv.ID); err != nil {
			return err
		}
		_, err = d.left(ctx, conv, known, *said.Chatwoot) // "send and resolve"
		return err
	})
	return outcome, err
}

// told is how finely channels tell when something was written: Meta says whole seconds.
const told = time.Second

// quietUntil is when the human mode ends that starts with words written at a time (zero: now); zero when the
// conversation was given back to the assistant since.
func (d *Desk) quietUntil(ctx context.Context, id models.ID, written time.Time) (until time.Time, err error) {
	until, err = d.humanUntil(ctx)
	late := d.clock.Now().Sub(written)
	if err != nil || written.IsZero() || late <= 0 {
		return until, err
	}
	var since bool
	err = d.db.On(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM conversation_events WHERE conversation_id = ? AND kind IN ? AND at >= ?)`,
		id, []models.ConversationEventKind{models.ConversationHandedBack, models.ConversationGivenBackElsewhere}, written.Add(told)).Scan(&since).Error
	if err != nil {
		return until, fmt.Errorf("look for a hand-back: %w", err)
	}
	if since {
		return time.Time{}, nil
	}
	return until.Add(-late), nil
}

// answeredElsewhere gives the locked conversation to people until then at least, with its line and its audit
// entry where it was the assistant's.
func (d *Desk) answeredElsewhere(ctx context.Context, conv models.Conversation, until time.Time, tool string) error {
	now := d.clock.Now()
	was := conv.Human(now)
	if was && conv.HumanUntil.After(until) {
		until = *conv.HumanUntil
	}
	conv.HumanUntil, conv.AssigneeID = &until, conv.Holder(now)
	if err := d.setHolder(ctx, conv); err != nil {
		return err
	}
	if err := d.Answered(ctx, conv.ID); err != nil || was {
		return err
	}
	if err := d.note(ctx, models.ConversationEvent{ConversationID: conv.ID, Kind: models.ConversationAnsweredElsewhere}); err != nil {
		return err
	}
	return d.log.Record(ctx, audit.Entry{
		Actor: "system", Action: "conversation.answered_elsewhere", SubjectKind: "conversation", SubjectID: conv.ID.String(),
		Detail: map[string]any{"tool": tool}, Before: map[string]any{"assignee": "assistant"}, After: map[string]any{"assignee": "none", "until": until},
	})
}

// Placed notes where a customer's message lies in Chatwoot. A conversation that somebody has taken from
// the assistant there is people's here as well (H4); one that is people's here is opened there. A message
// that comes later than something newer says nothing of where the conversation stands. conv need not be
// locked.
func (d *Desk) Placed(ctx context.Context, conv models.Conversation, at models.ChatwootPlace) error {
	return d.db.Within(ctx, func(ctx context.Context) error {
		conv, err := d.thread.Lock(ctx, conv.ID)
		if err != nil {
			return err
		}
		known, believed, err := d.place(ctx, conv.ID, at)
		if err != nil || !believed {
			return err
		}
		human, there := conv.Human(d.clock.Now()), at.Status.Peoples()
		switch {
		case human == there:
			return nil
		case there && known.Status == at.Status && known.ChatwootID == at.ChatwootID:
			return d.mirror(ctx, conv.ID) // handed back here, which Chatwoot has not heard yet
		case there:
			return d.startHuman(ctx, conv)
		case known.Status.Peoples() && known.ChatwootID == at.ChatwootID:
			_, err := d.left(ctx, conv, known, at)
			return err
		default:
			return d.mirror(ctx, conv.ID)
		}
	})
}

// Moved notes that a conversation's status changed in Chatwoot. Somebody who leaves it to the bot there, or
// resolves it, gives it back to the assistant, unless a colleague has it here or a case waits for its word
// then it is opened there again. What came late, and what we set ourselves, is no such word.
func (d *Desk) Moved(ctx context.Context, e models.ProviderEvent) (outcome string, err error) {
	var change models.PlaceChange
	if err := json.Unmarshal(e.Payload, &change); err != nil {
		return "", fmt.Errorf("read change of place: %w", err)
	}
	var row models.ChatwootConversation
	err = d.db.On(ctx).Where("account_id = ? AND chatwoot_id = ?", change.Place.AccountID, change.Place.ChatwootID).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return OutcomeIgnored, nil
	}
	if err != nil {
		return "", fmt.Errorf("find conversation of Chatwoot: %w", err)
	}
	outcome = OutcomeNoted
	err = d.db.Within(ctx, func(ctx context.Context) error {
		conv, err := d.thread.Lock(ctx, row.ConversationID)
		if err != nil {
			return err
		}
		known, believed, err := d.place(ctx, conv.ID, change.Place)
		if err != nil || !believed {
			return err
		}
		back, err := d.left(ctx, conv, known, change.Place)
		if back {
			outcome = OutcomeGivenBack
		}
		return err
	})
	return outcome, err
}

// left settles what it means that a place that is believed says pending or resolved where it said otherwise: the
// assistant has the locked conversation back, or it is opened there again because people here still owe a word.
// What tells of it may be a message: Chatwoot writes the state of the moment in which it is sent.
func (d *Desk) left(ctx context.Context, conv models.Conversation, known models.ChatwootConversation, at models.ChatwootPlace) (back bool, err error) {
	gone := at.Status == models.ChatwootPending || at.Status == models.ChatwootResolved
	if !gone || known.Outdates(at) || known.Status == at.Status || !conv.Human(d.clock.Now()) {
		return false, nil
	}
	open, err := d.loud(ctx, conv.ID)
	if err != nil {
		return false, err
	}
	if open > 0 || conv.AssigneeID != nil {
		return false, d.mirror(ctx, conv.ID)
	}
	return true, d.givenBackElsewhere(ctx, conv)
}

func (d *Desk) givenBackElsewhere(ctx context.Context, conv models.Conversation) error {
	if err := d.endHuman(ctx, conv); err != nil {
		return err
	}
	if err := d.note(ctx, models.ConversationEvent{ConversationID: conv.ID, Kind: models.ConversationGivenBackElsewhere}); err != nil {
		return err
	}
	return d.log.Record(ctx, audit.Entry{
		Actor: "system", Action: "conversation.handed_back", SubjectKind: "conversation", SubjectID: conv.ID.String(),
		Detail: map[string]any{"tool": string(models.ChannelChatwoot)}, Before: map[string]any{"assignee": "none"}, After: map[string]any{"assignee": "assistant"},
	})
}

// place writes where the locked conversation lies in Chatwoot, and tells what was known before. An event that
// something newer has overtaken is not believed and changes nothing.
func (d *Desk) place(ctx context.Context, id models.ID, at models.ChatwootPlace) (known models.ChatwootConversation, believed bool, err error) {
	if known, err = d.placeOf(ctx, id); err != nil || known.Outdates(at) {
		return known, false, err
	}
	var updated *time.Time
	if !at.UpdatedAt.IsZero() {
		updated = &at.UpdatedAt
	}
	err = d.db.On(ctx).Exec(`INSERT INTO chatwoot_conversations (conversation_id, account_id, chatwoot_id, status, updated_at)
		VALUES (?, ?, ?, ?, ?) ON CONFLICT (conversation_id) DO UPDATE SET account_id = excluded.account_id,
			chatwoot_id = excluded.chatwoot_id, status = excluded.status, updated_at = coalesce(excluded.updated_at, chatwoot_conversations.updated_at),
			set_at = CASE WHEN chatwoot_conversations.chatwoot_id = excluded.chatwoot_id THEN chatwoot_conversations.set_at END`,
		id, at.AccountID, at.ChatwootID, at.Status, updated).Error
	if err != nil {
		return known, false, fmt.Errorf("note place in Chatwoot: %w", err)
	}
	return known, true, nil
}

// placeOf is where a conversation lies in Chatwoot; its numbers are zero when it does not.
func (d *Desk) placeOf(ctx context.Context, id models.ID) (row models.ChatwootConversation, err error) {
	if err := d.db.On(ctx).Raw("SELECT * FROM chatwoot_conversations WHERE conversation_id = ?", id).Scan(&row).Error; err != nil {
		return row, fmt.Errorf("read place in Chatwoot: %w", err)
	}
	return row, nil
}

// mirror has Chatwoot told who has the conversation now, where it lies there.
func (d *Desk) mirror(ctx context.Context, id models.ID) error {
	_, err := d.queue.EnqueueIf(ctx, queue.ChatwootStatus{ConversationID: id},
		"SELECT 1 FROM chatwoot_conversations WHERE conversation_id = ?", id)
	return err
}
