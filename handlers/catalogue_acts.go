package handlers

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/models"
	"frontdesk/views/catalogue"
	"frontdesk/views/ui"
)

// editProduct changes a product from now on.
func (s *Server) editProduct(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := productID(c)
	if err != nil {
		return err
	}
	row, err := s.Shop.AnyProduct(ctx, id)
	if err != nil {
		return err
	}
	f := s.form(c, "catalogue.field")
	fillProduct(f, row)
	edit, version := readProduct(f), versionOf(f)
	page := catalogue.EditPage{
		Name: ui.In(ctx, row.Names), Currency: row.Currency, Cancel: cataloguePath + "/" + id.String(), Effect: i18n.T(ctx, "catalogue.effect"),
		Held: heldFields(ctx, row),
	}
	if f.Valid() {
		changed, err := s.Shop.ChangeProduct(ctx, s.actor(c), id, version, edit)
		if err == nil {
			return s.acted(c, acted{To: page.Cancel, Toast: "catalogue.saved", Result: fiber.Map{"version": changed.Version}})
		}
		if !f.Refused(err) {
			return err
		}
		if fault.Is(err, "shop.changed") {
			page.Now = f.beside(func(f *form) { fillProduct(f, row) })
		}
	}
	page.Form = f.Shown()
	return s.formPage(c, catalogueScreen("catalogue.edit_title"), f, catalogue.Edit(page))
}

func readProduct(f *form) shop.ProductEdit {
	e := shop.ProductEdit{
		Names: models.Text{}, Descriptions: models.Text{}, PriceMinor: f.Money("price", shop.MaxPriceMinor),
		Stock: f.Number("stock", 0, shop.MaxStock), Active: f.Checked("active"),
	}
	for _, lang := range models.Languages() {
		e.Names[lang] = f.OptionalText("names."+lang, shop.MaxName)
		e.Descriptions[lang] = f.OptionalLong("descriptions."+lang, shop.MaxDescription)
	}
	for _, field := range shop.HeldFields() {
		if f.Checked("release." + field) {
			e.Release = append(e.Release, field)
		}
	}
	return e
}

// heldFields are what staff hold of a product, with what a release is called in the form.
func heldFields(ctx context.Context, row models.Product) []catalogue.Held {
	var out []catalogue.Held
	for _, field := range row.Held {
		out = append(out, catalogue.Held{Name: "release." + field, Label: i18n.T(ctx, "catalogue.field."+field)})
	}
	return out
}

func fillProduct(f *form, row models.Product) {
	f.FillTexts("names", row.Names)
	f.FillTexts("descriptions", row.Descriptions)
	f.Fill("price", ui.Major(row.PriceMinor))
	f.Fill("stock", strconv.Itoa(row.Stock))
	if row.Active {
		f.Fill("active", "yes")
	}
	f.Fill("version", strconv.Itoa(row.Version))
}

// catalogueSyncs are the readings of the feed, the newest first.
func (s *Server) catalogueSyncs(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "syncs", Path: catalogue.SyncsPath, Caption: "catalogue.tab.syncs", Sort: "-started", PageSize: 100,
		Columns: []tableColumn{
			{Key: "started", Label: "catalogue.run.started"}, {Key: "state", Label: "catalogue.field.state"},
			{Key: "products", Label: "catalogue.run.products", End: true}, {Key: "changed", Label: "catalogue.run.changed", End: true},
			{Key: "deactivated", Label: "catalogue.run.deactivated", End: true}, {Key: "rejected", Label: "catalogue.run.rejected", End: true},
			{Key: "ended", Label: "catalogue.run.ended", Optional: true, Hidden: true}, {Key: "source", Label: "catalogue.run.source", Optional: true, Hidden: true},
		},
		Empty: ui.EmptyList{Icon: "refresh-cw", Title: i18n.T(ctx, "catalogue.run.none"), Text: i18n.T(ctx, "catalogue.run.none_text")},
	}
	page := catalogue.Page{Lead: i18n.T(ctx, "catalogue.run.lead"), CSRF: csrf(c), Sync: s.mayKeep(c)}
	var err error
	if page.Tabs, err = s.catalogueTabs(ctx, "syncs"); err != nil {
		return err
	}
	return s.table(c, catalogueScreen("catalogue.title"), spec, s.syncRows, func(t ui.Table) templ.Component {
		page.Table = t
		return catalogue.Content(page)
	})
}

func (s *Server) syncRows(ctx context.Context, q tableQuery) (tablePage, error) {
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return tablePage{}, err
	}
	runs, err := s.Shop.Runs(ctx, q.Limit)
	if err != nil {
		return tablePage{}, err
	}
	var page tablePage
	for _, r := range runs {
		word, ended := i18n.T(ctx, "catalogue.run."+string(r.State)), ""
		if r.Failure != "" {
			word = ui.Word(ctx, "catalogue.failure", r.Failure)
		}
		if r.EndedAt != nil {
			ended = ui.Moment(ctx, r.EndedAt.In(policies.Zone()))
		}
		started := r.StartedAt.In(policies.Zone())
		page.Rows = append(page.Rows, tableRow{Row: ui.Row{Label: ui.Moment(ctx, started), Cells: []ui.Cell{
			{Text: ui.Moment(ctx, started), View: ui.Time(started, ui.Moment(ctx, started))}, {Text: word, View: catalogue.RunState(r.State, word)},
			{Text: strconv.Itoa(r.Products)}, {Text: strconv.Itoa(r.Changed)}, {Text: strconv.Itoa(r.Deactivated)}, {Text: strconv.Itoa(r.Rejected)},
			{Text: ended}, {Text: r.Source, Code: true},
		}}})
	}
	return page, nil
}

// syncNow lets the workers read the feed. While one reading is under way another press begins none.
func (s *Server) syncNow(c *fiber.Ctx) error {
	ctx := c.UserContext()
	f := s.form(c, "catalogue.field")
	if !f.Valid() {
		return f.fault()
	}
	run, err := s.Shop.AskForSync(ctx, s.actor(c))
	if err != nil {
		return err
	}
	return s.acted(c, acted{To: catalogue.SyncsPath, Toast: "catalogue.sync_begun", Result: fiber.Map{"run": run.ID}})
}
