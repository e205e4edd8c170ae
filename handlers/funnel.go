package handlers

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/funnel"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/dashboards"
	"frontdesk/views/ui"
)

const (
	funnelPath = "/console/dashboards"
	funnelDays = 7   // looked at when nobody says which
	funnelMost = 366 // days at once
	// fewest is how many people a figure is about at least, where its reader sees sums only: a day with one conversation
	// in one language would be somebody's.
	fewest = 5
)

// figureKind is one kind of figures of the shop: its columns behind day and language, and how its rows are made.
type figureKind struct {
	name    string // the last part of the path; empty: the first
	channel bool   // told apart by channel, too
	columns []string
	rows    func(s *Server, ctx context.Context, of funnelAsk) ([]figureRow, error)
}

// figureRow is a day of a channel in a language.
type figureRow struct {
	day     time.Time
	channel funnel.Channel
	lang    models.Language
	cells   []string
}

// funnelAsk is which days are asked for, and whether few people are left out.
type funnelAsk struct {
	funnel.Span
	sparing bool
}

func allFigures() []figureKind {
	return []figureKind{
		{"", true, []string{"looked", "carted", "started", "paid", "conversion", "cart_share", "checkout_share", "pay_share"}, (*Server).funnelRows},
		{"support", true, []string{"asked", "found", "missed", "support_share", "chatted", "chat_share", "handed"}, (*Server).supportRows},
		{"sales", true, []string{"currency", "orders", "total", "average"}, (*Server).saleRows},
		{"left", false, []string{"step", "visits"}, (*Server).leftRows},
		{"replies", false, []string{"heard", "answered", "median", "p95"}, (*Server).replyRows},
	}
}

func (f figureKind) path() string {
	if f.name == "" {
		return funnelPath
	}
	return funnelPath + "/" + f.name
}

func (f figureKind) key() string {
	if f.name == "" {
		return "funnel"
	}
	return f.name
}

// dashboardRoutes are the figures of the shop, for those who read dashboards.
func (s *Server) dashboardRoutes() []Route {
	read := can(staff.Dashboards, staff.ToRead)
	doc := map[string]string{
		"": "How many came how far on their way through the shop, by day, channel and language", "support": "How orders were looked up, and who went on to a chat",
		"sales": "What was paid", "left": "At which step conversations about the shop ended", "replies": "How soon conversations got their first answer",
	}
	var routes []Route
	for _, f := range allFigures() {
		routes = append(routes, Route{get, f.path(), read, s.showFigures(f), doc[f.name]})
	}
	return routes
}

// showFigures is the page of one kind of figures. Its filters stand in the URL; it is also a file.
func (s *Server) showFigures(f figureKind) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx := c.UserContext()
		v, _ := VisitorOf(ctx)
		scope, _ := s.Staff.Can(v.Role, staff.Dashboards, staff.ToRead)
		sparing := scope == staff.Aggregates
		read := func(ctx context.Context, q tableQuery) (tablePage, error) { return s.figurePage(ctx, f, q, sparing) }
		return s.table(c, screen{title: "funnel.title", room: staff.Dashboards, wide: true}, f.table(ctx), read, func(t ui.Table) templ.Component {
			page := dashboards.Page{Lead: i18n.T(ctx, "funnel.lead."+f.key()), Table: t}
			if sparing {
				page.Note = i18n.N(ctx, "funnel.few", fewest)
			}
			for _, one := range allFigures() {
				page.Tabs = append(page.Tabs, ui.Chip{Label: i18n.T(ctx, "funnel.tab."+one.key()), URL: one.path(), Current: one.name == f.name})
			}
			return dashboards.Content(page)
		})
	}
}

