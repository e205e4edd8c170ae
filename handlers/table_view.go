package handlers

import (
	"context"
	"maps"
	"slices"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/views/ui"
)

// drawTable is a page of rows as it is drawn, with every link of its state.
func (s *Server) drawTable(c *fiber.Ctx, q tableQuery, page tablePage) ui.Table {
	ctx, spec := c.UserContext(), q.spec
	t := ui.Table{
		ID: spec.ID, Caption: i18n.T(ctx, spec.Caption), Action: spec.Path, Keep: q.keep(), Narrow: q.Narrow(), Clear: q.clear(),
		Dense: c.Cookies(s.cookieName(densityCookie)) == "compact", Bulk: spec.Bulk, Empty: spec.Empty, NoMatch: spec.NoMatch,
	}
	t.Density = q.url("density", otherDensity(t.Dense))
	if !spec.NoCSV {
		t.CSV = q.url("format", "csv")
	}
	for _, f := range spec.Filters {
		t.Filters = append(t.Filters, q.drawFilter(ctx, f))
	}
	for _, col := range spec.Columns {
		if col.Optional {
			t.Picker = append(t.Picker, ui.ColumnChoice{Label: i18n.T(ctx, col.Label), Shown: q.shows(col.Key), URL: q.toggled(col.Key)})
		}
		if q.shows(col.Key) {
			t.Columns = append(t.Columns, q.drawColumn(ctx, col))
		}
	}
	for _, r := range page.Rows {
		r.Cells = q.shownCells(r.Cells)
		t.Rows = append(t.Rows, r.Row)
	}
	q.drawPager(page, &t)
	return t
}

func (q tableQuery) shows(key string) bool { return slices.Contains(q.columns, key) }

func (q tableQuery) shownCells(cells []ui.Cell) []ui.Cell {
	var out []ui.Cell
	for i, cell := range cells {
		if i < len(q.spec.Columns) && q.shows(q.spec.Columns[i].Key) {
			out = append(out, cell)
		}
	}
	return out
}

func (q tableQuery) drawColumn(ctx context.Context, col tableColumn) ui.Column {
	out := ui.Column{Key: col.Key, Label: i18n.T(ctx, col.Label), End: col.End}
	if q.Sort == col.Key {
		out.Order = "ascending"
		if q.Desc {
			out.Order = "descending"
		}
	}
	if col.Sorts {
		next := col.Key
		if q.Sort == col.Key && !q.Desc {
			next = "-" + col.Key
		}
		out.Sort = q.url("sort", next)
	}
	return out
}

func (q tableQuery) drawFilter(ctx context.Context, f tableFilter) ui.Filter {
	out := ui.Filter{Key: f.Key, Label: i18n.T(ctx, f.Label), Kind: f.Kind, Value: q.values[f.Key], Options: f.Options,
		From: q.values[f.Key+".from"], To: q.values[f.Key+".to"]}
	if f.Kind != ui.FilterChips {
		return out
	}
	out.Chips = []ui.Chip{{Label: i18n.T(ctx, "console.table.every"), URL: q.url(f.Key, ""), Current: out.Value == ""}}
	for _, o := range f.Options {
		out.Chips = append(out.Chips, ui.Chip{Label: o.Label, URL: q.url(f.Key, o.Value), Current: out.Value == o.Value})
	}
	return out
}

// drawPager leads on. Going back, there is always a page behind.
func (q tableQuery) drawPager(page tablePage, t *ui.Table) {
	if len(page.Rows) == 0 {
		if q.After != nil {
			t.First = q.url()
		}
		return
	}
	first, last := page.Rows[0].Cursor, page.Rows[len(page.Rows)-1].Cursor
	if q.Backward || page.More {
		t.Next = q.onward("after", last)
	}
	switch {
	case q.spec.Backward && (q.Backward && page.More || !q.Backward && q.After != nil):
		t.Previous = q.onward("before", first)
	case !q.spec.Backward && q.After != nil:
		t.First = q.url()
	}
}

func (q tableQuery) onward(name string, place []string) string {
	if place == nil {
		return ""
	}
	return q.url(name, cursor(place))
}

// toggled is the page with a column shown or hidden.
func (q tableQuery) toggled(key string) string {
	var columns []string
	for _, c := range q.spec.Columns {
		if q.shows(c.Key) != (c.Key == key) {
			columns = append(columns, c.Key)
		}
	}
	q.columns = columns
	return q.url()
}

// keep is what the filter form carries along: all but its own fields.
func (q tableQuery) keep() map[string]string {
	out := map[string]string{}
	for name, values := range q.params() {
		out[name] = values[0]
	}
	for _, f := range q.spec.Filters {
		if f.Kind != ui.FilterChips {
			maps.DeleteFunc(out, func(name, _ string) bool {
				return name == f.Key || name == f.Key+".from" || name == f.Key+".to"
			})
		}
	}
	return out
}

// clear is the page without filters, with its sort and columns.
func (q tableQuery) clear() string {
	q.values = nil
	return q.url()
}

func otherDensity(dense bool) string {
	if dense {
		return "comfortable"
	}
	return "compact"
}
