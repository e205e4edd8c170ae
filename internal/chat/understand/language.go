package understand

import (
	"strings"
	"unicode"

	"frontdesk/models"
)

// languageSet is a set of the product's languages.
type languageSet uint8

const (
	inEnglish languageSet = 1 << iota
	inSpanish
	inArabic
)

func setOf(l models.Language) languageSet {
	switch l {
	case models.Spanish:
		return inSpanish
	case models.Arabic:
		return inArabic
	default:
		return inEnglish
	}
}

// addKnown learns which words belong to a language: its everyday words and those its patterns name.
func (g *grammar) addKnown(l *lexicon) {
	set := setOf(l.language)
	learn := func(words ...string) {
		for _, w := range words {
			g.known[w] |= set
		}
	}
	for _, list := range []string{l.common, l.courtesies, l.spelled, l.same, l.rude} {
		learn(folded(list)...)
	}
	for _, list := range append(append(l.weekdays[:], l.months[:]...), l.numbers...) {
		learn(folded(list)...)
	}
	learnPatterns(l, g.intents, learn)
	learnPatterns(l, g.hints, learn)
	learnPatterns(l, g.health, learn)
	learnPatterns(l, g.days, learn)
	learnPatterns(l, g.parts, learn)
	learnPatterns(l, g.before, learn)
	learnPatterns(l, g.ordinals, learn)
	learnPatterns(l, g.names, learn)
}

func learnPatterns[T any](l *lexicon, table rules[T], learn func(...string)) {
	for _, r := range table.all {
		if r.lexicon != l {
			continue
		}
		for _, p := range r.parts {
			learn(p.words...)
		}
	}
}

// languages tells which languages a token belongs to; 0 when it is not a known word.
func (g *grammar) languages(t token) languageSet {
	for _, f := range t.forms {
		if set := g.known[f]; set != 0 {
			return set
		}
	}
	return 0
}

// language decides the language of a message: Arabic by its script, English and Spanish by words
// that only one of them has, a person's name aside. A message without evidence keeps the
// conversation's language; a language asked for outright stands.
func (r *reader) language() {
	if r.meaning.Intents.Has(SwitchLanguage) {
		return
	}
	en, es, ar, other, inName := 0, 0, 0, 0, 0
	for i, t := range r.tokens {
		set := lexicons.languages(t)
		switch {
		case i >= r.nameStart && i < r.nameEnds:
			if arabicScript(t.text) {
				inName += 2
			}
			continue
		case set == 0:
			set = r.words.languages(t)
		}
		switch {
		case arabicScript(t.text):
			ar += 2
		case set == inEnglish:
			en += 2
		case set == inSpanish:
			es += 2
		case set == 0 && t.number < 0:
			other++
		}
	}
	if strings.ContainsAny(r.source, "¿¡") {
		es++
	}
	if en+es == 0 {
		ar += inName
	}
	m := &r.meaning
	m.LanguageSure = true
	switch {
	case ar > 0 && ar >= max(en, es) && ar >= other:
		m.Language = models.Arabic
	case en > es:
		m.Language = models.English
	case es > en:
		m.Language = models.Spanish
	default:
		m.Language, m.LanguageSure = r.in.Language, false
	}
	if m.Language == "" {
		m.Language = models.English
	}
}

func arabicScript(s string) bool {
	for _, r := range s {
		return unicode.Is(unicode.Arabic, r)
	}
	return false
}
