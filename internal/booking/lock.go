package booking

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm/clause"

	"frontdesk/internal/database"
	"frontdesk/models"
)

// Lock takes every lock that a change of the appointment needs, in the one order (conversation,
// customer, stylist, appointment), and reads it with its lines; of a group's visit it locks the whole group. Only inside a transaction. Callers
// that lock a payment afterwards keep the order by calling this first. Fault: booking.not_found.
func (d *Diary) Lock(ctx context.Context, id models.ID) (models.Appointment, error) {
	return d.lock(ctx, id, nil)
}

// lock is Lock that locks one more stylist, to whom a visit is to go. The appointment's own stylist is
// read once its people are locked: nobody moves it any more then.
func (d *Diary) lock(ctx context.Context, id models.ID, also *models.ID) (models.Appointment, error) {
	if !database.InTransaction(ctx) {
		return models.Appointment{}, errors.New("lock appointment: no transaction on the context")
	}
	a, err := d.Appointment(ctx, id)
	if err != nil {
		return models.Appointment{}, err
	}
	who := []models.ID{a.CustomerID}
	if a.GroupID != nil {
		if who, err = d.customersOf(ctx, *a.GroupID); err != nil {
			return models.Appointment{}, err
		}
	}
	if err := d.lockPeople(ctx, a.ConversationID, who...); err != nil {
		return models.Appointment{}, err
	}
	if err := d.lockStylists(ctx, stylistsOf{conversation: a.ConversationID, appointment: &id, group: a.GroupID}, also); err != nil {
		return models.Appointment{}, err
	}
	if a.GroupID != nil {
		return d.lockMember(ctx, a)
	}
	var locked models.Appointment
	if err := d.db.On(ctx).Clauses(forUpdate()).Take(&locked, "id = ?", id).Error; err != nil {
		return models.Appointment{}, fmt.Errorf("lock appointment: %w", err)
	}
	locked.Lines = a.Lines
	return locked, nil
}

// lockPeople locks the conversation, when there is one, and then the customers by id.
func (d *Diary) lockPeople(ctx context.Context, conversation *models.ID, customers ...models.ID) error {
	if conversation != nil {
		if err := d.db.On(ctx).Exec("SELECT FROM conversations WHERE id = ? FOR NO KEY UPDATE", *conversation).Error; err != nil {
			return fmt.Errorf("lock conversation: %w", err)
		}
	}
	if err := d.db.On(ctx).Exec("SELECT FROM customers WHERE id IN ? ORDER BY id FOR NO KEY UPDATE", customers).Error; err != nil {
		return fmt.Errorf("lock customers: %w", err)
	}
	return nil
}

// stylistsOf names stylists by what they have to do: that of an appointment, those of a group, and those of
// the conversation's holds, which the caller may have to release; each may be nil.
type stylistsOf struct{ conversation, appointment, group *models.ID }

// lockStylists locks, in one statement and in id order, stylists named and those by what they have to do;
// nil names nobody.
func (d *Diary) lockStylists(ctx context.Context, by stylistsOf, stylists ...*models.ID) error {
	err := d.db.On(ctx).Exec(`SELECT FROM stylists
		WHERE id IN ? OR id IN (SELECT stylist_id FROM appointments WHERE id = ? OR group_id = ? OR conversation_id = ? AND status = 'provisional')
		ORDER BY id FOR NO KEY UPDATE`, stylists, by.appointment, by.group, by.conversation).Error
	if err != nil {
		return fmt.Errorf("lock stylists: %w", err)
	}
	return nil
}

// forUpdate locks rows against change but not against being referenced.
func forUpdate() clause.Locking { return clause.Locking{Strength: "NO KEY UPDATE"} }
