package chat

import (
	"reflect"
	"slices"
	"testing"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// what a stranger asks about a visit of theirs is no wish for a new one, and is taken up after the name.
func TestStrangersOwnMatters(t *testing.T) {
	f := world(t)
	yes := understand.Meaning{Intents: []understand.Intent{understand.Yes}}
	for _, c := range []struct {
		intent understand.Intent
		want   []string
		stage  Stage
	}{
		{understand.Cancel, []string{"chat.visits.none", "chat.unfound.visit"}, StageUnfound},
		{understand.Move, []string{"chat.visits.none", "chat.unfound.visit"}, StageUnfound},
		{understand.Delay, []string{"chat.visits.none", "chat.unfound.visit"}, StageUnfound},
		{understand.MyBooking, []string{"chat.visits.none", "chat.unfound.visit"}, StageUnfound},
		{understand.SendLink, []string{"chat.visits.none", "chat.unfound.visit"}, StageUnfound},
		{understand.PaidClaim, []string{"chat.pay.claimed.late", "chat.unfound.money"}, StageUnfound},
		{understand.PaymentProblem, []string{"HandOff payment_failure", "chat.handoff.payment_failure"}, StageOpen},
		{understand.Usual, []string{"Recall"}, StageOpen},
	} {
		asks := understand.Meaning{Intents: []understand.Intent{c.intent}, Day: friday()}
		state, actions := hear(State{}, f, asks)
		if got, want := keys(actions), []string{"chat.intro", "chat.noted", "chat.name.confirm"}; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: said %v, want %v", c.intent, got, want)
		}
		if own := c.intent != understand.Usual; own != (state.Request.From == nil) {
			t.Errorf("%s: asked for a visit on %v", c.intent, state.Request.From)
		}
		state, actions = hear(state, f, yes)
		got := keys(actions)
		without := got[:0:0]
		for _, key := range got {
			if key != "Register Noor" && key != "chat.welcome" {
				without = append(without, key)
			}
		}
		if !reflect.DeepEqual(without, c.want) || state.Stage != c.stage {
			t.Errorf("%s, after the name: said and did %v in %q, want %v in %q", c.intent, got, state.Stage, c.want, c.stage)
		}
	}
}

// Whoever asks a second time for what is not found is passed on with their words; a no, or another wish, is heard.
func TestNotFoundIsNoWall(t *testing.T) {
	f := maya(world(t))
	says := func(in ...understand.Intent) understand.Meaning { return understand.Meaning{Intents: in} }
	atTen := 600
	for _, c := range []struct {
		name   string
		wish   understand.Intent
		then   understand.Meaning
		want   []string
		stage  Stage
		reason models.HandoffReason
		asks   understand.Intent // of the case
	}{
		{"yes", understand.Cancel, says(understand.Yes), []string{"HandOff manual_request", "chat.handoff.manual_request"}, StageOpen, models.ReasonManualRequest, understand.Cancel},
		{"a tap", understand.Cancel, understand.Meaning{OptionID: optionColleagueYes, Intents: []understand.Intent{understand.Yes}},
			[]string{"HandOff manual_request", "chat.handoff.manual_request"}, StageOpen, models.ReasonManualRequest, understand.Cancel},
		{"the same again", understand.Move, says(understand.Move), []string{"HandOff manual_request", "chat.handoff.manual_request"}, StageOpen, models.ReasonManualRequest, understand.Move},
		{"a question about it", understand.Delay, says(understand.MyBooking), []string{"HandOff manual_request", "chat.handoff.manual_request"}, StageOpen, models.ReasonManualRequest, understand.Delay},
		{"another matter of theirs", understand.Delay, says(understand.Cancel), []string{"HandOff manual_request", "chat.handoff.manual_request"}, StageOpen, models.ReasonManualRequest, understand.Cancel},
		{"more about it", understand.MyBooking, understand.Meaning{Day: friday(), At: &atTen}, []string{"HandOff manual_request", "chat.handoff.manual_request"}, StageOpen, models.ReasonManualRequest, understand.MyBooking},
		{"money again", understand.PaidClaim, says(understand.PaidClaim), []string{"HandOff payment_failure", "chat.handoff.manual_request"}, StageOpen, models.ReasonPaymentFailure, understand.PaidClaim},
		{"no", understand.Cancel, says(understand.No), []string{"chat.fine"}, StageOpen, "", ""},
		{"a booking", understand.Cancel, understand.Meaning{Intents: []understand.Intent{understand.Book, understand.Yes}, Services: []string{"CUT"}}, []string{"text", "chat.day.ask"}, StageDay, "", ""},
		{"nothing that can be understood", understand.Cancel, understand.Meaning{Unclear: true}, []string{"chat.unclear", "chat.unfound.visit"}, StageUnfound, "", ""},
	} {
		state, _ := hear(State{Greeted: true}, f, says(c.wish))
		if state.Stage != StageUnfound || state.Unfound == nil || state.Unfound.Words != "words" {
			t.Fatalf("%s: stands in %q with %+v", c.name, state.Stage, state.Unfound)
		}
		after, actions := hear(state, f, c.then)
		got := keys(actions)
		if !reflect.DeepEqual(got, c.want) || after.Stage != c.stage {
			t.Errorf("%s: said and did %v in %q, want %v in %q", c.name, got, after.Stage, c.want, c.stage)
		}
		for _, a := range actions {
			if h, ok := a.(HandOff); ok && (h.Reason != c.reason || h.Trigger != "words" || h.Summary[0].Key != "case.unfound."+string(c.asks)) {
				t.Errorf("%s: case %+v", c.name, h)
			}
		}
	}
}

