package notify

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"frontdesk/internal/whatsapp"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	maxPause = time.Minute // between two tries while WhatsApp is down
	// settling is the time to store what became of a call whose context has ended. With the call's own it
	// stays below the grace after which a message in doubt is sent again.
	settling = 15 * time.Second
	resettle = 200 * time.Millisecond // between two tries of that
)

// Flush sends a conversation's queued messages, oldest first and one at a time: nothing overtakes. jobID
// is the job that runs it. Any number of flushes may run at once; a message that another live job is
// sending is left to that job, which goes on with the rest.
//
// While WhatsApp is down, refuses for the moment, or has left a message in doubt, Flush returns a
// *queue.Later: the message keeps its place for as long as that takes and no attempt of the job is used up
// (R-1404, R-1407). The pauses grow to a minute, with jitter (R-1402). What WhatsApp rejects for good is
// recorded as failed, staff get a notice, and the next message goes.
func (p *Post) Flush(ctx context.Context, conversationID models.ID, jobID int64) error {
	for more := true; more; {
		next, err := p.take(ctx, conversationID, jobID)
		if err != nil || next == nil {
			return err
		}
		providerID, err := next.send(ctx)
		if err := p.settle(ctx, next, providerID, err); err != nil {
			return err
		}
		// Asked only now that the outcome is committed: what is queued later has a flush that finds it so.
		if more, err = p.left(ctx, conversationID); err != nil {
			return err
		}
	}
	return nil
}

// settle stores what became of a call. It outlives the job's context: what was sent is noted even while
// the program stops.
func (p *Post) settle(ctx context.Context, sent *parcel, providerID string, failure error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	if failure == nil {
		return p.surelyMarkSent(ctx, sent.message, providerID)
	}
	var refused *whatsapp.Error
	if !errors.As(failure, &refused) {
		return failure
	}
	switch {
	case refused.Kind == whatsapp.Retry:
		if err := p.release(ctx, sent.message, refused); err != nil {
			return err
		}
		if err := p.drawn(ctx, sent.message, code(refused)); err != nil {
			return err
		}
		return &queue.Later{After: pause(sent.message.Attempts, refused.After), Reason: refused.Details}
	case refused.Kind == whatsapp.Uncertain:
		if err := p.noteDoubt(ctx, sent.message, refused); err != nil {
			return err
		}
		return &queue.Later{After: p.patience(sent.message.Attempts), Reason: "a message is in doubt"}
	case refused.Code == whatsapp.CodeWindowClosed && sent.message.Content.Template != nil && !sent.asTemplate:
		return p.release(ctx, sent.message, refused) // the next round takes the template
	default:
		return p.fail(ctx, sent.message, code(refused), refused.Details)
	}
}

// pause is how long to wait before the next try: at least what WhatsApp asked for, else twice as long
// after each try, up to maxPause; and up to a quarter more, so that conversations do not march in step.
func pause(attempts int, asked time.Duration) time.Duration {
	wait := asked
	if wait <= 0 {
		wait = min(time.Second<<min(max(attempts-1, 0), 10), maxPause)
	}
	return wait + rand.N(wait/4+1) //nolint:gosec // jitter needs no secrecy
}

// patience is how long a message in doubt waits for a status. It doubles with every try, sixteenfold at
// most, so that a channel that loses its answers but delivers does not flood anyone.
func (p *Post) patience(attempts int) time.Duration {
	return p.grace << min(max(attempts-1, 0), 4)
}
