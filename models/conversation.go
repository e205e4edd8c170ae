package models

import (
	"database/sql/driver"
	"encoding/json"
	"time"
)

// Conversation is the thread with one contact. State is the saved dialogue (a chat.State as JSON);
// Version counts its changes so that no turn overwrites another.
type Conversation struct {
	ID        ID `gorm:"primaryKey"`
	ContactID ID
	Language  Language
	State     json.RawMessage `gorm:"type:jsonb"`
	Version   int64
	// HumanUntil is set while staff have the conversation: the bot answers nothing before it (rule 5).
	HumanUntil *time.Time
	// AssigneeID is who of the salon took it over; nil while nobody in particular has it.
	AssigneeID *ID
	// SilencedSeq is set whenever human mode ends: replies said up to then are void for ever.
	SilencedSeq int64
	// LastInboundAt opens WhatsApp's 24-hour window (W15).
	LastInboundAt *time.Time
	LastMessageAt *time.Time
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// Human tells whether staff hold the conversation at the given business time.
func (c Conversation) Human(now time.Time) bool {
	return c.HumanUntil != nil && now.Before(*c.HumanUntil)
}

// Holder is who of the salon has the conversation at the given business time; nil: nobody in particular.
func (c Conversation) Holder(now time.Time) *ID {
	if !c.Human(now) {
		return nil
	}
	return c.AssigneeID
}

// Silences tells whether a message may not be sent because people have, or had, the conversation since
// it was said (rule 5). Only replies are ever silenced: those said before or while staff hold the
// conversation, even when they are sent later because the channel was away.
func (c Conversation) Silences(m Message, now time.Time) bool {
	if m.Class != ClassReply {
		return false
	}
	return c.Human(now) || m.Seq <= c.SilencedSeq || c.HumanUntil != nil && m.CreatedAt.Before(*c.HumanUntil)
}

// Window is how long after the customer's last message free text is allowed (W15).
const Window = 24 * time.Hour

// WindowEnds is when free text is no longer allowed; the zero time when the customer never wrote.
func (c Conversation) WindowEnds() time.Time {
	if c.LastInboundAt == nil {
		return time.Time{}
	}
	return c.LastInboundAt.Add(Window)
}

// Direction of a message.
type Direction string

// In from the customer, Out to the customer.
const (
	In  Direction = "in"
	Out Direction = "out"
)

// MessageClass says what may carry a message out while staff hold the conversation (rule 5).
type MessageClass string

// Classes of messages. Replies are silenced in human mode; receipts, hand-off announcements and
// staff's own words are not. Notices go to the salon's people, never to customers.
const (
	ClassInbound MessageClass = "inbound"
	ClassReply   MessageClass = "reply"
	ClassReceipt MessageClass = "receipt"
	ClassHandoff MessageClass = "handoff"
	ClassStaff   MessageClass = "staff"
	ClassNotice  MessageClass = "notice"
)

// MessageStatus is where a message stands.
type MessageStatus string

// Inbound: received → handled. Outbound: queued → sending → sent → delivered → read, or failed, or
// suppressed (human mode). Delivery never goes backwards.
const (
	Received   MessageStatus = "received"
	Handled    MessageStatus = "handled"
	Queued     MessageStatus = "queued"
	Sending    MessageStatus = "sending"
	Sent       MessageStatus = "sent"
	Delivered  MessageStatus = "delivered"
	Read       MessageStatus = "read"
	Failed     MessageStatus = "failed"
	Suppressed MessageStatus = "suppressed"
)

// Rank orders delivery: a status may only be replaced by one of a higher rank.
func (s MessageStatus) Rank() int {
	switch s {
	case Queued:
		return 1
	case Sending:
		return 2
	case Sent:
		return 3
	case Delivered:
		return 4
	case Read:
		return 5
	case Failed, Suppressed:
		return 6
	default:
		return 0
	}
}

// Message is one bubble, either way. Seq is the ingest order and decides the order within a
// conversation; timestamps do not.
type Message struct {
	ID             ID    `gorm:"primaryKey"`
	Seq            int64 `gorm:"->"`
	ConversationID ID
	Direction      Direction
	Class          MessageClass
	Status         MessageStatus
	Content        Content
	Language       Language
	ProviderID     *string // the channel's message id
	Cause          string  // what made us say it: "turn", "payment.link" …; empty for inbound
	DedupeKey      *string // unique: the same thing is never said twice
	JobID          *int64  // the job that is sending it
	SendingSince   *time.Time
	Attempts       int
	ErrorCode      string
	ErrorDetail    string
	CreatedAt      time.Time // business time
	HandledAt      *time.Time
	SentAt         *time.Time
	DeliveredAt    *time.Time
	ReadAt         *time.Time
	StaffID        *ID // who wrote it, for ClassStaff
}

// CauseElsewhere marks what a person wrote with another tool than the console.
const CauseElsewhere = "elsewhere"

// Elsewhere tells whether a person wrote it with another tool than the console.
func (m Message) Elsewhere() bool { return m.Class == ClassStaff && m.Cause == CauseElsewhere }

// ContentKind is the shape of a message's content.
type ContentKind string

// Shapes of content.
const (
	KindText        ContentKind = "text"
	KindButtons     ContentKind = "buttons"
	KindList        ContentKind = "list"
	KindTemplate    ContentKind = "template"
	KindImage       ContentKind = "image"
	KindButtonReply ContentKind = "button_reply" // inbound tap
	KindListReply   ContentKind = "list_reply"   // inbound tap
	KindMedia       ContentKind = "media"        // inbound image, audio, document, location …
	KindReaction    ContentKind = "reaction"
	KindUnsupported ContentKind = "unsupported"
)

// Option is a button or a list row the customer may choose.
type Option struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// Content is what a message says, without any channel's wire format.
type Content struct {
	Kind      ContentKind `json:"kind"`
	Text      string      `json:"text,omitempty"`
	Options   []Option    `json:"options,omitempty"`
	ListLabel string      `json:"list_label,omitempty"` // the word on the button that opens a list
	URL       string      `json:"url,omitempty"`        // payment or page link carried by the text
	// ReplyID and ReplyTitle are what the customer tapped.
	ReplyID    string `json:"reply_id,omitempty"`
	ReplyTitle string `json:"reply_title,omitempty"`
	MediaType  string `json:"media_type,omitempty"`
	MediaID    string `json:"media_id,omitempty"`
	// Cut tells that the channel brought more text than is kept.
	Cut bool `json:"cut,omitempty"`
	// Template is what to send when the 24-hour window is closed; nil: only inside the window.
	Template *Template `json:"template,omitempty"`
}

// Template names an approved WhatsApp template and its body's values in order.
type Template struct {
	Name     string   `json:"name"`
	Language Language `json:"language"`
	Values   []string `json:"values"`
}

// Value stores the content as JSON.
func (c Content) Value() (driver.Value, error) { return toJSON(c) }

// Scan reads the content from JSON.
func (c *Content) Scan(src any) error { return fromJSON(src, c) }

// ConversationEventKind is what happened to a conversation beside its messages: a closed list.
type ConversationEventKind string

// Kinds of events.
const (
	ConversationCaseOpened   ConversationEventKind = "case_opened"
	ConversationTakenOver    ConversationEventKind = "taken_over"
	ConversationHandedBack   ConversationEventKind = "handed_back"
	ConversationExpired      ConversationEventKind = "expired"
	ConversationCaseResolved ConversationEventKind = "case_resolved"
	ConversationCaseReopened ConversationEventKind = "case_reopened"
	// A person answered, or gave the conversation back, with another tool than the console.
	ConversationAnsweredElsewhere  ConversationEventKind = "answered_elsewhere"
	ConversationGivenBackElsewhere ConversationEventKind = "given_back_elsewhere"
)

// ConversationEvent is a line of a transcript that nobody wrote. Seq lies in one order with messages
// and notes.
type ConversationEvent struct {
	ID             ID    `gorm:"primaryKey"`
	Seq            int64 `gorm:"->"`
	ConversationID ID
	Kind           ConversationEventKind
	StaffID        *ID // who did it; nil: the product by itself
	FromStaffID    *ID // whom it was taken from
	CaseID         *ID
	At             time.Time // business time
}

// ConversationNote is what colleagues tell each other about a conversation. It never leaves the house.
type ConversationNote struct {
	ID             ID    `gorm:"primaryKey"`
	Seq            int64 `gorm:"->"`
	ConversationID ID
	StaffID        ID
	Body           string
	DedupeKey      string
	CreatedAt      time.Time // business time
}
