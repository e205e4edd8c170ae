package understand

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/models"
)

// Kin is what somebody spoken of is to the writer: a word of a closed list, the same in every language.
type Kin string

// Kin with names of their own in the dialogue's texts. Someone is anybody else.
const (
	Mother      Kin = "mother"
	Father      Kin = "father"
	Sister      Kin = "sister"
	Brother     Kin = "brother"
	Daughter    Kin = "daughter"
	Son         Kin = "son"
	Husband     Kin = "husband"
	Wife        Kin = "wife"
	Friend      Kin = "friend" // a woman, or not said
	FriendMan   Kin = "friend_man"
	Grandmother Kin = "grandmother"
	Someone     Kin = "someone"
)

// kinWords are the words of everyday talk for each, folded; Arabic ones without what is written onto them.
var kinWords = func() map[string]Kin {
	words := map[string]Kin{}
	for kin, list := range map[Kin]string{
		Mother:      "mother mum mom mam mummy mama madre والدتي امي ماما مامتي",
		Father:      "father dad papa padre والدي ابي بابا ابوي",
		Sister:      "sister hermana اختي",
		Brother:     "brother hermano اخي اخوي",
		Daughter:    "daughter hija ابنتي بنتي",
		Son:         "son hijo ابني",
		Husband:     "husband marido esposo زوجي",
		Wife:        "wife mujer esposa زوجتي مرتي",
		Friend:      "friend friends mate girlfriend amiga amigas صديقتي صاحبتي رفيقتي",
		FriendMan:   "amigo boyfriend novio صديقي صاحبي خطيبي",
		Grandmother: "grandmother grandma gran abuela جدتي",
		Someone: "someone somebody partner aunt uncle cousin niece boss colleague kid child pareja novia tia tio prima primo abuelo " +
			"suegra sobrina cuñada jefa nieta compañera persona familiar conocida خالتي عمتي حماتي خطيبتي",
	} {
		for _, w := range strings.Fields(list) {
			words[fold(w)] = kin
		}
	}
	return words
}()

// Who is whom a share is for: Self, Other ("her"), Everyone, or a Kin.
type Who = Kin

// Whom a share may be for besides kin.
const (
	Self     Who = "self"
	Other    Who = "other"
	Everyone Who = "everyone"
)

// whoWords are the words that point at people without naming them.
var whoWords = func() map[string]Who {
	words := map[string]Who{}
	for who, list := range map[Who]string{
		Self:     "i me mine myself im ill id yo mia mio conmigo لي انا لنفسي الي",
		Other:    "her hers herself she his him himself he ella suyo suya لها الها هي له هو رقمها رقمه هاتفها هاتفه جوالها جواله",
		Everyone: "both each everyone ambas ambos لنا لكلينا كلانا كلتانا لكلتينا",
	} {
		for _, w := range strings.Fields(list) {
			words[fold(w)] = who
		}
	}
	return words
}()

// Share is a service for somebody.
type Share struct {
	Service string
	Who     Who
}

// mention is a person or a service at a word of the message.
type mention struct {
	at      int
	who     Who
	service string
}

// company reads who else is spoken of, how many come, and who gets which service.
func (r *reader) company() {
	people := r.peopleMentioned()
	if m := &r.meaning; m.Name != nil && m.OtherName == nil && r.nameStart > 0 {
		if _, ok := r.kinOf(r.tokens[r.nameStart-1]); ok { // "for my mother Samira Nasser" is not the writer's
			m.OtherName, m.Name = m.Name, nil
		}
	}
	r.heads()
	if len(people) == 0 {
		return
	}
	m := &r.meaning
	m.ForMe = !slices.ContainsFunc(people, func(p mention) bool { return p.who != Self })
	m.Alone = m.ForMe && slices.ContainsFunc(r.tokens, func(t token) bool {
		return t.is("just", "only", "alone", "myself", "solo", "sola", "فقط", "وحدي", "لوحدي", "بس")
	})
	for _, p := range people {
		m.OfOther = m.OfOther || p.who != Self && p.who != Everyone
		if p.who != Self && p.who != Other && p.who != Everyone {
			m.Others = append(m.Others, p.who)
		}
	}
	sequence := slices.Concat(people, r.serviceMentions())
	slices.SortStableFunc(sequence, func(a, b mention) int { return a.at - b.at })
	m.Shares = shares(sequence)
}

