package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/checkout"
	"frontdesk/internal/handoff"
	"frontdesk/internal/identity"
	"frontdesk/internal/inbox"
	"frontdesk/internal/letters"
	"frontdesk/internal/metrics"
	"frontdesk/internal/notify"
	"frontdesk/internal/privacy"
	"frontdesk/internal/reconcile"
	"frontdesk/internal/shop"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// giveUpTime bounds the hand-over of a turn that failed for good; the job's own time may be over.
const giveUpTime = 5 * time.Second

// Rules are what the workers call.
type Rules struct {
	Inbox    *inbox.Inbox
	Chat     *chat.Clerk
	Post     *notify.Post
	Till     *checkout.Till
	Diary    *booking.Diary
	Desk     *handoff.Desk
	Shop     *shop.Shop
	Identity *identity.Porter
	Privacy  *privacy.Office
	Letters  *letters.Tray
	Books    *reconcile.Books
	Queue    *queue.Queue
	metrics  *metrics.Registry
}

// workers registers one worker for every kind in jobs/queue.
func (r Rules) workers() *river.Workers {
	w := river.NewWorkers()
	river.AddWorker(w, river.WorkFunc(r.inboxEvent))
	river.AddWorker(w, river.WorkFunc(r.chatTurn))
	river.AddWorker(w, river.WorkFunc(r.tell))
	river.AddWorker(w, river.WorkFunc(r.flush))
	river.AddWorker(w, river.WorkFunc(r.stylistNotice))
	river.AddWorker(w, river.WorkFunc(r.caseNotice))
	river.AddWorker(w, river.WorkFunc(r.noticeSend))
	river.AddWorker(w, river.WorkFunc(r.paymentSession))
	river.AddWorker(w, river.WorkFunc(r.paymentVoid))
	river.AddWorker(w, river.WorkFunc(r.paymentEvent))
	river.AddWorker(w, river.WorkFunc(r.refundSend))
	river.AddWorker(w, river.WorkFunc(r.chatwootStatus))
	river.AddWorker(w, river.WorkFunc(r.replay))
	river.AddWorker(w, river.WorkFunc(r.calendarPush))
	river.AddWorker(w, river.WorkFunc(r.calendarRead))
	river.AddWorker(w, river.WorkFunc(r.returnPhoto))
	river.AddWorker(w, catalogueSync{rules: r})
	river.AddWorker(w, river.WorkFunc(r.phoneCode))
	river.AddWorker(w, erasure{rules: r})
	river.AddWorker(w, river.WorkFunc(r.privacyChatwoot))
	river.AddWorker(w, river.WorkFunc(r.lettersBack))
	river.AddWorker(w, comparison{rules: r})
	river.AddWorker(w, freshLook{rules: r})
	river.AddWorker(w, river.WorkFunc(r.sweep))
	return w
}

// inboxEvent gives an event its effect and goes on to answer it.
func (r Rules) inboxEvent(ctx context.Context, job *river.Job[queue.InboxEvent]) error {
	ctx, ahead := queue.GoAhead(ctx)
	err := r.process(ctx, job.Args.EventID)
	r.goAhead(ctx, ahead, job.ID)
	return snoozed(err)
}

func (r Rules) process(ctx context.Context, event models.ID) error {
	return r.Inbox.Process(ctx, event, func(ctx context.Context, e models.ProviderEvent) (string, error) {
		switch e.Kind {
		case models.EventMessage:
			return r.Chat.Receive(ctx, e)
		case models.EventStatus:
			return r.Post.Track(ctx, e)
		case models.EventEcho:
			return r.Desk.Elsewhere(ctx, e)
		case models.EventPlace:
			return r.Desk.Moved(ctx, e)
		default:
			return "ignored", nil // recorded and acknowledged, nothing to do
		}
	})
}

// goAhead does at once what the job has led to, for the customer who waits. What fails here is left to
// its own job, which has attempts of its own.
func (r Rules) goAhead(ctx context.Context, ahead *queue.Ahead, jobID int64) {
	err := ahead.Do(func(args river.JobArgs) error {
		switch args := args.(type) {
		case queue.ChatTurn:
			return r.Chat.Turn(ctx, args.ConversationID)
		case queue.Flush:
			return r.Post.Flush(ctx, args.ConversationID, jobID)
		default:
			return fmt.Errorf("go ahead with %s: not meant for it", args.Kind())
		}
	})
	var rest time.Duration
	if later := postponed(err); later != nil {
		rest = later.After
	} else if err != nil {
		slog.WarnContext(ctx, "left to its job", "err", err)
	}
	if err := r.Queue.Settle(ctx, ahead, rest); err != nil {
		slog.WarnContext(ctx, "jobs come though they are done, or later than they could", "err", err)
	}
}

// chatTurn never leaves a customer talking to a wall: when its last attempt fails, panics or runs out
// of time, staff get the conversation.
func (r Rules) chatTurn(ctx context.Context, job *river.Job[queue.ChatTurn]) (err error) {
	over := false
	defer func() {
		if over || job.Attempt < job.MaxAttempts {
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveUpTime)
		defer cancel()
		err = errors.Join(err, r.Chat.GiveUp(ctx, job.Args.ConversationID))
	}()
	going, ahead := queue.GoAhead(ctx)
	err = r.Chat.Turn(going, job.Args.ConversationID)
	over = err == nil || postponed(err) != nil
	r.goAhead(going, ahead, job.ID)
	return snoozed(err)
}

