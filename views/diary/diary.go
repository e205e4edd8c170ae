// Package diary draws the salon's diary: a day or a week by stylist, and one visit in detail. Closed
// time is hatched, a hold is dashed and says so: nothing is told by colour alone.
package diary

import (
	"context"
	"fmt"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/ui"
)

// RowMinutes is the height of one row of the day.
const RowMinutes = 5

// Page is the diary of a day or a week.
type Page struct {
	Title      string
	Week       *Week // nil: the day
	Day        *Day
	Links      Links
	Stylists   []ui.Chip
	Statuses   []ui.Chip
	Fallen     []Card // holds and visits of the span that no longer take time
	Selected   *Details
	ClosedText string // why the salon is closed on this day, when it is
	OwnOnly    bool
	Filtered   bool // a filter hides something
	Count      int  // visits in the span
	ClearURL   string
	BookURL    string // a visit for a customer; empty: the reader may not
	BlockURL   string // time that is closed; empty: the reader may not
}

// Links lead through time; the filters stay.
type Links struct {
	Previous, Next, Today        string
	ThisDay, ThisWeek, NextSeven string
	View                         View
	Date                         string // the day shown, for the date field
	Stylist, Status              string // the filters, for the date form
}

// View is how much of the diary a page shows.
type View string

// Views of the diary. NextSeven begins on the day asked for, a week on its Monday.
const (
	DayView   View = ""
	WeekView  View = "week"
	NextSeven View = "next7"
)

// Stylist is the head of a column.
type Stylist struct {
	Code     string
	Name     string
	Initials string
	Tint     string
}

// Day is a column per stylist over one scale of time.
type Day struct {
	Date    string // YYYY-MM-DD
	From    int    // first minute of the scale, after midnight
	Snap    int    // minutes between two times that a dragged visit may take
	Columns []Column
	Ticks   []Tick
	Rows    int
	NowRow  int // 0: this is another day, or outside the scale
}

// Tick is a label of the scale.
type Tick struct {
	Row    int
	Label  string
	OnHour bool
}

// Column is a stylist's day, in order of time.
type Column struct {
	Stylist Stylist
	Items   []Item
	Visits  int
}

// bare columns have nothing that the list of a phone would show.
func (c Column) bare() bool {
	for _, item := range c.Items {
		if item.Free == nil && !item.Quiet {
			return false
		}
	}
	return true
}

// Item is a visit, closed time or free time, at its place on the scale.
type Item struct {
	Row, Rows int
	Visit     *Card
	Free      *Free
	Closed    string // words; set when there is neither visit nor free time
	Times     string // of closed time, for the list of a phone, which has no scale
	Quiet     bool   // outside opening hours: not worth a line in a phone's list
	OpenURL   string // takes closed time away again; empty: it is no block, or the reader may not
}

// Free is time that a visit can be booked into by choosing it.
type Free struct {
	ID   string
	URL  string
	Time string // "12:30"
	With string // whose
}

// Card is a visit in short.
type Card struct {
	ID         string
	URL        string
	Start, End time.Time
	Who        string
	What       []string
	Status     models.AppointmentStatus
	Deposit    models.DepositState
	HoldUntil  *time.Time
	Stylist    Stylist
	Current    bool
	MoveURL    string // empty: the visit does not move, or the reader may not move it
}

func (c Card) minutes() int { return int(c.End.Sub(c.Start).Minutes()) }

// Week is a line per stylist over seven days.
type Week struct {
	Days []WeekDay
	Rows []WeekRow
}

// WeekDay is the head of a day.
type WeekDay struct {
	Label string
	URL   string
	Today bool
}

// WeekRow is a stylist's week; Cells stand in the order of Week.Days.
type WeekRow struct {
	Stylist Stylist
	Cells   []WeekCell
}

func (r WeekRow) visits() int {
	n := 0
	for _, cell := range r.Cells {
		n += len(cell.Visits)
	}
	return n
}

