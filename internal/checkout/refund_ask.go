package checkout

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// RefundSubject is what was paid for: a visit or an order, one of the two.
type RefundSubject struct{ Visit, Order *models.ID }

// RefundLine is so many of an order's line.
type RefundLine struct {
	OrderItem models.ID
	Qty       int
}

// RefundAsk asks for money to go back (R-1109).
type RefundAsk struct {
	RefundSubject
	Actor string
	Role  models.Role
	// Key is of the form or the call: the same key of the same actor is the same refund, however often it comes.
	Key         string
	AmountMinor int64        // 0 with Lines: what they cost; 0 without: all that is left
	Lines       []RefundLine // of an order
	Reason      models.RefundReason
	Method      models.RefundMethod // empty: back to the card
	Proof       string              // of what was given by hand already; without one it waits to be given
	Note        string              // for colleagues
}

// account is what money was taken for, locked: a visit's bill or an order's sale.
type account struct {
	bill *bill
	sale *sale
}

func (a account) payments() []models.Payment {
	if a.sale != nil {
		return a.sale.payments
	}
	return a.bill.payments
}

func (a account) conversation() *models.ID {
	if a.sale != nil {
		return a.sale.conversation
	}
	return a.bill.visit.ConversationID
}

// payment is the account's own copy of a payment, so that what is done to it is seen by all that follows.
func (a account) payment(id models.ID) *models.Payment {
	if a.sale != nil {
		return a.sale.payment(id)
	}
	return a.bill.payment(id)
}

// account locks what a refund is of. Faults: refund.no_subject, booking.not_found, orders.order_not_found.
func (t *Till) account(ctx context.Context, of RefundSubject) (a account, err error) {
	switch {
	case of.Order != nil && of.Visit == nil:
		a.sale, err = t.lockSale(ctx, *of.Order)
	case of.Visit != nil && of.Order == nil:
		a.bill, err = t.lock(ctx, *of.Visit)
	default:
		err = fault.Invalid("refund.refused", map[string]string{"visit": "refund.no_subject"})
	}
	return a, err
}

// AskRefund gives money back, or asks a second person to agree where it is more than the actor may give alone (R-1109).
// The same key is the same refund. Nothing is sent in here: a job asks the provider. Faults: refund.refused with the fields
// amount, lines, reason, method, proof and note; refund.nothing_left; refund.key_used for the key of another refund;
// those of the visit or the order.
func (t *Till) AskRefund(ctx context.Context, ask RefundAsk) (models.Refund, error) {
	ask.Note, ask.Proof = strings.TrimSpace(ask.Note), strings.Join(strings.Fields(ask.Proof), " ")
	if err := ask.judged(); err != nil {
		return models.Refund{}, err
	}
	var out models.Refund
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		a, err := t.account(ctx, ask.RefundSubject)
		if err != nil {
			return err
		}
		known, err := t.askedBefore(ctx, ask)
		if err != nil || known != nil {
			if known != nil {
				out = *known
			}
			return err
		}
		left, err := t.refundLeft(ctx, a, ask.Role)
		if err != nil {
			return err
		}
		r, items, err := ask.refund(left)
		if err != nil {
			return err
		}
		if a.bill != nil && left.Payment.GroupID != nil {
			r.AppointmentID = &a.bill.visit.ID
		}
		if err := t.begin(ctx, a, &r, ask.Actor, items); err != nil {
			return err
		}
		out = r
		return nil
	})
	switch {
	case database.Violates(err, "refunds_once"):
		return out, fault.Conflict("refund.key_used")
	case database.Violates(err, "refunds_within_received"):
		return out, fault.Conflict("refund.nothing_left")
	case err != nil:
		return out, fmt.Errorf("ask for refund: %w", err)
	}
	return out, nil
}

// begin writes a refund and, unless a second person must agree first, sets it going.
func (t *Till) begin(ctx context.Context, a account, r *models.Refund, actor string, items []models.RefundItem) error {
	proof := r.Proof
	if r.SecondPerson {
		policies, err := t.settings.Policies(ctx)
		if err != nil {
			return err
		}
		until := t.clock.Now().Add(time.Duration(policies.RefundApproveHours) * time.Hour)
		r.State, r.ExpiresAt = models.RefundAsked, &until
		return t.record(ctx, r, actor, items...)
	}
	r.State = models.RefundPending
	if err := t.record(ctx, r, actor, items...); err != nil {
		return err
	}
	return t.setGoing(ctx, a, r, proof, actor)
}

