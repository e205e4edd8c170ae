package whatsapp

// Message is the body of POST /{phone_id}/messages. Compile writes it.
type Message struct {
	Product     string       `json:"messaging_product"`
	Kind        string       `json:"recipient_type"`
	To          string       `json:"to,omitempty"`        // digits of a phone number
	Recipient   string       `json:"recipient,omitempty"` // a business-scoped user id, where no phone is known (W13)
	Type        string       `json:"type"`
	Text        *TextBody    `json:"text,omitempty"`
	Image       *Image       `json:"image,omitempty"`
	Interactive *Interactive `json:"interactive,omitempty"`
	Template    *Template    `json:"template,omitempty"`
	// Reference is our message id; every status of the message echoes it.
	Reference string `json:"biz_opaque_callback_data,omitempty"`
}

// TextBody is plain words. PreviewURL asks for a preview of the first link.
type TextBody struct {
	Body       string `json:"body"`
	PreviewURL bool   `json:"preview_url"`
}

// Image is a picture that Meta fetches from where it lies, a JPEG or PNG, with words below it.
type Image struct {
	Link    string `json:"link"`
	Caption string `json:"caption,omitempty"`
}

// Interactive is words with reply buttons ("button") or a list to open ("list").
type Interactive struct {
	Type   string `json:"type"`
	Body   Words  `json:"body"`
	Action Action `json:"action"`
}

// Words is a text part of an interactive message.
type Words struct {
	Text string `json:"text"`
}

// Action is what can be tapped: Buttons, or Button (the word that opens the list) and Sections.
type Action struct {
	Buttons  []Button  `json:"buttons,omitempty"`
	Button   string    `json:"button,omitempty"`
	Sections []Section `json:"sections,omitempty"`
}

// Button is one reply button; its type is "reply".
type Button struct {
	Type  string `json:"type"`
	Reply Reply  `json:"reply"`
}

// Reply is the id that a tap sends back and the words on the button.
type Reply struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Section is a part of a list. A single section needs no title.
type Section struct {
	Title string `json:"title,omitempty"`
	Rows  []Row  `json:"rows"`
}

// Row is one line of a list.
type Row struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// Template is an approved template with the values of its body.
type Template struct {
	Name       string      `json:"name"`
	Language   Locale      `json:"language"`
	Components []Component `json:"components,omitempty"`
}

// Locale names the language version of a template.
type Locale struct {
	Code string `json:"code"`
}

// Component is a part of a template that takes values; Type is "body", or "button" with its kind and its place.
type Component struct {
	Type       string      `json:"type"`
	SubType    string      `json:"sub_type,omitempty"`
	Index      string      `json:"index,omitempty"`
	Parameters []Parameter `json:"parameters"`
}

// Parameter is one value; Type is "text".
type Parameter struct {
	Type string `json:"type"`
	Text string `json:"text"`
}
