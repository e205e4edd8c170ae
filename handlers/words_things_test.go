package handlers

import (
	"strconv"

	"frontdesk/internal/content"
	"frontdesk/models"
)

// wordThings makes one policy, text, template and question with a past, and says where routes find them.
func (s *salon) wordThings() map[string][]string {
	s.t.Helper()
	ctx, by := s.t.Context(), content.Saved{Actor: "system", Reason: "test"}
	s.must(s.Policies.Set(ctx, "clarify.max", 4, "system"))
	s.must(s.Policies.Set(ctx, "clarify.max", 5, "system"))
	past, err := s.Policies.History(ctx, "clarify.max")
	s.must(err)
	for seen, body := range []string{"Bye!", "Bye-bye!"} {
		s.must(s.Content.EditText(ctx, content.TextEdit{Key: "chat.bye", Bodies: models.Text{"en": body}, Seen: map[string]int{"en": seen}, Saved: by}))
	}
	draft, page := "Hi {{.Name}}, {{.Amount}} comes back to you.", "Pack it well. Its number is {{.Code}}."
	_, err = s.Content.PutTemplate(ctx, content.PaymentRefunded, "en", content.ByWhatsApp, content.TemplateWish{Body: &draft, Saved: by})
	s.must(err)
	_, err = s.Content.PutTemplate(ctx, content.RMAInstructions, "en", content.OnTheWeb, content.TemplateWish{Body: &page, Saved: by})
	s.must(err)
	faq, err := s.Content.FAQ(ctx, content.FAQParking)
	s.must(err)
	faq.Answers["en"] = "Next door."
	s.must(s.Content.SaveFAQ(ctx, content.FAQEdit{Key: faq.Key, Phrases: faq.Phrases, Answers: faq.Answers, Active: true, Seen: 1, Saved: by}))
	const policies, texts, faqs = "/console/policies/", "/console/content/texts/", "/console/content/faqs/"
	things := map[string][]string{
		policies: {"clarify.max", "deposit.enabled"}, policies + "groups/": {"deposits", "salon"},
		policies + ":key/restore/:change":       {policies + "clarify.max/restore/" + strconv.FormatInt(past[1].ID, 10)},
		texts:                                   {"chat.bye", "chat.pay.link", "chat.minutes"},
		texts + ":key/edit":                     {texts + "chat.bye/edit"},
		texts + ":key/:lang/restore/:version":   {texts + "chat.bye/en/restore/1", texts + "chat.bye/en/restore/0"},
		faqs:                                    {"parking", "hours"},
		faqs + ":key/restore/:version":          {faqs + "parking/restore/1"},
		"/console/content/templates/":           {"payment_refunded", "moved"},
		"/console/content/web/":                 {"rma_instructions", "start_return"},
		"/console/content/web/:name/:lang/edit": {"/console/content/web/rma_instructions/en/edit"},
		"/console/content/web/:name/:lang/restore/:version":       {"/console/content/web/rma_instructions/en/restore/1"},
		"/console/content/templates/:name/:lang/restore/:version": {"/console/content/templates/payment_refunded/en/restore/1"},
	}
	for _, act := range []string{"edit", "answer", "approval", "try", "take-out", "put-back"} {
		things["/console/content/templates/:name/:lang/"+act] = []string{"/console/content/templates/payment_refunded/en/" + act}
	}
	for _, act := range []string{"take-out", "put-back"} {
		things["/console/content/web/:name/:lang/"+act] = []string{"/console/content/web/rma_instructions/en/" + act}
	}
	return things
}
