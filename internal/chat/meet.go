package chat

import (
	"slices"
	"strings"
	"unicode"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// meet is the name check of a new customer (R-202 … R-204). What they ask for meanwhile is kept and
// taken up once the name is known.
func (d *dialogue) meet(m understand.Meaning) {
	asked := d.s.Stage == StageName
	tap := m.OptionID
	if asked && tap == optionNameNo {
		m.Intents = append(m.Intents, understand.No)
	}
	if asked && tap == optionNameYes {
		m.Intents = append(m.Intents, understand.Yes)
	}
	name, known := d.nameIn(m, asked)
	news := d.keep(m)
	switch {
	case known:
		d.register(name)
	case d.s.Concern != nil && asked:
		d.handOverConcern(*d.s.Concern) // the name is not worth a second question (S04)
	case !asked:
		d.noted(news)
		d.askName()
	case m.Intents.Has(understand.No) && !d.s.NameAsked:
		d.s.NameAsked = true
		d.askAgain("chat.name.other")
	case news || m.Intents.Has(understand.Greeting, understand.Thanks, understand.SwitchLanguage) || m.Social:
		d.noted(news)
		d.askName()
	default:
		d.nameMissed()
	}
}

// nameMissed counts an answer that held no name; the second one goes to staff (P.name.max_attempts).
func (d *dialogue) nameMissed() {
	d.s.NameTries++
	if d.s.NameTries >= d.f.Policies.NameMaxAttempts {
		d.handOff(models.ReasonNameUnclear, say("chat.handoff.name_unclear", nil), say("case.asks.name", nil))
		return
	}
	d.s.NameAsked = true
	d.askAgain("chat.name.retry")
}

// noted says that the request is remembered, when there is news to it.
func (d *dialogue) noted(news bool) {
	if news {
		d.lead(say("chat.noted", nil))
	}
}

// nameIn finds the name in an answer: a yes to the profile name, or a name that was given. A yes
// beside the same name in another script ("نعم، أنا نور") keeps the name that was asked about.
func (d *dialogue) nameIn(m understand.Meaning, asked bool) (understand.PersonName, bool) {
	profile := understand.PersonName{Given: strings.TrimSpace(d.f.Profile)}
	yes := asked && !d.s.NameAsked && m.Intents.Has(understand.Yes)
	switch {
	case m.Name == nil || m.Name.Given+m.Name.Family == "":
		return profile, yes
	case yes && script(m.Name.Given) != script(profile.Given):
		return profile, true
	case m.Name.Given == "":
		return understand.PersonName{Given: m.Name.Family}, true
	default:
		return *m.Name, true
	}
}

// script tells Arabic letters from others.
func script(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Arabic, r) })
}

// keep remembers what a message asks for while the name is still open, and tells whether it asked
// for anything.
func (d *dialogue) keep(m understand.Meaning) bool {
	own := d.ownMatter(m)
	news := false
	switch {
	case own: // the day it names is that of a visit they have
		news = d.saysMore(m)
	case m.Intents.Has(understand.Cancel) && !d.saysMore(m):
		d.s.Request, d.s.Wish = Request{}, nil
		return true
	default:
		news = d.merge(m)
	}
	if m.Day != nil && len(m.FAQs) > 0 {
		d.s.AskedDay = &Date{*m.Day}
	}
	for _, key := range m.FAQs {
		if !contains(d.s.FAQs, key) {
			d.s.FAQs = append(d.s.FAQs, key)
			news = true
		}
	}
	return d.keepWish(m, own) || news
}

// ownMatter tells whether a message is about a visit or a payment that its writer believes to have, or tells more
// about the one that they wrote of before. What was asked for in this conversation may be moved or given up.
func (d *dialogue) ownMatter(m understand.Meaning) bool {
	if !m.Intents.Has(ownMatters()...) {
		w := d.s.Wish
		return w != nil && w.Intents.Has(ownMatters()...) && !m.Intents.Has(newMatters()...)
	}
	other := func(code string) bool { return !contains(d.s.Request.Services, code) }
	return d.s.Request.empty() || !m.Intents.Has(understand.Cancel, understand.Move) ||
		m.Intents.Has(understand.Cancel) && slices.ContainsFunc(m.Services, other)
}

// newMatters are the intents about a visit that is yet to be booked.
func newMatters() []understand.Intent {
	return []understand.Intent{
		understand.Book, understand.Usual, understand.ListServices, understand.Undecided, understand.Price, understand.Duration,
	}
}

