package store

import (
	"strconv"
	"time"

	"frontdesk/models"
	"frontdesk/views/ui"
)

// CheckoutPage is the way from a cart to an order: how it is paid, where it goes, and what it comes to.
type CheckoutPage struct {
	Form      ui.Form
	Version   string // of the cart that is shown
	Ways      []Way
	Countries []ui.Option
	Sum       Sum
	Lines     []OrderLine
	Consent   bool     // it has to be given, and was not before
	Notices   []Notice // what must be mended in the cart first
}

// Way is a way to pay.
type Way struct {
	Value, Label, Hint, Icon string
	Chosen                   bool
}

// Sum is what an order comes to. TaxMinor is shown where it is added to the prices.
type Sum struct {
	Currency                                           string
	SubtotalMinor, TaxMinor, ShippingMinor, TotalMinor int64
	Items                                              int
}

// OrderLine is a product of an order, as it was bought.
type OrderLine struct {
	Name, SKU  string
	Qty        int
	TotalMinor int64
	Picture    Picture
}

// State is where an order or a return stands: a word, and what it means for its owner.
type State struct {
	Tone       ui.Tone
	Icon, Word string
	Text       string
}

// Said is a text that staff wrote, and its language; empty where they took it out.
type Said struct {
	Text string
	Lang models.Language
}

// Step is one of the steps an order or a return takes.
type Step struct {
	Title   string
	Text    string
	At      time.Time // zero: not reached
	Done    bool
	Current bool
	Ended   bool // it ends here, otherwise than hoped for
}

// OrderCard is an order in a list.
type OrderCard struct {
	URL, Number string
	At          time.Time
	State       State
	TotalMinor  int64
	Currency    string
	Items       int
}

// OrdersPage are somebody's orders, the newest first.
type OrdersPage struct {
	Orders []OrderCard
	Known  bool // who they are is proved: these are all of their orders
}

// OrderPage is one order as its owner sees it: without the lines of its address.
type OrderPage struct {
	CSRF     string
	Number   string
	URL      string
	At       time.Time
	State    State
	Thanks   bool // it was just placed
	Steps    []Step
	Lines    []OrderLine
	Sum      Sum
	Method   string
	Name     string
	City     string
	Country  string
	Phone    string // but its last figures hidden
	PayURL   string // the payment page; empty: there is none to go to
	Go       bool   // the browser goes there by itself
	PayAgain bool   // there is none; one can be opened
	Waiting  bool   // for the bank's word: the page asks for itself again
	Confirm  bool   // it waits for its owner to say yes
	Switch   bool   // it may still be paid otherwise
	Cancel   string // where it is canceled; empty: it cannot be
	Return   string // where something is sent back; empty: nothing can be
	Returns  []ReturnCard
	WhatsApp string
	Mine     bool // of this browser: there are others to go back to
}

// CancelPage asks whether an order shall be canceled.
type CancelPage struct {
	Form    ui.Form
	Number  string
	Back    string
	Refund  bool // money was paid
	Sum     Sum
	Problem string
}

// LookupPage finds an order for somebody who is not known here.
type LookupPage struct {
	Form      ui.Form
	Question  string // a little sum, after too many misses
	Ticket    string
	Found     *OrderCard
	Trouble   *Trouble
	RequestID string
	WhatsApp  string
}

// Trouble is what went wrong and what to do now.
type Trouble struct {
	Tone        ui.Tone
	Icon        string
	Title, Text string
	Next        string
}

// HandoffPage leads into a chat on WhatsApp and shows how it begins.
type HandoffPage struct {
	URL   string // empty: no number is set
	Words string
	Back  Crumb
}

// ReturnCard is a return in a list.
type ReturnCard struct {
	URL, Code, Order string
	At               time.Time
	State            State
}

// ReturnsPage are somebody's returns.
type ReturnsPage struct {
	Returns []ReturnCard
	Order   string // of which order; empty: of all
	Start   string
	Back    Crumb
}

// StartPage is how a return begins: the order, then what of it and why.
type StartPage struct {
	Lead    Said
	Orders  []OrderCard // to choose from
	Form    ui.Form
	Number  string // the chosen one; empty: none yet
	Lines   []ReturnLine
	Reasons []ui.Option
	Problem *Trouble // why nothing of it can be sent back
	Back    Crumb
}

// ReturnLine is a product that may be sent back.
type ReturnLine struct {
	Field   string // of the form
	Name    string
	Picture Picture
	Most    int
	Qty     int
}

// ReturnPage is one return.
type ReturnPage struct {
	Code, Order, OrderURL string
	At                    time.Time
	State                 State
	Instructions          Said // of an approved one
	Steps                 []Step
	Lines                 []OrderLine
	Reason, Notes         string
	Fresh                 bool // it was just asked for
	WhatsApp              string
	Back                  Crumb
}

// VerifyPage proves who somebody is by a code on WhatsApp.
type VerifyPage struct {
	Form  ui.Form
	Sent  bool   // a code is on its way
	Phone string // it was sent to
	Known bool   // they have proved it already
	Open  bool   // it can be done here
}

func (s Step) class() string {
	switch {
	case s.Ended:
		return "is-ended"
	case s.Current:
		return "is-current"
	case s.Done:
		return "is-done"
	default:
		return "is-ahead"
	}
}

func (s Step) icon() string {
	switch {
	case s.Ended:
		return "x"
	case s.Done:
		return "check"
	default:
		return "clock"
	}
}

func (l ReturnLine) options() []string {
	out := make([]string, l.Most+1)
	for i := range out {
		out[i] = strconv.Itoa(i)
	}
	return out
}
