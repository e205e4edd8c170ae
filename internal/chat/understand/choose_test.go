package understand

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"frontdesk/models"
)

// picked writes which option a meaning takes, or what else it says about the offer.
func picked(m Meaning) string {
	out := []string{strconv.Itoa(m.Choice)}
	for flag, said := range map[string]bool{"other": m.OtherOptions} {
		if said {
			out = append(out, flag)
		}
	}
	if m.Later && m.OtherOptions {
		out = append(out, "later")
	}
	if m.Earlier && m.OtherOptions {
		out = append(out, "earlier")
	}
	return strings.Join(out, " ")
}

// Two times were offered: 1 is 10:30 with Salma, 2 is 12:30 with Dana, both on Friday.
func checkPicked(lang string) func(t *testing.T, text, want string) {
	return func(t *testing.T, text, want string) {
		options := []models.Option{{ID: "slot:a", Title: "10:30 Salma"}, {ID: "slot:b", Title: "12:30 Dana"}}
		if lang == models.Arabic {
			options = []models.Option{{ID: "slot:a", Title: "10:30 سلمى"}, {ID: "slot:b", Title: "12:30 دانا"}}
		}
		m := Read(Input{Text: text, Language: lang, Expect: ExpectSlot, Options: options, Now: now, Vocabulary: salon()})
		if got := picked(m); got != want {
			t.Errorf("got %q, want %q; %s", got, want, fmt.Sprintf("%+v", m))
		}
		if m.Unclear {
			t.Error("unclear")
		}
	}
}

func TestSlotChoice(t *testing.T) {
	sayings(t, "en", `
		12:30 = 2
		12.30 = 2
		at 12:30 = 2
		12:30 please = 2
		the 12:30 one = 2
		12:30 with Dana = 2
		with Dana = 2
		Dana = 2
		dana please = 2
		Salma's = 1
		10:30 with Salma = 1
		half past ten = 1
		half past 12 = 2
		the second one = 2
		second = 2
		the second please = 2
		2nd one = 2
		2 = 2
		2. = 2
		option 2 = 2
		number two = 2
		the first one = 1
		first = 1
		1 = 1
		the last one = 2
		the later one = 2
		the earlier one = 1
		the latest = 2
		the earliest = 1
		10 = 1
		12 = 2
		the 12 one = 2
		whichever = 1
		either is fine = 1
		any of them = 1
		whoever = 1
		I'll take the second = 2
		yes, the 12:30 = 2
		ok 12:30 works = 2
		let's do 12:30 = 2
		can I have 10:30? = 1
		anything later? = 0 other later
		anything earlier? = 0 other earlier
		something else? = 0 other
		other times = 0 other
		do you have another time? = 0 other
		none of those work = 0 other
		neither = 0 other
		I can't make those = 0 other
		second is better for me = 2
		the half twelve one = 2
		I prefer Dana's = 2
		both are fine = 1
		what about 5pm? = 0
		at 5 = 0
		17:00 = 0
		12:30 with Omar = 0
		on Saturday = 0
		after 4 = 0
		in the afternoon? = 0
	`, checkPicked(models.English))
	sayings(t, "es", `
		12:30 = 2
		a las 12:30 = 2
		las 12 y media = 2
		a las doce y media = 2
		la de las 12:30 = 2
		me quedo con la de las 12:30 = 2
		12:30 con Dana = 2
		con Dana = 2
		con Salma = 1
		10:30 con Salma = 1
		a las diez y media = 1
		la segunda = 2
		la segunda, por favor = 2
		el segundo = 2
		segunda opción = 2
		la 2 = 2
		2 = 2
		opción 2 = 2
		la primera = 1
		el primero = 1
		la última = 2
		la más tarde = 2
		la más temprana = 1
		cualquiera = 1
		me da igual = 1
		la que sea = 1
		vale, a las 12:30 = 2
		sí, la de las 10:30 = 1
		mejor la segunda = 2
		la de Dana = 2
		la de las diez y media mejor = 1
		otra hora = 0 other
		¿tenéis otra hora? = 0 other
		¿algo más tarde? = 0 other later
		uf, ¿y no hay nada más tarde? = 0 other later
		más temprano = 0 other earlier
		ninguna me va bien = 0 other
		no me viene bien ninguna = 0 other
		a esas horas no puedo = 0 other
		a las 5 = 0
		12:30 con Omar = 0
		el sábado = 0
		por la tarde = 0
	`, checkPicked(models.Spanish))
	sayings(t, "ar", `
		12:30 = 2
		١٢:٣٠ = 2
		الساعة ١٢:٣٠ = 2
		الساعة 12 ونص = 2
		اثنا عشر ونصف = 2
		12:30 مع دانا = 2
		مع دانا = 2
		دانا = 2
		مع سلمى = 1
		10:30 مع سلمى = 1
		الساعة عشرة ونص = 1
		الثاني = 2
		الثانية = 2
		التاني = 2
		الموعد الثاني = 2
		الخيار الثاني = 2
		ثاني واحد = 2
		2 = 2
		٢ = 2
		رقم 2 = 2
		رقم ٢ = 2
		الأول = 1
		الاول من فضلك = 1
		اول واحد = 1
		الأخير = 2
		المتأخر = 2
		الأبكر = 1
		أي واحد = 1
		اي واحد منهم = 1
		لا يهم = 1
		نعم، الساعة 12:30 = 2
		ابي الثاني = 2
		بدي الأول = 1
		خليها ١٢:٣٠ = 2
		تمام ١٢ ونص = 2
		اللي مع دانا = 2
		وقت آخر = 0 other
		في وقت ثاني؟ = 0 other
		هل يوجد موعد آخر؟ = 0 other
		ما يناسبني = 0 other
		ولا واحد منهم = 0 other
		في شي بعد كذا؟ = 0 other later
		الساعة 5 = 0
		مع عمر = 0
		يوم السبت = 0
		eltani = 2
	`, checkPicked(models.Arabic))
}

