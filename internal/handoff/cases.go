package handoff

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Reasons is the closed list, in the order pages show it.
func Reasons() []models.HandoffReason {
	return []models.HandoffReason{
		models.ReasonMedical, models.ReasonPaymentFailure, models.ReasonLateCancellation, models.ReasonDelay,
		models.ReasonAmbiguity, models.ReasonNameUnclear, models.ReasonManualRequest, models.ReasonRefundFailure,
		models.ReasonComplaint, models.ReasonSystemError,
	}
}

func known(r models.HandoffReason) bool { return slices.Contains(Reasons(), r) }

// Resolution closes a case.
type Resolution struct {
	CaseID  models.ID
	StaffID models.ID
	Label   models.CaseLabel // did it need a person, and if not, why it came to one
}

// Resolve closes a case with its label and, with the last one that keeps the assistant quiet, gives the
// conversation back to it, audited. A case that is resolved already stays as it is.
// Faults: handoff.label (field "label") without one of the closed list, handoff.taken while a colleague
// has the conversation, handoff.no_case.
func (d *Desk) Resolve(ctx context.Context, r Resolution) error {
	if !slices.Contains(models.CaseLabels(), r.Label) {
		return fault.Invalid("handoff.label", map[string]string{"label": "handoff.label.required"})
	}
	return d.db.InTx(ctx, func(ctx context.Context) error {
		conv, c, err := d.lock(ctx, r.CaseID)
		if err != nil || c.Status == models.CaseResolved {
			return err
		}
		if holder := conv.Holder(d.clock.Now()); holder != nil && *holder != r.StaffID {
			return d.taken(ctx, *holder)
		}
		if err := d.close(ctx, c, r); err != nil {
			return err
		}
		open, err := d.loud(ctx, c.ConversationID)
		if err != nil || open > 0 || c.Silent || !conv.Human(d.clock.Now()) {
			return err
		}
		return d.giveBack(ctx, conv, r.StaffID, &c.ID)
	})
}

// close writes the end of a locked case, its line and its audit entry.
func (d *Desk) close(ctx context.Context, c models.Case, r Resolution) error {
	now := d.clock.Now()
	err := d.db.On(ctx).Model(&c).Select("status", "label", "resolved_at", "resolved_by").
		Updates(models.Case{Status: models.CaseResolved, Label: r.Label, ResolvedAt: &now, ResolvedBy: actorOf(r.StaffID)}).Error
	if err != nil {
		return fmt.Errorf("resolve case: %w", err)
	}
	err = d.note(ctx, models.ConversationEvent{
		ConversationID: c.ConversationID, Kind: models.ConversationCaseResolved, StaffID: &r.StaffID, CaseID: &c.ID,
	})
	if err != nil {
		return err
	}
	d.changed(ctx, c)
	return d.log.Record(ctx, audit.Entry{
		Actor: actorOf(r.StaffID), Action: "case.resolved", SubjectKind: "case", SubjectID: c.ID.String(),
		Before: map[string]any{"status": models.CaseOpen, "label": ""}, After: map[string]any{"status": models.CaseResolved, "label": r.Label},
	})
}

// Answered notes that a person has written to the customer: the waiting of the open cases ends.
func (d *Desk) Answered(ctx context.Context, conversationID models.ID) error {
	err := d.db.On(ctx).Model(&models.Case{}).Where("conversation_id = ? AND status = 'open' AND answered_at IS NULL", conversationID).
		UpdateColumn("answered_at", d.clock.Now()).Error
	if err != nil {
		return fmt.Errorf("note answer to cases: %w", err)
	}
	return nil
}

// loud counts the open cases of a conversation that keep the assistant quiet.
func (d *Desk) loud(ctx context.Context, conversationID models.ID) (n int64, err error) {
	err = d.db.On(ctx).Model(&models.Case{}).Where("conversation_id = ? AND status = 'open' AND NOT silent", conversationID).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count open cases: %w", err)
	}
	return n, nil
}

// lock holds the case's conversation, then the case.
func (d *Desk) lock(ctx context.Context, id models.ID) (conv models.Conversation, c models.Case, err error) {
	if c, err = d.Case(ctx, id); err != nil {
		return conv, c, err
	}
	if conv, err = d.thread.Lock(ctx, c.ConversationID); err != nil {
		return conv, c, err
	}
	err = d.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", id).Take(&c).Error
	if err != nil {
		return conv, c, fmt.Errorf("lock case: %w", err)
	}
	return conv, c, nil
}

// Case reads a case. Fault: handoff.no_case.
func (d *Desk) Case(ctx context.Context, id models.ID) (models.Case, error) {
	var c models.Case
	err := d.db.On(ctx).Where("id = ?", id).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, fault.NotFound("handoff.no_case")
	}
	if err != nil {
		return c, fmt.Errorf("read case: %w", err)
	}
	return c, nil
}
