package chat

import (
	"strconv"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// What somebody wants to know of their orders, and to end of them. Only the sender's own are ever looked at.

const (
	asksWhichOrder Asking = "which_order" // by its number, or one of those listed
	asksGiveUp     Asking = "give_up"     // really end the order?
)

// FindOrders looks for the sender's orders: the one Named, or all of them. The answer comes as FoundOrders.
type FindOrders struct {
	For   understand.ErrandKind
	Named string
	All   bool
}

// EndOrder cancels an order at its owner's wish. The answer comes as Ended.
type EndOrder struct{ Order models.ID }

func (FindOrders) action() {}
func (EndOrder) action()   {}

// FoundOrders answers FindOrders, newest first.
type FoundOrders struct {
	Asked   FindOrders
	Orders  []models.Order
	Others  bool // the sender has more than were asked for
	Links   []string
	Returns []models.Return // of the first
	Back    checkout.MoneyBack
}

// Ended answers EndOrder.
type Ended struct {
	Order models.Order
	Fault string
}

// foundOrders says how an order stands, or goes on to what is wanted of it.
func (d *dialogue) foundOrders(f FoundOrders) {
	switch {
	case len(f.Orders) == 0 && f.Asked.Named != "":
		d.noSuchOrder(f)
	case len(f.Orders) == 0:
		d.lastWord([]Choice{choice(shopBrowse, "shopchat.button.browse")}, say("shopchat.orders.none", nil))
	case f.Asked.All && len(f.Orders) > 1:
		d.listOrders(f.Orders, f.Asked.For, "shopchat.orders")
	case f.Asked.For == understand.DoReturn:
		d.orderToReturn(f)
	case f.Asked.For == understand.DoGiveUp:
		d.askGiveUp(f)
	default:
		d.orderStands(f)
	}
}

// noSuchOrder says that none of theirs has that number; it says the same of somebody else's.
func (d *dialogue) noSuchOrder(f FoundOrders) {
	options := []Choice{choice(optionPerson, "shopchat.button.person")}
	if f.Others {
		options = append(options, choice(shopOrders, "shopchat.button.orders"))
	}
	d.shelve(nil, "", false, options, say("shopchat.orders.unknown", i18n.Facts{"Order": f.Asked.Named}))
}

// optionPerson calls a person, as the word does.
const optionPerson = "shop:person"

// listOrders lists orders as rows, newest first.
func (d *dialogue) listOrders(orders []models.Order, do understand.ErrandKind, key string) {
	prefix := map[understand.ErrandKind]string{understand.DoReturn: shopReturn, understand.DoGiveUp: shopGiveUp}[do]
	if prefix == "" {
		prefix = shopStatus
	}
	var shown []string
	var options []Choice
	for _, o := range orders[:min(len(orders), models.MaxRows-1)] {
		id := prefix + o.ID.String()
		detail := say("shopchat.orders.row", i18n.Facts{
			"Day": i18n.DayShort(d.lang, o.CreatedAt.In(d.f.Now.Location())), "Total": d.amount(o.TotalMinor, o.Currency), "Status": d.orderStatus(o),
		})
		shown = append(shown, id)
		options = append(options, Choice{ID: id, Titles: []Line{verbatim(o.Number)}, Detail: &detail})
	}
	d.shelve(shown, "shopchat.orders.label", false, options, say(key, nil))
	d.counter().Asks = asksWhichOrder
}

func (d *dialogue) orderStatus(o models.Order) Line {
	return say("shopchat.status."+string(o.Status), nil)
}

// orderStands tells how an order stands, what is in it and what can be done about it.
func (d *dialogue) orderStands(f FoundOrders) {
	o := f.Orders[0]
	d.counter().Product = ""
	lines := []Line{block(
		say("shopchat.order.head", i18n.Facts{"Order": o.Number, "Day": i18n.DayShort(d.lang, o.CreatedAt.In(d.f.Now.Location()))}),
		say("shopchat.order.stands", i18n.Facts{"Status": d.orderStatus(o)}),
	), block(append(d.orderLines(o), say("shopchat.sum.total", i18n.Facts{"Amount": d.amount(o.TotalMinor, o.Currency)}))...)}
	for _, url := range f.Links {
		lines = append(lines, say("shopchat.order.pay", i18n.Facts{"URL": url}))
	}
	for _, r := range f.Returns {
		lines = append(lines, say("shopchat.return.stands", i18n.Facts{"Code": r.RMACode, "Status": say("shopchat.return.status."+string(r.Status), nil)}))
	}
	if back := d.moneyBack(f.Back, o.Currency); len(back) > 0 {
		lines = append(lines, block(back...))
	}
	var options []Choice
	if o.Status.Unpaid() || o.Status == models.OrderConfirmed || o.Status == models.OrderPaid {
		options = append(options, choice(shopGiveUp+o.ID.String(), "shopchat.button.giveup"))
	}
	if o.Status == models.OrderDelivered {
		options = append(options, choice(shopReturn+o.ID.String(), "shopchat.button.return"))
	}
	if f.Others || len(f.Orders) > 1 {
		options = append(options, choice(shopOrders, "shopchat.button.orders"))
	}
	d.lastWord(options, lines...)
}

// moneyBack says what went back of an order's money, what is on its way, and what is still to come.
func (d *dialogue) moneyBack(m checkout.MoneyBack, currency string) (lines []Line) {
	for _, part := range []struct {
		key   string
		minor int64
	}{
		{"shopchat.order.back.card", m.Card}, {"shopchat.order.back.given", m.Given}, {"shopchat.order.back.going", m.Going},
		{"shopchat.order.back.promised", m.Promised}, {"shopchat.order.back.owed", m.Owed},
	} {
		if part.minor > 0 {
			lines = append(lines, say(part.key, i18n.Facts{"Amount": d.amount(part.minor, currency), "From": refundFrom, "To": refundTo}))
		}
	}
	return lines
}

// orderLines are the lines of an order.
func (d *dialogue) orderLines(o models.Order) []Line {
	lines := make([]Line, len(o.Items))
	for i, item := range o.Items {
		lines[i] = say("shopchat.order.line", i18n.Facts{
			"Qty": strconv.Itoa(item.Qty), "Product": item.Names.In(d.lang), "Price": d.amount(item.TotalMinor, o.Currency),
		})
	}
	return lines
}

// askGiveUp asks whether an order shall really end. What was sent goes back by a return.
func (d *dialogue) askGiveUp(f FoundOrders) {
	var open []models.Order
	for _, o := range f.Orders {
		if o.Status.Open() && o.Status != models.OrderShipped {
			open = append(open, o)
		}
	}
	switch {
	case len(open) == 0:
		d.lead(say("shopchat.giveup.late", i18n.Facts{"Order": f.Orders[0].Number}))
		f.Orders = f.Orders[:1]
		d.orderStands(f)
	case len(open) > 1:
		d.listOrders(open, understand.DoGiveUp, "shopchat.giveup.which")
	default:
		d.question(asksGiveUp, []Choice{
			choice(shopAnswer+"end:"+open[0].ID.String(), "shopchat.button.giveup"), choice(shopAnswer+"keep", "shopchat.button.keep"),
		}, say("shopchat.giveup.ask", i18n.Facts{"Order": open[0].Number, "Total": d.amount(open[0].TotalMinor, open[0].Currency)}))
	}
}

func (d *dialogue) answersGiveUp(a answer) bool {
	end := ""
	if d.s.Shop != nil && len(d.s.Shop.Options) > 0 {
		end = d.s.Shop.Options[0].ID
	}
	if a.id != "" {
		end = a.id
	}
	order, ends := idIn(end, shopAnswer+"end:")
	switch {
	case a.word == "keep" || a.no:
		d.counter().Asks = ""
		d.lastWord(nil, say("shopchat.giveup.kept", nil))
	case ends && (a.yes || a.id != ""):
		d.counter().Asks = ""
		d.do(EndOrder{order})
	default:
		return false
	}
	return true
}

// idIn reads the id behind a prefix.
func idIn(text, prefix string) (id models.ID, ok bool) {
	if len(text) <= len(prefix) || text[:len(prefix)] != prefix {
		return id, false
	}
	return id, id.UnmarshalText([]byte(text[len(prefix):])) == nil
}

// ended says that an order has ended; what goes back of a payment is told by order.canceled.
func (d *dialogue) ended(e Ended) {
	if e.Fault != "" {
		d.shopRemark(say("shopchat.giveup.late", i18n.Facts{"Order": e.Order.Number}))
	}
	d.leaveShop()
}
