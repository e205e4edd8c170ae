package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// sendRequest is the body of POST /{phone}/messages.
type sendRequest struct {
	MessagingProduct string           `json:"messaging_product"`
	RecipientType    string           `json:"recipient_type"`
	To               string           `json:"to"`
	Type             string           `json:"type"`
	BizOpaque        string           `json:"biz_opaque_callback_data"`
	Context          *sendContext     `json:"context"`
	Text             *sendText        `json:"text"`
	Image            *sendImage       `json:"image"`
	Interactive      *sendInteractive `json:"interactive"`
	Template         *sendTemplate    `json:"template"`
	// A read receipt instead of a message.
	Status    string          `json:"status"`
	MessageID string          `json:"message_id"`
	Typing    json.RawMessage `json:"typing_indicator"`
}

type sendContext struct {
	MessageID string `json:"message_id"`
}

type sendText struct {
	Body       string `json:"body"`
	PreviewURL bool   `json:"preview_url"`
}

type sendImage struct {
	Link    string `json:"link"`
	ID      string `json:"id"`
	Caption string `json:"caption"`
}

type sendInteractive struct {
	Type   string      `json:"type"`
	Header *sendHeader `json:"header"`
	Body   *sendPart   `json:"body"`
	Footer *sendPart   `json:"footer"`
	Action *sendAction `json:"action"`
}

type sendHeader struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type sendPart struct {
	Text string `json:"text"`
}

type sendAction struct {
	Button   string        `json:"button"`
	Buttons  []sendButton  `json:"buttons"`
	Sections []sendSection `json:"sections"`
}

type sendButton struct {
	Type  string  `json:"type"`
	Reply *Button `json:"reply"`
}

type sendSection struct {
	Title string `json:"title"`
	Rows  []Row  `json:"rows"`
}

type sendTemplate struct {
	Name     string `json:"name"`
	Language struct {
		Code   string `json:"code"`
		Policy string `json:"policy"`
	} `json:"language"`
	Components []sendComponent `json:"components"`
}

type sendComponent struct {
	Type       string          `json:"type"`
	SubType    string          `json:"sub_type"`
	Index      json.RawMessage `json:"index"`
	Parameters []sendParameter `json:"parameters"`
}

type sendParameter struct {
	Type string `json:"type"`
	Text string `json:"text"`
	Name string `json:"parameter_name"`
}

// Limits of the Cloud API (W1, W2), in characters.
const (
	maxText          = 4096
	maxCaption       = 1024
	maxBody          = 1024
	maxHeader        = 60
	maxFooter        = 60
	maxButtons       = 3
	maxButtonTitle   = 20
	maxButtonID      = 256
	maxRows          = 10
	maxSections      = 10
	maxSectionTitle  = 24
	maxRowTitle      = 24
	maxRowDetail     = 72
	maxRowID         = 200
	maxListButton    = 20
	maxBizOpaque     = 512
	maxTemplateFull  = 1024
	minPhone         = 7
	maxPhone         = 15
	invalidParameter = 100
	missingParameter = 131008
	invalidValue     = 131009
	unsupportedType  = 131051
)

// readSend decodes a send request and checks what all kinds of messages share. Keys Meta does not
// know are refused, as Meta does.
func readSend(r *http.Request) (m sendRequest, refusal *metaError) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return m, refused(invalidParameter, "Invalid parameter", "The request could not be read")
	}
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return m, refused(invalidParameter, "Invalid parameter", fmt.Sprintf("Param %s must be a %s", kind.Field, kind.Type.Kind()))
		}
		return m, refused(invalidParameter, "Invalid parameter", strings.Replace(err.Error(), "json: unknown field", "Unexpected key", 1))
	}
	switch {
	case m.MessagingProduct == "":
		return m, refused(invalidParameter, "The parameter messaging_product is required.", "")
	case m.MessagingProduct != "whatsapp":
		return m, refused(invalidParameter, "Param messaging_product must be one of {WHATSAPP}", "")
	case m.Status != "":
		return m, m.checkReceipt()
	case m.To == "":
		return m, refused(invalidParameter, "The parameter to is required.", "")
	case m.RecipientType != "" && m.RecipientType != "individual":
		return m, refused(invalidParameter, "Param recipient_type must be one of {INDIVIDUAL}", "")
	case len(waID(m.To)) < minPhone || len(waID(m.To)) > maxPhone || strings.Trim(m.To, "+0123456789 -()") != "":
		return m, refused(invalidValue, "Parameter value is not valid", "Recipient phone number is not a phone number")
	case longer(m.BizOpaque, maxBizOpaque):
		return m, refused(invalidParameter, "Invalid parameter", "Param biz_opaque_callback_data must be at most 512 characters long")
	}
	return m, nil
}