func TestChoiceNeedsTheDay(t *testing.T) {
	options := []models.Option{{ID: "slot:a", Title: "Fri 9 Oct 10:30 Salma"}, {ID: "slot:b", Title: "Sat 10 Oct 10:30 Salma"}}
	for text, want := range map[string]int{
		"saturday": 2, "the saturday one": 2, "friday 10:30": 1, "on the 10th": 2, "10:30": 0, "Salma": 0, "monday": 0, "tomorrow": 0,
	} {
		m := Read(Input{Text: text, Expect: ExpectSlot, Options: options, Now: now, Vocabulary: salon()})
		if m.Choice != want {
			t.Errorf("%q chose %d, want %d", text, m.Choice, want)
		}
	}
}

func TestServiceChoice(t *testing.T) {
	for lang, options := range map[string][]models.Option{
		"en": {{ID: "service:OIL_COLOUR", Title: "Oil gloss colour"}, {ID: "service:COLOUR_FULL", Title: "Full colour"}},
		"es": {{ID: "service:OIL_COLOUR", Title: "Color brillo en aceite"}, {ID: "service:COLOUR_FULL", Title: "Coloración completa"}},
		"ar": {{ID: "service:OIL_COLOUR", Title: "صبغة زيتية لامعة"}, {ID: "service:COLOUR_FULL", Title: "صبغة كاملة"}},
	} {
		sayings(t, lang, map[string]string{
			"en": `
				the oil one = 1
				oil = 1
				oil gloss = 1
				the full one = 2
				full = 2
				full colour please = 2
				the first = 1
				the second one = 2
				2 = 2
				gloss please = 1
				the last one = 2
				colour = 0
				blue = 0`,
			"es": `
				la de aceite = 1
				en aceite = 1
				con brillo = 1
				la completa = 2
				completa por favor = 2
				coloración completa = 2
				la primera = 1
				la segunda = 2
				1 = 1
				tinte = 0`,
			"ar": `
				الزيتية = 1
				زيتية = 1
				اللامعة = 1
				الكاملة = 2
				كاملة من فضلك = 2
				صبغة كاملة = 2
				الأولى = 1
				الثانية = 2
				٢ = 2
				صبغة = 0`,
		}[lang], func(t *testing.T, text, want string) {
			m := Read(Input{Text: text, Language: lang, Expect: ExpectServiceChoice, Options: options, Now: now, Vocabulary: salon()})
			if got := strconv.Itoa(m.Choice); got != want {
				t.Errorf("chose %s, want %s", got, want)
			}
		})
	}
}

func TestTap(t *testing.T) {
	options := []models.Option{
		{ID: "service:CUT", Title: "Haircut"}, {ID: "pack:yes", Title: "Yes, the pack"}, {ID: "stylist:dana", Title: "Dana"},
		{ID: "slot:x:1", Title: "10:30 Salma"}, {ID: "service:GONE", Title: "Gone"},
	}
	for _, c := range []struct {
		id, title string
		want      string
	}{
		{"service:CUT", "Haircut", "1 CUT"},
		{"pack:yes", "Yes, the pack", "2 yes"},
		{"pack:yes", "", "2 yes"},
		{"pack:yes", "Yes, the", "2 yes"},
		{"stylist:dana", "Dana", "3 dana"},
		{"slot:x:1", "10:30 Salma", "4"},
		{"slot:x:1", "12:30 Dana", "stale"},
		{"slot:y:2", "10:30 Salma", "stale"},
		{"service:GONE", "Gone", "5"},
	} {
		m := Read(Input{Text: "highlights tomorrow", ReplyID: c.id, ReplyTitle: c.title, Options: options, Now: now, Vocabulary: salon()})
		got := strings.TrimSpace(fmt.Sprint(m.Choice, " ", strings.Join(m.Services, " "), strings.Join(m.Stylists, " ")))
		if m.Intents.Has(Yes) {
			got += " yes"
		}
		if m.StaleTap {
			got = "stale"
		}
		if got != c.want || m.OptionID != c.id || m.Unclear {
			t.Errorf("tap %s %q: got %q, id %q, unclear %v; want %q", c.id, c.title, got, m.OptionID, m.Unclear, c.want)
		}
	}
}
