package handlers

import (
	"net/url"
	"strings"
	"testing"

	"frontdesk/models"
)

// The Catalogue room: who reads what, and what is missing.
func TestCatalogueRoom(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	goods := s.things["/console/catalogue/"][0]
	for _, c := range []struct {
		role   models.Role
		path   string
		status int
		has    map[string]string
	}{
		{"pm", "/console/catalogue", 200, map[string]string{"h1": "Catalogue", "#catalogue": "Old serum", ".nav [aria-current=page]": "Catalogue", ".chips": "Translation missing"}},
		{"stylist", "/console/catalogue?state=inactive", 200, map[string]string{"#catalogue tbody": "Old serum"}},
		{"finance", "/console/catalogue?gap=stock", 200, map[string]string{"#catalogue tbody": "Clay mask"}},
		{"operator", "/console/catalogue?q=argan", 200, map[string]string{"#catalogue tbody": "Argan oil"}},
		{"operator", "/console/catalogue?q=nobody-sells-this", 200, map[string]string{".empty": "No product matches"}},
		{"operator", "/console/catalogue/" + goods, 200, map[string]string{"h1": "Repair serum", ".facts": "€24.00", ".notice": "Not in: Spanish"}},
		{"operator", "/console/catalogue/" + goods + "/edit", 403, nil},
		{"stakeholder", "/console/catalogue", 403, nil},
		{"pm", "/console/catalogue/" + models.NewID().String(), 404, nil},
		{"pm", "/console/catalogue/x", 404, nil},
		{"pm", "/console/catalogue/syncs", 200, map[string]string{".empty": "never read", ".page-head": "Read the feed now"}},
	} {
		got := s.see(c.role, c.path)
		if got.StatusCode != c.status {
			t.Errorf("%s as %s: got %d, want %d", c.path, c.role, got.StatusCode, c.status)
		}
		for selector, text := range c.has {
			if found := strings.Join(strings.Fields(got.doc(t).Find(selector).Text()), " "); !strings.Contains(found, text) {
				t.Errorf("%s: %s is %.300q, want %q", c.path, selector, found, text)
			}
		}
		if strings.Contains(got.body, "catalogue.") {
			t.Errorf("%s: a text is missing: %s", c.path, around(got.body, "catalogue."))
		}
	}
}

// A product is changed by whoever saw it as it is, and the change is kept with who did it.
func TestCatalogueEdit(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	path := "/console/catalogue/" + s.things["/console/catalogue/"][0]
	b := s.open("pm")
	version := func(form answer) string { return form.doc(t).Find("input[name=version]").AttrOr("value", "") }
	seen := version(s.call("GET", path+"/edit", nil, "Cookie: "+b.cookie, "Accept: text/html"))
	send := func(changes ...string) answer {
		form := url.Values{"csrf": {b.csrf}, "names.en": {"Repair serum"}, "names.es": {"Sérum"}, "names.ar": {"سيروم"}, "descriptions.en": {"Good"}, "price": {"25.50"}, "stock": {"7"}, "active": {"yes"}, "version": {seen}}
		for i := 0; i+1 < len(changes); i += 2 {
			form.Set(changes[i], changes[i+1])
		}
		return s.call("POST", path+"/edit", []byte(form.Encode()), typeForm, "Cookie: "+b.cookie, "Accept: text/html")
	}
	for _, wrong := range [][2]string{{"price", "-1"}, {"price", "x"}, {"stock", "-1"}, {"stock", "1000001"}, {"names.en", ""}, {"names.es", strings.Repeat("a", 121)}, {"version", ""}, {"sku", "X"}} {
		if got := send(wrong[0], wrong[1]); got.StatusCode != 422 || got.doc(t).Find(".error-summary").Length() != 1 {
			t.Errorf("%s=%q: got %d", wrong[0], wrong[1], got.StatusCode)
		}
	}
	if got := send(); got.StatusCode != 303 {
		t.Fatalf("save: got %d", got.StatusCode)
	}
	if got := send("price", "1"); got.StatusCode != 422 || !strings.Contains(got.body, "Somebody else has") {
		t.Errorf("from an old version: got %d", got.StatusCode)
	}
	page := s.call("GET", path, nil, "Cookie: "+b.cookie, "Accept: text/html")
	if past := strings.Join(strings.Fields(page.doc(t).Find(".history").Text()), " "); !strings.Contains(past, "Product changed") || !strings.Contains(past, "25.50") {
		t.Errorf("history: %q", past)
	}
	if shown := s.call("GET", strings.Replace(path, "/console/catalogue", "/products", 1), nil, "Accept: text/html"); !strings.Contains(shown.body, "€25.50") {
		t.Error("the shop shows the old price")
	}
	if held := strings.Join(strings.Fields(page.doc(t).Find(".facts").First().Text()), " "); !strings.Contains(held, "Name, Description, Price, Stock") {
		t.Errorf("held: %q", held)
	}
	form := s.call("GET", path+"/edit", nil, "Cookie: "+b.cookie, "Accept: text/html")
	if boxes := form.doc(t).Find("input[type=checkbox][name^='release.']"); boxes.Length() != 4 {
		t.Errorf("%d fields may be let go", boxes.Length())
	}
	if got := send("version", version(form), "release.price", "yes", "release.stock", "yes"); got.StatusCode != 303 {
		t.Errorf("let go: got %d", got.StatusCode)
	}
	if form := s.call("GET", path+"/edit", nil, "Cookie: "+b.cookie, "Accept: text/html"); form.doc(t).Find("input[name^='release.']").Length() != 2 {
		t.Error("what was let go is held")
	}
	asked := s.call("POST", "/console/catalogue/syncs", []byte("csrf="+b.csrf), typeForm, "Cookie: "+b.cookie, "Accept: text/html")
	if asked.StatusCode != 303 || s.count("feed_runs") != 1 {
		t.Errorf("sync now: got %d, %d runs", asked.StatusCode, s.count("feed_runs"))
	}
}
