package checkout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Channels that an order may come through.
const (
	ChannelWeb      = "web"
	ChannelWhatsApp = "whatsapp"
	ChannelAPI      = "api"
)

// OrderRequest asks for an order of the owner's cart as it is.
type OrderRequest struct {
	Owner    shop.Owner
	Method   models.OrderMethod
	Address  *AddressInput // nil: where the order goes is not known, or stays as it was
	Notes    string
	Key      string // makes asking again harmless (Idempotency-Key); "" is answered by the cart's version
	Language models.Language
	Channel  string // ChannelWhatsApp: the link of an order that is paid by card is sent by itself (order.link)
}

// unpayable tells whether a cart's total cannot be paid as it is asked for: no card is charged nothing.
func (r OrderRequest) unpayable(cart models.Cart) bool {
	return r.Method == models.MethodStripe && cart.TotalMinor == 0
}

// sale is an order with its payments and the conversation its owner is told in, all locked.
type sale struct {
	order        models.Order
	payments     []models.Payment // oldest first
	conversation *models.ID
}

// PlaceOrder makes an order of the owner's cart, or brings the one that waits already to what the cart is now: its
// lines, its totals, its method. What it needs is held back for a time. However many ask for the same
// at once, by key or without, there is one order; under a key the same is answered, whatever became of the cart since.
// A cart whose prices have changed since it was written is not ordered: its owner looks at it once more.
//
// Faults: those of fields "method", "notes", "idempotencyKey", "language", "channel" and "address.…", before the cart
// is looked at; shop.no_session; shop.idempotency_conflict; and then the first of orders.cod_disabled, orders.cart_empty,
// orders.cart_changed, orders.nothing_to_pay and shop.insufficient_stock with Left and SKU: how to pay is settled before what
// is to be had, whoever asks.
func (t *Till) PlaceOrder(ctx context.Context, r OrderRequest) (models.Order, error) {
	r, err := r.checked()
	if err != nil {
		return models.Order{}, err
	}
	if ctx, err = t.db.Pin(ctx); err != nil { // what is asked in the transaction costs no trip then
		return models.Order{}, err
	}
	p, err := t.settings.Policies(ctx)
	if err != nil {
		return models.Order{}, err
	}
	t.funnel.Ready(ctx)
	if o, done, err := t.placeAtOnce(ctx, r, p); err != nil || done {
		return o, err
	}
	var o models.Order
	var again error // what the cart is told, though its new prices are kept
	for range numberTries {
		if o, again, err = t.place(ctx, r, p); !database.Violates(err, "orders_number_key") {
			break
		}
	}
	if err = errors.Join(err, again); err != nil {
		return models.Order{}, fmt.Errorf("place order: %w", err)
	}
	return o, nil
}

// place is PlaceOrder under the number it draws, which another order may have.
func (t *Till) place(ctx context.Context, r OrderRequest, p settings.Policies) (o models.Order, again, err error) {
	var known *figures
	written := false // o says all of it
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.lockTalk(ctx, r.Owner); err != nil {
			return err
		}
		cart, found, changed, err := t.goods.LockCart(ctx, r.Owner)
		if err != nil {
			return err
		}
		if o.ID, known, err = t.answeredOrder(ctx, r); err != nil || known != nil {
			return err
		}
		switch {
		case r.Method == models.MethodCOD && !p.ShopCOD:
			return fault.Conflict("orders.cod_disabled")
		case !found || len(cart.Items) == 0:
			return fault.Conflict("orders.cart_empty")
		case changed:
			again = fault.Conflict("orders.cart_changed")
			return nil
		case r.unpayable(cart):
			return fault.Conflict("orders.nothing_to_pay")
		}
		o, written, err = t.writeOrder(ctx, r, cart, p)
		return err
	})
	if err != nil || again != nil || written {
		return o, again, err
	}
	if o, err = t.Order(ctx, o.ID); err == nil && known != nil {
		known.over(&o)
	}
	return o, nil, err
}

// writeOrder makes the order of a locked cart, or brings the one that waits to it, and keeps the answer. written tells that
// what comes back is the whole order, as it is read.
func (t *Till) writeOrder(ctx context.Context, r OrderRequest, cart models.Cart, p settings.Policies) (o models.Order, written bool, err error) {
	address, err := t.keepAddress(ctx, r.Owner, r.Address)
	if err != nil {
		return o, false, err
	}
	waiting, err := t.waiting(ctx, cart.ID)
	if err != nil {
		return o, false, err
	}
	if waiting == nil {
		o, err = t.newOrder(ctx, r, cart, address, p)
	} else {
		if o, err = t.reckonAnew(ctx, *waiting, r, cart, address, p); err == nil {
			err = t.answerOrder(ctx, r, o)
		}
	}
	if err != nil {
		return o, false, err
	}
	if r.Channel == ChannelWhatsApp && o.Method == models.MethodStripe {
		err = t.SendOrderLink(ctx, o.ID)
	}
	return o, waiting == nil, err
}

