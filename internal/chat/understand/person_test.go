package understand

import (
	"testing"
)

// a request for a person is a whole phrase.
func TestNoPersonWanted(t *testing.T) {
	wordings{
		en: `
			human hair extensions
			do you use human hair?
			call me Sam
			a haircut for one person
			I'm the person who called yesterday
			is Dana the manager?
			who is the agent of change
			anyone is fine
			someone free on Friday?
			can someone do my highlights on Friday?`,
		es: `
			extensiones de pelo humano
			¿para una persona cuánto cuesta?
			soy la persona de ayer
			¿hay alguien libre el viernes?
			¿me podéis atender el sábado?
			cualquier persona me vale
			llámame Marta`,
		ar: `
			باروكة شعر بشري
			حجز لشخص واحد
			أي شخص
			موعد لشخصين
			أنا موظفة في بنك وأريد قص شعر`,
	}.each(t, func(t *testing.T, text, lang string) {
		if m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()}); m.Intents.Has(Person) {
			t.Errorf("intents %v", m.Intents)
		}
	})
}

func TestSwitchedLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"English please": "en", "in Spanish please": "es", "en español": "es", "بالعربية": "ar", "¿hablas inglés?": "en",
		"Arabic please": "ar", "en árabe por favor": "ar", "بالانجليزي لو سمحت": "en", "castellano": "es",
	} {
		m := Read(Input{Text: text, Language: "es", Now: now, Vocabulary: salon()})
		if m.Language != want || !m.LanguageSure {
			t.Errorf("%q: language %s, want %s", text, m.Language, want)
		}
	}
}

func TestSocial(t *testing.T) {
	wordings{
		en: "how are you?\ntell me a joke\nare you a robot?\nwhat's your name?\nhahaha",
		es: "¿qué tal?\n¿cómo estás?\ncuéntame un chiste\n¿eres un bot?\njajaja",
		ar: "كيف حالك؟\nكيفك\nهل أنت روبوت؟\nاحكي لي نكتة\nههههه",
	}.each(t, func(t *testing.T, text, lang string) {
		m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
		if !m.Social || m.Unclear || m.Intents.Has(Person) {
			t.Errorf("social %v, unclear %v, intents %v", m.Social, m.Unclear, m.Intents)
		}
	})
}

func TestUnclear(t *testing.T) {
	for _, text := range []string{"asdfgh", "😀😀", "...", "?", "xyz 99", "فغغقب", "🌙", "lorem ipsum dolor sit"} {
		for _, expect := range []Expect{ExpectNone, ExpectSlot, ExpectPack, ExpectStylist} {
			m := Read(Input{Text: text, Language: "en", Expect: expect, Options: slotOptions(), Now: now, Vocabulary: salon()})
			if !m.Unclear || m.Empty {
				t.Errorf("%q expecting %q: %+v", text, expect, m)
			}
		}
	}
	for _, text := range []string{"", "   ", "\n\t", "\u200b\u200e", "\ufeff"} {
		if m := Read(Input{Text: text, Language: "es", Now: now}); !m.Empty || m.Unclear || m.Language != "es" || m.LanguageSure {
			t.Errorf("%q: %+v", text, m)
		}
	}
}
