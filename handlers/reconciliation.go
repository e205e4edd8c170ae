package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/reconcile"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/orders"
	"frontdesk/views/reconciliation"
	"frontdesk/views/today"
	"frontdesk/views/ui"
)

const (
	booksPath    = "/console/reconciliation"
	compareRuns  = booksPath + "/runs"
	lastCompared = 6
	// watchLate is after how long without a whole look at what is fresh people are told.
	watchLate = 20 * time.Minute
)

// reconciliationRoutes are what the payment provider has beside our books. Whoever looks after refunds looks after this.
func (s *Server) reconciliationRoutes() []Route {
	read, act := can(staff.Refunds, staff.ToRead), can(staff.Refunds, staff.ToAct)
	return []Route{
		{get, booksPath, read, s.differences, "What does not match between the payment provider and our books, and the last comparisons"},
		{get, booksPath + "/compare", act, s.compareNow, "Compares a few days now: the form"},
		{post, booksPath + "/compare", act, s.compareNow, "Compares a few days now, 31 at most"},
		{get, compareRuns + "/:id", read, s.oneComparison, "One comparison with what both sides add up to"},
		{get, booksPath + "/:id", read, s.oneDifference, "One difference with both sides of it"},
		{get, booksPath + "/:id/explain", act, s.explainDifference, "Settles a difference with an explanation: the form"},
		{post, booksPath + "/:id/explain", act, s.explainDifference, "Settles a difference with an explanation"},
		{get, booksPath + "/:id/reopen", act, s.reopenDifference, "Lets an explained difference stand again: the form"},
		{post, booksPath + "/:id/reopen", act, s.reopenDifference, "Lets an explained difference stand again"},
	}
}

func booksScreen(title string) screen {
	return screen{title: title, room: staff.Refunds, live: []string{redisstore.TopicReconciliation}, fresh: "reconciliation.updated"}
}

// differences is the list, the last found first.
func (s *Server) differences(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "differences", Path: booksPath, Caption: "reconciliation.title", Sort: "-found", Keep: []string{"run"},
		Columns: []tableColumn{
			{Key: "found", Label: "reconciliation.column.found"}, {Key: "kind", Label: "reconciliation.column.kind"},
			{Key: "here", Label: "reconciliation.here", End: true}, {Key: "there", Label: "reconciliation.there", End: true},
			{Key: "since", Label: "reconciliation.column.since", Optional: true}, {Key: "state", Label: "reconciliation.column.state"},
			{Key: "note", Label: "reconciliation.field.note", Optional: true, Hidden: true}, {Key: "ref", Label: "reconciliation.column.ref", Optional: true, Hidden: true},
			{Key: "payment", Label: "reconciliation.column.payment", Optional: true, Hidden: true},
		},
		Filters: []tableFilter{
			{Key: "state", Label: "reconciliation.column.state", Kind: ui.FilterChips, Options: namedOptions(ctx, "reconciliation.state", models.DifferenceStates()...)},
			{Key: "kind", Label: "reconciliation.column.kind", Kind: ui.FilterSelect, Options: namedOptions(ctx, "reconciliation.kind", models.DifferenceKinds()...)},
			{Key: "found", Label: "reconciliation.column.found", Kind: ui.FilterDays},
		},
		Empty:   ui.EmptyList{Icon: "circle-check", Title: i18n.T(ctx, "reconciliation.none"), Text: i18n.T(ctx, "reconciliation.none_text")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "reconciliation.no_match"), Text: i18n.T(ctx, "reconciliation.no_match_text")},
	}
	room, err := s.booksRoom(c)
	if err != nil {
		return err
	}
	return s.table(c, booksScreen("reconciliation.title"), spec, s.differenceRows, func(t ui.Table) templ.Component {
		room.Table = t
		return reconciliation.Content(room)
	})
}

// booksRoom is what stands above the list.
func (s *Server) booksRoom(c *fiber.Ctx) (reconciliation.Room, error) {
	ctx := c.UserContext()
	room := reconciliation.Room{Title: i18n.T(ctx, "reconciliation.title"), Lead: i18n.T(ctx, "reconciliation.lead")}
	if s.mayDo(c, staff.Refunds, staff.ToAct) {
		room.Acts = []orders.Possible{{URL: booksPath + "/compare", Label: i18n.T(ctx, "reconciliation.act.compare"), Icon: "rotate-ccw", Tone: ui.Primary}}
	}
	w, err := s.Books.Watched(ctx)
	if err != nil {
		return room, err
	}
	switch {
	case w.LookedTo != nil:
		room.Watch = i18n.T(ctx, "reconciliation.watched", "Time", ui.Moment(ctx, s.inZone(c, *w.LookedTo)))
		if room.Late = w.Code != "" && s.Clock.Now().Sub(*w.LookedTo) > watchLate; room.Late {
			room.Watch = i18n.T(ctx, "reconciliation.watch_late", "Time", ui.Moment(ctx, s.inZone(c, *w.LookedTo)))
		}
	case w.Code != "":
		room.Watch, room.Late = i18n.T(ctx, "reconciliation.watch_never"), true
	}
	runs, err := s.Books.Runs(ctx, lastCompared)
	if err != nil {
		return room, err
	}
	var actors []string
	for _, r := range runs {
		actors = append(actors, r.Actor)
	}
	who, err := s.actorNames(ctx, actors)
	if err != nil {
		return room, err
	}
	for _, r := range runs {
		line := reconciliation.RunLine{
			URL: compareRuns + "/" + r.ID.String(), State: comparisonBadge(ctx, r.State), Window: s.windowWords(c, r), Who: comparedBy(ctx, r, who), At: s.inZone(c, r.AskedAt),
		}
		if r.State == models.ReconciliationDone {
			line.Result = i18n.T(ctx, "reconciliation.result", "Count", r.Found)
		}
		room.Runs = append(room.Runs, line)
	}
	return room, nil
}

