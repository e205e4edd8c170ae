package understand

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/models"
)

// ErrNonsense refuses what a model made of a message: it names what the salon does not have, a day that is
// over, an option that was not shown, a name nobody wrote.
var ErrNonsense = errors.New("the model's meaning does not fit the message or the salon")

// modelMeaning is the shape a model fills. It holds codes and the customer's own words, never a price, a
// free time or a sentence.
type modelMeaning struct {
	Confidence   int             `json:"confidence"`
	Intents      []Intent        `json:"intents"`
	Language     models.Language `json:"language"`
	Services     []string        `json:"services"`
	Packs        []string        `json:"packs"`
	Stylists     []string        `json:"stylists"`
	NotStylists  []string        `json:"not_stylists"`
	AnyStylist   bool            `json:"any_stylist"`
	Earliest     bool            `json:"earliest"`
	Day          string          `json:"day"`
	DayTo        string          `json:"day_to"`
	AnyDay       bool            `json:"any_day"`
	Part         Part            `json:"part"`
	At           string          `json:"at"`
	NotBefore    string          `json:"not_before"`
	NotAfter     string          `json:"not_after"`
	Choice       int             `json:"choice"`
	OtherOptions bool            `json:"other_options"`
	Pack         bool            `json:"pack"`
	Single       bool            `json:"single"`
	Given        string          `json:"given_name"`
	Family       string          `json:"family_name"`
	FAQs         []string        `json:"faqs"`
	Person       string          `json:"person"`
	DelayMinutes int             `json:"delay_minutes"`
	SmallTalk    bool            `json:"small_talk"`
}

// unmoved are the intents of the rules that no model takes away: where the rules see one, it stands.
var unmoved = Intents{Health, Person, Stop, Start, SwitchLanguage, Complaint}

const (
	modelListMost = 12  // entries of a list
	modelDelay    = 600 // minutes
	modelAhead    = 366 // days
)

// Modelled is the meaning that a model found, after every value of it has been checked against the message
// and the vocabulary; rules is what the rules found, and stands where the schema does not ask. One value that does not fit refuses the whole
// (ErrNonsense): who invents one thing may have invented the rest.
func Modelled(raw json.RawMessage, in Input, rules Meaning) (Meaning, error) {
	var got modelMeaning
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil {
		return Meaning{}, ErrNonsense
	}
	m := rules.unmodelled()
	m.Confidence = got.Confidence
	fill := []func(modelMeaning, Input, *Meaning) bool{fillIntents, fillThings, fillDays, fillTimes, fillAnswers}
	for _, part := range fill {
		if !part(got, in, &m) {
			return Meaning{}, ErrNonsense
		}
	}
	for _, i := range rules.Intents {
		if unmoved.Has(i) && !m.Intents.Has(i) {
			m.Intents = append(m.Intents, i)
		}
	}
	if m.Intents.Has(Health) && m.HealthTopic == "" {
		m.HealthTopic = TopicContraindication
	}
	if m.Intents.Has(Undecided) && m.Indecision == 0 {
		m.Indecision = m.Confidence
	}
	order(m.Intents)
	m.Services = slices.DeleteFunc(slices.Clone(m.Services), m.unsettled)
	m.Unclear = m.silent()
	return m, nil
}

// unmodelled is a meaning without what a model is asked for. The rest stands as the rules read it: whom it is
// for, what leaves and what stays ("leave it as it is"), what a word may also mean.
func (m Meaning) unmodelled() Meaning {
	m.Intents, m.Main, m.Social = nil, "", false
	m.Services, m.Packs, m.Pack, m.Single = nil, nil, false, false
	m.Stylists, m.NotStylists, m.AnyStylist, m.Earliest = nil, nil, false, false
	m.Day, m.Days, m.AnyDay = nil, nil, false
	m.Part, m.At, m.NotBefore, m.NotAfter = AnyPart, nil, nil, nil
	m.Choice, m.OptionID, m.OtherOptions = 0, "", false
	m.Name, m.Person, m.FAQs, m.DelayMinutes = nil, "", nil, nil
	return m
}

// unsettled tells whether a service is one of several that a word of the message fits: that is asked, never
// guessed (S15).
func (m Meaning) unsettled(code string) bool {
	return slices.ContainsFunc(m.Ambiguous, func(codes []string) bool { return slices.Contains(codes, code) })
}

