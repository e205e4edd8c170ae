// Package audit owns the append-only log of who did what. Personal data is referenced by id, never
// copied into it. The database refuses to change or remove a line.
package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/models"
)

// Log writes entries.
type Log struct {
	db    *database.DB
	clock clock.Clock
}

// New makes a log on the database.
func New(db *database.DB, c clock.Clock) *Log { return &Log{db: db, clock: c} }

// Entry is what happened. Detail must hold no personal data and no secret.
type Entry struct {
	Actor       string // "staff:<id>", "machine", "system"
	Action      string // "session.opened", "token.issued", …
	SubjectKind string
	SubjectID   string
	Detail      map[string]any
	RequestID   string
}

// Record appends an entry, inside the transaction on the context when there is one.
func (l *Log) Record(ctx context.Context, e Entry) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil || e.Detail == nil {
		detail = []byte("{}")
	}
	row := models.AuditEntry{
		At: l.clock.Machine(), Actor: e.Actor, Action: e.Action,
		SubjectKind: e.SubjectKind, SubjectID: e.SubjectID, Detail: detail, RequestID: e.RequestID,
	}
	if err := l.db.On(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	return nil
}
