package understand

import (
	"strings"

	"frontdesk/models"
)

// lexicon is everything the package knows about one language. All of it is tables of wordings (see
// pattern); what a matched wording means is decided in the file of its kind.
type lexicon struct {
	language models.Language

	intents []entry[Intent]
	hints   []entry[hint]
	health  []entry[HealthTopic]
	faqs    []entry[string]
	names   []entry[introduction]

	days     []entry[dayRule]
	parts    []entry[Part]
	hours    []entry[hourRule]
	half     []entry[halfDay]
	before   []entry[timeWord] // stands before a time: "after", "until"
	after    []entry[timeWord] // stands after a time: "or later"
	ordinals []entry[int]      // "the second one": 2; -1 the last
	without  []entry[bool]     // stands before what is not wanted

	spoils []entry[bool] // stands after what will not do: "doesn't suit"
	// sources, which stand right before it, and owners lead to the old value in a move, targets to the new one; asides tell of something else
	// than the visit, breaks begin a new thought after it. whole are words that only look as if "to" were
	// written onto them; joins stand between two values that are meant together.
	// noes reject the value that follows them, mends replace what came before by what comes after. shorts are
	// words written short, each with the full one, a pair a line.
	sources, owners, targets, asides, breaks, whole, joins, noes, mends, shorts string

	slips []entry[bool]   // says that something before was wrong
	menu  []entry[string] // services, by code
	// goods are words for what the shop sells, traits ordinary words that tell one product from another.
	// handling are words for what is done with a product, which tell none from another.
	goods, traits, handling string
	// kin are the people a visit may be for, by their English name; amounts are words for how many.
	kin     map[string]string
	amounts map[string]int
	kinds   []entry[string] // what tells services of one name apart
	keeps   []entry[bool]   // stands before a service that is not meant

	weekdays [7]string  // words for each, Sunday first
	months   [12]string // words for each, January first
	numbers  []string   // words for 0, 1, 2 …
	nths     []string   // words for "", first, second …

	// courtesies open or close a clause without changing it: "please", "well", "hi".
	courtesies string
	// common are everyday words: evidence of the language, and never a typo of something else nor a name.
	common string
	// guarded are ordinary words that look like a service, a stylist or a weekday; never a typo of it.
	guarded string
	// spelled are the words whose misspellings are put right before anything is read.
	spelled string
	// compounds are words also written apart: "hair cut". same are words that name one service alike, a
	// group a line; weak cannot name a service alone; marked belong to a
	// special kind of a service, which is not meant unless they are said; silent say nothing about which service.
	compounds, same, weak, marked, silent string
	// people are common words that are also names; fillers and business words make a profile name
	// unreliable.
	people, filling, business string
	// rude are swearwords: everyday words that are never a name. about are the words of each category:
	// "hair", "beauty". wearers say whom a service is for, wherever in the message they stand.
	rude string
	// naming are words that tell that a name is spoken of, titles stand before a name, chatter is laughter and
	// kisses.
	naming, titles, chatter string
	about                   map[models.Category]string
	wearers                 string
	// menfolk are the men and boys a customer books for.
	menfolk string
}

// hint is something said besides intents and values.
type hint int

const (
	hintPack     hint = iota // "the pack"
	hintNoPack               // "without the pack"
	hintOnly                 // "just", "only"
	hintBoth                 // "both"
	hintMonday               // الاثنين: "both" where two things are asked about, else Monday
	hintSeparate             // "separately", "two bookings"
	hintAnyone               // "whoever"
	hintAny                  // "either", "any"
	hintEarliest             // "first available"
	hintOther                // "anything else?"
	hintOtherDay             // "another day"
	hintLater
	hintEarlier
	hintSocial
	hintAnyDay
	hintAnyTime    // "any time": of any day where a day is asked for
	hintThatPerson // "with her"
	hintCannot     // "I can't make it": of a visit, or of the times offered
	hintKeep       // "leave it as it is": of a visit
	hintNothing    // blocks a shorter wording
)

