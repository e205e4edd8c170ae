package simulator

import (
	"slices"
	"strings"
	"sync"
	"time"

	"frontdesk/internal/clock"
)

// transcriptLimit is how many bubbles of one phone are remembered.
const transcriptLimit = 2000

// Reply is a bubble as the phone shows it.
type Reply struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"` // text, image, buttons, list or template; inbound also button, list_reply and media kinds
	Text     string   `json:"text"`
	Footer   string   `json:"footer,omitempty"` // of a template
	Buttons  []Button `json:"buttons,omitempty"`
	Rows     []Row    `json:"rows,omitempty"`
	URL      string   `json:"url,omitempty"`
	Template string   `json:"template,omitempty"`
	Lang     string   `json:"lang,omitempty"` // of a template
}

// Button is a reply button.
type Button struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Row is a line of a list.
type Row struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// Bubble is one entry of a transcript.
type Bubble struct {
	At        time.Time `json:"at"`        // business time
	Direction string    `json:"direction"` // "in" from the customer, "out" to the customer
	Reply
}

// phones are the handsets: what each of them saw, in memory only, and what WhatsApp knows of it.
// A phone is named by its digits, as Meta names it (wa_id).
type phones struct {
	clock clock.Clock
	mu    sync.Mutex
	all   map[string]*phone
}

type phone struct {
	name        string // profile name last used or given
	lastInbound time.Time
	bubbles     []Bubble
	dropped     int // bubbles beyond the limit
}

func newPhones(c clock.Clock) *phones { return &phones{clock: c, all: map[string]*phone{}} }

// waID is the digits of a phone number however it was written.
func waID(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}

// e164 is how the product names a phone.
func e164(waID string) string { return "+" + waID }

func (p *phones) of(id string) *phone {
	one, ok := p.all[id]
	if !ok {
		one = &phone{}
		p.all[id] = one
	}
	return one
}

// show appends a bubble to what a phone saw and returns the position before it.
func (p *phones) show(id, direction string, r Reply) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.of(id)
	now := p.clock.Now()
	if direction == "in" {
		one.lastInbound = now
	}
	at := one.dropped + len(one.bubbles)
	one.bubbles = append(one.bubbles, Bubble{now, direction, r})
	if extra := len(one.bubbles) - transcriptLimit; extra > 0 {
		one.bubbles = slices.Delete(one.bubbles, 0, extra)
		one.dropped += extra
	}
	return at
}

// position is where the transcript of a phone ends now.
func (p *phones) position(id string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.of(id)
	return one.dropped + len(one.bubbles)
}

// repliesSince are the outbound bubbles after a position.
func (p *phones) repliesSince(id string, position int) []Reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.of(id)
	replies := []Reply{}
	for _, b := range one.bubbles[min(len(one.bubbles), max(0, position-one.dropped)):] {
		if b.Direction == "out" {
			replies = append(replies, b.Reply)
		}
	}
	return replies
}

// transcript is all a phone saw.
func (p *phones) transcript(id string) []Bubble {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one, ok := p.all[id]; ok && one.bubbles != nil {
		return slices.Clone(one.bubbles)
	}
	return []Bubble{}
}

// profile is the name last used or given for a phone; a non-empty name replaces it.
func (p *phones) profile(id, name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.of(id)
	if name != "" {
		one.name = name
	}
	return one.name
}

// offered finds the last bubble of a phone that offers a button or row, and that option. A tap on
// something never offered, or cleared away, is still possible: a forged one has its id as title.
func (p *phones) offered(id, option string) (from Bubble, row Row) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.of(id)
	for _, b := range slices.Backward(one.bubbles) {
		if b.Direction != "out" {
			continue
		}
		for _, button := range b.Buttons {
			if button.ID == option {
				return b, Row{ID: option, Title: button.Title}
			}
		}
		for _, row := range b.Rows {
			if row.ID == option {
				return b, row
			}
		}
	}
	return Bubble{}, Row{ID: option, Title: option}
}

// inbound is when the phone last wrote, in business time; zero when we saw nothing.
func (p *phones) inbound(id string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.of(id).lastInbound
}

// clearTranscripts empties what the phones saw; names and windows stay.
func (p *phones) clearTranscripts() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range p.all {
		one.bubbles, one.dropped = nil, 0
	}
}

// forget makes every phone new.
func (p *phones) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = map[string]*phone{}
}
