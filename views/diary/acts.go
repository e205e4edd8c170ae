package diary

import (
	"context"
	"strconv"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/ui"
)

// Possible is an act that a visit allows now, as a link beside it.
type Possible struct {
	URL   string
	Label string
	Icon  string
	Tone  ui.Tone
	Why   string // why it cannot be done yet; then there is no link
}

// Sheet is the form of an act on a visit: what it is about, what is asked, and what will happen to
// whom. Every part but the act itself may be empty.
type Sheet struct {
	Act      ui.Act
	Subject  Subject
	Before   Subject // of a move: where it stands
	After    Subject // and where it goes
	Version  string  // of the visit as the reader saw it; empty: it has none
	Outcomes Outcomes
	Reasons  []ui.Option // why it is done; none: nobody asks
	// ReasonGiven says that there must be a reason.
	ReasonGiven bool
	Kept        map[string]string
	Messages    []Message
	Notes       []string // what else happens
}

// Subject is the visit that an act is about, in one line each.
type Subject struct {
	Who, What, When, With string
}

// Outcomes is a choice with its question, such as what becomes of the deposit.
type Outcomes struct {
	Name     string
	Question string
	Hint     string
	Options  []ui.Option
}

// Message is what the customer will read, word for word.
type Message struct {
	For      string // the outcome it belongs to; empty: whatever is chosen
	To       string
	Language models.Language
	Text     string
	Silent   string // why nothing is sent; then there is no text
}

// Block is the form that closes time.
type Block struct {
	Act      ui.Act
	Stylists []ui.Option
	Kinds    []ui.Option
	Least    string // the first day that can be closed
	InTheWay []Card // they may stay; somebody must say so
	Notes    []string
}

// Times offers free times to choose from, and takes any other time as it is typed.
type Times struct {
	Act      ui.Act
	Subject  Subject
	Heading  string
	Conflict string // why the time asked for cannot be had
	Groups   []TimeGroup
	None     string // said when there is no free time
	Stylists []ui.Option
	Kept     map[string]string
	Services []string // kept, too: of a booking
	Least    string   // the first day that can be asked for
}

// TimeGroup are free times of a day.
type TimeGroup struct {
	Day   string
	Times []FreeTime
}

// FreeTime is a time to choose.
type FreeTime struct {
	Value string // of the button that chooses it
	Clock string
	With  string
	Tint  string
}

// Who is the first page of booking a visit.
type Who struct {
	Act    ui.Act
	Own    bool // the reader may look up a number, not search names
	Found  []ui.Option
	Kept   map[string]string
	NewOne bool // the fields of a new customer are shown
}

// What is the second page of booking a visit.
type What struct {
	Act      ui.Act
	Who      string
	Services []Section
	Packs    []ui.Option
	Kept     map[string]string
}

// Section is a part of the menu.
type Section struct {
	Title   string
	Options []ui.Option
}

// Check is the last page of booking a visit.
type Check struct {
	Act      ui.Act
	Subject  Subject
	Total    string
	Deposit  string // empty: none is asked for
	Kept     map[string]string
	Services []string // kept, too
	Outcomes Outcomes
	Reasons  []ui.Option
	Messages []Message
	Notes    []string
}

func findType(own bool) string {
	if own {
		return "tel"
	}
	return "text"
}

func findLabel(ctx context.Context, own bool) string {
	if own {
		return i18n.T(ctx, "diary.field.find_phone")
	}
	return i18n.T(ctx, "diary.field.find")
}

func findHint(ctx context.Context, own bool) string {
	if own {
		return i18n.T(ctx, "diary.book.find_hint_own")
	}
	return i18n.T(ctx, "diary.book.find_hint")
}

// Languages are the languages the salon writes to its customers in, as choices.
func Languages(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, lang := range models.Languages() {
		out = append(out, ui.Option{Value: string(lang), Label: i18n.T(ctx, "console.lang."+string(lang))})
	}
	return out
}

// serviceField is one section of the menu; all post as "service", each with an id of its own.
func serviceField(ctx context.Context, form ui.Form, s Section, n int) ui.Field {
	f := form.Bind(ctx, ui.Field{Name: "service", Label: s.Title, Options: s.Options, Optional: true})
	if n > 0 {
		f.ID += "-" + strconv.Itoa(n)
	}
	return f
}
