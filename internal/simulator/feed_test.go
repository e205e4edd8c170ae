package simulator

import (
	"slices"
	"strings"
	"testing"

	"frontdesk/models"
	"frontdesk/static"
)

// The demo's shop holds more than five hundred products that a person believes: each with its own SKU and name in
// three languages, a category that is there, and a picture that is drawn.
func TestTheDemosCatalogue(t *testing.T) {
	t.Parallel()
	f, err := newFeed()
	if err != nil {
		t.Fatal(err)
	}
	if len(f.products) < 500 {
		t.Errorf("only %d products", len(f.products))
	}
	slugs, skus, names := map[string]bool{"": true}, map[string]bool{}, map[string]string{}
	for _, c := range f.categories {
		if !slugs[c.Parent] || slugs[c.Slug] {
			t.Errorf("category %s stands below %q", c.Slug, c.Parent)
		}
		slugs[c.Slug] = true
	}
	for _, p := range f.products {
		if skus[p.SKU] || !slugs[p.Category] || p.PriceMinor <= 0 || p.Brand == "" {
			t.Errorf("%s: %+v", p.SKU, p)
		}
		skus[p.SKU] = true
		for _, lang := range models.Languages() {
			name := p.Names[lang]
			if other := names[lang+name]; other != "" || name == "" || p.Descriptions[lang] == "" || strings.Contains(name, "{") || strings.Contains(name, "  ") {
				t.Errorf("%s is called %q in %s, as %s is", p.SKU, name, lang, other)
			}
			names[lang+name] = p.SKU
		}
		for _, m := range p.Media {
			if asset, ok := static.Find(m.URL); !ok || asset.Type != "image/png" { // what a phone shows in a chat, too
				t.Errorf("%s: no picture at %s", p.SKU, m.URL)
			}
		}
	}
	again, err := newFeed()
	if err != nil || !slices.EqualFunc(f.products, again.products, func(a, b feedProduct) bool { return a.SKU == b.SKU && a.Stock == b.Stock && a.Brand == b.Brand }) {
		t.Errorf("another catalogue at the second reading (%v)", err)
	}
}
