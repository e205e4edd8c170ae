package content

import (
	"maps"
	"slices"
	"strings"

	"frontdesk/models"
)

// Keys of the seeded FAQs.
const (
	FAQHours        = "hours"
	FAQParking      = "parking"
	FAQAddress      = "address"
	FAQCancellation = "cancellation"
	FAQPayment      = "payment"
)

// mapURL is the demo salon's place on the map.
const mapURL = "https://www.openstreetmap.org/?mlat=40.4220&mlon=-3.7060#map=18/40.4220/-3.7060"

// seedFAQs are the questions a fresh salon answers, with the phrases of the catalogue.
func (l *Library) seedFAQs() []models.FAQ {
	var faqs []models.FAQ
	for _, key := range []string{FAQHours, FAQParking, FAQAddress, FAQCancellation, FAQPayment} {
		faq := models.FAQ{
			ID: models.NewID(), Key: key, Phrases: models.Words{}, Answers: models.Text{}, Active: true,
			CreatedAt: l.clock.Now(), UpdatedAt: l.clock.Now(),
		}
		if key == FAQAddress {
			faq.URL = mapURL
		}
		for _, lang := range models.Languages() {
			faq.Phrases[lang] = strings.Split(l.catalogue.Body(lang, "faq.phrases."+key), "|")
			faq.Answers[lang] = l.catalogue.Body(lang, "faq.answer."+key)
		}
		faqs = append(faqs, faq)
	}
	return faqs
}

// WithoutDeposits gives the questions with answers for a salon that asks for no deposit. A standard answer
// about deposits, and an edited one that fills in today's, gives way to the standard one without; the rest of what
// staff wrote stands.
func (l *Library) WithoutDeposits(faqs []models.FAQ) []models.FAQ {
	faqs = slices.Clone(faqs)
	for i, faq := range faqs {
		if faq.Key != FAQPayment && faq.Key != FAQCancellation {
			continue
		}
		answers := maps.Clone(faq.Answers)
		for lang, body := range answers {
			standard := l.catalogue.Body(lang, "faq.answer."+faq.Key)
			if body == standard || asksDeposit(body) {
				answers[lang] = l.catalogue.Body(lang, "faq.answer."+faq.Key+".none")
			}
		}
		faqs[i].Answers = answers
	}
	return faqs
}

// asksDeposit tells whether an answer fills in the terms of today's deposit.
func asksDeposit(body string) bool {
	names, _ := Placeholders(body)
	return slices.Contains(names, "DepositPercent") || slices.Contains(names, "HoldMinutes") || slices.Contains(names, "RefundHours")
}
