package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/conversations"
	"frontdesk/views/ui"
)

// how much of the inbox and of a thread one page shows, and for how long a message that did not arrive
// keeps its conversation in the filter.
const (
	inboxPage  = 40
	threadPage = 80
	failedFor  = 7 * 24 * time.Hour
)

// Filters of the inbox.
const (
	filterNeeds  = "needs"  // a case is open
	filterStaff  = "staff"  // people have it
	filterMine   = "mine"   // the reader has it
	filterFailed = "failed" // a message did not arrive
)

// inboxQuery is what a page of the inbox is asked for.
type inboxQuery struct {
	diaryQuery        // zone, menu and reader; visits link into the diary
	filter     string // "" or one of the filters
	openID     string
	before     string               // the last row of the page before
	pane       string               // "context": on a phone, what is known about the person
	acts       bool                 // the reader may take over, write and note
	names      map[models.ID]string // of those who have the conversations
	watch      handoff.Watch        // of the Cases room
}

func (s *Server) askInbox(c *fiber.Ctx) (inboxQuery, error) {
	base, err := s.askDiary(c)
	if err != nil {
		return inboxQuery{}, err
	}
	q := inboxQuery{diaryQuery: base, openID: c.Params("id"), before: c.Query("before")}
	if f := c.Query("filter"); slices.Contains([]string{filterNeeds, filterStaff, filterMine, filterFailed}, f) {
		q.filter = f
	}
	if c.Query("pane") == "context" {
		q.pane = "context"
	}
	_, may := s.Staff.Can(q.visitor.Role, staff.Conversations, staff.ToAct)
	q.acts = may && q.visitor.Role != models.RoleMachine
	return q, nil
}

func (q inboxQuery) link(id, filter, before string) string {
	path := "/console/conversations"
	if id != "" {
		path += "/" + id
	}
	return link(path, "filter", filter, "before", before)
}

// conversations shows the inbox, with one conversation open or none.
func (s *Server) conversations(c *fiber.Ctx) error {
	q, err := s.askInbox(c)
	if err != nil {
		return err
	}
	page, err := s.inboxPage(c, q, thread.Filter{})
	if err != nil {
		return err
	}
	return s.page(c, conversationScreen(), conversations.Content(page))
}

func conversationScreen() screen {
	return screen{
		title: "console.room.conversations", room: staff.Conversations, wide: true, fresh: "console.conversations.updated",
		live: []string{redisstore.TopicConversations, redisstore.TopicDiary},
	}
}

// inboxPage is the list, narrowed by what was searched for when anything was, with the open conversation.
func (s *Server) inboxPage(c *fiber.Ctx, q inboxQuery, search thread.Filter) (conversations.Page, error) {
	ctx := c.UserContext()
	open, err := s.Desk.OpenCases(ctx)
	if err != nil {
		return conversations.Page{}, err
	}
	cases := map[models.ID]bool{}
	for _, k := range open {
		cases[k.ConversationID] = true
	}
	filter := q.threadFilter(s.Clock.Now(), cases)
	filter.Name, filter.Phone = search.Name, search.Phone
	rows, err := s.Thread.List(ctx, filter)
	if err != nil {
		return conversations.Page{}, err
	}
	if q.names, err = s.holders(ctx, rows); err != nil {
		return conversations.Page{}, err
	}
	p := conversations.Page{
		Filtered: q.filter != "" || search.Name != "", ClearURL: q.link("", "", ""), BackURL: q.link("", q.filter, q.before),
		Filters: q.filters(ctx, len(cases)), Pane: q.pane, Search: q.search(search.Name),
	}
	for _, r := range rows {
		p.Rows = append(p.Rows, s.inboxRow(q, r, cases))
	}
	if len(rows) == inboxPage && search.Name == "" && rows[inboxPage-1].Conversation.LastMessageAt != nil {
		last := rows[inboxPage-1].Conversation
		p.OlderURL = q.link("", q.filter, last.LastMessageAt.UTC().Format(time.RFC3339Nano)+"_"+last.ID.String())
	}
	if q.openID != "" {
		p.Open, err = s.openThread(c, q, cases)
	}
	return p, err
}

func (q inboxQuery) threadFilter(now time.Time, cases map[models.ID]bool) thread.Filter {
	f := thread.Filter{Limit: inboxPage}
	if len(q.before) > 37 {
		at, err := time.Parse(time.RFC3339Nano, q.before[:len(q.before)-37])
		if err == nil && f.BeforeID.UnmarshalText([]byte(q.before[len(q.before)-36:])) == nil {
			f.Before = &at
		}
	}
	switch q.filter {
	case filterNeeds:
		f.Only = []models.ID{}
		for id := range cases {
			f.Only = append(f.Only, id)
		}
	case filterStaff:
		f.HumanAt = &now
	case filterMine:
		f.HumanAt, f.Holder = &now, &q.visitor.Staff.ID
	case filterFailed:
		since := now.Add(-failedFor)
		f.Failed = &since
	}
	return f
}

func (q inboxQuery) filters(ctx context.Context, needs int) []ui.Chip {
	chip := func(filter, key string, count int) ui.Chip {
		return ui.Chip{Label: i18n.T(ctx, key), URL: q.link(q.openID, filter, ""), Current: q.filter == filter, Count: count}
	}
	chips := []ui.Chip{
		chip("", "console.conversations.all", 0),
		chip(filterNeeds, "console.conversations.needs", needs),
		chip(filterStaff, "console.conversations.with_staff", 0),
	}
	if q.acts {
		chips = append(chips, chip(filterMine, "conversations.mine", 0))
	}
	return append(chips, chip(filterFailed, "conversations.failed", 0))
}

// holders names those who have the conversations of a list.
func (s *Server) holders(ctx context.Context, rows []thread.Row) (map[models.ID]string, error) {
	var ids []models.ID
	for _, r := range rows {
		if h := r.Conversation.Holder(s.Clock.Now()); h != nil && !slices.Contains(ids, *h) {
			ids = append(ids, *h)
		}
	}
	return s.Staff.Names(ctx, ids)
}

func (s *Server) inboxRow(q inboxQuery, r thread.Row, cases map[models.ID]bool) conversations.Row {
	conv := r.Conversation
	phone, _ := r.Contact.Phone()
	row := conversations.Row{
		ID: conv.ID.String(), URL: q.link(conv.ID.String(), q.filter, q.before), Language: conv.Language, Last: r.Last, At: conv.CreatedAt.In(q.zone),
		Name: r.Contact.ProfileName, Phone: phoneFor(q.visitor.Role, phone),
		Human: conv.Human(s.Clock.Now()), OpenCase: cases[conv.ID], Current: conv.ID.String() == q.openID,
	}
	if h := conv.Holder(s.Clock.Now()); h != nil {
		row.Holder, row.Mine = q.names[*h], *h == q.visitor.Staff.ID
	}
	if r.Customer != nil {
		row.Name = r.Customer.FullName()
	}
	if r.Last != nil {
		row.At = r.Last.CreatedAt.In(q.zone)
		if r.Last.Direction == models.In {
			waited := max(0, q.now.Sub(r.Last.CreatedAt))
			row.Waiting = &waited
		}
	}
	row.Today = midnight(row.At).Equal(midnight(q.now))
	return row
}
