// Package refunds draws the money that goes back, as staff see it: the list with what it adds up to, one refund with its
// story, the forms. Its parts are those of orders.
package refunds

import (
	"frontdesk/models"
	"frontdesk/views/orders"
	"frontdesk/views/ui"
)

// Page is the list.
type Page struct {
	Title, Lead string
	Sums        []orders.Fact // what the list adds up to, by state
	Table       ui.Table
}

// Detail is one refund.
type Detail struct {
	Amount   string
	State    orders.Badge
	Acts     []orders.Possible
	Facts    []orders.Fact
	Lines    []orders.Line
	Currency string
	Note     string // for colleagues
	Words    Words
	Talk     string // the conversation's page; empty: none, or not for this reader
	Story    []orders.Event
}

// Words are what the customer reads. Silent says why they read nothing.
type Words struct {
	To       string
	Language models.Language
	Text     string
	Silent   string
}

// Sheet is a form with what the customer will read.
type Sheet struct {
	orders.Sheet
	Words  Words
	Hidden [][2]string // name, value
}
