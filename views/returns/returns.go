// Package returns draws goods on their way back, as staff see them: one return with its lines, its pictures and its
// story. The list and the forms are those of orders.
package returns

import (
	"frontdesk/views/orders"
)

// Detail is one return.
type Detail struct {
	Code     string
	Status   orders.Badge
	Acts     []orders.Possible
	Facts    []orders.Fact
	Lines    []orders.Line
	Sums     []orders.Fact
	Currency string
	Reason   string // in words
	Notes    string // the customer's words
	Money    []orders.Fact
	Photos   []Photo
	Talk     string // the conversation's page; empty: none, or not for this reader
	Story    []orders.Event
}

// Photo is a picture the customer sent. Without an address there is nothing to show, and Word says why.
type Photo struct{ URL, Alt, Word string }
