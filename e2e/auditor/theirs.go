package auditor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Theirs is what those keep whom the product deals with.
type Theirs struct {
	Phones    map[string][]Bubble // what each phone shows, oldest first
	Payments  []Payment
	Refunds   []Refund
	Events    []Event
	Calendars map[string][]Entry // by the stylist's code
	Told      Told
}

// Bubble is a message as a phone shows it.
type Bubble struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Direction string    `json:"direction"` // "in" from the customer, "out" to the customer
	Text      string    `json:"text"`
}

// Payment is a payment page of the provider, and what came in by it.
type Payment struct {
	Session  string `json:"session"`
	Intent   string `json:"intent"`
	Payment  string `json:"payment_id"`
	Received int64  `json:"received_minor"`
	Refunded int64  `json:"refunded_minor"`
}

// Refund is money that the provider sends back.
type Refund struct {
	ID     string `json:"id"`
	Intent string `json:"intent"`
	Refund string `json:"refund_id"`
	Status string `json:"status"`
	Amount int64  `json:"amount_minor"`
}

// Event is something that the provider told.
type Event struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// Entry is what stands in a calendar outside.
type Entry struct {
	ID string `json:"id"`
}

// Told is what callers of the API were answered: whoever heard that something stands relies on it.
type Told struct {
	Orders  []OrderTold
	Refunds []RefundTold
}

// OrderTold is an order that its buyer was told of.
type OrderTold struct {
	ID         string
	Number     string
	TotalMinor int64
	Canceled   bool // the buyer was told that it is canceled
}

// RefundTold is a refund that somebody of the salon was told of.
type RefundTold struct {
	ID          string
	AmountMinor int64
	Agreed      bool // a second person was told that it moves
}

// ReadTheirs asks the stand-ins' control interface for all they keep. Told is the caller's to fill.
func ReadTheirs(ctx context.Context, control string, stylists []string) (Theirs, error) {
	t := Theirs{Phones: map[string][]Bubble{}, Calendars: map[string][]Entry{}}
	var kept struct {
		Payments []Payment
		Refunds  []Refund
		Events   []Event
	}
	if err := read(ctx, control+"/control/money", &kept); err != nil {
		return t, err
	}
	t.Payments, t.Refunds, t.Events = kept.Payments, kept.Refunds, kept.Events
	var known struct{ Phones []string }
	if err := read(ctx, control+"/control/phones", &known); err != nil {
		return t, err
	}
	for _, phone := range known.Phones {
		var shown struct{ Messages []Bubble }
		if err := read(ctx, control+"/control/transcript?phone="+url.QueryEscape(phone), &shown); err != nil {
			return t, err
		}
		t.Phones[phone] = shown.Messages
	}
	for _, stylist := range stylists {
		var stands struct{ Entries []Entry }
		if err := read(ctx, control+"/control/calendar?stylist="+url.QueryEscape(stylist), &stands); err != nil {
			return t, err
		}
		t.Calendars[stylist] = stands.Entries
	}
	return t, nil
}

func read(ctx context.Context, from string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return fmt.Errorf("ask the stand-ins: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask the stand-ins: %w", err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("ask the stand-ins for %s: answered %d", req.URL.Path, res.StatusCode)
	}
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		return fmt.Errorf("read what the stand-ins keep: %w", err)
	}
	return nil
}
