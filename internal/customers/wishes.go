package customers

import (
	"context"
	"fmt"
	"slices"

	"frontdesk/internal/audit"
	"frontdesk/models"
)

// SetConsent notes that a contact said whether they want to hear from the salon unasked, audited. What
// they had said already changes nothing.
func (r *Registry) SetConsent(ctx context.Context, contactID models.ID, c models.Consent) error {
	return r.db.Within(ctx, func(ctx context.Context) error {
		done := r.db.On(ctx).Model(&models.Contact{}).Where("id = ? AND consent <> ?", contactID, c).
			Updates(map[string]any{"consent": c, "consent_at": r.clock.Now()})
		if done.Error != nil {
			return fmt.Errorf("set consent: %w", done.Error)
		}
		if done.RowsAffected == 0 {
			return nil
		}
		return r.log.Record(ctx, audit.Entry{
			Actor: actor, Action: "contact.consent_" + string(c), SubjectKind: "contact", SubjectID: contactID.String(),
		})
	})
}

// actor is who changes what they say of themselves.
const actor = "customer"

// Rename corrects a customer's name at their wish, audited: which parts, not what they were. An empty
// part stays.
func (r *Registry) Rename(ctx context.Context, id models.ID, name, surname string) (models.Customer, error) {
	changes := map[string]any{}
	var parts []string
	for part, value := range map[string]string{"name": name, "surname": surname} {
		if value != "" {
			changes[part] = value
			parts = append(parts, part)
		}
	}
	slices.Sort(parts)
	var customer models.Customer
	err := r.db.Within(ctx, func(ctx context.Context) (err error) {
		if customer, err = r.change(ctx, id, changes); err != nil {
			return err
		}
		return r.log.Record(ctx, audit.Entry{
			Actor: actor, Action: "customer.renamed", SubjectKind: "customer", SubjectID: id.String(), Detail: map[string]any{"parts": parts},
		})
	})
	return customer, err
}
