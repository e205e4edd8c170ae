package chatwoot

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"frontdesk/models"
)

// The wire types of a webhook, as far as we read them.

type webhook struct {
	Event string `json:"event"`
	said

	Account struct {
		ID int64 `json:"id"`
	} `json:"account"`
	Conversation conversation `json:"conversation"`
	Messages     []said       `json:"messages"` // of older versions, and of events about conversations

	// An event about a conversation has its parts at the top. Status is the conversation's, or of a
	// message's delivery.
	standing
	Status string `json:"status"`
}

type conversation struct {
	ID       int64                 `json:"id"` // the number its pages show
	Account  int64                 `json:"account_id"`
	Status   models.ChatwootStatus `json:"status"`
	Messages []said                `json:"messages"`
	standing
}

// standing is with whom a conversation is, by which channel, and since when it stands as it does.
type standing struct {
	Channel   string `json:"channel"`
	Meta      meta   `json:"meta"`
	UpdatedAt moment `json:"updated_at"`
	Address   struct {
		Source string `json:"source_id"` // how the channel names the person
	} `json:"contact_inbox"`
}

// phone is the number that the channel's network vouches for; empty when it vouches for none: in a live chat
// or an inbox of mail a phone is what somebody typed. A contact's own number can be edited by hand in
// Chatwoot; it counts only where a version does not tell the channel's.
func (s standing) phone() string {
	switch s.Channel {
	case "Channel::Whatsapp", "Channel::TwilioSms", "Channel::Sms":
	default:
		return ""
	}
	if s.Address.Source != "" {
		return e164(strings.TrimPrefix(s.Address.Source, "whatsapp:"))
	}
	return e164(s.Meta.Sender.Phone)
}

type meta struct {
	Sender person `json:"sender"`
}

// person is a customer, an agent ("user") or a bot ("agent_bot"); older versions leave an agent's type out.
type person struct {
	ID    int64  `json:"id"`
	Type  string `json:"type"`
	Name  string `json:"name"`
	Phone string `json:"phone_number"`
}

// said is one message.
type said struct {
	ID          int64      `json:"id"`
	Text        string     `json:"content"`
	Kind        direction  `json:"message_type"`
	Private     bool       `json:"private"`
	ContentType string     `json:"content_type"`
	Sender      person     `json:"sender"`
	Attributes  attributes `json:"content_attributes"`
	Account     int64      `json:"account_id"`
	Created     moment     `json:"created_at"`
	State       string     `json:"status"` // of its delivery
	Attachments []struct {
		Type string `json:"file_type"`
	} `json:"attachments"`
}

// direction is a message's type, which Chatwoot writes as a word or as a number.
type direction string

const (
	incoming direction = "incoming"
	outgoing direction = "outgoing"
)

// UnmarshalJSON reads either way of writing; anything else is no direction.
func (d *direction) UnmarshalJSON(raw []byte) error {
	switch word := strings.Trim(string(raw), `"`); word {
	case "0":
		*d = incoming
	case "1":
		*d = outgoing
	default:
		*d = direction(word)
	}
	return nil
}

// attributes are what a message came back with.
type attributes struct {
	Reference string // ours
	Refusal   string // what the channel said of a message that failed: "131047: Re-engagement message"
}

// UnmarshalJSON reads what was attached, in whichever shape: what we do not know is left alone.
func (a *attributes) UnmarshalJSON(raw []byte) error {
	var known struct {
		Reference string `json:"frontdesk_message_id"`
		Refusal   string `json:"external_error"`
	}
	_ = json.Unmarshal(raw, &known) // a list, a string, null: nothing of ours
	*a = attributes(known)
	return nil
}

// code is the channel's own number of a refusal, or a word where it gave none.
func (a attributes) code() string {
	number, _, _ := strings.Cut(a.Refusal, ":")
	if number = strings.TrimSpace(number); number == "" || len(number) > 8 || strings.Trim(number, "0123456789") != "" {
		return "chatwoot"
	}
	return number
}

// moment is a time, which Chatwoot writes in words or as seconds; zero when it is neither.
type moment struct{ time.Time }

// UnmarshalJSON reads either way of writing.
func (m *moment) UnmarshalJSON(raw []byte) error {
	word := strings.Trim(string(raw), `"`)
	if at, err := time.Parse(time.RFC3339Nano, word); err == nil {
		m.Time = at
	} else if seconds, err := strconv.ParseFloat(word, 64); err == nil && seconds > 0 && seconds < math.MaxUint32 {
		m.Time = time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC()
	}
	return nil
}

// told is the message a webhook is about: at its top, else the last of its list.
func (h webhook) told() said {
	for _, list := range [][]said{h.Messages, h.Conversation.Messages} {
		if h.said.Kind == "" && len(list) > 0 {
			return list[len(list)-1]
		}
	}
	m := h.said
	m.State = h.Status
	return m
}

func (h webhook) account() int64 {
	switch {
	case h.Account.ID > 0:
		return h.Account.ID
	case h.Conversation.Account > 0:
		return h.Conversation.Account
	default:
		return h.said.Account
	}
}

// place is the conversation of a message.
func (h webhook) place() models.ChatwootPlace {
	c := h.Conversation
	return models.ChatwootPlace{AccountID: h.account(), ChatwootID: c.ID, Status: c.Status, UpdatedAt: c.UpdatedAt.Time}
}

// delivery is what became of a message: its own word, or that of the list in its conversation, which newer
// versions send in its place.
func (h webhook) delivery(m said) models.MessageStatus {
	word := m.State
	for _, listed := range h.Conversation.Messages {
		if word == "" && listed.ID == m.ID {
			word = listed.State
		}
	}
	switch status := models.MessageStatus(word); {
	case m.Attributes.Refusal != "":
		return models.Failed
	case status == models.Failed || status == models.Delivered || status == models.Read:
		return status
	default:
		return ""
	}
}

// agent tells whether somebody who answers in Chatwoot is meant.
func (p person) agent() bool { return p.Type == "user" || p.Type == "" && p.ID > 0 }

// content reads what a message says.
func (s said) content() models.Content {
	words, wasCut := cut(s.Text, maxText)
	if len(s.Attachments) > 0 {
		kind, _ := cut(s.Attachments[0].Type, maxName)
		return models.Content{Kind: models.KindMedia, MediaType: kind, Text: words, Cut: wasCut}
	}
	if words == "" {
		kind, _ := cut(s.ContentType, maxName)
		return models.Content{Kind: models.KindUnsupported, MediaType: kind}
	}
	return models.Content{Kind: models.KindText, Text: words, Cut: wasCut}
}
