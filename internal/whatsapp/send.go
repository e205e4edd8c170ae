package whatsapp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"

	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
)

// maxAnswer bounds what is read of an answer.
const maxAnswer = 64 << 10

// Send hands a message to WhatsApp and returns the id that its statuses will carry. Every failure is
// an *Error, whose Kind says whether the message may have left. It refuses to run inside a transaction.
func (c *Client) Send(ctx context.Context, m Message) (providerID string, err error) {
	if database.InTransaction(ctx) {
		return "", &Error{Kind: Retry, Details: "called inside a transaction"}
	}
	body, err := json.Marshal(m)
	if err != nil {
		return "", &Error{Kind: Rejected, Details: "message cannot be written as JSON"}
	}
	id, err := redisstore.Call(ctx, c.breaker, outage, func() (string, error) { return c.post(ctx, body) })
	if errors.Is(err, redisstore.ErrOpen) {
		return "", &Error{Kind: Retry, Details: "breaker is open", After: c.breaker.Pause(), BreakerOpen: true}
	}
	return id, err
}

// post makes the one call. What happened before a connection was there certainly sent nothing; after
// that only a readable answer settles it.
func (c *Client) post(ctx context.Context, body []byte) (string, error) {
	connected := false
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected = true }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return "", &Error{Kind: Retry, Details: "the base URL is not a URL"}
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil && !connected {
		return "", &Error{Kind: Retry, Details: "no connection", cause: err, outage: ctx.Err() == nil}
	}
	if err != nil {
		return "", &Error{Kind: Uncertain, Details: "no answer", cause: err, outage: ctx.Err() == nil}
	}
	defer res.Body.Close() //nolint:errcheck // read to its end or given up
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return "", &Error{Kind: Uncertain, Status: res.StatusCode, Details: "the answer broke off", cause: err, outage: ctx.Err() == nil}
	}
	if res.StatusCode/100 != 2 {
		return "", refusal(res.StatusCode, answer)
	}
	var ok struct {
		Messages []struct {
			ID string `json:"id"`
		} `json:"messages"`
	}
	if json.Unmarshal(answer, &ok) != nil || len(ok.Messages) == 0 || ok.Messages[0].ID == "" {
		return "", &Error{Kind: Uncertain, Status: res.StatusCode, Details: "the answer names no message", outage: true}
	}
	return ok.Messages[0].ID, nil
}

// refusal reads the error answer of the Graph API.
func refusal(status int, answer []byte) *Error {
	var wire struct {
		Error struct {
			Code    int `json:"code"`
			Details struct {
				Text string `json:"details"`
			} `json:"error_data"`
		} `json:"error"`
	}
	_ = json.Unmarshal(answer, &wire) // a body that is no JSON leaves the status to decide
	e := &Error{Status: status, Code: wire.Error.Code, Details: wire.Error.Details.Text}
	e.Kind, e.After = verdict(status, e.Code)
	e.outage = status >= 500
	if e.theirs = e.Details != ""; !e.theirs {
		e.Details = fmt.Sprintf("status %d", status)
	}
	return e
}
