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
)

// ProviderEvent is something a provider told us, stored before it is acknowledged. Provider
// and EventID together are unique: a duplicate is stored once.
type ProviderEvent struct {
	ID          ID    `gorm:"primaryKey"`
	Seq         int64 `gorm:"->"`
	Provider    Provider
	EventID     string
	Kind        string
	Payload     json.RawMessage `gorm:"type:jsonb"`
	ReceivedAt  time.Time
	ProcessedAt *time.Time
	Outcome     string // "message", "status", "ignored", "confirmed" …
}
