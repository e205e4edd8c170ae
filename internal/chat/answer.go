package chat

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Ids of options. They carry all they mean, so that a tap on an older message is still understood.
const (
	optionNameYes    = "name:yes"
	optionNameNo     = "name:no"
	optionPackYes    = "pack:yes"
	optionPackNo     = "pack:no"
	optionAgainYes   = "again:yes"
	optionAgainNo    = "again:no"
	optionOther      = "slot:other"
	optionAnyStylist = "stylist:any"

	prefixService  = "service:"
	prefixCategory = "category:"
	prefixPage     = "services:" // services:hair:2
	prefixStylist  = "stylist:"
	prefixSlot     = "slot:" // slot:<stylist>:<start, Unix seconds>
)

func slotID(s Slot) string {
	return prefixSlot + s.StylistID.String() + ":" + strconv.FormatInt(s.Start.Unix(), 10)
}

// slotOf reads a slot's id; its end is for the request to say.
func slotOf(id string) (Slot, bool) {
	stylist, at, ok := strings.Cut(strings.TrimPrefix(id, prefixSlot), ":")
	if !ok || !strings.HasPrefix(id, prefixSlot) {
		return Slot{}, false
	}
	var s Slot
	if err := s.StylistID.UnmarshalText([]byte(stylist)); err != nil {
		return Slot{}, false
	}
	unix, err := strconv.ParseInt(at, 10, 64)
	s.Start = time.Unix(unix, 0)
	return s, err == nil
}

// answer reads the message as an answer to the open question, or as a tap on any button. It tells
// whether it was one.
func (d *dialogue) answer(m understand.Meaning) bool {
	if m.OptionID != "" && d.tapped(m.OptionID, m) {
		return true
	}
	switch d.s.Stage {
	case StageWhich:
		return d.answerWhich(m)
	case StagePack:
		return d.answerPack(m)
	case StageStylist:
		return d.answerStylist(m)
	case StageSlot:
		return d.answerSlot(m)
	case StageSurname:
		return d.answerSurname(m)
	case StageAgain:
		return d.answerAgain(m)
	default:
		return false
	}
}

// tapped takes an option by its id, whichever question it belonged to; what the same message says
// beside it counts too ("the pack, on Saturday").
func (d *dialogue) tapped(id string, m understand.Meaning) bool {
	switch {
	case id == optionPackYes || id == optionPackNo:
		return d.tappedPack(id == optionPackYes, m)
	case id == optionAgainYes || id == optionAgainNo:
		return d.again(id == optionAgainYes)
	case id == optionOther:
		return d.otherTimes(m)
	case strings.HasPrefix(id, prefixSlot):
		return d.tappedSlot(id, m)
	case strings.HasPrefix(id, prefixService):
		return d.tappedService(strings.TrimPrefix(id, prefixService), m)
	case strings.HasPrefix(id, prefixCategory):
		return d.tappedCategory(models.Category(strings.TrimPrefix(id, prefixCategory)))
	case strings.HasPrefix(id, prefixPage):
		category, page, _ := strings.Cut(strings.TrimPrefix(id, prefixPage), ":")
		n, err := strconv.Atoi(page)
		if err != nil {
			return false
		}
		d.listServices(models.Category(category), n)
		return true
	case strings.HasPrefix(id, prefixStylist):
		return d.tappedStylist(strings.TrimPrefix(id, prefixStylist), m)
	default:
		return false
	}
}

func (d *dialogue) tappedPack(yes bool, m understand.Meaning) bool {
	pack, contents, ok := d.pack(d.s.Request.Proposed)
	if !ok {
		return false
	}
	d.decidePack(yes, pack, contents)
	d.mergeRest(m)
	d.advance()
	return true
}

func (d *dialogue) decidePack(yes bool, pack models.Pack, contents []models.Service) {
	r := &d.s.Request
	if yes {
		r.takePack(pack, contents)
		r.Quoted = d.order().key() // its price was in the proposal
		return
	}
	r.Pack, r.NoPack = "", true
}

// mergeRest takes day, time and stylist out of a message whose services were dealt with.
func (d *dialogue) mergeRest(m understand.Meaning) {
	d.mergeDay(m)
	d.mergeTime(m)
	d.mergeStylist(m)
	d.s.Offer, d.s.Chosen, d.s.Shown = nil, nil, nil
}

func (d *dialogue) tappedService(code string, m understand.Meaning) bool {
	if _, ok := d.f.Menu.Service(code); !ok {
		return false
	}
	if len(d.s.Request.Which) > 0 && contains(d.s.Request.Which[0], code) {
		d.takeWhich(code)
	} else {
		d.replaceServices([]string{code}, nil)
	}
	d.mergeRest(m)
	d.advance()
	return true
}