func fillIntents(got modelMeaning, _ Input, m *Meaning) bool {
	if got.Confidence < 0 || got.Confidence > 100 || len(got.Intents) > modelListMost {
		return false
	}
	for i, intent := range got.Intents {
		if !slices.Contains(allIntents, intent) {
			return false
		}
		if i == 0 {
			m.Main = intent
		}
		if !m.Intents.Has(intent) {
			m.Intents = append(m.Intents, intent)
		}
	}
	if got.Language != "" {
		if !slices.Contains(models.Languages(), got.Language) {
			return false
		}
		if !m.LanguageSure {
			m.Language = got.Language
		}
	}
	m.Social = got.SmallTalk
	return true
}

func fillThings(got modelMeaning, in Input, m *Meaning) bool {
	m.Services, m.Packs, m.Stylists, m.NotStylists, m.FAQs = got.Services, got.Packs, got.Stylists, got.NotStylists, got.FAQs
	m.AnyStylist, m.Earliest, m.Pack, m.Single = got.AnyStylist, got.Earliest, got.Pack, got.Single
	v := in.Vocabulary
	return all(got.Services, func(code string) bool { return has(v.Services, func(s Service) bool { return s.Code == code }) }) &&
		all(got.Packs, func(code string) bool { return has(v.Packs, func(p Pack) bool { return p.Code == code }) }) &&
		all(slices.Concat(got.Stylists, got.NotStylists), func(code string) bool {
			return has(v.Stylists, func(s Stylist) bool { return s.Code == code })
		}) &&
		all(got.FAQs, func(key string) bool { return has(v.FAQs, func(f FAQ) bool { return f.Key == key }) })
}

func all(list []string, known func(string) bool) bool {
	return len(list) <= modelListMost && !slices.ContainsFunc(list, func(s string) bool { return !known(s) })
}

func has[T any](list []T, is func(T) bool) bool { return slices.ContainsFunc(list, is) }

func fillDays(got modelMeaning, in Input, m *Meaning) bool {
	m.AnyDay = got.AnyDay
	if got.Day == "" {
		return got.DayTo == ""
	}
	from, ok := modelDay(got.Day, in.Now)
	if !ok {
		return false
	}
	if got.DayTo == "" || got.DayTo == got.Day {
		m.Day = &from
		return true
	}
	to, ok := modelDay(got.DayTo, in.Now)
	m.Days = &Days{From: from, To: to}
	return ok && from.Before(to)
}

// modelDay reads a day from today on, a year ahead at most.
func modelDay(text string, now time.Time) (Day, bool) {
	at, err := time.Parse(time.DateOnly, text)
	day, today := DayOf(at), DayOf(now)
	return day, err == nil && !day.Before(today) && !today.Plus(modelAhead).Before(day)
}

func fillTimes(got modelMeaning, _ Input, m *Meaning) bool {
	if !slices.Contains([]Part{AnyPart, Morning, Afternoon, Evening}, got.Part) {
		return false
	}
	m.Part = got.Part
	for _, t := range []struct {
		text string
		to   **int
	}{{got.At, &m.At}, {got.NotBefore, &m.NotBefore}, {got.NotAfter, &m.NotAfter}} {
		if t.text == "" {
			continue
		}
		at, err := time.Parse("15:04", t.text)
		if err != nil {
			return false
		}
		minute := at.Hour()*60 + at.Minute()
		*t.to = &minute
	}
	if got.DelayMinutes < 0 || got.DelayMinutes > modelDelay {
		return false
	}
	if got.DelayMinutes > 0 {
		m.DelayMinutes = &got.DelayMinutes
	}
	return true
}

// fillAnswers takes what answers our question: an option that was shown, a name that was written.
func fillAnswers(got modelMeaning, in Input, m *Meaning) bool {
	if got.Choice < 0 || got.Choice > len(in.Options) {
		return false
	}
	if m.Choice = got.Choice; m.Choice > 0 {
		m.OptionID = in.Options[m.Choice-1].ID
	}
	m.OtherOptions, m.Person = got.OtherOptions, got.Person
	if got.Given == "" && got.Family == "" {
		return len([]rune(got.Person)) <= maxNameRunes
	}
	name := PersonName{Given: strings.TrimSpace(got.Given), Family: strings.TrimSpace(got.Family)}
	m.Name = &name
	for _, word := range strings.Fields(name.Given + " " + name.Family) {
		if !strings.Contains(strings.ToLower(in.Text), strings.ToLower(word)) {
			return false
		}
	}
	return len([]rune(name.Given+name.Family)) <= 2*maxNameRunes
}