func (m sendRequest) checkReceipt() *metaError {
	if m.Status != "read" || m.MessageID == "" {
		return refused(invalidParameter, "Invalid parameter", "A receipt needs status \"read\" and a message_id")
	}
	return nil
}

// read checks the message by its kind and gives what the phone shows of it; of a template the text
// is still to be filled in.
func (m sendRequest) read() (Reply, *metaError) {
	switch m.Type {
	case "", "text":
		return m.readText()
	case "image":
		return m.readImage()
	case "interactive":
		return m.readInteractive()
	case "template":
		if m.Template == nil || m.Template.Name == "" || m.Template.Language.Code == "" {
			return Reply{}, missing("template")
		}
		return Reply{Type: "template"}, nil
	case "audio", "video", "document", "sticker", "location", "contacts", "reaction":
		return Reply{}, refused(unsupportedType, "Unsupported message type", "The stand-in knows text, image, interactive and template messages")
	default:
		return Reply{}, refused(invalidParameter, "Param type must be one of {AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, REACTION, STICKER, TEMPLATE, TEXT, VIDEO}", "")
	}
}

func (m sendRequest) readText() (Reply, *metaError) {
	switch {
	case m.Text == nil || m.Text.Body == "":
		return Reply{}, refused(invalidParameter, "The parameter text['body'] is required.", "")
	case longer(m.Text.Body, maxText):
		return Reply{}, refused(invalidParameter, "Param text['body'] must be at most 4096 characters long.", "")
	}
	return Reply{Type: "text", Text: m.Text.Body}, nil
}

func (m sendRequest) readImage() (Reply, *metaError) {
	switch {
	case m.Image == nil || (m.Image.Link == "") == (m.Image.ID == ""):
		return Reply{}, refused(invalidParameter, "Param image must have either a link or an id", "")
	case longer(m.Image.Caption, maxCaption):
		return Reply{}, refused(invalidParameter, "Param image['caption'] must be at most 1024 characters long.", "")
	}
	return Reply{Type: "image", Text: m.Image.Caption}, nil
}

func (m sendRequest) readInteractive() (Reply, *metaError) {
	i := m.Interactive
	switch {
	case i == nil || i.Action == nil:
		return Reply{}, missing("interactive")
	case i.Body == nil || i.Body.Text == "":
		return Reply{}, missing("interactive['body']['text']")
	case longer(i.Body.Text, maxBody):
		return Reply{}, tooLong("Interactive message body", maxBody)
	case i.Header != nil && i.Header.Type == "text" && (i.Header.Text == "" || longer(i.Header.Text, maxHeader)):
		return Reply{}, tooLong("Header text", maxHeader)
	case i.Footer != nil && (i.Footer.Text == "" || longer(i.Footer.Text, maxFooter)):
		return Reply{}, tooLong("Footer text", maxFooter)
	}
	switch i.Type {
	case "button":
		return i.readButtons()
	case "list":
		return i.readList()
	default:
		return Reply{}, refused(invalidValue, "Parameter value is not valid", "The interactive type must be button or list")
	}
}

