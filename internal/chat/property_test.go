package chat

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/content"
	"frontdesk/models"
)

// walk is a conversation of random turns against a made-up diary: whatever a customer may mean in
// whatever state, what is said keeps the rules of speech.
type walk struct {
	t       *testing.T
	rng     *rand.Rand
	f       Facts
	lang    models.Language
	texts   content.Texts
	state   State
	trail   []string
	stopped bool // staff have the conversation
}

// Every number a customer reads is a fact handed to its text in that turn; texts stay short, nothing
// is left unfilled, and every shape is within WhatsApp's limits.
func TestWhatIsSaidKeepsTheRules(t *testing.T) {
	house := openHouse(t, "2026-10-06 10:00")
	_, salon, err := house.salon(house.ctx)
	if err != nil {
		t.Fatal(err)
	}
	base := Facts{
		Now: house.Clock.Now().In(house.zone), Policies: salon.policies, Menu: salon.menu, FAQs: salon.faqs, Hours: salon.hours,
		PrivacyURL: "https://luma.test/privacy",
	}
	for _, lang := range models.Languages() {
		for seed := range uint64(400) {
			w := &walk{t: t, rng: rand.New(rand.NewPCG(seed, 7)), f: base, lang: lang, texts: salon.texts}
			w.f.Profile = []string{"Noor", "🌙", "María José"}[seed%3]
			if seed%4 == 0 {
				w.f = maya(w.f)
			}
			if seed%8 == 0 {
				w.booked()
			}
			for turn := 0; turn < 14 && !w.stopped; turn++ {
				w.turn()
			}
			if t.Failed() {
				t.Fatalf("%s, seed %d: %s", lang, seed, strings.Join(w.trail, "\n"))
			}
		}
	}
}

func (w *walk) turn() {
	m := w.meaning()
	w.trail = append(w.trail, fmt.Sprintf("%s: %+v", w.state.Stage, m))
	pending := []Event{{Heard: &Heard{models.Content{Kind: models.KindText, Text: "words"}, m}}}
	if w.f.Hold != nil && w.rng.IntN(4) == 0 {
		pending = []Event{{Told: w.told()}}
	}
	if len(w.f.Visits) > 0 && w.rng.IntN(4) == 0 {
		v := w.f.Visits[0]
		pending = []Event{{Told: &Told{Event: TellReminder, Key: "key", Visit: v}}}
	}
	if len(w.f.Visits) > 0 && w.state.Change != nil && w.rng.IntN(12) == 0 {
		w.f.Visits = nil // the salon ended it meanwhile
	}
	w.f.Near = w.f.Visits
	bubbles := 0
	for rounds := 0; len(pending) > 0; rounds++ {
		if rounds == maxRounds {
			w.t.Errorf("Step does not come to rest")
			return
		}
		event := pending[0]
		event.Facts, event.Language = w.f, w.lang
		before := w.state
		var actions []Action
		w.state, actions = Step(w.state, event)
		if again, repeat := Step(before, event); !reflect.DeepEqual(again, w.state) || !reflect.DeepEqual(repeat, actions) {
			w.t.Error("Step is not pure")
		}
		pending = pending[1:]
		for _, a := range actions {
			if s, ok := a.(Say); ok {
				bubbles++
				w.check(s)
				continue
			}
			if next := w.do(a); next != nil {
				pending = append(pending, *next)
			}
		}
	}
	if bubbles > 3 {
		w.t.Errorf("%d bubbles in one turn", bubbles)
	}
	if bubbles == 0 && !w.stopped && w.state.Stage != StageOpen && m.HealthTopic == "" && pending == nil {
		w.t.Errorf("nothing was said in stage %q", w.state.Stage)
	}
}

