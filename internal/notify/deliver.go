package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/mail"
	"frontdesk/internal/sms"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// How long a channel is given. The next one is tried at once, or soon, and the first again until one of them
// has the notice.
const (
	triesBefore = 6                // of a channel before the next one is asked, unless it is urgent: about a minute
	tries       = 60               // of a channel in all: about an hour
	ordinary    = 20 * time.Minute // business time, in which a notice is to arrive that is not of today
	askEvery    = 15 * time.Second // business time, between two questions what became of an SMS
	askWithin   = 10 * time.Minute // business time; beyond it nobody is told any more
)

// Codes of deliveries that are ours, beside those of the channels.
const (
	CodeDisabled      = "disabled"       // switched off by a policy
	CodeNotConfigured = "not_configured" // nothing is set up
	CodeNoTemplate    = "no_template"    // WhatsApp has approved no words for it
	CodeOvertaken     = "overtaken"      // what it would say is no longer so
	CodeUnconfirmed   = "unconfirmed"    // taken, and nobody ever said that it arrived
	CodeElsewhere     = "elsewhere"      // withdrawn before it was sent: another channel had the notice by then
)

// planning stands for no job: nobody is there to make a call.
const planning int64 = 0

// dispatch is one call to a channel: a message, or the question what became of one.
type dispatch struct {
	delivery models.NoticeDelivery
	notice   models.Notice
	sms      *sms.Message
	mail     *mail.Message
	before   string // the words of an SMS that an earlier try may have handed over
	ask      bool
}

// Deliver carries a notice over the channels of whoever it is for, in their order, one after another
// until one has taken it: the next one when a channel refuses, when it failed some times, for an urgent notice
// once, and in any case when half of the notice's time has passed (P.urgent.notify_seconds for what is
// about today, else ordinary) and the message still waits for WhatsApp or, of an urgent one, nobody says
// that the SMS arrived. What failed for the moment is tried again beside the others until
// one has the notice. Each channel has one record, and takes the notice once. jobID is the job that runs it;
// it may run any number of times and from several processes.
//
// A crash in the middle of a call leaves a record in doubt, and the call is repeated after the grace: an
// SMS with its idempotency key, which the gateway takes once; a mail with its Message-ID, by which mail
// programs tell copies apart. That a person gets the same mail twice, or an SMS that arrived late as well
// as the mail that stood in for it, cannot be excluded; that a notice is lost can.
func (p *Post) Deliver(ctx context.Context, noticeID models.ID, jobID int64) error {
	for {
		next, wait, err := p.next(ctx, noticeID, jobID)
		if err != nil {
			return err
		}
		if next == nil && wait > 0 {
			return &queue.Later{After: wait, Reason: "a channel of a notice is away"}
		}
		if next == nil {
			return nil
		}
		if err := p.conclude(ctx, *next, p.carry(ctx, *next)); err != nil {
			return err
		}
	}
}

// next marks what is to be called now as being sent by the job; nil when there is nothing, or nothing
// before wait is over (machine time).
func (p *Post) next(ctx context.Context, noticeID models.ID, jobID int64) (call *dispatch, wait time.Duration, err error) {
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		var n models.Notice
		found := p.db.On(ctx).Raw("SELECT * FROM notices WHERE id = ? FOR NO KEY UPDATE", noticeID).Scan(&n)
		if found.Error != nil || found.RowsAffected == 0 {
			return found.Error // removed meanwhile
		}
		call, wait, err = p.round(ctx, n, jobID)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("find the next channel: %w", err)
	}
	return call, wait, nil
}

// round looks at everyone a locked notice is for.
func (p *Post) round(ctx context.Context, n models.Notice, jobID int64) (*dispatch, time.Duration, error) {
	people, err := p.recipients(ctx, n)
	if err != nil {
		return nil, 0, err
	}
	var rows []models.NoticeDelivery
	if err := p.db.On(ctx).Find(&rows, "notice_id = ?", n.ID).Error; err != nil {
		return nil, 0, fmt.Errorf("read deliveries: %w", err)
	}
	var wait time.Duration
	for _, who := range people {
		call, rest, err := p.advance(ctx, n, who, of(rows, who), jobID)
		if err != nil || call != nil {
			return call, 0, err
		}
		wait = sooner(wait, rest)
	}
	if len(people) > 0 {
		return nil, wait, nil
	}
	policies, err := p.settings.Policies(ctx)
	if err != nil {
		return nil, 0, err
	}
	return nil, 0, p.giveUp(ctx, policies, n, recipient{})
}

