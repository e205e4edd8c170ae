package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"frontdesk/internal/checkout"
	"frontdesk/internal/customers"
	"frontdesk/internal/shop"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// buyer is somebody with a cart, at the stand-in's account.
type buyer struct {
	*bench
	till  *checkout.Till
	store *shop.Shop
	owner shop.Owner
	goods models.Product
	heard int // webhooks
}

func newBuyer(t *testing.T) *buyer {
	t.Helper()
	b := &buyer{bench: newBench(t)}
	b.till, b.store = b.bench.till(), b.shop()
	conv := b.bench.store(noor, "wamid.1")
	registry := customers.New(b.cfg.DB, b.cfg.Clock)
	contact, err := registry.ContactByID(t.Context(), conv.ContactID)
	b.must(err)
	who, err := registry.Register(t.Context(), contact, "Noor", "Haddad", models.English)
	b.must(err)
	b.owner = shop.Owner{Customer: who.ID}
	now := b.cfg.Clock.Now()
	b.goods = models.Product{
		ID: models.NewID(), SKU: "OIL", Names: models.Text{"en": "Argan oil", "ar": "زيت الأرغان"}, Descriptions: models.Text{}, PriceMinor: 1250,
		Currency: "EUR", Stock: 9, Active: true, CreatedAt: now, UpdatedAt: now,
	}
	b.must(b.cfg.DB.On(t.Context()).Omit("Category", "Media").Create(&b.goods).Error)
	return b
}

func (b *buyer) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// order puts so many into the cart and asks for an order by card, with its page.
func (b *buyer) order(qty int) (models.Order, string) {
	b.t.Helper()
	_, err := b.store.Add(b.t.Context(), b.owner, shop.Add{ProductID: b.goods.ID, Qty: qty})
	b.must(err)
	o, err := b.till.PlaceOrder(b.t.Context(), checkout.OrderRequest{Owner: b.owner, Method: models.MethodStripe, Language: "ar", Channel: checkout.ChannelWeb})
	b.must(err)
	link, err := b.till.OrderLink(b.t.Context(), o.ID)
	b.must(err)
	return o, link
}

// hearPaid applies the events that the account has sent since, as the product's webhook and worker do, once there is
// one among them that a page was paid: those of a refund come when they come.
func (b *buyer) hearPaid() {
	b.t.Helper()
	hooks := b.within("that a page was paid", func(h []hook) bool {
		return slices.ContainsFunc(h[b.heard:], func(h hook) bool { return bytes.Contains(h.body, []byte(`"checkout.session.completed"`)) })
	})
	for _, h := range hooks[b.heard:] {
		read, err := stripeapi.VerifyEvent(h.body, h.signature, []string{testHook}, 0)
		b.must(err)
		row := models.ProviderEvent{
			ID: models.NewID(), Provider: models.ProviderStripe, EventID: read.ID, Kind: read.Type, Payload: []byte(read.Raw), ReceivedAt: b.cfg.Clock.Now(),
		}
		b.must(b.cfg.DB.On(b.t.Context()).Create(&row).Error)
		b.must(b.till.Apply(b.t.Context(), row.ID))
	}
	b.heard = len(hooks)
}

func (b *buyer) wantStatus(id models.ID, want models.OrderStatus) {
	b.t.Helper()
	o, err := b.till.Order(context.Background(), id)
	b.must(err)
	if o.Status != want {
		b.t.Errorf("order is %s, want %s", o.Status, want)
	}
}

// An order is paid on the page the account gave for it, whose sum is the order's; given up, its money is back on the
// account's books; what the product believes says so all the while.
func TestAnOrderAtTheStandIn(t *testing.T) {
	b := newBuyer(t)
	ctx := t.Context()
	o, link := b.order(2)
	payments, err := b.till.OrderPayments(ctx, o.ID)
	b.must(err)
	session, err := b.account().CheckoutSessions.Get(*payments[0].SessionID, nil)
	b.must(err)
	if session.AmountTotal != o.TotalMinor || o.TotalMinor != 4500 || session.Metadata["order_id"] != o.ID.String() || session.URL != link {
		t.Errorf("order of %d, page %+v", o.TotalMinor, session)
	}
	b.control("pay", map[string]any{"url": link, "outcome": "paid"})
	b.hearPaid()
	b.wantStatus(o.ID, models.OrderPaid)
	_, state := b.call("GET", "/control/state?phone="+noor[1:], nil)
	one := value(state, "orders", 0)
	want := map[string]any{
		"id": o.ID.String(), "number": o.Number, "status": "paid", "method": "stripe", "total_minor": 4500.0, "currency": "EUR",
		"items": []any{map[string]any{"sku": "OIL", "qty": 2.0}},
	}
	if fmt.Sprint(one) != fmt.Sprint(want) {
		t.Errorf("order\n got %v\nwant %v", one, want)
	}
	_, err = b.till.CancelOrder(ctx, "customer", o.ID, "")
	b.must(err)
	for _, raw := range testkit.Jobs(t, b.cfg.DB, queue.RefundSend{}.Kind()) {
		var args queue.RefundSend
		b.must(json.Unmarshal(raw, &args))
		b.must(b.till.SendRefund(ctx, args.RefundID))
	}
	b.wantStatus(o.ID, models.OrderRefunded)
	b.sql(`INSERT INTO consents (id, purpose, granted, customer_id, phone, channel, actor, created_at)
		VALUES ($1, 'privacy', true, $2, $3, 'web', 'customer', now())`, models.NewID(), b.owner.Customer, noor)
	b.give("S01")
	if n := b.number("SELECT count(*) FROM orders"); n != 0 {
		t.Errorf("%d orders outlive their people", n)
	}
	if n := b.number("SELECT count(*) FROM products WHERE sku = 'OIL' AND stock = 9 AND reserved = 0"); n != 1 {
		t.Error("what people who are gone had ordered is not on the shelf")
	}
}

