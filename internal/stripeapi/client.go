// Package stripeapi speaks to Stripe: hosted payment pages, refunds, and the events Stripe sends.
// It owns the wire types, the idempotency keys' transport, the time-out and the breaker. It knows no
// rule, never retries by itself (jobs do), never runs inside a database transaction, and never sees
// a card: customers type theirs on Stripe's page.
package stripeapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"

	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
)

// Config of the client. Zero durations and counts take the defaults in brackets.
type Config struct {
	BaseURL   string // empty: Stripe itself
	SecretKey string
	Timeout   time.Duration // [15s] for a whole call
	// BreakerThreshold consecutive temporary failures [5] open the breaker for BreakerCooldown [30s].
	BreakerThreshold uint32
	BreakerCooldown  time.Duration
}

// Client calls Stripe. Safe for concurrent use.
type Client struct {
	api     *client.API
	timeout time.Duration
	keyed   bool // there is an account to ask
	breaker *redisstore.Breaker
}

// ErrInTransaction refuses a call while a database transaction is on the context: a slow provider
// must never hold locks.
var ErrInTransaction = errors.New("call to Stripe inside a database transaction")

// New makes a client with its own connections; stripe-go's package-level settings are not touched.
func New(cfg Config) *Client {
	timeout := cmp.Or(cfg.Timeout, 15*time.Second)
	backend := &stripe.BackendConfig{
		HTTPClient:        &http.Client{Timeout: timeout},
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull}, // errors come back; bodies hold personal data
		MaxNetworkRetries: stripe.Int64(0),
		EnableTelemetry:   stripe.Bool(false),
	}
	if cfg.BaseURL != "" {
		backend.URL = stripe.String(cfg.BaseURL)
	}
	return &Client{
		api:     client.New(cfg.SecretKey, stripe.NewBackendsWithConfig(backend)),
		timeout: timeout, keyed: cfg.SecretKey != "",
		breaker: redisstore.NewBreaker("stripe", redisstore.BreakerTerms{
			Failures: cmp.Or(cfg.BreakerThreshold, 5), Pause: cmp.Or(cfg.BreakerCooldown, 30*time.Second),
		}),
	}
}

// Configured tells whether there is an account to ask at all.
func (c *Client) Configured() bool { return c != nil && c.keyed }

// Breaker keeps callers from a Stripe that is absent or overloaded.
func (c *Client) Breaker() *redisstore.Breaker { return c.breaker }

// call runs one request within the time-out, through the breaker, outside any transaction.
func call[T any](ctx context.Context, c *Client, what string, request func(ctx context.Context) (T, error)) (T, error) {
	var none T
	if database.InTransaction(ctx) {
		return none, &Error{Call: what, Code: "in_transaction", cause: ErrInTransaction}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	got, err := redisstore.Call(ctx, c.breaker, redisstore.Outages(Temporary, Code), func() (T, error) {
		v, err := request(ctx)
		if err != nil {
			return none, asError(what, err)
		}
		return v, nil
	})
	if errors.Is(err, redisstore.ErrOpen) {
		return none, &Error{Call: what, Code: CodeBreakerOpen, Temporary: true, cause: err}
	}
	return got, err
}
