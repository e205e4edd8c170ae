package understand

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxRunes and maxTokens bound the work of one message: WhatsApp's own limit for a text, and more
// words than anybody writes by hand.
const (
	maxRunes  = 4096
	maxTokens = 600
)

// boundary says what stands before a word.
type boundary int

const (
	none boundary = iota
	soft          // a comma, a colon, a dash
	hard          // the end of a sentence or line
)

// token is one word or number of a message.
type token struct {
	text   string   // folded: lower case, no accents, one form per Arabic letter, Western digits
	forms  []string // what the word may be without Arabic's attached words; text comes first
	start  int      // bytes in message.source
	end    int
	before boundary
	asked  bool // a question mark closes the clause the word stands in
	number int  // value of a whole number, else -1
	taken  bool // already understood as something
}

// message is a text cut into tokens.
type message struct {
	source string
	tokens []token
	blank  bool // nothing but space
}

// cut reads a text into tokens.
func cut(text string) message {
	text = norm.NFKC.String(strings.ToValidUTF8(clip(text, maxRunes), " "))
	m := message{source: text, blank: strings.TrimSpace(strings.Map(visible, text)) == ""}
	c := cutter{src: []rune(text), out: &m}
	c.run()
	for i := range m.tokens {
		m.tokens[i].asked = m.asked(i)
	}
	return m
}

func clip(text string, runes int) string {
	for i := range text {
		if runes == 0 {
			return text[:i]
		}
		runes--
	}
	return text
}

// asked tells whether the clause of token i ends in a question mark.
func (m message) asked(i int) bool {
	end := len(m.source)
	for j := i + 1; j < len(m.tokens); j++ {
		if m.tokens[j].before == hard {
			end = m.tokens[j].start
			break
		}
		if j > i+maxClause {
			return false
		}
	}
	return strings.ContainsAny(m.source[m.tokens[i].end:end], "?؟")
}

// maxClause is how many words ahead the end of a clause is looked for.
const maxClause = 40

// cutter walks the runes of a text once.
type cutter struct {
	src    []rune
	at     int // index in src
	bytes  int // offset of src[at] in the text
	before boundary
	out    *message
}

func (c *cutter) run() {
	for c.at < len(c.src) && len(c.out.tokens) < maxTokens {
		r := c.src[c.at]
		switch {
		case unicode.IsDigit(r):
			c.take(c.numberEnd())
		case unicode.IsLetter(r):
			c.take(c.wordEnd())
		case spoken[r] != "":
			c.emit(c.at+1, spoken[r])
		default:
			c.before = max(c.before, c.boundaryAt(r))
			c.skip()
		}
	}
}

// spoken are the emoji that say something.
var spoken = map[rune]string{
	'👍': "👍", '👌': "👍", '✅': "👍", '✔': "👍", '👎': "👎", '❌': "👎", '🙏': "🙏",
}

func (c *cutter) skip() {
	c.bytes += len(string(c.src[c.at]))
	c.at++
}

func (c *cutter) peek(i int) rune {
	if i < 0 || i >= len(c.src) {
		return ' '
	}
	return c.src[i]
}

// boundaryAt weighs a mark between words. A hyphen inside a word and the dot of an initial are none.
func (c *cutter) boundaryAt(r rune) boundary {
	inside := unicode.IsLetter(c.peek(c.at-1)) && unicode.IsLetter(c.peek(c.at+1))
	switch r {
	case '.':
		initial := !unicode.IsLetter(c.peek(c.at-2)) && unicode.IsLetter(c.peek(c.at-1))
		if inside || initial {
			return none
		}
		return hard
	case '!', '?', '؟', '\n', '¿', '¡', '…', '۔':
		return hard
	case ',', '،', ';', '؛', ':', '(', ')', '–', '—', '"':
		return soft
	case '-':
		if inside || unicode.IsDigit(c.peek(c.at+1)) {
			return none
		}
		return soft
	}
	return none
}

// numberEnd is where a number ends: 12, 12:30, 16.30, 9/10, 2026-10-09. Letters that follow a number
// directly begin a new token (4pm, 9th, 17h30) unless they make an Arabizi word (3ayez).
func (c *cutter) numberEnd() int {
	i := c.at
	for i < len(c.src) && unicode.IsDigit(c.src[i]) {
		i++
	}
	if unicode.IsLetter(c.peek(i)) && !numberSuffix(c.letters(i)) {
		return c.wordEnd()
	}
	for strings.ContainsRune(":./٫", c.peek(i)) && unicode.IsDigit(c.peek(i+1)) || c.isoDash(i) {
		i++
		for i < len(c.src) && unicode.IsDigit(c.src[i]) {
			i++
		}
	}
	return i
}

// isoDash tells whether the dash at i belongs to a date such as 2026-10-09 or 09-10-2026.
func (c *cutter) isoDash(i int) bool {
	if c.peek(i) != '-' || !unicode.IsDigit(c.peek(i+1)) {
		return false
	}
	dashes := 0
	for j := c.at; j < len(c.src) && j < c.at+10; j++ {
		switch {
		case c.src[j] == '-':
			dashes++
		case !unicode.IsDigit(c.src[j]):
			return dashes == 2
		}
	}
	return dashes == 2
}

func (c *cutter) letters(i int) string {
	j := i
	for j < len(c.src) && j < i+8 && unicode.IsLetter(c.src[j]) {
		j++
	}
	return strings.ToLower(string(c.src[i:j]))
}

