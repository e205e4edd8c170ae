package customers

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm/clause"

	"frontdesk/internal/database"
	"frontdesk/models"
)

// Guest is somebody for whom a customer books.
type Guest struct {
	Name, Surname string
	Relation      string // to the booker: a word of a closed list, or empty
	Phone         string // in any writing; empty when it was not offered
}

// Bring finds the person whom a customer books for, by name among those they brought before, or makes them:
// a customer without phone, referred by the booker, with a note on both (R-418, C18). Somebody else's
// namesake is another person. A phone is kept as SetGuestPhone does. Only inside a transaction.
func (r *Registry) Bring(ctx context.Context, booker models.Customer, g Guest) (models.Customer, error) {
	if !database.InTransaction(ctx) {
		return models.Customer{}, fmt.Errorf("bring guest: no transaction on the context")
	}
	// Two channels of one booker may ask at once.
	if err := r.db.On(ctx).Exec("SELECT FROM customers WHERE id = ? FOR NO KEY UPDATE", booker.ID).Error; err != nil {
		return models.Customer{}, fmt.Errorf("lock booker: %w", err)
	}
	full := strings.TrimSpace(g.Name + " " + g.Surname)
	var known []models.Customer
	err := r.db.On(ctx).Where("referred_by_id = ? AND folded(trim(name || ' ' || surname)) = folded(?)", booker.ID, full).
		Order("created_at, id").Limit(1).Find(&known).Error
	if err != nil {
		return models.Customer{}, fmt.Errorf("find guest: %w", err)
	}
	if len(known) == 0 {
		fresh, err := r.newGuest(ctx, booker, g)
		if err != nil {
			return models.Customer{}, err
		}
		known = append(known, fresh)
	}
	guest := known[0]
	if g.Phone != "" && guest.Phone == nil {
		if _, err := r.SetGuestPhone(ctx, booker.ID, guest.ID, g.Phone); err != nil {
			return models.Customer{}, err
		}
	}
	return guest, nil
}

func (r *Registry) newGuest(ctx context.Context, booker models.Customer, g Guest) (models.Customer, error) {
	now := r.clock.Now()
	guest := models.Customer{
		ID: models.NewID(), Name: g.Name, Surname: g.Surname, Language: booker.Language, ReferredByID: &booker.ID,
		Relation: g.Relation, CreatedAt: now, UpdatedAt: now,
	}
	if err := r.db.On(ctx).Create(&guest).Error; err != nil {
		return guest, fmt.Errorf("register guest: %w", err)
	}
	notes := []models.CustomerNote{
		{ID: models.NewID(), CustomerID: booker.ID, AboutID: guest.ID, Kind: models.NoteBooksFor, CreatedAt: now},
		{ID: models.NewID(), CustomerID: guest.ID, AboutID: booker.ID, Kind: models.NoteBookedBy, CreatedAt: now},
	}
	if err := r.db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&notes).Error; err != nil {
		return guest, fmt.Errorf("note guest: %w", err)
	}
	return guest, nil
}

// Guests lists whom a customer has brought, oldest first.
func (r *Registry) Guests(ctx context.Context, bookerID models.ID) ([]models.Customer, error) {
	var rows []models.Customer
	if err := r.db.On(ctx).Order("created_at, id").Find(&rows, "referred_by_id = ?", bookerID).Error; err != nil {
		return nil, fmt.Errorf("read guests: %w", err)
	}
	return rows, nil
}

// SetGuestPhone keeps the phone of somebody whom the booker brought, and tells whether it is theirs now: not one
// that cannot be a phone, nor one that is another customer's, with whom nobody is merged (C18). Another than the
// one they have is for them or the salon to change.
func (r *Registry) SetGuestPhone(ctx context.Context, bookerID, guestID models.ID, phone string) (stored bool, err error) {
	normal, err := Normalize(phone)
	if err != nil {
		return false, nil //nolint:nilerr // no phone: that is the answer
	}
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		done := r.db.On(ctx).Model(&models.Customer{}).
			Where("id = ? AND referred_by_id = ? AND coalesce(phone, ?) = ?", guestID, bookerID, normal, normal).
			Updates(map[string]any{"phone": normal, "updated_at": r.clock.Now()})
		stored = done.RowsAffected == 1
		return done.Error
	})
	if database.Violates(err, "customers_phone_key") {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("store guest's phone: %w", err)
	}
	return stored, nil
}
