package chat

import (
	"strings"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// maxAnswers is how many questions one bubble answers; more would be a leaflet (150 words, R-213).
const maxAnswers = 3

// answerFAQs answers questions about the salon, and about its opening on a day, in the next bubble. It tells
// whether there were any.
func (d *dialogue) answerFAQs(keys []string, day *understand.Day) bool {
	answered := 0
	dated := d.opening(keys, day)
	if dated {
		d.do(Answered{content.FAQHours})
		answered++
	}
	for _, faq := range d.f.FAQs {
		if !contains(keys, faq.Key) || answered == maxAnswers || dated && faq.Key == content.FAQHours {
			continue
		}
		answer := Line{Body: faq.Answers.In(d.lang), Facts: d.salonFacts(faq)}
		if !answer.complete() {
			continue
		}
		d.lead(answer)
		d.do(Answered{faq.Key})
		answered++
	}
	return answered > 0
}

// settledOn tells whether a time is chosen, or held: "until when are you open today?" asks for no other then.
func (d *dialogue) settledOn() bool {
	return d.s.Stage == StageSurname || d.s.Stage == StagePaying && d.f.Hold != nil
}

// timeless is a message without the day and the hour that its question was about.
func timeless(m understand.Meaning) understand.Meaning {
	m.Day, m.Days, m.Part, m.At, m.About, m.NotBefore, m.NotAfter = nil, nil, understand.AnyPart, nil, false, nil, nil
	return m
}

// complete tells whether every fact of a body is there: an answer with a gap is not given.
func (l Line) complete() bool {
	names, ok := content.Placeholders(l.Body)
	for _, name := range names {
		fact, known := l.Facts[name]
		ok = ok && known && fact != ""
	}
	return ok
}

// salonFacts are what answers may speak of: hours, terms, deposit, all from today's policies.
func (d *dialogue) salonFacts(faq models.FAQ) i18n.Facts {
	p := d.f.Policies
	return i18n.Facts{
		"URL": faq.URL, "Hours": openingLine(d.lang, d.f.Hours),
		"RefundHours": hoursLine(p.CancelRefundHours), "StaffOnlyHours": hoursLine(p.CancelStaffOnlyHours),
		"DepositPercent": p.DepositPercent, "HoldMinutes": minutesLine(p.HoldMinutes),
	}
}

// smallTalk answers what is neither an answer nor a request, and comes back to the open question.
func (d *dialogue) smallTalk(m understand.Meaning, answered bool) {
	in := m.Intents
	open := d.s.Stage == StageOpen || d.s.Stage == StagePaying
	known := true
	switch {
	case in.Has(understand.SwitchLanguage):
		d.lead(say("chat.language", nil))
		d.repeat()
	case answered && open:
		d.afterAnswers()
	case answered:
		d.repeat()
	case in.Has(understand.Thanks):
		d.remark(say("chat.thanks", nil))
	case in.Has(understand.Goodbye):
		d.remark(say("chat.bye", nil))
	case m.Social && d.s.Chats < maxChats:
		d.chat()
	case m.Social:
		known = false
		d.unclear()
	case in.Has(understand.Greeting):
		if len(d.s.lead) == 0 {
			d.lead(say("chat.hello.anyone", nil))
		}
		d.repeat()
	case d.s.Stage == StagePaying && in.Has(understand.Yes, understand.No, understand.Book):
		d.waiting()
	case d.s.Stage == StageOpen && in.Has(understand.No):
		d.remark(say("chat.fine", nil))
	case in.Has(understand.No) && (d.s.Stage == StageDay || d.s.Stage == StageService || d.s.Stage == StageMixed):
		d.settle() // "no thanks, I was only asking"
		d.remark(say("chat.fine", nil))
	case d.s.Stage == StageOpen && in.Has(understand.Yes):
		d.repeat()
	case d.s.Stage == StageDay && in.Has(understand.Yes) && !d.s.Nodded:
		d.s.Nodded = true
		d.ask(StageDay, "", nil, say("chat.day.again", nil))
	default:
		known = false
		d.unclear()
	}
	if known {
		d.s.Unclear = 0
	}
	if known && !m.Social {
		d.s.Chats = 0
	}
}

// maxChats is how many lines of small talk in a row are answered as such: the second leads back to what the salon
// is there for, and what follows is an unclear turn.
const maxChats = 2

func (d *dialogue) chat() {
	key := "chat.social"
	if d.s.Chats > 0 {
		key = "chat.social.back"
	}
	d.s.Chats++
	d.lead(say(key, nil))
	d.repeat()
}

// unclear asks again, kindly; the third time in a row a person takes over (R-240, P.clarify.max).
func (d *dialogue) unclear() {
	d.s.Unclear++
	if d.s.Unclear >= d.f.Policies.ClarifyMax {
		d.handOff(models.ReasonAmbiguity, say("chat.handoff.ambiguity", nil), say("case.asks.unclear", nil))
		return
	}
	if d.s.Stage == StageConsult {
		if !d.s.Request.Reasked {
			d.lead(say("chat.unclear", nil))
		}
		d.consultAgain()
		return
	}
	if d.s.Stage == StageSurname {
		d.ask(StageSurname, "", nil, say("chat.surname.retry", nil))
		return
	}
	d.lead(say("chat.unclear", nil))
	d.repeat()
}

// wanted puts the request into words for staff.
func (d *dialogue) wanted() string {
	r, o := d.s.Request, d.order()
	var parts []string
	services := o.services
	if o.pack != nil {
		parts, services = append(parts, o.pack.Names.In(d.lang)), o.beside
	}
	for _, s := range services {
		parts = append(parts, s.Names.In(d.lang))
	}
	if r.From != nil {
		parts = append(parts, i18n.Day(d.lang, r.From.In(d.f.Now.Location())))
	}
	if r.Stylist != nil {
		parts = append(parts, d.stylistName(*r.Stylist))
	}
	return strings.Join(parts, comma(d.lang))
}

// serviceNames names the pack of a visit and what is beside it, or its services in order, whether or not they are offered still.
func serviceNames(menu booking.Menu, v models.Appointment, lang models.Language) string {
	var names []string
	for _, name := range menu.NamesOf(v) {
		names = append(names, name.In(lang))
	}
	return strings.Join(names, " + ")
}
