package letters

import (
	"encoding/json"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/models"
)

// hidden stands for what may be a person's.
const hidden = "•••"

// Argument is one argument of a job. Masked says that its value is not shown.
type Argument struct {
	Name   string
	Value  string
	ID     bool
	Masked bool
}

// Arguments are those of a job by name; numbers stand as they are written, to the last digit. Whole shows what may be a
// person's.
func Arguments(raw json.RawMessage, whole bool) []Argument {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		if len(raw) == 0 {
			return nil
		}
		return []Argument{{Value: shown(string(raw), whole), Masked: !whole}}
	}
	out := make([]Argument, 0, len(object))
	for name, value := range object {
		out = append(out, argument(name, value, whole))
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// argument shows ids, and besides what is known to be nobody's: any other name may hold anything.
func argument(name string, raw json.RawMessage, whole bool) Argument {
	text, quoted := string(raw), false
	if json.Unmarshal(raw, &text) == nil {
		quoted = true
	}
	if quoted && (&models.ID{}).UnmarshalText([]byte(text)) == nil {
		return Argument{Name: name, Value: text, ID: true}
	}
	plain := quoted && name == "event" && word.MatchString(text) || !quoted && slices.Contains(numbered(), name) && figure.MatchString(text)
	return Argument{Name: name, Value: shown(text, whole || plain), Masked: !whole && !plain}
}

// numbered are the arguments that are numbers of rows.
func numbered() []string { return []string{"audit_id", "account_id", "chatwoot_id"} }

var (
	// word names something, as "visit.confirmed" does.
	word   = regexp.MustCompile(`^[a-z_]{1,30}(\.[a-z_]{1,30}){0,3}$`)
	figure = regexp.MustCompile(`^[0-9]{1,19}$`)
)

func shown(text string, whole bool) string {
	if whole {
		return text
	}
	return hidden
}

// Masked is an error without what may be a person's. What a panic says is not shown at all, but for Go's own.
func (a Attempt) Masked() string {
	if a.Trace != "" && !strings.HasPrefix(a.Error, "runtime error:") {
		return hidden
	}
	return mask(a.Error)
}

// Whole pieces of an error, where one begins: what of them is shown. letter_error in the database hides the same.
var (
	anyID   = regexp.MustCompile(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)
	address = regexp.MustCompile(`^(?:https?://[^\s<>]+|[^\s<>@"'():,;]+@[^\s<>@"'():,;]+)`)
	number  = regexp.MustCompile(`^\+?\p{Nd}[\p{Nd} ().-]{4,}\p{Nd}`)
	answer  = regexp.MustCompile(`^\((?:status [0-9]{1,3}(?:, code [0-9]{1,7})?|SQLSTATE [0-9A-Z]{5})\)`)
	anyWord = regexp.MustCompile(`^[\pL\pM\p{Nd}]+`)
)

// mask hides quoted words, values of a key, addresses, long figures and words that are not English, which are nobody's of ours.
func mask(text string) string {
	var out strings.Builder
	for before := ' '; text != ""; {
		n, show := piece(text, before)
		if show {
			out.WriteString(text[:n])
		} else if !strings.HasSuffix(out.String(), hidden) {
			out.WriteString(hidden)
		}
		before, _ = utf8.DecodeLastRuneInString(text[:n])
		text = text[n:]
	}
	return out.String()
}

// piece is how long what a text begins with is, and whether it is shown. before is the rune before it.
func piece(text string, before rune) (n int, show bool) {
	r, size := utf8.DecodeRuneInString(text)
	if n := quoted(text, r, before); n > 0 {
		return n, false
	}
	if n := len(answer.FindString(text)); n > 0 {
		return n, true
	}
	if n := len(number.FindString(text)); n > 0 && !anyID.MatchString(text) {
		return n, false
	}
	if isLetter(before) {
		return size, r <= unicode.MaxASCII || !isLetter(r)
	}
	if n := len(anyID.FindString(text)); n > 0 {
		return n, true
	}
	if n := len(address.FindString(text)); n > 0 {
		return n, false
	}
	if word := anyWord.FindString(text); strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII }) {
		return len(word), false
	}
	return size, true
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }

// quotes are those that open and what closes each. Within words a single one is an apostrophe.
func quotes() map[rune]string {
	return map[rune]string{'"': `"`, '`': "`", '“': "”", '«': "»", '„': "“”", '\'': "'’", '‘': "'’", '(': ")"}
}

// quoted is how long a quoted text is that begins here, to its own end or, where it has none, to the end of all; 0 where none
// begins. What a key is equal to in brackets is as good as quoted.
func quoted(text string, r, before rune) int {
	end, opens := quotes()[r]
	single := r == '\'' || r == '‘'
	if !opens || single && isLetter(before) || r == '(' && before != '=' {
		return 0
	}
	escaped := false
	for at := utf8.RuneLen(r); at < len(text); {
		c, size := utf8.DecodeRuneInString(text[at:])
		at += size
		after, _ := utf8.DecodeRuneInString(text[at:])
		switch {
		case escaped:
			escaped = false
		case c == '\\' && (r == '"' || single):
			escaped = true
		case strings.ContainsRune(end, c) && !(single && isLetter(after)):
			return at
		}
	}
	return len(text)
}
