package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/services"
	"frontdesk/views/ui"
)

const stylistsPath = servicesPath + "/stylists"

// stylists lists who works here, in the salon's order.
func (s *Server) stylists(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "stylists", Path: stylistsPath, Caption: "services.tab.stylists", Sort: "position", PageSize: 500,
		Columns: []tableColumn{
			{Key: "name", Label: "services.field.name", Sorts: true}, {Key: "categories", Label: "services.field.categories"},
			{Key: "phone", Label: "services.field.phone"}, {Key: "calendar", Label: "calendar.column", Optional: true}, {Key: "state", Label: "services.column.state"},
			{Key: "position", Label: "services.column.position", Sorts: true}, {Key: "edit", Label: "services.column.acts", End: true},
		},
		Filters: []tableFilter{
			{Key: "category", Label: "services.field.category", Kind: ui.FilterChips, Options: categoryOptions(ctx)},
			{Key: "state", Label: "services.column.state", Kind: ui.FilterSelect, Options: stateOptions(ctx, personStates)},
		},
		Empty:   ui.EmptyList{Icon: "users", Title: i18n.T(ctx, "services.stylist.none"), Text: i18n.T(ctx, "services.stylist.none_text")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "services.no_match"), Text: i18n.T(ctx, "services.no_match_text")},
	}
	page := services.Page{Tabs: s.serviceTabs(c, "stylists"), Lead: i18n.T(ctx, "services.stylist.lead")}
	keeps := s.keeps(c)
	if keeps {
		page.Add = &services.Link{URL: stylistsPath + "/new", Label: i18n.T(ctx, "services.stylist.new"), Icon: "user-plus"}
		spec.Empty.URL, spec.Empty.Label = page.Add.URL, page.Add.Label
	}
	read := func(ctx context.Context, q tableQuery) (tablePage, error) { return s.stylistRows(ctx, q, keeps) }
	return s.table(c, servicesScreen("services.tab.stylists"), spec, read, func(t ui.Table) templ.Component {
		page.Table = t
		return services.Content(page)
	})
}

func (s *Server) stylistRows(ctx context.Context, q tableQuery, keeps bool) (tablePage, error) {
	all, err := s.Diary.Upkeep().Stylists(ctx)
	if err != nil {
		return tablePage{}, err
	}
	lags, err := s.calendarLags(ctx)
	if err != nil {
		return tablePage{}, err
	}
	v, _ := VisitorOf(ctx)
	lang := i18n.From(ctx).Language
	rows := slices.DeleteFunc(slices.Clone(all), func(r models.Stylist) bool {
		category := q.Value("category")
		return category != "" && !r.Does(models.Category(category)) || !matches(q, "state", stateOf(r.Active))
	})
	sorted(q, rows, map[string]func(a, b models.Stylist) int{
		"name":     func(a, b models.Stylist) int { return strings.Compare(a.Names.In(lang), b.Names.In(lang)) },
		"position": func(a, b models.Stylist) int { return a.Position - b.Position },
	})
	var page tablePage
	for _, r := range rows {
		name, path := r.Names.In(lang), stylistsPath+"/"+r.ID.String()
		place := ui.Cell{Text: strconv.Itoa(r.Position)}
		var edit ui.Cell
		if keeps {
			place.View = services.Order(v.Session.CSRF, path, "stylist-"+r.Code, name, r.ID == all[0].ID, r.ID == all[len(all)-1].ID)
			edit.View = services.Edit(path+"/edit", name)
		}
		page.Rows = append(page.Rows, tableRow{Row: ui.Row{ID: r.ID.String(), URL: path, Label: name, Cells: []ui.Cell{
			{Text: name}, {Text: categoriesOf(ctx, r)}, {Text: s.stylistPhone(v, r), Code: true},
			{Text: s.lagText(ctx, diaryQuery{zone: q.zone}, lags[r.ID])}, stateCell(ctx, personStates, r.Active), place, edit,
		}}})
	}
	return page, nil
}

