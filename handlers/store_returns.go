package handlers

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/models"
	"frontdesk/views/store"
	"frontdesk/views/ui"
)

// returnPages are where an owner sends something back. One return stands at the address of the API.
func (s *Server) returnPages() []Route {
	return []Route{
		{get, store.StartPath, shopper(), s.storeStartReturn, "Send something back: of which order, what and why"},
		{post, store.StartPath, buyer().per(returns), s.startReturn, "Ask for a return, by the form of its page"},
		{get, store.ListPath, shopper(), s.storeReturns, "One's returns"},
	}
}

// returnsShown is how many orders are looked through for returns.
const returnsShown = 20

// storeStartReturn is where a return begins: the orders to choose from, or the form of the chosen one.
func (s *Server) storeStartReturn(c *fiber.Ctx) error {
	ctx := c.UserContext()
	owner, known, err := s.visitor(c)
	if err != nil {
		return err
	}
	page := store.StartPage{Back: store.Crumb{Label: i18n.T(ctx, "public.order.mine"), URL: store.OrdersPath}}
	asked := c.Query("order")
	if asked == "" {
		if known {
			if page.Orders, err = s.returnable(ctx, owner); err != nil {
				return err
			}
		}
		return s.showStart(c, fiber.StatusOK, page)
	}
	o, err := s.orderNamed(ctx, asked)
	if err != nil {
		return err
	}
	if o, err = s.ownOrder(c, o.ID); err != nil {
		return err
	}
	return s.startForm(c, fiber.StatusOK, owner, o, s.form(c, "public.return"))
}

// returnable are the owner's orders of which something may be sent back now, each leading to its form.
func (s *Server) returnable(ctx context.Context, owner shop.Owner) ([]store.OrderCard, error) {
	orders, err := s.Till.OrdersOf(ctx, owner, returnsShown)
	if err != nil {
		return nil, err
	}
	var open []models.Order
	for _, o := range orders {
		_, err := s.Till.ReturnOffer(ctx, owner, o.ID)
		var refused *fault.Fault
		switch {
		case err == nil:
			open = append(open, o)
		case !errors.As(err, &refused):
			return nil, err
		}
	}
	cards, err := s.orderCards(ctx, open)
	for i := range cards {
		cards[i].URL = link(store.StartPath, "order", cards[i].Number)
	}
	return cards, err
}

func (s *Server) showStart(c *fiber.Ctx, status int, page store.StartPage) error {
	var err error
	if page.Lead, err = s.pageText(c.UserContext(), content.StartReturn, nil); err != nil {
		return err
	}
	return s.publicTitled(c, status, i18n.T(c.UserContext(), "public.return.start"), store.ReturnStart(page), false)
}

// startForm draws the form of a return, or why there is none.
func (s *Server) startForm(c *fiber.Ctx, status int, owner shop.Owner, o models.Order, f *form) error {
	ctx := c.UserContext()
	page := store.StartPage{Number: o.Number, Back: store.Crumb{Label: i18n.T(ctx, "public.order.back"), URL: orderPath(o)}}
	offer, err := s.Till.ReturnOffer(ctx, owner, o.ID)
	var refused *fault.Fault
	switch {
	case errors.As(err, &refused) && refused.Status() < fiber.StatusInternalServerError:
		page.Problem = s.notReturnable(ctx, refused)
		return s.showStart(c, refused.Status(), page)
	case err != nil:
		return err
	}
	lines, err := s.orderLines(ctx, o)
	if err != nil {
		return err
	}
	for i, line := range offer.Lines {
		if line.Left == 0 {
			continue
		}
		one := store.ReturnLine{Field: "item-" + line.ID.String(), Name: ui.In(ctx, line.Names), Most: line.Left}
		if i < len(lines) {
			one.Picture = lines[i].Picture
		}
		if n, is := atoi(f.values.Get(one.Field)); is && n >= 0 && n <= line.Left {
			one.Qty = n
		}
		page.Lines = append(page.Lines, one)
	}
	page.Reasons = namedOptions(ctx, "public.return.why", models.ReturnReasons()...)
	f.Fill("order", o.Number)
	page.Form = f.Shown()
	page.Form.CSRF = s.storeToken(c)
	return s.showStart(c, status, page)
}

// notReturnable says why nothing of an order can be sent back, and what to do instead.
func (s *Server) notReturnable(ctx context.Context, f *fault.Fault) *store.Trouble {
	return &store.Trouble{
		Tone: ui.Attention, Icon: "circle-alert", Title: i18n.T(ctx, "public.return.not_possible"), Text: i18n.T(ctx, f.Key, pairs(f.Facts)...),
		Next: i18n.T(ctx, "public.return.not_possible_next"),
	}
}

