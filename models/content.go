package models

import (
	"encoding/json"
	"time"
)

// Setting is one policy or switch, editable at run time (scenarios section 1).
type Setting struct {
	Key       string          `gorm:"primaryKey"`
	Value     json.RawMessage `gorm:"type:jsonb"`
	UpdatedAt time.Time
	UpdatedBy string
}

// MessageText is an editable wording of the product: a chat text (channel "chat"), or an approved
// WhatsApp template (channel "template"). Values are placeholders in declared order.
type MessageText struct {
	ID        ID `gorm:"primaryKey"`
	Key       string
	Language  Language
	Channel   string
	Body      string
	Values    Strings
	Active    bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

// FAQ is a question the salon answers in three languages. Phrases are wordings that ask it.
type FAQ struct {
	ID        ID `gorm:"primaryKey"`
	Key       string
	Phrases   Words
	Answers   Text
	URL       string
	Active    bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName keeps GORM from guessing the plural.
func (FAQ) TableName() string { return "faqs" }

// AuditEntry is one line of the append-only log: who did what to which thing. Personal data is
// referenced by id, never copied.
type AuditEntry struct {
	ID          int64     `gorm:"primaryKey;->"`
	At          time.Time // machine time
	Actor       string
	Action      string
	SubjectKind string
	SubjectID   string
	Detail      json.RawMessage `gorm:"type:jsonb"`
	Before      json.RawMessage `gorm:"type:jsonb"` // nil: the entry is no change
	After       json.RawMessage `gorm:"type:jsonb"`
	Reason      string          // in the words of whoever did it
	RequestID   string
}

// TableName keeps GORM from guessing the plural.
func (AuditEntry) TableName() string { return "audit_log" }
