package chat

import (
	"slices"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// The buttons of a reminder are about the visit that it reminds of, whatever else is held or talked about.
func TestAReminderSpeaksOfItsOwnVisit(t *testing.T) {
	for _, holds := range []bool{false, true} {
		for prefix, stage := range map[string]Stage{prefixRemindCancel: StageCancel, prefixRemindMove: StageDay} {
			c := talkOfVisits(t)
			if holds {
				c.holding()
			}
			c.run(Event{Told: &Told{Event: TellReminder, Key: "key", Visit: *c.friday()}})
			c.taps(prefix + c.friday().ID.String())
			c.wantAsked(stage, c.friday())
		}
		for intent, stage := range map[understand.Intent]Stage{understand.Cancel: StageCancel, understand.Move: StageDay} {
			c := talkOfVisits(t)
			if holds {
				c.holding()
			}
			c.run(Event{Told: &Told{Event: TellReminder, Key: "key", Visit: *c.friday()}})
			c.says(intent)
			c.wantAsked(stage, c.friday())
		}
	}
	c := talkOfVisits(t)
	c.thursday().Status = models.ReschedulePending
	c.s.Change, c.s.Stage = &Change{Goal: GoalMove, Visit: &c.thursday().ID}, StageDay
	c.taps(prefixRemindCancel + c.friday().ID.String())
	c.wantAsked(StageCancel, c.friday())
	c.wantDone("KeepVisit")
}

// "Cancel the Friday one" is no yes to the question about Thursday's visit.
func TestACancelThatNamesAnotherVisitIsAboutThatOne(t *testing.T) {
	for name, m := range map[string]understand.Meaning{
		"the Friday one":             {Intents: []understand.Intent{understand.Cancel}, Day: friday()},
		"no, cancel the Friday one":  {Intents: []understand.Intent{understand.No, understand.Cancel}, Day: friday()},
		"no, the Friday one":         {Intents: []understand.Intent{understand.No}, Day: friday()},
		"yes, the one with Dana":     {Intents: []understand.Intent{understand.Yes}, Stylists: []string{"dana"}},
		"leave it, cancel Friday":    {Intents: []understand.Intent{understand.Cancel}, Keep: true, Day: friday()},
		"cancel the one at 12":       {Intents: []understand.Intent{understand.Cancel}, At: new(12 * 60)},
		"no, the haircut with Dana!": {Intents: []understand.Intent{understand.No}, Services: []string{"CUT"}, Stylists: []string{"dana"}},
	} {
		for _, stage := range []Stage{StageCancel, StageInstead, StageForfeit} {
			c := talkOfVisits(t)
			c.s.Stage, c.s.Change = stage, &Change{Goal: GoalCancel, Visit: &c.thursday().ID, Version: 1}
			c.hears(m)
			if c.wantAsked(StageCancel, c.friday()); t.Failed() {
				t.Fatalf("%s in stage %q", name, stage)
			}
		}
	}
	c := talkOfVisits(t)
	c.says(understand.Cancel)
	c.hears(understand.Meaning{Day: &understand.Day{Year: 2026, Month: 10, Date: 8}})
	c.wantAsked(StageCancel, c.thursday())
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.Yes, understand.Cancel}, Day: &understand.Day{Year: 2026, Month: 10, Date: 8}})
	c.wantDone("CancelVisit")
}

// asked is Thursday's visit with the question whether to cancel it open.
func (c *changeTest) asked() {
	c.t.Helper()
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.Cancel}, Day: &understand.Day{Year: 2026, Month: 10, Date: 8}})
	c.wantAsked(StageCancel, c.thursday())
}

