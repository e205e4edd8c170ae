package handlers

import (
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

// returnAct is a step of a return, at /console/returns/<id>/<name>. Its texts lie under returns.<name>.
type returnAct struct {
	name    string
	doc     string
	icon    string
	tone    ui.Tone
	to      models.ReturnStatus
	must    bool // a note must say why
	restock bool // the stock may get it back
}

func returnActs() []returnAct {
	return []returnAct{
		{name: "approve", doc: "Approves a return", icon: "circle-check", tone: ui.Primary, to: models.ReturnApproved},
		{name: "reject", doc: "Rejects a return", icon: "ban", tone: ui.Danger, to: models.ReturnRejected, must: true},
		{name: "in-transit", doc: "Says that a return is on its way", icon: "truck", to: models.ReturnInTransit},
		{name: "received", doc: "Says that a return has come back", icon: "package", tone: ui.Primary, to: models.ReturnReceived, restock: true},
	}
}

// possibleReturnActs are what can be done to a return as it stands. Who does not give money back is told who does.
func (s *Server) possibleReturnActs(c *fiber.Ctx, r models.Return) []orders.Possible {
	ctx := c.UserContext()
	var out []orders.Possible
	for _, a := range returnActs() {
		if s.mayDo(c, staff.Returns, staff.ToAct) && r.Status.Leads(a.to) {
			out = append(out, orders.Possible{URL: returnURL(r.ID, a.name), Label: i18n.T(ctx, "returns.act."+a.name), Icon: a.icon, Tone: a.tone})
		}
	}
	if !r.Status.Leads(models.ReturnRefunded) {
		return out
	}
	pay := orders.Possible{URL: returnURL(r.ID, "refund"), Label: i18n.T(ctx, "returns.act.refund"), Icon: "credit-card", Tone: ui.Primary}
	if !s.mayDo(c, staff.Refunds, staff.ToAct) {
		pay.Why = i18n.T(ctx, "returns.finance")
	}
	return append(out, pay)
}

// askReturnAct is a step's form, and the step.
func (s *Server) askReturnAct(a returnAct) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx := c.UserContext()
		r, err := s.returnOf(c)
		if err != nil {
			return err
		}
		f := s.form(c, "returns.field")
		m := checkout.ReturnMove{Actor: s.actor(c), ID: r.ID, Version: f.version(), To: a.to}
		if a.must {
			m.Note = f.Text("note", checkout.MaxStaffNote)
		} else {
			m.Note = f.OptionalText("note", checkout.MaxStaffNote)
		}
		if a.restock {
			m.Restock = f.Checked("restock")
		}
		if f.Valid() {
			after, err := s.Till.MoveReturn(ctx, m)
			if err == nil {
				return s.acted(c, acted{To: returnURL(r.ID, ""), Toast: "returns." + a.name + ".done", Result: returnResult(after)})
			}
			if !f.Refused(err) {
				return err
			}
			if r, err = s.Till.Return(ctx, r.ID); err != nil {
				return err
			}
		}
		sheet, err := s.returnSheet(c, a.name, a.tone, r, f)
		if err != nil {
			return err
		}
		if !r.Status.Leads(a.to) {
			sheet.Effect, sheet.Blocked = "", i18n.T(ctx, "return.wrong_step")
			return s.formPage(c, returnAsk(a.name), f, orders.Ask(sheet))
		}
		if a.restock {
			sheet.Fields = append(sheet.Fields, ui.Field{Name: "restock", Type: "checkbox", Hint: i18n.T(ctx, "returns.restock_hint")})
		}
		sheet.Fields = append(sheet.Fields, ui.Field{Name: "note", Max: checkout.MaxStaffNote, Optional: !a.must, Autocomplete: "off"})
		return s.formPage(c, returnAsk(a.name), f, orders.Ask(sheet))
	}
}

func returnAsk(name string) screen {
	return screen{title: "returns." + name + ".title", room: staff.Returns}
}

