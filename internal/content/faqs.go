package content

import (
	"fmt"
	"strings"

	"frontdesk/internal/i18n"
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

// Answer fills the answer of a FAQ with facts. Its own link is the fact URL.
func Answer(faq models.FAQ, lang models.Language, facts i18n.Facts) (string, error) {
	all := i18n.Facts{"URL": faq.URL}
	for name, fact := range facts {
		all[name] = fact
	}
	text, err := i18n.Render(faq.Answers.In(lang), all)
	if err != nil {
		return "", fmt.Errorf("answer %s in %s: %w", faq.Key, lang, err)
	}
	return text, nil
}
