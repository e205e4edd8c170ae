package handlers

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/palette"
	"frontdesk/views/ui"
)

const foundPeople = 6 // of each kind; whoever means another types on

// findsPeople tells whether a reader can find anybody: the right to the diary or the conversations decides.
func (s *Server) findsPeople(v Visitor) bool {
	_, diary := s.Staff.Can(v.Role, staff.Diary, staff.ToRead)
	_, talks := s.Staff.Can(v.Role, staff.Conversations, staff.ToRead)
	return diary || talks
}

// foundPeople are the visits and conversations of whom the text means, as the reader may see them. A
// stylist finds their own clients by first name and nobody else.
func (s *Server) foundPeople(c *fiber.Ctx, v Visitor, text string) ([]palette.Group, error) {
	if text == "" || !s.findsPeople(v) || !askable(v.Role, text) {
		return nil, nil
	}
	q, err := s.askDiary(c)
	if err != nil {
		return nil, err
	}
	ctx := c.UserContext()
	scope, diary := s.Staff.Can(v.Role, staff.Diary, staff.ToRead)
	q.own = scope == staff.Own
	q.visitor.Scope = scope // of the diary, not of this page
	var out []palette.Group
	if diary {
		visits, err := s.foundVisits(ctx, q, text)
		if err != nil {
			return nil, err
		}
		out = append(out, visits)
	}
	if _, may := s.Staff.Can(v.Role, staff.Conversations, staff.ToRead); may {
		talks, err := s.foundTalks(ctx, q, text)
		if err != nil {
			return nil, err
		}
		out = append(out, talks)
	}
	return out, nil
}

// askable tells whether a reader may look for the text. Numbers are for those who see them: to find whom
// one belongs to is to be told it. Privacy officers, whom people write to from their number, find by a
// whole one; what they read of it is no more than before.
func askable(r models.Role, text string) bool {
	digits, phone := customers.PhoneDigits(text)
	if !phone || seesPhone(r) {
		return true
	}
	_, err := customers.Normalize(digits)
	return err == nil && r == models.RolePrivacy
}

func (s *Server) foundVisits(ctx context.Context, q diaryQuery, text string) (palette.Group, error) {
	out := palette.Group{Title: i18n.T(ctx, "console.find.visits")}
	visits, err := s.meantVisits(ctx, q, text)
	if err != nil {
		return out, err
	}
	for _, v := range visits {
		there := q
		there.day, there.visitID = midnight(v.StartsAt.In(q.zone)), ""
		card := there.card(i18n.From(ctx).Language, v)
		out.Items = append(out.Items, palette.Item{
			URL: card.URL, Icon: "calendar-days", Title: card.Who, Note: ui.Moment(ctx, card.Start) + " · " + i18n.T(ctx, "console.status."+string(v.Status)),
		})
	}
	return out, nil
}

// meantVisits are the visits of whom the text means, or the visit whose id it is.
func (s *Server) meantVisits(ctx context.Context, q diaryQuery, text string) ([]booking.Visit, error) {
	own := q.visitor.Staff.StylistID
	if q.own && own == nil {
		return nil, nil // an account that belongs to no stylist has no clients
	}
	var id models.ID
	if id.UnmarshalText([]byte(text)) == nil {
		v, err := s.Diary.Visit(ctx, id)
		switch {
		case err == nil && (!q.own || v.StylistID == *own):
			return []booking.Visit{v}, nil
		case err != nil && !fault.Is(err, "booking.not_found"):
			return nil, err
		}
	}
	if q.own {
		return s.Diary.Find(ctx, booking.Search{StylistID: own, FirstName: text, Limit: foundPeople})
	}
	people, err := s.People.Find(ctx, text, foundPeople)
	if err != nil {
		return nil, err
	}
	ids := make([]models.ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	return s.Diary.Find(ctx, booking.Search{CustomerIDs: ids, Limit: foundPeople})
}

// foundTalks are the conversations of whom the text means, also of those who have not said their name.
func (s *Server) foundTalks(ctx context.Context, q diaryQuery, text string) (palette.Group, error) {
	out := palette.Group{Title: i18n.T(ctx, "console.find.conversations")}
	f := thread.Filter{Limit: foundPeople, Name: text}
	if digits, phone := customers.PhoneDigits(text); phone {
		f.Name, f.Phone = "", digits
		if len(digits) < 3 {
			return out, nil
		}
	}
	var id models.ID
	if id.UnmarshalText([]byte(text)) == nil {
		f = thread.Filter{Limit: 1, Only: []models.ID{id}}
	} else if f.Phone == "" && len([]rune(text)) < 2 {
		return out, nil
	}
	rows, err := s.Thread.List(ctx, f)
	if err != nil {
		return out, err
	}
	iq := inboxQuery{diaryQuery: q}
	for _, r := range rows {
		row := s.inboxRow(iq, r, nil)
		title := row.Name
		if title == "" {
			title = i18n.T(ctx, "console.conversations.unknown")
		}
		phone, _ := r.Contact.Phone()
		out.Items = append(out.Items, palette.Item{URL: row.URL, Icon: "message-square", Title: title, Code: phoneFor(q.visitor.Role, phone)})
	}
	return out, nil
}