// returnResult is a return for a program: no person in it.
func returnResult(r models.Return) fiber.Map {
	return fiber.Map{"id": r.ID, "status": r.Status, "version": r.Version}
}

// returnSheet is the form of an act on a return, without its fields.
func (s *Server) returnSheet(c *fiber.Ctx, name string, tone ui.Tone, r models.Return, f *form) (orders.Sheet, error) {
	ctx, key := c.UserContext(), "returns."+name
	o, err := s.Till.Order(ctx, r.OrderID)
	if err != nil {
		return orders.Sheet{}, err
	}
	told, err := s.willTell(c, o)
	if err != nil {
		return orders.Sheet{}, err
	}
	return orders.Sheet{
		Act: ui.Act{
			Title: i18n.T(ctx, key+".title"), Lead: i18n.T(ctx, key+".lead"), Effect: told, Submit: i18n.T(ctx, "returns.act."+name), Tone: tone,
			Cancel: back(c, returnURL(r.ID, "")), Form: f.Shown(),
		},
		Version: strconv.FormatInt(r.Version, 10),
		Subject: []orders.Fact{
			{Label: i18n.T(ctx, "returns.column.code"), Value: r.RMACode, Code: true}, {Label: i18n.T(ctx, "returns.fact.order"), Value: o.Number, Code: true},
		},
	}, nil
}

// refundReturn gives the money of a return back.
func (s *Server) refundReturn(c *fiber.Ctx) error {
	ctx := c.UserContext()
	r, err := s.returnOf(c)
	if err != nil {
		return err
	}
	terms, err := s.Till.RefundTerms(ctx, r.ID)
	if err != nil {
		return err
	}
	f := s.form(c, "returns.field")
	f.Fill("amount", ui.Major(min(terms.Goods, terms.Most)))
	v, _ := VisitorOf(ctx)
	ask := checkout.ReturnRefund{Actor: v.Actor(), Role: v.Role, ID: r.ID, Version: f.version(), Note: f.OptionalText("note", checkout.MaxStaffNote)}
	none := terms.Card && terms.Most <= 0 // all of it has gone back: the return ends without
	if none {
		ask.Method = models.RefundNothing
	} else {
		ask.AmountMinor = f.Money("amount", max(terms.Most, 0))
	}
	if !terms.Card {
		ask.Method = models.RefundMethod(f.Choice("method", handWays()...))
		ask.Proof = f.OptionalText("proof", checkout.MaxProof)
	}
	if f.Valid() {
		after, err := s.Till.RefundReturn(ctx, ask)
		if err == nil {
			return s.acted(c, acted{To: returnURL(r.ID, ""), Toast: "returns.refund.done", Result: returnResult(after)})
		}
		if !f.Refused(err) {
			return err
		}
		if r, err = s.Till.Return(ctx, r.ID); err != nil {
			return err
		}
	}
	sheet, err := s.returnSheet(c, "refund", ui.Primary, r, f)
	if err != nil {
		return err
	}
	switch {
	case !r.Status.Leads(models.ReturnRefunded):
		sheet.Effect, sheet.Blocked = "", i18n.T(ctx, "return.wrong_step")
	case none:
		sheet.Effect = i18n.T(ctx, "return.no_money")
		sheet.Fields = []ui.Field{{Name: "note", Max: checkout.MaxStaffNote, Optional: true, Autocomplete: "off"}}
	default:
		sheet.Fields = s.refundFields(c, terms)
	}
	return s.formPage(c, returnAsk("refund"), f, orders.Ask(sheet))
}

func handWays() []string {
	var out []string
	for _, m := range models.HandRefunds() {
		out = append(out, string(m))
	}
	return out
}

