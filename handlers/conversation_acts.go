package handlers

import (
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/conversations"
)

// takeOver gives a conversation to whoever asks. A colleague who has it is named, and asked about first.
func (s *Server) takeOver(c *fiber.Ctx) error {
	q, staffID, row, err := s.actIn(c)
	if err != nil {
		return err
	}
	f := s.form(c, "conversations.field")
	claim := handoff.Claim{ConversationID: row.Conversation.ID, StaffID: staffID, From: f.OptionalID("from")}
	if f.Valid() {
		if _, err = s.Post.TakeOver(c.UserContext(), claim); err == nil {
			return s.tookOver(c, q, row.Conversation.ID)
		}
		if !f.Refused(err) {
			return err
		}
		if row, err = s.found(c.UserContext(), q.openID); err != nil { // somebody was faster
			return err
		}
	}
	if q.names, err = s.holders(c.UserContext(), []thread.Row{row}); err != nil {
		return err
	}
	keep := s.keeper(q, row.Conversation, nil)
	return s.formPage(c, screen{title: "conversations.take_over", room: staff.Conversations}, f,
		conversations.TakeOverPage(f.Shown(), conversationURL(q), keep))
}

// tookOver says so; it can be taken back unless a case keeps the conversation with people.
func (s *Server) tookOver(c *fiber.Ctx, q inboxQuery, id models.ID) error {
	done := acted{To: conversationURL(q), Toast: "conversations.taken_over"}
	blocked, err := s.handBackBlocked(c, id)
	if err != nil {
		return err
	}
	if blocked == "" {
		done.Undo = &undo{URL: conversationURL(q) + "/hand-back"}
	}
	return s.acted(c, done)
}

// handBack gives a conversation to the assistant.
func (s *Server) handBack(c *fiber.Ctx) error {
	q, staffID, row, err := s.actIn(c)
	if err != nil {
		return err
	}
	f := s.form(c, "conversations.field")
	tell := f.Checked("tell")
	if f.Valid() {
		if err = s.Chat.HandBack(c.UserContext(), row.Conversation.ID, staffID, tell); err == nil {
			return s.acted(c, acted{
				To: conversationURL(q), Toast: "conversations.handed_back", Undo: &undo{URL: conversationURL(q) + "/take-over"},
			})
		}
		if !f.Refused(err) {
			return err
		}
	}
	blocked, err := s.handBackBlocked(c, row.Conversation.ID)
	if err != nil {
		return err
	}
	return s.formPage(c, screen{title: "conversations.hand_back", room: staff.Conversations}, f, conversations.HandBackPage(
		f.Shown(), conversationURL(q), blocked, s.Post.Open(row.Conversation), s.backWords(row.Conversation.Language)))
}

// handBackBlocked says why a conversation cannot be handed back, in words; empty when it can.
func (s *Server) handBackBlocked(c *fiber.Ctx, id models.ID) (string, error) {
	cases, err := s.Desk.OfConversation(c.UserContext(), id)
	if err != nil {
		return "", err
	}
	for _, k := range cases {
		if k.Status == models.CaseOpen && !k.Silent {
			return i18n.T(c.UserContext(), "handoff.case_open"), nil
		}
	}
	return "", nil
}

// backWords are what the customer reads when the assistant is there again.
func (s *Server) backWords(lang models.Language) string {
	return s.Texts.Body(lang, "chat.handoff.back")
}

// note keeps what a colleague leaves for the others.
func (s *Server) note(c *fiber.Ctx) error {
	q, staffID, row, err := s.actIn(c)
	if err != nil {
		return err
	}
	f := s.form(c, "conversations.field")
	f.Fill("key", models.NewID().String())
	n := handoff.Note{ConversationID: row.Conversation.ID, StaffID: staffID, Body: f.OptionalLong("body", handoff.MaxNote), Key: f.OptionalText("key", 64)}
	if f.Valid() {
		kept, err := s.Desk.Write(c.UserContext(), n)
		if err == nil {
			return s.acted(c, acted{To: conversationURL(q), Toast: "conversations.note.saved", Result: fiber.Map{"note_id": kept.ID.String()}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	return s.formPage(c, screen{title: "conversations.note.write", room: staff.Conversations}, f,
		conversations.NotePage(f.Shown(), conversationURL(q)))
}

// searchConversations finds people by a part of their name, or of their number where the reader may see
// numbers. It is posted: neither has a place in an address.
func (s *Server) searchConversations(c *fiber.Ctx) error {
	q, err := s.askInbox(c)
	if err != nil {
		return err
	}
	f := s.form(c, "conversations.field")
	words := f.OptionalText("words", 80)
	if safe(c.Method()) || f.Valid() && words == "" {
		return c.Redirect("/console/conversations", fiber.StatusSeeOther)
	}
	if !f.Valid() {
		return f.fault()
	}
	search := thread.Filter{Name: words}
	if seesPhone(q.visitor.Role) {
		search.Phone = phoneDigits(words)
	}
	page, err := s.inboxPage(c, q, search)
	if err != nil {
		return err
	}
	sc := conversationScreen()
	sc.live = nil // it would fetch the address, which does not say what was searched for
	return s.page(c, sc, conversations.Content(page))
}

// search is the form that finds people.
func (q inboxQuery) search(words string) conversations.Search {
	return conversations.Search{
		Action: "/console/conversations/search", CSRF: q.visitor.Session.CSRF, Words: words, Phones: seesPhone(q.visitor.Role),
	}
}

// phoneDigits are the digits of a number as somebody typed it, without what stands before the area code:
// "07700 900118" and "+44 7700 900118" find the same person. Empty when the words are no number.
func phoneDigits(words string) string {
	digits := strings.Map(func(r rune) rune {
		if r = i18n.WesternDigit(r); r < '0' || r > '9' {
			return -1
		}
		return r
	}, words)
	if strings.ContainsFunc(words, unicode.IsLetter) {
		return ""
	}
	return strings.TrimLeft(digits, "0")
}
