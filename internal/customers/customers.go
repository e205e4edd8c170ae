// Package customers owns the people the salon serves and the addresses they write from. A contact
// exists from the first message; a customer only once the name is known (S01). It decides who is new
// and who is returning; it must never guess a name or merge two people by name.
package customers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Registry reads and writes customers and contacts. Every method joins the transaction on the context.
type Registry struct {
	db    *database.DB
	clock clock.Clock
	log   *audit.Log
}

// New makes a registry on the database.
func New(db *database.DB, c clock.Clock) *Registry {
	return &Registry{db: db, clock: c, log: audit.New(db, c)}
}

// Contact finds or creates the contact of an address and keeps its latest profile name. An
// address that is a known customer's or stylist's phone is linked to that person.
// Fault: customers.phone.
func (r *Registry) Contact(ctx context.Context, channel models.Channel, address, profileName string) (models.Contact, error) {
	address, err := Address(channel, address)
	if err != nil {
		return models.Contact{}, err
	}
	var contact models.Contact
	err = r.db.Within(ctx, func(ctx context.Context) error {
		row := models.Contact{
			ID: models.NewID(), Channel: channel, Address: address, ProfileName: profileName,
			CreatedAt: r.clock.Now(), UpdatedAt: r.clock.Now(),
		}
		updates := clause.AssignmentColumns([]string{"updated_at"})
		if profileName != "" {
			updates = clause.AssignmentColumns([]string{"profile_name", "updated_at"})
		}
		err := r.db.On(ctx).Clauses(clause.OnConflict{
			Columns: []clause.Column{{Name: "channel"}, {Name: "address"}}, DoUpdates: updates,
		}).Create(&row).Error
		if err != nil {
			return fmt.Errorf("store contact: %w", err)
		}
		if contact, err = r.ContactByAddress(ctx, channel, address); err != nil {
			return err
		}
		return r.link(ctx, &contact)
	})
	return contact, err
}

// Address writes an address as contacts are kept: a phone as E.164, anything else as it is.
// Fault: customers.phone.
func Address(channel models.Channel, address string) (string, error) {
	if channel == models.ChannelConsole || strings.HasPrefix(address, models.AddressBSUID) {
		return address, nil
	}
	return Normalize(address)
}

// Known finds the conversation of an address as Address writes it, in one query, when a message from there
// brings no news: no other profile name, and no customer or stylist of that phone whom the contact is yet to
// be linked to. Else known is false, and Contact brings the contact up to date.
func (r *Registry) Known(ctx context.Context, channel models.Channel, address, profileName string) (conv models.Conversation, known bool, err error) {
	found := r.db.On(ctx).Raw(`SELECT v.* FROM contacts k JOIN conversations v ON v.contact_id = k.id
		WHERE k.channel = @channel AND k.address = @address AND (@name = '' OR k.profile_name = @name)
		AND (k.customer_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM customers WHERE phone = k.address))
		AND (k.stylist_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM stylists WHERE phone = k.address))`,
		map[string]any{"channel": channel, "address": address, "name": profileName}).Scan(&conv)
	if found.Error != nil {
		return conv, false, fmt.Errorf("find conversation of known contact: %w", found.Error)
	}
	return conv, found.RowsAffected == 1, nil
}

// OfPhone is the customer of a phone that is theirs, made where there is none, without a name: that is asked for
// when it is needed. The conversation of the phone, when there is one, becomes theirs. Safe to repeat and to run twice at
// once. Fault: customers.phone.
func (r *Registry) OfPhone(ctx context.Context, phone string, lang models.Language) (models.Customer, error) {
	normal, err := Normalize(phone)
	if err != nil {
		return models.Customer{}, err
	}
	var customer models.Customer
	err = r.db.Within(ctx, func(ctx context.Context) (err error) {
		found := r.db.On(ctx).Raw(`SELECT c.* FROM customers c JOIN contacts k ON k.customer_id = c.id
			WHERE k.channel = ? AND k.address = ?`, models.ChannelWhatsApp, normal).Scan(&customer)
		if found.Error != nil || found.RowsAffected > 0 {
			return found.Error
		}
		if customer, err = r.nameless(ctx, normal, lang); err != nil {
			return err
		}
		return r.db.On(ctx).Exec("UPDATE contacts SET customer_id = ?, updated_at = ? WHERE channel = ? AND address = ? AND customer_id IS NULL",
			customer.ID, r.clock.Now(), models.ChannelWhatsApp, normal).Error
	})
	if err != nil {
		return models.Customer{}, fmt.Errorf("find or make customer of phone: %w", err)
	}
	return customer, nil
}

