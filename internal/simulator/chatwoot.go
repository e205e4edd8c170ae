package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/models"
)

// What Chatwoot calls the demo salon.
const (
	chatwootAccount = 1
	chatwootInbox   = 1
	chatwootBot     = "Frontdesk"
	chatwootAgent   = "Olga"
)

// chatwootStatuses are where a conversation can stand.
var chatwootStatuses = []string{"open", "resolved", "pending", "snoozed"}

// chatwoot is an account of Chatwoot with one inbox whose conversations an agent bot takes first: they
// start pending (H4). What is said to a customer reaches the same phone as WhatsApp does.
type chatwoot struct {
	cfg     Config
	clock   clock.Clock
	phones  *phones
	courier *courier
	journal *journal
	link    func(text string) string
	lastID  atomic.Int64 // of messages

	mu    sync.Mutex
	rooms map[string]string // status by phone
}

// keptRoom is a conversation's status in the journal.
const keptRoom = "chatwoot"

func newChatwoot(cfg Config, p *phones, c *courier, j *journal, link func(string) string) *chatwoot {
	a := &chatwoot{cfg: cfg, clock: cfg.Clock, phones: p, courier: c, journal: j, link: link, rooms: map[string]string{}}
	a.lastID.Store(cfg.Clock.Machine().UnixMicro()) // ids grow from run to run
	return a
}

func (a *chatwoot) restore(j *journal) error {
	return each(j, keptRoom, func(phone, status string) { a.rooms[phone] = status })
}

// forget makes it an account where nobody ever wrote.
func (a *chatwoot) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rooms = map[string]string{}
}

func (a *chatwoot) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /chatwoot/api/v1/accounts/{account}/conversations/{id}/messages", a.inRoom(a.create))
	mux.HandleFunc("POST /chatwoot/api/v1/accounts/{account}/conversations/{id}/toggle_status", a.inRoom(a.toggle))
	mux.HandleFunc("GET /chatwoot/api/v1/accounts/{account}/conversations/{id}", a.inRoom(func(w http.ResponseWriter, _ *http.Request, phone string) {
		writeJSON(w, http.StatusOK, a.conversation(phone))
	}))
	mux.HandleFunc("DELETE /chatwoot/api/v1/accounts/{account}/contacts/{id}", a.inRoom(a.remove))
	mux.HandleFunc("GET /chatwoot/api/v1/profile", a.profile)
	mux.HandleFunc("/chatwoot/", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusNotFound, map[string]string{"error": "Resource could not be found"})
	})
	return mux
}

// inRoom proves the caller and finds the conversation of a call.
func (a *chatwoot) inRoom(next func(w http.ResponseWriter, r *http.Request, phone string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !a.admits(w, r) {
			return
		}
		phone, known := a.phoneOf(r.PathValue("id"))
		if r.PathValue("account") != strconv.Itoa(chatwootAccount) || !known {
			writeJSON(w, http.StatusNotFound, map[string]string{"error": "Resource could not be found"})
			return
		}
		next(w, r, phone)
	}
}

// admits answers a caller without the bot's token.
func (a *chatwoot) admits(w http.ResponseWriter, r *http.Request) bool {
	token := r.Header.Get("api_access_token")
	if token == "" || a.cfg.ChatwootToken != "" && token != a.cfg.ChatwootToken {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "Invalid Access Token"})
		return false
	}
	return true
}

// profile refuses a bot, as Chatwoot does: only people have one.
func (a *chatwoot) profile(w http.ResponseWriter, r *http.Request) {
	if a.admits(w, r) {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "Access to this endpoint is not authorized for bots"})
	}
}

// roomID is the number of a phone's conversation.
func roomID(phone string) int64 {
	id, err := strconv.ParseInt(phone[max(0, len(phone)-10):], 10, 64)
	if err != nil {
		return 0 // a phone is digits
	}
	return id
}

func (a *chatwoot) phoneOf(id string) (phone string, known bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for phone := range a.rooms {
		if strconv.FormatInt(roomID(phone), 10) == id {
			return phone, true
		}
	}
	return "", false
}

// status is where a phone's conversation stands; one that is new is pending.
func (a *chatwoot) status(phone string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if status, known := a.rooms[phone]; known {
		return status
	}
	return ""
}

// set puts a conversation into a status and tells whether that is news.
func (a *chatwoot) set(phone, status string) (changed bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	changed = a.rooms[phone] != status
	a.rooms[phone] = status
	return changed, a.journal.put(keptRoom, phone, status)
}

