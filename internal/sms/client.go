// Package sms hands text messages to an HTTP gateway and asks what became of them. It owns the wire
// format, the length of a message, the time-out and the breaker. It never decides whom to write to, never
// retries by itself (jobs do), never runs inside a database transaction, and keeps none of the gateway's
// words, which quote people's numbers.
//
// The gateway speaks JSON under one base address, with the key as a bearer token:
//
//	POST /messages        {from, to, text, encoding}, Idempotency-Key  → 202 {id, status}
//	GET  /messages/{id}                                                 → 200 {id, status, error_code?}
//	GET  /balance                                                       → 200 {balance, currency}
//
// A refusal is 4xx with {error: {code}}. The same Idempotency-Key is taken once (docs/providers.md).
package sms

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

	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
)

// Config says where the gateway is and how patient to be with it. Zero durations and counts take the
// defaults in brackets. Durations are machine time.
type Config struct {
	BaseURL string
	Key     string
	From    string        // the number or name the phones show
	Timeout time.Duration // [10s] of one call, connecting included
	AtOnce  int           // [4] calls under way; one more is refused with CodeBusy, so that a slow gateway never occupies every worker

	BreakerFailures uint32        // [5] failures in a row that open the breaker
	BreakerPause    time.Duration // [30s] that an open breaker refuses calls before it lets one probe through
}

// Message is one text to one phone.
type Message struct {
	Key  string // of the message: sent again with the same key it is taken once
	To   string // E.164
	Text string
}

// State is what became of a message.
type State string

// States. Accepted: nobody knows yet.
const (
	Accepted  State = "accepted"
	Delivered State = "delivered"
	Failed    State = "failed"
)

// maxAnswer bounds what is read of an answer.
const maxAnswer = 64 << 10

// Client sends messages. Safe for concurrent use.
type Client struct {
	cfg     Config
	http    *http.Client
	places  chan struct{}
	breaker *redisstore.Breaker
}

// New makes a client. It does not call the gateway.
func New(cfg Config) *Client {
	cfg.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	terms := redisstore.BreakerTerms{Failures: cmp.Or(cfg.BreakerFailures, 5), Pause: cmp.Or(cfg.BreakerPause, 30*time.Second)}
	return &Client{cfg: cfg, breaker: redisstore.NewBreaker("sms", terms), places: make(chan struct{}, cmp.Or(cfg.AtOnce, 4)), http: &http.Client{
		Timeout: cmp.Or(cfg.Timeout, 10*time.Second),
		// A redirect would take the key to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Breaker keeps callers from a gateway that does not answer.
func (c *Client) Breaker() *redisstore.Breaker { return c.breaker }

// Send hands a message over and returns the gateway's id of it. Every failure is an *Error. After
// CodeNoAnswer the gateway may have it; the same key again is safe.
func (c *Client) Send(ctx context.Context, m Message) (id string, err error) {
	n, encoding := Parts(m.Text)
	if n > MaxParts || n == 0 {
		return "", &Error{Call: "send", Code: CodeUnfit}
	}
	body, err := json.Marshal(map[string]string{"from": c.cfg.From, "to": m.To, "text": m.Text, "encoding": string(encoding)})
	if err != nil {
		return "", &Error{Call: "send", Code: CodeUnfit, cause: err}
	}
	var answer struct {
		ID string `json:"id"`
	}
	if err := c.call(ctx, "send", http.MethodPost, "/messages", m.Key, body, &answer); err != nil {
		return "", err
	}
	if answer.ID == "" {
		return "", &Error{Call: "send", Code: CodeGarbage, Temporary: true}
	}
	return answer.ID, nil
}

// Status asks what became of a message; code is why it failed.
func (c *Client) Status(ctx context.Context, id string) (state State, code string, err error) {
	var answer struct {
		Status State  `json:"status"`
		Code   string `json:"error_code"`
	}
	err = c.call(ctx, "status", http.MethodGet, "/messages/"+url.PathEscape(id), "", nil, &answer)
	switch {
	case err != nil:
		return "", "", err
	case answer.Status == Delivered || answer.Status == Failed:
		return answer.Status, answer.Code, nil
	default:
		return Accepted, "", nil
	}
}

// Check asks for the balance: nothing is sent to anybody (R-1717).
func (c *Client) Check(ctx context.Context) error {
	var answer struct {
		Balance *json.Number `json:"balance"`
	}
	if err := c.call(ctx, "balance", http.MethodGet, "/balance", "", nil, &answer); err != nil {
		return err
	}
	if answer.Balance == nil {
		return &Error{Call: "balance", Code: CodeGarbage}
	}
	return nil
}

// call runs one request through the breaker, outside any transaction, and reads its answer into out.
func (c *Client) call(ctx context.Context, name, method, path, key string, body []byte, out any) error {
	if database.InTransaction(ctx) {
		return &Error{Call: name, Code: CodeInTransaction}
	}
	select {
	case c.places <- struct{}{}:
		defer func() { <-c.places }()
	default:
		return &Error{Call: name, Code: CodeBusy, Temporary: true}
	}
	answer, err := redisstore.Call(ctx, c.breaker, redisstore.Outages(Temporary, Code), func() ([]byte, error) { return c.ask(ctx, name, method, path, key, body) })
	switch {
	case errors.Is(err, redisstore.ErrOpen):
		return &Error{Call: name, Code: CodeBreakerOpen, Temporary: true, cause: err}
	case err != nil:
		return err
	case json.Unmarshal(answer, out) != nil:
		return &Error{Call: name, Code: CodeGarbage, Temporary: true}
	}
	return nil
}

func (c *Client) ask(ctx context.Context, name, method, path, key string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.cfg.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return nil, &Error{Call: name, Code: CodeNoAnswer, cause: err}
	}
	req.Header.Set("Authorization", "Bearer "+c.cfg.Key)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, &Error{Call: name, Code: CodeNoAnswer, Temporary: true, cause: err}
	}
	defer res.Body.Close() //nolint:errcheck // read to its end or given up
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, &Error{Call: name, Code: CodeNoAnswer, Status: res.StatusCode, Temporary: true, cause: err}
	}
	if res.StatusCode/100 != 2 {
		return nil, refusal(name, res.StatusCode, answer)
	}
	return answer, nil
}

// refusal reads a gateway's error answer. What is overloaded or broken may pass; a refused key will not
// until somebody repairs it, and another channel is tried meanwhile.
func refusal(name string, status int, answer []byte) *Error {
	var wire struct {
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	_ = json.Unmarshal(answer, &wire) // a body that is no JSON leaves the status to decide
	return &Error{
		Call: name, Code: cmp.Or(plain(wire.Error.Code), http.StatusText(status)), Status: status,
		Temporary: status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status == http.StatusConflict,
	}
}

// plain is a code as long as it is one: nothing that could be a person's number or text.
func plain(code string) string {
	if len(code) > 40 || strings.ContainsFunc(code, func(r rune) bool { return r != '_' && r != '-' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }) {
		return ""
	}
	return code
}
