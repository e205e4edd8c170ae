package chatwoot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"frontdesk/models"
)

// Bounds of what is kept of a webhook, in characters. Longer words are cut there and the content is
// marked as cut; the message as it came stays in the payload's Raw.
const (
	maxText = 4096
	maxName = 256
)

// Event is what a webhook tells. ID is unique for ever. Payload is a models.InboundMessage, Echo,
// DeliveryStatus or PlaceChange, or the webhook as it came.
type Event struct {
	ID      string
	Kind    string // models.EventMessage, EventEcho, EventStatus, EventPlace or EventOther
	Sender  string // whose order it belongs to: E.164, or empty
	Payload json.RawMessage
}

// ParseWebhook reads a webhook, whose sender was proved, into what it tells: a customer's message, a
// person's answer, what became of a message of our own, a conversation whose status changed. Private notes,
// activities, people whose phone no network vouches for and kinds that are not known become EventOther.
// delivery is the id of the delivery, which is not signed and names only what is not kept: two webhooks
// about the same thing are one event, whoever sends them (an inbox may have two). Only what is no JSON object at all is an error. Pure.
func ParseWebhook(raw []byte, delivery string) (Event, error) {
	var object map[string]json.RawMessage
	if !utf8.Valid(raw) || json.Unmarshal(raw, &object) != nil || object == nil {
		return Event{}, errors.New("parse webhook: not a JSON object")
	}
	var hook webhook
	if json.Unmarshal(raw, &hook) != nil {
		return other(raw, delivery), nil
	}
	switch hook.Event {
	case "message_created":
		return hook.message(raw, delivery), nil
	case "message_updated":
		return hook.updated(raw, delivery), nil
	case "conversation_status_changed":
		return hook.changed(raw, delivery), nil
	default:
		return other(raw, delivery), nil
	}
}

func (h webhook) message(raw []byte, delivery string) Event {
	m, at, phone := h.told(), h.place(), h.Conversation.phone()
	if m.ID <= 0 || at.AccountID <= 0 || at.ChatwootID <= 0 || phone == "" || m.Private {
		return other(raw, delivery)
	}
	id := messageID(at.AccountID, m.ID)
	words := m.content()
	switch {
	case m.Kind == incoming:
		name, _ := cut(strings.TrimSpace(first(h.Conversation.Meta.Sender.Name, h.Sender.Name)), maxName)
		return Event{id, models.EventMessage, phone, pack(models.InboundMessage{
			Channel: models.ChannelChatwoot, From: phone, ProfileName: name, ProviderID: id, Content: words, Chatwoot: &at, Raw: raw,
		})}
	case m.Kind == outgoing && m.Attributes.Reference != "":
		ours, _ := cut(m.Attributes.Reference, maxName)
		return Event{id, models.EventStatus, phone, pack(models.DeliveryStatus{ProviderID: id, Status: models.Sent, MessageID: ours, Raw: raw})}
	case m.Kind == outgoing && m.Sender.agent():
		return Event{id, models.EventEcho, phone, pack(models.Echo{
			Channel: models.ChannelChatwoot, To: phone, ProviderID: id, Content: words, At: m.Created.Time, Chatwoot: &at, Raw: raw,
		})}
	default: // an activity, a greeting, another bot
		return other(raw, delivery)
	}
}

// updated is what became of a message of our own after Chatwoot took it: its channel may still refuse it.
func (h webhook) updated(raw []byte, delivery string) Event {
	m, phone := h.told(), h.Conversation.phone()
	status := h.delivery(m)
	if m.ID <= 0 || h.account() <= 0 || phone == "" || m.Kind != outgoing || m.Attributes.Reference == "" || status == "" {
		return other(raw, delivery)
	}
	id := messageID(h.account(), m.ID)
	ours, _ := cut(m.Attributes.Reference, maxName)
	news := models.DeliveryStatus{ProviderID: id, Status: status, MessageID: ours, Raw: raw}
	if status == models.Failed {
		news.ErrorCode, news.ErrorDetail = m.Attributes.code(), "the channel of Chatwoot's inbox refuses it"
	}
	return Event{id + ":" + string(status), models.EventStatus, phone, pack(news)}
}

// changed is a conversation that stands elsewhere now. Its id is the change itself, or all that was said where
// a version tells no time.
func (h webhook) changed(raw []byte, delivery string) Event {
	at := models.ChatwootPlace{AccountID: h.account(), ChatwootID: h.ID, Status: models.ChatwootStatus(h.Status), UpdatedAt: h.UpdatedAt.Time}
	phone := h.phone()
	if at.AccountID <= 0 || at.ChatwootID <= 0 || at.Status == "" || phone == "" {
		return other(raw, delivery)
	}
	id := other(raw, "").ID
	if !at.UpdatedAt.IsZero() {
		id = fmt.Sprintf("place:%d:%d:%d:%.32s", at.AccountID, at.ChatwootID, at.UpdatedAt.UnixMicro(), at.Status)
	}
	return Event{id, models.EventPlace, phone, pack(models.PlaceChange{Place: at, Raw: raw})}
}

// other is an event of a kind we only record; the same one twice has the same id.
func other(raw []byte, delivery string) Event {
	id := "delivery:" + delivery
	if !usable(delivery) {
		sum := sha256.Sum256(raw)
		id = "other:" + hex.EncodeToString(sum[:])
	}
	return Event{id, models.EventOther, "", bytes.Clone(raw)}
}

// messageID is how a message of Chatwoot is named among the messages of every channel.
func messageID(account, id int64) string {
	return "chatwoot:" + strconv.FormatInt(account, 10) + ":" + strconv.FormatInt(id, 10)
}

// usable tells whether a delivery's id can be a key: visible ASCII of a sane length.
func usable(id string) bool {
	return id != "" && len(id) <= 128 && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}

// e164 is a phone number of the wire; empty when it is none.
func e164(phone string) string {
	digits := strings.TrimPrefix(strings.TrimSpace(phone), "+")
	if digits == "" || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return "+" + digits
}

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

func pack(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		// Strings and valid raw JSON always encode; anything else is a fault of this package.
		panic(fmt.Sprintf("chatwoot: encode %T: %v", v, err))
	}
	return b
}

// cut keeps the first max characters of s and drops NUL characters, which no text of ours may hold.
func cut(s string, max int) (kept string, wasCut bool) {
	s = strings.ReplaceAll(s, "\x00", "")
	if len(s) <= max || utf8.RuneCountInString(s) <= max {
		return s, false
	}
	return string([]rune(s)[:max]), true
}
