package handlers

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/logging"
	"frontdesk/internal/shop"
	"frontdesk/models"
	"frontdesk/views/store"
	"frontdesk/views/ui"
)

// storeQuery is what an address asks of the shop's list. What it does not understand is left out: a
// mistyped filter shows more, never an error.
type storeQuery struct {
	text, category string
	least, most    *int64 // minor units; the address has them as people write them
	by             string // the order; empty: newest first
	page           int
}

// storeOrders are the orders of the list, by their word in an address.
func storeOrders() map[string]shop.Query {
	return map[string]shop.Query{
		"":           {Sort: shop.SortNewest, Desc: true},
		"price":      {Sort: shop.SortPrice},
		"price_desc": {Sort: shop.SortPrice, Desc: true},
		"name":       {Sort: shop.SortName},
	}
}

const maxStorePrice = 100_000_00

func askStore(c *fiber.Ctx) storeQuery {
	q := storeQuery{page: 1, least: priceOf(c.Query("from")), most: priceOf(c.Query("to"))}
	if text := c.Query("q"); utf8.ValidString(text) && !strings.ContainsRune(text, 0) {
		q.text = oneLine(firstRunes(text, shop.MaxText))
	}
	if slug := c.Query("category"); len(slug) <= 60 && slugLike(slug) {
		q.category = slug
	}
	if by := c.Query("by"); by != "" && storeOrders()[by].Sort != "" {
		q.by = by
	}
	if n, ok := atoi(western(c.Query("page"))); ok && n > 0 && n <= shop.MaxPage {
		q.page = n
	}
	if q.least != nil && q.most != nil && *q.least > *q.most { // meant the other way round
		q.least, q.most = q.most, q.least
	}
	return q
}

func slugLike(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') })
}

// priceOf reads an amount as people write it; nil when it is none of ours.
func priceOf(text string) *int64 {
	if len(text) > 40 {
		return nil
	}
	minor, ok := minorUnits(western(text))
	if !ok || minor > maxStorePrice {
		return nil
	}
	return &minor
}

func (q storeQuery) narrow() bool {
	return q.text != "" || q.category != "" || q.least != nil || q.most != nil
}

func (q storeQuery) asked(lang models.Language) shop.Query {
	out := storeOrders()[q.by]
	out.Text, out.Category, out.MinMinor, out.MaxMinor, out.Page, out.Language = q.text, q.category, q.least, q.most, q.page, lang
	return out
}

// url is the list's address for the query.
func (q storeQuery) url() string {
	page := ""
	if q.page > 1 {
		page = strconv.Itoa(q.page)
	}
	return link(store.ProductsPath, "q", q.text, "category", q.category, "from", typedPrice(q.least), "to", typedPrice(q.most), "by", q.by, "page", page)
}

// with is the first page of the list for a changed query.
func (q storeQuery) with(change func(*storeQuery)) string {
	q.page = 1
	change(&q)
	return q.url()
}

func typedPrice(minor *int64) string {
	if minor == nil {
		return ""
	}
	return strings.TrimSuffix(ui.Major(*minor), ".00")
}

// storeList is the page of the products that were asked for. A list that could not be read says so in its
// place, and keeps what was asked.
func (s *Server) storeList(c *fiber.Ctx) error {
	ctx, q := c.UserContext(), askStore(c)
	page, err := s.storePage(ctx, q)
	status := fiber.StatusOK
	if err != nil {
		f := asFault(err)
		if status = f.Status(); status < fiber.StatusInternalServerError {
			return err
		}
		s.Log.LogAttrs(ctx, slog.LevelError, "shop not read", slog.String("route", s.pattern(c)), slog.Any("err", err))
		page = store.ListPage{Search: s.storeSearch(ctx, q, ""), Failed: logging.Request(ctx), Again: q.url()}
	} else if len(page.Products) == 0 && page.Total > 0 { // behind the end
		q.page = (page.Total-1)/shop.DefaultSize + 1
		return c.Redirect(q.url(), fiber.StatusSeeOther)
	}
	return s.public(c, status, "public.store.title", store.List(page))
}

