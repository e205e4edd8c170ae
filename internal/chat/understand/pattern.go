package understand

import (
	"strings"

	"frontdesk/models"
)

// A pattern is one line of a table of wordings, read word by word:
//
//	word        that word (folded); in Arabic also with و, ال, ب, ل … written onto it
//	a|b         one of them
//	cancel%     any word that begins so
//	the?        may be missing
//	!a|b        the next word is none of these (takes no word)
//	*           up to three words of the same clause
//	^  $        the clause begins, ends here; courtesies beside it do not count
//	<n> <hour> <clock> <date> <weekday> <month>   a number, a time …; its value is kept
//
// Words of a pattern may be parted by a comma in the text, never by the end of a sentence.
type pattern struct {
	parts   []part
	lexicon *lexicon
}

type partKind int

const (
	literal partKind = iota
	unless
	gap
	clauseStart
	clauseEnd
	slot
)

type part struct {
	kind     partKind
	words    []string
	prefixes []string
	optional bool
	slot     string
}

const maxGap = 3

// entry is one row of a table: a meaning and the wordings of it, one pattern a line.
type entry[T any] struct {
	means T
	words string
}

// rule is a compiled line of an entry.
type rule[T any] struct {
	pattern
	means T
}

// hit is where a rule matched: tokens from start up to, not including, end.
type hit[T any] struct {
	means      T
	start, end int
	slots      slots
	language   models.Language
}

// slots are the values a pattern read; -1 where it read none.
type slots struct {
	number  int    // <n>
	hour    int    // <hour>
	minutes int    // <clock>: after midnight
	zero    bool   // <clock> was written with a leading zero
	weekday int    // <weekday>
	month   int    // <month>
	date    string // <date>
}

func noSlots() slots { return slots{number: -1, hour: -1, minutes: -1, weekday: -1, month: -1} }

// rules are the compiled rows of a table, found by the word they may begin with.
type rules[T any] struct {
	all   []rule[T]
	first map[string][]int // indexes in all
	open  []int            // those that may begin with any word
}

// add compiles a lexicon's table.
func (rs *rules[T]) add(l *lexicon, table []entry[T]) {
	for _, e := range table {
		for line := range strings.Lines(e.words) {
			if line = strings.TrimSpace(line); line != "" {
				rs.index(rule[T]{parse(l, line), e.means})
			}
		}
	}
}

func (rs *rules[T]) index(r rule[T]) {
	n := len(rs.all)
	rs.all = append(rs.all, r)
	words, ok := r.beginnings()
	if !ok {
		rs.open = append(rs.open, n)
		return
	}
	if rs.first == nil {
		rs.first = map[string][]int{}
	}
	for _, w := range words {
		rs.first[w] = append(rs.first[w], n)
	}
}

// at is the longest match that begins at token i; of equally long ones the first of the table.
func (rs *rules[T]) at(m message, i int) (hit[T], bool) {
	best, row := hit[T]{end: i}, 0
	if i >= len(m.tokens) {
		return best, false
	}
	try := func(rows []int) {
		for _, n := range rows {
			r := rs.all[n]
			if end, s, ok := r.match(m, i, i, 0, noSlots()); ok && (end > best.end || end == best.end && end > i && n < row) {
				best, row = hit[T]{r.means, i, end, s, r.lexicon.language}, n
			}
		}
	}
	for _, f := range m.tokens[i].forms {
		try(rs.first[f])
	}
	try(rs.open)
	return best, best.end > i
}

// before is the longest match that ends right before token i, in the same sentence.
func (rs *rules[T]) before(m message, i int) (hit[T], bool) {
	if i >= len(m.tokens) || m.tokens[i].before == hard {
		return hit[T]{}, false
	}
	for start := max(0, i-maxLead); start < i; start++ {
		if h, ok := rs.ending(m, start, i); ok {
			return h, true
		}
	}
	return hit[T]{}, false
}

func (rs *rules[T]) ending(m message, start, end int) (hit[T], bool) {
	for _, rows := range append(rs.rowsOf(m.tokens[start]), rs.open) {
		for _, n := range rows {
			r := rs.all[n]
			if got, s, ok := r.match(m, start, start, 0, noSlots()); ok && got == end {
				return hit[T]{r.means, start, end, s, r.lexicon.language}, true
			}
		}
	}
	return hit[T]{}, false
}

func (rs *rules[T]) rowsOf(t token) [][]int {
	rows := make([][]int, 0, len(t.forms)+1)
	for _, f := range t.forms {
		rows = append(rows, rs.first[f])
	}
	return rows
}

