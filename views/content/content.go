// Package content draws the wordings staff may edit: message texts, WhatsApp templates, questions and
// answers, each in three languages side by side.
package content

import (
	"context"
	"regexp"
	"slices"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/ui"
)

// Wording is a wording in one language.
type Wording struct {
	Lang    models.Language
	Body    string // with its placeholders
	Preview string // filled with sample facts
	Shape   string // how it is shown: "sentence", "button", "row", "row_detail", "list_label"
	Tone    ui.Tone
	Status  string // in words
	By      string // who saved it last, and when; empty while nobody has
	At      time.Time
	Acts    []Act
	Past    []Version

	StandIn  string    // what stands in for it; empty: nothing does or needs to
	Footer   string    // of a template, as the next
	Buttons  []string  // quick replies
	Measures []Measure // Meta's limits of the newest wording

	Standard string   // the product's own wording where another is in force
	Draft    *Draft   // of a template
	Asks     []string // phrases of a question
}

// Draft is a template's wording that waits for Meta.
type Draft struct {
	Body, Preview, Footer string
	Buttons               []string
}

// Measure is one of Meta's limits: what it counts, the figures, and whether they are within it.
type Measure struct {
	Label, Figure string
	Held          bool
}

// kept tells whether every limit is.
func kept(list []Measure) bool {
	return !slices.ContainsFunc(list, func(m Measure) bool { return !m.Held })
}

// Act is a link to a form.
type Act struct {
	URL, Label, Icon string
}

// Version is what a wording said after one save.
type Version struct {
	Number  int
	At      time.Time
	Who     string
	What    string // in words; empty: the wording says it
	Reason  string
	Body    string
	Under   string          // what stands under it: a template's footer and buttons
	Lang    models.Language // of the body
	Restore string          // leads to the form that brings it back; empty: it is in force
}

// Fact is a placeholder.
type Fact struct {
	Name     string // as it is written: {{.Name}}
	Sample   string
	Required bool
}

// TextPage is a message text.
type TextPage struct {
	Key, Place, Limit string
	Facts             []Fact
	Counted           bool
	Edit              string // leads to the form; empty for readers
	In                []Wording
}

// TextForm is the form of a message text.
type TextForm struct {
	Key, Place, Limit, Back string
	Max                     int
	Facts                   []Fact
	Form                    ui.Form
	In                      []Wording // what is in force, or what was typed when Previewed
	Previewed               bool
}

// TemplatePage is a template of either road.
type TemplatePage struct {
	Name, Purpose string
	Dormant       bool
	Code          bool // Meta words it
	Web           bool // it stands on pages
	Back          string
	Facts         []Fact
	In            []Wording
}

// TemplateForm is the form of a template's words in one language.
type TemplateForm struct {
	Title, Back, Limit string
	New                bool // name, road and language are asked for, too
	Web                bool
	Max                int
	Lang               models.Language
	Facts              []Fact
	Samples            []string // facts whose sample is asked for
	Form               ui.Form
	Roads, Langs       []ui.Option
	Here               Wording   // what it reads like
	Beside             []Wording // the other languages
	Previewed          bool
}

// effect says what keeping it does.
func (f TemplateForm) effect() string {
	if f.Web {
		return "content.page.edit.effect"
	}
	return "content.template.edit.effect"
}

func (f TemplateForm) submit() string {
	if f.Web {
		return "content.edit.submit"
	}
	return "content.template.edit.submit"
}

// lead names the language, where it is not asked for.
func (f TemplateForm) lead(ctx context.Context) string {
	if f.New {
		return i18n.T(ctx, "content.template.add_text")
	}
	return langName(ctx, f.Lang)
}

// max is how much fits; a page's words have their own limit, which is told when it is passed.
func (f TemplateForm) max() int {
	if f.Web || f.New {
		return 0
	}
	return f.Max
}

// FAQPage is a question.
type FAQPage struct {
	Key    string
	URL    string
	Active bool
	Acts   []Act
	In     []Wording
	Past   []Version
}

// FAQForm is the form of a question.
type FAQForm struct {
	Title, Back string
	New         bool
	Facts       []Fact
	Form        ui.Form
}

// Confirm is the form of an act that needs no more than a reason.
type Confirm struct {
	Title, Lead, Effect, Submit, Back string
	Now, Then                         string // wordings; empty: not shown
	Shown                             string // a wording as it is; empty: none
	Lang                              models.Language
	Form                              ui.Form
	Fields                            []ui.Field
}

// Trial is what the assistant would make of a message.
type Trial struct {
	Form      ui.Form
	Asked     bool
	Lang      models.Language
	Heard     string
	Questions string
	Replies   []Reply
	Searches  bool
	HandsOff  bool
}

// Reply is one message.
type Reply struct {
	Text    string
	Options []string
}

// Tab is one of the kinds of content.
type Tab string

// The kinds of content.
const (
	Texts     Tab = "texts"
	Templates Tab = "templates"
	Pages     Tab = "pages"
	FAQs      Tab = "faqs"
	Changes   Tab = "changes"
)

func tabs() []struct {
	tab  Tab
	path string
} {
	return []struct {
		tab  Tab
		path string
	}{{Texts, "/console/content"}, {Templates, "/console/content/templates"}, {Pages, "/console/content/web"}, {FAQs, "/console/content/faqs"}, {Changes, "/console/content/changes"}}
}

// starred tells whether any fact must stay.
func starred(facts []Fact) bool {
	return slices.ContainsFunc(facts, func(f Fact) bool { return f.Required })
}

// alike tells whether all languages have the same status.
func alike(in []Wording) bool {
	return !slices.ContainsFunc(in, func(w Wording) bool { return w.Status != in[0].Status })
}

var placeholder = regexp.MustCompile(`{{[^{}]*}}`)

// part is a stretch of a wording: plain, or one placeholder.
type part struct {
	text        string
	placeholder bool
}

func parts(body string) []part {
	var out []part
	at := 0
	for _, found := range placeholder.FindAllStringIndex(body, -1) {
		out = append(out, part{text: body[at:found[0]]}, part{text: body[found[0]:found[1]], placeholder: true})
		at = found[1]
	}
	return append(out, part{text: body[at:]})
}

func langName(ctx context.Context, lang models.Language) string {
	return i18n.T(ctx, "console.lang."+lang)
}

func reason(ctx context.Context, form ui.Form) ui.Field {
	return form.Bind(ctx, ui.Field{Name: "reason", Hint: i18n.T(ctx, "content.field.reason_hint"), Optional: true, Max: 200, Dir: "auto"})
}

func body(ctx context.Context, form ui.Form, name string, lang models.Language, most, rows int) ui.Field {
	return form.Bind(ctx, ui.Field{Name: name, Label: langName(ctx, lang), Dir: i18n.Direction(lang), Max: most, Rows: rows})
}
