package harness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Reply is a message as the customer's phone shows it.
type Reply struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Direction string    `json:"direction"`
	Type      string    `json:"type"`
	Text      string    `json:"text"`
	Buttons   []struct{ ID, Title string }
	Rows      []struct{ ID, Title, Description string }
	URL       string `json:"url"`
	Template  string `json:"template"`
	Lang      string `json:"lang"`
}

// Whole is everything the customer can read of a reply, options included.
func (r Reply) Whole() string {
	parts := []string{r.Text}
	for _, b := range r.Buttons {
		parts = append(parts, b.Title)
	}
	for _, row := range r.Rows {
		parts = append(parts, row.Title, row.Description)
	}
	return strings.Join(parts, "\n")
}

// Said joins what several replies say.
func Said(replies []Reply) string {
	var parts []string
	for _, r := range replies {
		parts = append(parts, r.Whole())
	}
	return strings.Join(parts, "\n")
}

// State is what the product believes about a customer.
type State struct {
	Customer *struct {
		Name, Surname, Language, Phone string
	} `json:"customer"`
	HumanMode    bool                                           `json:"human_mode"`
	Appointments []Visit                                        `json:"appointments"`
	Cases        []struct{ ID, Reason, Status, Summary string } `json:"cases"`
}

// Visit is an appointment as the product believes it.
type Visit struct {
	ID            string     `json:"id"`
	Status        string     `json:"status"`
	Services      []string   `json:"services"`
	Pack          string     `json:"pack"`
	Stylist       string     `json:"stylist"`
	StartsAt      time.Time  `json:"starts_at"`
	EndsAt        time.Time  `json:"ends_at"`
	ForName       string     `json:"for_name"`
	GroupID       string     `json:"group_id"`
	TotalMinor    int64      `json:"total_minor"`
	DepositMinor  int64      `json:"deposit_minor"`
	DepositState  string     `json:"deposit_state"`
	HoldExpiresAt *time.Time `json:"hold_expires_at"`
}

// answer is what say and pay return.
type answer struct {
	MessageID string   `json:"message_id"`
	EventIDs  []string `json:"event_ids"`
	Replies   []Reply  `json:"replies"`
	Done      bool     `json:"done"`
}

