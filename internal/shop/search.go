package shop

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf8"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Sort is an order of a list.
type Sort string

// Orders of a list.
const (
	SortNewest Sort = "newest"
	SortPrice  Sort = "price"
	SortName   Sort = "name"
)

// Query asks for a page of products. Of what is left at zero, Sort is SortNewest, Page 1, Size
// DefaultSize and Language English; Desc is taken as it stands, so that newest first is said with it.
type Query struct {
	Text     string // words, all of which are looked for, or a SKU
	Category string // slug; its children belong to it
	MinMinor *int64
	MaxMinor *int64
	Sort     Sort
	Desc     bool
	Page     int
	Size     int
	Language models.Language // of the names that SortName compares
}

// Limits of a query.
const (
	DefaultSize = 20
	MaxSize     = 100
	MaxPage     = 5000
	MaxText     = 100 // characters
	maxSlug     = 60
	maxPrice    = 1_000_000_000
)

// List is a page of products, each with its category and its first medium, and how many there are in all.
type List struct {
	Total    int64
	Page     int
	Size     int
	Products []models.Product
}

// Search gives a page of the active products a query asks for. A product whose SKU is the query's text comes
// first. An unknown category holds nothing. What it gives may be remembered, a failure never is.
// Fault: shop.query with the fields q, category, minPrice, maxPrice, sort, page and pageSize.
func (s *Shop) Search(ctx context.Context, q Query) (List, error) {
	defer s.timings.products.since(s.clock, s.clock.Machine())
	q, err := q.checked()
	if err != nil {
		return List{}, err
	}
	return remembered(ctx, s.memory, "list:"+q.key(), s.memory.products, func(ctx context.Context) (List, error) { return s.list(ctx, q) })
}

// key is the same for queries that give the same list.
func (q Query) key() string {
	lang := q.Language
	if q.Sort != SortName {
		lang = ""
	}
	return q.filter() + fmt.Sprintf("|%s|%t|%d|%d|%s", q.Sort, q.Desc, q.Page, q.Size, lang)
}

// filter is the same for queries that hold the same products, in whichever order.
func (q Query) filter() string {
	low, high := int64(-1), int64(-1)
	if q.MinMinor != nil {
		low = *q.MinMinor
	}
	if q.MaxMinor != nil {
		high = *q.MaxMinor
	}
	text := sha256.Sum256([]byte(strings.Join(words(q.Text), " "))) // what people type is not kept where keys are listed
	return fmt.Sprintf("%x|%q|%d|%d", text[:12], q.Category, low, high)
}

// checked fills what was left out and judges the rest.
func (q Query) checked() (Query, error) {
	q.Text, q.Category = strings.TrimSpace(q.Text), strings.TrimSpace(q.Category)
	if q.Sort == "" {
		q.Sort = SortNewest
	}
	if q.Page == 0 {
		q.Page = 1
	}
	if q.Size == 0 {
		q.Size = DefaultSize
	}
	if q.Language != models.Spanish && q.Language != models.Arabic {
		q.Language = models.English
	}
	wrong := map[string]string{}
	if utf8.RuneCountInString(q.Text) > MaxText || !utf8.ValidString(q.Text) || strings.ContainsRune(q.Text, 0) {
		wrong["q"] = "shop.query_text"
	}
	if len(q.Category) > maxSlug || !utf8.ValidString(q.Category) || strings.ContainsRune(q.Category, 0) {
		wrong["category"] = "shop.query_category"
	}
	low, high := q.MinMinor, q.MaxMinor
	if low != nil && (*low < 0 || *low > maxPrice) {
		wrong["minPrice"] = "shop.query_price"
	}
	if high != nil && (*high < 0 || *high > maxPrice) || low != nil && high != nil && *low > *high {
		wrong["maxPrice"] = "shop.query_price"
	}
	if q.Sort != SortNewest && q.Sort != SortPrice && q.Sort != SortName {
		wrong["sort"] = "shop.query_sort"
	}
	if q.Page < 1 || q.Page > MaxPage {
		wrong["page"] = "shop.query_page"
	}
	if q.Size < 1 || q.Size > MaxSize {
		wrong["pageSize"] = "shop.query_size"
	}
	if len(wrong) > 0 {
		return q, fault.Invalid("shop.query", wrong)
	}
	return q, nil
}

// where is the condition of a query and its values.
func (s *Shop) where(ctx context.Context, q Query) (string, []any, error) {
	conditions, values := []string{"active"}, []any{}
	for _, word := range words(q.Text) {
		conditions, values = append(conditions, "found LIKE '%' || folded(?) || '%'"), append(values, escaped(word))
	}
	if q.MinMinor != nil {
		conditions, values = append(conditions, "price_minor >= ?"), append(values, *q.MinMinor)
	}
	if q.MaxMinor != nil {
		conditions, values = append(conditions, "price_minor <= ?"), append(values, *q.MaxMinor)
	}
	if q.Category != "" {
		within, err := s.within(ctx, q.Category)
		if err != nil {
			return "", nil, err
		}
		conditions, values = append(conditions, "category_id IN ?"), append(values, within)
	}
	return strings.Join(conditions, " AND "), values, nil
}

// order is how a query's products follow one another; every order is one of an index.
func (q Query) order() string {
	by := map[Sort]string{SortNewest: "created_at", SortPrice: "price_minor", SortName: nameOf(q.Language)}[q.Sort]
	if q.Desc {
		return by + " DESC, id DESC"
	}
	return by + ", id"
}

// nameOf is the name that is compared in a language, as the indexes hold it (migration 0026).
func nameOf(lang models.Language) string {
	switch lang {
	case models.Spanish:
		return `(folded(coalesce(names->>'es', names->>'en')) COLLATE "C")`
	case models.Arabic:
		return `(folded(coalesce(names->>'ar', names->>'en')) COLLATE "C")`
	default:
		return `(folded(names->>'en') COLLATE "C")`
	}
}

// list reads a page from the tables.
func (s *Shop) list(ctx context.Context, q Query) (List, error) {
	where, values, err := s.where(ctx, q)
	if err != nil {
		return List{}, err
	}
	l := List{Page: q.Page, Size: q.Size}
	l.Total, err = remembered(ctx, s.memory, "total:"+q.filter(), s.memory.products, func(ctx context.Context) (n int64, err error) {
		err = s.db.Planned(ctx).Raw("SELECT count(*) FROM products WHERE "+where, values...).Scan(&n).Error
		return n, err
	})
	if err != nil {
		return List{}, fmt.Errorf("count products: %w", err)
	}
	first := (q.Page - 1) * q.Size
	if int64(first) >= l.Total {
		return l, nil
	}
	var ids []models.ID
	err = s.db.Planned(ctx).Raw("SELECT id FROM products WHERE "+where+" ORDER BY "+q.order()+" LIMIT ? OFFSET ?", append(values, q.Size, first)...).Scan(&ids).Error
	if err != nil {
		return List{}, fmt.Errorf("find products: %w", err)
	}
	l.Products, err = s.dress(ctx, ids)
	return l, err
}

// maxWords is how many words of a text are looked for; more narrow nothing that a person would miss.
const maxWords = 8

// words are what a text asks for.
func words(text string) []string {
	all := strings.Fields(text)
	return all[:min(len(all), maxWords)]
}

// escaped lets a word stand for itself in a LIKE.
func escaped(word string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)
}