// startReturn asks for a return of one's order.
func (s *Server) startReturn(c *fiber.Ctx) error {
	if err := s.ourStoreForm(c); err != nil {
		return err
	}
	ctx, f := c.UserContext(), s.form(c, "public.return")
	o, err := s.orderNamed(ctx, f.Text("order", maxOrderNumber))
	if err != nil {
		return err
	}
	if o, err = s.ownOrder(c, o.ID); err != nil {
		return err
	}
	owner, _, err := s.visitor(c)
	if err != nil {
		return err
	}
	asked := readReturn(f, owner, o)
	if f.Valid() {
		made, err := s.Till.OpenReturn(ctx, asked)
		if err == nil {
			private(c)
			return c.Redirect(store.ReturnsPath+"/"+made.ID.String(), fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	return s.startForm(c, fiber.StatusUnprocessableEntity, owner, o, f)
}

// readReturn reads what of the order comes back, and why.
func readReturn(f *form, owner shop.Owner, o models.Order) checkout.ReturnRequest {
	r := checkout.ReturnRequest{Owner: owner, Order: o.ID}
	for _, item := range o.Items {
		if n := f.OptionalNumber("item-"+item.ID.String(), 0, shop.MaxQty); n != nil && *n > 0 {
			r.Items = append(r.Items, checkout.ReturnLine{OrderItem: item.ID, Qty: *n})
		}
	}
	if len(r.Items) == 0 {
		f.Wrong("items", "public.return.items_missing")
	}
	reasons := make([]string, 0, len(models.ReturnReasons()))
	for _, reason := range models.ReturnReasons() {
		reasons = append(reasons, string(reason))
	}
	r.Reason, r.Notes = f.Choice("reason", reasons...), f.OptionalLong("notes", checkout.MaxReturnNotes)
	return r
}

// storeReturns is the page of one's returns, of one order or of all.
func (s *Server) storeReturns(c *fiber.Ctx) error {
	ctx := c.UserContext()
	owner, known, err := s.visitor(c)
	if err != nil {
		return err
	}
	page := store.ReturnsPage{Start: store.StartPath, Back: store.Crumb{Label: i18n.T(ctx, "public.order.mine"), URL: store.OrdersPath}}
	if known {
		orders, err := s.Till.OrdersOf(ctx, owner, returnsShown)
		if err != nil {
			return err
		}
		for _, o := range orders {
			cards, err := s.returnCards(ctx, owner, o)
			if err != nil {
				return err
			}
			page.Returns = append(page.Returns, cards...)
		}
	}
	return s.publicTitled(c, fiber.StatusOK, i18n.T(ctx, "public.return.mine"), store.Returns(page), false)
}

// returnCards are the returns of one's order, the newest first.
func (s *Server) returnCards(ctx context.Context, owner shop.Owner, o models.Order) ([]store.ReturnCard, error) {
	if !o.Status.Placed() && o.Status != models.OrderRefunded {
		return nil, nil
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.Till.ReturnsOf(ctx, owner, o.ID)
	if err != nil {
		return nil, err
	}
	var out []store.ReturnCard
	for _, r := range rows {
		out = append(out, store.ReturnCard{
			URL: store.ReturnsPath + "/" + r.ID.String(), Code: r.RMACode, Order: o.Number, At: r.CreatedAt.In(policies.Zone()), State: returnState(ctx, r),
		})
	}
	return out, nil
}

// returnActs tell of an order what was sent back of it, and whether more may be.
func (s *Server) returnActs(ctx context.Context, c *fiber.Ctx, o models.Order, p *store.OrderPage) error {
	owner, known, err := s.visitor(c)
	if err != nil || !known || !o.Status.Placed() && o.Status != models.OrderRefunded {
		return err
	}
	if p.Returns, err = s.returnCards(ctx, owner, o); err != nil {
		return err
	}
	_, err = s.Till.ReturnOffer(ctx, owner, o.ID)
	var refused *fault.Fault
	switch {
	case err == nil:
		p.Return = link(store.StartPath, "order", o.Number)
	case errors.As(err, &refused):
		s.Log.LogAttrs(ctx, slog.LevelDebug, "nothing to return", slog.String("why", refused.Key))
	default:
		return err
	}
	return nil
}

// returnState is where a return stands, in words for its owner.
func returnState(ctx context.Context, r models.Return) store.State {
	tone, icon := ui.Attention, "hourglass"
	switch r.Status {
	case models.ReturnApproved:
		tone, icon = ui.Good, "circle-check"
	case models.ReturnRejected:
		tone, icon = ui.Danger, "ban"
	case models.ReturnInTransit:
		tone, icon = ui.Info, "truck"
	case models.ReturnReceived:
		tone, icon = ui.Info, "package"
	case models.ReturnRefunded:
		tone, icon = ui.Good, "undo-2"
	}
	out := store.State{Tone: tone, Icon: icon, Word: ui.Word(ctx, "public.return.status", string(r.Status))}
	if r.Status != models.ReturnApproved { // whose words are staff's
		out.Text = ui.Word(ctx, "public.return.text", string(r.Status))
	}
	return out
}

// pageText is a template of the web as the reader's page shows it: in the words that staff gave it, and in English
// where that stands in.
func (s *Server) pageText(ctx context.Context, name string, facts i18n.Facts) (store.Said, error) {
	text, lang, err := s.Content.OnPage(ctx, name, i18n.From(ctx).Language, facts)
	return store.Said{Text: text, Lang: lang}, err
}

// storeReturn is the page of one of one's returns; staff who follow a customer's link see it, too.
func (s *Server) storeReturn(c *fiber.Ctx) error {
	ctx := c.UserContext()
	var id models.ID
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return fault.NotFound("return.not_found")
	}
	r, err := s.returnFor(c, id)
	if err != nil {
		return err
	}
	o, err := s.Till.Order(ctx, r.OrderID)
	if err != nil {
		return err
	}
	past, err := s.Till.ReturnEvents(ctx, r.ID)
	if err != nil {
		return err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	page := store.ReturnPage{
		Code: r.RMACode, Order: o.Number, OrderURL: orderPath(o), At: r.CreatedAt.In(policies.Zone()), State: returnState(ctx, r),
		Steps: returnSteps(ctx, r, past, policies.Zone()), Notes: r.Notes, WhatsApp: link(store.HandoffPath, "return", r.RMACode),
		Back: store.Crumb{Label: i18n.T(ctx, "public.return.mine"), URL: store.ListPath}, Reason: r.Reason,
	}
	if slices.Contains(models.ReturnReasons(), models.ReturnReason(r.Reason)) {
		page.Reason = ui.Word(ctx, "public.return.why", r.Reason)
	}
	if r.Status == models.ReturnApproved {
		if page.Instructions, err = s.pageText(ctx, content.RMAInstructions, i18n.Facts{"Code": r.RMACode}); err != nil {
			return err
		}
	}
	lines, err := s.orderLines(ctx, o)
	if err != nil {
		return err
	}
	for _, item := range r.Items {
		line := store.OrderLine{Name: ui.In(ctx, item.Names), SKU: item.SKU, Qty: item.Qty, TotalMinor: item.TotalMinor, Picture: store.Picture{Tint: ui.Tint(0)}}
		if i := slices.IndexFunc(lines, func(l store.OrderLine) bool { return strings.EqualFold(l.SKU, item.SKU) }); i >= 0 {
			line.Picture = lines[i].Picture
		}
		page.Lines = append(page.Lines, line)
	}
	return s.publicTitled(c, fiber.StatusOK, i18n.T(ctx, "public.return.title"), store.Return(page), false)
}

// returnSteps are the way of a return, with when each step was done. One that was not accepted ends there.
func returnSteps(ctx context.Context, r models.Return, past []models.ReturnEvent, zone *time.Location) []store.Step {
	way := []models.ReturnStatus{models.ReturnRequested, models.ReturnApproved, models.ReturnInTransit, models.ReturnReceived, models.ReturnRefunded}
	if r.Status == models.ReturnRejected {
		way = []models.ReturnStatus{models.ReturnRequested, models.ReturnRejected}
	}
	here := slices.Index(way, r.Status)
	out := make([]store.Step, len(way))
	for i, status := range way {
		out[i] = store.Step{Title: ui.Word(ctx, "public.return.status", string(status)), Done: i <= here, Current: i == here+1}
		if status == models.ReturnRejected {
			out[i].Done, out[i].Ended = false, true
		}
		at := slices.IndexFunc(past, func(e models.ReturnEvent) bool { return e.To == status })
		if at >= 0 && i <= here {
			out[i].At = past[at].At.In(zone)
		}
	}
	return out
}
