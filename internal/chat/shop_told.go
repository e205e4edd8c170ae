package chat

import (
	"context"
	"slices"
	"strings"

	"frontdesk/internal/checkout"
	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// What happened to an order or a return, for the customer to know.

// Events of orders and returns. Ref is the order or the return; of a link it is the payment: an order that changed has
// another link, and the same event of the same row is told once.
const (
	TellOrderLink      = "order.link"
	TellOrderConfirmed = "order.confirmed"
	TellOrderPaid      = "order.paid"
	TellOrderShipped   = "order.shipped"
	TellOrderDelivered = "order.delivered"
	TellOrderCanceled  = "order.canceled"
	TellOrderExpired   = "order.expired"
	TellOrderFailed    = "order.failed"
	TellOrderRefunded  = "order.refunded"

	orderEvents  = "order."
	returnEvents = "return."
)

// soldThings is what an event of the shop is about.
type soldThings struct {
	Order   models.Order
	Return  *models.Return
	Payment *models.Payment
	Back    models.Money // what went back of what was paid, or is on its way; zero where nothing did
}

// happenedInShop reads what an event of an order or a return is about.
func (c *Clerk) happenedInShop(ctx context.Context, t queue.Tell, told *Told) (err error) {
	var sold soldThings
	order := t.Ref
	switch {
	case t.Event == TellOrderLink:
		p, err := c.Till.Payment(ctx, t.Ref)
		if err != nil {
			return err
		}
		sold.Payment, order = &p, *p.OrderID
	case strings.HasPrefix(t.Event, returnEvents):
		r, err := c.Till.Return(ctx, t.Ref)
		if err != nil {
			return err
		}
		sold.Return, order = &r, r.OrderID
	}
	if sold.Order, err = c.Till.Order(ctx, order); err != nil {
		return err
	}
	sold.Back, err = c.wentBack(ctx, sold.Order, t.Event)
	told.Sold = &sold
	return err
}

// wentBack is what goes back by the event itself: of a cancelled order by its cancellation, else what came when nothing waited
// for it or went back at the provider's. What staff gave back, and what a return did, is told with that.
func (c *Clerk) wentBack(ctx context.Context, o models.Order, event string) (models.Money, error) {
	back := models.Money{Currency: o.Currency}
	rows, err := c.Till.OrderRefunds(ctx, o.ID)
	if err != nil {
		return back, err
	}
	for _, r := range rows {
		own := r.Reason == checkout.RefundOfCancellation
		if event != TellOrderCanceled {
			own = !own && r.Reason != checkout.RefundOfReturn && !slices.Contains(models.RefundReasons(), models.RefundReason(r.Reason))
		}
		if own && (r.State.Moves() || r.State == models.RefundFailed) && r.Currency == o.Currency {
			back.Minor += r.AmountMinor
		}
	}
	return back, nil
}

// toldOfShop puts an event of an order or a return into words. What is no longer true by now is not said. A question
// about a booking that waited behind an order comes back after it.
func (d *dialogue) toldOfShop(t Told) {
	s := *t.Sold
	if s.Return != nil {
		d.toldReturn(t, s)
		return
	}
	o := s.Order
	facts := i18n.Facts{"Order": o.Number, "Total": d.amount(o.TotalMinor, o.Currency), "Amount": d.amount(s.Back.Minor, o.Currency)}
	switch t.Event {
	case TellOrderLink:
		d.tellOrderLink(t, s)
	case TellOrderConfirmed:
		d.orderNews(t, o.Status.Placed(), say("shopchat.told.confirmed", facts), block(append(d.orderLines(o), d.orderSums(o))...), d.sendsTo(o), say("shopchat.told.next.cod", nil))
	case TellOrderPaid:
		d.orderNews(t, o.Status.Placed(), say("shopchat.told.paid", facts), block(append(d.orderLines(o), d.orderSums(o))...), d.sendsTo(o), say("shopchat.told.next.paid", nil))
	case TellOrderShipped:
		d.orderNews(t, o.Status == models.OrderShipped, say("shopchat.told.shipped", facts), d.sendsTo(o))
	case TellOrderDelivered:
		d.orderNews(t, o.Status == models.OrderDelivered, say("shopchat.told.delivered", facts))
	case TellOrderExpired:
		d.orderNews(t, o.Status == models.OrderCanceled, say("shopchat.told.expired", facts))
	case TellOrderFailed: // the bank said no after all
		d.orderNews(t, o.Status == models.OrderFailed, say("shopchat.told.failed", facts))
	case TellOrderCanceled:
		lines := []Line{say("shopchat.told.canceled", facts)}
		if s.Back.Minor > 0 {
			lines = append(lines, say("shopchat.told.back", facts))
		}
		d.orderNews(t, o.Status.Final(), lines...)
	case TellOrderRefunded:
		key := "shopchat.told.refunded"
		if o.Status == models.OrderCanceled || o.Status == models.OrderFailed {
			key = "shopchat.told.late" // the money came when nothing waited for it any more
		}
		d.receipt(t, &Template{content.PaymentRefunded, i18n.Facts{"Name": d.buyer(o), "Amount": facts["Amount"]}}, say(key, facts))
	}
}

func (d *dialogue) orderNews(t Told, still bool, lines ...Line) {
	if !still {
		return
	}
	o := t.Sold.Order
	d.receipt(t, &Template{content.OrderStatus, i18n.Facts{"Name": d.buyer(o), "Order": o.Number, "Status": d.orderStatus(o)}}, lines...)
	if !t.Human && (t.Event == TellOrderConfirmed || t.Event == TellOrderPaid) && d.bookingOpen() {
		d.leaveShop()
		d.repeat()
	}
}

// tellOrderLink sends the page where an order is paid, with what binds: the amount, and until when it is kept.
func (d *dialogue) tellOrderLink(t Told, s soldThings) {
	o := s.Order
	if o.Status != models.OrderPending || s.Payment.State != models.PaymentOpen || s.Payment.URL == "" {
		return
	}
	facts := i18n.Facts{"Order": o.Number, "Total": d.amount(s.Payment.AmountMinor, s.Payment.Currency), "URL": s.Payment.URL}
	line := say("shopchat.told.link", facts)
	if o.ReservedUntil != nil {
		facts["Until"] = i18n.Moment(d.lang, o.ReservedUntil.In(d.f.Now.Location()))
		line = say("shopchat.told.link.until", facts)
	}
	d.do(Say{Class: models.ClassReceipt, Cause: t.Event, Key: t.Key, URL: s.Payment.URL, Lines: []Line{line},
		Template: &Template{content.OrderStatus, i18n.Facts{"Name": d.buyer(o), "Order": o.Number, "Status": d.orderStatus(o)}}})
}

// orderSums are what an order adds up to.
func (d *dialogue) orderSums(o models.Order) Line {
	return d.sums(o.SubtotalMinor, o.ShippingMinor, o.TotalMinor, o.Currency)
}

// sendsTo says where an order goes.
func (d *dialogue) sendsTo(o models.Order) Line {
	if o.Address == nil {
		return say("shopchat.told.pickup", nil)
	}
	return say("shopchat.order.to", i18n.Facts{"Address": d.addressLine(*o.Address)})
}

// buyer is how a template calls whoever ordered, who need not have told a name in the conversation.
func (d *dialogue) buyer(o models.Order) any {
	switch {
	case d.name() != "":
		return d.name()
	case o.Address != nil && o.Address.Name != "":
		return firstName(o.Address.Name)
	default:
		return say("shopchat.friend", nil)
	}
}

// toldReturn puts a step of a return into words.
func (d *dialogue) toldReturn(t Told, s soldThings) {
	r := *s.Return
	if t.Event != returnEvents+string(r.Status) {
		return // it has gone on meanwhile, and that is told
	}
	facts := i18n.Facts{"Code": r.RMACode, "Order": s.Order.Number}
	template := &Template{content.OrderStatus, i18n.Facts{"Name": d.buyer(s.Order), "Order": s.Order.Number, "Status": say("shopchat.return.status."+string(r.Status), nil)}}
	lines := []Line{say("shopchat.told.return."+string(r.Status), facts)}
	switch r.Status {
	case models.ReturnRequested:
		lines = append(lines, say("shopchat.return.instructions", facts))
	case models.ReturnApproved:
		lines = append(lines, say("shopchat.return.instructions", facts))
		template = &Template{content.RMAInstructions, i18n.Facts{"Name": d.buyer(s.Order), "Code": r.RMACode}}
	case models.ReturnRefunded:
		if r.RefundMinor > 0 {
			lines = append(lines, say("shopchat.told.return.amount", i18n.Facts{"Amount": d.amount(r.RefundMinor, s.Order.Currency)}))
		}
	}
	d.receipt(t, template, lines...)
}
