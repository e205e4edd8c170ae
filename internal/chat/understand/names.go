package understand

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// introduction says what a wording in front of a name gives.
type introduction int

const (
	introName    introduction = iota // "my name is": in any answer
	introSelf                        // "I'm", "it's": only where a name was asked for
	introSurname                     // "my surname is"
	introTail                        // stands behind the name: "is my surname"
	introPut                         // "put me down as", "under": a name where one was asked for or it is written large
	introTo                          // "change my name to": in Arabic "to" is written onto the name
	introNothing                     // blocks a shorter wording
)

// maxNameWords bounds a name: "María José de la Fuente Ortiz".
const maxNameWords = 6

// names reads the name the customer gives. Where no name was asked for only an outright "my name is"
// counts; a name that stands alone counts where one was asked for, or a wrong one is put right.
func (r *reader) names() {
	asked := r.expectsName() || r.in.Expect == ExpectNameConfirm || r.meaning.Intents.Has(NameCorrection)
	naming := asked || slices.ContainsFunc(r.tokens, func(t token) bool { return t.among(lexicons.naming) })
	for _, h := range lexicons.names.find(r.message) {
		if h.means == introNothing || h.means == introTail {
			continue
		}
		start := r.untitled(h.end)
		end := r.nameEnd(start, asked)
		if end == start || !r.givesName(h, start, end, asked, naming) {
			continue
		}
		r.setName(start, end, h.means == introSurname)
		if r.meaning.Name != nil {
			if h.means == introTo {
				r.meaning.Name.Given = withoutTo(r.meaning.Name.Given)
			}
			r.take(h.start, end)
			return
		}
	}
	if asked {
		r.loneName()
	}
}

// givesName tells whether a wording gives the name between start and end.
func (r *reader) givesName(h hit[introduction], start, end int, asked, naming bool) bool {
	if h.start > 1 && r.tokens[h.start-1].among(lexicons.noes) && r.tokens[h.start].before == none {
		return false // "I'm not Sarah", "no es Martínez"
	}
	switch h.means {
	case introSelf:
		passing := !asked || r.meaning.Intents.Has(Health) // "I'm pregnant"
		return !passing || r.introduced(h, end) || naming && r.nameCloses(end) && r.telling(start, end)
	case introPut, introTo:
		return asked || naming || r.telling(start, end)
	}
	return true
}

// untitled is where a name begins after "Mrs" or "la señora".
func (r *reader) untitled(i int) int {
	for i < len(r.tokens) && r.tokens[i].among(lexicons.titles) {
		i++
	}
	return i
}

// withoutTo takes an Arabic "to" off the name it is written onto.
func withoutTo(name string) string {
	if rest, ok := strings.CutPrefix(name, "ل"); ok && utf8.RuneCountInString(rest) > 2 {
		return rest
	}
	return name
}

// introduced tells whether "I'm Sara Haddad" in passing gives a name: it opens the clause, the name
// closes it, and every word of it is written large, or is known as a name where the script has no
// capitals.
func (r *reader) introduced(h hit[introduction], end int) bool {
	if !r.opens(h.start) || !r.nameCloses(end) || r.meaning.Intents.Has(Health, Delay) {
		return false
	}
	for _, t := range r.tokens[h.end:end] {
		first, _ := utf8.DecodeRuneInString(r.source[t.start:])
		if !unicode.IsUpper(first) && !particles[t.text] && !lexicons.people[t.text] {
			return false
		}
	}
	return true
}

// besideChoice reads a surname that stands with the chosen time: "12:30 Haddad", "the second one,
// García López". It is all that is left of the message, and looks like a name.
func (r *reader) besideChoice() {
	if r.in.Expect != ExpectSlot || r.meaning.Choice == 0 || r.meaning.Name != nil {
		return
	}
	start, end := -1, -1
	for i, t := range r.tokens {
		switch {
		case t.taken || !particles[t.text] && !lexicons.people[t.text] && (lexicons.filler(t) || lexicons.silent[t.text]):
		case !r.nameWord(t, true) || start >= 0 && end != i:
			return
		case start < 0:
			start, end = i, i+1
		default:
			end = i + 1
		}
	}
	if start < 0 || end-start > maxNameWords || !r.telling(start, end) {
		return
	}
	name := r.withoutKnown(written(r.source[r.tokens[start].start:r.tokens[end-1].end]))
	if name != "" {
		r.meaning.Name = &PersonName{Family: name}
		r.take(start, end)
	}
}

// telling tells whether the words from start up to end can only be a name: written large, known as one,
// or an Arabic one with its article.
func (r *reader) telling(start, end int) bool {
	for _, t := range r.tokens[start:end] {
		first, _ := utf8.DecodeRuneInString(r.source[t.start:])
		known := lexicons.people[t.text] || particles[t.text] || strings.HasPrefix(t.text, "ال")
		if !unicode.IsUpper(first) && !known {
			return false
		}
	}
	return !particles[r.tokens[end-1].text]
}

// nameEnd is where the name that begins at token i ends: at the end of the clause or the first word
// that is no name.
func (r *reader) nameEnd(i int, alone bool) int {
	end := i
	for end < len(r.tokens) && end-i < maxNameWords {
		t := r.tokens[end]
		if end > i && t.before != none || end == i && t.before == hard || !r.nameWord(t, alone) {
			break
		}
		end++
	}
	return end
}

