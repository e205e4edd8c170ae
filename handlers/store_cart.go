package handlers

import (
	"context"
	"log/slog"
	"slices"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/store"
	"frontdesk/views/ui"
)

// storeRoutes are the forms of the shop's pages. The pages themselves stand at the addresses of the API.
func (s *Server) storeRoutes() []Route {
	return []Route{
		{post, store.LinesPath, buyer(), s.addLine, "Put a product into one's cart, by the form of its page"},
		{post, store.LinesPath + "/:id", buyer(), s.changeLine, "Change how many of a product one's cart holds"},
		{post, store.LinesPath + "/:id/remove", buyer(), s.removeLine, "Take a product out of one's cart"},
	}
}

// formCookie holds the token of the shop's forms: what another site makes a browser send has no such token.
const formCookie = "fd_form"

// storeToken is the token for the forms of a page, the same in every window of a browser.
func (s *Server) storeToken(c *fiber.Ctx) string {
	if token := c.Cookies(s.cookieName(formCookie)); len(token) >= 20 && len(token) <= 100 {
		return token
	}
	token := staff.Secret()
	s.identityCookie(c, formCookie, token)
	return token
}

func (s *Server) ourStoreForm(c *fiber.Ctx) error {
	if !sameSecret(formToken(c), c.Cookies(s.cookieName(formCookie))) {
		return fault.Forbidden("error.csrf")
	}
	return nil
}

// cartOf is the visitor's cart; who has none has an empty one.
func (s *Server) cartOf(c *fiber.Ctx) (models.Cart, error) {
	owner, known, err := s.visitor(c)
	if err != nil || !known {
		return models.Cart{}, err
	}
	return s.Shop.Cart(c.UserContext(), owner)
}

// cartItems counts what the visitor's cart holds, for the head of a page: not worth an error page.
func (s *Server) cartItems(c *fiber.Ctx) int {
	cart, err := s.cartOf(c)
	if err != nil {
		s.Log.LogAttrs(c.UserContext(), slog.LevelWarn, "cart not counted", slog.Any("err", err))
		return 0
	}
	return itemsIn(cart)
}

func itemsIn(cart models.Cart) int {
	n := 0
	for _, item := range cart.Items {
		n += item.Qty
	}
	return n
}

// lineTrouble is what could not be done with a line of the cart, and what was typed.
type lineTrouble struct {
	item         models.ID
	typed, words string
}

// storeCart is the cart's page.
func (s *Server) storeCart(c *fiber.Ctx) error {
	cart, err := s.cartOf(c)
	if err != nil {
		return err
	}
	page, err := s.cartPage(c, cart, lineTrouble{})
	if err != nil {
		return err
	}
	for _, l := range page.Lines {
		if c.Query("added") == l.ID {
			page.Added = l.Product.Name
		}
	}
	return s.showCart(c, fiber.StatusOK, page)
}

func (s *Server) showCart(c *fiber.Ctx, status int, page store.CartPage) error {
	if wantsFragment(c) {
		private(c)
		return send(c, status, store.CartAnew(page))
	}
	return s.publicTitled(c, status, i18n.T(c.UserContext(), "public.store.cart"), store.Cart(page), false)
}

func (s *Server) cartPage(c *fiber.Ctx, cart models.Cart, trouble lineTrouble) (store.CartPage, error) {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return store.CartPage{}, err
	}
	products, err := s.productsOf(ctx, cart)
	if err != nil {
		return store.CartPage{}, err
	}
	p := store.CartPage{
		CSRF: s.storeToken(c), Items: itemsIn(cart), Currency: cart.Currency,
		SubtotalMinor: cart.SubtotalMinor, ShippingMinor: cart.ShippingMinor, TotalMinor: cart.TotalMinor,
	}
	if free := policies.Shipping(cart.Currency).FreeFromMinor; cart.ShippingMinor > 0 && cart.SubtotalMinor < free {
		p.MissingMinor = free - cart.SubtotalMinor
	}
	for _, item := range cart.Items {
		p.Lines = append(p.Lines, s.cartLine(ctx, item, products, trouble))
	}
	return p, nil
}

// productsOf are the products of a cart's lines that are still on sale.
func (s *Server) productsOf(ctx context.Context, cart models.Cart) ([]models.Product, error) {
	ids := make([]models.ID, len(cart.Items))
	for i, item := range cart.Items {
		ids[i] = item.ProductID
	}
	return s.Shop.OnSale(ctx, ids)
}

func (s *Server) cartLine(ctx context.Context, item models.CartItem, products []models.Product, trouble lineTrouble) store.Line {
	l := store.Line{
		ID: item.ID.String(), Qty: item.Qty, UnitMinor: item.PriceMinor, TotalMinor: item.TotalMinor, Most: min(item.Left, shop.MaxQty),
		Product: store.Card{Name: ui.In(ctx, item.Names), Currency: item.Currency, Picture: store.Picture{Tint: ui.Tint(0)}},
	}
	i := slices.IndexFunc(products, func(p models.Product) bool { return p.ID == item.ProductID })
	if i >= 0 {
		l.Product = s.card(ctx, products[i])
		l.Product.Currency = item.Currency
	}
	if item.WasMinor != nil {
		key, tone := "public.store.price_up", ui.Attention
		if item.PriceMinor < *item.WasMinor {
			key, tone = "public.store.price_down", ui.Good
		}
		l.Notices = append(l.Notices, store.Notice{Tone: tone, Text: i18n.T(ctx, key, "Before", store.Money(ctx, *item.WasMinor, item.Currency))})
	}
	switch {
	case i < 0:
		l.Notices = append(l.Notices, store.Notice{Tone: ui.Danger, Text: i18n.T(ctx, "public.store.line_inactive")})
	case item.Left <= 0:
		l.Notices = append(l.Notices, store.Notice{Tone: ui.Danger, Text: i18n.T(ctx, "public.store.line_sold_out")})
	case item.Short():
		l.Notices = append(l.Notices, store.Notice{Tone: ui.Danger, Text: i18n.N(ctx, "public.store.short", item.Left)})
	}
	if item.ID == trouble.item {
		l.Typed, l.Problem = trouble.typed, trouble.words
	}
	return l
}