// stylistPhone is a stylist's number as the reader may see it: their own always, that of others like a
// customer's.
func (s *Server) stylistPhone(v Visitor, r models.Stylist) string {
	if v.Staff.StylistID != nil && *v.Staff.StylistID == r.ID {
		return r.Phone
	}
	return phoneFor(v.Role, r.Phone)
}

func categoriesOf(ctx context.Context, r models.Stylist) string {
	words := make([]string, len(r.Categories))
	for i, one := range r.Categories {
		words[i] = i18n.T(ctx, "public.category."+one)
	}
	return strings.Join(words, i18n.T(ctx, "services.comma"))
}

// stylist is one stylist with breaks and history; the coming days are the diary's week.
func (s *Server) stylist(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	row, err := s.Diary.Upkeep().Stylist(ctx, id)
	if err != nil {
		return err
	}
	breaks, err := s.Diary.Upkeep().BreaksOf(ctx, id)
	if err != nil {
		return err
	}
	d := s.stylistDetail(c, row, breaks)
	if err := s.calendarFacts(c, row, &d); err != nil {
		return err
	}
	if d.History, err = s.history(c, "stylist", id.String()); err != nil {
		return err
	}
	return s.page(c, servicesScreen("services.tab.stylists"), services.DetailContent(d))
}

func (s *Server) stylistDetail(c *fiber.Ctx, row models.Stylist, breaks []models.WeeklyBreak) services.Detail {
	ctx := c.UserContext()
	v, _ := VisitorOf(ctx)
	lang := i18n.From(ctx).Language
	d := s.detail(c, "stylists", row.Names.In(lang), personStates, row.Active)
	d.Facts = []services.Fact{{Label: i18n.T(ctx, "services.field.categories"), Value: categoriesOf(ctx, row)}}
	if phone := s.stylistPhone(v, row); phone != "" {
		d.Facts = append(d.Facts, services.Fact{Label: i18n.T(ctx, "services.field.phone"), Value: phone, Code: true})
	}
	pauses := make([]string, len(breaks))
	for i, b := range breaks {
		pauses[i] = i18n.Weekday(lang, b.Weekday) + " \u2066" + b.Starts + "–" + b.Ends + "\u2069"
	}
	if len(pauses) == 0 {
		pauses = []string{i18n.T(ctx, "services.breaks.none")}
	}
	d.Facts = append(d.Facts, services.Fact{Label: i18n.T(ctx, "services.breaks"), Value: strings.Join(pauses, i18n.T(ctx, "services.comma"))})
	d.Texts = []services.Texts{{Label: i18n.T(ctx, "services.field.names"), Text: row.Names}}
	if s.opensDiary(v, row) {
		d.Links = []services.Link{{URL: link("/console/diary", "view", "week", "stylist", row.Code), Label: i18n.T(ctx, "services.stylist.week"), Icon: "calendar-range"}}
	}
	if !s.keeps(c) {
		return d
	}
	path := stylistsPath + "/" + row.ID.String()
	d.Acts = []services.Link{
		{URL: path + "/edit", Label: i18n.T(ctx, "services.edit"), Icon: "pencil"}, {URL: path + "/breaks", Label: i18n.T(ctx, "services.breaks"), Icon: "clock"},
	}
	if row.Active {
		d.Acts = append(d.Acts, services.Link{URL: path + "/retire", Label: i18n.T(ctx, "services.retire"), Icon: "archive"})
	} else {
		d.Quick = []services.Link{{URL: path + "/restore", Label: i18n.T(ctx, "services.restore"), Icon: "undo-2"}}
	}
	return d
}

// opensDiary tells whether the reader may open a stylist's week: their own, or everybody's.
func (s *Server) opensDiary(v Visitor, row models.Stylist) bool {
	scope, may := s.Staff.Can(v.Role, staff.Diary, staff.ToRead)
	return may && (scope != staff.Own || v.Staff.StylistID != nil && *v.Staff.StylistID == row.ID)
}

