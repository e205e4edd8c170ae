package chat

import (
	"slices"
	"testing"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// Every pair of the salon's own menu: two of one category make one visit, hair and beauty never do
// . The diary's own refusal of a mixed visit is tested there.
func TestCategoriesAreNeverMixed(t *testing.T) {
	house := openHouse(t, "2026-10-06 10:00")
	_, salon, err := house.salon(house.ctx)
	if err != nil {
		t.Fatal(err)
	}
	f := maya(world(t))
	f.Menu, f.Hours = salon.menu, salon.hours
	for _, a := range f.Menu.Services {
		for _, b := range f.Menu.Services {
			if a.Code == b.Code {
				continue
			}
			s, actions := hear(State{V: stateVersion, Greeted: true}, f, understand.Meaning{
				Intents: understand.Intents{understand.Book}, Services: []string{a.Code, b.Code}, Day: friday(),
			})
			searched := slices.ContainsFunc(actions, func(a Action) bool { _, ok := a.(FindSlots); return ok })
			if mixed := a.Category != b.Category; (s.Stage == StageMixed) != mixed || mixed && searched {
				t.Errorf("%s and %s: stage %q, searched %t", a.Code, b.Code, s.Stage, searched)
			}
			if a.Category == b.Category && !searched && s.Stage != StagePack {
				t.Errorf("%s and %s are not looked for: stage %q", a.Code, b.Code, s.Stage)
			}
		}
	}
}

func TestTwoBookings(t *testing.T) {
	f := maya(world(t))
	asked := State{V: stateVersion, Greeted: true, Stage: StageMixed, Request: Request{
		Services: []string{"HIGHLIGHTS", "BROWS"}, From: &Date{*friday()}, To: &Date{*friday()}, NoPack: true,
	}}
	for _, c := range []struct {
		name         string
		m            understand.Meaning
		first, later string
	}{
		{"both", understand.Meaning{Both: true}, "HIGHLIGHTS", "BROWS"},
		{"yes", understand.Meaning{Intents: understand.Intents{understand.Yes}}, "HIGHLIGHTS", "BROWS"},
		{"the tap", understand.Meaning{Choice: 1, OptionID: optionMixedBoth}, "HIGHLIGHTS", "BROWS"},
		{"beauty first", understand.Meaning{Both: true, Choice: 3, OptionID: prefixCategory + "aesthetics"}, "BROWS", "HIGHLIGHTS"},
		{"the brows first", understand.Meaning{Both: true, Services: []string{"BROWS"}}, "BROWS", "HIGHLIGHTS"},
		{"only hair", understand.Meaning{Choice: 2, OptionID: prefixCategory + "hair"}, "HIGHLIGHTS", ""},
		{"just the brows", understand.Meaning{Services: []string{"BROWS"}}, "BROWS", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := hear(asked, f, c.m)
			if got := s.Request.Services; !slices.Equal(got, []string{c.first}) {
				t.Errorf("now %v, want %s", got, c.first)
			}
			later := ""
			if s.Next != nil {
				later = s.Next.Services[0]
			}
			if later != c.later {
				t.Errorf("later %q, want %q", later, c.later)
			}
		})
	}
}

// The second booking begins when the first is confirmed: on its day, next to it, and not while staff
// have the conversation.
func TestTheSecondBookingFollows(t *testing.T) {
	f := maya(world(t))
	cut, _ := f.Menu.Service("CUT")
	starts := friday().In(f.Now.Location()).Add(11 * 60 * 60 * 1e9)
	visit := models.Appointment{
		ID: models.NewID(), StylistID: f.Menu.Stylists[0].ID, StartsAt: starts, EndsAt: starts.Add(40 * 60 * 1e9), Currency: "EUR",
		Status: models.Confirmed, DepositState: models.DepositPaid, TotalMinor: 2620, DepositMinor: 524,
		Lines: []models.AppointmentLine{{ServiceID: cut.ID}},
	}
	f.Visits = []models.Appointment{visit}
	waiting := State{
		V: stateVersion, Greeted: true, Stage: StagePaying, Booking: &visit.ID, Request: Request{Services: []string{"CUT"}},
		Next: &Request{Services: []string{"BROWS"}, From: &Date{*friday()}, To: &Date{*friday()}},
	}
	s, actions := Step(waiting, Event{Facts: f, Language: "en", Told: &Told{Event: TellBookingConfirmed, Key: "k", Visit: visit}})
	i := slices.IndexFunc(actions, func(a Action) bool { _, ok := a.(FindSlots); return ok })
	if i < 0 || s.Next != nil || !slices.Equal(s.Request.Services, []string{"BROWS"}) {
		t.Fatalf("after the first: %v, request %+v", keys(actions), s.Request)
	}
	q := actions[i].(FindSlots).Query
	if q.At == nil || *q.At != 11*60+40 || !q.From.Equal(friday().In(f.Now.Location())) || len(q.Busy) != 1 || q.Category != models.Aesthetics {
		t.Errorf("looked for %+v", q)
	}
	s, actions = Step(waiting, Event{Facts: f, Language: "en", Told: &Told{Event: TellBookingConfirmed, Key: "k", Visit: visit, Human: true}})
	if len(actions) != 1 || s.Next != nil {
		t.Errorf("while staff have it: %v, next %v", keys(actions), s.Next)
	}
}

// A pack that is part of what is wanted and cheaper is mentioned once; taken, the rest is booked beside it
// (S10).
func TestAPackWithinTheWish(t *testing.T) {
	f := advised(t)
	f.Menu.Services = append(f.Menu.Services, models.Service{
		ID: models.NewID(), Code: "BLOW_DRY", Category: models.Hair, Minutes: 5, PriceMinor: 820, Names: models.Text{"en": "Quick blow-dry"},
	})
	wish := understand.Meaning{Services: []string{"CUT", "BLOW_DRY", "HIGHLIGHTS"}}
	s, actions := hear(State{V: stateVersion, Greeted: true}, f, wish)
	if got := keys(actions); s.Stage != StagePack || !slices.Equal(got, []string{"text", "chat.pack.offer.part"}) {
		t.Fatalf("stage %q: %v", s.Stage, got)
	}
	taken, _ := hear(s, f, understand.Meaning{Pack: true, Intents: understand.Intents{understand.Yes}})
	d := dialogue{s: taken, f: f, lang: "en"}
	if o := d.order(); o.minutes != 65 || o.minor != 8820 || !slices.Equal(codes(o.services), []string{"HIGHLIGHTS", "CUT", "BLOW_DRY"}) {
		t.Errorf("with the pack: %d min, %d, %v", o.minutes, o.minor, codes(o.services))
	}
	left, actions := hear(s, f, understand.Meaning{Single: true, Intents: understand.Intents{understand.No}})
	d = dialogue{s: left, f: f, lang: "en"}
	if o := d.order(); o.minor != 9690 || left.Stage != StageDay {
		t.Errorf("without it: %d, stage %q: %v", o.minor, left.Stage, keys(actions))
	}
}
