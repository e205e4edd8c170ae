package simulator

import (
	"slices"
	"strconv"
	"strings"
)

// receive is a customer who writes by way of Chatwoot: their phone shows it, and its webhook is sent. A tap
// arrives as the words that were tapped, as Chatwoot's WhatsApp inbox makes of it. It returns the id of the
// event and where the transcript stood before it.
func (a *chatwoot) receive(in inbound) (id string, position int, err error) {
	number := a.lastID.Add(1)
	if in.MessageID != "" {
		digits := strings.TrimPrefix(in.MessageID, eventID(0)[:len(eventID(0))-1]) // as an earlier answer named it
		if number, err = strconv.ParseInt(digits, 10, 64); err != nil || number <= 0 {
			return "", 0, badRequest("message_id must be a whole number; Chatwoot's are")
		}
	}
	a.phones.profile(in.From, in.Name)
	if status := a.status(in.From); status == "" || status == "resolved" { // the bot takes it first
		if _, err := a.set(in.From, "pending"); err != nil {
			return "", 0, err
		}
	}
	shown := Reply{ID: strconv.FormatInt(number, 10), Type: "text", Text: in.Text}
	message := a.message(in.From, number, "incoming", in.Text, a.contact(in.From))
	switch {
	case in.Button != "" || in.List != "":
		_, option := a.phones.offered(in.From, in.Button+in.List)
		shown.Type, shown.Text = "button", option.Title
		message["content"] = option.Title
	case in.Media != nil:
		shown.Type, shown.Text = in.Media.Type, in.Media.Caption
		message["content"] = in.Media.Caption
		message["attachments"] = []any{map[string]any{"id": number, "file_type": in.Media.Type, "data_url": ""}}
	}
	position = a.phones.show(in.From, "in", shown)
	a.post("chatwoot:inbound:"+in.From, message)
	return eventID(number), position, nil
}

// eventID is the id under which the product keeps an event about a message.
func eventID(message int64) string {
	return "chatwoot:" + strconv.Itoa(chatwootAccount) + ":" + strconv.FormatInt(message, 10)
}

// answer is a person who answers a customer in Chatwoot.
func (a *chatwoot) answer(phone, text string) (id string, position int, err error) {
	if a.status(phone) == "" {
		return "", 0, badRequest("nobody with that phone has written by way of Chatwoot")
	}
	number := a.lastID.Add(1)
	position = a.phones.show(phone, "out", Reply{ID: strconv.FormatInt(number, 10), Type: "text", Text: text, URL: a.link(text)})
	a.post("chatwoot:inbound:"+phone, a.message(phone, number, "outgoing", text, map[string]any{
		"id": 7, "name": chatwootAgent, "email": "olga@luma.example", "type": "user",
	}))
	return eventID(number), position, nil
}

// leave is a person who sets a conversation's status in Chatwoot.
func (a *chatwoot) leave(phone, status string) error {
	switch {
	case !slices.Contains(chatwootStatuses, status):
		return badRequest("status must be one of " + strings.Join(chatwootStatuses, ", "))
	case a.status(phone) == "":
		return badRequest("nobody with that phone has written by way of Chatwoot")
	}
	return a.move(phone, status)
}
