package chat

import (
	"encoding/json"
	"fmt"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// stateVersion is the shape of State; a saved state of another shape starts over.
const stateVersion = 1

// Stage is the question that is open: what the customer's next words are read against.
type Stage string

// Stages of the dialogue.
const (
	StageOpen    Stage = ""        // nothing was asked
	StageName    Stage = "name"    // who are you?
	StageService Stage = "service" // what would you like?
	StageWhich   Stage = "which"   // which of the services that fit your word?
	StageConsult Stage = "consult" // a free consultation, since they hesitate?
	StageMixed   Stage = "mixed"   // two bookings, or hair or beauty alone?
	StagePack    Stage = "pack"    // the pack or the single services?
	StageDay     Stage = "day"     // which day?
	StageStylist Stage = "stylist" // with whom?
	StageSlot    Stage = "slot"    // which of these times?
	StageSurname Stage = "surname" // a time is chosen, the surname is missing
	StagePaying  Stage = "paying"  // a hold waits for its deposit
	StageAgain   Stage = "again"   // the hold lapsed: look again?
)

// State is where a conversation stands between two messages. It is saved with the conversation and
// with its version, so that any process can go on from it.
type State struct {
	V          int       `json:"v"`
	At         time.Time `json:"at"` // of the last turn
	Stage      Stage     `json:"stage,omitempty"`
	Introduced bool      `json:"introduced,omitempty"` // the privacy link was shown (R-1005)
	Greeted    bool      `json:"greeted,omitempty"`
	NameAsked  bool      `json:"name_asked,omitempty"` // the open question; false: "is your name X?"
	NameTries  int       `json:"name_tries,omitempty"` // unclear answers to it
	Unclear    int       `json:"unclear,omitempty"`    // unclear turns in a row
	Nodded     bool      `json:"nodded,omitempty"`     // "ok" to the question for the day, once
	Behind     bool      `json:"behind,omitempty"`     // more was written than is answered in a minute
	Concern    *Concern  `json:"concern,omitempty"`
	FAQs       []string  `json:"faqs,omitempty"` // asked before the name was known
	Wish       *Wish     `json:"wish,omitempty"` // said before the name was known
	Request    Request   `json:"request"`
	Next       *Request  `json:"next,omitempty"` // the second of two bookings: begins when the first is done
	// Options are the buttons or rows shown last; Offer the times among them, with their exact spans.
	Options []models.Option `json:"options,omitempty"`
	Offer   []Slot          `json:"offer,omitempty"`
	Shown   []Slot          `json:"shown,omitempty"` // every time offered for this request
	Chosen  *Slot           `json:"chosen,omitempty"`
	// Booking is the hold that waits for its deposit; Held what is held; News that the customer has not
	// been told of it yet.
	Booking *models.ID `json:"booking,omitempty"`
	Held    *Slot      `json:"held,omitempty"`
	News    *News      `json:"news,omitempty"`

	// Within one turn only: what is said before the next question, and the event being told.
	lead    []Line
	telling *Told
}

// News is a hold that its payment link will tell of: one message for both (each is billed, and nobody
// likes two where one would do).
type News struct {
	Instead *Slot `json:"instead,omitempty"` // the hold that this one replaced
}

// Concern is a hand-off that waits for the name (S04).
type Concern struct {
	Reason  models.HandoffReason   `json:"reason"`
	Topic   understand.HealthTopic `json:"topic,omitempty"`
	Trigger string                 `json:"trigger"`
}

// Wish is what a new customer wants besides a visit of their own ("what do you offer?", "for my
// mother"); it waits for the name as the request does.
type Wish struct {
	Intents understand.Intents `json:"intents"`
	Words   string             `json:"words"`
}

// Slot is a time with a stylist, as offered.
type Slot struct {
	StylistID models.ID `json:"stylist"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
}

func (s Slot) same(o Slot) bool { return s.StylistID == o.StylistID && s.Start.Equal(o.Start) }

// Request is the visit the customer is asking for.
type Request struct {
	Services []string   `json:"services,omitempty"` // codes, in the order named
	Which    [][]string `json:"which,omitempty"`    // words that fit several services: ask which
	Pack     string     `json:"pack,omitempty"`     // code of the pack accepted
	NoPack   bool       `json:"no_pack,omitempty"`  // proposed and declined, or not wanted
	Proposed string     `json:"proposed,omitempty"` // code of the pack proposed: proposed once
	Quoted   string     `json:"quoted,omitempty"`   // what the price was told for
	Priced   bool       `json:"priced,omitempty"`   // only the price was asked for so far
	// Between are the services the customer hesitates between. Advised: the free consultation was
	// declined, or not answered twice.
	Between []string        `json:"between,omitempty"`
	Topic   models.Category `json:"topic,omitempty"`   // they hesitate, and speak of hair or of beauty
	Reasked bool            `json:"reasked,omitempty"` // the consultation was offered a second time
	Advised bool            `json:"advised,omitempty"`
	From    *Date           `json:"from,omitempty"`
	To      *Date           `json:"to,omitempty"` // the last day that would do
	Part    Part            `json:"part,omitempty"`
	At      *int            `json:"at,omitempty"` // minutes after local midnight, like the next two
	About   bool            `json:"about,omitempty"`
	After   *int            `json:"after,omitempty"`
	Before  *int            `json:"before,omitempty"`
	Stylist *models.ID      `json:"stylist,omitempty"`
	Anyone  bool            `json:"anyone,omitempty"`  // the stylist does not matter
	Without []models.ID     `json:"without,omitempty"` // stylists who are not wanted
}

// empty tells whether nothing was asked for yet.
func (r Request) empty() bool {
	return len(r.Services) == 0 && len(r.Which) == 0 && len(r.Between) == 0 && r.Pack == "" && r.From == nil && r.Stylist == nil &&
		r.At == nil && r.After == nil && r.Before == nil && r.Part == understand.AnyPart
}

// timed tells whether only some hours of the day would do.
func (r Request) timed() bool {
	return r.Part != understand.AnyPart || r.After != nil || r.Before != nil
}

// day is the one day asked for; nil when there is none or several would do.
func (r Request) day() *understand.Day {
	if r.From == nil || !sameDate(r.From, r.To) {
		return nil
	}
	return &r.From.Day
}

// Date is a calendar day, saved as 2026-10-09.
type Date struct{ understand.Day }

// MarshalText writes the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form.
func (d *Date) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("read date: %w", err)
	}
	d.Day = understand.DayOf(t)
	return nil
}

// Part is a part of the day as understood.
type Part = understand.Part

// loadState reads a saved state; one that is missing, foreign or broken is a fresh one.
func loadState(raw json.RawMessage) State {
	var s State
	if err := json.Unmarshal(raw, &s); err != nil || s.V != stateVersion {
		return State{V: stateVersion}
	}
	return s
}

func (s State) save() (json.RawMessage, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode state: %w", err)
	}
	return raw, nil
}

// woken is the state after a silence: what was asked and offered long ago is stale, who the customer
// is and what they wanted is not. A question for the name stays open.
func (s State) woken() State {
	fresh := State{V: stateVersion, Introduced: s.Introduced, Behind: s.Behind, NameAsked: s.NameAsked, Booking: s.Booking, Held: s.Held, News: s.News}
	if s.Stage == StageName {
		fresh.Stage, fresh.Concern, fresh.FAQs, fresh.Wish = s.Stage, s.Concern, s.FAQs, s.Wish
		fresh.Request = Request{Services: s.Request.Services, Which: s.Request.Which}
		fresh.Options = s.Options
	}
	if s.Stage == StagePaying {
		fresh.Stage, fresh.Request, fresh.Next = s.Stage, s.Request, s.Next
	}
	return fresh
}

// settle forgets the request: it is done or given up.
func (s *State) settle() {
	s.Stage, s.Request, s.Next, s.Booking, s.Held, s.News = StageOpen, Request{}, nil, nil, nil, nil
	s.clearOffer()
}

// complete forgets the request because it is booked; a second booking still waits.
func (s *State) complete() {
	next := s.Next
	s.settle()
	s.Next = next
}

func (s *State) clearOffer() {
	s.Options, s.Offer, s.Shown, s.Chosen = nil, nil, nil, nil
}

// expect is what the open question asks for, in the words of package understand.
func (s State) expect() understand.Expect {
	switch s.Stage {
	case StageName:
		if s.NameAsked {
			return understand.ExpectName
		}
		return understand.ExpectNameConfirm
	case StageService:
		return understand.ExpectService
	case StageWhich:
		return understand.ExpectServiceChoice
	case StagePack:
		return understand.ExpectPack
	case StageDay:
		return understand.ExpectDay
	case StageMixed:
		return understand.ExpectCategory
	case StageStylist:
		return understand.ExpectStylist
	case StageSlot:
		return understand.ExpectSlot
	case StageSurname:
		return understand.ExpectSurname
	case StageAgain, StageConsult:
		return understand.ExpectYesNo
	default:
		return understand.ExpectNone
	}
}
