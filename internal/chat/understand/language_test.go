package understand

import (
	"testing"

	"frontdesk/models"
)

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		text    string
		current models.Language
		want    models.Language
		sure    bool
	}{
		{"I'd like highlights on Friday", "es", "en", true},
		{"tomorrow please", "ar", "en", true},
		{"Yes", "es", "en", true},
		{"the second one", "ar", "en", true},
		{"how much is it", "es", "en", true},
		{"highlights", "es", "en", true},
		{"Me gustaría ponerme mechas", "en", "es", true},
		{"quiero un corte", "en", "es", true},
		{"sí", "en", "es", true},
		{"vale", "en", "es", true},
		{"mañana", "ar", "es", true},
		{"el viernes", "en", "es", true},
		{"mechas", "en", "es", true},
		{"¿Xyzzy?", "en", "es", true},
		{"أريد هايلايت", "en", "ar", true},
		{"نعم", "es", "ar", true},
		{"حداد", "es", "ar", true},
		{"ابي highlights يوم الجمعة", "en", "ar", true},
		{"bukra 3ayza a7jez", "en", "ar", true},
		{"My name is نور", "es", "en", true},
		{"me llamo نور", "en", "es", true},
		{"ok", "es", "es", false},
		{"ok", "ar", "ar", false},
		{"12:30", "es", "es", false},
		{"2", "ar", "ar", false},
		{"👍", "es", "es", false},
		{"✨", "ar", "ar", false},
		{"no", "es", "es", false},
		{"no", "en", "en", false},
		{"Dana", "es", "es", false},
		{"Xyzzy", "ar", "ar", false},
		{"", "es", "es", false},
		{"12:30", "", "en", false},
	} {
		m := Read(Input{Text: c.text, Language: c.current, Now: now, Vocabulary: salon()})
		if m.Language != c.want || m.LanguageSure != c.sure {
			t.Errorf("%q in %s: got %s %v, want %s %v", c.text, c.current, m.Language, m.LanguageSure, c.want, c.sure)
		}
	}
}

// A name says nothing about the language, unless its script does.
func TestNameKeepsTheLanguage(t *testing.T) {
	for _, name := range []string{"Sara", "Haddad", "García López", "al-Haddad", "Sofía de la Cruz", "Young", "Domingo", "Rose"} {
		for _, lang := range models.Languages() {
			m := Read(Input{Text: name, Language: lang, Expect: ExpectSurname, Now: now, Vocabulary: salon()})
			if m.Language != lang || m.LanguageSure {
				t.Errorf("%s in %s: %s %v", name, lang, m.Language, m.LanguageSure)
			}
		}
	}
}
