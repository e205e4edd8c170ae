package main

import (
	"errors"

	"frontdesk/internal/checkout"
)

// Takeback is what customers may send back, and for how long.
type Takeback struct {
	// ReturnsEnabled lets customers ask for returns.
	ReturnsEnabled bool `env:"RETURNS_ENABLED" envDefault:"true"`
	// ReturnsEligibleDays is how many days an order may be sent back.
	ReturnsEligibleDays int `env:"RETURNS_ELIGIBLE_DAYS" envDefault:"30"`
	// ReturnsBasis is what they are counted from: delivered, or created, which also lets what is paid or confirmed
	// be sent back before it is delivered.
	ReturnsBasis string `env:"RETURNS_BASIS" envDefault:"delivered"`
}

// maxReturnDays is how long anything may be sent back.
const maxReturnDays = 365

// checkForms judges what every environment needs to be well formed.
func (t *Takeback) checkForms() []error {
	var problems []error
	if t.ReturnsEligibleDays < 1 || t.ReturnsEligibleDays > maxReturnDays {
		problems = append(problems, errors.New("RETURNS_ELIGIBLE_DAYS must be 1 to 365"))
	}
	if basis := checkout.ReturnBasis(t.ReturnsBasis); basis != checkout.SinceDelivered && basis != checkout.SinceCreated {
		problems = append(problems, errors.New("RETURNS_BASIS must be delivered or created"))
	}
	return problems
}

func (t *Takeback) returnTerms() checkout.ReturnTerms {
	return checkout.ReturnTerms{Enabled: t.ReturnsEnabled, Days: t.ReturnsEligibleDays, Basis: checkout.ReturnBasis(t.ReturnsBasis)}
}
