// Package chatwoot speaks to Chatwoot, an optional inbox in which people answer: it proves that a webhook
// is Chatwoot's, reads it into events, creates messages and sets the status of conversations. It owns the
// wire format alone. It must never decide what to say, when, or to whom, and it calls nothing while a
// transaction is on the context.
package chatwoot

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"frontdesk/internal/redisstore"
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
	places  chan struct{}
	breaker *redisstore.Breaker
}

// New makes a client. It does not call Chatwoot.
func New(cfg Config) *Client {
	if cfg.Timeout <= 0 {
		cfg.Timeout = 10 * time.Second
	}
	terms := redisstore.BreakerTerms{Failures: cmp.Or(cfg.BreakerFailures, 5), Pause: cmp.Or(cfg.BreakerPause, 10*time.Second)}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 8
	return &Client{
		http: &http.Client{
			Transport: transport,
			Timeout:   cfg.Timeout,
			// A redirect would take the token to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		base: strings.TrimRight(cfg.BaseURL, "/"), token: cfg.Token, breaker: redisstore.NewBreaker("chatwoot", terms),
		places: make(chan struct{}, cmp.Or(cfg.AtOnce, 4)),
	}
}

// Connected tells whether there is a Chatwoot to speak to.
func (c *Client) Connected() bool { return c != nil && c.base != "" && c.token != "" }

// Breaker keeps callers from a service that does not answer.
func (c *Client) Breaker() *redisstore.Breaker { return c.breaker }

// outage is the code of a failure that counts against the service: only silence and nonsense do. A refusal is an answer.
func outage(err error) string {
	var failed *Error
	switch {
	case !errors.As(err, &failed) || !failed.outage:
		return ""
	case failed.Status >= http.StatusInternalServerError:
		return "http_" + strconv.Itoa(failed.Status)
	case failed.Status > 0:
		return "unreadable_answer"
	default:
		return "no_answer"
	}
}
