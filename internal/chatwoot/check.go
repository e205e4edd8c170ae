package chatwoot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"frontdesk/internal/database"
)

// Check asks who the token belongs to, without doing anything. Bots have no page of their own: Chatwoot says
// so to a token it knows, and that it is invalid to any other. Errors: *Error.
func (c *Client) Check(ctx context.Context) error {
	switch {
	case database.InTransaction(ctx):
		return &Error{Kind: Retry, Details: "called inside a transaction"}
	case !c.Connected():
		return &Error{Kind: Retry, Details: "Chatwoot is not configured", After: repair}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/api/v1/profile", nil)
	if err != nil {
		return &Error{Kind: Retry, Details: "the base URL is not a URL", After: repair}
	}
	req.Header.Set("api_access_token", c.token)
	res, err := c.http.Do(req)
	if err != nil {
		return &Error{Kind: Retry, Details: "no connection", cause: err}
	}
	defer res.Body.Close() //nolint:errcheck // read to its end or given up
	var said struct {
		Error string `json:"error"`
	}
	readable := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(&said) == nil
	switch {
	case res.StatusCode == http.StatusUnauthorized && strings.Contains(said.Error, "not authorized for bots"):
		return nil
	case res.StatusCode/100 != 2:
		return fmt.Errorf("ask Chatwoot who we are: %w", refusal(res.StatusCode))
	case !readable:
		return &Error{Kind: Retry, Status: res.StatusCode, Details: "the answer is no JSON"}
	}
	return nil
}
