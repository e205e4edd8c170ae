package understand

import (
	"slices"
	"strings"
	"unicode/utf8"

	"frontdesk/internal/chat/understand/maxent"
	"frontdesk/models"
)

// Evidence is what the model of intents sees of a message; into is used when it has room. It is what
// the model is trained on as well: whoever changes it trains anew.
func Evidence(in Input, into []maxent.Feature) []maxent.Feature {
	r := newReader(in)
	if r.blank {
		return into[:0]
	}
	r.rules()
	return r.evidence(into)
}

// Kinds of features. A feature is the hash of its kind and its words.
const (
	kindWord = 'a' + iota
	kindForm
	kindPair
	kindSkip
	kindGram
	kindFirst
	kindShape
	kindExpect
	kindExpectWord
	kindIntent
	kindValue
	kindLength
	kindMark
	kindTriple
	kindStem
	kindSkeleton
	kindConcept
	kindConcepts
	kindConceptPair
)

// How much the kinds count.
const (
	weighWord  = 1
	weighPair  = 0.7
	weighGram  = 0.25
	weighShape = 0.5

	weighSkeleton    = 0.7
	weighConcept     = 1
	weighConceptPair = 0.3
)

// hash is FNV-1a, going on from where it was.
func hash(h uint32, s string) uint32 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

func hashOf(kind byte) uint32 { return (2166136261 ^ uint32(kind)) * 16777619 }

// evidence collects features, each once, of a message whose tokens have been looked up.
type evidence struct {
	all   []maxent.Feature
	seen  [2 * mostFeatures]uint32 // the keys in all, by their lower bits; 0 is free
	plain []string                 // each token's word, or the kind of value it is
	ideas [][]string               // each token's concepts
}

// mostTokens is how far into a message its intent is looked for.
const mostTokens = 80

// mostFeatures is how many features are collected: more than nearly all messages have. A power of two.
const mostFeatures = 2048

func (e *evidence) add(weight float32, kind byte, words ...string) {
	h := hashOf(kind)
	for _, w := range words {
		h = hash(h, w) * 31
	}
	if len(e.all) == mostFeatures {
		return
	}
	at := h
	for ; e.seen[at%(2*mostFeatures)] != 0; at++ {
		if e.seen[at%(2*mostFeatures)] == h {
			return
		}
	}
	e.seen[at%(2*mostFeatures)] = h
	e.all = append(e.all, maxent.Feature{Key: h, Value: weight})
}

func (r *reader) evidence(into []maxent.Feature) []maxent.Feature {
	whole := r.tokens
	r.tokens = whole[:min(len(whole), mostTokens)]
	defer func() { r.tokens = whole }()
	e := &evidence{all: into[:0], plain: make([]string, len(r.tokens)), ideas: make([][]string, len(r.tokens))}
	for i := range r.tokens {
		e.ideas[i] = r.ideas(i)
		e.plain[i] = r.plain(i, e.ideas[i])
	}
	r.addWords(e)
	r.addGrams(e)
	r.addConcepts(e)
	r.addShapes(e)
	r.addContext(e)
	return e.all
}

const edge = "|"

// plain is the word of token i, or the kind of value it is: what is said of a service or a day is the
// same for each of them.
func (r *reader) plain(i int, ideas []string) string {
	for _, kind := range []string{ideaNumber, ideaStylist, ideaDay, ideaService} {
		if slices.Contains(ideas, kind) {
			return kind
		}
	}
	return r.tokens[i].text
}

// Ideas that are values.
const (
	ideaNumber  = "<n>"
	ideaStylist = "<stylist>"
	ideaDay     = "day"
	ideaService = "<service>"
)

// ideas are the concepts of token i, and what of the menu it names.
func (r *reader) ideas(i int) []string {
	t := r.tokens[i]
	into := t.concepts(make([]string, 0, 6))
	if _, _, ok := r.serviceWord(i); ok {
		into = append(into, ideaService)
	}
	if r.isStylist(t) {
		into = append(into, ideaStylist)
	}
	if t.number >= 0 {
		into = append(into, ideaNumber)
	}
	return into
}

// addWords adds words, pairs and the ends of the message.
func (r *reader) addWords(e *evidence) {
	last, before := edge, edge
	for i, t := range r.tokens {
		w := e.plain[i]
		e.add(weighWord, kindWord, w)
		if len(t.forms) > 1 {
			e.add(weighWord, kindForm, t.forms[len(t.forms)-1])
		}
		e.add(weighPair, kindPair, last, w)
		if i > 0 {
			e.add(weighPair/2, kindSkip, before, w)
			e.add(weighPair/2, kindTriple, before, last, w)
		}
		before, last = last, w
	}
	e.add(weighPair, kindPair, last, edge)
	e.add(weighPair/2, kindTriple, before, last, edge)
}

