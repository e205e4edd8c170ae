package handlers

import (
	"context"
	"math"
	"slices"
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
	if q.names, err = s.holders(ctx, []thread.Row{row}); err != nil {
		return nil, err
	}
	t := &conversations.Thread{Row: s.inboxRow(q, row, cases), URL: conversationURL(q), CSRF: q.visitor.Session.CSRF}
	if t.Context, err = s.threadContext(ctx, q, row); err != nil {
		return nil, err
	}
	t.Keep = s.keeper(q, row.Conversation, t.Context.Cases)
	before, err := strconv.ParseInt(c.Query("seq"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	if err := s.transcript(ctx, q, row.Conversation.ID, before, t); err != nil {
		return nil, err
	}
	if q.acts && before == 0 {
		if t.Composer, err = s.composer(c, q, row.Conversation, t.Keep, nil); err != nil {
			return nil, err
		}
	}
	return t, s.Desk.Read(ctx, q.visitor.Actor(), row.Conversation.ID)
}

// transcript is a page of what was said and what happened, before a place of the order (0: the newest).
func (s *Server) transcript(ctx context.Context, q inboxQuery, id models.ID, before int64, t *conversations.Thread) error {
	messages, err := s.Thread.Transcript(ctx, id, before, threadPage)
	if err != nil {
		return err
	}
	from := int64(0)
	if len(messages) == threadPage {
		from = messages[0].Seq
		t.OlderURL = link(t.URL, "filter", q.filter, "seq", strconv.FormatInt(from, 10))
	}
	record, err := s.Desk.Record(ctx, id, from, before)
	if err != nil {
		return err
	}
	notes, err := s.Desk.Notes(ctx, id)
	if err != nil {
		return err
	}
	d := dayBook{ctx: ctx, q: q}
	if d.names, err = s.Staff.Names(ctx, writers(messages, record, notes)); err != nil {
		return err
	}
	for _, n := range notes {
		t.Context.Notes = append(t.Context.Notes, d.shownNote(n))
	}
	t.Days = d.written(messages, record)
	return nil
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

// written puts messages, notes and events into one order and groups them by the salon's days.
func (d *dayBook) written(messages []models.Message, record handoff.Record) []conversations.Day {
	for len(messages)+len(record.Events)+len(record.Notes) > 0 {
		switch m, e, n := next(messages), nextEvent(record.Events), nextNote(record.Notes); {
		case m < e && m < n:
			d.message(messages[0])
			messages = messages[1:]
		case e < n:
			d.event(record.Events[0])
			record.Events = record.Events[1:]
		default:
			note := d.shownNote(record.Notes[0])
			d.add(note.At, conversations.Line{Note: &note})
			record.Notes = record.Notes[1:]
		}
	}
	return d.days
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
func writers(messages []models.Message, record handoff.Record, notes []models.ConversationNote) (ids []models.ID) {
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
	for _, n := range slices.Concat(record.Notes, notes) {
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

func (d *dayBook) shownNote(n models.ConversationNote) conversations.Note {
	return conversations.Note{ID: n.ID.String(), Body: n.Body, By: d.names[n.StaffID], At: n.CreatedAt.In(d.q.zone)}
}
