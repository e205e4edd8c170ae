package handlers

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/logging"
	"frontdesk/views/ui"
)

// tableSpec says what a table is: its columns and filters, how it may be sorted. Its state stands in the
// URL and nowhere else.
type tableSpec struct {
	ID       string // of the element: "audit"
	Path     string // of the page
	Caption  string // translation key
	Columns  []tableColumn
	Filters  []tableFilter
	Sort     string // the order without one in the URL: "name", or "-at" for the last first
	PageSize int    // 0 takes 50
	Backward bool   // the reader can also read towards the start; without it, Previous leads to the first page
	Bulk     []ui.BulkAct
	Empty    ui.EmptyList // nothing there yet
	NoMatch  ui.EmptyList // nothing matches; the page has a clear button already
	NoCSV    bool
	Keep     []string // parameters of the page that are not the table's
}

// tableColumn is a column; Label is a translation key.
type tableColumn struct {
	Key, Label string
	End        bool // figures
	Sorts      bool
	Optional   bool // may be hidden
	Hidden     bool // is hidden until somebody asks for it
}

// tableFilter is a filter; Label is a translation key, the options are in words already.
type tableFilter struct {
	Key, Label string
	Kind       ui.FilterKind
	Options    []ui.Option
}

// tableQuery is what a URL asks of a table. What it does not understand is left out: a mistyped filter
// shows more, never an error.
type tableQuery struct {
	spec     tableSpec
	zone     *time.Location
	Sort     string // the column's key
	Desc     bool
	Limit    int      // rows to read; the reader may read one more to learn whether there are more
	After    []string // the cursor of the row before the page (behind it, when Backward); nil: from the start
	Backward bool     // read from After towards the start
	values   map[string]string
	columns  []string // those shown
	kept     map[string]string
}

const (
	defaultPage = 50
	maxFilter   = 80 // characters
	maxCursor   = 1000
)

// askTable reads the URL. Days are those of the zone.
func askTable(query func(name string) string, spec tableSpec, zone *time.Location) tableQuery {
	q := tableQuery{spec: spec, zone: zone, Limit: spec.PageSize, values: map[string]string{}, kept: map[string]string{}}
	if q.Limit == 0 {
		q.Limit = defaultPage
	}
	q.setSort(query("sort"))
	for _, f := range spec.Filters {
		q.setFilter(f, query)
	}
	for _, name := range spec.Keep {
		if v := query(name); v != "" && len(v) <= maxFilter {
			q.kept[name] = v
		}
	}
	q.columns = q.shownColumns(query("cols"))
	if cursor := readCursor(query("before")); cursor != nil && spec.Backward {
		q.After, q.Backward = cursor, true
	} else {
		q.After = readCursor(query("after"))
	}
	return q
}

func (q *tableQuery) setSort(asked string) {
	for _, sort := range []string{asked, q.spec.Sort} {
		key, desc := strings.CutPrefix(sort, "-")
		for _, c := range q.spec.Columns {
			if c.Key == key && (c.Sorts || sort == q.spec.Sort) {
				q.Sort, q.Desc = key, desc
				return
			}
		}
	}
}

func (q *tableQuery) setFilter(f tableFilter, query func(string) string) {
	switch f.Kind {
	case ui.FilterDays:
		for _, end := range []string{f.Key + ".from", f.Key + ".to"} {
			if day, err := time.ParseInLocation(time.DateOnly, query(end), q.zone); err == nil && day.Year() > 1999 && day.Year() < 2200 {
				q.values[end] = query(end)
			}
		}
	case ui.FilterSearch:
		asked := query(f.Key)
		if v := strings.TrimSpace(firstRunes(strings.TrimSpace(asked), maxFilter)); v != "" && utf8.ValidString(asked) && !strings.ContainsRune(asked, 0) {
			q.values[f.Key] = v
		}
	default:
		v := query(f.Key)
		if v != "" && slices.ContainsFunc(f.Options, func(o ui.Option) bool { return o.Value == v }) {
			q.values[f.Key] = v
		}
	}
}

// shownColumns are those asked for, in the table's order; the fixed ones always.
func (q *tableQuery) shownColumns(asked string) []string {
	chosen := strings.Split(asked, ",")
	known := slices.ContainsFunc(q.spec.Columns, func(c tableColumn) bool { return slices.Contains(chosen, c.Key) })
	var out []string
	for _, c := range q.spec.Columns {
		if !c.Optional || known && slices.Contains(chosen, c.Key) || !known && !c.Hidden {
			out = append(out, c.Key)
		}
	}
	return out
}

