package whatsapp

import (
	"fmt"
	"strings"

	"frontdesk/models"
)

// Meta's limits on wire fields that only a message has; those on words are in models.
const (
	MaxText          = models.MaxText
	MaxBody          = models.MaxBody
	MaxButtons       = models.MaxButtons
	MaxButtonTitle   = models.MaxButtonTitle
	MaxButtonID      = 256
	MaxRows          = models.MaxRows
	MaxRowTitle      = models.MaxRowTitle
	MaxRowDetail     = models.MaxRowDetail
	MaxRowID         = 200
	MaxListLabel     = models.MaxListLabel
	MaxTemplateValue = 1024
	MaxCaption       = 1024
)

// Compile writes content as a message to an address, with our id as its reference. It cuts nothing:
// options that do not fit buttons become a list, and what does not fit a list becomes text with
// numbered lines, which the conversation understands as well as taps. A link that the text does not
// hold is put on a line of its own. What fits no shape at all is an *Error of kind Rejected. Pure.
func Compile(c models.Content, to, ourID string) (Message, error) {
	m := Message{Product: "whatsapp", Kind: "individual", Reference: ourID}
	if id, ok := strings.CutPrefix(to, models.AddressBSUID); ok {
		m.Recipient = id
	} else {
		m.To = strings.TrimPrefix(to, "+")
	}
	if m.To == "" && m.Recipient == "" {
		return Message{}, unfit("no recipient")
	}
	switch c.Kind {
	case models.KindTemplate:
		return m, m.template(c.Template)
	case models.KindImage:
		return m, m.image(c)
	case models.KindText, models.KindButtons, models.KindList:
	default:
		return Message{}, unfit("content of kind " + string(c.Kind) + " cannot be sent")
	}
	if c.URL != "" && !strings.Contains(c.Text, c.URL) {
		c.Text += "\n" + c.URL
	}
	switch shapeOf(c) {
	case models.KindButtons:
		m.buttons(c)
	case models.KindList:
		m.list(c)
	default:
		return m, m.text(c)
	}
	return m, nil
}

// shapeOf is how the options of content will be shown: as buttons, as a list, or as numbered lines of a
// text. Content without options is text.
func shapeOf(c models.Content) models.ContentKind {
	buttons, list := fitButtons(c), fitList(c)
	switch {
	case len(c.Options) == 0:
		return models.KindText
	case buttons && (c.Kind == models.KindButtons || !list):
		return models.KindButtons
	case list:
		return models.KindList
	default:
		return models.KindText
	}
}

func fitButtons(c models.Content) bool {
	if len(c.Options) > MaxButtons || !within(c.Text, MaxBody) {
		return false
	}
	titles := map[string]bool{}
	for _, o := range c.Options {
		if o.Description != "" || titles[o.Title] || !within(o.Title, MaxButtonTitle) || !within(o.ID, MaxButtonID) {
			return false
		}
		titles[o.Title] = true // Meta refuses two buttons with the same words
	}
	return distinct(c.Options)
}

func fitList(c models.Content) bool {
	if len(c.Options) > MaxRows || !within(c.Text, MaxBody) || !within(c.ListLabel, MaxListLabel) {
		return false
	}
	for _, o := range c.Options {
		if !within(o.Title, MaxRowTitle) || !within(o.ID, MaxRowID) || length(o.Description) > MaxRowDetail {
			return false
		}
	}
	return distinct(c.Options)
}

// distinct tells whether no two options send back the same id.
func distinct(options []models.Option) bool {
	ids := map[string]bool{}
	for _, o := range options {
		if ids[o.ID] {
			return false
		}
		ids[o.ID] = true
	}
	return true
}

func (m *Message) buttons(c models.Content) {
	m.Type = "interactive"
	m.Interactive = &Interactive{Type: "button", Body: Words{c.Text}}
	for _, o := range c.Options {
		m.Interactive.Action.Buttons = append(m.Interactive.Action.Buttons, Button{"reply", Reply{o.ID, o.Title}})
	}
}

func (m *Message) list(c models.Content) {
	rows := make([]Row, len(c.Options))
	for i, o := range c.Options {
		rows[i] = Row{o.ID, o.Title, o.Description}
	}
	m.Type = "interactive"
	m.Interactive = &Interactive{Type: "list", Body: Words{c.Text}, Action: Action{Button: c.ListLabel, Sections: []Section{{Rows: rows}}}}
}

func (m *Message) text(c models.Content) error {
	lines := []string{c.Text}
	for i, o := range c.Options {
		line := fmt.Sprintf("%d. %s", i+1, o.Title)
		if o.Description != "" {
			line += " — " + o.Description
		}
		lines = append(lines, line)
	}
	body := strings.TrimSpace(strings.Join(lines, "\n"))
	if !within(body, MaxText) {
		return unfit(fmt.Sprintf("text of %d characters", length(body)))
	}
	m.Type = "text"
	m.Text = &TextBody{Body: body, PreviewURL: strings.Contains(body, "https://") || strings.Contains(body, "http://")}
	return nil
}

func (m *Message) image(c models.Content) error {
	if c.URL == "" || length(c.Text) > MaxCaption {
		return unfit("picture without an address, or with too many words")
	}
	m.Type = "image"
	m.Image = &Image{Link: c.URL, Caption: c.Text}
	return nil
}

func (m *Message) template(t *models.Template) error {
	if t == nil || t.Name == "" || t.Language == "" {
		return unfit("template without a name or language")
	}
	m.Type = "template"
	m.Template = &Template{Name: t.Name, Language: Locale{t.Language}}
	if len(t.Values) == 0 {
		return nil
	}
	values := make([]Parameter, len(t.Values))
	for i, v := range t.Values {
		if !within(v, MaxTemplateValue) {
			return unfit(fmt.Sprintf("template %s: value %d has %d characters", t.Name, i+1, length(v)))
		}
		values[i] = Parameter{"text", v}
	}
	m.Template.Components = []Component{{Type: "body", Parameters: values}}
	return nil
}

// maxCode is how long a code may be that an authentication template carries.
const maxCode = 15

// CompileCode writes an authentication template, whose one value is a code: once in its words and once behind the button
// that copies it, as Meta wants it. Pure.
func CompileCode(t models.Template, to, ourID string) (Message, error) {
	if len(t.Values) != 1 || !within(t.Values[0], maxCode) {
		return Message{}, unfit("a template of this kind has one code")
	}
	m, err := Compile(models.Content{Kind: models.KindTemplate, Template: &t}, to, ourID)
	if err != nil {
		return Message{}, err
	}
	m.Template.Components = append(m.Template.Components, Component{
		Type: "button", SubType: "url", Index: "0", Parameters: []Parameter{{"text", t.Values[0]}},
	})
	return m, nil
}

func unfit(details string) error { return &Error{Kind: Rejected, Details: details} }

// within tells whether s is not empty and no longer than max.
func within(s string, max int) bool { return s != "" && length(s) <= max }

func length(s string) int { return models.Units(s) }
