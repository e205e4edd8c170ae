package notify

import (
	"context"
	"fmt"

	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

// Unseen keeps of notices those that nobody has marked as seen.
func Unseen(notices []models.Notice) []models.Notice {
	var out []models.Notice
	for _, n := range notices {
		if n.SeenAt == nil {
			out = append(out, n)
		}
	}
	return out
}

// Seen marks a stylist's notice as seen. Somebody else's notice, and one seen before, stay as they are.
func (p *Post) Seen(ctx context.Context, id, stylistID models.ID) error {
	update := p.db.On(ctx).Model(&models.Notice{}).Where("id = ? AND stylist_id = ? AND seen_at IS NULL", id, stylistID).
		Update("seen_at", p.clock.Now())
	if update.Error != nil {
		return fmt.Errorf("mark notice as seen: %w", update.Error)
	}
	if update.RowsAffected > 0 {
		p.redis.Changed(ctx, redisstore.TopicNotices, id.String())
	}
	return nil
}
