package notify

import (
	"context"
	"errors"
	"fmt"

	"frontdesk/internal/chatwoot"
	"frontdesk/internal/whatsapp"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// WithChatwoot lets conversations that came by Chatwoot be answered there; without it their messages stay
// undelivered and staff are told so.
func WithChatwoot(c *chatwoot.Client) Option { return func(p *Post) { p.chatwoot = c } }

// byChatwoot is the call that says content in a conversation of Chatwoot. Its failures speak the language
// of the outbox.
func (p *Post) byChatwoot(ctx context.Context, conversationID models.ID, content models.Content, messageID models.ID) (call, error) {
	if !p.chatwoot.Connected() {
		return nil, fmt.Errorf("send by chatwoot: %w", errNoChannel)
	}
	at, found, err := p.placeOf(ctx, conversationID)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("send by chatwoot: %w", errNoChannel)
	}
	wire, err := chatwoot.Compile(content, messageID.String())
	if err != nil {
		return nil, inOutboxWords(err)
	}
	return func(ctx context.Context) (string, error) {
		id, err := p.chatwoot.Send(ctx, at, wire)
		return id, inOutboxWords(err)
	}, nil
}

// inOutboxWords is a failure of Chatwoot as the outbox reads them.
func inOutboxWords(err error) error {
	var failed *chatwoot.Error
	if !errors.As(err, &failed) {
		return err
	}
	return &whatsapp.Error{Kind: whatsapp.Kind(failed.Kind), Details: failed.Details, Status: failed.Status, After: failed.After, BreakerOpen: failed.BreakerOpen}
}

// placeOf is where a conversation lies in Chatwoot.
func (p *Post) placeOf(ctx context.Context, id models.ID) (at models.ChatwootPlace, found bool, err error) {
	read := p.db.On(ctx).Raw("SELECT account_id, chatwoot_id, status FROM chatwoot_conversations WHERE conversation_id = ?", id).Scan(&at) // gone with an erasure
	if read.Error != nil {
		return at, false, fmt.Errorf("read place in Chatwoot: %w", read.Error)
	}
	return at, read.RowsAffected == 1, nil
}

// mirrored bounds how often one job follows a conversation that changes hands while it calls.
const mirrored = 5

// ChatwootStatus lets a conversation stand in Chatwoot as it does here: open while people have it, pending
// while the assistant has (H4). What people snooze there stays snoozed while they have it; what they resolve
// there stays resolved while the assistant has it. It may run any number of times; when hands changed during its call it calls
// again. While Chatwoot is away it returns a *queue.Later. A conversation that Chatwoot does not know any
// more stays as it is.
func (p *Post) ChatwootStatus(ctx context.Context, conversationID models.ID) error {
	for range mirrored {
		at, found, err := p.placeOf(ctx, conversationID)
		if err != nil || !found || !p.chatwoot.Connected() {
			return err
		}
		conv, err := p.thread.Conversation(ctx, conversationID)
		if err != nil {
			return err
		}
		want, also := models.ChatwootPending, models.ChatwootResolved
		if conv.Human(p.clock.Now()) {
			want, also = models.ChatwootOpen, models.ChatwootSnoozed
		}
		if at.Status == want || at.Status == also {
			return nil
		}
		asked := p.clock.Machine()
		if err := p.chatwoot.SetStatus(ctx, at, want); err != nil {
			return p.unmirrored(err)
		}
		err = p.db.On(ctx).Exec(`UPDATE chatwoot_conversations SET status = ?, set_at = ?
			WHERE conversation_id = ? AND chatwoot_id = ?`, want, asked, conversationID, at.ChatwootID).Error
		if err != nil {
			return fmt.Errorf("note status in Chatwoot: %w", err)
		}
	}
	return &queue.Later{After: watchPause, Reason: "the conversation changes hands"}
}

// ForgetInChatwoot has a contact of somebody who is erased deleted in Chatwoot, with all their conversations there. deleted is false where
// Chatwoot does not let us: only an administrator's token may. While Chatwoot is away it returns a *queue.Later.
func (p *Post) ForgetInChatwoot(ctx context.Context, at models.ChatwootPlace) (deleted bool, err error) {
	if !p.chatwoot.Connected() {
		return false, nil
	}
	err = p.chatwoot.Forget(ctx, at)
	var failed *chatwoot.Error
	switch {
	case err == nil:
		return true, nil
	case !errors.As(err, &failed):
		return false, err
	case failed.Refused():
		return false, nil
	}
	return false, &queue.Later{After: pause(1, failed.After), Reason: failed.Details}
}

// unmirrored is what a failed change of status leaves to do: again later, or nothing.
func (p *Post) unmirrored(err error) error {
	var failed *chatwoot.Error
	if !errors.As(err, &failed) {
		return err
	}
	if failed.Kind == chatwoot.Rejected {
		return nil // it is gone there
	}
	return &queue.Later{After: pause(1, failed.After), Reason: failed.Details}
}