// A mere yes after something else was said is not taken for the yes to cancel: the question comes once more.
func TestAYesToSomethingElseCancelsNothing(t *testing.T) {
	for name, beside := range map[string]func(*changeTest){
		"a receipt": func(c *changeTest) {
			c.run(Event{Told: &Told{Event: TellPaymentReturned, Key: "key", Visit: *c.friday(), Payment: &models.Payment{}, Back: models.Money{Minor: 500, Currency: "EUR"}}})
		},
		"a reminder": func(c *changeTest) {
			c.run(Event{Told: &Told{Event: TellReminder, Key: "key", Visit: *c.thursday()}})
		},
		"their visits": func(c *changeTest) { c.says(understand.MyBooking) },
		"thanks":       func(c *changeTest) { c.says(understand.Thanks) },
		"people": func(c *changeTest) {
			c.s = c.s.heard(7)
		},
	} {
		c := talkOfVisits(t)
		c.asked()
		beside(c)
		c.says(understand.Yes)
		if c.wantAsked(StageCancel, c.thursday()); t.Failed() {
			t.Fatal(name)
		}
		c.says(understand.Yes)
		c.wantDone("CancelVisit")
	}
	c := talkOfVisits(t)
	c.asked()
	c.says(understand.Thanks)
	c.taps(prefixCancelYes + c.thursday().ID.String())
	c.wantDone("CancelVisit")
}

// A delay that is talked about while a visit is being cancelled comes back to the question, and asks it.
func TestADelayComesBackToTheQuestion(t *testing.T) {
	c := talkOfVisits(t)
	c.f.Near = []models.Appointment{*c.thursday()}
	c.asked()
	late := 10
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.Delay}, DelayMinutes: &late})
	c.wantDone("chat.late.noted")
	c.wantDone("chat.cancel.ask")
	c.wantAsked(StageCancel, c.thursday())
}

// Whoever is handed to people has no question open that a later "yes, thanks" could answer.
func TestAHandOffEndsAChange(t *testing.T) {
	c := talkOfVisits(t)
	c.holding()
	c.asked()
	c.says(understand.Person)
	if c.wantDone("HandOff manual_request"); c.s.Change != nil || c.s.Stage != StagePaying {
		t.Errorf("stage %q, change %+v; want the talk about paying", c.s.Stage, c.s.Change)
	}
	c.says(understand.Yes, understand.Thanks)
	c.wantNot("CancelVisit")
}

// A question about a visit that has ended while another one was open is not come back to.
func TestAVisitThatIsGoneIsNotAskedAbout(t *testing.T) {
	for name, beside := range map[string]func(*changeTest){
		"late": func(c *changeTest) {
			c.s.Late = &Lateness{Visit: c.friday().ID, Back: StageCancel}
			c.s.Stage = StageLate
		},
	} {
		for _, gone := range []string{"ended", "forgotten"} {
			c := talkOfVisits(t)
			c.f.Near = []models.Appointment{*c.friday()}
			c.asked()
			beside(c)
			if gone == "ended" {
				c.f.Visits = c.f.Visits[1:]
			} else {
				c.s.Change = nil
			}
			c.says(understand.No)
			if c.s.Change != nil || c.s.Stage.ofChange() {
				t.Errorf("%s, %s: stage %q, change %+v", name, gone, c.s.Stage, c.s.Change)
			}
			c.says(understand.Greeting)
		}
	}
	c := talkOfVisits(t)
	c.asked()
	stale := c.s
	c.f.Visits = c.f.Visits[1:]
	d := dialogue{s: stale, f: c.f, lang: "en"}
	if d.repeat(); d.s.Change != nil || !slices.Contains(keys(d.out), "chat.visits") {
		t.Errorf("the question again: said and did %q, change %+v; want the visits that stand", keys(d.out), d.s.Change)
	}
}

// A yes is about the visit as it was shown: one that was changed meanwhile is asked about anew.
func TestAYesIsAboutTheVisitAsShown(t *testing.T) {
	c := talkOfVisits(t)
	c.asked()
	c.thursday().Version++
	c.taps(prefixCancelYes + c.thursday().ID.String())
	if c.s.Stage != StageCancel || len(c.f.Visits) != 2 {
		t.Errorf("stage %q with %d visits, want the question again", c.s.Stage, len(c.f.Visits))
	}
	c.taps(prefixCancelYes + c.thursday().ID.String())
	if len(c.f.Visits) != 1 {
		t.Error("the visit as shown is not cancelled")
	}
}

