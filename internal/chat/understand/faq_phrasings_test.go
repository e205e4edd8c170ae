package understand

import (
	"slices"
	"testing"
)

// faqPhrasings are ten ways to ask for each of the salon's answers in each language, none of them among the
// phrases that are kept with the answer (S06).
var faqPhrasings = map[string]wordings{
	"hours": {
		en: `
			what time do u open
			when do you close today?
			opening hours pls
			are you open on sundays
			till when are you open on friday
			what are your hours
			do you open on saturdays?
			until what time are you there
			whats your schedule
			are you open late on thursdays`,
		es: `
			a que hora abris
			¿cuándo cerráis hoy?
			horario por favor
			¿abrís los domingos?
			hasta que hora estais el viernes
			¿cuál es vuestro horario?
			¿abrís los sábados?
			¿a qué hora cerráis?
			que horarios teneis
			¿estáis abiertos los jueves por la tarde?`,
		ar: `
			متى تفتحون
			متى تسكرون اليوم؟
			مواعيد العمل من فضلك
			هل تفتحون يوم الأحد
			لين أي ساعة فاتحين الجمعة
			ما ساعات العمل؟
			تفتحون السبت؟
			لحد الساعة كم دوامكم
			وش دوامكم
			هل أنتم مفتوحون الخميس مساء`,
	},
	"parking": {
		en: `
			is there anywhere to park
			parking?
			where do i leave my car
			do you have a car park
			can i park nearby
			is parking easy around there
			any parking near the salon
			where's the nearest car park
			i'm coming by car, where do i park?
			is there a place for the car`,
		es: `
			¿hay sitio para aparcar?
			¿parking?
			¿dónde dejo el coche?
			¿tenéis aparcamiento?
			¿puedo aparcar cerca?
			¿es fácil aparcar por ahí?
			hay algun parking cerca del salon
			¿dónde está el parking más cercano?
			voy en coche, ¿dónde aparco?
			¿hay donde dejar el coche?`,
		ar: `
			هل يوجد مكان للسيارة
			موقف سيارات؟
			وين أوقف سيارتي
			هل عندكم مواقف
			أقدر أوقف السيارة قريب؟
			في باركينج عندكم
			فيه مواقف قريبة من الصالون؟
			أين أقرب موقف سيارات؟
			جاية بالسيارة، وين أوقف؟
			أين أركن سيارتي`,
	},
	"address": {
		en: `
			where are you
			what's your address?
			where is the salon exactly
			how do i get there
			can you send me your location
			which street are you in
			where can i find you
			address please
			how do I get to you
			where are you located`,
		es: `
			¿dónde estáis?
			¿cuál es la dirección?
			¿dónde está el salón exactamente?
			¿cómo llego?
			¿me mandas la ubicación?
			¿en qué calle estáis?
			¿dónde os encuentro?
			dirección por favor
			¿cómo se llega?
			¿dónde os ubicáis?`,
		ar: `
			وين مكانكم
			ما العنوان؟
			أين يقع الصالون بالضبط
			كيف أوصل لكم
			ممكن ترسلين الموقع
			في أي شارع أنتم
			وين ألقاكم
			العنوان لو سمحتوا
			كيف أصل إليكم؟
			فين الصالون`,
	},
	"cancellation": {
		en: `
			what's your cancellation policy
			how late can i cancel?
			what happens if i cancel
			do i get my deposit back if i cancel
			can i cancel for free?
			cancellation terms please
			what if I have to cancel
			until when can i cancel
			is there a cancellation fee
			what are the rules for cancelling`,
		es: `
			¿cuál es la política de cancelación?
			¿hasta cuándo puedo cancelar?
			¿qué pasa si cancelo?
			¿me devolvéis la señal si cancelo?
			¿se puede cancelar gratis?
			condiciones de cancelación
			¿y si tengo que cancelar?
			¿con cuánta antelación puedo cancelar?
			¿cobráis por cancelar?
			¿qué normas hay para cancelar?`,
		ar: `
			ما سياسة الإلغاء
			لين متى أقدر ألغي؟
			ماذا يحدث إذا ألغيت
			هل يرجع العربون إذا ألغيت
			هل الإلغاء مجاني؟
			شروط الإلغاء من فضلك
			وش يصير لو ألغيت
			حتى متى يمكنني الإلغاء
			هل توجد رسوم إلغاء
			ما شروط إلغاء الموعد`,
	},
	"payment": {
		en: `
			how can i pay
			do you take cards?
			do i have to pay in advance
			is there a deposit
			how much is the deposit?
			can i pay cash
			how does paying work
			what payment methods do you accept
			do you need a deposit
			when do I pay`,
		es: `
			¿cómo puedo pagar?
			¿aceptáis tarjeta?
			¿hay que pagar por adelantado?
			¿hay que dejar señal?
			¿de cuánto es la señal?
			¿puedo pagar en efectivo?
			¿cómo se paga?
			¿qué formas de pago aceptáis?
			¿pedís depósito?
			¿cuándo se paga?`,
		ar: `
			كيف أقدر أدفع
			تقبلون البطاقات؟
			هل يجب الدفع مقدما
			هل يوجد عربون
			كم العربون؟
			أقدر أدفع كاش
			كيف يتم الدفع
			ما طرق الدفع المتاحة
			تطلبون عربون؟
			متى أدفع`,
	},
}

func TestFAQPhrasings(t *testing.T) {
	for key, list := range faqPhrasings {
		t.Run(key, func(t *testing.T) {
			list.each(t, func(t *testing.T, text, lang string) {
				m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
				if !slices.Contains(m.FAQs, key) {
					t.Errorf("answers %v, want %s", m.FAQs, key)
				}
				if m.Intents.Has(Cancel, Move, Person, Health, Book) || m.Language != lang {
					t.Errorf("intents %v in %s", m.Intents, m.Language)
				}
			})
		})
	}
}
