package chat

import (
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// Facts are all that Step knows of the world. Nothing a customer reads comes from anywhere else
// (R-213, product rule 4).
type Facts struct {
	Now        time.Time // business time in the salon's zone
	Policies   settings.Policies
	Menu       booking.Menu
	FAQs       []models.FAQ
	Hours      []models.OpeningHours
	Opening    booking.Opening
	PrivacyURL string
	Profile    string           // the channel's profile name, never trusted
	Customer   *models.Customer // nil before the name is known
	Shopper    *models.ID       // whose cart and orders these are, be it without a name; nil: nobody's yet
	// Hold is the conversation's live hold, Link its payable link; nil without.
	Hold *models.Appointment
	Link *models.Payment
	// Failures counts the links of the hold that were reported to fail.
	Failures int
	Party    []models.Appointment // of a hold for several people, all of them, the customer's own first
	Visits   []models.Appointment // confirmed or being moved, not over, soonest first
	// Guests are whom the customer has booked for before, when the message or the request is about one.
	Guests []models.Customer
	Near   []models.Appointment // confirmed, of the hour before now and the hours after it; see nearby
	// Gone are those of the times offered, alone or together, that cannot be had any more.
	Gone []booking.Slot
	// Consulted is the free consultation that the customer had in the last days; nil without.
	Consulted *models.Appointment
}

// Event is what happened: a customer's message, something to tell, or the result of an action.
type Event struct {
	Facts    Facts
	Language models.Language // to answer in
	Heard    *Heard
	Found    *Found
	Held     *Held
	Failure  *checkout.Failure // what became of ReportFailure
	Told     *Told
	// A group's search and holds, and whether the phone of a guest was kept.
	FoundTogether *FoundTogether
	HeldTogether  *HeldTogether
	Noted         *bool
	Delayed       *Delayed
	Recalled      *Recalled
	Terms         *checkout.CancelTerms // what FindTerms asked for
	Changed       *Changed
	Shopped       *Shopped
	Prepared      *Prepared
	Address       *models.Address // what SameAddress asked for
	Ordered       *Ordered
	Orders        *FoundOrders
	Ended         *Ended
	Offered       *Offered
	Returned      *Returned
	Photographed  *Photographed
}

// Heard is a customer's message and its meaning.
type Heard struct {
	Content models.Content
	Meaning understand.Meaning
}

// Found answers FindSlots.
type Found struct {
	Why          Why
	Query        booking.SlotQuery
	Availability booking.Availability
}

// Held answers Hold. Fault is the key of the fault that refused it; empty: it is held, or confirmed
// at once when nothing is due.
type Held struct {
	Visit models.Appointment
	Fault string
}

// Action is something Step wants done. The order of actions is the order they are done in.
type Action interface{ action() }

// Say says one bubble.
type Say struct {
	Class   models.MessageClass
	Cause   string
	Lines   []Line
	Options []Choice
	Label   string // key of the word that opens a list
	// Numbered: the text lists the options itself, so that nothing is lost when they cannot be shown.
	Numbered bool
	URL      string
	Picture  string // the address of what is shown, with the lines below it
	Shop     bool   // its options are the shop's, and leave those of a booking as they are
	// Template is what to send when the 24-hour window is closed.
	Template *Template
	// Key makes a message unique for ever; empty: unique by the message it answers.
	Key string
}

// Template names a WhatsApp template and its facts.
type Template struct {
	Name  string
	Facts i18n.Facts
}

// FindSlots looks into the diary. The answer comes as Found.
type FindSlots struct {
	Why   Why
	Query booking.SlotQuery
}

// Why tells what a search is for.
type Why string

// Reasons of a search.
const (
	WhyOffer Why = "offer" // the times for the request
	WhyMore  Why = "more"  // other times than those shown
	WhyTaken Why = "taken" // the chosen time was lost; what else is there
)

// Hold holds a time, replacing the conversation's hold. The answer comes as Held.
type Hold struct {
	Slot     Slot
	PackID   *models.ID
	Services []models.ID
	For      *Guest // who comes, when it is not the customer
}

// RequestDeposit asks for the deposit of a hold; the link is told when it is there.
type RequestDeposit struct{ Visit models.Appointment }

// ReleaseHold gives a hold up at the customer's wish.
type ReleaseHold struct{ Visit models.ID }

// ReportFailure reports that paying does not work. The answer comes as Event.Failure.
type ReportFailure struct{ Visit models.ID }

// Register makes the customer, now that the name is known.
type Register struct{ Name, Surname string }

// SetName corrects the first name, SetSurname stores the family name.
type (
	SetName    struct{ Name string }
	SetSurname struct{ Surname string }
)

// HandOff gives the conversation to staff.
type HandOff struct {
	Reason  models.HandoffReason
	Visit   *models.ID
	Summary []Line
	Trigger string
}

func (Say) action()            {}
func (FindSlots) action()      {}
func (Hold) action()           {}
func (RequestDeposit) action() {}
func (ReleaseHold) action()    {}
func (ReportFailure) action()  {}
func (Register) action()       {}
func (SetName) action()        {}
func (SetSurname) action()     {}
func (HandOff) action()        {}

// Line is a paragraph of a bubble: a text of the catalogue and its facts. A fact may itself be a
// Line, or a list of them (one below the other).
type Line struct {
	Key   string
	Facts i18n.Facts
	Count *int   // for texts with plural forms
	Body  string // instead of Key: an answer that staff wrote, with placeholders
}

// Choice is a button or row. Titles are the forms its title may take, longest first: the first that
// fits is used, so that nothing is ever cut (see fit).
type Choice struct {
	ID     string
	Titles []Line
	Detail *Line // second line of a list row
}

func say(key string, facts i18n.Facts) Line { return Line{Key: key, Facts: facts} }

// verbatim is a text that is data: a name, a time.
func verbatim(text string) Line { return Line{Body: "{{.Text}}", Facts: i18n.Facts{"Text": text}} }
