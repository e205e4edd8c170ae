// Package understand reads what a customer wrote or tapped and says what it means: intents,
// services, day, time, stylist, name, choice. It works in English, Spanish and Arabic by built-in
// rules alone: one file of words per language, one file of code per kind of meaning.
//
// It is pure. It reads no clock, no database and no setting; the same Input always gives the same
// Meaning. It never invents: a service, pack, stylist or FAQ it returns is in the Vocabulary, a
// Choice is one of the Options. Deciding what to do about a Meaning belongs to package chat.
package understand

// Read understands one message. It never panics, and its work is bounded: of a very long text only
// the first part is read (maxRunes).
func Read(in Input) Meaning {
	return Meaning{Language: in.Language, Unclear: true}
}
