package handlers

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/privacy"
	"frontdesk/internal/shop"
	"frontdesk/models"
	"frontdesk/views/store"
	"frontdesk/views/ui"
)

// orderRoutes are the pages behind the cart, and their forms. Those at the addresses of the API stand there.
func (s *Server) orderRoutes() []Route {
	return []Route{
		{get, store.CheckoutPath, shopper(), s.storeCheckout, "How one's cart is paid and where it goes"},
		{post, store.CheckoutPath, buyer(), s.placeOrder, "Place an order, by the form of its page"},
		{post, store.OrdersPath + "/:id/pay", buyer(), s.payOrder, "Open the payment page of one's order"},
		{post, store.OrdersPath + "/:id/confirm", buyer(), s.agreeOrder, "Confirm one's order, by the form of its page"},
		{get, store.OrdersPath + "/:id/withdraw", shopper(), s.storeWithdraw, "Asks whether one's order shall be canceled"},
		{post, store.OrdersPath + "/:id/withdraw", buyer(), s.withdrawOrder, "Cancel one's order, by the form of its page"},
		{get, store.LookupPath, anyone(), s.storeLookup, "Find an order by its number and the phone it was ordered with"},
		{post, store.LookupPath, buyer(), s.findOrder, "The same, by its form"},
		{get, store.HandoffPath, anyone(), s.storeHandoff, "Into a chat on WhatsApp, and how it begins"},
	}
}

// storeCheckout is the page between a cart and an order. Who has nothing in the cart is shown that.
func (s *Server) storeCheckout(c *fiber.Ctx) error {
	cart, err := s.cartOf(c)
	if err != nil {
		return err
	}
	if len(cart.Items) == 0 {
		private(c)
		return c.Redirect(store.CartPath, fiber.StatusSeeOther)
	}
	f := s.form(c, "public.checkout")
	if err := s.fillCheckout(c, f, cart); err != nil {
		return err
	}
	return s.showCheckout(c, fiber.StatusOK, f, cart, nil)
}

// fillCheckout starts the form: with what its owner typed for an order of this very cart that still waits, else
// with the salon's own country.
func (s *Server) fillCheckout(c *fiber.Ctx, f *form, cart models.Cart) error {
	f.Fill("key", models.NewID().String())
	f.Fill("country", customers.Country(s.set.WhatsAppNumber))
	owner, known, err := s.visitor(c)
	if err != nil || !known {
		return err
	}
	orders, err := s.Till.OrdersOf(c.UserContext(), owner, 1)
	if err != nil || len(orders) == 0 {
		return err
	}
	o := orders[0]
	if !o.Status.Unpaid() || o.CartID != cart.ID {
		return nil
	}
	f.Fill("method", string(o.Method))
	f.Fill("notes", o.Notes)
	if a := o.Address; a != nil {
		for name, value := range map[string]string{
			"name": a.Name, "phone": a.Phone, "line1": a.Line1, "line2": a.Line2, "city": a.City, "region": a.Region, "country": a.Country, "postalCode": a.PostalCode,
		} {
			f.Fill(name, value)
		}
	}
	return nil
}

func (s *Server) showCheckout(c *fiber.Ctx, status int, f *form, cart models.Cart, notices []store.Notice) error {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	products, err := s.productsOf(ctx, cart)
	if err != nil {
		return err
	}
	agreed, err := s.agreed(c)
	if err != nil {
		return err
	}
	p := store.CheckoutPage{
		Version: cartSeen(cart), Sum: sumOf(cart), Countries: countryOptions(ctx), Consent: !agreed, Notices: notices,
		Ways: s.waysToPay(ctx, policies.ShopCOD, f.values.Get("method")),
	}
	if len(p.Ways) == 0 {
		p.Notices = append(p.Notices, store.Notice{Tone: ui.Danger, Text: i18n.T(ctx, "public.checkout.no_way")})
	}
	mend := false
	for _, item := range cart.Items {
		line := s.cartLine(ctx, item, products, lineTrouble{})
		mend = mend || item.Short()
		p.Lines = append(p.Lines, store.OrderLine{Name: line.Product.Name, Qty: item.Qty, TotalMinor: item.TotalMinor, Picture: line.Product.Picture})
	}
	if mend {
		p.Notices = append(p.Notices, store.Notice{Tone: ui.Danger, Text: i18n.T(ctx, "public.checkout.mend")})
	}
	p.Form = f.Shown()
	p.Form.CSRF = s.storeToken(c)
	return s.publicTitled(c, status, i18n.T(ctx, "public.checkout.title"), store.Checkout(p), false)
}

// cartSeen names what a page showed of a cart: an order is made of that and of nothing else.
func cartSeen(cart models.Cart) string {
	return strconv.FormatInt(cart.Version, 10) + "-" + strconv.FormatInt(cart.TotalMinor, 10)
}

