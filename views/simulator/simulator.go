// Package simulator draws the Simulator room: a customer's phone on the screen, and beside it business time,
// what is broken, what the product believes and what it sent. It shows simulated people only. The phone is
// nobody's brand; what it shows is what a messenger would: bubbles, ticks, buttons, lists, links.
package simulator

import (
	"context"
	"regexp"
	"strings"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/ui"
)

// URL is the room's address; its acts stand below.
const URL = "/console/simulator"

// Page is the room.
type Page struct {
	Trouble  string // why nothing can be played, in words; empty: the stand-ins are there
	Phone    *Phone // nil: nobody's phone is on the screen yet
	Salon    string // the salon's name, as a chat's head shows it
	Clock    Clock
	Faults   []Fault
	Requests []Request
	State    State
	CSRF     string
	Pulse    string // changes when the page would
}

// Phone is a customer's.
type Phone struct {
	Hand
	Days   []Day
	Offer  string  // the line a scenario opens with, until something was said; empty: none
	PayURL string  // the newest payment link on it; empty: none
	Form   ui.Form // of the composer: field text
}

// Hand is whose phone is on the screen.
type Hand struct {
	Number   string // E.164
	Name     string // of the profile; may be empty
	Scenario string // the one it belongs to; empty: none
	Language models.Language
}

// Day is what was said on one day.
type Day struct {
	Label   string
	Bubbles []Bubble
}

// Bubble is a message as the phone shows it.
type Bubble struct {
	ID       string
	Mine     bool // the customer's
	Kind     string
	Text     string
	Footer   string    // of a template
	At       time.Time // in the salon's zone
	Tick     Tick
	Buttons  []models.Option
	Rows     []models.Option
	URL      string
	Template string
	Payable  bool // it carries the newest payment link
}

// Tick is how far a customer's message has come.
type Tick string

// On its way; stored by the product.
const (
	TickSent    Tick = "sent"
	TickArrived Tick = "arrived"
)

// Clock is business time.
type Clock struct {
	Now     time.Time // in the salon's zone
	Zone    string
	Stopped bool
}

// Fault is a service that misbehaves.
type Fault struct {
	Service, Mode string
	Until         time.Time // in the salon's zone, machine time; zero: until mended
}

// Request is one the stand-ins received.
type Request struct {
	ID      string
	At      time.Time // in the salon's zone, machine time
	Service string
	What    string // method and path
	Status  int    // 0: no answer was given
	Body    string // indented
}

// State is what the product believes about the customer.
type State struct {
	Name            string // empty: not registered
	Language        models.Language
	Human           bool
	Stage           string // what was asked last; empty: nothing
	Waiting         int    // messages not yet at the provider
	Visits          []Visit
	Cases           []Case
	ConversationURL string // empty: there is none, or the reader may not open it
}

// Visit is an appointment.
type Visit struct {
	ID, Title, Stylist, For string
	Status                  models.AppointmentStatus
	StartsAt, EndsAt        time.Time // in the salon's zone
	Total, Deposit          int64
	Currency                string
	DepositState            string
	HoldUntil               time.Time
	URL                     string // in the diary; empty: the reader may not open it
}

// Case is a hand-off.
type Case struct {
	ID, Reason, Summary, URL string
	Open                     bool
}

// Scenarios are those of the specification, in order.
func Scenarios() []string {
	return []string{"S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S11", "S12", "S13", "S14", "S15", "S16", "S17", "S18"}
}

// Services are what can be broken, and Modes how.
func Services() []string { return []string{"whatsapp", "stripe", "mail", "sms", "postgres", "redis"} }

// Modes are the ways a service can misbehave.
func Modes() []string {
	return []string{"down", "slow", "hang", "429", "500", "garbage", "duplicate", "reorder"}
}

// Carries tells whether the room itself stands on a service, so that it may only be broken for a while.
func Carries(service string) bool { return service == "postgres" || service == "redis" }

