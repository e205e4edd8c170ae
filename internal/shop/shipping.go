package shop

import (
	"context"

	"frontdesk/internal/settings"
	"frontdesk/models"
)

// Shipping is what the way costs for a cart as it is, and from which subtotal on it costs nothing.
type Shipping struct {
	Currency                     string
	ShippingMinor, FreeFromMinor int64
}

// Estimate is what the cart's total contains for shipping, and what an order of it will be charged.
func (s *Shop) Estimate(ctx context.Context, o Owner) (Shipping, error) {
	cart, p, err := s.cart(ctx, o)
	if err != nil {
		return Shipping{}, err
	}
	return Shipping{Currency: cart.Currency, ShippingMinor: cart.ShippingMinor, FreeFromMinor: p.Shipping(cart.Currency).FreeFromMinor}, nil
}

// shipping is the price of sending goods of so much: nothing for nothing, nothing from a subtotal on, else flat.
func shipping(subtotal int64, empty bool, t settings.Tariff) int64 {
	if empty || subtotal >= t.FreeFromMinor {
		return 0
	}
	return t.FlatMinor
}

// tally adds a cart up. Prices contain their tax, so that none is added: its place is kept for a shop
// whose prices do not.
func tally(cart *models.Cart, p settings.Policies) {
	cart.SubtotalMinor = 0
	for i := range cart.Items {
		item := &cart.Items[i]
		item.TotalMinor = item.PriceMinor * int64(item.Qty)
		cart.SubtotalMinor += item.TotalMinor
	}
	if len(cart.Items) == 0 {
		cart.Currency = p.Currency
	}
	cart.TaxMinor = 0
	cart.ShippingMinor = shipping(cart.SubtotalMinor, len(cart.Items) == 0, p.Shipping(cart.Currency))
	cart.TotalMinor = cart.SubtotalMinor + cart.TaxMinor + cart.ShippingMinor
}
