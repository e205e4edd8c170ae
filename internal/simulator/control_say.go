package simulator

import (
	"context"
	"strings"
	"unicode/utf8"
)

// What a phone can send at most: the id a message may be given, and what is typed, in characters.
const (
	maxMessageID = 512
	maxTyped     = 65_536
)

type sayRequest struct {
	From      string        `json:"from"`
	Name      string        `json:"name"`
	Text      *string       `json:"text"`
	Button    string        `json:"button"`
	List      string        `json:"list"`
	Media     *inboundMedia `json:"media"`
	Channel   string        `json:"channel"`
	By        string        `json:"by"`     // "customer", or "staff": a person of the salon writes to from
	Status    string        `json:"status"` // of the conversation in Chatwoot, which staff set
	MessageID string        `json:"message_id"`
	WaitMS    int           `json:"wait_ms"`
}

type sayAnswer struct {
	MessageID string  `json:"message_id"`
	Replies   []Reply `json:"replies"`
	Done      bool    `json:"done"`
}

// say lets a customer write or tap. With wait_ms it returns once everything that follows from it in
// this conversation is done and the replies have reached the phone; without, at once.
func (s *Server) say(ctx context.Context, in sayRequest) (sayAnswer, error) {
	if in.By == "staff" {
		return s.staffSays(ctx, in)
	}
	message, err := in.read()
	if err != nil {
		return sayAnswer{}, err
	}
	patience, err := waitMillis(in.WaitMS)
	if err != nil {
		return sayAnswer{}, err
	}
	channel, receive := "whatsapp", s.whatsapp.receive
	if in.Channel == "chatwoot" {
		channel, receive = in.Channel, s.chatwoot.receive
	}
	id, position, err := receive(message)
	if err != nil {
		return sayAnswer{}, err
	}
	answer := sayAnswer{MessageID: id, Replies: []Reply{}}
	if patience == 0 {
		return answer, nil
	}
	answer.Done = s.await(ctx, patience, func(ctx context.Context) (bool, error) {
		return s.answered(ctx, channel, message.From, id)
	})
	answer.Replies = s.phones.repliesSince(message.From, position)
	return answer, nil
}

func (in sayRequest) read() (inbound, error) {
	from, err := phoneOf(in.From, "from")
	if err != nil {
		return inbound{}, err
	}
	switch {
	case count(in.Text != nil, in.Button != "", in.List != "", in.Media != nil) != 1:
		return inbound{}, badRequest("say exactly one of text, button, list, media")
	case in.Text != nil && *in.Text == "":
		return inbound{}, badRequest("text is empty; a phone cannot send that")
	case in.By != "" && in.By != "customer":
		return inbound{}, badRequest("by must be customer or staff")
	case in.Channel != "" && in.Channel != "whatsapp" && in.Channel != "chatwoot":
		return inbound{}, badRequest("channel must be whatsapp or chatwoot")
	case len(in.MessageID) > maxMessageID || strings.ContainsFunc(in.MessageID, func(r rune) bool { return r <= ' ' || r > '~' }):
		return inbound{}, badRequest("message_id must be visible ASCII without spaces, at most 512 characters, as Meta's are")
	}
	if in.typed() > maxTyped {
		return inbound{}, badRequest("nobody can type that much: at most 65536 characters")
	}
	m := inbound{From: from, Name: in.Name, MessageID: in.MessageID, Button: in.Button, List: in.List, Media: in.Media}
	if in.Text != nil {
		m.Text = *in.Text
	}
	return m, nil
}

// typed is the length of the longest thing that was typed.
func (in sayRequest) typed() int {
	longest := max(len(in.Name), len(in.Button), len(in.List))
	if in.Text != nil {
		longest = max(longest, utf8.RuneCountInString(*in.Text))
	}
	if in.Media != nil {
		longest = max(longest, len(in.Media.Mime), utf8.RuneCountInString(in.Media.Caption))
	}
	return longest
}
