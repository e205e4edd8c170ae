package checkout

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

// record writes a refund with the first line of its story and its entry in the log: every refund begins here, whoever
// asked for it. What goes back by right comes before what waits for consent: a refund that finds no room takes back those
// that wait. The database refuses what would exceed the money that came in. Call it with what was paid for
// locked. actor is who did it, not always who asked: another try stays the request of whoever asked for the first.
func (t *Till) record(ctx context.Context, r *models.Refund, actor string, items ...models.RefundItem) error {
	now := t.clock.Now()
	r.CreatedAt, r.UpdatedAt, r.Version = now, now, 1
	if r.ID == (models.ID{}) {
		r.ID = models.NewID()
	}
	if r.Method == "" {
		r.Method = models.RefundByCard
	}
	if r.AskedBy == "" {
		r.AskedBy = actorSystem
	}
	if r.State.Moves() {
		if err := t.makeRoom(ctx, *r); err != nil {
			return err
		}
	}
	q := t.db.On(ctx)
	if r.OrderID != nil {
		q = q.Omit("payment_id")
	}
	if err := q.Create(r).Error; err != nil {
		return fmt.Errorf("record refund: %w", err)
	}
	for _, item := range items {
		item.ID, item.RefundID = models.NewID(), r.ID
		if err := t.db.On(ctx).Create(&item).Error; err != nil {
			return fmt.Errorf("record line of refund: %w", err)
		}
	}
	return t.story(ctx, *r, "", actor, r.Note)
}

// of narrows a query to the refunds of the same money.
func of(q *gorm.DB, r models.Refund) *gorm.DB {
	if r.OrderID != nil {
		return q.Where("order_id = ?", *r.OrderID)
	}
	return q.Where("payment_id = ?", r.PaymentID)
}

// makeRoom takes back what waits, for consent or to be given by hand, where it stands in the way.
func (t *Till) makeRoom(ctx context.Context, r models.Refund) error {
	if r.OrderID != nil {
		return nil // given by hand, by people who see what waits
	}
	var rows []models.Refund
	err := of(t.db.On(ctx), r).Where("state = 'asked' OR state = 'pending' AND method <> 'card'").Order("state, created_at DESC, id DESC").Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return err
	}
	p, err := t.Payment(ctx, r.PaymentID)
	if err != nil {
		return err
	}
	held, err := t.heldOf(ctx, r)
	if err != nil {
		return err
	}
	n := 0
	for ; n < len(rows) && p.ReceivedMinor-held < r.AmountMinor; n++ {
		held -= rows[n].AmountMinor
	}
	rest := p.ReceivedMinor - held - r.AmountMinor
	for i := range rows[:n] {
		if err := t.overrule(ctx, &rows[i], rest > 0); err != nil {
			return err
		}
	}
	return nil
}

// overrule takes a refund back whose money went back otherwise. Where something of it is left, what was promised by hand or is
// owed has failed, so that people see to the rest.
func (t *Till) overrule(ctx context.Context, r *models.Refund, rest bool) error {
	if rest && (r.State == models.RefundPending || r.Owed()) {
		return t.undone(ctx, r, codeOverruled)
	}
	r.ErrorCode, r.ExpiresAt = codeOverruled, nil
	return t.turn(ctx, r, models.RefundCanceled, actorSystem, "", "error_code", "expires_at")
}

// roomAtProvider is how much of an amount that went back at the provider's own site our books have room for. What was given
// by hand as well went back twice: the rest is for people to look at.
func (t *Till) roomAtProvider(ctx context.Context, p *models.Payment, extra int64) (room, twice int64, err error) {
	r := models.Refund{PaymentID: p.ID, AmountMinor: extra}
	if err := t.makeRoom(ctx, r); err != nil {
		return 0, 0, err
	}
	held, err := t.heldOf(ctx, r)
	room = max(0, min(extra, p.ReceivedMinor-held))
	return room, extra - room, err
}

// codeOverruled says of a refund that waited for consent that the same money went back otherwise.
const codeOverruled = "overruled"

// stillOwed turns a refund that is owed and came to nothing into one that failed, so that it is tried again. Others stay as
// they ended.
func (t *Till) stillOwed(ctx context.Context, r *models.Refund) error {
	if !r.Owed() {
		return nil
	}
	return t.undone(ctx, r, string(r.State))
}

// undone turns a refund that people have not given into one that failed and is tried again, with nobody's consent left on it.
func (t *Till) undone(ctx context.Context, r *models.Refund, code string) error {
	r.ErrorCode, r.DecidedBy, r.DecidedAt, r.ExpiresAt = code, "", nil, nil
	return t.turn(ctx, r, models.RefundFailed, actorSystem, "", "error_code", "decided_by", "decided_at", "expires_at")
}

// turn is the one way a refund changes its state: the row, a line of its story, an entry in the log, the open screens.
// Call it with the row locked. more are columns that changed with it.
func (t *Till) turn(ctx context.Context, r *models.Refund, to models.RefundState, actor, note string, more ...string) error {
	from := r.State
	r.State, r.Version, r.UpdatedAt = to, r.Version+1, t.clock.Now()
	if err := t.db.On(ctx).Model(r).Select(append(more, "state", "version", "updated_at")).Updates(r).Error; err != nil {
		return fmt.Errorf("turn refund %s: %w", to, err)
	}
	return t.story(ctx, *r, from, actor, note)
}

// story notes a step of a refund for its page and in the log (R-1016). The log can never be emptied and so says nothing in words of
// staff, who may name somebody: the reason's code, and by its id the refund that has the note.
func (t *Till) story(ctx context.Context, r models.Refund, from models.RefundState, actor, note string) error {
	e := models.RefundEvent{ID: models.NewID(), RefundID: r.ID, At: r.UpdatedAt, From: from, To: r.State, Actor: actor, Note: note, Code: r.ErrorCode}
	if r.State != models.RefundFailed && r.State != models.RefundCanceled && r.ErrorCode != "" {
		e.Code = ""
	}
	if err := t.db.On(ctx).Create(&e).Error; err != nil {
		return fmt.Errorf("note step of refund: %w", err)
	}
	var before map[string]any
	if from != "" {
		before = map[string]any{"state": from}
	}
	t.redis.Changed(ctx, redisstore.TopicRefunds, r.ID.String())
	if _, err := t.leaveToSweep(ctx, r.PaymentID, r.OrderID); err != nil {
		return err
	}
	return t.log.Record(ctx, audit.Entry{
		Actor: actor, Action: "refund." + string(r.State), SubjectKind: "refund", SubjectID: r.ID.String(),
		Detail: map[string]any{"amount_minor": r.AmountMinor, "currency": r.Currency, "method": r.Method, "reason": r.Reason},
		Before: before, After: map[string]any{"state": r.State},
	})
}