// A visit that has come to stand meanwhile is what the wish is about.
func TestFoundMeanwhile(t *testing.T) {
	f := maya(world(t))
	cancel := understand.Meaning{Intents: []understand.Intent{understand.Cancel}}
	state, _ := hear(State{Greeted: true}, f, cancel)
	f.Visits = []models.Appointment{{ID: models.NewID(), StartsAt: f.Now.AddDate(0, 0, 2), EndsAt: f.Now.AddDate(0, 0, 2), Status: models.Confirmed}}
	_, actions := hear(state, f, cancel)
	if got := keys(actions); !reflect.DeepEqual(got, []string{"FindTerms"}) {
		t.Errorf("did %v, want the visit's cancellation", got)
	}
}

// two lines of small talk are answered, the second leads back, and only what follows counts as unclear.
func TestSmallTalkLeadsBack(t *testing.T) {
	f := maya(world(t))
	chat := understand.Meaning{Social: true}
	state := State{Greeted: true}
	for i, c := range []struct {
		m       understand.Meaning
		want    string
		unclear int
	}{
		{chat, "chat.social", 0},
		{chat, "chat.social.back", 0},
		{chat, "chat.unclear", 1},
		{understand.Meaning{Intents: []understand.Intent{understand.Thanks}}, "chat.thanks", 0},
		{chat, "chat.social", 0},
		{understand.Meaning{Services: []string{"CUT"}}, "text", 0},
		{chat, "chat.social", 0},
		{chat, "chat.social.back", 0},
		{chat, "chat.unclear", 1},
		{chat, "chat.unclear", 2},
		{chat, "HandOff ambiguity", 0},
	} {
		var actions []Action
		state, actions = hear(state, f, c.m)
		if got := keys(actions); len(got) == 0 || got[0] != c.want || state.Unclear != c.unclear {
			t.Errorf("line %d: said %v and counts %d, want %s and %d", i+1, got, state.Unclear, c.want, c.unclear)
		}
	}
}

