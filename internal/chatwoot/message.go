package chatwoot

import (
	"fmt"
	"strings"

	"frontdesk/models"
)

// Message is the body of POST …/messages. Compile writes it.
type Message struct {
	Content     string          `json:"content"`
	Kind        string          `json:"message_type"` // "outgoing"
	Private     bool            `json:"private"`
	ContentType string          `json:"content_type,omitempty"` // "input_select" with items
	Attributes  Attributes      `json:"content_attributes"`
	Template    *TemplateParams `json:"template_params,omitempty"`
}

// Attributes travel with a message and come back in its events.
type Attributes struct {
	Items []Item `json:"items,omitempty"`
	// Reference is our message id: by it we know our own words, and that they arrived.
	Reference string `json:"frontdesk_message_id,omitempty"`
}

// Item is a choice of an input_select.
type Item struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// TemplateParams name the template that a WhatsApp inbox of Chatwoot sends in place of the words.
type TemplateParams struct {
	Name     string            `json:"name"`
	Language string            `json:"language"`
	Values   map[string]string `json:"processed_params"`
}

// Compile writes content as a message, with our id as its reference. Options are choices of Chatwoot's
// own; a link that the text does not hold is put on a line of its own. Error: *Error of kind Rejected.
// Pure.
func Compile(c models.Content, ourID string) (Message, error) {
	m := Message{Content: c.Text, Kind: "outgoing", Attributes: Attributes{Reference: ourID}}
	switch c.Kind {
	case models.KindTemplate:
		return m.template(c)
	case models.KindText, models.KindButtons, models.KindList, models.KindImage: // a picture goes as its address
	default:
		return m, &Error{Kind: Rejected, Details: "content of kind " + string(c.Kind) + " cannot be sent"}
	}
	if c.URL != "" && !strings.Contains(c.Text, c.URL) {
		m.Content += "\n" + c.URL
	}
	for _, o := range c.Options {
		title := o.Title
		if o.Description != "" {
			title += " — " + o.Description
		}
		m.Attributes.Items = append(m.Attributes.Items, Item{title, o.ID})
	}
	if len(c.Options) > 0 {
		m.ContentType = "input_select"
	}
	if strings.TrimSpace(m.Content) == "" {
		return m, &Error{Kind: Rejected, Details: "a message without words"}
	}
	return m, nil
}

func (m Message) template(c models.Content) (Message, error) {
	t := c.Template
	if t == nil || t.Name == "" || t.Language == "" {
		return m, &Error{Kind: Rejected, Details: "template without a name or language"}
	}
	m.Template = &TemplateParams{Name: t.Name, Language: t.Language, Values: map[string]string{}}
	for i, v := range t.Values {
		m.Template.Values[fmt.Sprint(i+1)] = v
	}
	if m.Content == "" {
		m.Content = strings.Join(t.Values, " ") // what people read in Chatwoot; the customer gets the template
	}
	return m, nil
}