func sumOf(cart models.Cart) store.Sum {
	return store.Sum{
		Currency: cart.Currency, SubtotalMinor: cart.SubtotalMinor, TaxMinor: cart.TaxMinor, ShippingMinor: cart.ShippingMinor,
		TotalMinor: cart.TotalMinor, Items: itemsIn(cart),
	}
}

// waysToPay are the ways that work here now; the one chosen before, else the first, is chosen.
func (s *Server) waysToPay(ctx context.Context, cod bool, chosen string) []store.Way {
	var out []store.Way
	if s.set.StripeSecret != "" {
		out = append(out, store.Way{
			Value: string(models.MethodStripe), Label: i18n.T(ctx, "public.checkout.card"), Hint: i18n.T(ctx, "public.checkout.card_hint"), Icon: "credit-card",
		})
	}
	if cod {
		out = append(out, store.Way{
			Value: string(models.MethodCOD), Label: i18n.T(ctx, "public.checkout.cod"), Hint: i18n.T(ctx, "public.checkout.cod_hint"), Icon: "banknote",
		})
	}
	for i := range out {
		out[i].Chosen = out[i].Value == chosen || chosen == "" && i == 0
	}
	return out
}

func countryOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, country := range i18n.Countries(i18n.From(ctx).Language) {
		out = append(out, ui.Option{Value: country.Code, Label: country.Name})
	}
	return out
}

// agreed tells whether the visitor has agreed to the privacy notice that is in force.
func (s *Server) agreed(c *fiber.Ctx) (bool, error) {
	owner, known, err := s.visitor(c)
	if err != nil || !known {
		return false, err
	}
	return s.Privacy.AgreedNow(c.UserContext(), privacy.Who{Customer: owner.Customer, Session: owner.Session})
}

// placeOrder makes an order of the cart as its owner saw it. One that is paid on delivery stands with that; one
// that is paid by card goes on to the payment page.
func (s *Server) placeOrder(c *fiber.Ctx) error {
	if err := s.ourStoreForm(c); err != nil {
		return err
	}
	f := s.form(c, "public.checkout")
	r, version, err := s.readCheckout(c, f)
	if err != nil {
		return err
	}
	cart, err := s.cartOf(c)
	if err != nil {
		return err
	}
	if !f.Valid() {
		return s.checkoutAgain(c, f, cart)
	}
	if err := s.noteConsent(c, f, r); err != nil {
		return err
	}
	if len(cart.Items) > 0 && version != cartSeen(cart) {
		f.Wrong("", "public.checkout.changed")
		return s.checkoutAgain(c, f, cart)
	}
	o, err := s.Till.PlaceOrder(c.UserContext(), r)
	if fault.Is(err, "shop.idempotency_conflict") { // the same page, filled in anew after it had been sent
		r.Key = ""
		o, err = s.Till.PlaceOrder(c.UserContext(), r)
	}
	if err != nil {
		return s.notPlaced(c, f, err)
	}
	return s.placed(c, o, len(cart.Items) > 0 && o.TotalMinor != cart.TotalMinor)
}

// readCheckout reads the form, and judges the address as the rules do.
func (s *Server) readCheckout(c *fiber.Ctx, f *form) (checkout.OrderRequest, string, error) {
	r := checkout.OrderRequest{
		Method: models.OrderMethod(f.Choice("method", string(models.MethodCOD), string(models.MethodStripe))),
		Notes:  f.OptionalLong("notes", checkout.MaxOrderNotes), Key: f.OptionalText("key", 100),
		Language: i18n.From(c.UserContext()).Language, Channel: checkout.ChannelWeb,
	}
	version := f.OptionalText("version", 60)
	a := checkout.AddressInput{
		Name: f.Text("name", checkout.MaxAddressName), Phone: f.Text("phone", maxPhone), Line1: f.OptionalText("line1", checkout.MaxAddressLine),
		Line2: f.OptionalText("line2", checkout.MaxAddressLine), City: f.OptionalText("city", checkout.MaxAddressPlace),
		Region: f.OptionalText("region", checkout.MaxAddressPlace), Country: f.OptionalText("country", 2), PostalCode: f.OptionalText("postalCode", checkout.MaxAddressPostal),
	}
	if phone, err := customers.NormalizeIn(western(a.Phone), a.Country); err == nil {
		a.Phone = phone
	}
	if checked, err := checkout.CheckAddress(a); err == nil {
		a = checked
	} else if !f.refusedUnder("address.", err) {
		return r, "", err
	}
	r.Address = &a
	consent := f.Checked("consent")
	agreed, err := s.agreed(c)
	if err != nil {
		return r, "", err
	}
	if !consent && !agreed {
		f.Wrong("consent", "public.checkout.consent_missing")
	}
	owner, known, err := s.visitor(c)
	if !known {
		owner = shop.Owner{Session: models.NewID()} // nobody's: the cart is empty
	}
	r.Owner = owner
	return r, version, err
}

