package handlers

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/staff"
	"frontdesk/views/ui"
)

func trialSpec() tableSpec {
	return tableSpec{
		ID: "trial", Path: "/console/trial", Sort: "-at", PageSize: 10, Backward: true, Keep: []string{"day"},
		Columns: []tableColumn{
			{Key: "at"}, {Key: "name", Sorts: true}, {Key: "price", Sorts: true, Optional: true, End: true}, {Key: "note", Optional: true, Hidden: true},
		},
		Filters: []tableFilter{
			{Key: "role", Kind: ui.FilterSelect, Options: []ui.Option{{Value: "pm"}, {Value: "finance"}}},
			{Key: "state", Kind: ui.FilterChips, Options: []ui.Option{{Value: "open"}}},
			{Key: "q", Kind: ui.FilterSearch}, {Key: "at", Kind: ui.FilterDays},
		},
	}
}

func ask(raw string) tableQuery {
	values, _ := url.ParseQuery(raw)
	return askTable(values.Get, trialSpec(), time.UTC)
}

func TestTableQuery(t *testing.T) {
	for _, c := range []struct {
		raw, sort string
		desc      bool
		columns   string
		values    string // name=value, sorted
		url       string // the view's own address
	}{
		{"", "at", true, "at,name,price", "", "/console/trial"},
		{"sort=name", "name", false, "at,name,price", "", "/console/trial?sort=name"},
		{"sort=-price", "price", true, "at,name,price", "", "/console/trial?sort=-price"},
		{"sort=at", "at", true, "at,name,price", "", "/console/trial"},
		{"sort=nonsense", "at", true, "at,name,price", "", "/console/trial"},
		{"cols=note", "at", true, "at,name,note", "", "/console/trial?cols=at%2Cname%2Cnote"},
		{"cols=nonsense", "at", true, "at,name,price", "", "/console/trial"},
		{"cols=at,name", "at", true, "at,name", "", "/console/trial?cols=at%2Cname"},
		{"role=pm&state=open", "at", true, "at,name,price", "role=pm state=open", "/console/trial?role=pm&state=open"},
		{"role=nobody&state=shut", "at", true, "at,name,price", "", "/console/trial"},
		{"q=+cut+", "at", true, "at,name,price", "q=cut", "/console/trial?q=cut"},
		{"q=%00", "at", true, "at,name,price", "", "/console/trial"},
		{"at.from=2026-10-01&at.to=2026-02-30", "at", true, "at,name,price", "at.from=2026-10-01", "/console/trial?at.from=2026-10-01"},
		{"day=2026-10-09&other=1", "at", true, "at,name,price", "", "/console/trial?day=2026-10-09"},
	} {
		q := ask(c.raw)
		var values []string
		for _, name := range sortedKeys(q.values) {
			values = append(values, name+"="+q.values[name])
		}
		if q.Sort != c.sort || q.Desc != c.desc || strings.Join(q.columns, ",") != c.columns || strings.Join(values, " ") != c.values || q.url() != c.url {
			t.Errorf("%q: got %s %v %v %v %s", c.raw, q.Sort, q.Desc, q.columns, values, q.url())
		}
	}
	from, to := ask("at.from=2026-10-01&at.to=2026-10-01").Days("at")
	if to.Sub(from) != 24*time.Hour {
		t.Errorf("one day is %v to %v", from, to)
	}
}

func TestTableCursor(t *testing.T) {
	place := []string{"2026-10-09T08:00:00Z", "42"}
	if got := ask("after=" + cursor(place)); !slices.Equal(got.After, place) || got.Backward {
		t.Errorf("onward: %v", got.After)
	}
	if got := ask("before=" + cursor(place)); !slices.Equal(got.After, place) || !got.Backward {
		t.Errorf("back: %v", got.After)
	}
	for _, bad := range []string{"x", "!!", cursor(nil), "bnVsbA", strings.Repeat("A", 2000)} {
		if got := ask("after=" + bad); got.After != nil {
			t.Errorf("%.20q is read as %v", bad, got.After)
		}
	}
}

// A list is left by both ends: the first page leads on, the last leads back, one in between both ways.
func TestTablePager(t *testing.T) {
	rows := []tableRow{{Cursor: []string{"9"}}, {Cursor: []string{"8"}}}
	for _, c := range []struct {
		raw            string
		more           bool
		next, previous bool
	}{
		{"", false, false, false}, {"", true, true, false},
		{"after=" + cursor([]string{"5"}), true, true, true}, {"after=" + cursor([]string{"5"}), false, false, true},
		{"before=" + cursor([]string{"5"}), true, true, true}, {"before=" + cursor([]string{"5"}), false, true, false},
	} {
		var drawn ui.Table
		ask(c.raw).drawPager(tablePage{Rows: rows, More: c.more}, &drawn)
		if (drawn.Next != "") != c.next || (drawn.Previous != "") != c.previous {
			t.Errorf("%q, more %v: next %q, previous %q", c.raw, c.more, drawn.Next, drawn.Previous)
		}
	}
	var drawn ui.Table
	ask("after="+cursor([]string{"5"})).drawPager(tablePage{}, &drawn)
	if drawn.First != "/console/trial" {
		t.Errorf("an empty page leads to %q", drawn.First)
	}
}