// A tap on an old question about another visit asks that one, and lets the visit at hand stand.
func TestAnOldButtonAsksAnew(t *testing.T) {
	c := talkOfVisits(t)
	c.asked()
	c.taps(prefixCancelYes + c.friday().ID.String())
	c.wantAsked(StageCancel, c.friday())
}

// While a visit is moved its price may be asked, and the hold beside it counts as taken.
func TestMovingBesideAHold(t *testing.T) {
	c := talkOfVisits(t)
	c.holding()
	c.hears(understand.Meaning{
		Intents: []understand.Intent{understand.Move}, Away: &understand.Day{Year: 2026, Month: 10, Date: 8},
		Day: &understand.Day{Year: 2026, Month: 10, Date: 12}, Toward: true,
	})
	i := slices.IndexFunc(c.did, func(a Action) bool { _, ok := a.(FindSlots); return ok })
	if i < 0 {
		t.Fatalf("said and did %q, want a search", keys(c.did))
	}
	q := c.did[i].(FindSlots).Query
	if q.MovingID == nil || !slices.Contains(q.Busy, c.f.Hold.Span()) || !slices.Contains(q.Busy, c.friday().Span()) {
		t.Errorf("searched with %+v, want the hold and the other visit as taken", q)
	}
	c.says(understand.Price)
	c.wantDone("chat.slots.one")
	quoted := slices.ContainsFunc(c.did, func(a Action) bool {
		s, ok := a.(Say)
		return ok && slices.ContainsFunc(s.Lines, func(l Line) bool {
			return l.Key == "chat.quote" && l.Facts["Price"] == i18n.Money("en", models.Money{Minor: 2620, Currency: "EUR"})
		})
	})
	if !quoted {
		t.Errorf("the price while moving: %q", keys(c.did))
	}
}

// A deposit that is paid while another visit is moved ends neither the move nor what was to follow.
func TestPayingDoesNotEndAMove(t *testing.T) {
	c := talkOfVisits(t)
	c.holding()
	c.s.Next = &Request{Services: []string{"BROWS"}, NoPack: true, From: &Date{*friday()}, To: &Date{*friday()}}
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.Move}, Away: &understand.Day{Year: 2026, Month: 10, Date: 8}})
	c.wantAsked(StageDay, c.thursday())
	paid := *c.f.Hold
	paid.Status = models.Confirmed
	c.f.Hold, c.f.Visits = nil, append(c.f.Visits, paid)
	c.run(Event{Told: &Told{Event: TellBookingConfirmed, Key: "key", Visit: paid}})
	c.wantAsked(StageDay, c.thursday())
	c.hears(understand.Meaning{Keep: true})
	c.wantDone("chat.change.kept")
	if c.s.Change != nil || !slices.Equal(c.s.Request.Services, []string{"BROWS"}) {
		t.Errorf("request %+v, change %+v; want what was to follow", c.s.Request, c.s.Change)
	}
	if day := c.s.Request.From; day == nil || day.Date != paid.StartsAt.Day() {
		t.Errorf("looked for on %v, want the day of the first", day)
	}
}

// What was being paid is the talk again once a change is over, a group's with its people.
func TestAChangeKeepsWhatIsBeingPaid(t *testing.T) {
	c := talkOfVisits(t)
	c.holding()
	next, request := &Request{Services: []string{"BROWS"}}, c.s.Request
	c.s.Next = next
	c.asked()
	c.hears(understand.Meaning{Keep: true})
	if c.s.Stage != StagePaying || !sameRequest(c.s.Request, request) || c.s.Next == nil || !sameRequest(*c.s.Next, *next) {
		t.Errorf("stage %q, request %+v, next %+v; want what was before", c.s.Stage, c.s.Request, c.s.Next)
	}
	c.asked()
	c.s = c.s.woken()
	if c.s.Stage != StagePaying || !sameRequest(c.s.Request, request) || c.s.Next == nil {
		t.Errorf("after a silence: stage %q, request %+v, next %+v", c.s.Stage, c.s.Request, c.s.Next)
	}
	other := *c.f.Hold
	other.ForName = "Amira Stone"
	c.f.Party = []models.Appointment{*c.f.Hold, other}
	c.asked()
	c.s.Change.Paying = nil
	c.hears(understand.Meaning{Keep: true})
	guests := c.s.Request.Guests
	if len(guests) != 2 || !guests[0].self() || guests[1].fullName() != "Amira Stone" || !slices.Equal(guests[1].Services, []string{"CUT"}) {
		t.Errorf("the group is %+v", c.s.Request)
	}
}

