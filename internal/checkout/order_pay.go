package checkout

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/stripeapi"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// payable is the payment whose link we want to be paid; nil when there is none.
func (s *sale) payable() *models.Payment {
	for i := range s.payments {
		if s.payments[i].Payable() {
			return &s.payments[i]
		}
	}
	return nil
}

// payment is one of the sale's; nil when it is not there.
func (s *sale) payment(id models.ID) *models.Payment {
	for i := range s.payments {
		if s.payments[i].ID == id {
			return &s.payments[i]
		}
	}
	return nil
}

// under tells whether somebody has finished the page of the payment that is waited for, and its money is on its way.
func under(p *models.Payment) bool { return p.ClosedAt != nil }

// OrderLink is the page where an order is paid, for exactly its lines and its shipping. Asking again gives the
// same page. The order is kept whatever the provider says. Call it outside any transaction. Faults:
// orders.order_not_found, orders.invalid_state for an order that waits for no card, orders.payment_under_way,
// orders.payments_unavailable, orders.payments_not_configured.
func (t *Till) OrderLink(ctx context.Context, id models.ID) (string, error) {
	p, err := t.askLink(ctx, id)
	if err != nil {
		return "", fmt.Errorf("link of order: %w", err)
	}
	if p.State == models.PaymentOpen {
		return p.URL, nil
	}
	url, err := t.openPage(ctx, p, false)
	var refused *fault.Fault
	if err != nil && !errors.As(err, &refused) && stripeapi.Code(err) != "" {
		err = fault.Unavailable("orders.payments_unavailable", err)
	}
	return url, err
}

// SendOrderLink has the page of an order sent to its owner once it is there (order.link, whose Ref is the payment), for
// whoever must not wait for the provider. It joins the transaction on the context. Faults: those of OrderLink that
// need no provider.
func (t *Till) SendOrderLink(ctx context.Context, id models.ID) error {
	return t.db.InTx(ctx, func(ctx context.Context) error {
		p, err := t.askLink(ctx, id)
		if err != nil {
			return err
		}
		s, err := t.lockSale(ctx, id)
		if err != nil || s.conversation == nil {
			return err
		}
		if p.State == models.PaymentOpen {
			return t.queue.Enqueue(ctx, queue.Tell{ConversationID: *s.conversation, Event: "order.link", Ref: p.ID})
		}
		return t.queue.Enqueue(ctx, queue.PaymentSession{PaymentID: p.ID, ConversationID: *s.conversation})
	})
}

// askLink is the payment that an order waits for, which is there afterwards.
func (t *Till) askLink(ctx context.Context, id models.ID) (p models.Payment, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		s, err := t.lockSale(ctx, id)
		if err != nil {
			return err
		}
		if s.order.Status != models.OrderPending || !t.clock.Now().Before(*s.order.ReservedUntil) {
			return fault.Conflict("orders.invalid_state")
		}
		if !t.stripe.Configured() {
			return fault.Unavailable("orders.payments_not_configured", nil)
		}
		if open := s.payable(); open != nil {
			if p = *open; under(open) {
				return fault.Conflict("orders.payment_under_way")
			}
			return nil
		}
		p, err = t.requestFor(ctx, s.order)
		return err
	})
	return p, err
}

// requestFor writes a payment for a locked order.
func (t *Till) requestFor(ctx context.Context, o models.Order) (models.Payment, error) {
	now := t.clock.Now().Truncate(time.Microsecond)
	p := models.Payment{
		ID: models.NewID(), OrderID: &o.ID, AmountMinor: o.TotalMinor, Currency: o.Currency, State: models.PaymentRequested,
		Language: o.Language, ExpiresAt: o.ReservedUntil.Add(backstop), CreatedAt: now, UpdatedAt: now,
	}
	if err := t.db.On(ctx).Omit("appointment_id").Create(&p).Error; err != nil {
		return p, fmt.Errorf("ask for payment of order: %w", err)
	}
	return p, nil
}

// openOrdered is OpenSession for an order: an error asks for another try, an order that waits no more gets no page.
func (t *Till) openOrdered(ctx context.Context, p models.Payment) error {
	if p.State != models.PaymentRequested {
		return nil
	}
	_, err := t.openPage(ctx, p, true)
	var refused *fault.Fault
	if errors.As(err, &refused) {
		return nil // the order has changed meanwhile, and what became of it is told
	}
	return err
}

// openPage gets the page of a requested payment from the provider and keeps it. It may run any number of times: the
// payment's id is the idempotency key, and an order is never changed without its payment being voided.
func (t *Till) openPage(ctx context.Context, p models.Payment, tell bool) (string, error) {
	o, err := t.Order(ctx, *p.OrderID)
	if err != nil {
		return "", err
	}
	session, err := t.stripe.CreateSession(ctx, t.pageOf(p, o))
	if err != nil {
		return "", errors.Join(err, t.noPage(ctx, p, err))
	}
	var url string
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		url, err = t.pageOpened(ctx, p, session, tell)
		return err
	})
	if err == nil && url == "" {
		err = fault.Conflict("orders.invalid_state") // what is to be closed is on its way, so that nothing is undone
	}
	return url, err
}

