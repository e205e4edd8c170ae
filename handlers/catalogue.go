package handlers

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/catalogue"
	"frontdesk/views/store"
	"frontdesk/views/ui"
)

const cataloguePath = "/console/catalogue"

// catalogueRoutes are what the salon sells, as staff keep it.
func (s *Server) catalogueRoutes() []Route {
	read, act := can(staff.Catalogue, staff.ToRead), can(staff.Catalogue, staff.ToAct)
	return []Route{
		{get, cataloguePath, read, s.catalogue, "What the shop sells, with prices, stock and what is missing"},
		{get, catalogue.SyncsPath, read, s.catalogueSyncs, "When the product feed was read, and what came of it"},
		{post, catalogue.SyncsPath, act, s.syncNow, "Read the product feed now"},
		{get, cataloguePath + "/:id", read, s.catalogueProduct, "One product with its history"},
		{get, cataloguePath + "/:id/edit", act, s.editProduct, "The form that changes a product"},
		{post, cataloguePath + "/:id/edit", act, s.editProduct, "Change a product from now on"},
	}
}

func catalogueScreen(title string) screen { return screen{title: title, room: staff.Catalogue} }

// mayKeep tells whether the visitor may change the catalogue.
func (s *Server) mayKeep(c *fiber.Ctx) bool {
	v, _ := VisitorOf(c.UserContext())
	_, may := s.Staff.Can(v.Role, staff.Catalogue, staff.ToAct)
	return may
}

// catalogueTabs lead through the room: all products, what they lack, the readings of the feed.
func (s *Server) catalogueTabs(ctx context.Context, here string) ([]ui.Chip, error) {
	counts, err := s.Shop.GapCounts(ctx)
	if err != nil {
		return nil, err
	}
	out := []ui.Chip{{Label: i18n.T(ctx, "catalogue.tab.products"), URL: cataloguePath, Current: here == "products"}}
	for _, g := range shop.Gaps() {
		out = append(out, ui.Chip{
			Label: i18n.T(ctx, "catalogue.gap."+string(g)), URL: link(cataloguePath, "gap", string(g)), Current: here == string(g), Count: counts[g],
		})
	}
	return append(out, ui.Chip{Label: i18n.T(ctx, "catalogue.tab.syncs"), URL: catalogue.SyncsPath, Current: here == "syncs"}), nil
}

// catalogue is the list of products, on sale or not.
func (s *Server) catalogue(c *fiber.Ctx) error {
	ctx := c.UserContext()
	categories, err := s.Shop.Categories(ctx)
	if err != nil {
		return err
	}
	var slugs []ui.Option
	for _, one := range categories {
		slugs = append(slugs, ui.Option{Value: one.Slug, Label: ui.In(ctx, one.Names)})
	}
	spec := tableSpec{
		ID: "catalogue", Path: cataloguePath, Caption: "catalogue.title", Sort: "name",
		Columns: []tableColumn{
			{Key: "name", Label: "catalogue.field.names", Sorts: true}, {Key: "sku", Label: "catalogue.field.sku", Sorts: true},
			{Key: "category", Label: "catalogue.field.category"}, {Key: "price", Label: "catalogue.field.price", End: true, Sorts: true},
			{Key: "stock", Label: "catalogue.field.stock", End: true, Sorts: true}, {Key: "state", Label: "catalogue.field.state"},
			{Key: "gaps", Label: "catalogue.field.gaps"}, {Key: "changed", Label: "catalogue.field.changed", Sorts: true, Optional: true, Hidden: true},
		},
		Filters: []tableFilter{
			{Key: "gap", Label: "catalogue.field.gaps", Kind: ui.FilterSelect, Options: namedOptions(ctx, "catalogue.gap", shop.Gaps()...)},
			{Key: "state", Label: "catalogue.field.state", Kind: ui.FilterSelect, Options: namedOptions(ctx, "catalogue.state", "active", "inactive")},
			{Key: "category", Label: "catalogue.field.category", Kind: ui.FilterSelect, Options: slugs},
			{Key: "q", Label: "catalogue.search", Kind: ui.FilterSearch},
		},
		Empty:   ui.EmptyList{Icon: "package", Title: i18n.T(ctx, "catalogue.none"), Text: i18n.T(ctx, "catalogue.none_text"), URL: catalogue.SyncsPath, Label: i18n.T(ctx, "catalogue.tab.syncs")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "catalogue.no_match"), Text: i18n.T(ctx, "catalogue.no_match_text")},
	}
	here := "products"
	if g := shop.Gap(c.Query("gap")); g == shop.GapTexts || g == shop.GapPicture || g == shop.GapStock {
		here = string(g)
	}
	page := catalogue.Page{Lead: i18n.T(ctx, "catalogue.lead")}
	if page.Tabs, err = s.catalogueTabs(ctx, here); err != nil {
		return err
	}
	return s.table(c, catalogueScreen("catalogue.title"), spec, s.catalogueRows, func(t ui.Table) templ.Component {
		page.Table = t
		return catalogue.Content(page)
	})
}