// judged refuses what no visit or order could be asked for.
func (a RefundAsk) judged() error {
	wrong := map[string]string{}
	if !slices.Contains(models.RefundReasons(), a.Reason) {
		wrong["reason"] = "refund.reason_wrong"
	}
	if a.Reason == models.ReasonOther && a.Note == "" {
		wrong["note"] = "refund.note_missing"
	}
	if !said(a.Note, MaxStaffNote) {
		wrong["note"] = "return.text_long"
	}
	if !said(a.Proof, MaxProof) {
		wrong["proof"] = "return.text_long"
	}
	if a.AmountMinor < 0 {
		wrong["amount"] = "refund.amount_wrong"
	}
	if len(a.Key) > 200 || strings.ContainsRune(a.Key, 0) {
		wrong["key"] = "return.text_long"
	}
	if len(wrong) > 0 {
		return fault.Invalid("refund.refused", wrong)
	}
	return nil
}

// RefundAsked is the refund that somebody asked for with a key already; nil where there is none. A form that is sent twice is
// answered with it, whatever is left by now.
func (t *Till) RefundAsked(ctx context.Context, actor, key string) (*models.Refund, error) {
	if key == "" || !said(key, 200) {
		return nil, nil
	}
	var r models.Refund
	err := t.db.On(ctx).Where("asked_by = ? AND request_key = ?", actor, key).Take(&r).Error
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find refund of key: %w", err)
	}
	return &r, nil
}

// askedBefore is the refund of the same key; nil where there is none. Fault: refund.key_used.
func (t *Till) askedBefore(ctx context.Context, ask RefundAsk) (*models.Refund, error) {
	r, err := t.RefundAsked(ctx, ask.Actor, ask.Key)
	if err != nil || r == nil {
		return nil, err
	}
	subject, err := t.subjectOf(ctx, *r)
	if err != nil {
		return nil, err
	}
	if !sameID(subject.Order, ask.Order) || !sameID(subject.Visit, ask.Visit) || ask.AmountMinor != 0 && ask.AmountMinor != r.AmountMinor || string(ask.Reason) != r.Reason {
		return nil, fault.Conflict("refund.key_used")
	}
	return r, nil
}

// refund is what was asked for, held against what is left. Faults: refund.nothing_left, refund.refused.
func (a RefundAsk) refund(left RefundLeft) (models.Refund, []models.RefundItem, error) {
	if left.Left <= 0 {
		return models.Refund{}, nil, fault.Conflict("refund.nothing_left")
	}
	wrong := map[string]string{}
	method := a.Method
	if method == "" {
		method = left.Methods()[0]
	}
	if !slices.Contains(left.Methods(), method) {
		wrong["method"] = "refund.method_wrong"
	}
	if method == models.RefundByCard && a.Proof != "" {
		wrong["proof"] = "refund.proof_of_card"
	}
	items, sum, ok := chosenLines(a.Lines, left.Lines)
	if !ok {
		wrong["lines"] = "refund.lines_wrong"
	}
	amount := a.AmountMinor
	switch {
	case amount == 0 && len(items) > 0:
		amount = min(sum, left.Left)
	case amount == 0:
		amount = left.Left
	}
	if amount < 1 || amount > left.Left || len(items) > 0 && amount > sum {
		wrong["amount"] = "refund.amount_wrong"
	}
	if len(wrong) > 0 {
		return models.Refund{}, nil, fault.Invalid("refund.refused", wrong)
	}
	r := models.Refund{
		AmountMinor: amount, Currency: left.Currency, Reason: string(a.Reason), Method: method, Proof: a.Proof, Note: a.Note,
		AskedBy: a.Actor, SecondPerson: amount > left.Alone, RequestKey: a.Key,
	}
	if left.Payment != nil {
		r.PaymentID = left.Payment.ID
	} else {
		r.OrderID = a.Order
	}
	return r, spread(items, amount), nil
}

// chosenLines are lines of the order, each once, of each no more than is left.
func chosenLines(chosen []RefundLine, lines []RefundableLine) (items []models.RefundItem, sum int64, ok bool) {
	for _, c := range chosen {
		i := slices.IndexFunc(lines, func(l RefundableLine) bool { return l.ID == c.OrderItem })
		twice := slices.ContainsFunc(items, func(item models.RefundItem) bool { return item.OrderItemID == c.OrderItem })
		if i < 0 || twice || c.Qty < 1 || c.Qty > lines[i].Left {
			return nil, 0, false
		}
		cost := lines[i].PriceMinor * int64(c.Qty)
		items = append(items, models.RefundItem{OrderItemID: c.OrderItem, Qty: c.Qty, AmountMinor: cost})
		sum += cost
	}
	return items, sum, true
}
