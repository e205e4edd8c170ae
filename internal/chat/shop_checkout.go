package chat

import (
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Questions of an order, in the order they are asked. Each is asked once, and only where its answer is not known.
const (
	asksConsent Asking = "consent" // to the privacy notice
	asksSame    Asking = "same"    // where the last order went?
	asksWho     Asking = "who"
	asksStreet  Asking = "street"
	asksCity    Asking = "city"
	asksCountry Asking = "country"
	asksNotes   Asking = "notes"
	asksMethod  Asking = "method"
	asksOrder   Asking = "order" // all of it, summed up
)

// Ordering is an order on its way to be placed: what has been answered so far, and what its summary said.
type Ordering struct {
	Agreed    bool               `json:"agreed,omitempty"` // just now
	Name      string             `json:"name,omitempty"`
	Street    string             `json:"street,omitempty"`
	City      string             `json:"city,omitempty"`
	Postal    string             `json:"postal,omitempty"`
	Country   string             `json:"country,omitempty"`
	Elsewhere bool               `json:"elsewhere,omitempty"` // not where the last order went
	Notes     string             `json:"notes,omitempty"`
	Noted     bool               `json:"noted,omitempty"`
	Method    models.OrderMethod `json:"method,omitempty"`
	Total     int64              `json:"total,omitempty"`
	Version   int64              `json:"version,omitempty"` // of the cart that was summed up
}

// address is where the order goes.
func (o Ordering) address(phone string) checkout.AddressInput {
	return checkout.AddressInput{Name: o.Name, Phone: phone, Line1: o.Street, City: o.City, PostalCode: o.Postal, Country: o.Country}
}

// PrepareOrder reads what an order needs: the cart, the consent, where the last one went. Begins: no order was on its
// way. The answer comes as Prepared.
type PrepareOrder struct{ Begins bool }

// Agree writes down what the customer said to the privacy notice.
type Agree struct{ Granted bool }

// PlaceOrder places the order as it was summed up. The answer comes as Ordered.
type PlaceOrder struct {
	Ordering
	Key string
}

func (PrepareOrder) action() {}
func (Agree) action()        {}
func (PlaceOrder) action()   {}

// Prepared answers PrepareOrder.
type Prepared struct {
	Cart    models.Cart
	Agreed  bool            // to the privacy notice in the version that is in force
	Last    *models.Address // where the last order went; nil: there was none
	Country string          // of the phone
}

// Ordered answers PlaceOrder. Fault is what refused it, Field the part of the request that it is about.
type Ordered struct {
	Order models.Order
	Fault string
	Field string
	Facts i18n.Facts
}

// checkOut begins an order, or goes on with one.
func (d *dialogue) checkOut() { d.do(PrepareOrder{Begins: d.s.Shop == nil || d.s.Shop.Order == nil}) }

// draft is the order on its way, to be changed.
func (d *dialogue) draft() *Ordering {
	shop := d.counter()
	order := Ordering{}
	if shop.Order != nil {
		order = *shop.Order
	}
	shop.Order = &order
	return shop.Order
}

// prepared asks for the next thing an order needs.
func (d *dialogue) prepared(p Prepared) {
	o := d.draft()
	switch {
	case len(p.Cart.Items) == 0:
		d.counter().Order = nil
		d.showCart(p.Cart)
	case unfit(p.Cart):
		d.lead(say("shopchat.order.unfit", nil))
		d.showCart(p.Cart)
	case !p.Agreed && !o.Agreed:
		d.question(asksConsent, []Choice{choice(shopAnswer+"yes", "shopchat.button.agree"), choice(shopAnswer+"no", "shopchat.button.decline")},
			say("shopchat.order.consent", i18n.Facts{"URL": d.f.PrivacyURL}))
	case o.Street == "" && p.Last != nil && !o.Elsewhere:
		d.question(asksSame, []Choice{choice(shopAnswer+"same", "shopchat.button.same"), choice(shopAnswer+"other", "shopchat.button.other")},
			say("shopchat.order.same", i18n.Facts{"Address": d.addressLine(*p.Last)}))
	case d.askAddress(o, p):
	case !o.Noted:
		d.question(asksNotes, []Choice{choice(shopAnswer+"none", "shopchat.button.none")}, say("shopchat.order.notes", nil))
	case o.Method == "" && d.f.Policies.ShopCOD:
		d.question(asksMethod, []Choice{choice(shopAnswer+"cod", "shopchat.button.cod"), choice(shopAnswer+"stripe", "shopchat.button.card")}, say("shopchat.order.method", nil))
	default:
		d.sumUp(o, p.Cart)
	}
}

// unfit tells whether a cart holds something that cannot be had, or not so many of it.
func unfit(cart models.Cart) bool {
	for _, item := range cart.Items {
		if item.Short() {
			return true
		}
	}
	return false
}

// sumUp says the whole order and asks whether to place it.
func (d *dialogue) sumUp(o *Ordering, cart models.Cart) {
	if o.Method == "" {
		o.Method = models.MethodStripe
	}
	o.Total, o.Version = cart.TotalMinor, cart.Version
	address := models.Address{Name: o.Name, Line1: o.Street, City: o.City, PostalCode: o.Postal, Country: o.Country}
	lines := []Line{
		say("shopchat.order.summary", i18n.Facts{"Lines": d.cartLines(cart)}),
		d.sums(cart.SubtotalMinor, cart.ShippingMinor, cart.TotalMinor, cart.Currency),
	}
	where := []Line{say("shopchat.order.to", i18n.Facts{"Address": d.addressLine(address)})}
	if o.Notes != "" {
		where = append(where, say("shopchat.order.note", i18n.Facts{"Note": o.Notes}))
	}
	where = append(where, say("shopchat.order.by."+string(o.Method), nil))
	d.question(asksOrder, []Choice{
		choice(shopAnswer+"yes", "shopchat.button.order"), choice(shopAnswer+"other", "shopchat.button.address"), choice(shopAnswer+"no", "shopchat.button.not"),
	}, append(lines, block(where...), say("shopchat.order.ask", nil))...)
}

// question asks something of the shop and leaves it open.
func (d *dialogue) question(asks Asking, options []Choice, lines ...Line) {
	shop := d.counter()
	shop.Front, shop.Shown, shop.Options, shop.Asks = true, nil, nil, asks
	d.do(Say{Class: models.ClassReply, Cause: "turn", Lines: append(d.takeLead(), lines...), Options: options, Shop: true})
}

// inWords tells whether the shop's question wants words of the customer's own, which mean nothing else.
func (a Asking) inWords() bool {
	switch a {
	case asksWho, asksStreet, asksCity, asksNotes:
		return true
	default:
		return false
	}
}

// answersOrder takes an answer to a question of an order.
func (d *dialogue) answersOrder(a answer) bool {
	switch d.s.Shop.Asks {
	case asksConsent:
		return d.answersConsent(a)
	case asksSame:
		return d.answersSame(a)
	case asksMethod:
		return d.answersMethod(a)
	case asksCountry:
		return d.answersCountry(a)
	case asksOrder:
		return d.answersSummary(a)
	case asksWho, asksStreet, asksCity, asksNotes:
		return d.answersWords(a)
	default:
		return false
	}
}

func (d *dialogue) answersConsent(a answer) bool {
	switch {
	case a.yes:
		d.draft().Agreed = true
		d.do(Agree{Granted: true})
		d.checkOut()
	case a.no:
		d.giveUpOrdering("shopchat.order.declined")
	default:
		return false
	}
	return true
}

func (d *dialogue) answersMethod(a answer) bool {
	switch {
	case a.word == string(models.MethodCOD) || understand.SaysCash(a.text):
		d.draft().Method = models.MethodCOD
	case a.word == string(models.MethodStripe) || understand.SaysCard(a.text):
		d.draft().Method = models.MethodStripe
	case a.no && a.alone:
		d.giveUpOrdering("shopchat.order.kept")
		return true
	default:
		return false
	}
	d.checkOut()
	return true
}

// answersSummary takes the last yes, and what is to be changed before it.
func (d *dialogue) answersSummary(a answer) bool {
	switch {
	case a.yes:
		d.do(PlaceOrder{Ordering: *d.s.Shop.Order})
	case a.word == "other":
		*d.draft() = Ordering{Elsewhere: true, Method: d.s.Shop.Order.Method, Notes: d.s.Shop.Order.Notes, Noted: true}
		d.checkOut()
	case a.no:
		d.giveUpOrdering("shopchat.order.kept")
	case understand.SaysCash(a.text) && d.f.Policies.ShopCOD:
		d.draft().Method = models.MethodCOD
		d.checkOut()
	case understand.SaysCard(a.text):
		d.draft().Method = models.MethodStripe
		d.checkOut()
	default:
		return false
	}
	return true
}

// giveUpOrdering ends an order that was not placed; the cart stays.
func (d *dialogue) giveUpOrdering(key string) {
	shop := d.counter()
	shop.Order, shop.Asks = nil, ""
	d.lastWord([]Choice{choice(shopCart, "shopchat.button.cart"), choice(shopBrowse, "shopchat.button.browse")}, say(key, nil))
}

// ordered says what became of placing an order: what it costs and how it is paid are told when they are there.
func (d *dialogue) ordered(o Ordered) {
	d.counter().Asks = ""
	switch {
	case o.Fault == "orders.cart_empty":
		d.counter().Order = nil
		d.do(Shopping{understand.Errand{Do: understand.DoCart}})
	case o.Fault == "orders.cart_changed":
		d.lead(say("shopchat.order.changed", nil))
		d.checkOut()
	case o.Field != "":
		d.refusedPart(o)
	case o.Fault == "orders.cod_disabled" || o.Fault == "orders.payments_not_configured" || o.Fault == "orders.nothing_to_pay":
		d.draft().Method = otherMethod(o.Fault)
		d.lead(Line{Key: o.Fault, Facts: o.Facts})
		if o.Fault == "orders.payments_not_configured" && !d.f.Policies.ShopCOD {
			d.counter().Order = nil
			d.passOn(say("case.asks.shop", nil))
			return
		}
		d.checkOut()
	case o.Fault != "":
		d.lead(Line{Key: o.Fault, Facts: o.Facts})
		d.counter().Order = nil
		d.do(Shopping{understand.Errand{Do: understand.DoCart}})
	case o.Order.Method == models.MethodStripe:
		d.placed()
		d.lastWord(nil, say("shopchat.order.placed.card", i18n.Facts{"Order": o.Order.Number, "Total": d.amount(o.Order.TotalMinor, o.Order.Currency)}))
	default:
		d.placed() // told by order.confirmed, with all that belongs to it
	}
}

func otherMethod(refused string) models.OrderMethod {
	if refused == "orders.cod_disabled" {
		return models.MethodStripe
	}
	return models.MethodCOD
}

// placed forgets the order that was on its way: it is placed.
func (d *dialogue) placed() {
	d.leaveShop()
	shop := d.counter()
	shop.Order, shop.Product = nil, ""
}

// refusedPart asks again for the part of an order that was refused.
func (d *dialogue) refusedPart(o Ordered) {
	draft := d.draft()
	d.lead(Line{Key: o.Fault, Facts: o.Facts})
	switch o.Field {
	case "notes":
		draft.Notes, draft.Noted = "", false
	case "address.country":
		draft.Country = ""
	case "address.city", "address.postalCode":
		draft.City, draft.Postal = "", ""
	case "address.name":
		draft.Name = ""
	default:
		draft.Street = ""
	}
	d.checkOut()
}
