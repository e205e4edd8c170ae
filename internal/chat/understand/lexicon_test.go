package understand

import (
	"strings"
	"testing"
)

// Every line of every table can match: no stray marks inside a word, and no wording that is optional
// as a whole.
func TestTables(t *testing.T) {
	g := lexicons
	checkTable(t, "intents", g.intents)
	checkTable(t, "hints", g.hints)
	checkTable(t, "health", g.health)
	checkTable(t, "faqs", g.faqs)
	checkTable(t, "names", g.names)
	checkTable(t, "days", g.days)
	checkTable(t, "parts", g.parts)
	checkTable(t, "hours", g.hours)
	checkTable(t, "half", g.half)
	checkTable(t, "before", g.before)
	checkTable(t, "after", g.after)
	checkTable(t, "ordinals", g.ordinals)
	checkTable(t, "without", g.without)
	checkTable(t, "spoils", g.spoils)
	checkTable(t, "menu", g.menu)
	checkTable(t, "kinds", g.kinds)
	checkTable(t, "keeps", g.keeps)
}

func checkTable[T any](t *testing.T, table string, rs rules[T]) {
	t.Helper()
	slots := "n hour minutes clock date weekday month nth few dom"
	for _, r := range rs.all {
		must := false
		for _, p := range r.parts {
			for _, w := range append(p.words, p.prefixes...) {
				if w == "" || strings.ContainsAny(w, "?!*^$%<>-'") {
					t.Errorf("%s in %s: word %q cannot match (%v)", table, r.lexicon.language, w, r.means)
				}
			}
			if p.kind == slot && !strings.Contains(slots, p.slot) {
				t.Errorf("%s in %s: slot %q", table, r.lexicon.language, p.slot)
			}
			must = must || (p.kind == literal || p.kind == slot) && !p.optional
		}
		if !must {
			t.Errorf("%s in %s: a wording of %v may be nothing", table, r.lexicon.language, r.means)
		}
	}
}
