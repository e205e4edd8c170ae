package understand

import (
	"slices"
	"strings"

	"frontdesk/models"
)

// services reads the services named, in order. A service word is strong when it can name a service by
// itself; weak words (long, full, gel) only help to tell services apart.
func (r *reader) services() {
	r.readMenu()
	for _, s := range r.segments() {
		if r.unwantedService(s.words[0].at) {
			continue
		}
		for {
			codes, left := r.name(s)
			if len(codes) == 0 {
				break
			}
			r.addService(codes)
			s = left
		}
	}
	r.forWhom()
	r.narrow()
	r.readKinds()
}

// forWhom takes the kind of a service that is made for whoever the message speaks of: a haircut for "I'm a
// man" is the men's, and so is one booked for a son. "My husband and me" want both.
func (r *reader) forWhom() {
	i := slices.IndexFunc(r.tokens, func(t token) bool { return t.among(lexicons.wearers) })
	if i < 0 && r.meaning.Intents.Has(ThirdParty, Group) {
		i = slices.IndexFunc(r.tokens, func(t token) bool { return t.among(lexicons.menfolk) })
	}
	if i < 0 || r.unwanted(i) {
		return
	}
	named := r.meaning.Services
	for n, code := range named {
		var kinds []string
		for _, s := range r.words.services {
			if s.isWorn(r.words.phrases(code)) {
				kinds = append(kinds, s.code)
			}
		}
		if len(kinds) != 1 || slices.Contains(named, kinds[0]) {
			continue
		}
		if len(named) == 1 && r.meaning.Intents.Has(Group) && r.besides() {
			r.meaning.Services = append(named, kinds[0])
			return
		}
		named[n] = kinds[0]
	}
}

// besides tells whether the customer comes along with somebody: "me and my son", "mi novio y yo".
func (r *reader) besides() bool {
	return slices.ContainsFunc(r.tokens, func(t token) bool { return t.is("me", "i", "myself", "yo", "mi", "انا") })
}

// among tells whether the token is one of the words.
func (t token) among(words map[string]bool) bool {
	return slices.ContainsFunc(t.forms, func(f string) bool { return words[f] })
}

// isWorn tells whether a service is another one, named by one of the phrases, with who it is for.
func (s bookService) isWorn(plain []phrase) bool {
	for who := range lexicons.wearers {
		if s.isFor(canonical(who), plain) {
			return true
		}
	}
	return false
}

// isFor tells whether a service is another one, named by one of the phrases, with who it is for.
func (s bookService) isFor(who string, plain []phrase) bool {
	return slices.ContainsFunc(s.phrases, func(p phrase) bool {
		return slices.Contains(p, who) && slices.ContainsFunc(plain, func(q phrase) bool {
			return len(q) > 0 && len(p) == len(q)+1 && score{phrase: q}.within(score{phrase: p})
		})
	})
}

// narrow settles a word that fits services of both categories by what the message speaks of: "a
// consultation about my hair".
func (r *reader) narrow() {
	spoken := map[models.Category]bool{}
	for _, t := range r.tokens {
		for _, f := range t.forms {
			if c, ok := lexicons.about[f]; ok {
				spoken[c] = true
			}
		}
	}
	if len(spoken) != 1 {
		return
	}
	m := &r.meaning
	if len(m.Services)+len(m.Ambiguous) == 0 {
		for c := range spoken {
			m.Topic = c
		}
		return
	}
	open := m.Ambiguous[:0:0]
	for _, codes := range m.Ambiguous {
		fits := slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return !spoken[r.words.category(code)] })
		switch len(fits) {
		case 0:
			open = append(open, codes)
		case 1:
			r.addService(fits)
		default:
			open = append(open, fits)
		}
	}
	m.Ambiguous = open
}

// segment is a run of service words with nothing but silent words between.
type segment struct{ words []placed }

type placed struct {
	word string
	at   int // token
}

// segments cuts the message into runs of service words. Connectors and punctuation part them.
func (r *reader) segments() []segment {
	var out []segment
	var open segment
	shut := func() {
		if len(open.words) > 0 {
			out = append(out, open)
		}
		open = segment{}
	}
	for i, t := range r.tokens {
		word, attached, ok := r.serviceWord(i)
		if t.before != none || attached {
			shut()
		}
		switch {
		case ok:
			open.words = append(open.words, placed{word, i})
		case !lexicons.silent[t.text]:
			shut()
		}
	}
	shut()
	return out
}

// serviceWord reads token i as a service word, misspellings included. Attached tells that an Arabic
// "and" is written onto it.
func (r *reader) serviceWord(i int) (word string, attached, ok bool) {
	t := r.tokens[i]
	if t.taken {
		return "", false, false
	}
	if word, ok = r.words.serviceWord(t); !ok {
		if lexicons.languages(t) != 0 || r.guarded(t) || r.isStylist(t) {
			return "", false, false
		}
		if word, ok = r.words.misspelt(t); !ok {
			return "", false, false
		}
	}
	attached = len(t.forms) > 1 && t.text == "و"+t.forms[1] && canonical(t.text) != word
	return word, attached, true
}

func (r *reader) guarded(t token) bool {
	return t.number >= 0 || slices.ContainsFunc(t.forms, func(f string) bool {
		short := strings.TrimSuffix(f, "s") // "something's" is no misspelling either
		return lexicons.guarded[f] || lexicons.guarded[short] || lexicons.known[short] != 0
	})
}

// score ranks a service as the meaning of a segment's first strong word.
type score struct {
	code    string
	minutes int
	matched int // words of the segment that its best phrase holds
	exact   bool
	phrase  phrase
	unsaid  int // marked words of the phrase that the customer did not say
}

