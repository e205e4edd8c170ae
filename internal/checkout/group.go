package checkout

import (
	"context"
	"slices"

	"frontdesk/models"
)

// deposit is what one payment for the bill asks for: the sum of its visits' deposits, each of which was
// rounded by itself, so that shares and sum agree to the cent.
func (b *bill) deposit() (sum int64) {
	for _, v := range b.party {
		sum += v.DepositMinor
	}
	return sum
}

// paying are the visits that have something to pay ahead; of a visit alone, that visit.
func (b *bill) paying() []models.Appointment {
	if len(b.party) == 1 {
		return b.party
	}
	var due []models.Appointment
	for _, v := range b.party {
		if v.DepositMinor > 0 {
			due = append(due, v)
		}
	}
	return due
}

// unasked tells whether staff have confirmed all that the bill asks for without its deposit.
func (b *bill) unasked() bool {
	for _, v := range b.paying() {
		if v.Status != models.Confirmed || v.DepositState != models.DepositNone {
			return false
		}
	}
	return true
}

// share is what of a payment is a visit's and has not gone back: all that is left of its own payment; of a
// group's its deposit, less what went back of it.
func share(visit models.Appointment, p models.Payment, refunds []models.Refund) int64 {
	left, own := p.ReceivedMinor, visit.DepositMinor
	for _, r := range refunds {
		if !r.State.Moves() {
			continue
		}
		left -= r.AmountMinor
		if r.AppointmentID != nil && *r.AppointmentID == visit.ID {
			own -= r.AmountMinor
		}
	}
	if p.GroupID == nil {
		return left
	}
	return max(0, min(own, left))
}

// payBackShare refunds a visit's part of a group's payment. The payment counts as paid while it
// holds anybody's deposit.
func (t *Till) payBackShare(ctx context.Context, b *bill, p *models.Payment, amount int64, reason string) (models.ID, error) {
	refund, err := t.refund(ctx, b.visit, p, &b.visit.ID, amount, reason)
	if err != nil {
		return refund, err
	}
	rows, err := t.Refunds(ctx, []models.ID{p.ID})
	if err != nil {
		return refund, err
	}
	left := p.ReceivedMinor
	for _, r := range rows[p.ID] {
		if r.State.Moves() {
			left -= r.AmountMinor
		}
	}
	if left > 0 {
		return refund, nil
	}
	p.State = models.PaymentRefundPending
	return refund, t.save(ctx, p, "state")
}

// concerned is the visit that a refund is about: the one whose share it is, else the bill's own.
func (b *bill) concerned(r models.Refund) models.Appointment {
	for _, v := range b.party {
		if r.AppointmentID != nil && v.ID == *r.AppointmentID {
			return v
		}
	}
	return b.visit
}

// owedShares are the refunds of shares that failed and whose visits still wait for the money; first the one that is
// just the amount.
func (b *bill) owedShares(refunds []models.Refund, amount int64) []models.Refund {
	var owed []models.Refund
	waits := func(r models.Refund) bool {
		return r.AppointmentID != nil && b.concerned(r).DepositState == models.DepositRefundPending
	}
	paid := func(of models.ID) bool {
		return slices.ContainsFunc(refunds, func(r models.Refund) bool {
			return r.State.Moves() && r.AppointmentID != nil && *r.AppointmentID == of
		})
	}
	for _, r := range refunds {
		listed := slices.ContainsFunc(owed, func(o models.Refund) bool { return *o.AppointmentID == *r.AppointmentID })
		if r.State == models.RefundFailed && waits(r) && !paid(*r.AppointmentID) && !listed {
			owed = append(owed, r)
		}
	}
	slices.SortStableFunc(owed, func(a, o models.Refund) int {
		switch {
		case a.AmountMinor == amount && o.AmountMinor != amount:
			return -1
		case a.AmountMinor != amount && o.AmountMinor == amount:
			return 1
		default:
			return 0
		}
	})
	return owed
}

// balanceShare brings the deposit of one visit of a group to what became of the refund of its part.
func (t *Till) balanceShare(ctx context.Context, visitID models.ID, r models.Refund) error {
	visit, err := t.diary.Appointment(ctx, visitID)
	if err != nil {
		return err
	}
	switch {
	case r.State == models.RefundSucceeded && visit.DepositState == models.DepositRefundPending:
		return t.diary.SetDeposit(ctx, visit.ID, models.DepositRefunded, actorSystem, "refund.succeeded")
	case r.State == models.RefundFailed && visit.DepositState == models.DepositRefunded:
		return t.diary.SetDeposit(ctx, visit.ID, models.DepositRefundPending, actorProvider, "refund.failed")
	default:
		return nil
	}
}

// owedAgain follows a group's refund that came back: the part of one visit was dealt with by itself, all
// other deposits that counted as refunded are owed again when it was the whole.
func (t *Till) owedAgain(ctx context.Context, b *bill) error {
	rows, err := t.Refunds(ctx, paymentIDs(b.payments))
	if err != nil {
		return err
	}
	for _, p := range b.payments {
		for _, r := range rows[p.ID] {
			if r.AppointmentID != nil {
				return nil
			}
		}
	}
	for _, v := range b.paying() {
		if v.DepositState != models.DepositRefunded {
			continue
		}
		if err := t.diary.SetDeposit(ctx, v.ID, models.DepositRefundPending, actorProvider, "refund.failed"); err != nil {
			return err
		}
	}
	return nil
}

func paymentIDs(payments []models.Payment) []models.ID {
	ids := make([]models.ID, len(payments))
	for i, p := range payments {
		ids[i] = p.ID
	}
	return ids
}
