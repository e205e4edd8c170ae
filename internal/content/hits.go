package content

import (
	"context"
	"fmt"

	"frontdesk/models"
)

// Answered notes that a question was answered with one of the salon's answers, and where.
func (l *Library) Answered(ctx context.Context, key string, conversationID models.ID, lang models.Language) error {
	err := l.db.On(ctx).Exec("INSERT INTO faq_hits (id, faq_key, language, conversation_id, created_at) VALUES (?, ?, ?, ?, ?)",
		models.NewID(), key, lang, conversationID, l.clock.Now()).Error
	if err != nil {
		return fmt.Errorf("note answer given: %w", err)
	}
	return nil
}
