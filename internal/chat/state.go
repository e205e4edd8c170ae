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
	V          int             `json:"v"`
	At         time.Time       `json:"at"` // of the last turn
	Stage      Stage           `json:"stage,omitempty"`
	Introduced bool            `json:"introduced,omitempty"` // the privacy link was shown (R-1005)
	Greeted    bool            `json:"greeted,omitempty"`
	NameAsked  bool            `json:"name_asked,omitempty"` // the open question; false: "is your name X?"
	NameTries  int             `json:"name_tries,omitempty"` // unclear answers to it
	Unclear    int             `json:"unclear,omitempty"`    // unclear turns in a row
	Chats      int             `json:"chats,omitempty"`      // lines of small talk in a row
	Nodded     bool            `json:"nodded,omitempty"`     // "ok" to the question for the day, once
	Behind     bool            `json:"behind,omitempty"`     // more was written than is answered in a minute
	Concern    *Concern        `json:"concern,omitempty"`
	FAQs       []string        `json:"faqs,omitempty"`      // asked before the name was known
	AskedDay   *Date           `json:"asked_day,omitempty"` // the day they were about
	Wish       *Wish           `json:"wish,omitempty"`      // said before the name was known
	Tongue     models.Language `json:"tongue,omitempty"`    // the language asked for outright
	Renaming   bool            `json:"renaming,omitempty"`  // their name is wrong; the right one was asked for
	Shop       *Shop           `json:"shop,omitempty"`
	Unfound    *Unfound        `json:"unfound,omitempty"`
	Request    Request         `json:"request"`
	Next       *Request        `json:"next,omitempty"` // the second of two bookings: begins when the first is done
	// Options are the buttons or rows shown last; Offer the times among them, with their exact spans.
	Options []models.Option `json:"options,omitempty"`
	Offer   []Slot          `json:"offer,omitempty"`
	Shown   []Slot          `json:"shown,omitempty"` // every time offered for this request
	Chosen  *Slot           `json:"chosen,omitempty"`
	// Together is what was offered to a group.
	Together *Together `json:"together,omitempty"`
	// Booking is the hold that waits for its deposit; Held what is held; News that the customer has not
	// been told of it yet.
	Booking *models.ID `json:"booking,omitempty"`
	Held    *Slot      `json:"held,omitempty"`
	News    *News      `json:"news,omitempty"`
	Memory  Memory     `json:"memory,omitzero"`
	// Reminded is the visit that the customer was reminded of last, until they write about something else;
	// Late the delay that is being talked about.
	Reminded *models.ID `json:"reminded,omitempty"`
	Late     *Lateness  `json:"late,omitempty"`
	PhoneOf  *models.ID `json:"phone_of,omitempty"` // whose phone was asked for; the next message may tell it
	Change   *Change    `json:"change,omitempty"`   // a visit that stands being moved or cancelled
	// Silenced is the conversation's as of the last turn: another one by now says that people had it since.
	Silenced int64 `json:"silenced,omitempty"`

	// Within one turn only: what is said before the next question, and the event being told.
	lead      []Line
	telling   *Told
	closedDay bool // an answer said that the day asked about is closed
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

// Wish is what a new customer wants besides a new visit ("what do you offer?", "cancel my appointment"); it waits
// for the name as the request does.
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
	For     *Guest          `json:"for,omitempty"`    // the one person it is for, who is not the customer
	Guests  []Guest         `json:"guests,omitempty"` // of a visit for several people
	Stylist *models.ID      `json:"stylist,omitempty"`
	Anyone  bool            `json:"anyone,omitempty"`  // the stylist does not matter
	Without []models.ID     `json:"without,omitempty"` // stylists who are not wanted
}

