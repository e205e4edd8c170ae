package handlers

import (
	"fmt"
	"strings"
	"testing"
)

// a page tells what it is, and nothing else can be told: no unknown field, no phone wherever it is put.
func TestPagesTellOnlyWhatTheyAre(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b := s.client()
	visit := `"visit":"6f1c2f0e-8f8e-4a55-9d0e-2d6f6a1b9c11"`
	for _, body := range []string{
		`{"kind":"view_list"}`, `{"kind":"view_product",` + visit + `}`, `{"kind":"click_whatsapp_handoff","place":"support",` + visit + `}`,
	} {
		if got := b.does(202, "POST", "/events", body); got["ok"] != true {
			t.Errorf("%s: %v", body, got)
		}
	}
	for _, body := range []string{
		`{}`, `[]`, `{"kind":"pay"}`, `{"kind":"add_to_cart"}`, `{"kind":"view_list","phone":"+447700900301"}`, `{"kind":"view_list","from":"447700900301"}`,
		`{"kind":"view_list","visit":"447700900301"}`, `{"kind":"view_list","visit":"+44 7700 900301"}`, `{"kind":"view_list","place":"+447700900301"}`,
		`{"kind":"view_list","reason":"x"}`, `{"kind":"view_list","amountMinor":1}`, `{"kind":"447700900301"}`, `{"kind":"view_list","test":true}`,
		`{"kind":"view_list","place":{"phone":"447700900301"}}`, `{"kind":"view_list","visit":447700900301}`,
	} {
		got := b.ask("POST", "/events", body)
		if got.StatusCode != 400 || strings.Contains(got.body, "4477") {
			t.Errorf("%s: got %d %s", body, got.StatusCode, got.body)
		}
	}
	if got := b.ask("POST", "/events", `{"kind":"view_list"}`, "Sec-Fetch-Site: cross-site"); got.StatusCode != 403 {
		t.Errorf("another site: got %d", got.StatusCode)
	}
	if n := s.acts(""); n != 3 {
		t.Errorf("%d acts are stored", n)
	}
	if n := s.acts("visit IS NOT NULL AND channel = 'web' AND language = 'en'"); n != 2 {
		t.Errorf("%d acts have a visit", n)
	}
	b.does(202, "POST", "/events", `{"kind":"view_cart"}`, headerTestData+": yes", "Accept-Language: ar")
	if n := s.acts("test AND language = 'ar' AND kind = 'view_cart'"); n != 1 {
		t.Errorf("%d acts of a test", n)
	}
}

// Putting something into a cart is kept once, however often it is asked for under a key, and only when it went well.
func TestACartIsAnActOnce(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b := s.client()
	for range 3 {
		b.add("OIL-30", 1, "Idempotency-Key: once")
	}
	b.ask("POST", "/cart/items", `{"sku":"NOBODY","qty":1}`)
	b.ask("POST", "/cart/items", `{"sku":"MASK-1","qty":1}`)
	if n := s.acts("kind = 'add_to_cart' AND channel = 'api' AND visit IS NOT NULL AND NOT test"); n != 1 || s.acts("") != 1 {
		t.Errorf("%d acts", n)
	}
	b.does(200, "GET", "/cart", "")
	if s.acts("") != 1 {
		t.Error("reading is an act")
	}
}

// A lookup is kept with its start and how it went, for programs and for pages; not what was looked up, and not who asks too often.
func TestLookupsAreKept(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b := s.client()
	for range lookupMisses + 1 {
		b.ask("POST", "/orders/lookup", `{"phone":"+447700900999","orderId":"LU-7K3M-9QXD"}`)
	}
	b.ask("POST", "/orders/lookup", `{"phone":"x","orderId":""}`)
	for where, want := range map[string]int64{
		"outcome = 'start' AND channel = 'api'": lookupMisses + 2, "outcome = 'fail' AND reason = 'not_found'": lookupMisses,
		"outcome = 'fail' AND reason = 'challenge_required'": 1, "outcome = 'fail' AND reason = 'validation'": 1, "outcome = 'success'": 0,
		"request_id <> ''": 2 * (lookupMisses + 2), "visit IS NOT NULL OR funnel_events::text LIKE '%7700900999%'": 0,
	} {
		if n := s.acts("kind = 'support_lookup' AND (" + where + ")"); n != want {
			t.Errorf("%s: %d, want %d", where, n, want)
		}
	}
}

// acts counts what is stored under a condition.
func (s *stocked) acts(where string) (n int64) {
	s.t.Helper()
	q := s.DB.On(s.t.Context()).Table("funnel_events")
	if where != "" {
		q = q.Where(where)
	}
	if err := q.Count(&n).Error; err != nil {
		s.t.Fatal(fmt.Errorf("count acts: %w", err))
	}
	return n
}