// drop forgets a phone's conversation.
func (a *chatwoot) drop(phone string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.rooms, phone)
	return a.journal.drop(keptRoom, phone)
}

// chatwootSend is the body of POST …/messages.
type chatwootSend struct {
	Content     string `json:"content"`
	Kind        string `json:"message_type"`
	Private     bool   `json:"private"`
	ContentType string `json:"content_type"`
	Attributes  struct {
		Items []struct {
			Title string `json:"title"`
			Value string `json:"value"`
		} `json:"items"`
	} `json:"content_attributes"`
	Template *struct {
		Name     string `json:"name"`
		Language string `json:"language"`
	} `json:"template_params"`
}

// read refuses what Chatwoot's models refuse.
func (m chatwootSend) read() (reply Reply, refusal string) {
	reply = Reply{Type: "text", Text: m.Content}
	items := m.Attributes.Items
	switch {
	case strings.TrimSpace(m.Content) == "":
		return reply, "Validation failed: Content can't be blank"
	case len(m.Content) > 150_000:
		return reply, "Validation failed: Content is too long (maximum is 150000 characters)"
	case m.Kind != "" && m.Kind != "outgoing":
		return reply, "Incoming messages are only allowed in Api inboxes"
	case m.ContentType != "" && m.ContentType != "text" && m.ContentType != "input_select":
		return reply, "'" + m.ContentType + "' is not a valid content_type"
	case m.ContentType == "input_select" && len(items) == 0:
		return reply, "Validation failed: Content attributes At least one item is required."
	case m.Template != nil:
		reply.Type, reply.Template, reply.Lang = "template", m.Template.Name, m.Template.Language
		return reply, ""
	}
	for _, item := range items {
		if item.Title == "" || item.Value == "" {
			return reply, "Validation failed: Content attributes contains invalid keys for items : []"
		}
		reply.Buttons = append(reply.Buttons, Button{item.Value, item.Title})
		reply.Rows = append(reply.Rows, Row{ID: item.Value, Title: item.Title})
	}
	switch { // as a WhatsApp inbox shows choices
	case len(items) == 0:
	case len(items) <= 3:
		reply.Type, reply.Rows = "buttons", nil
	default:
		reply.Type, reply.Buttons = "list", nil
	}
	return reply, ""
}

// create takes a message of the bot for a customer and tells of it, as of every message.
func (a *chatwoot) create(w http.ResponseWriter, r *http.Request, phone string) {
	var m chatwootSend
	var raw struct {
		Attributes json.RawMessage `json:"content_attributes"`
	}
	body := http.MaxBytesReader(w, r.Body, providerBody)
	whole := json.RawMessage{}
	if json.NewDecoder(body).Decode(&whole) != nil || json.Unmarshal(whole, &m) != nil || json.Unmarshal(whole, &raw) != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "Error occurred while parsing request parameters"})
		return
	}
	reply, refusal := m.read()
	if refusal != "" {
		writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": refusal})
		return
	}
	id := a.lastID.Add(1)
	reply.ID, reply.URL = strconv.FormatInt(id, 10), a.link(reply.Text)
	last := a.phones.inbound(phone) // zero: an earlier run heard them, and when is forgotten
	refused := !m.Private && m.Template == nil && !last.IsZero() && a.clock.Now().Sub(last) >= window
	if !m.Private && !refused {
		a.phones.show(phone, "out", reply)
	}
	message := a.message(phone, id, "outgoing", reply.Text, map[string]any{"id": 1, "name": chatwootBot, "type": "agent_bot"})
	message["private"] = m.Private
	if len(raw.Attributes) > 0 {
		message["content_attributes"] = raw.Attributes
	}
	a.post("chatwoot:status:"+phone, message)
	if refused {
		a.post("chatwoot:status:"+phone, a.failed(message, whole))
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"id": id, "content": m.Content, "inbox_id": chatwootInbox, "conversation_id": roomID(phone), "message_type": 1,
		"content_type": "text", "content_attributes": message["content_attributes"], "private": m.Private, "created_at": a.clock.Now().Unix(),
	})
}

