package chat

import (
	"slices"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Step decides what a message, or the result of an action, leads to. It is pure: the same state and
// event always give the same state and actions; it knows no clock, no database and no network.
func Step(s State, ev Event) (State, []Action) {
	d := dialogue{s: s, f: ev.Facts, lang: ev.Language}
	d.s.V, d.s.At = stateVersion, ev.Facts.Now
	d.s.own()
	switch {
	case ev.Heard != nil:
		d.s.lead, d.s.closedDay = nil, false
		d.words = ev.Heard.Content.Text
		d.hear(ev.Heard.Content, ev.Heard.Meaning)
	case ev.Found != nil:
		d.found(*ev.Found)
	case ev.Held != nil:
		d.held(*ev.Held)
	case ev.Terms != nil:
		d.termed(*ev.Terms)
	case ev.Changed != nil:
		d.made(*ev.Changed)
	case ev.Failure != nil:
		d.reported(*ev.Failure)
	case ev.Told != nil:
		d.told(*ev.Told)
	case ev.FoundTogether != nil:
		d.foundTogether(*ev.FoundTogether)
	case ev.HeldTogether != nil:
		d.heldTogether(*ev.HeldTogether)
	case ev.Noted != nil:
		d.phoneNoted(*ev.Noted)
	case ev.Delayed != nil:
		d.delayed(*ev.Delayed)
	case d.happensInShop(ev):
	case ev.Recalled != nil:
		d.recalled(*ev.Recalled)
	}
	d.markAside()
	return d.s, d.out
}

// own keeps what is changed in place from the state that was given.
func (s *State) own() {
	if s.Change != nil {
		change := *s.Change
		s.Change = &change
	}
	if s.Late != nil {
		late := *s.Late
		s.Late = &late
	}
}

// markAside notes whether the question about a visit was the last thing said.
func (d *dialogue) markAside() {
	c := d.s.Change
	switch {
	case c == nil:
	case d.asked:
		c.Aside = false
	case slices.ContainsFunc(d.out, func(a Action) bool { _, said := a.(Say); return said }):
		c.Aside = true
	}
}

// dialogue is one Step at work.
type dialogue struct {
	s     State
	f     Facts
	lang  models.Language
	words string // what the customer wrote, for a hand-off's trigger
	out   []Action
	asked bool // a question was asked
	// reminded is the visit whose reminder the message answers; nil when that was not the last thing it may answer.
	reminded *models.ID
}

// hear takes a customer's message.
func (d *dialogue) hear(c models.Content, m understand.Meaning) {
	if c.Kind == models.KindReaction {
		d.reacted(c.Text) // else a heart on our words asks for nothing
		return
	}
	d.s.speak(m)
	d.introduce()
	m = d.sure(m)
	if c.Kind == models.KindMedia && c.MediaType == "image" && d.f.Shopper != nil {
		d.do(KeepPhoto{})
		if c.Text == "" {
			return // what becomes of it is said
		}
	}
	if (c.Kind == models.KindMedia || c.Kind == models.KindUnsupported) && c.Text == "" {
		d.greet()
		d.remark(say("chat.media", nil))
		return
	}
	if d.writesToShop(c, m) {
		d.s.Unclear, d.s.Chats = 0, 0
		return
	}
	d.consent(m)
	if d.offersPhone(m) {
		return // somebody else's number is no wish to be called
	}
	if d.urgent(m) || d.onlyConsent(m) {
		return
	}
	if d.shops(c, m) {
		d.s.Unclear, d.s.Chats = 0, 0
		return
	}
	if d.f.Customer == nil {
		d.meet(m)
		return
	}
	d.greet()
	d.noticeLapse()
	if d.leavesParty(m) || d.renames(m) || d.renamed(m) || d.answersUnfound(m) || d.answersReminder(m) || d.changing(m) || d.elsewhere(m) || d.paying(m) {
		d.s.Unclear, d.s.Chats = 0, 0
		return
	}
	answered := d.answerFAQs(m.FAQs, m.Day)
	if answered && d.settledOn() && !m.Intents.Has(understand.Book) {
		m = timeless(m)
	}
	if d.answer(m) || d.understood(m) {
		d.s.Unclear, d.s.Chats, d.s.Nodded = 0, 0, false
		return
	}
	d.smallTalk(m, answered)
}

// introduce says once who is speaking and where the privacy notice is (R-202, R-1005).
func (d *dialogue) introduce() {
	if d.f.Customer != nil || d.s.Introduced {
		return
	}
	d.s.Introduced = true
	d.lead(say("chat.intro", i18n.Facts{
		"Assistant": d.f.Policies.AssistantName.In(d.lang), "Emoji": d.f.Policies.SalonEmoji, "URL": d.f.PrivacyURL,
	}))
}

// greet says hello to a known customer, once in a conversation.
func (d *dialogue) greet() {
	if d.f.Customer == nil || d.s.Greeted {
		return
	}
	d.s.Greeted = true
	d.lead(say("chat.hello", i18n.Facts{"Name": firstName(d.f.Customer.Name)}))
	d.consulted()
}

// urgent hands over what no assistant may handle, before anything else: a wish for a person in any
// state, health, a complaint. A new customer with a health question is asked for the
// name first (S04).
func (d *dialogue) urgent(m understand.Meaning) bool {
	switch {
	case m.Intents.Has(understand.Person):
		d.handOff(models.ReasonManualRequest, say("chat.handoff.manual_request", nil), say("case.asks.person", nil))
	case m.Intents.Has(understand.Health):
		d.concern(m)
	case m.Intents.Has(understand.Complaint):
		d.handOff(models.ReasonComplaint, say("chat.handoff.complaint", nil), say("case.asks.complaint", nil))
	default:
		return false
	}
	d.s.Unclear, d.s.Chats = 0, 0
	return true
}

func (d *dialogue) concern(m understand.Meaning) {
	c := Concern{Reason: models.ReasonMedical, Topic: m.HealthTopic, Trigger: d.words}
	if d.f.Customer != nil {
		d.handOverConcern(c)
		return
	}
	asked := d.s.Stage == StageName
	d.s.Concern = &c
	if asked {
		d.handOverConcern(c) // the name was asked already; health does not wait for it
		return
	}
	d.askName()
}

func (d *dialogue) handOverConcern(c Concern) {
	topic := string(c.Topic)
	if topic == "" {
		topic = "other"
	}
	d.words = c.Trigger
	d.s.Concern = nil
	d.handOff(c.Reason, say("chat.handoff.medical", nil),
		say("case.health", i18n.Facts{"Topic": say("case.health."+topic, nil)}))
}

// handOff gives the conversation to staff and says so; from then on the bot is silent (rule 5).
func (d *dialogue) handOff(reason models.HandoffReason, announcement, why Line) {
	var visit *models.ID
	if d.f.Hold != nil {
		visit = &d.f.Hold.ID
	}
	d.handOffVisit(reason, visit, announcement, why)
}

func (d *dialogue) handOffVisit(reason models.HandoffReason, visit *models.ID, announcement Line, why ...Line) {
	d.handOver(HandOff{Reason: reason, Visit: visit, Summary: append(why, d.summary()...), Trigger: d.words}, announcement)
}

// handOver opens a case and says so. A visit that was being changed stands where it is, and no colleague is offered
// any more: what it is asked for from now on is asked of people.
func (d *dialogue) handOver(h HandOff, announcement Line) {
	d.s.Unclear, d.s.Chats, d.s.NameTries = 0, 0, 0
	d.leaveChange()
	d.s.withdraw()
	d.do(h)
	d.do(Say{Class: models.ClassHandoff, Cause: "handoff", Lines: append(append(d.takeLead(), announcement), d.reopens()...)})
}

// summary tells staff who this is and what they want, in at most four lines.
func (d *dialogue) summary() []Line {
	lines := []Line{say("case.new", nil)}
	if c := d.f.Customer; c != nil {
		key := "case.known"
		if c.LastVisitAt == nil {
			key = "case.new.named"
		}
		lines[0] = say(key, i18n.Facts{"Name": c.FullName()})
	}
	if what := d.wanted(); what != "" {
		lines = append(lines, say("case.wants", i18n.Facts{"What": what}))
	}
	if d.f.Hold != nil {
		lines = append(lines, say("case.hold", i18n.Facts{"Visit": d.visitLine(*d.f.Hold)}))
	}
	if len(d.f.Visits) > 0 {
		lines = append(lines, say("case.visit", i18n.Facts{"Visit": d.visitLine(d.f.Visits[0])}))
	}
	return lines
}

// lead keeps a line to be said before the next question of this turn.
func (d *dialogue) lead(lines ...Line) { d.s.lead = append(d.s.lead, lines...) }

func (d *dialogue) takeLead() []Line {
	lines := d.s.lead
	d.s.lead = nil
	return lines
}

// sayLead says what was kept for a question that does not come.
func (d *dialogue) sayLead() {
	if len(d.s.lead) > 0 {
		d.remark()
	}
}

func (d *dialogue) do(a Action) { d.out = append(d.out, a) }

// remark says something that asks nothing; the open question and its options stay.
func (d *dialogue) remark(lines ...Line) {
	d.do(Say{Class: models.ClassReply, Cause: "turn", Lines: append(d.takeLead(), lines...)})
}

// ask says a question and leaves it open; its options replace those shown before.
func (d *dialogue) ask(stage Stage, label string, choices []Choice, lines ...Line) {
	d.leaveShop()
	d.s.Stage, d.s.Options, d.asked = stage, nil, true
	d.do(Say{Class: models.ClassReply, Cause: "turn", Lines: append(d.takeLead(), lines...), Options: choices, Label: label})
}

// askNumbered asks a question whose text lists the options itself, with numbers.
func (d *dialogue) askNumbered(stage Stage, label string, choices []Choice, lines ...Line) {
	d.leaveShop()
	d.s.Stage, d.s.Options, d.asked = stage, nil, true
	d.do(Say{
		Class: models.ClassReply, Cause: "turn", Lines: append(d.takeLead(), lines...),
		Options: choices, Label: label, Numbered: true,
	})
}
