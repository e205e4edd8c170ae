package understand

import (
	"slices"
	"strings"
)

// The menus of the three languages are wordings of the usual salon services, by code. They come before the
// names and synonyms of the Vocabulary, and count only for services it has. A meaning is one code, several
// that are meant together ("A+B"), or several of which one must be chosen ("A|B"); an empty one blocks an
// ordinary wording ("open cut", "cut my finger").

// readMenu reads the services said in built-in wordings.
func (r *reader) readMenu() {
	for _, h := range lexicons.menu.find(r.message) {
		r.take(h.start, h.end)
		if h.means != "" {
			r.ordered = append(r.ordered, h.start)
		}
		if h.means == "" || r.unwantedService(h.start) {
			continue
		}
		for _, one := range strings.Split(h.means, "+") {
			if r.words.pack(one) {
				r.meaning.Pack = true
				r.addPack(one)
			} else if codes := r.carried(strings.Split(one, "|")); len(codes) > 0 {
				r.addService(codes)
			}
		}
	}
}

// carried keeps the codes that the salon has.
func (r *reader) carried(codes []string) []string {
	return slices.DeleteFunc(codes, func(code string) bool { return r.words.service(code).code == "" })
}

func (r *reader) addPack(code string) {
	if !slices.Contains(r.meaning.Packs, code) {
		r.meaning.Packs = append(r.meaning.Packs, code)
	}
}

// unwantedService tells whether the words before token i reject the service that begins there.
func (r *reader) unwantedService(i int) bool {
	if r.unwanted(i) && !r.meaning.Intents.Has(Cancel) { // "I don't need the cut" calls it off
		return true
	}
	_, refused := lexicons.keeps.before(r.message, i)
	return refused
}

// readKinds settles services of one name by the words that tell them apart: "massage, the long one", "30 or
// 60 minutes". In answer to the question which of them is meant the kind alone names the service.
func (r *reader) readKinds() {
	m := &r.meaning
	asked := r.in.Expect == ExpectServiceChoice && len(m.Services) == 0
	if !asked && len(m.Ambiguous) == 0 {
		return
	}
	kinds := r.kinds()
	open := m.Ambiguous[:0:0]
	for _, codes := range m.Ambiguous {
		fits := slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return !slices.Contains(kinds, code) })
		if len(fits) == 0 {
			fits = slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return !slices.Contains(m.Services, code) })
		}
		for _, code := range fits {
			r.addService([]string{code})
		}
		if len(fits) == 0 {
			open = append(open, codes)
		}
	}
	m.Ambiguous = open
	if !asked || len(m.Services) > 0 {
		return
	}
	named := slices.ContainsFunc(r.offered, func(o offer) bool { return o.service != "" })
	for _, code := range kinds {
		if !named || slices.ContainsFunc(r.offered, func(o offer) bool { return o.service == code }) {
			r.addService([]string{code})
		}
	}
}

// kinds are the codes whose telling words stand in the message.
func (r *reader) kinds() []string {
	var codes []string
	for _, h := range lexicons.kinds.find(r.whole()) {
		if r.unwanted(h.start) {
			continue
		}
		for _, code := range r.carried(strings.Split(h.means, " ")) {
			if !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	return codes
}
