package handlers

import (
	"context"

	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/conversations"
)

// visitsShown bounds how much of a person's past stands beside their conversation.
const visitsShown = 6

// threadContext is what is known about the person of a conversation.
func (s *Server) threadContext(ctx context.Context, q inboxQuery, r thread.Row) (conversations.Context, error) {
	phone, _ := r.Contact.Phone()
	out := conversations.Context{
		ProfileName: r.Contact.ProfileName, Phone: phoneFor(q.visitor.Role, phone), Customer: r.Customer, Currency: q.currency,
	}
	list, err := s.Desk.OfConversation(ctx, r.Conversation.ID)
	if err != nil {
		return out, err
	}
	if out.Cases, err = s.caseCards(ctx, q, list); err != nil {
		return out, err
	}
	if q.acts {
		out.NoteURL = "/console/conversations/" + r.Conversation.ID.String() + "/note"
	}
	before, err := s.Chat.Recollect(ctx, r.Conversation, i18n.From(ctx).Language)
	if err != nil {
		return out, err
	}
	out.Before = before.Summary
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
