package understand

import (
	"slices"
	"strings"
)

// offer is an option of our last message, read the way a customer reads it.
type offer struct {
	id       string
	kind     string // what stands before the colon of the id
	minutes  int    // the time it names; -1 none
	day      *Day
	stylists []string
	service  string // of "service:CODE"
	words    []string
}

// read the options once.
func (r *reader) readOffers() {
	for _, o := range r.in.Options {
		kind, rest, _ := strings.Cut(o.ID, ":")
		of := offer{id: o.ID, kind: kind, minutes: -1}
		if kind == "svc" || kind == "service" {
			of.service = rest
		}
		sub := reader{message: cut(o.Title + "\n" + o.Description), in: r.in, words: r.words}
		sub.in.Options = nil
		sub.join()
		for _, t := range sub.tokens {
			if n, _, ok := clock(t.text); ok && of.minutes < 0 {
				of.minutes = n
			}
			for _, f := range t.forms {
				of.words = append(of.words, canonical(f))
			}
		}
		sub.dates()
		of.day = sub.meaning.Day
		sub.stylists()
		of.stylists = sub.meaning.Stylists
		for _, s := range r.words.services {
			if s.code == of.service {
				for _, p := range s.phrases {
					of.words = append(of.words, p...)
				}
			}
		}
		r.offered = append(r.offered, of)
	}
}

func (r *reader) offeredTimes() []int {
	var out []int
	for _, o := range r.offered {
		if o.minutes >= 0 {
			out = append(out, o.minutes)
		}
	}
	return out
}

func (r *reader) choose(i int) {
	if i >= 0 && i < len(r.offered) {
		r.meaning.Choice, r.meaning.OptionID = i+1, r.offered[i].id
	}
}

// chooseCategory reads "la estética" as the category of those offered; "hair first" and "hair, then
// beauty" want both, in that order.
func (r *reader) chooseCategory() {
	if r.in.Expect != ExpectCategory {
		return
	}
	var wanted []int
	first := false
	for i, t := range r.tokens {
		first = first || t.is("first", "1st", "primero", "primera", "اولا", "الاول", "بالاول", "اول", "بالبدايه")
		for _, f := range t.forms {
			category, ok := lexicons.about[f]
			at := slices.IndexFunc(r.offered, func(o offer) bool { return o.id == "category:"+string(category) })
			if ok && at >= 0 && !r.unwanted(i) && !slices.Contains(wanted, at) {
				wanted = append(wanted, at)
			}
		}
	}
	r.meaning.Both = r.meaning.Both || first || len(wanted) > 1
	if len(wanted) > 0 {
		r.choose(wanted[0])
	}
}

// chooseByOrder reads "the second one", "option 2", "2", "la última" as a choice.
func (r *reader) chooseByOrder() {
	if len(r.offered) == 0 || r.meaning.Choice != 0 || r.meaning.Earliest || r.meaning.OtherOptions {
		return
	}
	for _, h := range lexicons.ordinals.find(r.message) {
		n := h.means
		if n == 0 {
			n = h.slots.number
		}
		if n == 0 || n > len(r.offered) {
			continue
		}
		if n < 0 {
			n = len(r.offered)
		}
		r.choose(n - 1)
		r.take(h.start, h.end)
		return
	}
	if len(r.tokens) == 1 && r.tokens[0].number >= 1 && r.tokens[0].number <= len(r.offered) && !r.hourOffered(r.tokens[0].number) {
		r.choose(r.tokens[0].number - 1)
		r.take(0, 1)
	}
}

// hourOffered tells whether a bare number is the hour of an offered time: "12" of 12:30.
func (r *reader) hourOffered(n int) bool {
	for _, m := range r.offeredTimes() {
		if h := m / hourMin; h == n || h == n+12 {
			return true
		}
	}
	return false
}

// chooseOffer finds the one option that fits all that was said: time, stylist, day, part of the day.
// What an option does not name it cannot be chosen by.
func (r *reader) chooseOffer() {
	if len(r.offered) == 0 || r.meaning.Choice != 0 || r.meaning.OtherOptions {
		return
	}
	if r.chooseByDirection() || r.expectsName() || r.chooseAny() {
		return // a surname may be a stylist's name as well
	}
	if fits := r.fitting(); len(fits) == 1 {
		r.choose(fits[0])
		return
	}
	if !r.chooseByIntent() {
		r.chooseByWords()
	}
}

// fitting lists the options that fit; none when nothing was said that could tell them apart.
func (r *reader) fitting() []int {
	m := &r.meaning
	said := m.At != nil || len(m.Stylists) > 0 || r.in.Expect == ExpectSlot &&
		(m.Part != AnyPart || m.NotBefore != nil || m.NotAfter != nil || m.Day != nil)
	if !said || m.Intents.Has(Price, AskFAQ, Cancel, Person) {
		return nil
	}
	var out []int
	for i, o := range r.offered {
		if r.fits(o, true) {
			out = append(out, i)
		}
	}
	if len(out) > 0 || m.At == nil || *m.At%hourMin != 0 {
		return out
	}
	for i, o := range r.offered { // "the 12 one" of 10:30 and 12:30
		if r.fits(o, false) {
			out = append(out, i)
		}
	}
	return out
}