// carry makes the call.
func (p *Post) carry(ctx context.Context, d dispatch) outcome {
	switch {
	case d.ask && p.sms == nil:
		return outcome{status: models.DeliverySent, code: CodeUnconfirmed} // the gateway was taken away
	case d.ask:
		state, code, err := p.sms.Status(ctx, d.delivery.ProviderID)
		if err != nil {
			return outcome{status: models.DeliverySent} // asked again
		}
		return outcome{status: asked(state), code: code}
	case d.sms != nil:
		id, err := p.sms.Send(ctx, *d.sms)
		return outcome{
			status: models.DeliverySent, id: id, err: err, code: sms.Code(err), temporary: sms.Temporary(err),
			busy: sms.Code(err) == sms.CodeBusy, perhaps: sms.Uncertain(err),
		}
	default:
		err := p.mail.Send(ctx, *d.mail)
		return outcome{status: models.DeliverySent, err: err, code: mail.Code(err), temporary: mail.Temporary(err), busy: mail.Code(err) == mail.CodeBusy}
	}
}

func asked(s sms.State) models.DeliveryState {
	switch s {
	case sms.Delivered:
		return models.DeliveryDelivered
	case sms.Failed:
		return models.DeliveryFailed
	default:
		return models.DeliverySent
	}
}

// outcome is what a call led to.
type outcome struct {
	status    models.DeliveryState
	id, code  string
	err       error
	temporary bool
	busy      bool // the call was not made: enough others are under way
	perhaps   bool // it may have been taken all the same
}

// conclude stores what became of a call. It outlives the job's context: what was sent is noted even while
// the program stops.
func (p *Post) conclude(ctx context.Context, d dispatch, got outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	if got.err != nil && got.code == "" {
		return got.err
	}
	return p.db.InTx(ctx, func(ctx context.Context) error {
		now, row := p.clock.Now(), models.NoticeDelivery{}
		if err := p.lockNotice(ctx, d.notice.ID); err != nil {
			return err
		}
		if err := p.db.On(ctx).Take(&row, "id = ?", d.delivery.ID).Error; err != nil {
			return fmt.Errorf("read delivery of notice: %w", err)
		}
		if row.Status != d.delivery.Status || row.Attempts != d.delivery.Attempts {
			return nil // somebody else heard more
		}
		row.JobID, row.SendingSince, row.RetryAt, row.Code = nil, nil, nil, got.code
		switch {
		case d.ask:
			p.heard(&row, d.notice, got, now)
		case got.err == nil:
			row.Status, row.SentAt, row.ProviderID = models.DeliverySent, &now, got.id
			if row.Channel == models.ChannelSMS {
				row.AskAt = after(now, askEvery)
			}
		case got.busy:
			row.Status, row.Attempts, row.Words = models.DeliveryQueued, row.Attempts-1, d.before
			row.RetryAt = after(p.clock.Machine(), queue.Busy("enough messages are under way").After)
		case got.temporary && row.Attempts < tries:
			row.Status = models.DeliveryQueued
			row.RetryAt = after(p.clock.Machine(), pause(row.Attempts, 0))
			if !got.perhaps {
				row.Words = d.before
			}
		default:
			row.Status, row.FailedAt = models.DeliveryFailed, &now
		}
		if err := p.record(ctx, row); err != nil {
			return err
		}
		if !row.Took() {
			return nil
		}
		return p.reached(ctx, d.notice.ID, row.Channel)
	})
}

// heard notes what the gateway says of a message it took.
func (p *Post) heard(row *models.NoticeDelivery, n models.Notice, got outcome, now time.Time) {
	row.Status, row.AskAt = got.status, nil
	switch got.status {
	case models.DeliveryDelivered:
		row.DeliveredAt = &now
	case models.DeliveryFailed:
		row.FailedAt = &now
	default:
		if got.code == "" && now.Before(n.CreatedAt.Add(askWithin)) {
			row.AskAt = after(now, askEvery)
		} else {
			row.Code = CodeUnconfirmed
		}
	}
}

func after(t time.Time, d time.Duration) *time.Time {
	t = t.Add(d)
	return &t
}

