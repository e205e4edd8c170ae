package handlers

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/store"
	"frontdesk/views/ui"
)

// ticketCookie opens the order that was looked up last in this browser, for a while.
const ticketCookie = "fd_order"

// ordersShown is how many of somebody's orders a page lists.
const ordersShown = 50

// storeOrders is the page of the visitor's own orders.
func (s *Server) storeOrders(c *fiber.Ctx) error {
	ctx := c.UserContext()
	owner, known, err := s.visitor(c)
	if err != nil {
		return err
	}
	page := store.OrdersPage{Known: known && !owner.Guest()}
	if known {
		orders, err := s.Till.OrdersOf(ctx, owner, ordersShown)
		if err != nil {
			return err
		}
		if page.Orders, err = s.orderCards(ctx, orders); err != nil {
			return err
		}
	}
	return s.publicTitled(c, fiber.StatusOK, i18n.T(ctx, "public.order.mine"), store.Orders(page), false)
}

func (s *Server) orderCards(ctx context.Context, orders []models.Order) ([]store.OrderCard, error) {
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]store.OrderCard, len(orders))
	for i, o := range orders {
		out[i] = store.OrderCard{
			URL: orderPath(o), Number: o.Number, At: o.CreatedAt.In(policies.Zone()), State: orderState(ctx, o), TotalMinor: o.TotalMinor, Currency: o.Currency,
		}
		for _, item := range o.Items {
			out[i].Items += item.Qty
		}
	}
	return out, nil
}

// orderState is where an order stands, in words for its owner.
func orderState(ctx context.Context, o models.Order) store.State {
	tone, icon := ui.Neutral, "package"
	switch o.Status {
	case models.OrderPending:
		tone, icon = ui.Attention, "hourglass"
	case models.OrderPendingCOD:
		tone, icon = ui.Attention, "circle-help"
	case models.OrderConfirmed, models.OrderPaid:
		tone, icon = ui.Good, "circle-check"
	case models.OrderShipped:
		tone, icon = ui.Info, "truck"
	case models.OrderDelivered:
		tone, icon = ui.Good, "package"
	case models.OrderCanceled:
		icon = "ban"
	case models.OrderFailed:
		tone, icon = ui.Danger, "circle-alert"
	case models.OrderRefunded:
		icon = "undo-2"
	}
	return store.State{
		Tone: tone, Icon: icon, Word: ui.Word(ctx, "public.order.status", string(o.Status)), Text: ui.Word(ctx, "public.order.text", string(o.Status)),
	}
}

// storeOrder is the page of one order, for its owner and for whoever has just looked it up.
func (s *Server) storeOrder(c *fiber.Ctx) error {
	o, _, err := s.orderFor(c, c.Params("id"), c.Cookies(s.cookieName(ticketCookie)))
	if err != nil {
		return err
	}
	page, err := s.orderPage(c, o)
	if err != nil {
		return err
	}
	if wantsFragment(c) {
		private(c)
		return send(c, fiber.StatusOK, store.OrderAnew(page, s.cartItems(c)))
	}
	frame := s.plainFrame(c, "public.order.title")
	if page.Go {
		frame.Onward = page.PayURL
	}
	return s.publicFramed(c, fiber.StatusOK, frame, store.Order(page), false)
}

