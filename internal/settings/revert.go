package settings

import (
	"context"
	"fmt"

	"frontdesk/models"
)

// Revert takes back what staff changed, for stand-ins and scenarios that promise the salon as it came:
// each policy goes back to its default, and its history says so like any other change. Policies that
// programs have set stay. Faults as of Change.
func (s *Store) Revert(ctx context.Context, by, reason string) error {
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		var keys []string
		err := s.db.On(ctx).Model(&models.Setting{}).Where("key IN ? AND updated_by LIKE 'staff:%'", Keys()).
			Order("key").Pluck("key", &keys).Error
		if err != nil {
			return fmt.Errorf("read edited policies: %w", err)
		}
		if len(keys) == 0 {
			return nil
		}
		changes := make([]Change, len(keys))
		for i, key := range keys {
			changes[i].Key = key
		}
		_, err = s.Change(ctx, Edit{Changes: changes, Actor: by, Reason: reason})
		return err
	})
	if err != nil {
		return fmt.Errorf("revert policies: %w", err)
	}
	return nil
}
