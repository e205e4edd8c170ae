package handlers

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/today"
	"frontdesk/views/ui"
)

const (
	lapsingWithin  = 20 * time.Minute    // holds worth a look
	failedSince    = 3 * 24 * time.Hour  // undelivered messages worth a look
	noticesSince   = 3 * 24 * time.Hour  // notices a stylist has not seen
	undecidedSince = 14 * 24 * time.Hour // visits of which nobody has said whether the customer came
	troubleSince   = 7 * 24 * time.Hour  // money that came late, twice or in the wrong amount
)

// today shows what needs this person now: a stylist's own day, the desk's open ends, money that went
// astray, accounts that wait, or figures for those who see no person.
func (s *Server) today(c *fiber.Ctx) error {
	ctx := c.UserContext()
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	q.day = midnight(q.now)
	q.own = q.visitor.Role == models.RoleStylist
	p := today.Page{Name: s.nameOf(c, q.visitor), Date: q.now, CSRF: q.visitor.Session.CSRF, Quiet: quietText(ctx, q.visitor.Role)}
	for _, part := range []func(context.Context, diaryQuery, *today.Page) error{
		s.todayOwn, s.todayCases, s.todayAnswers, s.todayHolds, s.todayClashes, s.todayUndecided, s.todayFailed, s.todayUndelivered, s.todayCalendars, s.todayArchive,
		s.todayProviders, s.todayErasures,
		s.todayDifferences, s.todayMoney, s.todayPeople, s.todayFigures,
	} {
		if err := part(ctx, q, &p); err != nil {
			return err
		}
	}
	return s.page(c, screen{
		title: "console.room.today", room: staff.Today, fresh: "console.today.updated",
		live: []string{redisstore.TopicDiary, redisstore.TopicConversations, redisstore.TopicNotices, redisstore.TopicOrders, redisstore.TopicAlerts},
	}, today.Content(p))
}

// quietText says what will appear here for a role, so that an empty page is no riddle.
func quietText(ctx context.Context, r models.Role) string {
	switch r {
	case models.RoleFinance, models.RolePrivacy, models.RoleStylist:
		return i18n.T(ctx, "today.quiet."+string(r))
	default:
		return i18n.T(ctx, "console.today.quiet_text")
	}
}

func (s *Server) may(q diaryQuery, room staff.Room) bool {
	_, may := s.Staff.Can(q.visitor.Role, room, staff.ToRead)
	return may
}

// ofDiary is how far a reader's right in the diary reaches: all of it, or one's own stylist's.
func (s *Server) ofDiary(q diaryQuery) (stylist *models.ID, may bool) {
	scope, may := s.Staff.Can(q.visitor.Role, staff.Diary, staff.ToRead)
	if !may || scope == staff.All {
		return nil, may
	}
	return q.visitor.Staff.StylistID, q.visitor.Staff.StylistID != nil
}

// todayHolds are holds about to lapse: a word to the customer may still save them.
func (s *Server) todayHolds(ctx context.Context, q diaryQuery, p *today.Page) error {
	stylist, may := s.ofDiary(q)
	if !may {
		return nil
	}
	holds, err := s.Diary.Lapsing(ctx, q.now.Add(lapsingWithin))
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "console.today.holds")}
	for _, v := range holds {
		if stylist != nil && v.StylistID != *stylist {
			continue
		}
		item := s.visitItem(ctx, q, v, ui.Attention, i18n.T(ctx, "console.diary.until", "Time", i18n.Clock(v.HoldExpiresAt.In(q.zone))))
		if s.mayAct(q.visitor) {
			item.Acts = []today.Act{{Label: i18n.T(ctx, "diary.act.confirm"), URL: visitURL(v.ID, "confirm"), Icon: "circle-check"}}
		}
		section.Items = append(section.Items, item)
	}
	p.Sections = append(p.Sections, section)
	return nil
}

