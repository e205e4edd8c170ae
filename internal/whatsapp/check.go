package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"frontdesk/internal/database"
)

// Check reads the salon's number at Meta: nothing is sent to anybody (R-1717). A failure is an *Error.
func (c *Client) Check(ctx context.Context) error {
	if database.InTransaction(ctx) {
		return &Error{Kind: Retry, Details: "called inside a transaction"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.url, "/messages")+"?fields=id", nil)
	if err != nil {
		return &Error{Kind: Rejected, Details: "the base URL is not a URL"}
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := c.http.Do(req)
	if err != nil {
		return &Error{Kind: Retry, Details: "no answer", cause: err}
	}
	defer res.Body.Close() //nolint:errcheck // read to its end or given up
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return &Error{Kind: Retry, Status: res.StatusCode, Details: "the answer broke off", cause: err}
	}
	if res.StatusCode/100 != 2 {
		return refusal(res.StatusCode, answer)
	}
	var number struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(answer, &number); err != nil || number.ID == "" {
		return &Error{Kind: Rejected, Status: res.StatusCode, Details: "the answer names no number", cause: errors.Join(err)}
	}
	return nil
}
