// Package understand reads what a customer wrote or tapped and says what it means: intents,
// services, day, time, stylist, name, choice. It works in English, Spanish and Arabic with what is built
// in alone, in two steps.
//
// Tables of wordings per language (lexicon_*.go, intents_*.go, hints_*.go, health.go), and one file of
// code per kind of meaning, read the values: days, times, services, names. They also note the intents
// whose wordings they know.
//
// A linear model (classify.go; package maxent) then decides the main thing wanted. It weighs the words,
// runs of letters, concepts (concepts.go) and what our question expected, together with all the tables
// read (evidence.go). It was trained on labelled messages (packages phrases and train): after a change of
// those, of the tables or of the evidence, make generate trains it anew and make eval judges it. The
// tables keep the last word where an error would be dear: a health matter they know stays one unless the
// model is certain otherwise, STOP and START alone always work, a yes is not guessed, and a short answer
// to our question is an answer.
//
// It is pure. It reads no clock, no database and no setting; the same Input always gives the same
// Meaning. It never invents: a service, pack, stylist or FAQ it returns is in the Vocabulary, a
// Choice is one of the Options. Deciding what to do about a Meaning belongs to package chat.
package understand

//go:generate go run ./train

import (
	"slices"

	"frontdesk/models"
)

// Read understands one message. It never panics, and its work is bounded: of a very long text only the
// first 4,096 characters are read, and of those the first 600 words (maxRunes, maxTokens), because
// some rules look at every word from every other.
func Read(in Input) Meaning {
	if in.ReplyID != "" {
		return readTap(in)
	}
	r := newReader(in)
	if r.blank {
		r.language()
		return Meaning{Language: r.meaning.Language, Empty: true}
	}
	r.rules()
	r.classify()
	if r.misled() {
		about, seen := r.meaning.Main, r.seen
		r = newReader(in)
		r.about, r.seen = about, seen
		r.rules()
		r.classify()
	}
	r.corrects()
	r.prune()
	r.settleFAQs()
	r.shop()
	r.whom()
	r.meaning.Unclear = r.meaning.silent()
	return r.meaning
}

func newReader(in Input) *reader {
	return &reader{message: cut(in.Text), in: in, words: in.Vocabulary.words()}
}

// rules reads all that the tables of wordings know.
func (r *reader) rules() {
	r.respell()
	r.join()
	r.readOffers()
	r.intents()
	if r.about != "" {
		r.drop(Move)
		if r.about != Answer && r.about != SmallTalk {
			r.add(r.about)
		}
	}
	r.knew = slices.Clone(r.meaning.Intents)
	r.dayParts()
	r.hints()
	r.faqs()
	r.toldName()
	r.names()
	r.language()
	r.lateness()
	r.chooseCategory()
	r.chooseByOrder()
	r.times()
	r.dates()
	r.stylists()
	r.company()
	r.services()
	r.settle()
	r.looseTimes()
	r.chooseOffer()
	r.besideChoice()
}

// misled tells whether the message was read without knowing what it is about, where that decides what its
// words are: the old time of a move, the haircut of a son. Then it is read again.
func (r *reader) misled() bool {
	guided := Intents{Move, Delay, ThirdParty, Group, NameCorrection}
	main := r.meaning.Main
	if r.onlyValues() || main == NameCorrection && r.in.Expect != ExpectNone {
		return false
	}
	return !r.knew.Has(main) && guided.Has(main) || r.knew.Has(Move) && !r.meaning.Intents.Has(Move)
}

// respell puts Arabizi into Arabic letters and frequent words into their right spelling.
func (r *reader) respell() {
	spelled := speaksArabizi(r.tokens) || r.in.Language == models.Arabic && !r.expectsName()
	for i := range r.tokens {
		t := &r.tokens[i]
		if w := lexicons.shorts[r.in.Language][t.text]; w != "" && !r.expectsName() {
			t.text, t.forms = w, forms(w)
			continue
		}
		introduces := r.in.Language == models.Arabic && slices.Contains(introducing, t.text)
		if w := arabiziWord(t.text, spelled || introduces); w != "" {
			t.text, t.forms = w, forms(w)
			continue
		}
		if lexicons.languages(*t) != 0 || lexicons.guarded[t.text] || t.number >= 0 || r.words.languages(*t) != 0 || r.expectsName() {
			continue
		}
		if w := fromArabizi(t.text); spelled && w != "" && !arabicScript(t.text) {
			t.text, t.forms = w, forms(w)
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
	flags := m.Pack || m.Single || m.AnyStylist || m.Earliest || m.OtherOptions || m.Later || m.Earlier || m.Social || m.AnyDay ||
		m.SameStylist || m.Person != "" || m.Product != "" || m.OrderNumber != "" || m.DelayMinutes != nil
	when := m.Day != nil || m.Days != nil || m.Part != AnyPart || m.At != nil || m.NotBefore != nil || m.NotAfter != nil
	return values == 0 && !flags && !when && m.Name == nil
}
