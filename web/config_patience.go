package main

import (
	"fmt"
	"time"
)

// Patience is how long WhatsApp is waited for, and when nobody asks it or Stripe any more (R-1401, R-1403). Times are in
// milliseconds, as the earlier shop has them.
type Patience struct {
	// WASendTimeout bounds one call to WhatsApp. With the time to note what became of it it stays below SEND_GRACE.
	WASendTimeout int `env:"WA_SEND_TIMEOUT_MS" envDefault:"8000"`
	// WASendBreakerThreshold failures in a row let nobody send until WASendBreakerCooldown is over; then one call sees.
	WASendBreakerThreshold uint32 `env:"WA_SEND_BREAKER_THRESHOLD" envDefault:"5"`
	WASendBreakerCooldown  int    `env:"WA_SEND_BREAKER_COOLDOWN_MS" envDefault:"10000"`
	// StripeBreakerThreshold and StripeBreakerCooldown are the same for Stripe.
	StripeBreakerThreshold uint32 `env:"STRIPE_BREAKER_THRESHOLD" envDefault:"5"`
	StripeBreakerCooldown  int    `env:"STRIPE_BREAKER_COOLDOWN_MS" envDefault:"30000"`
}

func millis(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// checkForms judges what every environment needs to be well formed.
func (p *Patience) checkForms() []error {
	var problems []error
	for _, s := range []struct {
		name               string
		value, least, most int
	}{
		{"WA_SEND_TIMEOUT_MS", p.WASendTimeout, 500, 14_000},
		{"WA_SEND_BREAKER_THRESHOLD", int(p.WASendBreakerThreshold), 1, 1000}, {"WA_SEND_BREAKER_COOLDOWN_MS", p.WASendBreakerCooldown, 100, 600_000},
		{"STRIPE_BREAKER_THRESHOLD", int(p.StripeBreakerThreshold), 1, 1000}, {"STRIPE_BREAKER_COOLDOWN_MS", p.StripeBreakerCooldown, 100, 600_000},
	} {
		if s.value < s.least || s.value > s.most {
			problems = append(problems, fmt.Errorf("%s must be %d to %d", s.name, s.least, s.most))
		}
	}
	return problems
}
