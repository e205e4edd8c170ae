package chat

import (
	"slices"
	"strconv"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// pageSize is how many services one list shows; a list holds ten rows and one of them turns the page.
const pageSize = 9

// advance asks for the next thing that is missing, or looks for times when nothing is.
func (d *dialogue) advance() {
	if d.moving() {
		d.lookAgain()
		return
	}
	d.fresh()
	r := &d.s.Request
	o := d.order()
	d.wishesClosed(o)
	if d.party() {
		return
	}
	switch {
	case len(r.Which) > 0:
		d.askWhich()
	case o.minutes == 0:
		d.askService()
	case d.mixed():
		d.quote(o)
		d.askMixed()
	case d.proposePack():
	case d.wrongStylist(o):
	case r.From == nil:
		d.quote(o)
		d.askDay()
	default:
		d.quote(o)
		d.do(FindSlots{Why: WhyOffer, Query: d.query()})
	}
}

// quote tells price and minutes of what is wanted, once for each choice.
func (d *dialogue) quote(o order) {
	r := &d.s.Request
	if r.Quoted == o.key() || d.moving() {
		return
	}
	r.Quoted = o.key()
	var lines []Line
	services := o.services
	if o.pack != nil {
		services = o.beside
		lines = append(lines, d.priceLine(o.pack.Names.In(d.lang), o.pack.Minutes, o.pack.PriceMinor))
	}
	for _, s := range services {
		lines = append(lines, d.priceLine(s.Names.In(d.lang), s.Minutes, s.PriceMinor))
	}
	if len(lines) > 1 && !d.mixed() {
		lines = append(lines, say("chat.quote.total", i18n.Facts{"Minutes": duration(o.minutes), "Price": d.price(o.minor)}))
	}
	d.lead(block(lines...))
}

func (d *dialogue) priceLine(name string, minutes int, minor int64) Line {
	if minor == 0 {
		return say("chat.quote.free", i18n.Facts{"Service": name, "Minutes": minutesLine(minutes)})
	}
	return say("chat.quote", i18n.Facts{"Service": name, "Minutes": minutesLine(minutes), "Price": d.price(minor)})
}

// proposePack proposes the best pack for what is wanted, once.
func (d *dialogue) proposePack() bool {
	r := &d.s.Request
	if r.Pack != "" || r.NoPack || r.Proposed != "" {
		return false
	}
	offer, ok := d.packOffer()
	if !ok {
		return false
	}
	d.quote(d.order())
	r.Proposed = offer.Pack.Code
	d.askPack()
	return true
}

func (d *dialogue) askPack() {
	offer, ok := d.packOffer()
	if !ok {
		d.advance()
		return
	}
	d.ask(StagePack, "", []Choice{
		{ID: optionPackYes, Titles: []Line{say("chat.pack.button.yes", nil)}},
		{ID: optionPackNo, Titles: []Line{say("chat.pack.button.no", nil)}},
	}, d.packLine(offer))
}

// packLine puts a pack beside its single services; with what would be booked beside it, the whole too.
func (d *dialogue) packLine(offer booking.PackOffer) Line {
	facts := i18n.Facts{
		"Pack": offer.Pack.Names.In(d.lang), "Minutes": minutesLine(offer.Pack.Minutes), "Price": d.price(offer.Pack.PriceMinor),
		"Singles": d.price(offer.SinglesMinor), "Saving": d.price(offer.SavingMinor),
	}
	beside := offer.Pack.Beside(d.services())
	if len(beside) == 0 {
		return say("chat.pack.offer", facts)
	}
	minutes, minor := booking.Total(beside)
	facts["Services"] = d.names(codes(offer.Contents))
	facts["AllMinutes"], facts["Total"] = duration(offer.Pack.Minutes+minutes), d.price(offer.Pack.PriceMinor+minor)
	return say("chat.pack.offer.part", facts)
}

// askWhich asks which of the services that fit the customer's word is meant; it never guesses (S15).
func (d *dialogue) askWhich() {
	var choices []Choice
	var lines []Line
	for _, code := range d.s.Request.Which[0] {
		s, ok := d.f.Menu.Service(code)
		if !ok {
			continue
		}
		choices = append(choices, serviceChoice(d, s))
		lines = append(lines, say("chat.service.line", i18n.Facts{
			"Number": strconv.Itoa(len(choices)), "Service": s.Names.In(d.lang), "Detail": *choices[len(choices)-1].Detail,
		}))
	}
	key := "chat.service.which"
	if slices.Equal(d.s.Request.Which[0], d.s.Request.Between) {
		key = "chat.service.choose" // they know these: the choice is theirs
	}
	d.askNumbered(StageWhich, "chat.service.label", choices, say(key, i18n.Facts{"Options": lines}))
}

// askService asks what the customer would like, with the two categories as buttons.
func (d *dialogue) askService() {
	d.ask(StageService, "", d.categoryChoices(prefixCategory), say("chat.service.ask", nil))
}

func (d *dialogue) categoryChoices(prefix string) []Choice {
	var choices []Choice
	for _, c := range []models.Category{models.Hair, models.Aesthetics} {
		choices = append(choices, Choice{ID: prefix + string(c), Titles: []Line{say("chat.category."+string(c), nil)}})
	}
	return choices
}

// listServices shows a page of a category's services, counted from 1.
func (d *dialogue) listServices(c models.Category, page int) {
	var all []models.Service
	for _, s := range d.f.Menu.Services {
		if s.Category == c {
			all = append(all, s)
		}
	}
	from := (page - 1) * pageSize
	if from < 0 || from >= len(all) {
		from, page = 0, 1
	}
	rest := all[from:]
	var choices []Choice
	for i, s := range rest {
		if i == pageSize && len(rest) > pageSize+1 {
			choices = append(choices, Choice{
				ID:     prefixPage + string(c) + ":" + strconv.Itoa(page+1),
				Titles: []Line{say("chat.service.more", nil)},
			})
			break
		}
		choices = append(choices, serviceChoice(d, s))
	}
	d.ask(StageService, "chat.service.label", choices, say("chat.service.list", nil))
}

func serviceChoice(d *dialogue, s models.Service) Choice {
	detail := say("chat.service.detail", i18n.Facts{"Minutes": minutesLine(s.Minutes), "Price": d.price(s.PriceMinor)})
	if s.PriceMinor == 0 {
		detail = say("chat.service.detail.free", i18n.Facts{"Minutes": minutesLine(s.Minutes)})
	}
	return Choice{ID: prefixService + s.Code, Titles: []Line{verbatim(s.Names.In(d.lang))}, Detail: &detail}
}

// askDay asks for a day. Somebody who only asked for prices is offered to be booked, several services
// as the one visit they would be.
func (d *dialogue) askDay() {
	if d.moving() {
		d.askMoveDay()
		return
	}
	key := "chat.day.ask"
	switch {
	case d.s.Request.Priced && len(d.order().services) > 1:
		key = "chat.day.offer.together"
	case d.s.Request.Priced:
		key = "chat.day.offer"
	}
	d.ask(StageDay, "", nil, say(key, nil))
}

// wrongStylist asks anew when the stylist named does not do what is wanted.
func (d *dialogue) wrongStylist(o order) bool {
	r := &d.s.Request
	if r.Stylist == nil {
		return false
	}
	if s, ok := d.f.Menu.Stylist(*r.Stylist); ok && s.Does(o.category) {
		return false
	}
	d.lead(say("chat.stylist.cannot", i18n.Facts{"Stylist": d.stylistName(*r.Stylist)}))
	r.Stylist = nil
	d.quote(o)
	d.askStylist()
	return true
}

// askStylist asks with whom, naming only those of the category. The options alone name them, so that
// "the second" is the second for the customer and for us.
func (d *dialogue) askStylist() {
	choices := []Choice{{ID: optionAnyStylist, Titles: []Line{say("chat.stylist.any", nil)}}}
	for _, s := range d.f.Menu.StylistsFor(d.order().category) {
		if slices.Contains(d.s.Request.Without, s.ID) {
			continue
		}
		choices = append(choices, Choice{ID: prefixStylist + s.Code, Titles: []Line{verbatim(s.Names.In(d.lang))}})
	}
	d.ask(StageStylist, "chat.stylist.label", choices, say("chat.stylist.ask", nil))
}

// repeat asks the open question, after something else was talked about.
func (d *dialogue) repeat() {
	if d.repeatShop() {
		return
	}
	switch d.s.Stage {
	case StageName:
		d.askName()
	case StageService:
		d.askService()
	case StageWhich:
		if len(d.s.Request.Which) == 0 {
			d.advance()
			return
		}
		d.askWhich()
	case StageConsult:
		d.askConsultation("chat.consult.again")
	case StageMixed:
		d.askMixed()
	case StagePack:
		d.askPack()
	case StageDay:
		d.askDay()
	case StageStylist:
		d.askStylist()
	case StageSlot:
		d.askSlot(slices.DeleteFunc(slices.Clone(d.s.Offer), d.gone))
	case StageGuest:
		d.advance()
	case StageShares:
		d.askShares()
	case StageJoint:
		d.askJointAgain()
	case StageSurname:
		d.askSurname()
	case StagePaying:
		d.waiting()
	case StageAgain:
		d.askLookAgain()
	case StageUnfound:
		d.askUnfound()
	case StageHowLate, StageLate:
		d.repeatLate()
	case StageUsual:
		d.askUsual()
	case StageVisit, StageCancel, StageInstead, StageForfeit:
		d.repeatChange()
	default:
		d.remark(say("chat.help", nil))
	}
}