// WeekCell is a stylist's day in short.
type WeekCell struct {
	Visits []Card
	Closed string
}

// Details is one visit with its money and its history.
type Details struct {
	Card
	CloseURL        string
	Reminder        string     // what became of the reminder, in words; empty: none was due
	RemindedAt      *time.Time // when that was
	Delay           string     // what the customer said about coming late
	ConversationURL string     // empty when the reader may not see it, or there is none
	Phone           string     // empty when the reader may not see it
	BookedBy        string     // set when someone else booked
	PackName        string
	Lines           []Line
	TotalMinor      int64
	DepositMinor    int64
	DueMinor        int64
	Currency        string
	ShowPayments    bool // the reader's work is with money or with customers
	Payments        []Payment
	Told            []Told // what stylists were told of it; for those who see payments
	History         []Event
	Acts            []Possible
}

// Told is a notice of the visit and the ways it took.
type Told struct {
	What        string
	At          time.Time
	Undelivered bool // no channel took it: only the console tells
	Ways        []Way
}

// Way is what became of a notice on one channel.
type Way struct{ Channel, State, Code string }

// Line is one service of the visit.
type Line struct {
	Name       string
	Minutes    int
	PriceMinor int64
}

// Payment is one request for the deposit.
type Payment struct {
	State       models.PaymentState
	AmountMinor int64
	Currency    string
	At          time.Time
	PaidAt      *time.Time
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

// Event is one change: what, by whom, when.
type Event struct {
	What  string
	Who   string
	Note  string // why, in the words of who did it
	From  string // of a move: the time and stylist before
	State models.AppointmentStatus
	At    time.Time
}

func (c Card) hold() bool { return c.Status == models.Provisional }

// short cards are too low for more than one line.
func (i Item) short() bool { return i.Rows <= 4 }

// medium cards hold four narrow lines.
func (i Item) medium() bool { return i.Rows > 4 && i.Rows <= 8 }

func (i Item) place() string { return fmt.Sprintf("from-%d for-%d", i.Row, i.Rows) }

func (c Card) classes(short bool) string {
	out := "visit " + c.Stylist.Tint
	switch {
	case c.hold():
		out += " is-hold"
	case !c.Status.Live():
		out += " is-done"
	}
	if short {
		out += " short"
	}
	return out
}

func statusTone(s models.AppointmentStatus) ui.Tone {
	switch s {
	case models.Confirmed, models.Completed:
		return ui.Good
	case models.Provisional, models.ReschedulePending:
		return ui.Attention
	case models.NoShow, models.Cancelled:
		return ui.Danger
	default:
		return ui.Neutral
	}
}

// StatusIcon is the sign beside a status.
func statusIcon(s models.AppointmentStatus) string {
	switch s {
	case models.Provisional, models.ReschedulePending:
		return "hourglass"
	case models.Confirmed, models.Completed:
		return "circle-check"
	default:
		return "ban"
	}
}

func depositTone(s models.DepositState) ui.Tone {
	switch s {
	case models.DepositPaid:
		return ui.Good
	case models.DepositPending, models.DepositRefundPending:
		return ui.Attention
	case models.DepositForfeited:
		return ui.Danger
	default:
		return ui.Neutral
	}
}

func paymentTone(s models.PaymentState) ui.Tone {
	switch s {
	case models.PaymentPaid:
		return ui.Good
	case models.PaymentRequested, models.PaymentOpen, models.PaymentRefundPending:
		return ui.Attention
	case models.PaymentFailed:
		return ui.Danger
	default:
		return ui.Neutral
	}
}

// spoken is a visit for someone who cannot see the grid.
func spoken(ctx context.Context, c Card) string {
	return i18n.T(ctx, "console.diary.spoken", "From", i18n.Clock(c.Start), "To", i18n.Clock(c.End), "Who", c.Who,
		"Stylist", c.Stylist.Name, "Status", ui.Word(ctx, "console.status", string(c.Status)))
}