func (d *dialogue) takeWhich(code string) {
	r := &d.s.Request
	r.Which = r.Which[1:]
	if !contains(r.Services, code) {
		r.Services = append(slices.Clone(r.Services), code)
	}
}

func (d *dialogue) tappedCategory(c models.Category) bool {
	if d.s.Stage != StageMixed {
		d.listServices(c, 1)
		return true
	}
	r := &d.s.Request
	r.Services = slices.DeleteFunc(slices.Clone(r.Services), func(code string) bool {
		s, ok := d.f.Menu.Service(code)
		return !ok || s.Category != c
	})
	d.advance()
	return true
}

func (d *dialogue) tappedStylist(code string, m understand.Meaning) bool {
	if "stylist:"+code == optionAnyStylist {
		m.AnyStylist = true
	} else {
		m.Stylists = []string{code}
	}
	if len(d.s.Request.Services) == 0 {
		return false
	}
	d.mergeRest(m)
	d.advance()
	return true
}

// tappedSlot takes an offered time. A tap on an older offer is a wish for that time: it is looked for
// again. A typed choice that contradicts itself ("10:30 on Saturday" to an offer for Friday) is a
// new wish, not a choice.
func (d *dialogue) tappedSlot(id string, m understand.Meaning) bool {
	slot, ok := slotOf(id)
	if !ok || d.order().minutes == 0 {
		return false
	}
	for _, offered := range d.s.Offer {
		if offered.same(slot) {
			if !d.agrees(offered, m) {
				return false
			}
			d.choose(offered)
			return true
		}
	}
	at := slot.Start.In(d.f.Now.Location())
	day, minute := Date{understand.DayOf(at)}, minuteOf(at)
	r := &d.s.Request
	r.From, r.To, r.At, r.About, r.Stylist, r.Anyone = &day, &day, &minute, false, &slot.StylistID, false
	r.Part, r.After, r.Before = understand.AnyPart, nil, nil
	d.fresh()
	d.advance()
	return true
}

// agrees tells whether the rest of a message fits the slot it seems to choose.
func (d *dialogue) agrees(s Slot, m understand.Meaning) bool {
	at := s.Start.In(d.f.Now.Location())
	if m.Day != nil && *m.Day != understand.DayOf(at) {
		return false
	}
	if m.At != nil && !m.About && *m.At != minuteOf(at) {
		return false
	}
	stylist, ok := d.f.Menu.Stylist(s.StylistID)
	return !ok || len(m.Stylists) == 0 || contains(m.Stylists, stylist.Code)
}

func (d *dialogue) answerWhich(m understand.Meaning) bool {
	if len(d.s.Request.Which) == 0 {
		return false
	}
	for _, code := range m.Services {
		if contains(d.s.Request.Which[0], code) {
			d.takeWhich(code)
			d.mergeRest(m)
			d.advance()
			return true
		}
	}
	return false
}

func (d *dialogue) answerPack(m understand.Meaning) bool {
	yes := m.Pack || m.Intents.Has(understand.Yes)
	no := m.Single || m.Intents.Has(understand.No)
	if yes == no {
		return false
	}
	return d.tappedPack(yes, m)
}

func (d *dialogue) answerStylist(m understand.Meaning) bool {
	if len(m.Stylists) > 0 || !(m.AnyStylist || m.Earliest || m.Intents.Has(understand.No)) {
		return false // a name is part of the request
	}
	m.AnyStylist = true
	d.mergeRest(m)
	d.advance()
	return true
}

func (d *dialogue) answerSlot(m understand.Meaning) bool {
	if slot, ok := d.accepted(m); ok {
		d.choose(slot)
		return true
	}
	switch {
	case m.OtherOptions || m.Later || m.Earlier:
		return d.otherTimes(m)
	case m.Intents.Has(understand.No) && !d.saysMore(m):
		d.ask(StageDay, "", nil, say("chat.day.other", nil))
		return true
	case m.Intents.Has(understand.Yes) && len(d.s.Offer) > 1 && !d.saysMore(m):
		d.askMany(d.s.Offer, "chat.slots.which")
		return true
	default:
		return false
	}
}

// accepted is the offered time that a plain yes to a single offer, or "any of them", takes.
func (d *dialogue) accepted(m understand.Meaning) (Slot, bool) {
	if len(d.s.Offer) == 0 || m.OtherOptions || m.Part != understand.AnyPart || len(m.Services) > 0 {
		return Slot{}, false
	}
	yes := len(d.s.Offer) == 1 && m.Intents.Has(understand.Yes)
	anyOf := m.Choice == 0 && (m.AnyStylist || m.Earliest)
	first := d.s.Offer[0] // the earliest
	return first, (yes || anyOf) && d.agrees(first, m)
}