// ModelTool is the schema a model has to fill, with the codes of the vocabulary as its only values.
func ModelTool(v Vocabulary) (properties map[string]any, required []string) {
	words := func(list []string) map[string]any {
		return map[string]any{"type": "array", "items": map[string]any{"type": "string", "enum": list}}
	}
	var intents []string
	for _, i := range allIntents {
		intents = append(intents, string(i))
	}
	text, flag := map[string]any{"type": "string"}, map[string]any{"type": "boolean"}
	described := func(what string) map[string]any { return map[string]any{"type": "string", "description": what} }
	stylists := words(codesOf(v.Stylists, func(s Stylist) string { return s.Code }))
	return map[string]any{
		"confidence": map[string]any{"type": "integer", "minimum": 0, "maximum": 100},
		"intents":    words(intents), "language": map[string]any{"type": "string", "enum": models.Languages()},
		"services": words(codesOf(v.Services, func(s Service) string { return s.Code })),
		"packs":    words(codesOf(v.Packs, func(p Pack) string { return p.Code })),
		"stylists": stylists, "not_stylists": stylists, "any_stylist": flag, "earliest": flag,
		"day": described("YYYY-MM-DD"), "day_to": described("YYYY-MM-DD, last day when several would do"), "any_day": flag,
		"part": map[string]any{"type": "string", "enum": []Part{Morning, Afternoon, Evening}},
		"at":   described("HH:MM"), "not_before": described("HH:MM"), "not_after": described("HH:MM"),
		"choice":        map[string]any{"type": "integer", "description": "number of the option chosen, from 1"},
		"other_options": flag, "pack": flag, "single": flag, "given_name": text, "family_name": text,
		"faqs":          words(codesOf(v.FAQs, func(f FAQ) string { return f.Key })),
		"person":        described("whom a visit is for when not the writer, one English word"),
		"delay_minutes": map[string]any{"type": "integer"}, "small_talk": flag,
	}, []string{"confidence", "intents"}
}

func codesOf[T any](list []T, code func(T) string) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = code(e)
	}
	return out
}

// ModelSystem tells a model what the salon has names for and how to fill the tool. It is the same for every
// message while the salon stays as it is.
func ModelSystem(v Vocabulary) string {
	var b strings.Builder
	b.WriteString("You read WhatsApp messages to a beauty salon in English, Spanish or Arabic and fill the tool with what the customer means.\n" +
		"Use only the codes given. Leave out what was not said. Never add a time, day, service or name that the customer did not write.\n" +
		"The main intent comes first. Confidence is how sure you are of the whole, in percent.\n\nServices:\n")
	for _, s := range v.Services {
		fmt.Fprintf(&b, "%s (%s): %s\n", s.Code, s.Category, inAll(s.Names))
	}
	b.WriteString("Packs:\n")
	for _, p := range v.Packs {
		fmt.Fprintf(&b, "%s = %s: %s\n", p.Code, strings.Join(p.Services, " + "), inAll(p.Names))
	}
	b.WriteString("Stylists:\n")
	for _, s := range v.Stylists {
		fmt.Fprintf(&b, "%s: %s\n", s.Code, inAll(s.Names))
	}
	b.WriteString("Questions the salon has an answer for:\n")
	for _, f := range v.FAQs {
		b.WriteString(f.Key + "\n")
	}
	return b.String()
}

func inAll(t models.Text) string {
	var names []string
	for _, lang := range models.Languages() {
		names = append(names, t.In(lang))
	}
	return strings.Join(names, " / ")
}

// ModelText is one message with what is needed to read it: the days ahead, our question, the options shown,
// and what was said before.
func ModelText(in Input, before []string) string {
	var b strings.Builder
	b.WriteString("Days: ")
	for n, day := 0, DayOf(in.Now); n < 14; n, day = n+1, day.Plus(1) {
		fmt.Fprintf(&b, "%s %s; ", day.In(in.Now.Location()).Weekday().String()[:3], day)
	}
	fmt.Fprintf(&b, "the first is today, it is %s.\n", in.Now.Format("15:04"))
	if in.Expect != ExpectNone {
		fmt.Fprintf(&b, "We asked for: %s\n", in.Expect)
	}
	for i, o := range in.Options {
		fmt.Fprintf(&b, "Option %d: %s\n", i+1, o.Title)
	}
	if len(before) > 0 {
		b.WriteString("Before:\n" + strings.Join(before, "\n") + "\n")
	}
	b.WriteString("Message:\n" + clip(in.Text, maxRunes))
	return b.String()
}
