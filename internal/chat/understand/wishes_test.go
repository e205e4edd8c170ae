package understand

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"frontdesk/models"
)

// categories are the two buttons of "which shall we book first?".
func categories(lang models.Language) []models.Option {
	titles := map[models.Language][2]string{
		models.English: {"Hair", "Beauty"}, models.Spanish: {"Peluquería", "Estética"}, models.Arabic: {"الشعر", "التجميل"},
	}[lang]
	return []models.Option{{ID: "category:hair", Title: titles[0]}, {ID: "category:aesthetics", Title: titles[1]}}
}

func TestCategoryChoice(t *testing.T) {
	for lang, list := range map[models.Language]string{
		models.English: `
			hair first = category:hair
			the hair one = category:hair
			hair please = category:hair
			beauty = category:aesthetics
			the nails first = category:aesthetics
			the first one = category:hair
			the second = category:aesthetics
			hair or beauty? =
			maybe =`,
		models.Spanish: `
			primero pelo = category:hair
			el pelo primero = category:hair
			peluquería = category:hair
			primero la estética = category:aesthetics
			la segunda = category:aesthetics`,
		models.Arabic: `
			الشعر اول = category:hair
			شعري = category:hair
			التجميل أولا = category:aesthetics
			الثاني = category:aesthetics`,
	} {
		sayings(t, lang, strings.ReplaceAll(list, "=\n", "= \n"), func(t *testing.T, text, want string) {
			m := Read(Input{Text: text, Language: lang, Expect: ExpectCategory, Options: categories(lang), Now: now, Vocabulary: salon()})
			if m.OptionID != strings.TrimSpace(want) {
				t.Errorf("got %q, want %q", m.OptionID, want)
			}
		})
	}
}

// A question or a remark takes none of what was offered, whatever everyday words it shares with a button.
func TestQuestionIsNoChoice(t *testing.T) {
	options := []models.Option{{ID: "slot:a", Title: "Yes, book it"}, {ID: "slot:other", Title: "Other times"}}
	for _, text := range []string{
		"is it still mine?", "is it with the same person?", "what is it?", "where is it", "will it hurt", "how was your day", "is that in the book",
	} {
		if m := Read(Input{Text: text, Expect: ExpectSlot, Options: options, Now: now, Vocabulary: salon()}); m.Choice != 0 {
			t.Errorf("%q takes %s", text, m.OptionID)
		}
	}
}

