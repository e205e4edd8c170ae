package understand

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"frontdesk/internal/chat/understand/maxent"
)

// How sure the model must be, in chances.
const (
	healthAtLeast = 0.1  // to call in a person for a health matter the tables do not know
	healthNever   = 0.01 // below it a wording of the tables was about something else: "sick of my colour"
	healthMain    = 0.3  // for the health matter to be the main thing of the message
	topicAtLeast  = 0.6  // to name a topic where the tables only see that something may be unsafe
	yesNoAtLeast  = 0.5
	surely        = 0.9  // to take a doubt about a day or an hour for one about services
	cancelAtLeast = 0.97 // to cancel where the terms are asked for
	besideAtLeast = 0.04 // to keep, beside the main thing, what the tables read
	mainAtLeast   = 0.1  // to act on the main thing; below it nothing was understood
)

//go:embed intents.model
var intentsFile []byte

//go:embed topics.model
var topicsFile []byte

var (
	intentsModel = sync.OnceValue(func() *maxent.Model { return unpacked(intentsFile) })
	topicsModel  = sync.OnceValue(func() *maxent.Model { return unpacked(topicsFile) })
)

func unpacked(file []byte) *maxent.Model {
	m, err := maxent.Unpack(file)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return m
}

// verdict is what the model makes of a message.
type verdict struct {
	model   *maxent.Model
	chances []float32
}

func (v verdict) chance(i Intent) float32 {
	c := slices.Index(v.model.Classes(), string(i))
	if c < 0 {
		return 0
	}
	return v.chances[c]
}

// best is the likeliest intent that may be.
func (v verdict) best(may func(Intent, float32) bool) (Intent, float32) {
	best, top := Unclear, float32(0)
	for c, chance := range v.chances {
		if i := Intent(v.model.Classes()[c]); chance > top && may(i, chance) {
			best, top = i, chance
		}
	}
	return best, top
}

// classify lets the model decide the main thing wanted, and keeps of what the tables read what goes
// with it.
func (r *reader) classify() {
	m := &r.meaning
	if r.seen == nil {
		r.seen = r.evidence(make([]maxent.Feature, 0, 512))
	}
	v := verdict{model: intentsModel()}
	v.chances = v.model.Chances(r.seen, nil)
	main, chance := v.best(r.mayBe)
	if fixed := r.fixed(); fixed != "" {
		main, chance = fixed, 1
	}
	if r.aboutHealth(v) && v.chance(Health) >= healthMain {
		main, chance = Health, v.chance(Health)
	} else if main == Health { // too unlikely for it, and nothing else is likelier
		main, chance = v.best(func(i Intent, c float32) bool { return i != Health && r.mayBe(i, c) })
	}
	switch { // the tables know "no problem" for a yes
	case main == No && m.Intents.Has(Yes):
		main = Yes
	case main == Yes && m.Intents.Has(No):
		main = No
	}
	m.Confidence = int(chance * 100)
	r.keep(v, main)
	switch {
	case main == Unclear:
	case main == SmallTalk:
		m.Main, m.Social = main, true
	case main == Answer:
		m.Main = main
	case chance >= mainAtLeast || m.Intents.Has(main):
		m.Main = main
		r.add(main)
		if main == Undecided && m.Indecision == 0 {
			m.Indecision = m.Confidence
		}
	}
	order(m.Intents)
}

// mayBe tells whether the model alone may say that. A yes or a no must not be guessed, and who does not
// know the day does not hesitate between services.
func (r *reader) mayBe(i Intent, chance float32) bool {
	if r.mute() {
		return i == Answer || i == Unclear || r.meaning.Intents.Has(i)
	}
	switch i {
	case Yes, No:
		atLeast := float32(yesNoAtLeast)
		if i == Yes && r.in.Expect == ExpectYesNo { // what is agreed to may cost money: who is unclear is asked again
			atLeast = surely
		}
		indifferent := r.meaning.AnyStylist // "لا يهم"
		return r.meaning.Intents.Has(Yes, No) || !indifferent && chance >= atLeast && r.speaks()
	case Cancel: // "can I cancel for free?" asks for the terms
		if r.in.Expect == ExpectYesNo { // we may have asked whether to cancel
			return chance >= surely || r.meaning.Intents.Has(Cancel)
		}
		return chance >= cancelAtLeast || !slices.Contains(r.meaning.FAQs, "cancellation")
	case OrderStatus, Return, Browse, ProductDetails, Cart, Checkout: // a pack is no parcel
		return r.in.Expect != ExpectPack
	case Unclear, SmallTalk: // who names a date says something
		return chance >= yesNoAtLeast || r.meaning.Day == nil && r.meaning.At == nil
	case Undecided:
		return r.meaning.Intents.Has(Undecided) || !r.decided && (chance >= surely || !r.aboutWhen())
	}
	return true
}

