package handlers

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/chat"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	views "frontdesk/views/content"
	"frontdesk/views/ui"
)

// iterations lists what changes of words and policies did to understanding, the newest first (R-1119).
func (s *Server) iterations(c *fiber.Ctx) error {
	ctx := c.UserContext()
	var kinds []ui.Option
	for _, kind := range []string{chat.IterationFAQ, chat.IterationService, chat.IterationPolicy} {
		kinds = append(kinds, ui.Option{Value: kind, Label: i18n.T(ctx, "iterations.kind."+kind)})
	}
	spec := tableSpec{
		ID: "iterations", Path: contentPath + "/changes", Caption: "iterations.caption", Sort: "-at", Backward: true,
		Columns: []tableColumn{
			{Key: "at", Label: "iterations.at"}, {Key: "action", Label: "iterations.action"}, {Key: "key", Label: "iterations.key"},
			{Key: "who", Label: "iterations.who", Optional: true}, {Key: "messages", Label: "iterations.messages", End: true, Optional: true},
			{Key: "changed", Label: "iterations.changed", End: true, Optional: true}, {Key: "understood", Label: "iterations.understood", End: true, Optional: true},
			{Key: "unclear", Label: "iterations.unclear", End: true, Optional: true}, {Key: "faq", Label: "iterations.faq", End: true, Optional: true},
			{Key: "asked", Label: "iterations.asked", End: true, Optional: true, Hidden: true},
			{Key: "handed_over", Label: "iterations.handed_over", End: true, Optional: true, Hidden: true},
		},
		Filters: []tableFilter{
			{Key: "kind", Label: "iterations.kind", Kind: ui.FilterSelect, Options: kinds},
			{Key: "at", Label: "iterations.at", Kind: ui.FilterDays},
		},
		Empty:   ui.EmptyList{Icon: "history", Title: i18n.T(ctx, "iterations.empty"), Text: i18n.T(ctx, "iterations.empty_text")},
		NoMatch: ui.EmptyList{Icon: "filter", Title: i18n.T(ctx, "iterations.no_match"), Text: i18n.T(ctx, "iterations.no_match_text")},
	}
	return s.table(c, screen{title: "content.title", room: staff.Content, wide: true}, spec, s.iterationRows, func(t ui.Table) templ.Component {
		return views.IterationList(t)
	})
}

// iterationRows reads a page of them. Whoever may read the audit log gets from each to its entry.
func (s *Server) iterationRows(ctx context.Context, q tableQuery) (tablePage, error) {
	ask := chat.IterationQuery{Kind: q.Value("kind"), Limit: q.Limit + 1}
	ask.From, ask.To = q.Days("at")
	if place, ok := q.cursorID(); ok && q.Backward {
		ask.AfterID = place
	} else if ok {
		ask.BeforeID = place
	}
	rows, err := s.Chat.Iterations(ctx, ask)
	if err != nil {
		return tablePage{}, err
	}
	page := tablePage{More: len(rows) > q.Limit}
	switch {
	case page.More && q.Backward:
		rows = rows[1:]
	case page.More:
		rows = rows[:q.Limit]
	}
	actors := make([]string, len(rows))
	for i, r := range rows {
		actors[i] = r.Actor
	}
	who, err := s.actorNames(ctx, actors)
	if err != nil {
		return tablePage{}, err
	}
	v, _ := VisitorOf(ctx)
	_, audits := s.Staff.Can(v.Role, staff.Audit, staff.ToRead)
	for _, r := range rows {
		page.Rows = append(page.Rows, iterationRow(ctx, q, r, who(r.Actor), audits))
	}
	return page, nil
}

func iterationRow(ctx context.Context, q tableQuery, r models.Iteration, who string, audits bool) tableRow {
	id, at := strconv.FormatInt(r.AuditID, 10), r.At.In(q.zone)
	row := ui.Row{ID: id, Label: r.Key, Cells: []ui.Cell{
		{Text: at.Format(time.RFC3339), View: ui.Time(at, ui.Moment(ctx, at))},
		{Text: ui.Word(ctx, "act", r.Action)}, {Text: r.Key, Code: true}, {Text: who},
	}}
	if audits {
		row.URL = "/console/audit/" + id
	}
	if r.MeasuredAt == nil {
		row.Cells = append(row.Cells, ui.Cell{Text: i18n.T(ctx, "iterations.waiting")}, ui.Cell{}, ui.Cell{}, ui.Cell{}, ui.Cell{}, ui.Cell{}, ui.Cell{})
		return tableRow{Cursor: []string{id}, Row: row}
	}
	row.Cells = append(row.Cells, ui.Cell{Text: strconv.Itoa(r.Messages)}, ui.Cell{Text: strconv.Itoa(r.Changed)},
		shift(r.Before.Understood, r.After.Understood), shift(r.Before.Unclear, r.After.Unclear), shift(r.Before.FAQ, r.After.FAQ),
		shift(r.Before.Asked, r.After.Asked), shift(r.Before.HandedOver, r.After.HandedOver))
	return tableRow{Cursor: []string{id}, Row: row}
}

// shift is a count before and after.
func shift(before, after int) ui.Cell {
	return ui.Cell{Text: fmt.Sprintf("%d → %d", before, after), View: views.Shift(before, after)}
}
