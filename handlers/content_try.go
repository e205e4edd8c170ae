package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/chat"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	views "frontdesk/views/content"
)

// tryMessage shows what the assistant would answer to a message. What is typed travels in the body and
// is kept nowhere.
func (s *Server) tryMessage(c *fiber.Ctx) error {
	ctx := c.UserContext()
	f := s.form(c, "content.field")
	text := f.Long("text", 1000)
	page := views.Trial{Lang: i18n.From(ctx).Language}
	if f.Valid() {
		trial, err := s.Chat.Try(ctx, page.Lang, text)
		if err != nil {
			return err
		}
		if wantsJSON(c) {
			return s.acted(c, acted{Result: trial})
		}
		page = trialWords(trial)
	}
	page.Form = f.Shown()
	return s.formPage(c, screen{title: "content.try.title", room: staff.Content}, f, views.Try(page))
}

func trialWords(t chat.Trial) views.Trial {
	out := views.Trial{
		Asked: true, Lang: t.Language, Heard: strings.Join(t.Intents, ", "), Questions: strings.Join(t.FAQs, ", "),
		Searches: t.Searches, HandsOff: t.HandsOff,
	}
	for _, r := range t.Replies {
		reply := views.Reply{Text: r.Text}
		for _, o := range r.Options {
			reply.Options = append(reply.Options, o.Title)
		}
		out.Replies = append(out.Replies, reply)
	}
	return out
}
