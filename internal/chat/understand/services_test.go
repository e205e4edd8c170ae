package understand

import (
	"strings"
	"testing"

	"frontdesk/models"
)

// named writes the services of a meaning in one line: "CUT COLOUR_FULL|OIL_COLOUR".
func named(m Meaning) string {
	out := m.Services
	for _, codes := range m.Ambiguous {
		out = append(out, strings.Join(codes, "|"))
	}
	return strings.Join(out, " ")
}

func checkNamed(lang string) func(t *testing.T, text, want string) {
	return func(t *testing.T, text, want string) {
		m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
		if got := named(m); got != strings.TrimSpace(strings.ReplaceAll(want, "none", "")) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestServicesEnglish(t *testing.T) {
	sayings(t, "en", `
		highlights = HIGHLIGHTS
		Highlights on Friday please = HIGHLIGHTS
		highlihgts = HIGHLIGHTS
		highligts = HIGHLIGHTS
		hilights = HIGHLIGHTS
		higlits = HIGHLIGHTS
		high lights = HIGHLIGHTS
		HIGHLIGHTS!!! = HIGHLIGHTS
		I want to get my hair highlighted = HIGHLIGHTS
		haircut = CUT
		a hair cut = CUT
		hairct = CUT
		can I get a trim = CUT
		cut my hair = CUT
		just a cut please = CUT
		men's haircut = CUT_MEN
		mens cut = CUT_MEN
		a haircut for men = CUT_MEN
		styling = STYLE
		stylling tomorrow = STYLE
		long-hair styling = STYLE_LONG
		styling for long hair = STYLE_LONG
		blow dry = BLOW_DRY
		blow-dry = BLOW_DRY
		a quick blowdry = BLOW_DRY
		oil colour = OIL_COLOUR
		oil gloss = OIL_COLOUR
		full color = COLOUR_FULL
		full colour please = COLOUR_FULL
		colour = OIL_COLOUR|COLOUR_FULL
		I'd like to dye my hair = OIL_COLOUR|COLOUR_FULL
		a tint = OIL_COLOUR|COLOUR_FULL
		clay mask = CLAY|CLAY_RICH
		rich clay mask = CLAY_RICH
		the mineral mask = CLAY
		deep moisture = MOISTURE
		moisturising treatment = MOISTURE
		scalp care = SCALP_CALM|SCALP_FORCE
		soothing scalp care = SCALP_CALM
		free hair consultation = CONSULT_HAIR
		facial = FACIAL
		biotherapy = FACIAL
		eyebrow wax = BROWS
		brows please = BROWS
		eyebrows and a manicure = BROWS GEL_MANI
		manicure = GEL_MANI
		manicur = GEL_MANI
		gel pedicure = GEL_PEDI
		massage = MASSAGE_30|MASSAGE_60
		60 minute massage = MASSAGE_60
		half hour massage = MASSAGE_30
		massage for an hour = MASSAGE_60
		make up = MAKEUP
		makeup = MAKEUP
		cut and colour = CUT OIL_COLOUR|COLOUR_FULL
		Highlights, haircut and a blow dry = HIGHLIGHTS CUT BLOW_DRY
		haircut, not highlights = CUT
		a cut instead of highlights = CUT
		send me a message = none
		human hair extensions = none
		what a lovely style of writing = none
		I'm brown haired = none
		how much does it cost = none
		good morning = none
		the link fails = none
		Saturday = none
	`, checkNamed(models.English))
}

func TestServicesSpanish(t *testing.T) {
	sayings(t, "es", `
		mechas = HIGHLIGHTS
		mecha = HIGHLIGHTS
		Mechas el viernes = HIGHLIGHTS
		mechaas = HIGHLIGHTS
		mehcas = HIGHLIGHTS
		quiero unas mechitas = HIGHLIGHTS
		reflejos = HIGHLIGHTS
		corte de pelo = CUT
		corte = CUT
		cortarme el pelo = CUT
		quiero cortarme las puntas = CUT
		un cortee = CUT
		corte de caballero = CUT_MEN
		corte para hombre = CUT_MEN
		peinado = STYLE
		peinarme para una boda = STYLE
		peinado de pelo largo = STYLE_LONG
		peinado largo = STYLE_LONG
		secado = BLOW_DRY
		secado rapido = BLOW_DRY
		color en aceite = OIL_COLOUR
		coloración completa = COLOUR_FULL
		coloracion completa = COLOUR_FULL
		tinte completo = COLOUR_FULL
		tinte = OIL_COLOUR|COLOUR_FULL
		quiero teñirme = OIL_COLOUR|COLOUR_FULL
		color = OIL_COLOUR|COLOUR_FULL
		mascarilla de arcilla = CLAY|CLAY_RICH
		arcilla intensiva = CLAY_RICH
		hidratación = MOISTURE
		hidratacion profunda = MOISTURE
		cuero cabelludo calmante = SCALP_CALM
		un facial = FACIAL
		cejas = BROWS
		las cejas y la manicura = BROWS GEL_MANI
		manicura = GEL_MANI
		manicuta en gel = GEL_MANI
		pedicura = GEL_PEDI
		masaje = MASSAGE_30|MASSAGE_60
		masaje de una hora = MASSAGE_60
		masaje de 30 minutos = MASSAGE_30
		maquillaje = MAKEUP
		corte y color = CUT OIL_COLOUR|COLOUR_FULL
		mechas, corte y peinado = HIGHLIGHTS CUT STYLE
		mechas con corte = HIGHLIGHTS CUT
		sin mechas, solo corte = CUT
		no quiero mechas, un corte = CUT
		el sábado = none
		muchas gracias = none
		qué fácil = none
		qué fechas tenéis = none
		buenas noches = none
		en marzo = none
	`, checkNamed(models.Spanish))
}

func TestServicesArabic(t *testing.T) {
	sayings(t, "ar", `
		هايلايت = HIGHLIGHTS
		الهايلايت = HIGHLIGHTS
		هايلايتس = HIGHLIGHTS
		هاي لايت = HIGHLIGHTS
		هيلايت = HIGHLIGHTS
		هايليت = HIGHLIGHTS
		أريد هايلايت للشعر = HIGHLIGHTS
		بدي خصل = HIGHLIGHTS
		قص شعر = CUT
		قص = CUT
		قصّ الشعر = CUT
		أريد أن أقص شعري = CUT
		ابي اقص شعري = CUT
		قصة شعر = CUT
		قص شعر رجالي = CUT_MEN
		تصفيف = STYLE
		تصفيف الشعر = STYLE
		تسريحة = STYLE
		تصفيف شعر طويل = STYLE_LONG
		تجفيف = BLOW_DRY
		تجفيف سريع = BLOW_DRY
		استشوار = BLOW_DRY
		صبغة زيتية = OIL_COLOUR
		صبغة كاملة = COLOUR_FULL
		صبغ كامل = COLOUR_FULL
		صبغة = OIL_COLOUR|COLOUR_FULL
		أصبغ شعري = OIL_COLOUR|COLOUR_FULL
		قناع الطين = CLAY|CLAY_RICH
		قناع الطين الغني = CLAY_RICH
		ترطيب عميق = MOISTURE
		ترطيب = MOISTURE
		عناية مهدئة لفروة الرأس = SCALP_CALM
		علاج للوجه = FACIAL
		تحديد الحواجب = BROWS
		حواجب = BROWS
		الحواجب والمانيكير = BROWS GEL_MANI
		مانيكير = GEL_MANI
		مناكير = GEL_MANI
		باديكير جل = GEL_PEDI
		مساج = MASSAGE_30|MASSAGE_60
		مساج ساعة = MASSAGE_60
		مساج ٣٠ دقيقة = MASSAGE_30
		مكياج = MAKEUP
		ميك اب = MAKEUP
		قص وصبغة كاملة = CUT COLOUR_FULL
		هايلايت وقص = HIGHLIGHTS CUT
		بدون هايلايت، قص فقط = CUT
		ما ابي هايلايت ابي قص = CUT
		مساء الخير = none
		صباح الخير = none
		يوم السبت = none
		الساعة 5 = none
		2as sha3r = CUT
	`, checkNamed(models.Arabic))
}

// A service two of the Vocabulary fit equally is never guessed, and nothing outside it is named.
func TestServicesComeFromTheVocabulary(t *testing.T) {
	m := Read(Input{Text: "highlights, haircut, colour with Dana", Now: now})
	if len(m.Services)+len(m.Ambiguous)+len(m.Stylists) > 0 {
		t.Errorf("got %v %v %v from an empty vocabulary", m.Services, m.Ambiguous, m.Stylists)
	}
}

func TestSimilarity(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"highlihgts", "highlights", true},
		{"hilights", "highlights", true},
		{"mehca", "mecha", true},
		{"manicur", "manicure", true},
		{"cat", "cut", false},
		{"put", "cut", false},
		{"shirt", "highlights", false},
		{"secreto", "secado", false},
		{"هيلايت", "هايلايت", true},
	} {
		if got := alike(c.a, c.b); got != c.want {
			t.Errorf("alike(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