// record writes a delivery, new or known. Its words are kept no longer than they may be sent again.
func (p *Post) record(ctx context.Context, d models.NoticeDelivery) error {
	if d.Status != models.DeliveryQueued && d.Status != models.DeliverySending {
		d.Words = ""
	}
	if err := p.db.On(ctx).Save(&d).Error; err != nil {
		return fmt.Errorf("record delivery of notice: %w", err)
	}
	return nil
}

// reached notes that a channel has a notice, the first time, and how long one of a visit of today took.
func (p *Post) reached(ctx context.Context, noticeID models.ID, channel models.Channel) error {
	now := p.clock.Now()
	var n models.Notice
	first := p.db.On(ctx).Raw(`UPDATE notices SET reached_at = ?, given_up_at = NULL, channel = ?
		WHERE id = ? AND reached_at IS NULL RETURNING *`, now, channel, noticeID).Scan(&n)
	if first.Error != nil {
		return fmt.Errorf("note notice reached: %w", first.Error)
	}
	if first.RowsAffected > 0 && n.Urgent && n.CaseID == nil {
		p.urgent(now.Sub(n.CreatedAt).Seconds())
	}
	p.noticed(ctx, noticeID)
	return nil
}

// lockNotice comes before what is written about a notice's deliveries.
func (p *Post) lockNotice(ctx context.Context, id models.ID) error {
	if err := p.db.On(ctx).Exec("SELECT FROM notices WHERE id = ? FOR NO KEY UPDATE", id).Error; err != nil {
		return fmt.Errorf("lock notice: %w", err)
	}
	return nil
}

// carried notes what WhatsApp says of the message of a notice: it left, or it never will and the next
// channel is tried.
func (p *Post) carried(ctx context.Context, m models.Message, failed bool) error {
	if m.Class != models.ClassNotice {
		return nil
	}
	var found models.NoticeDelivery
	err := p.db.On(ctx).Select("id, notice_id").Take(&found, "message_id = ?", m.ID).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find notice of message: %w", err)
	}
	return p.db.InTx(ctx, func(ctx context.Context) error {
		if err := p.lockNotice(ctx, found.NoticeID); err != nil {
			return err
		}
		var d models.NoticeDelivery
		if err := p.db.On(ctx).Take(&d, "id = ?", found.ID).Error; err != nil {
			return fmt.Errorf("read delivery of message: %w", err)
		}
		return p.noteCarried(ctx, d, m.ErrorCode, failed)
	})
}

func (p *Post) noteCarried(ctx context.Context, d models.NoticeDelivery, code string, failed bool) error {
	now := p.clock.Now()
	if !failed {
		d.Status, d.SentAt, d.AskAt = models.DeliverySent, &now, nil
		if err := p.record(ctx, d); err != nil {
			return err
		}
		if err := p.reached(ctx, d.NoticeID, d.Channel); err != nil {
			return err
		}
		return p.endTries(ctx, d)
	}
	d.Status, d.FailedAt, d.Code, d.AskAt = models.DeliveryFailed, &now, code, nil
	if err := p.record(ctx, d); err != nil {
		return err
	}
	return p.queue.Enqueue(ctx, queue.NoticeSend{NoticeID: d.NoticeID})
}

// endTries is close for a message that WhatsApp took.
func (p *Post) endTries(ctx context.Context, took models.NoticeDelivery) error {
	var rows []models.NoticeDelivery
	if err := p.db.On(ctx).Find(&rows, "notice_id = ?", took.NoticeID).Error; err != nil {
		return fmt.Errorf("read deliveries: %w", err)
	}
	return p.close(ctx, of(rows, recipient{staffID: took.StaffID}))
}

// AskDue has every notice looked at again whose channel should have said something by now. It may run
// twice at once and catches up after an outage.
func (p *Post) AskDue(ctx context.Context) error {
	var due []models.NoticeDelivery
	if err := p.db.On(ctx).Select("id, notice_id").Order("ask_at").Limit(200).Find(&due, "ask_at <= ?", p.clock.Now()).Error; err != nil {
		return fmt.Errorf("find notices to ask about: %w", err)
	}
	for _, d := range due {
		_, err := p.queue.EnqueueIf(ctx, queue.NoticeSend{NoticeID: d.NoticeID},
			"UPDATE notice_deliveries SET ask_at = NULL WHERE id = ? AND ask_at <= ? RETURNING id", d.ID, p.clock.Now())
		if err != nil {
			return fmt.Errorf("ask about notice: %w", err)
		}
	}
	return nil
}