func (s *Server) orderPage(c *fiber.Ctx, o models.Order) (store.OrderPage, error) {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return store.OrderPage{}, err
	}
	_, err = s.ownOrder(c, o.ID)
	mine := err == nil
	if err != nil && !fault.Is(err, "orders.order_not_found") {
		return store.OrderPage{}, err
	}
	p := store.OrderPage{
		CSRF: s.storeToken(c), Number: o.Number, URL: orderPath(o), At: o.CreatedAt.In(policies.Zone()), State: orderState(ctx, o), Mine: mine,
		Thanks: c.Query("thanks")+c.Query("paid") != "" && (o.Status.Placed() || o.Status.Unpaid()), Steps: orderSteps(ctx, o, policies.Zone()),
		Sum:      store.Sum{Currency: o.Currency, SubtotalMinor: o.SubtotalMinor, TaxMinor: o.TaxMinor, ShippingMinor: o.ShippingMinor, TotalMinor: o.TotalMinor},
		Method:   i18n.T(ctx, "public.checkout."+map[models.OrderMethod]string{models.MethodCOD: "cod", models.MethodStripe: "card"}[o.Method]),
		WhatsApp: link(store.HandoffPath, "order", o.Number),
	}
	if p.Lines, err = s.orderLines(ctx, o); err != nil {
		return p, err
	}
	if a := o.Address; a != nil {
		p.City, p.Country = a.City, i18n.CountryName(i18n.From(ctx).Language, a.Country)
		p.Phone = maskedPhone(a.Phone)
	}
	if mine {
		err = s.orderActs(c, o, &p)
	}
	return p, err
}

// orderActs are what its owner may do with an order as it stands.
func (s *Server) orderActs(c *fiber.Ctx, o models.Order, p *store.OrderPage) error {
	ctx := c.UserContext()
	if o.Status == models.OrderPending {
		payments, err := s.Till.OrderPayments(ctx, o.ID)
		if err != nil {
			return err
		}
		s.payActs(c, payments, p)
	}
	p.Confirm = o.Status == models.OrderPendingCOD
	p.Switch = o.Status.Unpaid() && !p.Waiting
	if o.Status.May(models.OrderCanceled) && o.Status != models.OrderShipped && !p.Waiting {
		p.Cancel = orderPath(o) + "/withdraw"
	}
	return s.returnActs(ctx, c, o, p)
}

// payActs lead to the payment page, if there is one, or open one. Who comes back from it waits for the bank's
// word, which the provider tells us and not the browser.
func (s *Server) payActs(c *fiber.Ctx, payments []models.Payment, p *store.OrderPage) {
	ctx := c.UserContext()
	at, under := "", c.Query("paid") != ""
	for _, payment := range payments {
		if payment.State == models.PaymentOpen {
			at, under = payment.URL, under || payment.ClosedAt != nil
		}
	}
	switch {
	case under:
		p.Waiting, p.Thanks = true, true
		p.State.Text = i18n.T(ctx, "public.order.text.paying")
	case at == "":
		p.PayAgain = true
		if c.Query("pay") == "later" {
			p.State.Tone, p.State.Text = ui.Attention, i18n.T(ctx, "public.order.text.pay_again")
		}
	case followable(at):
		p.PayURL, p.Go = at, c.Query("pay") == "now"
	}
}

// followable tells whether a link of the provider is one that a page may lead to.
func followable(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func (s *Server) orderLines(ctx context.Context, o models.Order) ([]store.OrderLine, error) {
	ids := make([]models.ID, len(o.Items))
	for i, item := range o.Items {
		ids[i] = item.ProductID
	}
	products, err := s.Shop.OnSale(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]store.OrderLine, len(o.Items))
	for i, item := range o.Items {
		out[i] = store.OrderLine{Name: ui.In(ctx, item.Names), SKU: item.SKU, Qty: item.Qty, TotalMinor: item.TotalMinor, Picture: store.Picture{Tint: ui.Tint(0)}}
		if at := slices.IndexFunc(products, func(p models.Product) bool { return p.ID == item.ProductID }); at >= 0 {
			out[i].Picture = s.card(ctx, products[at]).Picture
		}
		out[i].Picture.Alt = "" // its name stands beside it
	}
	return out, nil
}