// mute tells whether the message has digits and punctuation alone: that asks for nothing, whatever the model thinks.
func (r *reader) mute() bool {
	return !strings.ContainsFunc(r.source, func(c rune) bool { return unicode.IsLetter(c) || c > unicode.MaxLatin1 && unicode.IsSymbol(c) })
}

// speaks tells whether the message has a word of any language we know: noise answers nothing.
func (r *reader) speaks() bool {
	return slices.ContainsFunc(r.tokens, func(t token) bool { return lexicons.languages(t) != 0 || r.words.languages(t) != 0 })
}

// fixed is what a whole message that is a fixed wording means, whatever the model thinks: the words by
// which messages are stopped must always work, and who cannot pay must not be taken to complain.
func (r *reader) fixed() Intent {
	m := r.meaning
	if m.Intents.Only(Stop, Start) && len(r.tokens) == 1 {
		return m.Intents[0]
	}
	if m.Intents.Only(PaymentProblem) && len(r.tokens) <= fewWords+1 { // "the same problem again"
		return PaymentProblem
	}
	if len(r.tokens) <= fewWords && r.answered() && (len(m.Intents) == 0 || m.Intents.Only(Yes, No, Correction, Book)) {
		return Answer
	}
	return ""
}

// fewWords is how long an answer is that can be nothing else.
const fewWords = 3

// answered tells whether the message holds what our question asked for.
func (r *reader) answered() bool {
	m := &r.meaning
	switch r.in.Expect {
	case ExpectName, ExpectSurname:
		return m.Name != nil
	case ExpectSlot:
		return m.Choice > 0
	case ExpectDay:
		return m.Day != nil || m.Days != nil
	case ExpectTime:
		return m.At != nil || m.Part != AnyPart
	case ExpectStylist:
		return len(m.Stylists) > 0 || m.AnyStylist
	case ExpectService, ExpectServiceChoice:
		return len(m.Services)+len(m.Ambiguous)+m.Choice > 0
	}
	return false
}

// aboutHealth settles whether a health matter is in the message: the tables and the model each suffice,
// unless the model is certain that a wording of the tables is about something else.
func (r *reader) aboutHealth(v verdict) bool {
	m := &r.meaning
	chance := v.chance(Health)
	switch {
	case m.Intents.Has(Health) && chance >= healthNever:
	case chance >= healthAtLeast:
		r.add(Health)
	default:
		r.drop(Health)
		m.HealthTopic = ""
		return false
	}
	topics := topicsModel()
	chances := topics.Chances(r.seen, nil)
	if best := slices.Max(chances); m.HealthTopic == "" || m.HealthTopic == TopicContraindication && best >= topicAtLeast {
		m.HealthTopic = HealthTopic(topics.Classes()[slices.Index(chances, best)])
	}
	return true
}

// keep drops what the tables read and the model thinks is not there. What is only said along the way,
// and answers to our question, stay.
func (r *reader) keep(v verdict, main Intent) {
	m := &r.meaning
	m.Intents = slices.DeleteFunc(m.Intents, func(i Intent) bool {
		switch i {
		case Health, Greeting, Thanks, Goodbye, Yes, No, Correction, AskFAQ, Undecided, Price, Duration, SwitchLanguage, Usual, ConfirmVisit:
			return false
		}
		return i != main && v.chance(i) < besideAtLeast
	})
}
