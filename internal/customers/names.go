package customers

import (
	"context"
	"fmt"

	"frontdesk/models"
)

// Names are the full names of customers; whoever has none, or is not there, is left out.
func (r *Registry) Names(ctx context.Context, ids []models.ID) (map[models.ID]string, error) {
	out := map[models.ID]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []models.Customer
	if err := r.db.On(ctx).Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("name customers: %w", err)
	}
	for _, c := range rows {
		if name := c.FullName(); name != "" {
			out[c.ID] = name
		}
	}
	return out, nil
}
