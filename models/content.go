package models

import (
	"database/sql/driver"
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

// MessageText is an editable wording of the product: a chat text (channel "chat"), an approved WhatsApp
// template ("template"), or a template of the web ("web"). Values are placeholders in declared order.
type MessageText struct {
	ID       ID `gorm:"primaryKey"`
	Key      string
	Language Language
	Channel  string
	Body     string
	Footer   string  // of WhatsApp templates, as the buttons
	Buttons  Strings // quick replies
	Values   Strings
	Samples  Text     // what values read like, by name; the product's own samples where there are none
	Active   bool     // a chat text that is not speaks the standard; a template that is not is not sent
	Version  int      `gorm:"default:1"`       // counts the saves
	Approval Approval `gorm:"default:unknown"` // of templates
	Draft    string   // of templates: the wording that waits for Meta; empty when none does
	// The rest of a draft.
	DraftFooter  string
	DraftButtons Strings
	RemovedAt    *time.Time // taken out: it is as if it were not there
	UpdatedBy    string     `gorm:"default:system"`
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Approval is what Meta said last about a template, as far as anybody told us.
type Approval string

// Approvals. Templates that are paused or rejected are not sent.
const (
	ApprovalUnknown  Approval = "unknown"
	ApprovalApproved Approval = "approved"
	ApprovalPaused   Approval = "paused"
	ApprovalRejected Approval = "rejected"
)

// Approvals lists them in the order pages show them.
func Approvals() []Approval {
	return []Approval{ApprovalUnknown, ApprovalApproved, ApprovalPaused, ApprovalRejected}
}

// Stops tells whether a template of this approval may not be sent.
func (a Approval) Stops() bool { return a == ApprovalPaused || a == ApprovalRejected }

// FAQ is a question the salon answers in three languages. Phrases are wordings that ask it.
type FAQ struct {
	ID        ID `gorm:"primaryKey"`
	Key       string
	Phrases   Words
	Answers   Text
	URL       string
	Active    bool
	Version   int    `gorm:"default:1"` // counts the saves
	UpdatedBy string `gorm:"default:system"`
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName keeps GORM from guessing the plural.
func (FAQ) TableName() string { return "faqs" }

// WordingKind is what kind of wording a version belongs to.
type WordingKind string

// Kinds of wordings.
const (
	WordingChat     WordingKind = "chat"
	WordingTemplate WordingKind = "template"
	WordingWeb      WordingKind = "web"
	WordingFAQ      WordingKind = "faq"
)

// WordingVersion is what a wording said after one save.
type WordingVersion struct {
	Kind     WordingKind `gorm:"primaryKey"`
	Key      string      `gorm:"primaryKey"`
	Language Language    `gorm:"primaryKey"` // empty for FAQs, which are saved in all languages at once
	Version  int         `gorm:"primaryKey"`
	Content  WordingContent
	Actor    string
	Reason   string
	At       time.Time // machine time
}

// WordingContent is the wording itself: Body of chat texts and templates, the rest of its kind.
type WordingContent struct {
	Body     string   `json:"body,omitempty"`
	Standard bool     `json:"standard,omitempty"` // back to the product's own wording, which Body repeats
	Draft    string   `json:"draft,omitempty"`
	Footer   string   `json:"footer,omitempty"`  // with Buttons of the draft, where there is one
	Buttons  Strings  `json:"buttons,omitempty"` // likewise
	Values   Strings  `json:"values,omitempty"`
	Samples  Text     `json:"samples,omitempty"`
	Removed  bool     `json:"removed,omitempty"`
	Approval Approval `json:"approval,omitempty"`
	Phrases  Words    `json:"phrases,omitempty"`
	Answers  Text     `json:"answers,omitempty"`
	URL      string   `json:"url,omitempty"`
	Active   bool     `json:"active,omitempty"`
}

// Value stores the content as JSON.
func (w WordingContent) Value() (driver.Value, error) { return toJSON(w) }

// Scan reads the content from JSON.
func (w *WordingContent) Scan(src any) error { return fromJSON(src, w) }

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
