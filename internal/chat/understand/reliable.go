package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	minNameLetters = 3
	maxNameRunes   = 40
)

// Reliable tells whether a profile name may be read back as a person's name: letters of any
// script, spaces, hyphens, apostrophes and dots only, at least 3 letters, at most 40 characters, and
// not a filler ("user", "mum") or business word.
func Reliable(profile string) bool {
	name := strings.TrimSpace(profile)
	if utf8.RuneCountInString(name) > maxNameRunes {
		return false
	}
	letters := 0
	for _, r := range name {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.Is(unicode.M, r), r == ' ', r == '-', r == '.', apostrophe(r):
		default:
			return false
		}
	}
	return letters >= minNameLetters && !filling(name)
}

// filling tells whether a name is no name: a filler alone, or with a business word or a swearword in it.
func filling(name string) bool {
	words := cut(name).tokens
	fillers := 0
	for _, t := range words {
		for _, f := range t.forms {
			if lexicons.business[f] || lexicons.rude[f] {
				return true
			}
		}
		if lexicons.filling[t.text] {
			fillers++
		}
	}
	return fillers == len(words)
}
