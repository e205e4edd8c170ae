package stripeapi

import (
	"cmp"
	"context"

	"github.com/stripe/stripe-go/v76"

	"frontdesk/models"
)

// RefundRequest asks for money to go back to where it came from.
type RefundRequest struct {
	IdempotencyKey string
	RefundID       models.ID
	PaymentID      models.ID
	PaymentIntent  string
	AmountMinor    int64 // in the currency of the payment
	Reason         RefundReason
}

// RefundReason is what Stripe is told of why money goes back. Fraudulent also keeps the card out.
type RefundReason string

// Reasons that Stripe takes (C5).
const (
	ReasonDuplicate  RefundReason = "duplicate"
	ReasonFraudulent RefundReason = "fraudulent"
	ReasonRequested  RefundReason = "requested_by_customer"
)

// RefundStatus is Stripe's word on a refund.
type RefundStatus string

// Statuses of a refund at Stripe (C5).
const (
	RefundPending        RefundStatus = "pending"
	RefundRequiresAction RefundStatus = "requires_action"
	RefundSucceeded      RefundStatus = "succeeded"
	RefundFailed         RefundStatus = "failed"
	RefundCanceled       RefundStatus = "canceled"
)

// Refund is a refund as Stripe has it.
type Refund struct {
	ID            string
	Status        RefundStatus
	FailureReason string
}

// CreateRefund asks Stripe to pay a refund out.
func (c *Client) CreateRefund(ctx context.Context, r RefundRequest) (Refund, error) {
	return call(ctx, c, "create refund", func(ctx context.Context) (Refund, error) {
		p := &stripe.RefundParams{
			PaymentIntent: stripe.String(r.PaymentIntent),
			Amount:        stripe.Int64(r.AmountMinor),
			Reason:        stripe.String(string(cmp.Or(r.Reason, ReasonRequested))),
			Metadata:      map[string]string{metaRefund: r.RefundID.String(), metaPayment: r.PaymentID.String()},
		}
		p.Context = ctx
		p.SetIdempotencyKey(r.IdempotencyKey)
		got, err := c.api.Refunds.New(p)
		if err == nil && got.ID == "" {
			err = errGarbage
		}
		if err != nil {
			return Refund{}, err
		}
		return Refund{ID: got.ID, Status: RefundStatus(got.Status), FailureReason: string(got.FailureReason)}, nil
	})
}

// FindRefund looks among the refunds of a payment for the one that was made for ours; found is false where there is none. Of
// several it is the newest that has not failed.
func (c *Client) FindRefund(ctx context.Context, paymentIntent string, refundID models.ID) (got Refund, found bool, err error) {
	got, err = call(ctx, c, "list refunds", func(ctx context.Context) (out Refund, err error) {
		p := &stripe.RefundListParams{PaymentIntent: stripe.String(paymentIntent)}
		p.Context = ctx
		p.Limit = stripe.Int64(100)
		list := c.api.Refunds.List(p)
		for list.Next() {
			r := list.Refund()
			if reference(r.Metadata[metaRefund]) != refundID || out.ID != "" && !out.Failed() {
				continue
			}
			if one := (Refund{ID: r.ID, Status: RefundStatus(r.Status), FailureReason: string(r.FailureReason)}); out.ID == "" || !one.Failed() {
				out = one
			}
		}
		return out, list.Err()
	})
	return got, got.ID != "", err
}

// Failed tells whether the money is not on its way any more, nor out.
func (r Refund) Failed() bool { return r.Status == RefundFailed || r.Status == RefundCanceled }
