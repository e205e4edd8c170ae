package handlers

import (
	"context"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/orders"
	"frontdesk/views/refunds"
	"frontdesk/views/ui"
)

// What of the money goes back.
const (
	refundAll    = "all"
	refundAmount = "amount"
	refundLines  = "lines"
)

// askRefund gives money of a visit or an order back, or asks somebody else to agree. What the customer will read is shown
// before anything is done: a form whose amount or way differs from what was shown shows it once more.
func (s *Server) askRefund(c *fiber.Ctx) error {
	ctx := c.UserContext()
	f := s.form(c, "refunds.field")
	f.Fill("visit", c.Query("visit"))
	f.Fill("order", c.Query("order"))
	of, err := refundSubject(f, c)
	if err != nil {
		return err
	}
	v, _ := VisitorOf(ctx)
	if known, err := s.sameForm(ctx, f, v); err != nil || known != nil {
		if err != nil {
			return err
		}
		return s.askedFor(c, *known)
	}
	left, err := s.Till.RefundLeft(ctx, of, v.Role)
	if f.posted && (fault.Is(err, "booking.not_found") || fault.Is(err, "orders.order_not_found")) {
		return fault.Conflict("refund.no_subject")
	}
	if err != nil {
		return err
	}
	ask := readRefund(f, left)
	ask.RefundSubject, ask.Actor, ask.Role = of, v.Actor(), v.Role
	seen := f.OptionalText("seen", 40)
	if ask.Key == "" && f.posted && wantsJSON(c) {
		f.Wrong("key", "console.form.missing")
	}
	if f.Valid() && (wantsJSON(c) || seen == shownAs(ask, left)) {
		r, err := s.Till.AskRefund(ctx, ask)
		if err == nil {
			return s.askedFor(c, r)
		}
		if !f.Refused(err) {
			return err
		}
		if left, err = s.Till.RefundLeft(ctx, of, v.Role); err != nil {
			return err
		}
	}
	return s.showRefundForm(c, f, ask, left)
}

// sameForm is the refund that a form was for which is sent once more, before it is held against what is left by now; nil for
// another request, which is judged by itself.
func (s *Server) sameForm(ctx context.Context, f *form, v Visitor) (*models.Refund, error) {
	if !f.posted {
		return nil, nil
	}
	known, err := s.Till.RefundAsked(ctx, v.Actor(), f.values.Get("key"))
	if err != nil || known == nil {
		return nil, err
	}
	if f.values.Get("reason") != known.Reason || f.values.Get("method") != string(known.Method) {
		return nil, nil
	}
	if f.values.Get("scope") == refundAmount && f.Money("amount", known.AmountMinor) != known.AmountMinor {
		return nil, nil
	}
	return known, nil
}

// askedFor answers with a refund that somebody asked for.
func (s *Server) askedFor(c *fiber.Ctx, r models.Refund) error {
	toast := "refunds.new.done"
	if r.State == models.RefundAsked {
		toast = "refunds.new.asked"
	}
	return s.acted(c, acted{To: refundURL(r.ID, ""), Leave: true, Toast: toast, Result: refundResult(r)})
}

// refundSubject is what the form is about. Fault: refund.no_subject without one, or with two.
func refundSubject(f *form, c *fiber.Ctx) (checkout.RefundSubject, error) {
	read := func(name string) *models.ID {
		text := f.OptionalText(name, 40)
		if !f.posted {
			text = c.Query(name)
		}
		var id models.ID
		if text == "" || id.UnmarshalText([]byte(text)) != nil {
			return nil
		}
		return &id
	}
	of := checkout.RefundSubject{Visit: read("visit"), Order: read("order")}
	switch {
	case (of.Visit == nil) != (of.Order == nil):
		return of, nil
	case f.posted:
		return of, fault.Conflict("refund.no_subject")
	default:
		return of, fault.NotFound("refund.no_subject")
	}
}

