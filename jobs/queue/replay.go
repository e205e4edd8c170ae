package queue

import "github.com/riverqueue/river"

// Replay measures what a change of words or policies did to understanding (R-1119).
type Replay struct {
	AuditID int64 `json:"audit_id"`
}

// Kind is how the console and the dead letters name it.
func (Replay) Kind() string { return "chat.replay" }

// InsertOpts is its retry policy.
func (Replay) InsertOpts() river.InsertOpts { return opts(attemptsOwn) }