// numberSuffix tells whether letters directly after digits are a word of their own.
func numberSuffix(s string) bool {
	switch s {
	case "am", "pm", "a", "p", "h", "hs", "hr", "hrs", "th", "st", "nd", "rd", "ish", "min", "mins",
		"m", "o", "eur", "euros", "oclock", "de":
		return true
	}
	r := []rune(s)
	return len(r) > 0 && unicode.Is(unicode.Arabic, r[0])
}

// wordEnd is where a word ends: letters, marks, digits inside it, apostrophes between letters. Arabic
// letters and digits never share a word.
func (c *cutter) wordEnd() int {
	i := c.at
	for i < len(c.src) {
		r := c.src[i]
		switch {
		case unicode.IsLetter(r), unicode.Is(unicode.M, r), r == 'ـ':
		case unicode.IsDigit(r):
			hours := i == c.at+1 && (c.src[c.at] == 'h' || c.src[c.at] == 'H') && unicode.IsDigit(c.peek(c.at-1)) // 17h30
			if hours || i > c.at && unicode.Is(unicode.Arabic, c.peek(i-1)) {
				return i
			}
		case apostrophe(r) && i > c.at && unicode.IsLetter(c.peek(i+1)):
		default:
			return i
		}
		i++
	}
	return i
}

func apostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == '‘' || r == '`' || r == '´' || r == 'ʼ'
}

func (c *cutter) take(end int) { c.emit(end, fold(string(c.src[c.at:end]))) }

func (c *cutter) emit(end int, text string) {
	size := len(string(c.src[c.at:end]))
	if text != "" {
		t := token{text: text, start: c.bytes, end: c.bytes + size, before: c.before, number: -1}
		if n, err := strconv.Atoi(text); err == nil && len(text) <= 4 {
			t.number = n
		}
		t.forms = forms(text)
		c.out.tokens = append(c.out.tokens, t)
		c.before = none
	}
	c.bytes += size
	c.at = end
}

// visible drops what shows nothing: joiners, direction marks, the byte-order mark.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// fold brings spellings of one word together: lower case, no accents or tashkeel, one alef, one ya,
// ta marbuta as ha, no hamza, Western digits, no apostrophes, no drawn-out letters ("siiii").
func fold(word string) string {
	if plain(word) {
		return word
	}
	switch nails := norm.NFC.String(strings.ToLower(word)); nails {
	case "uña", "uñas": // without their tilde they would be "una" and "unas"
		return nails
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(word)) {
		if unicode.Is(unicode.Mn, r) || apostrophe(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		if r = foldRune(r); r != -1 {
			b.WriteRune(r)
		}
	}
	return undrawn(b.String())
}

// plain tells whether folding would leave the word as it is.
func plain(word string) bool {
	for i := 0; i < len(word); i++ {
		c := word[i]
		if c >= 0x80 || c >= 'A' && c <= 'Z' || c == '\'' || c == '`' {
			return false
		}
		if i > 1 && c == word[i-1] && c == word[i-2] && c >= 'a' {
			return false
		}
	}
	return true
}

// undrawn turns three or more of one letter in a row into one.
func undrawn(word string) string {
	r := []rune(word)
	out := r[:0:0]
	for i := 0; i < len(r); {
		j := i
		for j < len(r) && r[j] == r[i] {
			j++
		}
		n := j - i
		if n > 2 && unicode.IsLetter(r[i]) {
			n = 1
		}
		out = append(out, r[i:i+n]...)
		i = j
	}
	return string(out)
}

func foldRune(r rune) rune {
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی', 'ئ':
		return 'ي'
	case 'ة', 'ۀ':
		return 'ه'
	case 'ؤ':
		return 'و'
	case 'ک', 'گ':
		return 'ك'
	case 'ء', 'ـ':
		return -1
	case '٫':
		return '.'
	}
	if unicode.IsDigit(r) && r > unicode.MaxASCII {
		return digit(r)
	}
	return r
}

// digit is the Western form of a decimal digit of any script: each script's ten digits are one block
// that starts with its zero.
func digit(r rune) rune {
	zero := r
	for unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return '0' + r - zero
}

// forms lists what an Arabic word may be once the words written onto it are taken off: and (و ف), the
// article (ال), in, for, like, on, this (ب ل ك ع ه). A form with the article keeps it too, so that
// "الأحد" (Sunday) and "أحد" (somebody) stay apart.
func forms(word string) []string {
	out := []string{word}
	r := []rune(word)
	if len(r) < 3 || !unicode.Is(unicode.Arabic, r[0]) || word == "ولا" {
		return out
	}
	if r[0] == 'و' || r[0] == 'ف' && len(r) > 3 {
		out = append(out, string(r[1:]))
	}
	for _, w := range out {
		out = append(out, unprefixed(w)...)
	}
	return out
}

func unprefixed(word string) []string {
	for _, p := range []string{"بال", "كال", "عال", "هال", "لل"} {
		if rest, ok := strings.CutPrefix(word, p); ok && len(rest) >= 6 {
			return []string{"ال" + rest, rest}
		}
	}
	if rest, ok := strings.CutPrefix(word, "ال"); ok && len(rest) >= 4 {
		return []string{rest}
	}
	for _, p := range []string{"ل", "ب"} {
		if rest, ok := strings.CutPrefix(word, p); ok && len(rest) >= 6 {
			return []string{rest}
		}
	}
	return nil
}

// is tells whether the token is one of the folded words, attached words aside.
func (t token) is(words ...string) bool {
	for _, f := range t.forms {
		for _, w := range words {
			if f == w {
				return true
			}
		}
	}
	return false
}
