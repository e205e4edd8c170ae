package checkout

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// whole reads returns with their lines and photos.
func (t *Till) whole(ctx context.Context) *gorm.DB {
	return t.db.On(ctx).Preload("Items", func(db *gorm.DB) *gorm.DB { return db.Order("id") }).
		Preload("Photos", func(db *gorm.DB) *gorm.DB { return db.Order("created_at, id") })
}

// Return reads a return, whosever it is. Fault: return.not_found.
func (t *Till) Return(ctx context.Context, id models.ID) (models.Return, error) {
	var r models.Return
	err := t.whole(ctx).Where("id = ?", id).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, fault.NotFound("return.not_found")
	}
	if err != nil {
		return r, fmt.Errorf("read return: %w", err)
	}
	return r, nil
}

// ReturnOf reads a return of the owner's order. Fault: return.not_found, also of somebody else's.
func (t *Till) ReturnOf(ctx context.Context, o shop.Owner, id models.ID) (models.Return, error) {
	r, err := t.Return(ctx, id)
	if err != nil {
		return r, err
	}
	if _, err := t.OrderOf(ctx, o, r.OrderID); err != nil {
		if fault.Is(err, "orders.order_not_found") {
			err = fault.NotFound("return.not_found")
		}
		return models.Return{}, err
	}
	return r, nil
}

// ReturnsOf lists the returns of the owner's order, newest first. Fault: return.order_not_found, also of somebody
// else's.
func (t *Till) ReturnsOf(ctx context.Context, o shop.Owner, order models.ID) ([]models.Return, error) {
	if _, err := t.orderToReturn(ctx, ReturnRequest{Owner: o, Order: order}); err != nil {
		return nil, err
	}
	return t.ReturnsOfOrder(ctx, order)
}

// ReturnsOfOrder lists the returns of an order, newest first.
func (t *Till) ReturnsOfOrder(ctx context.Context, order models.ID) ([]models.Return, error) {
	var out []models.Return
	if err := t.whole(ctx).Where("order_id = ?", order).Order("created_at DESC, id DESC").Find(&out).Error; err != nil {
		return nil, fmt.Errorf("list returns of order: %w", err)
	}
	return out, nil
}

// ReturnEvents are what became of a return, oldest first.
func (t *Till) ReturnEvents(ctx context.Context, id models.ID) ([]models.ReturnEvent, error) {
	var out []models.ReturnEvent
	if err := t.db.On(ctx).Where("return_id = ?", id).Order("at, id").Find(&out).Error; err != nil {
		return nil, fmt.Errorf("list events of return: %w", err)
	}
	return out, nil
}

// ReturnFilter narrows the list of returns, newest first. What is left at zero narrows nothing.
type ReturnFilter struct {
	Status   []models.ReturnStatus
	Text     string    // the start of an RMA code or an order's number
	From, To time.Time // when it was asked for, half open
	After    *time.Time
	AfterID  models.ID // with After: behind this one
	Limit    int
}

// ReturnRow is a return in a list, with the number of its order and what it is worth.
type ReturnRow struct {
	models.Return
	Number     string
	Currency   string
	CustomerID *models.ID
	Goods      int64 // what its lines cost
	Pieces     int
	Pictures   int
}

// ListReturns lists returns for the salon, without their lines.
func (t *Till) ListReturns(ctx context.Context, f ReturnFilter) ([]ReturnRow, error) {
	q := t.db.On(ctx).Table("returns r").Joins("JOIN orders o ON o.id = r.order_id").
		Select(`r.*, o.number, o.currency, o.customer_id,
			(SELECT coalesce(sum(total_minor), 0) FROM return_items i WHERE i.return_id = r.id) AS goods,
			(SELECT coalesce(sum(qty), 0) FROM return_items i WHERE i.return_id = r.id) AS pieces,
			(SELECT count(*) FROM return_photos p WHERE p.return_id = r.id) AS pictures`)
	if len(f.Status) > 0 {
		q = q.Where("r.status IN ?", f.Status)
	}
	if text := codeLike(f.Text); text != "" {
		q = q.Where(`r.id = ANY (ARRAY(SELECT id FROM returns WHERE rma_code LIKE ?
			UNION SELECT b.id FROM returns b WHERE b.order_id = ANY (ARRAY(SELECT id FROM orders WHERE number LIKE ?))))`, text, text)
	}
	if !f.From.IsZero() {
		q = q.Where("r.created_at >= ?", f.From)
	}
	if !f.To.IsZero() {
		q = q.Where("r.created_at < ?", f.To)
	}
	if f.After != nil {
		q = q.Where("(r.created_at, r.id) < (?, ?)", *f.After, f.AfterID)
	}
	var out []ReturnRow
	if err := q.Order("r.created_at DESC, r.id DESC").Limit(f.Limit).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("list returns: %w", err)
	}
	return out, nil
}

// codeLike is a pattern for what starts, or goes on, as somebody typed it: codes are written in capitals. What is
// part of no code finds nothing.
func codeLike(text string) string {
	text = strings.ToUpper(strings.Join(strings.Fields(text), ""))
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
}

// TalkOf is the conversation in which whoever ordered is told about it; nil where there is none.
func (t *Till) TalkOf(ctx context.Context, o models.Order) (*models.ID, error) {
	return t.conversationOf(ctx, o)
}

// CountReturns tells how many returns stand where.
func (t *Till) CountReturns(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		Status string
		N      int
	}
	if err := t.db.On(ctx).Raw("SELECT status, count(*) AS n FROM returns GROUP BY status").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count returns: %w", err)
	}
	out := map[string]int{}
	for _, s := range models.ReturnStatuses() {
		out[string(s)] = 0
	}
	for _, r := range rows {
		out[r.Status] = r.N
	}
	return out, nil
}