// pageOf is what the provider is asked for: every parameter comes from the stored rows.
func (t *Till) pageOf(p models.Payment, o models.Order) stripeapi.SessionRequest {
	r := stripeapi.SessionRequest{
		IdempotencyKey: p.IdempotencyKey(), PaymentID: p.ID, OrderID: o.ID, Amount: models.Money{Minor: p.AmountMinor, Currency: p.Currency},
		Language: p.Language, ExpiresAt: p.ExpiresAt, SuccessURL: t.backTo(o, p, t.paidURL, SuccessPath), CancelURL: t.backTo(o, p, t.leftURL, CancelPath),
	}
	for _, i := range o.Items {
		if i.PriceMinor > 0 {
			r.Lines = append(r.Lines, stripeapi.SessionLine{Title: i.Names.In(p.Language), UnitMinor: i.PriceMinor, Qty: i.Qty})
		}
	}
	for _, extra := range []struct {
		key   string
		minor int64
	}{{"orders.page.shipping", o.ShippingMinor}, {"orders.page.tax", o.TaxMinor}} {
		if extra.minor > 0 {
			r.Lines = append(r.Lines, stripeapi.SessionLine{Title: t.texts.Text(p.Language, extra.key, nil), UnitMinor: extra.minor, Qty: 1})
		}
	}
	return r
}

// backTo is where the provider sends people back to: what was configured, the order's own page, or in a chat, where no
// browser knows the order, a page of thanks.
func (t *Till) backTo(o models.Order, p models.Payment, configured, path string) string {
	if configured != "" {
		return strings.ReplaceAll(configured, "{ORDER_ID}", o.ID.String())
	}
	paid := ""
	if o.Channel != ChannelWhatsApp && path == SuccessPath {
		paid = "&paid=yes" // the page waits for the provider's word then
	}
	if o.Channel != ChannelWhatsApp {
		path = "/orders/" + o.ID.String()
	}
	return t.baseURL() + path + "?lang=" + p.Language + paid
}

// pageOpened stores a page. What happened to the order while the provider was asked decides whether anybody gets it.
func (t *Till) pageOpened(ctx context.Context, asked models.Payment, session stripeapi.Session, tell bool) (string, error) {
	s, err := t.lockSale(ctx, *asked.OrderID)
	if err != nil {
		return "", err
	}
	p := s.payment(asked.ID)
	first := p.State == models.PaymentRequested
	if p.SessionID == nil {
		p.SessionID = &session.ID
	}
	if first {
		p.State, p.URL, p.ErrorCode = models.PaymentOpen, session.URL, ""
	}
	if err := t.save(ctx, p, "session_id", "state", "url", "error_code"); err != nil {
		return "", err
	}
	if p.State != models.PaymentOpen || s.order.Status != models.OrderPending {
		return "", t.queue.Enqueue(ctx, queue.PaymentVoid{OrderID: s.order.ID})
	}
	if first {
		if err := t.noteMoney(ctx, s, "link.opened", p, actorSystem, nil); err != nil {
			return "", err
		}
	}
	if tell && s.conversation != nil {
		err = t.queue.Enqueue(ctx, queue.Tell{ConversationID: *s.conversation, Event: "order.link", Ref: p.ID})
	}
	return p.URL, err
}

// noPage notes why there is no page yet.
func (t *Till) noPage(ctx context.Context, asked models.Payment, cause error) error {
	return t.db.InTx(ctx, func(ctx context.Context) error {
		s, err := t.lockSale(ctx, *asked.OrderID)
		if err != nil {
			return err
		}
		p := s.payment(asked.ID)
		if p.State != models.PaymentRequested || p.KeyVersion != asked.KeyVersion {
			return nil
		}
		first := p.ErrorCode == ""
		p.ErrorCode = stripeapi.Code(cause)
		if stripeapi.NeedsNewKey(cause) {
			p.KeyVersion++ // whatever session the old key made has no link anybody knows
		}
		if err := t.save(ctx, p, "error_code", "key_version"); err != nil || !first {
			return err
		}
		return t.noteMoney(ctx, s, "link.delayed", p, actorProvider, map[string]any{"code": cmp.Or(p.ErrorCode, "unknown")})
	})
}

// noteMoney adds an event about a payment to its order's history.
func (t *Till) noteMoney(ctx context.Context, s *sale, kind string, p *models.Payment, actor string, more map[string]any) error {
	facts := map[string]any{"payment_id": p.ID, "amount_minor": p.AmountMinor, "currency": p.Currency}
	for name, value := range more {
		facts[name] = value
	}
	return t.note(ctx, s.order.ID, models.OrderEvent{Kind: kind, From: s.order.Status, To: s.order.Status, Actor: actor, Data: data(facts)})
}

// voidLinks closes the links of an order: it costs something else now, or waits for no money any more.
func (t *Till) voidLinks(ctx context.Context, s *sale) error {
	closing := false
	for i := range s.payments {
		p := &s.payments[i]
		if !p.Payable() {
			continue
		}
		p.State, closing = models.PaymentVoided, true
		if err := t.save(ctx, p, "state"); err != nil {
			return err
		}
	}
	if !closing {
		return nil
	}
	return t.queue.Enqueue(ctx, queue.PaymentVoid{OrderID: s.order.ID})
}

// VoidOrder closes at the provider every link of an order that must not be paid any more. A link that was paid in the
// meantime stays as it is: its own event decides. Safe to run again.
func (t *Till) VoidOrder(ctx context.Context, id models.ID) error {
	payments, err := t.OrderPayments(ctx, id)
	if err != nil {
		return err
	}
	var failed error
	for _, p := range payments {
		if (p.State == models.PaymentVoided || p.State == models.PaymentFailed) && p.SessionID != nil && p.ClosedAt == nil {
			failed = errors.Join(failed, t.closeSession(ctx, p))
		}
	}
	return failed
}
