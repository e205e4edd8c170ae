package understand

import "slices"

// errandTable are the wordings of errands in one language. They are apart from the lexicons: the model of intents
// sees nothing of them.
type errandTable struct {
	language *lexicon
	commands []entry[ErrandKind] // what a command begins with
	wordings []entry[ErrandKind] // what can be meant of a shop alone
	basket   string              // wordings that name the basket
	pages    string              // "page 2"
	those    string              // "it", "those"
	more     string              // "two more", "another"
	all      string              // "all of them"
	ordinals []entry[int]        // besides those of the lexicon
	idle     string              // words that say nothing of what is looked for
	units    string              // what a number before them measures
}

// errandRules are the tables of all languages compiled: a customer may mix them.
type errandRules struct {
	commands, wordings              rules[ErrandKind]
	basket, pages, those, more, all rules[bool]
	ordinals                        rules[int]
	idle, units                     map[string]bool
	verbs                           map[string]bool // every word of a command or wording
}

var errandWords = compileErrands(englishErrands(), spanishErrands(), arabicErrands())

func compileErrands(tables ...errandTable) errandRules {
	g := errandRules{idle: map[string]bool{}, units: map[string]bool{}, verbs: map[string]bool{}}
	for _, t := range tables {
		l := t.language
		g.commands.add(l, t.commands)
		g.wordings.add(l, t.wordings)
		g.ordinals.add(l, t.ordinals)
		for into, words := range map[*rules[bool]]string{&g.basket: t.basket, &g.pages: t.pages, &g.those: t.those, &g.more: t.more, &g.all: t.all} {
			into.add(l, []entry[bool]{{true, words}})
		}
		for _, w := range folded(t.idle) {
			g.idle[w] = true
		}
		for _, w := range folded(t.units) {
			g.units[w] = true
		}
	}
	for _, r := range append(slices.Clone(g.commands.all), g.wordings.all...) {
		for _, p := range r.parts {
			for _, w := range p.words {
				g.verbs[w] = true
			}
		}
	}
	return g
}