// do plays the world.
func (w *walk) do(a Action) *Event {
	switch a := a.(type) {
	case Register:
		w.f.Customer = &models.Customer{ID: models.NewID(), Name: a.Name, Surname: a.Surname}
	case SetName:
		w.f.Customer.Name = a.Name
	case SetSurname:
		w.f.Customer.Surname = a.Surname
	case HandOff:
		w.stopped = true
		for _, line := range a.Summary {
			if _, err := (speaker{texts: w.texts, lang: w.lang}).line(line); err != nil {
				w.t.Errorf("summary: %v", err)
			}
		}
	case FindSlots:
		return &Event{Found: &Found{a.Why, a.Query, w.slots(a.Query)}}
	case Hold:
		if w.rng.IntN(4) == 0 {
			reasons := []string{"booking.slot_taken", "booking.too_soon", "booking.closed", "booking.unknown_service"}
			return &Event{Held: &Held{Fault: reasons[w.rng.IntN(len(reasons))]}}
		}
		until := w.f.Now.Add(30 * time.Minute)
		v := models.Appointment{
			ID: models.NewID(), StylistID: a.Slot.StylistID, StartsAt: a.Slot.Start, EndsAt: a.Slot.End, Status: models.Provisional,
			TotalMinor: 8000, DepositMinor: 1600, Currency: "EUR", DepositState: models.DepositPending, HoldExpiresAt: &until,
			Terms: models.Terms{DepositPercent: 20, HoldMinutes: 30, CancelRefundHours: 24, CancelStaffOnlyHours: 6}, PackID: a.PackID,
		}
		for _, id := range a.Services {
			v.Lines = append(v.Lines, models.AppointmentLine{ServiceID: id})
		}
		w.f.Hold, w.f.Party = &v, nil
		w.f.Link = &models.Payment{URL: "https://pay.test/c/9f8e7d", State: models.PaymentOpen, AmountMinor: 1600, Currency: "EUR"}
		return &Event{Held: &Held{Visit: v}}
	case NoteDelay:
		return w.delayed(a)
	case FindTerms, BeginMove, KeepVisit, MoveVisit, CancelVisit:
		return w.change(a)
	case Recall:
		return w.recalled()
	case FindTogether:
		return &Event{FoundTogether: &FoundTogether{a.Why, w.joint(a.Query)}}
	case HoldTogether:
		held := w.holdJoint(a)
		return &Event{HeldTogether: &held}
	case ReleaseHold:
		w.f.Hold, w.f.Link, w.f.Party = nil, nil, nil
	}
	return nil
}

// delayed answers a noted delay; the stylist may be wanted by somebody else soon after.
func (w *walk) delayed(a NoteDelay) *Event {
	v := w.f.Near[0]
	v.Delay = models.Delay{SaidAt: &w.f.Now, ArrivesAt: a.Arrives}
	next := v.StartsAt.Add(time.Duration(w.rng.IntN(90)) * time.Minute)
	if w.rng.IntN(3) == 0 {
		return &Event{Delayed: &Delayed{Visit: v}}
	}
	return &Event{Delayed: &Delayed{Visit: v, Next: &next}}
}

// recalled is an earlier visit, of services that may be offered no more.
func (w *walk) recalled() *Event {
	if w.rng.IntN(3) == 0 {
		return &Event{Recalled: &Recalled{}}
	}
	v := models.Appointment{StylistID: w.f.Menu.Stylists[0].ID, TotalMinor: 4710, Currency: "EUR"}
	for _, code := range []string{"CUT", "SCALP_CALM"} {
		if s, ok := w.f.Menu.Service(code); ok {
			v.Lines = append(v.Lines, models.AppointmentLine{ServiceID: s.ID})
		}
	}
	return &Event{Recalled: &Recalled{&v}}
}

// told is a random event about the hold.
func (w *walk) told() *Told {
	v := *w.f.Hold
	p := *w.f.Link
	p.ReceivedMinor, p.ReceivedIn = 1599, "EUR"
	events := []string{
		TellPaymentLink, TellPaymentNewLink, TellPaymentDelayed, TellPaymentFailed, TellPaymentMismatch, TellPaymentLate,
		TellPaymentDuplicate, TellBookingConfirmed, TellHoldWarning, TellHoldExpired,
	}
	t := &Told{Event: events[w.rng.IntN(len(events))], Key: "key", Visit: v, Payment: &p}
	switch t.Event {
	case TellBookingConfirmed:
		t.Visit.Status, t.Visit.DepositState = models.Confirmed, models.DepositPaid
		w.f.Hold, w.f.Link, w.f.Visits = nil, nil, []models.Appointment{t.Visit}
	case TellHoldExpired, TellPaymentLate:
		t.Visit.Status = models.Expired
		w.f.Hold, w.f.Link = nil, nil
	}
	return t
}