// saysMore tells whether a message holds anything for the request.
func (d *dialogue) saysMore(m understand.Meaning) bool {
	return len(m.Services)+len(m.Ambiguous)+len(m.Packs)+len(m.Stylists) > 0 || m.Pack || m.Single || m.Day != nil ||
		m.Days != nil || m.Part != understand.AnyPart || m.At != nil || m.NotBefore != nil || m.NotAfter != nil ||
		m.AnyDay || m.AnyStylist || m.Earliest
}

func (d *dialogue) answerSurname(m understand.Meaning) bool {
	if d.s.Chosen == nil || m.Name == nil || d.f.Customer == nil {
		return false
	}
	surname := m.Name.Family
	if surname == "" {
		surname = m.Name.Given
	}
	if surname == "" {
		return false
	}
	customer := *d.f.Customer
	if given, repeated := strings.CutSuffix(customer.Name, " "+surname); repeated {
		d.do(SetName{given}) // the confirmed profile name held both parts
		customer.Name = given
	}
	d.do(SetSurname{surname})
	customer.Surname = surname
	d.f.Customer = &customer
	d.hold(*d.s.Chosen)
	return true
}

func (d *dialogue) answerAgain(m understand.Meaning) bool {
	if d.saysMore(m) {
		return false
	}
	switch {
	case m.Intents.Has(understand.Yes) || m.OtherOptions:
		return d.again(true)
	case m.Intents.Has(understand.No):
		return d.again(false)
	default:
		return false
	}
}

// again looks for a time once more after a hold has lapsed, or lets the request go.
func (d *dialogue) again(yes bool) bool {
	if d.s.Request.empty() {
		return false
	}
	if !yes {
		d.s.settle()
		d.remark(say("chat.fine", nil))
		return true
	}
	d.fresh()
	d.advance()
	return true
}

// understood takes what the message adds to the request, or its wish to book, to the next question.
func (d *dialogue) understood(m understand.Meaning) bool {
	if m.Intents.Has(understand.Undecided) && len(m.Services)+len(m.Ambiguous) != 1 {
		d.undecided(m)
		return true
	}
	if d.merge(m) {
		d.advance()
		return true
	}
	switch {
	case m.Intents.Has(understand.ListServices), m.Intents.Has(understand.Usual):
		if m.Intents.Has(understand.Usual) {
			d.lead(say("chat.service.usual", nil))
		}
		d.askService()
		return true
	case m.OtherOptions && d.s.Request.From != nil && len(d.s.Request.Services) > 0:
		return d.otherTimes(m)
	case m.Intents.Has(understand.Book) && (d.s.Stage == StageOpen || len(d.s.Request.Services) > 0 && d.s.Stage != StagePaying):
		d.advance()
		return true
	case m.Intents.Has(understand.Price, understand.Duration):
		d.s.Request.Quoted = ""
		d.advance()
		return true
	case d.saysMore(m) && !d.aside(m) && d.s.Stage != StageOpen:
		d.repeat() // said before, or of no use here: the question stands
		return true
	default:
		return false
	}
}

// undecided puts the services somebody hesitates between side by side (prices and minutes), or all
// there are when none was named.
func (d *dialogue) undecided(m understand.Meaning) {
	between := known(d.f.Menu, m.Services)
	for _, fits := range m.Ambiguous {
		between = append(between, known(d.f.Menu, fits)...)
	}
	m.Services, m.Ambiguous = nil, nil
	d.merge(m)
	if len(between) == 0 {
		d.askService()
		return
	}
	d.s.Request.Services, d.s.Request.Which, d.s.Request.Pack = nil, [][]string{between}, ""
	d.advance()
}

func (d *dialogue) stylistName(id models.ID) string {
	s, ok := d.f.Menu.Stylist(id)
	if !ok {
		return ""
	}
	return s.Names.In(d.lang)
}

// slotLine names a slot within a sentence: "Friday 9 October at 12:30 with Dana".
func (d *dialogue) slotLine(s Slot) Line {
	at := s.Start.In(d.f.Now.Location())
	return say("chat.slot", i18n.Facts{
		"When":    say("chat.when", i18n.Facts{"Day": i18n.Day(d.lang, at), "Time": i18n.Clock(at)}),
		"Stylist": d.stylistName(s.StylistID),
	})
}
