package chat

import (
	"context"
	"errors"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Figures of visits changed inside their notice: moved and so kept for the salon, or cancelled.
const (
	CountKept = "visits_moved_inside_notice"
	CountLost = "visits_cancelled_inside_notice"
)

// change does what a change of a visit that stands needs. Its result, if it has one, is the next event.
func (w *work) change(ctx context.Context, a Action) (*Event, error) {
	switch a := a.(type) {
	case FindTerms:
		return w.terms(ctx, a.Visit)
	case BeginMove:
		_, err := w.Diary.BeginReschedule(ctx, ownChange(a.Visit, w.conv.ID))
		return nil, w.changed(ctx, err)
	case KeepVisit:
		_, err := w.Diary.Keep(ctx, ownChange(a.Visit, w.conv.ID))
		return nil, w.changed(ctx, err)
	case MoveVisit:
		now, err := w.Diary.Reschedule(ctx, ownChange(a.Visit, w.conv.ID), a.Slot.StylistID, a.Slot.Start)
		return w.made(ctx, Changed{Goal: GoalMove, Was: a.Visit, Now: now}, CountKept, err)
	case CancelVisit:
		now, err := w.Till.Withdraw(ctx, ownChange(a.Visit, w.conv.ID), a.Back)
		return w.made(ctx, Changed{Goal: GoalCancel, Was: a.Visit, Now: now, Back: a.Back}, CountLost, err)
	default:
		return nil, errors.New("no change of a visit")
	}
}

// terms finds what cancelling a visit would mean. One that has ended meanwhile has none, and the facts say so.
func (w *work) terms(ctx context.Context, visit models.ID) (*Event, error) {
	terms, err := w.Till.CancelTerms(ctx, visit)
	var refused *fault.Fault
	if errors.As(err, &refused) {
		err = w.changed(ctx, nil)
	}
	return &Event{Terms: &terms}, err
}

// changed keeps the facts in step with a visit that was changed.
func (w *work) changed(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	return w.visits(ctx, w.conv, &w.facts)
}

// made answers a change. A refusal is an answer, not a failure: the turn goes on with it.
func (w *work) made(ctx context.Context, c Changed, count string, err error) (*Event, error) {
	var refused *fault.Fault
	if errors.As(err, &refused) {
		c.Fault, err = refused.Key, nil
	}
	if err := w.changed(ctx, err); err != nil {
		return nil, err
	}
	if c.Fault == "" && c.Was.Terms.Late(c.Was.Notice(w.facts.Now)) {
		database.AfterCommit(ctx, func() { w.Count(count) })
	}
	return &Event{Changed: &c}, nil
}

// stands tells whether a visit is one that its customer may still speak of changing.
func stands(v models.Appointment) bool {
	return v.Status == models.Confirmed || v.Status == models.ReschedulePending
}
