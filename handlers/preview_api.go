package handlers

import (
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/chat"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// previewAPI is the conversation without a phone: for people of the salon and the machine; for anybody where
// the program was told so, which production never is.
func (s *Server) previewAPI(under string) []Route {
	access := signedIn()
	if s.set.PreviewPublic && !s.set.Production {
		access = anyone()
	}
	answers := fails{400: {"validation"}, 401: {"unauthorized"}, 503: {"unavailable"}}
	return []Route{
		operation(s, Route{post, under + "/whatsapp/preview", access, nil, "What the assistant would answer; nothing is sent, booked or ordered"}, 200, answers, s.previewChat),
	}
}

type previewIn struct {
	Speaking
	QueryText string `query:"text" maxLength:"4096" doc:"Instead of the body's"`
	QueryLang string `query:"lang" maxLength:"8" doc:"Instead of the body's"`
	Body      *struct {
		From string `json:"from,omitempty" maxLength:"60" example:"preview" doc:"Tells one preview from another; it is nobody's phone, whatever it looks like"`
		Text string `json:"text,omitempty" maxLength:"4096" example:"show hair-care" doc:"What is written, or the payload of a reply that was offered"`
		Lang string `json:"lang,omitempty" enum:"en,es,ar" example:"en"`
	} `required:"false"`
}

type previewOut struct {
	Body struct {
		OK       bool             `json:"ok" example:"true"`
		Messages []previewMessage `json:"messages" nullable:"false"`
	}
}

// previewMessage is a bubble, or what may be tapped below the one before it.
type previewMessage struct {
	Type    string         `json:"type" enum:"text,image,quick_replies" example:"text"`
	Text    string         `json:"text,omitempty" example:"This is our shop."`
	URL     string         `json:"url,omitempty" example:"https://salon.example/picture.png"`
	Replies []previewReply `json:"replies,omitempty"`
}

type previewReply struct {
	Title   string `json:"title" example:"Cart"`
	Payload string `json:"payload" example:"shop:cart"`
}

// previewChat answers a line of a conversation that nobody has. Whoever asks has one of their own.
func (s *Server) previewChat(c *fiber.Ctx, in *previewIn) (*previewOut, error) {
	r := chat.Rehearsal{Text: in.QueryText, Language: models.Language(in.QueryLang)}
	from := ""
	if in.Body != nil {
		from = in.Body.From
		if in.Body.Text != "" {
			r.Text = in.Body.Text
		}
		if in.Body.Lang != "" {
			r.Language = models.Language(in.Body.Lang)
		}
	}
	if r.Text == "" {
		return nil, fault.Invalid("preview.refused", map[string]string{"text": "preview.text_missing"})
	}
	if r.Language != "" && r.Language != models.English && r.Language != models.Spanish && r.Language != models.Arabic {
		return nil, fault.Invalid("preview.refused", map[string]string{"lang": "preview.lang"})
	}
	r.Who = s.caller(c) + "\n" + from
	said, err := s.Chat.Rehearse(c.UserContext(), r)
	if err != nil {
		return nil, err
	}
	out := &previewOut{}
	out.Body.OK, out.Body.Messages = true, previewMessages(said)
	return out, nil
}

// previewMessages are bubbles as the earlier interface wrote them.
func previewMessages(said []models.Content) []previewMessage {
	messages := []previewMessage{}
	for _, content := range said {
		if content.Kind == models.KindImage {
			messages = append(messages, previewMessage{Type: "image", URL: content.URL})
		}
		if content.Text != "" {
			messages = append(messages, previewMessage{Type: "text", Text: content.Text})
		}
		if len(content.Options) == 0 {
			continue
		}
		replies := make([]previewReply, len(content.Options))
		for i, o := range content.Options {
			replies[i] = previewReply{o.Title, o.ID}
		}
		messages = append(messages, previewMessage{Type: "quick_replies", Replies: replies})
	}
	return messages
}