func (r Rules) tell(ctx context.Context, job *river.Job[queue.Tell]) error {
	ctx, ahead := queue.GoAhead(ctx)
	err := r.Chat.Tell(ctx, job.Args)
	r.goAhead(ctx, ahead, job.ID)
	return err
}

func (r Rules) flush(ctx context.Context, job *river.Job[queue.Flush]) error {
	return snoozed(r.Post.Flush(ctx, job.Args.ConversationID, job.ID))
}

func (r Rules) chatwootStatus(ctx context.Context, job *river.Job[queue.ChatwootStatus]) error {
	return snoozed(r.Post.ChatwootStatus(ctx, job.Args.ConversationID))
}

func (r Rules) calendarPush(ctx context.Context, job *river.Job[queue.CalendarPush]) error {
	return snoozed(r.Diary.PushVisit(ctx, job.Args.AppointmentID))
}

// calendarRead is no dead letter when it fails for good: the sweep asks for the next reading.
func (r Rules) calendarRead(ctx context.Context, job *river.Job[queue.CalendarRead]) error {
	err := r.Diary.ReadCalendar(ctx, job.Args.StylistID)
	if err != nil && postponed(err) == nil && job.Attempt >= job.MaxAttempts {
		return river.JobCancel(err)
	}
	return snoozed(err)
}

func (r Rules) stylistNotice(ctx context.Context, job *river.Job[queue.StylistNotice]) error {
	return r.Post.Stylist(ctx, job.Args)
}

func (r Rules) caseNotice(ctx context.Context, job *river.Job[queue.CaseNotice]) error {
	return r.Post.Case(ctx, job.Args.CaseID)
}

func (r Rules) noticeSend(ctx context.Context, job *river.Job[queue.NoticeSend]) error {
	return snoozed(r.Post.Deliver(ctx, job.Args.NoticeID, job.ID))
}

func (r Rules) paymentSession(ctx context.Context, job *river.Job[queue.PaymentSession]) error {
	return r.Till.OpenSession(ctx, job.Args.PaymentID)
}

func (r Rules) paymentVoid(ctx context.Context, job *river.Job[queue.PaymentVoid]) error {
	if job.Args.OrderID != (models.ID{}) {
		return r.Till.VoidOrder(ctx, job.Args.OrderID)
	}
	return r.Till.Void(ctx, job.Args.AppointmentID)
}

func (r Rules) paymentEvent(ctx context.Context, job *river.Job[queue.PaymentEvent]) error {
	return r.Till.Apply(ctx, job.Args.EventID)
}

func (r Rules) refundSend(ctx context.Context, job *river.Job[queue.RefundSend]) error {
	return r.Till.SendRefund(ctx, job.Args.RefundID)
}

func (r Rules) replay(ctx context.Context, job *river.Job[queue.Replay]) error {
	return r.Chat.Replay(ctx, job.Args.AuditID)
}

func (r Rules) phoneCode(ctx context.Context, job *river.Job[queue.PhoneCode]) error {
	return snoozed(r.Identity.SendCode(ctx, job.Args.CodeID))
}

// sweep does what has become due by now: first what somebody waits for by the minute, last what may wait,
// because all of it shares one job's time. A part that fails does not keep the others from running.
func (r Rules) sweep(ctx context.Context, _ *river.Job[queue.Sweep]) error {
	noticeErr := r.Post.AskDue(ctx)
	warned, warnErr := r.Diary.WarnHolds(ctx)
	expired, expireErr := r.Diary.ExpireHolds(ctx)
	r.metrics.HoldsWarned.Add(float64(warned))
	r.metrics.HoldsExpired.Add(float64(expired))
	lapsed, orderErr := r.Till.ExpireOrders(ctx)
	r.metrics.OrdersExpired.Add(float64(lapsed))
	_, refundErr := r.Till.ExpireRefunds(ctx)
	_, handBackErr := r.Post.EndTakeOvers(ctx)
	_, calendarErr := r.Diary.AskCalendars(ctx)
	_, choiceErr := r.Diary.EndChoices(ctx)
	_, remindErr := r.Chat.Remind(ctx)
	_, missErr := r.Diary.MissReminders(ctx)
	_, forgetErr := r.Chat.ForgetIdle(ctx)
	_, iterationErr := r.Chat.NoteIterations(ctx)
	_, unarchived, archiveErr := r.Chat.Archive(ctx)
	r.metrics.ArchiveFailures.Add(float64(unarchived))
	_, catalogueErr := r.Shop.SyncDue(ctx)
	_, cartErr := r.Shop.ExpireCarts(ctx)
	sessionErr := r.Shop.ForgetSessions(ctx)
	keyErr := r.Till.ForgetOrderKeys(ctx)
	codeErr := r.Identity.ForgetCodes(ctx)
	_, privacyErr := r.Privacy.Sweep(ctx)
	letterErr := r.Letters.Resume(ctx)
	booksErr := r.Books.Due(ctx)
	return errors.Join(privacyErr, noticeErr, warnErr, expireErr, handBackErr, calendarErr, choiceErr, remindErr, missErr, forgetErr, iterationErr, archiveErr, catalogueErr, cartErr, sessionErr, orderErr, refundErr, keyErr, codeErr, letterErr, booksErr)
}
