package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/services"
	"frontdesk/views/ui"
)

const packsPath = servicesPath + "/packs"

// packs lists what is sold together and what each pack saves today.
func (s *Server) packs(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "packs", Path: packsPath, Caption: "services.tab.packs", Sort: "name", PageSize: 500,
		Columns: []tableColumn{
			{Key: "name", Label: "services.field.name", Sorts: true}, {Key: "contents", Label: "services.field.services"},
			{Key: "minutes", Label: "services.column.minutes", End: true}, {Key: "price", Label: "services.field.price", End: true, Sorts: true},
			{Key: "saving", Label: "services.column.saving", End: true, Sorts: true}, {Key: "code", Label: "services.column.code", Optional: true, Hidden: true},
			{Key: "state", Label: "services.column.state"}, {Key: "edit", Label: "services.column.acts", End: true},
		},
		Filters: []tableFilter{
			{Key: "category", Label: "services.field.category", Kind: ui.FilterChips, Options: categoryOptions(ctx)},
			{Key: "state", Label: "services.column.state", Kind: ui.FilterSelect, Options: stateOptions(ctx, thingStates)},
		},
		Empty:   ui.EmptyList{Icon: "package", Title: i18n.T(ctx, "services.pack.none"), Text: i18n.T(ctx, "services.pack.none_text")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "services.no_match"), Text: i18n.T(ctx, "services.no_match_text")},
	}
	page := services.Page{Tabs: s.serviceTabs(c, "packs"), Lead: i18n.T(ctx, "services.pack.lead")}
	keeps := s.keeps(c)
	if keeps {
		page.Add = &services.Link{URL: packsPath + "/new", Label: i18n.T(ctx, "services.pack.new"), Icon: "plus"}
		spec.Empty.URL, spec.Empty.Label = page.Add.URL, page.Add.Label
	}
	read := func(ctx context.Context, q tableQuery) (tablePage, error) { return s.packRows(ctx, q, keeps) }
	return s.table(c, servicesScreen("services.tab.packs"), spec, read, func(t ui.Table) templ.Component {
		page.Table = t
		return services.Content(page)
	})
}

func (s *Server) packRows(ctx context.Context, q tableQuery, keeps bool) (tablePage, error) {
	rows, err := s.Diary.Upkeep().Packs(ctx)
	if err != nil {
		return tablePage{}, err
	}
	lang := i18n.From(ctx).Language
	rows = slices.DeleteFunc(rows, func(r booking.PackOnSale) bool {
		return !matches(q, "category", string(r.Pack.Category)) || !matches(q, "state", stateOf(r.Pack.Active))
	})
	sorted(q, rows, map[string]func(a, b booking.PackOnSale) int{
		"name": func(a, b booking.PackOnSale) int {
			return strings.Compare(a.Pack.Names.In(lang), b.Pack.Names.In(lang))
		},
		"price":  func(a, b booking.PackOnSale) int { return cmp.Compare(a.Pack.PriceMinor, b.Pack.PriceMinor) },
		"saving": func(a, b booking.PackOnSale) int { return cmp.Compare(a.SavingMinor, b.SavingMinor) },
	})
	var page tablePage
	for _, r := range rows {
		name, path := r.Pack.Names.In(lang), packsPath+"/"+r.Pack.ID.String()
		state := i18n.T(ctx, thingStates+"."+stateOf(r.Pack.Active))
		var edit ui.Cell
		if keeps {
			edit.View = services.Edit(path+"/edit", name)
		}
		page.Rows = append(page.Rows, tableRow{Row: ui.Row{ID: r.Pack.ID.String(), URL: path, Label: name, Cells: []ui.Cell{
			{Text: name}, {Text: contentsOf(r, lang)}, {Text: strconv.Itoa(r.Pack.Minutes), Code: true},
			{Text: i18n.Amount(r.Pack.PriceMinor), View: ui.Amount(r.Pack.PriceMinor, r.Pack.Currency)},
			{Text: i18n.Amount(r.SavingMinor), View: services.Saving(r.SavingMinor, r.Pack.Currency)}, {Text: r.Pack.Code, Code: true},
			{Text: state, View: services.Sold(r.Pack.Active, r.Complete, state)}, edit,
		}}})
	}
	return page, nil
}