func comparedBy(ctx context.Context, r models.Reconciliation, who func(string) string) string {
	if r.Kind == models.ReconciledDaily {
		return i18n.T(ctx, "reconciliation.by_clock")
	}
	return who(r.Actor)
}

// windowWords says which time a comparison is of.
func (s *Server) windowWords(c *fiber.Ctx, r models.Reconciliation) string {
	ctx := c.UserContext()
	return i18n.T(ctx, "reconciliation.window", "From", ui.Moment(ctx, s.inZone(c, r.FromAt)), "To", ui.Moment(ctx, s.inZone(c, r.ToAt)))
}

func comparisonBadge(ctx context.Context, state models.ReconciliationState) orders.Badge {
	tone := map[models.ReconciliationState]ui.Tone{models.ReconciliationRunning: ui.Info, models.ReconciliationDone: ui.Good, models.ReconciliationFailed: ui.Danger}[state]
	return orders.Badge{Tone: tone, Word: i18n.T(ctx, "reconciliation.run."+string(state))}
}

func differenceBadge(ctx context.Context, state models.DifferenceState) orders.Badge {
	tone := ui.Good
	switch state {
	case models.DifferenceOpen:
		tone = ui.Danger
	case models.DifferenceExplained:
		tone = ui.Neutral
	}
	return orders.Badge{Tone: tone, Word: i18n.T(ctx, "reconciliation.state."+string(state))}
}

func (s *Server) differenceRows(ctx context.Context, q tableQuery) (tablePage, error) {
	f := reconcile.Filter{State: models.DifferenceState(q.Value("state")), Kind: models.DifferenceKind(q.Value("kind")), Limit: q.Limit + 1}
	f.From, f.To = q.Days("found")
	f.After, f.AfterID = caseCursor(q.After)
	_ = f.Run.UnmarshalText([]byte(q.kept["run"])) // what is no id narrows nothing
	list, err := s.Books.Differences(ctx, f)
	if err != nil {
		return tablePage{}, err
	}
	page := tablePage{More: len(list) > q.Limit}
	for _, d := range list[:min(len(list), q.Limit)] {
		state, payment := differenceBadge(ctx, d.State), ""
		if d.PaymentID != nil {
			payment = d.PaymentID.String()
		}
		page.Rows = append(page.Rows, tableRow{Cursor: []string{d.FoundAt.UTC().Format(time.RFC3339Nano), d.ID.String()}, Row: ui.Row{
			ID: d.ID.String(), URL: differenceURL(d.ID, ""), Label: i18n.T(ctx, "reconciliation.kind."+string(d.Kind)), Cells: []ui.Cell{
				momentCell(ctx, d.FoundAt.In(q.zone)), {Text: i18n.T(ctx, "reconciliation.kind."+string(d.Kind))},
				{Text: sideAmount(ctx, d.HereMinor, d.HereCurrency), Code: true}, {Text: sideAmount(ctx, d.ThereMinor, d.ThereCurrency), Code: true},
				momentCell(ctx, d.Since.In(q.zone)), {Text: state.Word, View: orders.State(state)}, {Text: d.Note}, {Text: d.Ref, Code: true}, {Text: payment, Code: true},
			},
		}})
	}
	return page, nil
}

// sideAmount is what a side says of money; a dash where it knows nothing.
func sideAmount(ctx context.Context, minor *int64, currency string) string {
	if minor == nil {
		return "—"
	}
	return ui.Money(ctx, *minor, currency)
}

func differenceURL(id models.ID, act string) string {
	if act == "" {
		return booksPath + "/" + id.String()
	}
	return booksPath + "/" + id.String() + "/" + act
}

// todayDifferences is money that does not match, for those who read refunds: nobody would notice it.
func (s *Server) todayDifferences(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.may(q, staff.Refunds) {
		return nil
	}
	list, err := s.Books.Differences(ctx, reconcile.Filter{State: models.DifferenceOpen, Limit: shownOnToday})
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "reconciliation.today"), URL: booksPath + "?state=open"}
	for _, d := range list {
		url := differenceURL(d.ID, "")
		section.Items = append(section.Items, today.Item{
			Key: d.ID.String() + strconv.FormatInt(d.Version, 10), URL: url, Icon: "credit-card", Tone: ui.Danger, Urgent: true,
			Title: i18n.T(ctx, "reconciliation.kind."+string(d.Kind)), Badge: i18n.T(ctx, "reconciliation.state.open"),
			Text: i18n.T(ctx, "reconciliation.sides", "Here", sideAmount(ctx, d.HereMinor, d.HereCurrency), "There", sideAmount(ctx, d.ThereMinor, d.ThereCurrency)),
			Acts: []today.Act{{Label: i18n.T(ctx, "today.look"), URL: url, Icon: "arrow-right", Opens: true}},
		})
	}
	p.Sections = append(p.Sections, section)
	return nil
}
