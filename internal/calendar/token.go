package calendar

import (
	"context"
	"net/http"

	"golang.org/x/oauth2"
)

// token is one that is good, and not the refused one (nil: none was). One call fetches it for all that need it; each of them waits
// for as long as it has time itself. Every failure is an *Error.
func (c *Client) token(ctx context.Context, call string, refused *oauth2.Token) (*oauth2.Token, error) {
	var had *oauth2.Token
	select {
	case had = <-c.tokens:
	case <-ctx.Done():
		return nil, &Error{Call: call, Code: CodeNoAnswer, Temporary: true, cause: ctx.Err()}
	}
	defer func() { c.tokens <- had }()
	if had.Valid() && had != refused {
		return had, nil
	}
	had = nil
	fetching := context.WithValue(ctx, oauth2.HTTPClient, &http.Client{
		Transport: within{ctx, c.http.Transport}, CheckRedirect: c.http.CheckRedirect,
	})
	fresh, err := c.account.TokenSource(fetching).Token()
	if err != nil {
		return nil, noToken(call, err)
	}
	had = fresh
	return fresh, nil
}

// within sends requests in the time of a context that they were not made with.
type within struct {
	ctx  context.Context //nolint:containedctx // whoever makes these requests takes none
	next http.RoundTripper
}

// RoundTrip sends one.
func (w within) RoundTrip(r *http.Request) (*http.Response, error) {
	next := w.next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(r.WithContext(w.ctx)) //nolint:wrapcheck // a transport's own error
}
