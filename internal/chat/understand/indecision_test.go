package understand

import "testing"

// The detection set of R-306: five who hesitate and five who have decided, in each language, in words
// that stand in no table. The offer is made from the salon's threshold on.
const threshold = 70

func TestIndecision(t *testing.T) {
	undecided := wordings{
		en: `
			honestly torn between highlights and a full colour
			would you go for the rich clay mask or the deep moisture?
			I've been going back and forth, can't choose: oil gloss, or the clay mask
			my hair is so dull, dunno what to get, any ideas what I should do?
			not sure whether highlights would suit me, what do u think`,
		es: `
			llevo días dudando entre mechas y coloración completa
			¿mascarilla de arcilla o hidratación profunda?
			ay no me decido, el color en aceite o la arcilla intensiva...
			ni idea de qué hacerme en el pelo, ¿tú qué harías?
			no sé si unas mechas me quedarían bien, aconséjame`,
		ar: `
			محتارة بين الهايلايت والصبغة الكاملة
			قناع الطين الغني ولا الترطيب العميق؟
			ما قدرت اقرر: صبغة زيتية او قناع الطين، ساعدوني اختار
			شعري تعبان ومدري وش اسوي فيه، وش رايكم
			مش عارفة اختار بين تصفيف الشعر والهايلايت`,
	}
	undecided.each(t, func(t *testing.T, text, lang string) {
		if m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()}); m.Indecision < threshold || !m.Intents.Has(Undecided) {
			t.Errorf("indecision %d, intents %v, services %v %v", m.Indecision, m.Intents, m.Services, m.Ambiguous)
		}
	})
	decided := wordings{
		en: `
			I've decided on the oil gloss colour, any day is fine
			no doubt about it: highlights please
			not sure which day yet, but I want the rich clay mask
			a haircut and highlights, Friday or Saturday
			I don't know your opening hours, can I come for a full colour tomorrow?`,
		es: `
			lo tengo claro, quiero el color en aceite
			sin duda alguna, las mechas
			no sé qué día aún, pero quiero la arcilla intensiva
			corte y mechas, el viernes o el sábado
			ya sé lo que quiero: hidratación profunda`,
		ar: `
			قررت، أريد الصبغة الزيتية
			بدون تردد، هايلايت من فضلك
			ما اعرف اي يوم بعد بس ابي قناع الطين الغني
			قص وهايلايت الجمعة أو السبت
			انا مو محتارة، ابي ترطيب عميق`,
	}
	decided.each(t, func(t *testing.T, text, lang string) {
		if m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()}); m.Indecision >= threshold || len(m.Services) == 0 {
			t.Errorf("indecision %d, intents %v, services %v %v", m.Indecision, m.Intents, m.Services, m.Ambiguous)
		}
	})
}

// What somebody does not know may be the day, the hour or the stylist: that is no indecision about the
// service.
func TestIndecisionAboutOtherThings(t *testing.T) {
	other := wordings{
		en: "which day do you recommend?\nnot sure what time yet\nwhich stylist do you recommend?",
		es: "¿qué día me recomiendas?\nno sé a qué hora todavía\n¿qué estilista me recomiendas?",
		ar: "أي يوم تنصحون؟\nما اعرف اي ساعة",
	}
	other.each(t, func(t *testing.T, text, lang string) {
		if m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()}); m.Indecision != 0 || m.Intents.Has(Undecided) {
			t.Errorf("indecision %d, intents %v", m.Indecision, m.Intents)
		}
	})
}