// addGrams adds runs of letters of each word as it was written, which slips and dialects have in
// common with the words they stand for.
func (r *reader) addGrams(e *evidence) {
	var buf [64]byte
	for i, t := range r.tokens {
		if e.plain[i] != t.text {
			continue
		}
		w := append(append(append(buf[:0], '^'), t.text...), '$')
		for n := 3; n <= 5; n++ {
			for from := 0; from < len(w); {
				to, runes := from, 0
				for to < len(w) && runes < n {
					_, size := utf8.DecodeRune(w[to:])
					to, runes = to+size, runes+1
				}
				if runes < n {
					break
				}
				e.add(weighGram, kindGram, string(w[from:to]))
				_, size := utf8.DecodeRune(w[from:])
				from += size
			}
		}
	}
}

// addConcepts adds the ideas of the message: each, each two that follow each other, and each two that
// are in it.
func (r *reader) addConcepts(e *evidence) {
	latinArabic := r.in.Language == models.Arabic || speaksArabizi(r.tokens)
	var all []string
	before := []string{edge}
	for i, t := range r.tokens {
		if s := stem(t.forms[len(t.forms)-1]); s != "" {
			e.add(weighWord, kindStem, s)
		}
		if s := t.text; latinArabic && t.number < 0 {
			if s = skeleton(s); len(s) > 1 {
				e.add(weighSkeleton, kindSkeleton, s)
			}
		}
		here := e.ideas[i]
		for _, c := range here {
			e.add(weighConcept, kindConcept, c)
			for _, b := range before {
				e.add(weighConceptPair, kindConcepts, b, c)
			}
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
		if len(here) > 0 {
			before = here
		}
	}
	for _, b := range before {
		e.add(weighConceptPair, kindConcepts, b, edge)
	}
	if len(all) > mostConcepts {
		return
	}
	slices.Sort(all)
	for i, a := range all {
		for _, b := range all[:i] {
			e.add(weighConceptPair, kindConceptPair, b, a)
		}
	}
}

// mostConcepts is how many ideas a message may have for their pairs to tell something.
const mostConcepts = 24

// addShapes adds what the rules made of the message.
func (r *reader) addShapes(e *evidence) {
	m := &r.meaning
	values := 0
	value := func(name string, is bool) {
		if is {
			e.add(weighShape, kindValue, name)
			e.add(weighShape, kindExpect, string(r.in.Expect), name)
			values++
		}
	}
	for _, i := range m.Intents {
		e.add(weighShape, kindIntent, string(i))
		e.add(weighShape, kindIntent, string(i), string(r.in.Expect))
	}
	if len(m.Intents) > 0 {
		e.add(weighShape, kindIntent, "only", string(m.Intents[0]), string(m.Intents[len(m.Intents)-1]))
	}
	value("service", len(m.Services)+len(m.Ambiguous)+len(m.Packs) > 0)
	value("services", len(m.Services)+len(m.Ambiguous) > 1)
	value("pack", m.Pack)
	value("single", m.Single)
	value("topic", m.Topic != "")
	value("day", m.Day != nil)
	value("days", m.Days != nil)
	value("anyday", m.AnyDay)
	value("part", m.Part != AnyPart)
	value("at", m.At != nil)
	value("after", m.NotBefore != nil)
	value("before", m.NotAfter != nil)
	value("stylist", len(m.Stylists) > 0)
	value("not stylist", len(m.NotStylists) > 0)
	value("any stylist", m.AnyStylist)
	value("earliest", m.Earliest)
	value("name", m.Name != nil)
	value("choice", m.Choice > 0)
	value("other", m.OtherOptions)
	value("later", m.Later)
	value("earlier", m.Earlier)
	value("social", m.Social)
	value("undecided", m.Indecision > 50)
	value("health", m.HealthTopic != "")
	value("person", m.Person != "")
	value("product", m.Product != "")
	value("order", m.OrderNumber != "")
	value("delay", m.DelayMinutes != nil)
	for _, f := range m.FAQs {
		value("faq "+f, true)
	}
	if values == 0 {
		value("nothing", true)
	}
}

// addContext adds what was asked before, and how the message is written.
func (r *reader) addContext(e *evidence) {
	x := string(r.in.Expect)
	e.add(weighWord, kindExpect, x)
	length := "long"
	switch n := len(r.tokens); {
	case n < 4:
		length = string(rune('0' + n))
	case n < 6:
		length = "few"
	case n < 10:
		length = "some"
	}
	e.add(weighShape, kindLength, length)
	e.add(weighShape, kindLength, length, x)
	if strings.ContainsAny(r.source, "?؟") {
		e.add(weighShape, kindMark, "?")
	}
	if len(r.tokens) > 0 {
		e.add(weighPair, kindExpectWord, x, r.tokens[0].text)
		e.add(weighPair, kindFirst, r.tokens[0].text)
	}
	if x != "" {
		for _, t := range r.tokens {
			e.add(weighPair, kindExpectWord, "", t.text)
		}
	}
	for _, c := range r.source {
		if c > 0x2190 && c != '…' && !arabicScript(string(c)) {
			e.add(weighShape, kindMark, string(c))
		}
	}
	if len(r.tokens) == 0 {
		e.add(weighShape, kindMark, "none")
	}
}
