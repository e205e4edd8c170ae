package understand

import "slices"

// reader is one reading of one message.
type reader struct {
	message
	in              Input
	words           wordbook
	offered         []offer
	meaning         Meaning
	unsure, decided bool // wordings of Unsure and Decided stand in the message
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
		if _, ok := lexicons.without.before(r.message, back); ok {
			return true
		}
		if r.tokens[back-1].before != none && back != i || !lexicons.silent[r.tokens[back-1].text] {
			return false
		}
	}
	return false
}