// addStylist adds a stylist at the end of the order.
func (s *Server) addStylist(c *fiber.Ctx) error {
	f := s.form(c, "services.field")
	edit := readStylist(f)
	if f.Valid() {
		added, err := s.Diary.Upkeep().AddStylist(c.UserContext(), s.actor(c), edit)
		if err == nil {
			return s.acted(c, acted{To: stylistsPath + "/" + added.ID.String(), Toast: "services.stylist.added", Result: fiber.Map{"id": added.ID, "code": added.Code}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	page := services.StylistForm{Form: services.Form{Form: f.Shown(), New: true}, Categories: categoryOptions(c.UserContext()), Orders: orderOptions(c.UserContext())}
	return s.formPage(c, servicesScreen("services.stylist.new"), f, services.EditStylist(page))
}

// editStylist changes a stylist from now on.
func (s *Server) editStylist(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	row, err := s.Diary.Upkeep().Stylist(ctx, id)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	fillStylist(f, row)
	edit, version := readStylist(f), versionOf(f)
	page := services.StylistForm{Name: ui.In(ctx, row.Names), Categories: categoryOptions(ctx), Orders: orderOptions(ctx)}
	if f.Valid() {
		changed, err := s.Diary.Upkeep().ChangeStylist(ctx, s.actor(c), id, version, edit)
		if err == nil {
			return s.acted(c, acted{To: stylistsPath + "/" + id.String(), Toast: "services.saved", Result: fiber.Map{"version": changed.Version}})
		}
		if !f.Refused(err) {
			return err
		}
		if overtaken(err) {
			page.Now = f.beside(func(f *form) { fillStylist(f, row) })
		}
	}
	page.Form.Form = f.Shown()
	return s.formPage(c, servicesScreen("services.stylist.edit_title"), f, services.EditStylist(page))
}

func readStylist(f *form) booking.StylistEdit {
	e := booking.StylistEdit{Names: f.Texts("names", booking.MaxName), Phone: f.OptionalText("phone", 40)}
	for _, category := range f.Choices("categories", string(models.Hair), string(models.Aesthetics)) {
		e.Categories = append(e.Categories, models.Category(category))
	}
	e.Email, e.SMSPhone = f.OptionalText("email", 120), f.OptionalText("sms_phone", 40)
	e.CalendarID = f.OptionalText("calendar", 254)
	e.Channels = strings.Fields(f.OptionalChoice("channels", channelOrders()...))
	return e
}

func fillStylist(f *form, row models.Stylist) {
	f.FillTexts("names", row.Names)
	f.Fill("categories", row.Categories...)
	f.Fill("phone", row.Phone)
	f.Fill("email", row.Email)
	f.Fill("sms_phone", row.SMSPhone)
	f.Fill("calendar", row.CalendarID)
	f.Fill("channels", strings.Join(row.Channels, " "))
	f.Fill("version", strconv.Itoa(row.Version))
}

// retireStylist lets nobody book a stylist any more, or says whose visits keep them.
func (s *Server) retireStylist(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	row, err := s.Diary.Upkeep().Stylist(ctx, id)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	if f.Valid() {
		_, err := s.Diary.Upkeep().RetireStylist(ctx, s.actor(c), id)
		if err == nil {
			to := stylistsPath + "/" + id.String()
			return s.acted(c, acted{To: to, Toast: "services.stylist.retired", Undo: &undo{URL: to + "/restore"}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	ahead, err := s.Diary.Upkeep().Ahead(ctx, id)
	if err != nil {
		return err
	}
	page := services.RetireForm{Form: services.Form{Form: f.Shown()}, Name: ui.In(ctx, row.Names)}
	if page.Visits, err = s.standing(c, ahead); err != nil {
		return err
	}
	return s.formPage(c, servicesScreen("services.stylist.retire"), f, services.RetireStylist(page))
}

// restoreStylist lets customers book them again.
func (s *Server) restoreStylist(c *fiber.Ctx) error {
	return s.switched(c, stylistsPath, "services.stylist.restored", "", func(ctx context.Context, id models.ID) error {
		_, err := s.Diary.Upkeep().RestoreStylist(ctx, s.actor(c), id)
		return err
	})
}

// moveStylist moves a stylist one place in the salon's order.
func (s *Server) moveStylist(up bool) fiber.Handler {
	return func(c *fiber.Ctx) error { return s.reordered(c, stylistsPath, up, s.Diary.Upkeep().MoveStylist) }
}
