package audit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Query selects entries; zero fields select all.
type Query struct {
	SubjectKind, SubjectID string
	SubjectIDs             []string // any of them
	Actor, Action          string
	Actions                []string  // any of them
	From, To               time.Time // machine time, half-open
	BeforeID               int64     // only entries older than this one
	AfterID                int64     // only entries newer than this one: the oldest of them are taken
	Limit                  int       // at most; 0 takes 50
}

// Entries are the newest entries of a query, newest first.
func (l *Log) Entries(ctx context.Context, q Query) ([]models.AuditEntry, error) {
	find := l.db.On(ctx).Model(&models.AuditEntry{})
	for column, value := range map[string]string{
		"subject_kind": q.SubjectKind, "subject_id": q.SubjectID, "actor": q.Actor, "action": q.Action,
	} {
		if value != "" {
			find = find.Where(column+" = ?", value)
		}
	}
	if len(q.SubjectIDs) > 0 {
		find = find.Where("subject_id IN ?", q.SubjectIDs)
	}
	if len(q.Actions) > 0 {
		find = find.Where("action IN ?", q.Actions)
	}
	if !q.From.IsZero() {
		find = find.Where("at >= ?", q.From)
	}
	if !q.To.IsZero() {
		find = find.Where("at < ?", q.To)
	}
	if q.Limit <= 0 {
		q.Limit = 50
	}
	var rows []models.AuditEntry
	if err := q.page(find).Limit(q.Limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	if q.AfterID > 0 {
		slices.Reverse(rows)
	}
	return rows, nil
}

// page puts the rows in order and takes up at a place. Days are read along the index of times, anything
// else along ids: either way the cost is that of the page, not of the log.
func (q Query) page(find *gorm.DB) *gorm.DB {
	place, here, older, newer := "id", "?", "id DESC", "id"
	if !q.From.IsZero() || !q.To.IsZero() {
		place, here, older, newer = "(at, id)", "(SELECT at, id FROM audit_log WHERE id = ?)", "at DESC, id DESC", "at, id"
	}
	if q.BeforeID > 0 {
		find = find.Where(place+" < "+here, q.BeforeID)
	}
	if q.AfterID > 0 {
		return find.Where(place+" > "+here, q.AfterID).Order(newer)
	}
	return find.Order(older)
}

// Link is an entry with its place in the chain.
type Link struct {
	models.AuditEntry
	Position int64  // from 1, in the order of the commits
	Hash     string // hex
}

// Entry reads one entry with its link. Fault: audit.no_entry.
func (l *Log) Entry(ctx context.Context, id int64) (Link, error) {
	var row struct {
		models.AuditEntry
		Position int64
		Hash     []byte
	}
	err := l.db.On(ctx).Raw(`SELECT e.*, c.position, c.hash FROM audit_log e JOIN audit_chain c ON c.entry_id = e.id WHERE e.id = ?`, id).
		Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Link{}, fault.NotFound("audit.no_entry")
	}
	if err != nil {
		return Link{}, fmt.Errorf("read audit entry: %w", err)
	}
	return Link{AuditEntry: row.AuditEntry, Position: row.Position, Hash: hex.EncodeToString(row.Hash)}, nil
}

// Words are what entries can be asked for by.
type Words struct{ Actors, Actions, SubjectKinds []string }

// Words reads the actors, actions and kinds of subject that the log holds, in order. Each costs as many
// steps along its index as there are words, however long the log is.
func (l *Log) Words(ctx context.Context) (Words, error) {
	var out Words
	for column, into := range map[string]*[]string{"actor": &out.Actors, "action": &out.Actions, "subject_kind": &out.SubjectKinds} {
		err := l.db.On(ctx).Raw(strings.ReplaceAll(`
			WITH RECURSIVE words AS (
				(SELECT @column AS word FROM audit_log ORDER BY @column LIMIT 1)
				UNION ALL
				SELECT (SELECT @column FROM audit_log WHERE @column > words.word ORDER BY @column LIMIT 1) FROM words WHERE words.word IS NOT NULL
			) SELECT word FROM words WHERE word IS NOT NULL LIMIT 500`, "@column", column)).Scan(into).Error
		if err != nil {
			return Words{}, fmt.Errorf("read words of audit log: %w", err)
		}
	}
	return out, nil
}

// Verdict is what a verification of the chain found.
type Verdict struct {
	Entries int64  // how many links were checked
	Head    string // the last link's hash, hex: whoever keeps it elsewhere can prove later that nothing before it changed
	// BrokenAt is the entry at which the chain does not hold: changed, removed, or put in between; 0 when
	// it holds.
	BrokenAt int64
}

// Verify computes the whole chain anew and finds the first link that does not hold, down to one
// changed byte.
func (l *Log) Verify(ctx context.Context) (Verdict, error) {
	var found struct {
		Links    int64
		Head     []byte
		BrokenAt int64
	}
	err := l.db.On(ctx).Raw(`
		WITH links AS (
			SELECT c.position, c.entry_id, c.hash, row_number() OVER w AS place,
			       audit_link(coalesce(lag(c.hash) OVER w, ''::bytea), e) AS expected
			FROM audit_chain c LEFT JOIN audit_log e ON e.id = c.entry_id
			WINDOW w AS (ORDER BY c.position)
		), unlinked AS (
			SELECT e.id FROM audit_log e WHERE NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.entry_id = e.id) ORDER BY e.id LIMIT 1
		)
		SELECT (SELECT count(*) FROM links) AS links,
		       (SELECT hash FROM links ORDER BY position DESC LIMIT 1) AS head,
		       coalesce((SELECT entry_id FROM links WHERE hash <> expected OR place <> position ORDER BY position LIMIT 1),
		                (SELECT id FROM unlinked), 0) AS broken_at`).Scan(&found).Error
	if err != nil {
		return Verdict{}, fmt.Errorf("verify audit log: %w", err)
	}
	return Verdict{Entries: found.Links, Head: hex.EncodeToString(found.Head), BrokenAt: found.BrokenAt}, nil
}