func TestSurnameBesideChoice(t *testing.T) {
	sayings(t, "en", `
		12:30 Haddad = 2 Haddad
		12:30, Haddad = 2 Haddad
		10:30 please, O'Brien = 1 O'Brien
		the second one, Khoury please = 2 Khoury
		the first. García López = 1 García López
		with Dana, Noor Haddad = 2 Haddad
		la segunda, de la Fuente Ortiz = 2 de la Fuente Ortiz
		12:30 حداد = 2 حداد
		الثاني، العتيبي = 2 العتيبي
		12:30 = 2
		12:30 please thanks = 2
		12:30 grate = 2
		12:30 would be great = 2
		with Dana then = 2
		Haddad = 0`, func(t *testing.T, text, want string) {
		m := Read(Input{Text: text, Expect: ExpectSlot, Known: "Noor", Options: slotOptions(), Now: now, Vocabulary: salon()})
		got := fmt.Sprint(m.Choice)
		if m.Name != nil {
			got += " " + m.Name.Given + m.Name.Family
		}
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// While the surname is asked the times offered before it can still be taken: by order or direction, never
// by a stylist's name, which may be the surname.
func TestChoiceWhileSurnameIsAsked(t *testing.T) {
	sayings(t, "en", `
		the second one = 2
		the later one = 2
		no, the earlier one = 1
		la segunda = 2
		الثاني = 2
		Salma = 0
		Dana = 0
		Khoury = 0`, func(t *testing.T, text, want string) {
		m := Read(Input{Text: text, Expect: ExpectSurname, Options: slotOptions(), Now: now, Vocabulary: salon()})
		if got := fmt.Sprint(m.Choice); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestOtherDay(t *testing.T) {
	sayings(t, "en", `
		another day? = day
		no, another day please = day
		any other date = day
		on a different day = day
		that day doesn't work = day
		no, otro día = day
		¿y otro día? = day
		ese día no = day
		no me va bien ese día = day
		no puedo ese día = day
		يوم ثاني = day
		في يوم غير؟ = day
		other times = other
		another time = other
		that doesn't work for me = other
		otra hora = other
		وقت ثاني = other
		the second one =`, func(t *testing.T, text, want string) {
		m := Read(Input{Text: text, Expect: ExpectSlot, Options: slotOptions(), Now: now, Vocabulary: salon()})
		got := map[bool]string{true: "other"}[m.OtherOptions]
		if m.OtherDay {
			got = "day"
		}
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if m.Intents.Has(PaymentProblem) {
			t.Error("takes it for a payment that failed")
		}
	})
}

func TestUnwantedStylists(t *testing.T) {
	sayings(t, "en", `
		not Omar = not omar
		anyone but Omar = any not omar
		anyone except Omar and Bruno = any not omar bruno
		not Omar or Bruno please = not omar bruno
		not Omar, Dana = dana not omar
		not with Omar but with Salma = salma not omar
		cualquiera menos Omar = any not omar
		que no sea Omar ni Bruno = not omar bruno
		مين ما كان بس مو عمر = any not omar
		اي حدا الا عمر وبرونو = any not omar bruno
		عايزة أحجز بس مش عند عمر، القص = not omar
		with Omar = omar`, func(t *testing.T, text, want string) {
		m := Read(Input{Text: text, Expect: ExpectStylist, Now: now, Vocabulary: salon()})
		got := slices.Clone(m.Stylists)
		if m.AnyStylist {
			got = append(got, "any")
		}
		if len(m.NotStylists) > 0 {
			got = append(append(got, "not"), m.NotStylists...)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("got %q, want %q", text, want)
		}
	})
}

func TestSameDayNextWeek(t *testing.T) {
	sunday := Day{2026, 10, 11}
	for _, text := range []string{"same day next week", "the same day next week?", "el mismo día de la semana que viene", "نفس اليوم الأسبوع الجاي"} {
		m := Read(Input{Text: text, Expect: ExpectSlot, Wanted: &sunday, Now: now, Vocabulary: salon()})
		if m.Day == nil || *m.Day != sunday.Plus(7) {
			t.Errorf("%q after a Sunday: %v", text, m.Day)
		}
		if m = Read(Input{Text: text, Now: now, Vocabulary: salon()}); m.Day == nil || m.Day.String() != "2026-10-13" {
			t.Errorf("%q on its own: %v", text, m.Day)
		}
	}
}

// A word that may be hair or beauty is settled by what the message speaks of, and a haircut by who wants it.
func TestServiceFromTheRestOfTheMessage(t *testing.T) {
	sayings(t, "en", `
		a free consultation about my hair = CONSULT_HAIR
		consultation for my skin = CONSULT_AES
		una consulta gratis para el pelo = CONSULT_HAIR
		استشارة لشعري = CONSULT_HAIR
		a haircut on friday, I'm a guy = CUT_MEN
		hair cut for men = CUT_MEN
		ابي قص شعر انا رجل = CUT_MEN
		not a men's cut, a haircut = CUT
		haircut = CUT
		unas mechas = HIGHLIGHTS
		قص وباديكير = CUT GEL_PEDI
		how long is a styling = STYLE`, func(t *testing.T, text, want string) {
		m := Read(Input{Text: text, Now: now, Vocabulary: salon()})
		if got := strings.Join(m.Services, " "); got != want || len(m.Ambiguous) > 0 {
			t.Errorf("got %q %v, want %q", got, m.Ambiguous, want)
		}
	})
	if m := Read(Input{Text: "a free consultation", Now: now, Vocabulary: salon()}); len(m.Ambiguous) != 1 {
		t.Errorf("a consultation alone is not asked about: %v", m.Services)
	}
}

func TestSelfInPassing(t *testing.T) {
	sayings(t, "en", `
		Hi I'm Sara Haddad, can I have a cut tomorrow = Sara Haddad
		Hello, I'm Sara and I want highlights =
		I'm Ana. Do you have time on Friday? = Ana
		Hola, soy Marta, quiero mechas = Marta
		I'm Interested in highlights =
		I'm free on Friday =
		soy rubia =
		I'm pregnant =
		I'm Late, sorry =`, func(t *testing.T, text, want string) {
		m := Read(Input{Text: text, Now: now, Vocabulary: salon()})
		got := ""
		if m.Name != nil {
			got = strings.TrimSpace(m.Name.Given + " " + m.Name.Family)
		}
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestSwearwordIsNoName(t *testing.T) {
	for _, text := range []string{"joder", "mierda", "fuck off", "idiot", "Shit", "طز"} {
		if m := Read(Input{Text: text, Expect: ExpectName, Now: now, Vocabulary: salon()}); m.Name != nil {
			t.Errorf("%q is taken for a name: %v", text, *m.Name)
		}
		if Reliable(text) {
			t.Errorf("%q is a reliable profile name", text)
		}
	}
}

func TestGiven(t *testing.T) {
	for full, want := range map[string]string{
		"Sara Haddad": "Sara", "أم خالد": "أم خالد", "عبد الله العلي": "عبد الله", "María José Pérez": "María José", "Noor": "Noor",
	} {
		if got := Given(full); got != want {
			t.Errorf("Given(%q) = %q, want %q", full, got, want)
		}
	}
}

func TestHoursOfTalkAreNoQuestionForHours(t *testing.T) {
	for _, text := range []string{"can I come in 2 hours?", "how many hours does it take", "in a couple of hours", "dentro de 2 horas", "مانيكير الخميس بعد الدوام"} {
		if m := Read(Input{Text: text, Now: now, Vocabulary: salon()}); len(m.FAQs) > 0 {
			t.Errorf("%q asks for %v", text, m.FAQs)
		}
	}
	for _, text := range []string{"what are your hours?", "opening hours", "¿qué horario tenéis?", "متى دوامكم؟"} {
		if m := Read(Input{Text: text, Now: now, Vocabulary: salon()}); !slices.Contains(m.FAQs, "hours") {
			t.Errorf("%q asks for %v", text, m.FAQs)
		}
	}
}

func TestMoneyInOrdinaryWords(t *testing.T) {
	sayings(t, "en", `
		cuánto tengo que pagar? = price
		¿cuánto pago? = price
		كم لازم ادفع؟ = price
		قديش رح ادفع = price
		ما اشتغل الدفع = payment_problem
		ما زبط الدفع = payment_problem
		مش راضي يقبل البطاقة = payment_problem
		ما زبط معي = payment_problem
		wheres my link?? = send_link
		where's my link = send_link
		you are useless = complaint
		sois unos inútiles = complaint
		انتم نصابين = complaint`, func(t *testing.T, text, want string) {
		m := Read(Input{Text: text, Now: now, Vocabulary: salon()})
		if !m.Intents.Has(Intent(want)) {
			t.Errorf("got %v, want %q", m.Intents, want)
		}
	})
}

// Nails keep their tilde: without it they are an article.
func TestNailsAreNoArticle(t *testing.T) {
	v := salon()
	for i, s := range v.Services {
		if s.Code == "GEL_MANI" {
			v.Services[i].Synonyms = models.Words{models.Spanish: {"uñas", "uñas de gel"}}
		}
	}
	for text, want := range map[string]string{
		"uñas mañana a las 5": "GEL_MANI", "Uñas!": "GEL_MANI", "quiero unas uñas de gel": "GEL_MANI",
		"una uña": "GEL_MANI", "uña y uñas": "GEL_MANI", "unas mechas": "HIGHLIGHTS", "quiero una": "",
	} {
		if got := strings.Join(Read(Input{Text: text, Now: now, Vocabulary: v}).Services, " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
