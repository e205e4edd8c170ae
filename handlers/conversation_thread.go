package handlers

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/notify"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/conversations"
	"frontdesk/views/ui"
)

// found is a conversation of the inbox. Fault: console.conversations.gone, for a stylist's own thread too.
func (s *Server) found(ctx context.Context, text string) (thread.Row, error) {
	var id models.ID
	if id.UnmarshalText([]byte(text)) != nil {
		return thread.Row{}, fault.NotFound("console.conversations.gone")
	}
	rows, err := s.Thread.List(ctx, thread.Filter{Only: []models.ID{id}})
	if err != nil {
		return thread.Row{}, err
	}
	if len(rows) == 0 {
		return thread.Row{}, fault.NotFound("console.conversations.gone")
	}
	return rows[0], nil
}

// openThread reads one conversation, which the audit log is told. Fault: console.conversations.gone.
func (s *Server) openThread(c *fiber.Ctx, q inboxQuery, cases map[models.ID]bool) (*conversations.Thread, error) {
	ctx := c.UserContext()
	row, err := s.found(ctx, q.openID)
	if err != nil {
		return nil, err
	}
	conv := row.Conversation
	before, err := strconv.ParseInt(c.Query("seq"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	messages, err := s.Thread.Transcript(ctx, conv.ID, before, threadPage)
	if err != nil {
		return nil, err
	}
	if q.names, err = s.holders(ctx, []thread.Row{row}); err != nil {
		return nil, err
	}
	t := &conversations.Thread{
		Row: s.inboxRow(q, row, cases), URL: "/console/conversations/" + q.openID, CSRF: q.visitor.Session.CSRF,
	}
	if t.Context, err = s.threadContext(ctx, q, row); err != nil {
		return nil, err
	}
	t.Keep = s.keeper(q, conv, t.Context.Cases)
	from := int64(0)
	if len(messages) == threadPage {
		from = messages[0].Seq
		t.OlderURL = link(t.URL, "filter", q.filter, "seq", strconv.FormatInt(from, 10))
	}
	record, err := s.Desk.Record(ctx, conv.ID, from, before)
	if err != nil {
		return nil, err
	}
	if t.Days, t.Context.Notes, err = s.days(ctx, q, messages, record); err != nil {
		return nil, err
	}
	if q.acts && before == 0 {
		if t.Composer, err = s.composer(c, q, conv, t.Keep, nil); err != nil {
			return nil, err
		}
	}
	return t, s.Desk.Read(ctx, q.visitor.Actor(), conv.ID)
}

// keeper is who has a conversation, as the reader is told.
func (s *Server) keeper(q inboxQuery, conv models.Conversation, cases []conversations.Case) conversations.Keeper {
	k := conversations.Keeper{Who: conversations.Assistant, MayAct: q.acts}
	if !conv.Human(s.Clock.Now()) {
		return k
	}
	k.Until = conv.HumanUntil.In(q.zone)
	for _, c := range cases {
		if c.Status == models.CaseOpen && !c.Silent {
			k.CaseURL = c.ResolveURL
		}
	}
	switch holder := conv.Holder(s.Clock.Now()); {
	case holder == nil:
		k.Who = conversations.Nobody
	case *holder == q.visitor.Staff.ID:
		k.Who, k.StaffID = conversations.Reader, holder.String()
	default:
		k.Who, k.StaffID, k.Name = conversations.Colleague, holder.String(), q.names[*holder]
	}
	return k
}

// days puts messages, notes and events into one order and groups them by the salon's days. The notes
// stand by themselves too, newest first.
func (s *Server) days(ctx context.Context, q inboxQuery, messages []models.Message, record handoff.Record) ([]conversations.Day, []conversations.Note, error) {
	names, err := s.Staff.Names(ctx, writers(messages, record))
	if err != nil {
		return nil, nil, err
	}
	d := dayBook{ctx: ctx, q: q, names: names}
	var notes []conversations.Note
	for len(messages)+len(record.Events)+len(record.Notes) > 0 {
		switch m, e, n := next(messages), nextEvent(record.Events), nextNote(record.Notes); {
		case m < e && m < n:
			d.message(messages[0])
			messages = messages[1:]
		case e < n:
			d.event(record.Events[0])
			record.Events = record.Events[1:]
		default:
			notes = append([]conversations.Note{d.note(record.Notes[0])}, notes...)
			record.Notes = record.Notes[1:]
		}
	}
	return d.days, notes, nil
}

const never = int64(math.MaxInt64)

func next(list []models.Message) int64 {
	if len(list) == 0 {
		return never
	}
	return list[0].Seq
}

func nextEvent(list []models.ConversationEvent) int64 {
	if len(list) == 0 {
		return never
	}
	return list[0].Seq
}

func nextNote(list []models.ConversationNote) int64 {
	if len(list) == 0 {
		return never
	}
	return list[0].Seq
}

// writers are the people of the salon who stand in a transcript.
func writers(messages []models.Message, record handoff.Record) (ids []models.ID) {
	add := func(id *models.ID) {
		if id != nil {
			ids = append(ids, *id)
		}
	}
	for _, m := range messages {
		add(m.StaffID)
	}
	for _, e := range record.Events {
		add(e.StaffID)
		add(e.FromStaffID)
	}
	for _, n := range record.Notes {
		add(&n.StaffID)
	}
	return ids
}

// dayBook writes a transcript, line by line.
type dayBook struct {
	ctx   context.Context
	q     inboxQuery
	names map[models.ID]string
	days  []conversations.Day
	last  time.Time
}

func (d *dayBook) add(at time.Time, l conversations.Line) {
	if day := midnight(at); !day.Equal(d.last) || len(d.days) == 0 {
		d.last = day
		d.days = append(d.days, conversations.Day{Label: i18n.Day(i18n.From(d.ctx).Language, day)})
	}
	today := &d.days[len(d.days)-1]
	today.Lines = append(today.Lines, l)
}

func (d *dayBook) message(m models.Message) {
	b := conversations.Bubble{Message: m, At: m.CreatedAt.In(d.q.zone)}
	if m.StaffID != nil {
		b.Staff = d.names[*m.StaffID]
	}
	if m.Status == models.Failed {
		remedy, path := notify.RemedyOf(m.ErrorCode), "/console/conversations/"+m.ConversationID.String()
		b.Failure = ui.Word(d.ctx, "conversations.failure", "unknown")
		if key := "conversations.failure." + m.ErrorCode; i18n.From(d.ctx).Catalogue.Has(i18n.From(d.ctx).Language, key) {
			b.Failure = i18n.T(d.ctx, key)
		}
		if m.Class != models.ClassNotice {
			b.Remedy = i18n.T(d.ctx, "conversations.remedy."+string(remedy))
		}
		if d.q.acts && notify.Repeatable(m) {
			b.RetryURL = path + "/retry"
		}
		if d.q.acts && remedy == notify.RemedyTemplate {
			b.Window = path + "/template"
		}
	}
	d.add(b.At, conversations.Line{Bubble: &b})
}

func (d *dayBook) event(e models.ConversationEvent) {
	who := func(id *models.ID) string {
		if id != nil && d.names[*id] != "" {
			return d.names[*id]
		}
		return i18n.T(d.ctx, "console.actor.staff")
	}
	key := "conversations.event." + string(e.Kind)
	if e.Kind == models.ConversationTakenOver && e.FromStaffID != nil {
		key += "_from"
	}
	line := conversations.Event{ID: e.ID.String(), Kind: e.Kind, At: e.At.In(d.q.zone), Text: i18n.T(d.ctx, key, "Name", who(e.StaffID), "From", who(e.FromStaffID))}
	d.add(line.At, conversations.Line{Event: &line})
}

func (d *dayBook) note(n models.ConversationNote) conversations.Note {
	line := conversations.Note{ID: n.ID.String(), Body: n.Body, By: d.names[n.StaffID], At: n.CreatedAt.In(d.q.zone)}
	d.add(line.At, conversations.Line{Note: &line})
	return line
}
