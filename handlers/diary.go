package handlers

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// diaryQuery is what a page of the diary is asked for. It lives in the URL and nowhere else.
type diaryQuery struct {
	visitor  Visitor
	zone     *time.Location
	now      time.Time // salon time
	day      time.Time // salon midnight
	view     diary.View
	stylist  *models.Stylist
	own      bool
	acts     bool   // the visitor may act in the columns shown
	snap     int    // minutes between the times a dragged visit may take
	status   string // "", "hold" or "confirmed"
	visitID  string
	menu     booking.Menu
	currency string
}

// diary shows a day or a week by stylist, and one visit beside it.
func (s *Server) diary(c *fiber.Ctx) error {
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	page, err := s.diaryPage(c, q)
	if err != nil {
		return err
	}
	return s.page(c, screen{
		title: "console.room.diary", room: staff.Diary, live: []string{redisstore.TopicDiary}, fresh: "console.diary.updated", wide: true,
	}, diary.Content(page))
}

// askDiary reads the URL. What it does not understand is left out: a mistyped filter shows more, never
// an error.
func (s *Server) askDiary(c *fiber.Ctx) (diaryQuery, error) {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return diaryQuery{}, err
	}
	menu, err := s.Diary.Menu(ctx)
	if err != nil {
		return diaryQuery{}, err
	}
	v, _ := VisitorOf(ctx)
	q := diaryQuery{
		visitor: v, zone: policies.Zone(), now: s.Clock.Now().In(policies.Zone()), view: viewOf(c.Query("view")),
		own: v.Scope == staff.Own, acts: s.mayAct(v), snap: snapOf(policies.SlotsGridMinutes), visitID: c.Query("visit"), menu: menu, currency: policies.Currency,
	}
	q.day = midnight(q.now)
	if day, err := time.ParseInLocation(time.DateOnly, c.Query("day"), q.zone); err == nil && day.Year() > 1999 && day.Year() < 2200 {
		q.day = day
	}
	if status := c.Query("status"); slices.Contains([]string{"hold", "confirmed"}, status) {
		q.status = status
	}
	for i, st := range menu.Stylists {
		if q.own && v.Staff.StylistID != nil && st.ID == *v.Staff.StylistID || !q.own && st.Code == c.Query("stylist") {
			q.stylist = &menu.Stylists[i]
		}
	}
	return q, nil
}

func viewOf(name string) diary.View {
	if v := diary.View(name); v == diary.WeekView || v == diary.NextSeven {
		return v
	}
	return diary.DayView
}

// snapOf is a quarter of an hour, or less where the salon's grid is finer. Staff are not bound to the grid
// that customers are offered.
func snapOf(grid int) int { return max(diary.RowMinutes, min(15, grid)) }

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// span is the day or the seven days shown, half-open. Weeks begin on Monday, as the salon's do.
func (q diaryQuery) span() (from, to time.Time) {
	switch q.view {
	case diary.WeekView:
		from = q.day.AddDate(0, 0, -(int(q.day.Weekday())+6)%7)
		return from, from.AddDate(0, 0, 7)
	case diary.NextSeven:
		return q.day, q.day.AddDate(0, 0, 7)
	default:
		return q.day, q.day.AddDate(0, 0, 1)
	}
}

// stylists are the columns: all, the one asked for, or one's own. An account that belongs to no
// stylist owns no diary.
func (q diaryQuery) stylists() []models.Stylist {
	switch {
	case q.stylist != nil:
		return []models.Stylist{*q.stylist}
	case q.own:
		return nil
	default:
		return q.menu.Stylists
	}
}

// only narrows the reading to the columns shown. Own reads are narrowed here, in the query itself.
func (q diaryQuery) only() *models.ID {
	switch {
	case q.stylist != nil:
		return &q.stylist.ID
	case q.own:
		return &models.ID{} // nobody's
	default:
		return nil
	}
}

// matches tells whether the filters show a visit.
func (q diaryQuery) matches(status models.AppointmentStatus) bool {
	switch q.status {
	case "hold":
		return status == models.Provisional
	case "confirmed":
		return status == models.Confirmed || status == models.ReschedulePending
	default:
		return true
	}
}

// url is the same page with some of it changed.
func (q diaryQuery) url(change func(*diaryQuery)) string {
	if change != nil {
		change(&q)
	}
	stylist := ""
	if q.stylist != nil && !q.own {
		stylist = q.stylist.Code
	}
	return link("/console/diary", "day", q.day.Format(time.DateOnly), "view", string(q.view), "stylist", stylist, "status", q.status, "visit", q.visitID)
}

func (q diaryQuery) tint(id models.ID) string {
	return ui.Tint(max(0, slices.IndexFunc(q.menu.Stylists, func(s models.Stylist) bool { return s.ID == id })))
}

func (q diaryQuery) head(lang models.Language, st models.Stylist) diary.Stylist {
	name := st.Names.In(lang)
	return diary.Stylist{Code: st.Code, Name: name, Initials: ui.Initials(name), Tint: q.tint(st.ID)}
}

// card is a visit in short, in the reader's words.
func (q diaryQuery) card(lang models.Language, v booking.Visit) diary.Card {
	out := diary.Card{
		ID: v.ID.String(), Start: v.StartsAt.In(q.zone), End: v.EndsAt.In(q.zone), Status: v.Status, Deposit: v.DepositState,
		Who: personFor(q.visitor, v.Customer, v.ForName), Current: v.ID.String() == q.visitID,
		URL: q.url(func(q *diaryQuery) { q.visitID = v.ID.String() }),
	}
	if st, ok := q.menu.Stylist(v.StylistID); ok {
		out.Stylist = q.head(lang, st)
	}
	services := v.Services
	if v.PackID != nil {
		if pack, ok := q.menu.PackByID(*v.PackID); ok {
			out.What, services = []string{pack.Names.In(lang)}, pack.Beside(v.Services)
		}
	}
	for _, service := range services {
		out.What = append(out.What, service.Names.In(lang))
	}
	if v.Status == models.Provisional && v.HoldExpiresAt != nil {
		until := v.HoldExpiresAt.In(q.zone)
		out.HoldUntil = &until
	}
	if q.acts && q.view == diary.DayView && movable(v.Appointment, q.now) { // a week is read, not dragged
		out.MoveURL = visitURL(v.ID, "move")
	}
	return out
}

// chips are the filters as links.
func (q diaryQuery) chips(c *fiber.Ctx) (stylists, statuses []ui.Chip) {
	ctx := c.UserContext()
	lang := i18n.From(ctx).Language
	stylists = append(stylists, ui.Chip{
		Label: i18n.T(ctx, "console.diary.everyone"), Current: q.stylist == nil, URL: q.url(func(q *diaryQuery) { q.stylist = nil }),
	})
	for i, st := range q.menu.Stylists {
		h := q.head(lang, st)
		stylists = append(stylists, ui.Chip{
			Label: h.Name, Initials: h.Initials, Tint: h.Tint, Current: q.stylist != nil && q.stylist.ID == st.ID,
			URL: q.url(func(q *diaryQuery) { q.stylist = &q.menu.Stylists[i] }),
		})
	}
	for _, status := range []string{"", "confirmed", "hold"} {
		statuses = append(statuses, ui.Chip{
			Label: i18n.T(ctx, "console.diary.filter_"+orAll(status)), Current: q.status == status,
			URL: q.url(func(q *diaryQuery) { q.status = status }),
		})
	}
	return stylists, statuses
}

func orAll(status string) string {
	if status == "" {
		return "all"
	}
	return status
}
