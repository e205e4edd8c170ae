package handlers

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// place is where a visit may go: whose time, from when.
type place struct {
	stylist models.Stylist
	at      time.Time
}

func moveReasons() []string {
	return []string{"customer_asked", "stylist_away", "salon_needs", "mistake", "other"}
}

// askMove shows free times near the visit; with a day, a time and a stylist in the address, as dragging
// a visit leaves them, it asks at once whether to move there.
func (s *Server) askMove(c *fiber.Ctx) error {
	q, v, err := s.readVisit(c)
	if err != nil {
		return err
	}
	f := s.form(c, "diary.field")
	to, given := q.placeInAddress(c, v)
	if !given {
		return s.showTimes(c, f, q, v, q.placeOf(v), "")
	}
	return s.checkMove(c, f, q, v, to)
}

// move has two posts at one address: the choice of a time, which changes nothing and leads to the
// question, and the answer to it.
func (s *Server) move(c *fiber.Ctx) error {
	q, v, err := s.readVisit(c)
	if err != nil {
		return err
	}
	f := s.form(c, "diary.field")
	choosing := f.OptionalChoice("step", "choose", "move") == "choose"
	version := f.version()
	to := q.readPlace(f, v)
	if choosing {
		if !f.Valid() {
			return s.showTimes(c, f, q, v, q.placeOf(v), "")
		}
		return s.checkMove(c, f, q, v, to)
	}
	reason := f.why(moveReasons(), false)
	if !f.Valid() {
		return s.showMove(c, f, q, v, to)
	}
	after, err := s.Diary.Move(c.UserContext(), booking.MoveRequest{
		Act:       booking.Act{ID: v.ID, Version: version, Actor: q.visitor.Actor(), Own: ownOf(q.visitor), Reason: reason},
		StylistID: to.stylist.ID, StartsAt: to.at,
	})
	if err != nil {
		return s.refuseMove(c, f, q, v, to, err)
	}
	return s.acted(c, q.moved(v, after))
}

// moved is what follows a move; going back is a move of its own, which the customer is told as well.
func (q diaryQuery) moved(was booking.Visit, after models.Appointment) acted {
	from := q.placeOf(was)
	return acted{
		To: q.at(after), Toast: "diary.move.done", Facts: []any{"Time", i18n.Clock(after.StartsAt.In(q.zone))}, Result: visitResult(after),
		Undo: &undo{URL: visitURL(after.ID, "move"), Fields: map[string]string{
			"version": strconv.FormatInt(after.Version, 10), "reason": "mistake", "stylist": from.stylist.Code,
			"day": from.at.Format(time.DateOnly), "time": i18n.Clock(from.at),
		}},
	}
}

// checkMove asks whether to move there, unless something stands in the way: then it says what, and what is
// free near.
func (s *Server) checkMove(c *fiber.Ctx, f *form, q diaryQuery, v booking.Visit, to place) error {
	conflict, err := s.conflict(c.UserContext(), q, q.wantedOf(v, to), &v.ID)
	if err != nil {
		return err
	}
	if conflict != "" {
		return s.showTimes(c, f, q, v, to, conflict)
	}
	return s.showMove(c, f, q, v, to)
}

// refuseMove says in plain words why a visit cannot go there: with choices when it is the time.
func (s *Server) refuseMove(c *fiber.Ctx, f *form, q diaryQuery, v booking.Visit, to place, cause error) error {
	if !f.Refused(cause) {
		return cause
	}
	now, err := s.Diary.Visit(c.UserContext(), v.ID)
	if err != nil {
		return err
	}
	if way, known := booking.Obstacles(cause); known {
		return s.showTimes(c, f, q, now, to, q.inTheWay(c.UserContext(), way))
	}
	return s.showMove(c, f, q, now, to)
}

func (s *Server) showMove(c *fiber.Ctx, f *form, q diaryQuery, v booking.Visit, to place) error {
	ctx := c.UserContext()
	sheet, err := s.moveSheet(ctx, q, v, to)
	if err != nil {
		return err
	}
	sheet.Act = ui.Act{
		Title: i18n.T(ctx, "diary.move.title"), Submit: i18n.T(ctx, "diary.move.submit"), Cancel: back(c, q.url(nil)), Form: f.Shown(),
	}
	if !movable(v.Appointment, q.now) {
		sheet.Act.Blocked = i18n.T(ctx, "diary.blocked.state", "State", ui.Word(ctx, "console.status", string(v.Status)))
	}
	return s.formPage(c, diaryScreen("diary.move.title"), f, diary.ActSheet(sheet))
}

