package handlers

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// wholeSalon is the choice of the whole salon where else a stylist is named.
const wholeSalon = "salon"

func blockKinds(salon bool) []string {
	if salon {
		return []string{string(models.BlockClosed), string(models.BlockHoliday), string(models.BlockVacation)}
	}
	return []string{string(models.BlockBusy), string(models.BlockBreak), string(models.BlockDayOff)}
}

// askBlock is the form that closes time, with what the board was tapped at filled in.
func (s *Server) askBlock(c *fiber.Ctx) error {
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	f := s.form(c, "diary.field")
	f.Fill("day", q.day.Format(time.DateOnly))
	f.Fill("from", orDefault(c.Query("time"), "12:00"))
	f.Fill("to", orDefault(c.Query("to"), "13:00"))
	f.Fill("kind", string(models.BlockBusy))
	if len(q.columns()) == 1 {
		f.Fill("stylist", q.columns()[0].Code)
	} else if q.stylist != nil {
		f.Fill("stylist", q.stylist.Code)
	}
	return s.showBlock(c, f, q, nil)
}

func orDefault(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func (s *Server) block(c *fiber.Ctx) error {
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	f := s.form(c, "diary.field")
	r := q.readBlock(f)
	if !f.Valid() {
		return s.showBlock(c, f, q, nil)
	}
	made, err := s.Diary.Block(c.UserContext(), r)
	if err != nil {
		way, known := booking.Obstacles(err)
		if !f.Refused(err) {
			return err
		}
		if !known {
			return s.showBlock(c, f, q, nil)
		}
		return s.showBlock(c, f, q, way.Visits)
	}
	q.day = midnight(made.StartsAt.In(q.zone))
	return s.acted(c, acted{
		To: q.url(nil), Toast: "diary.block.done",
		Facts:  []any{"From", i18n.Clock(made.StartsAt.In(q.zone)), "To", i18n.Clock(made.EndsAt.In(q.zone))},
		Undo:   &undo{URL: unblockURL(made.ID)},
		Result: fiber.Map{"id": made.ID, "startsAt": made.StartsAt, "endsAt": made.EndsAt, "kind": made.Kind, "stylist": made.StylistID},
	})
}

func unblockURL(id models.ID) string { return "/console/diary/blocks/" + id.String() + "/open" }

// readBlock reads what to close. The whole salon has kinds of its own, and only those who act for all of
// it may close it.
func (q diaryQuery) readBlock(f *form) booking.BlockRequest {
	r := booking.BlockRequest{Actor: q.visitor.Actor(), Own: ownOf(q.visitor)}
	code := f.Text("stylist", 40)
	salon := code == wholeSalon && r.Own == nil
	if st, ok := q.stylistByCode(code); ok {
		r.StylistID = &st.ID
	} else if code != "" && !salon {
		f.Wrong("stylist", "console.form.choice")
	}
	r.Kind = models.BlockKind(f.Choice("kind", append(blockKinds(false), blockKinds(true)...)...))
	day, from, to := f.Date("day", q.zone), f.Clock("from"), f.Clock("to")
	r.Note, r.KeepVisits = f.OptionalText("note", 120), f.Checked("keep")
	switch {
	case !f.posted || day.IsZero():
		return r
	case to <= from:
		f.Wrong("to", "diary.block.order")
	case salon != kindOfSalon(r.Kind) && r.Kind != "":
		f.Wrong("kind", "diary.block.kind_of_"+map[bool]string{true: "salon", false: "stylist"}[salon])
	}
	r.Span = models.Span{Start: wallTime(day, from), End: wallTime(day, to)}
	return r
}

func kindOfSalon(k models.BlockKind) bool {
	return k == models.BlockClosed || k == models.BlockHoliday || k == models.BlockVacation
}

func (s *Server) showBlock(c *fiber.Ctx, f *form, q diaryQuery, way []booking.Visit) error {
	ctx := c.UserContext()
	lang := i18n.From(ctx).Language
	b := diary.Block{Least: q.now.Format(time.DateOnly), Notes: []string{i18n.T(ctx, "diary.block.note_who")}}
	for _, st := range q.columns() {
		b.Stylists = append(b.Stylists, ui.Option{Value: st.Code, Label: st.Names.In(lang)})
	}
	kinds := blockKinds(false)
	if ownOf(q.visitor) == nil {
		b.Stylists = append(b.Stylists, ui.Option{Value: wholeSalon, Label: i18n.T(ctx, "diary.the_salon")})
		kinds = append(kinds, blockKinds(true)...)
	}
	for _, k := range kinds {
		b.Kinds = append(b.Kinds, ui.Option{Value: k, Label: i18n.T(ctx, "console.block."+k)})
	}
	for _, v := range way {
		card := q.card(lang, v)
		if movable(v.Appointment, q.now) {
			card.MoveURL = visitURL(v.ID, "move")
		}
		b.InTheWay = append(b.InTheWay, card)
	}
	b.Act = ui.Act{
		Title: i18n.T(ctx, "diary.block.title"), Lead: i18n.T(ctx, "diary.block.lead"), Submit: i18n.T(ctx, "diary.block.submit"),
		Cancel: back(c, q.url(nil)), Form: f.Shown(),
	}
	return s.formPage(c, diaryScreen("diary.block.title"), f, diary.BlockSheet(b))
}

// readTimeBlock finds the closed time of the address among those the visitor may open again.
func (s *Server) readTimeBlock(c *fiber.Ctx, q diaryQuery) (models.TimeBlock, error) {
	id, err := idOf(c)
	if err != nil {
		return models.TimeBlock{}, err
	}
	b, err := s.Diary.TimeBlock(c.UserContext(), id)
	if err != nil {
		return b, err
	}
	if own := ownOf(q.visitor); own != nil && (b.StylistID == nil || *b.StylistID != *own) {
		return b, fault.NotFound("booking.no_block")
	}
	return b, nil
}

func (s *Server) askUnblock(c *fiber.Ctx) error {
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	b, err := s.readTimeBlock(c, q)
	if err != nil {
		return err
	}
	return s.showUnblock(c, s.form(c, "diary.field"), q, b)
}

func (s *Server) unblock(c *fiber.Ctx) error {
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	b, err := s.readTimeBlock(c, q)
	if err != nil {
		return err
	}
	f := s.form(c, "diary.field")
	if !f.Valid() {
		return s.showUnblock(c, f, q, b)
	}
	if _, err := s.Diary.Unblock(c.UserContext(), booking.UnblockRequest{ID: b.ID, Actor: q.visitor.Actor(), Own: ownOf(q.visitor)}); err != nil {
		if !f.Refused(err) {
			return err
		}
		return s.showUnblock(c, f, q, b)
	}
	q.day = midnight(b.StartsAt.In(q.zone))
	return s.acted(c, acted{To: q.url(nil), Toast: "diary.unblock.done", Undo: q.blockAgain(b), Result: fiber.Map{"id": b.ID}})
}

// blockAgain closes the time as it was; nil when the form could not have made it: it spans days, or is
// the salon's own text.
func (q diaryQuery) blockAgain(b models.TimeBlock) *undo {
	from, to := b.StartsAt.In(q.zone), b.EndsAt.In(q.zone)
	if !midnight(from).Equal(midnight(to)) || b.StylistID == nil {
		return nil
	}
	st, ok := q.menu.Stylist(*b.StylistID)
	if !ok {
		return nil
	}
	return &undo{URL: "/console/diary/block", Fields: map[string]string{
		"stylist": st.Code, "day": from.Format(time.DateOnly), "from": i18n.Clock(from), "to": i18n.Clock(to), "kind": string(b.Kind), "keep": "yes",
	}}
}

func (s *Server) showUnblock(c *fiber.Ctx, f *form, q diaryQuery, b models.TimeBlock) error {
	ctx := c.UserContext()
	q.day = midnight(b.StartsAt.In(q.zone))
	sheet := diary.Sheet{Subject: q.blockSubject(ctx, b), Notes: []string{i18n.T(ctx, "diary.unblock.note")}}
	sheet.Act = ui.Act{
		Title: i18n.T(ctx, "diary.unblock.title"), Submit: i18n.T(ctx, "diary.unblock.submit"), Cancel: back(c, q.url(nil)), Form: f.Shown(),
	}
	return s.formPage(c, diaryScreen("diary.unblock.title"), f, diary.ActSheet(sheet))
}

func (q diaryQuery) blockSubject(ctx context.Context, b models.TimeBlock) diary.Subject {
	with := i18n.T(ctx, "diary.the_salon")
	if b.StylistID != nil {
		if st, ok := q.menu.Stylist(*b.StylistID); ok {
			with = st.Names.In(i18n.From(ctx).Language)
		}
	}
	from, to := b.StartsAt.In(q.zone), b.EndsAt.In(q.zone)
	until := i18n.Clock(to)
	if !midnight(from).Equal(midnight(to)) {
		until = " " + ui.Moment(ctx, to)
	}
	return diary.Subject{
		Who: i18n.T(ctx, "console.block."+string(b.Kind)), What: b.Note, When: ui.Moment(ctx, from) + "–" + until, With: with,
	}
}
