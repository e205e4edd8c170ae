// Package whatsapp speaks the WhatsApp Cloud API, v20.0: it proves that a webhook is Meta's, reads it
// into events, writes messages within Meta's limits and sends them. It owns the wire format alone. It
// must never decide what to say, when, or to whom, and it sends nothing while a transaction is on the
// context.
package whatsapp

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"frontdesk/internal/redisstore"
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
	breaker *redisstore.Breaker
}

// New makes a client. It does not call the API.
func New(cfg Config) *Client {
	if cfg.Timeout <= 0 {
		cfg.Timeout = 10 * time.Second
	}
	terms := redisstore.BreakerTerms{Failures: cmp.Or(cfg.BreakerFailures, 5), Pause: cmp.Or(cfg.BreakerPause, 10*time.Second)}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	return &Client{
		http: &http.Client{
			Transport: transport,
			Timeout:   cfg.Timeout,
			// A redirect would take the token to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		url:     strings.TrimRight(cfg.BaseURL, "/") + "/" + Version + "/" + cfg.PhoneID + "/messages",
		token:   cfg.Token,
		breaker: redisstore.NewBreaker("whatsapp", terms),
	}
}

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
