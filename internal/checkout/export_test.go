package checkout

// SetReturns changes what is taken back.
func (t *Till) SetReturns(terms ReturnTerms) { t.returns = terms }

// SetRMA draws codes from elsewhere.
func (t *Till) SetRMA(draw func() string) { t.drawRMA = draw }

// NewRMA draws a code as a till does.
func NewRMA() string { return newRMA() }
