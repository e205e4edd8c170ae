package feed_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/feed"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// served is a client of a feed that a test answers for.
func served(t testing.TB, answer http.HandlerFunc) *feed.Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return feed.New(feed.Config{URL: server.URL + "/feed?shop=7", Token: "secret", Timeout: 5 * time.Second, BreakerFailures: 100})
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) } // the client sees what is missing
}

func TestAFeedIsReadPageByPage(t *testing.T) {
	t.Parallel()
	c := served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" || r.FormValue("shop") != "7" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		says(map[string]string{
			"": `{"categories": [{"slug": "hair", "names": {"en": "Hair", "fr": "Cheveux"}}], "products": [], "next": "two 2&"}`,
			"two 2&": `{"products": [{"sku": "A-1", "names": {"en": " Oil\u0000 ", "es": "Jabo\u0301n"}, "priceMinor": 100, "currency": "EUR", "stock": 1, "category": "hair",
				"attributes": {"volume": {"en": "1 l"}, "Bad Key": {"en": "x"}}, "media": [{"url": "/a.svg"}, {"url": "javascript:alert(1)"}, {"url": "/a.svg"}, {"url": "https://cdn.example/b.mp4", "kind": "video"}]}]}`,
		}[r.FormValue("cursor")])(w, r)
	})
	got, err := c.Read(context.Background())
	if err != nil || len(got.Categories) != 1 || len(got.Products) != 1 || got.Rejected != 0 {
		t.Fatalf("got %+v, %v", got, err)
	}
	p := got.Products[0]
	if p.Names["en"] != "Oil" || p.Names["es"] != "Jabón" || !p.Active || len(p.Attributes) != 1 || len(p.Media) != 2 || p.Media[1].Kind != models.MediumVideo {
		t.Errorf("the product is %+v", p)
	}
	if _, there := got.Categories[0].Names["fr"]; there {
		t.Error("a language that nobody asked for was kept")
	}
	if !strings.HasSuffix(c.Source(), "/feed") {
		t.Errorf("the source is %q", c.Source())
	}
}

func TestAFeedThatFails(t *testing.T) {
	t.Parallel()
	status := func(n int) http.HandlerFunc { return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) } }
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		code   string
		again  bool
	}{
		"refuses":           {status(401), feed.CodeRefused, false},
		"is not there":      {status(404), feed.CodeNoFeed, false},
		"is broken":         {status(500), feed.CodeNoFeed, true},
		"is busy":           {status(429), feed.CodeNoFeed, true},
		"moves":             {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, feed.CodeNoFeed, false},
		"is a page":         {says("<html>"), feed.CodeGarbage, true},
		"is something else": {says(`{"ok": true}`), feed.CodeGarbage, true},
		"goes in a circle":  {says(`{"products": [], "next": "again"}`), feed.CodeGarbage, true},
		"has an odd cursor": {says(`{"products": [], "next": "` + strings.Repeat("x", 501) + `"}`), feed.CodeGarbage, true},
		"hangs up":          {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, feed.CodeNoAnswer, true},
	} {
		_, err := served(t, tt.answer).Read(context.Background())
		if feed.Code(err) != tt.code || feed.Temporary(err) != tt.again {
			t.Errorf("a feed that %s: %v", name, err)
		}
		if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "shop=7")) {
			t.Errorf("a feed that %s: the error tells what opens it: %v", name, err)
		}
	}
}

func TestAFeedIsNeverReadInATransaction(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	client := served(t, says(`{"products": []}`))
	err := db.InTx(context.Background(), func(ctx context.Context) error { _, err := client.Read(ctx); return err })
	if feed.Code(err) != feed.CodeInTransaction {
		t.Error(err)
	}
	if err := client.Check(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestAddressesOfMedia(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		"/static/shop/jar-aabbcc.svg": true, "https://cdn.example/a.jpg?w=1": true,
		"": false, "a.jpg": false, "//evil.example/a": false, "http://cdn.example/a.jpg": false, "javascript:alert(1)": false, "data:image/svg+xml,x": false,
		"https://user:pw@cdn.example/a": false, "https:///a": false, `/\evil.example`: false, "/a b": false, "/a\n": false, "/a#x": false, "/" + strings.Repeat("a", 2000): false,
	} {
		if got := feed.SoundURL(raw); got != want {
			t.Errorf("%q: %t", raw, got)
		}
	}
}

// Whatever a feed holds, what is taken of it keeps every limit of the tables.
func FuzzFeed(f *testing.F) {
	f.Add(`{"categories": [{"slug": "a", "names": {"en": "A"}, "parent": "a"}], "products": [{"sku": "A", "names": {"en": "x"}, "priceMinor": 1, "currency": "EUR", "stock": 1}]}`)
	f.Add(`{"products": [{"sku": "A", "names": {"en": "\ud800"}, "priceMinor": 1e9, "currency": "eur", "stock": -1, "media": [{}, null]}, null, 7, {"sku": 1}]}`)
	f.Add(`{"products": [{"sku": "A", "names": null, "attributes": {"a": null}, "priceMinor": 99999999999999999999}], "categories": [null, {"slug": 1}]}`)
	body := ""
	c := served(f, func(w http.ResponseWriter, r *http.Request) { says(body)(w, r) })
	f.Fuzz(func(t *testing.T, said string) {
		body = said
		got, err := c.Read(context.Background())
		if err != nil {
			if feed.Code(err) == "" {
				t.Fatalf("not one of ours: %v", err)
			}
			return
		}
		for _, p := range got.Products {
			raw, err := json.Marshal(p)
			if err != nil || strings.Contains(string(raw), `\u0000`) {
				t.Fatalf("cannot be stored: %s (%v)", raw, err)
			}
			if p.SKU == "" || len(p.SKU) > 64 || p.Names["en"] == "" || p.PriceMinor < 0 || p.PriceMinor > 1_000_000_000 || p.Stock < 0 || len(p.Currency) != 3 || len(p.Media) > 20 {
				t.Fatalf("beyond the limits: %+v", p)
			}
		}
		for _, cat := range got.Categories {
			if cat.Slug == "" || len(cat.Slug) > 60 || cat.Parent == cat.Slug || cat.Names["en"] == "" {
				t.Fatalf("beyond the limits: %+v", cat)
			}
		}
	})
}