// empty tells whether nothing was asked for yet.
func (r Request) empty() bool {
	return len(r.Services) == 0 && len(r.Which) == 0 && len(r.Between) == 0 && r.Pack == "" && r.From == nil && r.Stylist == nil &&
		r.For == nil && len(r.Guests) == 0 &&
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

// day is the day, if there is one.
func (d *Date) day() *understand.Day {
	if d == nil {
		return nil
	}
	return &d.Day
}

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
	fresh := State{
		V: stateVersion, Introduced: s.Introduced, Tongue: s.Tongue, Behind: s.Behind, Memory: s.Memory.slept(), NameAsked: s.NameAsked,
		Booking: s.Booking, Held: s.Held, News: s.News, Reminded: s.Reminded, Silenced: s.Silenced,
	}
	if s.Stage == StageName {
		fresh.Stage, fresh.Concern, fresh.FAQs, fresh.AskedDay, fresh.Wish = s.Stage, s.Concern, s.FAQs, s.AskedDay, s.Wish
		fresh.Request = Request{Services: s.Request.Services, Which: s.Request.Which}
		fresh.Options = s.Options
	}
	if s.Stage == StagePaying {
		fresh.Stage, fresh.Request, fresh.Next = s.Stage, s.Request, s.Next
	}
	if c := s.Change; c != nil && c.Paying != nil && s.Booking != nil {
		fresh.Stage, fresh.Request, fresh.Next = StagePaying, *c.Paying, c.Next
	}
	return fresh
}

// heard is the state after people of the salon may have had the conversation: whatever they wrote stands between a
// question about a visit and its answer.
func (s State) heard(silenced int64) State {
	if s.Change != nil && s.Silenced != silenced {
		change := *s.Change
		change.Aside, s.Change = true, &change
	}
	s.Silenced = silenced
	return s
}

// resume goes back to a question that was set aside. One whose matter is over meanwhile is asked no more.
func (s *State) resume(stage Stage) {
	over := stage.ofChange() && s.Change == nil || (stage == StageLate || stage == StageHowLate) && s.Late == nil ||
		stage == StageUnfound && s.Unfound == nil
	if over {
		stage = StageOpen
	}
	s.Stage, s.Options = stage, nil
}

// withdraw takes back the offer of a colleague; the question that was open before it is open again. The shop's own
// question is over: people see to it now.
func (s *State) withdraw() {
	stage := s.Stage
	if stage == StageUnfound && s.Unfound != nil {
		stage = s.Unfound.Before
	}
	s.Unfound = nil
	if s.Shop != nil {
		shop := *s.Shop
		shop.Front, shop.Asks, shop.Adding = false, "", 0
		s.Shop = &shop
	}
	if stage != s.Stage {
		s.resume(stage)
	}
}

// settle forgets the request: it is done or given up.
func (s *State) settle() {
	s.Stage, s.Request, s.Next, s.Booking, s.Held, s.News, s.Change = StageOpen, Request{}, nil, nil, nil, nil, nil
	s.clearOffer()
}

// complete forgets the request because it is booked; a second booking still waits.
func (s *State) complete() {
	next := s.Next
	s.settle()
	s.Next = next
}

func (s *State) clearOffer() {
	s.Options, s.Offer, s.Shown, s.Chosen, s.Together = nil, nil, nil, nil, nil
}

// expect is what the open question asks for, in the words of package understand.
func (s State) expect() understand.Expect {
	if s.Renaming {
		return understand.ExpectName
	}
	switch s.Stage {
	case StageName:
		if s.NameAsked {
			return understand.ExpectName
		}
		return understand.ExpectNameConfirm
	case StageGuest:
		return understand.ExpectName
	case StageService, StageShares:
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
	case StageSlot, StageJoint:
		return understand.ExpectSlot
	case StageSurname:
		return understand.ExpectSurname
	case StageVisit:
		return understand.ExpectSlot
	case StageHowLate:
		return understand.ExpectDelay
	case StageAgain, StageConsult, StageUnfound, StageLate, StageUsual, StageCancel, StageInstead, StageForfeit:
		return understand.ExpectYesNo
	default:
		return understand.ExpectNone
	}
}
