// Package whatsapp speaks the WhatsApp Cloud API, v20.0: it proves that a webhook is Meta's, reads it
// into events, writes messages within Meta's limits and sends them. It owns the wire format alone. It
// must never decide what to say, when, or to whom, and it sends nothing while a transaction is on the
// context.
package whatsapp

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// Version is the version of the Graph API that the wire types here were written for.
const Version = "v20.0"

// Config says where the API is and how patient to be with it. Zero durations and counts take the
// defaults in brackets. Durations are machine time.
type Config struct {
	BaseURL string // without the version: "https://graph.facebook.com"
	PhoneID string
	Token   string
	Timeout time.Duration // [10s] of one call, connecting included

	BreakerFailures uint32        // [5] failures in a row that open the breaker
	BreakerPause    time.Duration // [10s] that an open breaker refuses calls before it lets one probe through
}

// Client sends messages. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	url     string
	token   string
	pause   time.Duration
	trip    uint32
	breaker atomic.Pointer[gobreaker.CircuitBreaker[string]]
}

// New makes a client. It does not call the API.
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
	transport.MaxIdleConnsPerHost = 16
	c := &Client{
		http: &http.Client{
			Transport: transport,
			Timeout:   cfg.Timeout,
			// A redirect would take the token to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		url:   strings.TrimRight(cfg.BaseURL, "/") + "/" + Version + "/" + cfg.PhoneID + "/messages",
		token: cfg.Token,
		pause: cfg.BreakerPause,
		trip:  cfg.BreakerFailures,
	}
	c.Reset()
	return c
}

// Reset closes the breaker and forgets its count.
func (c *Client) Reset() {
	c.breaker.Store(gobreaker.NewCircuitBreaker[string](gobreaker.Settings{
		Name:        "whatsapp",
		Timeout:     c.pause,
		ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= c.trip },
		// A refusal is an answer: the service works. Only silence and nonsense count.
		IsSuccessful: func(err error) bool {
			var failed *Error
			return err == nil || errors.As(err, &failed) && !failed.outage
		},
	}))
}

// state is what the breaker does now: "closed" lets calls through, "open" refuses them, "half-open"
// tries one.
func (c *Client) state() string { return c.breaker.Load().State().String() }
