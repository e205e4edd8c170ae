// Package orders draws what customers have bought, as staff see it: the list, one order with its whole story, the
// forms of the acts on it. Its parts serve the pages of returns, too.
package orders

import (
	"time"

	"frontdesk/models"
	"frontdesk/views/ui"
)

// Page is the list.
type Page struct {
	Title, Lead string
	Table       ui.Table
}

// Detail is one order.
type Detail struct {
	Number   string
	Status   Badge
	Acts     []Possible
	Facts    []Fact
	Lines    []Line
	Sums     []Fact
	Currency string
	Payments []Payment
	Returns  []Returned
	Address  []string // line by line, as far as the reader may see it
	Phone    string
	Notes    string // the customer's words
	Talk     string // the conversation's page; empty: none, or not for this reader
	Story    []Event
}

// Badge is a state in a word and its tone.
type Badge struct {
	Tone ui.Tone
	Word string
}

// Possible is an act that can be done now, or not, and why.
type Possible struct {
	URL, Label, Icon string
	Tone             ui.Tone
	Why              string
}

// Fact is a labelled value.
type Fact struct {
	Label, Value string
	URL          string
	Code         bool // left to right in every language
}

// Line is a line of an order, or of a return.
type Line struct {
	Name, SKU  string
	URL        string // of the product in the catalogue; empty: not for this reader
	Qty        int
	PriceMinor int64
	TotalMinor int64
	Back       int // how many of it went back
}

// Payment is a request for the order's money, and what went back of it.
type Payment struct {
	State       models.PaymentState
	AmountMinor int64
	Currency    string
	At          time.Time
	PaidAt      *time.Time
	Ref         string // the provider's, for whom the reader may see it
	Refunds     []Refund
}

// Refund is money on its way back.
type Refund struct {
	State       models.RefundState
	AmountMinor int64
	Currency    string
	Reason      string
	At          time.Time
	URL         string // its page; empty: not for this reader
}

// Returned is a return of the order.
type Returned struct {
	Code, URL string
	Status    Badge
	At        time.Time
}

// Event is a line of a story, newest first.
type Event struct {
	At   time.Time
	Who  string
	What string
	Note string // in the words of staff
}

// Sheet is the form of an act on an order or a return.
type Sheet struct {
	ui.Act
	Version string
	Subject []Fact
	Fields  []ui.Field // each drawn by its type: checkbox, radio, select, area or a line
}

// paymentTone is the colour of a payment's state.
func paymentTone(s models.PaymentState) ui.Tone {
	switch s {
	case models.PaymentPaid:
		return ui.Good
	case models.PaymentOpen, models.PaymentRequested, models.PaymentRefundPending:
		return ui.Info
	case models.PaymentFailed:
		return ui.Danger
	default:
		return ui.Neutral
	}
}
