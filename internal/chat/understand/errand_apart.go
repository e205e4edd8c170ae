package understand

import (
	"slices"
	"strings"
)

// Errands are told from what sounds like them: "I'll have the pack" chooses a pack of the salon's, "the link to pay,
// please" is about a deposit, and in "a serum for the tips" nobody's tips are cut.

// names tells whether a message answers a question for a name, of a person or of one of several services: what else would
// be the name of a product is that then.
func (in Input) names() bool {
	if !slices.Contains([]Expect{ExpectName, ExpectNameConfirm, ExpectSurname, ExpectPack, ExpectServiceChoice}, in.Expect) {
		return false
	}
	m := Read(in)
	return m.Main == Answer && !m.Unclear || m.Name != nil || m.Choice > 0 || m.Pack || m.Single || len(m.Services)+len(m.Packs) > 0
}

// elsewhere tells whether what has the form of an errand is about something else, while the shop is not in front. Who
// names a code, an order or the basket is in the shop.
func (r *errandReader) elsewhere(e Errand) bool {
	m := r.plain
	if r.at.Front || e.SKU != "" || r.basketNamed() || e.Do == DoGiveUp || e.Do == DoBack {
		return false
	}
	switch m.Main {
	case PaymentProblem, SendLink:
		return true
	case PaidClaim, Duration, Usual, MyBooking, ListServices, Undecided, SmallTalk, Goodbye, NameCorrection, Yes:
		return e.Order == "" && e.Do != DoReturn
	case Cancel, Move:
		return e.Order == "" && (r.salon() || !r.namesGoods())
	}
	changes := slices.Contains([]ErrandKind{DoAdd, DoRemove, DoQty, DoCart, DoDetails}, e.Do)
	service := len(m.Services)+len(m.Ambiguous)+len(m.Packs) > 0
	return changes && service || r.named && e.Do == DoAdd
}

// aimed is an errand as the model reads what it is for, where the wording alone says less: whoever wants their money back
// for an order does not order, and whoever wants to pay for what is in the basket does not ask what is.
func (r *errandReader) aimed(e Errand) Errand {
	bare := e.Of == 0 && e.SKU == "" && e.Words == ""
	switch {
	case r.plain.Main == Return && slices.Contains([]ErrandKind{DoAdd, DoCart, DoCheckout, DoStatus, DoDetails, DoSearch}, e.Do):
		e.Do = DoReturn
	case r.plain.Main == Checkout && e.Do == DoCart && !e.Typed:
		e.Do = DoCheckout
	case bare && r.at.Held && slices.Contains([]ErrandKind{DoAdd, DoRemove, DoQty, DoDetails}, e.Do):
		e.Of = OfThose
	}
	return e
}

// written is a code that stands in ordinary talk: "go-to" is a word there, and a code only in a command.
func (r *errandReader) written(sku string) string {
	if sku == strings.ToLower(sku) && !strings.ContainsAny(sku, "0123456789") {
		return ""
	}
	return sku
}

// withoutPurpose is what a message means without what a product in it is for: "a serum for the tips", "سيروم
// للأطراف". Services that are named there alone are not asked for.
func (r *errandReader) withoutPurpose() Meaning {
	m := r.plain
	if len(m.Services)+len(m.Ambiguous)+len(m.Packs) == 0 {
		return m
	}
	from, to := r.purpose()
	if to == 0 {
		return m
	}
	in := r.in
	in.Text = r.source[:from] + r.source[to:]
	rest := Read(in)
	if len(rest.Services)+len(rest.Ambiguous)+len(rest.Packs) > 0 {
		return m
	}
	rest.Language = m.Language
	return rest
}

// purpose is where the message says what its product is for, to the next comma; 0 when it does not.
func (r *errandReader) purpose() (from, to int) {
	for i, t := range r.tokens {
		if !t.among(lexicons.goods) {
			continue
		}
		for j := i + 1; j < len(r.tokens) && j <= i+2 && r.tokens[j].before == none; j++ {
			arabic := strings.HasPrefix(r.tokens[j].text, "لل") && len([]rune(r.tokens[j].text)) > 4
			if !arabic && !(r.tokens[j].is("for", "para") && j+1 < len(r.tokens)) {
				continue
			}
			end := j
			for end+1 < len(r.tokens) && r.tokens[end+1].before == none {
				end++
			}
			return r.tokens[j].start, r.tokens[end].end
		}
	}
	return 0, 0
}