// grammar is a lexicon compiled.
type grammar struct {
	intents  rules[Intent]
	hints    rules[hint]
	health   rules[HealthTopic]
	faqs     rules[string]
	names    rules[introduction]
	days     rules[dayRule]
	parts    rules[Part]
	hours    rules[hourRule]
	half     rules[halfDay]
	before   rules[timeWord]
	after    rules[timeWord]
	ordinals rules[int]
	without  rules[bool]
	spoils   rules[bool]
	slips    rules[bool]
	menu     rules[string]
	kinds    rules[string]
	keeps    rules[bool]

	courtesies map[string]bool
	common     map[string]bool
	people     map[string]bool
	guarded    map[string]bool
	filling    map[string]bool
	business   map[string]bool
	weak       map[string]bool
	marked     map[string]bool
	silent     map[string]bool
	rude       map[string]bool
	naming     map[string]bool
	goods      map[string]bool
	traits     map[string]bool
	handling   map[string]bool
	kin        map[models.Language]map[string]string
	amounts    map[models.Language]map[string]int
	titles     map[string]bool
	chatter    map[string]bool
	wearers    map[string]bool
	menfolk    map[string]bool
	sources    map[string]bool
	owners     map[string]bool
	targets    map[string]bool
	asides     map[string]bool
	breaks     map[string]bool
	whole      map[string]bool
	joins      map[string]bool
	noes       map[string]bool
	mends      map[string]bool
	shorts     map[models.Language]map[string]string
	about      map[string]models.Category
	numbers    map[models.Language]map[string]int
	nths       map[string]int
	weekdays   map[string]int
	months     map[string]int
	spelled    []string
	compounds  map[[2]string]string
	same       map[string]string
	// known says which languages a word belongs to.
	known map[string]languageSet
}

// lexicons holds the three languages together: a customer may mix them in one message.
var lexicons = build(&english, &spanish, &arabic)

func build(all ...*lexicon) *grammar {
	g := &grammar{
		courtesies: map[string]bool{}, common: map[string]bool{}, people: map[string]bool{}, guarded: map[string]bool{},
		filling: map[string]bool{}, business: map[string]bool{}, weak: map[string]bool{}, marked: map[string]bool{}, silent: map[string]bool{},
		goods: map[string]bool{}, traits: map[string]bool{}, handling: map[string]bool{},
		kin: map[models.Language]map[string]string{}, amounts: map[models.Language]map[string]int{},
		naming: map[string]bool{}, titles: map[string]bool{}, chatter: map[string]bool{},
		rude: map[string]bool{}, wearers: map[string]bool{}, menfolk: map[string]bool{}, sources: map[string]bool{}, targets: map[string]bool{}, owners: map[string]bool{},
		asides: map[string]bool{}, breaks: map[string]bool{}, whole: map[string]bool{}, joins: map[string]bool{},
		noes: map[string]bool{}, mends: map[string]bool{}, shorts: map[models.Language]map[string]string{}, about: map[string]models.Category{},
		numbers: map[models.Language]map[string]int{}, nths: map[string]int{}, weekdays: map[string]int{}, months: map[string]int{},
		compounds: map[[2]string]string{}, same: map[string]string{}, known: map[string]languageSet{},
	}
	for _, l := range all {
		g.addRules(l)
		g.addWords(l)
		g.addKnown(l)
	}
	return g
}

func (g *grammar) addRules(l *lexicon) {
	g.intents.add(l, l.intents)
	g.hints.add(l, l.hints)
	g.health.add(l, l.health)
	g.faqs.add(l, l.faqs)
	g.names.add(l, l.names)
	g.days.add(l, l.days)
	g.parts.add(l, l.parts)
	g.hours.add(l, l.hours)
	g.half.add(l, l.half)
	g.before.add(l, l.before)
	g.after.add(l, l.after)
	g.ordinals.add(l, l.ordinals)
	g.without.add(l, l.without)
	g.spoils.add(l, l.spoils)
	g.slips.add(l, l.slips)
	g.menu.add(l, l.menu)
	g.kinds.add(l, l.kinds)
	g.keeps.add(l, l.keeps)
}

