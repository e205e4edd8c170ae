package notify

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/whatsapp"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Our own codes of messages that were never handed to WhatsApp, beside Meta's numbers.
const (
	CodeWindow  = "window_closed"  // the 24 hours are over and the message has no template
	CodeUnfit   = "unfit"          // no shape of WhatsApp can carry it
	CodeChannel = "no_channel"     // the contact's channel is not connected
	CodeStopped = "number_stopped" // WhatsApp said lately that nothing arrives at this number
)

const (
	windowMargin = 30 * time.Second // before its end we count it as closed: the message still has to travel
	watchPause   = time.Second      // between two looks at a message that a job sends ahead of its flush
	maxInFlight  = time.Minute      // a call lasts some seconds; beyond this nobody is waiting for its answer
)

// parcel is a message that was marked as being sent, and the call that sends it.
type parcel struct {
	message    models.Message
	send       call
	asTemplate bool
}

// call hands one message to its channel and returns the id that the channel's events will carry. A failure
// is a *whatsapp.Error, whichever the channel.
type call func(ctx context.Context) (providerID string, err error)

// errNoChannel: the contact's channel is not connected.
var errNoChannel = errors.New("the channel is not connected")

// callFor is the call that brings content to where the conversation's contact is. It fails with errNoChannel,
// or with a *whatsapp.Error where no shape of the channel can carry the content.
func (p *Post) callFor(ctx context.Context, out outlet, content models.Content, messageID models.ID) (call, error) {
	switch out.Channel {
	case models.ChannelWhatsApp:
		wire, err := whatsapp.Compile(content, out.Address, messageID.String())
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context) (string, error) { return p.whatsapp.Send(ctx, wire) }, nil
	case models.ChannelChatwoot:
		return p.byChatwoot(ctx, out.ID, content, messageID)
	default:
		return nil, errNoChannel
	}
}

// outlet is a conversation as far as sending is concerned, and where its messages go.
type outlet struct {
	models.Conversation
	Channel       models.Channel
	Address       string
	UnreachableAt *time.Time
}

