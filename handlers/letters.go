package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/letters"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/jobs/queue"
	"frontdesk/models"
	letterpages "frontdesk/views/letters"
	"frontdesk/views/orders"
	"frontdesk/views/ui"
)

const (
	lettersPath = "/console/dead-letters"
	jobsPath    = lettersPath + "/jobs"
	runsPath    = lettersPath + "/runs"
	dropsPath   = lettersPath + "/discards"
)

// letterRoutes are the jobs that failed for good. Who may see counts only sees the groups.
func (s *Server) letterRoutes() []Route {
	read, act := can(staff.DeadLetters, staff.ToRead), can(staff.DeadLetters, staff.ToAct)
	return []Route{
		{get, lettersPath, read, s.letterGroups, "What jobs failed of for good, grouped by their error"},
		{get, jobsPath, read, wholeOnly(s.letterList), "Jobs that failed for good, by group, kind, words, days and what they are about"},
		{get, lettersPath + "/requeue", act, s.requeueMany, "Brings jobs back that failed for good: what would happen"},
		{post, lettersPath + "/requeue", act, s.requeueMany, "Brings jobs back that failed for good: exactly as many as were named"},
		{get, lettersPath + "/discard", act, s.discardMany, "Discards jobs that failed for good: the form"},
		{post, lettersPath + "/discard", act, s.discardMany, "Discards jobs that failed for good; it can be taken back for a day"},
		{get, dropsPath, read, wholeOnly(s.dropList), "Discardings of jobs that failed for good, the last first"},
		{get, dropsPath + "/:id", read, wholeOnly(s.oneDrop), "One discarding: who, why, which jobs"},
		{get, dropsPath + "/:id/undo", act, s.undoDiscard, "Takes a discarding back: the form"},
		{post, dropsPath + "/:id/undo", act, s.undoDiscard, "Takes a discarding back"},
		{get, runsPath, read, wholeOnly(s.runList), "Bringing jobs back, the last first"},
		{get, runsPath + "/:id", read, wholeOnly(s.letterRun), "How far bringing jobs back is"},
		{get, runsPath + "/:id/cancel", act, s.cancelRun, "Ends bringing jobs back where it stands: the form"},
		{post, runsPath + "/:id/cancel", act, s.cancelRun, "Ends bringing jobs back where it stands"},
		{get, jobsPath + "/:id", read, wholeOnly(s.oneLetter), "A job that failed for good, with every attempt"},
		{get, jobsPath + "/:id/requeue", act, s.requeueOne, "Brings a job back that failed for good: the form"},
		{post, jobsPath + "/:id/requeue", act, s.requeueOne, "Brings a job back that failed for good"},
		{get, jobsPath + "/:id/edit", act, s.editLetter, "Gives a dead job other arguments and brings it back: the form"},
		{post, jobsPath + "/:id/edit", act, s.editLetter, "Gives a dead job other arguments and brings it back"},
		{get, jobsPath + "/:id/reveal", act, s.revealLetter, "Shows all of a dead job, for a reason: the form"},
		{post, jobsPath + "/:id/reveal", act, s.revealLetter, "Shows all of a dead job, for a reason that is written down"},
	}
}

// wholeOnly is for those who may see more than counts.
func wholeOnly(next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if v, _ := VisitorOf(c.UserContext()); v.Scope != staff.All {
			return fault.Forbidden("error.forbidden")
		}
		return next(c)
	}
}

func lettersScreen() screen {
	return screen{title: "console.room.dead-letters", room: staff.DeadLetters, live: []string{redisstore.TopicLetters}, fresh: "letters.updated", wide: true}
}

