// Package ui holds the parts that pages share: icons, badges, times, amounts, empty states, the form
// field and the list of errors. It draws what it is given and reads nothing.
package ui

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/static"
)

// Tone is the colour of a badge or notice. It repeats what the words say and never replaces them.
type Tone string

// Tones.
const (
	Neutral   Tone = ""
	Good      Tone = "good"
	Attention Tone = "attention"
	Danger    Tone = "danger"
	Info      Tone = "info"
	Primary   Tone = "primary"
)

// Chip is a filter: a link that narrows the list, marked when it is in force.
type Chip struct {
	Label    string
	URL      string
	Current  bool
	Count    int // shown when positive
	Initials string
	Tint     string
}

// sprite are all icons in use, once a page.
func sprite() string { return static.Icons() }

// mirrors tells which icons point along the line of writing and turn with it. Clocks and logos do not.
func mirrors(icon string) bool {
	return strings.HasPrefix(icon, "chevron-") || strings.HasPrefix(icon, "arrow-") || icon == "log-out" || icon == "list" || icon == "send"
}

// Absolute is a time in full with its zone, for the hover of a short one.
func Absolute(ctx context.Context, t time.Time) string {
	return i18n.Day(i18n.From(ctx).Language, t) + t.Format(" 2006, 15:04 MST")
}

// Moment is a day and a time in the page's language: "Fri 9 Oct, 12:30".
func Moment(ctx context.Context, t time.Time) string { return i18n.Moment(i18n.From(ctx).Language, t) }

// Money is an amount with its currency in the page's language.
func Money(ctx context.Context, minor int64, currency string) string {
	return i18n.Money(i18n.From(ctx).Language, models.Money{Minor: minor, Currency: currency})
}

// In picks the page's language of a text.
func In(ctx context.Context, t models.Text) string { return t.In(i18n.From(ctx).Language) }

// Word is the wording of a code ("confirmed" under "console.status"), and the code itself, made
// readable, when the catalogue has none: a new word of the rules must not break a page.
func Word(ctx context.Context, area, code string) string {
	key := area + "." + code
	if c := i18n.From(ctx).Catalogue; c != nil && c.Has(i18n.From(ctx).Language, key) {
		return i18n.T(ctx, key)
	}
	return strings.NewReplacer("_", " ", ".", " ").Replace(code)
}

// Initials are the first letters of the first two words of a name; one letter in Arabic, whose
// letters would join.
func Initials(name string) string {
	var out []rune
	for _, word := range strings.Fields(name) {
		first := []rune(word)[0]
		out = append(out, unicode.ToUpper(first))
		if len(out) == 2 || unicode.Is(unicode.Arabic, first) {
			break
		}
	}
	return string(out)
}

// Tint is the diary colour of the n-th stylist.
func Tint(n int) string { return [...]string{"t1", "t2", "t3", "t4", "t5", "t6"}[n%6] }

// Current marks the link of the page or filter in force.
func Current(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}

func actTone(t Tone) string {
	if t == Neutral {
		return ""
	}
	return string(t)
}

func orFour(rows int) int {
	if rows == 0 {
		return 4
	}
	return rows
}

// line is an error as the summary says it: with the name of its field.
func (e FormError) line() string {
	if e.Label == "" {
		return e.Text
	}
	return e.Label + ": " + e.Text
}
