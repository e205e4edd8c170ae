package chat

import (
	"context"
	"slices"
	"strings"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// Memory is what a conversation keeps of what was said, in meanings and never in the customer's words:
// those stand in the messages. Health is not kept at all; it stands on its case, where a person reads it.
type Memory struct {
	Messages  int     `json:"messages,omitempty"`  // of this conversation, either way, since it began or woke
	Condensed int     `json:"condensed,omitempty"` // how many of them were older when they were condensed last
	Gists     []Gist  `json:"gists,omitempty"`     // of what the summary does not speak of yet, oldest first
	Summary   Summary `json:"summary,omitzero"`
}

// Gist is what one message of the customer was about. At counts the messages up to it.
type Gist struct {
	At       int                `json:"at"`
	Time     time.Time          `json:"time"`
	Intents  understand.Intents `json:"intents,omitempty"`
	Services []string           `json:"services,omitempty"`
	Stylists []string           `json:"stylists,omitempty"`
	Day      *Date              `json:"day,omitempty"`
}

// Summary condenses the older part of a conversation. It is bounded by construction: each list
// keeps its newest entries.
type Summary struct {
	Since    time.Time          `json:"since"`
	Till     time.Time          `json:"till"`
	Turns    int                `json:"turns"` // of the customer
	Intents  understand.Intents `json:"intents,omitempty"`
	Services []string           `json:"services,omitempty"`
	Stylists []string           `json:"stylists,omitempty"`
	Day      *Date              `json:"day,omitempty"` // named last
}

// summaryKeeps is how many entries a list of a summary keeps.
const summaryKeeps = 8

// courtesies are the intents that nobody needs to remember.
var courtesies = understand.Intents{
	understand.Yes, understand.No, understand.Greeting, understand.Thanks, understand.Goodbye, understand.Correction, understand.Health,
}

// gist is what a message was about.
func gist(m understand.Meaning, now time.Time) Gist {
	g := Gist{Time: now, Services: slices.Concat(m.Services, m.Packs), Stylists: m.Stylists}
	for _, i := range m.Intents {
		if !courtesies.Has(i) {
			g.Intents = append(g.Intents, i)
		}
	}
	if m.Day != nil {
		g.Day = &Date{*m.Day}
	}
	return g
}

// heard adds what a turn heard and how many messages it added. What lies before the messages that are
// kept verbatim is condensed when P.memory's exchanges have gathered there: first after so many messages,
// then after so many exchanges, which are two messages each.
func (m Memory) heard(g Gist, messages int, p settings.Policies) Memory {
	m = m.grown(messages)
	g.At = m.Messages
	m.Gists = append(slices.Clone(m.Gists), g)
	older, due := m.Messages-p.MemoryMessages, p.MemoryExchanges
	if m.Condensed > 0 {
		due = m.Condensed + 2*p.MemoryExchanges
	}
	if older < due {
		return m
	}
	m.Condensed = older
	return m.condensed(older)
}

// grown counts messages that nobody has to understand: what we said on our own.
func (m Memory) grown(messages int) Memory {
	m.Messages += messages
	return m
}

// condensed takes every gist up to a message into the summary.
func (m Memory) condensed(upTo int) Memory {
	var rest []Gist
	for _, g := range m.Gists {
		if g.At > upTo {
			rest = append(rest, g)
			continue
		}
		m.Summary = m.Summary.with(g)
	}
	m.Gists = rest
	return m
}

// slept is the memory after a silence: all of it is older now.
func (m Memory) slept() Memory {
	return Memory{Summary: m.condensed(m.Messages).Summary}
}

// with is the summary with one more gist in it.
func (s Summary) with(g Gist) Summary {
	if s.Turns == 0 {
		s.Since = g.Time
	}
	s.Till, s.Turns = g.Time, s.Turns+1
	s.Intents = newest(s.Intents, g.Intents)
	s.Services = newest(s.Services, g.Services)
	s.Stylists = newest(s.Stylists, g.Stylists)
	if g.Day != nil {
		s.Day = g.Day
	}
	return s
}

// newest adds entries to a list, each once, at its newest place; the oldest fall out.
func newest[S ~[]E, E comparable](list, more S) S {
	out := slices.Clone(list)
	for _, e := range more {
		out = append(slices.DeleteFunc(out, func(o E) bool { return o == e }), e)
	}
	return out[max(0, len(out)-summaryKeeps):]
}

// Recollection is what is known of a conversation when somebody has to understand it: who reads it (a
// person, a model) gets no more than fits.
type Recollection struct {
	Summary  []string // lines in the language asked for; empty when everything is in Messages
	Since    time.Time
	Messages []models.Message // the last ones verbatim, oldest first
}

// recollectionTokens bounds a recollection.
const recollectionTokens = 10_000

// tokens is a cautious guess at what a text costs a model: letters outside ASCII cost one each.
func tokens(text string) int {
	n := 0
	for _, r := range text {
		if r < 0x80 {
			n++
		} else {
			n += 3
		}
	}
	return (n + 2) / 3
}

// Recollect is what is known of a conversation: the summary of its older part, in words, and its last
// messages. When that would be too much, the oldest messages stay out.
func (c *Clerk) Recollect(ctx context.Context, conv models.Conversation, lang models.Language) (Recollection, error) {
	_, s, err := c.salon(ctx)
	if err != nil {
		return Recollection{}, err
	}
	r := Recollection{}
	if r.Messages, err = c.Thread.Last(ctx, conv.ID, s.policies.MemoryMessages); err != nil {
		return r, err
	}
	memory := loadState(conv.State).Memory
	summary := memory.condensed(max(0, memory.Messages-s.policies.MemoryMessages)).Summary
	r.Since = summary.Since
	if r.Summary, err = c.inWords(s, lang, summary); err != nil {
		return r, err
	}
	r.fit(recollectionTokens)
	return r, nil
}

// fit leaves out the oldest messages until the rest is within the limit; the newest is always there,
// as far as it fits.
func (r *Recollection) fit(limit int) {
	left := limit - tokens(strings.Join(r.Summary, "\n"))
	for i, m := range slices.Backward(r.Messages) {
		cost := tokens(m.Content.Text)
		if cost <= left {
			left -= cost
			continue
		}
		if i == len(r.Messages)-1 {
			r.Messages[i].Content.Text, r.Messages[i].Content.Cut = firstTokens(m.Content.Text, left), true
			i--
		}
		r.Messages = r.Messages[i+1:]
		return
	}
}

// firstTokens is as much of a text as the limit allows.
func firstTokens(text string, limit int) string {
	runes := []rune(text)
	for len(runes) > 0 && tokens(string(runes)) > limit {
		runes = runes[:len(runes)/2]
	}
	return string(runes)
}

// inWords puts a summary into words; nil when there is nothing to say.
func (c *Clerk) inWords(s salon, lang models.Language, summary Summary) ([]string, error) {
	if summary.Turns == 0 {
		return nil, nil
	}
	d := &dialogue{f: Facts{Menu: s.menu, Now: c.Clock.Now().In(s.policies.Zone())}, lang: lang}
	w := speaker{texts: s.texts, lang: lang, arabic: s.policies.ArabicDigits}
	var out []string
	for _, line := range d.remembered(summary) {
		text, err := w.line(line)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

// remembered are the lines of a summary: what it was about, which services, with whom, which day.
func (d *dialogue) remembered(s Summary) []Line {
	var lines []Line
	var about []Line
	for _, i := range s.Intents {
		about = append(about, say("intent."+string(i), nil))
	}
	if len(about) > 0 {
		lines = append(lines, say("memory.about", i18n.Facts{"What": about}))
	}
	if names := d.names(s.Services); names != "" {
		lines = append(lines, say("memory.services", i18n.Facts{"What": names}))
	}
	var people []string
	for _, code := range s.Stylists {
		for _, st := range d.f.Menu.Stylists {
			if st.Code == code {
				people = append(people, st.Names.In(d.lang))
			}
		}
	}
	if len(people) > 0 {
		lines = append(lines, say("memory.stylists", i18n.Facts{"What": strings.Join(people, comma(d.lang))}))
	}
	if s.Day != nil {
		lines = append(lines, say("memory.day", i18n.Facts{"Day": i18n.Day(d.lang, s.Day.In(d.f.Now.Location()))}))
	}
	return lines
}
