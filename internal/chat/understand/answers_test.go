package understand

import (
	"strings"
	"testing"

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

func packQuestion(text, lang string) Meaning {
	return Read(Input{Text: text, Language: lang, Expect: ExpectPack, Now: now, Vocabulary: salon(),
		Options: []models.Option{{ID: "pack:yes", Title: "Yes, the pack"}, {ID: "pack:no", Title: "No, thanks"}}})
}

func TestPack(t *testing.T) {
	wordings{
		en: `
			The pack, please
			pack
			the pack sounds great
			I'll take the pack
			let's go with the package
			give me the pack
			yes, the pack
			combo please
			the offer
			just the pack
			both please
			yes
			sure, why not
			ok the pack then
			I want the pack
			that deal please
			go for the pack
			the bundle
			pack pls 🙏
			PACK
			yeah both
			I'd prefer the pack
			let's do the pack
			perfect
			the package deal`,
		es: `
			El pack, por favor
			el pack
			prefiero el pack
			me quedo con el pack
			quiero el pack
			vale, el paquete
			la oferta
			ponme el pack
			sí, el pack
			las dos cosas
			ambas
			todo junto
			venga, el pack
			pues el pack
			pack pls
			el combo
			si el pack
			mejor el pack
			claro, con el pack
			PACK
			el pack está genial
			me apunto al pack
			sí
			vale
			la promo`,
		ar: `
			الباقة من فضلك
			الباقة
			باقة
			أريد الباقة
			ابي الباقة
			بدي الباقة
			عايزة الباقة
			خذي الباقة
			نعم الباقة
			تمام الباقة
			البكج
			الباكج لو سمحتي
			العرض
			الباكيج
			خلينا على الباقة
			أفضل الباقة
			موافقة على الباقة
			باقه
			الباقه احسن
			ماشي الباقة
			اختار الباقة
			أيوه الباقة
			نعم
			طبعا
			اوكي العرض`,
	}.each(t, func(t *testing.T, text, lang string) {
		m := packQuestion(text, lang)
		if !m.Intents.Has(Yes) || m.Single || m.OptionID != "pack:yes" {
			t.Errorf("got %+v, want the pack", m)
		}
	})
}

func TestPackDeclined(t *testing.T) {
	wordings{
		en: `
			just the highlights
			only highlights please
			No, just highlights
			without the pack
			no pack
			no thanks
			no
			not the pack
			skip the pack
			I don't want the pack
			just highlights
			I only want the highlights
			nope, highlights only
			no need for the pack
			just the highlights, without the pack
			nah
			just that
			I'd rather just do highlights
			simply the highlights
			no thank you, only the highlights
			not this time
			don't need the package
			just highlihgts
			no deal
			separately`,
		es: `
			solo las mechas
			sólo mechas
			no, solo mechas
			sin pack
			sin el pack
			no gracias
			no
			no quiero el pack
			solo eso
			prefiero solo las mechas
			mechas nada más
			solamente mechas
			únicamente las mechas
			no, con las mechas nada más
			mejor solo mechas
			no necesito el pack
			nop
			pack no, solo las mechas
			no hace falta el pack, solo mechas
			por separado
			solo mecha
			mejor no
			no me interesa el pack
			el pack no, gracias
			de momento no`,
		ar: `
			هايلايت فقط
			فقط الهايلايت
			بس هايلايت
			لا، بس هايلايت
			بدون الباقة
			بدون باقة
			لا أريد الباقة
			ما ابي الباقة
			ما بدي الباقة
			لا شكرا
			لا
			مش عايزة الباقة
			لا، فقط هايلايت
			من دون باقة
			الهايلايت بس
			مو الباقة
			لا مو الباقة
			بس كذا
			هايلايت لحاله
			كلا
			لا أحتاج الباقة
			هايلايت وبس
			مجرد هايلايت
			بدون بكج
			لا بدون باقة`,
	}.each(t, func(t *testing.T, text, lang string) {
		m := packQuestion(text, lang)
		if !m.Intents.Has(No) || !m.Single || m.Pack || m.OptionID != "pack:no" {
			t.Errorf("got %+v, want no pack", m)
		}
	})
}