// Delivers tells whether a mode is about what a service delivers to the salon, which Postgres and Redis do not.
func Delivers(mode string) bool { return mode == "duplicate" || mode == "reorder" }

// title is who holds the phone.
func (h Hand) title() string {
	if h.Name != "" {
		return h.Name
	}
	return h.Number
}

func (b Bubble) class() string {
	if b.Mine {
		return "sim-bubble mine"
	}
	return "sim-bubble"
}

// who says a bubble, for those who hear the page.
func (b Bubble) who(ctx context.Context, p Page) string {
	if b.Mine {
		return p.Phone.title()
	}
	return p.Salon
}

// picture tells whether a bubble shows the built-in sample.
func (b Bubble) picture() bool { return b.Kind == "image" }

var link = regexp.MustCompile(`https?://[^\s<>"]+`)

// piece is a stretch of a text: words, or a link.
type piece struct{ text, url string }

// pieces splits a text at its links.
func pieces(text string) []piece {
	var out []piece
	from := 0
	for _, at := range link.FindAllStringIndex(text, -1) {
		url := strings.TrimRight(text[at[0]:at[1]], ".,;:!?)]»،؛؟")
		out = append(out, piece{text: text[from:at[0]]}, piece{text: url, url: url})
		from = at[0] + len(url)
	}
	return append(out, piece{text: text[from:]})
}

// host is what a link preview says about where it leads.
func host(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// Payment tells whether a link leads to a payment page.
func Payment(url string) bool { return strings.Contains(url, "/pay/") }

func (f Fault) text(ctx context.Context) string {
	words := i18n.T(ctx, "simulator.room.broken", "Service", serviceName(ctx, f.Service), "How", ui.Word(ctx, "simulator.mode", f.Mode))
	if f.Until.IsZero() {
		return words
	}
	return words + " " + i18n.T(ctx, "simulator.room.broken_until", "Time", f.Until.Format(time.TimeOnly))
}

func serviceName(ctx context.Context, service string) string {
	return ui.Word(ctx, "simulator.service", service)
}

// tone is the colour of what was answered.
func (r Request) tone() ui.Tone {
	switch {
	case r.Status == 0 || r.Status >= 500:
		return ui.Danger
	case r.Status >= 400:
		return ui.Attention
	default:
		return ui.Good
	}
}

func (v Visit) tone() ui.Tone {
	switch v.Status {
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

func (v Visit) depositTone() ui.Tone {
	switch v.DepositState {
	case "paid":
		return ui.Good
	case "pending", "refund_pending":
		return ui.Attention
	default:
		return ui.Neutral
	}
}

func initial(name string) string {
	for _, letter := range name {
		return string(letter)
	}
	return ""
}

// Lasts are for how long a service may be broken.
func Lasts() []string { return []string{"10s", "30s", "1m", "5m", "mended"} }

func options(ctx context.Context, area string, codes []string) []ui.Option {
	out := make([]ui.Option, 0, len(codes))
	for _, code := range codes {
		out = append(out, ui.Option{Value: code, Label: ui.Word(ctx, area, code)})
	}
	return out
}

func scenarios(ctx context.Context) []ui.Option {
	out := make([]ui.Option, 0, len(Scenarios()))
	for _, code := range Scenarios() {
		out = append(out, ui.Option{Value: code, Label: code + " · " + i18n.T(ctx, "simulator.scenario."+code)})
	}
	return out
}

func languages(ctx context.Context) []ui.Option {
	return options(ctx, "console.lang", models.Languages())
}

// depositWords say how much is due and where it stands: "Deposit paid 16.00 €".
func depositWords(ctx context.Context, v Visit) string {
	words := ui.Word(ctx, "console.deposit", v.DepositState)
	if v.Deposit == 0 {
		return words
	}
	return words + " " + ui.Money(ctx, v.Deposit, v.Currency)
}
