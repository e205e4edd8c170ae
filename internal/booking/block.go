package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

// BlockRequest closes time: of one stylist, or of the whole salon.
type BlockRequest struct {
	StylistID *models.ID // nil closes the whole salon
	Span      models.Span
	Kind      models.BlockKind // one of BlockKinds
	Note      string           // in the actor's words, at most MaxReason runes; no customer reads it
	Reason    models.Text      // customers are told it; nil says none
	Actor     string
	Own       *models.ID // as in Act
	// KeepVisits blocks although visits stand there; they stay. Else the block is refused with the fault
	// booking.block_conflicts.
	KeepVisits bool
}

// Block closes time. Customers are offered none of it from then on; what stands there stays only when the
// request says so. Faults: booking.block_conflicts (Obstacles lists the visits), booking.block_span for a
// span that is empty or over, booking.block_kind, booking.wrong_stylist, booking.not_yours, booking.reason.
func (d *Diary) Block(ctx context.Context, r BlockRequest) (models.TimeBlock, error) {
	b := models.TimeBlock{
		ID: models.NewID(), StylistID: r.StylistID, StartsAt: r.Span.Start, EndsAt: r.Span.End, Kind: r.Kind,
		Reason: r.Reason, Note: r.Note, CreatedBy: r.Actor, CreatedAt: d.clock.Now(),
	}
	if b.Reason == nil {
		b.Reason = models.Text{}
	}
	if err := d.checkBlock(r); err != nil {
		return models.TimeBlock{}, fmt.Errorf("block time: %w", err)
	}
	err := d.db.InTx(ctx, func(ctx context.Context) error {
		if err := d.clearForBlock(ctx, r.StylistID); err != nil {
			return err
		}
		visits, err := d.conflicts(ctx, r.Span, r.StylistID, nil)
		if err != nil {
			return err
		}
		if len(visits) > 0 && !r.KeepVisits {
			return blocked("booking.block_conflicts", InTheWay{Visits: visits})
		}
		if err := d.db.On(ctx).Create(&b).Error; err != nil {
			return fmt.Errorf("write block: %w", err)
		}
		return d.auditBlock(ctx, "time.blocked", r.Actor, r.Note, nil, &b)
	})
	if err != nil {
		return models.TimeBlock{}, fmt.Errorf("block time: %w", err)
	}
	return b, nil
}

// checkBlock checks what needs no query.
func (d *Diary) checkBlock(r BlockRequest) error {
	if err := ownsBlock(r.Own, r.StylistID); err != nil {
		return err
	}
	if !r.Span.Start.Before(r.Span.End) || !r.Span.End.After(d.clock.Now()) {
		return fault.Conflict("booking.block_span")
	}
	if !slices.Contains(BlockKinds(r.StylistID == nil), r.Kind) {
		return fault.Conflict("booking.block_kind")
	}
	return checkReason(r.Note, false)
}

// BlockKinds are the kinds of closed time that may be written for the whole salon, or for a stylist: on
// whichever calendar the first stand, they close the salon.
func BlockKinds(salon bool) []models.BlockKind {
	if salon {
		return []models.BlockKind{models.BlockClosed, models.BlockHoliday, models.BlockVacation}
	}
	return []models.BlockKind{models.BlockBusy, models.BlockBreak, models.BlockDayOff}
}

// ownsBlock tells whether somebody who owns one diary may close or open that time. The whole salon's is
// nobody's own.
func ownsBlock(own, stylist *models.ID) error {
	if own != nil && stylist == nil {
		return fault.Forbidden("booking.not_yours")
	}
	if own == nil {
		return nil
	}
	return owns(own, *stylist)
}

// clearForBlock locks the stylist, or all of them, so that nobody takes the time while it is closed. Lapsed
// holds that no sweep has met expire: they stand in nobody's way, and one that stayed could be confirmed
// into closed time.
func (d *Diary) clearForBlock(ctx context.Context, stylist *models.ID) error {
	q := d.db.On(ctx).Model(&models.Stylist{}).Clauses(forUpdate()).Order("id")
	if stylist != nil {
		q = q.Where("id = ? AND active", *stylist)
	}
	var locked []models.ID
	if err := q.Pluck("id", &locked).Error; err != nil {
		return fmt.Errorf("lock stylists: %w", err)
	}
	if stylist != nil && len(locked) == 0 {
		return fault.Conflict("booking.wrong_stylist")
	}
	for _, id := range locked {
		if err := d.expireLapsed(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// UnblockRequest opens blocked time again.
type UnblockRequest struct {
	ID     models.ID
	Actor  string
	Own    *models.ID // as in Act
	Reason string
}

// Unblock opens blocked time again and returns what the block was: blocking that again undoes it. Faults:
// booking.no_block, booking.not_yours, booking.reason, booking.block_of_calendar for what stands in the
// stylist's calendar outside and is opened there.
func (d *Diary) Unblock(ctx context.Context, r UnblockRequest) (models.TimeBlock, error) {
	var b models.TimeBlock
	err := d.db.InTx(ctx, func(ctx context.Context) error {
		err := d.db.On(ctx).Clauses(forUpdate()).Take(&b, "id = ?", r.ID).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return fault.NotFound("booking.no_block")
		}
		if err != nil {
			return fmt.Errorf("read block: %w", err)
		}
		if err := errors.Join(ownsBlock(r.Own, b.StylistID), checkReason(r.Reason, false)); err != nil {
			return err
		}
		if b.EntryID != "" {
			return fault.Conflict("booking.block_of_calendar")
		}
		if err := d.db.On(ctx).Delete(&b).Error; err != nil {
			return fmt.Errorf("delete block: %w", err)
		}
		return d.auditBlock(ctx, "time.unblocked", r.Actor, r.Reason, &b, nil)
	})
	if err != nil {
		return models.TimeBlock{}, fmt.Errorf("open time: %w", err)
	}
	return b, nil
}

// auditBlock records that time was closed (was is nil) or opened (is is nil), and tells the open diaries.
func (d *Diary) auditBlock(ctx context.Context, action, actor, reason string, was, is *models.TimeBlock) error {
	values := func(b *models.TimeBlock) map[string]any {
		if b == nil {
			return nil
		}
		return map[string]any{"stylist_id": b.StylistID, "starts_at": b.StartsAt.UTC(), "ends_at": b.EndsAt.UTC(), "kind": b.Kind}
	}
	id := ""
	for _, b := range []*models.TimeBlock{was, is} {
		if b != nil {
			id = b.ID.String()
		}
	}
	d.redis.Changed(ctx, redisstore.TopicDiary, id)
	return d.log.Record(ctx, audit.Entry{
		Actor: actor, Action: action, SubjectKind: "block", SubjectID: id, Reason: reason, Before: values(was), After: values(is),
	})
}
