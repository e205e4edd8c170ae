package whatsapp

import "encoding/json"

// The wire types of a webhook, as far as we read them. Parts that vary by type stay raw until their
// type is known, so that one odd part never hides the rest.

type envelope struct {
	Object string            `json:"object"`
	Entry  []json.RawMessage `json:"entry"`
}

type entry struct {
	ID      string            `json:"id"`
	Changes []json.RawMessage `json:"changes"`
}

type change struct {
	Field string          `json:"field"`
	Value json.RawMessage `json:"value"`
}

type value struct {
	Contacts []contact         `json:"contacts"`
	Messages []json.RawMessage `json:"messages"`
	Statuses []json.RawMessage `json:"statuses"`
	Echoes   []json.RawMessage `json:"message_echoes"`
}

type contact struct {
	Profile struct {
		Name string `json:"name"`
	} `json:"profile"`
	WaID   string `json:"wa_id"`
	UserID string `json:"user_id"`
}

type message struct {
	From       string `json:"from"`
	FromUserID string `json:"from_user_id"`
	To         string `json:"to"` // of an echo
	ToUserID   string `json:"to_user_id"`
	ID         string `json:"id"`
	Type       string `json:"type"`
	Timestamp  string `json:"timestamp"` // seconds since 1970

	Text struct {
		Body string `json:"body"`
	} `json:"text"`
	Interactive struct {
		Type        string `json:"type"`
		ButtonReply reply  `json:"button_reply"`
		ListReply   reply  `json:"list_reply"`
	} `json:"interactive"`
	Button struct {
		Payload string `json:"payload"`
		Text    string `json:"text"`
	} `json:"button"`
	Reaction struct {
		Emoji string `json:"emoji"`
	} `json:"reaction"`
}

type reply struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type media struct {
	ID      string `json:"id"`
	Caption string `json:"caption"`
}

type status struct {
	ID              string      `json:"id"`
	Status          string      `json:"status"`
	RecipientID     string      `json:"recipient_id"`
	RecipientUserID string      `json:"recipient_user_id"`
	Reference       string      `json:"biz_opaque_callback_data"`
	Errors          []wireError `json:"errors"`
}

type wireError struct {
	Code int `json:"code"`
	Data struct {
		Details string `json:"details"`
	} `json:"error_data"`
}
