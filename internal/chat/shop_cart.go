package chat

import (
	"strconv"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// asksMore follows something put into the cart: is there anything else?
const asksMore Asking = "more"

// added says what is in the cart now; several that a name fits are shown, to choose from.
func (d *dialogue) added(r Shopped) {
	if r.Line == nil {
		d.counter().Adding = max(1, r.Asked.Qty)
		r.Asked.Do = understand.DoSearch
		if len(r.Goods) > 0 {
			r.Total = max(r.Total, 2) // one that comes close is asked about too
		}
		d.showGoods(r)
		return
	}
	shop := d.counter()
	shop.Product, shop.Adding = r.Line.SKU, 0
	line := say("shopchat.added", i18n.Facts{
		"Qty": strconv.Itoa(max(1, r.Asked.Qty)), "Product": r.Line.Names.In(d.lang), "InCart": strconv.Itoa(r.Line.Qty), "Total": d.amount(r.Cart.TotalMinor, r.Cart.Currency),
	})
	d.shelve(nil, "", false, []Choice{choice(shopCheckout, "shopchat.button.checkout"), choice(shopCart, "shopchat.button.cart"), choice(shopBrowse, "shopchat.button.browse")}[:d.room()], line)
	d.counter().Asks = asksMore
}

// room is how many buttons of its own the shop has: one is the booking's while that waits.
func (d *dialogue) room() int {
	if d.bookingOpen() {
		return models.MaxButtons - 1
	}
	return models.MaxButtons
}

// cartChanged says what became of a line, and shows the rest.
func (d *dialogue) cartChanged(r Shopped) {
	switch {
	case r.Asked.Do == understand.DoEmpty:
		d.lead(say("shopchat.emptied", nil))
	case r.Line == nil && len(r.Cart.Items) > 0:
		d.lead(say("shopchat.which.line", nil))
	case r.Line != nil && (r.Asked.Do == understand.DoRemove && r.Line.Qty == 0 || r.Asked.Do == understand.DoQty && r.Line.Qty == 0):
		d.counter().Product = ""
		d.lead(say("shopchat.removed", i18n.Facts{"Product": r.Line.Names.In(d.lang)}))
	case r.Line != nil:
		d.counter().Product = r.Line.SKU
		d.lead(say("shopchat.changed", i18n.Facts{"Product": r.Line.Names.In(d.lang), "Qty": strconv.Itoa(r.Line.Qty)}))
	}
	d.showCart(r.Cart)
}

// showCart shows the cart as it is, with what has changed since it was filled.
func (d *dialogue) showCart(cart models.Cart) {
	d.counter().List = nil
	if len(cart.Items) == 0 {
		d.counter().Product = ""
		d.lastWord([]Choice{choice(shopBrowse, "shopchat.button.browse")}, say("shopchat.cart.empty", nil))
		return
	}
	options := []Choice{choice(shopCheckout, "shopchat.button.checkout"), choice(shopBrowse, "shopchat.button.browse"), choice(shopEmpty, "shopchat.button.empty")}
	if len(cart.Items) == 1 {
		d.counter().Product = cart.Items[0].SKU
	}
	d.shelve(d.lineIDs(cart), "", true, options[:d.room()], say("shopchat.cart", i18n.Facts{"Lines": d.cartLines(cart)}), d.sums(cart.SubtotalMinor, cart.ShippingMinor, cart.TotalMinor, cart.Currency))
}

func (d *dialogue) lineIDs(cart models.Cart) []string {
	ids := make([]string, len(cart.Items))
	for i, item := range cart.Items {
		ids[i] = shopItem + item.SKU
	}
	return ids
}

// cartLines are the lines of a cart, numbered.
func (d *dialogue) cartLines(cart models.Cart) []Line {
	lines := make([]Line, 0, len(cart.Items))
	for i, item := range cart.Items {
		lines = append(lines, say("shopchat.line", i18n.Facts{
			"Number": strconv.Itoa(i + 1), "Qty": strconv.Itoa(item.Qty), "Product": item.Names.In(d.lang), "Price": d.amount(item.TotalMinor, item.Currency),
		}))
		lines = append(lines, d.troubles(item)...)
	}
	return lines
}

// troubles are what has changed about a line since it was put in.
func (d *dialogue) troubles(item models.CartItem) []Line {
	var lines []Line
	if item.PriceChanged() {
		lines = append(lines, say("shopchat.line.price", i18n.Facts{"Before": d.amount(*item.WasMinor, item.Currency), "Price": d.amount(item.PriceMinor, item.Currency)}))
	}
	switch {
	case item.Left <= 0:
		lines = append(lines, say("shopchat.line.gone", nil))
	case item.Short():
		lines = append(lines, say("shopchat.line.short", i18n.Facts{"Left": strconv.Itoa(item.Left)}))
	}
	return lines
}

// sums are what a cart or an order adds up to.
func (d *dialogue) sums(subtotal, shipping, total int64, currency string) Line {
	sent := say("shopchat.sum.shipping", i18n.Facts{"Amount": d.amount(shipping, currency)})
	if shipping == 0 {
		sent = say("shopchat.sum.free", nil)
	}
	return block(
		say("shopchat.sum.goods", i18n.Facts{"Amount": d.amount(subtotal, currency)}), sent,
		say("shopchat.sum.total", i18n.Facts{"Amount": d.amount(total, currency)}),
	)
}
