package understand

import (
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

// wordings are texts that mean the same, one a line, in the three languages.
type wordings struct{ en, es, ar string }

// each runs a check on every wording. The conversation's language is the wording's own.
func (w wordings) each(t *testing.T, check func(t *testing.T, text, lang string)) {
	t.Helper()
	for lang, list := range map[string]string{models.English: w.en, models.Spanish: w.es, models.Arabic: w.ar} {
		for line := range strings.Lines(list) {
			if text := strings.TrimSpace(line); text != "" {
				t.Run(lang+"/"+text, func(t *testing.T) { check(t, text, lang) })
			}
		}
	}
}

var agreeing = wordings{
	en: `
		yes
		Yes please
		yep
		yeah sure
		Yesss!!
		yup, go ahead
		ok
		okay then
		OK go on
		k
		sure
		Sure thing
		of course
		sounds good
		sounds great to me
		that works for me
		works for me
		perfect
		Perfect, thanks
		great
		fine by me
		go ahead please
		let's do it
		book it please
		I'll take it
		that's fine
		please do
		why not
		no problem
		absolutely
		definitely!
		alright
		👍
		👌👌
		correct
		it's perfect`,
	es: `
		sí
		si
		Sí, por favor
		sii
		siiii
		sí claro
		claro
		claro que sí
		vale
		Vale, perfecto
		venga
		venga va
		dale
		de acuerdo
		ok
		okey
		perfecto
		genial
		me parece bien
		me va bien
		me viene perfecto
		por supuesto
		adelante
		hecho
		me lo quedo
		resérvalo
		está bien
		estupendo, gracias
		cómo no
		desde luego
		sin problema
		👍
		exacto
		eso es
		confirmo`,
	ar: `
		نعم
		نعم من فضلك
		نعم، ممتاز
		نعممم
		ايوه
		أيوه
		أيوا
		اي
		إي نعم
		ايه
		اه
		أكيد
		طبعا
		طبعًا
		تمام
		تمااام
		ماشي
		موافق
		موافقة
		اوكي
		أوكيه
		زين
		حسنًا
		بالتأكيد
		ممتاز
		مناسب
		يناسبني
		لا مشكلة
		ما عندي مانع
		إن شاء الله
		يلا
		👍
		aywa
		na3am
		tamam`,
}

var refusing = wordings{
	en: `
		no
		No, thanks
		nope
		nah
		Nah I'm good
		not really
		no thank you
		no way
		I don't think so
		I'd rather not
		rather not
		no need
		not interested
		nooo
		never
		not this time
		that's wrong
		that's not right
		👎
		i don't
		no, not that
		no, leave it
		not now
		no it isn't
		none of those`,
	es: `
		no
		No, gracias
		mejor no
		nop
		nah
		para nada
		en absoluto
		qué va
		no quiero
		no hace falta
		claro que no
		de momento no
		por ahora no
		prefiero que no
		creo que no
		ahora no
		no me interesa
		nooo
		tampoco
		pues no
		ninguno
		no, nada
		hoy no
		nanai
		👎`,
	ar: `
		لا
		لا شكرا
		لا، شكرًا
		كلا
		لأ
		لا لا
		لااا
		مو الحين
		ليس الآن
		لا أريد
		ما أبي
		ما ابغى
		ما بدي
		مش عايزة
		لا ابدا
		أبدا
		مستحيل
		بلاش
		لا ما يصير
		لا مو صحيح
		مش صحيح
		لا أحتاج
		لا مش لازم
		👎
		la2
		la shukran`,
}

func TestYesAndNo(t *testing.T) {
	agreeing.each(t, func(t *testing.T, text, lang string) {
		m := Read(Input{Text: text, Language: lang, Expect: ExpectYesNo, Now: now, Vocabulary: salon()})
		if !m.Intents.Has(Yes) || m.Intents.Has(No) {
			t.Errorf("intents %v, want yes", m.Intents)
		}
	})
	refusing.each(t, func(t *testing.T, text, lang string) {
		m := Read(Input{Text: text, Language: lang, Expect: ExpectYesNo, Now: now, Vocabulary: salon()})
		if !m.Intents.Has(No) || m.Intents.Has(Yes) {
			t.Errorf("intents %v, want no", m.Intents)
		}
	})
}

// Where we ask whether it shall be so, words that only may mean yes are no yes.
func TestAgreementIsNotGuessed(t *testing.T) {
	wordings{
		en: `
			hmm bananas
			well look at that`,
		es: `
			pues mira tú
			vaya vaya`,
		ar: `
			هممم يعني
			والله شوف`,
	}.each(t, func(t *testing.T, text, lang string) {
		m := Read(Input{Text: text, Language: lang, Expect: ExpectYesNo, Now: now, Vocabulary: salon()})
		if m.Intents.Has(Yes) {
			t.Errorf("intents %v, main %q, want no yes", m.Intents, m.Main)
		}
	})
}

func TestBothVisits(t *testing.T) {
	wordings{
		en: `
			please cancel them both
			cancel both of my visits
			can you cancel my two appointments`,
		es: `
			cancélame las dos, por favor
			anula ambas
			cancelad mis dos citas`,
		ar: `
			ألغوا الموعدين من فضلكم
			الغي الثنتين
			ألغوا كلا الحجزين`,
	}.each(t, func(t *testing.T, text, lang string) {
		m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
		if !m.Both || m.Main != Cancel {
			t.Errorf("main %q, both %v; want both cancelled", m.Main, m.Both)
		}
	})
}

// الاثنين is Monday, and "both" only beside a word of togetherness, or where two things are asked about.
func TestMondayIsNotBoth(t *testing.T) {
	for _, text := range []string{"ألغوا موعدي يوم الاثنين", "ألغوا موعد الاثنين", "لا، ألغوا الاتنين مع سلمى", "قص شعر يوم الاثنين"} {
		for _, expect := range []Expect{ExpectNone, ExpectYesNo, ExpectService} {
			m := Read(Input{Text: text, Language: models.Arabic, Expect: expect, Now: now, Vocabulary: salon()})
			if m.Both || m.Day == nil || m.Day.Weekday() != time.Monday {
				t.Errorf("%q, asked for %q: both %v, day %v; want Monday", text, expect, m.Both, m.Day)
			}
		}
	}
	for _, text := range []string{"ألغوا الاثنين معًا", "الغي الاتنين سوا", "ألغوا كلا الاثنين", "ألغوهم الاثنين مع بعض"} {
		if m := Read(Input{Text: text, Language: models.Arabic, Now: now, Vocabulary: salon()}); !m.Both {
			t.Errorf("%q: both %v", text, m.Both)
		}
	}
	for _, expect := range []Expect{ExpectPack, ExpectCategory, ExpectSlot} {
		if m := Read(Input{Text: "الاثنين", Language: models.Arabic, Expect: expect, Now: now, Vocabulary: salon()}); !m.Both {
			t.Errorf("asked for %q: both %v", expect, m.Both)
		}
	}
}

// Neither yes nor no, though they begin like one.
func TestNoAnswer(t *testing.T) {
	wordings{
		en: `
			not sure
			no idea
			I'm not sure
			no one in particular
			how much is it?
			right now if possible
			is it ok to bring a friend?`,
		es: `
			no sé
			no lo sé
			no estoy segura
			si puede ser el viernes
			si hay hueco mañana
			no me importa quién`,
		ar: `
			لا أعرف
			ما أدري
			لا يهم
			أي وقت
			كم السعر؟`,
	}.each(t, func(t *testing.T, text, lang string) {
		m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
		if m.Intents.Has(Yes, No) {
			t.Errorf("intents %v, want neither yes nor no", m.Intents)
		}
	})
}
