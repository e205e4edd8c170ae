package understand

import "slices"

// intents reads what the message asks for or says.
func (r *reader) intents() {
	hits := lexicons.intents.find(r.message)
	for _, h := range hits {
		switch h.means {
		case Nothing:
		case Unsure:
			r.unsure = true
		case Decided:
			r.decided = true
		case SwitchLanguage:
			r.add(SwitchLanguage)
			r.meaning.Language, r.meaning.LanguageSure = h.language, true
		case Greeting, Goodbye, Thanks:
			r.take(h.start, h.end) // "good morning" names no time
			r.add(h.means)
		case Yes, No:
			if !r.meaning.Intents.Has(Yes, No) { // the first answer counts: "no, that's fine"
				r.add(h.means)
			}
			if r.expectsName() || r.in.Expect == ExpectNameConfirm {
				r.take(h.start, h.end)
			}
		default:
			r.add(h.means)
		}
	}
	for _, h := range lexicons.health.find(r.message) {
		if h.means != "" && (r.meaning.HealthTopic == "" || r.meaning.HealthTopic == TopicContraindication) {
			r.meaning.HealthTopic = h.means
			r.add(Health)
		}
	}
}

// hints reads what is said besides intents and values.
func (r *reader) hints() {
	m := &r.meaning
	for _, h := range lexicons.hints.find(r.message) {
		switch h.means {
		case hintPack:
			if r.unwanted(h.start) {
				m.Single = true
			} else {
				m.Pack = true
			}
		case hintNoPack:
			m.Single = true
		case hintOnly:
			m.Single = m.Single || r.in.Expect == ExpectPack && !r.meaning.Intents.Has(Yes)
		case hintMonday:
			r.both(r.in.Expect == ExpectPack || r.in.Expect == ExpectCategory || r.in.Expect == ExpectSlot)
		case hintBoth:
			r.both(true)
		case hintSeparate:
			m.Both = m.Both || r.in.Expect == ExpectCategory
			m.Single = m.Single || r.in.Expect == ExpectPack
		case hintAnyone, hintAny:
			m.AnyStylist = m.AnyStylist || h.means == hintAnyone || r.in.Expect == ExpectStylist || r.in.Expect == ExpectSlot
			m.AnyDay = m.AnyDay || r.in.Expect == ExpectDay
		case hintAnyDay:
			m.AnyDay = true
		case hintAnyTime:
			m.AnyDay = m.AnyDay || r.in.Expect == ExpectDay
		case hintEarliest:
			m.Earliest = true
		case hintOther, hintOtherDay:
			m.OtherOptions = true
			m.OtherDay = m.OtherDay || h.means == hintOtherDay
		case hintLater:
			m.Later = true
		case hintEarlier:
			m.Earlier = true
		case hintSocial:
			m.Social = true
		case hintKeep: // no answer to what is asked, whatever it sounds like
			m.Keep = true
			r.drop(Yes)
		case hintCannot:
			if r.in.Expect == ExpectSlot || r.in.Expect == ExpectDay || r.in.Expect == ExpectTime {
				m.OtherOptions = true
			} else {
				r.add(Cancel)
			}
		case hintThatPerson:
			r.thatPerson()
			m.SameStylist = len(m.Stylists) == 0
		}
		if h.means == hintEarliest || h.means == hintOther || h.means == hintOtherDay {
			r.take(h.start, h.end)
		}
	}
	if m.Pack && m.Single { // "just the pack" wants it, "without the pack" does not
		m.Pack = !r.refusesPack()
		m.Single = !m.Pack
	}
}

// both reads "both": both things of a pack, or both times suit.
func (r *reader) both(said bool) {
	m := &r.meaning
	m.Both = m.Both || said
	m.Pack = m.Pack || said && r.in.Expect == ExpectPack
	m.AnyStylist = m.AnyStylist || said && r.in.Expect == ExpectSlot
}

func (r *reader) refusesPack() bool {
	return slices.ContainsFunc(lexicons.hints.find(r.message), func(h hit[hint]) bool {
		return h.means == hintNoPack || h.means == hintPack && r.unwanted(h.start)
	})
}

// thatPerson reads "with her" as the one stylist who was offered.
func (r *reader) thatPerson() {
	var codes []string
	for _, o := range r.offered {
		for _, s := range o.stylists {
			if !slices.Contains(codes, s) {
				codes = append(codes, s)
			}
		}
	}
	if len(codes) == 1 {
		r.meaning.Stylists = codes
	}
}

