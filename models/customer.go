package models

import (
	"strings"
	"time"
)

// Customer is a person the salon serves. The phone is optional and unique when present (C18).
type Customer struct {
	ID                 ID `gorm:"primaryKey"`
	Name               string
	Surname            string
	Phone              *string // E.164
	Language           Language
	PreferredStylistID *ID
	ReferredByID       *ID    // who brought them: a booker, of somebody without a phone of their own (S12)
	Relation           string // what they are to that person: a word of a closed list, or empty
	TotalSpentMinor    int64
	LastVisitAt        *time.Time
	CreatedAt          time.Time
	UpdatedAt          time.Time
	DeletedAt          *time.Time // since when nothing may tell who they were
}

// Named tells whether the customer has told a name: who only shops need not.
func (c Customer) Named() bool { return c.Name != "" }

// FullName is the name as written on a visit.
func (c Customer) FullName() string {
	if c.Surname == "" {
		return c.Name
	}
	return c.Name + " " + c.Surname
}

// Channel is the road a message travels.
type Channel string

// Channels in use.
const (
	ChannelWhatsApp Channel = "whatsapp"
	ChannelChatwoot Channel = "chatwoot"
	ChannelConsole  Channel = "console"
)

// Contact is an address on a channel. It exists from the first message; its customer only once the
// name is known (S01: no customer row before the name is confirmed).
type Contact struct {
	ID          ID `gorm:"primaryKey"`
	Channel     Channel
	Address     string // E.164, or on WhatsApp AddressBSUID and an id where the phone is not known
	ProfileName string // as the channel reported it; never trusted
	CustomerID  *ID
	StylistID   *ID // set when the address belongs to a stylist
	Consent     Consent
	ConsentAt   *time.Time // when they said so
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Consent is whether a contact wants to hear from the salon unasked, by their own word. Receipts and
// answers do not depend on it.
type Consent string

// Words about consent.
const (
	ConsentUnsaid    Consent = ""          // reminders may go, news may not
	ConsentGiven     Consent = "given"     // both may
	ConsentWithdrawn Consent = "withdrawn" // neither may
)

// AddressBSUID starts a WhatsApp address that is no phone: the business-scoped id of a person whose
// number is hidden (W13).
const AddressBSUID = "bsuid:"

// AddressErased starts the address of a contact whose person was erased: nothing goes there, and nobody writes from it.
const AddressErased = "erased:"

// Phone is the contact's phone in E.164; false when the channel does not tell it.
func (c Contact) Phone() (string, bool) {
	if c.Channel == ChannelConsole || strings.HasPrefix(c.Address, AddressBSUID) || strings.HasPrefix(c.Address, AddressErased) {
		return "", false
	}
	return c.Address, true
}

// CustomerNote is what is known about a customer in respect of another: a word of a closed list.
type CustomerNote struct {
	ID         ID `gorm:"primaryKey"`
	CustomerID ID
	AboutID    ID
	Kind       CustomerNoteKind
	CreatedAt  time.Time
}

// CustomerNoteKind is what a note says.
type CustomerNoteKind string

// Kinds of notes: the customer books for that person, or is booked for by them.
const (
	NoteBooksFor CustomerNoteKind = "books_for"
	NoteBookedBy CustomerNoteKind = "booked_by"
)
