package handlers

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	auditview "frontdesk/views/audit"
	"frontdesk/views/ui"
)

// auditVerified is the action that notes a verification; its last entry is the verdict shown.
const auditVerified = "audit.verified"

// auditLog lists the log, newest first.
func (s *Server) auditLog(c *fiber.Ctx) error {
	spec, err := s.auditTable(c)
	if err != nil {
		return err
	}
	verdict, err := s.lastVerdict(c)
	if err != nil {
		return err
	}
	return s.table(c, screen{title: "audit.title", room: staff.Audit, wide: true}, spec, s.auditPage, func(t ui.Table) templ.Component {
		return auditview.Content(auditview.Page{Table: t, CSRF: csrf(c), Verdict: verdict})
	})
}

func (s *Server) auditTable(c *fiber.Ctx) (tableSpec, error) {
	ctx := c.UserContext()
	words, err := s.Audit.Words(ctx)
	if err != nil {
		return tableSpec{}, err
	}
	who, err := s.actorNames(ctx, words.Actors)
	if err != nil {
		return tableSpec{}, err
	}
	return tableSpec{
		ID: "audit", Path: "/console/audit", Caption: "audit.title", Sort: "-at", Backward: true,
		Columns: []tableColumn{
			{Key: "at", Label: "audit.at"}, {Key: "who", Label: "audit.who"}, {Key: "action", Label: "audit.action"},
			{Key: "kind", Label: "audit.kind", Optional: true}, {Key: "subject", Label: "audit.subject", Optional: true},
			{Key: "reason", Label: "audit.reason", Optional: true}, {Key: "changes", Label: "audit.changes", Optional: true, Hidden: true},
			{Key: "request", Label: "audit.request", Optional: true, Hidden: true},
		},
		Filters: []tableFilter{
			{Key: "who", Label: "audit.who", Kind: ui.FilterSelect, Options: options(words.Actors, who)},
			{Key: "action", Label: "audit.action", Kind: ui.FilterSelect, Options: options(words.Actions, wordsOf(ctx, "act"))},
			{Key: "kind", Label: "audit.kind", Kind: ui.FilterSelect, Options: options(words.SubjectKinds, wordsOf(ctx, "audit.kind"))},
			{Key: "subject", Label: "audit.subject", Kind: ui.FilterSearch},
			{Key: "at", Label: "audit.at", Kind: ui.FilterDays},
		},
		Empty:   ui.EmptyList{Icon: "scroll-text", Title: i18n.T(ctx, "audit.empty"), Text: i18n.T(ctx, "audit.empty_text")},
		NoMatch: ui.EmptyList{Icon: "filter", Title: i18n.T(ctx, "audit.no_match"), Text: i18n.T(ctx, "audit.no_match_text")},
	}, nil
}

func options(values []string, name func(string) string) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: v, Label: name(v)}
	}
	return out
}

func wordsOf(ctx context.Context, area string) func(string) string {
	return func(word string) string { return ui.Word(ctx, area, word) }
}

