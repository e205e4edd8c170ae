package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/orders"
	"frontdesk/views/ui"
)

// seesAddress tells who reads where a parcel goes: those who send it and those who keep the shop. Others read the
// city and the country.
func seesAddress(r models.Role) bool { return seesPhone(r) }

// seesProvider tells who reads the provider's own names of a payment: those who look it up there.
func seesProvider(r models.Role) bool {
	return slices.Contains([]models.Role{models.RoleAdmin, models.RoleMachine, models.RoleFinance}, r)
}

// orderID reads the id of an address. Fault: orders.order_not_found for what is none.
func orderID(c *fiber.Ctx) (id models.ID, err error) {
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return id, fault.NotFound("orders.order_not_found")
	}
	return id, nil
}

// deskOrder is one order with everything that happened to it.
func (s *Server) deskOrder(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := orderID(c)
	if err != nil {
		return err
	}
	o, err := s.Till.Order(ctx, id)
	if err != nil {
		return err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	v, _ := VisitorOf(ctx)
	d := orders.Detail{
		Number: o.Number, Status: orderBadge(ctx, o.Status), Currency: o.Currency, Notes: o.Notes, Sums: orderSums(ctx, o),
	}
	d.Address, d.Phone = addressFor(ctx, v.Role, o.Address)
	back, err := s.Till.ReturnsOfOrder(ctx, id)
	if err != nil {
		return err
	}
	d.Acts = s.possibleOrderActs(c, o, back)
	if start := s.startRefund(c, "order", id); start != nil && o.Status.Placed() {
		d.Acts = append(d.Acts, *start)
	}
	d.Lines = orderLines(ctx, o, back, s.mayDo(c, staff.Catalogue, staff.ToRead))
	if s.mayDo(c, staff.Returns, staff.ToRead) {
		for _, r := range back {
			d.Returns = append(d.Returns, orders.Returned{Code: r.RMACode, URL: returnURL(r.ID, ""), Status: returnBadge(ctx, r.Status), At: r.CreatedAt.In(policies.Zone())})
		}
	}
	if d.Facts, d.Talk, err = s.orderFacts(c, o, policies.Zone()); err != nil {
		return err
	}
	if d.Payments, err = s.orderPayments(ctx, v.Role, o.ID, policies.Zone()); err != nil {
		return err
	}
	if d.Story, err = s.orderStory(ctx, o, back, policies.Zone()); err != nil {
		return err
	}
	return s.page(c, ordersScreen(), orders.Order(d))
}

// addressFor is where a parcel goes, line by line, as far as a role may see it.
func addressFor(ctx context.Context, role models.Role, a *models.Address) (lines []string, phone string) {
	if a == nil {
		return nil, ""
	}
	country := i18n.CountryName(i18n.From(ctx).Language, a.Country)
	town := strings.TrimSpace(a.PostalCode + " " + a.City)
	if !seesAddress(role) {
		return []string{a.City, country}, ""
	}
	for _, line := range []string{a.Name, a.Line1, a.Line2, town, a.Region, country} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines, a.Phone
}

// orderLines are the lines of an order, with how many of each have come back.
func orderLines(ctx context.Context, o models.Order, back []models.Return, toCatalogue bool) []orders.Line {
	returned := map[models.ID]int{}
	for _, r := range back {
		for _, item := range r.Items {
			if r.Status == models.ReturnReceived || r.Status == models.ReturnRefunded {
				returned[item.OrderItemID] += item.Qty
			}
		}
	}
	var out []orders.Line
	for _, item := range o.Items {
		line := orders.Line{
			Name: ui.In(ctx, item.Names), SKU: item.SKU, Qty: item.Qty, PriceMinor: item.PriceMinor, TotalMinor: item.TotalMinor, Back: returned[item.ID],
		}
		if toCatalogue {
			line.URL = cataloguePath + "/" + item.ProductID.String()
		}
		out = append(out, line)
	}
	return out
}

func orderSums(ctx context.Context, o models.Order) []orders.Fact {
	var out []orders.Fact
	for _, sum := range []struct {
		key   string
		minor int64
	}{{"subtotal", o.SubtotalMinor}, {"shipping", o.ShippingMinor}, {"tax", o.TaxMinor}, {"total", o.TotalMinor}} {
		if sum.minor > 0 || sum.key == "total" || sum.key == "shipping" {
			out = append(out, orders.Fact{Label: i18n.T(ctx, "ordersroom.sum."+sum.key), Value: ui.Money(ctx, sum.minor, o.Currency)})
		}
	}
	return out
}

// orderFacts are who, when and how; talk is the page of the conversation with the buyer.
func (s *Server) orderFacts(c *fiber.Ctx, o models.Order, zone *time.Location) (facts []orders.Fact, talk string, err error) {
	ctx := c.UserContext()
	names, err := s.buyers(ctx, []models.Order{o})
	if err != nil {
		return nil, "", err
	}
	fact := func(key, value string) {
		facts = append(facts, orders.Fact{Label: i18n.T(ctx, "ordersroom.fact."+key), Value: value})
	}
	fact("customer", names(o))
	fact("placed", ui.Moment(ctx, o.CreatedAt.In(zone)))
	fact("method", i18n.T(ctx, "ordersroom.method."+string(o.Method)))
	fact("channel", ui.Word(ctx, "ordersroom.channel", o.Channel))
	for _, at := range []struct {
		key string
		at  *time.Time
	}{{"held", o.ReservedUntil}, {"shipped", o.ShippedAt}, {"delivered", o.DeliveredAt}} {
		if at.at != nil {
			fact(at.key, ui.Moment(ctx, at.at.In(zone)))
		}
	}
	if talk, err = s.talkAbout(c, o); err != nil {
		return nil, "", err
	}
	return facts, talk, nil
}

// talkAbout is the page of the conversation with whoever ordered; empty where there is none, or not for this reader.
func (s *Server) talkAbout(c *fiber.Ctx, o models.Order) (string, error) {
	talk, err := s.Till.TalkOf(c.UserContext(), o)
	if err != nil || talk == nil || !s.mayDo(c, staff.Conversations, staff.ToRead) {
		return "", err
	}
	return "/console/conversations/" + talk.String(), nil
}

func (s *Server) orderPayments(ctx context.Context, role models.Role, order models.ID, zone *time.Location) ([]orders.Payment, error) {
	list, err := s.Till.OrderPayments(ctx, order)
	if err != nil {
		return nil, err
	}
	ids := make([]models.ID, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	refunds, err := s.Till.Refunds(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []orders.Payment
	for _, p := range list {
		line := orders.Payment{State: p.State, AmountMinor: p.AmountMinor, Currency: p.Currency, At: p.CreatedAt.In(zone)}
		if p.PaidAt != nil {
			at := p.PaidAt.In(zone)
			line.PaidAt = &at
		}
		if p.PaymentIntent != nil && seesProvider(role) {
			line.Ref = *p.PaymentIntent
		}
		for _, r := range refunds[p.ID] {
			line.Refunds = append(line.Refunds, orders.Refund{
				State: r.State, AmountMinor: r.AmountMinor, Currency: r.Currency, Reason: r.Reason, At: r.CreatedAt.In(zone), URL: s.refundPage(role, r.ID),
			})
		}
		out = append(out, line)
	}
	return out, nil
}

// orderStory is everything that happened to an order and to what of it goes back, newest first.
func (s *Server) orderStory(ctx context.Context, o models.Order, back []models.Return, zone *time.Location) ([]orders.Event, error) {
	events, err := s.Till.OrderEvents(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	var out []orders.Event
	for _, e := range events {
		out = append(out, orders.Event{At: e.At.In(zone), Who: e.Actor, What: ui.Word(ctx, "ordersroom.event", e.Kind), Note: noteOf(ctx, e)})
	}
	for _, r := range back {
		more, err := s.returnEvents(ctx, r, zone)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return s.named(ctx, out)
}

// noteOf is the note of an event: a word of the product's, or what somebody of the salon wrote.
func noteOf(ctx context.Context, e models.OrderEvent) string {
	if _, byStaff := staffID(e.Actor); byStaff || e.Note == "" {
		return e.Note
	}
	return ui.Word(ctx, "ordersroom.note", e.Note)
}

// returnEvents are what happened to a return, whose actors are not named yet.
func (s *Server) returnEvents(ctx context.Context, r models.Return, zone *time.Location) ([]orders.Event, error) {
	events, err := s.Till.ReturnEvents(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	var out []orders.Event
	for _, e := range events {
		out = append(out, orders.Event{At: e.At.In(zone), Who: e.Actor, What: i18n.T(ctx, "returns.story."+string(e.To), "Code", r.RMACode), Note: e.Note})
	}
	for _, p := range r.Photos {
		out = append(out, orders.Event{At: p.CreatedAt.In(zone), Who: "customer", What: i18n.T(ctx, "returns.story.photo")})
	}
	return out, nil
}

// named gives the events of a story the names of their actors, and puts the newest first.
func (s *Server) named(ctx context.Context, story []orders.Event) ([]orders.Event, error) {
	actors := make([]string, len(story))
	for i, e := range story {
		actors[i] = e.Who
	}
	who, err := s.actorNames(ctx, actors)
	if err != nil {
		return nil, err
	}
	for i := range story {
		story[i].Who = who(story[i].Who)
	}
	slices.Reverse(story)
	slices.SortStableFunc(story, func(a, b orders.Event) int { return b.At.Compare(a.At) })
	return story, nil
}