// readRefund reads the form. Of an amount and of lines only what was chosen counts.
func readRefund(f *form, left checkout.RefundLeft) checkout.RefundAsk {
	f.Fill("key", models.NewID().String())
	f.Fill("scope", refundAll)
	f.Fill("amount", ui.Major(max(left.Left, 0)))
	f.Fill("method", string(left.Methods()[0]))
	ask := checkout.RefundAsk{Key: f.OptionalText("key", 100)}
	scopes := []string{refundAll, refundAmount}
	if len(left.Lines) > 0 {
		scopes = append(scopes, refundLines)
	}
	scope := f.Choice("scope", scopes...)
	if scope == refundAmount {
		if ask.AmountMinor = f.Money("amount", max(left.Left, 0)); ask.AmountMinor == 0 && f.posted && len(f.wrong) == 0 {
			f.Wrong("amount", "refund.amount_wrong")
		}
	} else {
		f.OptionalText("amount", 20)
	}
	for _, line := range left.Lines {
		name := "qty." + line.ID.String()
		f.Fill(name, "0")
		if scope != refundLines {
			f.OptionalText(name, 20)
		} else if n := f.OptionalNumber(name, 0, line.Left); n != nil && *n > 0 {
			ask.Lines = append(ask.Lines, checkout.RefundLine{OrderItem: line.ID, Qty: *n})
		}
	}
	if scope == refundLines && len(ask.Lines) == 0 && len(f.wrong) == 0 {
		f.Wrong("", "refund.lines_none")
	}
	var reasons, methods []string
	for _, r := range models.RefundReasons() {
		reasons = append(reasons, string(r))
	}
	for _, m := range left.Methods() {
		methods = append(methods, string(m))
	}
	ask.Reason = models.RefundReason(f.Choice("reason", reasons...))
	ask.Method = models.RefundMethod(f.Choice("method", methods...))
	ask.Proof, ask.Note = f.OptionalText("proof", checkout.MaxProof), f.OptionalText("note", checkout.MaxStaffNote)
	if ask.Reason == models.ReasonOther && ask.Note == "" {
		f.Wrong("note", "refund.note_missing")
	}
	if ask.Method == models.RefundByCard && ask.Proof != "" {
		f.Wrong("proof", "refund.proof_of_card")
	}
	if scope == refundAll {
		ask.AmountMinor = max(left.Left, 0)
	}
	return ask
}

// amountOf is what a form asks for.
func amountOf(ask checkout.RefundAsk, left checkout.RefundLeft) int64 {
	if ask.AmountMinor > 0 {
		return ask.AmountMinor
	}
	sum := int64(0)
	for _, chosen := range ask.Lines {
		for _, line := range left.Lines {
			if line.ID == chosen.OrderItem {
				sum += line.PriceMinor * int64(chosen.Qty)
			}
		}
	}
	if len(ask.Lines) == 0 {
		return left.Left
	}
	return min(sum, left.Left)
}

// shownAs names what a customer was shown to read.
func shownAs(ask checkout.RefundAsk, left checkout.RefundLeft) string {
	return fmt.Sprint(amountOf(ask, left), ".", ask.Method)
}

