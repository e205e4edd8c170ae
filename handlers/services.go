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

// services is the menu, in the order customers read it.
func (s *Server) services(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "services", Path: servicesPath, Caption: "services.tab.services", Sort: "position", PageSize: 500,
		Columns: []tableColumn{
			{Key: "name", Label: "services.field.name", Sorts: true}, {Key: "category", Label: "services.field.category", Sorts: true},
			{Key: "minutes", Label: "services.column.minutes", End: true, Sorts: true}, {Key: "price", Label: "services.field.price", End: true, Sorts: true},
			{Key: "deposit", Label: "services.field.deposit", End: true, Optional: true, Hidden: true},
			{Key: "code", Label: "services.column.code", Optional: true, Hidden: true},
			{Key: "state", Label: "services.column.state"},
			{Key: "position", Label: "services.column.position", Sorts: true}, {Key: "edit", Label: "services.column.acts", End: true},
		},
		Filters: []tableFilter{
			{Key: "category", Label: "services.field.category", Kind: ui.FilterChips, Options: categoryOptions(ctx)},
			{Key: "state", Label: "services.column.state", Kind: ui.FilterSelect, Options: stateOptions(ctx, thingStates)},
			{Key: "q", Label: "services.search", Kind: ui.FilterSearch},
		},
		Empty:   ui.EmptyList{Icon: "scissors", Title: i18n.T(ctx, "services.none"), Text: i18n.T(ctx, "services.none_text")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "services.no_match"), Text: i18n.T(ctx, "services.no_match_text")},
	}
	page := services.Page{Tabs: s.serviceTabs(c, "services"), Lead: i18n.T(ctx, "services.lead")}
	keeps := s.keeps(c)
	if keeps {
		page.Add = &services.Link{URL: servicesPath + "/new", Label: i18n.T(ctx, "services.service.new"), Icon: "plus"}
		spec.Empty.URL, spec.Empty.Label = page.Add.URL, page.Add.Label
	}
	read := func(ctx context.Context, q tableQuery) (tablePage, error) { return s.serviceRows(c, q, keeps) }
	return s.table(c, servicesScreen("services.title"), spec, read, func(t ui.Table) templ.Component {
		page.Table = t
		return services.Content(page)
	})
}

func (s *Server) serviceRows(c *fiber.Ctx, q tableQuery, keeps bool) (tablePage, error) {
	ctx := c.UserContext()
	all, err := s.Diary.Upkeep().Services(ctx)
	if err != nil {
		return tablePage{}, err
	}
	lang := i18n.From(ctx).Language
	rows := slices.DeleteFunc(slices.Clone(all), func(r models.Service) bool {
		return !matches(q, "category", string(r.Category)) || !matches(q, "state", stateOf(r.Active)) || !named(q.Value("q"), r.Names, r.Synonyms, r.Code)
	})
	sorted(q, rows, map[string]func(a, b models.Service) int{
		"name":     func(a, b models.Service) int { return strings.Compare(a.Names.In(lang), b.Names.In(lang)) },
		"category": func(a, b models.Service) int { return cmp.Compare(a.Category, b.Category) },
		"minutes":  func(a, b models.Service) int { return a.Minutes - b.Minutes },
		"price":    func(a, b models.Service) int { return cmp.Compare(a.PriceMinor, b.PriceMinor) },
		"position": func(a, b models.Service) int { return a.Position - b.Position },
	})
	v, _ := VisitorOf(ctx)
	var page tablePage
	for _, r := range rows {
		page.Rows = append(page.Rows, tableRow{Row: serviceRow(ctx, r, all, keeps, v.Session.CSRF)})
	}
	return page, nil
}

func serviceRow(ctx context.Context, r models.Service, all []models.Service, keeps bool, csrf string) ui.Row {
	name, path := r.Names.In(i18n.From(ctx).Language), servicesPath+"/"+r.ID.String()
	place := ui.Cell{Text: strconv.Itoa(r.Position)}
	var edit ui.Cell
	if keeps {
		first, last := ends(all, r)
		place.View = services.Order(csrf, path, "service-"+r.Code, name, first, last)
		edit.View = services.Edit(path+"/edit", name)
	}
	return ui.Row{ID: r.ID.String(), URL: path, Label: name, Cells: []ui.Cell{
		{Text: name}, {Text: i18n.T(ctx, "public.category."+string(r.Category))},
		{Text: strconv.Itoa(r.Minutes), Code: true}, {Text: i18n.Amount(r.PriceMinor), View: ui.Amount(r.PriceMinor, r.Currency)},
		{Text: percentText(r.DepositPercent), Code: true}, {Text: r.Code, Code: true},
		stateCell(ctx, thingStates, r.Active), place, edit,
	}}
}