// A tap on a time of a request that is done says what stands.
func TestTapOnATimeThatIsOver(t *testing.T) {
	f := maya(world(t))
	visit := models.Appointment{ID: models.NewID(), StylistID: f.Menu.Stylists[0].ID, StartsAt: f.Now.AddDate(0, 0, 2), EndsAt: f.Now.AddDate(0, 0, 2), Status: models.Confirmed}
	f.Visits = []models.Appointment{visit}
	tap := understand.Meaning{OptionID: slotID(slotOfVisit(visit)), StaleTap: true}
	state, actions := hear(State{Greeted: true, Unclear: 1}, f, tap)
	if got := keys(actions); !reflect.DeepEqual(got, []string{"chat.visits"}) || state.Unclear != 0 || state.Stage != StageOpen {
		t.Errorf("said %v, unclear %d, stage %q", got, state.Unclear, state.Stage)
	}
}

// Indifference and haste at the question whether a colleague shall look describe no visit: nobody is called against a
// no, and no time that was offered before is held.
func TestIndifferenceDescribesNoVisit(t *testing.T) {
	f := maya(world(t))
	offer := []Slot{{f.Menu.Stylists[0].ID, f.Now.AddDate(0, 0, 2), f.Now.AddDate(0, 0, 2)}, {f.Menu.Stylists[1].ID, f.Now.AddDate(0, 0, 3), f.Now.AddDate(0, 0, 3)}}
	open := State{Greeted: true}
	offered := State{Greeted: true, Stage: StageSlot, Request: Request{Services: []string{"CUT"}, NoPack: true, Quoted: "CUT "}, Offer: offer, Shown: offer}
	single := offered
	single.Offer = offer[:1]
	yes, no := understand.Intents{understand.Yes}, understand.Intents{understand.No}
	passed := []string{"HandOff manual_request", "chat.handoff.manual_request"}
	for _, c := range []struct {
		name   string
		before State
		then   understand.Meaning
		want   []string
		stage  Stage
	}{
		{"whatever, and nothing was open", open, understand.Meaning{AnyStylist: true}, []string{"chat.fine"}, StageOpen},
		{"no, whatever", open, understand.Meaning{Intents: no, AnyStylist: true}, []string{"chat.fine"}, StageOpen},
		{"no, any day", open, understand.Meaning{Intents: no, AnyDay: true}, []string{"chat.fine"}, StageOpen},
		{"yes, soon", open, understand.Meaning{Intents: yes, Earliest: true}, passed, StageOpen},
		{"soon", open, understand.Meaning{Earliest: true}, []string{"chat.unfound.visit"}, StageUnfound},
		{"whatever, after two times", offered, understand.Meaning{AnyStylist: true}, []string{"chat.slots.many"}, StageSlot},
		{"no, whatever, after two times", offered, understand.Meaning{Intents: no, AnyStylist: true}, []string{"chat.slots.many"}, StageSlot},
		{"yes, soon, after one time", single, understand.Meaning{Intents: yes, Earliest: true}, passed, StageSlot},
		{"soon, after two times", offered, understand.Meaning{Earliest: true}, []string{"chat.unfound.visit"}, StageUnfound},
	} {
		state, _ := hear(c.before, f, understand.Meaning{Intents: understand.Intents{understand.MyBooking}})
		if state.Stage != StageUnfound {
			t.Fatalf("%s: stands in %q", c.name, state.Stage)
		}
		after, actions := hear(state, f, c.then)
		if got := keys(actions); !reflect.DeepEqual(got, c.want) || after.Stage != c.stage {
			t.Errorf("%s: said and did %v in %q, want %v in %q", c.name, got, after.Stage, c.want, c.stage)
		}
	}
}

