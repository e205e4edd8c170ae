package understand

import (
	"regexp"
	"slices"
	"strings"
)

// orderForm is how the numbers of orders and returns are written, and the ids that programs show.
var orderForm = regexp.MustCompile(`(?i)\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?:LU|RMA)[- ]?[A-Z0-9]{4}[- ]?[A-Z0-9]{4}|LUM[- ]?\d{4,})\b`)

// orderNamed is the order or return a message names.
func (r *errandReader) orderNamed() string {
	at := orderForm.FindStringIndex(r.source)
	if at == nil {
		return ""
	}
	found := r.source[at[0]:at[1]]
	if !strings.ContainsAny(found, "0123456789-") && found != strings.ToUpper(found) {
		return "" // "LU" begins words too
	}
	r.useBytes(at[0], at[1])
	return found
}

// useBytes marks the words between two places of the text.
func (r *errandReader) useBytes(from, to int) {
	for i, t := range r.tokens {
		if t.start < to && t.end > from {
			r.used[i], r.coded[i] = true, true
		}
	}
}

// codeForm is a word that may be a SKU: written with a hyphen and a digit or in capitals.
var codeForm = regexp.MustCompile(`(?:^|[\s"'«“(])([A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)+|[A-Z]{2,}[0-9]+[A-Z0-9]*|[A-Z]{3,}[0-9]*)(?:$|[\s,;.?!"'»”)؟،])`)

// code is the word that looks like a SKU.
func (r *errandReader) code() string {
	for _, at := range codeForm.FindAllStringSubmatchIndex(r.source, -1) {
		word := r.source[at[2]:at[3]]
		plain := word == strings.ToLower(word) && !strings.ContainsAny(word, "0123456789")
		if orderForm.MatchString(word) || plain && r.shelfNamed(word) != "" || !strings.ContainsAny(word, "-_.0123456789") && r.shouted() {
			continue
		}
		if plain && (lexicons.goods[strings.ReplaceAll(word, "-", "")] || r.salon() || strings.Contains(word, "-free")) {
			continue // "blow-dry", "sulphate-free"
		}
		r.useBytes(at[2], at[3])
		return word
	}
	return ""
}

// shouted tells whether the whole message is in capitals, which then tell nothing.
func (r *errandReader) shouted() bool {
	return len(r.tokens) > 1 && r.source == strings.ToUpper(r.source) && r.source != strings.ToLower(r.source)
}

// page reads "page 2".
func (r *errandReader) page() {
	for _, h := range errandWords.pages.find(r.message) {
		if h.slots.number > 0 {
			r.said.Page = h.slots.number
			r.use(h.start, h.end)
		}
	}
}

// ordinal reads which of what was shown is meant: "the second one", "number 3", "2" alone.
func (r *errandReader) ordinal() {
	if r.at.Shown == 0 {
		return
	}
	for _, h := range append(errandWords.ordinals.find(r.message), lexicons.ordinals.find(r.message)...) {
		n := h.means
		if n == 0 {
			n = h.slots.number
		}
		if n < 0 {
			n = r.at.Shown
		}
		if n < 1 || n > r.at.Shown || r.anyUsed(h.start, h.end) {
			continue
		}
		r.said.Of = n
		r.use(h.start, h.end)
		return
	}
	if len(r.tokens) == 1 && r.tokens[0].number >= 1 && r.tokens[0].number <= r.at.Shown && r.at.Front {
		r.said.Of = r.tokens[0].number
		r.use(0, 1)
	}
}

func (r *errandReader) anyUsed(start, end int) bool { return slices.Contains(r.used[start:end], true) }

// those reads "it", "those", "de esos": what was spoken of last.
func (r *errandReader) those() {
	if r.said.Of != 0 || !r.at.Held && r.at.Shown == 0 {
		return
	}
	for _, h := range errandWords.those.find(r.message) {
		if !r.anyUsed(h.start, h.end) {
			r.said.Of = OfThose
			r.use(h.start, h.end)
		}
	}
}

// howMany is the quantity said, and whether it is meant in addition.
func (r *errandReader) howMany() (n int, more bool) {
	for _, h := range errandWords.more.find(r.message) {
		more = true
		r.use(h.start, h.end)
		if h.slots.number > 0 && h.slots.number <= maxQuantity {
			n = h.slots.number
		}
	}
	for i, t := range r.tokens {
		v, ok := lexicons.amount(t, r.meaning.Language)
		if rest, found := strings.CutPrefix(t.text, "x"); found && len(rest) <= 2 && rest != "" && strings.Trim(rest, "0123456789") == "" {
			v, ok = number(rest), true
		}
		measured := i+1 < len(r.tokens) && r.tokens[i+1].among(errandWords.units)
		switch {
		case measured, r.coded[i]:
		case !ok || v < 1 || v > maxQuantity, r.used[i] && t.number < 0, r.used[i] && !more:
		case v == 1 && t.number < 0 && !t.is("one", "another", "otro", "otra", "واحد", "واحده", "وحده", "حبه"):
			r.used[i] = true // an article says one, and no more than that
			n = max(n, 1)
		default:
			r.used[i] = true
			if n <= 1 {
				n = v
			}
		}
	}
	return n, more
}

