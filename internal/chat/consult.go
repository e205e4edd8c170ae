package chat

import (
	"slices"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// sure drops an indecision that the salon does not count as one (P.indecision.confidence, R-306).
func (d *dialogue) sure(m understand.Meaning) understand.Meaning {
	if m.Indecision < d.f.Policies.IndecisionPercent {
		m.Intents = slices.DeleteFunc(slices.Clone(m.Intents), func(i understand.Intent) bool { return i == understand.Undecided })
	}
	return m
}

// hesitates answers somebody who does not know: which service they want, or what the open question asks.
func (d *dialogue) hesitates(m understand.Meaning) {
	if len(m.Services)+len(m.Ambiguous) == 0 {
		switch d.s.Stage {
		case StageOpen, StageService, StageWhich:
		case StageConsult:
			d.consultAgain()
			return
		case StageDay: // whenever there is time
			m.AnyDay = true
			d.mergeRest(m)
			d.advance()
			return
		case StageStylist:
			m.AnyStylist = true
			d.mergeRest(m)
			d.advance()
			return
		default:
			d.repeat()
			return
		}
	}
	d.undecided(m)
}

// undecided puts the services somebody hesitates between side by side and offers the free consultation;
// once that was declined they are asked which it shall be.
func (d *dialogue) undecided(m understand.Meaning) {
	r := &d.s.Request
	between := d.paid(m.Services, m.Ambiguous)
	if len(between) == 0 {
		between = d.paid(r.Between, r.Which)
	}
	if m.Topic != "" {
		r.Topic = m.Topic
	}
	d.mergeRest(m)
	r.Services, r.Which, r.Pack, r.Proposed, r.Quoted, r.Between = nil, nil, "", "", "", between
	if r.Advised || len(d.consultations()) == 0 {
		d.present()
		return
	}
	r.Reasked = false
	d.offerConsultation()
}

// paid lists the services of today's menu that cost something, each once.
func (d *dialogue) paid(named []string, fits [][]string) []string {
	var list []string
	for _, code := range slices.Concat(append([][]string{named}, fits...)...) {
		if s, ok := d.f.Menu.Service(code); ok && s.PriceMinor > 0 && !contains(list, code) {
			list = append(list, code)
		}
	}
	return list
}

// consultations are the free services that would help: of the categories hesitated between, or of both.
func (d *dialogue) consultations() []models.Service {
	var list []models.Service
	for _, c := range []models.Category{models.Hair, models.Aesthetics} {
		between, topic := d.s.Request.Between, d.s.Request.Topic
		helps := len(between) == 0 && (topic == "" || topic == c) || slices.ContainsFunc(between, func(code string) bool {
			s, ok := d.f.Menu.Service(code)
			return ok && s.Category == c
		})
		if s, ok := d.f.Menu.Consultation(c); ok && helps {
			list = append(list, s)
		}
	}
	return list
}

func (d *dialogue) offerConsultation() {
	var lines []Line
	for _, code := range d.s.Request.Between {
		if s, ok := d.f.Menu.Service(code); ok {
			lines = append(lines, d.priceLine(s.Names.In(d.lang), s.Minutes, s.PriceMinor))
		}
	}
	if len(lines) > 0 {
		d.lead(block(lines...))
	}
	d.askConsultation("chat.consult.offer")
}

// askConsultation asks whether the free consultation is wanted; for hair or for beauty when it may be
// either.
func (d *dialogue) askConsultation(key string) {
	offered := d.consultations()
	if len(offered) == 0 {
		d.present()
		return
	}
	no := Choice{ID: optionConsultNo, Titles: []Line{say("chat.consult.button.no", nil)}}
	facts := i18n.Facts{"Minutes": minutesLine(offered[0].Minutes)}
	if len(offered) == 1 {
		d.ask(StageConsult, "", []Choice{{ID: optionConsultYes, Titles: []Line{say("chat.consult.button.yes", nil)}}, no}, say(key, facts))
		return
	}
	d.ask(StageConsult, "", append(d.categoryChoices(prefixConsult), no), say(key+".which", facts))
}

// consultAgain asks a second time; after that no answer is a no.
func (d *dialogue) consultAgain() {
	if d.s.Request.Reasked {
		d.declineConsultation()
		return
	}
	d.s.Request.Reasked = true
	d.askConsultation("chat.consult.again")
}

// answerConsult takes a yes or no to the consultation, and anything that decides the matter without it.
func (d *dialogue) answerConsult(m understand.Meaning) bool {
	r := &d.s.Request
	offered := d.consultations()
	named := len(m.Services)+len(m.Ambiguous) > 0
	wanted := d.wantedConsultations(m, offered)
	yes, no := m.Intents.Has(understand.Yes, understand.Book), m.Intents.Has(understand.No)
	switch {
	case len(wanted) == 1 && !no:
		return d.consult(wanted[0].Category, m)
	case named && len(wanted) == 0, m.Intents.Has(understand.Undecided): // decided after all, or not at all
		return false
	case m.Intents.Has(understand.Price, understand.Duration):
		d.offerConsultation()
	case no:
		d.declineConsultation()
	case m.Both && len(r.Between) > 1:
		r.Services = r.Between
		d.mergeRest(m)
		d.advance()
	case m.Choice > 0 && m.Choice <= len(r.Between) && len(offered) == 1 && !yes && len(r.Between) > 1: // "the first one" of the two
		r.Services = []string{r.Between[m.Choice-1]}
		d.mergeRest(m)
		d.advance()
	case yes || d.when(m) || named:
		if m.OptionID != "" && len(offered) > 1 {
			return false // a tap says which
		}
		return d.agreed(offered, m)
	default:
		return false
	}
	return true
}

// agreed books the consultation offered; of two it has to be asked which.
func (d *dialogue) agreed(offered []models.Service, m understand.Meaning) bool {
	if len(offered) == 1 {
		return d.consult(offered[0].Category, m)
	}
	d.mergeDay(m)
	d.mergeTime(m)
	d.askConsultation("chat.consult.again")
	return true
}

// wantedConsultations are those of the offered consultations that a message names: "the consultation"
// names them all.
func (d *dialogue) wantedConsultations(m understand.Meaning, offered []models.Service) []models.Service {
	var list []models.Service
	for _, s := range offered {
		if slices.Contains(slices.Concat(append([][]string{m.Services}, m.Ambiguous...)...), s.Code) {
			list = append(list, s)
		}
	}
	return list
}

// when tells whether a message says when to come, as an answer and not within a question of its own.
func (d *dialogue) when(m understand.Meaning) bool {
	return len(m.FAQs) == 0 && (m.Day != nil || m.Days != nil || m.AnyDay || m.Earliest || m.Part != understand.AnyPart ||
		m.At != nil || m.NotBefore != nil || m.NotAfter != nil)
}

// consult goes on with the free consultation of a category.
func (d *dialogue) consult(c models.Category, m understand.Meaning) bool {
	s, ok := d.f.Menu.Consultation(c)
	if !ok {
		return false
	}
	r := &d.s.Request
	told := d.s.Stage == StageConsult
	r.Services, r.Which, r.Pack, r.Proposed = []string{s.Code}, nil, "", ""
	if told {
		r.Quoted = d.order().key() // its length was in the offer
	}
	d.mergeRest(m)
	d.advance()
	return true
}

// tappedConsult takes a button of the offer, old ones too.
func (d *dialogue) tappedConsult(what string, m understand.Meaning) bool {
	switch what {
	case "yes":
		return d.agreed(d.consultations(), m)
	case "no":
		if len(d.s.Request.Services) > 0 {
			return false // they have gone on since
		}
		d.declineConsultation()
		return true
	default:
		return d.consult(models.Category(what), m)
	}
}

func (d *dialogue) declineConsultation() {
	d.s.Request.Advised = true
	d.present()
}

// present goes on without a consultation: with the one service there is, the choice between several, or
// the question what it shall be.
func (d *dialogue) present() {
	r := &d.s.Request
	switch len(r.Between) {
	case 0:
		d.askService()
	case 1:
		r.Services = r.Between
		d.advance()
	default:
		r.Which = [][]string{r.Between}
		d.advance()
	}
}

// consulted mentions a recent or coming free consultation to somebody who comes back (S08).
func (d *dialogue) consulted() {
	for _, v := range d.f.Visits {
		if v.TotalMinor == 0 {
			d.lead(say("chat.hello.consult", i18n.Facts{"Slot": d.slotLine(slotOfVisit(v))}))
			return
		}
	}
	if v := d.f.Consulted; v != nil {
		at := v.StartsAt.In(d.f.Now.Location())
		d.lead(say("chat.hello.consulted", i18n.Facts{"Day": i18n.Day(d.lang, at), "Stylist": d.stylistName(v.StylistID)}))
	}
}
