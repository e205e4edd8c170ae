package handoff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

// MaxNote is how many characters a private note may have.
const MaxNote = 2000

// note adds a line to the record of a conversation.
func (d *Desk) note(ctx context.Context, e models.ConversationEvent) error {
	e.ID = models.NewID()
	if e.At.IsZero() {
		e.At = d.clock.Now()
	}
	if err := d.db.On(ctx).Create(&e).Error; err != nil {
		return fmt.Errorf("note %s: %w", e.Kind, err)
	}
	return nil
}

// Note is what one colleague leaves for the others. Key comes with the form: the same words with the
// same key are kept once in a conversation. Without a key they are kept each time.
type Note struct {
	ConversationID models.ID
	StaffID        models.ID
	Body           string
	Key            string
}

// Write keeps a private note. It is no message: nothing sends it. The audit log holds its id alone.
// Faults: handoff.note (field "body") when it is empty or longer than MaxNote, thread.no_conversation.
func (d *Desk) Write(ctx context.Context, n Note) (models.ConversationNote, error) {
	if n.Key == "" {
		n.Key = models.NewID().String()
	}
	row := models.ConversationNote{
		ID: models.NewID(), ConversationID: n.ConversationID, StaffID: n.StaffID, Body: strings.TrimSpace(n.Body),
		DedupeKey: fmt.Sprintf("%s:%s:%s:%s", n.StaffID, n.ConversationID, n.Key, digest(n.Body)), CreatedAt: d.clock.Now(),
	}
	switch length := utf8.RuneCountInString(row.Body); {
	case length == 0:
		return row, fault.Invalid("handoff.note", map[string]string{"body": "handoff.note.empty"})
	case length > MaxNote:
		return row, fault.Invalid("handoff.note", map[string]string{"body": "handoff.note.long"})
	}
	err := d.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := d.thread.Conversation(ctx, n.ConversationID); err != nil {
			return err
		}
		done := d.db.On(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "dedupe_key"}}, DoNothing: true}).Create(&row)
		if done.Error != nil {
			return fmt.Errorf("keep note: %w", done.Error)
		}
		if done.RowsAffected == 0 {
			return d.kept(ctx, &row)
		}
		d.redis.Changed(ctx, redisstore.TopicConversations, n.ConversationID.String())
		return d.log.Record(ctx, audit.Entry{
			Actor: actorOf(n.StaffID), Action: "conversation.noted", SubjectKind: "conversation", SubjectID: n.ConversationID.String(),
			Detail: map[string]any{"note": row.ID.String()},
		})
	})
	return row, err
}

// kept reads the note that was written before in place of the one that says the same.
func (d *Desk) kept(ctx context.Context, row *models.ConversationNote) error {
	var earlier models.ConversationNote // a fresh one: GORM would look for the id of row
	if err := d.db.On(ctx).Where("dedupe_key = ?", row.DedupeKey).Take(&earlier).Error; err != nil {
		return fmt.Errorf("read note written before: %w", err)
	}
	*row = earlier
	return nil
}

// Record is what stands in a transcript beside the messages, each in order of seq.
type Record struct {
	Events []models.ConversationEvent
	Notes  []models.ConversationNote
}

// recordPage bounds what one page of a transcript shows beside its messages.
const recordPage = 200

// Record reads what happened to a conversation between two places of its order, the first included and
// the second not; 0 leaves an end open. The newest of each kind come first where there are too many.
func (d *Desk) Record(ctx context.Context, conversationID models.ID, from, to int64) (r Record, err error) {
	where := "conversation_id = ? AND seq >= ? AND (? = 0 OR seq < ?)"
	q := d.db.On(ctx).Where(where, conversationID, from, to, to).Order("seq DESC").Limit(recordPage)
	if err := q.Find(&r.Events).Error; err != nil {
		return r, fmt.Errorf("read events of conversation: %w", err)
	}
	q = d.db.On(ctx).Where(where, conversationID, from, to, to).Order("seq DESC").Limit(recordPage)
	if err := q.Find(&r.Notes).Error; err != nil {
		return r, fmt.Errorf("read notes of conversation: %w", err)
	}
	slices.Reverse(r.Events)
	slices.Reverse(r.Notes)
	return r, nil
}

// Notes are the newest private notes of a conversation, newest first.
func (d *Desk) Notes(ctx context.Context, conversationID models.ID) ([]models.ConversationNote, error) {
	var notes []models.ConversationNote
	err := d.db.On(ctx).Where("conversation_id = ?", conversationID).Order("seq DESC").Limit(recordPage).Find(&notes).Error
	if err != nil {
		return nil, fmt.Errorf("read notes of conversation: %w", err)
	}
	return notes, nil
}

// Read says in the audit log that somebody read a conversation, once a person, conversation and day of
// machine time (R-1016).
func (d *Desk) Read(ctx context.Context, reader string, conversationID models.ID) error {
	return d.db.InTx(ctx, func(ctx context.Context) error {
		done := d.db.On(ctx).Exec(`INSERT INTO conversation_reads (reader, conversation_id, day) VALUES (?, ?, ?)
			ON CONFLICT DO NOTHING`, reader, conversationID, d.clock.Machine().UTC().Format("2006-01-02"))
		if done.Error != nil {
			return fmt.Errorf("note reading of conversation: %w", done.Error)
		}
		if done.RowsAffected == 0 {
			return nil
		}
		return d.log.Record(ctx, audit.Entry{
			Actor: reader, Action: "conversation.read", SubjectKind: "conversation", SubjectID: conversationID.String(),
		})
	})
}
