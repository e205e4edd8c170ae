package chat

import (
	"reflect"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// world is a small salon as Step sees it, on Tuesday 6 October 2026 at 10:00.
func world(t testing.TB) Facts {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	name := func(s string) models.Text { return models.Text{"en": s, "es": s, "ar": s} }
	highlights := models.Service{ID: models.NewID(), Code: "HIGHLIGHTS", Category: models.Hair, Minutes: 60, PriceMinor: 6250, Names: name("Highlights")}
	cut := models.Service{ID: models.NewID(), Code: "CUT", Category: models.Hair, Minutes: 40, PriceMinor: 2620, Names: name("Haircut")}
	brows := models.Service{ID: models.NewID(), Code: "BROWS", Category: models.Aesthetics, Minutes: 15, PriceMinor: 700, Names: name("Eyebrow shaping")}
	pack := models.Pack{ID: models.NewID(), Code: "PACK_HC", Category: models.Hair, Minutes: 60, PriceMinor: 8000, Names: name("Pack")}
	pack.Services = []models.PackService{{PackID: pack.ID, ServiceID: highlights.ID}, {PackID: pack.ID, ServiceID: cut.ID, Position: 1}}
	stylist := func(code, label string, categories ...string) models.Stylist {
		return models.Stylist{ID: models.NewID(), Code: code, Names: name(label), Categories: categories}
	}
	return Facts{
		Now: time.Date(2026, 10, 6, 10, 0, 0, 0, zone), Policies: settings.Defaults(), Profile: "Noor", PrivacyURL: "https://luma.test/privacy",
		Menu: booking.Menu{
			Services: []models.Service{highlights, cut, brows}, Packs: []models.Pack{pack},
			Stylists: []models.Stylist{stylist("salma", "Salma", "hair"), stylist("dana", "Dana", "hair", "aesthetics"), stylist("iris", "Iris", "aesthetics")},
		},
	}
}

func maya(f Facts) Facts {
	visited := f.Now.AddDate(0, -1, 0)
	f.Customer = &models.Customer{ID: models.NewID(), Name: "Maya", Surname: "Stone", Language: "en", LastVisitAt: &visited}
	return f
}

func hear(s State, f Facts, m understand.Meaning) (State, []Action) {
	return Step(s, Event{Facts: f, Language: "en", Heard: &Heard{models.Content{Kind: models.KindText, Text: "words"}, m}})
}

func friday() *understand.Day { return &understand.Day{Year: 2026, Month: time.October, Date: 9} }

// keys lists what a Step says and does, in order.
func keys(actions []Action) []string {
	var list []string
	for _, a := range actions {
		switch a := a.(type) {
		case Say:
			for _, line := range a.Lines {
				key := line.Key
				if key == "" {
					key = "text"
				}
				list = append(list, key)
			}
		case FindSlots:
			list = append(list, "FindSlots "+string(a.Why))
		case HandOff:
			list = append(list, "HandOff "+string(a.Reason))
		case Register:
			list = append(list, "Register "+a.Name)
		default:
			list = append(list, reflect.TypeOf(a).Name())
		}
	}
	return list
}

func TestStep(t *testing.T) {
	f := world(t)
	known := maya(f)
	intents := func(in ...understand.Intent) understand.Meaning { return understand.Meaning{Intents: in} }
	asked := State{V: stateVersion, Stage: StageName, Introduced: true}
	wanting := asked
	wanting.Request = Request{Services: []string{"HIGHLIGHTS"}, From: &Date{*friday()}, To: &Date{*friday()}}
	proposed := State{V: stateVersion, Stage: StagePack, Greeted: true, Request: wanting.Request}
	proposed.Request.Proposed, proposed.Request.Quoted = "PACK_HC", "HIGHLIGHTS "
	for _, c := range []struct {
		name    string
		state   State
		facts   Facts
		meaning understand.Meaning
		stage   Stage
		want    []string
	}{
		{
			"a stranger's request waits for the name", State{}, f,
			understand.Meaning{Intents: []understand.Intent{understand.Book}, Services: []string{"HIGHLIGHTS"}, Day: friday()},
			StageName,
			[]string{"chat.intro", "chat.noted", "chat.name.confirm"},
		},
		{
			"a yes to the name registers and goes on", wanting, f, intents(understand.Yes), StagePack,
			[]string{"Register Noor", "chat.welcome", "text", "chat.pack.offer"},
		},
		{"a no asks for the right name", asked, f, intents(understand.No), StageName, []string{"chat.name.other"}},
		{
			"another name is taken", asked, f,
			understand.Meaning{Name: &understand.PersonName{Given: "Dalia"}}, StageOpen,
			[]string{"Register Dalia", "chat.welcome", "chat.help"},
		},
		{
			"a yes beside the name in another script keeps the name asked about", asked, f,
			understand.Meaning{Intents: []understand.Intent{understand.Yes}, Name: &understand.PersonName{Given: "نور"}}, StageOpen,
			[]string{"Register Noor", "chat.welcome", "chat.help"},
		},
		{"an unclear name is asked once more", asked, f, understand.Meaning{Unclear: true}, StageName, []string{"chat.name.retry"}},
		{
			"and then a person takes over", State{V: stateVersion, Stage: StageName, Introduced: true, NameTries: 1}, f,
			understand.Meaning{Unclear: true}, StageName,
			[]string{"HandOff name_unclear", "chat.handoff.name_unclear"},
		},
		{
			"a person is asked for before anything else", State{}, f,
			understand.Meaning{Intents: []understand.Intent{understand.Person, understand.Book}, Services: []string{"CUT"}}, StageOpen,
			[]string{"HandOff manual_request", "chat.intro", "chat.handoff.manual_request"},
		},
		{
			"health asks a stranger for the name first", State{}, f,
			understand.Meaning{Intents: []understand.Intent{understand.Health, understand.AskFAQ}, FAQs: []string{"hours"}}, StageName,
			[]string{"chat.intro", "chat.name.confirm"},
		},
		{
			"and goes to a person whatever the answer",
			State{V: stateVersion, Stage: StageName, Introduced: true, Concern: &Concern{Reason: models.ReasonMedical}}, f,
			intents(understand.No), StageName,
			[]string{"HandOff medical", "chat.handoff.medical"},
		},
		{"health of a known customer goes to a person at once", State{}, known, intents(understand.Health), StageOpen, []string{"HandOff medical", "chat.handoff.medical"}},
		{"a complaint goes to a person", State{}, known, intents(understand.Complaint), StageOpen, []string{"HandOff complaint", "chat.handoff.complaint"}},
		{"a greeting is returned by name", State{}, known, intents(understand.Greeting), StageOpen, []string{"chat.hello", "chat.help"}},
		{
			"a known customer is neither introduced nor asked for the name", State{}, known,
			understand.Meaning{Services: []string{"CUT"}}, StageDay,
			[]string{"chat.hello", "text", "chat.day.ask"},
		},
		{
			"no pack holds the haircut for half as much again", State{Greeted: true}, known,
			understand.Meaning{Services: []string{"CUT"}, Day: friday()}, StageOpen,
			[]string{"FindSlots offer"},
		},
		{"the pack is taken", proposed, known, understand.Meaning{Pack: true}, StagePack, []string{"FindSlots offer"}},
		{"the pack is declined", proposed, known, understand.Meaning{Single: true}, StagePack, []string{"FindSlots offer"}},
		{"an unclear answer to the pack is asked again", proposed, known, understand.Meaning{Unclear: true}, StagePack, []string{"chat.unclear", "chat.pack.offer"}},
		{"hair and beauty are two visits", State{Greeted: true}, known, understand.Meaning{Services: []string{"CUT", "BROWS"}}, StageMixed, []string{"text", "chat.mixed"}},
		{
			"a word that fits two services is asked about", State{Greeted: true}, known,
			understand.Meaning{Ambiguous: [][]string{{"HIGHLIGHTS", "CUT"}}}, StageWhich,
			[]string{"chat.service.which"},
		},
		{"thanks are returned briefly", State{Greeted: true}, known, intents(understand.Thanks), StageOpen, []string{"chat.thanks"}},
		{
			"the third unclear turn goes to a person", State{Greeted: true, Unclear: 2}, known, understand.Meaning{Unclear: true}, StageOpen,
			[]string{"HandOff ambiguity", "chat.handoff.ambiguity"},
		},
		{"for somebody else the name is asked", State{Greeted: true}, known, intents(understand.ThirdParty), StageGuest, []string{"party.name"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, actions := hear(c.state, c.facts, c.meaning)
			if !reflect.DeepEqual(keys(actions), c.want) {
				t.Errorf("said and did %v, want %v", keys(actions), c.want)
			}
			if got.Stage != c.stage {
				t.Errorf("stage %q, want %q", got.Stage, c.stage)
			}
		})
	}
}

// unclear, clear, unclear, unclear is no case; three in a row are.
func TestUnclearTurnsInARow(t *testing.T) {
	f := maya(world(t))
	unclear, clear := understand.Meaning{Unclear: true}, understand.Meaning{Services: []string{"CUT"}}
	for _, c := range []struct {
		name  string
		turns []understand.Meaning
		cases int
	}{
		{"three in a row", []understand.Meaning{unclear, unclear, unclear}, 1},
		{"a clear one between", []understand.Meaning{unclear, clear, unclear, unclear}, 0},
		{"thanks count as clear", []understand.Meaning{unclear, unclear, {Intents: []understand.Intent{understand.Thanks}}, unclear}, 0},
		{"silence counts as unclear", []understand.Meaning{{Empty: true}, {Empty: true}, {Empty: true}}, 1},
	} {
		state, cases := State{Greeted: true}, 0
		for _, m := range c.turns {
			var actions []Action
			state, actions = hear(state, f, m)
			for _, a := range actions {
				if _, ok := a.(HandOff); ok {
					cases++
				}
			}
		}
		if cases != c.cases {
			t.Errorf("%s: %d cases, want %d", c.name, cases, c.cases)
		}
	}
}

// a first "ok" to the question for the day is answered kindly, further ones are unclear turns.
func TestOkayIsNoDay(t *testing.T) {
	f := maya(world(t))
	state := State{V: stateVersion, Stage: StageDay, Greeted: true, Request: Request{Services: []string{"CUT"}, Quoted: "CUT "}}
	okay := understand.Meaning{Intents: []understand.Intent{understand.Yes}}
	for i, want := range [][]string{
		{"chat.day.again"}, {"chat.unclear", "chat.day.ask"}, {"chat.unclear", "chat.day.ask"}, {"HandOff ambiguity", "chat.handoff.ambiguity"},
	} {
		var actions []Action
		state, actions = hear(state, f, okay)
		if got := keys(actions); !reflect.DeepEqual(got, want) {
			t.Errorf("okay %d: said and did %v, want %v", i+1, got, want)
		}
	}
}

// instead of a closed day the days offered are asked for; a day that only the wish makes full stays.
func TestRequestFollowsTheDaysOffered(t *testing.T) {
	f := maya(world(t))
	day := func(date int) *Date { return &Date{understand.Day{Year: 2026, Month: time.October, Date: date}} }
	zone := f.Now.Location()
	offered := func(date int) booking.DaySlots {
		at := day(date).In(zone).Add(10 * time.Hour)
		return booking.DaySlots{Day: day(date).In(zone), Slots: []booking.Slot{{
			StylistID: f.Menu.Stylists[0].ID, Span: models.Span{Start: at, End: at.Add(40 * time.Minute)},
		}}}
	}
	base := Request{Services: []string{"CUT"}, Quoted: "CUT ", From: day(12), To: day(12)}
	afternoon, named := base, base
	afternoon.Part, named.Stylist = understand.Afternoon, &f.Menu.Stylists[0].ID
	closed := &booking.Closure{Day: day(12).In(zone)}
	for _, c := range []struct {
		name     string
		request  Request
		closed   *booking.Closure
		from, to *Date
	}{
		{"closed", base, closed, day(13), day(15)},
		{"closed, with a name", named, closed, day(13), day(15)},
		{"closed, in the afternoon", afternoon, closed, day(13), day(15)},
		{"full", base, nil, day(13), day(15)},
		{"full for a name", named, nil, day(12), day(12)},
		{"full in the afternoon", afternoon, nil, day(12), day(12)},
	} {
		state := State{V: stateVersion, Greeted: true, Request: c.request}
		got, _ := Step(state, Event{Facts: f, Language: "en", Found: &Found{Why: WhyOffer, Availability: booking.Availability{
			Closed: c.closed, Next: []booking.DaySlots{offered(13), offered(15)},
		}}})
		if !sameDate(got.Request.From, c.from) || !sameDate(got.Request.To, c.to) {
			t.Errorf("%s: goes on with %v to %v, want %v to %v", c.name, got.Request.From, got.Request.To, c.from, c.to)
		}
	}
}

// The stylist is asked for only when it matters (P.stylist.ask).
func TestStylistIsAskedWhenItMatters(t *testing.T) {
	f := maya(world(t))
	preferring := f
	c := *f.Customer
	c.PreferredStylistID = &f.Menu.Stylists[0].ID
	preferring.Customer = &c
	day := Date{*friday()}
	at := 750
	base := State{V: stateVersion, Greeted: true, Request: Request{Services: []string{"CUT"}, From: &day, To: &day, Quoted: "CUT "}}
	with := func(change func(*Request)) State {
		s := base
		change(&s.Request)
		return s
	}
	for _, tc := range []struct {
		name    string
		state   State
		facts   Facts
		windows int
		want    Stage
	}{
		{"four windows", base, f, 4, StageStylist},
		{"three windows", base, f, 3, StageSlot},
		{"first available", with(func(r *Request) { r.Anyone = true }), f, 4, StageSlot},
		{"named", with(func(r *Request) { r.Stylist = &f.Menu.Stylists[1].ID }), f, 4, StageSlot},
		{"preferred", base, preferring, 4, StageSlot},
		{"an exact time", with(func(r *Request) { r.At = &at }), f, 4, StageSlot},
	} {
		start := time.Date(2026, 10, 9, 12, 30, 0, 0, f.Now.Location())
		found := Found{Why: WhyOffer, Availability: booking.Availability{Windows: tc.windows, Slots: []booking.Slot{
			{StylistID: f.Menu.Stylists[0].ID, Span: models.Span{Start: start, End: start.Add(40 * time.Minute)}},
			{StylistID: f.Menu.Stylists[1].ID, Span: models.Span{Start: start, End: start.Add(40 * time.Minute)}},
		}}}
		got, _ := Step(tc.state, Event{Facts: tc.facts, Language: "en", Found: &found})
		if got.Stage != tc.want {
			t.Errorf("%s: stage %q, want %q", tc.name, got.Stage, tc.want)
		}
	}
}

// A saved state reads back as it was; what is broken or foreign starts over.
func TestStateSurvivesSaving(t *testing.T) {
	f := world(t)
	id, at, day := f.Menu.Stylists[0].ID, 600, Date{*friday()}
	slot := Slot{id, f.Now.UTC(), f.Now.UTC().Add(time.Hour)}
	want := State{
		V: stateVersion, At: f.Now.UTC(), Stage: StageSlot, Introduced: true, Unclear: 2, Booking: &id, Held: &slot, Chosen: &slot,
		Request: Request{Services: []string{"CUT"}, Which: [][]string{{"A", "B"}}, From: &day, To: &day, Part: understand.Morning, At: &at, Stylist: &id},
		Options: []models.Option{{ID: "a", Title: "b"}}, Offer: []Slot{slot}, Shown: []Slot{slot},
	}
	raw, err := want.save()
	if err != nil {
		t.Fatal(err)
	}
	if got := loadState(raw); !reflect.DeepEqual(got, want) {
		t.Errorf("read back %+v, want %+v", got, want)
	}
	for _, raw := range []string{"", "{}", `{"v":99,"stage":"slot"}`, `{"v":`, `[]`} {
		if got := loadState([]byte(raw)); !reflect.DeepEqual(got, State{V: stateVersion}) {
			t.Errorf("loadState(%q) = %+v, want a fresh one", raw, got)
		}
	}
}

func TestSlotIDs(t *testing.T) {
	f := world(t)
	want := Slot{StylistID: f.Menu.Stylists[0].ID, Start: f.Now}
	if got, ok := slotOf(slotID(want)); !ok || !got.same(want) {
		t.Errorf("slotOf(slotID) = %v, %v", got, ok)
	}
	for _, id := range []string{"", "slot:", "slot:other", "slot:x:1", "slot:" + want.StylistID.String() + ":x", "pack:yes"} {
		if got, ok := slotOf(id); ok {
			t.Errorf("slotOf(%q) = %v", id, got)
		}
	}
}
