// Package understand reads what a customer wrote or tapped and says what it means: intents,
// services, day, time, stylist, name, choice. It works in English, Spanish and Arabic by built-in
// rules alone: tables of wordings per language (lexicon_*.go, intents_*.go, hints_*.go), and one file of
// code per kind of meaning.
//
// It is pure. It reads no clock, no database and no setting; the same Input always gives the same
// Meaning. It never invents: a service, pack, stylist or FAQ it returns is in the Vocabulary, a
// Choice is one of the Options. Deciding what to do about a Meaning belongs to package chat.
package understand

import "frontdesk/models"

// Read understands one message. It never panics, and its work is bounded: of a very long text only the
// first 4,096 characters are read, and of those the first 600 words (maxRunes, maxTokens), because
// some rules look at every word from every other.
func Read(in Input) Meaning {
	if in.ReplyID != "" {
		return readTap(in)
	}
	r := reader{message: cut(in.Text), in: in, words: in.Vocabulary.words()}
	if r.blank {
		r.language()
		return Meaning{Language: r.meaning.Language, Empty: true}
	}
	r.respell()
	r.join()
	r.readOffers()
	r.intents()
	r.dayParts()
	r.hints()
	r.faqs()
	r.names()
	r.language()
	r.chooseCategory()
	r.chooseByOrder()
	r.times()
	r.dates()
	r.stylists()
	r.services()
	r.settle()
	r.looseTimes()
	r.chooseOffer()
	r.besideChoice()
	r.meaning.Unclear = r.meaning.silent()
	return r.meaning
}

// respell puts Arabizi into Arabic letters and frequent words into their right spelling.
func (r *reader) respell() {
	spelled := speaksArabizi(r.tokens) || r.in.Language == models.Arabic && !r.expectsName()
	for i := range r.tokens {
		t := &r.tokens[i]
		if w := arabiziWord(t.text, spelled); w != "" {
			t.text, t.forms = w, forms(w)
			continue
		}
		if lexicons.languages(*t) != 0 || lexicons.guarded[t.text] || t.number >= 0 || r.words.languages(*t) != 0 || r.expectsName() {
			continue
		}
		if w := lexicons.spelling(*t); w != "" {
			t.text, t.forms = w, forms(w)
		}
	}
}

func (r *reader) expectsName() bool { return r.in.Expect == ExpectName || r.in.Expect == ExpectSurname }

// spelling is the frequent word an unknown word is a slip of.
func (g *grammar) spelling(t token) string {
	for _, f := range t.forms {
		for _, w := range g.spelled {
			if near(f, w) {
				return w
			}
		}
	}
	return ""
}

// silent tells whether nothing was understood.
func (m Meaning) silent() bool {
	values := len(m.Intents) + len(m.Services) + len(m.Ambiguous) + len(m.Stylists) + len(m.NotStylists) + len(m.FAQs) + m.Choice
	flags := m.Pack || m.Single || m.AnyStylist || m.Earliest || m.OtherOptions || m.Later || m.Earlier || m.Social || m.AnyDay
	when := m.Day != nil || m.Days != nil || m.Part != AnyPart || m.At != nil || m.NotBefore != nil || m.NotAfter != nil
	return values == 0 && !flags && !when && m.Name == nil
}