func stateOfProduct(active bool) string {
	if active {
		return "active"
	}
	return "inactive"
}

// catalogueRows reads a page; its place in the list is how many stand before it.
func (s *Server) catalogueRows(ctx context.Context, q tableQuery) (tablePage, error) {
	ask := shop.Shelf{
		Text: q.Value("q"), Category: q.Value("category"), Gap: shop.Gap(q.Value("gap")), Sort: shop.ShelfSort(q.Sort), Desc: q.Desc,
		Language: i18n.From(ctx).Language, Limit: q.Limit + 1,
	}
	if n, ok := q.cursorID(); ok {
		ask.Offset = int(min(n, 1_000_000))
	}
	if state := q.Value("state"); state != "" {
		active := state == "active"
		ask.Active = &active
	}
	products, err := s.Shop.OnShelf(ctx, ask)
	if err != nil {
		return tablePage{}, err
	}
	page := tablePage{More: len(products) > q.Limit}
	for i, p := range products[:min(len(products), q.Limit)] {
		page.Rows = append(page.Rows, tableRow{Row: productRow(ctx, p), Cursor: []string{strconv.Itoa(ask.Offset + i + 1)}})
	}
	return page, nil
}

func productRow(ctx context.Context, p models.Product) ui.Row {
	name, category, state := ui.In(ctx, p.Names), "", i18n.T(ctx, "catalogue.state."+stateOfProduct(p.Active))
	if p.Category != nil {
		category = ui.In(ctx, p.Category.Names)
	}
	gaps := gapsOf(ctx, p)
	lacks := ui.Cell{Text: joinWords(ctx, gaps)}
	if len(gaps) > 0 {
		lacks.View = catalogue.Lacking(gaps)
	}
	return ui.Row{ID: p.ID.String(), URL: cataloguePath + "/" + p.ID.String(), Label: name, Cells: []ui.Cell{
		{Text: name}, {Text: p.SKU, Code: true}, {Text: category}, {Text: ui.Money(ctx, p.PriceMinor, p.Currency), Code: true},
		{Text: strconv.Itoa(p.Stock)}, {Text: state, View: catalogue.State(p.Active, state)}, lacks, {Text: ui.Moment(ctx, p.UpdatedAt)},
	}}
}

func joinWords(ctx context.Context, words []string) string {
	out := ""
	for i, w := range words {
		if i > 0 {
			out += i18n.T(ctx, "services.comma")
		}
		out += w
	}
	return out
}

