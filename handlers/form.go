package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/views/ui"
)

// Limits of a form as a whole; each field states its own.
const (
	formFields = 500
	formValue  = 20_000 // characters
)

// form is what was posted, read field by field: each reading checks its field and notes what is wrong
// with it. A GET reads nothing, and Fill says what the fields start with.
type form struct {
	ctx    context.Context
	labels string // where the labels of the fields stand: "people.field"
	shown  ui.Form
	posted bool
	values url.Values
	read   map[string]bool
	wrong  []mistake
	cause  *fault.Fault // what a rule refused, as it said it
}

// mistake is what is wrong with one field, or with the form as a whole when there is no field.
type mistake struct {
	field, key string
	facts      []any
}

// form reads the request. labels starts the translation keys of the fields' names. A body that is no
// form and no JSON object, or is larger than any of ours, is wrong as a whole.
func (s *Server) form(c *fiber.Ctx, labels string) *form {
	v, _ := VisitorOf(c.UserContext())
	f := &form{ctx: c.UserContext(), labels: labels, values: url.Values{}, read: map[string]bool{}, posted: !safe(c.Method())}
	f.shown = ui.Form{Action: c.Path(), CSRF: v.Session.CSRF, Labels: labels}
	if wantsFragment(c) {
		f.shown.Prefix = "d-"
	}
	if !f.posted {
		return f
	}
	values, ok := postedValues(c)
	if !ok || len(values) > formFields {
		f.Wrong("", "console.form.malformed")
		return f
	}
	f.values = values
	return f
}

// postedValues are the fields of a form, or the members of a JSON object from a script.
func postedValues(c *fiber.Ctx) (url.Values, bool) {
	raw := c.Request().Body()
	if len(raw) == 0 {
		return url.Values{}, true
	}
	kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil {
		return nil, false
	}
	switch kind {
	case fiber.MIMEApplicationForm:
		values, err := url.ParseQuery(string(raw))
		return values, err == nil
	case fiber.MIMEApplicationJSON:
		return jsonValues(raw)
	default:
		return nil, false
	}
}

// jsonValues reads an object of words, figures, yes and no, and lists of them.
func jsonValues(raw []byte) (url.Values, bool) {
	var object map[string]any
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	if decodeOne(dec, &object) != nil {
		return nil, false
	}
	out := url.Values{}
	for name, value := range object {
		list, is := value.([]any)
		if !is {
			list = []any{value}
		}
		for _, one := range list {
			text, ok := jsonScalar(one)
			if !ok {
				return nil, false
			}
			if text != "" {
				out.Add(name, text)
			}
		}
	}
	return out, true
}

func jsonScalar(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "yes", true
		}
		return "", true
	default:
		return "", false
	}
}

// Fill says what a field starts with. What was typed stands before it.
func (f *form) Fill(name string, values ...string) {
	if !f.posted {
		f.values[name] = values
	}
}

// Wrong notes what is wrong with a field; an empty field is the form as a whole. key is a translation key,
// facts are its placeholders as name, value.
func (f *form) Wrong(field, key string, facts ...any) {
	f.wrong = append(f.wrong, mistake{field, key, facts})
}

// Valid tells whether this is a post that reads well. Call it when all fields were read: a field that
// nobody read was sent by mistake, and the sender is told.
func (f *form) Valid() bool {
	if !f.posted {
		return false
	}
	for _, name := range sortedKeys(f.values) {
		if !f.read[name] && name != csrfField {
			f.Wrong("", "console.form.unknown", "Field", clip(name, 40))
		}
	}
	return len(f.wrong) == 0
}

// Refused takes a rule's fault into the form, its fields to theirs, and tells whether it could. What the
// person cannot mend on this form is an error of the request.
func (f *form) Refused(err error) bool {
	var known *fault.Fault
	if !errors.As(err, &known) || known.Kind != fault.KindInvalid && known.Kind != fault.KindConflict && known.Kind != fault.KindIneligible {
		return false
	}
	f.cause = known
	if len(known.Fields) == 0 {
		f.Wrong("", known.Key, pairs(known.Facts)...)
	}
	for _, name := range sortedKeys(known.Fields) {
		f.Wrong(name, known.Fields[name], pairs(known.Facts)...)
	}
	return true
}

// Shown is the form for the page: as typed, with its mistakes in words.
func (f *form) Shown() ui.Form {
	out := f.shown
	out.Values = url.Values{}
	for name, values := range f.values {
		if name != csrfField && !secretField(name) {
			out.Values[name] = values
		}
	}
	for _, m := range f.wrong {
		line := ui.FormError{Text: i18n.T(f.ctx, m.key, m.facts...)}
		if m.field != "" {
			line.Field, line.Label = out.Prefix+m.field, f.label(m.field)
		}
		out.Errors = append(out.Errors, line)
	}
	return out
}

// label is what a field is called, and nothing when nobody named it.
func (f *form) label(field string) string {
	base, lang := field, ""
	if i := strings.LastIndexByte(field, '.'); i > 0 {
		if known, is := i18n.Known(field[i+1:]); is {
			base, lang = field[:i], known
		}
	}
	r := i18n.From(f.ctx)
	if r.Catalogue == nil || !r.Catalogue.Has(r.Language, f.labels+"."+base) {
		return ""
	}
	text := i18n.T(f.ctx, f.labels+"."+base)
	if lang != "" {
		text += " (" + i18n.T(f.ctx, "console.lang."+lang) + ")"
	}
	return text
}

// fault is the form's mistakes for a program: what the rule said, or each field with what is wrong.
func (f *form) fault() *fault.Fault {
	if f.cause != nil {
		return f.cause
	}
	out := fault.Invalid("console.form.problem", map[string]string{})
	for _, m := range f.wrong {
		facts := factsOf(m.facts)
		if unknown, is := facts["Field"].(string); is && m.field == "" {
			out.Fields[unknown] = m.key
			continue
		}
		if m.field == "" {
			out.Key, out.Facts = m.key, facts
			continue
		}
		out.Fields[m.field] = m.key
	}
	return out
}

func factsOf(list []any) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(list); i += 2 {
		if name, is := list[i].(string); is {
			out[name] = list[i+1]
		}
	}
	return out
}

// secretField tells which fields are never sent back.
func secretField(name string) bool {
	return strings.Contains(name, "password") || slices.Contains([]string{"code", "recovery"}, name)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func clip(s string, n int) string {
	if short := firstRunes(s, n); short != s {
		return short + "…"
	}
	return s
}

func firstRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

func atoi(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil
}
