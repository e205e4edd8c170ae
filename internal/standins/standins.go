// Package standins speaks to the stand-ins' control interface over HTTP, as any script would: it plays
// customers and payers, moves business time, breaks providers, and reads what came of it. It owns the wire
// types of that interface and nothing else. It knows neither the stand-ins' code nor the product's rules,
// and it never logs: what passes through it are people's words.
package standins

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// How long a call may take, in machine time. What waits for the product's jobs is given longer than the
// stand-ins themselves wait.
const (
	ReadWithin   = 3 * time.Second
	PlayWithin   = 8 * time.Second
	SettleWithin = 45 * time.Second
)

// replyWithin is how long the stand-ins hold a play back for what the product answers to it.
const replyWithin = 1500 * time.Millisecond

// answerLimit is the longest answer that is read.
const answerLimit = 16 << 20

// ErrAway tells that nobody answers there, or not in time.
var ErrAway = errors.New("the stand-ins are away")

// Refusal is what the stand-ins do not do, in their own words (English).
type Refusal struct {
	Words  string
	Status int // as HTTP has it
}

// Error is the words.
func (r *Refusal) Error() string { return r.Words }

// Client reaches the stand-ins at one address.
type Client struct {
	base string
	http *http.Client
}

// New makes a client; with an empty address the stand-ins are always away.
func New(base string) *Client {
	return &Client{base: base, http: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Person is who a scenario is about, and when it begins.
type Person struct {
	Phone string    `json:"phone"` // E.164
	Name  string    `json:"name"`
	Now   time.Time `json:"now"` // where business time stands
}

// Given puts the demo salon into the beginning of a scenario, which removes every simulated customer. lang
// is the stored language of a returning customer.
func (c *Client) Given(ctx context.Context, scenario, lang string) (Person, error) {
	var p Person
	err := c.post(ctx, SettleWithin, "given", map[string]string{"scenario": scenario, "lang": lang}, &p)
	return p, err
}

// Say is one thing a customer does with a phone: exactly one of the four.
type Say struct {
	From   string `json:"from"`
	Name   string `json:"name,omitempty"` // the profile's; empty: the one last used
	Text   string `json:"text,omitempty"`
	Button string `json:"button,omitempty"`
	Row    string `json:"list,omitempty"`
	Media  *Media `json:"media,omitempty"`
}

// Media is a file a customer sends.
type Media struct {
	Type    string `json:"type"`
	Mime    string `json:"mime"`
	Caption string `json:"caption,omitempty"`
	Body    []byte `json:"base64"`
}

// Say writes or taps, and waits a moment for what is answered.
func (c *Client) Say(ctx context.Context, in Say) error {
	body := struct {
		Say
		Wait int64 `json:"wait_ms"`
	}{in, replyWithin.Milliseconds()}
	return c.post(ctx, PlayWithin, "say", body, nil)
}

// Pay plays what becomes of a payment link: "paid", "declined" or "expired".
func (c *Client) Pay(ctx context.Context, link, outcome string) error {
	body := map[string]any{"url": link, "outcome": outcome, "wait_ms": replyWithin.Milliseconds()}
	return c.post(ctx, PlayWithin, "pay", body, nil)
}

// Stop puts business time at a moment for every process, and runs what has become due.
func (c *Client) Stop(ctx context.Context, at time.Time) error {
	return c.post(ctx, SettleWithin, "clock", map[string]any{"now": at.Format(time.RFC3339)}, nil)
}

// Advance moves business time on and stops it there.
func (c *Client) Advance(ctx context.Context, by time.Duration) error {
	return c.post(ctx, SettleWithin, "clock", map[string]any{"advance": by.String()}, nil)
}

// Follow lets business time follow the machine again.
func (c *Client) Follow(ctx context.Context) error {
	return c.post(ctx, SettleWithin, "clock", map[string]any{"reset": true}, nil)
}

// Fault is how a service misbehaves.
type Fault struct {
	Service string     `json:"service"`
	Mode    string     `json:"mode"`
	Until   *time.Time `json:"until,omitempty"` // machine time; nil: until mended
}

// Break lets a service misbehave for a time; zero: until it is mended. Mode "ok" mends it.
func (c *Client) Break(ctx context.Context, service, mode string, last time.Duration) error {
	body := map[string]string{"service": service, "mode": mode}
	if last > 0 {
		body["for"] = last.String()
	}
	return c.post(ctx, PlayWithin, "fault", body, nil)
}

// Faults are the services that misbehave now.
func (c *Client) Faults(ctx context.Context) ([]Fault, error) {
	var answer struct {
		Faults []Fault `json:"faults"`
	}
	err := c.get(ctx, "fault", nil, &answer)
	return answer.Faults, err
}

// Bubble is one line of what a phone shows.
type Bubble struct {
	At        time.Time `json:"at"`        // business time
	Direction string    `json:"direction"` // "in" from the customer, "out" to the customer
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	Text      string    `json:"text"`
	Footer    string    `json:"footer"`
	Buttons   []Option  `json:"buttons"`
	Rows      []Option  `json:"rows"`
	URL       string    `json:"url"`
	Template  string    `json:"template"`
}

// Option is a button or a row of a list.
type Option struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

// Transcript is what a phone shows, oldest first.
func (c *Client) Transcript(ctx context.Context, phone string) ([]Bubble, error) {
	var answer struct {
		Messages []Bubble `json:"messages"`
	}
	err := c.get(ctx, "transcript", url.Values{"phone": {phone}}, &answer)
	return answer.Messages, err
}

// Request is one the stand-ins received from the product.
type Request struct {
	At      time.Time       `json:"at"` // machine time
	Service string          `json:"service"`
	Method  string          `json:"method"`
	Path    string          `json:"path"`
	Status  int             `json:"status"` // 0: no answer was given
	Body    json.RawMessage `json:"body"`
}

// Requests are the newest, newest first.
func (c *Client) Requests(ctx context.Context, most int) ([]Request, error) {
	var answer struct {
		Requests []Request `json:"requests"`
	}
	err := c.get(ctx, "outbox", url.Values{"limit": {strconv.Itoa(most)}}, &answer)
	return answer.Requests, err
}

// State is what the product believes about a customer.
type State struct {
	Customer *struct {
		Name     string `json:"name"`
		Surname  string `json:"surname"`
		Language string `json:"language"`
	} `json:"customer"`
	HumanMode    bool    `json:"human_mode"`
	Appointments []Visit `json:"appointments"`
	Cases        []Case  `json:"cases"`
}

// Visit is an appointment of the customer, or one they booked.
type Visit struct {
	ID            string     `json:"id"`
	Status        string     `json:"status"`
	Services      []string   `json:"services"` // codes
	Pack          string     `json:"pack"`     // code
	Stylist       string     `json:"stylist"`
	StartsAt      time.Time  `json:"starts_at"`
	EndsAt        time.Time  `json:"ends_at"`
	ForName       string     `json:"for_name"`
	TotalMinor    int64      `json:"total_minor"`
	DepositMinor  int64      `json:"deposit_minor"`
	DepositState  string     `json:"deposit_state"`
	HoldExpiresAt *time.Time `json:"hold_expires_at"`
}

// Case is a hand-off to the salon's people.
type Case struct {
	ID      string `json:"id"`
	Reason  string `json:"reason"`
	Status  string `json:"status"`
	Summary string `json:"summary"`
}

// State reads it for a phone.
func (c *Client) State(ctx context.Context, phone string) (State, error) {
	var state State
	err := c.get(ctx, "state", url.Values{"phone": {phone}}, &state)
	return state, err
}

func (c *Client) get(ctx context.Context, call string, query url.Values, into any) error {
	return c.do(ctx, ReadWithin, http.MethodGet, call+"?"+query.Encode(), nil, into)
}

func (c *Client) post(ctx context.Context, within time.Duration, call string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("write %s for the stand-ins: %w", call, err)
	}
	return c.do(ctx, within, http.MethodPost, call, raw, into)
}

// do makes a call. Neither the address nor the body stands in an error: both may hold a phone's number.
func (c *Client) do(ctx context.Context, within time.Duration, method, call string, body []byte, into any) error {
	if c.base == "" {
		return ErrAway
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/control/"+call, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("the address of the stand-ins cannot be read: %w", ErrAway)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return ErrAway
	}
	defer res.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil {
		return ErrAway
	}
	if res.StatusCode != http.StatusOK {
		return refused(res.StatusCode, raw)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("the stand-ins answer what cannot be read: %w", ErrAway)
	}
	return nil
}

func refused(status int, raw []byte) error {
	var answer struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(raw, &answer) != nil {
		return ErrAway // somebody else answers there
	}
	return &Refusal{cmp.Or(answer.Error, http.StatusText(status)), status}
}
