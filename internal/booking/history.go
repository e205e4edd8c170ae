package booking

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"frontdesk/models"
)

// HistoryPage is how many visits a history shows unless more are asked for.
const HistoryPage = 5

// History lists the visits that a person has had, newest first and with lines: the last n, HistoryPage of
// them when n is 0. A visit that is over and not marked yet counts; those that nobody came to do not.
func (d *Diary) History(ctx context.Context, customerID models.ID, n int) ([]models.Appointment, error) {
	var rows []models.Appointment
	err := d.withLines(ctx).Scopes(d.had(customerID)).Order("starts_at DESC, id DESC").Limit(orPolicy(n, HistoryPage)).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read customer's history: %w", err)
	}
	return rows, nil
}

// Usual is the visit that "the usual" means, with lines: the last completed one that the customer
// booked for themselves alone and paid for, else the last such that is over and not marked; false when
// there is none.
func (d *Diary) Usual(ctx context.Context, customerID models.ID) (models.Appointment, bool, error) {
	var rows []models.Appointment
	err := d.withLines(ctx).Scopes(d.had(customerID)).
		Where("booked_by_id = customer_id AND group_id IS NULL AND for_name = '' AND total_minor > 0").
		Order("status = 'completed' DESC, starts_at DESC, id DESC").Limit(1).Find(&rows).Error
	if err != nil {
		return models.Appointment{}, false, fmt.Errorf("read customer's usual: %w", err)
	}
	if len(rows) == 0 {
		return models.Appointment{}, false, nil
	}
	return rows[0], true, nil
}

func (d *Diary) had(customerID models.ID) func(*gorm.DB) *gorm.DB {
	return func(q *gorm.DB) *gorm.DB {
		return q.Where("customer_id = ? AND (status = 'completed' OR status = 'confirmed' AND ends_at <= ?)", customerID, d.clock.Now())
	}
}
