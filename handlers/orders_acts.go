package handlers

import (
	"context"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/orders"
	"frontdesk/views/ui"
)

// orderAct is something staff do to an order, at /console/orders/<id>/<name>. Its texts lie under ordersroom.<name>:
// the rules decide whether it may be done, from says when it is offered.
type orderAct struct {
	name   string
	doc    string
	icon   string
	tone   ui.Tone
	from   []models.OrderStatus
	note   bool // a note may be written
	reason bool // a reason, or what is noted, must be given
	quiet  bool // nobody is told
	do     func(s *Server, ctx context.Context, actor string, o models.Order, version int64, note string) (models.Order, error)
}

func orderActs() []orderAct {
	return []orderAct{
		{
			name: "confirm", doc: "Confirms an order that is paid on delivery", icon: "circle-check", tone: ui.Primary, from: []models.OrderStatus{models.OrderPendingCOD},
			do: func(s *Server, ctx context.Context, actor string, o models.Order, version int64, _ string) (models.Order, error) {
				return s.Till.ConfirmSeenOrder(ctx, actor, o.ID, version)
			},
		},
		{
			name: "ship", doc: "Says that an order was sent", icon: "truck", tone: ui.Primary, from: []models.OrderStatus{models.OrderConfirmed, models.OrderPaid}, note: true,
			do: func(s *Server, ctx context.Context, actor string, o models.Order, version int64, note string) (models.Order, error) {
				return s.Till.ShipOrder(ctx, actor, o.ID, version, note)
			},
		},
		{
			name: "deliver", doc: "Says that an order was delivered", icon: "package", tone: ui.Primary, from: []models.OrderStatus{models.OrderShipped}, note: true,
			do: func(s *Server, ctx context.Context, actor string, o models.Order, version int64, note string) (models.Order, error) {
				return s.Till.DeliverOrder(ctx, actor, o.ID, version, note)
			},
		},
		{
			name: "cancel", doc: "Cancels an order; what was paid by card goes back", icon: "ban", tone: ui.Danger, reason: true,
			from: []models.OrderStatus{models.OrderPending, models.OrderPendingCOD, models.OrderConfirmed, models.OrderPaid},
			do: func(s *Server, ctx context.Context, actor string, o models.Order, version int64, reason string) (models.Order, error) {
				return s.Till.CancelSeenOrder(ctx, actor, o.ID, version, reason)
			},
		},
		noteAct(),
	}
}

// noteAct writes something about an order for colleagues; its customer does not read it.
func noteAct() orderAct {
	return orderAct{
		name: "note", doc: "Notes something about an order for colleagues", icon: "sticky-note", from: models.OrderStatuses(), reason: true, quiet: true,
		do: func(s *Server, ctx context.Context, actor string, o models.Order, _ int64, text string) (models.Order, error) {
			return o, s.Till.NoteOrder(ctx, actor, o.ID, text)
		},
	}
}

// possibleOrderActs are what the visitor can do to an order as it stands.
func (s *Server) possibleOrderActs(c *fiber.Ctx, o models.Order, back []models.Return) []orders.Possible {
	ctx := c.UserContext()
	var out []orders.Possible
	for _, a := range orderActs() {
		if s.mayDo(c, staff.Orders, staff.ToAct) && slices.Contains(a.from, o.Status) {
			out = append(out, orders.Possible{URL: orderURL(o.ID, a.name), Label: i18n.T(ctx, "ordersroom.act."+a.name), Icon: a.icon, Tone: a.tone})
		}
	}
	open := slices.ContainsFunc(back, func(r models.Return) bool { return r.Status.Open() })
	if s.mayDo(c, staff.Returns, staff.ToAct) && s.Till.MayReturn(o) && !open {
		out = append(out, orders.Possible{URL: orderURL(o.ID, "return"), Label: i18n.T(ctx, "ordersroom.act.return"), Icon: "undo-2"})
	}
	return out
}

// askOrderAct is an act's form, and the act.
func (s *Server) askOrderAct(a orderAct) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx := c.UserContext()
		id, err := orderID(c)
		if err != nil {
			return err
		}
		o, err := s.Till.Order(ctx, id)
		if err != nil {
			return err
		}
		f := s.form(c, "ordersroom.field")
		version, note := int64(f.Number("version", 0, 1<<30)), ""
		switch {
		case a.reason:
			note = f.Text("reason", checkout.MaxStaffNote)
		case a.note:
			note = f.OptionalText("note", checkout.MaxStaffNote)
		}
		if f.Valid() {
			after, err := a.do(s, ctx, s.actor(c), o, version, note)
			if err == nil {
				return s.acted(c, acted{To: orderURL(id, ""), Toast: "ordersroom." + a.name + ".done", Result: fiber.Map{"status": after.Status, "version": after.Version}})
			}
			if !f.Refused(err) {
				return err
			}
			if o, err = s.Till.Order(ctx, id); err != nil {
				return err
			}
		}
		return s.showOrderAct(c, a, o, f)
	}
}

func (s *Server) showOrderAct(c *fiber.Ctx, a orderAct, o models.Order, f *form) error {
	ctx, key := c.UserContext(), "ordersroom."+a.name
	effect, err := s.willTell(c, o)
	if err != nil {
		return err
	}
	if a.quiet {
		effect = ""
	}
	sheet := orders.Sheet{
		Act: ui.Act{
			Title: i18n.T(ctx, key+".title"), Lead: i18n.T(ctx, key+".lead"), Effect: effect, Submit: i18n.T(ctx, "ordersroom.act."+a.name),
			Tone: a.tone, Cancel: back(c, orderURL(o.ID, "")), Form: f.Shown(),
		},
		Version: strconv.FormatInt(o.Version, 10),
		Subject: []orders.Fact{
			{Label: i18n.T(ctx, "ordersroom.column.number"), Value: o.Number, Code: true},
			{Label: i18n.T(ctx, "ordersroom.column.total"), Value: ui.Money(ctx, o.TotalMinor, o.Currency), Code: true},
		},
	}
	switch {
	case !slices.Contains(a.from, o.Status):
		sheet.Effect, sheet.Blocked = "", i18n.T(ctx, "ordersroom.blocked", "State", i18n.T(ctx, "ordersroom.state."+string(o.Status)))
	case a.reason:
		sheet.Fields = []ui.Field{{Name: "reason", Max: checkout.MaxStaffNote, Autocomplete: "off"}}
	case a.note:
		sheet.Fields = []ui.Field{{Name: "note", Max: checkout.MaxStaffNote, Optional: true, Autocomplete: "off"}}
	}
	return s.formPage(c, screen{title: key + ".title", room: staff.Orders}, f, orders.Ask(sheet))
}

// willTell says whether the buyer is told of an act.
func (s *Server) willTell(c *fiber.Ctx, o models.Order) (string, error) {
	ctx := c.UserContext()
	talk, err := s.Till.TalkOf(ctx, o)
	if err != nil {
		return "", err
	}
	if talk == nil {
		return i18n.T(ctx, "returns.untold"), nil
	}
	names, err := s.buyers(ctx, []models.Order{o})
	if err != nil {
		return "", err
	}
	return i18n.T(ctx, "returns.told", "Name", names(o)), nil
}
