package simulator

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// What Meta shows of pictures (W9).
const (
	maxPicture   = 5 << 20 // bytes
	pictureFetch = 5 * time.Second
)

// statusError is why a message that was accepted does not arrive.
type statusError struct {
	code           int
	title, details string
}

func uploadError(details string) *statusError {
	return &statusError{131053, "Media upload error", details}
}

// failure is what becomes known of a message after it was accepted; nil when it arrives.
func (a *whatsapp) failure(ctx context.Context, to string, m sendRequest) *statusError {
	switch {
	case to == unreachable:
		return &statusError{131026, "Message undeliverable", "Message Undeliverable."}
	case m.Type == "image" && m.Image != nil && m.Image.Link != "":
		return a.pictureTrouble(ctx, m.Image.Link)
	default:
		return nil
	}
}

// pictureTrouble fetches a picture as Meta does before it shows it. What lies outside the salon's own address is judged
// by its name alone: a demo reaches for nothing of others.
func (a *whatsapp) pictureTrouble(ctx context.Context, link string) *statusError {
	if !strings.HasPrefix(link, strings.TrimSuffix(a.cfg.AppURL(), "/")+"/") {
		at, err := url.Parse(link)
		if err != nil || !slices.Contains([]string{".jpg", ".jpeg", ".png"}, strings.ToLower(path.Ext(at.Path))) {
			return unsupported("unknown")
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, pictureFetch)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return uploadError("Downloading media from weblink failed")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return uploadError("Downloading media from weblink failed")
	}
	defer res.Body.Close() //nolint:errcheck // read as far as it counts
	if res.StatusCode != http.StatusOK {
		return uploadError(fmt.Sprintf("Downloading media from weblink failed with http code %d, status message %s", res.StatusCode, http.StatusText(res.StatusCode)))
	}
	kind, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	if kind != "image/jpeg" && kind != "image/png" {
		return unsupported(kind)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxPicture+1))
	switch {
	case err != nil:
		return uploadError("Downloading media from weblink failed")
	case len(data) > maxPicture:
		return uploadError("Image file size is too big. Max file size we currently support: 5MB.")
	case http.DetectContentType(data) != kind:
		return unsupported(http.DetectContentType(data))
	default:
		return nil
	}
}

func unsupported(kind string) *statusError {
	return uploadError("Unsupported Image mime type " + kind + ". Please use one of image/jpeg, image/png.")
}
