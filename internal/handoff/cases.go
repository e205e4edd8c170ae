package handoff

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

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

// Resolve closes a case and, with the last open one, gives the conversation back to the bot
// . A case that is resolved already stays as it is. Fault: handoff.no_case.
func (d *Desk) Resolve(ctx context.Context, caseID models.ID, actor string) error {
	return d.db.InTx(ctx, func(ctx context.Context) error {
		c, err := d.lock(ctx, caseID)
		if err != nil || c.Status == models.CaseResolved {
			return err
		}
		now := d.clock.Now()
		err = d.db.On(ctx).Model(&c).Select("status", "resolved_at", "resolved_by").
			Updates(models.Case{Status: models.CaseResolved, ResolvedAt: &now, ResolvedBy: actor}).Error
		if err != nil {
			return fmt.Errorf("resolve case: %w", err)
		}
		d.changed(ctx, c)
		var open int64
		err = d.db.On(ctx).Model(&models.Case{}).Where("conversation_id = ? AND status = 'open'", c.ConversationID).Count(&open).Error
		if err != nil {
			return fmt.Errorf("count open cases: %w", err)
		}
		if open > 0 {
			return nil
		}
		return d.setHumanUntil(ctx, c.ConversationID, nil)
	})
}

// lock holds the case's conversation, then reads the case.
func (d *Desk) lock(ctx context.Context, id models.ID) (models.Case, error) {
	c, err := d.Case(ctx, id)
	if err != nil {
		return c, err
	}
	if _, err := d.thread.Lock(ctx, c.ConversationID); err != nil {
		return c, err
	}
	err = d.db.On(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", id).Take(&c).Error
	if err != nil {
		return c, fmt.Errorf("lock case: %w", err)
	}
	return c, nil
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

// OfConversation lists the cases of a conversation, newest first.
func (d *Desk) OfConversation(ctx context.Context, id models.ID) ([]models.Case, error) {
	return d.list(d.db.On(ctx).Where("conversation_id = ?", id))
}

// OpenCases lists what waits for a person, newest first.
func (d *Desk) OpenCases(ctx context.Context) ([]models.Case, error) {
	return d.list(d.db.On(ctx).Where("status = 'open'"))
}

func (d *Desk) list(q *gorm.DB) ([]models.Case, error) {
	var cases []models.Case
	if err := q.Order("opened_at DESC, id DESC").Find(&cases).Error; err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	return cases, nil
}