func (s *Server) storePage(ctx context.Context, q storeQuery) (store.ListPage, error) {
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return store.ListPage{}, err
	}
	categories, err := s.Shop.Categories(ctx)
	if err != nil {
		return store.ListPage{}, err
	}
	lang := i18n.From(ctx).Language
	list, err := s.Shop.Search(ctx, q.asked(lang))
	if err != nil {
		return store.ListPage{}, err
	}
	p := store.ListPage{
		Search: s.storeSearch(ctx, q, policies.Currency), Total: int(list.Total), Products: s.cards(ctx, list.Products),
		Asked: storeAsked(ctx, q, categories, policies.Currency),
		From:  (q.page-1)*list.Size + 1, To: (q.page-1)*list.Size + len(list.Products),
	}
	p.Categories, p.Within = categoryChips(ctx, q, categories)
	if q.narrow() {
		p.Clear = storeQuery{by: q.by, page: 1}.url()
	}
	here := q.page
	if here > 1 {
		p.Previous = q.with(func(q *storeQuery) { q.page = here - 1 })
	}
	if p.To < p.Total {
		p.Next = q.with(func(q *storeQuery) { q.page = here + 1 })
	}
	return p, nil
}

func (s *Server) storeSearch(ctx context.Context, q storeQuery, currency string) store.Search {
	out := store.Search{
		Text: q.text, Category: q.category, Least: typedPrice(q.least), Most: typedPrice(q.most), Currency: currency, Sort: q.by,
		Open: q.least != nil || q.most != nil || q.by != "",
	}
	for _, by := range []string{"", "price", "price_desc", "name"} {
		word := by
		if by == "" {
			word = "newest"
		}
		out.Sorts = append(out.Sorts, ui.Option{Value: by, Label: i18n.T(ctx, "public.store.sort."+word)})
	}
	return out
}

// storeAsked is what narrows the list, each with the list without it.
func storeAsked(ctx context.Context, q storeQuery, categories []shop.CategoryCount, currency string) []store.Asked {
	var out []store.Asked
	if q.text != "" {
		out = append(out, store.Asked{Label: i18n.T(ctx, "public.store.asked_words", "Words", q.text), Without: q.with(func(q *storeQuery) { q.text = "" })})
	}
	if q.category != "" {
		name := q.category
		if i := slices.IndexFunc(categories, func(c shop.CategoryCount) bool { return c.Slug == q.category }); i >= 0 {
			name = ui.In(ctx, categories[i].Names)
		}
		out = append(out, store.Asked{Label: name, Without: q.with(func(q *storeQuery) { q.category = "" })})
	}
	if q.least != nil {
		out = append(out, store.Asked{
			Label: i18n.T(ctx, "public.store.asked_least", "Amount", store.Money(ctx, *q.least, currency)), Without: q.with(func(q *storeQuery) { q.least = nil }),
		})
	}
	if q.most != nil {
		out = append(out, store.Asked{
			Label: i18n.T(ctx, "public.store.asked_most", "Amount", store.Money(ctx, *q.most, currency)), Without: q.with(func(q *storeQuery) { q.most = nil }),
		})
	}
	return out
}

// categoryChips lead through the shelves: those at the top, and those within the chosen one. Empty ones
// are no way to anything.
func categoryChips(ctx context.Context, q storeQuery, all []shop.CategoryCount) (top, within []ui.Chip) {
	chosen := topOf(q.category, all)
	to := func(slug string) string { return q.with(func(q *storeQuery) { q.category = slug }) }
	top = []ui.Chip{{Label: i18n.T(ctx, "public.store.every"), URL: to(""), Current: q.category == ""}}
	for _, c := range all {
		name := ui.In(ctx, c.Names)
		switch {
		case c.Products == 0:
		case c.Parent == nil:
			top = append(top, ui.Chip{Label: name, URL: to(c.Slug), Current: c.Slug == chosen})
			if c.Slug == chosen && c.Children > 0 {
				within = append(within, ui.Chip{Label: i18n.T(ctx, "public.store.every_of", "Category", name), URL: to(c.Slug), Current: c.Slug == q.category})
			}
		case topOf(c.Slug, all) == chosen:
			within = append(within, ui.Chip{Label: name, URL: to(c.Slug), Current: c.Slug == q.category})
		}
	}
	return top, within
}

// topOf is the shelf at the top that a category stands in; empty when there is no such category.
func topOf(slug string, all []shop.CategoryCount) string {
	for range all { // a chain is no longer than there are categories
		i := slices.IndexFunc(all, func(c shop.CategoryCount) bool { return c.Slug == slug })
		if i < 0 {
			return ""
		}
		if all[i].Parent == nil {
			return slug
		}
		slug = all[i].Parent.Slug
	}
	return ""
}

// newest are the latest products, for the start page. Without them the page is whole: the salon does not
// close because its shop cannot be read.
func (s *Server) newest(c *fiber.Ctx) []store.Card {
	ctx := c.UserContext()
	q := storeQuery{page: 1}.asked(i18n.From(ctx).Language)
	q.Size = 4
	list, err := s.Shop.Search(ctx, q)
	if err != nil {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "newest products not read", slog.Any("err", err))
		return nil
	}
	return s.cards(ctx, list.Products)
}
