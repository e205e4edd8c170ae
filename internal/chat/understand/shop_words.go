package understand

import (
	"slices"
	"strings"

	"frontdesk/models"
)

// Words for how an order is paid, in all our languages.
const (
	cashWords    = `cash cod delivery efectivo reembolso contrareembolso metalico كاش نقد نقدا نقدي الاستلام استلام كاشا`
	nothingWords = `no none nope nothing nah nada ninguna ninguno nop لا لاشيء شيء شي ولا ماشي مافي`
	cardWords    = `card visa mastercard credit debit online tarjeta credito debito bizum بطاقه بالبطاقه فيزا ماستركارد كرت كارت اونلاين`
)

// SaysCash tells whether a text chooses to pay on delivery, SaysCard by card.
func SaysCash(text string) bool { return says(text, cashWords) && !says(text, cardWords) }

// SaysCard tells whether a text chooses to pay by card.
func SaysCard(text string) bool { return says(text, cardWords) && !says(text, cashWords) }

// SaysNothing tells whether a text answers that there is nothing to say.
func SaysNothing(text string) bool {
	tokens := cut(text).tokens
	words := folded(nothingWords)
	return len(tokens) > 0 && len(tokens) <= fewWords && !slices.ContainsFunc(tokens, func(t token) bool {
		return !lexicons.filler(t) && !slices.ContainsFunc(t.forms, func(f string) bool { return slices.Contains(words, f) })
	})
}

func says(text, list string) bool {
	words := folded(list)
	return slices.ContainsFunc(cut(text).tokens, func(t token) bool {
		return slices.ContainsFunc(t.forms, func(f string) bool { return slices.Contains(words, f) })
	})
}

// Same tells whether a text is a title, written by hand.
func Same(title, text string) bool {
	t := foldAll(title)
	return t != "" && t == foldAll(text)
}

// Amount is the number a short text says, in figures or words; 0 when it says none.
func Amount(text string, lang models.Language) int {
	for _, t := range cut(strings.TrimSpace(text)).tokens {
		if n, ok := lexicons.amount(t, lang); ok && n <= maxQuantity {
			return n
		}
	}
	return 0
}