// The filter form carries along what is not its own, and clearing leaves the sort.
func TestTableKeepsTheRest(t *testing.T) {
	q := ask("role=pm&state=open&sort=name&q=cut&at.from=2026-10-01&day=2026-10-09")
	keep := q.keep()
	if strings.Join(sortedKeys(keep), " ") != "day sort state" {
		t.Errorf("kept: %v", keep)
	}
	if got := q.clear(); got != "/console/trial?day=2026-10-09&sort=name" {
		t.Errorf("cleared: %s", got)
	}
	if q.Value("role") != "pm" {
		t.Error("clearing changed the query itself")
	}
}

func TestGuardedCells(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+447700900101": "'+447700900101", "-5": "'-5", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx", "Maya": "Maya", "": "", "5": "5", "ة": "ة",
	} {
		if got := guarded(text); got != want {
			t.Errorf("guarded(%q) = %q", text, got)
		}
	}
}

func FuzzTableQuery(f *testing.F) {
	for _, seed := range []string{"sort=-price&cols=at,name", "role=pm&q=%F0%9F%98%80", "at.from=2026-10-01", "after=WyI5Il0", "before=%00&cols=,,,", "q=" + strings.Repeat("م", 200), "day=1",
		"q=" + strings.Repeat("a", 79) + "++b", "q=" + strings.Repeat("a", 78) + "……"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		values, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		q := askTable(values.Get, trialSpec(), time.UTC)
		again := ask(strings.TrimPrefix(strings.TrimPrefix(q.url(), "/console/trial"), "?"))
		if again.url() != q.url() || again.Sort != q.Sort || again.Desc != q.Desc || !slices.Equal(again.columns, q.columns) {
			t.Errorf("%q gives %s, which gives %s", raw, q.url(), again.url())
		}
		if !slices.Contains([]string{"at", "name", "price"}, q.Sort) || !slices.Contains(q.columns, "at") || q.Limit != 10 {
			t.Errorf("%q: sort %q, columns %v", raw, q.Sort, q.columns)
		}
	})
}

// A list that cannot be read says so in its place, with the number to quote, and not why.
func TestTableThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.mount(Route{get, "/console/trial", can(staff.Today, staff.ToRead), func(c *fiber.Ctx) error {
		read := func(context.Context, tableQuery) (tablePage, error) { return tablePage{}, errors.New("disk on fire") }
		return s.table(c, screen{title: "console.print"}, trialSpec(), read, ui.List)
	}, "A list of this test"})
	cookie := "Cookie: " + s.signIn("pm")
	got := s.call("GET", "/console/trial?role=pm", nil, cookie, "Accept: text/html", "X-Request-Id: quote-me")
	if got.StatusCode != 500 || got.doc(t).Find(".empty bdi.mono").Text() != "quote-me" || strings.Contains(got.body, "fire") {
		t.Errorf("got %d: %s", got.StatusCode, got.doc(t).Find("main").Text())
	}
	if !strings.Contains(s.logs.String(), "disk on fire") {
		t.Error("the log does not say why")
	}
	file := s.call("GET", "/console/trial?format=csv", nil, cookie, "Accept: text/html")
	if file.StatusCode != 500 || strings.Contains(file.Header.Get("Content-Type"), "csv") {
		t.Errorf("half a file: %d %s", file.StatusCode, file.Header.Get("Content-Type"))
	}
}

// A file longer than its limit says that it ends early.
func TestFileThatIsCut(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	spec := tableSpec{ID: "trial", Path: "/console/trial", Sort: "n", Columns: []tableColumn{{Key: "n", Label: "console.print"}}}
	s.mount(Route{get, "/console/trial", can(staff.Today, staff.ToRead), func(c *fiber.Ctx) error {
		read := func(_ context.Context, q tableQuery) (tablePage, error) {
			page := tablePage{More: true}
			for range q.Limit {
				page.Rows = append(page.Rows, tableRow{Cursor: []string{"1"}, Row: ui.Row{Cells: []ui.Cell{{Text: "x"}}}})
			}
			return page, nil
		}
		return s.table(c, screen{title: "console.print"}, spec, read, ui.List)
	}, "A list of this test"})
	got := s.call("GET", "/console/trial?format=csv", nil, "Cookie: "+s.signIn("pm"))
	lines := strings.Split(strings.TrimSpace(got.body), "\n")
	if len(lines) != csvRows+2 || !strings.Contains(lines[len(lines)-1], "20000 rows") {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}
