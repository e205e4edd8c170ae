package booking

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// TimeBlock reads one stretch of closed time. Fault: booking.no_block.
func (d *Diary) TimeBlock(ctx context.Context, id models.ID) (models.TimeBlock, error) {
	var b models.TimeBlock
	err := d.db.On(ctx).Take(&b, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return b, fault.NotFound("booking.no_block")
	}
	if err != nil {
		return b, fmt.Errorf("read block: %w", err)
	}
	return b, nil
}