// maxLead is how many words a wording in front of something may have.
const maxLead = 5

// beginnings are the words a match may begin with; false: any.
func (p pattern) beginnings() ([]string, bool) {
	var words []string
	for _, part := range p.parts {
		switch {
		case part.kind == clauseStart || part.kind == unless:
			continue
		case part.kind != literal || len(part.prefixes) > 0:
			return nil, false
		}
		words = append(words, part.words...)
		if !part.optional {
			return words, true
		}
	}
	return nil, false
}

func parse(l *lexicon, line string) pattern {
	p := pattern{lexicon: l}
	for _, word := range strings.Fields(line) {
		p.parts = append(p.parts, parsePart(word))
	}
	return p
}

func parsePart(word string) part {
	switch {
	case word == "*":
		return part{kind: gap}
	case word == "^":
		return part{kind: clauseStart}
	case word == "$":
		return part{kind: clauseEnd}
	}
	var p part
	if rest, ok := strings.CutSuffix(word, "?"); ok {
		p.optional, word = true, rest
	}
	if rest, ok := strings.CutPrefix(word, "!"); ok {
		p.kind, word = unless, rest
	}
	if strings.HasPrefix(word, "<") {
		p.kind, p.slot = slot, strings.Trim(word, "<>")
		return p
	}
	for _, w := range strings.Split(word, "|") {
		if stem, ok := strings.CutSuffix(w, "%"); ok {
			p.prefixes = append(p.prefixes, fold(stem))
		} else {
			p.words = append(p.words, fold(w))
		}
	}
	return p
}

// find runs rules over a message. Of the matches that begin at one word the longest counts, and no two
// matches overlap. Words already taken match nothing.
func (rs *rules[T]) find(m message) []hit[T] {
	var hits []hit[T]
	for i := 0; i < len(m.tokens); i++ {
		if h, ok := rs.at(m, i); ok {
			hits = append(hits, h)
			i = h.end - 1
		}
	}
	return hits
}

// match tries the pattern from part k on at token i; it began at token start.
func (p pattern) match(m message, start, i, k int, s slots) (int, slots, bool) {
	if k == len(p.parts) {
		return i, s, true
	}
	switch part := p.parts[k]; part.kind {
	case clauseStart:
		if !m.opens(i) {
			return 0, s, false
		}
		return p.match(m, start, i, k+1, s)
	case clauseEnd:
		if !m.closes(i) {
			return 0, s, false
		}
		return p.match(m, start, i, k+1, s)
	case unless:
		if i < len(m.tokens) && m.tokens[i].before == none && part.has(m.tokens[i]) {
			return 0, s, false
		}
		return p.match(m, start, i, k+1, s)
	case gap:
		for n := 0; n <= maxGap && i+n <= len(m.tokens); n++ {
			if n > 0 && m.tokens[i+n-1].before != none {
				break
			}
			if end, got, ok := p.match(m, start, i+n, k+1, s); ok {
				return end, got, true
			}
		}
		return 0, s, false
	default:
		return p.matchWord(m, start, i, k, s)
	}
}

func (p pattern) matchWord(m message, start, i, k int, s slots) (int, slots, bool) {
	part := p.parts[k]
	if i < len(m.tokens) && !m.tokens[i].taken && !(i > start && m.tokens[i].before == hard) {
		got, ok := s, part.has(m.tokens[i])
		if part.kind == slot {
			got, ok = p.lexicon.read(part.slot, m.tokens[i], s)
		}
		if ok {
			if end, all, ok := p.match(m, start, i+1, k+1, got); ok {
				return end, all, true
			}
		}
	}
	if part.optional {
		return p.match(m, start, i, k+1, s)
	}
	return 0, s, false
}

func (p part) has(t token) bool {
	for _, f := range t.forms {
		for _, w := range p.words {
			if f == w {
				return true
			}
		}
		for _, w := range p.prefixes {
			if strings.HasPrefix(f, w) {
				return true
			}
		}
	}
	return false
}

// opens tells whether a clause begins at token i, leaving out courtesies before it.
func (m message) opens(i int) bool {
	for ; i < len(m.tokens); i-- {
		if i == 0 || m.tokens[i].before != none {
			return true
		}
		if !lexicons.filler(m.tokens[i-1]) {
			return false
		}
	}
	return false
}

// closes tells whether a clause has ended before token i, leaving out courtesies after it.
func (m message) closes(i int) bool {
	for ; i < len(m.tokens); i++ {
		if m.tokens[i].before != none {
			return true
		}
		if !lexicons.filler(m.tokens[i]) {
			return false
		}
	}
	return true
}
