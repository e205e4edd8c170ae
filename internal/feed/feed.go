// Package feed reads the product feed: what the shop's suppliers say there is to sell. It owns the wire format,
// its limits, paging, the time-out and the breaker. It never decides what becomes of a product, never retries by
// itself (jobs do), never runs inside a database transaction, and follows no link that the feed holds.
//
// The feed is JSON over GET, with a bearer token where one is configured, in pages (docs/catalogue.md):
//
//	{"categories": [{"slug", "names", "parent"?, "position"?}],
//	 "products": [{"sku", "names", "descriptions"?, "priceMinor", "currency", "stock", "active"?, "brand"?,
//	               "category"?, "attributes"?, "media"?: [{"url", "kind"?, "alt"?}]}],
//	 "next"?: "cursor"}
//
// The page after one with a "next" is asked for with ?cursor=. Names and other words are one per language.
package feed

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
)

// Config says where the feed is and how patient to be with it. Zero durations and counts take the defaults in
// brackets. Durations are machine time.
type Config struct {
	URL     string
	Token   string        // empty: none is sent
	Timeout time.Duration // [15s] of one page, connecting included

	BreakerFailures uint32        // [5] failures in a row that open the breaker
	BreakerPause    time.Duration // [30s] that an open breaker refuses calls before it lets one probe through
}

// Limits of a feed.
const (
	maxPage     = 32 << 20 // bytes
	maxPages    = 2000
	MaxProducts = 200_000
	maxCursor   = 500
)

// Client reads the feed. Safe for concurrent use.
type Client struct {
	cfg     Config
	http    *http.Client
	breaker *redisstore.Breaker
}

// New makes a client. It calls nobody.
func New(cfg Config) *Client {
	terms := redisstore.BreakerTerms{Failures: cmp.Or(cfg.BreakerFailures, 5), Pause: cmp.Or(cfg.BreakerPause, 30*time.Second)}
	c := &Client{cfg: cfg, breaker: redisstore.NewBreaker("feed", terms), http: &http.Client{
		Timeout: cmp.Or(cfg.Timeout, 15*time.Second),
		// A redirect would take the token to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	return c
}

// Breaker keeps callers from a provider that does not answer.
func (c *Client) Breaker() *redisstore.Breaker { return c.breaker }

// Source is where the feed is, without what opens it.
func (c *Client) Source() string {
	u, err := url.Parse(c.cfg.URL)
	if err != nil {
		return ""
	}
	return u.Host + u.Path
}

// Check reads the first page: the address and the token are good (R-1717).
func (c *Client) Check(ctx context.Context) error {
	_, err := c.page(ctx, "")
	return err
}

// Read gives the whole feed. Every failure is an *Error; what was read before it is not given.
func (c *Client) Read(ctx context.Context) (Catalogue, error) {
	var whole Catalogue
	seen := newSeen()
	cursor := ""
	for range maxPages {
		page, err := c.page(ctx, cursor)
		if err != nil {
			return Catalogue{}, err
		}
		whole.add(page, seen)
		switch {
		case len(whole.Products) > MaxProducts:
			return Catalogue{}, &Error{Code: CodeTooMany}
		case page.Next == "":
			return whole, nil
		case page.Next == cursor || len(page.Next) > maxCursor:
			return Catalogue{}, &Error{Code: CodeGarbage, Temporary: true}
		}
		cursor = page.Next
	}
	return Catalogue{}, &Error{Code: CodeTooMany}
}

// page reads one page through the breaker, outside any transaction.
func (c *Client) page(ctx context.Context, cursor string) (wirePage, error) {
	if database.InTransaction(ctx) {
		return wirePage{}, &Error{Code: CodeInTransaction}
	}
	body, err := redisstore.Call(ctx, c.breaker, redisstore.Outages(Temporary, Code), func() ([]byte, error) { return c.ask(ctx, cursor) })
	switch {
	case errors.Is(err, redisstore.ErrOpen):
		return wirePage{}, &Error{Code: CodeBreakerOpen, Temporary: true, cause: err}
	case err != nil:
		return wirePage{}, err
	}
	return parse(body)
}

func (c *Client) ask(ctx context.Context, cursor string) ([]byte, error) {
	u, err := url.Parse(c.cfg.URL)
	if err != nil {
		return nil, &Error{Code: CodeNoAnswer, cause: err}
	}
	if cursor != "" {
		query := u.Query()
		query.Set("cursor", cursor)
		u.RawQuery = query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Error{Code: CodeNoAnswer, cause: err}
	}
	req.Header.Set("Accept", "application/json")
	if c.cfg.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.cfg.Token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, &Error{Code: CodeNoAnswer, Temporary: true, cause: err}
	}
	defer res.Body.Close() //nolint:errcheck // read to its end or given up
	body, err := io.ReadAll(io.LimitReader(res.Body, maxPage+1))
	switch {
	case err != nil:
		return nil, &Error{Code: CodeNoAnswer, Status: res.StatusCode, Temporary: true, cause: err}
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		return nil, &Error{Code: CodeRefused, Status: res.StatusCode}
	case res.StatusCode != http.StatusOK:
		later := res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusRequestTimeout
		return nil, &Error{Code: CodeNoFeed, Status: res.StatusCode, Temporary: later}
	case len(body) > maxPage:
		return nil, &Error{Code: CodeTooMany, Status: res.StatusCode}
	}
	return body, nil
}

// parse reads a page as it came.
func parse(body []byte) (wirePage, error) {
	var page wirePage
	if err := json.Unmarshal(body, &page); err != nil || page.Products == nil && page.Categories == nil {
		return wirePage{}, &Error{Code: CodeGarbage, Temporary: true}
	}
	return page, nil
}
