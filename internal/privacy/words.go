package privacy

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"frontdesk/models"
)

// shortNumber is how few digits a number within its country needs before it is looked for without the country.
const shortNumber = 9

// asPattern finds a phone as people and programs write it: with its country or without, spaced, in Western or Arabic digits.
func asPattern(phone string) string {
	digits := func(text string) string {
		var out []string
		for _, d := range text {
			n := d - '0'
			out = append(out, "["+string(d)+string('٠'+n)+string('۰'+n)+"]")
		}
		return strings.Join(out, `[ .()/-]*`)
	}
	whole := digits(strings.TrimPrefix(phone, "+"))
	if rest, mexican := strings.CutPrefix(phone, "+52"); mexican { // who writes from a mobile there has a 1 in between
		whole = digits("52") + `[ .()/-]*[1١۱]?[ .()/-]*` + digits(rest)
	}
	if number, err := phonenumbers.Parse(phone, ""); err == nil {
		within := strconv.FormatUint(number.GetNationalNumber(), 10)
		if len(within) >= shortNumber {
			whole += "|[0٠۰]?" + digits(within)
		}
	}
	return `(?<![0-9٠-٩۰-۹])(?:\+|00)?(?:` + whole + `)(?![0-9٠-٩۰-۹])`
}

// patterns are what is searched for as regular expressions.
func (w words) patterns() (phones, names string) {
	var p, n []string
	for _, phone := range w.Phones {
		p = append(p, asPattern(phone))
	}
	for _, s := range w.Senders {
		if !slices.Contains(w.Phones, s) {
			p = append(p, regexp.QuoteMeta(strings.TrimPrefix(s, models.AddressBSUID)))
		}
	}
	for _, name := range w.Names {
		n = append(n, asName(name))
	}
	return strings.Join(p, "|"), strings.Join(n, "|")
}

// asName finds a full name that stands by itself; in Arabic behind the letters that are written onto a word, as in "and" or "for". Within
// JSON the end of a line is two characters, of which the second looks like one of a word.
func asName(name string) string {
	return `(?:(?<!\w)|(?<=\\[bfnrt]))(?:[وفبلك]{1,2})?` + strings.Join(strings.Fields(regexp.QuoteMeta(name)), `(?:\s|\\[bfnrt])+`) + `(?!\w)`
}

// spoken are the phones as providers write them, and what channels call the person.
func (w words) spoken() []string {
	var out []string
	for _, phone := range slices.Concat(w.Phones, w.Senders) {
		bare := strings.TrimPrefix(phone, "+")
		out = append(out, phone, bare)
		if rest, mexican := strings.CutPrefix(bare, "52"); mexican && bare != phone {
			out = append(out, "521"+rest)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(out)))
}
