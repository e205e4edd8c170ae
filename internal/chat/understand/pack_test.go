package understand

import (
	"testing"

	"frontdesk/models"
)

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

// A question about the pack is no answer to it.
func TestPackAskedAbout(t *testing.T) {
	wordings{
		en: "what's in the pack?\nhow much is the pack?\nis it cheaper?",
		es: "¿qué lleva el pack?\n¿cuánto cuesta el pack?\n¿es más barato?",
		ar: "ماذا في الباقة؟\nكم سعر الباقة؟",
	}.each(t, func(t *testing.T, text, lang string) {
		m := packQuestion(text, lang)
		if !m.Intents.Has(Price) || m.Intents.Has(Yes, No) || m.Pack || m.Single || m.Choice != 0 {
			t.Errorf("got %+v", m)
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
