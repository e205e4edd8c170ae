package whatsapp

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
	MaxInboundText = 4096
	MaxProfileName = 256
	maxWireID      = 512
)

// Event is one thing a webhook tells: a message, a status, or something else. ID is unique for ever.
// Payload is a models.InboundMessage, a models.DeliveryStatus, or the change as it came.
type Event struct {
	ID      string
	Kind    string // models.EventMessage, EventStatus or EventOther
	Sender  string // whose order it belongs to: E.164, "bsuid:<id>", or empty
	Payload json.RawMessage
}

// ParseWebhook reads a webhook, whose signature was verified, into events in the order it tells them.
// Kinds that are not known become EventOther and never fail: Meta adds some without asking.
// Only what is no JSON object at all is an error. Pure.
func ParseWebhook(raw []byte) ([]Event, error) {
	var object map[string]json.RawMessage
	if !utf8.Valid(raw) || json.Unmarshal(raw, &object) != nil || object == nil {
		return nil, errors.New("parse webhook: not a JSON object")
	}
	var hook envelope
	if json.Unmarshal(raw, &hook) != nil || hook.Object != "whatsapp_business_account" {
		return []Event{other("", raw)}, nil
	}
	var events []Event
	for _, part := range hook.Entry {
		events = append(events, entryEvents(part)...)
	}
	if len(events) == 0 {
		events = append(events, other("", raw))
	}
	return events, nil
}

func entryEvents(raw json.RawMessage) []Event {
	var e entry
	_ = json.Unmarshal(raw, &e) // a part of an unexpected type leaves the rest readable
	if len(e.Changes) == 0 {
		return []Event{other("", raw)}
	}
	var events []Event
	for _, c := range e.Changes {
		events = append(events, changeEvents(e.ID, c)...)
	}
	return events
}

func changeEvents(account string, raw json.RawMessage) []Event {
	var c change
	var v value
	if json.Unmarshal(raw, &c) != nil || c.Field != "messages" && c.Field != fieldEchoes {
		return []Event{other(account, raw)}
	}
	_ = json.Unmarshal(c.Value, &v) // an odd contact does not cost the message beside it
	var events []Event
	for _, m := range v.Messages {
		events = append(events, messageEvent(m, v.Contacts))
	}
	for _, s := range v.Statuses {
		events = append(events, statusEvent(s))
	}
	for _, e := range v.Echoes {
		events = append(events, echoEvent(e))
	}
	if len(events) == 0 {
		events = append(events, other(account, raw)) // account errors and the like
	}
	return events
}

func messageEvent(raw json.RawMessage, contacts []contact) Event {
	var m message
	_ = json.Unmarshal(raw, &m) // a part of an unexpected type leaves the rest readable
	from, name := sender(m, contacts)
	if !usable(m.ID) || from == "" || wordless(m.Type) {
		return other("", raw)
	}
	return Event{m.ID, models.EventMessage, from, pack(models.InboundMessage{
		Channel: models.ChannelWhatsApp, From: from, ProfileName: name, ProviderID: m.ID,
		Content: content(m, raw), Raw: raw,
	})}
}

// wordless are the things that Meta reports as messages and nobody wrote: a changed number, a deleted
// message, an opened chat. There is nothing to answer.
func wordless(kind string) bool {
	return kind == "system" || kind == "revoke" || kind == "request_welcome"
}

// sender is the address a message came from and the profile name that goes with it.
func sender(m message, contacts []contact) (from, name string) {
	from = Address(m.From, m.FromUserID)
	for _, c := range contacts {
		if m.From != "" && c.WaID == m.From || m.FromUserID != "" && c.UserID == m.FromUserID || len(contacts) == 1 {
			if from == "" {
				from = Address(c.WaID, c.UserID)
			}
			name, _ = cut(strings.TrimSpace(c.Profile.Name), MaxProfileName)
			return from, name
		}
	}
	return from, ""
}

// Address is the address of a person: E.164 where the phone is known, else the business-scoped user id
// behind models.AddressBSUID (W13); empty when neither is usable.
func Address(phone, userID string) string {
	digits := strings.TrimPrefix(strings.TrimSpace(phone), "+")
	if digits != "" && len(digits) <= 15 && strings.Trim(digits, "0123456789") == "" {
		return "+" + digits
	}
	if len(userID) <= 256 && usable(userID) {
		return models.AddressBSUID + userID
	}
	return ""
}