func (w *walk) slots(q booking.SlotQuery) booking.Availability {
	var a booking.Availability
	able := w.f.Menu.StylistsFor(q.Category)
	slot := func(day time.Time, minute int) booking.Slot {
		start := day.Add(time.Duration(minute) * time.Minute)
		return booking.Slot{
			StylistID: able[w.rng.IntN(len(able))].ID,
			Span:      models.Span{Start: start, End: start.Add(time.Duration(q.Minutes) * time.Minute)},
		}
	}
	for i := range w.rng.IntN(4) {
		a.Slots = append(a.Slots, slot(q.From.AddDate(0, 0, i%2), 600+30*w.rng.IntN(12)+i))
	}
	if len(a.Slots) > 0 {
		a.Windows = w.rng.IntN(6)
		return a
	}
	if w.rng.IntN(2) == 0 {
		a.Closed = &booking.Closure{Day: q.From, Reason: models.Text{"en": "public holiday", "es": "festivo", "ar": "عطلة رسمية"}}
	}
	for i := range w.rng.IntN(3) {
		day := q.To.AddDate(0, 0, i)
		a.Next = append(a.Next, booking.DaySlots{Day: day, Slots: []booking.Slot{slot(day, 660)}})
	}
	return a
}

// meaning is anything a customer might mean.
func (w *walk) meaning() understand.Meaning {
	m := understand.Meaning{Language: w.lang}
	all := []understand.Intent{
		understand.Book, understand.Yes, understand.No, understand.Greeting, understand.Thanks, understand.Goodbye, understand.Cancel,
		understand.Move, understand.Price, understand.PaidClaim, understand.SendLink, understand.Usual, understand.MyBooking,
		understand.ListServices, understand.Undecided, understand.SwitchLanguage, understand.Stop, understand.Duration, understand.Yes,
		understand.Yes, understand.Person, understand.Health, understand.Delay, understand.ConfirmVisit,
	}
	chance := func(n int) bool { return w.rng.IntN(n) == 0 }
	if chance(2) {
		i := w.rng.IntN(len(all))
		if i > 19 && !chance(6) {
			i = 1
		}
		m.Intents = append(m.Intents, all[i])
	}
	service := func() string { return w.f.Menu.Services[w.rng.IntN(len(w.f.Menu.Services))].Code }
	if chance(4) {
		m.Services = append(m.Services, service())
		if chance(3) {
			m.Services = append(m.Services, service())
		}
	}
	if chance(12) {
		m.Ambiguous = [][]string{{"OIL_COLOUR", "COLOUR_FULL"}}
	}
	if chance(3) {
		day := understand.DayOf(w.f.Now).Plus(w.rng.IntN(12) - 1)
		m.Day = &day
	}
	if chance(8) {
		m.Part = []understand.Part{understand.Morning, understand.Afternoon, understand.Evening}[w.rng.IntN(3)]
	}
	if m.Intents.Has(understand.Delay) && chance(2) {
		late := 5 * (1 + w.rng.IntN(12))
		m.DelayMinutes, m.FromNow = &late, chance(2)
	}
	if chance(8) {
		at := 600 + 30*w.rng.IntN(16)
		m.At = &at
	}
	if chance(10) {
		m.Stylists = []string{w.f.Menu.Stylists[w.rng.IntN(len(w.f.Menu.Stylists))].Code}
	}
	m.AnyStylist, m.Earliest, m.OtherOptions, m.Later = chance(12), chance(15), chance(12), chance(20)
	if m.Intents.Has(understand.Undecided) {
		m.Indecision = 50 * (1 + w.rng.IntN(2))
	}
	m.Both = chance(8)
	m.Pack, m.Single, m.Social, m.Unclear = chance(12), chance(15), chance(20), chance(8)
	if chance(8) {
		m.FAQs = []string{content.FAQHours, content.FAQCancellation, content.FAQPayment, content.FAQAddress}[:1+w.rng.IntN(4)]
	}
	if chance(5) {
		m.Name = &understand.PersonName{Given: "Dalia", Family: []string{"", "Rowe"}[w.rng.IntN(2)]}
	}
	if len(w.state.Options) > 0 && chance(3) {
		m.Choice = 1 + w.rng.IntN(len(w.state.Options))
		m.OptionID = w.state.Options[m.Choice-1].ID
	}
	w.company(&m)
	w.ofVisits(&m)
	return m
}