// Whoever is handed to people is offered no colleague any more: a later "yes, thanks" or a visit described is no wish
// for what was not found.
func TestAHandOffEndsTheOffer(t *testing.T) {
	f := maya(world(t))
	atTen := 600
	for name, over := range map[string]understand.Meaning{
		"a person":  {Intents: understand.Intents{understand.Person}},
		"complaint": {Intents: understand.Intents{understand.Complaint}},
		"health":    {Intents: understand.Intents{understand.Health}},
		"the link":  {Intents: understand.Intents{understand.PaymentProblem}},
	} {
		for _, asks := range []understand.Intent{understand.Cancel, understand.Move} {
			state, _ := hear(State{Greeted: true, Chats: 1}, f, understand.Meaning{Intents: understand.Intents{asks}})
			if state.Stage != StageUnfound {
				t.Fatalf("%s: stands in %q", asks, state.Stage)
			}
			state.Chats = 1
			state, actions := hear(state, f, over)
			if _, handed := actions[0].(HandOff); !handed || state.Stage != StageOpen || state.Unfound != nil || state.Chats != 0 {
				t.Errorf("%s after %s: did %v, stands in %q with %+v, %d chats", name, asks, keys(actions), state.Stage, state.Unfound, state.Chats)
			}
			_, actions = hear(state, f, understand.Meaning{Services: []string{"CUT"}, Day: friday(), At: &atTen})
			if got := keys(actions); !slices.Contains(got, "FindSlots offer") {
				t.Errorf("%s after %s, then a haircut: did %v", name, asks, got)
			}
		}
	}
}

// What a stranger asks beside a visit of theirs, before the name, is not lost, and does not put it out of mind.
func TestStrangersAskBesideTheirVisit(t *testing.T) {
	f := world(t)
	cancel := understand.Meaning{Intents: understand.Intents{understand.Cancel}, Day: friday()}
	saturday := friday().Plus(1)
	for _, c := range []struct {
		name    string
		then    understand.Meaning
		request Request
		wish    understand.Intent // besides
	}{
		{"a price", understand.Meaning{Intents: understand.Intents{understand.Price}, Services: []string{"CUT"}}, Request{Services: []string{"CUT"}}, understand.Cancel},
		{"what there is", understand.Meaning{Intents: understand.Intents{understand.ListServices}}, Request{}, understand.ListServices},
		{"the usual on Saturday", understand.Meaning{Intents: understand.Intents{understand.Usual}, Day: &saturday}, Request{From: &Date{saturday}, To: &Date{saturday}}, understand.Usual},
	} {
		state, _ := hear(State{}, f, cancel)
		state, actions := hear(state, f, c.then)
		if got := keys(actions); !reflect.DeepEqual(got, []string{"chat.noted", "chat.name.confirm"}) || state.NameTries != 0 {
			t.Errorf("%s: said %v after %d tries", c.name, got, state.NameTries)
		}
		if w := state.Wish; w == nil || !w.Intents.Has(understand.Cancel) || !w.Intents.Has(c.wish) || !sameRequest(state.Request, c.request) {
			t.Errorf("%s: wish %+v, request %+v", c.name, w, state.Request)
		}
		state, actions = hear(state, f, understand.Meaning{Intents: understand.Intents{understand.Yes}})
		if got := keys(actions); state.Stage != StageUnfound || state.Unfound.Wish != understand.Cancel || !slices.Contains(got, "chat.unfound.visit") {
			t.Errorf("%s, after the name: said %v in %q", c.name, got, state.Stage)
		}
		if c.wish != understand.Cancel && state.Unfound.Words != "words\nwords" {
			t.Errorf("%s: the case would hold %q", c.name, state.Unfound.Words)
		}
	}
	t.Run("cancelled, then moved", func(t *testing.T) {
		state, _ := hear(State{}, f, cancel)
		state, _ = hear(state, f, understand.Meaning{Intents: understand.Intents{understand.Move}})
		if w := state.Wish; w == nil || w.Intents.Has(understand.Cancel) || !w.Intents.Has(understand.Move) {
			t.Errorf("wish %+v, want what was said last", w)
		}
	})
	t.Run("another service than the one asked for", func(t *testing.T) {
		monday := friday().Plus(3)
		state, _ := hear(State{}, f, understand.Meaning{Services: []string{"BROWS"}, Day: &monday})
		asked := state.Request
		state, _ = hear(state, f, understand.Meaning{Intents: understand.Intents{understand.Cancel}, Services: []string{"CUT"}, Day: friday()})
		if w := state.Wish; w == nil || !w.Intents.Has(understand.Cancel) || !sameRequest(state.Request, asked) {
			t.Errorf("wish %+v, request %+v; want the cancellation beside %+v", w, state.Request, asked)
		}
	})
}
