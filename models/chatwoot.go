package models

import (
	"encoding/json"
	"time"
)

// ChatwootStatus is where a conversation stands in Chatwoot. The assistant speaks in pending ones alone
// (H4).
type ChatwootStatus string

// Statuses of Chatwoot's conversations.
const (
	ChatwootPending  ChatwootStatus = "pending"
	ChatwootOpen     ChatwootStatus = "open"
	ChatwootResolved ChatwootStatus = "resolved"
	ChatwootSnoozed  ChatwootStatus = "snoozed"
)

// Peoples tells whether people have such a conversation.
func (s ChatwootStatus) Peoples() bool { return s == ChatwootOpen || s == ChatwootSnoozed }

// ChatwootPlace is a conversation as Chatwoot names it.
type ChatwootPlace struct {
	AccountID  int64          `json:"account_id"`
	ChatwootID int64          `json:"chatwoot_id"` // the number its own pages show
	Status     ChatwootStatus `json:"status"`
	UpdatedAt  time.Time      `json:"updated_at,omitzero"` // by Chatwoot's clock, when it stood so; zero: it did not say
}

// ChatwootConversation is where one of our conversations lies in Chatwoot. Status is what was last seen
// there, or set.
type ChatwootConversation struct {
	ConversationID ID `gorm:"primaryKey"`
	AccountID      int64
	ChatwootID     int64
	Status         ChatwootStatus
	UpdatedAt      *time.Time // of the newest event believed, by Chatwoot's clock
	SetAt          *time.Time // machine time at which we set Status last
}

// Outdates tells whether an event tells of an earlier time than what is known: another was believed since,
// or we set the status since. An event without a time is never outdated.
func (c ChatwootConversation) Outdates(at ChatwootPlace) bool {
	if at.UpdatedAt.IsZero() {
		return false
	}
	overtaken := c.UpdatedAt != nil && at.UpdatedAt.Before(*c.UpdatedAt)
	ours := c.SetAt != nil && at.ChatwootID == c.ChatwootID && at.UpdatedAt.Before(*c.SetAt)
	return overtaken || ours
}

// Echo is the payload of a stored echo event: what a person of the salon wrote to a customer with another
// tool, the business's own phone or Chatwoot.
type Echo struct {
	Channel    Channel         `json:"channel"`
	To         string          `json:"to"` // E.164
	ProviderID string          `json:"provider_id"`
	Content    Content         `json:"content"`
	At         time.Time       `json:"at,omitzero"` // when it was written; zero: the channel did not say
	Chatwoot   *ChatwootPlace  `json:"chatwoot,omitempty"`
	Raw        json.RawMessage `json:"raw"`
}

// PlaceChange is the payload of a stored event about a Chatwoot conversation whose status changed.
type PlaceChange struct {
	Place ChatwootPlace   `json:"place"`
	Raw   json.RawMessage `json:"raw"`
}
