package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// shopper is somebody of a walk.
type shopper struct {
	owner shop.Owner
	token string // of a guest
}

// stroll is one random walk of several people through the shop.
type stroll struct {
	*salon
	random   *rand.Rand
	products []models.Product
	people   []shopper
	events   int
	waits    []models.ID // events that come again
}

// Carts, orders, payments, refunds, deliveries, cancellations, returns, sweeps and events that come late, twice or about
// other sums, in any order: after every step the lines, the cart, the order, its payments, its refunds, what went back for
// returns and the stock add up.
func TestAnyWalkThroughTheShopAddsUp(t *testing.T) {
	for i := range 4 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			w := &stroll{salon: takesBack(t), random: rand.New(rand.NewPCG(seed, uint64(i)))}
			w.must(w.settings.Set(context.Background(), "refund.alone_minor", 1_000_000, "test"))
			if i%2 == 0 { // what is paid or confirmed may go back before it is delivered
				w.till.SetReturns(checkout.ReturnTerms{Enabled: true, Days: 30, Basis: checkout.SinceCreated})
			}
			for n := range 4 {
				w.products = append(w.products, w.product(fmt.Sprintf("P%d", n), int64(500+700*n), 9+9*n))
			}
			for n := range 3 {
				w.people = append(w.people, w.newcomer(n == 0))
			}
			for step := range 260 {
				w.step()
				w.addsUp()
				if t.Failed() {
					t.Fatalf("after step %d", step)
				}
			}
			w.settle()
		})
	}
}

func (w *stroll) newcomer(known bool) shopper {
	if known {
		return shopper{owner: w.regular()}
	}
	token, session, err := w.goods.OpenSession(context.Background())
	w.must(err)
	return shopper{owner: session.Owner, token: token}
}

// try lets a refusal pass: what may not be done changes nothing, which the books show.
func (w *stroll) try(err error) {
	w.t.Helper()
	var f *fault.Fault
	if err != nil && !errors.As(err, &f) {
		w.t.Error(err)
	}
}

func (w *stroll) step() {
	ctx := context.Background()
	who := &w.people[w.random.IntN(len(w.people))]
	o, found := w.some()
	switch n := w.random.IntN(40); {
	case n < 7:
		_, err := w.goods.Add(ctx, who.owner, shop.Add{ProductID: w.products[w.random.IntN(len(w.products))].ID, Qty: 1 + w.random.IntN(3)})
		w.try(err)
	case n < 8:
		cart, err := w.goods.Cart(ctx, who.owner)
		w.must(err)
		if len(cart.Items) > 0 {
			_, err = w.goods.SetQty(ctx, who.owner, cart.Items[0].ID, w.random.IntN(4))
			w.try(err)
		}
	case n < 15:
		r := ask(who.owner, []models.OrderMethod{models.MethodCOD, models.MethodStripe, models.MethodStripe}[w.random.IntN(3)])
		_, err := w.till.PlaceOrder(ctx, r)
		w.try(err)
	case n < 16 && who.owner.Guest():
		w.must(w.recognise(who.token, who.owner.Session, w.people[0].owner.Customer))
		*who = w.newcomer(false)
	case n < 17:
		p := w.products[w.random.IntN(len(w.products))]
		w.must(w.db.On(ctx).Exec("UPDATE products SET price_minor = ?, version = version + 1 WHERE id = ?", 100+w.random.IntN(5000), p.ID).Error)
	case n < 18:
		w.hand.Set(w.clock.Now().Add(time.Duration(w.random.IntN(40)) * time.Minute))
		_, err := w.till.ExpireOrders(ctx)
		w.must(err)
	case n < 27:
		w.sendsBack()
	case found:
		w.act(o)
	}
}

// some is one of the orders, more often one for which something is still to be done.
func (w *stroll) some() (models.Order, bool) {
	rows, _, err := w.till.ListOrders(context.Background(), checkout.OrderFilter{Limit: 100, Oldest: true})
	w.must(err)
	if open := slices.DeleteFunc(slices.Clone(rows), func(o models.Order) bool { return !o.Status.Open() }); len(open) > 0 && w.random.IntN(5) > 0 {
		rows = open
	}
	if len(rows) == 0 {
		return models.Order{}, false
	}
	return rows[w.random.IntN(len(rows))], true
}

