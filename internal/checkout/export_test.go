package checkout

import (
	"context"

	"frontdesk/models"
)

// PlaceAtOnce is what PlaceOrder tries first; done tells whether it was enough.
func (t *Till) PlaceAtOnce(ctx context.Context, r OrderRequest) (o models.Order, done bool, err error) {
	if r, err = r.checked(); err != nil {
		return o, false, err
	}
	if ctx, err = t.db.Pin(ctx); err != nil {
		return o, false, err
	}
	p, err := t.settings.Policies(ctx)
	if err != nil {
		return o, false, err
	}
	return t.placeAtOnce(ctx, r, p)
}

// SetReturns changes what is taken back.
func (t *Till) SetReturns(terms ReturnTerms) { t.returns = terms }

// SetRMA draws codes from elsewhere.
func (t *Till) SetRMA(draw func() string) { t.drawRMA = draw }

// NewRMA draws a code as a till does.
func NewRMA() string { return newRMA() }

// ErrUnsent says that an event waits until what is on its way is out.
var ErrUnsent = errUnsent
