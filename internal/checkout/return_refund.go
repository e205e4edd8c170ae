package checkout

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// MaxProof bounds what is noted of money that was given by hand.
const MaxProof = 200 // characters

// ReturnRefund gives the money of a received return back.
type ReturnRefund struct {
	Actor       string
	Role        models.Role
	ID          models.ID
	Version     int64
	AmountMinor int64               // as the actor was told, or decided
	Method      models.RefundMethod // of an order that was not paid by card; one paid by card goes back to the card
	Proof       string              // of a transfer or of cash: its number, the receipt's
	Note        string
}

// RefundTerms are what can go back for a return.
type RefundTerms struct {
	Currency string
	Goods    int64 // what the lines cost, less what refunds are for them already
	Most     int64 // what of the order's money has not gone back yet; of lines that a refund was for, their rest and the sending
	Card     bool  // it goes back to the card
	items    []models.RefundItem
}

// RefundTerms tells what can go back for a return. Fault: return.not_found.
func (t *Till) RefundTerms(ctx context.Context, id models.ID) (RefundTerms, error) {
	r, err := t.Return(ctx, id)
	if err != nil {
		return RefundTerms{}, err
	}
	order, err := t.Order(ctx, r.OrderID)
	if err != nil {
		return RefundTerms{}, err
	}
	return t.refundTerms(ctx, order, r)
}

func (t *Till) refundTerms(ctx context.Context, order models.Order, r models.Return) (RefundTerms, error) {
	out := RefundTerms{Currency: order.Currency, Card: order.Method == models.MethodStripe}
	lines, err := t.refundableLines(ctx, order)
	if err != nil {
		return out, err
	}
	again := false
	for _, item := range r.Items {
		for _, line := range lines {
			if line.ID != item.OrderItemID {
				continue
			}
			rest := max(0, min(item.TotalMinor, line.TotalMinor-line.Back))
			out.Goods, again = out.Goods+rest, again || rest < item.TotalMinor
			out.items = append(out.items, models.RefundItem{OrderItemID: item.OrderItemID, Qty: item.Qty, AmountMinor: rest})
		}
	}
	left, err := t.returnable(ctx, order, out.Card)
	if again {
		left = min(left, out.Goods+order.ShippingMinor)
	}
	out.Most = max(0, left)
	return out, err
}

// returnable is what of an order's money has not gone back yet.
func (t *Till) returnable(ctx context.Context, order models.Order, card bool) (int64, error) {
	if !card {
		held, err := t.heldOf(ctx, models.Refund{OrderID: &order.ID})
		return order.TotalMinor - held, err
	}
	payments, err := t.OrderPayments(ctx, order.ID)
	if err != nil {
		return 0, err
	}
	paid := (&sale{payments: payments}).paid()
	if paid == nil {
		return 0, nil
	}
	return t.left(ctx, *paid)
}

// RefundReturn gives the money of a received return back and closes it: to the card by a refund, which a job asks
// the provider for, or by hand, with the method and its proof; by neither where nothing is left to give. Faults: as MoveReturn, and return.refused with the
// fields amount, method and proof; return.no_money when nothing is left of what was paid by card; return.second_person.
func (t *Till) RefundReturn(ctx context.Context, r ReturnRefund) (models.Return, error) {
	r.Note, r.Proof = strings.TrimSpace(r.Note), strings.Join(strings.Fields(r.Proof), " ")
	if !said(r.Note, MaxStaffNote) || !said(r.Proof, MaxProof) {
		return models.Return{}, fault.Invalid("return.refused", map[string]string{"note": "return.text_long"})
	}
	out, err := t.stepReturn(ctx, step{
		id: r.ID, version: r.Version, to: models.ReturnRefunded, actor: r.Actor, note: r.Note,
		pay: func(ctx context.Context, s *sale, row *models.Return) error { return t.payReturn(ctx, r, s, row) },
	})
	if err != nil {
		return models.Return{}, fmt.Errorf("refund return: %w", err)
	}
	return out, nil
}

