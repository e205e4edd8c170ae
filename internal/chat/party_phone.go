package chat

import (
	"regexp"
	"slices"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// international is a phone written so that it can be nothing else: with its country code, in Western or Arabic
// digits. A date or a time is none, and a national number might be anybody's.
var international = regexp.MustCompile(`(?:^|[^0-9.:])((?:\+ ?|00)[1-9](?:[ ().-]{0,2}[0-9]){6,14})`)

// national is what may be a phone without its country code.
var national = regexp.MustCompile(`(?:^|[^0-9.:+])[0-9](?:[ ()]?[0-9]){7,12}(?:$|[^0-9])`)

// western writes Arabic digits the way phones are read.
var western = strings.NewReplacer("٠", "0", "١", "1", "٢", "2", "٣", "3", "٤", "4", "٥", "5", "٦", "6", "٧", "7", "٨", "8", "٩", "9")

// phoneIn finds a phone in what was written; empty when there is none.
func phoneIn(words string) string {
	found := international.FindStringSubmatch(western.Replace(words))
	if found == nil {
		return ""
	}
	return found[1]
}

// offersPhone takes a phone offered for somebody the customer has booked for: one said to be somebody else's, or
// the answer to our question for it. It tells whether that was all the message said. Consent is the booker's: the
// phone makes the profile findable, and nothing is sent to it unasked.
func (d *dialogue) offersPhone(m understand.Meaning) bool {
	asked := d.s.PhoneOf
	d.s.PhoneOf = nil
	if d.f.Customer == nil || d.s.Stage == StageGuest || asked == nil && !m.OfOther {
		return false
	}
	guests := d.brought(asked, m)
	if len(guests) == 0 {
		return false
	}
	phone := phoneIn(d.words)
	switch {
	case phone == "" && (m.Day != nil || m.Days != nil || !national.MatchString(western.Replace(d.words))):
		return false
	case len(guests) > 1:
		d.lead(say("party.phone.whose", nil))
	case phone == "":
		d.s.PhoneOf = &guests[0]
		d.lead(say("party.phone.country", nil))
	default:
		d.do(NotePhone{Customer: guests[0], Phone: phone})
	}
	return d.onlyPhone(m)
}

// onlyPhone says what there is to say about a phone and ends the turn, unless the message asks for more.
func (d *dialogue) onlyPhone(m understand.Meaning) bool {
	aside := len(m.Intents) == 0 || m.Intents.Only(understand.ThirdParty, understand.Person, understand.Greeting, understand.Thanks, understand.Yes, understand.Correction)
	if !aside || len(m.FAQs) > 0 || d.saysMore(m) {
		return false
	}
	d.sayLead()
	return true
}

// brought are the people the customer has booked for and a phone may be of: the one asked about, else those whom
// the message names, else all.
func (d *dialogue) brought(asked *models.ID, m understand.Meaning) []models.ID {
	var all, named []models.ID
	for _, v := range append(d.f.held(), d.f.Visits...) {
		if v.BookedByID != d.f.Customer.ID || v.CustomerID == v.BookedByID || slices.Contains(all, v.CustomerID) {
			continue
		}
		all = append(all, v.CustomerID)
		if d.speaksOf(v, m) {
			named = append(named, v.CustomerID)
		}
	}
	switch {
	case asked != nil:
		return []models.ID{*asked}
	case len(named) > 0:
		return named
	default:
		return all
	}
}

// speaksOf tells whether a message names whom a visit is for, or says what they are to the customer.
func (d *dialogue) speaksOf(v models.Appointment, m understand.Meaning) bool {
	if m.OtherName != nil && m.OtherName.Given != "" && strings.EqualFold(understand.Given(v.ForName), m.OtherName.Given) {
		return true
	}
	if _, kin, ok := strings.Cut(strings.TrimSuffix(v.ForName, ")"), "("); ok { // "Noor (hija)", somebody without a name
		if k, known := understand.KinOf(kin); known && slices.Contains(m.Others, k) {
			return true
		}
	}
	for _, g := range d.f.Guests {
		if g.ID == v.CustomerID && slices.Contains(m.Others, understand.Kin(g.Relation)) {
			return true
		}
	}
	return false
}

// phoneNoted says what became of a phone that was offered.
func (d *dialogue) phoneNoted(stored bool) {
	key := "party.phone.kept"
	if !stored {
		key = "party.phone.not"
	}
	d.remark(say(key, i18n.Facts{}))
}
