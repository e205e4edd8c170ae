package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/conversations"
	"frontdesk/views/ui"
)

// how much of the inbox and of a thread one page shows.
const (
	inboxPage  = 40
	threadPage = 80
)

// inboxQuery is what a page of the inbox is asked for.
type inboxQuery struct {
	diaryQuery        // zone, menu and reader; visits link into the diary
	filter     string // "", "needs" or "staff"
	openID     string
	before     string // the last row of the page before
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
	base, err := s.askDiary(c)
	if err != nil {
		return err
	}
	q := inboxQuery{diaryQuery: base, openID: c.Params("id"), before: c.Query("before")}
	if f := c.Query("filter"); f == "needs" || f == "staff" {
		q.filter = f
	}
	page, err := s.inboxPage(c, q)
	if err != nil {
		return err
	}
	return s.page(c, screen{
		title: "console.room.conversations", room: staff.Conversations, wide: true, fresh: "console.conversations.updated",
		live: []string{redisstore.TopicConversations, redisstore.TopicDiary},
	}, conversations.Content(page))
}

func (s *Server) inboxPage(c *fiber.Ctx, q inboxQuery) (conversations.Page, error) {
	ctx := c.UserContext()
	open, err := s.Desk.OpenCases(ctx)
	if err != nil {
		return conversations.Page{}, err
	}
	cases := map[models.ID]bool{}
	for _, k := range open {
		cases[k.ConversationID] = true
	}
	rows, err := s.Thread.List(ctx, q.threadFilter(s.Clock.Now(), cases))
	if err != nil {
		return conversations.Page{}, err
	}
	p := conversations.Page{
		Filtered: q.filter != "", ClearURL: q.link("", "", ""), BackURL: q.link("", q.filter, q.before), Filters: q.filters(ctx, len(cases)),
	}
	for _, r := range rows {
		p.Rows = append(p.Rows, s.inboxRow(q, r, cases))
	}
	if len(rows) == inboxPage && rows[inboxPage-1].Conversation.LastMessageAt != nil {
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
	case "needs":
		f.Only = []models.ID{}
		for id := range cases {
			f.Only = append(f.Only, id)
		}
	case "staff":
		f.HumanAt = &now
	}
	return f
}

func (q inboxQuery) filters(ctx context.Context, needs int) []ui.Chip {
	chip := func(filter, key string, count int) ui.Chip {
		return ui.Chip{Label: i18n.T(ctx, key), URL: q.link(q.openID, filter, ""), Current: q.filter == filter, Count: count}
	}
	return []ui.Chip{
		chip("", "console.conversations.all", 0),
		chip("needs", "console.conversations.needs", needs),
		chip("staff", "console.conversations.with_staff", 0),
	}
}

func (s *Server) inboxRow(q inboxQuery, r thread.Row, cases map[models.ID]bool) conversations.Row {
	conv := r.Conversation
	row := conversations.Row{
		ID: conv.ID.String(), URL: q.link(conv.ID.String(), q.filter, q.before), Language: conv.Language, Last: r.Last, At: conv.CreatedAt.In(q.zone),
		Name: r.Contact.ProfileName, Phone: phoneFor(q.visitor.Role, r.Contact.Address),
		Human: conv.Human(s.Clock.Now()), OpenCase: cases[conv.ID], Current: conv.ID.String() == q.openID,
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

// openThread reads one conversation. Fault: console.conversations.gone.
func (s *Server) openThread(c *fiber.Ctx, q inboxQuery, cases map[models.ID]bool) (*conversations.Thread, error) {
	ctx := c.UserContext()
	var id models.ID
	if id.UnmarshalText([]byte(q.openID)) != nil {
		return nil, fault.NotFound("console.conversations.gone")
	}
	found, err := s.Thread.List(ctx, thread.Filter{Only: []models.ID{id}})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.NotFound("console.conversations.gone") // or a stylist's own thread, which is not for the inbox
	}
	conv := found[0].Conversation
	before, err := strconv.ParseInt(c.Query("seq"), 10, 64)
	if err != nil {
		before = 0
	}
	messages, err := s.Thread.Transcript(ctx, id, before, threadPage)
	if err != nil {
		return nil, err
	}
	t := &conversations.Thread{Row: s.inboxRow(q, found[0], cases)}
	if conv.HumanUntil != nil {
		until := conv.HumanUntil.In(q.zone)
		t.HumanUntil = &until
	}
	if t.Days, err = s.days(ctx, q, messages); err != nil {
		return nil, err
	}
	if len(messages) == threadPage {
		t.OlderURL = link("/console/conversations/"+q.openID, "filter", q.filter, "seq", strconv.FormatInt(messages[0].Seq, 10))
	}
	t.Context, err = s.threadContext(ctx, q, found[0])
	return t, err
}

// days groups messages by the salon's days.
func (s *Server) days(ctx context.Context, q inboxQuery, messages []models.Message) ([]conversations.Day, error) {
	var writers []models.ID
	for _, m := range messages {
		if m.StaffID != nil {
			writers = append(writers, *m.StaffID)
		}
	}
	names, err := s.Staff.Names(ctx, writers)
	if err != nil {
		return nil, err
	}
	var days []conversations.Day
	var current time.Time
	for _, m := range messages {
		b := conversations.Bubble{Message: m, At: m.CreatedAt.In(q.zone)}
		if m.StaffID != nil {
			b.Staff = names[*m.StaffID]
		}
		if day := midnight(b.At); !day.Equal(current) || len(days) == 0 {
			current = day
			days = append(days, conversations.Day{Label: i18n.Day(i18n.From(ctx).Language, day)})
		}
		last := &days[len(days)-1]
		last.Bubbles = append(last.Bubbles, b)
	}
	return days, nil
}
