package stripeapi

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"

	"frontdesk/models"
)

// Window is a stretch of time, half open, by when Stripe made a thing. Stripe counts in seconds.
type Window struct{ From, To time.Time }

// Holds tells whether a moment is in the window.
func (w Window) Holds(at time.Time) bool { return !at.Before(w.From) && at.Before(w.To) }

func (w Window) created() *stripe.RangeQueryParams {
	return &stripe.RangeQueryParams{GreaterThanOrEqual: w.From.Unix(), LesserThan: w.To.Unix()}
}

// Page is a part of a list, the newest first. Next is what the following part is asked for with; empty: this was the last.
type Page[T any] struct {
	Items []T
	Next  string
}

// pageSize is Stripe's greatest.
const pageSize = 100

// Charge is money that came in, as Stripe has it.
type Charge struct {
	ID            string
	PaymentIntent string
	PaymentID     models.ID    // our reference; zero when it carries none
	Amount        models.Money // what was captured
	Paid          bool
	Created       time.Time
}

// Returned is money that goes back, as Stripe lists it.
type Returned struct {
	Refund
	PaymentIntent string
	RefundID      models.ID // our references; zero when it carries none
	PaymentID     models.ID
	Amount        models.Money
	Created       time.Time
}

// listed asks for one part of a list.
func listed(ctx context.Context, after string) stripe.ListParams {
	p := stripe.ListParams{Context: ctx, Single: true, Limit: stripe.Int64(pageSize)}
	if after != "" {
		p.StartingAfter = stripe.String(after)
	}
	return p
}

// pageOf makes a part of a list of what Stripe gave; id tells what the next one begins behind.
func pageOf[S, T any](found []S, more bool, id func(S) string, read func(S) T) Page[T] {
	var p Page[T]
	for _, s := range found {
		p.Items = append(p.Items, read(s))
	}
	if more && len(found) > 0 {
		p.Next = id(found[len(found)-1])
	}
	return p
}

// ChargesIn lists what came in, a part at a time; also what was tried and not paid.
func (c *Client) ChargesIn(ctx context.Context, w Window, after string) (Page[Charge], error) {
	return call(ctx, c, "list charges", func(ctx context.Context) (Page[Charge], error) {
		return c.charges(&stripe.ChargeListParams{ListParams: listed(ctx, after), CreatedRange: w.created()})
	})
}

// ChargeOf reads the money that came in by a payment intent; found is false where none did.
func (c *Client) ChargeOf(ctx context.Context, paymentIntent string) (got Charge, found bool, err error) {
	page, err := call(ctx, c, "list charges of payment", func(ctx context.Context) (Page[Charge], error) {
		page, err := c.charges(&stripe.ChargeListParams{ListParams: listed(ctx, ""), PaymentIntent: stripe.String(paymentIntent)})
		return page, orNone(err)
	})
	for _, ch := range page.Items {
		if ch.Paid {
			return ch, true, nil
		}
	}
	return Charge{}, false, err
}

func (c *Client) charges(p *stripe.ChargeListParams) (Page[Charge], error) {
	list := c.api.Charges.List(p)
	if err := list.Err(); err != nil {
		return Page[Charge]{}, err
	}
	got := list.ChargeList()
	return pageOf(got.Data, got.HasMore, func(s *stripe.Charge) string { return s.ID }, charge), nil
}

func charge(s *stripe.Charge) Charge {
	out := Charge{
		ID: s.ID, PaymentID: reference(s.Metadata[metaPayment]), Paid: s.Paid && s.Status == stripe.ChargeStatusSucceeded && s.AmountCaptured > 0,
		Amount: money(s.AmountCaptured, s.Currency), Created: time.Unix(s.Created, 0).UTC(),
	}
	if s.PaymentIntent != nil {
		out.PaymentIntent = s.PaymentIntent.ID
	}
	return out
}

// RefundsIn lists what went back, a part at a time.
func (c *Client) RefundsIn(ctx context.Context, w Window, after string) (Page[Returned], error) {
	return call(ctx, c, "list refunds", func(ctx context.Context) (Page[Returned], error) {
		return c.returned(&stripe.RefundListParams{ListParams: listed(ctx, after), CreatedRange: w.created()})
	})
}

// RefundsOf lists what went back of a payment: a hundred at most, the newest first. Of a payment that Stripe does not know there is none.
func (c *Client) RefundsOf(ctx context.Context, paymentIntent string) ([]Returned, error) {
	page, err := call(ctx, c, "list refunds of payment", func(ctx context.Context) (Page[Returned], error) {
		page, err := c.returned(&stripe.RefundListParams{ListParams: listed(ctx, ""), PaymentIntent: stripe.String(paymentIntent)})
		return page, orNone(err)
	})
	return page.Items, err
}

func (c *Client) returned(p *stripe.RefundListParams) (Page[Returned], error) {
	list := c.api.Refunds.List(p)
	if err := list.Err(); err != nil {
		return Page[Returned]{}, err
	}
	got := list.RefundList()
	return pageOf(got.Data, got.HasMore, func(s *stripe.Refund) string { return s.ID }, returned), nil
}

func returned(s *stripe.Refund) Returned {
	out := Returned{
		Refund:   Refund{ID: s.ID, Status: RefundStatus(s.Status), FailureReason: string(s.FailureReason)},
		RefundID: reference(s.Metadata[metaRefund]), PaymentID: reference(s.Metadata[metaPayment]),
		Amount: money(s.Amount, s.Currency), Created: time.Unix(s.Created, 0).UTC(),
	}
	if s.PaymentIntent != nil {
		out.PaymentIntent = s.PaymentIntent.ID
	}
	return out
}

// EventsIn lists the events that the product acts on, a part at a time, each as it would have come by a webhook. Stripe keeps them for 30 days.
func (c *Client) EventsIn(ctx context.Context, w Window, after string) (Page[Event], error) {
	return call(ctx, c, "list events", func(ctx context.Context) (Page[Event], error) {
		p := &stripe.EventListParams{ListParams: listed(ctx, after), CreatedRange: w.created(), Types: stripe.StringSlice(knownTypes())}
		list := c.api.Events.List(p)
		if err := list.Err(); err != nil {
			return Page[Event]{}, err
		}
		// The bytes as they came: what a webhook would have brought.
		var raw struct {
			Data []json.RawMessage `json:"data"`
			More bool              `json:"has_more"`
		}
		got := list.EventList()
		if got.LastResponse == nil || json.Unmarshal(got.LastResponse.RawJSON, &raw) != nil {
			return Page[Event]{}, errGarbage
		}
		var page Page[Event]
		for _, one := range raw.Data {
			if e, err := ParseEvent(one); err == nil { // what is no event of ours a webhook would be refused for, too
				page.Items = append(page.Items, e)
			}
		}
		if raw.More && len(got.Data) > 0 {
			page.Next = got.Data[len(got.Data)-1].ID
		}
		return page, nil
	})
}

// orNone makes nothing found of what Stripe does not know.
func orNone(err error) error {
	if err != nil && Code(asError("", err)) == string(stripe.ErrorCodeResourceMissing) {
		return nil
	}
	return err
}

func money(minor int64, currency stripe.Currency) models.Money {
	return models.Money{Minor: minor, Currency: strings.ToUpper(string(currency))}
}
