package shop

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
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
	return remembered(ctx, s.memory, anyChange, "list:"+q.key(), s.memory.products, func(ctx context.Context) (List, error) { return s.list(ctx, q) })
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

// matching is how the words of a text are compared with a product's.
type matching string

const (
	// strictly: each word stands in it, be it inside another one.
	strictly matching = "found LIKE '%' || folded(?) || '%'"
	// loosely: something much like each word stands in it, for what was mistyped.
	loosely matching = "folded(?) <% found"
)

// condition is what products must meet, and its values.
type condition struct {
	sql    string
	values []any
}

func (c condition) and(sql string, values ...any) condition {
	return condition{c.sql + " AND " + sql, slices.Concat(c.values, values)}
}

// everything is the condition of who asks for nothing in particular.
const everything = "active"

// bounds are the conditions of a query but its text.
func (s *Shop) bounds(ctx context.Context, q Query) (condition, error) {
	c := condition{sql: everything}
	if q.MinMinor != nil {
		c = c.and("price_minor >= ?", *q.MinMinor)
	}
	if q.MaxMinor != nil {
		c = c.and("price_minor <= ?", *q.MaxMinor)
	}
	if q.Category == "" {
		return c, nil
	}
	within, err := s.within(ctx, q.Category)
	if len(within) == 0 {
		return c.and("false"), err
	}
	return c.and("category_id IN ?", within), err
}

// saying adds the words of a text.
func (c condition) saying(text string, m matching) condition {
	for _, word := range words(text) {
		if m == strictly {
			word = escaped(word)
		}
		c = c.and(string(m), word)
	}
	return c
}

// few is how many matches are sorted at most. More are found by going through their order until a page is full.
const few = 1000

// inOrder asks for the products of a condition as a query wants them; every order is one of an index. Where few match,
// they are found first and then sorted: going through the order would pass by nearly everything else. Postgres cannot
// know, as it can only guess how many hold a word.
func (q Query) inOrder(where condition, total int64) string {
	by, order := q.order()
	from := "products WHERE " + where.sql
	if total < few && where.sql != everything {
		from = "(SELECT id, " + by + " FROM products WHERE " + where.sql + " OFFSET 0) AS found"
	}
	return "SELECT id FROM " + from + " ORDER BY " + order + " LIMIT ? OFFSET ?"
}

// order is the order that a query wants, and the column that it begins with.
func (q Query) order() (by, order string) {
	by = map[Sort]string{SortNewest: "created_at", SortPrice: "price_minor", SortName: nameOf(q.Language)}[q.Sort]
	if q.Desc {
		return by, by + " DESC, id DESC"
	}
	return by, by + ", id"
}

// nameOf is the column of the name that is compared in a language.
func nameOf(lang models.Language) string {
	switch lang {
	case models.Spanish:
		return "name_es"
	case models.Arabic:
		return "name_ar"
	default:
		return "name_en"
	}
}

// list reads a page from the tables. What nobody wrote like that is looked for a second time, loosely.
func (s *Shop) list(ctx context.Context, q Query) (List, error) {
	bounds, err := s.bounds(ctx, q)
	if err != nil {
		return List{}, err
	}
	l := List{Page: q.Page, Size: q.Size}
	where := bounds
	for _, m := range []matching{strictly, loosely} {
		where = bounds.saying(q.Text, m)
		if l.Total, err = s.total(ctx, q, m, where); err != nil {
			return List{}, err
		}
		if l.Total > 0 || len(words(q.Text)) == 0 {
			break
		}
	}
	if where.sql == everything && q.Page == 1 {
		l.Products, err = s.dress(ctx, q.begins(), q.Size)
		return l, err
	}
	ids, err := s.page(ctx, q, bounds, where, l.Total)
	if err != nil || len(ids) == 0 {
		return l, err
	}
	l.Products, err = s.dress(ctx, these, ids)
	return l, err
}

// begins picks the first products of all in the order that a query wants; how many is its value. It is said with one of
// a few limits, so that Postgres keeps a few plans and each knows that it is after a few rows.
func (q Query) begins() string {
	limits := []int{10, 20, 50, MaxSize}
	limit := limits[slices.IndexFunc(limits, func(n int) bool { return n >= q.Size })]
	_, order := q.order()
	return fmt.Sprintf("(ARRAY(SELECT id FROM products WHERE %s ORDER BY %s LIMIT %d))[:$1]", everything, order, limit)
}

// total counts what a query holds, which is the same on all its pages. Counting reads every match, so that it is done
// once for as long as lists hold the same products, whatever is remembered otherwise. Comparing loosely is dear: nobody
// is told of more than few.
func (s *Shop) total(ctx context.Context, q Query, m matching, where condition) (int64, error) {
	return s.totals.of(ctx, fmt.Sprintf("%t:%s", m == strictly, q.filter()), func(ctx context.Context) (n int64, err error) {
		count := "SELECT count(*) FROM products WHERE " + where.sql
		if m == loosely {
			count = fmt.Sprintf("SELECT count(*) FROM (SELECT FROM products WHERE %s LIMIT %d) AS found", where.sql, few)
		}
		if err := s.db.Planned(ctx).Raw(count, where.values...).Scan(&n).Error; err != nil {
			return 0, fmt.Errorf("count products: %w", err)
		}
		return n, nil
	})
}

// page finds the products of a page; the one whose SKU was asked for comes before all others.
func (s *Shop) page(ctx context.Context, q Query, bounds, where condition, total int64) ([]models.ID, error) {
	first, size := (q.Page-1)*q.Size, q.Size
	if int64(first) >= total {
		return nil, nil
	}
	var ids []models.ID
	named, err := s.named(ctx, q, bounds)
	if err != nil {
		return nil, err
	}
	if named != nil {
		where = where.and("id <> ?", *named)
		if first == 0 {
			ids, size = append(ids, *named), size-1
		} else {
			first--
		}
	}
	var rest []models.ID
	err = s.db.Planned(ctx).Raw(q.inOrder(where, total), append(where.values, size, first)...).Scan(&rest).Error
	if err != nil {
		return nil, fmt.Errorf("find products: %w", err)
	}
	return append(ids, rest...), nil
}

// named is the product whose SKU is the query's text; nil when there is none.
func (s *Shop) named(ctx context.Context, q Query, bounds condition) (*models.ID, error) {
	if q.Text == "" || len(q.Text) > maxSKU {
		return nil, nil
	}
	var ids []models.ID
	of := bounds.and("upper(sku) = upper(?)", q.Text)
	if err := s.db.On(ctx).Raw("SELECT id FROM products WHERE "+of.sql, of.values...).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("find product by its SKU: %w", err)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return &ids[0], nil
}
