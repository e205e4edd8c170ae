package chat

import (
	"maps"
	"slices"
	"testing"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// standing is a stage with all that belongs to it.
type standing struct {
	state State
	facts func(Facts) Facts
	terms checkout.CancelTerms // of cancelling the visit that is talked about
}

// standings are the stages in which something was asked, each with a state that stands in it.
func standings(f Facts) map[Stage]standing {
	day := Date{understand.Day{Year: 2026, Month: time.October, Date: 9}}
	slot := func(code string, hour int) Slot {
		i := slices.IndexFunc(f.Menu.Stylists, func(s models.Stylist) bool { return s.Code == code })
		s := f.Menu.Stylists[i]
		start := time.Date(2026, 10, 9, hour, 0, 0, 0, f.Now.Location())
		return Slot{s.ID, start, start.Add(40 * time.Minute)}
	}
	salma, dana := slot("salma", 11), slot("dana", 16)
	request := func(services ...string) Request {
		return Request{Services: services, From: &day, To: &day, NoPack: true}
	}
	nobody := func(f Facts) Facts { f.Customer = nil; return f }
	nameless := func(f Facts) Facts { f = maya(f); f.Customer.Surname = ""; return f }
	held := models.Appointment{
		ID: models.NewID(), StylistID: salma.StylistID, StartsAt: salma.Start, EndsAt: salma.End, Status: models.Provisional,
		TotalMinor: 2620, DepositMinor: 524, Currency: "EUR", DepositState: models.DepositPending, HoldExpiresAt: &salma.Start,
	}
	paying := func(f Facts) Facts {
		f = maya(f)
		f.Hold, f.Link = &held, &models.Payment{URL: "https://pay.test/c/1", State: models.PaymentOpen}
		return f
	}
	undated := Request{Services: []string{"CUT"}, NoPack: true}
	all := map[Stage]standing{
		StageOpen:    {state: State{}, facts: maya},
		StageName:    {state: State{Introduced: true}, facts: nobody},
		StageService: {state: State{}, facts: maya},
		StageWhich:   {state: State{Request: Request{Which: [][]string{{"OIL_COLOUR", "COLOUR_FULL"}}}}, facts: maya},
		StageConsult: {state: State{Request: Request{Between: []string{"OIL_COLOUR", "CLAY_RICH"}}}, facts: maya},
		StageMixed:   {state: State{Request: request("CUT", "BROWS")}, facts: maya},
		StagePack:    {state: State{Request: Request{Services: []string{"HIGHLIGHTS"}, Proposed: "PACK_HC", Quoted: "HIGHLIGHTS "}}, facts: maya},
		StageDay:     {state: State{Request: undated}, facts: maya},
		StageStylist: {state: State{Request: request("CUT")}, facts: maya},
		StageSlot:    {state: State{Request: request("CUT"), Offer: []Slot{salma, dana}, Shown: []Slot{salma, dana}}, facts: maya},
		StageSurname: {state: State{Request: request("CUT"), Chosen: &salma, Shown: []Slot{salma, dana}}, facts: nameless},
		StagePaying:  {state: State{Request: request("CUT"), Booking: &held.ID, Held: &salma}, facts: paying},
		StageAgain:   {state: State{Request: request("CUT")}, facts: maya},
	}
	maps.Copy(all, standingsOfVisits(f))
	maps.Copy(all, standingsOfCompany(request("CUT", "STYLE"), salma, dana))
	for stage, s := range all {
		s.state.V, s.state.Stage, s.state.Greeted = stateVersion, stage, true
		all[stage] = s
	}
	return all
}

// standingsOfVisits are the stages in which it is asked about visits that stand: one of today, one on Friday.
func standingsOfVisits(f Facts) map[Stage]standing {
	cut, _ := f.Menu.Service("CUT")
	visit := func(in time.Duration, stylist int) models.Appointment {
		start := f.Now.Add(in)
		return models.Appointment{
			ID: models.NewID(), StylistID: f.Menu.Stylists[stylist].ID, StartsAt: start, EndsAt: start.Add(40 * time.Minute), Version: 1,
			Status: models.Confirmed, TotalMinor: 2620, DepositMinor: 524, Currency: "EUR", DepositState: models.DepositPaid,
			Lines: []models.AppointmentLine{{ServiceID: cut.ID}},
		}
	}
	today, friday := visit(2*time.Hour, 0), visit(74*time.Hour, 1)
	booked := func(f Facts) Facts {
		f = maya(f)
		f.Visits, f.Near = []models.Appointment{today, friday}, []models.Appointment{today}
		return f
	}
	delayed := func(f Facts) Facts {
		f = booked(f)
		arrives := today.StartsAt.Add(30 * time.Minute)
		f.Near[0].Delay = models.Delay{SaidAt: &f.Now, ArrivesAt: &arrives}
		return f
	}
	deposit := models.Money{Minor: 524, Currency: "EUR"}
	back := checkout.CancelTerms{Paid: deposit, Refund: deposit, RefundHours: 24}
	lost := checkout.CancelTerms{Paid: deposit, Refund: models.Money{Currency: "EUR"}, RefundHours: 24, Late: true}
	cancelling := Change{Goal: GoalCancel, Visit: &friday.ID, Named: true, Version: friday.Version, Paid: deposit.Minor}
	return map[Stage]standing{
		StageVisit:   {State{Change: &Change{Goal: GoalCancel, Among: []models.ID{today.ID, friday.ID}}}, booked, back},
		StageCancel:  {State{Change: &cancelling}, booked, back},
		StageInstead: {State{Change: &cancelling}, booked, lost},
		StageForfeit: {State{Change: &cancelling}, booked, lost},
		StageHowLate: {State{Late: &Lateness{Visit: today.ID}}, booked, back},
		StageLate:    {State{Late: &Lateness{Visit: today.ID}}, delayed, back},
		StageUnfound: {State{Unfound: &Unfound{Wish: understand.Cancel, Words: "words"}}, maya, back},
		StageUsual:   {State{Request: Request{Services: []string{"CUT"}, NoPack: true, Stylist: &today.StylistID, Quoted: "CUT "}}, maya, back},
	}
}

// standingsOfCompany are the stages in which it is asked about somebody whom the customer brings.
func standingsOfCompany(r Request, one, other Slot) map[Stage]standing {
	guest, shares, joint := r, r, r
	guest.For = &Guest{Kin: understand.Mother}
	shares.Guests = []Guest{{Kin: understand.Self}, {Kin: understand.Daughter, Name: "Lena", Surname: "Stone"}}
	joint.Guests = []Guest{{Kin: understand.Self, Services: r.Services[:1]}, {Kin: understand.Daughter, Name: "Lena", Surname: "Stone", Services: r.Services[1:]}}
	times := [][]Slot{{one, other}}
	return map[Stage]standing{
		StageGuest:  {state: State{Request: guest}, facts: maya},
		StageShares: {state: State{Request: shares}, facts: maya},
		StageJoint:  {state: State{Request: joint, Together: &Together{Offer: times, Shown: times}}, facts: maya},
	}
}

// What somebody says beside the question, in each language.
var (
	saysPerson    = map[models.Language]string{"en": "I want to talk to a real person", "es": "quiero hablar con una persona", "ar": "أريد التحدث مع موظف"}
	saysHealth    = map[models.Language]string{"en": "I'm pregnant, is the dye safe for me?", "es": "estoy embarazada, ¿es seguro el tinte?", "ar": "أنا حامل، هل الصبغة آمنة؟"}
	saysStop      = map[models.Language]string{"en": "STOP", "es": "BAJA", "ar": "توقف"}
	saysSwitch    = map[models.Language]string{"en": "en español por favor", "es": "بالعربي لو سمحت", "ar": "English please"}
	saysFAQ       = map[models.Language]string{"en": "where can I park?", "es": "¿dónde puedo aparcar?", "ar": "أين يمكنني إيقاف السيارة؟"}
	saysGibberish = map[models.Language]string{"en": "qwxz plom vrrt", "es": "qwxz plom vrrt", "ar": "ضظغ شصث قفغع"}
)

// In every stage and language the same words lead to the same thing, and the open question stays open.
func TestEveryStage(t *testing.T) {
	house := openHouse(t, "2026-10-06 10:00")
	_, salon, err := house.salon(house.ctx)
	if err != nil {
		t.Fatal(err)
	}
	base := Facts{
		Now: house.Clock.Now().In(house.zone), Policies: salon.policies, Menu: salon.menu, FAQs: salon.faqs, Hours: salon.hours,
		Opening: salon.opening, PrivacyURL: "https://luma.test/privacy", Profile: "Noor",
	}
	for stage, at := range standings(base) {
		for _, lang := range models.Languages() {
			t.Run(string(stage)+" "+lang, func(t *testing.T) {
				s := stageTest{t: t, stage: stage, facts: at.facts(base), lang: lang, terms: at.terms, words: salon.words, texts: speaker{texts: salon.texts, lang: lang}}
				s.state = s.asked(at.state)
				s.person()
				s.health()
				s.stop()
				s.language()
				s.question()
				s.gibberish()
			})
		}
	}
}

type stageTest struct {
	t     *testing.T
	stage Stage
	facts Facts
	lang  models.Language
	terms checkout.CancelTerms
	words understand.Vocabulary
	texts speaker
	state State
}

// asked is the state after its question: with the options as shown.
func (s *stageTest) asked(state State) State {
	s.t.Helper()
	for _, a := range s.repeated(state) {
		if said, ok := a.(Say); ok {
			_, options, err := s.texts.content(said)
			if err != nil {
				s.t.Fatal(err)
			}
			state.Options = options
		}
	}
	return state
}

// repeated is how the open question is asked again.
func (s *stageTest) repeated(state State) []Action {
	d := dialogue{s: state, f: s.facts, lang: s.lang}
	d.repeat()
	_, said := s.termed(d.s, d.out)
	return said
}

// termed answers the dialogue when it asks what cancelling would mean.
func (s *stageTest) termed(state State, actions []Action) (State, []Action) {
	asks := func(a Action) bool { _, asked := a.(FindTerms); return asked }
	if !slices.ContainsFunc(actions, asks) {
		return state, actions
	}
	after, more := Step(state, Event{Facts: s.facts, Language: s.lang, Terms: &s.terms})
	return after, append(slices.DeleteFunc(slices.Clone(actions), asks), more...)
}

// hear is one message said in the stage.
func (s *stageTest) hear(text string) (State, []Action, understand.Meaning) {
	m := understand.Read(understand.Input{
		Text: text, Language: s.lang, Expect: s.state.expect(), Options: s.state.Options, Now: s.facts.Now, Vocabulary: s.words,
		Wanted: s.state.Request.day(),
	})
	m = s.state.keepTongue(m, text)
	after, actions := Step(s.state, Event{Facts: s.facts, Language: m.Language, Heard: &Heard{models.Content{Kind: models.KindText, Text: text}, m}})
	after, actions = s.termed(after, actions)
	return after, actions, m
}

func (s *stageTest) wantHandOff(what string, actions []Action, reason models.HandoffReason) {
	s.t.Helper()
	if got := keys(actions); !slices.Contains(got, "HandOff "+string(reason)) {
		s.t.Errorf("%s: %q, want a hand-off %s", what, got, reason)
	}
}

// wantOpen fails unless the same question is open, was asked again last, and nobody was called.
func (s *stageTest) wantOpen(what string, after State, actions []Action) {
	s.t.Helper()
	got, again := keys(actions), keys(s.repeated(s.state))
	if after.Stage != s.stage {
		s.t.Errorf("%s: stage %q, want %q", what, after.Stage, s.stage)
	}
	if slices.ContainsFunc(actions, func(a Action) bool { _, handed := a.(HandOff); return handed }) {
		s.t.Errorf("%s: handed over: %q", what, got)
	}
	retries := []string{"chat.name.retry", "chat.name.open", "chat.surname.retry", "chat.consult.again"}
	asked := func(key string) bool { return key == again[len(again)-1] || slices.Contains(retries, key) }
	if s.stage == StageOpen {
		asked = func(key string) bool { return key == "chat.help" || key == "chat.anything" }
	}
	if s.stage == StagePaying {
		asked = func(key string) bool { return key == "chat.pay.waiting" || key == "chat.anything" }
	}
	if len(got) == 0 || !asked(got[len(got)-1]) {
		s.t.Errorf("%s: %q, want the question again: %q", what, got, again)
	}
}

func (s *stageTest) person() {
	_, actions, _ := s.hear(saysPerson[s.lang])
	s.wantHandOff("a person", actions, models.ReasonManualRequest)
}

func (s *stageTest) health() {
	_, actions, _ := s.hear(saysHealth[s.lang])
	s.wantHandOff("health", actions, models.ReasonMedical)
	for _, key := range keys(actions) {
		if key != "HandOff medical" && key != "chat.handoff.medical" && key != "closed.handoff" {
			s.t.Errorf("health: says %q", key)
		}
	}
}

func (s *stageTest) stop() {
	after, actions, _ := s.hear(saysStop[s.lang])
	got := keys(actions)
	if !slices.Contains(actions, Action(SetConsent{models.ConsentWithdrawn})) || !slices.Contains(got, "controls.stop") {
		s.t.Errorf("STOP: %q", got)
	}
	if after.Unclear != 0 || after.NameTries != 0 || !sameRequest(after.Request, s.state.Request) {
		s.t.Errorf("STOP: state %+v", after)
	}
	if (s.stage == StageName || s.stage == StagePaying) && after.Stage != s.stage {
		s.t.Errorf("STOP: stage %q, want %q", after.Stage, s.stage)
	}
}

func (s *stageTest) language() {
	after, actions, m := s.hear(saysSwitch[s.lang])
	if m.Language == s.lang || after.Tongue != m.Language {
		s.t.Errorf("%q: language %s, kept %q", saysSwitch[s.lang], m.Language, after.Tongue)
	}
	s.wantOpen("a language", after, actions)
}

func (s *stageTest) question() {
	after, actions, _ := s.hear(saysFAQ[s.lang])
	if s.stage == StageName {
		if !slices.Contains(after.FAQs, "parking") {
			s.t.Errorf("a question: kept %q", after.FAQs)
		}
	} else if !slices.Contains(actions, Action(Answered{"parking"})) {
		s.t.Errorf("a question: %q, want the answer", keys(actions))
	}
	s.wantOpen("a question", after, actions)
}

func (s *stageTest) gibberish() {
	noise := saysGibberish[s.lang]
	if s.stage == StageName || s.stage == StageSurname || s.stage == StageGuest {
		noise = "12345 ???" // any letters may be a name
	}
	after, actions, _ := s.hear(noise)
	if s.stage == StageHowLate { // who cannot say it when asked does not know
		if !slices.ContainsFunc(actions, func(a Action) bool { _, noted := a.(NoteDelay); return noted }) {
			s.t.Errorf("gibberish: %q, want the delay noted", keys(actions))
		}
		return
	}
	s.wantOpen("gibberish", after, actions)
	if after.Unclear+after.NameTries == 0 && !after.Request.Reasked {
		s.t.Errorf("gibberish is not counted: %q", keys(actions))
	}
}