// todayUndecided are visits that began and of which nobody has said whether the customer came.
func (s *Server) todayUndecided(ctx context.Context, q diaryQuery, p *today.Page) error {
	stylist, may := s.ofDiary(q)
	if !may || !s.mayAct(q.visitor) {
		return nil
	}
	visits, err := s.Diary.Undecided(ctx, q.now.Add(-undecidedSince), q.now, stylist)
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "today.undecided")}
	for _, v := range visits {
		item := s.visitItem(ctx, q, v, ui.Neutral, "")
		item.Acts = []today.Act{
			{
				Label: i18n.T(ctx, "diary.act.complete"), URL: visitURL(v.ID, "complete"), Icon: "check", Quick: true,
				Fields: map[string]string{"version": itoa(v.Version)},
			},
			{Label: i18n.T(ctx, "diary.act.no-show"), URL: visitURL(v.ID, "no-show"), Icon: "user-x"},
		}
		section.Items = append(section.Items, item)
	}
	p.Sections = append(p.Sections, section)
	return nil
}

func (s *Server) visitItem(ctx context.Context, q diaryQuery, v booking.Visit, tone ui.Tone, badge string) today.Item {
	q.day = midnight(v.StartsAt.In(q.zone))
	card := q.card(i18n.From(ctx).Language, v)
	what := ""
	if len(card.What) > 0 {
		what = card.What[0] + " · "
	}
	with := " · " + card.Stylist.Name
	if q.own {
		with = "" // their own, always
	}
	return today.Item{
		Key: card.ID + string(card.Status), URL: q.url(func(q *diaryQuery) { q.visitID = card.ID }), Icon: "calendar-days", Title: card.Who,
		Text: what + ui.Moment(ctx, card.Start) + with, Badge: badge, Tone: tone,
	}
}

// todayOwn is a stylist's next client, their day, and what they were told and have not seen.
func (s *Server) todayOwn(ctx context.Context, q diaryQuery, p *today.Page) error {
	id := q.visitor.Staff.StylistID
	if id == nil || q.visitor.Role != models.RoleStylist {
		return nil
	}
	visits, err := s.Diary.Between(ctx, q.day, q.day.AddDate(0, 0, 1), id)
	if err != nil {
		return err
	}
	next := today.Section{Title: i18n.T(ctx, "today.next"), Lead: true}
	day := today.Section{Title: i18n.T(ctx, "console.today.visits"), Empty: i18n.T(ctx, "console.today.no_visits"), URL: "/console/diary"}
	for _, v := range visits {
		item := s.visitItem(ctx, q, v, ui.Good, i18n.T(ctx, "console.status."+string(v.Status)))
		if v.Status == models.Provisional {
			item.Tone = ui.Attention
		}
		item.Title = i18n.Clock(v.StartsAt.In(q.zone)) + " · " + item.Title
		if len(next.Items) == 0 && v.Status.Live() && v.EndsAt.After(q.now) {
			next.Items = append(next.Items, item)
		} else {
			day.Items = append(day.Items, item)
		}
	}
	if len(next.Items) > 0 {
		day.Empty = ""
		p.Sections = append(p.Sections, next)
	}
	p.Sections = append(p.Sections, day)
	return s.todayNotices(ctx, q, *id, p)
}

// todayFigures are counts for a reader who sees no person.
func (s *Server) todayFigures(ctx context.Context, q diaryQuery, p *today.Page) error {
	if scope, _ := s.Staff.Can(q.visitor.Role, staff.Today, staff.ToRead); scope != staff.Aggregates {
		return nil
	}
	visits, err := s.Diary.Between(ctx, q.day, q.day.AddDate(0, 0, 1), nil)
	if err != nil {
		return err
	}
	open, err := s.Desk.CountOpen(ctx)
	if err != nil {
		return err
	}
	confirmed, held := 0, 0
	for _, v := range visits {
		switch v.Status {
		case models.Confirmed, models.Completed:
			confirmed++
		case models.Provisional:
			held++
		}
	}
	p.Figures = []today.Figure{
		{Label: i18n.T(ctx, "console.today.figure_visits"), Value: confirmed},
		{Label: i18n.T(ctx, "console.today.figure_holds"), Value: held},
		{Label: i18n.T(ctx, "console.today.figure_cases"), Value: open},
	}
	return nil
}
