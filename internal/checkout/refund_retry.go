package checkout

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// RetryRefund tries again what failed, by the same way or another: a refund of its own takes the failed one's place, once.
// By another way it is somebody's decision, and above their limit a second person agrees to it as to any (R-1109). One that
// the provider has not answered yet is asked for again under its own key. Faults: refund.not_found, refund.changed,
// refund.not_failed, refund.nothing_left, refund.refused with the fields method and proof.
func (t *Till) RetryRefund(ctx context.Context, act RefundAct) (models.Refund, error) {
	return t.onRefund(ctx, act, func(ctx context.Context, a account, r *models.Refund) error {
		if r.State == models.RefundPending && !r.ByHand() && r.ProviderID == nil {
			return t.setGoing(ctx, a, r, "", act.Actor)
		}
		if r.State != models.RefundFailed {
			return fault.Conflict("refund.not_failed")
		}
		again, err := act.another(*r)
		if err != nil {
			return err
		}
		if !again.ByHand() && !a.payment(again.PaymentID).Reached() {
			return fault.Invalid("refund.refused", map[string]string{"method": "refund.method_wrong"})
		}
		if err := t.roomFor(ctx, a, &again); err != nil {
			return err
		}
		if err := t.eyesOn(ctx, a, act, *r, &again); err != nil {
			return err
		}
		if err := t.turn(ctx, r, models.RefundRetried, act.Actor, act.Note); err != nil {
			return err
		}
		var items []models.RefundItem
		if err := t.db.On(ctx).Where("refund_id = ?", r.ID).Order("id").Find(&items).Error; err != nil {
			return fmt.Errorf("read lines of refund: %w", err)
		}
		*r = again
		return t.begin(ctx, a, r, act.Actor, spread(items, again.AmountMinor))
	})
}

// another is the refund that takes a failed one's place. Fault: refund.refused.
func (act RefundAct) another(r models.Refund) (models.Refund, error) {
	again := r
	again.ID, again.RetryOf, again.ProviderID, again.ErrorCode, again.KeyVersion = models.NewID(), &r.ID, nil, "", 0
	again.RequestKey, again.Proof = "", strings.Join(strings.Fields(act.Proof), " ")
	if act.Method != "" {
		again.Method = act.Method
	}
	ways := []models.RefundMethod{models.RefundByCard, models.RefundByTransfer, models.RefundByCash}
	switch {
	case !slices.Contains(ways, again.Method) || !again.ByHand() && again.OrderID != nil:
		return again, fault.Invalid("refund.refused", map[string]string{"method": "refund.method_wrong"})
	case !again.ByHand() && again.Proof != "":
		return again, fault.Invalid("refund.refused", map[string]string{"proof": "refund.proof_of_card"})
	case !said(again.Proof, MaxProof):
		return again, fault.Invalid("refund.refused", map[string]string{"proof": "return.text_long"})
	}
	return again, nil
}

// eyesOn says whether somebody must agree to another try: consent was to one way, and is not carried over to another.
func (t *Till) eyesOn(ctx context.Context, a account, act RefundAct, failed models.Refund, again *models.Refund) error {
	if again.Method == failed.Method && (!failed.SecondPerson || failed.DecidedBy != "") {
		return nil
	}
	policies, err := t.settings.Policies(ctx)
	if err != nil {
		return err
	}
	given, err := t.undecided(ctx, a, failed.ID)
	if err != nil {
		return err
	}
	again.AskedBy, again.DecidedBy, again.DecidedAt = act.Actor, "", nil
	again.SecondPerson = again.AmountMinor > aloneLimit(policies, act.Role)-given
	return nil
}

// roomFor leaves out of another try what has gone back otherwise meanwhile. Fault: refund.nothing_left.
func (t *Till) roomFor(ctx context.Context, a account, r *models.Refund) (err error) {
	var left int64
	if r.OrderID != nil {
		left, err = t.heldOf(ctx, *r)
		left = a.sale.order.TotalMinor - left
	} else {
		left, err = t.left(ctx, *a.payment(r.PaymentID))
	}
	if err != nil {
		return err
	}
	if left <= 0 {
		return fault.Conflict("refund.nothing_left")
	}
	r.AmountMinor = min(r.AmountMinor, left)
	return nil
}