// orderSteps are the way of an order: what is done with its time, what is ahead, and where it ended otherwise.
func orderSteps(ctx context.Context, o models.Order, zone *time.Location) []store.Step {
	second, at := "paid", o.PaidAt
	if o.Method == models.MethodCOD && o.PaidAt == nil {
		second, at = "confirmed", o.ConfirmedAt
	}
	type stage struct {
		word string
		at   *time.Time
	}
	var out []store.Step
	for _, one := range []stage{{"placed", &o.CreatedAt}, {second, at}, {"shipped", o.ShippedAt}, {"delivered", o.DeliveredAt}} {
		if one.at == nil && o.Status.Final() {
			continue
		}
		step := store.Step{Title: ui.Word(ctx, "public.order.step", one.word)}
		if one.at != nil {
			step.Done, step.At = true, one.at.In(zone)
		}
		step.Current = !step.Done && (len(out) == 0 || out[len(out)-1].Done)
		out = append(out, step)
	}
	if o.Status.Final() {
		last := store.Step{Title: ui.Word(ctx, "public.order.step", string(o.Status)), Ended: true}
		if o.ClosedAt != nil {
			last.At = o.ClosedAt.In(zone)
		}
		out = append(out, last)
	}
	return out
}

// payOrder opens the payment page of one's order, anew where the last one is over.
func (s *Server) payOrder(c *fiber.Ctx) error {
	o, err := s.ownPostedOrder(c)
	if err != nil {
		return err
	}
	private(c)
	return s.toPayment(c, o, false)
}

// agreeOrder confirms one's order, to be paid on delivery.
func (s *Server) agreeOrder(c *fiber.Ctx) error {
	o, err := s.ownPostedOrder(c)
	if err != nil {
		return err
	}
	if o, err = s.Till.ConfirmOrder(c.UserContext(), actorCustomer, o.ID); err != nil {
		return err
	}
	private(c)
	return c.Redirect(link(orderPath(o), "thanks", "yes"), fiber.StatusSeeOther)
}

// ownPostedOrder is the order a form of its page is about.
func (s *Server) ownPostedOrder(c *fiber.Ctx) (models.Order, error) {
	if err := s.ourStoreForm(c); err != nil {
		return models.Order{}, err
	}
	return s.ownNamedOrder(c)
}

func (s *Server) ownNamedOrder(c *fiber.Ctx) (models.Order, error) {
	o, err := s.orderNamed(c.UserContext(), c.Params("id"))
	if err != nil {
		return o, err
	}
	return s.ownOrder(c, o.ID)
}

// storeWithdraw asks once more before one's order is canceled.
func (s *Server) storeWithdraw(c *fiber.Ctx) error {
	o, err := s.ownNamedOrder(c)
	if err != nil {
		return err
	}
	return s.showWithdraw(c, fiber.StatusOK, o, s.form(c, "public.order"))
}

func (s *Server) showWithdraw(c *fiber.Ctx, status int, o models.Order, f *form) error {
	if !o.Status.May(models.OrderCanceled) || o.Status == models.OrderShipped {
		private(c)
		return c.Redirect(orderPath(o), fiber.StatusSeeOther)
	}
	p := store.CancelPage{
		Form: f.Shown(), Number: o.Number, Back: orderPath(o), Refund: o.Status == models.OrderPaid,
		Sum: store.Sum{Currency: o.Currency, TotalMinor: o.TotalMinor},
	}
	p.Form.CSRF = s.storeToken(c)
	return s.publicTitled(c, status, i18n.T(c.UserContext(), "public.order.cancel_title"), store.CancelOrder(p), false)
}

// withdrawOrder cancels one's order.
func (s *Server) withdrawOrder(c *fiber.Ctx) error {
	o, err := s.ownPostedOrder(c)
	if err != nil {
		return err
	}
	f := s.form(c, "public.order")
	reason := f.OptionalLong("reason", 200)
	if f.Valid() {
		_, err := s.Till.CancelOrder(c.UserContext(), actorCustomer, o.ID, oneLine(reason))
		if err == nil {
			private(c)
			return c.Redirect(orderPath(o), fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	return s.showWithdraw(c, fiber.StatusUnprocessableEntity, o, f)
}