// "I'll be there" answers the question about a visit, and takes nothing from an offer.
func TestIllBeThereKeepsTheVisit(t *testing.T) {
	c := talkOfVisits(t)
	c.asked()
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.No, understand.ConfirmVisit}})
	c.wantDone("chat.change.kept")
	c.wantNot("chat.reminder.confirmed")

	c = talkOfVisits(t)
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.Book}, Services: []string{"CUT"}, Day: friday()})
	if c.s.Stage != StageSlot {
		t.Fatalf("stage %q, want an offer", c.s.Stage)
	}
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.ConfirmVisit}})
	c.wantNot("chat.reminder.confirmed")
	c.run(Event{Told: &Told{Event: TellReminder, Key: "key", Visit: *c.friday()}})
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.ConfirmVisit}, At: new(18 * 60)})
	if c.wantDone("chat.reminder.here"); c.s.Stage != StageSlot {
		t.Errorf("stage %q, want the offer still", c.s.Stage)
	}
}

// A change that is left to people says when they are there again.
func TestALateCancellationSaysWhenPeopleAreBack(t *testing.T) {
	c := talkOfVisits(t)
	c.f.Opening = booking.Opening{}
	c.terms = checkout.CancelTerms{StaffOnly: true}
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.Cancel}, Day: friday()})
	d := dialogue{f: c.f, lang: "en"}
	c.wantDone("HandOff late_cancellation")
	for _, line := range d.reopens() {
		c.wantDone(line.Key)
	}
}

// "I'm late", said once more to the question whether to check, keeps what was open before.
func TestLateTwiceComesBack(t *testing.T) {
	c := talkOfVisits(t)
	c.f.Now = c.thursday().StartsAt.Add(-10 * time.Minute)
	c.f.Near = []models.Appointment{*c.thursday()}
	c.s.Stage, c.s.Request = StageDay, Request{Services: []string{"CUT"}, NoPack: true, Quoted: "CUT "}
	late := 30
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.Delay}, DelayMinutes: &late})
	if c.s.Stage != StageLate {
		t.Fatalf("stage %q, want the question whether to check", c.s.Stage)
	}
	c.says(understand.Delay)
	c.hears(understand.Meaning{DelayMinutes: &late, Intents: []understand.Intent{understand.Delay}})
	c.says(understand.No)
	if c.s.Stage != StageDay || c.s.Late != nil {
		t.Errorf("stage %q, late %+v; want the question for the day", c.s.Stage, c.s.Late)
	}
}

// A visit that is being moved may be late like any other.
func TestAVisitBeingMovedMayBeLate(t *testing.T) {
	c := talkOfVisits(t)
	c.thursday().Status = models.ReschedulePending
	if near := nearby(c.f.Visits, c.thursday().StartsAt); len(near) != 1 {
		t.Errorf("%d visits are near, want the one being moved", len(near))
	}
}

// A question that was answered beside a yes is answered.
func TestAYesWithAQuestionAnswersBoth(t *testing.T) {
	c := talkOfVisits(t)
	c.f.FAQs = []models.FAQ{{Key: content.FAQHours, Answers: models.Text{"en": "We are open."}}}
	c.asked()
	c.hears(understand.Meaning{Intents: []understand.Intent{understand.Yes, understand.AskFAQ}, FAQs: []string{content.FAQHours}})
	c.wantDone("CancelVisit")
	c.wantDone("Answered")
}