// refusedUnder is Refused of a rule that names its fields by a longer name; a field that is wrong already stays
// so.
func (f *form) refusedUnder(prefix string, err error) bool {
	var known *fault.Fault
	if !errors.As(err, &known) || known.Kind != fault.KindInvalid {
		return false
	}
	for _, name := range sortedKeys(known.Fields) {
		field, key := strings.TrimPrefix(name, prefix), known.Fields[name]
		if key == "orders.country" { // of two letters, which nobody types here
			key = "public.checkout.country_missing"
		}
		if !f.hasWrong(field) {
			f.Wrong(field, key, pairs(known.Facts)...)
		}
	}
	return true
}

func (f *form) hasWrong(field string) bool {
	for _, m := range f.wrong {
		if m.field == field {
			return true
		}
	}
	return false
}

// noteConsent writes down what was agreed to, before the order is made.
func (s *Server) noteConsent(c *fiber.Ctx, f *form, r checkout.OrderRequest) error {
	_, known, err := s.visitor(c)
	if err != nil || !known || f.values.Get("consent") == "" {
		return err
	}
	record := privacy.ConsentRecord{
		Customer: r.Owner.Customer, Session: r.Owner.Session, Granted: true, Channel: models.ConsentByWeb,
		PolicyText: i18n.T(c.UserContext(), "public.checkout.policy"), Verified: !r.Owner.Guest(),
	}
	if r.Owner.Guest() {
		record.Phone = r.Address.Phone
	}
	_, err = s.Privacy.Consent(c.UserContext(), record)
	return err
}

// checkoutAgain draws the form that was refused.
func (s *Server) checkoutAgain(c *fiber.Ctx, f *form, cart models.Cart) error {
	if len(cart.Items) == 0 {
		private(c)
		return c.Redirect(store.CartPath, fiber.StatusSeeOther)
	}
	return s.showCheckout(c, fiber.StatusUnprocessableEntity, f, cart, nil)
}

// notPlaced says why there is no order: on the form, or by the cart when it is empty.
func (s *Server) notPlaced(c *fiber.Ctx, f *form, err error) error {
	switch {
	case fault.Is(err, "orders.cart_changed"):
		f.Wrong("", "public.checkout.changed")
	case fault.Is(err, "orders.cart_empty"), fault.Is(err, "shop.no_session"):
	case !f.refusedUnder("address.", err) && !f.Refused(err):
		return err
	}
	cart, err := s.cartOf(c)
	if err != nil {
		return err
	}
	return s.checkoutAgain(c, f, cart)
}

// placed goes on from an order that was just made. One whose total is another than its owner saw waits for them.
func (s *Server) placed(c *fiber.Ctx, o models.Order, dearer bool) error {
	ctx := c.UserContext()
	private(c)
	if o.Method == models.MethodStripe {
		return s.toPayment(c, o, dearer)
	}
	if !dearer {
		if _, err := s.Till.ConfirmOrder(ctx, actorCustomer, o.ID); err != nil && !fault.Is(err, "orders.invalid_state") {
			return err
		}
	}
	return c.Redirect(link(orderPath(o), "thanks", "yes"), fiber.StatusSeeOther)
}

// toPayment opens the payment page and leads there by way of the order's page: a browser follows no form to
// another host. Where the page cannot be opened the order waits, and its page says so.
func (s *Server) toPayment(c *fiber.Ctx, o models.Order, stay bool) error {
	ctx := c.UserContext()
	_, err := s.Till.OrderLink(ctx, o.ID)
	var known *fault.Fault
	switch {
	case err == nil && stay:
		return c.Redirect(orderPath(o), fiber.StatusSeeOther)
	case err == nil:
		return c.Redirect(link(orderPath(o), "pay", "now"), fiber.StatusSeeOther)
	case errors.As(err, &known) && known.Kind == fault.KindConflict: // it is paid, or over
		return c.Redirect(orderPath(o), fiber.StatusSeeOther)
	case errors.As(err, &known) && known.Kind == fault.KindUnavailable:
		s.Log.LogAttrs(ctx, slog.LevelWarn, "payment page not opened", slog.Any("err", err))
		return c.Redirect(link(orderPath(o), "pay", "later"), fiber.StatusSeeOther)
	}
	return err
}

func orderPath(o models.Order) string {
	return store.OrdersPath + "/" + cmp.Or(o.Number, o.ID.String())
}