var number = regexp.MustCompile(`[0-9]+(?:[.:][0-9]+)*`)

func (w *walk) check(s Say) {
	c, options, err := speaker{texts: w.texts, lang: w.lang}.content(s)
	if err != nil {
		w.t.Errorf("say: %v", err)
		return
	}
	if len(options) > 0 {
		w.state.Options = options
	}
	w.trail = append(w.trail, "  "+c.Text)
	given := map[string]bool{}
	for _, line := range s.Lines {
		collect(given, line)
	}
	for i := range options {
		given[fmt.Sprint(i+1)] = true // numbered lines
	}
	for _, o := range s.Options {
		for _, title := range o.Titles {
			collect(given, title)
		}
		if o.Detail != nil {
			collect(given, *o.Detail)
		}
	}
	for _, n := range number.FindAllString(c.Text, -1) {
		if !given[n] {
			w.t.Errorf("%q stands in %q and is no fact of this turn", n, c.Text)
		}
	}
	if problem := lint(c); problem != "" {
		w.t.Errorf("%s: %q", problem, c.Text)
	}
}

// collect takes every number among the facts of a line.
func collect(into map[string]bool, line Line) {
	if line.Count != nil {
		into[fmt.Sprint(*line.Count)] = true
	}
	if line.Key == "" && line.Facts["Hours"] != nil { // an answer that staff wrote is stored data itself
		for _, n := range number.FindAllString(line.Body, -1) {
			into[n] = true
		}
	}
	for _, fact := range line.Facts {
		switch f := fact.(type) {
		case Line:
			collect(into, f)
		case []Line:
			for _, l := range f {
				collect(into, l)
			}
		default:
			for _, n := range number.FindAllString(fmt.Sprint(f), -1) {
				into[n] = true
			}
		}
	}
}

// lint holds a message against WhatsApp's limits and the salon's tone; empty: it is fine.
func lint(c models.Content) string {
	switch {
	case strings.TrimSpace(c.Text) == "" || strings.Contains(c.Text, "{{") || strings.Contains(c.Text, "<no value>"):
		return "unfilled text"
	case len(strings.Fields(c.Text)) > 150 && c.Kind != models.KindText:
		return "more than 150 words"
	case emoji(c.Text) > 2:
		return "more than two emoji"
	case c.Kind == models.KindText && (length(c.Text) > maxText || len(c.Options) > 0):
		return "no legal text"
	case c.Kind != models.KindText && length(c.Text) > maxBody:
		return "body too long"
	case c.Kind == models.KindButtons && len(c.Options) > maxButtons:
		return "too many buttons"
	case c.Kind == models.KindList && (len(c.Options) > maxRows || c.ListLabel == "" || length(c.ListLabel) > maxListLabel):
		return "no legal list"
	}
	for _, o := range c.Options {
		limit := maxButtonTitle
		if c.Kind == models.KindList {
			limit = maxRowTitle
		}
		if o.Title == "" || length(o.Title) > limit || length(o.ID) > 200 || length(o.Description) > maxRowDetail ||
			c.Kind == models.KindButtons && o.Description != "" {
			return fmt.Sprintf("no legal option %q", o.Title)
		}
	}
	return ""
}

func emoji(text string) (n int) {
	for _, r := range text {
		if unicode.Is(unicode.So, r) || r >= 0x1F000 {
			n++
		}
	}
	return n
}