// moveSheet says what moving means: from where to where, and what the customer reads.
func (s *Server) moveSheet(ctx context.Context, q diaryQuery, v booking.Visit, to place) (diary.Sheet, error) {
	moved := v
	moved.StylistID, moved.StartsAt, moved.EndsAt = to.stylist.ID, to.at, to.at.Add(v.EndsAt.Sub(v.StartsAt))
	sheet := diary.Sheet{
		Subject: q.subject(ctx, v), Before: q.subject(ctx, v), After: q.subject(ctx, moved), Version: strconv.FormatInt(v.Version, 10), Reasons: reasonOptions(ctx, moveReasons()),
		Kept: map[string]string{
			"step": "move", "day": to.at.In(q.zone).Format(time.DateOnly), "time": i18n.Clock(to.at.In(q.zone)), "stylist": to.stylist.Code,
		},
	}
	sheet.Subject.When = ""
	soon, err := s.Diary.TooSoon(ctx, to.at)
	if err != nil {
		return sheet, err
	}
	if soon {
		sheet.Notes = append(sheet.Notes, i18n.T(ctx, "diary.note.soon"))
	}
	if to.stylist.ID != v.StylistID {
		sheet.Notes = append(sheet.Notes, i18n.T(ctx, "diary.note.both_told"))
	}
	sheet.Messages, err = s.movedMessages(ctx, v, moved)
	return sheet, err
}

// placeOf is where a visit stands.
func (q diaryQuery) placeOf(v booking.Visit) place {
	st, _ := q.menu.Stylist(v.StylistID)
	if st.ID != v.StylistID { // no longer with the salon
		st = models.Stylist{ID: v.StylistID}
	}
	return place{st, v.StartsAt.In(q.zone)}
}

// placeInAddress is where dragging left a visit; what is not said stays as it is. Whoever keeps to their
// own diary cannot name another's.
func (q diaryQuery) placeInAddress(c *fiber.Ctx, v booking.Visit) (place, bool) {
	day, err := time.ParseInLocation(time.DateOnly, c.Query("day"), q.zone)
	minute, clockErr := time.Parse("15:04", c.Query("time"))
	if err != nil || clockErr != nil {
		return place{}, false
	}
	to := place{q.placeOf(v).stylist, wallTime(day, minuteOf(minute))}
	if st, ok := q.stylistByCode(c.Query("stylist")); ok {
		to.stylist = st
	}
	return to, true
}

// readPlace is the time that was chosen from the list, or typed.
func (q diaryQuery) readPlace(f *form, v booking.Visit) place {
	to := q.placeOf(v)
	if pick := f.OptionalText("pick", 60); pick != "" {
		f.OptionalText("day", 40)
		f.OptionalText("time", 10)
		f.OptionalText("stylist", 40)
		return q.picked(f, pick, to)
	}
	day, minute := f.Date("day", q.zone), f.Clock("time")
	if code := f.OptionalText("stylist", 40); code != "" {
		st, ok := q.stylistByCode(code)
		if !ok {
			f.Wrong("stylist", "console.form.choice")
		}
		to.stylist = st
	}
	if !day.IsZero() {
		to.at = wallTime(day, minute)
	}
	return to
}

// picked reads the value of a free time's button.
func (q diaryQuery) picked(f *form, pick string, to place) place {
	when, code, _ := strings.Cut(pick, "/")
	st, known := q.stylistByCode(code)
	at, err := time.ParseInLocation(pickLayout, when, q.zone)
	if !known || err != nil {
		f.Wrong("", "console.form.choice")
		return to
	}
	return place{st, at}
}

// stylistByCode finds a stylist in whose diary the visitor may write.
func (q diaryQuery) stylistByCode(code string) (models.Stylist, bool) {
	for _, st := range q.columns() {
		if st.Code == code {
			return st, true
		}
	}
	return models.Stylist{}, false
}

// columns are the stylists in whose diaries the visitor may write.
func (q diaryQuery) columns() []models.Stylist {
	own := ownOf(q.visitor)
	if own == nil {
		return q.menu.Stylists
	}
	if st, ok := q.menu.Stylist(*own); ok {
		return []models.Stylist{st}
	}
	return nil
}

func wallTime(day time.Time, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, day.Location())
}