// gapsOf are what a product lacks, in words.
func gapsOf(ctx context.Context, p models.Product) []string {
	var out []string
	described := 0
	for _, lang := range models.Languages() {
		if p.Descriptions[lang] != "" {
			described++
		}
	}
	for _, lang := range models.Languages() {
		if p.Names[lang] == "" || described > 0 && p.Descriptions[lang] == "" {
			out = append(out, i18n.T(ctx, "catalogue.lacks_texts", "Language", i18n.T(ctx, "console.lang."+lang)))
		}
	}
	if !hasPicture(p) {
		out = append(out, i18n.T(ctx, "catalogue.lacks_picture"))
	}
	if p.Active && p.Stock == 0 {
		out = append(out, i18n.T(ctx, "catalogue.lacks_stock"))
	}
	return out
}

func hasPicture(p models.Product) bool {
	for _, m := range p.Media {
		if m.Kind == models.MediumImage {
			return true
		}
	}
	return false
}

// productID reads the id of an address. Fault: shop.product_not_found for what is none.
func productID(c *fiber.Ctx) (id models.ID, err error) {
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return id, fault.NotFound("shop.product_not_found")
	}
	return id, nil
}

// catalogueProduct is one product with its history.
func (s *Server) catalogueProduct(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := productID(c)
	if err != nil {
		return err
	}
	p, err := s.Shop.AnyProduct(ctx, id)
	if err != nil {
		return err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	d := catalogue.Detail{
		Title: ui.In(ctx, p.Names), Active: p.Active, State: i18n.T(ctx, "catalogue.state."+stateOfProduct(p.Active)), Gaps: gapsOf(ctx, p),
		Names: p.Names, Words: p.Descriptions, Facts: productFacts(ctx, p),
	}
	if held := heldFields(ctx, p); len(held) > 0 {
		words := make([]string, len(held))
		for i, h := range held {
			words[i] = h.Label
		}
		d.Facts = append(d.Facts, catalogue.Fact{Label: i18n.T(ctx, "catalogue.held"), Value: joinWords(ctx, words)})
	}
	d.Facts = append(d.Facts, catalogue.Fact{Label: i18n.T(ctx, "catalogue.field.changed"), Value: ui.Moment(ctx, p.UpdatedAt.In(policies.Zone()))})
	for _, m := range p.Media {
		one := s.picture(ctx, m, p)
		d.Pictures = append(d.Pictures, catalogue.Picture{URL: one.URL, Alt: one.Alt, From: m.URL})
	}
	if p.Active {
		d.InShop = store.ProductsPath + "/" + id.String()
	}
	if s.mayKeep(c) {
		d.Edit = cataloguePath + "/" + id.String() + "/edit"
	}
	if d.Tabs, err = s.catalogueTabs(ctx, ""); err != nil {
		return err
	}
	if d.History, err = s.history(c, "product", id.String()); err != nil {
		return err
	}
	return s.page(c, catalogueScreen("catalogue.title"), catalogue.Product(d))
}

func productFacts(ctx context.Context, p models.Product) []catalogue.Fact {
	out := []catalogue.Fact{
		{Label: i18n.T(ctx, "catalogue.field.price"), Value: ui.Money(ctx, p.PriceMinor, p.Currency), Code: true},
		{Label: i18n.T(ctx, "catalogue.field.stock"), Value: strconv.Itoa(p.Stock)},
		{Label: i18n.T(ctx, "catalogue.field.sku"), Value: p.SKU, Code: true},
	}
	if p.Category != nil {
		out = append(out, catalogue.Fact{Label: i18n.T(ctx, "catalogue.field.category"), Value: ui.In(ctx, p.Category.Names)})
	}
	if p.Brand != "" {
		out = append(out, catalogue.Fact{Label: i18n.T(ctx, "catalogue.field.brand"), Value: p.Brand})
	}
	for _, key := range sortedKeys(p.Attributes) {
		out = append(out, catalogue.Fact{Label: firstUpper(ui.Word(ctx, "public.store.spec", key)), Value: ui.In(ctx, p.Attributes[key])})
	}
	return out
}