// Person is who a contact is: the name on the channel, and the customer; nil before the name is known.
type Person struct {
	ProfileName string
	Customer    *models.Customer
}

// Name is the customer's, or the profile name that may be asked about.
func (p Person) Name() string {
	if p.Customer == nil || !p.Customer.Named() {
		return p.ProfileName
	}
	return p.Customer.FullName()
}

// Person reads a contact and its customer in one query. Fault: customers.no_contact.
func (r *Registry) Person(ctx context.Context, contactID models.ID) (Person, error) {
	var row struct {
		ProfileName string
		models.Customer
	}
	found := r.db.On(ctx).Raw(`SELECT k.profile_name, c.* FROM contacts k LEFT JOIN customers c ON c.id = k.customer_id
		WHERE k.id = ?`, contactID).Scan(&row)
	if found.Error != nil {
		return Person{}, fmt.Errorf("read person: %w", found.Error)
	}
	if found.RowsAffected == 0 {
		return Person{}, fault.NotFound("customers.no_contact")
	}
	if row.ID == (models.ID{}) {
		return Person{ProfileName: row.ProfileName}, nil
	}
	return Person{row.ProfileName, &row.Customer}, nil
}

// link ties a contact to the customer or stylist whose phone its address is.
func (r *Registry) link(ctx context.Context, c *models.Contact) error {
	if _, known := c.Phone(); !known || c.CustomerID != nil && c.StylistID != nil {
		return nil
	}
	changes := map[string]any{}
	if c.CustomerID == nil {
		customer, found, err := r.ByPhone(ctx, c.Address)
		if err != nil {
			return err
		}
		if found {
			c.CustomerID = &customer.ID
			changes["customer_id"] = customer.ID
		}
	}
	if c.StylistID == nil {
		var stylist models.Stylist
		err := r.db.On(ctx).Where("phone = ?", c.Address).Take(&stylist).Error
		if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return fmt.Errorf("find stylist of contact: %w", err)
		}
		if err == nil {
			c.StylistID = &stylist.ID
			changes["stylist_id"] = stylist.ID
		}
	}
	if len(changes) == 0 {
		return nil
	}
	if err := r.db.On(ctx).Model(c).Updates(changes).Error; err != nil {
		return fmt.Errorf("link contact: %w", err)
	}
	return nil
}

// ContactByID reads a contact. Fault: customers.no_contact.
func (r *Registry) ContactByID(ctx context.Context, id models.ID) (models.Contact, error) {
	return r.contact(ctx, "id = ?", id)
}

// ContactByAddress reads the contact of an address that is already normalised. Fault: customers.no_contact.
func (r *Registry) ContactByAddress(ctx context.Context, channel models.Channel, address string) (models.Contact, error) {
	return r.contact(ctx, "channel = ? AND address = ?", channel, address)
}

func (r *Registry) contact(ctx context.Context, where string, args ...any) (models.Contact, error) {
	var c models.Contact
	err := r.db.On(ctx).Where(where, args...).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, fault.NotFound("customers.no_contact")
	}
	if err != nil {
		return c, fmt.Errorf("read contact: %w", err)
	}
	return c, nil
}

// Register makes the contact's customer, now that the name is known, and links the two. A customer
// who exists already gets the name; an empty surname keeps the one on file. Safe to repeat.
func (r *Registry) Register(ctx context.Context, contact models.Contact, name, surname string, lang models.Language) (models.Customer, error) {
	var customer models.Customer
	err := r.db.Within(ctx, func(ctx context.Context) error {
		id, err := r.existing(ctx, contact)
		if err != nil {
			return err
		}
		if id == nil {
			customer = models.Customer{ID: models.NewID(), Name: name, Surname: surname, Language: lang,
				CreatedAt: r.clock.Now(), UpdatedAt: r.clock.Now()}
			if phone, known := contact.Phone(); known {
				customer.Phone = &phone
			}
			if err := r.db.On(ctx).Create(&customer).Error; err != nil {
				return fmt.Errorf("register customer: %w", err)
			}
		} else {
			changes := map[string]any{"name": name, "language": lang}
			if surname != "" {
				changes["surname"] = surname
			}
			if customer, err = r.change(ctx, *id, changes); err != nil {
				return err
			}
		}
		err = r.db.On(ctx).Model(&models.Contact{}).Where("id = ?", contact.ID).Update("customer_id", customer.ID).Error
		if err != nil {
			return fmt.Errorf("link customer: %w", err)
		}
		return nil
	})
	return customer, err
}

