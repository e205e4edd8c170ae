package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/chat"
	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/orders"
	"frontdesk/views/refunds"
	"frontdesk/views/ui"
)

// refundID reads the id of an address. Fault: refund.not_found for what is none.
func refundID(c *fiber.Ctx) (id models.ID, err error) {
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return id, fault.NotFound("refund.not_found")
	}
	return id, nil
}

// showRefund is one refund with everything that happened to it, and what its customer reads.
func (s *Server) showRefund(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := refundID(c)
	if err != nil {
		return err
	}
	r, err := s.Till.RefundWhole(ctx, id)
	if err != nil {
		return err
	}
	if wantsJSON(c) {
		return c.JSON(fiber.Map{"ok": true, "result": refundResult(r.Refund)})
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	d := refunds.Detail{Amount: ui.Money(ctx, r.AmountMinor, r.Currency), State: refundBadge(ctx, r.State), Acts: s.possibleRefundActs(c, r), Note: r.Note}
	if d.Facts, err = s.refundFacts(c, r, policies.Zone()); err != nil {
		return err
	}
	if r.SaleID != nil && len(r.Items) > 0 {
		if d.Lines, err = s.refundedLines(ctx, r); err != nil {
			return err
		}
		d.Currency = r.Currency
	}
	if d.Words, err = s.refundMessage(ctx, r.Subject(), r.Talk, models.Money{Minor: r.AmountMinor, Currency: r.Currency}, r.Method); err != nil {
		return err
	}
	if !told(r.Refund) {
		d.Words = refunds.Words{Silent: i18n.T(ctx, "refunds.told_already")}
	}
	if r.Talk != nil && s.mayDo(c, staff.Conversations, staff.ToRead) {
		d.Talk = "/console/conversations/" + r.Talk.String()
	}
	if d.Story, err = s.refundStory(ctx, r, policies.Zone()); err != nil {
		return err
	}
	return s.page(c, refundsScreen(), refunds.Refund(d))
}

// told tells whether a refund's customer is told when it is out: of what the terms give back they heard when it began.
func told(r models.Refund) bool {
	for _, reason := range models.RefundReasons() {
		if r.Reason == string(reason) {
			return true
		}
	}
	return false
}

// refundResult is a refund for a program: no person in it.
func refundResult(r models.Refund) fiber.Map {
	return fiber.Map{
		"id": r.ID, "state": r.State, "amount_minor": r.AmountMinor, "currency": r.Currency, "method": r.Method, "reason": r.Reason, "version": r.Version,
		"second_person": r.SecondPerson,
	}
}

func (s *Server) refundFacts(c *fiber.Ctx, r checkout.RefundStory, zone *time.Location) ([]orders.Fact, error) {
	ctx := c.UserContext()
	v, _ := VisitorOf(ctx)
	who, err := s.actorNames(ctx, []string{r.AskedBy, r.DecidedBy})
	if err != nil {
		return nil, err
	}
	var out []orders.Fact
	fact := func(key, value, url string, code bool) {
		out = append(out, orders.Fact{Label: i18n.T(ctx, "refunds.fact."+key), Value: value, URL: url, Code: code})
	}
	of := ""
	switch {
	case r.SaleID != nil && s.mayDo(c, staff.Orders, staff.ToRead):
		of = orderURL(*r.SaleID, "")
	case r.VisitID != nil && s.mayDo(c, staff.Diary, staff.ToRead):
		of = link("/console/diary", "visit", r.VisitID.String())
	}
	fact("of", refundOf(ctx, r.RefundRow), of, false)
	fact("reason", i18n.T(ctx, "refunds.reason."+r.Reason), "", false)
	fact("method", i18n.T(ctx, "refunds.method."+string(r.Method)), "", false)
	if r.Proof != "" {
		fact("proof", r.Proof, "", true)
	}
	fact("asked_by", isolated(who(r.AskedBy))+" · "+ui.Moment(ctx, r.CreatedAt.In(zone)), "", false)
	if r.DecidedBy != "" && r.DecidedAt != nil {
		fact("decided_by", isolated(who(r.DecidedBy))+" · "+ui.Moment(ctx, r.DecidedAt.In(zone)), "", false)
	}
	if r.ExpiresAt != nil {
		fact("until", ui.Moment(ctx, r.ExpiresAt.In(zone)), "", false)
	}
	if r.Payment != nil {
		fact("captured", ui.Money(ctx, r.Payment.ReceivedMinor, r.Payment.ReceivedIn), "", true)
	}
	if r.RetryOf != nil {
		fact("retry_of", r.RetryOf.String(), refundURL(*r.RetryOf, ""), true)
	}
	if r.Next != nil {
		fact("next", r.Next.String(), refundURL(*r.Next, ""), true)
	}
	if r.ProviderID != nil && seesProvider(v.Role) {
		fact("provider", *r.ProviderID, "", true)
	}
	if r.ErrorCode != "" {
		fact("code", r.ErrorCode, "", true)
	}
	fact("id", r.ID.String(), "", true)
	return out, nil
}

// refundedLines are the lines of the order that a refund is for.
func (s *Server) refundedLines(ctx context.Context, r checkout.RefundStory) ([]orders.Line, error) {
	o, err := s.Till.Order(ctx, *r.SaleID)
	if err != nil {
		return nil, err
	}
	var out []orders.Line
	for _, item := range r.Items {
		for _, line := range o.Items {
			if line.ID == item.OrderItemID {
				out = append(out, orders.Line{Name: ui.In(ctx, line.Names), SKU: line.SKU, Qty: item.Qty, PriceMinor: line.PriceMinor, TotalMinor: item.AmountMinor})
			}
		}
	}
	return out, nil
}

func (s *Server) refundStory(ctx context.Context, r checkout.RefundStory, zone *time.Location) ([]orders.Event, error) {
	var story []orders.Event
	for _, e := range r.Events {
		line := orders.Event{At: e.At.In(zone), Who: e.Actor, What: i18n.T(ctx, "refunds.story."+string(e.To)), Note: e.Note}
		if e.Code != "" {
			line.What += " (" + e.Code + ")"
		}
		story = append(story, line)
	}
	return s.named(ctx, story)
}

// refundMessage is what the customer will read once the money is out, word for word and in their language, or why they
// read nothing.
func (s *Server) refundMessage(ctx context.Context, of checkout.RefundSubject, talk *models.ID, back models.Money, method models.RefundMethod) (refunds.Words, error) {
	if talk == nil {
		return refunds.Words{Silent: i18n.T(ctx, "returns.untold")}, nil
	}
	o := chat.Outlook{Event: chat.TellRefundDone, Back: back, Method: method, Talk: talk}
	var customer *models.ID
	if of.Order != nil {
		order, err := s.Till.Order(ctx, *of.Order)
		if err != nil {
			return refunds.Words{}, err
		}
		o.Order, customer = &order, order.CustomerID
	} else {
		visit, err := s.Diary.Appointment(ctx, *of.Visit)
		if err != nil {
			return refunds.Words{}, err
		}
		o.Visit, customer = visit, &visit.BookedByID
	}
	name := ""
	if customer != nil {
		names, err := s.People.Names(ctx, []models.ID{*customer})
		if err != nil {
			return refunds.Words{}, err
		}
		name = names[*customer]
		o.Customer.Name = name
	}
	m, err := s.words(ctx, name, o)
	return refunds.Words{To: m.To, Language: m.Language, Text: m.Text, Silent: m.Silent}, err
}

// version of a refund as a form carries it.
func refundVersion(r models.Refund) string { return strconv.FormatInt(r.Version, 10) }
