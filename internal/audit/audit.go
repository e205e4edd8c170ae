// Package audit owns the append-only log of who did what. Personal data is referenced by id, never
// copied into it. The database refuses to change or remove a line.
package audit

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/logging"
	"frontdesk/models"
)

// Log writes entries.
type Log struct {
	db    *database.DB
	clock clock.Clock
}

// New makes a log on the database.
func New(db *database.DB, c clock.Clock) *Log { return &Log{db: db, clock: c} }

// Entry is what happened. Detail, Before and After hold no personal data and no secret: persons stand
// there by their id.
type Entry struct {
	Actor       string // "staff:<id>", "machine", "system"
	Action      string // "session.opened", "service.changed", …
	SubjectKind string
	SubjectID   string
	Detail      map[string]any
	// Before and After are the values that changed, under their names. Only what differs is kept; both
	// nil: the entry is no change.
	Before, After map[string]any
	Reason        string // in the words of whoever did it; never a customer's
	RequestID     string // empty: the one on the context
}

// Record appends an entry, inside the transaction on the context when there is one; it becomes a link
// of the chain when that commits.
func (l *Log) Record(ctx context.Context, e Entry) error {
	_, err := l.Numbered(ctx, e)
	return err
}

// Numbered is Record that also tells the entry's id.
func (l *Log) Numbered(ctx context.Context, e Entry) (int64, error) {
	before, after := differing(e.Before, e.After)
	row := models.AuditEntry{
		At: l.clock.Machine(), Actor: e.Actor, Action: e.Action, SubjectKind: e.SubjectKind, SubjectID: e.SubjectID,
		Reason: e.Reason, RequestID: cmp.Or(e.RequestID, logging.Request(ctx)),
	}
	var err error
	if row.Detail, err = asJSON(e.Detail); err == nil && row.Detail == nil {
		row.Detail = json.RawMessage("{}")
	}
	if err == nil {
		row.Before, err = asJSON(before)
	}
	if err == nil {
		row.After, err = asJSON(after)
	}
	if err == nil {
		err = l.db.On(ctx).Create(&row).Error
	}
	if err != nil {
		return 0, fmt.Errorf("record %s: %w", e.Action, err)
	}
	return row.ID, nil
}

// differing keeps the names whose values differ; a name that stands on one side only is a difference.
func differing(before, after map[string]any) (was, is map[string]any) {
	if before == nil && after == nil {
		return nil, nil
	}
	was, is = map[string]any{}, map[string]any{}
	for name, value := range before {
		if now, there := after[name]; !there || !same(value, now) {
			was[name] = value
		}
	}
	for name, value := range after {
		if old, there := before[name]; !there || !same(old, value) {
			is[name] = value
		}
	}
	return was, is
}

// same compares values as the log writes them.
func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func asJSON(values map[string]any) (json.RawMessage, error) {
	if values == nil {
		return nil, nil
	}
	return json.Marshal(values)
}