func (i sendInteractive) readButtons() (Reply, *metaError) {
	reply := Reply{Type: "buttons", Text: i.text()}
	if n := len(i.Action.Buttons); n < 1 || n > maxButtons {
		return reply, refused(invalidValue, "Parameter value is not valid", "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3")
	}
	ids, titles := map[string]bool{}, map[string]bool{}
	for _, b := range i.Action.Buttons {
		switch {
		case b.Type != "reply" || b.Reply == nil:
			return reply, refused(invalidValue, "Parameter value is not valid", "Button type must be reply")
		case b.Reply.Title == "" || longer(b.Reply.Title, maxButtonTitle):
			return reply, tooLong("Button title", maxButtonTitle)
		case b.Reply.ID == "" || longer(b.Reply.ID, maxButtonID):
			return reply, tooLong("Button id", maxButtonID)
		case ids[b.Reply.ID]:
			return reply, refused(invalidValue, "Parameter value is not valid", "Duplicate button id: "+b.Reply.ID)
		case titles[b.Reply.Title]:
			return reply, refused(invalidValue, "Parameter value is not valid", "Duplicate button title: "+b.Reply.Title)
		}
		ids[b.Reply.ID], titles[b.Reply.Title] = true, true
		reply.Buttons = append(reply.Buttons, *b.Reply)
	}
	return reply, nil
}

func (i sendInteractive) readList() (Reply, *metaError) {
	reply := Reply{Type: "list", Text: i.text()}
	switch n := len(i.Action.Sections); {
	case i.Action.Button == "" || longer(i.Action.Button, maxListButton):
		return reply, tooLong("Button label", maxListButton)
	case n < 1 || n > maxSections:
		return reply, refused(invalidValue, "Parameter value is not valid", "Invalid sections count. Min allowed sections: 1, Max allowed sections: 10")
	}
	ids := map[string]bool{}
	for _, section := range i.Action.Sections {
		switch {
		case section.Title == "" && len(i.Action.Sections) > 1:
			return reply, refused(missingParameter, "Required parameter is missing", "Section title is required when there is more than one section")
		case longer(section.Title, maxSectionTitle):
			return reply, tooLong("Section title", maxSectionTitle)
		case len(section.Rows) == 0:
			return reply, refused(invalidValue, "Parameter value is not valid", "Section without rows")
		}
		for _, row := range section.Rows {
			if refusal := row.check(ids); refusal != nil {
				return reply, refusal
			}
			ids[row.ID] = true
			reply.Rows = append(reply.Rows, row)
		}
	}
	if len(reply.Rows) > maxRows {
		return reply, refused(invalidValue, "Parameter value is not valid", "Total row count exceed max allowed count: 10")
	}
	return reply, nil
}

func (row Row) check(taken map[string]bool) *metaError {
	switch {
	case row.Title == "" || longer(row.Title, maxRowTitle):
		return tooLong("Row title", maxRowTitle)
	case row.ID == "" || longer(row.ID, maxRowID):
		return tooLong("Row id", maxRowID)
	case longer(row.Description, maxRowDetail):
		return tooLong("Row description", maxRowDetail)
	case taken[row.ID]:
		return refused(invalidValue, "Parameter value is not valid", "Duplicate row id: "+row.ID)
	}
	return nil
}

// text is all the words of an interactive message, top to bottom.
func (i sendInteractive) text() string {
	parts := make([]string, 0, 3)
	if i.Header != nil && i.Header.Text != "" {
		parts = append(parts, i.Header.Text)
	}
	parts = append(parts, i.Body.Text)
	if i.Footer != nil {
		parts = append(parts, i.Footer.Text)
	}
	return strings.Join(parts, "\n")
}

func longer(s string, limit int) bool { return utf8.RuneCountInString(s) > limit }

func refused(code int, message, details string) *metaError {
	return metaRefusal(http.StatusBadRequest, code, fmt.Sprintf("(#%d) %s", code, message), details)
}

func missing(param string) *metaError {
	return refused(missingParameter, "Required parameter is missing", "Parameter "+param+" is missing")
}

func tooLong(what string, limit int) *metaError {
	return refused(invalidValue, "Parameter value is not valid", fmt.Sprintf("%s length invalid. Min length: 1, Max length: %d", what, limit))
}
