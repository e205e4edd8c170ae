package chat

import (
	"slices"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// party are the visits that an event is about: the group's, or the one.
func (t Told) party() []models.Appointment {
	if len(t.Party) > 0 {
		return t.Party
	}
	return []models.Appointment{t.Visit}
}

// held are the visits that the conversation holds.
func (f Facts) held() []models.Appointment {
	if len(f.Party) > 0 {
		return f.Party
	}
	if f.Hold == nil {
		return nil
	}
	return []models.Appointment{*f.Hold}
}

// sums are what visits ask for ahead and what they cost together.
func sums(visits []models.Appointment) (deposit, total int64) {
	for _, v := range visits {
		deposit, total = deposit+v.DepositMinor, total+v.TotalMinor
	}
	return deposit, total
}

// partyLine names visits within a sentence: one with its stylist and whom it is for, several at one time
// with all of their stylists, others one after the other.
func (d *dialogue) partyLine(visits []models.Appointment) Line {
	first := visits[0]
	if len(visits) == 1 {
		line := d.slotLine(slotOfVisit(first))
		if first.ForName == "" {
			return line
		}
		return say("party.slot", i18n.Facts{"Slot": line, "Who": first.ForName})
	}
	apart := slices.ContainsFunc(visits, func(v models.Appointment) bool { return !v.StartsAt.Equal(first.StartsAt) })
	if apart {
		return say("party.and", i18n.Facts{
			"First": d.slotLine(slotOfVisit(first)), "Second": d.partyLine(bare(visits[1:])),
		})
	}
	return say("chat.slot", i18n.Facts{"When": d.whenLine(first.StartsAt), "Stylist": d.stylistsLine(visits)})
}

// bare are visits without the names of whom they are for.
func bare(visits []models.Appointment) []models.Appointment {
	visits = slices.Clone(visits)
	for i := range visits {
		visits[i].ForName = ""
	}
	return visits
}

// stylistsLine joins the names of the stylists of visits: "Dana and Salma".
func (d *dialogue) stylistsLine(visits []models.Appointment) any {
	last := len(visits) - 1
	names := make([]string, last)
	for i, v := range visits[:last] {
		names[i] = d.stylistName(v.StylistID)
	}
	if last == 0 {
		return d.stylistName(visits[0].StylistID)
	}
	return say("party.and", i18n.Facts{"First": strings.Join(names, comma(d.lang)), "Second": d.stylistName(visits[last].StylistID)})
}

// toldFacts are the facts of a template about all that an event is about.
func (d *dialogue) toldFacts(t Told) i18n.Facts {
	facts := d.visitFacts(t.Visit)
	if len(t.Party) < 2 {
		return facts
	}
	var services []string
	for _, v := range t.Party {
		services = append(services, serviceNames(d.f.Menu, v, d.lang))
	}
	facts["Services"], facts["Stylist"] = strings.Join(services, " + "), d.stylistsLine(t.Party)
	return facts
}

// confirmedFor begins the confirmation of a visit: whose it is.
func (d *dialogue) confirmedFor(v models.Appointment) Line {
	facts := i18n.Facts{"Name": d.name(), "Emoji": d.f.Policies.SalonEmoji, "Who": v.ForName}
	if v.ForName == "" {
		return say("chat.confirmed", facts)
	}
	return say("party.confirmed.one", facts)
}

// tellConfirmedTogether is the one confirmation of a group: who, what, with whom, when (S07).
func (d *dialogue) tellConfirmedTogether(t Told) {
	first := t.Party[0]
	if first.Status != models.Confirmed {
		return
	}
	next := d.s.Next
	if d.s.Booking != nil && *d.s.Booking == first.ID && d.s.Change == nil && len(d.s.Request.Guests) > 0 {
		d.settle()
	} else {
		d.forget(first)
	}
	var lines []Line
	var due, paid int64
	for _, v := range t.Party {
		who := v.ForName
		if who == "" {
			who = d.name()
		}
		starts, ends := v.StartsAt.In(d.f.Now.Location()), v.EndsAt.In(d.f.Now.Location())
		lines = append(lines, say("party.confirmed.part", i18n.Facts{
			"Who": who, "Services": serviceNames(d.f.Menu, v, d.lang), "Minutes": minutesLine(v.Span().Minutes()),
			"Starts": i18n.Clock(starts), "Ends": i18n.Clock(ends), "Stylist": d.stylistName(v.StylistID),
		}))
		due += v.DueMinor()
		if v.DepositState == models.DepositPaid {
			paid += v.DepositMinor
		}
	}
	payment := say("chat.confirmed.due", i18n.Facts{"Due": d.amount(due, first.Currency)})
	notice := []Line{say("chat.confirmed.notice", i18n.Facts{"Hours": hoursLine(first.Terms.CancelRefundHours)})}
	switch {
	case paid > 0:
		payment = say("chat.confirmed.paid", i18n.Facts{"Deposit": d.amount(paid, first.Currency), "Due": d.amount(due, first.Currency)})
		notice = []Line{d.terms(first)}
	case due == 0:
		payment = say("chat.confirmed.free", nil)
	}
	starts := first.StartsAt.In(d.f.Now.Location())
	what := block(append([]Line{verbatim(capital(i18n.Day(d.lang, starts)))}, lines...)...)
	said := []Line{
		say("party.confirmed", i18n.Facts{"Name": d.name(), "Emoji": d.f.Policies.SalonEmoji}), what, block(append([]Line{payment}, notice...)...),
	}
	if understand.DayOf(starts) == understand.DayOf(d.f.Now) {
		said = append(said, say("chat.confirmed.today", nil))
	}
	facts := d.toldFacts(t)
	minutes := 0
	for _, v := range t.Party {
		minutes = max(minutes, v.Span().Minutes())
	}
	facts["Minutes"], facts["Payment"], facts["Terms"] = minutesLine(minutes), payment, block(notice...)
	d.receipt(t, &Template{content.BookingConfirmed, facts}, said...)
	d.beginNext(next, t)
}

// requestOfHeld is the request that the hold came from, a group's with its people.
func (d *dialogue) requestOfHeld() Request {
	held := d.f.held()
	r := d.requestOf(held[0])
	if len(held) == 1 {
		return r
	}
	r.For, r.Services, r.Pack, r.Proposed, r.NoPack = nil, nil, "", "", true
	for _, v := range held {
		guest := Guest{Kin: understand.Self}
		if named := guestOf(v); named != nil {
			guest = *named
		}
		guest.Services = d.requestOf(v).Services
		for _, code := range guest.Services {
			if !slices.Contains(r.Services, code) {
				r.Services = append(r.Services, code)
			}
		}
		r.Guests = append(r.Guests, guest)
	}
	return r
}

// tellLateTogether apologises for a group's payment that came too late, and offers to look again.
func (d *dialogue) tellLateTogether(t Told) {
	line := say("chat.pay.late", i18n.Facts{"Amount": d.received(t), "Slot": d.toldLine(t)})
	again := d.s.Stage == StageAgain && !t.Human
	d.s.Booking, d.s.Held = nil, nil
	said := Say{Class: models.ClassReceipt, Cause: t.Event, Key: t.Key, Lines: []Line{line}, Template: d.refundTemplate(t)}
	if again {
		d.s.Options = nil
		said.Lines, said.Options = append(said.Lines, say("chat.hold.again", nil)), againChoices()
	}
	d.do(said)
}

// servicesFor names what a visit is, and for whom.
func (d *dialogue) servicesFor(v models.Appointment) any {
	names := serviceNames(d.f.Menu, v, d.lang)
	if v.ForName == "" {
		return names
	}
	return say("party.services", i18n.Facts{"Services": names, "Who": v.ForName})
}

// guestOf is whom a visit is for, when it is not the customer.
func guestOf(v models.Appointment) *Guest {
	if v.ForName == "" {
		return nil
	}
	given := understand.Given(v.ForName)
	return &Guest{Kin: understand.Someone, Name: given, Surname: strings.TrimSpace(strings.TrimPrefix(v.ForName, given)), Asked: true}
}

// forWhom says for whom: "for you", "for your daughter", "for Samira".
func (d *dialogue) forWhom(g Guest) Line {
	if name := g.fullName(); name != "" {
		return say("party.for.named", i18n.Facts{"Name": name})
	}
	if g.Kin == "" {
		return say("party.for.someone", nil)
	}
	return say("party.for."+string(g.Kin), nil)
}
