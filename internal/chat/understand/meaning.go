package understand

import (
	"time"

	"frontdesk/models"
)

// Input is one message and what is needed to read it.
type Input struct {
	Text string
	// ReplyID and ReplyTitle are set for a tap on a button or list row; Text is then ignored.
	ReplyID    string
	ReplyTitle string
	// Language is the conversation's language so far; a neutral answer keeps it. Empty: English.
	Language models.Language
	// Expect is what our last question asked for.
	Expect Expect
	// Options are the buttons or rows of our last message, in the order shown.
	Options []models.Option
	// Now is business time in the salon's zone; days and "today" are counted from it.
	Now time.Time
	// Wanted is the day the customer asked for last, from which "same day next week" is counted; nil:
	// none, and today counts.
	Wanted *Day
	// Opens and Closes are the widest opening of a day, in minutes after midnight. They decide what
	// "at 5" means. Both zero: 10:00-20:00.
	Opens, Closes int
	// Known is the name we already have or are asking about ("is your name Noor?"), so that a
	// surname answer which repeats it is split rightly. May be empty.
	Known      string
	Vocabulary Vocabulary
}

// Expect is what the last question asked for.
type Expect string

// What a question may ask for.
const (
	ExpectNone          Expect = ""
	ExpectNameConfirm   Expect = "name_confirm" // "is your name Noor?"
	ExpectName          Expect = "name"         // "what is your name?"
	ExpectSurname       Expect = "surname"
	ExpectPack          Expect = "pack"    // pack or single service
	ExpectStylist       Expect = "stylist" // with whom
	ExpectSlot          Expect = "slot"    // which of the offered times
	ExpectService       Expect = "service"
	ExpectServiceChoice Expect = "service_choice" // which of the ambiguous services
	ExpectCategory      Expect = "category"       // hair or beauty first
	ExpectDay           Expect = "day"
	ExpectTime          Expect = "time"
	ExpectYesNo         Expect = "yes_no"
	ExpectDelay         Expect = "delay" // by how much late, or when they come
)

// Meaning is what a message says. A field at its zero value was not said.
type Meaning struct {
	// Language is the language to answer in. LanguageSure tells that the message itself showed it;
	// otherwise it is Input.Language, kept.
	Language     models.Language
	LanguageSure bool

	Intents Intents
	// Main is the main thing wanted: one of Intents, Answer or SmallTalk; empty when nothing was understood.
	Main Intent
	// Confidence is how sure Main is, in percent: 100 for a tap or a fixed wording.
	Confidence int

	// Services are codes of the Vocabulary in the order named, each once. Ambiguous holds, for every
	// word that fits several services equally ("colour"), their codes: ask which.
	Services  []string
	Ambiguous [][]string
	// Packs are codes of packs named outright ("pack mechas + corte").
	Packs []string
	// Pack: the customer says "the pack". Single: "just the highlights", "without the pack".
	Pack   bool
	Single bool

	// Both: "both of them". Indecision tells how sure it is that the customer hesitates between services,
	// in percent; Undecided comes with it, whatever the figure. A plain wording of it counts 100.
	Both       bool
	Indecision int
	// Topic is the category the message speaks of when it names no service: "my hair", "mi piel".
	Topic models.Category

	// Day is the one day meant; Days a range when several are ("next week", "Friday or Saturday").
	// At most one of them is set.
	Day  *Day
	Days *Days
	// Away is the day that something is to leave: "from Tuesday", "not on Tuesday". Toward: Day or Days is said as
	// where something is to go: "to Friday".
	Away   *Day
	Toward bool
	// AnyDay: "any day", "whenever".
	AnyDay bool
	Part   Part
	// At is the start wanted; About softens it ("around 4"). NotBefore and NotAfter bound the start,
	// both inclusive. All in minutes after local midnight.
	At        *int
	About     bool
	NotBefore *int
	NotAfter  *int

	// Stylists are codes of the Vocabulary, NotStylists those who are not wanted: "anyone but Omar".
	// AnyStylist: "whoever", "anyone", and "any" of what was offered. Earliest: "first available", "as
	// soon as possible".
	Stylists, NotStylists []string
	AnyStylist            bool
	Earliest              bool
	// SameStylist: "with her again", whoever that was.
	SameStylist bool

	// Name is the name the customer gives: both parts, or one of them.
	Name *PersonName

	// Others are the people spoken of besides the writer, in order; OtherName is the name given of one of them.
	// Heads is how many come, when it is said. Shares say who gets which service. ForMe: of all people only
	// the writer is spoken of.
	Others    []Kin
	OtherName *PersonName
	Heads     int
	Shares    []Share
	ForMe     bool
	Alone     bool // only the writer, and nobody else: "just me after all"
	OfOther   bool // somebody else is spoken of, named or not

	// Choice is the chosen option, counted from 1; 0 when none was chosen or two fit equally. It is
	// never outside Options: "the last one" is already resolved. OptionID is that option's id; of a stale tap it is the id tapped.
	Choice   int
	OptionID string
	// StaleTap: the tapped button belongs to an earlier message than the one Options came from.
	StaleTap bool
	// OtherOptions: "anything else?", "other times". Later and Earlier say in which direction; they
	// come with OtherOptions unless one of the offered options was meant ("the later one"). OtherDay:
	// "another day", which is an OtherOptions too.
	OtherOptions bool
	OtherDay     bool
	Keep         bool // "leave it as it is": of a visit
	Later        bool
	Earlier      bool

	// FAQs are keys of the Vocabulary.
	FAQs []string
	// HealthTopic is set together with the intent Health; see the Topic constants.
	HealthTopic HealthTopic

	// Person is whom a visit is for, or who comes along, in English: "mother", "daughter", "friend". It comes
	// with ThirdParty and Group.
	Person string
	// DelayMinutes is by how much a customer is late; an arrival told by the clock is At.
	DelayMinutes *int
	// FromNow: DelayMinutes count from now and not from the visit's start: "I'll be there in 20 minutes".
	FromNow bool
	// Product is what is wanted or asked about, in the customer's own words; Quantity how many of it, 0 when
	// that was not said. OrderNumber is the order named, as its number is written ("LUM-10432").
	Product     string
	Quantity    int
	OrderNumber string
	// Errand is what is asked of the shop. Read leaves it to ReadErrand, which must know where the customer stands there.
	Errand Errand

	// Social is small talk: "how are you", "are you a robot?".
	Social bool
	// Empty: nothing was written at all. Unclear: something was written and nothing of it understood.
	Empty   bool
	Unclear bool
}

// PersonName is a person's name in the script it was written in.
type PersonName struct{ Given, Family string }

// Part is a part of the day.
type Part string

// Parts of the day: morning is before 14:00, afternoon from 14:00, evening from 17:00 (which also
// sets NotBefore).
const (
	AnyPart   Part = ""
	Morning   Part = "morning"
	Afternoon Part = "afternoon"
	Evening   Part = "evening"
)

// HealthTopic names what a health question is about.
type HealthTopic string

// Health topics.
const (
	TopicPregnancy        HealthTopic = "pregnancy"
	TopicBreastfeeding    HealthTopic = "breastfeeding"
	TopicAllergy          HealthTopic = "allergy"
	TopicSkin             HealthTopic = "skin_condition"
	TopicInjury           HealthTopic = "sensitive_or_injured_skin"
	TopicMedication       HealthTopic = "medication"
	TopicSurgery          HealthTopic = "surgery"
	TopicIllness          HealthTopic = "illness"
	TopicContraindication HealthTopic = "contraindication"
)