// take marks the conversation's oldest unsent message as being sent by the job; nil when there is none,
// or another job has it. Messages that must not be sent any more are settled on the way: replies while
// staff hold the conversation, free text outside the window. It holds the
// conversation's row, so that a hand-over to staff is either seen here or comes after.
func (p *Post) take(ctx context.Context, conversationID models.ID, jobID int64) (taken *parcel, err error) {
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		out, found, err := p.lockOutlet(ctx, conversationID)
		if err != nil || !found {
			return err // removed meanwhile, and its messages with it
		}
		for taken == nil {
			head, found, err := p.oldestUnsent(ctx, conversationID)
			if err != nil || !found {
				return err
			}
			if head.Status == models.Sending {
				if left, err := p.doubt(ctx, head, jobID); err != nil || left {
					return err
				}
			}
			if taken, err = p.load(ctx, out, head, jobID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return taken, nil
}

// lockOutlet is thread.Lock with the contact's address, in one query.
func (p *Post) lockOutlet(ctx context.Context, id models.ID) (out outlet, found bool, err error) {
	locked := p.db.On(ctx).Raw(`SELECT v.id, v.human_until, v.silenced_seq, v.last_inbound_at, k.channel, k.address, k.unreachable_at
		FROM conversations v JOIN contacts k ON k.id = v.contact_id WHERE v.id = ? FOR NO KEY UPDATE OF v`, id).Scan(&out)
	if locked.Error != nil {
		return out, false, fmt.Errorf("lock conversation to send: %w", locked.Error)
	}
	return out, locked.RowsAffected == 1, nil
}

// load marks a message as being sent, or settles it without sending and returns nil.
func (p *Post) load(ctx context.Context, out outlet, m models.Message, jobID int64) (*parcel, error) {
	if out.Silences(m, p.clock.Now()) || strings.HasPrefix(out.Address, models.AddressErased) {
		return nil, p.change(ctx, m, map[string]any{"status": models.Suppressed})
	}
	if out.Channel == models.ChannelWhatsApp && out.stopped(m, p.clock.Now()) {
		return nil, p.fail(ctx, m, CodeStopped, "nothing arrives at this number")
	}
	content, ok := p.fitting(out.Conversation, m)
	if !ok {
		return nil, p.fail(ctx, m, CodeWindow, "more than 24 hours since the customer's last message")
	}
	send, err := p.callFor(ctx, out, content, m.ID)
	var unfit *whatsapp.Error
	switch {
	case errors.Is(err, errNoChannel):
		return nil, p.fail(ctx, m, CodeChannel, "channel "+string(out.Channel)+" is not connected")
	case errors.As(err, &unfit):
		return nil, p.fail(ctx, m, CodeUnfit, err.Error())
	case err != nil:
		return nil, err
	}
	since := p.clock.Machine()
	m.Status, m.JobID, m.SendingSince, m.Attempts = models.Sending, &jobID, &since, m.Attempts+1
	err = p.change(ctx, m, map[string]any{
		"status": m.Status, "job_id": jobID, "sending_since": since, "attempts": m.Attempts,
	})
	return &parcel{m, send, content.Kind == models.KindTemplate}, err
}

// fitting is what may be sent now: the content inside the window, its template outside; false when the
// window is closed and there is no template. WhatsApp's own word that it is closed counts.
func (p *Post) fitting(conv models.Conversation, m models.Message) (models.Content, bool) {
	open := conv.LastInboundAt != nil && p.clock.Now().Before(conv.WindowEnds().Add(-windowMargin)) &&
		m.ErrorCode != strconv.Itoa(whatsapp.CodeWindowClosed)
	if open || m.Content.Kind == models.KindTemplate {
		return m.Content, true
	}
	return models.Content{Kind: models.KindTemplate, Template: m.Content.Template}, m.Content.Template != nil
}

// doubt decides about a message that is marked as being sent. left: another live flush has it. A *queue.Later:
// it is in doubt and its status may still come, or a job of another kind has gone ahead with it. That job
// would not send when it is run again, so the flush that comes behind it stays until the message is settled.
// Neither: it may be sent again.
func (p *Post) doubt(ctx context.Context, m models.Message, jobID int64) (left bool, err error) {
	if own := m.JobID != nil && *m.JobID == jobID; !own {
		switch sender, err := p.sender(ctx, m); {
		case err != nil:
			return false, err
		case sender == queue.Flush{}.Kind():
			return true, nil
		case sender != "":
			return false, &queue.Later{After: watchPause, Reason: "a job that went ahead is sending"}
		}
	}
	if rest := p.patience(m.Attempts) - p.clock.Machine().Sub(since(m)); rest > 0 {
		return false, &queue.Later{After: rest, Reason: "a message is in doubt"}
	}
	return false, nil
}

// sender is the kind of the job that is at work and may still be waiting for the answer to a message; ""
// when there is none.
func (p *Post) sender(ctx context.Context, m models.Message) (kind string, err error) {
	if m.Status != models.Sending || m.JobID == nil || p.clock.Machine().Sub(since(m)) > maxInFlight {
		return "", nil
	}
	err = p.db.On(ctx).Raw("SELECT kind FROM river_job WHERE id = ? AND state = 'running'", *m.JobID).Scan(&kind).Error
	if err != nil {
		return "", fmt.Errorf("look for the sending job: %w", err)
	}
	return kind, nil
}

func since(m models.Message) time.Time {
	if m.SendingSince == nil {
		return time.Time{}
	}
	return *m.SendingSince
}

func (p *Post) oldestUnsent(ctx context.Context, conversationID models.ID) (models.Message, bool, error) {
	var m models.Message
	oldest := p.db.On(ctx).Raw(`SELECT * FROM messages WHERE conversation_id = ? AND direction = 'out'
		AND status IN ('queued', 'sending') ORDER BY seq LIMIT 1 FOR NO KEY UPDATE`, conversationID).Scan(&m)
	if oldest.Error != nil {
		return m, false, fmt.Errorf("find oldest unsent message: %w", oldest.Error)
	}
	return m, oldest.RowsAffected == 1, nil
}

// left tells whether anything of a conversation is unsent.
func (p *Post) left(ctx context.Context, conversationID models.ID) (is bool, err error) {
	err = p.db.On(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM messages
		WHERE conversation_id = ? AND direction = 'out' AND status IN ('queued', 'sending'))`, conversationID).Scan(&is).Error
	if err != nil {
		return false, fmt.Errorf("look for unsent messages: %w", err)
	}
	return is, nil
}

// noteSent notes that WhatsApp took a message. A status may have been faster and said more: it stands. What leads to somebody who
// was erased meanwhile is not kept.
const noteSent = `UPDATE messages SET provider_id = CASE WHEN ` + ofErased + ` THEN NULL ELSE coalesce(provider_id, @provider) END,
	status = CASE WHEN status = 'sending' THEN 'sent' ELSE status END,
	error_code = CASE WHEN status = 'sending' THEN '' ELSE error_code END,
	error_detail = CASE WHEN status = 'sending' THEN '' ELSE error_detail END,
	sent_at = coalesce(sent_at, @now), job_id = NULL, sending_since = NULL WHERE id = @id`

// markSent stores WhatsApp's id, and with it, where the message carries a notice, that the notice is there.
// It does not wait for the disk: a server that loses it leaves the message in doubt, as a process that dies
// here does, and the first report of it resolves the doubt.
func (p *Post) markSent(ctx context.Context, m models.Message, providerID string) error {
	facts := map[string]any{"id": m.ID, "provider": providerID, "now": p.clock.Now()}
	if m.Class == models.ClassNotice {
		return p.db.InTx(ctx, func(ctx context.Context) error {
			var status models.MessageStatus
			if err := p.db.On(ctx).Raw(noteSent+" RETURNING status", facts).Scan(&status).Error; err != nil {
				return fmt.Errorf("note notice sent: %w", err)
			}
			p.changed(ctx, m)
			if status == models.Failed {
				return nil // and the next channel is at it
			}
			return p.carried(ctx, m, false)
		})
	}
	if _, err := p.db.Relaxed.Exec(ctx, noteSent, pgx.NamedArgs(facts)); err != nil {
		return fmt.Errorf("note message sent: %w", err)
	}
	p.changed(ctx, m)
	return nil
}

// surelyMarkSent marks again until it is stored or the time is over: nobody else knows the id, and a
// database that restarts in this moment would have the customer read the message twice.
func (p *Post) surelyMarkSent(ctx context.Context, m models.Message, providerID string) error {
	for {
		err := p.markSent(ctx, m, providerID)
		if !database.Away(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(resettle):
		}
	}
}

// release puts a message that was certainly not sent back to its place in the queue.
func (p *Post) release(ctx context.Context, m models.Message, why *whatsapp.Error) error {
	attempts := m.Attempts
	if why.BreakerOpen {
		attempts-- // no call was made
	}
	return p.change(ctx, m, map[string]any{
		"status": models.Queued, "job_id": nil, "sending_since": nil, "attempts": attempts,
		"error_code": code(why), "error_detail": why.Details,
	})
}

// noteDoubt keeps a message marked as being sent and says why nobody knows.
func (p *Post) noteDoubt(ctx context.Context, m models.Message, why *whatsapp.Error) error {
	return p.change(ctx, m, map[string]any{"error_code": code(why), "error_detail": why.Details})
}

// fail records that a message will never be sent as it is, tells staff and counts it.
func (p *Post) fail(ctx context.Context, m models.Message, code, detail string) error {
	return p.db.InTx(ctx, func(ctx context.Context) error {
		err := p.change(ctx, m, map[string]any{
			"status": models.Failed, "job_id": nil, "sending_since": nil, "error_code": code, "error_detail": detail,
		})
		if err != nil {
			return err
		}
		m.ErrorCode = code
		return p.failed(ctx, m)
	})
}

// change updates a message that still is where it was read; a status that came meanwhile stands.
func (p *Post) change(ctx context.Context, m models.Message, columns map[string]any) error {
	err := p.db.On(ctx).Model(&models.Message{}).Where("id = ? AND status IN ('queued', 'sending')", m.ID).
		UpdateColumns(columns).Error
	if err != nil {
		return fmt.Errorf("note state of message: %w", err)
	}
	p.changed(ctx, m)
	return nil
}

func (p *Post) changed(ctx context.Context, m models.Message) {
	p.redis.Changed(ctx, redisstore.TopicConversations, m.ConversationID.String())
}

func code(e *whatsapp.Error) string {
	if e.Code != 0 {
		return strconv.Itoa(e.Code)
	}
	return string(e.Kind)
}
