// Package calendar speaks with the stylists' own calendars: Google Calendar's REST interface, version 3, as a
// service account that each stylist shares their calendar with, and the iCalendar feed that other programs
// subscribe to. It owns the wire formats, the token, paging, the time-out and the breaker. It never decides
// what is written or what an entry means for the diary, never retries by itself (jobs do), never runs inside a
// database transaction, and keeps none of the provider's words, which quote people's names.
package calendar

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/jwt"

	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
)

// Where Google is, and what of it the service account asks for: entries, and nothing else.
const (
	GoogleURL = "https://www.googleapis.com/calendar/v3"
	scope     = "https://www.googleapis.com/auth/calendar.events"
)

// Config says where the calendars are and how patient to be with them. Zero durations and counts take the
// defaults in brackets. Durations are machine time.
type Config struct {
	BaseURL  string // [GoogleURL]
	TokenURL string // [the key's own]
	Key      Key
	Timeout  time.Duration // [10s] of one call, connecting included
	PageSize int           // [2500] entries of a page; the provider gives no more than that
	AtOnce   int           // [4] calls under way; one more is refused with CodeBusy, so that a slow provider never occupies every worker

	BreakerFailures uint32        // [5] failures in a row that open the breaker
	BreakerPause    time.Duration // [30s] that an open breaker refuses calls before it lets one probe through
}

// maxAnswer bounds what is read of an answer: a page of entries with everything left out that nobody asked for.
const maxAnswer = 8 << 20

// Client reads and writes calendars. Safe for concurrent use.
type Client struct {
	cfg     Config
	http    *http.Client
	account jwt.Config
	tokens  chan *oauth2.Token // the one there is, nil: none; whoever has taken it out may fetch another
	places  chan struct{}      // one for every call that may be under way
	breaker *redisstore.Breaker
}

// answer is what came back of a call.
type answer struct {
	status int
	body   []byte
}

// New makes a client. It calls nobody.
func New(cfg Config) *Client {
	cfg.BaseURL = strings.TrimRight(cmp.Or(cfg.BaseURL, GoogleURL), "/")
	cfg.PageSize, cfg.AtOnce, cfg.Timeout = cmp.Or(cfg.PageSize, 2500), cmp.Or(cfg.AtOnce, 4), cmp.Or(cfg.Timeout, 10*time.Second)
	terms := redisstore.BreakerTerms{Failures: cmp.Or(cfg.BreakerFailures, 5), Pause: cmp.Or(cfg.BreakerPause, 30*time.Second)}
	plain := &http.Client{
		Timeout: cfg.Timeout,
		// A redirect would take the token to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	account := jwt.Config{
		Email: cfg.Key.Email, PrivateKey: []byte(cfg.Key.PrivateKey), PrivateKeyID: cfg.Key.ID, Scopes: []string{scope},
		TokenURL: cmp.Or(cfg.TokenURL, cfg.Key.TokenURL),
	}
	c := &Client{
		cfg: cfg, breaker: redisstore.NewBreaker("calendar", terms), http: plain, account: account,
		places: make(chan struct{}, cfg.AtOnce), tokens: make(chan *oauth2.Token, 1),
	}
	c.tokens <- nil
	return c
}

// Breaker keeps callers from a provider that does not answer.
func (c *Client) Breaker() *redisstore.Breaker { return c.breaker }

// Check asks for one entry of the service account's own calendar: the key and the way there are good (R-1717).
func (c *Client) Check(ctx context.Context) error { return c.CheckCalendar(ctx, "primary") }

// CheckCalendar asks for one entry of a calendar: whether it is shared with the service account.
func (c *Client) CheckCalendar(ctx context.Context, calendarID string) error {
	var page eventsPage
	return c.call(ctx, request{name: "check", method: http.MethodGet, path: []string{calendarID, "events"}, query: url.Values{"maxResults": {"1"}}}, &page)
}

// request is one call; the path goes below /calendars.
type request struct {
	name   string
	method string
	path   []string
	query  url.Values
	tag    string // If-None-Match; a 304 is CodeUnchanged
	body   any
}

// call runs one request through the breaker, outside any transaction, and reads its answer into out (nil: it
// has none). The token, where one must be fetched for it, comes out of the same time. Every failure is an *Error.
func (c *Client) call(ctx context.Context, r request, out reader) error {
	if database.InTransaction(ctx) {
		return &Error{Call: r.name, Code: CodeInTransaction}
	}
	select {
	case c.places <- struct{}{}:
		defer func() { <-c.places }()
	default:
		return &Error{Call: r.name, Code: CodeBusy, Temporary: true}
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	got, err := redisstore.Call(ctx, c.breaker, redisstore.Outages(Temporary, Code), func() (answer, error) {
		token, err := c.token(ctx, r.name, nil)
		if err != nil {
			return answer{}, err
		}
		got, err := c.ask(ctx, r, token)
		if status(err) != http.StatusUnauthorized {
			return got, err
		}
		if token, err = c.token(ctx, r.name, token); err != nil { // it was withdrawn before its time
			return answer{}, err
		}
		return c.ask(ctx, r, token)
	})
	switch {
	case errors.Is(err, redisstore.ErrOpen):
		return &Error{Call: r.name, Code: CodeBreakerOpen, Temporary: true, cause: err}
	case err != nil:
		return err
	case out == nil && len(got.body) == 0:
		return nil
	case out == nil || json.Unmarshal(got.body, out) != nil || !out.sound():
		return &Error{Call: r.name, Code: CodeGarbage, Status: got.status, Temporary: true}
	}
	return nil
}

// reader is an answer that can tell whether it is one.
type reader interface{ sound() bool }

func (c *Client) ask(ctx context.Context, r request, token *oauth2.Token) (answer, error) {
	req, err := c.prepare(ctx, r)
	if err != nil {
		return answer{}, &Error{Call: r.name, Code: CodeNoAnswer, cause: err}
	}
	token.SetAuthHeader(req)
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, &Error{Call: r.name, Code: CodeNoAnswer, Temporary: true, cause: err}
	}
	defer res.Body.Close() //nolint:errcheck // read to its end or given up
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	switch {
	case err != nil:
		return answer{}, &Error{Call: r.name, Code: CodeNoAnswer, Status: res.StatusCode, Temporary: true, cause: err}
	case res.StatusCode == http.StatusNotModified && r.tag != "":
		return answer{}, &Error{Call: r.name, Code: CodeUnchanged, Status: res.StatusCode}
	case res.StatusCode/100 != 2:
		return answer{}, refusal(r.name, res.StatusCode, body)
	}
	return answer{res.StatusCode, body}, nil
}

func (c *Client) prepare(ctx context.Context, r request) (*http.Request, error) {
	address := c.cfg.BaseURL + "/calendars"
	for _, part := range r.path {
		address += "/" + url.PathEscape(part)
	}
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	var body []byte
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.tag != "" {
		req.Header.Set("If-None-Match", r.tag)
	}
	return req, nil
}
