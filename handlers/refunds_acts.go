package handlers

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/orders"
	"frontdesk/views/refunds"
	"frontdesk/views/ui"
)

// refundAct is a step of a refund, at /console/refunds/<id>/<name>. Its texts lie under refunds.<name>.
type refundAct struct {
	name  string
	doc   string
	icon  string
	tone  ui.Tone
	asker bool // whoever may ask may do it
	must  bool // a note must say why
	proof bool // it was given by hand
	way   bool // another way back may be chosen
	now   func(r models.Refund) bool
	do    func(t *checkout.Till, ctx context.Context, act checkout.RefundAct) (models.Refund, error)
}

func refundActs() []refundAct {
	asked := func(r models.Refund) bool { return r.State == models.RefundAsked }
	hand := func(r models.Refund) bool { return r.State == models.RefundPending && r.ByHand() }
	return []refundAct{
		{name: "approve", doc: "Agrees to a refund that somebody else asked for", icon: "circle-check", tone: ui.Primary, now: asked, do: (*checkout.Till).ApproveRefund},
		{name: "reject", doc: "Refuses a refund that somebody else asked for", icon: "ban", tone: ui.Danger, must: true, now: asked, do: (*checkout.Till).RejectRefund},
		{name: "give", doc: "Says that money was given back by hand", icon: "check", tone: ui.Primary, proof: true, now: hand, do: (*checkout.Till).GiveRefund},
		{name: "retry", doc: "Tries a refund again that failed", icon: "rotate-ccw", tone: ui.Primary, way: true, do: (*checkout.Till).RetryRefund, now: func(r models.Refund) bool {
			return r.State == models.RefundFailed || r.State == models.RefundPending && !r.ByHand() && r.ProviderID == nil && r.ErrorCode != ""
		}},
		{name: "cancel", doc: "Takes a refund back that has not moved", icon: "undo-2", asker: true, do: (*checkout.Till).CancelRefund, now: func(r models.Refund) bool { return asked(r) || hand(r) }},
	}
}

// possibleRefundActs are what can be done to a refund as it stands. Who asked for it is told who decides.
func (s *Server) possibleRefundActs(c *fiber.Ctx, r checkout.RefundStory) []orders.Possible {
	ctx := c.UserContext()
	v, _ := VisitorOf(ctx)
	var out []orders.Possible
	for _, a := range refundActs() {
		right := staff.ToAct
		if a.asker {
			right = staff.ToRequest
		}
		if a.asker && r.Owed() {
			right = staff.ToAct // what is owed is not theirs to take back
		}
		if !a.now(r.Refund) || !s.mayDo(c, staff.Refunds, right) {
			continue
		}
		p := orders.Possible{URL: refundURL(r.ID, a.name), Label: i18n.T(ctx, "refunds.act."+a.name), Icon: a.icon, Tone: a.tone}
		if why := decidesNot(v, r.Refund); why != "" && (a.name == "approve" || a.name == "reject") {
			if a.name == "reject" {
				continue
			}
			p.Why = i18n.T(ctx, why)
		}
		out = append(out, p)
	}
	return out
}

// decidesNot says why somebody cannot decide about a refund; empty where they can.
func decidesNot(v Visitor, r models.Refund) string {
	switch {
	case r.AskedBy == v.Actor():
		return "refund.own"
	case !strings.HasPrefix(r.AskedBy, "staff:") && v.Role != models.RoleAdmin:
		return "refund.needs_admin"
	default:
		return ""
	}
}