// letterGroups are the groups, the last that happened first.
func (s *Server) letterGroups(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "groups", Path: lettersPath, Caption: "console.room.dead-letters", Sort: "-last", NoCSV: false,
		Columns: []tableColumn{
			{Key: "error", Label: "letters.column.error"}, {Key: "kind", Label: "letters.column.kind"}, {Key: "open", Label: "letters.column.open", End: true},
			{Key: "first", Label: "letters.column.first"}, {Key: "last", Label: "letters.column.last"},
			{Key: "deaths", Label: "letters.column.deaths", End: true, Optional: true, Hidden: true},
		},
		Filters: letterFilters(ctx, false),
		Empty:   ui.EmptyList{Icon: "circle-check", Title: i18n.T(ctx, "letters.none_open"), Text: i18n.T(ctx, "letters.none_open_text")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "letters.no_match"), Text: i18n.T(ctx, "letters.no_match_text")},
	}
	if v, _ := VisitorOf(ctx); v.Scope != staff.All { // counts: what jobs failed of may be in anybody's words
		spec.Columns, spec.Filters = spec.Columns[1:], slices.DeleteFunc(spec.Filters, func(f tableFilter) bool { return f.Key == "q" })
	}
	room, err := s.letterRoom(c)
	if err != nil {
		return err
	}
	room.Title, room.Lead = i18n.T(ctx, "console.room.dead-letters"), i18n.T(ctx, "letters.lead")
	if v, _ := VisitorOf(ctx); v.Scope == staff.All {
		if err := s.recentLetters(c, &room); err != nil {
			return err
		}
	}
	return s.table(c, lettersScreen(), spec, s.groupRows(c), func(t ui.Table) templ.Component {
		room.Table = t
		return letterpages.Content(room)
	})
}

func letterFilters(ctx context.Context, about bool) []tableFilter {
	var kinds []ui.Option
	for _, k := range queue.Kinds() {
		kinds = append(kinds, ui.Option{Value: k, Label: k})
	}
	out := []tableFilter{
		{Key: "kind", Label: "letters.column.kind", Kind: ui.FilterSelect, Options: kinds},
		{Key: "q", Label: "letters.search", Kind: ui.FilterSearch},
	}
	if about {
		out = append(out, tableFilter{Key: "of", Label: "letters.about", Kind: ui.FilterSearch})
	}
	return append(out, tableFilter{Key: "died", Label: "letters.column.died", Kind: ui.FilterDays})
}

func (s *Server) groupRows(c *fiber.Ctx) tableReader {
	v, _ := VisitorOf(c.UserContext())
	return func(ctx context.Context, q tableQuery) (tablePage, error) {
		f := letters.Filter{Kind: q.Value("kind"), Words: q.Value("q")}
		f.From, f.To = q.Days("died")
		p := letters.Page{Limit: q.Limit + 1}
		if at, id := caseCursor(q.After); at != nil {
			p.At, p.Group = *at, id
		}
		list, err := s.Letters.Groups(ctx, f, p)
		if err != nil {
			return tablePage{}, err
		}
		page := tablePage{More: len(list) > q.Limit}
		for _, g := range list[:min(len(list), q.Limit)] {
			row := ui.Row{Label: g.Error, Cells: []ui.Cell{
				{Text: groupError(g), Code: true}, {Text: g.Kind, Code: true}, {Text: strconv.Itoa(g.Open)},
				momentCell(ctx, g.FirstAt.In(q.zone)), momentCell(ctx, g.LastAt.In(q.zone)), {Text: strconv.FormatInt(g.Deaths, 10)},
			}}
			if v.Scope == staff.All {
				row.URL = link(jobsPath, "group", g.ID.String())
			} else {
				row.Label, row.Cells = g.Kind, row.Cells[1:]
			}
			page.Rows = append(page.Rows, tableRow{Cursor: []string{g.LastAt.UTC().Format(time.RFC3339Nano), g.ID.String()}, Row: row})
		}
		return page, nil
	}
}

func momentCell(ctx context.Context, at time.Time) ui.Cell {
	return ui.Cell{Text: ui.Moment(ctx, at), View: ui.Time(at, ui.Moment(ctx, at))}
}

func groupError(g letters.Group) string {
	if g.Place == "" {
		return g.Error
	}
	return g.Error + " · " + g.Place
}

