package chat

import (
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// couple is a group that was offered one time: a haircut for the customer, brows for the daughter.
func couple(f Facts) State {
	day := Date{*friday()}
	at := time.Date(2026, 10, 9, 16, 0, 0, 0, f.Now.Location())
	offer := [][]Slot{{
		{f.Menu.Stylists[0].ID, at, at.Add(40 * time.Minute)}, {f.Menu.Stylists[1].ID, at, at.Add(15 * time.Minute)},
	}}
	return State{
		V: stateVersion, Greeted: true, Stage: StageJoint, Together: &Together{Offer: offer, Shown: offer},
		Request: Request{
			Services: []string{"CUT", "BROWS"}, From: &day, To: &day, NoPack: true,
			Guests: []Guest{{Kin: understand.Self, Services: []string{"CUT"}}, {Kin: understand.Daughter, Services: []string{"BROWS"}}},
		},
	}
}

// without is a salon that has taken a service off its menu.
func without(f Facts, code string) Facts {
	i := slices.IndexFunc(f.Menu.Services, func(s models.Service) bool { return s.Code == code })
	f.Menu.Former.Services = []models.Service{f.Menu.Services[i]}
	f.Menu.Services = slices.Delete(slices.Clone(f.Menu.Services), i, i+1)
	return f
}

// A service that goes between offer and answer is said to be gone and asked for anew, whatever the answer is.
func TestAServiceOfAGroupRetires(t *testing.T) {
	for name, m := range map[string]understand.Meaning{
		"yes":         {Intents: understand.Intents{understand.Yes}},
		"other times": {OtherOptions: true},
		"another day": {Day: &understand.Day{Year: 2026, Month: time.October, Date: 10}},
	} {
		t.Run(name, func(t *testing.T) {
			f := maya(world(t))
			state, actions := hear(couple(f), without(f, "BROWS"), m)
			if said := keys(actions); !slices.Contains(said, "party.retired") || state.Stage != StageShares {
				t.Errorf("stage %q, %v", state.Stage, said)
			}
		})
	}
	f := maya(world(t))
	s := couple(f)
	s.Together.Chosen = s.Together.Offer[0]
	_, actions := Step(s, Event{Facts: without(f, "BROWS"), Language: "en", HeldTogether: &HeldTogether{Fault: "booking.slot_taken"}})
	if said := keys(actions); !slices.Contains(said, "party.retired") {
		t.Errorf("after the time was lost: %v", said)
	}
}

// Why a group's time cannot be had is said as it is, and the search goes on where it may.
func TestAGroupsTimeIsLost(t *testing.T) {
	for fault, want := range map[string][]string{
		"booking.slot_taken":      {"FindTogether"},
		"booking.too_soon":        {"FindTogether"},
		"booking.unknown_service": {"chat.service.ask"},
	} {
		for _, dated := range []bool{true, false} {
			f := maya(world(t))
			s := couple(f)
			s.Together.Chosen = s.Together.Offer[0]
			if !dated {
				s.Request.From, s.Request.To = nil, nil
			}
			state, actions := Step(s, Event{Facts: f, Language: "en", HeldTogether: &HeldTogether{Fault: fault}})
			if got := keys(actions); !slices.Equal(got, want) {
				t.Errorf("%s, a day is known: %v: %v, want %v", fault, dated, got, want)
			}
			var lead []string
			for _, line := range state.lead {
				lead = append(lead, line.Key)
			}
			said := map[string]string{"booking.slot_taken": "party.taken", "booking.too_soon": "chat.soon"}[fault]
			if said != "" && !slices.Equal(lead, []string{said}) {
				t.Errorf("%s is said as %v, want %s", fault, lead, said)
			}
		}
	}
}

// "Just me after all" leaves a group of one's own, in any stage of it; who says what is theirs does not.
func TestJustMeAfterAll(t *testing.T) {
	f := maya(world(t))
	alone := understand.Meaning{Intents: understand.Intents{understand.NameCorrection}, ForMe: true, Alone: true}
	state, actions := hear(couple(f), f, alone)
	if len(state.Request.Guests) != 0 || !slices.Equal(state.Request.Services, []string{"CUT"}) || !slices.Contains(keys(actions), "FindSlots offer") {
		t.Errorf("request %+v, %v", state.Request, keys(actions))
	}
	theirs := understand.Meaning{Intents: understand.Intents{understand.Correction}, ForMe: true, Alone: true, Services: []string{"CUT"},
		Shares: []understand.Share{{Service: "CUT", Who: understand.Self}}}
	if state, _ := hear(couple(f), f, theirs); len(state.Request.Guests) != 2 {
		t.Error("a share ended the group")
	}
}

// A tap on a time for the group counts whatever was asked since, and not once others come.
func TestAnOldTimeForTheGroup(t *testing.T) {
	f := maya(world(t))
	tap := func(s State) []string {
		d := dialogue{s: s, f: f}
		_, actions := hear(s, f, understand.Meaning{OptionID: d.jointID(s.Together.Shown[0])})
		return keys(actions)
	}
	s := couple(f)
	s.Stage = StageDay
	if got := tap(s); !slices.Contains(got, "HoldTogether") {
		t.Errorf("tapped later: %v", got)
	}
	s.Request.Guests = append(slices.Clone(s.Request.Guests), Guest{Kin: understand.Friend, Services: []string{"CUT"}})
	if got := tap(s); slices.Contains(got, "HoldTogether") {
		t.Errorf("tapped for a group that has grown: %v", got)
	}
}

// twoVisits are two visits that stand on Friday at 16:00, the customer's and their daughter's.
func twoVisits(f Facts) []models.Appointment {
	group, sent := models.NewID(), f.Now
	at := time.Date(2026, 10, 9, 16, 0, 0, 0, f.Now.Location())
	visit := func(stylist int, name string, service int) models.Appointment {
		v := models.Appointment{
			ID: models.NewID(), GroupID: &group, CustomerID: f.Customer.ID, BookedByID: f.Customer.ID, ForName: name, Status: models.Confirmed,
			StylistID: f.Menu.Stylists[stylist].ID, StartsAt: at, EndsAt: at.Add(40 * time.Minute), Currency: "EUR",
			Lines: []models.AppointmentLine{{ServiceID: f.Menu.Services[service].ID}},
		}
		v.Reminder.SentAt = &sent
		return v
	}
	return []models.Appointment{visit(0, "", 1), visit(1, "Maya (daughter)", 2)}
}

// Nobody is in two chairs at once, and two people may be: moving one's visit, the other's does not stand in the way.
func TestWhoIsBusyWhileAVisitMoves(t *testing.T) {
	f := maya(world(t))
	f.Visits = twoVisits(f)
	own := f.Visits[0]
	own.ID, own.GroupID = models.NewID(), nil
	f.Visits = append(f.Visits, own)
	for i, want := range [][]models.ID{{own.ID}, nil} {
		d := dialogue{f: f, s: State{Change: &Change{Goal: GoalMove, Visit: &f.Visits[i].ID}}}
		var got []models.ID
		for _, v := range d.around() {
			got = append(got, v.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("moving %d: busy %v, want %v", i, got, want)
		}
	}
}

// One yes confirms a group's reminders; a button, or a word about one of them, that one.
func TestAYesToAGroupsReminders(t *testing.T) {
	for name, c := range map[string]struct {
		means understand.Meaning
		want  int
	}{
		"yes":       {understand.Meaning{Intents: understand.Intents{understand.Yes}}, 2},
		"we'll be":  {understand.Meaning{Intents: understand.Intents{understand.ConfirmVisit}}, 2},
		"of one":    {understand.Meaning{Intents: understand.Intents{understand.ConfirmVisit}, OfOther: true}, 1},
		"by button": {understand.Meaning{Intents: understand.Intents{understand.Yes}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := maya(world(t))
			f.Visits = twoVisits(f)
			if name == "by button" {
				c.means.OptionID = prefixRemindYes + f.Visits[1].ID.String()
			}
			_, actions := hear(State{V: stateVersion, Greeted: true, Reminded: &f.Visits[1].ID}, f, c.means)
			confirmed := 0
			for _, a := range actions {
				if _, ok := a.(ConfirmReminder); ok {
					confirmed++
				}
			}
			if confirmed != c.want {
				t.Errorf("%d confirmed, want %d: %v", confirmed, c.want, keys(actions))
			}
		})
	}
}

// "My daughter's" is hers, of two at the same time.
func TestWhoseVisitIsMeant(t *testing.T) {
	f := maya(world(t))
	f.Visits = twoVisits(f)
	hers := understand.Meaning{Intents: understand.Intents{understand.Cancel}, Others: []understand.Kin{understand.Daughter}, OfOther: true}
	state, _ := hear(State{V: stateVersion, Greeted: true}, f, hers)
	if state.Change == nil || !sameID(state.Change.Visit, &f.Visits[1].ID) {
		t.Errorf("change %+v, want the daughter's", state.Change)
	}
	state, _ = hear(State{V: stateVersion, Greeted: true}, f, understand.Meaning{Intents: understand.Intents{understand.Cancel}})
	if state.Stage != StageVisit {
		t.Errorf("stage %q, want it asked which", state.Stage)
	}
}

// What somebody without a name is called beside the customer's is read back in every language.
func TestEveryKinIsReadBack(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range models.Languages() {
		for _, key := range catalogue.Keys(lang, "party.kin.") {
			want := understand.Kin(strings.TrimPrefix(key, "party.kin."))
			switch {
			case want == understand.Someone: // anybody
				continue
			case want == understand.FriendMan && lang == models.English: // one word for both
				want = understand.Friend
			}
			if got, ok := understand.KinOf(catalogue.Body(lang, key)); !ok || got != want {
				t.Errorf("%s: %q is %q, want %q", lang, catalogue.Body(lang, key), got, want)
			}
		}
	}
}

// After something else the hold of a group is a group's again.
func TestAGroupsRequestComesBack(t *testing.T) {
	f := maya(world(t))
	f.Party = twoVisits(f)
	f.Hold = &f.Party[0]
	d := dialogue{f: f, s: State{Booking: &f.Hold.ID, Change: &Change{Goal: GoalCancel}}}
	d.endChange()
	r := d.s.Request
	if d.s.Stage != StagePaying || len(r.Guests) != 2 || !r.Guests[0].self() || r.Guests[1].fullName() != "Maya (daughter)" ||
		!slices.Equal(r.Guests[0].Services, []string{"CUT"}) || !slices.Equal(r.Guests[1].Services, []string{"BROWS"}) || len(r.Services) != 2 {
		t.Errorf("request %+v", r)
	}
}

// Whose links have failed as often as they may gets no other one, but a person.
func TestNoLinkAfterTheLastFailure(t *testing.T) {
	f := maya(world(t))
	until := f.Now.Add(time.Hour)
	visit := twoVisits(f)[0]
	visit.Status, visit.HoldExpiresAt, visit.GroupID = models.Provisional, &until, nil
	f.Hold = &visit
	for failures, want := range []string{"RequestDeposit", "RequestDeposit", "HandOff payment_failure"} {
		f.Failures = failures
		s := State{V: stateVersion, Greeted: true, Stage: StagePaying, Booking: &visit.ID}
		_, actions := hear(s, f, understand.Meaning{Intents: understand.Intents{understand.SendLink}})
		if got := keys(actions); got[0] != want {
			t.Errorf("after %d failures %v, want %s", failures, got, want)
		}
	}
}

// A model's answer is kept for the same messages against the same state, for one turn.
func TestAnAnswerIsMinded(t *testing.T) {
	var k minded
	r := reading{messages: []models.Message{{ID: models.NewID()}}, version: 3, asked: modelCall{outcome: modelUsed}}
	r.meaning.Confidence = 95
	asks := r
	asks.asked, asks.meaning = modelCall{}, understand.Meaning{}
	k.keep(r)
	if got, ok := k.take(asks); !ok || got.meaning.Confidence != 95 || got.asked.outcome != modelUsed {
		t.Errorf("got %+v, %v", got.meaning, ok)
	}
	if _, ok := k.take(asks); ok {
		t.Error("taken twice")
	}
	k.keep(r)
	moved := asks
	moved.version++
	if _, ok := k.take(moved); ok {
		t.Error("taken for another state")
	}
	k.keep(asks)
	if _, ok := k.take(asks); ok {
		t.Error("kept what was not asked")
	}
}
