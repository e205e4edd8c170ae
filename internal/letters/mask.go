package letters

import (
	"bytes"
	"encoding/json"
	"regexp"
	"sort"
	"strings"

	"frontdesk/models"
)

// hidden stands for what may be a person's.
const hidden = "•••"

// personal is what of an error may be a person's: addresses, long figures, quoted words.
var personal = regexp.MustCompile(`[^\s"'<>@]+@[^\s"'<>@]+|"[^"]*"|'[^']*'|“[^”]*”|«[^»]*»|\+?[0-9][0-9 ().-]{4,}[0-9]`)

var anyID = regexp.MustCompile(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)

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

func argument(name string, raw json.RawMessage, whole bool) Argument {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		plain := len(raw) > 0 && !bytes.ContainsAny(raw[:1], "{[")
		return Argument{Name: name, Value: shown(string(raw), whole || plain), Masked: !whole && !plain}
	}
	if (&models.ID{}).UnmarshalText([]byte(text)) == nil {
		return Argument{Name: name, Value: text, ID: true}
	}
	named := word.MatchString(text)
	return Argument{Name: name, Value: shown(text, whole || named), Masked: !whole && !named}
}

// word names something, as "visit.confirmed" does.
var word = regexp.MustCompile(`^[a-z_]{1,30}(\.[a-z_]{1,30}){0,3}$`)

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
	out, last := strings.Builder{}, 0
	for _, at := range anyID.FindAllStringIndex(a.Error, -1) { // an id is nobody's name
		out.WriteString(personal.ReplaceAllString(a.Error[last:at[0]], hidden) + a.Error[at[0]:at[1]])
		last = at[1]
	}
	return out.String() + personal.ReplaceAllString(a.Error[last:], hidden)
}