// letterRoom is what stands beside every list.
func (s *Server) letterRoom(c *fiber.Ctx) (letterpages.Room, error) {
	ctx := c.UserContext()
	room := letterpages.Room{Kept: []string{i18n.T(ctx, "letters.kept_open"), i18n.T(ctx, "letters.kept_undo"), i18n.T(ctx, "letters.kept_settled")}}
	n, err := s.Letters.States(ctx)
	if err != nil {
		return room, err
	}
	for _, state := range []struct {
		name string
		tone ui.Tone
	}{{"available", ui.Info}, {"running", ui.Info}, {"scheduled", ui.Neutral}, {"retryable", ui.Attention}, {"discarded", ui.Danger}} {
		line := letterpages.State{Label: i18n.T(ctx, "letters.queue."+state.name), Count: n[state.name], Tone: state.tone}
		if v, _ := VisitorOf(ctx); state.name == "discarded" && v.Scope == staff.All {
			line.URL = jobsPath
		}
		room.Queue = append(room.Queue, line)
	}
	return room, nil
}

// inZone is a time in the salon's zone.
func (s *Server) inZone(c *fiber.Ctx, at time.Time) time.Time {
	p, err := s.Policies.Policies(c.UserContext())
	if err != nil {
		return at
	}
	return at.In(p.Zone())
}

// letterList are the letters of a filter, the last that died first.
func (s *Server) letterList(c *fiber.Ctx) error {
	ctx := c.UserContext()
	ask, err := s.letterAsk(c, func(name string) string { return c.Query(name) })
	if err != nil {
		return err
	}
	spec := tableSpec{
		ID: "letters", Path: jobsPath, Caption: "letters.jobs", Sort: "-died", Keep: []string{"group"},
		Columns: []tableColumn{
			{Key: "job", Label: "letters.column.job"}, {Key: "error", Label: "letters.column.error"}, {Key: "kind", Label: "letters.column.kind"},
			{Key: "died", Label: "letters.column.died"}, {Key: "deaths", Label: "letters.column.deaths", End: true, Optional: true},
		},
		Filters: letterFilters(ctx, true),
		Empty:   ui.EmptyList{Icon: "circle-check", Title: i18n.T(ctx, "letters.none_open"), Text: i18n.T(ctx, "letters.none_open_text")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "letters.no_match"), Text: i18n.T(ctx, "letters.no_match_text")},
	}
	if ask.nothing {
		spec.Empty = spec.NoMatch // though no filter is in force
	}
	room, err := s.letterRoom(c)
	if err != nil {
		return err
	}
	room.Title, room.Lead, room.Back = i18n.T(ctx, "letters.jobs"), i18n.T(ctx, "letters.jobs_lead"), lettersPath
	if ask.filter.Group != (models.ID{}) {
		g, err := s.Letters.Group(ctx, ask.filter.Group)
		if err != nil {
			return err
		}
		room.Title, room.Lead = groupError(g), i18n.T(ctx, "letters.group_lead", "Kind", g.Kind)
	}
	n, err := s.countLetters(ctx, ask)
	if err != nil {
		return err
	}
	if n > 0 && s.mayDo(c, staff.DeadLetters, staff.ToAct) {
		room.Acts = []orders.Possible{
			{URL: link(lettersPath+"/requeue", ask.chosen()...), Label: i18n.T(ctx, "letters.requeue_all", "Count", n), Icon: "rotate-ccw", Tone: ui.Primary},
			{URL: link(lettersPath+"/discard", ask.chosen()...), Label: i18n.T(ctx, "letters.discard_all", "Count", n), Icon: "trash-2", Tone: ui.Danger},
		}
		spec.Bulk = []ui.BulkAct{
			{Label: i18n.T(ctx, "letters.requeue_chosen"), URL: lettersPath + "/requeue", Icon: "rotate-ccw"},
			{Label: i18n.T(ctx, "letters.discard_chosen"), URL: lettersPath + "/discard", Icon: "trash-2", Tone: ui.Danger},
		}
	}
	return s.table(c, lettersScreen(), spec, s.letterRows(ask), func(t ui.Table) templ.Component {
		room.Table = t
		return letterpages.Content(room)
	})
}

func (s *Server) countLetters(ctx context.Context, ask letterAsk) (int, error) {
	if ask.nothing {
		return 0, nil
	}
	return s.Letters.Count(ctx, ask.filter)
}

