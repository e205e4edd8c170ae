package handlers

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/cases"
	"frontdesk/views/conversations"
)

// visitsShown bounds how much of a person's past stands beside their conversation.
const visitsShown = 6

// threadContext is what is known about the person of a conversation.
func (s *Server) threadContext(ctx context.Context, q inboxQuery, r thread.Row) (conversations.Context, error) {
	out := conversations.Context{
		ProfileName: r.Contact.ProfileName, Phone: phoneFor(q.visitor.Role, r.Contact.Address), Customer: r.Customer, Currency: q.currency,
	}
	list, err := s.Desk.OfConversation(ctx, r.Conversation.ID)
	if err != nil {
		return out, err
	}
	for _, k := range list {
		out.Cases = append(out.Cases, s.caseCard(ctx, q.diaryQuery, k))
	}
	if r.Customer == nil {
		return out, nil
	}
	if id := r.Customer.PreferredStylistID; id != nil {
		if st, ok := q.menu.Stylist(*id); ok {
			out.Preferred = st.Names.In(i18n.From(ctx).Language)
		}
	}
	out.Visits, err = s.visitsOf(ctx, q, r.Customer.ID)
	return out, err
}

func (s *Server) visitsOf(ctx context.Context, q inboxQuery, customerID models.ID) ([]conversations.Visit, error) {
	rows, err := s.Diary.OfCustomer(ctx, customerID)
	if err != nil {
		return nil, err
	}
	visits, err := s.Diary.Visits(ctx, rows[:min(len(rows), visitsShown)])
	if err != nil {
		return nil, err
	}
	_, mayOpen := s.Staff.Can(q.visitor.Role, staff.Diary, staff.ToRead)
	out := make([]conversations.Visit, 0, len(visits))
	for _, v := range visits {
		there := q.diaryQuery
		there.day, there.visitID = midnight(v.StartsAt.In(q.zone)), ""
		line := conversations.Visit{Card: there.card(i18n.From(ctx).Language, v), TotalMinor: v.TotalMinor, Currency: v.Currency}
		if !mayOpen {
			line.URL = ""
		}
		if line.Payments, err = s.paymentsOf(ctx, q.diaryQuery, v.ID); err != nil {
			return nil, err
		}
		if line.History, err = s.historyOf(ctx, q.diaryQuery, v.ID); err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, nil
}

func (s *Server) caseCard(ctx context.Context, q diaryQuery, k models.Case) conversations.Case {
	out := conversations.Case{Case: k, Opened: k.OpenedAt.In(q.zone)}
	if k.Suggestion != "" {
		out.Suggestion = i18n.T(ctx, k.Suggestion)
	}
	if k.ResolvedAt != nil {
		at := k.ResolvedAt.In(q.zone)
		out.Resolved = &at
	}
	return out
}

// cases lists the hand-offs that wait for a person, who waits longest first.
func (s *Server) cases(c *fiber.Ctx) error {
	ctx := c.UserContext()
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	open, err := s.Desk.OpenCases(ctx)
	if err != nil {
		return err
	}
	names, err := s.namesOf(ctx, open)
	if err != nil {
		return err
	}
	rows := make([]cases.Row, len(open))
	for i, k := range open {
		rows[i] = cases.Row{
			Case: s.caseCard(ctx, q, k), Customer: names[k.ConversationID], Waiting: conversations.Waited(ctx, max(0, q.now.Sub(k.OpenedAt))),
			URL: "/console/conversations/" + k.ConversationID.String() + "?filter=needs",
		}
	}
	return s.page(c, screen{
		title: "console.room.cases", room: staff.Cases, live: []string{redisstore.TopicConversations}, fresh: "console.cases.updated",
	}, cases.Content(rows))
}

// namesOf is who the conversations of cases are with, where it is known.
func (s *Server) namesOf(ctx context.Context, open []models.Case) (map[models.ID]string, error) {
	ids := make([]models.ID, len(open))
	for i, k := range open {
		ids[i] = k.ConversationID
	}
	rows, err := s.Thread.List(ctx, thread.Filter{Only: ids, Limit: max(1, len(ids))})
	if err != nil {
		return nil, err
	}
	names := map[models.ID]string{}
	for _, r := range rows {
		names[r.Conversation.ID] = r.Contact.ProfileName
		if r.Customer != nil {
			names[r.Conversation.ID] = r.Customer.FullName()
		}
	}
	return names, nil
}
