package ui

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Form is what a form page draws: where it posts, what was typed and what is wrong with it.
type Form struct {
	Action string // where it posts: its own address
	CSRF   string
	// Labels starts the translation keys of the fields: "people.field" labels the field "email" with
	// "people.field.email".
	Labels string
	Prefix string // starts the ids of the fields, so that a form in a dialog shares none with the page behind
	Values url.Values
	Errors []FormError
}

// FormError is one line of the summary above a form; Field is the id it leads to, empty for the form as a
// whole.
type FormError struct {
	Field string
	Label string // what the field is called; empty when the text says it
	Text  string
}

// Field is a labelled input with its hint and its own error. The value of a password is never sent back.
type Field struct {
	Name         string
	ID           string // of the input; the name when empty
	Label        string
	Type         string // of the input: text, email, password, tel, date, time, datetime-local; empty is text
	Value        string
	Hint         string
	Autocomplete string
	Error        string // in words; empty when the field is fine
	Optional     bool   // says so beside the label
	Max          int    // characters; 0 says nothing
	Least, Most  string // bounds of a date or a time
	Digits       bool   // a keypad on phones
	Unit         string // what stands after a figure: "min", "EUR"
	Dir          string // of the text; empty: as the input's type asks
	Rows         int    // of a text area; 0 takes 4
	Options      []Option
	Checked      bool // of a single checkbox
}

// Option is one choice of a field.
type Option struct {
	Value string
	Label string
	Hint  string
	Now   bool // it is chosen
}

// Value is what was typed into a field.
func (f Form) Value(name string) string { return f.Values.Get(name) }

// Bind fills a field with its label, its id, what was typed and what is wrong with it.
func (f Form) Bind(ctx context.Context, field Field) Field {
	field.ID = f.Prefix + field.Name
	if field.Label == "" {
		field.Label = i18n.T(ctx, f.Labels+"."+field.Name)
	}
	field.Value = f.Values.Get(field.Name)
	for _, e := range f.Errors {
		if e.Field == field.ID && field.Error == "" {
			field.Error = e.Text
		}
	}
	chosen := map[string]bool{}
	for _, v := range f.Values[field.Name] {
		chosen[v] = true
	}
	options := make([]Option, len(field.Options))
	for i, o := range field.Options {
		o.Now = chosen[o.Value]
		options[i] = o
	}
	field.Options = options
	field.Checked = field.Value != ""
	return field
}

// texts are the three inputs of a wording, one in each language.
func (f Form) texts(ctx context.Context, field Field) []Field {
	var out []Field
	for _, lang := range models.Languages() {
		one := field
		one.Name += "." + lang
		one.Label = i18n.T(ctx, "console.lang."+lang)
		one.Dir = i18n.Direction(lang)
		one.Hint = ""
		out = append(out, f.Bind(ctx, one))
	}
	return out
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Field) dir() string {
	switch {
	case f.Dir != "":
		return f.Dir
	case f.kind() == "text" && !f.Digits:
		return "auto"
	default:
		return "ltr"
	}
}

// attributes are what every control of a field carries: its name, its limits and what describes it.
func (f Field) attributes() templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name, "required": !f.Optional}
	described := ""
	if f.Hint != "" {
		described = f.id() + "-hint"
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
		described = f.id() + "-error " + described
	}
	for name, value := range map[string]string{"aria-describedby": described, "autocomplete": f.Autocomplete, "min": f.Least, "max": f.Most} {
		if value != "" {
			a[name] = value
		}
	}
	if f.Max > 0 {
		a["maxlength"] = strconv.Itoa(f.Max)
	}
	if f.Digits {
		a["inputmode"] = "decimal"
	}
	return a
}

// Major writes minor units as a person types them: "26.20".
func Major(minor int64) string { return i18n.Amount(minor) }
