package simulator

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"frontdesk/static"
)

// JPEG and PNG of up to 5 MB are shown, by what they hold and not by what they say; the demo's catalogue has such pictures.
func TestWhichPicturesMetaShows(t *testing.T) {
	painted, _ := static.Find(static.Picture("dropper", "c98a3d"))
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		send := func(kind string, body []byte) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(body) // the caller may have enough
		}
		switch r.URL.Path {
		case "/oil.png":
			send(painted.Type, painted.Body)
		case "/oil.svg":
			send("image/svg+xml", []byte("<svg/>"))
		case "/said.jpg":
			send("image/jpeg", []byte("GIF89a"))
		case "/large.png":
			send("image/png", append(bytes.Clone(painted.Body), make([]byte, maxPicture)...))
		default:
			http.NotFound(w, r)
		}
	}))
	defer app.Close()
	meta := &whatsapp{cfg: Config{AppURL: func() string { return app.URL }}}
	for link, want := range map[string]string{
		app.URL + "/oil.png": "", "https://example.test/a.JPG?w=1": "",
		app.URL + "/oil.svg":         "Unsupported Image mime type image/svg+xml",
		app.URL + "/said.jpg":        "Unsupported Image mime type image/gif",
		app.URL + "/large.png":       "too big",
		app.URL + "/none.png":        "http code 404",
		"https://example.test/a.svg": "Unsupported Image mime type",
	} {
		failure := meta.pictureTrouble(t.Context(), link)
		if want == "" && failure != nil || want != "" && (failure == nil || failure.code != 131053 || !strings.Contains(failure.details, want)) {
			t.Errorf("%s: %+v, want %q", link, failure, want)
		}
	}
}

// A picture that Meta cannot show is accepted, reported as failed, and never seen.
func TestAPictureThatCannotBeShownFailsLater(t *testing.T) {
	b := newBench(t)
	b.control("say", map[string]any{"from": noor, "text": "hi"})
	image := map[string]any{"messaging_product": "whatsapp", "to": noor, "type": "image", "image": map[string]any{"link": b.app.URL + "/drawing.svg"}}
	if status, answer := b.send(image); status != http.StatusOK {
		t.Fatalf("got %d %v, want accepted", status, answer)
	}
	b.within("the failure", func(hooks []hook) bool {
		return slices.ContainsFunc(hooks, func(h hook) bool { return bytes.Contains(h.body, []byte(`"code":131053`)) })
	})
	if _, seen := b.call("GET", "/control/transcript?phone="+url.QueryEscape(noor), nil); len(seen["messages"].([]any)) != 1 {
		t.Errorf("the phone saw %v, want its own message only", seen["messages"])
	}
}
