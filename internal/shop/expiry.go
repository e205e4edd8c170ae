package shop

import (
	"context"
	"fmt"

	"frontdesk/models"
)

// sweepMost is how many rows of a kind one sweep ends: the next one is soon.
const sweepMost = 500

// ExpireCarts ends the carts that nobody changed for CART_TTL_DAYS and tells how many. A cart that is
// being changed is left to whoever changes it. Safe to run at once in several processes.
func (s *Shop) ExpireCarts(ctx context.Context) (int, error) {
	now := s.clock.Now()
	done := s.db.On(ctx).Exec(`UPDATE carts SET status = ?, updated_at = ? WHERE id IN (SELECT id FROM carts
		WHERE status = ? AND expires_at <= ? ORDER BY expires_at LIMIT ? FOR NO KEY UPDATE SKIP LOCKED)`,
		models.CartAbandoned, now, models.CartActive, now, sweepMost)
	if done.Error != nil {
		return 0, fmt.Errorf("expire carts: %w", done.Error)
	}
	return int(done.RowsAffected), nil
}

// ForgetSessions removes the sessions and the keys whose time is over. A session stays as long as a cart of it
// is open; carts that have ended stay without it.
func (s *Shop) ForgetSessions(ctx context.Context) error {
	now := s.clock.Machine()
	err := s.db.On(ctx).Exec(`DELETE FROM shop_sessions WHERE id = ANY (ARRAY(SELECT id FROM shop_sessions s WHERE expires_at <= ?
		AND NOT EXISTS (SELECT FROM carts WHERE session_id = s.id AND status = 'active')
		ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED))`, now, sweepMost).Error
	if err != nil {
		return fmt.Errorf("forget sessions: %w", err)
	}
	err = s.db.On(ctx).Exec(`DELETE FROM cart_keys WHERE (owner_id, key) IN (SELECT owner_id, key FROM cart_keys
		WHERE expires_at <= ? ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)`, now, sweepMost).Error
	if err != nil {
		return fmt.Errorf("forget keys: %w", err)
	}
	return nil
}
