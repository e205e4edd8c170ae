package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/cases"
	"frontdesk/views/conversations"
	"frontdesk/views/diary"
)

// caseFacts adds to rows what a person who takes a case over needs to know: how long it waits and may, what
// was said, the visit it is about, who was told.
func (s *Server) caseFacts(ctx context.Context, q inboxQuery, rows []cases.Row) error {
	ids := make([]models.ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	told, err := s.Post.ToldOfCases(ctx, ids)
	if err != nil {
		return err
	}
	visits, err := s.visitsOfCases(ctx, q, rows)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		r.Timers = timersOf(ctx, q.watch, r.Case.Case)
		if r.Lines, err = linesOf(q.zone, r.LastMessages); err != nil {
			slog.WarnContext(ctx, "a case is shown without what was said", "case", r.ID, "err", err)
		}
		if r.AppointmentID != nil {
			r.Visit = visits[*r.AppointmentID]
		}
		for _, t := range told {
			if t.CaseID == r.ID {
				r.Told = append(r.Told, cases.Told{Who: t.Who, Channel: string(t.Channel), Status: string(t.Status), At: t.At.In(q.zone)})
			}
		}
	}
	return nil
}

// timersOf are the clocks of a case, in words.
func timersOf(ctx context.Context, w handoff.Watch, k models.Case) cases.Timers {
	t := cases.Timers{
		Open:     conversations.Waited(ctx, max(0, w.Now.Sub(k.OpenedAt))),
		Waited:   conversations.Waited(ctx, w.Waited(k.OpenedAt, w.Now)),
		Promised: conversations.Waited(ctx, w.Promised(k.Reason)),
		Breached: w.PaceOf(k) == handoff.PaceLate,
	}
	if k.AnsweredAt != nil {
		t.Answered = conversations.Waited(ctx, w.Waited(k.OpenedAt, *k.AnsweredAt))
		t.Breached = !w.Kept(k)
	}
	return t
}

// linesOf are the messages that a case quotes.
func linesOf(zone *time.Location, quoted json.RawMessage) ([]cases.Line, error) {
	var lines []handoff.Line
	if err := json.Unmarshal(quoted, &lines); err != nil {
		return nil, errors.New("its messages are no list of lines") // what is there instead may be a customer's words
	}
	out := make([]cases.Line, len(lines))
	for i, l := range lines {
		out[i] = cases.Line{At: l.At.In(zone), From: from(l.From), Text: l.Text}
	}
	return out, nil
}

// from is who said a message, as the text cases.message.<from> names them.
func from(class models.MessageClass) string {
	switch class {
	case models.ClassInbound:
		return "customer"
	case models.ClassStaff:
		return "person"
	default:
		return "assistant"
	}
}

// visitsOfCases are the visits that cases are about, by id; none for readers who may not see visits.
func (s *Server) visitsOfCases(ctx context.Context, q inboxQuery, rows []cases.Row) (map[models.ID]*diary.Card, error) {
	if _, may := s.Staff.Can(q.visitor.Role, staff.Diary, staff.ToRead); !may {
		return nil, nil
	}
	var ids []models.ID
	for _, r := range rows {
		if r.AppointmentID != nil {
			ids = append(ids, *r.AppointmentID)
		}
	}
	visits, err := s.Diary.VisitsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	cards := make(map[models.ID]*diary.Card, len(visits))
	for id, v := range visits {
		there := q.diaryQuery
		there.day, there.visitID = midnight(v.StartsAt.In(q.zone)), ""
		card := there.card(i18n.From(ctx).Language, v)
		cards[id] = &card
	}
	return cards, nil
}
