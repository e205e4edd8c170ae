package content_test

import (
	"slices"
	"strings"
	"testing"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

func wifi(change func(*content.FAQEdit)) content.FAQEdit {
	e := content.FAQEdit{
		Key: "wifi", Active: true, Saved: ana,
		Phrases: models.Words{"en": {"do you have wifi", " do you  have WIFI", "wifi"}, "es": {"tenéis wifi"}, "ar": {"هل يوجد واي فاي"}},
		Answers: models.Text{"en": "Yes, {{.Hours}}.", "es": "Sí.", "ar": "نعم."},
	}
	if change != nil {
		change(&e)
	}
	return e
}

func TestCheckFAQ(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	others, err := lib.AllFAQs(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, field, want string
		change            func(*content.FAQEdit)
	}{
		{"as it should be", "", "", nil},
		{"no name", "key", "content.problem.faq_key", func(e *content.FAQEdit) { e.Key = "" }},
		{"a name that is none", "key", "content.problem.faq_key", func(e *content.FAQEdit) { e.Key = "Wi-Fi" }},
		{"a language without a phrase", "phrases.ar", "content.problem.phrases_missing", func(e *content.FAQEdit) { e.Phrases["ar"] = []string{" "} }},
		{"a phrase of one letter", "phrases.en", "content.problem.phrase", func(e *content.FAQEdit) { e.Phrases["en"] = []string{"x"} }},
		{"another question's phrase", "phrases.en", "content.problem.phrase_taken", func(e *content.FAQEdit) { e.Phrases["en"] = []string{"PARKING"} }},
		{"the same in a retired one", "", "", func(e *content.FAQEdit) { e.Phrases["en"], e.Active = []string{"parking"}, false }},
		{"no answer", "answers.es", "content.problem.empty", func(e *content.FAQEdit) { e.Answers["es"] = "" }},
		{"an unknown fact", "answers.es", "content.problem.unknown_placeholder", func(e *content.FAQEdit) { e.Answers["es"] = "{{.Name}}" }},
		{"a link that is not there", "answers.es", "content.problem.link_missing", func(e *content.FAQEdit) { e.Answers["es"] = "Mira {{.URL}}" }},
		{"a link that is there", "", "", func(e *content.FAQEdit) { e.Answers["es"], e.URL = "Mira {{.URL}}", "https://luma.test" }},
		{"a link that is none", "url", "content.problem.link", func(e *content.FAQEdit) { e.URL = "luma.test" }},
		{"an answer too long", "answers.en", "content.problem.too_long", func(e *content.FAQEdit) { e.Answers["en"] = strings.Repeat("x", 513) }},
	} {
		wrong := content.CheckFAQ(wifi(c.change), others)
		if c.want == "" && len(wrong) > 0 || c.want != "" && (len(wrong) != 1 || len(wrong[c.field]) == 0 || wrong[c.field][0].Key != c.want) {
			t.Errorf("%s: got %v, want %s at %s", c.name, wrong, c.want, c.field)
		}
	}
}

func TestFAQsAreKept(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	if err := lib.SaveFAQ(ctx, wifi(nil)); err != nil {
		t.Fatal(err)
	}
	faq, err := lib.FAQ(ctx, "wifi")
	if err != nil || !slices.Equal(faq.Phrases["en"], []string{"do you have wifi", "wifi"}) || faq.Version != 1 || faq.UpdatedBy != "staff:ana" {
		t.Errorf("added is %+v (%v)", faq, err)
	}
	for want, edit := range map[string]content.FAQEdit{
		"content.faq_exists":        wifi(nil),
		"content.changed_meanwhile": wifi(func(e *content.FAQEdit) { e.Seen = 7 }),
		"content.no_such_faq": wifi(func(e *content.FAQEdit) {
			e.Key, e.Seen, e.Phrases["en"] = "moon", 1, []string{"the moon"}
			e.Active = false
		}),
	} {
		if err := lib.SaveFAQ(ctx, edit); !fault.Is(err, want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	parking, err := lib.FAQ(ctx, content.FAQParking)
	if err != nil {
		t.Fatal(err)
	}
	edit := content.FAQEdit{Key: parking.Key, Phrases: parking.Phrases, Answers: models.Text{"en": "Next door.", "es": "Al lado.", "ar": "بجوارنا."}, Active: false, Seen: 1, Saved: ana}
	if err := lib.SaveFAQ(ctx, edit); err != nil {
		t.Fatal(err)
	}
	if err := lib.Seed(ctx); err != nil {
		t.Fatal(err)
	}
	active, err := lib.FAQs(ctx)
	if err != nil || slices.ContainsFunc(active, func(f models.FAQ) bool { return f.Key == parking.Key }) {
		t.Errorf("a start brought the retired question back (%v)", err)
	}
	if err := lib.RestoreFAQ(ctx, parking.Key, 1, 2, ana); err != nil {
		t.Fatal(err)
	}
	back, err := lib.FAQ(ctx, parking.Key)
	if err != nil || !back.Active || back.Answers["en"] != parking.Answers["en"] || back.Version != 3 {
		t.Errorf("restored is %+v (%v)", back, err)
	}
}