// A page whose order has changed is closed and cannot be paid; one that is paid before that gives the money back.
func TestAnOldPageAtTheStandIn(t *testing.T) {
	b := newBuyer(t)
	ctx := t.Context()
	o, old := b.order(1)
	_, fresh := b.order(1)
	if old == fresh {
		t.Fatal("the old page asks for the old sum")
	}
	payments, err := b.till.OrderPayments(ctx, o.ID)
	b.must(err)
	b.control("pay", map[string]any{"url": old, "outcome": "paid"}) // before the job that closes it
	b.hearPaid()
	b.wantStatus(o.ID, models.OrderPending)
	b.must(b.till.VoidOrder(ctx, o.ID))
	refunds, err := b.till.Refunds(ctx, []models.ID{payments[0].ID})
	b.must(err)
	for _, r := range refunds[payments[0].ID] {
		b.must(b.till.SendRefund(ctx, r.ID))
	}
	b.control("pay", map[string]any{"url": fresh, "outcome": "paid"})
	b.hearPaid()
	b.wantStatus(o.ID, models.OrderPaid)
	if payments, err = b.till.OrderPayments(ctx, o.ID); err != nil || payments[0].State != models.PaymentRefunded || payments[1].State != models.PaymentPaid {
		t.Errorf("payments %+v: %v", payments, err)
	}
	if link, err := b.till.OrderLink(ctx, o.ID); err == nil {
		t.Errorf("another page of a paid order: %s", link)
	}
}

// What was bought and is on its way back goes with the people of the scene before, too.
func TestGivenRemovesReturns(t *testing.T) {
	b := newBuyer(t)
	o, _ := b.order(2)
	b.sql(`INSERT INTO returns (id, order_id, rma_code, status, opened_by, created_at, updated_at)
		VALUES (gen_random_uuid(), '` + o.ID.String() + `', 'RMA-TEST', 'requested', 'customer', now(), now())`)
	if status, answer := b.control("given", map[string]any{"scenario": "S01"}); status != 200 {
		t.Fatalf("given: %d %v", status, answer)
	}
	if n := b.number("SELECT count(*) FROM returns") + b.number("SELECT count(*) FROM orders"); n != 0 {
		t.Errorf("%d of them are left", n)
	}
}

// A template shows what stands under it and its quick replies; tapped, one comes as Meta sends it.
func TestATemplateIsShownDressed(t *testing.T) {
	b := newBench(t)
	b.sql(`UPDATE message_texts SET footer = 'Luma', buttons = '["Track it", "Ask us"]' WHERE key = 'privacy_notice' AND language = 'en' AND channel = 'template'`)
	if status, answer := b.send(approved("privacy_notice", "en", "https://example.com/privacy")); status != 200 {
		t.Fatalf("sent: %d %v", status, answer)
	}
	_, seen := b.call("GET", "/control/transcript?phone="+noor[1:], nil)
	shown := seen["messages"].([]any)[0]
	if value(shown, "footer") != "Luma" || value(shown, "buttons", 1, "title") != "Ask us" || value(shown, "template") != "privacy_notice" {
		t.Errorf("the phone shows %v", shown)
	}
	b.control("say", map[string]any{"from": noor, "button": "Track it"})
	hooks := b.within("the tap", func(h []hook) bool {
		for _, one := range h {
			if value(change(t, one), "messages", 0) != nil {
				return true
			}
		}
		return false
	})
	for _, h := range hooks {
		if m := value(change(t, h), "messages", 0); m != nil && (value(m, "type") != "button" || value(m, "button", "payload") != "Track it" || value(m, "button", "text") != "Track it") {
			t.Errorf("it comes as %v", m)
		}
	}
}
