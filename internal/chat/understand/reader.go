package understand

import "slices"

// reader is one reading of one message.
type reader struct {
	message
	in      Input
	words   wordbook
	offered []offer
	meaning Meaning
	// the words of the person's name
	nameStart, nameEnds int
}

// take marks words as understood, so that nothing else is read from them.
func (r *reader) take(start, end int) {
	for i := start; i < end; i++ {
		r.tokens[i].taken = true
	}
}

func (r *reader) add(intents ...Intent) {
	for _, i := range intents {
		if !r.meaning.Intents.Has(i) {
			r.meaning.Intents = append(r.meaning.Intents, i)
		}
	}
}

func (r *reader) drop(intents ...Intent) {
	r.meaning.Intents = slices.DeleteFunc(r.meaning.Intents, func(i Intent) bool {
		return slices.Contains(intents, i)
	})
}

// unwanted tells whether the words before token i reject what follows: "not", "without", "instead of".
func (r *reader) unwanted(i int) bool {
	for back := i; back > 0 && back >= i-2; back-- {
		if _, ok := endingAt(r.message, lexicons.without, back); ok {
			return true
		}
		if r.tokens[back-1].before != none && back != i || !lexicons.silent[r.tokens[back-1].text] {
			return false
		}
	}
	return false
}

// at is the longest match that begins at token i.
func at[T any](m message, rules []rule[T], i int) (hit[T], bool) {
	best := hit[T]{end: i}
	for _, r := range rules {
		if end, s, ok := r.match(m, i, i, 0, noSlots()); ok && end > best.end {
			best = hit[T]{r.means, i, end, s, r.lexicon.language}
		}
	}
	return best, best.end > i
}

// maxLead is how many words a wording in front of something may have.
const maxLead = 5

// endingAt is the longest match that ends right before token i, in the same clause.
func endingAt[T any](m message, rules []rule[T], i int) (hit[T], bool) {
	if i >= len(m.tokens) || m.tokens[i].before == hard {
		return hit[T]{}, false
	}
	for start := max(0, i-maxLead); start < i; start++ {
		for _, r := range rules {
			if end, s, ok := r.match(m, start, start, 0, noSlots()); ok && end == i {
				return hit[T]{r.means, start, end, s, r.lexicon.language}, true
			}
		}
	}
	return hit[T]{}, false
}
