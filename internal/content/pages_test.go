package content_test

import (
	"testing"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// A page's template is shown in the reader's language, in English where that is out of use, and not at all where that is
// too; it never says what its page does not know.
func TestTemplatesOfPages(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	shows := func(lang models.Language, facts i18n.Facts) (string, models.Language) {
		t.Helper()
		text, in, err := lib.OnPage(ctx, content.RMAInstructions, lang, facts)
		if err != nil {
			t.Fatal(err)
		}
		return text, in
	}
	code := i18n.Facts{"Code": "RMA-1"}
	for _, lang := range models.Languages() {
		if text, in := shows(lang, code); text == "" || in != lang {
			t.Errorf("seeded in %s: %q in %q", lang, text, in)
		}
	}
	put := func(lang models.Language, body string, inUse bool) error {
		wish := said(body)
		wish.Active = &inUse
		_, err := lib.PutTemplate(ctx, content.RMAInstructions, lang, content.OnTheWeb, wish)
		return err
	}
	if err := put("ar", "اكتب {{.Code}} على الطرد.", false); err != nil {
		t.Fatal(err)
	}
	if err := put("en", "Write {{.Code}} on it.", true); err != nil {
		t.Fatal(err)
	}
	if text, in := shows("ar", code); text != "Write RMA-1 on it." || in != "en" {
		t.Errorf("English stands in: %q in %q", text, in)
	}
	if text, _ := shows("en", nil); text != "" {
		t.Errorf("without its fact it says %q", text)
	}
	if err := put("en", "Write {{.Code}} on it.", false); err != nil {
		t.Fatal(err)
	}
	if text, _ := shows("ar", code); text != "" {
		t.Errorf("out of use in both it says %q", text)
	}
	if err := put("en", "Dear {{.Name}}, write {{.Code}} on it.", true); !fault.Is(err, "content.refused") {
		t.Errorf("a fact that the page has not: %v", err)
	}
}

// Who saw an older version does not overwrite a newer one.
func TestTemplateIsPutAsSeen(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	first, second := said("All is well here."), said("All is well.")
	first.Seen, second.Seen = new(0), new(0)
	if _, err := lib.PutTemplate(ctx, "all_well", "en", content.OnTheWeb, first); err != nil {
		t.Fatal(err)
	}
	if _, err := lib.PutTemplate(ctx, "all_well", "en", content.OnTheWeb, second); !fault.Is(err, "content.changed_meanwhile") {
		t.Errorf("got %v", err)
	}
	sets, err := lib.TemplateSets(ctx, content.OnTheWeb)
	if last := sets[len(sets)-1]; err != nil || last.Name != "all_well" || !last.Added || len(last.In) != 1 {
		t.Errorf("listed %+v, %v", last, err)
	}
}
