package chatwoot

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
	"frontdesk/models"
)

// maxAnswer bounds what is read of an answer.
const maxAnswer = 256 << 10

// Send creates a message in a conversation and returns the id that its events will carry. Every failure
// is an *Error, whose Kind says whether the message may be there. It refuses to run inside a transaction.
func (c *Client) Send(ctx context.Context, at models.ChatwootPlace, m Message) (providerID string, err error) {
	answer, err := c.call(ctx, at, "messages", m)
	if err != nil {
		return "", err
	}
	var created struct {
		ID int64 `json:"id"`
	}
	if json.Unmarshal(answer, &created) != nil || created.ID <= 0 {
		return "", &Error{Kind: Uncertain, Status: http.StatusOK, Details: "the answer names no message"}
	}
	return messageID(at.AccountID, created.ID), nil
}

// SetStatus sets the status of a conversation: open hands it to people, pending to the assistant. Saying
// the same twice changes nothing. Failures as for Send.
func (c *Client) SetStatus(ctx context.Context, at models.ChatwootPlace, status models.ChatwootStatus) error {
	_, err := c.call(ctx, at, "toggle_status", map[string]models.ChatwootStatus{"status": status})
	return err
}

// Forget deletes the contact of a conversation with all that it wrote. What is not there any more is deleted. Only the token of an
// administrator may. Failures as for Send.
func (c *Client) Forget(ctx context.Context, at models.ChatwootPlace) error {
	var failed *Error
	account := fmt.Sprintf("%s/api/v1/accounts/%d", c.base, at.AccountID)
	answer, err := c.ask(ctx, http.MethodGet, fmt.Sprintf("%s/conversations/%d", account, at.ChatwootID), nil)
	if errors.As(err, &failed) && failed.Status == http.StatusNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	var shown struct {
		Meta struct {
			Sender struct {
				ID int64 `json:"id"`
			} `json:"sender"`
		} `json:"meta"`
	}
	if json.Unmarshal(answer, &shown) != nil || shown.Meta.Sender.ID <= 0 {
		return &Error{Kind: Rejected, Status: http.StatusOK, Details: "the answer names no contact"}
	}
	_, err = c.ask(ctx, http.MethodDelete, fmt.Sprintf("%s/contacts/%d", account, shown.Meta.Sender.ID), nil)
	if errors.As(err, &failed) && failed.Status == http.StatusNotFound {
		return nil
	}
	return err
}

// call posts to a conversation.
func (c *Client) call(ctx context.Context, at models.ChatwootPlace, what string, body any) ([]byte, error) {
	return c.ask(ctx, http.MethodPost, fmt.Sprintf("%s/api/v1/accounts/%d/conversations/%d/%s", c.base, at.AccountID, at.ChatwootID, what), body)
}

// ask makes a call through the breaker; nil is no body.
func (c *Client) ask(ctx context.Context, method, url string, body any) ([]byte, error) {
	switch {
	case database.InTransaction(ctx):
		return nil, &Error{Kind: Retry, Details: "called inside a transaction"}
	case !c.Connected():
		return nil, &Error{Kind: Retry, Details: "Chatwoot is not configured", After: repair}
	}
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return nil, &Error{Kind: Rejected, Details: "it cannot be written as JSON"}
		}
	}
	select {
	case c.places <- struct{}{}:
		defer func() { <-c.places }()
	default:
		return nil, &Error{Kind: Retry, Details: "enough calls are under way", After: crowd, BreakerOpen: true}
	}
	answer, err := redisstore.Call(ctx, c.breaker, outage, func() ([]byte, error) { return c.once(ctx, method, url, raw) })
	if errors.Is(err, redisstore.ErrOpen) {
		return nil, &Error{Kind: Retry, Details: "breaker is open", After: c.breaker.Pause(), BreakerOpen: true}
	}
	return answer, err
}

// once makes the one call. What happened before a connection was there certainly did nothing; after that
// only a readable answer settles it.
func (c *Client) once(ctx context.Context, method, url string, body []byte) ([]byte, error) {
	connected := false
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected = true }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), method, url, bytes.NewReader(body))
	if err != nil {
		return nil, &Error{Kind: Retry, Details: "the base URL is not a URL", After: repair}
	}
	req.Header.Set("api_access_token", c.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil && !connected {
		return nil, &Error{Kind: Retry, Details: "no connection", cause: err, outage: ctx.Err() == nil}
	}
	if err != nil {
		return nil, &Error{Kind: Uncertain, Details: "no answer", cause: err, outage: ctx.Err() == nil}
	}
	defer res.Body.Close() //nolint:errcheck // read to its end or given up
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, &Error{Kind: Uncertain, Status: res.StatusCode, Details: "the answer broke off", cause: err, outage: ctx.Err() == nil}
	}
	if res.StatusCode/100 != 2 {
		return nil, refusal(res.StatusCode)
	}
	if method != http.MethodDelete && !json.Valid(answer) {
		return nil, &Error{Kind: Uncertain, Status: res.StatusCode, Details: "the answer is no JSON", outage: true}
	}
	return answer, nil
}