// keepWish remembers a wish that is no new visit, and tells whether there was one.
func (d *dialogue) keepWish(m understand.Meaning, own bool) bool {
	others := []understand.Intent{understand.ListServices, understand.Undecided, understand.Usual}
	if !m.Intents.Has(others...) && !(own && m.Intents.Has(ownMatters()...)) {
		if w := d.s.Wish; w != nil && w.Intents.Has(understand.Undecided) && len(m.Services) > 0 {
			d.s.Wish = nil // decided meanwhile
		}
		return false
	}
	before := d.s.Wish
	wish := Wish{m.Intents, d.words}
	if before != nil && (own || before.Intents.Has(ownMatters()...)) {
		wish = before.with(wish)
	}
	d.s.Wish = &wish
	return before == nil || slices.ContainsFunc(wish.Intents, func(i understand.Intent) bool { return !before.Intents.Has(i) })
}

// wordsKept is from how many bytes on no further words join those of a wish: a case shows no more of them.
const wordsKept = 1000

// with is a wish with what was said later. What they want of a visit of theirs is what they said last.
func (w Wish) with(later Wish) Wish {
	intents := slices.Clone(w.Intents)
	if later.Intents.Has(ownMatters()...) {
		intents = slices.DeleteFunc(intents, func(i understand.Intent) bool { return slices.Contains(ownMatters(), i) })
	}
	words := w.Words
	if len(words) < wordsKept {
		words += "\n" + later.Words
	}
	return Wish{append(intents, later.Intents...), words}
}

func (d *dialogue) askName() {
	d.s.NameAsked = d.s.NameAsked || !understand.Reliable(d.f.Profile)
	if d.s.NameAsked {
		d.askAgain("chat.name.open")
		return
	}
	d.ask(StageName, "", []Choice{
		{ID: optionNameYes, Titles: []Line{say("chat.name.button.yes", nil)}},
		{ID: optionNameNo, Titles: []Line{say("chat.name.button.no", nil)}},
	}, say("chat.name.confirm", i18n.Facts{"Name": strings.TrimSpace(d.f.Profile)}))
}

func (d *dialogue) askAgain(key string) { d.ask(StageName, "", nil, say(key, nil)) }

// register makes the customer and takes up what they came for.
func (d *dialogue) register(name understand.PersonName) {
	d.do(Register{Name: name.Given, Surname: name.Family})
	d.f.Customer = &models.Customer{Name: name.Given, Surname: name.Family, Language: d.lang}
	d.s.Stage, d.s.NameTries, d.s.Unclear, d.s.Greeted, d.s.Options = StageOpen, 0, 0, true, nil
	if d.s.Concern != nil {
		d.handOverConcern(*d.s.Concern)
		return
	}
	d.lead(say("chat.welcome", i18n.Facts{"Name": firstName(name.Given)}))
	pending, day := d.s.FAQs, d.s.AskedDay
	d.s.FAQs, d.s.AskedDay = nil, nil
	answered := d.answerFAQs(pending, day.day())
	wish := d.s.Wish
	d.s.Wish = nil
	switch {
	case wish != nil && d.granted(*wish):
	case !d.s.Request.empty():
		d.advance()
	case answered:
		d.afterAnswers()
	default:
		d.remark(say("chat.help", nil))
	}
}

// granted takes up a wish that waited for the name.
func (d *dialogue) granted(w Wish) bool {
	given := d.words
	d.words = w.Words // what staff read, if it goes to them
	defer func() { d.words = given }()
	m := understand.Meaning{Intents: w.Intents}
	switch {
	case w.Intents.Has(ownMatters()...) && (d.elsewhere(m) || d.paying(m)):
	case d.wantsUsual(understand.Meaning{Intents: w.Intents, Services: d.s.Request.Services, Ambiguous: d.s.Request.Which}):
		d.do(Recall{})
	case w.Intents.Has(understand.Undecided):
		m.Services, m.Ambiguous = d.s.Request.Services, d.s.Request.Which
		d.undecided(m)
	case len(d.s.Request.Services)+len(d.s.Request.Which) > 0 || w.Intents.Has(understand.Usual):
		return false // they have named what they want by now, or whom it is for
	default:
		d.askService()
	}
	return true
}

// firstName is what to call somebody: the given name, unless that is a mere initial.
func firstName(name string) string {
	given := understand.Given(name)
	if len([]rune(strings.Trim(given, "."))) < 2 {
		return strings.TrimSpace(name)
	}
	return given
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}
