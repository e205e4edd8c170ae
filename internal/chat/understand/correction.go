package understand

import "strings"

// mends tells whether the message puts right what was said before: it says so ("I meant", "scratch that"), begins
// with the star of a mended typo, or sets the right value against the wrong one in answer to a question.
func (r *reader) mends() bool {
	if !r.valued() {
		return false
	}
	if strings.HasPrefix(strings.TrimSpace(r.source), "*") || len(lexicons.slips.find(r.whole())) > 0 {
		return true
	}
	m := &r.meaning
	if m.Intents.Has(No) && r.in.Expect != ExpectNone && r.in.Expect != ExpectPack && !r.expectsName() && r.in.Expect != ExpectNameConfirm {
		return true
	}
	return r.refuted && !m.Intents.Has(Book, Usual, ThirdParty, Group, Price, Duration)
}

// corrects settles whether the message is a correction. A move or a question that holds a "not" is none.
func (r *reader) corrects() {
	others := []Intent{Move, Cancel, Delay, NameCorrection, Stop, Start, SwitchLanguage, PaymentProblem, PaidClaim, SendLink, Complaint, Health,
		Person, Undecided, MyBooking, Return, Browse, Cart, AskFAQ, OrderStatus, ListServices}
	if !r.meaning.Intents.Has(others...) && r.mends() {
		r.add(Correction)
	} else {
		r.drop(Correction)
	}
}

// valued tells whether a value that may replace an earlier one was read.
func (r *reader) valued() bool {
	m := &r.meaning
	return m.Day != nil || m.Days != nil || m.Part != AnyPart || m.At != nil || m.NotBefore != nil || m.NotAfter != nil || m.Choice > 0 ||
		len(m.Services)+len(m.Ambiguous)+len(m.Stylists)+len(m.NotStylists) > 0
}

// whole is the message with no word taken.
func (r *reader) whole() message {
	m := message{source: r.source, tokens: make([]token, len(r.tokens))}
	copy(m.tokens, r.tokens)
	for i := range m.tokens {
		m.tokens[i].taken = false
	}
	return m
}
