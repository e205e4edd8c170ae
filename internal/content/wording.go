package content

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

var placeholderHere = regexp.MustCompile("^" + onePlaceholder)

// Placeholders are the names of a wording's placeholders in order of appearance, each once. ok is
// false when the wording holds braces that are no placeholder: an edited text fills in facts and does
// nothing else.
func Placeholders(body string) (names []string, ok bool) {
	for {
		text, _, more := strings.Cut(body, "{{")
		if strings.Contains(text, "}}") {
			return names, false
		}
		if !more {
			return names, true
		}
		m := placeholderHere.FindStringSubmatch(body[len(text):])
		if m == nil {
			return names, false
		}
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
		body = body[len(text)+len(m[0]):]
	}
}

// Problem is one thing that is wrong with a wording: the text content.problem.<...> and its facts.
type Problem struct {
	Key   string
	Facts i18n.Facts
}

// Place is where a chat text is shown, which decides how long it may be.
type Place string

// Places of chat texts.
const (
	Sentence  Place = "sentence"   // part of a message
	Button    Place = "button"     // a button's title; rows have more room
	Row       Place = "row"        // a list row's title
	RowDetail Place = "row_detail" // a list row's second line
	ListLabel Place = "list_label" // the word that opens a list
)

// maxSentence leaves room for what fills a sentence and for what stands beside it in one bubble.
const maxSentence = models.MaxBody / 2

// maxEmoji is how many a reply may hold.
const maxEmoji = 2

// PlaceOf is where the text of a key is shown.
func PlaceOf(key string) Place {
	switch {
	case key == "chat.service.more":
		return Row
	case strings.HasPrefix(key, "chat.service.detail"):
		return RowDetail
	case strings.HasSuffix(key, ".label"):
		return ListLabel
	case strings.Contains(key, ".button."), strings.HasPrefix(key, "chat.category."), key == "chat.stylist.any":
		return Button
	default:
		return Sentence
	}
}

// Limit is how many units (models.Units) fit into a place.
func (p Place) Limit() int {
	switch p {
	case Button:
		return models.MaxButtonTitle
	case Row:
		return models.MaxRowTitle
	case RowDetail:
		return models.MaxRowDetail
	case ListLabel:
		return models.MaxListLabel
	default:
		return maxSentence
	}
}

// oneLine tells whether the place has no room for line breaks.
func (p Place) oneLine() bool { return p != Sentence }

// checkPlain is what every wording keeps: some words, placeholders that are known and nothing hidden.
func checkPlain(body string, known []string) []Problem {
	if strings.TrimSpace(body) == "" {
		return []Problem{{Key: "content.problem.empty"}}
	}
	var problems []Problem
	names, ok := Placeholders(body)
	if !ok {
		problems = append(problems, Problem{Key: "content.problem.braces"})
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			problems = append(problems, Problem{"content.problem.unknown_placeholder", i18n.Facts{"Placeholder": "{{." + name + "}}"}})
		}
	}
	if strings.ContainsFunc(body, hidden) || !isolated(body) {
		problems = append(problems, Problem{Key: "content.problem.hidden"})
	}
	return problems
}

// missing are the placeholders a wording must hold and does not.
func missing(body string, required []string) []Problem {
	names, _ := Placeholders(body)
	var problems []Problem
	for _, name := range required {
		if !slices.Contains(names, name) {
			problems = append(problems, Problem{"content.problem.missing_placeholder", i18n.Facts{"Placeholder": "{{." + name + "}}"}})
		}
	}
	return problems
}

func tooLong(body string, limit int) []Problem {
	if n := models.Units(body); n > limit {
		return []Problem{{"content.problem.too_long", i18n.Facts{"Length": n, "Max": limit}}}
	}
	return nil
}

// checkText holds an edited chat text against its standard wording: the same facts, the room there is.
// What addresses the customer may go; what informs them must stay.
func checkText(key, standard, body string, filled func(string) string) []Problem {
	known, _ := Placeholders(standard)
	place := PlaceOf(key)
	problems := checkPlain(body, known)
	if len(problems) > 0 {
		return problems
	}
	problems = missing(body, required(known))
	measured := body
	if place == RowDetail {
		measured = filled(body)
	}
	problems = append(problems, tooLong(measured, place.Limit())...)
	if place.oneLine() && strings.ContainsAny(body, "\n\r") {
		problems = append(problems, Problem{Key: "content.problem.one_line"})
	}
	if emoji(body) > maxEmoji {
		problems = append(problems, Problem{"content.problem.emoji", i18n.Facts{"Max": maxEmoji}})
	}
	return problems
}

// required are the placeholders without which a customer would miss a fact.
func required(known []string) []string {
	return slices.DeleteFunc(slices.Clone(known), func(name string) bool {
		return name == "Name" || name == "Emoji" || name == "Assistant"
	})
}

// hidden are characters nobody sees and that change what is read: controls other than the line break,
// and overrides and embeddings of direction. Marks and isolates are how mixed text is written well.
func hidden(r rune) bool {
	return unicode.IsControl(r) && r != '\n' || r >= 0x202A && r <= 0x202E || r == 0x2028 || r == 0x2029 || r == 0xFEFF
}

// isolated tells whether every opened isolate is closed within its line: an open one would reorder
// whatever the text is put into.
func isolated(body string) bool {
	for _, line := range strings.Split(body, "\n") {
		open := 0
		for _, r := range line {
			switch {
			case r >= 0x2066 && r <= 0x2068:
				open++
			case r == 0x2069:
				open--
			}
			if open < 0 {
				return false
			}
		}
		if open != 0 {
			return false
		}
	}
	return true
}

// emoji counts the emoji of a text, the salon's placeholder among them.
func emoji(body string) int {
	names, _ := Placeholders(body)
	n := 0
	if slices.Contains(names, "Emoji") {
		n++
	}
	joined := false
	for _, r := range body {
		if r >= 0x2600 && r <= 0x27BF || r >= 0x1F300 && r <= 0x1FAFF {
			if !joined && !(r >= 0x1F3FB && r <= 0x1F3FF) {
				n++
			}
		}
		joined = r == 0x200D
	}
	return n
}

// normal is a typed wording as it is kept: unified line breaks, nothing around it.
func normal(body string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\r", "\n"))
}