func contentsOf(p booking.PackOnSale, lang models.Language) string {
	names := make([]string, len(p.Contents))
	for i, one := range p.Contents {
		names[i] = one.Names.In(lang)
	}
	return strings.Join(names, " + ")
}

// pack is one pack with its history.
func (s *Server) pack(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	p, err := s.Diary.Upkeep().Pack(ctx, id)
	if err != nil {
		return err
	}
	lang := i18n.From(ctx).Language
	d := s.detail(c, "packs", p.Pack.Names.In(lang), thingStates, p.Pack.Active)
	d.Facts = []services.Fact{
		{Label: i18n.T(ctx, "services.field.price"), Value: ui.Money(ctx, p.Pack.PriceMinor, p.Pack.Currency), Code: true},
		{Label: i18n.T(ctx, "services.field.minutes"), Value: minutesIn(s.Texts, lang, p.Pack.Minutes)},
		{Label: i18n.T(ctx, "services.column.saving"), Value: ui.Money(ctx, p.SavingMinor, p.Pack.Currency), Code: true},
		{Label: i18n.T(ctx, "services.field.services"), Value: contentsOf(p, lang)},
		{Label: i18n.T(ctx, "services.field.category"), Value: i18n.T(ctx, "public.category."+string(p.Pack.Category))},
		{Label: i18n.T(ctx, "services.column.code"), Value: p.Pack.Code, Code: true},
	}
	d.Texts = []services.Texts{{Label: i18n.T(ctx, "services.field.names"), Text: p.Pack.Names}}
	if p.SavingMinor <= 0 {
		d.Notices = append(d.Notices, services.Notice{Tone: ui.Attention, Text: i18n.T(ctx, "services.pack.warning")})
	}
	if !p.Complete {
		d.Notices = append(d.Notices, services.Notice{Tone: ui.Attention, Text: i18n.T(ctx, "services.pack.incomplete_text")})
	}
	s.offerActs(c, &d, packsPath+"/"+id.String(), p.Pack.Active)
	if d.History, err = s.history(c, "pack", id.String()); err != nil {
		return err
	}
	return s.page(c, servicesScreen("services.tab.packs"), services.DetailContent(d))
}

// addPack offers a new pack.
func (s *Server) addPack(c *fiber.Ctx) error {
	f := s.form(c, "services.field")
	edit := readPack(f)
	if f.Valid() {
		added, err := s.Diary.Upkeep().AddPack(c.UserContext(), s.actor(c), edit)
		if err == nil {
			return s.acted(c, acted{
				To: packsPath, Toast: "services.pack.added", Undo: &undo{URL: packsPath + "/" + added.ID.String() + "/retire"}, Result: fiber.Map{"id": added.ID, "code": added.Code},
			})
		}
		if !f.Refused(err) {
			return err
		}
	}
	return s.packForm(c, f, edit, services.PackForm{Form: services.Form{New: true}})
}

// editPack changes a pack from now on.
func (s *Server) editPack(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	p, err := s.Diary.Upkeep().Pack(ctx, id)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	fillPack(f, p.Pack)
	edit, version := readPack(f), versionOf(f)
	page := services.PackForm{Name: ui.In(ctx, p.Pack.Names)}
	if f.Valid() {
		changed, err := s.Diary.Upkeep().ChangePack(ctx, s.actor(c), id, version, edit)
		if err == nil {
			return s.acted(c, acted{To: packsPath + "/" + id.String(), Toast: "services.saved", Result: fiber.Map{"version": changed.Version}})
		}
		if !f.Refused(err) {
			return err
		}
		if overtaken(err) {
			page.Now = f.beside(func(f *form) { fillPack(f, p.Pack) })
		}
	}
	if !f.posted {
		edit = booking.PackEdit{Minutes: p.Pack.Minutes, PriceMinor: p.Pack.PriceMinor, Names: p.Pack.Names, ServiceIDs: held(p.Pack)}
	}
	return s.packForm(c, f, edit, page)
}

