package checkout

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"frontdesk/internal/booking"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// BookRequest is a visit that staff book for a customer.
type BookRequest struct {
	// CustomerID is somebody known; nil: Name, Surname and Phone say who it is. A phone that is known
	// means its customer, whose name stays as it is.
	CustomerID           *models.ID
	Name, Surname, Phone string
	Language             models.Language // of somebody new; empty is English
	ForName              string          // who will come, when it is not the customer
	StylistID            models.ID
	PackID               *models.ID
	ServiceIDs           []models.ID
	StartsAt             time.Time
	// WithoutDeposit confirms at once; it needs a reason. Else the customer gets a payment link.
	WithoutDeposit bool
	Actor          string     // "staff:<id>"
	Own            *models.ID // as in booking.Act
	Reason         string     // as in booking.Act
}

// Book holds a time for a customer and has the payment link sent, or confirms at once when there is
// nothing to pay ahead (R-1111). Somebody new gets a conversation, so that they can be told. An earlier
// hold of the same conversation gives way. Faults: those of booking.Hold, customers.phone,
// customers.no_customer, booking.who, and booking.no_conversation where a link has nowhere to go.
func (t *Till) Book(ctx context.Context, r BookRequest) (models.Appointment, error) {
	var visit models.Appointment
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		who, err := t.guest(ctx, r)
		if err != nil {
			return err
		}
		visit, err = t.diary.Hold(ctx, booking.HoldRequest{
			ConversationID: who.conversation, CustomerID: who.customer, BookedByID: who.booker, ForName: strings.TrimSpace(r.ForName),
			StylistID: r.StylistID, PackID: r.PackID, ServiceIDs: r.ServiceIDs, StartsAt: r.StartsAt, Actor: r.Actor,
			Staff: &booking.StaffHold{WithoutDeposit: r.WithoutDeposit, Own: r.Own, Reason: r.Reason},
		})
		if err != nil {
			return err
		}
		return t.ask(ctx, visit)
	})
	if err != nil {
		return models.Appointment{}, fmt.Errorf("book visit: %w", err)
	}
	return visit, nil
}

// ask asks for the deposit of what was just held, where there is one.
func (t *Till) ask(ctx context.Context, visit models.Appointment) error {
	if visit.Status != models.Provisional {
		return nil
	}
	if visit.ConversationID == nil {
		return fault.Conflict("booking.no_conversation")
	}
	_, err := t.RequestDeposit(ctx, visit)
	return err
}

// HoldAgain holds the time of a hold that has ended once more while it is free, as a hold of its own: at
// today's prices and terms, with a new link and new attempts to pay (C04). It returns the new hold; a
// second click finds the old one changed. Faults: booking.not_holdable, those of booking.Hold and of an Act.
func (t *Till) HoldAgain(ctx context.Context, act booking.Act) (models.Appointment, error) {
	var again models.Appointment
	err := t.db.InTx(ctx, func(ctx context.Context) (err error) {
		if again, err = t.diary.HoldAgain(ctx, act); err != nil {
			return err
		}
		return t.ask(ctx, again)
	})
	if err != nil {
		return models.Appointment{}, fmt.Errorf("hold again: %w", err)
	}
	return again, nil
}

// guest is whom a visit is for, who pays, and where they are told.
type guest struct {
	customer, booker models.ID
	conversation     *models.ID
}

// maxName is how long a name may be, in runes.
const maxName = 60

// guest finds or makes the customer of a booking and their conversation, which it locks first.
func (t *Till) guest(ctx context.Context, r BookRequest) (guest, error) {
	if r.CustomerID != nil {
		return t.known(ctx, *r.CustomerID)
	}
	contact, err := t.contactAt(ctx, r.Phone)
	if err != nil {
		return guest{}, err
	}
	if contact.CustomerID != nil {
		return t.known(ctx, *contact.CustomerID)
	}
	name, surname := strings.TrimSpace(r.Name), strings.TrimSpace(r.Surname)
	if name == "" || utf8.RuneCountInString(name) > maxName || utf8.RuneCountInString(surname) > maxName {
		return guest{}, fault.Invalid("booking.who", map[string]string{"name": "booking.name_missing"})
	}
	lang := r.Language
	if lang == "" {
		lang = models.English
	}
	conv, err := t.thread.Of(ctx, contact, lang)
	if err != nil {
		return guest{}, err
	}
	if _, err := t.thread.Lock(ctx, conv.ID); err != nil {
		return guest{}, err
	}
	customer, err := t.customers.Register(ctx, contact, name, surname, lang)
	return guest{customer.ID, customer.ID, &conv.ID}, err
}

// known is a customer on file. Who has no phone is told through whoever brought them (S12).
func (t *Till) known(ctx context.Context, id models.ID) (guest, error) {
	customer, err := t.customers.Customer(ctx, id)
	if err != nil {
		return guest{}, err
	}
	g := guest{customer: customer.ID, booker: customer.ID}
	if customer.Phone == nil && customer.ReferredByID != nil {
		if customer, err = t.customers.Customer(ctx, *customer.ReferredByID); err != nil {
			return guest{}, err
		}
		g.booker = customer.ID
	}
	contact, found, err := t.contactOf(ctx, customer)
	if err != nil || !found {
		return g, err
	}
	conv, err := t.thread.Of(ctx, contact, customer.Language)
	g.conversation = &conv.ID
	return g, err
}

// contactOf is where a customer is written to: where they wrote from last, else their phone.
func (t *Till) contactOf(ctx context.Context, customer models.Customer) (models.Contact, bool, error) {
	var contact models.Contact
	err := t.db.On(ctx).Where("customer_id = ? AND channel = ?", customer.ID, models.ChannelWhatsApp).
		Order("(SELECT last_inbound_at FROM conversations WHERE contact_id = contacts.id) DESC NULLS LAST, updated_at DESC, id DESC").
		Take(&contact).Error
	switch {
	case err == nil:
		return contact, true, nil
	case !errors.Is(err, gorm.ErrRecordNotFound):
		return contact, false, fmt.Errorf("find customer's contact: %w", err)
	case customer.Phone == nil:
		return contact, false, nil
	}
	contact, err = t.contactAt(ctx, *customer.Phone)
	return contact, err == nil, err
}

// contactAt finds or makes the contact of a phone. The conversation of one who has written to us is locked
// before the contact is: a chat that registers them takes the two in that order. Fault: customers.phone.
func (t *Till) contactAt(ctx context.Context, phone string) (models.Contact, error) {
	address, err := customers.Normalize(phone)
	if err != nil {
		return models.Contact{}, err
	}
	err = t.db.On(ctx).Exec(`SELECT FROM conversations
		WHERE contact_id = (SELECT id FROM contacts WHERE channel = ? AND address = ?) FOR NO KEY UPDATE`, models.ChannelWhatsApp, address).Error
	if err != nil {
		return models.Contact{}, fmt.Errorf("lock conversation of phone: %w", err)
	}
	return t.customers.Contact(ctx, models.ChannelWhatsApp, address, "")
}