func number(digits string) int {
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}

// maxSought is how many words of a text are looked for.
const maxSought = 6

// words are what a message looks for or names from a word on: all of it that is no verb, number, courtesy or everyday
// word, as written.
func (r *errandReader) words(from int) string {
	var out []string
	for i := from; i < len(r.tokens) && len(out) < maxSought; i++ {
		t := r.tokens[i]
		wordOfGoods := t.among(lexicons.goods) || lexicons.traits[t.text] && !t.among(errandWords.idle)
		switch {
		case r.used[i] && !t.among(lexicons.goods), t.among(errandWords.idle), !wordOfGoods && t.among(errandWords.verbs):
		case !wordOfGoods && (lexicons.filler(t) || t.amongCommon() || lexicons.handling[t.text]):
		case t.number >= 0 && (i+1 >= len(r.tokens) || !r.tokens[i+1].among(errandWords.units)):
		case t.among(errandWords.units) && (i == 0 || r.tokens[i-1].number < 0):
		default:
			out = append(out, r.source[t.start:t.end])
		}
	}
	for len(out) > 0 && lone(out[0]) {
		out = out[1:]
	}
	return strings.Join(out, " ")
}

// lone tells whether a word is but a letter.
func lone(word string) bool { return len([]rune(word)) < 2 && !strings.ContainsAny(word, "0123456789") }

// amongCommon tells whether the word is ordinary talk of any language.
func (t token) amongCommon() bool {
	return slices.ContainsFunc(t.forms, func(f string) bool { return lexicons.common[f] })
}

// shelf is the category that the words from a place on name, by its slug or one of its names.
func (r *errandReader) shelf(from int) string {
	if from >= len(r.tokens) {
		return ""
	}
	rest := r.source[r.tokens[from].start:]
	if slug := r.shelfNamed(strings.Fields(rest)[0]); slug != "" {
		return slug
	}
	best, words := "", 0
	for _, s := range r.in.Vocabulary.Shelves {
		for _, name := range s.Names {
			if n := r.holds(from, name); n > words {
				best, words = s.Slug, n
			}
		}
	}
	return best
}

// shelfNamed is the category of a slug.
func (r *errandReader) shelfNamed(word string) string {
	word = strings.ToLower(strings.Trim(word, ".,;:?!؟،\"'«»"))
	for _, s := range r.in.Vocabulary.Shelves {
		if s.Slug == word {
			return s.Slug
		}
	}
	return ""
}

// shelfWords is the longest name of a category.
func (r *errandReader) shelfWords(slug string) string {
	longest := ""
	for _, s := range r.in.Vocabulary.Shelves {
		if s.Slug != slug {
			continue
		}
		for _, name := range s.Names {
			if len(strings.Fields(name)) > len(strings.Fields(longest)) {
				longest = name
			}
		}
	}
	return longest
}

// holds counts the words of a name, when the message has them all in a row; 0 otherwise.
func (r *errandReader) holds(from int, name string) int {
	var wanted []string
	for _, t := range cut(name).tokens {
		wanted = append(wanted, t.text)
	}
	for i := from; len(wanted) > 0 && i+len(wanted) <= len(r.tokens); i++ {
		all := true
		for k, w := range wanted {
			all = all && sameWord(r.tokens[i+k], w)
		}
		if all {
			return len(wanted)
		}
	}
	return 0
}

// sameWord tells whether a token is a word, be it in the singular.
func sameWord(t token, word string) bool {
	return slices.ContainsFunc(t.forms, func(f string) bool {
		return f == word || strings.TrimPrefix(word, "ال") == f || len(f) > 3 && (f+"s" == word || f+"es" == word || word+"s" == f)
	})
}

// Mentions tells whether a name has all of some words in it, be it in other forms of writing: of the products in
// a basket the one that "the argan oil" means.
func Mentions(name, words string) bool {
	has := cut(name).tokens
	wanted := cut(words).tokens
	for _, w := range wanted {
		in := slices.ContainsFunc(has, func(t token) bool {
			return slices.ContainsFunc(w.forms, func(f string) bool { return sameWord(t, f) || near(f, t.text) })
		})
		if !in {
			return false
		}
	}
	return len(wanted) > 0
}