func stateCell(ctx context.Context, states string, active bool) ui.Cell {
	word := i18n.T(ctx, states+"."+stateOf(active))
	return ui.Cell{Text: word, View: services.State(active, word)}
}

// ends tells whether a service is the first or the last of its category.
func ends(all []models.Service, r models.Service) (first, last bool) {
	first, last = true, true
	for _, other := range all {
		if other.Category == r.Category && other.ID != r.ID {
			first = first && other.Position > r.Position
			last = last && other.Position < r.Position
		}
	}
	return first, last
}

// matches tells whether a row has a filter's value, or the filter is not in force.
func matches(q tableQuery, filter, value string) bool {
	return q.Value(filter) == "" || q.Value(filter) == value
}

// named tells whether a thing is called so in any language, by any of its words.
func named(wanted string, names models.Text, words models.Words, code string) bool {
	wanted = strings.ToLower(wanted)
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), wanted) }
	for _, lang := range models.Languages() {
		if has(names[lang]) || slices.ContainsFunc(words[lang], has) {
			return true
		}
	}
	return has(code)
}

// service is one service with its history.
func (s *Server) service(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	row, err := s.Diary.Upkeep().Service(ctx, id)
	if err != nil {
		return err
	}
	packs, err := s.Diary.Upkeep().Packs(ctx)
	if err != nil {
		return err
	}
	d := s.serviceDetail(c, row, packs)
	if d.History, err = s.history(c, "service", id.String()); err != nil {
		return err
	}
	return s.page(c, servicesScreen("services.title"), services.DetailContent(d))
}

func (s *Server) serviceDetail(c *fiber.Ctx, row models.Service, packs []booking.PackOnSale) services.Detail {
	ctx := c.UserContext()
	lang := i18n.From(ctx).Language
	d := s.detail(c, "services", row.Names.In(lang), thingStates, row.Active)
	deposit := i18n.T(ctx, "services.deposit_policy")
	if row.DepositPercent != nil {
		deposit = percentText(row.DepositPercent) + "%"
	}
	d.Facts = []services.Fact{
		{Label: i18n.T(ctx, "services.field.price"), Value: ui.Money(ctx, row.PriceMinor, row.Currency), Code: true},
		{Label: i18n.T(ctx, "services.field.minutes"), Value: minutesIn(s.Texts, lang, row.Minutes)},
		{Label: i18n.T(ctx, "services.field.category"), Value: i18n.T(ctx, "public.category."+string(row.Category))},
		{Label: i18n.T(ctx, "services.field.deposit"), Value: deposit},
		{Label: i18n.T(ctx, "services.column.code"), Value: row.Code, Code: true},
	}
	words := models.Text{}
	for _, l := range models.Languages() {
		words[l] = strings.Join(row.Synonyms[l], i18n.T(ctx, "services.comma"))
	}
	d.Texts = []services.Texts{{Label: i18n.T(ctx, "services.field.names"), Text: row.Names}, {Label: i18n.T(ctx, "services.field.synonyms"), Text: words}}
	for _, p := range packs {
		if slices.ContainsFunc(p.Contents, func(one models.Service) bool { return one.ID == row.ID }) {
			d.Links = append(d.Links, services.Link{
				URL: servicesPath + "/packs/" + p.Pack.ID.String(), Label: p.Pack.Names.In(lang), Icon: "package",
			})
		}
	}
	s.offerActs(c, &d, servicesPath+"/"+row.ID.String(), row.Active)
	return d
}

// detail begins the page of a thing that is offered or retired.
func (s *Server) detail(c *fiber.Ctx, tab, title, states string, active bool) services.Detail {
	v, _ := VisitorOf(c.UserContext())
	d := services.Detail{Tabs: s.serviceTabs(c, tab), Title: title, CSRF: v.Session.CSRF, State: i18n.T(c.UserContext(), states+"."+stateOf(active))}
	if active {
		d.Tone = ui.Good
	}
	return d
}

// offerActs puts what can be done with a thing on its page.
func (s *Server) offerActs(c *fiber.Ctx, d *services.Detail, path string, active bool) {
	if !s.keeps(c) {
		return
	}
	ctx := c.UserContext()
	d.Acts = append(d.Acts, services.Link{URL: path + "/edit", Label: i18n.T(ctx, "services.edit"), Icon: "pencil"})
	if active {
		d.Quick = append(d.Quick, services.Link{URL: path + "/retire", Label: i18n.T(ctx, "services.retire"), Icon: "archive"})
	} else {
		d.Quick = append(d.Quick, services.Link{URL: path + "/restore", Label: i18n.T(ctx, "services.restore"), Icon: "undo-2"})
	}
}