// auditPage reads a page of the log.
func (s *Server) auditPage(ctx context.Context, q tableQuery) (tablePage, error) {
	ask := audit.Query{
		Actor: q.Value("who"), Action: q.Value("action"), SubjectKind: q.Value("kind"), SubjectID: q.Value("subject"), Limit: q.Limit + 1,
	}
	ask.From, ask.To = q.Days("at")
	if place, ok := q.cursorID(); ok && q.Backward {
		ask.AfterID = place
	} else if ok {
		ask.BeforeID = place
	}
	rows, err := s.Audit.Entries(ctx, ask)
	if err != nil {
		return tablePage{}, err
	}
	more := len(rows) > q.Limit
	switch {
	case more && q.Backward:
		rows = rows[1:]
	case more:
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
	page := tablePage{More: more}
	for _, r := range rows {
		page.Rows = append(page.Rows, auditRow(ctx, q, r, who(r.Actor)))
	}
	return page, nil
}

func auditRow(ctx context.Context, q tableQuery, r models.AuditEntry, who string) tableRow {
	id := strconv.FormatInt(r.ID, 10)
	at := r.At.In(q.zone)
	changes := ""
	for _, c := range changesOf(ctx, r) {
		if changes != "" {
			changes += "; "
		}
		changes += c.Field + ": " + c.Before + " → " + c.After
	}
	return tableRow{Cursor: []string{id}, Row: ui.Row{ID: id, URL: "/console/audit/" + id, Label: id, Cells: []ui.Cell{
		{Text: at.Format(time.RFC3339), View: ui.Time(at, ui.Moment(ctx, at))},
		{Text: who},
		{Text: ui.Word(ctx, "act", r.Action)},
		{Text: ui.Word(ctx, "audit.kind", r.SubjectKind)},
		subjectCell(r.SubjectID),
		{Text: r.Reason}, {Text: changes}, {Text: r.RequestID, Code: true},
	}}}
}

func subjectCell(id string) ui.Cell {
	if id == "" {
		return ui.Cell{}
	}
	return ui.Cell{Text: id, View: auditview.Subject(id)}
}

// auditEntry shows one entry.
func (s *Server) auditEntry(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return fault.NotFound("audit.no_entry")
	}
	found, err := s.Audit.Entry(ctx, id)
	if err != nil {
		return err
	}
	entries, err := s.entries(c, []models.AuditEntry{found.AuditEntry})
	if err != nil {
		return err
	}
	page := auditview.EntryPage{
		Entry: entries[0], ID: id, Action: found.Action, Actor: found.Actor, Kind: found.SubjectKind, Subject: found.SubjectID,
		RequestID: found.RequestID, Position: found.Position, Hash: found.Hash,
		ActorURL: link("/console/audit", "who", found.Actor),
	}
	if found.SubjectID != "" {
		page.SubjectURL = link("/console/audit", "kind", found.SubjectKind, "subject", found.SubjectID)
	}
	details := object(found.Detail)
	for _, name := range sortedKeys(details) {
		page.Detail = append(page.Detail, ui.FieldChange{Field: ui.Word(ctx, "field."+found.SubjectKind, name), After: valueWords(ctx, details[name])})
	}
	return s.page(c, screen{title: "audit.entry_title", room: staff.Audit}, auditview.One(page))
}

// verifyAudit computes the chain anew and notes the verdict, with the head that proves it later.
func (s *Server) verifyAudit(c *fiber.Ctx) error {
	f := s.form(c, "audit")
	if !f.Valid() {
		return f.fault()
	}
	ctx := c.UserContext()
	v, _ := VisitorOf(ctx)
	verdict, err := s.Audit.Verify(ctx)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fault.Unavailable("audit.too_long", err) // the command has all the time it needs
	}
	if err != nil {
		return err
	}
	err = s.Audit.Record(ctx, audit.Entry{Actor: v.Actor(), Action: auditVerified, SubjectKind: "audit", Detail: map[string]any{
		"entries": verdict.Entries, "head": verdict.Head, "broken_at": verdict.BrokenAt,
	}})
	if err != nil {
		return err
	}
	toast, facts := "audit.holds", []any{"Count", verdict.Entries}
	if verdict.BrokenAt > 0 {
		toast, facts = "audit.broken", []any{"ID", verdict.BrokenAt}
	}
	return s.acted(c, acted{To: "/console/audit", Toast: toast, Facts: facts, Result: fiber.Map{
		"entries": verdict.Entries, "head": verdict.Head, "brokenAt": verdict.BrokenAt,
	}})
}

// lastVerdict is what the last verification found; nil before the first.
func (s *Server) lastVerdict(c *fiber.Ctx) (*auditview.Verdict, error) {
	rows, err := s.Audit.Entries(c.UserContext(), audit.Query{Action: auditVerified, Limit: 1})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	entries, err := s.entries(c, rows)
	if err != nil {
		return nil, err
	}
	detail := object(rows[0].Detail)
	out := &auditview.Verdict{At: entries[0].At, Who: entries[0].Who, Entries: fmt.Sprint(detail["entries"]), Head: fmt.Sprint(detail["head"])}
	if broken := fmt.Sprint(detail["broken_at"]); broken != "0" {
		out.BrokenAt = broken
	}
	return out, nil
}