// act does something with an order, or lets the provider say something about one of its payments.
func (w *stroll) act(o models.Order) {
	ctx := context.Background()
	var err error
	switch w.random.IntN(16) {
	case 0:
		_, err = w.till.ConfirmOrder(ctx, "customer", o.ID)
	case 1:
		_, err = w.till.CancelOrder(ctx, []string{"customer", salma}[w.random.IntN(2)], o.ID, "")
	case 2:
		_, err = w.till.ShipOrder(ctx, salma, o.ID, o.Version, "")
	case 3:
		_, err = w.till.DeliverOrder(ctx, salma, o.ID, o.Version, "")
	case 4, 5, 7, 8:
		_, err = w.till.OrderLink(ctx, o.ID)
	case 6:
		w.workVoids()
		err = w.sendRefunds()
	default:
		w.hear(o)
	}
	w.try(err)
}

// sendsBack opens a return of some order, or takes one a step on, up to its money.
func (w *stroll) sendsBack() {
	ctx := context.Background()
	if w.random.IntN(3) == 0 {
		rows, _, err := w.till.ListOrders(ctx, checkout.OrderFilter{Limit: 100, Status: []models.OrderStatus{
			models.OrderConfirmed, models.OrderPaid, models.OrderShipped, models.OrderDelivered, models.OrderRefunded,
		}})
		w.must(err)
		if len(rows) > 0 {
			o := rows[w.random.IntN(len(rows))]
			ask := checkout.ReturnRequest{Staff: salma, Order: o.ID}
			if w.random.IntN(2) == 0 {
				ask.Items = []checkout.ReturnLine{{OrderItem: o.Items[w.random.IntN(len(o.Items))].ID, Qty: 1 + w.random.IntN(2)}}
			}
			_, err = w.till.OpenReturn(ctx, ask)
			w.try(err)
		}
		return
	}
	rows, err := w.till.ListReturns(ctx, checkout.ReturnFilter{Limit: 100})
	w.must(err)
	if len(rows) == 0 {
		return
	}
	r := rows[w.random.IntN(len(rows))].Return
	if r.Status != models.ReturnReceived {
		to := []models.ReturnStatus{models.ReturnApproved, models.ReturnInTransit, models.ReturnReceived, models.ReturnRejected}[w.random.IntN(4)]
		if w.random.IntN(2) == 0 { // the way most of them go
			to = map[bool]models.ReturnStatus{true: models.ReturnApproved, false: models.ReturnReceived}[r.Status == models.ReturnRequested]
		}
		_, err = w.till.MoveReturn(ctx, checkout.ReturnMove{Actor: salma, ID: r.ID, Version: r.Version, To: to, Note: "as it came", Restock: w.random.IntN(2) == 0})
		w.try(err)
		return
	}
	terms, err := w.till.RefundTerms(ctx, r.ID)
	w.must(err)
	pay := checkout.ReturnRefund{Actor: salma, Role: models.RoleFinance, ID: r.ID, Version: r.Version, AmountMinor: []int64{terms.Goods, terms.Most, 1, terms.Most + 1}[w.random.IntN(4)]}
	if !terms.Card {
		pay.Method, pay.Proof = models.RefundByCash, "receipt 17"
	}
	_, err = w.till.RefundReturn(ctx, pay)
	w.try(err)
}

// hear applies an event about a payment of an order: now, twice, of another sum.
func (w *stroll) hear(o models.Order) {
	payments, err := w.till.OrderPayments(context.Background(), o.ID)
	w.must(err)
	if len(payments) == 0 {
		return
	}
	p := payments[w.random.IntN(len(payments))]
	w.events++
	id := fmt.Sprintf("evt_%d", w.events)
	var e event
	switch w.random.IntN(8) {
	case 0:
		e = sessionExpired(id, p)
	case 1:
		e = declined(id, p)
	case 2:
		e = sum(id, p, p.AmountMinor-int64(w.random.IntN(2)), []string{"eur", "usd"}[w.random.IntN(2)])
	case 3:
		if p.PaidAt == nil || p.ReceivedMinor == 0 {
			return
		}
		e = refunded(id, p, 1+w.random.Int64N(p.ReceivedMinor))
	case 4:
		e = event{id, "checkout.session.async_payment_failed", session(p, "unpaid", p.AmountMinor)}
	default:
		e = paid(id, p)
	}
	row := w.store(e)
	for range 1 + w.random.IntN(2) {
		err := w.till.Apply(context.Background(), row)
		if errors.Is(err, checkout.ErrUnsent) { // it comes again once what is on its way is out
			w.waits = append(w.waits, row)
			return
		}
		w.must(err)
	}
}