func (s *Server) refundFields(c *fiber.Ctx, terms checkout.RefundTerms) []ui.Field {
	ctx := c.UserContext()
	hint := i18n.T(ctx, "returns.amount_hint", "Most", ui.Money(ctx, terms.Most, terms.Currency), "Goods", ui.Money(ctx, terms.Goods, terms.Currency))
	amount := ui.Field{Name: "amount", Digits: true, Unit: terms.Currency, Autocomplete: "off", Hint: hint}
	note := ui.Field{Name: "note", Max: checkout.MaxStaffNote, Optional: true, Autocomplete: "off"}
	if terms.Card {
		amount.Hint += " " + i18n.T(ctx, "returns.to_card")
		return []ui.Field{amount, note}
	}
	return []ui.Field{
		amount, {Name: "method", Type: "radio", Options: namedOptions(ctx, "returns.method", models.HandRefunds()...)},
		{Name: "proof", Max: checkout.MaxProof, Optional: true, Autocomplete: "off", Hint: i18n.T(ctx, "returns.proof_hint"), Dir: "ltr"}, note,
	}
}

// openReturnFor opens a return for a customer who asked for it in the salon or by phone.
func (s *Server) openReturnFor(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := orderID(c)
	if err != nil {
		return err
	}
	offer, err := s.Till.StaffReturnOffer(ctx, id)
	if err != nil {
		return err
	}
	f := s.form(c, "returns.field")
	ask := checkout.ReturnRequest{Staff: s.actor(c), Order: id, Reason: f.Choice("reason", returnWords()...), Notes: f.OptionalText("notes", checkout.MaxReturnNotes)}
	var fields []ui.Field
	for _, line := range offer.Lines {
		if line.Left == 0 {
			continue
		}
		name := "qty." + line.ID.String()
		f.Fill(name, "0")
		if n := f.Number(name, 0, line.Left); n > 0 {
			ask.Items = append(ask.Items, checkout.ReturnLine{OrderItem: line.ID, Qty: n})
		}
		fields = append(fields, ui.Field{Name: name, Label: ui.In(ctx, line.Names) + " · " + line.SKU, Digits: true, Autocomplete: "off",
			Hint: i18n.T(ctx, "returns.qty_hint", "Left", line.Left)})
	}
	if f.posted && len(f.wrong) == 0 && len(ask.Items) == 0 {
		f.Wrong("", "returns.nothing_chosen")
	}
	if f.Valid() {
		r, err := s.Till.OpenReturn(ctx, ask)
		if err == nil {
			return s.acted(c, acted{To: returnURL(r.ID, ""), Leave: true, Toast: "returns.open.done", Facts: []any{"Code", r.RMACode}, Result: returnResult(r)})
		}
		if !f.Refused(err) {
			return err
		}
	}
	return s.showOpenReturn(c, f, offer, fields)
}

func returnWords() []string {
	var out []string
	for _, r := range models.ReturnReasons() {
		out = append(out, string(r))
	}
	return out
}

func (s *Server) showOpenReturn(c *fiber.Ctx, f *form, offer checkout.Offer, fields []ui.Field) error {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	told, err := s.willTell(c, offer.Order)
	if err != nil {
		return err
	}
	last := offer.Until.In(policies.Zone()).AddDate(0, 0, -1)
	sheet := orders.Sheet{
		Act: ui.Act{
			Title: i18n.T(ctx, "returns.open.title"), Lead: i18n.T(ctx, "returns.open.lead", "Day", i18n.Day(i18n.From(ctx).Language, last)), Effect: told,
			Submit: i18n.T(ctx, "returns.open.submit"), Cancel: back(c, orderURL(offer.Order.ID, "")), Form: f.Shown(),
		},
		Subject: []orders.Fact{{Label: i18n.T(ctx, "returns.fact.order"), Value: offer.Order.Number, Code: true}},
		Fields: append(slices.Clone(fields), ui.Field{Name: "reason", Type: "select", Options: namedOptions(ctx, "returns.reason", models.ReturnReasons()...)},
			ui.Field{Name: "notes", Type: "area", Max: checkout.MaxReturnNotes, Optional: true}),
	}
	return s.formPage(c, screen{title: "returns.open.title", room: staff.Orders}, f, orders.Ask(sheet))
}