// name finds what the first strong word of a segment means, and what of the segment is left after it.
// Several codes: they fit equally well.
func (r *reader) name(s segment) ([]string, segment) {
	i := slices.IndexFunc(s.words, func(p placed) bool { return r.words.strong[p.word] })
	var best []score
	if i >= 0 {
		best = r.bestFor(s, s.words[i].word)
	} else if i, best = r.inFull(s); i < 0 {
		return nil, s
	}
	if len(best) == 0 {
		s.words = s.words[i+1:]
		return r.name(s)
	}
	codes := make([]string, 0, len(best))
	left := segment{}
	for _, p := range s.words {
		if !slices.ContainsFunc(best, func(b score) bool { return slices.Contains(b.phrase, p.word) }) {
			left.words = append(left.words, p)
		}
	}
	for _, b := range best {
		codes = append(codes, b.code)
	}
	return codes, left
}

// inFull finds services by a name of weak words alone that is said in full: "skin treatment". The
// index is that of its first word.
func (r *reader) inFull(s segment) (int, []score) {
	for i, p := range s.words {
		best := r.bestFor(s, p.word)
		if len(best) > 0 && best[0].exact && best[0].matched > 1 {
			return i, best
		}
	}
	return -1, nil
}

// bestFor ranks the services that a strong word may mean: most words in common; no special kind that
// was not asked for; no longer name that only adds words to a shorter one; the name said in full; the
// length said.
func (r *reader) bestFor(s segment, word string) []score {
	var best []score
	for _, service := range r.words.services {
		if sc, ok := service.score(s, word); ok {
			best = append(best, sc)
		}
	}
	top := 0
	for _, b := range best {
		top = max(top, b.matched)
	}
	best = keep(best, func(b score) bool { return b.matched == top })
	best = keep(best, func(b score) bool { return b.unsaid == 0 })
	best = keep(best, func(b score) bool { return !slices.ContainsFunc(best, func(o score) bool { return o.within(b) }) })
	best = keep(best, func(b score) bool { return b.exact })
	if len(best) > 1 {
		best = keep(best, func(b score) bool { return b.minutes > 0 && r.saysMinutes(b.minutes) })
	}
	return best
}

// keep filters, unless nothing would remain.
func keep(all []score, want func(score) bool) []score {
	var out []score
	for _, s := range all {
		if want(s) {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// within tells whether the other name only adds words to this one.
func (s score) within(o score) bool {
	if len(s.phrase) >= len(o.phrase) {
		return false
	}
	for _, w := range s.phrase {
		if !slices.Contains(o.phrase, w) {
			return false
		}
	}
	return true
}

// score is how well the service's best phrase with the word in it fits the segment.
func (s bookService) score(seg segment, word string) (score, bool) {
	best := score{code: s.code, minutes: s.minutes}
	for _, p := range s.phrases {
		if !slices.Contains(p, word) {
			continue
		}
		this := score{code: s.code, minutes: s.minutes, phrase: p, exact: true}
		for _, w := range p {
			said := slices.ContainsFunc(seg.words, func(x placed) bool { return x.word == w })
			switch {
			case said:
				this.matched++
			case lexicons.marked[w]:
				this.unsaid++
				this.exact = false
			default:
				this.exact = false
			}
		}
		if this.better(best) {
			best = this
		}
	}
	return best, best.matched > 0
}

func (s score) better(o score) bool {
	if s.matched != o.matched {
		return s.matched > o.matched
	}
	if s.unsaid != o.unsaid {
		return s.unsaid < o.unsaid
	}
	return s.exact && !o.exact || s.exact == o.exact && len(s.phrase) < len(o.phrase)
}

// saysMinutes tells whether the message holds the length: "30", "an hour".
func (r *reader) saysMinutes(n int) bool {
	for i, t := range r.tokens {
		half := i > 0 && r.tokens[i-1].is("half", "media", "نص", "نصف") || t.is("halfhour")
		switch {
		case t.number == n && !t.taken:
			return true
		case t.is("hour", "hora", "ساعه", "halfhour"):
			if n == 60 && !half || n == 30 && half {
				return true
			}
		}
	}
	return false
}

// addService notes one service, or several between which the customer must choose.
func (r *reader) addService(codes []string) {
	m := &r.meaning
	if len(codes) == 1 {
		if !slices.Contains(m.Services, codes[0]) {
			m.Services = append(m.Services, codes[0])
		}
		return
	}
	same := func(a []string) bool { return slices.Equal(a, codes) }
	if !slices.ContainsFunc(m.Ambiguous, same) {
		m.Ambiguous = append(m.Ambiguous, codes)
	}
}

// packs reads packs that are named outright: by the word for a pack and all that is in it, or by that word
// alone where the salon has one pack and none was asked about.
func (r *reader) packs() {
	m := &r.meaning
	if !m.Pack {
		return
	}
	for _, p := range r.words.packs {
		all := len(p.services) > 0
		for _, code := range p.services {
			all = all && slices.Contains(m.Services, code)
		}
		if all || len(r.words.packs) == 1 && r.in.Expect == ExpectNone {
			r.addPack(p.code)
		}
	}
	if r.compares() {
		return
	}
	for _, p := range r.words.packs {
		within := func(code string) bool { return slices.Contains(p.services, code) }
		if slices.Contains(m.Packs, p.code) && len(p.services) > 0 && !slices.ContainsFunc(p.services, func(code string) bool { return !slices.Contains(m.Services, code) }) {
			m.Services = slices.DeleteFunc(m.Services, within) // the pack is what was named
		}
	}
}

// compares tells whether a pack is set against the single services.
func (r *reader) compares() bool {
	return slices.ContainsFunc(r.tokens, func(t token) bool {
		return t.is("vs", "versus", "than", "separately", "separate", "separado", "que", "منفصل", "لحال")
	})
}