// usable tells whether an id of the wire can be a key: visible ASCII of a sane length.
func usable(id string) bool {
	return id != "" && len(id) <= maxWireID && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}

// content reads what a message says; Meta's types are listed, all others are unsupported.
func content(m message, raw json.RawMessage) models.Content {
	c := models.Content{MediaType: m.Type}
	switch m.Type {
	case "text":
		if m.Text.Body != "" {
			return text(m.Text.Body)
		}
		c.Kind = models.KindUnsupported
	case "interactive":
		return tap(m)
	case "button": // a template's quick reply
		return tapped(models.KindButtonReply, reply{m.Button.Payload, m.Button.Text})
	case "image", "audio", "video", "document", "sticker", "location", "contacts", "order":
		c.Kind = models.KindMedia
		c.MediaID, c.Text, c.Cut = attached(m.Type, raw)
	case "reaction":
		c = models.Content{Kind: models.KindReaction}
		c.Text, c.Cut = cut(m.Reaction.Emoji, MaxProfileName)
	default: // "unsupported", and what Meta adds tomorrow
		c.Kind = models.KindUnsupported
		c.MediaType, _ = cut(m.Type, MaxProfileName)
	}
	return c
}

func text(body string) models.Content {
	words, wasCut := cut(body, MaxInboundText)
	return models.Content{Kind: models.KindText, Text: words, Cut: wasCut}
}

func tap(m message) models.Content {
	switch m.Interactive.Type {
	case "button_reply":
		return tapped(models.KindButtonReply, m.Interactive.ButtonReply)
	case "list_reply":
		return tapped(models.KindListReply, m.Interactive.ListReply)
	default: // a flow's answer and the like
		kind, _ := cut(m.Interactive.Type, MaxProfileName)
		return models.Content{Kind: models.KindUnsupported, MediaType: kind}
	}
}

func tapped(kind models.ContentKind, r reply) models.Content {
	id, _ := cut(r.ID, maxWireID)
	title, _ := cut(r.Title, maxWireID)
	return models.Content{Kind: kind, Text: title, ReplyID: id, ReplyTitle: title}
}

// attached is the media id and caption that stand under the type's own name.
func attached(kind string, raw json.RawMessage) (id, caption string, wasCut bool) {
	var parts map[string]json.RawMessage
	var one media
	if json.Unmarshal(raw, &parts) != nil || json.Unmarshal(parts[kind], &one) != nil {
		return "", "", false // contacts are a list: nothing to attach
	}
	id, _ = cut(one.ID, maxWireID)
	caption, wasCut = cut(one.Caption, MaxInboundText)
	return id, caption, wasCut
}

func statusEvent(raw json.RawMessage) Event {
	var s status
	_ = json.Unmarshal(raw, &s) // a part of an unexpected type leaves the rest readable
	word := models.MessageStatus(s.Status)
	known := word == models.Sent || word == models.Delivered || word == models.Read || word == models.Failed
	if !usable(s.ID) || !known {
		return other("", raw)
	}
	id := s.ID + ":" + s.Status
	d := models.DeliveryStatus{ProviderID: s.ID, Status: word, Raw: raw}
	d.MessageID, _ = cut(s.Reference, maxWireID)
	if len(s.Errors) > 0 {
		d.ErrorCode = strconv.Itoa(s.Errors[0].Code)
		d.ErrorDetail, _ = cut(s.Errors[0].Data.Details, maxWireID)
		id += ":" + d.ErrorCode
	}
	return Event{id, models.EventStatus, Address(s.RecipientID, s.RecipientUserID), pack(d)}
}

// other is an event of a kind we only record; the same one twice has the same id.
func other(account string, raw json.RawMessage) Event {
	sum := sha256.Sum256(append([]byte(account+"\n"), raw...))
	return Event{"other:" + hex.EncodeToString(sum[:]), models.EventOther, "", bytes.Clone(raw)}
}

func pack(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		// Strings and valid raw JSON always encode; anything else is a fault of this package.
		panic(fmt.Sprintf("whatsapp: encode %T: %v", v, err))
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
