package handlers

import (
	"bytes"
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/services"
	"frontdesk/views/today"
	"frontdesk/views/ui"
)

// feedPath is where a feed is read: its word and this ending.
const (
	feedPath   = "/calendar/"
	feedEnding = ".ics"
)

// calendarFeed is a stylist's visits for their calendar program. The word in the address is all that is asked
// for; a wrong one is nothing at all.
func (s *Server) calendarFeed(c *fiber.Ctx) error {
	word, ends := strings.CutSuffix(c.Params("feed"), feedEnding)
	if !ends {
		return fault.NotFound("error.not_found")
	}
	feed, err := s.Diary.Feed(c.UserContext(), word)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := feed.Write(&out); err != nil {
		return err
	}
	private(c)
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="visits.ics"`)
	c.Set("X-Robots-Tag", "noindex")
	return c.Send(out.Bytes())
}

// calendarLags are how far the calendars outside are behind, by stylist.
func (s *Server) calendarLags(ctx context.Context) (map[models.ID]booking.CalendarLag, error) {
	lags, err := s.Diary.CalendarLags(ctx)
	if err != nil {
		return nil, err
	}
	of := make(map[models.ID]booking.CalendarLag, len(lags))
	for _, l := range lags {
		of[l.Stylist.ID] = l
	}
	return of, nil
}

// lagText says how a stylist's calendar stands; empty where there is no provider.
func (s *Server) lagText(ctx context.Context, q diaryQuery, l booking.CalendarLag) string {
	var parts []string
	switch {
	case l.Stylist.CalendarID == "":
		return ""
	case l.ReadAt == nil && l.Failure != "":
		parts = append(parts, i18n.T(ctx, "calendar.failing_never", "Code", l.Failure))
	case l.ReadAt == nil:
		parts = append(parts, i18n.T(ctx, "calendar.never"))
	case l.Failure != "":
		parts = append(parts, i18n.T(ctx, "calendar.failing", "Time", ui.Moment(ctx, l.ReadAt.In(q.zone)), "Code", l.Failure))
	default:
		parts = append(parts, i18n.T(ctx, "calendar.read", "Time", ui.Moment(ctx, l.ReadAt.In(q.zone))))
	}
	if l.Pending > 0 {
		parts = append(parts, i18n.N(ctx, "calendar.pending", l.Pending))
	}
	if l.Lost > 0 {
		parts = append(parts, i18n.N(ctx, "calendar.lost", l.Lost))
	}
	return strings.Join(parts, " · ")
}

// calendarFacts are a stylist's calendar and feed on their page.
func (s *Server) calendarFacts(c *fiber.Ctx, row models.Stylist, d *services.Detail) error {
	ctx := c.UserContext()
	lags, err := s.calendarLags(ctx)
	if err != nil {
		return err
	}
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	feed, err := s.Diary.Upkeep().HasFeed(ctx, row.ID)
	if err != nil {
		return err
	}
	keeps := s.keeps(c)
	if keeps && row.CalendarID != "" {
		d.Facts = append(d.Facts, services.Fact{Label: i18n.T(ctx, "services.field.calendar"), Value: row.CalendarID, Code: true})
	}
	if text := s.lagText(ctx, q, lags[row.ID]); text != "" {
		d.Facts = append(d.Facts, services.Fact{Label: i18n.T(ctx, "calendar.state"), Value: text})
	}
	path, state := stylistsPath+"/"+row.ID.String()+"/feed", "calendar.feed.off"
	if feed {
		state = "calendar.feed.on"
	}
	d.Facts = append(d.Facts, services.Fact{Label: i18n.T(ctx, "calendar.feed"), Value: i18n.T(ctx, state)})
	if keeps && row.Active {
		d.Acts = append(d.Acts, services.Link{URL: path, Label: i18n.T(ctx, "calendar.feed.open"), Icon: "calendar-days"})
	}
	if keeps && feed {
		d.Acts = append(d.Acts, services.Link{URL: path + "/close", Label: i18n.T(ctx, "calendar.feed.close"), Icon: "calendar-x"})
	}
	return nil
}

// openFeed makes a feed's address and shows it, once.
func (s *Server) openFeed(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	row, err := s.Diary.Upkeep().Stylist(ctx, id)
	if err != nil {
		return err
	}
	f, path := s.form(c, "services.field"), stylistsPath+"/"+id.String()
	if f.Valid() {
		word, err := s.Diary.Upkeep().OpenFeed(ctx, s.actor(c), id)
		if err == nil {
			private(c)
			address := s.set.BaseURL + feedPath + word + feedEnding
			if wantsJSON(c) {
				return c.JSON(fiber.Map{"ok": true, "result": fiber.Map{"url": address}})
			}
			return s.page(c, servicesScreen("calendar.feed.made"), services.FeedMade(address, path))
		}
		if !f.Refused(err) {
			return err
		}
	}
	page := ui.Act{
		Title: i18n.T(ctx, "calendar.feed.open_title", "Name", ui.In(ctx, row.Names)), Effect: i18n.T(ctx, "calendar.feed.open_effect"),
		Submit: i18n.T(ctx, "calendar.feed.submit"), Cancel: path, Form: f.Shown(),
	}
	return s.formPage(c, servicesScreen("calendar.feed.open"), f, services.FeedAct(page))
}

// closeFeed ends a feed.
func (s *Server) closeFeed(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	row, err := s.Diary.Upkeep().Stylist(ctx, id)
	if err != nil {
		return err
	}
	f, path := s.form(c, "services.field"), stylistsPath+"/"+id.String()
	if f.Valid() {
		err := s.Diary.Upkeep().CloseFeed(ctx, s.actor(c), id)
		if err == nil {
			return s.acted(c, acted{To: path, Toast: "calendar.feed.closed"})
		}
		if !f.Refused(err) {
			return err
		}
	}
	page := ui.Act{
		Title: i18n.T(ctx, "calendar.feed.close_title", "Name", ui.In(ctx, row.Names)), Effect: i18n.T(ctx, "calendar.feed.close_effect"),
		Submit: i18n.T(ctx, "calendar.feed.close"), Cancel: path, Tone: ui.Danger, Form: f.Shown(),
	}
	return s.formPage(c, servicesScreen("calendar.feed.close"), f, services.FeedAct(page))
}

// todayClashes are visits in time that calendars outside have closed since: somebody has to move them, or to say
// that they stay.
func (s *Server) todayClashes(ctx context.Context, q diaryQuery, p *today.Page) error {
	stylist, may := s.ofDiary(q)
	if !may || !s.mayAct(q.visitor) {
		return nil
	}
	clashes, err := s.Diary.Clashes(ctx, stylist)
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "calendar.clashes")}
	for _, k := range clashes {
		item := s.visitItem(ctx, q, k.Visit, ui.Attention, i18n.T(ctx, "console.block."+string(k.Block.Kind)))
		item.Text += " · " + i18n.T(ctx, "calendar.clash", "Name", ui.In(ctx, q.menu.NameOfStylist(*k.Block.StylistID)))
		if movable(k.Appointment, q.now) {
			item.Acts = append(item.Acts, today.Act{Label: i18n.T(ctx, "diary.act.move"), URL: visitURL(k.ID, "move"), Icon: "calendar-clock"})
		}
		item.Acts = append(item.Acts, today.Act{
			Label: i18n.T(ctx, "calendar.stays"), URL: visitURL(k.ID, "stays"), Icon: "check", Quick: true,
			Fields: map[string]string{"version": itoa(k.Version), "block": k.Block.ID.String()},
		})
		section.Items = append(section.Items, item)
	}
	p.Sections = append(p.Sections, section)
	return nil
}

// letStay leaves a visit in time that a calendar outside closes, or takes that back.
func (s *Server) letStay(c *fiber.Ctx) error {
	q, v, err := s.readVisit(c)
	if err != nil {
		return err
	}
	f := s.form(c, "diary.field")
	act := booking.Act{ID: v.ID, Version: f.version(), Actor: q.visitor.Actor(), Own: ownOf(q.visitor)}
	block, again := f.ID("block"), f.Checked("again")
	if !f.Valid() {
		return f.fault()
	}
	after, err := s.Diary.LetStay(c.UserContext(), act, block, !again)
	if err != nil {
		return err
	}
	done := acted{To: "/console", Toast: "calendar.stays.done", Result: visitResult(after)}
	if again {
		done.Toast = "calendar.stays.undone"
	} else {
		done.Undo = &undo{URL: visitURL(v.ID, "stays"), Fields: map[string]string{"version": itoa(v.Version), "block": block.String(), "again": "on"}}
	}
	return s.acted(c, done)
}

// todayCalendars are calendars outside that were not read for long: what is offered may be taken there.
func (s *Server) todayCalendars(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.mayTalk(q) || !s.may(q, staff.Services) {
		return nil
	}
	lags, err := s.Diary.CalendarLags(ctx)
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "calendar.today")}
	for _, l := range lags {
		if !l.Stale {
			continue
		}
		url := stylistsPath + "/" + l.Stylist.ID.String()
		section.Items = append(section.Items, today.Item{
			Key: "calendar-" + l.Stylist.Code, URL: url, Icon: "calendar-x", Title: ui.In(ctx, l.Stylist.Names), Tone: ui.Attention,
			Text: s.lagText(ctx, q, l) + " · " + i18n.T(ctx, "calendar.today_text"), Badge: i18n.T(ctx, "calendar.unread"),
		})
	}
	p.Sections = append(p.Sections, section)
	return nil
}
