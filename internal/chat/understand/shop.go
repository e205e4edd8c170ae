package understand

import (
	"slices"
	"strings"

	"frontdesk/models"
)

// What a customer of the shop says: a product in their own words, how many of it, the number of an order.

// shop reads products, quantities and order numbers where the message is about them.
func (r *reader) shop() {
	m := &r.meaning
	if !m.Intents.Has(shopping...) && !m.Intents.Has(PaymentProblem, PaidClaim) {
		return
	}
	m.OrderNumber = r.orderNumber()
	if !m.Intents.Has(shopping...) {
		return
	}
	start, end := r.product()
	if end > start {
		m.Product = r.source[r.tokens[start].start:r.tokens[end-1].end]
	}
	if m.Intents.Has(Cart, Return, OrderStatus) {
		m.Quantity = r.quantity(start)
	}
}

// orderNumber is the order a message names: "LUM-10432", "lum 10432", "#10432".
func (r *reader) orderNumber() string {
	for i, t := range r.tokens {
		digits := strings.TrimPrefix(t.text, "lum")
		named := digits != t.text || i > 0 && r.tokens[i-1].is("lum")
		if named && len(digits) >= orderDigits && strings.Trim(digits, "0123456789") == "" {
			return "LUM-" + digits
		}
	}
	return ""
}

// orderDigits is how many digits an order number has at least.
const orderDigits = 4

// product finds the first thing that is sold: a word for one ("cream") with what tells it apart, before it in
// English ("hand cream"), after it in Spanish and Arabic ("crema de manos", "كريم لليدين").
func (r *reader) product() (start, end int) {
	i := slices.IndexFunc(r.tokens, func(t token) bool { return t.among(lexicons.goods) })
	if i < 0 {
		return 0, 0
	}
	start, end = i, i+1
	switch {
	case arabicScript(r.tokens[i].text):
		end = r.afterArabic(end)
	case r.meaning.Language == models.English:
		for start > 0 && r.tokens[start].before == none && r.describes(r.tokens[start-1]) {
			start--
		}
		for end < len(r.tokens) && r.tokens[end].before == none && r.tokens[end].among(lexicons.goods) {
			end++
		}
		end = r.meantFor(end)
	default:
		end = r.afterSpanish(end)
	}
	return start, end
}

// meantFor is where a product somebody looks for goes on: "conditioner for coloured hair".
func (r *reader) meantFor(i int) int {
	if !r.meaning.Intents.Has(Browse) || i+1 >= len(r.tokens) || !r.tokens[i].is("for") || r.tokens[i].before != none || r.tokens[i+1].is("me", "my", "the", "a", "sale") {
		return i
	}
	end := i + 1
	for end < len(r.tokens) && end < i+4 && r.tokens[end].before == none && !r.tokens[end].is("in", "please", "pls", "at", "that", "to", "do", "have") {
		end++
	}
	return end
}

// describes tells whether a word may tell one product from another.
func (r *reader) describes(t token) bool {
	if t.number >= 0 || arabicScript(t.text) || lexicons.handling[t.text] {
		return false
	}
	if lexicons.traits[t.text] || t.among(lexicons.goods) {
		return true
	}
	return !lexicons.common[t.text] && lexicons.languages(t) == 0
}

// afterSpanish is where a product goes on after its word: "de argán", "para las manos", "térmico".
func (r *reader) afterSpanish(i int) int {
	for i < len(r.tokens) && r.tokens[i].before == none {
		t := r.tokens[i]
		switch {
		case t.is("de", "d", "del", "para", "con", "sin", "en") && i+1 < len(r.tokens) && r.tokens[i+1].before == none:
			next := i + 1
			if r.tokens[next].is("la", "las", "el", "los") && next+1 < len(r.tokens) {
				next++
			}
			if n := r.tokens[next]; !lexicons.traits[n.text] && (lexicons.common[n.text] || n.number >= 0) {
				return i
			}
			i = next + 1
		case r.describes(t):
			i++
		default:
			return i
		}
	}
	return i
}

// afterArabic is where a product without an article goes on: "زيت الأرغان", "شامبو للشعر المصبوغ".
func (r *reader) afterArabic(i int) int {
	if strings.HasPrefix(r.tokens[i-1].text, "ال") {
		return i
	}
	for n := 0; n < 2 && i < len(r.tokens) && r.tokens[i].before == none; n++ {
		t := r.tokens[i]
		defined := strings.HasPrefix(t.text, "ال") || strings.HasPrefix(t.text, "لل")
		if !lexicons.traits[t.text] && (!defined || len(t.text) < 8) {
			break
		}
		i++
	}
	return i
}

// quantity is how many. In a basket any number counts, an article right before the product says one; of what
// was bought only a number right before it.
func (r *reader) quantity(product int) int {
	n := 0
	for i, t := range r.tokens {
		v, ok := lexicons.amount(t, r.meaning.Language)
		if rest, found := strings.CutPrefix(t.text, "x"); found && len(rest) == 1 && rest[0] > '0' && rest[0] <= '9' {
			v, ok = int(rest[0]-'0'), true
		}
		near := i < product && i >= product-3
		switch {
		case !ok || v > maxQuantity || i > 0 && r.unwanted(i):
		case v == 1 && t.number < 0 && !near:
		case !r.meaning.Intents.Has(Cart) && (v == 1 || !near):
		case n == 0 || v > 1 && n == 1:
			n = v
		}
	}
	return n
}

// maxQuantity bounds what is read as a quantity; a larger number is a size or a price.
const maxQuantity = 50

// amount is the number a word says in a language.
func (g *grammar) amount(t token, lang models.Language) (int, bool) {
	if t.number > 0 {
		return t.number, true
	}
	return lookup(g.amounts[lang], t)
}

// whom names the person the visit is for, or who comes along: the first one spoken of.
func (r *reader) whom() {
	m := &r.meaning
	nursing := m.HealthTopic == TopicBreastfeeding || m.HealthTopic == TopicPregnancy
	if !m.Intents.Has(ThirdParty, Group) && (!m.Intents.Has(Health) || nursing) {
		return
	}
	for i, t := range r.tokens {
		for _, f := range t.forms {
			who, ok := lexicons.kin[m.Language][f]
			if !ok {
				continue
			}
			if i+2 < len(r.tokens) && r.tokens[i+1].is("in") && r.tokens[i+2].is("law") {
				who += "-in-law"
			}
			m.Person = who
			return
		}
	}
}
