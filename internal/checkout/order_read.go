package checkout

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// Order is an order with its lines and where it goes. Fault: orders.order_not_found.
func (t *Till) Order(ctx context.Context, id models.ID) (models.Order, error) {
	return t.order(ctx, "orders.id = ?", id)
}

// OrderByNumber is the order of a number, however it is typed. Fault: orders.order_not_found.
func (t *Till) OrderByNumber(ctx context.Context, number string) (models.Order, error) {
	return t.order(ctx, "orders.number = ?", OrderNumber(number))
}

// OrderOf is an order of this owner's. Fault: orders.order_not_found, for a stranger's too.
func (t *Till) OrderOf(ctx context.Context, owner shop.Owner, id models.ID) (models.Order, error) {
	where, whose := ownerClause(owner)
	return t.order(ctx, "orders.id = ? AND "+where, id, whose)
}

// OrdersOf are the owner's orders, newest first.
func (t *Till) OrdersOf(ctx context.Context, owner shop.Owner, limit int) ([]models.Order, error) {
	where, whose := ownerClause(owner)
	return t.orders(t.db.On(ctx).Where(where, whose).Limit(limit))
}

// OrdersOfCustomer are a customer's orders, newest first.
func (t *Till) OrdersOfCustomer(ctx context.Context, customer models.ID, limit int) ([]models.Order, error) {
	return t.OrdersOf(ctx, shop.Owner{Customer: customer}, limit)
}

func ownerClause(o shop.Owner) (string, models.ID) {
	if o.Guest() {
		return "orders.session_id = ?", o.Session
	}
	return "orders.customer_id = ?", o.Customer
}

func (t *Till) order(ctx context.Context, where string, values ...any) (models.Order, error) {
	var o models.Order
	err := dressed(t.db.On(ctx)).Where(where, values...).Take(&o).Error
	if missing(err) {
		return models.Order{}, fault.NotFound("orders.order_not_found")
	}
	if err != nil {
		return models.Order{}, fmt.Errorf("read order: %w", err)
	}
	return o, nil
}

// orderRow is an order without its lines.
func (t *Till) orderRow(ctx context.Context, where string, values ...any) (models.Order, error) {
	var o models.Order
	err := t.db.On(ctx).Where(where, values...).Take(&o).Error
	if missing(err) {
		return models.Order{}, fault.NotFound("orders.order_not_found")
	}
	if err != nil {
		return models.Order{}, fmt.Errorf("read order: %w", err)
	}
	return o, nil
}

func (t *Till) orders(q *gorm.DB) ([]models.Order, error) {
	var rows []models.Order
	if err := dressed(q).Order("orders.created_at DESC, orders.id DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list orders: %w", err)
	}
	return rows, nil
}

// dressed reads orders with their lines and addresses.
func dressed(q *gorm.DB) *gorm.DB {
	return q.Preload("Items", func(db *gorm.DB) *gorm.DB { return db.Order("id") }).Preload("Address")
}

// OrderEvents is what happened to an order, oldest first.
func (t *Till) OrderEvents(ctx context.Context, id models.ID) ([]models.OrderEvent, error) {
	var rows []models.OrderEvent
	if err := t.db.On(ctx).Where("order_id = ?", id).Order("at, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what happened to order: %w", err)
	}
	return rows, nil
}

// OrderPayments are the payments of an order, oldest first.
func (t *Till) OrderPayments(ctx context.Context, id models.ID) ([]models.Payment, error) {
	var rows []models.Payment
	if err := t.db.On(ctx).Where("order_id = ?", id).Order("created_at, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read payments of order: %w", err)
	}
	return rows, nil
}

// LookupOrder is the order that a phone and a number or id name together: the phone is its customer's, or that
// of where it goes. Whatever does not fit is answered the same, after the same work. Fault: orders.no_match.
func (t *Till) LookupOrder(ctx context.Context, phone, idOrNumber string) (models.Order, error) {
	normal, err := customers.Normalize(phone)
	if err != nil {
		normal = "-" // nobody's
	}
	id, err := uuid.Parse(strings.TrimSpace(idOrNumber))
	if err != nil {
		id = models.ID{}
	}
	o, err := t.order(ctx, `(orders.id = ? OR orders.number = ?) AND (EXISTS (SELECT FROM customers c WHERE c.id = orders.customer_id AND c.phone = ?)
		OR EXISTS (SELECT FROM addresses a WHERE a.id = orders.address_id AND a.phone = ?))`, id, OrderNumber(idOrNumber), normal, normal)
	if fault.Is(err, "orders.order_not_found") {
		return models.Order{}, fault.NotFound("orders.no_match")
	}
	return o, err
}

// OrderFilter narrows the list that staff read. What is left empty narrows nothing.
type OrderFilter struct {
	Status   []models.OrderStatus
	Method   models.OrderMethod
	Text     string // of a number, a name or a phone
	From, To time.Time
	Oldest   bool // first; else the newest
	Offset   int
	Limit    int
}

// ListOrders are the orders that a filter leaves, with their lines, and how many there are in all.
func (t *Till) ListOrders(ctx context.Context, f OrderFilter) ([]models.Order, int, error) {
	q := f.narrow(t.db.On(ctx).Model(&models.Order{}))
	var total int64
	if err := q.Session(&gorm.Session{}).Count(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count orders: %w", err)
	}
	by := "orders.created_at DESC, orders.id DESC"
	if f.Oldest {
		by = "orders.created_at, orders.id"
	}
	var rows []models.Order
	err := dressed(q.Session(&gorm.Session{})).Order(by).Offset(f.Offset).Limit(f.Limit).Find(&rows).Error
	if err != nil {
		return nil, 0, fmt.Errorf("list orders: %w", err)
	}
	return rows, int(total), nil
}

func (f OrderFilter) narrow(q *gorm.DB) *gorm.DB {
	if len(f.Status) > 0 {
		q = q.Where("orders.status IN ?", f.Status)
	}
	if f.Method != "" {
		q = q.Where("orders.method = ?", f.Method)
	}
	if !f.From.IsZero() {
		q = q.Where("orders.created_at >= ?", f.From)
	}
	if !f.To.IsZero() {
		q = q.Where("orders.created_at < ?", f.To)
	}
	text := strings.TrimSpace(f.Text)
	if text == "" {
		return q
	}
	if number := OrderNumber(text); number != "" {
		return q.Where("orders.number = ?", number)
	}
	like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	phone := "-"
	if digits, ok := customers.PhoneDigits(text); ok {
		phone = "%" + digits + "%"
	}
	return q.Where(`EXISTS (SELECT FROM customers c WHERE c.id = orders.customer_id AND (folded(c.name || ' ' || c.surname) LIKE folded(?) OR c.phone LIKE ?))
		OR EXISTS (SELECT FROM addresses a WHERE a.id = orders.address_id AND (folded(a.name) LIKE folded(?) OR a.phone LIKE ?))`, like, phone, like, phone)
}