func (s *Server) showRefundForm(c *fiber.Ctx, f *form, ask checkout.RefundAsk, left checkout.RefundLeft) error {
	ctx := c.UserContext()
	if ask.Method == "" {
		ask.Method = left.Methods()[0]
	}
	amount := amountOf(ask, left)
	shown := f.Shown()
	title, from, url := i18n.T(ctx, "refunds.of.visit"), "", ""
	if ask.Order != nil {
		o, err := s.Till.Order(ctx, *ask.Order)
		if err != nil {
			return err
		}
		title, from, url = i18n.T(ctx, "refunds.of.order", "Number", o.Number), ask.Order.String(), orderURL(o.ID, "")
	} else {
		from, url = ask.Visit.String(), link("/console/diary", "visit", ask.Visit.String())
	}
	sheet := refunds.Sheet{Sheet: orders.Sheet{
		Act: ui.Act{
			Title: i18n.T(ctx, "refunds.new.title"), Lead: i18n.T(ctx, "refunds.new.lead"), Submit: i18n.T(ctx, "refunds.new.submit", "Amount", ui.Money(ctx, amount, left.Currency)),
			Tone: ui.Primary, Cancel: back(c, url), Form: shown,
		},
		Subject: []orders.Fact{
			{Label: i18n.T(ctx, "refunds.fact.of"), Value: title},
			{Label: i18n.T(ctx, "refunds.fact.captured"), Value: ui.Money(ctx, left.Captured, left.Currency)},
			{Label: i18n.T(ctx, "refunds.fact.left"), Value: ui.Money(ctx, left.Left, left.Currency)},
		},
	}}
	if left.Left <= 0 {
		sheet.Blocked = i18n.T(ctx, "refund.nothing_left")
		return s.formPage(c, refundForm("new"), f, refunds.Ask(sheet))
	}
	if amount > left.Alone {
		sheet.Effect = i18n.T(ctx, "refunds.new.second", "Limit", ui.Money(ctx, left.Alone, left.Currency))
	}
	words, err := s.refundMessage(ctx, ask.RefundSubject, left.Talk, models.Money{Minor: amount, Currency: left.Currency}, ask.Method)
	if err != nil {
		return err
	}
	sheet.Words = words
	name := "visit"
	if ask.Order != nil {
		name = "order"
	}
	sheet.Hidden = [][2]string{{name, from}, {"key", shown.Values.Get("key")}, {"seen", shownAs(ask, left)}}
	sheet.Fields = refundFormFields(ctx, left)
	return s.formPage(c, refundForm("new"), f, refunds.Ask(sheet))
}

func refundFormFields(ctx context.Context, left checkout.RefundLeft) []ui.Field {
	scopes := []string{refundAll, refundAmount}
	if len(left.Lines) > 0 {
		scopes = append(scopes, refundLines)
	}
	out := []ui.Field{
		{Name: "scope", Type: "radio", Options: namedOptions(ctx, "refunds.scope", scopes...)},
		{Name: "amount", Digits: true, Unit: left.Currency, Autocomplete: "off", Optional: true, Hint: i18n.T(ctx, "refunds.amount_hint", "Most", ui.Money(ctx, left.Left, left.Currency))},
	}
	for _, line := range left.Lines {
		if line.Left > 0 {
			out = append(out, ui.Field{Name: "qty." + line.ID.String(), Label: ui.In(ctx, line.Names) + " · " + line.SKU, Digits: true, Autocomplete: "off", Optional: true,
				Hint: i18n.T(ctx, "returns.qty_hint", "Left", line.Left)})
		}
	}
	return slices.Concat(out, []ui.Field{
		{Name: "reason", Type: "select", Options: namedOptions(ctx, "refunds.reason", models.RefundReasons()...)},
		{Name: "method", Type: "radio", Options: namedOptions(ctx, "refunds.method", left.Methods()...)},
		{Name: "proof", Max: checkout.MaxProof, Optional: true, Autocomplete: "off", Hint: i18n.T(ctx, "refunds.proof_hint"), Dir: "ltr"},
		{Name: "note", Max: checkout.MaxStaffNote, Optional: true, Autocomplete: "off", Hint: i18n.T(ctx, "refunds.note_hint")},
	})
}

// startRefund is the act that opens the form for an order or a visit; nil where nothing can be asked for.
func (s *Server) startRefund(c *fiber.Ctx, name string, id models.ID) *orders.Possible {
	if !s.mayDo(c, staff.Refunds, staff.ToRequest) {
		return nil
	}
	return &orders.Possible{URL: link(refundsPath+"/new", name, id.String()), Label: i18n.T(c.UserContext(), "refunds.start"), Icon: "credit-card"}
}