// addsUp looks into the books, and counts the money and the goods once more by itself.
func (w *stroll) addsUp() {
	w.t.Helper()
	w.check(false)
	ctx := context.Background()
	rows, _, err := w.till.ListOrders(ctx, checkout.OrderFilter{Limit: 1000})
	w.must(err)
	gone := map[models.ID]int{}
	for _, o := range rows {
		var lines int64
		for _, i := range o.Items {
			lines += i.PriceMinor * int64(i.Qty)
			if o.Status.Placed() {
				gone[i.ProductID] += i.Qty
			}
		}
		w.wentBack(o, gone)
		if o.SubtotalMinor != lines || o.TotalMinor != lines+o.ShippingMinor+o.TaxMinor {
			w.t.Errorf("%s: lines of %d, order of %d", o.Number, lines, o.TotalMinor)
		}
		w.money(o)
	}
	for i, p := range w.products {
		stock, held := w.stock(p)
		// An order that was given back at the provider's after it was sent keeps its goods.
		if was := p.Stock; stock > was || held > stock || stock > was-gone[p.ID] {
			w.t.Errorf("product %d: %d of %d are there, %d are gone", i, stock, was, gone[p.ID])
		}
	}
}

// wentBack checks that no more of an order comes back than was bought, nor more of its money, and takes off what can be sold
// again.
func (w *stroll) wentBack(o models.Order, gone map[models.ID]int) {
	w.t.Helper()
	rows, err := w.till.ReturnsOfOrder(context.Background(), o.ID)
	w.must(err)
	back, money, open := map[models.ID]int{}, int64(0), 0
	for _, r := range rows {
		if r.Status == models.ReturnRejected {
			continue
		}
		if r.Status != models.ReturnRefunded {
			open++
		}
		money += r.RefundMinor
		for _, i := range r.Items {
			back[i.OrderItemID] += i.Qty
			if r.Restocked && o.Status.Placed() {
				gone[i.ProductID] -= i.Qty
			}
			if i.TotalMinor != i.PriceMinor*int64(i.Qty) {
				w.t.Errorf("%s: a line of a return of %d is %d pieces at %d", o.Number, i.TotalMinor, i.Qty, i.PriceMinor)
			}
		}
	}
	for _, i := range o.Items {
		if back[i.ID] > i.Qty {
			w.t.Errorf("%s: %d of %d came back", o.Number, back[i.ID], i.Qty)
		}
	}
	if money > o.TotalMinor || open > 1 {
		w.t.Errorf("%s: %d of %d went back for returns, %d of them are open", o.Number, money, o.TotalMinor, open)
	}
}

// money checks that of all that came in for an order, what is kept pays it, and everything else goes back.
func (w *stroll) money(o models.Order) {
	w.t.Helper()
	payments, err := w.till.OrderPayments(context.Background(), o.ID)
	w.must(err)
	kept := int64(0)
	for _, p := range payments {
		left := p.ReceivedMinor
		for _, r := range w.refunds(p.ID) {
			left -= r.AmountMinor
		}
		if left < 0 {
			w.t.Errorf("%s: more went back than came in", o.Number)
		}
		if left > 0 && p.State != models.PaymentPaid {
			w.t.Errorf("%s, %s: %d of a payment that is %s is nowhere", o.Number, o.Status, left, p.State)
		}
		kept += left
	}
	if kept > 0 && (!o.Status.Placed() || o.Method != models.MethodStripe || kept > o.TotalMinor) {
		w.t.Errorf("%s: %d are kept of an order that is %s by %s and costs %d", o.Number, kept, o.Status, o.Method, o.TotalMinor)
	}
}

// settle lets everything that waits happen: nothing is held back in the end, and nothing more changes.
func (w *stroll) settle() {
	w.t.Helper()
	ctx := context.Background()
	w.hand.Set(w.clock.Now().Add(8 * 24 * time.Hour))
	for range 2 {
		_, err := w.till.ExpireOrders(ctx)
		w.must(err)
		w.workVoids()
		w.must(w.sendRefunds())
	}
	for _, row := range w.waits {
		w.must(w.till.Apply(ctx, row))
	}
	w.addsUp()
	w.check(true)
	counts, err := w.till.CountOrders(ctx)
	w.must(err)
	returns, err := w.till.CountReturns(ctx)
	w.must(err)
	w.t.Logf("%d events, orders %v, returns %v", w.events, counts, returns)
	for _, p := range w.products {
		if _, held := w.stock(p); held != 0 {
			w.t.Errorf("%s: %d are held back for ever", p.SKU, held)
		}
	}
}
