package understand

import (
	"slices"
	"strings"
)

// stylists reads the stylists named, those not wanted apart, misspellings of longer names included.
func (r *reader) stylists() {
	refused := -1 // the word after which an "or Bruno" is not wanted either: "not Omar or Bruno"
	for i, t := range r.tokens {
		goesOn := i > 0 && refused == i-1
		if goesOn && t.before == none && t.is("and", "or", "nor", "y", "o", "ni", "و", "او", "ولا") {
			refused = i
			continue
		}
		if t.taken {
			continue
		}
		code, ok := r.stylist(t)
		if !ok {
			continue
		}
		r.tokens[i].taken = true
		list := &r.meaning.Stylists
		joined := goesOn && (!r.isStylist(r.tokens[i-1]) || strings.HasPrefix(t.text, "و"))
		if r.unwanted(i) || joined {
			list, refused = &r.meaning.NotStylists, i
		}
		if !slices.Contains(*list, code) {
			*list = append(*list, code)
		}
	}
}

func (r *reader) stylist(t token) (string, bool) {
	for _, s := range r.words.stylists {
		if t.is(s.names...) {
			return s.code, true
		}
	}
	if lexicons.languages(t) != 0 || lexicons.guarded[t.text] || r.words.languages(t) != 0 {
		return "", false
	}
	for _, s := range r.words.stylists {
		for _, name := range s.names {
			if slip(t.text, name) {
				return s.code, true
			}
		}
	}
	return "", false
}

func (r *reader) isStylist(t token) bool {
	_, ok := r.stylist(t)
	return ok
}

// slip tells whether a word is a name with one letter wrong.
func slip(word, name string) bool {
	a, b := []rune(word), []rune(name)
	return len(a) >= 4 && len(b) >= 4 && len(a)-len(b) <= 1 && len(b)-len(a) <= 1 && a[0] == b[0] && distance(a, b) <= 1
}