// Control posts to the control interface; a status other than 200 is an error.
func (a *App) Control(path string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	res, err := http.Post(a.SimURL+"/control/"+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %d %s", path, res.StatusCode, got)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(got, into)
}

func (a *App) control(path string, body, into any) {
	a.t.Helper()
	if err := a.Control(path, body, into); err != nil {
		a.t.Fatalf("control: %v", err)
	}
}

// waitMS is long enough for a slow and busy machine; an answer comes as soon as it is there.
const waitMS = int64(Patience / time.Millisecond)

// Say sends what a customer wrote and returns what came back.
func (a *App) Say(from, text string) []Reply {
	a.t.Helper()
	return a.send(map[string]any{"from": from, "text": text})
}

// SayAs sends a text under a profile name.
func (a *App) SayAs(from, name, text string) []Reply {
	a.t.Helper()
	return a.send(map[string]any{"from": from, "name": name, "text": text})
}

// Photograph sends a picture and returns what came back.
func (a *App) Photograph(from, mime string, file []byte) []Reply {
	a.t.Helper()
	return a.send(map[string]any{"from": from, "media": map[string]any{"type": "image", "mime": mime, "base64": file}})
}

// Tell sends a text and waits for nothing.
func (a *App) Tell(from, text string) {
	a.t.Helper()
	a.control("say", map[string]any{"from": from, "text": text, "wait_ms": 1}, nil)
}

// Fault lets a provider misbehave, or be well again with "ok".
func (a *App) Fault(service, mode string) {
	a.t.Helper()
	a.control("fault", map[string]any{"service": service, "mode": mode}, nil)
}

// Tap presses a button, or chooses a list row, of a message.
func (a *App) Tap(from string, r Reply, title string) []Reply {
	a.t.Helper()
	for _, b := range r.Buttons {
		if strings.Contains(b.Title, title) {
			return a.send(map[string]any{"from": from, "button": b.ID})
		}
	}
	for _, row := range r.Rows {
		if strings.Contains(row.Title, title) || strings.Contains(row.Description, title) {
			return a.send(map[string]any{"from": from, "list": row.ID})
		}
	}
	a.t.Fatalf("no option %q in %+v", title, r)
	return nil
}

func (a *App) send(body map[string]any) []Reply {
	a.t.Helper()
	body["wait_ms"] = waitMS
	var got answer
	a.control("say", body, &got)
	if !got.Done {
		a.t.Fatalf("no end to %v within %d ms; so far: %s", body, waitMS, Said(got.Replies))
	}
	return got.Replies
}

// Pay pays, declines or expires a payment link and returns what the payer's phone received.
func (a *App) Pay(link, outcome string, copies int) []Reply {
	a.t.Helper()
	var got answer
	a.control("pay", map[string]any{"url": link, "outcome": outcome, "copies": copies, "wait_ms": waitMS}, &got)
	return got.Replies
}

// Given puts the demo salon into a scenario's start and returns the customer's phone.
func (a *App) Given(scenario, lang string) (phone string, now time.Time) {
	a.t.Helper()
	var got struct {
		Phone string    `json:"phone"`
		Now   time.Time `json:"now"`
	}
	a.control("given", map[string]any{"scenario": scenario, "lang": lang}, &got)
	return got.Phone, got.Now
}

// Advance moves business time on; what has become due is done when it returns.
func (a *App) Advance(d time.Duration) {
	a.t.Helper()
	a.control("clock", map[string]any{"advance": d.String()}, nil)
}

// Settle waits until no job is due or running.
func (a *App) Settle() {
	a.t.Helper()
	var got struct {
		Idle    bool `json:"idle"`
		Pending int  `json:"pending"`
	}
	a.control("settle", map[string]any{"timeout_ms": waitMS}, &got)
	if !got.Idle {
		a.t.Fatalf("%d jobs still pending", got.Pending)
	}
}

// State reads what the product believes about a phone.
func (a *App) State(phone string) State {
	a.t.Helper()
	var got State
	a.read("state", phone, &got)
	return got
}

// Transcript reads all messages of a phone in the order it saw them.
func (a *App) Transcript(phone string) []Reply {
	a.t.Helper()
	var got struct{ Messages []Reply }
	a.read("transcript", phone, &got)
	return got.Messages
}

// Received are the texts a phone received, oldest first.
func (a *App) Received(phone string) []string {
	a.t.Helper()
	var texts []string
	for _, m := range a.Transcript(phone) {
		if m.Direction == "out" {
			texts = append(texts, m.Whole())
		}
	}
	return texts
}

func (a *App) read(path, phone string, into any) {
	a.t.Helper()
	a.get("/control/"+path+"?phone="+url.QueryEscape(phone), into)
}

// get reads something of the control interface.
func (a *App) get(path string, into any) {
	a.t.Helper()
	res, err := http.Get(a.SimURL + path)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	if res.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(res.Body)
		a.t.Fatalf("%s: %d %s", path, res.StatusCode, body)
	}
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		a.t.Fatal(err)
	}
}

// Link is the payment link of the last reply that carries one.
func Link(replies []Reply) string {
	for i := len(replies) - 1; i >= 0; i-- {
		if replies[i].URL != "" && !strings.HasSuffix(replies[i].URL, "/privacy") {
			return replies[i].URL
		}
	}
	return ""
}

// SendPhoto sends a picture and returns what came back.
func (a *App) SendPhoto(from string, picture []byte) []Reply {
	a.t.Helper()
	return a.send(map[string]any{"from": from, "media": map[string]any{"type": "image", "mime": "image/jpeg", "base64": picture}})
}
