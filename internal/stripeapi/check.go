package stripeapi

import (
	"context"

	"github.com/stripe/stripe-go/v76"
)

// Check reads the account's balance: no money moves (R-1717). A failure is an *Error.
func (c *Client) Check(ctx context.Context) error {
	_, err := call(ctx, c, "read balance", func(ctx context.Context) (struct{}, error) {
		p := &stripe.BalanceParams{}
		p.Context = ctx
		got, err := c.api.Balance.Get(p)
		if err == nil && got.Object != "balance" {
			err = errGarbage
		}
		return struct{}{}, err
	})
	return err
}
