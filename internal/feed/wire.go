package feed

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"frontdesk/models"
)

// Catalogue is what a feed holds and can be used. Each slug and SKU stands in it once: the first counts.
type Catalogue struct {
	Categories []Category
	Products   []Product
	// Rejected counts what could not be used: without a name, with an amount that is none. Spared are the SKUs
	// among it, where they could be read: such a product is there still.
	Rejected int
	Spared   []string
}

// Category is a category of the feed. Parent is a slug, empty at the top.
type Category struct {
	Slug     string
	Names    models.Text
	Parent   string
	Position int
}

// Product is a product of the feed. Category is a slug, empty for none.
type Product struct {
	SKU          string
	Names        models.Text
	Descriptions models.Text
	PriceMinor   int64
	Currency     string
	Stock        int
	Active       bool
	Brand        string
	Category     string
	Attributes   models.Attributes
	Media        []Medium
}

// Medium is a picture or film of a product of the feed.
type Medium struct {
	URL  string
	Kind models.MediumKind
	Alt  models.Text
}

// Limits of what a feed says, in characters where nothing else stands.
const (
	maxName        = 200
	maxDescription = 4000
	maxBrand       = 100
	maxMedia       = 20
	maxAttributes  = 30
	maxURL         = 2000 // bytes
	maxPrice       = 1_000_000_000
	maxStock       = 10_000_000
)

// wirePage is a page as it is written.
type wirePage struct {
	Categories []json.RawMessage `json:"categories"`
	Products   []json.RawMessage `json:"products"`
	Next       string            `json:"next"`
}

type wireCategory struct {
	Slug     string      `json:"slug"`
	Names    models.Text `json:"names"`
	Parent   string      `json:"parent"`
	Position int         `json:"position"`
}

type wireProduct struct {
	SKU          string            `json:"sku"`
	Names        models.Text       `json:"names"`
	Descriptions models.Text       `json:"descriptions"`
	PriceMinor   *int64            `json:"priceMinor"`
	Currency     string            `json:"currency"`
	Stock        *int              `json:"stock"`
	Active       *bool             `json:"active"`
	Brand        string            `json:"brand"`
	Category     string            `json:"category"`
	Attributes   models.Attributes `json:"attributes"`
	Media        []wireMedium      `json:"media"`
}

type wireMedium struct {
	URL  string            `json:"url"`
	Kind models.MediumKind `json:"kind"`
	Alt  models.Text       `json:"alt"`
}

// seen are the slugs and SKUs that were read already.
type seen struct{ slugs, skus map[string]bool }

func newSeen() seen { return seen{map[string]bool{}, map[string]bool{}} }

// add takes over what of a page can be used.
func (c *Catalogue) add(page wirePage, seen seen) {
	for _, raw := range page.Categories {
		var w wireCategory
		category, ok := Category{}, json.Unmarshal(raw, &w) == nil
		if ok {
			category, ok = w.read()
		}
		if !ok || seen.slugs[category.Slug] {
			c.Rejected++
			continue
		}
		seen.slugs[category.Slug] = true
		c.Categories = append(c.Categories, category)
	}
	for _, raw := range page.Products {
		product, ok := readProduct(raw)
		key := strings.ToUpper(product.SKU)
		if !ok || seen.skus[key] {
			c.Rejected++
			if soundSKU(product.SKU) {
				c.Spared = append(c.Spared, product.SKU)
			}
			continue
		}
		seen.skus[key] = true
		c.Products = append(c.Products, product)
	}
}

var (
	slugForm     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	skuForm      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	keyForm      = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

func soundSlug(s string) bool { return len(s) <= 60 && slugForm.MatchString(s) }
func soundSKU(s string) bool  { return skuForm.MatchString(s) }

func (w wireCategory) read() (Category, bool) {
	c := Category{Slug: w.Slug, Names: words(w.Names, maxName), Parent: w.Parent, Position: w.Position}
	ok := soundSlug(c.Slug) && c.Names[models.English] != "" && (c.Parent == "" || soundSlug(c.Parent) && c.Parent != c.Slug) &&
		c.Position >= 0 && c.Position <= maxStock
	return c, ok
}

// readProduct reads a product; of one that cannot be used it gives the SKU at least, where that can be read.
func readProduct(raw json.RawMessage) (Product, bool) {
	var w wireProduct
	if err := json.Unmarshal(raw, &w); err != nil {
		var named struct {
			SKU string `json:"sku"`
		}
		_ = json.Unmarshal(raw, &named) // without a SKU there is nothing to spare
		return Product{SKU: named.SKU}, false
	}
	p := Product{
		SKU: w.SKU, Names: words(w.Names, maxName), Descriptions: words(w.Descriptions, maxDescription), Currency: w.Currency,
		Brand: clean(w.Brand, maxBrand), Category: w.Category, Active: w.Active == nil || *w.Active, Attributes: attributes(w.Attributes),
		Media: media(w.Media),
	}
	if w.PriceMinor == nil || w.Stock == nil || *w.PriceMinor < 0 || *w.PriceMinor > maxPrice || *w.Stock < 0 || *w.Stock > maxStock {
		return p, false
	}
	p.PriceMinor, p.Stock = *w.PriceMinor, *w.Stock
	return p, soundSKU(p.SKU) && p.Names[models.English] != "" && currencyForm.MatchString(p.Currency) && (p.Category == "" || soundSlug(p.Category))
}

func attributes(in models.Attributes) models.Attributes {
	out := models.Attributes{}
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if text := words(in[key], maxName); keyForm.MatchString(key) && len(text) > 0 && len(out) < maxAttributes {
			out[key] = text
		}
	}
	return out
}

func media(in []wireMedium) []Medium {
	var out []Medium
	had := map[string]bool{}
	for _, w := range in {
		if w.Kind == "" {
			w.Kind = models.MediumImage
		}
		if !SoundURL(w.URL) || had[w.URL] || w.Kind != models.MediumImage && w.Kind != models.MediumVideo || len(out) == maxMedia {
			continue
		}
		had[w.URL] = true
		out = append(out, Medium{URL: w.URL, Kind: w.Kind, Alt: words(w.Alt, maxName)})
	}
	return out
}

// SoundURL tells whether a medium may have this address: https, or a path of our own.
func SoundURL(raw string) bool {
	if raw == "" || len(raw) > maxURL || strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f || r == utf8.RuneError }) {
		return false
	}
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || u.Fragment != "" {
		return false
	}
	return u.Scheme == "https" && u.Host != "" || u.Scheme == "" && u.Host == "" && strings.HasPrefix(raw, "/") && !strings.HasPrefix(raw, "//")
}

// words are wordings in our languages, cleaned; what is longer than it may be is cut.
func words(in models.Text, limit int) models.Text {
	out := models.Text{}
	for _, lang := range models.Languages() {
		if s := clean(in[lang], limit); s != "" {
			out[lang] = s
		}
	}
	return out
}

// clean puts a wording into the form that all of ours have: composed letters, no control characters but line
// breaks, nothing round it.
func clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(norm.NFC.String(s))
	if utf8.RuneCountInString(s) > limit {
		s = strings.TrimSpace(string([]rune(s)[:limit]))
	}
	return s
}