// peopleMentioned are the people pointed at, in order; the name that follows one is kept.
func (r *reader) peopleMentioned() []mention {
	var found []mention
	for i := range r.tokens {
		if kin, ok := r.kinAt(i); ok {
			found = append(found, mention{at: i, who: kin})
			r.otherName(i + 1)
			continue
		}
		if who, ok := r.pointsAt(i); ok {
			found = append(found, mention{at: i, who: who})
		}
	}
	return found
}

// kinLabels are the Arabic words for what somebody is to another, as the salon writes them beside a name; customers
// say "my".
var kinLabels = map[string]Kin{
	fold("الوالدة"): Mother, fold("الوالد"): Father, fold("الأخت"): Sister, fold("الأخ"): Brother, fold("الابنة"): Daughter, fold("الابن"): Son,
	fold("الزوج"): Husband, fold("الزوجة"): Wife, fold("الصديقة"): Friend, fold("الصديق"): FriendMan, fold("الجدة"): Grandmother,
}

// KinOf reads a word for somebody, as a customer or the salon writes it: "hija", "الابنة".
func KinOf(word string) (Kin, bool) {
	if kin, ok := kinLabels[fold(word)]; ok {
		return kin, true
	}
	kin, ok := kinWords[fold(word)]
	return kin, ok
}

// kinAt is kinOf for a word of the message, also written as whose something is: "my daughter's".
func (r *reader) kinAt(i int) (Kin, bool) {
	t := r.tokens[i]
	if kin, ok := r.kinOf(t); ok || !strings.ContainsAny(r.source[t.start:t.end], "'’") {
		return kin, ok
	}
	kin, ok := kinWords[strings.TrimSuffix(t.text, "s")]
	return kin, ok
}

// kinOf reads a word for somebody. Spanish "son" and "gran" are none.
func (r *reader) kinOf(t token) (Kin, bool) {
	if r.meaning.Language == models.Spanish && t.is("son", "gran") {
		return "", false
	}
	for _, f := range t.forms {
		if kin, ok := kinWords[f]; ok {
			return kin, true
		}
	}
	return "", false
}

// pointsAt reads a word that points at the writer, at the other person or at all. Spanish "mi" and "el" do
// so only after "para": elsewhere they belong to the word that follows.
func (r *reader) pointsAt(i int) (Who, bool) {
	t := r.tokens[i]
	after := i > 0 && r.tokens[i-1].is("para", "a")
	next := i+1 < len(r.tokens) && r.tokens[i+1].before == none
	switch {
	case t.text == "mi":
		_, kin := r.kinOf(r.tokens[min(i+1, len(r.tokens)-1)])
		return Self, after && !kin
	case t.text == "el":
		return Other, after && !next
	case t.is("las", "los") && next && r.tokens[i+1].is("dos", "tres"):
		return Everyone, true
	}
	who, ok := whoWords[t.text]
	if !ok && len(t.forms) > 1 && strings.HasPrefix(t.text, "و") {
		who, ok = whoWords[strings.TrimPrefix(t.text, "و")]
	}
	return who, ok
}

// otherName keeps the name written after the word for a person: "my mother Samira Nasser". Only one written
// large counts; a script without capitals gives none away in passing.
func (r *reader) otherName(start int) {
	if r.meaning.OtherName != nil || start >= len(r.tokens) || r.tokens[start].before == hard {
		return
	}
	end := r.nameEnd(start, false)
	for end > start && particles[r.tokens[end-1].text] {
		end--
	}
	if end == start {
		return
	}
	for _, t := range r.tokens[start:end] {
		first, _ := utf8.DecodeRuneInString(r.source[t.start:])
		if !unicode.IsUpper(first) && !particles[t.text] || r.isStylist(t) {
			return
		}
	}
	name := written(r.source[r.tokens[start].start:r.tokens[end-1].end])
	if name == "" {
		return
	}
	given, family := split(name)
	r.meaning.OtherName = &PersonName{Given: given, Family: family}
}

