package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/cases"
	"frontdesk/views/conversations"
	"frontdesk/views/ui"
)

// precisionOver is how far back the share of cases that needed a person is counted.
const precisionOver = 30 * 24 * time.Hour

// caseCursor reads the place of a case in a list.
func caseCursor(parts []string) (*time.Time, models.ID) {
	var id models.ID
	if len(parts) != 2 || id.UnmarshalText([]byte(parts[1])) != nil {
		return nil, id
	}
	at, err := time.Parse(time.RFC3339Nano, parts[0])
	if err != nil {
		return nil, id
	}
	return &at, id
}

func (s *Server) caseRows(ctx context.Context, q inboxQuery, open []models.Case) ([]cases.Row, error) {
	cards, err := s.caseCards(ctx, q, open)
	if err != nil {
		return nil, err
	}
	people, err := s.conversationsOf(ctx, open)
	if err != nil {
		return nil, err
	}
	if q.names, err = s.holders(ctx, people); err != nil {
		return nil, err
	}
	rows := make([]cases.Row, len(open))
	for i, k := range open {
		rows[i] = cases.Row{Case: cards[i], URL: "/console/conversations/" + k.ConversationID.String(), MayAct: q.acts}
		for _, p := range people {
			if p.Conversation.ID == k.ConversationID {
				rows[i].Customer = nameIn(p)
				rows[i].Keep = s.keeper(q, p.Conversation, nil)
			}
		}
	}
	return rows, s.caseFacts(ctx, q, rows)
}

// caseCards are cases as their cards show them.
func (s *Server) caseCards(ctx context.Context, q inboxQuery, list []models.Case) ([]conversations.Case, error) {
	w, err := s.watch(ctx, q.now)
	if err != nil {
		return nil, err
	}
	actors := make([]string, len(list))
	for i, k := range list {
		actors[i] = k.ResolvedBy
	}
	who, err := s.actorNames(ctx, actors)
	if err != nil {
		return nil, err
	}
	_, acts := s.Staff.Can(q.visitor.Role, staff.Cases, staff.ToAct)
	acts = acts && q.visitor.Role != models.RoleMachine
	out := make([]conversations.Case, len(list))
	for i, k := range list {
		card := conversations.Case{Case: k, Opened: k.OpenedAt.In(q.zone), Pace: paceOf(ctx, k, w)}
		if k.Suggestion != "" {
			card.Suggestion = i18n.T(ctx, k.Suggestion)
		}
		if k.ResolvedAt != nil {
			at := k.ResolvedAt.In(q.zone)
			card.Resolved, card.By = &at, who(k.ResolvedBy)
		}
		switch {
		case acts && k.Status == models.CaseOpen:
			card.ResolveURL = casesPath + "/" + k.ID.String() + "/resolve"
		case acts:
			card.ReopenURL = casesPath + "/" + k.ID.String() + "/reopen"
		}
		out[i] = card
	}
	return out, nil
}

// paceOf says how the answer to a case stands, with the time it is about.
func paceOf(ctx context.Context, k models.Case, w handoff.Watch) conversations.Pace {
	pace := w.PaceOf(k)
	tone := map[handoff.Pace]ui.Tone{
		handoff.PaceAnswered: ui.Good, handoff.PaceSoon: ui.Info, handoff.PaceDue: ui.Attention, handoff.PaceLate: ui.Danger,
	}[pace]
	waited := conversations.Waited(ctx, w.Waited(k.OpenedAt, w.Now))
	return conversations.Pace{Tone: tone, Word: i18n.T(ctx, "cases.pace."+string(pace), "Time", waited)}
}

// conversationsOf are the conversations of cases.
func (s *Server) conversationsOf(ctx context.Context, list []models.Case) ([]thread.Row, error) {
	ids := make([]models.ID, len(list))
	for i, k := range list {
		ids[i] = k.ConversationID
	}
	return s.Thread.List(ctx, thread.Filter{Only: ids, Limit: max(1, len(ids))})
}

func nameIn(r thread.Row) string {
	if r.Customer != nil {
		return r.Customer.FullName()
	}
	return r.Contact.ProfileName
}

// oneCase leads to where a case is worked on: its conversation.
func (s *Server) oneCase(c *fiber.Ctx) error {
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	return c.Redirect("/console/conversations/"+k.ConversationID.String(), fiber.StatusSeeOther)
}

// caseOf is the case of the request. Fault: handoff.no_case.
func (s *Server) caseOf(c *fiber.Ctx) (models.Case, error) {
	var id models.ID
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return models.Case{}, fault.NotFound("handoff.no_case")
	}
	return s.Desk.Case(c.UserContext(), id)
}

// resolveCase ends a case with one answer: did it need a person?
func (s *Server) resolveCase(c *fiber.Ctx) error {
	q, err := s.askInbox(c)
	if err != nil {
		return err
	}
	staffID, err := colleague(q)
	if err != nil {
		return err
	}
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	f := s.form(c, "cases.field")
	r := handoff.Resolution{CaseID: k.ID, StaffID: staffID, Label: models.CaseLabel(f.Choice("label", labelWords()...))}
	tell := f.Checked("tell")
	if f.Valid() {
		if err = s.Chat.Resolve(c.UserContext(), r, tell); err == nil {
			return s.acted(c, acted{To: "/console/conversations/" + k.ConversationID.String(), Toast: "cases.resolved"})
		}
		if !f.Refused(err) {
			return err
		}
	}
	return s.resolvePage(c, q, f, k)
}

