package understand

import (
	"slices"
	"strings"

	"frontdesk/models"
)

// readTap understands a tapped button or row by its id among the options offered last. An id that was
// not offered, or whose title is another than the offered one, is a tap on an older message: it says
// nothing but that, and which id.
//
// Ids: yes, no, any, earliest, pack, single, other, later, earlier, person, service:CODE, svc:CODE, stylist:CODE, or
// any other, of which only the Choice is told. What stands before a colon ("pack:yes") does not matter
// to the words.
func readTap(in Input) Meaning {
	m := Meaning{Language: in.Language}
	if m.Language == "" {
		m.Language = models.English
	}
	i := slices.IndexFunc(in.Options, func(o models.Option) bool {
		return o.ID == in.ReplyID && sameTitle(o.Title, in.ReplyTitle)
	})
	if i < 0 {
		m.StaleTap, m.OptionID = true, in.ReplyID
		return m
	}
	m.Choice, m.OptionID = i+1, in.ReplyID
	kind, rest, found := strings.Cut(in.ReplyID, ":")
	if !found {
		rest = kind
	}
	switch {
	case (kind == "svc" || kind == "service") && slices.ContainsFunc(in.Vocabulary.Services, func(s Service) bool { return s.Code == rest }):
		m.Services = []string{rest}
	case kind == "stylist" && slices.ContainsFunc(in.Vocabulary.Stylists, func(s Stylist) bool { return s.Code == rest }):
		m.Stylists = []string{rest}
	default:
		m.tapped(rest)
	}
	return m
}

func (m *Meaning) tapped(word string) {
	switch word {
	case "yes":
		m.Intents = Intents{Yes}
	case "no":
		m.Intents = Intents{No}
	case "any":
		m.AnyStylist = true
	case "earliest":
		m.Earliest = true
	case "pack":
		m.Pack = true
	case "single":
		m.Single = true
	case "other":
		m.OtherOptions = true
	case "later":
		m.OtherOptions, m.Later = true, true
	case "earlier":
		m.OtherOptions, m.Earlier = true, true
	case "person":
		m.Intents = Intents{Person}
	}
}

// sameTitle compares a tapped title with the offered one; channels may cut a long one short.
func sameTitle(offered, tapped string) bool {
	a, b := plainTitle(offered), plainTitle(tapped)
	return b == "" || strings.HasPrefix(a, b) || strings.HasPrefix(b, a) && a != ""
}

func plainTitle(s string) string {
	return strings.Trim(strings.Join(strings.Fields(strings.Map(visible, s)), " "), "….")
}
