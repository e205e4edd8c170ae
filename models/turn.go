package models

import (
	"encoding/json"
	"time"
)

// Turn is how one message of a customer was read, what came of it and what it took (R-1215). It holds
// meanings and keys of texts; the customer's words stand in the messages from FirstSeq on. Names, phones and what is
// named in the customer's own words are not repeated; a meaning may hold the topic of a health question: personal
// data, kept as long as the conversation.
type Turn struct {
	ID             ID `gorm:"primaryKey"`
	ConversationID ID
	FirstSeq       int64
	Messages       int
	At             time.Time // business time
	Language       Language
	ReadBy         string          // "rules" or "model"
	Confidence     int             // in percent
	Meaning        json.RawMessage `gorm:"type:jsonb"` // what was understood, without what was not said
	StageBefore    string
	StageAfter     string
	Changed        json.RawMessage `gorm:"type:jsonb"` // of the state: field → TurnChange
	Actions        json.RawMessage `gorm:"type:jsonb"` // []TurnAction, in order
	// WaitedMS is from the message's arrival to its turn by business time; ReadMS and AnsweredMS by machine time.
	WaitedMS     int64 `gorm:"column:waited_ms"`
	ReadMS       int64 `gorm:"column:read_ms"`
	AnsweredMS   int64 `gorm:"column:answered_ms"`
	ModelOutcome string
	ModelMS      int64 `gorm:"column:model_ms"`
	InputTokens  int64
	OutputTokens int64
	CostMicros   int64
}

// TurnChange is a field of the state before and after.
type TurnChange struct {
	From json.RawMessage `json:"from,omitempty"`
	To   json.RawMessage `json:"to,omitempty"`
}

// TurnAction is something that was done: what, and with what.
type TurnAction struct {
	Do   string   `json:"do"`
	With []string `json:"with,omitempty"`
}