func (s *Server) letterRows(ask letterAsk) tableReader {
	return func(ctx context.Context, q tableQuery) (tablePage, error) {
		p := letters.Page{Limit: q.Limit + 1}
		if len(q.After) == 2 {
			at, err := time.Parse(time.RFC3339Nano, q.After[0])
			job, wrong := strconv.ParseInt(q.After[1], 10, 64)
			if err == nil && wrong == nil {
				p.At, p.Job = at, job
			}
		}
		if ask.nothing {
			return tablePage{}, nil
		}
		list, err := s.Letters.Letters(ctx, ask.filter, p)
		if err != nil {
			return tablePage{}, err
		}
		page := tablePage{More: len(list) > q.Limit}
		for _, l := range list[:min(len(list), q.Limit)] {
			id := strconv.FormatInt(l.JobID, 10)
			page.Rows = append(page.Rows, tableRow{Cursor: []string{l.DiedAt.UTC().Format(time.RFC3339Nano), id}, Row: ui.Row{
				ID: id, URL: jobsPath + "/" + id, Label: id, Cells: []ui.Cell{
					{Text: id, Code: true}, {Text: l.Error, Code: true}, {Text: l.Kind, Code: true}, momentCell(ctx, l.DiedAt.In(q.zone)), {Text: strconv.Itoa(l.Deaths)},
				},
			}})
		}
		return page, nil
	}
}

// letterAsk is a filter on letters as it stands in an address.
type letterAsk struct {
	filter  letters.Filter
	values  map[string]string
	nothing bool   // what it names is not there, or is not understood
	unclear string // what of it is not understood
}

func letterParams() []string { return []string{"group", "kind", "q", "of", "died.from", "died.to"} }

// params are the filter for a link, as name, value.
func (a letterAsk) params() (out []string) {
	for _, name := range letterParams() {
		out = append(out, name, a.values[name])
	}
	return out
}

// chosen are the filter for the link of an act. All letters are meant by saying so only: by nothing, nothing is.
func (a letterAsk) chosen() []string {
	if len(a.values) == 0 {
		return []string{"all", "yes"}
	}
	return a.params()
}

// letterAsk reads a filter. What it does not understand finds nothing, as a thing does that is not there: left out, it would widen the filter.
func (s *Server) letterAsk(c *fiber.Ctx, value func(string) string) (letterAsk, error) {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return letterAsk{}, err
	}
	q := askTable(value, tableSpec{Columns: []tableColumn{{Key: "job"}}, Filters: letterFilters(ctx, true), Keep: []string{"group"}}, policies.Zone())
	a := letterAsk{values: map[string]string{}, filter: letters.Filter{Kind: q.Value("kind"), Words: q.Value("q")}}
	for _, name := range letterParams() {
		if v := q.values[name]; v != "" {
			a.values[name] = v
		}
	}
	a.filter.From, a.filter.To = q.Days("died")
	for _, name := range letterParams() {
		if v := strings.TrimSpace(value(name)); v != "" && v != q.values[name] && v != q.kept[name] {
			a.nothing, a.unclear = true, name
		}
	}
	if group := q.kept["group"]; group != "" {
		a.values["group"] = group
		if a.filter.Group.UnmarshalText([]byte(group)) != nil {
			return a, fault.NotFound("letters.no_group")
		}
	}
	if of := q.Value("of"); of != "" {
		id, found, err := s.Letters.About(ctx, of)
		if err != nil {
			return a, err
		}
		a.filter.About, a.nothing = id, a.nothing || !found
	}
	return a, nil
}

func runURL(id models.ID, act string) string {
	if act == "" {
		return runsPath + "/" + id.String()
	}
	return runsPath + "/" + id.String() + "/" + act
}

func runBadge(ctx context.Context, r letters.Run) orders.Badge {
	tone := map[string]ui.Tone{"running": ui.Info, "done": ui.Good, "cancelled": ui.Attention}[r.State]
	return orders.Badge{Tone: tone, Word: i18n.T(ctx, "letters.run."+r.State)}
}

// whys are how many jobs stay, by why, in words and in one order.
func whys(ctx context.Context, refused map[string]int) []orders.Fact {
	var out []orders.Fact
	for _, why := range sortedKeys(refused) {
		out = append(out, orders.Fact{Label: i18n.T(ctx, "letters.why."+why), Value: strconv.Itoa(refused[why])})
	}
	return slices.Clip(out)
}
