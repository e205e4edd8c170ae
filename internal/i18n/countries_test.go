package i18n

import (
	"testing"

	"frontdesk/models"
)

// Every country has a name in each language, stands once, and is found where its language looks for it.
func TestCountries(t *testing.T) {
	for _, lang := range models.Languages() {
		list, seen := Countries(lang), map[string]bool{}
		if len(list) < 240 || len(list) > 260 {
			t.Errorf("%s: %d countries", lang, len(list))
		}
		for _, c := range list {
			if len(c.Code) != 2 || c.Name == "" || c.Name == c.Code || seen[c.Code] || seen[c.Name] {
				t.Errorf("%s: %+v", lang, c)
			}
			seen[c.Code], seen[c.Name] = true, true
		}
	}
	for _, c := range []struct{ lang, code, name string }{{"en", "ES", "Spain"}, {"es", "ES", "España"}, {"ar", "ES", "إسبانيا"}, {"ar", "AE", "الإمارات العربية المتحدة"}, {"xx", "GB", "United Kingdom"}, {"en", "??", "??"}} {
		if got := CountryName(c.lang, c.code); got != c.name {
			t.Errorf("%s in %s is %q", c.code, c.lang, got)
		}
	}
	first := Countries(models.Spanish)[0].Name
	if first != "Afganistán" {
		t.Errorf("the list begins with %s", first)
	}
}