func (f figureKind) table(ctx context.Context) tableSpec {
	spec := tableSpec{
		ID: "figures-" + f.key(), Path: f.path(), Caption: "funnel.tab." + f.key(), Sort: "-day",
		Columns: []tableColumn{{Key: "day", Label: "funnel.day"}},
		Filters: []tableFilter{{Key: "day", Label: "funnel.day", Kind: ui.FilterDays}},
		Empty:   ui.EmptyList{Icon: "list", Title: i18n.T(ctx, "funnel.empty"), Text: i18n.T(ctx, "funnel.empty_text")},
		NoMatch: ui.EmptyList{Icon: "filter", Title: i18n.T(ctx, "funnel.no_match"), Text: i18n.T(ctx, "funnel.no_match_text")},
	}
	if f.channel {
		var channels []ui.Option
		for _, by := range []funnel.Channel{funnel.Web, funnel.WhatsApp, funnel.API} {
			channels = append(channels, ui.Option{Value: string(by), Label: i18n.T(ctx, "funnel.channel."+string(by))})
		}
		spec.Columns = append(spec.Columns, tableColumn{Key: "channel", Label: "funnel.channel"})
		spec.Filters = append(spec.Filters, tableFilter{Key: "channel", Label: "funnel.channel", Kind: ui.FilterSelect, Options: channels})
	}
	var langs []ui.Option
	for _, lang := range models.Languages() {
		langs = append(langs, ui.Option{Value: lang, Label: i18n.T(ctx, "console.lang."+lang)})
	}
	spec.Columns = append(spec.Columns, tableColumn{Key: "language", Label: "funnel.language"})
	spec.Filters = append(spec.Filters, tableFilter{Key: "language", Label: "funnel.language", Kind: ui.FilterSelect, Options: langs})
	for _, key := range f.columns {
		spec.Columns = append(spec.Columns, tableColumn{Key: key, Label: "funnel." + key, End: key != "step" && key != "currency", Optional: true})
	}
	return spec
}

// figurePage reads a page of figures, the newest day first.
func (s *Server) figurePage(ctx context.Context, f figureKind, q tableQuery, sparing bool) (tablePage, error) {
	rows, err := f.rows(s, ctx, funnelAsk{s.spanOf(q), sparing})
	if err != nil {
		return tablePage{}, err
	}
	slices.Reverse(rows)
	rows = slices.DeleteFunc(rows, func(r figureRow) bool {
		return q.Value("language") != "" && r.lang != q.Value("language") || q.Value("channel") != "" && string(r.channel) != q.Value("channel")
	})
	from := 0
	if len(q.After) == 1 {
		from, _ = atoi(q.After[0])
		from = min(max(from, 0), len(rows))
	}
	to := min(from+q.Limit, len(rows))
	page := tablePage{More: to < len(rows)}
	for i, r := range rows[from:to] {
		shown := yearDay(i18n.From(ctx).Language, models.DateOf(r.day))
		row := ui.Row{Label: shown, Cells: []ui.Cell{{Text: r.day.Format(time.DateOnly), View: ui.Time(r.day, shown)}}}
		if f.channel {
			row.Cells = append(row.Cells, ui.Cell{Text: i18n.T(ctx, "funnel.channel."+string(r.channel))})
		}
		row.Cells = append(row.Cells, ui.Cell{Text: i18n.T(ctx, "console.lang."+r.lang)})
		for n, text := range r.cells {
			row.Cells = append(row.Cells, ui.Cell{Text: text, Code: f.columns[n] != "step"})
		}
		page.Rows = append(page.Rows, tableRow{Row: row, Cursor: []string{strconv.Itoa(from + i + 1)}})
	}
	return page, nil
}

// spanOf is which days a URL asks for: the last seven where it does not say, a year at most.
func (s *Server) spanOf(q tableQuery) funnel.Span {
	from, to := q.Days("day")
	if to.IsZero() {
		to = s.Clock.Now().In(q.zone)
	} else {
		to = to.AddDate(0, 0, -1)
	}
	if from.IsZero() {
		from = to.AddDate(0, 0, 1-funnelDays)
	}
	if to.Before(from) {
		from, to = to, from
	}
	if last := from.AddDate(0, 0, funnelMost-1); to.After(last) {
		to = last
	}
	return funnel.Span{From: from, To: to}
}