// Shopper is the customer of a contact, for who shops: made without a name where the contact is nobody's yet. Whoever
// asks for the name later Registers it. Safe to repeat, and beside others who do the same.
func (r *Registry) Shopper(ctx context.Context, contact models.Contact, lang models.Language) (models.Customer, error) {
	var customer models.Customer
	err := r.db.InTx(ctx, func(ctx context.Context) error {
		id, err := r.existing(ctx, contact)
		if err != nil {
			return err
		}
		if id == nil {
			phone, _ := contact.Phone()
			if customer, err = r.nameless(ctx, phone, lang); err != nil {
				return err
			}
			id = &customer.ID
		} else if customer, err = r.Customer(ctx, *id); err != nil {
			return err
		}
		err = r.db.On(ctx).Model(&models.Contact{}).Where("id = ? AND customer_id IS NULL", contact.ID).Update("customer_id", *id).Error
		if err != nil {
			return fmt.Errorf("link shopper: %w", err)
		}
		return nil
	})
	return customer, err
}

// nameless makes a customer who has not told a name; of two at once with one phone there is one afterwards.
func (r *Registry) nameless(ctx context.Context, phone string, lang models.Language) (models.Customer, error) {
	customer := models.Customer{ID: models.NewID(), Language: lang, CreatedAt: r.clock.Now(), UpdatedAt: r.clock.Now()}
	if phone != "" {
		customer.Phone = &phone
	}
	made := r.db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&customer)
	if made.Error != nil {
		return customer, fmt.Errorf("make shopper: %w", made.Error)
	}
	if made.RowsAffected > 0 {
		return customer, nil
	}
	other, found, err := r.ByPhone(ctx, phone)
	if err == nil && !found {
		err = errors.New("make shopper: another has the phone and is gone")
	}
	return other, err
}

// existing finds the customer a contact belongs to, by link or by phone.
func (r *Registry) existing(ctx context.Context, contact models.Contact) (*models.ID, error) {
	fresh, err := r.ContactByID(ctx, contact.ID)
	if err != nil {
		return nil, err
	}
	if _, known := fresh.Phone(); fresh.CustomerID != nil || !known {
		return fresh.CustomerID, nil
	}
	customer, found, err := r.ByPhone(ctx, fresh.Address)
	if err != nil || !found {
		return nil, err
	}
	return &customer.ID, nil
}

// SetName corrects the first name.
func (r *Registry) SetName(ctx context.Context, id models.ID, name string) (models.Customer, error) {
	return r.change(ctx, id, map[string]any{"name": name})
}

// SetSurname stores the family name.
func (r *Registry) SetSurname(ctx context.Context, id models.ID, surname string) (models.Customer, error) {
	return r.change(ctx, id, map[string]any{"surname": surname})
}

// SetLanguage remembers the language the customer wrote last.
func (r *Registry) SetLanguage(ctx context.Context, id models.ID, lang models.Language) (models.Customer, error) {
	return r.change(ctx, id, map[string]any{"language": lang})
}

func (r *Registry) change(ctx context.Context, id models.ID, changes map[string]any) (models.Customer, error) {
	changes["updated_at"] = r.clock.Now()
	done := r.db.On(ctx).Model(&models.Customer{}).Where("id = ?", id).Updates(changes)
	if done.Error != nil {
		return models.Customer{}, fmt.Errorf("change customer: %w", done.Error)
	}
	return r.Customer(ctx, id)
}

// Customer reads a customer. Fault: customers.no_customer.
func (r *Registry) Customer(ctx context.Context, id models.ID) (models.Customer, error) {
	var c models.Customer
	err := r.db.On(ctx).Where("id = ?", id).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, fault.NotFound("customers.no_customer")
	}
	if err != nil {
		return c, fmt.Errorf("read customer: %w", err)
	}
	return c, nil
}

// ByPhone finds the customer with a phone in any formatting, and whether there is one.
func (r *Registry) ByPhone(ctx context.Context, phone string) (models.Customer, bool, error) {
	normal, err := Normalize(phone)
	if err != nil {
		return models.Customer{}, false, err
	}
	var c models.Customer
	err = r.db.On(ctx).Where("phone = ?", normal).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("find customer by phone: %w", err)
	}
	return c, true, nil
}