// Value is a filter's value, empty when it is not in force.
func (q tableQuery) Value(key string) string { return q.values[key] }

// Days are the ends of a range as half-open times; zero where an end is open.
func (q tableQuery) Days(key string) (from, to time.Time) {
	if day, err := time.ParseInLocation(time.DateOnly, q.values[key+".from"], q.zone); err == nil {
		from = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, q.values[key+".to"], q.zone); err == nil {
		to = day.AddDate(0, 0, 1)
	}
	return from, to
}

// Narrow tells whether any filter is in force.
func (q tableQuery) Narrow() bool { return len(q.values) > 0 }

// cursorID is the place of a list that is sorted by a number, which the row's id is.
func (q tableQuery) cursorID() (int64, bool) {
	if len(q.After) != 1 {
		return 0, false
	}
	id, err := strconv.ParseInt(q.After[0], 10, 64)
	return id, err == nil && id > 0
}

// params are the URL's parameters for this view, without its place in the list.
func (q tableQuery) params() url.Values {
	out := url.Values{}
	for name, value := range q.values {
		out.Set(name, value)
	}
	for name, value := range q.kept {
		out.Set(name, value)
	}
	if sort := q.sorting(); sort != q.spec.Sort && sort != "" {
		out.Set("sort", sort)
	}
	if columns := strings.Join(q.columns, ","); columns != strings.Join((&tableQuery{spec: q.spec}).shownColumns(""), ",") {
		out.Set("cols", columns)
	}
	return out
}

func (q tableQuery) sorting() string {
	if q.Desc {
		return "-" + q.Sort
	}
	return q.Sort
}

// url is the page with some parameters changed; an empty value removes one.
func (q tableQuery) url(changes ...string) string {
	params := q.params()
	for i := 0; i+1 < len(changes); i += 2 {
		params.Del(changes[i])
		if changes[i+1] != "" {
			params.Set(changes[i], changes[i+1])
		}
	}
	if len(params) == 0 {
		return q.spec.Path
	}
	return q.spec.Path + "?" + params.Encode()
}

// cursor writes the place of a row so that a URL can carry it.
func cursor(parts []string) string {
	raw, err := json.Marshal(parts)
	if err != nil || len(parts) == 0 {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// readCursor is nil for what is not one of ours.
func readCursor(s string) []string {
	if s == "" || len(s) > maxCursor {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	var parts []string
	if json.Unmarshal(raw, &parts) != nil || len(parts) == 0 || len(parts) > 5 {
		return nil
	}
	return parts
}

// tablePage is what a reader found: at most Limit rows in the order they are shown.
type tablePage struct {
	Rows []tableRow
	More bool // there are more in the direction that was read
}

// tableRow is a row and its place in the list. The cells stand in the order of the spec's columns.
type tableRow struct {
	ui.Row
	Cursor []string // what After is for the page behind it; nil in a list of one page
}

// tableReader reads a page of rows, or part of a file, for a query.
type tableReader func(ctx context.Context, q tableQuery) (tablePage, error)

// table answers the page of a table: whole, as the part a script asks for, or as a file of exactly this
// view with ?format=csv. around draws the page that the table stands in. Rows that could not be read are
// said so in the table's place.
func (s *Server) table(c *fiber.Ctx, sc screen, spec tableSpec, read tableReader, around func(ui.Table) templ.Component) error {
	q, err := s.askTable(c, spec)
	if err != nil {
		return err
	}
	if c.Query("format") == "csv" && !spec.NoCSV {
		return s.csv(c, q, read)
	}
	page, err := read(c.UserContext(), q)
	t := s.drawTable(c, q, page)
	if err == nil {
		return s.page(c, sc, around(t))
	}
	if asFault(err).Status() < fiber.StatusInternalServerError || wantsJSON(c) {
		return err
	}
	s.Log.LogAttrs(c.UserContext(), slog.LevelError, "table not read", slog.String("route", s.pattern(c)), slog.Any("err", err))
	t.Failed = logging.Request(c.UserContext())
	return s.pageWith(c, fiber.StatusInternalServerError, sc, around(t))
}

// askTable reads the request's URL in the salon's zone.
func (s *Server) askTable(c *fiber.Ctx, spec tableSpec) (tableQuery, error) {
	policies, err := s.Policies.Policies(c.UserContext())
	if err != nil {
		return tableQuery{}, err
	}
	return askTable(func(name string) string { return c.Query(name) }, spec, policies.Zone()), nil
}
