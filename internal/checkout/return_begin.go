package checkout

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// codeTries is how many codes are drawn before somebody is told that something is wrong with chance.
const codeTries = 5

// newRMA draws a code that nobody can guess, of the signs that numbers of orders are made of: one of a million million.
func newRMA() string { return "RMA" + strings.TrimPrefix(newNumber(), numberPrefix) }

// beginReturn writes a return with its lines and first event, and has the customer told. The sale is locked.
func (t *Till) beginReturn(ctx context.Context, r ReturnRequest, s *sale, out *models.Return) error {
	now := t.clock.Now()
	out.Status, out.Version, out.CreatedAt, out.UpdatedAt = models.ReturnRequested, 1, now, now
	if out.OpenedBy = actorCustomer; r.Staff != "" {
		out.OpenedBy = r.Staff
	}
	if err := t.insertReturn(ctx, out); err != nil {
		return err
	}
	if err := t.db.On(ctx).Create(&out.Items).Error; err != nil {
		return fmt.Errorf("write lines of return: %w", err)
	}
	if err := t.noteReturn(ctx, *out, "", out.OpenedBy, ""); err != nil {
		return err
	}
	if r.Staff != "" {
		err := t.log.Record(ctx, audit.Entry{
			Actor: r.Staff, Action: "return.opened", SubjectKind: "return", SubjectID: out.ID.String(),
			Detail: map[string]any{"order": s.order.Number, "code": out.RMACode},
		})
		if err != nil {
			return err
		}
	}
	if r.Quiet {
		return nil
	}
	return t.tellReturn(ctx, s, *out)
}

// insertReturn gives the return a code that is nobody else's. Fault: return.existing_open_return.
func (t *Till) insertReturn(ctx context.Context, out *models.Return) error {
	for range codeTries {
		out.RMACode = t.drawRMA()
		done := t.db.On(ctx).Omit(clause.Associations).
			Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "rma_code"}}, DoNothing: true}).Create(out)
		switch {
		case database.Violates(done.Error, "returns_one_open"):
			return fault.Conflict("return.existing_open_return")
		case done.Error != nil:
			return fmt.Errorf("write return: %w", done.Error)
		case done.RowsAffected == 1:
			return nil
		}
	}
	return errors.New("no free code for a return")
}

// noteReturn adds a line to a return's history, and tells the open pages.
func (t *Till) noteReturn(ctx context.Context, r models.Return, from models.ReturnStatus, actor, note string) error {
	e := models.ReturnEvent{ID: models.NewID(), ReturnID: r.ID, At: t.clock.Now(), From: from, To: r.Status, Actor: actor, Note: note}
	if err := t.db.On(ctx).Create(&e).Error; err != nil {
		return fmt.Errorf("note what became of return: %w", err)
	}
	t.redis.Changed(ctx, redisstore.TopicOrders, r.OrderID.String())
	return nil
}

// tellReturn has the owner of the order told where a return stands now; the words are the chat's.
func (t *Till) tellReturn(ctx context.Context, s *sale, r models.Return) error {
	if s.conversation == nil {
		return nil
	}
	return t.queue.Enqueue(ctx, queue.Tell{ConversationID: *s.conversation, Event: "return." + string(r.Status), Ref: r.ID})
}