// settle makes one meaning of all that was read.
func (r *reader) settle() {
	m := &r.meaning
	r.packs()
	r.indecision()
	if m.At != nil {
		m.Part = AnyPart // it only says which half of the day the time is in
	}
	if m.Part == Evening && m.NotBefore == nil && m.NotAfter == nil {
		n := eveningFrom
		m.NotBefore = &n
	}
	if slices.Contains(m.FAQs, "cancellation") {
		r.drop(Cancel)
	}
	if m.HealthTopic == TopicIllness && m.Intents.Has(Cancel, Move, Delay) && r.onlyUnwell() {
		m.HealthTopic = ""
		r.drop(Health)
	}
	if m.OtherOptions && (r.in.Expect == ExpectSlot || r.in.Expect == ExpectDay) {
		r.drop(PaymentProblem) // "that doesn't work": the time, not the payment
	}
	if m.Intents.Has(Cancel, Move) {
		r.drop(MyBooking)
	}
	if m.Intents.Has(Cancel, Move, Delay, MyBooking, Person, Stop) || m.Intents.Has(AskFAQ) && len(m.Services) == 0 {
		r.drop(Book)
	}
	named := len(m.Services)+len(m.Ambiguous) > 0
	if named && !m.Intents.Has(Price, Duration, Health, Cancel, Move, AskFAQ, Complaint, No, Undecided) && r.in.Expect == ExpectNone {
		r.add(Book)
	}
	if m.Intents.Has(No) && (m.Day != nil || m.At != nil || named || m.Name != nil) {
		r.add(Correction)
	}
	if r.in.Expect == ExpectPack {
		r.settlePack()
	}
	if m.Intents.Has(Yes) && r.asksAnew() {
		r.drop(Yes)
	}
	if (m.Later || m.Earlier) && !r.meansOffered() {
		m.OtherOptions = true
	}
	if r.in.Expect == ExpectNameConfirm && m.Name != nil && !m.Intents.Has(No) && r.known(m.Name) {
		r.add(Yes)
		r.drop(Correction)
	}
	order(m.Intents)
}

// wonders tells whether the message asks about a thing rather than for it: "what's in the pack?"
func (r *reader) wonders() bool {
	return slices.ContainsFunc(r.tokens, func(t token) bool {
		return t.asked && t.is("what", "whats", "how", "which", "why", "is", "does", "que", "cual", "cuanto", "como", "lleva", "incluye",
			"ما", "ماذا", "كم", "شو", "ايش", "وش", "ليش", "كيف")
	})
}

// settlePack makes a yes of "the pack" and a no of "just the highlights".
func (r *reader) settlePack() {
	m := &r.meaning
	switch {
	case m.Pack && !m.Intents.Has(Yes) && r.wonders():
		m.Pack = false
		r.add(Price)
	case m.Single:
		r.drop(Yes)
		r.add(No)
	case m.Pack && !m.Intents.Has(No):
		r.add(Yes)
	case m.Pack: // "no, the pack"
		r.drop(No)
		r.add(Yes)
	case m.Intents.Has(No) && !m.Intents.Has(Yes):
		m.Single = true
	}
}

// asksAnew tells whether a yes only leads over to a new question: "OK, what about Tuesday?" is no yes
// to the times offered.
func (r *reader) asksAnew() bool {
	m := &r.meaning
	asked := slices.ContainsFunc(r.tokens, func(t token) bool { return t.asked })
	switch r.in.Expect {
	case ExpectNameConfirm, ExpectPack, ExpectYesNo:
		return false
	}
	return asked && (m.Day != nil || m.Days != nil || m.At != nil || m.Part != AnyPart || m.NotBefore != nil || m.NotAfter != nil || m.OtherOptions)
}

// meansOffered tells whether "the later one" points at an offered time.
func (r *reader) meansOffered() bool {
	return len(r.offeredTimes()) > 1 && slices.ContainsFunc(lexicons.hints.find(r.message), func(h hit[hint]) bool {
		return (h.means == hintLater || h.means == hintEarlier) && r.pointed(h)
	})
}

// pointed tells whether a wording has an article or "one": "the later one", "la más tarde", "الأبكر".
func (r *reader) pointed(h hit[hint]) bool {
	for _, t := range r.tokens[h.start:h.end] {
		if t.is("the", "one", "el", "la") || len(t.forms) > 1 {
			return true
		}
	}
	return false
}

// known tells whether the name is the one we asked about.
func (r *reader) known(n *PersonName) bool {
	given, _ := split(r.in.Known)
	return fold(given) == fold(n.Given)
}

// onlyUnwell tells whether the illness is just a reason not to come.
func (r *reader) onlyUnwell() bool {
	for _, t := range r.tokens {
		if t.is("sick", "ill", "unwell", "enferma", "enfermo", "malita", "mala", "مريضه", "مريض", "تعبانه", "تعبان") {
			return true
		}
	}
	return false
}

// order sorts the set the way the constants are listed, which keeps results comparable.
func order(s Intents) {
	slices.SortFunc(s, func(a, b Intent) int { return slices.Index(allIntents, a) - slices.Index(allIntents, b) })
}