// serviceMentions are the services named, with the word each begins at.
func (r *reader) serviceMentions() []mention {
	var found []mention
	hits := lexicons.menu.find(r.message)
	for _, h := range hits {
		if codes := r.carried(strings.Split(h.means, "|")); len(codes) == 1 && !r.unwantedService(h.start) {
			found = append(found, mention{at: h.start, service: codes[0]})
		}
	}
	for _, s := range r.segments() {
		said := slices.ContainsFunc(hits, func(h hit[string]) bool { return s.words[0].at >= h.start && s.words[0].at < h.end })
		if said || r.unwantedService(s.words[0].at) {
			continue
		}
		for {
			codes, left := r.name(s)
			if len(codes) == 0 {
				break
			}
			if len(codes) == 1 {
				found = append(found, mention{at: s.words[0].at, service: codes[0]})
			}
			s = left
			if len(s.words) == 0 {
				break
			}
		}
	}
	return found
}

// shares reads who gets what from the order in which people and services are named: "the cut is mine, the
// styling hers" or "I'd like a cut and she a styling". Who is named beyond that ("my daughter and I would
// like …") only says who comes; where the order does not tell, nobody gets anything.
func shares(sequence []mention) []Share {
	runs := runsOf(sequence)
	for len(runs) > 0 && !runs[len(runs)-1][0].isPerson() && len(runs) > 2 && runs[0][0].isPerson() && len(runs)%2 == 1 {
		runs = runs[1:]
	}
	if len(runs) > 2 && len(runs)%2 == 1 && runs[0][0].isPerson() {
		runs = runs[1:] // "I'd like a cut for me and …"
	}
	if len(runs) < 2 || len(runs)%2 == 1 {
		return nil
	}
	var out []Share
	for i := 0; i < len(runs); i += 2 {
		people, services := runs[i], runs[i+1]
		if !people[0].isPerson() {
			people, services = services, people
		}
		if len(people) > 1 {
			return nil
		}
		for _, s := range services {
			out = append(out, Share{Service: s.service, Who: people[0].who})
		}
	}
	return out
}

func (m mention) isPerson() bool { return m.who != "" }

// runsOf parts a sequence into runs of people and of services; the same person twice in a row is one.
func runsOf(sequence []mention) [][]mention {
	var runs [][]mention
	for _, m := range sequence {
		last := len(runs) - 1
		if last < 0 || runs[last][0].isPerson() != m.isPerson() {
			runs = append(runs, []mention{m})
			continue
		}
		if same := runs[last][len(runs[last])-1]; m.isPerson() && same.who == m.who {
			continue
		}
		runs[last] = append(runs[last], m)
	}
	return runs
}

// heads reads how many people come: "the three of us", "para dos personas", "لشخصين".
func (r *reader) heads() {
	for i, t := range r.tokens {
		if t.is("شخصين", "اثنتين", "ثنتين") {
			r.meaning.Heads = 2
			return
		}
		n := t.number
		if n < 0 {
			n = headWords[t.text]
		}
		if n < 2 || n > 12 {
			continue
		}
		before := i > 0 && r.tokens[i-1].is("somos", "seremos", "seriamos", "venimos", "vamos", "نحن", "احنا", "nosotras", "nosotros")
		after := i+1 < len(r.tokens) && (r.tokens[i+1].is("people", "persons", "friends", "personas", "amigas", "chicas", "اشخاص", "بنات", "صديقات") ||
			r.tokens[i+1].is("of") && i+2 < len(r.tokens) && r.tokens[i+2].is("us"))
		if before || after {
			r.meaning.Heads = n
			return
		}
	}
}

var headWords = map[string]int{
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
	"اثنين": 2, "ثلاث": 3, "ثلاثه": 3, "اربع": 4, "اربعه": 4, "خمس": 5, "خمسه": 5,
}

// toldName reads the name of somebody else where a name was asked for: "she's called Samira Nasser".
func (r *reader) toldName() {
	if r.in.Expect != ExpectName {
		return
	}
	for i, t := range r.tokens {
		after := i > 0 && r.tokens[i-1].is("shes", "hes", "she", "he", "is", "se", "her", "his")
		told := t.is("اسمها", "اسمه", "تسمي") || after && t.is("called", "named", "llama")
		start := i + 1
		if after && t.is("name", "names") {
			told = true
			if start < len(r.tokens) && r.tokens[start].is("is", "s") {
				start++
			}
		}
		end := r.nameEnd(start, true)
		if !told || end == start {
			continue
		}
		given, family := split(written(r.source[r.tokens[start].start:r.tokens[end-1].end]))
		if given != "" {
			r.meaning.OtherName = &PersonName{Given: given, Family: family}
			r.take(i, end)
			return
		}
	}
}