func (r *reader) fits(o offer, exact bool) bool {
	m := &r.meaning
	timed := m.At != nil || m.NotBefore != nil || m.NotAfter != nil || m.Part != AnyPart
	switch {
	case timed && o.minutes < 0:
		return false
	case m.At != nil && exact && o.minutes != *m.At:
		return false
	case m.At != nil && !exact && o.minutes/hourMin != *m.At/hourMin:
		return false
	case m.NotBefore != nil && o.minutes < *m.NotBefore, m.NotAfter != nil && o.minutes > *m.NotAfter:
		return false
	case m.Part == Morning && o.minutes >= 14*hourMin, m.Part == Afternoon && o.minutes < 14*hourMin:
		return false
	case m.Day != nil && (o.day == nil || *o.day != *m.Day), m.Days != nil && (o.day == nil || !m.Days.Has(*o.day)):
		return false
	}
	for _, s := range m.Stylists {
		if slices.Contains(o.stylists, s) {
			return true
		}
	}
	return len(m.Stylists) == 0
}

// chooseByDirection reads "the later one" and "the earlier one" among offered times.
func (r *reader) chooseByDirection() bool {
	if !r.meaning.Later && !r.meaning.Earlier || len(r.offered) < 2 {
		return false
	}
	best := 0
	for i, o := range r.offered {
		if o.minutes < 0 {
			return false
		}
		if r.meaning.Later == (o.minutes > r.offered[best].minutes) && o.minutes != r.offered[best].minutes {
			best = i
		}
	}
	r.choose(best)
	return true
}

// chooseAny takes "either", "whoever" and "first available" as the option that says so; of offered
// times the first, which is the best, or the earliest.
func (r *reader) chooseAny() bool {
	m := &r.meaning
	if !m.AnyStylist && !m.Earliest {
		return false
	}
	for i, o := range r.offered {
		if o.id == "any" || strings.HasSuffix(o.id, ":any") || m.Earliest && o.id == "earliest" {
			r.choose(i)
			return true
		}
	}
	if r.in.Expect != ExpectSlot || m.Day != nil || m.At != nil || m.Part != AnyPart {
		return false
	}
	best := 0
	for i, o := range r.offered {
		if o.minutes < 0 {
			return false
		}
		if m.Earliest && o.minutes < r.offered[best].minutes && o.day == nil {
			best = i
		}
	}
	r.choose(best)
	return true
}

// chooseByIntent takes yes, no, "the pack" and "just the highlights" as the option of that id.
func (r *reader) chooseByIntent() bool {
	m := &r.meaning
	wanted := map[string]bool{
		"yes":    m.Intents.Has(Yes) || m.Pack && r.in.Expect == ExpectPack && !m.Single,
		"pack":   m.Pack && !m.Single,
		"no":     m.Intents.Has(No) || m.Single,
		"single": m.Single,
	}
	for i, o := range r.offered {
		_, last, found := strings.Cut(o.id, ":")
		if wanted[o.id] || found && wanted[last] {
			r.choose(i)
			return true
		}
	}
	if m.Intents.Has(Yes) && len(r.offered) == 1 {
		r.choose(0)
		return true
	}
	return false
}

// chooseByWords takes words of exactly one option's own title: "the oil one", "la completa".
func (r *reader) chooseByWords() {
	if r.in.Expect == ExpectNone || len(r.meaning.Services) > 1 || r.meaning.Intents.Has(Price, AskFAQ, Person, Cancel) {
		return
	}
	best, top, twice := -1, 0, false
	for i, o := range r.offered {
		n := r.shared(o)
		if len(r.meaning.Services) == 1 && o.service == r.meaning.Services[0] {
			n += maxTokens
		}
		switch {
		case n > top:
			best, top, twice = i, n, false
		case n == top:
			twice = true
		}
	}
	if top > 0 && !twice {
		r.choose(best)
	}
}

// shared counts the telling words a message has in common with an option; none when most of what was
// said is something else.
func (r *reader) shared(o offer) int {
	common, other := 0, 0
	for _, t := range r.tokens {
		word := canonical(t.text)
		if t.taken || lexicons.silent[t.text] || lexicons.filler(t) || lexicons.everyday(t.text) && !lexicons.weak[word] {
			continue // "it" of "is it still free?" is not the one of "Yes, book it"
		}
		has := slices.Contains(o.words, word) || slices.ContainsFunc(t.forms, func(f string) bool { return slices.Contains(o.words, canonical(f)) }) ||
			lexicons.languages(t) == 0 && slices.ContainsFunc(o.words, func(w string) bool { return near(word, w) })
		switch {
		case has:
			common++
		case lexicons.languages(t) == 0:
			other++
		}
	}
	if other > common {
		return 0
	}
	return common
}
