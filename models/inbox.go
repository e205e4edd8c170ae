package models

import (
	"encoding/json"
	"time"
)

// Provider names who sent us an event.
type Provider string

// Providers whose events we store.
const (
	ProviderWhatsApp Provider = "whatsapp"
	ProviderStripe   Provider = "stripe"
	ProviderChatwoot Provider = "chatwoot"
)

// ProviderEvent is something a provider told us, stored before it is acknowledged. Provider
// and EventID together are unique: a duplicate is stored once.
type ProviderEvent struct {
	ID          ID    `gorm:"primaryKey"`
	Seq         int64 `gorm:"->"`
	Provider    Provider
	EventID     string
	Kind        string          // "message", "status", "other"; a Stripe event type
	Sender      string          // events of one sender are processed in order of Seq
	Payload     json.RawMessage `gorm:"type:jsonb"`
	ReceivedAt  time.Time
	ProcessedAt *time.Time
	Outcome     string // "message", "status", "ignored", "confirmed" …, "failed" when it was given up
	Failures    int    // how often processing it failed
}

// Kinds of events of the channels.
const (
	EventMessage = "message"
	EventStatus  = "status"
	EventEcho    = "echo"  // a person of the salon wrote with another tool
	EventPlace   = "place" // a conversation's status changed in Chatwoot
	EventOther   = "other"
)

// InboundMessage is the payload of a stored message event: what the adapter read from the channel's
// wire format, and the message as it came.
type InboundMessage struct {
	Channel     Channel         `json:"channel"`
	From        string          `json:"from"` // E.164
	ProfileName string          `json:"profile_name,omitempty"`
	ProviderID  string          `json:"provider_id"`
	Content     Content         `json:"content"`
	Chatwoot    *ChatwootPlace  `json:"chatwoot,omitempty"` // where it lies there
	Raw         json.RawMessage `json:"raw"`
}

// DeliveryStatus is the payload of a stored status event: what became of a message we sent.
type DeliveryStatus struct {
	ProviderID  string          `json:"provider_id"`
	Status      MessageStatus   `json:"status"`     // sent, delivered, read or failed
	MessageID   string          `json:"message_id"` // ours, echoed by the channel; may be empty
	ErrorCode   string          `json:"error_code,omitempty"`
	ErrorDetail string          `json:"error_detail,omitempty"`
	Raw         json.RawMessage `json:"raw"`
}
