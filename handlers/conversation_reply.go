package handlers

import (
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/notify"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/conversations"
	"frontdesk/views/ui"
)

// colleague is the person who acts in a conversation. Fault: handoff.people_only.
func colleague(q inboxQuery) (models.ID, error) {
	if q.visitor.Role == models.RoleMachine {
		return models.ID{}, fault.Forbidden("handoff.people_only")
	}
	return q.visitor.Staff.ID, nil
}

// actIn is what an act on a conversation starts with: who asks, as whom, and the conversation.
func (s *Server) actIn(c *fiber.Ctx) (q inboxQuery, staffID models.ID, row thread.Row, err error) {
	if q, err = s.askInbox(c); err != nil {
		return q, staffID, row, err
	}
	if staffID, err = colleague(q); err != nil {
		return q, staffID, row, err
	}
	row, err = s.found(c.UserContext(), q.openID)
	return q, staffID, row, err
}

func conversationURL(q inboxQuery) string { return "/console/conversations/" + q.openID }

// reply sends what a person wrote to the customer, and takes the conversation over with it when the
// form says so.
func (s *Server) reply(c *fiber.Ctx) error {
	q, staffID, row, err := s.actIn(c)
	if err != nil {
		return err
	}
	if safe(c.Method()) {
		return c.Redirect(conversationURL(q)+"#composer", fiber.StatusSeeOther)
	}
	f := s.form(c, "conversations.field")
	r := notify.Reply{ConversationID: row.Conversation.ID, StaffID: staffID}
	r.Text, r.Key, r.TakeOver = f.OptionalLong("text", formValue), f.Text("key", 64), f.Checked("over")
	if f.Valid() {
		m, _, err := s.Post.Reply(c.UserContext(), r)
		if err == nil {
			return s.replied(c, q, m.ID)
		}
		if !f.Refused(err) {
			return err
		}
	}
	if wantsJSON(c) {
		return f.fault()
	}
	return s.composerAgain(c, q, f)
}

// replied shows the empty composer, and lets the page follow.
func (s *Server) replied(c *fiber.Ctx, q inboxQuery, message models.ID) error {
	private(c)
	if wantsJSON(c) {
		return c.JSON(fiber.Map{"ok": true, "result": fiber.Map{"message_id": message.String()}})
	}
	if !wantsFragment(c) {
		return c.Redirect(conversationURL(q)+"#composer", fiber.StatusSeeOther)
	}
	c.Set("HX-Trigger-After-Settle", "acted")
	return s.composerAlone(c, q, fiber.StatusOK, nil)
}

// composerAgain shows what was refused, as typed: the composer alone, or the page around it.
func (s *Server) composerAgain(c *fiber.Ctx, q inboxQuery, f *form) error {
	if wantsFragment(c) {
		private(c)
		return s.composerAlone(c, q, fiber.StatusUnprocessableEntity, f)
	}
	page, err := s.inboxPage(c, q, thread.Filter{})
	if err != nil {
		return err
	}
	if page.Open != nil && page.Open.Composer != nil {
		key := page.Open.Composer.Form.Value("key")
		page.Open.Composer.Form = f.Shown()
		page.Open.Composer.Form.Values.Set("key", key)
	}
	return s.pageWith(c, fiber.StatusUnprocessableEntity, conversationScreen(), conversations.Content(page))
}

func (s *Server) composerAlone(c *fiber.Ctx, q inboxQuery, status int, f *form) error {
	row, err := s.found(c.UserContext(), q.openID)
	if err != nil {
		return err
	}
	if q.names, err = s.holders(c.UserContext(), []thread.Row{row}); err != nil {
		return err
	}
	out, err := s.composer(c, q, row.Conversation, s.keeper(q, row.Conversation, nil), f)
	if err != nil {
		return err
	}
	return send(c, status, conversations.Write(*out))
}

// composer is where the reader writes to the customer; refused is what was posted and not sent.
func (s *Server) composer(c *fiber.Ctx, q inboxQuery, conv models.Conversation, keep conversations.Keeper, refused *form) (*conversations.Composer, error) {
	ctx := c.UserContext()
	out := &conversations.Composer{Keep: keep, URL: conversationURL(q), Language: conv.Language, Open: s.Post.Open(conv)}
	out.Form = ui.Form{CSRF: q.visitor.Session.CSRF, Values: map[string][]string{}}
	if refused != nil {
		out.Form = refused.Shown()
		out.Form.Prefix = ""
	}
	out.Form.Values.Set("key", models.NewID().String())
	if !out.Open || keep.Who == conversations.Colleague {
		return out, nil
	}
	out.Ends = conv.WindowEnds().In(q.zone)
	out.Left = conversations.Waited(ctx, out.Ends.Sub(q.now))
	answers, err := s.Chat.Answers(ctx, conv.Language)
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		out.Answers = append(out.Answers, conversations.Answer{
			Title: ui.Word(ctx, "conversations.answer", a.Key), Text: a.Text, URL: link(out.URL, "answer", a.Key) + "#composer",
		})
		if refused == nil && c.Query("answer") == a.Key {
			out.Form.Values.Set("text", a.Text)
		}
	}
	return out, nil
}

// retry says a message again that did not arrive.
func (s *Server) retry(c *fiber.Ctx) error {
	q, staffID, row, err := s.actIn(c)
	if err != nil {
		return err
	}
	f := s.form(c, "conversations.field")
	message := f.ID("message")
	if !f.Valid() {
		return f.fault()
	}
	m, _, err := s.Post.Retry(c.UserContext(), row.Conversation.ID, message, staffID)
	if err != nil {
		return err
	}
	return s.acted(c, acted{To: conversationURL(q), Toast: "conversations.retried", Result: fiber.Map{"message_id": m.ID.String()}})
}
