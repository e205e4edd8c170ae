package understand

import (
	"slices"
	"strings"

	"frontdesk/models"
)

// wordbook is a Vocabulary cut into words. No reading changes it.
type wordbook struct {
	services []bookService
	packs    []bookPack
	stylists []bookStylist
	faqs     []bookFAQ
	// spoken says in which languages a service word is used; it is the test of being one.
	spoken map[string]languageSet
	// strong are the words that can name a service alone; list holds the longer ones, for the search
	// of misspellings.
	strong map[string]bool
	list   []spelling
}

// spelling is a way to write a canonical word.
type spelling struct{ written, means string }

type bookService struct {
	code     string
	category models.Category
	minutes  int
	phrases  []phrase
}

// phrase is a name or synonym without its silent words.
type phrase []string

type bookPack struct {
	code     string
	phrases  []phrase
	services []string
}

type bookStylist struct {
	code  string
	names []string
}

type bookFAQ struct {
	key     string
	phrases []phrase
}

func open(v Vocabulary) wordbook {
	b := wordbook{spoken: map[string]languageSet{}, strong: map[string]bool{}}
	for _, s := range v.Services {
		b.services = append(b.services, bookService{s.Code, s.Category, s.Minutes, b.phrasesOf(s.Names, s.Synonyms)})
	}
	for w, means := range lexicons.same { // a slip of "hilites" is one of "highlights"
		if b.strong[means] && w != means && len(w) > 6 && plain(w) {
			b.list = append(b.list, spelling{w, means})
		}
	}
	slices.SortFunc(b.list, func(x, y spelling) int { return strings.Compare(x.written, y.written) })
	for _, p := range v.Packs {
		pack := bookPack{code: p.Code, services: p.Services}
		for _, name := range p.Names {
			pack.phrases = append(pack.phrases, wordsOf(name))
		}
		b.packs = append(b.packs, pack)
	}
	for _, s := range v.Stylists {
		st := bookStylist{code: s.Code}
		for _, name := range s.Names {
			for _, t := range cut(name).tokens {
				st.names = append(st.names, t.text)
			}
		}
		b.stylists = append(b.stylists, st)
	}
	for _, f := range v.FAQs {
		faq := bookFAQ{key: f.Key}
		for _, list := range f.Phrases {
			for _, p := range list {
				faq.phrases = append(faq.phrases, wordsOf(p))
			}
		}
		b.faqs = append(b.faqs, faq)
	}
	return b
}

func (b wordbook) service(code string) bookService {
	i := slices.IndexFunc(b.services, func(s bookService) bool { return s.code == code })
	if i < 0 {
		return bookService{}
	}
	return b.services[i]
}

func (b wordbook) pack(code string) bool {
	return slices.ContainsFunc(b.packs, func(p bookPack) bool { return p.code == code })
}

func (b wordbook) phrases(code string) []phrase         { return b.service(code).phrases }
func (b wordbook) category(code string) models.Category { return b.service(code).category }

// phrasesOf cuts a service's names and synonyms and learns their words.
func (b *wordbook) phrasesOf(names models.Text, synonyms models.Words) []phrase {
	var out []phrase
	learn := func(lang models.Language, text string) {
		p := wordsOf(text)
		if len(p) == 0 {
			return
		}
		for _, w := range p {
			b.spoken[w] |= setOf(lang)
			if len(p) == 1 || !lexicons.weak[w] && !lexicons.everyday(w) {
				b.addStrong(w)
			}
		}
		out = append(out, p)
	}
	for _, lang := range models.Languages() {
		learn(lang, names[lang])
		for _, s := range synonyms[lang] {
			learn(lang, s)
		}
	}
	return out
}

// addStrong notes a word that names a service alone, as it is and as it was written.
func (b *wordbook) addStrong(w string) {
	if !b.strong[w] {
		b.strong[w] = true
		b.list = append(b.list, spelling{w, w}, spelling{w + "s", w})
	}
}

// wordsOf cuts a name into canonical words, silent ones left out.
func wordsOf(text string) phrase {
	m := cut(text)
	m.join()
	var out phrase
	for _, t := range m.tokens {
		if w := canonical(bare(t.text)); !lexicons.silent[t.text] && !lexicons.silent[w] && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// bare takes the article, and what is written together with it, off an Arabic word.
func bare(word string) string {
	for _, p := range []string{"وال", "بال", "لل", "ال"} {
		if rest, ok := strings.CutPrefix(word, p); ok && len(rest) >= 4 {
			return rest
		}
	}
	return word
}

// canonical is the one word for all that name the same: plural and singular, "dye" and "colour".
func canonical(word string) string {
	if w, ok := lexicons.same[word]; ok {
		return w
	}
	single := word
	if len(word) > 3 && word[len(word)-1] == 's' && word[len(word)-2] != 's' {
		single = word[:len(word)-1]
	}
	if w, ok := lexicons.same[single]; ok {
		return w
	}
	return single
}

// join writes compounds as one word: "hair cut", "make up".
func (m *message) join() {
	out := m.tokens[:0]
	for i := 0; i < len(m.tokens); i++ {
		t := m.tokens[i]
		if i+1 < len(m.tokens) && m.tokens[i+1].before == none {
			if w := lexicons.compound(t, m.tokens[i+1]); w != "" {
				t.text, t.end, t.forms = w, m.tokens[i+1].end, forms(w)
				i++
			}
		}
		out = append(out, t)
	}
	m.tokens = out
}

func (g *grammar) compound(a, b token) string {
	for _, fa := range a.forms {
		for _, fb := range b.forms {
			if w, ok := g.compounds[[2]string{fa, fb}]; ok {
				return w
			}
		}
	}
	return ""
}

func (b wordbook) languages(t token) languageSet {
	w, ok := b.serviceWord(t)
	if !ok {
		return 0
	}
	return b.spoken[w]
}

// serviceWord is the canonical service word a token is, spelt rightly.
func (b wordbook) serviceWord(t token) (string, bool) {
	for _, f := range t.forms {
		if w := canonical(f); b.spoken[w] != 0 {
			return w, true
		}
	}
	return "", false
}

// misspelt is the service word an unknown token is most like.
func (b wordbook) misspelt(t token) (string, bool) {
	best, least := "", 99
	for _, f := range t.forms {
		for _, s := range b.list {
			if !alike(f, s.written) {
				continue
			}
			if d := distance([]rune(f), []rune(s.written)); d < least {
				best, least = s.means, d
			}
		}
	}
	return best, best != ""
}
