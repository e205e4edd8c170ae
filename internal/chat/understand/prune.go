package understand

import "slices"

// What a message says of days, times and wishes counts only where a visit is talked of: "text me later" wants no
// later visit, and "it's hot today" names no day.

// shopping are the intents about orders and products, which name no service of the salon.
var shopping = []Intent{OrderStatus, Return, Browse, ProductDetails, Cart, Checkout}

// idle are the intents in which no time of a visit is named.
var idle = append([]Intent{
	PaymentProblem, PaidClaim, SendLink, ListServices, Stop, Start, SwitchLanguage, NameCorrection, Person, Complaint, Thanks, Greeting, Undecided,
}, shopping...)

// planning are the intents that may come with a wish for a visit.
var planning = []Intent{Book, Move, Usual, ThirdParty, Group}

// prune drops what was read but cannot be meant beside the intents of the message.
func (r *reader) prune() {
	m := &r.meaning
	if r.in.Expect != ExpectNone {
		r.pruneAnswer()
		return
	}
	if r.onlyValues() {
		r.pruneWishes()
		return
	}
	asks := Intents(slices.DeleteFunc(slices.Clone(m.Intents), func(i Intent) bool { return i == Yes || i == No || i == Correction }))
	if asks.Has(shopping...) && !asks.Has(planning...) || asks.Only(ListServices) {
		m.Services, m.Ambiguous, m.Packs, m.Pack = nil, nil, nil, false
	}
	if m.Social && len(asks) == 0 || asks.Only(idle...) && !asks.Only(Thanks, Greeting) || asks.Only(Thanks, Greeting) && m.Social {
		r.dropWhen()
	}
	if len(asks) > 0 && !asks.Has(planning...) && !asks.Only(Thanks, Greeting) {
		r.dropWishes()
	}
	r.pruneWishes()
}

// onlyValues tells whether a message is nothing but a day, a time, a name …: no reading of what it is about is
// stronger than that.
func (r *reader) onlyValues() bool {
	rest := message{source: r.source, tokens: slices.Clone(r.tokens)}
	for _, h := range lexicons.parts.find(rest) {
		for i := h.start; i < h.end; i++ {
			rest.tokens[i].taken = true
		}
	}
	return !slices.ContainsFunc(rest.tokens, func(t token) bool { return !t.taken && !lexicons.silent[t.text] && !lexicons.filler(t) })
}

func (r *reader) dropWhen() {
	m := &r.meaning
	m.Day, m.Days, m.Part, m.At, m.NotBefore, m.NotAfter, m.About = nil, nil, AnyPart, nil, nil, nil, false
}

func (r *reader) dropWishes() {
	m := &r.meaning
	m.AnyStylist, m.Earliest, m.AnyDay, m.OtherOptions, m.OtherDay, m.Later, m.Earlier, m.SameStylist = false, false, false, false, false, false, false, false
}

// pruneWishes drops wishes that something more exact replaces.
func (r *reader) pruneWishes() {
	m := &r.meaning
	dated := m.Day != nil || m.Days != nil
	m.OtherDay = m.OtherDay && !dated
	if m.Intents.Has(Move) {
		m.OtherOptions = m.OtherDay || m.Later || m.Earlier
	}
	m.AnyDay = m.AnyDay && m.Day == nil
	m.AnyStylist = m.AnyStylist && len(m.Stylists) == 0
	m.About = m.About && m.At != nil
	if m.Intents.Has(Cancel) {
		m.OtherDay, m.OtherOptions = false, false
	}
}

// pruneAnswer drops what an answer to our question cannot mean.
func (r *reader) pruneAnswer() {
	m := &r.meaning
	m.AnyDay = m.AnyDay && m.Day == nil
	m.AnyStylist = m.AnyStylist && len(m.Stylists) == 0
	m.About = m.About && m.At != nil
	if r.expectsName() || r.in.Expect == ExpectNameConfirm {
		r.dropWishes()
	}
}
