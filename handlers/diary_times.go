package handlers

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

const (
	pickLayout  = "2006-01-02T15:04" // of a free time's button; "/" and the stylist's code follow
	laterDays   = 14                 // how far ahead free times are offered beside those of the day asked for
	timesOnPage = 3                  // a day: the nearest, not a calendar
)

// wanted is a visit that looks for a time.
type wanted struct {
	minutes      int
	category     models.Category
	conversation *models.ID
	near         place          // where it stands or was to go; no stylist: anyone
	except       []booking.Slot // where it stands now is no other time
}

func (q diaryQuery) wantedOf(v booking.Visit, near place) wanted {
	w := wanted{minutes: int(v.EndsAt.Sub(v.StartsAt).Minutes()), conversation: v.ConversationID, near: near}
	w.except = []booking.Slot{{StylistID: v.StylistID, Span: v.Span()}}
	if len(v.Services) > 0 {
		w.category = v.Services[0].Category
	}
	return w
}

// showTimes offers the free times nearest to where the visit stands or was to go, and says what is in
// the way there.
func (s *Server) showTimes(c *fiber.Ctx, f *form, q diaryQuery, v booking.Visit, near place, conflict string) error {
	ctx := c.UserContext()
	page, err := s.times(ctx, q, q.wantedOf(v, near))
	if err != nil {
		return err
	}
	f.Fill("day", near.at.In(q.zone).Format(time.DateOnly))
	f.Fill("time", i18n.Clock(near.at.In(q.zone)))
	f.Fill("stylist", near.stylist.Code)
	page.Subject, page.Conflict = q.subject(ctx, v), conflict
	page.Kept = map[string]string{"step": "choose", "version": strconv.FormatInt(v.Version, 10)}
	page.Act = ui.Act{
		Title: i18n.T(ctx, "diary.move.title"), Lead: i18n.T(ctx, "diary.times.lead"), Submit: i18n.T(ctx, "diary.times.submit"),
		Cancel: back(c, q.url(nil)), Form: f.Shown(),
	}
	return s.formPage(c, diaryScreen("diary.move.title"), f, diary.TimesPage(page))
}

// times finds what is free on the day, and the first of the days after.
func (s *Server) times(ctx context.Context, q diaryQuery, w wanted) (diary.Times, error) {
	day := midnight(w.near.at.In(q.zone))
	if today := midnight(q.now); day.Before(today) {
		day = today
	}
	page := diary.Times{
		Heading: i18n.T(ctx, "diary.times.heading"), None: i18n.T(ctx, "diary.times.none"), Least: q.now.Format(time.DateOnly),
	}
	for _, st := range q.columns() {
		if st.Does(w.category) {
			page.Stylists = append(page.Stylists, ui.Option{Value: st.Code, Label: st.Names.In(i18n.From(ctx).Language)})
		}
	}
	tomorrow := day.AddDate(0, 0, 1)
	sameDay, later := q.slotQuery(w, day, tomorrow), q.slotQuery(w, tomorrow, tomorrow.AddDate(0, 0, laterDays))
	queries := []booking.SlotQuery{sameDay, later}
	if sameDay.PreferID != nil && sameDay.StylistID == nil { // their own stylist first, then the others
		theirs := sameDay
		theirs.StylistID, sameDay.Without = sameDay.PreferID, []models.ID{*sameDay.PreferID}
		queries = []booking.SlotQuery{theirs, sameDay, later}
	}
	var slots []booking.Slot
	for _, query := range queries {
		found, err := s.Diary.FindSlots(ctx, query)
		if err != nil {
			return page, err
		}
		slots = append(slots, found.Slots...)
	}
	page.Groups = q.groups(ctx, slots)
	return page, nil
}

func (q diaryQuery) slotQuery(w wanted, from, to time.Time) booking.SlotQuery {
	minute := minuteOf(w.near.at.In(q.zone))
	sq := booking.SlotQuery{
		Minutes: w.minutes, Category: w.category, From: from, To: to, At: &minute, ConversationID: w.conversation, Offer: timesOnPage,
		StylistID: ownOf(q.visitor), Except: w.except,
	}
	if w.near.stylist.Code != "" {
		sq.PreferID = &w.near.stylist.ID
	}
	return sq
}

// groups puts free times under their days.
func (q diaryQuery) groups(ctx context.Context, slots []booking.Slot) []diary.TimeGroup {
	slices.SortStableFunc(slots, func(a, b booking.Slot) int { return a.Span.Start.Compare(b.Span.Start) })
	lang := i18n.From(ctx).Language
	var out []diary.TimeGroup
	for _, slot := range slots {
		st, _ := q.menu.Stylist(slot.StylistID)
		at := slot.Span.Start.In(q.zone)
		if day := i18n.Day(lang, at); len(out) == 0 || out[len(out)-1].Day != day {
			out = append(out, diary.TimeGroup{Day: day})
		}
		g := &out[len(out)-1]
		g.Times = append(g.Times, diary.FreeTime{
			Value: at.Format(pickLayout) + "/" + st.Code, Clock: i18n.Clock(at), With: st.Names.In(lang), Tint: q.tint(st.ID),
		})
	}
	return out
}

// conflict says why a visit could not go where it is wanted; empty when it could, as far as a look tells.
func (s *Server) conflict(ctx context.Context, q diaryQuery, w wanted, except *models.ID) (string, error) {
	if !w.near.stylist.Does(w.category) {
		return i18n.T(ctx, "booking.wrong_stylist"), nil
	}
	span := models.Span{Start: w.near.at, End: w.near.at.Add(time.Duration(w.minutes) * time.Minute)}
	err := s.Diary.Fits(ctx, w.near.stylist.ID, span, except)
	if err == nil {
		return "", nil
	}
	if way, known := booking.Obstacles(err); known {
		return q.inTheWay(ctx, way), nil
	}
	var f *fault.Fault
	if errors.As(err, &f) && f.Kind == fault.KindConflict {
		return i18n.T(ctx, f.Key), nil
	}
	return "", err
}

// inTheWay says who or what stands where a visit was to go: "Dana already has a visit 12:30–13:30."
func (q diaryQuery) inTheWay(ctx context.Context, way booking.InTheWay) string {
	lang := i18n.From(ctx).Language
	name := func(id *models.ID) string {
		if id != nil {
			if st, ok := q.menu.Stylist(*id); ok {
				return st.Names.In(lang)
			}
		}
		return i18n.T(ctx, "diary.the_salon")
	}
	var lines []string
	for _, v := range way.Visits {
		key := "diary.conflict.visit"
		if v.Status == models.Provisional {
			key = "diary.conflict.hold"
		}
		lines = append(lines, i18n.T(ctx, key, "Stylist", name(&v.StylistID), "From", i18n.Clock(v.StartsAt.In(q.zone)), "To", i18n.Clock(v.EndsAt.In(q.zone))))
	}
	for _, b := range way.Blocks {
		lines = append(lines, i18n.T(ctx, "diary.conflict.block", "Stylist", name(b.StylistID),
			"From", i18n.Clock(b.StartsAt.In(q.zone)), "To", i18n.Clock(b.EndsAt.In(q.zone)), "Why", i18n.T(ctx, "console.block."+string(b.Kind))))
	}
	if len(lines) == 0 {
		return i18n.T(ctx, "diary.conflict.taken")
	}
	return strings.Join(lines, " ")
}
