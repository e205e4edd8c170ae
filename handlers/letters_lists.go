package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/letters"
	"frontdesk/internal/staff"
	"frontdesk/models"
	letterpages "frontdesk/views/letters"
	"frontdesk/views/orders"
	"frontdesk/views/ui"
)

// recentLetters puts the last discardings and runs beside the list.
func (s *Server) recentLetters(c *fiber.Ctx, room *letterpages.Room) error {
	ctx := c.UserContext()
	drops, runs, err := s.Letters.Recent(ctx)
	if err != nil {
		return err
	}
	for _, r := range runs {
		room.Runs = append(room.Runs, letterpages.RunLine{URL: runURL(r.ID, ""), State: runBadge(ctx, r), At: s.inZone(c, r.StartedAt),
			What: i18n.T(ctx, "letters.run_line", "Count", r.Total, "Back", r.Back)})
	}
	var actors []string
	for _, d := range drops {
		actors = append(actors, d.Actor)
	}
	who, err := s.actorNames(ctx, actors)
	if err != nil {
		return err
	}
	for _, d := range drops {
		room.Drops = append(room.Drops, letterpages.DropLine{
			URL: dropURL(d.ID, ""), What: dropWords(ctx, d), Reason: d.Reason, Who: who(d.Actor), At: s.inZone(c, d.At), Undo: s.undoURL(c, d),
		})
	}
	room.AllRuns, room.AllDrops = runsPath, dropsPath
	return nil
}

func dropURL(id models.ID, act string) string {
	if act == "" {
		return dropsPath + "/" + id.String()
	}
	return dropsPath + "/" + id.String() + "/" + act
}

func dropWords(ctx context.Context, d letters.Drop) string {
	if d.UndoneAt != nil {
		return i18n.T(ctx, "letters.drop_undone", "Count", d.Jobs)
	}
	return i18n.T(ctx, "letters.drop_line", "Count", d.Jobs)
}

// undoURL is where a discarding is taken back; empty where it cannot be.
func (s *Server) undoURL(c *fiber.Ctx, d letters.Drop) string {
	if !s.Letters.Undoable(d) || !s.mayDo(c, staff.DeadLetters, staff.ToAct) {
		return ""
	}
	return dropURL(d.ID, "undo")
}

// dropBadge says whether a discarding can still be taken back.
func (s *Server) dropBadge(ctx context.Context, d letters.Drop) orders.Badge {
	switch {
	case d.UndoneAt != nil:
		return orders.Badge{Tone: ui.Info, Word: i18n.T(ctx, "letters.drop.undone")}
	case s.Letters.Undoable(d):
		return orders.Badge{Tone: ui.Attention, Word: i18n.T(ctx, "letters.drop.undoable")}
	}
	return orders.Badge{Tone: ui.Neutral, Word: i18n.T(ctx, "letters.drop.final")}
}

func badgeCell(b orders.Badge) ui.Cell { return ui.Cell{Text: b.Word, View: orders.State(b)} }

// listOf draws a list of the room that is not of dead letters themselves.
func (s *Server) listOf(c *fiber.Ctx, spec tableSpec, room letterpages.Room, read tableReader) error {
	beside, err := s.letterRoom(c)
	if err != nil {
		return err
	}
	room.Queue, room.Kept = beside.Queue, beside.Kept
	sc := lettersScreen()
	sc.title = spec.Caption
	return s.table(c, sc, spec, read, func(t ui.Table) templ.Component {
		room.Table = t
		return letterpages.Content(room)
	})
}

// behind is where a list by time goes on.
func behind(q tableQuery) letters.Page {
	p := letters.Page{Limit: q.Limit + 1}
	if at, id := caseCursor(q.After); at != nil {
		p.At, p.Group = *at, id
	}
	return p
}

func cursorOf(at time.Time, id models.ID) []string {
	return []string{at.UTC().Format(time.RFC3339Nano), id.String()}
}

// dropList are all discardings that are remembered.
func (s *Server) dropList(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "drops", Path: dropsPath, Caption: "letters.drops_all", Sort: "-at",
		Columns: []tableColumn{
			{Key: "at", Label: "letters.column.when"}, {Key: "jobs", Label: "letters.jobs_many", End: true}, {Key: "who", Label: "letters.run_by"},
			{Key: "reason", Label: "letters.field.reason"}, {Key: "state", Label: "letters.column.state"},
		},
		Empty: ui.EmptyList{Icon: "circle-check", Title: i18n.T(ctx, "letters.no_drops"), Text: i18n.T(ctx, "letters.no_drops_text")},
	}
	room := letterpages.Room{Title: i18n.T(ctx, "letters.drops_all"), Lead: i18n.T(ctx, "letters.drops_lead"), Back: lettersPath}
	return s.listOf(c, spec, room, func(ctx context.Context, q tableQuery) (tablePage, error) {
		list, err := s.Letters.Drops(ctx, behind(q))
		if err != nil {
			return tablePage{}, err
		}
		page := tablePage{More: len(list) > q.Limit}
		list = list[:min(len(list), q.Limit)]
		var actors []string
		for _, d := range list {
			actors = append(actors, d.Actor)
		}
		who, err := s.actorNames(ctx, actors)
		if err != nil {
			return tablePage{}, err
		}
		for _, d := range list {
			page.Rows = append(page.Rows, tableRow{Cursor: cursorOf(d.At, d.ID), Row: ui.Row{URL: dropURL(d.ID, ""), Cells: []ui.Cell{
				momentCell(ctx, d.At.In(q.zone)), {Text: strconv.Itoa(d.Jobs)}, {Text: who(d.Actor)}, {Text: d.Reason}, badgeCell(s.dropBadge(ctx, d)),
			}}})
		}
		return page, nil
	})
}

