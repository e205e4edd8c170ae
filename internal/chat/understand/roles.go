package understand

// A message that moves a visit names the old time beside the new one ("from Friday to Saturday", "my 4 o'clock",
// "Thursday's no good"), and many a message tells why ("I finish at five", "a wedding on Saturday"). A role is
// what a day, a time or a stylist is there for; only those that are wanted are read.

// reach is how many words before a value its role is looked for.
const reach = 5

// former tells whether the value at token i is that of the visit as it stands: going back, a word that owns or
// leaves it ("my", "from", "had") comes before one that leads to it ("to", "for").
func (r *reader) former(i int) bool {
	if r.leadsTo(i) {
		return false
	}
	for j := i; j > 0 && j > i-reach && r.tokens[j].before == none; j-- {
		t := r.tokens[j-1]
		if t.among(lexicons.targets) || j-1 < i && r.leadsTo(j-1) {
			return false
		}
		if t.among(lexicons.sources) || t.among(lexicons.owners) {
			return i-j < 2 || t.among(lexicons.owners)
		}
	}
	return false
}

// leadsTo tells whether an Arabic "to" is written onto token i: "للسبت", "عالسبت".
func (r *reader) leadsTo(i int) bool {
	t := r.tokens[i]
	if len(t.forms) < 2 {
		return false
	}
	for _, p := range []string{"لل", "عال", "ل"} {
		if len(t.text) > len(p)+4 && t.text[:len(p)] == p && !lexicons.whole[t.text] {
			return true
		}
	}
	return false
}

// aside tells whether the value at token i, by one of so many words before it, belongs to something else the customer tells of: "I finish at five".
func (r *reader) aside(i, reach int) bool {
	for j := i; j > 0 && j > i-reach && r.tokens[j].before == none; j-- {
		t := r.tokens[j-1]
		if t.among(lexicons.breaks) {
			return false
		}
		if t.among(lexicons.asides) {
			return true
		}
	}
	return false
}

// spoiled tells whether the words after a value that ends before token i say that it will not do. "No?" only asks.
func (r *reader) spoiled(i int) bool {
	h, ok := lexicons.spoils.at(r.message, i)
	if !ok || r.tokens[i].before != none {
		return false
	}
	return h.end > i+1 || !r.tokens[i].asked
}

// mended tells whether the words between two values take the first one back: "Friday… no, better Saturday".
func (r *reader) mended(end, start int) bool {
	for i := end; i < start; i++ {
		if r.tokens[i].among(lexicons.mends) {
			return true
		}
	}
	return false
}

// moving tells whether an old time may stand beside a new one.
func (r *reader) moving() bool { return r.meaning.Intents.Has(Move) }
