package handlers

import (
	"context"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// sheet is an act about to be done on a visit: who asks, which visit, and the form.
type sheet struct {
	*form
	act      visitAct
	q        diaryQuery
	visit    booking.Visit
	outcomes []string // the choices there are, for the reading of the form
	outcome  string
	promised *int64 // what goes back by the terms, as the form that was posted said; nil: it said nothing
	view     diary.Sheet
}

// readVisit finds the visit of the address. Somebody else's looks like one that does not exist to
// whoever keeps to their own.
func (s *Server) readVisit(c *fiber.Ctx) (diaryQuery, booking.Visit, error) {
	q, err := s.askDiary(c)
	if err != nil {
		return q, booking.Visit{}, err
	}
	id, err := idOf(c)
	if err != nil {
		return q, booking.Visit{}, err
	}
	v, err := s.Diary.Visit(c.UserContext(), id)
	if err != nil {
		return q, booking.Visit{}, err
	}
	if booking.MayAct(ownOf(q.visitor), v.Appointment) != nil {
		return q, booking.Visit{}, fault.NotFound("booking.not_found")
	}
	q.day, q.visitID = midnight(v.StartsAt.In(q.zone)), v.ID.String()
	return q, v, nil
}

// idOf is the id in the address.
func idOf(c *fiber.Ctx) (id models.ID, err error) {
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return id, fault.NotFound("error.not_found")
	}
	return id, nil
}

func (s *Server) openSheet(c *fiber.Ctx, a visitAct) (*sheet, error) {
	q, v, err := s.readVisit(c)
	if err != nil {
		return nil, err
	}
	o := &sheet{form: s.form(c, "diary.field"), act: a, q: q, visit: v}
	return o, a.prepare(s, c.UserContext(), o)
}

func (s *Server) askVisitAct(a visitAct) fiber.Handler {
	return func(c *fiber.Ctx) error {
		o, err := s.openSheet(c, a)
		if err != nil {
			return err
		}
		return s.showSheet(c, o)
	}
}

func (s *Server) doVisitAct(a visitAct) fiber.Handler {
	return func(c *fiber.Ctx) error {
		o, err := s.openSheet(c, a)
		if err != nil {
			return err
		}
		act := o.read()
		if !o.Valid() {
			return s.showSheet(c, o)
		}
		after, err := a.do(s, c.UserContext(), o, act)
		if err != nil {
			return s.refuseSheet(c, o, err)
		}
		return s.acted(c, o.done(after))
	}
}

// read reads the parts that all acts share.
func (o *sheet) read() booking.Act {
	act := booking.Act{ID: o.visit.ID, Version: o.version(), Actor: o.q.visitor.Actor(), Own: ownOf(o.q.visitor)}
	if len(o.outcomes) > 0 {
		o.outcome = o.OptionalChoice("outcome", o.outcomes...)
	}
	if len(o.act.reasons) > 0 {
		act.Reason = o.why(o.act.reasons, o.act.reason)
	}
	return act
}

// version is the visit's as the person saw it.
func (f *form) version() int64 { return int64(f.Number("version", 1, 1<<30)) }

// why is the reason in one line: the word that was chosen and what was written to it.
func (f *form) why(words []string, must bool) string {
	word, note := f.OptionalChoice("reason", words...), f.OptionalText("note", 200)
	switch {
	case !f.posted:
	case word == "" && note == "" && must:
		f.Wrong("reason", "console.form.choose")
	case word == "other" && note == "":
		f.Wrong("note", "diary.reason.say")
	}
	var parts []string
	if word != "" && word != "other" {
		parts = append(parts, i18n.T(f.ctx, "diary.reason."+word))
	}
	if note != "" {
		parts = append(parts, note)
	}
	return strings.Join(parts, ": ")
}

func reasonOptions(ctx context.Context, words []string) []ui.Option {
	out := make([]ui.Option, len(words))
	for i, word := range words {
		out[i] = ui.Option{Value: word, Label: i18n.T(ctx, "diary.reason."+word)}
	}
	return out
}

// refuseSheet draws the form again with what the rule said. When the visit has changed meanwhile, it is
// shown as it stands now: the next press is about that.
func (s *Server) refuseSheet(c *fiber.Ctx, o *sheet, cause error) error {
	if !o.Refused(cause) {
		return cause
	}
	v, err := s.Diary.Visit(c.UserContext(), o.visit.ID)
	if err != nil {
		return err
	}
	o.visit, o.view = v, diary.Sheet{}
	if err := o.act.prepare(s, c.UserContext(), o); err != nil {
		return err
	}
	return s.showSheet(c, o)
}

func (s *Server) showSheet(c *fiber.Ctx, o *sheet) error {
	ctx := c.UserContext()
	key := "diary." + o.act.name
	o.view.Subject, o.view.Version = o.q.subject(ctx, o.visit), strconv.FormatInt(o.visit.Version, 10)
	o.view.Reasons, o.view.ReasonGiven = reasonOptions(ctx, o.act.reasons), o.act.reason
	o.view.Act = ui.Act{
		Title: i18n.T(ctx, key+".title"), Lead: i18n.T(ctx, key+".lead"), Submit: i18n.T(ctx, key+".submit"), Tone: o.act.tone,
		Cancel: back(c, o.q.url(nil)), Blocked: o.act.blocked(ctx, o.q, o.visit.Appointment), Form: o.Shown(),
	}
	if o.view.Act.Blocked != "" { // then nothing is asked and nothing will happen
		o.view.Reasons, o.view.Messages, o.view.Notes, o.view.Outcomes = nil, nil, nil, diary.Outcomes{}
	}
	return s.formPage(c, diaryScreen(key+".title"), o.form, diary.ActSheet(o.view))
}

func diaryScreen(title string) screen { return screen{title: title, room: staff.Diary} }

// done is what follows an act: the visit's page, a toast, and what takes the act back.
func (o *sheet) done(after models.Appointment) acted {
	out := acted{
		To: o.q.at(after), Toast: "diary." + o.act.name + ".done",
		Facts: []any{"Time", i18n.Clock(after.StartsAt.In(o.q.zone))}, Result: visitResult(after),
	}
	if o.act.undo != "" && after.DepositState != models.DepositRefundPending {
		out.Undo = &undo{URL: visitURL(after.ID, o.act.undo), Fields: map[string]string{"version": strconv.FormatInt(after.Version, 10)}}
	}
	return out
}

// at is the diary on a visit's day with the visit open.
func (q diaryQuery) at(a models.Appointment) string {
	return q.url(func(q *diaryQuery) {
		q.day, q.visitID = midnight(a.StartsAt.In(q.zone)), a.ID.String()
	})
}

// visitResult is a visit for a program: no person in it.
func visitResult(a models.Appointment) fiber.Map {
	return fiber.Map{
		"id": a.ID, "status": a.Status, "deposit": a.DepositState, "stylist": a.StylistID, "startsAt": a.StartsAt, "endsAt": a.EndsAt, "version": a.Version,
	}
}

// subject is a visit in the lines that stand above an act.
func (q diaryQuery) subject(ctx context.Context, v booking.Visit) diary.Subject {
	card := q.card(i18n.From(ctx).Language, v)
	return diary.Subject{
		Who: card.Who, What: strings.Join(card.What, " · "), With: card.Stylist.Name,
		When: ui.Moment(ctx, card.Start) + "–" + i18n.Clock(card.End),
	}
}
