package privacy

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

// Bounds of what counts as naming somebody.
const (
	leastName   = 2 // letters of a word that can be a name
	leastNumber = 7 // digits of a number without its country
)

// everyday are words that people write into the name they show, and that name nobody.
const everyday = " and the of from for my your with de del la las los el por para con y mi tu su en من في على عن مع الى هي هو "

// says tells whether a text names a person: one of their names, also with Arabic prefixes, accents or other letters of the same
// sound, or a phone, however it is spaced and in whichever digits.
func (w words) says(text string) bool {
	said := wordsIn(text)
	for _, part := range w.Parts {
		parts := wordsIn(part)
		for _, name := range parts {
			if names(name, len(parts) > 1) && slices.ContainsFunc(said, func(word string) bool { return sameName(word, name) }) {
				return true
			}
		}
	}
	folded := strings.ToLower(western(text))
	if slices.ContainsFunc(w.Senders, func(s string) bool { return strings.Contains(folded, strings.ToLower(s)) }) {
		return true
	}
	runs := numbers(text)
	return slices.ContainsFunc(w.Phones, func(phone string) bool {
		return slices.ContainsFunc(digitsOf(phone), func(n string) bool { return strings.Contains(runs, n) })
	})
}

// names tells whether a word can be somebody's name. Among others a very short one of Latin letters is not.
func names(word string, among bool) bool {
	least := leastName
	if among && word[0] < utf8.RuneSelf {
		least++
	}
	return len([]rune(word)) >= least && !strings.Contains(everyday, " "+word+" ")
}

// wordsIn are the words of a text as they sound: small letters, no accents, one form of each Arabic letter.
func wordsIn(text string) []string {
	alike := strings.NewReplacer("ى", "ي", "ی", "ي", "ة", "ه", "ک", "ك", "ٱ", "ا", "ـ", "")
	var plain strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if !unicode.In(r, unicode.Mn, unicode.Cf) {
			plain.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.FieldsFunc(alike.Replace(plain.String()), func(r rune) bool { return !unicode.IsLetter(r) })
}

// sameName tells whether a word is a name, or the name behind what Arabic writes together with it: and, to, by, like, the.
func sameName(word, name string) bool {
	bare := strings.TrimPrefix(name, "ال")
	if len([]rune(bare)) < leastName {
		bare = name
	}
	for range 3 { // "wa-li-l-": at most three stand before a name
		if word == name || word == bare {
			return true
		}
		rest := ""
		for _, before := range []string{"ال", "لل", "و", "ف", "ب", "ل", "ك"} {
			if after, is := strings.CutPrefix(word, before); is && len([]rune(after)) >= leastName {
				rest = after
				break
			}
		}
		if rest == "" {
			return false
		}
		word = rest
	}
	return word == name || word == bare
}

// western writes digits of all scripts as 0 to 9.
func western(text string) string {
	return strings.Map(func(r rune) rune {
		for _, zero := range []rune{'٠', '۰', '０'} {
			if r >= zero && r <= zero+9 {
				return '0' + r - zero
			}
		}
		return r
	}, text)
}

// numbers are the digits of a text; what is no letter between them does not part them.
func numbers(text string) string {
	var out strings.Builder
	for _, r := range western(text) {
		switch {
		case r >= '0' && r <= '9':
			out.WriteRune(r)
		case unicode.IsLetter(r):
			out.WriteByte(' ')
		}
	}
	return out.String()
}

// digitsOf are the digits by which a phone is known: with its country, and without where that is long enough.
func digitsOf(phone string) []string {
	out := []string{strings.TrimPrefix(phone, "+")}
	if number, err := phonenumbers.Parse(phone, ""); err == nil {
		if within := strconv.FormatUint(number.GetNationalNumber(), 10); len(within) >= leastNumber {
			out = append(out, within)
		}
	}
	return out
}