// addLine puts a product into the cart. The form's key makes sending it twice the same as once.
func (s *Server) addLine(c *fiber.Ctx) error {
	if err := s.ourStoreForm(c); err != nil {
		return err
	}
	ctx, f := c.UserContext(), s.form(c, "public.store")
	var id models.ID
	if id.UnmarshalText([]byte(f.Text("product", 64))) != nil {
		return fault.NotFound("shop.product_not_found")
	}
	product, err := s.Shop.Product(ctx, id)
	if err != nil {
		return err
	}
	add := shop.Add{ProductID: id, Qty: f.Number("qty", 1, shop.MaxQty), Key: f.OptionalText("key", 100), Channel: funnel.Web, Language: i18n.From(ctx).Language}
	if f.Valid() {
		owner, added, err := s.addFor(c, add)
		if err != nil && !f.Refused(err) {
			return err
		}
		if err == nil {
			return s.lineAdded(c, owner, product, added)
		}
	}
	cart, err := s.cartOf(c)
	if err != nil {
		return err
	}
	form := s.addForm(c, product, cart)
	form.Qty, form.Problem = f.values.Get("qty"), firstWords(f)
	return s.addAgain(c, product, cart, form)
}

// addAgain draws the form that was refused, alone or on its page.
func (s *Server) addAgain(c *fiber.Ctx, product models.Product, cart models.Cart, form store.AddForm) error {
	if wantsFragment(c) {
		private(c)
		return send(c, fiber.StatusUnprocessableEntity, store.AddedAnew(form, itemsIn(cart)))
	}
	return s.showProduct(c, fiber.StatusUnprocessableEntity, product, form)
}

// lineAdded says so in place, or leads to the cart.
func (s *Server) lineAdded(c *fiber.Ctx, owner shop.Owner, product models.Product, added models.CartItem) error {
	private(c)
	if !wantsFragment(c) {
		return c.Redirect(link(store.CartPath, "added", added.ID.String()), fiber.StatusSeeOther)
	}
	cart, err := s.Shop.Cart(c.UserContext(), owner)
	if err != nil {
		return err
	}
	form := s.addForm(c, product, cart)
	form.Added = true
	return send(c, fiber.StatusOK, store.AddedAnew(form, itemsIn(cart)))
}

// firstWords are what is wrong with a form of one field.
func firstWords(f *form) string {
	if errors := f.Shown().Errors; len(errors) > 0 {
		return errors[0].Text
	}
	return ""
}

// changeLine gives a line another quantity; none takes it out.
func (s *Server) changeLine(c *fiber.Ctx) error {
	f := s.form(c, "public.store")
	qty := f.Number("qty", 0, shop.MaxQty)
	return s.onLine(c, f, func(ctx context.Context, owner shop.Owner, item models.ID) error {
		_, err := s.Shop.SetQty(ctx, owner, item, qty)
		return err
	})
}

// removeLine takes a line out.
func (s *Server) removeLine(c *fiber.Ctx) error {
	return s.onLine(c, s.form(c, "public.store"), s.Shop.Remove)
}

// onLine does something to a line of the visitor's cart and shows the cart. A line of somebody else's is no
// line.
func (s *Server) onLine(c *fiber.Ctx, f *form, do func(context.Context, shop.Owner, models.ID) error) error {
	if err := s.ourStoreForm(c); err != nil {
		return err
	}
	var item models.ID
	owner, known, err := s.visitor(c)
	if err != nil {
		return err
	}
	if !known || item.UnmarshalText([]byte(c.Params("id"))) != nil {
		return fault.NotFound("shop.item_not_found")
	}
	done := false
	if f.Valid() {
		err := do(c.UserContext(), owner, item)
		if err != nil && !f.Refused(err) {
			return err
		}
		done = err == nil
	}
	if done && !wantsFragment(c) {
		private(c)
		return c.Redirect(store.CartPath, fiber.StatusSeeOther)
	}
	cart, err := s.Shop.Cart(c.UserContext(), owner)
	if err != nil {
		return err
	}
	trouble := lineTrouble{}
	if !done {
		trouble = lineTrouble{item: item, typed: clip(f.values.Get("qty"), 12), words: firstWords(f)}
		if !slices.ContainsFunc(cart.Items, func(i models.CartItem) bool { return i.ID == item }) {
			return fault.NotFound("shop.item_not_found")
		}
	}
	return s.cartAfter(c, cart, trouble, done)
}

func (s *Server) cartAfter(c *fiber.Ctx, cart models.Cart, trouble lineTrouble, done bool) error {
	page, err := s.cartPage(c, cart, trouble)
	if err != nil {
		return err
	}
	status := fiber.StatusOK
	if !done {
		status = fiber.StatusUnprocessableEntity
	}
	return s.showCart(c, status, page)
}