// waiting is the unpaid order of a cart, or of one that was merged into it; nil when there is none. The cart's own
// goes before a merged one's, which is canceled then: one cart has one order.
func (t *Till) waiting(ctx context.Context, cart models.ID) (*models.Order, error) {
	var rows []models.Order
	err := t.db.On(ctx).Raw(`SELECT o.* FROM (SELECT CAST(@cart AS uuid) AS id UNION ALL SELECT id FROM carts WHERE merged_into_id = @cart) c
		CROSS JOIN LATERAL (SELECT * FROM orders WHERE cart_id = c.id OFFSET 0) o WHERE o.status IN ('pending', 'pending_cod')
		ORDER BY o.cart_id = @cart DESC, o.created_at DESC, o.id`, map[string]any{"cart": cart}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for waiting order: %w", err)
	}
	for i := range rows {
		if i == 0 {
			continue
		}
		s, err := t.lockSale(ctx, rows[i].ID)
		if err != nil {
			return nil, err
		}
		if err := t.endUnpaid(ctx, s, models.OrderCanceled, "superseded", actorSystem, "", ""); err != nil {
			return nil, err
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}

// reckonAnew brings an unpaid order to what its cart is now, and to how it is to be paid now. A link from
// before is closed; whoever pays it all the same gets the money back, unless it fits.
func (t *Till) reckonAnew(ctx context.Context, waiting models.Order, r OrderRequest, cart models.Cart, address *models.Address, p settings.Policies) (models.Order, error) {
	s, err := t.lockSale(ctx, waiting.ID)
	if err != nil {
		return waiting, err
	}
	o, was := &s.order, s.order
	if address != nil {
		o.AddressID = &address.ID
	}
	if r.Notes != "" {
		o.Notes = r.Notes
	}
	now := t.clock.Now().Truncate(time.Microsecond)
	same := o.CartID == cart.ID && o.CartVersion == cart.Version && o.Method == r.Method && now.Before(*o.ReservedUntil)
	if same && o.Notes == was.Notes && idOf(o.AddressID) == idOf(was.AddressID) {
		return *o, nil
	}
	if same {
		return *o, t.saveOrder(ctx, o, "address_id", "notes")
	}
	o.Language, o.Channel = r.Language, r.Channel
	reckon(o, r.Method, cart, until(r.Method, now, p))
	err = t.saveOrder(ctx, o, "cart_id", "cart_version", "method", "status", "language", "channel", "currency", "subtotal_minor", "tax_minor",
		"shipping_minor", "total_minor", "address_id", "notes", "reserved_until")
	if err != nil {
		return *o, err
	}
	if err := t.db.On(ctx).Where("order_id = ?", o.ID).Delete(&models.OrderItem{}).Error; err != nil {
		return *o, fmt.Errorf("take lines out of order: %w", err)
	}
	if err := t.writeItems(ctx, o); err != nil {
		return *o, err
	}
	if err := t.voidLinks(ctx, s); err != nil {
		return *o, err
	}
	return *o, t.note(ctx, o.ID, models.OrderEvent{Kind: "recalculated", From: was.Status, To: o.Status, Actor: actorCustomer, Data: sums(*o)})
}

// reckon makes an order say what a cart says.
func reckon(o *models.Order, method models.OrderMethod, cart models.Cart, until time.Time) {
	o.CartID, o.CartVersion, o.Method, o.Status, o.ReservedUntil = cart.ID, cart.Version, method, models.OrderPending, &until
	if method == models.MethodCOD {
		o.Status = models.OrderPendingCOD
	}
	o.Currency, o.SubtotalMinor, o.TaxMinor, o.ShippingMinor, o.TotalMinor = cart.Currency, cart.SubtotalMinor, cart.TaxMinor, cart.ShippingMinor, cart.TotalMinor
	o.Items = nil
	for _, i := range cart.Items {
		o.Items = append(o.Items, models.OrderItem{
			ID: models.NewID(), OrderID: o.ID, ProductID: i.ProductID, SKU: i.SKU, Names: i.Names, PriceMinor: i.PriceMinor, Qty: i.Qty, TotalMinor: i.TotalMinor,
		})
	}
}

// until is when an order that is still unpaid lapses.
func until(method models.OrderMethod, now time.Time, p settings.Policies) time.Time {
	if method == models.MethodCOD {
		return now.Add(time.Duration(p.ShopReserveCODHours) * time.Hour)
	}
	return now.Add(time.Duration(p.ShopReserveCardMinutes) * time.Minute)
}

// writeItems writes the lines of an order and holds them back. Fault: shop.insufficient_stock.
func (t *Till) writeItems(ctx context.Context, o *models.Order) error {
	if err := t.db.On(ctx).Create(&o.Items).Error; err != nil {
		return fmt.Errorf("write lines of order: %w", err)
	}
	return t.goods.Reserve(ctx, o.ID, linesOf(*o))
}

func linesOf(o models.Order) []shop.Line {
	lines := make([]shop.Line, len(o.Items))
	for i, item := range o.Items {
		lines[i] = shop.Line{ProductID: item.ProductID, Qty: item.Qty}
	}
	return lines
}

func idOf(id *models.ID) models.ID {
	if id == nil {
		return models.ID{}
	}
	return *id
}

// sums are the figures of an order, as its events keep them.
func sums(o models.Order) json.RawMessage {
	return data(map[string]any{"total_minor": o.TotalMinor, "shipping_minor": o.ShippingMinor, "currency": o.Currency, "method": o.Method})
}

func data(facts map[string]any) json.RawMessage {
	raw, err := json.Marshal(facts)
	if err != nil { // numbers, ids and words always encode
		return json.RawMessage("{}")
	}
	return raw
}

// saveOrder writes columns of a locked order.
func (t *Till) saveOrder(ctx context.Context, o *models.Order, columns ...string) error {
	o.Version++
	o.UpdatedAt = t.clock.Now().Truncate(time.Microsecond)
	if err := t.db.On(ctx).Model(o).Omit(clause.Associations).Select(append(columns, "version", "updated_at")).Updates(o).Error; err != nil {
		return fmt.Errorf("save order: %w", err)
	}
	return nil
}

// move brings a locked order to another state, notes who did it and tells its owner. Fault:
// orders.invalid_state where it may not go there.
func (t *Till) move(ctx context.Context, s *sale, to models.OrderStatus, e models.OrderEvent) error {
	o := &s.order
	if !o.Status.May(to) {
		return fault.Conflict("orders.invalid_state")
	}
	now := t.clock.Now().Truncate(time.Microsecond)
	e.From, e.To = o.Status, to
	o.Status, o.ReservedUntil = to, nil
	switch to {
	case models.OrderConfirmed:
		o.ConfirmedAt = &now
	case models.OrderPaid:
		o.PaidAt = &now
	case models.OrderShipped:
		o.ShippedAt = &now
	case models.OrderDelivered:
		o.DeliveredAt = &now
	case models.OrderCanceled, models.OrderFailed, models.OrderRefunded:
		o.ClosedAt = &now
	}
	err := t.saveOrder(ctx, o, "status", "method", "reserved_until", "confirmed_at", "paid_at", "shipped_at", "delivered_at", "closed_at")
	if err != nil {
		return err
	}
	if err := t.note(ctx, o.ID, e); err != nil {
		return err
	}
	return t.audited(ctx, *o, e)
}

// note adds an event to an order's history.
func (t *Till) note(ctx context.Context, order models.ID, e models.OrderEvent) error {
	b := t.db.Batch()
	t.noteWith(ctx, b, order, e)
	if err := t.db.Send(ctx, b); err != nil {
		return fmt.Errorf("note what happened to order: %w", err)
	}
	return nil
}

// noteWith is note as a part of a batch.
func (t *Till) noteWith(ctx context.Context, b *database.Batch, order models.ID, e models.OrderEvent) {
	e.ID, e.OrderID, e.At = models.NewID(), order, t.clock.Now().Truncate(time.Microsecond)
	if e.Data == nil {
		e.Data = json.RawMessage("{}")
	}
	b.Exec("INSERT INTO order_events (id, order_id, at, kind, from_status, to_status, actor, note, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		e.ID, e.OrderID, e.At, e.Kind, string(e.From), string(e.To), e.Actor, e.Note, e.Data)
	t.redis.Changed(ctx, redisstore.TopicOrders, order.String())
}

// audited keeps what somebody of the salon did to an order.
func (t *Till) audited(ctx context.Context, o models.Order, e models.OrderEvent) error {
	if !byStaff(e.Actor) {
		return nil
	}
	return t.log.Record(ctx, audit.Entry{
		Actor: e.Actor, Action: "order." + e.Kind, SubjectKind: "order", SubjectID: o.ID.String(), Reason: e.Note,
		Before: map[string]any{"status": e.From}, After: map[string]any{"status": e.To},
	})
}

// tellOwner has the owner told, where they have a conversation.
func (t *Till) tellOwner(ctx context.Context, s *sale, event string) error {
	if s.conversation == nil {
		return nil
	}
	return t.queue.Enqueue(ctx, queue.Tell{ConversationID: *s.conversation, Event: event, Ref: s.order.ID})
}
