package understand

import "slices"

// faqs reads the questions the salon has answers for: by built-in wordings of the usual ones, and by
// the phrases kept with each answer, of which every word must be said.
func (r *reader) faqs() {
	var keys []string
	for _, h := range lexicons.faqs.find(r.message) {
		keys = append(keys, h.means)
	}
	for _, f := range r.words.faqs {
		if slices.Contains(keys, f.key) || slices.ContainsFunc(f.phrases, r.says) {
			r.meaning.FAQs = append(r.meaning.FAQs, f.key)
		}
	}
	if len(r.meaning.FAQs) > 0 {
		r.add(AskFAQ)
	}
}

// says tells whether every word of a phrase is in the message. A phrase of one word counts only when
// it is all that was said or is asked.
func (r *reader) says(p phrase) bool {
	if len(p) == 0 || len(p) == 1 && len(r.tokens) > 2 && !r.tokens[0].asked {
		return false
	}
	for _, w := range p {
		said := slices.ContainsFunc(r.tokens, func(t token) bool {
			return slices.ContainsFunc(t.forms, func(f string) bool { return canonical(f) == w })
		})
		if !said {
			return false
		}
	}
	return true
}