// failed is what is told when WhatsApp refuses a message that Chatwoot took: the 24 hours are over and it is no
// template.
func (a *chatwoot) failed(created map[string]any, sent json.RawMessage) map[string]any {
	var body struct {
		Attributes map[string]any `json:"content_attributes"`
	}
	_ = json.Unmarshal(sent, &body) // it was read before
	if body.Attributes == nil {
		body.Attributes = map[string]any{}
	}
	body.Attributes["external_error"] = "131047: Re-engagement message"
	event := maps.Clone(created)
	event["event"], event["content_attributes"] = "message_updated", body.Attributes
	room := maps.Clone(event["conversation"].(map[string]any))
	room["messages"] = []any{map[string]any{"id": event["id"], "message_type": 1, "status": "failed"}}
	event["conversation"] = room
	return event
}

// toggle sets a conversation's status.
func (a *chatwoot) toggle(w http.ResponseWriter, r *http.Request, phone string) {
	var in struct {
		Status string `json:"status"`
	}
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, providerBody)).Decode(&in) != nil || !slices.Contains(chatwootStatuses, in.Status) {
		writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": "'" + in.Status + "' is not a valid status"})
		return
	}
	if err := a.move(phone, in.Status); err != nil {
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "Something went wrong"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"meta": map[string]any{}, "payload": map[string]any{
		"success": true, "current_status": in.Status, "conversation_id": roomID(phone),
	}})
}

// remove deletes a contact and their conversation, whose numbers are the same here.
func (a *chatwoot) remove(w http.ResponseWriter, _ *http.Request, phone string) {
	if err := a.drop(phone); err != nil {
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "Something went wrong"})
		return
	}
	w.WriteHeader(http.StatusOK)
}

// move puts a conversation into a status and tells of it when that is news.
func (a *chatwoot) move(phone, status string) error {
	changed, err := a.set(phone, status)
	if err != nil || !changed {
		return err
	}
	event := a.conversation(phone)
	event["event"] = "conversation_status_changed"
	event["account"] = map[string]any{"id": chatwootAccount, "name": "Luma"}
	a.post("chatwoot:inbound:"+phone, event)
	return nil
}

// conversation is a phone's conversation as webhooks show it.
func (a *chatwoot) conversation(phone string) map[string]any {
	return map[string]any{
		"id": roomID(phone), "inbox_id": chatwootInbox, "status": a.status(phone), "channel": "Channel::Whatsapp", "can_reply": true,
		"contact_inbox": map[string]any{"id": roomID(phone), "inbox_id": chatwootInbox, "source_id": phone},
		"meta":          map[string]any{"sender": a.contact(phone)}, "updated_at": float64(a.clock.Machine().UnixMilli()) / 1000,
	}
}

func (a *chatwoot) contact(phone string) map[string]any {
	return map[string]any{"id": roomID(phone), "name": a.phones.profile(phone, ""), "phone_number": e164(phone), "type": "contact"}
}

// message is a message_created event.
func (a *chatwoot) message(phone string, id int64, kind, text string, sender map[string]any) map[string]any {
	return map[string]any{
		"event": "message_created", "id": id, "content": text, "message_type": kind, "content_type": "text", "private": false,
		"content_attributes": map[string]any{}, "created_at": a.clock.Now().UTC().Format(time.RFC3339), "source_id": nil, "sender": sender,
		"account": map[string]any{"id": chatwootAccount, "name": "Luma"}, "inbox": map[string]any{"id": chatwootInbox, "name": "WhatsApp"},
		"conversation": a.conversation(phone),
	}
}

// post hands a webhook to the courier. Every delivery has an id, the same when it is tried again (H1).
func (a *chatwoot) post(lane string, event map[string]any) {
	body, err := json.Marshal(event)
	if err == nil {
		err = a.courier.send(parcel{ID: models.NewID().String(), Service: "chatwoot", Lane: lane, Body: body})
	}
	if err != nil {
		a.cfg.Log.Error("a webhook could not be sent", "err", err)
	}
}

// chatwootSignature is X-Chatwoot-Signature: HMAC-SHA256 of "{timestamp}.{raw body}" (H1).
func chatwootSignature(secret, timestamp string, body []byte) string {
	return "sha256=" + hmacHex(secret, append([]byte(timestamp+"."), body...))
}

// chatwootHeaders are what a current version sends beside a webhook.
func (c *courier) chatwootHeaders(p parcel) map[string]string {
	timestamp := fmt.Sprint(c.cfg.Clock.Machine().Unix())
	return map[string]string{
		"X-Chatwoot-Timestamp": timestamp, "X-Chatwoot-Delivery": p.ID,
		"X-Chatwoot-Signature": chatwootSignature(c.cfg.ChatwootSecret, timestamp, p.Body),
	}
}