func (g *grammar) addWords(l *lexicon) {
	for set, words := range map[*map[string]bool]string{
		&g.courtesies: l.courtesies, &g.common: l.common, &g.people: l.people, &g.guarded: l.guarded, &g.filling: l.filling,
		&g.business: l.business, &g.weak: l.weak, &g.marked: l.marked, &g.silent: l.silent,
		&g.goods: l.goods, &g.traits: l.traits, &g.handling: l.handling, &g.naming: l.naming, &g.titles: l.titles, &g.chatter: l.chatter,
		&g.rude: l.rude, &g.wearers: l.wearers, &g.menfolk: l.menfolk,
		&g.sources: l.sources, &g.targets: l.targets, &g.owners: l.owners, &g.asides: l.asides, &g.breaks: l.breaks, &g.whole: l.whole, &g.joins: l.joins, &g.noes: l.noes, &g.mends: l.mends,
	} {
		for _, w := range folded(words) {
			(*set)[w] = true
		}
	}
	g.addShop(l)
	for category, words := range l.about {
		for _, w := range folded(words) {
			g.about[w] = category
		}
	}
	for i, words := range l.weekdays {
		for _, w := range folded(words) {
			g.weekdays[w] = i
		}
	}
	for i, words := range l.months {
		for _, w := range folded(words) {
			g.months[w] = i + 1
		}
	}
	g.numbers[l.language] = map[string]int{}
	for i, words := range l.numbers {
		for _, w := range folded(words) {
			g.numbers[l.language][w] = i
		}
	}
	for i, words := range l.nths {
		for _, w := range folded(words) {
			g.nths[w] = i
		}
	}
	g.shorts[l.language] = map[string]string{}
	for line := range strings.Lines(l.shorts) {
		if w := folded(line); len(w) == 2 {
			g.shorts[l.language][w[0]] = w[1]
		}
	}
	g.spelled = append(g.spelled, folded(l.spelled)...)
	for line := range strings.Lines(l.compounds) {
		if w := folded(line); len(w) == 3 {
			g.compounds[[2]string{w[0], w[1]}] = w[2]
		}
	}
	for line := range strings.Lines(l.same) {
		g.addSame(folded(line))
	}
}

// addShop notes the words of the shop and of company.
func (g *grammar) addShop(l *lexicon) {
	g.kin[l.language], g.amounts[l.language] = map[string]string{}, map[string]int{}
	for who, words := range l.kin {
		for _, w := range folded(words) {
			g.kin[l.language][w] = who
		}
	}
	for words, n := range l.amounts {
		for _, w := range folded(words) {
			g.amounts[l.language][w] = n
		}
	}
}

// addSame notes words that name the same. A group that shares a word with another language's joins it.
func (g *grammar) addSame(words []string) {
	if len(words) == 0 {
		return
	}
	head := words[0]
	for _, w := range words {
		if known, ok := g.same[w]; ok {
			head = known
		}
	}
	for _, w := range words {
		g.same[w] = head
	}
}

// folded splits and folds a list of words.
func folded(list string) []string {
	out := strings.Fields(list)
	for i, w := range out {
		out[i] = fold(w)
	}
	return out
}

// everyday tells whether a word belongs to ordinary talk rather than to a salon's trade.
func (g *grammar) everyday(word string) bool {
	_, trade := g.same[word]
	return !trade && g.common[word]
}

func (g *grammar) filler(t token) bool {
	for _, f := range t.forms {
		if g.courtesies[f] {
			return true
		}
	}
	return false
}
