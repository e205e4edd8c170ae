// Package chatwoot speaks to Chatwoot, an optional inbox in which people answer: it proves that a webhook
// is Chatwoot's, reads it into events, creates messages and sets the status of conversations. It owns the
// wire format alone. It must never decide what to say, when, or to whom, and it calls nothing while a
// transaction is on the context.
package chatwoot

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// Config says where Chatwoot is and how patient to be with it. Zero durations and counts take the
// defaults in brackets. Durations are machine time.
type Config struct {
	BaseURL string        // "https://app.chatwoot.com"; empty: there is no Chatwoot
	Token   string        // of an agent bot; sent as api_access_token
	Timeout time.Duration // [10s] of one call, connecting included
	AtOnce  int           // [4] calls under way; one more is put off, so that a slow Chatwoot never occupies every worker

	BreakerFailures uint32        // [5] failures in a row that open the breaker
	BreakerPause    time.Duration // [10s] that an open breaker refuses calls before it lets one probe through
}

// Client writes into Chatwoot's conversations. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	base    string
	token   string
	pause   time.Duration
	trip    uint32
	places  chan struct{}
	breaker atomic.Pointer[gobreaker.CircuitBreaker[[]byte]]
}

// New makes a client. It does not call Chatwoot.
func New(cfg Config) *Client {
	if cfg.Timeout <= 0 {
		cfg.Timeout = 10 * time.Second
	}
	if cfg.BreakerFailures == 0 {
		cfg.BreakerFailures = 5
	}
	if cfg.BreakerPause <= 0 {
		cfg.BreakerPause = 10 * time.Second
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 8
	c := &Client{
		http: &http.Client{
			Transport: transport,
			Timeout:   cfg.Timeout,
			// A redirect would take the token to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		base: strings.TrimRight(cfg.BaseURL, "/"), token: cfg.Token, pause: cfg.BreakerPause, trip: cfg.BreakerFailures,
		places: make(chan struct{}, cmp.Or(cfg.AtOnce, 4)),
	}
	c.Reset()
	return c
}

// Connected tells whether there is a Chatwoot to speak to.
func (c *Client) Connected() bool { return c != nil && c.base != "" && c.token != "" }

// Reset closes the breaker and forgets its count.
func (c *Client) Reset() {
	c.breaker.Store(gobreaker.NewCircuitBreaker[[]byte](gobreaker.Settings{
		Name:        "chatwoot",
		Timeout:     c.pause,
		ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= c.trip },
		// A refusal is an answer: the service works. Only silence and nonsense count.
		IsSuccessful: func(err error) bool {
			var failed *Error
			return err == nil || errors.As(err, &failed) && !failed.outage
		},
	}))
}
