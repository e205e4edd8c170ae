package handlers

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/notify"
	"frontdesk/internal/staff"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/conversations"
	"frontdesk/views/today"
	"frontdesk/views/ui"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// shownOnToday is how many lines of a kind Today names; the room has the others.
const shownOnToday = 20

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
	for _, k := range open[:min(len(open), shownOnToday)] {
		name := names[k.ConversationID]
		if name == "" {
			name = i18n.T(ctx, "console.conversations.unknown")
		}
		item := today.Item{
			Key: k.ID.String(), URL: "/console/conversations/" + k.ConversationID.String(), Icon: "life-buoy", Title: name,
			Text: i18n.T(ctx, "case.reason."+string(k.Reason)), Tone: ui.Attention,
			Badge: i18n.T(ctx, "console.conversations.waiting", "Time", conversations.Waited(ctx, max(0, q.now.Sub(k.OpenedAt)))),
		}
		if s.mayTalk(q) {
			item.Acts = []today.Act{{Label: i18n.T(ctx, "today.answer"), URL: item.URL, Icon: "message-square", Opens: true}}
		}
		section.Items = append(section.Items, item)
	}
	p.Sections = append(p.Sections, section)
	return nil
}

func (s *Server) mayTalk(q diaryQuery) bool {
	_, may := s.Staff.Can(q.visitor.Role, staff.Conversations, staff.ToAct)
	return may
}

// todayAnswers are conversations in people's hands whose last word is the customer's.
func (s *Server) todayAnswers(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.mayTalk(q) {
		return nil
	}
	rows, err := s.Thread.List(ctx, thread.Filter{HumanAt: &q.now, Limit: 50})
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "today.answers"), URL: "/console/conversations?filter=staff"}
	iq := inboxQuery{diaryQuery: q}
	for _, r := range rows {
		row := s.inboxRow(iq, r, nil)
		if row.Waiting == nil {
			continue
		}
		section.Items = append(section.Items, today.Item{
			Key: r.Last.ID.String(), URL: row.URL, Icon: "message-square", Title: nameOr(ctx, row.Name), Text: i18n.T(ctx, "today.answers.text"), Tone: ui.Attention,
			Badge: i18n.T(ctx, "console.conversations.waiting", "Time", conversations.Waited(ctx, *row.Waiting)),
			Acts:  []today.Act{{Label: i18n.T(ctx, "today.answer"), URL: row.URL, Icon: "message-square", Opens: true}},
		})
	}
	p.Sections = append(p.Sections, section)
	return nil
}

func nameOr(ctx context.Context, name string) string {
	if name == "" {
		return i18n.T(ctx, "console.conversations.unknown")
	}
	return name
}

func (s *Server) todayFailed(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.mayTalk(q) {
		return nil
	}
	rows, err := s.Thread.Failed(ctx, q.now.Add(-failedSince), shownOnToday)
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "console.today.failed")}
	iq := inboxQuery{diaryQuery: q}
	for _, r := range rows {
		row := s.inboxRow(iq, r, nil)
		section.Items = append(section.Items, today.Item{
			Key: r.Last.ID.String(), URL: row.URL, Icon: "circle-alert", Title: nameOr(ctx, row.Name),
			Text: ui.Word(ctx, "console.send_error", r.Last.ErrorCode), Badge: i18n.T(ctx, "console.message.failed"), Tone: ui.Danger,
			Acts: []today.Act{{Label: i18n.T(ctx, "today.look"), URL: row.URL, Icon: "arrow-right", Opens: true}},
		})
	}
	p.Sections = append(p.Sections, section)
	return nil
}

// todayArchive says that silent conversations are no longer put away, which nobody would notice.
func (s *Server) todayArchive(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.mayTalk(q) {
		return nil
	}
	record, stale, err := s.archived(ctx)
	if err != nil || !stale {
		return err
	}
	last := i18n.T(ctx, "today.archive.never")
	if !record.RanAt.IsZero() {
		last = i18n.T(ctx, "today.archive.last", "Time", ui.Moment(ctx, record.RanAt.In(q.zone)))
	}
	p.Sections = append(p.Sections, today.Section{Title: i18n.T(ctx, "today.archive"), Items: []today.Item{{
		Key: "archive", Icon: "archive", Title: last, Text: i18n.T(ctx, "today.archive.text"), Tone: ui.Attention,
	}}})
	return nil
}

// todayErasures are erasures of people that somebody is to look at: nobody would notice them (R-1015).
func (s *Server) todayErasures(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.may(q, staff.Privacy) {
		return nil
	}
	troubles, err := s.Privacy.Troubles(ctx)
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "today.erasures")}
	for _, t := range []struct {
		key string
		n   int
	}{{"failed", troubles.Failed}, {"chatwoot", troubles.Chatwoot}} {
		if t.n > 0 {
			section.Items = append(section.Items, today.Item{
				Key: "erasures-" + t.key, Icon: "circle-alert", Title: i18n.T(ctx, "today.erasures."+t.key), Text: i18n.T(ctx, "today.erasures."+t.key+".text"),
				Badge: strconv.Itoa(t.n), Tone: ui.Danger,
			})
		}
	}
	p.Sections = append(p.Sections, section)
	return nil
}

