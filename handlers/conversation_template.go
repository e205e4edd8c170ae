package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/notify"
	"frontdesk/internal/staff"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/conversations"
)

// template sends an approved template by hand: chosen, filled in, seen as the customer will read it, sent.
func (s *Server) template(c *fiber.Ctx) error {
	q, staffID, row, err := s.actIn(c)
	if err != nil {
		return err
	}
	offers, err := s.Post.Offers(c.UserContext(), row.Conversation.Language)
	if err != nil {
		return err
	}
	f := s.form(c, "conversations.field")
	name := f.OptionalText("template", 80)
	if !f.posted {
		name = c.Query("name")
	}
	i := slices.IndexFunc(offers, func(o notify.Offer) bool { return o.Name == name })
	if i < 0 {
		return s.templates(c, q, row, offers)
	}
	r, seen := s.filledTemplate(f, row, offers[i])
	r.StaffID = staffID
	preview := ""
	if f.Valid() {
		said, err := s.Post.Preview(c.UserContext(), name, r.Language, r.Values)
		if preview = said.Text; err == nil && (seen == seenAs(preview) || wantsJSON(c)) {
			var m models.Message
			if m, _, err = s.Post.Reply(c.UserContext(), r); err == nil {
				return s.acted(c, acted{To: conversationURL(q), Toast: "conversations.template.sent", Result: fiber.Map{"message_id": m.ID.String()}})
			}
		}
		if err != nil && !f.Refused(err) {
			return err
		}
		f.values.Set("seen", seenAs(preview))
	}
	return s.formPage(c, screen{title: "conversations.template", room: staff.Conversations}, f, conversations.TemplatePage(
		f.Shown(), conversationURL(q), shownTemplate(c, q, offers[i]), offers[i].Language, preview, r.TakeOver))
}

// filledTemplate reads the form of a template: what it says, and which preview of it was seen.
func (s *Server) filledTemplate(f *form, row thread.Row, o notify.Offer) (r notify.Reply, seen string) {
	conv := row.Conversation
	f.Fill("key", models.NewID().String())
	if row.Customer != nil {
		f.Fill("Name", row.Customer.Name)
	}
	r = notify.Reply{
		ConversationID: conv.ID, Template: o.Name, Language: conv.Language, Values: map[string]any{},
		TakeOver: conv.Holder(s.Clock.Now()) == nil, Key: f.OptionalText("key", 64),
	}
	for _, v := range o.Values {
		r.Values[v] = f.OptionalText(v, 1100)
	}
	f.Checked("over") // what the form said when it was opened; who has the conversation now decides
	return r, f.OptionalText("seen", 64)
}

// seenAs marks a form whose preview was of this text: what is sent is what was seen.
func seenAs(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// templates lets a person choose one.
func (s *Server) templates(c *fiber.Ctx, q inboxQuery, row thread.Row, offers []notify.Offer) error {
	blocked := ""
	if h := row.Conversation.Holder(s.Clock.Now()); h != nil && *h != q.visitor.Staff.ID {
		names, err := s.Staff.Names(c.UserContext(), []models.ID{*h})
		if err != nil {
			return err
		}
		blocked = i18n.T(c.UserContext(), "handoff.taken", "Name", names[*h])
	}
	var list []conversations.Template
	for _, o := range offers {
		list = append(list, shownTemplate(c, q, o))
	}
	return s.page(c, screen{title: "conversations.template", room: staff.Conversations},
		conversations.TemplatesPage(conversationURL(q), list, blocked))
}

// shownTemplate names the places of a template that are to be filled in.
func shownTemplate(c *fiber.Ctx, q inboxQuery, o notify.Offer) conversations.Template {
	ctx, body := c.UserContext(), o.Body
	for _, v := range o.Values {
		for _, name := range []string{"{{." + v + "}}", "{{ ." + v + " }}"} {
			body = strings.ReplaceAll(body, name, "["+i18n.T(ctx, "conversations.field."+v)+"]")
		}
	}
	return conversations.Template{
		Name: o.Name, Title: i18n.T(ctx, "conversations.template.name."+o.Name), Body: body, Values: o.Values,
		URL: link(conversationURL(q)+"/template", "name", o.Name),
	}
}
