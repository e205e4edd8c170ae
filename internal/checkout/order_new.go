package checkout

import (
	"context"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// newOrder writes an order that nobody has asked for yet, holds its goods back and keeps the answer: all of it in one trip.
func (t *Till) newOrder(ctx context.Context, r OrderRequest, cart models.Cart, address *models.Address, p settings.Policies) (models.Order, error) {
	o := t.draft(r, cart, address, p)
	b := t.db.Batch()
	if err := t.writeNew(ctx, b, o, func() { t.goods.Hold(ctx, b, o.ID, linesOf(o)) }); err != nil {
		return o, err
	}
	if err := t.answerWith(b, r, o); err != nil {
		return o, err
	}
	err := t.db.Send(ctx, b)
	if database.Violates(err, "orders_session_id_fkey") {
		return o, fault.NotFound("shop.no_session")
	}
	return o, err
}

// draft is a new order of a cart that is not written yet.
func (t *Till) draft(r OrderRequest, cart models.Cart, address *models.Address, p settings.Policies) models.Order {
	now := t.clock.Now().Truncate(time.Microsecond)
	o := models.Order{ID: models.NewID(), Number: newNumber(), Language: r.Language, Channel: r.Channel, Notes: r.Notes, Address: address, CreatedAt: now, UpdatedAt: now}
	if r.Owner.Guest() {
		o.SessionID = &r.Owner.Session
	} else {
		o.CustomerID = &r.Owner.Customer
	}
	if address != nil {
		o.AddressID = &address.ID
	}
	reckon(&o, r.Method, cart, until(r.Method, now, p))
	return o
}

// writeNew adds a new order to a batch: its row, its lines, what is held back for them, that it was begun and placed.
func (t *Till) writeNew(ctx context.Context, b *database.Batch, o models.Order, hold func()) error {
	begun, err := t.figure(ctx, funnel.StartCheckout, o)
	if err != nil {
		return err
	}
	b.Exec(`INSERT INTO orders (id, number, customer_id, session_id, cart_id, cart_version, method, status, language, channel, currency, subtotal_minor, tax_minor,
		shipping_minor, total_minor, address_id, notes, reserved_until, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		o.ID, o.Number, o.CustomerID, o.SessionID, o.CartID, o.CartVersion, string(o.Method), string(o.Status), string(o.Language), o.Channel, o.Currency, o.SubtotalMinor,
		o.TaxMinor, o.ShippingMinor, o.TotalMinor, o.AddressID, o.Notes, o.ReservedUntil, o.Version, o.CreatedAt, o.UpdatedAt)
	for _, i := range o.Items {
		b.Exec(`INSERT INTO order_items (id, order_id, product_id, sku, names, price_minor, qty, total_minor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			i.ID, i.OrderID, i.ProductID, i.SKU, i.Names, i.PriceMinor, i.Qty, i.TotalMinor)
	}
	hold()
	if err := t.funnel.RecordWith(ctx, b, begun); err != nil {
		return err
	}
	t.noteWith(ctx, b, o.ID, models.OrderEvent{Kind: "placed", To: o.Status, Actor: actorCustomer, Data: sums(o)})
	return nil
}
