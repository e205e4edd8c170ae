package simulator

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"frontdesk/static"
)

// feedPage is how many products a page of the feed holds.
const feedPage = 200

// catalogueLists are what the demo's products are made of.
//
//go:embed catalogue.json
var catalogueLists []byte

// feedWords is a wording per language.
type feedWords map[string]string

type feedCategory struct {
	Slug     string    `json:"slug"`
	Names    feedWords `json:"names"`
	Parent   string    `json:"parent,omitempty"`
	Position int       `json:"position"`
}

type feedProduct struct {
	SKU          string               `json:"sku"`
	Names        feedWords            `json:"names"`
	Descriptions feedWords            `json:"descriptions"`
	PriceMinor   int                  `json:"priceMinor"`
	Currency     string               `json:"currency"`
	Stock        int                  `json:"stock"`
	Active       bool                 `json:"active"`
	Brand        string               `json:"brand"`
	Category     string               `json:"category"`
	Attributes   map[string]feedWords `json:"attributes,omitempty"`
	Media        []feedMedium         `json:"media"`
}

type feedMedium struct {
	URL  string    `json:"url"`
	Kind string    `json:"kind"`
	Alt  feedWords `json:"alt"`
}

// variant is what a kind of product comes in: with argan oil, in cherry red.
type variant struct {
	Code      string    `json:"code"`
	Tint      string    `json:"tint"`
	Words     feedWords `json:"words"`
	Note      feedWords `json:"note"`
	Attribute string    `json:"attribute"`
}

type size struct {
	Code  string    `json:"code"`
	Label feedWords `json:"label"`
	Key   string    `json:"key"`
	Price int       `json:"price"`
}

type kind struct {
	Code     string    `json:"code"`
	Category string    `json:"category"`
	List     string    `json:"list"`
	Shape    string    `json:"shape"`
	Brands   []string  `json:"brands"`
	Names    feedWords `json:"names"`
	About    feedWords `json:"about"`
	Sizes    []size    `json:"sizes"`
	Currency string    `json:"currency"`
}

// productFeed is the supplier's feed: the demo's catalogue, the same at every reading.
type productFeed struct {
	categories []feedCategory
	products   []feedProduct
}

func newFeed() (*productFeed, error) {
	var lists struct {
		Categories []feedCategory
		Lists      map[string][]variant
		Kinds      []kind
	}
	if err := json.Unmarshal(catalogueLists, &lists); err != nil {
		return nil, fmt.Errorf("read the demo's catalogue: %w", err)
	}
	f := &productFeed{categories: lists.Categories}
	for i := range f.categories {
		f.categories[i].Position = i
	}
	for _, k := range lists.Kinds {
		for _, v := range lists.Lists[k.List] {
			for _, s := range k.Sizes {
				f.products = append(f.products, compose(k, v, s))
			}
		}
	}
	// What is new is not all of one kind.
	slices.SortFunc(f.products, func(a, b feedProduct) int {
		return cmp.Or(cmp.Compare(chance(a.SKU), chance(b.SKU)), cmp.Compare(a.SKU, b.SKU))
	})
	return f, nil
}

// chance is a number that looks drawn and is always the same.
func chance(sku string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(sku)) // never fails
	return h.Sum32()
}

// compose makes a product of its kind, its variant and its size.
func compose(k kind, v variant, s size) feedProduct {
	p := feedProduct{
		SKU: sku(k, v, s), Names: feedWords{}, Descriptions: feedWords{}, PriceMinor: s.Price, Currency: "EUR", Category: k.Category,
		Attributes: map[string]feedWords{}, Active: true,
	}
	roll := chance(p.SKU)
	p.Brand = k.Brands[roll%uint32(len(k.Brands))]
	p.Stock = int(roll>>8) % 60
	if roll>>16%12 == 0 {
		p.Stock = 0 // a shop has run out of something at any time
	}
	if k.Currency != "" {
		p.Currency = k.Currency
	}
	for lang, name := range k.Names {
		p.Names[lang] = strings.TrimSpace(strings.ReplaceAll(name, "{v}", v.Words[lang]))
		if len(s.Label) > 0 {
			p.Names[lang] += " · " + s.Label[lang]
		}
		p.Descriptions[lang] = strings.TrimSpace(k.About[lang] + " " + v.Note[lang])
	}
	if len(s.Label) > 0 {
		p.Attributes[s.Key] = s.Label
	}
	if v.Attribute != "" {
		p.Attributes[v.Attribute] = v.Words
	}
	p.Media = []feedMedium{{URL: static.Picture(k.Shape, v.Tint), Kind: "image", Alt: p.Names}}
	return p
}

func sku(k kind, v variant, s size) string {
	parts := []string{k.Code}
	if v.Code != "1" {
		parts = append(parts, v.Code)
	}
	if s.Code != "" {
		parts = append(parts, s.Code)
	}
	return strings.Join(parts, "-")
}

// answer gives a page of the feed; the categories stand on the first.
func (f *productFeed) answer(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		writeJSON(w, http.StatusMethodNotAllowed, map[string]string{"error": "method_not_allowed"})
		return
	}
	from, err := strconv.Atoi(r.FormValue("cursor"))
	if r.FormValue("cursor") == "" {
		from, err = 0, nil
	}
	if err != nil || from < 0 || from > len(f.products) {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "bad_cursor"})
		return
	}
	to := min(from+feedPage, len(f.products))
	page := map[string]any{"products": f.products[from:to]}
	if from == 0 {
		page["categories"] = f.categories
	}
	if to < len(f.products) {
		page["next"] = strconv.Itoa(to)
	}
	writeJSON(w, http.StatusOK, page)
}

// productFeed answers as the supplier, who keeps no record of who asks.
func (s *Server) productFeed(w http.ResponseWriter, r *http.Request) {
	if !s.faults.answer("feed", w, r) {
		s.feed.answer(w, r)
	}
}