func labelWords() []string {
	words := make([]string, len(models.CaseLabels()))
	for i, l := range models.CaseLabels() {
		words[i] = string(l)
	}
	return words
}

func (s *Server) resolvePage(c *fiber.Ctx, q inboxQuery, f *form, k models.Case) error {
	conv, err := s.Thread.Conversation(c.UserContext(), k.ConversationID)
	if err != nil {
		return err
	}
	cards, err := s.caseCards(c.UserContext(), q, []models.Case{k})
	if err != nil {
		return err
	}
	return s.formPage(c, screen{title: "cases.resolve", room: staff.Cases}, f, cases.Resolve(f.Shown(), cards[0], cases.After{
		URL: "/console/conversations/" + k.ConversationID.String(), Human: conv.Human(s.Clock.Now()) && !k.Silent,
		MayTell: s.Post.Open(conv), Message: s.backWords(conv.Language),
	}))
}

// resolvedCases is the table of what is done, and how often a person was needed.
func (s *Server) resolvedCases(c *fiber.Ctx) error {
	ctx := c.UserContext()
	q, err := s.askInbox(c)
	if err != nil {
		return err
	}
	precision, err := s.Desk.Precision(ctx, q.now.Add(-precisionOver))
	if err != nil {
		return err
	}
	read := func(ctx context.Context, t tableQuery) (tablePage, error) { return s.resolvedPage(ctx, q, t) }
	return s.table(c, screen{title: "cases.done", room: staff.Cases, live: []string{redisstore.TopicConversations}, fresh: "console.cases.updated"},
		resolvedSpec(ctx), read, func(t ui.Table) templ.Component {
			return cases.Done(t, cases.Precision{Needed: precision.Needed, Resolved: precision.Resolved})
		})
}

func resolvedSpec(ctx context.Context) tableSpec {
	reasons, labels := namedOptions(ctx, "case.reason", handoff.Reasons()...), namedOptions(ctx, "cases.label", models.CaseLabels()...)
	return tableSpec{
		ID: "resolved", Path: "/console/cases/resolved", Caption: "cases.done", Sort: "-resolved",
		Columns: []tableColumn{
			{Key: "customer", Label: "cases.column.customer"}, {Key: "reason", Label: "cases.column.reason"},
			{Key: "label", Label: "cases.column.label"}, {Key: "by", Label: "cases.column.by"},
			{Key: "opened", Label: "cases.column.opened", Optional: true}, {Key: "answered", Label: "cases.column.answered", Optional: true},
			{Key: "resolved", Label: "cases.column.resolved"},
		},
		Filters: []tableFilter{
			{Key: "reason", Label: "cases.column.reason", Kind: ui.FilterSelect, Options: reasons},
			{Key: "label", Label: "cases.column.label", Kind: ui.FilterSelect, Options: labels},
		},
		Empty:   ui.EmptyList{Icon: "circle-check", Title: i18n.T(ctx, "cases.done.empty"), Text: i18n.T(ctx, "cases.done.empty_text")},
		NoMatch: ui.EmptyList{Icon: "circle-check", Title: i18n.T(ctx, "cases.done.no_match"), Text: i18n.T(ctx, "cases.done.no_match_text")},
	}
}

// resolvedPage reads a page of the resolved cases.
func (s *Server) resolvedPage(ctx context.Context, q inboxQuery, t tableQuery) (tablePage, error) {
	f := handoff.Filter{Reason: models.HandoffReason(t.Value("reason")), Label: models.CaseLabel(t.Value("label")), Limit: t.Limit + 1}
	f.After, f.AfterID = caseCursor(t.After)
	list, err := s.Desk.Resolved(ctx, f)
	if err != nil {
		return tablePage{}, err
	}
	page := tablePage{More: len(list) > t.Limit}
	list = list[:min(len(list), t.Limit)]
	cards, err := s.caseCards(ctx, q, list)
	if err != nil {
		return tablePage{}, err
	}
	people, err := s.conversationsOf(ctx, list)
	if err != nil {
		return tablePage{}, err
	}
	for i, k := range list {
		name := i18n.T(ctx, "console.conversations.unknown")
		if at := slices.IndexFunc(people, func(r thread.Row) bool { return r.Conversation.ID == k.ConversationID }); at >= 0 && nameIn(people[at]) != "" {
			name = nameIn(people[at])
		}
		page.Rows = append(page.Rows, resolvedRow(ctx, q, cards[i], name))
	}
	return page, nil
}

func resolvedRow(ctx context.Context, q inboxQuery, k conversations.Case, name string) tableRow {
	answered := "–"
	if k.AnsweredAt != nil {
		answered = conversations.Waited(ctx, k.AnsweredAt.Sub(k.OpenedAt))
	}
	label := i18n.T(ctx, "cases.label."+string(k.Label))
	tone := ui.Neutral
	if k.Label.Justified() {
		tone = ui.Good
	}
	return tableRow{
		Row: ui.Row{ID: k.ID.String(), URL: "/console/conversations/" + k.ConversationID.String(), Label: name, Cells: []ui.Cell{
			{Text: name}, {Text: i18n.T(ctx, "case.reason."+string(k.Reason))}, {Text: label, View: ui.Badge(tone, label)}, {Text: k.By},
			{Text: ui.Moment(ctx, k.Opened)}, {Text: answered}, {Text: ui.Moment(ctx, k.Resolved.In(q.zone))},
		}},
		Cursor: []string{k.ResolvedAt.UTC().Format(time.RFC3339Nano), k.ID.String()},
	}
}
