package understand

import (
	"slices"

	"frontdesk/internal/chat/understand/maxent"
)

// reader is one reading of one message.
type reader struct {
	message
	in              Input
	words           wordbook
	offered         []offer
	meaning         Meaning
	seen            []maxent.Feature // what the models see of the message, read without knowing what it is about
	about           Intent           // what the message is known to be about; empty: nothing is known
	knew            Intents          // what the tables of wordings knew of that before anything else was read
	ordered         []int            // where built-in wordings of services begin
	refuted         bool             // a value was refused
	unsure, decided bool             // wordings of Unsure and Decided stand in the message
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
		if h, ok := lexicons.without.before(r.message, back); ok {
			r.refuted = r.refuted || h.means
			return h.means
		}
		if back > 1 && r.tokens[back].before == none && r.tokens[back-1].among(lexicons.noes) {
			r.refuted = true
			return true // "Friday, not Thursday": at the beginning it only answers
		}
		if r.tokens[back-1].before != none && back != i || !lexicons.silent[r.tokens[back-1].text] {
			return false
		}
	}
	return false
}