func (t *Till) payReturn(ctx context.Context, r ReturnRefund, s *sale, row *models.Return) error {
	terms, err := t.refundTerms(ctx, s.order, *row)
	if err != nil {
		return err
	}
	if err := r.judged(terms); err != nil {
		return err
	}
	back, err := t.twoLooked(ctx, r, s, *row)
	if err != nil {
		return err
	}
	if !terms.Card || r.Method == models.RefundNothing {
		row.RefundMinor, row.RefundMethod, row.RefundProof = r.AmountMinor, r.Method, r.Proof
		return t.paidByHand(ctx, r, s, row, back, spread(terms.items, r.AmountMinor))
	}
	refund, err := t.refundSale(ctx, s, back, r.Actor, spread(terms.items, r.AmountMinor)...)
	if err != nil {
		return err
	}
	row.RefundMinor, row.RefundMethod, row.RefundID = r.AmountMinor, models.RefundByCard, &refund
	return nil
}

// paidByHand writes what was given back by hand into the ledger; once all of it has gone back, the order is refunded.
func (t *Till) paidByHand(ctx context.Context, r ReturnRefund, s *sale, row *models.Return, back models.Refund, items []models.RefundItem) error {
	if r.AmountMinor == 0 {
		return nil
	}
	back.OrderID, back.Currency, back.State, back.Method, back.Proof = &s.order.ID, s.order.Currency, models.RefundSucceeded, r.Method, r.Proof
	if err := t.record(ctx, &back, r.Actor, items...); err != nil {
		return err
	}
	row.RefundID = &back.ID
	return t.cashGiven(ctx, s, back, r.Actor)
}

// twoLooked begins the refund of a return with the people who looked: whoever took the goods in, whose word asks for it, and
// whoever gives the money. One person alone does both up to their limit, counted with all that went back of the order; what a
// program took in only an admin pays above it (R-1109). Fault: return.second_person.
func (t *Till) twoLooked(ctx context.Context, r ReturnRefund, s *sale, row models.Return) (models.Refund, error) {
	back := models.Refund{AmountMinor: r.AmountMinor, Reason: refundReturned, Note: r.Note, AskedBy: r.Actor}
	policies, err := t.settings.Policies(ctx)
	if err != nil {
		return back, err
	}
	given, err := t.undecided(ctx, account{sale: s})
	if err != nil {
		return back, err
	}
	var took []string
	err = t.db.On(ctx).Model(&models.ReturnEvent{}).Where("return_id = ? AND to_status = 'received'", row.ID).Pluck("actor", &took).Error
	if err != nil {
		return back, fmt.Errorf("read who took the goods in: %w", err)
	}
	two := byStaff(r.Actor) && len(took) > 0 && took[0] != r.Actor && (byStaff(took[0]) || r.Role == models.RoleAdmin)
	back.SecondPerson = r.AmountMinor > max(0, aloneLimit(policies, r.Role)-given)
	if back.SecondPerson && !two {
		return back, fault.Conflict("return.second_person")
	}
	if two {
		now := t.clock.Now()
		back.AskedBy, back.DecidedBy, back.DecidedAt = took[0], r.Actor, &now
	}
	return back, nil
}

// judged refuses what cannot be paid.
func (r ReturnRefund) judged(terms RefundTerms) error {
	wrong := map[string]string{}
	hand := slices.Contains(models.HandRefunds(), r.Method)
	nothing := r.Method == models.RefundNothing && (!terms.Card || terms.Most <= 0)
	switch {
	case terms.Card && terms.Most <= 0 && !nothing:
		return fault.Conflict("return.no_money")
	case nothing && r.AmountMinor != 0, !nothing && (r.AmountMinor < 1 || r.AmountMinor > terms.Most):
		wrong["amount"] = "return.amount_wrong"
	}
	if !nothing && (terms.Card && r.Method != "" && r.Method != models.RefundByCard || !terms.Card && !hand) {
		wrong["method"] = "return.method_wrong"
	}
	if hand && !nothing && r.Proof == "" {
		wrong["proof"] = "return.proof_missing"
	}
	if len(wrong) > 0 {
		return fault.Invalid("return.refused", wrong)
	}
	return nil
}

// refundReturned is why a return's money goes back.
const refundReturned = "return"