// actOnRefund is a step's form, and the step.
func (s *Server) actOnRefund(a refundAct) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx := c.UserContext()
		id, err := refundID(c)
		if err != nil {
			return err
		}
		r, err := s.Till.RefundWhole(ctx, id)
		if err != nil {
			return err
		}
		f := s.form(c, "refunds.field")
		v, _ := VisitorOf(ctx)
		act := checkout.RefundAct{Actor: v.Actor(), Role: v.Role, May: s.mayDo(c, staff.Refunds, staff.ToAct), ID: id, Version: f.version()}
		if a.must {
			act.Note = f.Text("note", checkout.MaxStaffNote)
		} else {
			act.Note = f.OptionalText("note", checkout.MaxStaffNote)
		}
		if a.way {
			f.Fill("method", string(r.Method))
			act.Method = models.RefundMethod(f.Choice("method", refundWays(r)...))
		}
		if a.proof {
			act.Proof = f.Text("proof", checkout.MaxProof)
		} else if a.way {
			act.Proof = f.OptionalText("proof", checkout.MaxProof)
		}
		if f.Valid() {
			after, err := a.do(s.Till, ctx, act)
			if err == nil {
				return s.acted(c, acted{To: refundURL(after.ID, ""), Leave: after.ID != id, Toast: "refunds." + a.name + ".done", Result: refundResult(after)})
			}
			if !f.Refused(err) {
				return err
			}
			if r, err = s.Till.RefundWhole(ctx, id); err != nil {
				return err
			}
		}
		return s.showRefundAct(c, a, r, f)
	}
}

// refundWays are the ways a refund can go; only what a card paid goes back to it.
func refundWays(r checkout.RefundStory) []string {
	out := []string{string(models.RefundByTransfer), string(models.RefundByCash)}
	if r.Payment != nil {
		out = append([]string{string(models.RefundByCard)}, out...)
	}
	return out
}

func (s *Server) showRefundAct(c *fiber.Ctx, a refundAct, r checkout.RefundStory, f *form) error {
	ctx, key := c.UserContext(), "refunds."+a.name
	sheet := refunds.Sheet{Sheet: orders.Sheet{
		Act: ui.Act{
			Title: i18n.T(ctx, key+".title"), Lead: i18n.T(ctx, key+".lead"), Submit: i18n.T(ctx, "refunds.act."+a.name), Tone: a.tone,
			Cancel: back(c, refundURL(r.ID, "")), Form: f.Shown(),
		},
		Version: refundVersion(r.Refund),
		Subject: []orders.Fact{
			{Label: i18n.T(ctx, "refunds.fact.of"), Value: refundOf(ctx, r.RefundRow)},
			{Label: i18n.T(ctx, "refunds.column.amount"), Value: ui.Money(ctx, r.AmountMinor, r.Currency)},
			{Label: i18n.T(ctx, "refunds.column.method"), Value: i18n.T(ctx, "refunds.method."+string(r.Method))},
			{Label: i18n.T(ctx, "refunds.fact.reason"), Value: i18n.T(ctx, "refunds.reason."+r.Reason)},
		},
	}}
	if !a.now(r.Refund) {
		sheet.Blocked = i18n.T(ctx, "refunds.blocked", "State", i18n.T(ctx, "refunds.state."+string(r.State)))
		return s.formPage(c, refundForm(a.name), f, refunds.Ask(sheet))
	}
	if a.way {
		sheet.Fields = append(sheet.Fields, ui.Field{Name: "method", Type: "radio", Options: namedOptions(ctx, "refunds.method", refundWays(r)...)})
	}
	if a.way || a.proof {
		sheet.Fields = append(sheet.Fields, ui.Field{Name: "proof", Max: checkout.MaxProof, Optional: !a.proof, Autocomplete: "off", Hint: i18n.T(ctx, "refunds.proof_hint"), Dir: "ltr"})
	}
	sheet.Fields = append(sheet.Fields, ui.Field{Name: "note", Max: checkout.MaxStaffNote, Optional: !a.must, Autocomplete: "off"})
	if told(r.Refund) && (a.name == "approve" || a.name == "give") {
		words, err := s.refundMessage(ctx, r.Subject(), r.Talk, models.Money{Minor: r.AmountMinor, Currency: r.Currency}, r.Method)
		if err != nil {
			return err
		}
		sheet.Words = words
	}
	return s.formPage(c, refundForm(a.name), f, refunds.Ask(sheet))
}

func refundForm(name string) screen {
	return screen{title: "refunds." + name + ".title", room: staff.Refunds}
}