// nameWord tells whether a word may be part of a name. The words of everyday talk are not, save those
// that are names as well; nor, after "I'm" in passing, is a word written small.
func (r *reader) nameWord(t token, asked bool) bool {
	if t.taken || t.number >= 0 || strings.ContainsAny(t.text, "0123456789👍👎🙏") {
		return false
	}
	if lexicons.rude[t.text] || lexicons.titles[t.text] || lexicons.chatter[t.text] {
		return false
	}
	if lexicons.people[t.text] || particles[t.text] {
		return true
	}
	if lexicons.languages(t) != 0 {
		return false
	}
	_, service := r.words.serviceWord(t)
	return !service || asked && lexicons.weak[t.text]
}

// particles join the words of a family name and stay small.
var particles = map[string]bool{
	"de": true, "del": true, "la": true, "las": true, "los": true, "al": true, "el": true, "bin": true, "ben": true,
	"van": true, "von": true, "der": true, "den": true, "da": true, "dos": true, "di": true, "abu": true, "ibn": true,
	"بن": true, "ابن": true, "ابو": true, "ام": true, "ال": true, "عبد": true,
}

// loneName reads a name that stands alone in its clause: "Sara Haddad", "no, Sara", "yes, Vera".
func (r *reader) loneName() {
	for i := 0; i < len(r.tokens); i++ {
		if i > 0 && r.tokens[i].before == none && !r.tokens[i-1].taken && !lexicons.filler(r.tokens[i-1]) {
			continue
		}
		if i > 0 && r.tokens[i-1].among(lexicons.noes) && r.tokens[i].before == none {
			continue // "not Jon, John"
		}
		i = r.untitled(i)
		end := r.nameEnd(i, true)
		if end == i || particles[r.tokens[end-1].text] || r.tokens[i].asked || !r.nameCloses(end) {
			continue
		}
		r.setName(i, end, false)
		if r.meaning.Name != nil {
			r.take(i, end)
			return
		}
	}
}

// nameCloses tells whether a name that ends before token i stands alone: the clause ends there, or goes
// on with "is my surname".
func (r *reader) nameCloses(i int) bool {
	tail, ok := lexicons.names.at(r.message, i)
	return r.closes(i) || ok && tail.means == introTail
}

// setName keeps the words from start up to end as the name, when they can be one.
func (r *reader) setName(start, end int, surname bool) {
	name := written(r.source[r.tokens[start].start:r.tokens[end-1].end])
	if name == "" {
		return
	}
	given, family := split(name)
	if surname || r.in.Expect == ExpectSurname && !r.meaning.Intents.Has(NameCorrection) {
		given, family = "", r.withoutKnown(name)
		if family == "" {
			return
		}
	}
	r.meaning.Name = &PersonName{Given: given, Family: family}
	r.nameStart, r.nameEnds = start, end
}

// withoutKnown takes the name we know off a surname answer: "Noor Haddad" is Haddad.
func (r *reader) withoutKnown(name string) string {
	known, words := strings.Fields(r.in.Known), strings.Fields(name)
	n := 0
	for n < len(known) && n < len(words) && fold(known[n]) == fold(words[n]) {
		n++
	}
	if n == len(words) { // only the known name again: no answer, unless the surname is the same word
		return ""
	}
	return strings.Join(words[n:], " ")
}

// written cleans a name as it was written: one space between words, no marks at its ends, capitals
// when all of it was written small. Empty: it cannot be a name.
func written(raw string) string {
	name := strings.Trim(strings.Join(strings.Fields(raw), " "), " -.'’،,")
	letters := 0
	for _, c := range name {
		switch {
		case unicode.IsLetter(c):
			letters++
		case unicode.Is(unicode.M, c), c == ' ', c == '-', c == '.', apostrophe(c):
		default:
			return ""
		}
	}
	if letters < 2 && !strings.ContainsFunc(name, func(c rune) bool { return unicode.Is(unicode.Han, c) }) || len([]rune(name)) > maxNameRunes {
		return ""
	}
	if name == strings.ToLower(name) {
		return titled(name)
	}
	return name
}

// titled writes the first letter of every word large, and the letter after O' and a hyphen.
func titled(name string) string {
	words := strings.Split(name, " ")
	for i, w := range words {
		if i > 0 && particles[w] {
			continue
		}
		r := []rune(w)
		for j := range r {
			particle := j == 0 && len(r) > 3 && r[2] == '-' && particles[string(r[:2])]
			if (j == 0 || r[j-1] == '-' || j == 2 && apostrophe(r[1])) && !particle {
				r[j] = unicode.ToTitle(r[j])
			}
		}
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

// split parts a full name. Names of two words that belong together stay together.
func split(name string) (given, family string) {
	words := strings.Fields(name)
	n := min(1, len(words)) // a profile may have no name
	if len(words) > 1 && double(fold(words[0]), fold(words[1])) {
		n = 2
	}
	return strings.Join(words[:n], " "), strings.Join(words[n:], " ")
}

// Given is the given name of a full one: the first word, or the words that are one name together.
func Given(name string) string {
	given, _ := split(name)
	return given
}

// double tells whether two words are one given name: María José, Juan Carlos, عبد الله, أبو بكر.
func double(a, b string) bool {
	switch a {
	case "عبد", "ابو", "ام":
		return true
	case "maria", "jose", "juan", "ana", "luis", "carlos", "miguel", "rosa", "francisco", "marco":
		return slices.Contains([]string{"jose", "maria", "carlos", "luis", "luisa", "pilar", "carmen", "isabel", "teresa",
			"antonio", "pablo", "manuel", "ignacio", "angel", "elena", "belen", "victoria", "cristina", "jesus", "paz",
			"angeles", "dolores", "javier", "ramon", "fernanda", "sofia", "lucia", "belinda"}, b)
	}
	return false
}
