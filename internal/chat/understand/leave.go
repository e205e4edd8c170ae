package understand

// leaves notes the day that something is to leave: of the visit as it stands, or one that will not do.
func (r *reader) leaves(days []found) {
	for _, f := range days {
		if f.poor && f.From == f.To && r.meaning.Away == nil {
			r.meaning.Away = &f.From
		}
	}
}

// goes tells, of a move, whether the day picked is said as where to go: "to Friday".
func (r *reader) goes(pick found) {
	if !r.meaning.Intents.Has(Move, Correction) {
		return
	}
	i := pick.start
	r.meaning.Toward = i > 0 && r.tokens[i-1].is("to", "for", "till", "until", "into", "al", "para", "hasta", "الى") ||
		i > 1 && r.tokens[i-1].is("la", "el", "next", "this", "the", "يوم") && r.tokens[i-2].is("to", "for", "until", "a", "para", "hasta", "الى")
}
