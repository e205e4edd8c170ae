package chat

import (
	"strings"
	"unicode"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// Where an order goes: as last time, or part by part.

// askAddress asks for the first part of the address that is missing, and tells whether one is.
func (d *dialogue) askAddress(o *Ordering, p Prepared) bool {
	if o.Name == "" && d.f.Customer != nil {
		o.Name = d.f.Customer.FullName()
	}
	switch {
	case o.Name == "":
		d.question(asksWho, nil, say("shopchat.order.who", nil))
	case o.Street == "":
		d.question(asksStreet, nil, say("shopchat.order.street", nil))
	case o.City == "":
		d.question(asksCity, nil, say("shopchat.order.city", nil))
	case o.Country == "":
		var options []Choice
		if p.Country != "" {
			options = append(options, Choice{ID: shopAnswer + p.Country, Titles: []Line{verbatim(understand.CountryName(d.lang, p.Country)), verbatim(p.Country)}})
		}
		d.question(asksCountry, options, say("shopchat.order.country", nil))
	default:
		return false
	}
	return true
}

// addressLine is an address in one line.
func (d *dialogue) addressLine(a models.Address) string {
	var parts []string
	for _, part := range []string{a.Name, a.Line1, a.Line2, strings.TrimSpace(a.PostalCode + " " + a.City), a.Region} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if a.Country != "" {
		parts = append(parts, understand.CountryName(d.lang, a.Country))
	}
	return strings.Join(parts, comma(d.lang))
}

func (d *dialogue) answersSame(a answer) bool {
	switch {
	case a.word == "same" || a.yes:
		d.do(SameAddress{})
	case a.word == "other" || a.no:
		d.draft().Elsewhere = true
		d.checkOut()
	default:
		return false
	}
	return true
}

// SameAddress takes the address of the last order. The answer comes as Event.Address.
type SameAddress struct{}

func (SameAddress) action() {}

// sameAddress notes where the last order went.
func (d *dialogue) sameAddress(a models.Address) {
	o := d.draft()
	o.Name, o.Street, o.City, o.Postal, o.Country, o.Elsewhere = a.Name, a.Line1, a.City, a.PostalCode, a.Country, true
	if a.Line2 != "" {
		o.Street += ", " + a.Line2
	}
	d.checkOut()
}

func (d *dialogue) answersCountry(a answer) bool {
	code := understand.Country(a.text)
	if a.word != "" {
		code = a.word
	}
	switch {
	case code != "":
		d.draft().Country = code
		d.checkOut()
	case a.no && a.alone:
		d.giveUpOrdering("shopchat.order.kept")
	case a.text == "":
		return false
	default:
		d.lead(say("shopchat.order.country.unknown", nil))
		d.checkOut()
	}
	return true
}

// answersWords takes what was written to a question that wants words: as it is, unless it refuses.
func (d *dialogue) answersWords(a answer) bool {
	asks := d.s.Shop.Asks
	if a.no && a.alone && asks != asksNotes {
		d.giveUpOrdering("shopchat.order.kept")
		return true
	}
	o := d.draft()
	text := strings.Join(strings.Fields(a.text), " ")
	switch {
	case asks == asksNotes:
		o.Noted = true
		if a.word != "none" && !(a.no && a.alone) && !understand.SaysNothing(text) {
			o.Notes = clippedTo(text, checkout.MaxOrderNotes)
		}
	case text == "" || !strings.ContainsFunc(text, unicode.IsLetter):
		d.lead(say("shopchat.order.again", nil))
	case asks == asksWho:
		o.Name = clippedTo(text, checkout.MaxAddressName)
	case asks == asksStreet:
		o.Street = clippedTo(text, checkout.MaxAddressLine)
	default:
		o.City, o.Postal = cityAndCode(clippedTo(text, checkout.MaxAddressPlace))
	}
	d.checkOut()
	return true
}

// cityAndCode parts "28010 Madrid": what holds digits is the postcode.
func cityAndCode(text string) (city, code string) {
	var names, codes []string
	for _, word := range strings.Fields(strings.ReplaceAll(text, ",", " ")) {
		if strings.ContainsFunc(word, unicode.IsDigit) {
			codes = append(codes, word)
		} else {
			names = append(names, word)
		}
	}
	code = strings.Join(codes, " ")
	if len(names) == 0 || len([]rune(code)) > checkout.MaxAddressPostal {
		return text, ""
	}
	return strings.Join(names, " "), code
}

func clippedTo(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), most)])
}