// todayMoney is money that did not go its usual way, for those who read refunds.
func (s *Server) todayMoney(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.may(q, staff.Refunds) || !s.may(q, staff.Diary) {
		return nil
	}
	rows, err := s.Till.Troubles(ctx, q.now.Add(-troubleSince))
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "today.money")}
	for _, r := range rows {
		tone := ui.Attention
		switch r.State {
		case models.RefundFailed:
			tone = ui.Danger
		case models.RefundSucceeded:
			tone = ui.Good
		}
		url := refundURL(r.ID, "")
		if r.Nothing {
			url = link("/console/diary", "visit", r.AppointmentID.String())
			if r.OrderID != nil {
				url = "/console/orders/" + r.OrderID.String()
			}
		}
		item := today.Item{
			Key: r.ID.String() + string(r.State), URL: url, Icon: "credit-card", Tone: tone, Urgent: r.State == models.RefundFailed,
			Title: ui.Money(ctx, r.AmountMinor, r.Currency) + " · " + ui.Word(ctx, "refunds.reason", r.Reason),
			Text:  ui.Moment(ctx, r.CreatedAt.In(q.zone)),
			Acts:  []today.Act{{Label: i18n.T(ctx, "today.look"), URL: url, Icon: "arrow-right", Opens: true}},
		}
		if !r.Nothing { // nothing came, so that nothing goes back
			item.Badge = ui.Word(ctx, "refunds.state", string(r.State))
		}
		section.Items = append(section.Items, item)
	}
	p.Sections = append(p.Sections, section)
	return nil
}

// todayPeople are accounts that wait: links nobody has used, and roles that reach far without a second
// factor.
func (s *Server) todayPeople(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.may(q, staff.People) {
		return nil
	}
	people, _, err := s.Staff.People(ctx, staff.Query{Limit: 200})
	if err != nil {
		return err
	}
	invited, bare := today.Section{Title: i18n.T(ctx, "today.invited")}, today.Section{Title: i18n.T(ctx, "today.unprotected")}
	for _, person := range people {
		item := today.Item{
			Key: person.ID.String(), URL: "/console/people/" + person.ID.String(), Icon: "user", Title: person.Name,
			Text: i18n.T(ctx, "console.role."+string(person.Role)),
		}
		item.Acts = []today.Act{{Label: i18n.T(ctx, "today.look"), URL: item.URL, Icon: "arrow-right", Opens: true}}
		switch {
		case person.DisabledAt != nil:
		case person.PasswordHash == "":
			invited.Items = append(invited.Items, item)
		case s.Staff.FactorRequired(person.Role) && person.Factors == 0:
			bare.Items = append(bare.Items, item)
		}
	}
	p.Sections = append(p.Sections, invited, bare)
	return nil
}

func (s *Server) todayNotices(ctx context.Context, q diaryQuery, stylistID models.ID, p *today.Page) error {
	notices, err := s.Post.Notices(ctx, &stylistID, q.now.Add(-noticesSince))
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "console.today.notices")}
	for _, n := range notify.Unseen(notices) {
		if n.AppointmentID == nil {
			continue
		}
		v, err := s.Diary.Visit(ctx, *n.AppointmentID)
		if err != nil {
			return err
		}
		item := s.visitItem(ctx, q, v, ui.Neutral, "")
		if v.StylistID != stylistID {
			item.URL = "" // moved to a colleague: no longer theirs to open
		}
		item.Key, item.Urgent, item.Icon = n.ID.String(), n.Urgent, "bell"
		item.Title = ui.Word(ctx, "console.notice", n.Event) + " · " + item.Title
		item.Acts = []today.Act{{
			Label: i18n.T(ctx, "today.seen"), URL: "/console/today/seen", Icon: "check", Quick: true, Fields: map[string]string{"notice": n.ID.String()},
		}}
		section.Items = append(section.Items, item)
	}
	p.Sections = append(p.Sections, section)
	return nil
}

// noticeSeen takes a notice off its stylist's list.
func (s *Server) noticeSeen(c *fiber.Ctx) error {
	v, _ := VisitorOf(c.UserContext())
	if v.Staff.StylistID == nil {
		return fault.Forbidden("error.forbidden")
	}
	f := s.form(c, "today.field")
	id := f.ID("notice")
	if !f.Valid() {
		return f.fault()
	}
	if err := s.Post.Seen(c.UserContext(), id, *v.Staff.StylistID); err != nil {
		return err
	}
	return s.acted(c, acted{To: "/console", Toast: "today.seen.done"})
}
