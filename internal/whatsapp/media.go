package whatsapp

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"frontdesk/internal/database"
)

// mediaHosts are where Meta keeps what people send; the token goes nowhere else.
var mediaHosts = [...]string{"fbsbx.com", "facebook.com", "whatsapp.net"}

// Medium fetches a file that somebody sent, of at most so many bytes. Every failure is an *Error: Rejected when
// there is no such file any more, or it is larger. It refuses to run inside a transaction.
func (c *Client) Medium(ctx context.Context, id string, most int) ([]byte, error) {
	if database.InTransaction(ctx) {
		return nil, &Error{Kind: Retry, Details: "called inside a transaction"}
	}
	base, _, _ := strings.Cut(c.url, "/"+Version+"/")
	answer, err := c.fetch(ctx, base+"/"+Version+"/"+url.PathEscape(id), maxAnswer)
	if err != nil {
		return nil, err
	}
	var file struct {
		URL string `json:"url"`
	}
	if json.Unmarshal(answer, &file) != nil || !keepsMedia(file.URL, base) {
		return nil, &Error{Kind: Rejected, Details: "the answer names no place of Meta's"}
	}
	data, err := c.fetch(ctx, file.URL, most+1)
	if err == nil && len(data) > most {
		return nil, &Error{Kind: Rejected, Details: "the file is too large"}
	}
	return data, err
}

// keepsMedia tells whether an address is one of Meta's, or of the API as it is configured.
func keepsMedia(address, base string) bool {
	at, err := url.Parse(address)
	api, apiErr := url.Parse(base)
	if err != nil || apiErr != nil {
		return false
	}
	if at.Scheme == api.Scheme && at.Host == api.Host {
		return true
	}
	for _, host := range mediaHosts {
		if at.Scheme == "https" && (at.Host == host || strings.HasSuffix(at.Host, "."+host)) {
			return true
		}
	}
	return false
}

// fetch reads at most so many bytes of an address.
func (c *Client) fetch(ctx context.Context, address string, most int) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &Error{Kind: Rejected, Details: "the address is none"}
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, &Error{Kind: Retry, Details: "no answer", cause: err}
	}
	defer res.Body.Close() //nolint:errcheck // read to its end or given up
	data, err := io.ReadAll(io.LimitReader(res.Body, int64(most)))
	switch {
	case err != nil:
		return nil, &Error{Kind: Retry, Status: res.StatusCode, Details: "the answer broke off", cause: err}
	case res.StatusCode == http.StatusNotFound:
		return nil, &Error{Kind: Rejected, Status: res.StatusCode, Details: "there is no such file"}
	case res.StatusCode/100 != 2:
		return nil, refusal(res.StatusCode, data)
	}
	return data, nil
}
