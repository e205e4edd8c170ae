package shop

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxWords is how many words of a text are looked for; more narrow nothing that a person would miss.
const maxWords = 8

// article is the Arabic article, which is written onto its word: who looks for "the argan" looks for argan.
const article = "ال"

// words are what a text asks for, in the form that what is found is written in (internal/feed). Case, accents
// and letters written one for another are left to the database, which compares both sides alike (folded).
func words(text string) []string {
	all := strings.FieldsFunc(norm.NFKC.String(text), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == ',' || r == '،' || r == ';' || r == '؛' || r == '"'
	})
	var out []string
	for _, word := range all {
		word = strings.Map(plain, word)
		if bare, ok := strings.CutPrefix(word, article); ok && len([]rune(bare)) >= 3 {
			word = bare
		}
		if word != "" && len(out) < maxWords {
			out = append(out, word)
		}
	}
	return out
}

// plain is a letter without what is only there for the eye: Arabic vowel signs and stretching, direction marks.
// Digits are ours, in whichever script they are written.
func plain(r rune) rune {
	switch {
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	case r >= 0x064B && r <= 0x0652, r == 0x0640, unicode.Is(unicode.Cf, r):
		return -1
	default:
		return r
	}
}

// escaped lets a word stand for itself in a LIKE.
func escaped(word string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)
}