// oneDrop is one discarding with its jobs, whatever has become of them since.
func (s *Server) oneDrop(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := letterID(c, "letters.no_drop")
	if err != nil {
		return err
	}
	d, err := s.Letters.Drop(ctx, id)
	if err != nil {
		return err
	}
	who, err := s.actorNames(ctx, []string{d.Actor})
	if err != nil {
		return err
	}
	spec := tableSpec{
		ID: "dropped", Path: dropURL(id, ""), Caption: "letters.jobs", Sort: "-job",
		Columns: []tableColumn{
			{Key: "job", Label: "letters.column.job"}, {Key: "state", Label: "letters.column.state"}, {Key: "error", Label: "letters.column.error"},
			{Key: "kind", Label: "letters.column.kind"}, {Key: "died", Label: "letters.column.died"},
		},
		Empty: ui.EmptyList{Icon: "circle-check", Title: i18n.T(ctx, "letters.drop_empty"), Text: i18n.T(ctx, "letters.kept_settled")},
	}
	room := letterpages.Room{Title: i18n.T(ctx, "letters.drop_title", "Count", d.Jobs), Back: dropsPath, BackWords: i18n.T(ctx, "letters.drops_all"), Facts: []orders.Fact{
		{Label: i18n.T(ctx, "letters.column.state"), Value: s.dropBadge(ctx, d).Word}, {Label: i18n.T(ctx, "letters.run_by"), Value: who(d.Actor)},
		{Label: i18n.T(ctx, "letters.column.when"), Value: ui.Absolute(ctx, s.inZone(c, d.At))}, {Label: i18n.T(ctx, "letters.field.reason"), Value: d.Reason},
	}}
	if url := s.undoURL(c, d); url != "" {
		room.Acts = []orders.Possible{{URL: url, Label: i18n.T(ctx, "letters.undo"), Icon: "undo-2"}}
	}
	return s.listOf(c, spec, room, func(ctx context.Context, q tableQuery) (tablePage, error) {
		p := letters.Page{Limit: q.Limit + 1}
		if len(q.After) == 1 {
			p.Job, _ = strconv.ParseInt(q.After[0], 10, 64) // what is none begins at the start
		}
		list, err := s.Letters.Dropped(ctx, id, p)
		if err != nil {
			return tablePage{}, err
		}
		page := tablePage{More: len(list) > q.Limit}
		for _, l := range list[:min(len(list), q.Limit)] {
			job := strconv.FormatInt(l.JobID, 10)
			page.Rows = append(page.Rows, tableRow{Cursor: []string{job}, Row: ui.Row{URL: letterURL(l.JobID, ""), Cells: []ui.Cell{
				{Text: job, Code: true}, badgeCell(letterBadge(ctx, l.State)), {Text: l.Error, Code: true}, {Text: l.Kind, Code: true}, momentCell(ctx, l.DiedAt.In(q.zone)),
			}}})
		}
		return page, nil
	})
}

// runList are all runs that are remembered.
func (s *Server) runList(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "runs", Path: runsPath, Caption: "letters.runs_all", Sort: "-at",
		Columns: []tableColumn{
			{Key: "at", Label: "letters.run_started"}, {Key: "back", Label: "letters.comes_back", End: true}, {Key: "who", Label: "letters.run_by"},
			{Key: "state", Label: "letters.column.state"},
		},
		Empty: ui.EmptyList{Icon: "circle-check", Title: i18n.T(ctx, "letters.no_runs"), Text: i18n.T(ctx, "letters.no_runs_text")},
	}
	room := letterpages.Room{Title: i18n.T(ctx, "letters.runs_all"), Lead: i18n.T(ctx, "letters.runs_lead"), Back: lettersPath}
	return s.listOf(c, spec, room, func(ctx context.Context, q tableQuery) (tablePage, error) {
		list, err := s.Letters.Runs(ctx, behind(q))
		if err != nil {
			return tablePage{}, err
		}
		page := tablePage{More: len(list) > q.Limit}
		list = list[:min(len(list), q.Limit)]
		var actors []string
		for _, r := range list {
			actors = append(actors, r.Actor)
		}
		who, err := s.actorNames(ctx, actors)
		if err != nil {
			return tablePage{}, err
		}
		for _, r := range list {
			page.Rows = append(page.Rows, tableRow{Cursor: cursorOf(r.StartedAt, r.ID), Row: ui.Row{URL: runURL(r.ID, ""), Cells: []ui.Cell{
				momentCell(ctx, r.StartedAt.In(q.zone)), {Text: i18n.T(ctx, "letters.run_line", "Count", r.Total, "Back", r.Back)}, {Text: who(r.Actor)}, badgeCell(runBadge(ctx, r)),
			}}})
		}
		return page, nil
	})
}
