package notify

import (
	"context"
	"fmt"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/handoff"
	"frontdesk/models"
)

// Waiting for a call to WhatsApp that was under way when a person took over (machine time).
const (
	quietLimit = 3 * time.Second
	quietStep  = 20 * time.Millisecond
)

// TakeOver is handoff's TakeOver, and comes back when the assistant is silent indeed: its gate is shut by
// the commit, and a reply that a job was handing to WhatsApp in that moment, which nobody can call back,
// has gone. That is waited for some seconds at most; a call that hangs for longer is in the transcript
// as being sent, and is not repeated. It must not be called inside a transaction.
func (p *Post) TakeOver(ctx context.Context, c handoff.Claim) (models.Conversation, error) {
	conv, err := p.desk.TakeOver(ctx, c)
	if err != nil || database.InTransaction(ctx) {
		return conv, err
	}
	return conv, p.quiet(ctx, conv.ID)
}

func (p *Post) quiet(ctx context.Context, conversationID models.ID) error {
	ctx, cancel := context.WithTimeout(ctx, quietLimit)
	defer cancel()
	tick := time.NewTicker(quietStep)
	defer tick.Stop()
	for {
		speaking, err := p.speaking(ctx, conversationID)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if !speaking {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil // it hangs; what it says is shown when it is known
		}
	}
}

// speaking tells whether a job is handing a reply of the conversation to WhatsApp right now.
func (p *Post) speaking(ctx context.Context, conversationID models.ID) (is bool, err error) {
	err = p.db.On(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM messages m JOIN river_job j ON j.id = m.job_id AND j.state = 'running'
		WHERE m.conversation_id = ? AND m.direction = 'out' AND m.class = 'reply' AND m.status = 'sending'
		AND m.sending_since > ?)`, conversationID, p.clock.Machine().Add(-maxInFlight)).Scan(&is).Error
	if err != nil {
		return false, fmt.Errorf("look for replies under way: %w", err)
	}
	return is, nil
}

// EndTakeOvers gives conversations back whose human mode has run out, and tells how many.
func (p *Post) EndTakeOvers(ctx context.Context) (int, error) { return p.desk.Expire(ctx) }