func (s *Server) packForm(c *fiber.Ctx, f *form, edit booking.PackEdit, page services.PackForm) error {
	ctx := c.UserContext()
	all, err := s.Diary.Upkeep().Services(ctx)
	if err != nil {
		return err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	for _, one := range all {
		if !one.Active && !slices.Contains(edit.ServiceIDs, one.ID) {
			continue
		}
		page.Services = append(page.Services, ui.Option{
			Value: one.ID.String(), Label: ui.In(ctx, one.Names),
			Hint: strings.Join([]string{
				i18n.T(ctx, "public.category."+string(one.Category)), s.Texts.Plural(i18n.From(ctx).Language, "chat.minutes", one.Minutes, nil), ui.Money(ctx, one.PriceMinor, one.Currency),
			}, " · "),
		})
	}
	page.Form.Form, page.Currency = f.Shown(), policies.Currency
	if page.Preview, err = s.packSaid(ctx, edit, policies.Currency); err != nil {
		return err
	}
	title := "services.pack.edit_title"
	if page.New {
		title = "services.pack.new"
	}
	return s.formPage(c, servicesScreen(title), f, services.EditPack(page))
}

// previewPack draws what customers would read of what is typed so far, and what it would save.
func (s *Server) previewPack(c *fiber.Ctx) error {
	policies, err := s.Policies.Policies(c.UserContext())
	if err != nil {
		return err
	}
	said, err := s.packSaid(c.UserContext(), readPack(s.form(c, "services.field")), policies.Currency)
	if err != nil {
		return err
	}
	private(c)
	return send(c, fiber.StatusOK, services.Previewed(said))
}

// packSaid is the offer of a pack in each language. A pack that saves nothing is never offered.
func (s *Server) packSaid(ctx context.Context, e booking.PackEdit, currency string) (services.Preview, error) {
	var out services.Preview
	p, err := s.Diary.Upkeep().Preview(ctx, e)
	if err != nil || len(p.Contents) < 2 || e.PriceMinor == 0 && e.Minutes == 0 {
		return out, err
	}
	out.Notes = []string{i18n.T(ctx, "services.pack.computed", "Singles", ui.Money(ctx, p.SinglesMinor, currency),
		"Minutes", minutesIn(s.Texts, i18n.From(ctx).Language, p.SinglesMinutes), "Saving", ui.Money(ctx, p.SavingMinor, currency))}
	if p.SavingMinor <= 0 {
		out.Warning = i18n.T(ctx, "services.pack.warning")
		return out, nil
	}
	for _, lang := range models.Languages() {
		if e.Names[lang] == "" {
			continue
		}
		money := func(minor int64) string { return i18n.Money(lang, models.Money{Minor: minor, Currency: currency}) }
		out.Said = append(out.Said, services.Said{Language: lang, Text: s.Texts.Text(lang, "chat.pack.offer", i18n.Facts{
			"Pack": e.Names[lang], "Minutes": minutesIn(s.Texts, lang, e.Minutes), "Price": money(e.PriceMinor),
			"Singles": money(p.SinglesMinor), "Saving": money(p.SavingMinor),
		})})
	}
	return out, nil
}

func readPack(f *form) booking.PackEdit {
	return booking.PackEdit{
		Names: f.Texts("names", booking.MaxName), ServiceIDs: f.IDs("services", 50),
		Minutes: f.Number("minutes", booking.MinMinutes, booking.MaxMinutes), PriceMinor: f.Money("price", booking.MaxPriceMinor),
	}
}

func fillPack(f *form, p models.Pack) {
	f.FillTexts("names", p.Names)
	ids := make([]string, len(p.Services))
	for i, id := range held(p) {
		ids[i] = id.String()
	}
	f.Fill("services", ids...)
	f.Fill("minutes", strconv.Itoa(p.Minutes))
	f.Fill("price", ui.Major(p.PriceMinor))
	f.Fill("version", strconv.Itoa(p.Version))
}

func held(p models.Pack) []models.ID {
	ids := make([]models.ID, len(p.Services))
	for i, link := range p.Services {
		ids[i] = link.ServiceID
	}
	return ids
}

// retirePack stops offering a pack at once; the toast takes it back.
func (s *Server) retirePack(c *fiber.Ctx) error {
	return s.switched(c, packsPath, "services.pack.retired", "restore", func(ctx context.Context, id models.ID) error {
		_, err := s.Diary.Upkeep().RetirePack(ctx, s.actor(c), id)
		return err
	})
}

// restorePack offers it again.
func (s *Server) restorePack(c *fiber.Ctx) error {
	return s.switched(c, packsPath, "services.pack.restored", "retire", func(ctx context.Context, id models.ID) error {
		_, err := s.Diary.Upkeep().RestorePack(ctx, s.actor(c), id)
		return err
	})
}
