package staff

import (
	"context"
	"fmt"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Query selects people; zero fields select all.
type Query struct {
	Role  models.Role
	State models.StaffState
	After models.ID // the last person of the page before
	Limit int       // at most; 0 takes 50
}

// Person is an account and how it is protected.
type Person struct {
	models.Staff
	Factors int
	Link    *models.Invitation // the open link; nil when there is none
}

// People lists accounts by name, a page at a time; more tells whether there are others after them.
func (r *Roster) People(ctx context.Context, q Query) (people []Person, more bool, err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	find := r.db.On(ctx).Model(&models.Staff{})
	if q.Role != "" {
		find = find.Where("role = ?", q.Role)
	}
	switch q.State {
	case models.StaffDisabled:
		find = find.Where("disabled_at IS NOT NULL")
	case models.StaffInvited:
		find = find.Where("disabled_at IS NULL AND password_hash = ''")
	case models.StaffActive:
		find = find.Where("disabled_at IS NULL AND password_hash <> ''")
	}
	if q.After != (models.ID{}) {
		find = find.Where("(lower(name), id) > (SELECT lower(name), id FROM staff WHERE id = ?)", q.After)
	}
	var rows []models.Staff
	if err := find.Order("lower(name), id").Limit(limit + 1).Find(&rows).Error; err != nil {
		return nil, false, fmt.Errorf("list staff: %w", err)
	}
	if len(rows) > limit {
		rows, more = rows[:limit], true
	}
	people, err = r.protected(ctx, rows)
	return people, more, err
}

// Person is one account. Fault: staff.no_person.
func (r *Roster) Person(ctx context.Context, id models.ID) (Person, error) {
	var rows []models.Staff
	if err := r.db.On(ctx).Where("id = ?", id).Limit(1).Find(&rows).Error; err != nil {
		return Person{}, fmt.Errorf("read staff: %w", err)
	}
	if len(rows) == 0 {
		return Person{}, fault.NotFound("staff.no_person")
	}
	people, err := r.protected(ctx, rows)
	if err != nil {
		return Person{}, err
	}
	return people[0], nil
}

// protected adds to accounts how many factors they have and whether a link is open.
func (r *Roster) protected(ctx context.Context, rows []models.Staff) ([]Person, error) {
	people, ids, at := make([]Person, len(rows)), make([]models.ID, len(rows)), map[models.ID]*Person{}
	for i, row := range rows {
		people[i].Staff, ids[i] = row, row.ID
		at[row.ID] = &people[i]
	}
	var factors []models.Factor
	if err := r.db.On(ctx).Select("staff_id").Where("staff_id IN ?", ids).Find(&factors).Error; err != nil {
		return nil, fmt.Errorf("read factors: %w", err)
	}
	for _, f := range factors {
		at[f.StaffID].Factors++
	}
	var links []models.Invitation
	err := r.db.On(ctx).Where("staff_id IN ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?", ids, r.clock.Machine()).Find(&links).Error
	if err != nil {
		return nil, fmt.Errorf("read invitations: %w", err)
	}
	for i := range links {
		at[links[i].StaffID].Link = &links[i]
	}
	return people, nil
}

// Stylists lists whose diaries an account may be given, in the order of the diary.
func (r *Roster) Stylists(ctx context.Context) ([]models.Stylist, error) {
	var rows []models.Stylist
	if err := r.db.On(ctx).Order("position, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list stylists: %w", err)
	}
	return rows, nil
}
