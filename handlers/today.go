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
	"frontdesk/views/conversations"
	"frontdesk/views/today"
	"frontdesk/views/ui"
)

const (
	lapsingWithin = 20 * time.Minute   // holds worth a look
	failedSince   = 3 * 24 * time.Hour // undelivered messages worth a look
	noticesSince  = 24 * time.Hour
)

// today shows what needs this person now: a stylist's own day, the desk's open ends, or figures for
// those who see no person.
func (s *Server) today(c *fiber.Ctx) error {
	ctx := c.UserContext()
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	q.day = midnight(q.now)
	p := today.Page{Name: s.nameOf(c, q.visitor), Date: q.now}
	for _, part := range []func(context.Context, diaryQuery, *today.Page) error{s.todayCases, s.todayHolds, s.todayFailed, s.todayOwn, s.todayFigures} {
		if err := part(ctx, q, &p); err != nil {
			return err
		}
	}
	return s.page(c, screen{
		title: "console.room.today", room: staff.Today, fresh: "console.today.updated",
		live: []string{redisstore.TopicDiary, redisstore.TopicConversations, redisstore.TopicNotices},
	}, today.Content(p))
}

func (s *Server) may(q diaryQuery, room staff.Room) bool {
	_, may := s.Staff.Can(q.visitor.Role, room, staff.ToRead)
	return may
}

func (s *Server) todayCases(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.may(q, staff.Cases) {
		return nil
	}
	open, err := s.Desk.OpenCases(ctx)
	if err != nil {
		return err
	}
	names, err := s.namesOf(ctx, open)
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "console.today.cases"), URL: "/console/cases"}
	for _, k := range open {
		name := names[k.ConversationID]
		if name == "" {
			name = i18n.T(ctx, "console.conversations.unknown")
		}
		section.Items = append(section.Items, today.Item{
			Key: k.ID.String(), URL: "/console/conversations/" + k.ConversationID.String(), Icon: "life-buoy", Title: name,
			Text: i18n.T(ctx, "case.reason."+string(k.Reason)), Tone: ui.Attention,
			Badge: i18n.T(ctx, "console.conversations.waiting", "Time", conversations.Waited(ctx, max(0, q.now.Sub(k.OpenedAt)))),
		})
	}
	p.Sections = append(p.Sections, section)
	return nil
}

func (s *Server) todayHolds(ctx context.Context, q diaryQuery, p *today.Page) error {
	if scope, may := s.Staff.Can(q.visitor.Role, staff.Diary, staff.ToRead); !may || scope != staff.All {
		return nil
	}
	holds, err := s.Diary.Lapsing(ctx, q.now.Add(lapsingWithin))
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "console.today.holds")}
	for _, v := range holds {
		section.Items = append(section.Items, s.visitItem(ctx, q, v, ui.Attention,
			i18n.T(ctx, "console.diary.until", "Time", i18n.Clock(v.HoldExpiresAt.In(q.zone)))))
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
	if q.visitor.Role == models.RoleStylist {
		with = "" // their own, always
	}
	return today.Item{
		Key: card.ID + string(card.Status), URL: card.URL, Icon: "calendar-days", Title: card.Who,
		Text: what + ui.Moment(ctx, card.Start) + with, Badge: badge, Tone: tone,
	}
}

func (s *Server) todayFailed(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.may(q, staff.Conversations) || q.visitor.Role == models.RolePrivacy {
		return nil
	}
	rows, err := s.Thread.Failed(ctx, q.now.Add(-failedSince), 20)
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "console.today.failed")}
	iq := inboxQuery{diaryQuery: q}
	for _, r := range rows {
		row := s.inboxRow(iq, r, nil)
		section.Items = append(section.Items, today.Item{
			Key: r.Last.ID.String(), URL: row.URL, Icon: "circle-alert", Title: row.Name,
			Text: ui.Word(ctx, "console.send_error", r.Last.ErrorCode), Badge: i18n.T(ctx, "console.message.failed"), Tone: ui.Danger,
		})
	}
	p.Sections = append(p.Sections, section)
	return nil
}

// todayOwn is a stylist's day and what they were told.
func (s *Server) todayOwn(ctx context.Context, q diaryQuery, p *today.Page) error {
	id := q.visitor.Staff.StylistID
	if id == nil || q.visitor.Role != models.RoleStylist {
		return nil
	}
	visits, err := s.Diary.Between(ctx, q.day, q.day.AddDate(0, 0, 1), id)
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "console.today.visits"), Empty: i18n.T(ctx, "console.today.no_visits"), URL: "/console/diary"}
	for _, v := range visits {
		tone := ui.Good
		if v.Status == models.Provisional {
			tone = ui.Attention
		}
		item := s.visitItem(ctx, q, v, tone, i18n.T(ctx, "console.status."+string(v.Status)))
		item.Title = i18n.Clock(v.StartsAt.In(q.zone)) + " · " + item.Title
		section.Items = append(section.Items, item)
	}
	p.Sections = append(p.Sections, section)
	return s.todayNotices(ctx, q, *id, p)
}

func (s *Server) todayNotices(ctx context.Context, q diaryQuery, stylistID models.ID, p *today.Page) error {
	notices, err := s.Post.Notices(ctx, &stylistID, q.now.Add(-noticesSince))
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "console.today.notices")}
	for _, n := range notices {
		if n.AppointmentID == nil {
			continue
		}
		v, err := s.Diary.Visit(ctx, *n.AppointmentID)
		if err != nil {
			return err
		}
		item := s.visitItem(ctx, q, v, ui.Neutral, "")
		item.Key, item.Urgent, item.Icon = n.ID.String(), n.Urgent, "bell"
		item.Title = i18n.T(ctx, "console.notice."+n.Event) + " · " + item.Title
		section.Items = append(section.Items, item)
	}
	p.Sections = append(p.Sections, section)
	return nil
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
	open, err := s.Desk.OpenCases(ctx)
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
		{Label: i18n.T(ctx, "console.today.figure_cases"), Value: len(open)},
	}
	return nil
}
