package understand

import (
	"slices"
	"testing"

	"frontdesk/models"
)

func TestFAQs(t *testing.T) {
	for key, list := range map[string]wordings{
		"hours": {
			en: `
				what are your opening hours?
				when do you open?
				what time do you close
				are you open on Sunday?
				until what time are you open
				opening times please
				do you open on Mondays
				are you open tomorrow
				hours?
				how late are you open`,
			es: `
				¿qué horario tenéis?
				¿a qué hora abrís?
				¿a qué hora cerráis hoy?
				¿abrís los domingos?
				¿estáis abiertos el sábado?
				horario
				¿cuándo abrís?
				hasta qué hora estáis
				¿el lunes está abierto?
				horas de apertura`,
			ar: `
				ما هي ساعات العمل؟
				متى تفتحون؟
				متى تغلقون
				هل أنتم مفتوحون يوم السبت؟
				مواعيد العمل
				دوامكم
				هل تعملون يوم الأحد
				لحد أي ساعة فاتحين
				بتفتحوا الساعة كام
				مفتوحين بكرا؟`,
		},
		"parking": {
			en: `
				where can I park?
				is there parking?
				parking
				do you have a car park
				can I leave my car nearby?
				is there somewhere to park`,
			es: `
				¿dónde puedo aparcar?
				¿hay parking?
				¿tenéis aparcamiento?
				aparcamiento
				¿dónde dejo el coche?
				se puede aparcar cerca?`,
			ar: `
				أين أوقف سيارتي؟
				هل يوجد موقف سيارات
				وين اصف السيارة
				موقف
				فين اركن
				باركينج`,
		},
		"address": {
			en: `
				where are you?
				what's your address
				location please
				how do I get there?
				send me the location
				which street are you on`,
			es: `
				¿dónde estáis?
				¿cuál es la dirección?
				ubicación
				¿cómo llego?
				mándame la ubicación
				¿en qué calle estáis?`,
			ar: `
				أين أنتم؟
				ما العنوان
				وين موقعكم
				اللوكيشن لو سمحت
				كيف أصل إليكم
				فين الصالون`,
		},
		"cancellation": {
			en: `
				what is your cancellation policy?
				can I cancel for free?
				what if I need to cancel?
				do I get my deposit back?
				is the deposit refundable?
				how late can I cancel`,
			es: `
				¿cuál es la política de cancelación?
				¿puedo cancelar gratis?
				¿qué pasa si cancelo?
				¿me devolvéis la señal?
				condiciones de cancelación
				¿hasta cuándo puedo cancelar?`,
			ar: `
				ما سياسة الإلغاء؟
				ماذا لو ألغيت
				هل أسترجع العربون
				شروط الإلغاء
				هل العربون مسترد
				هل يمكنني الإلغاء مجانا`,
		},
		"payment": {
			en: `
				how can I pay?
				do you take cards?
				can I pay cash
				payment methods
				how much is the deposit?
				do I have to pay in advance`,
			es: `
				¿cómo puedo pagar?
				¿aceptáis tarjeta?
				¿puedo pagar en efectivo?
				formas de pago
				¿cuánto es la señal?
				hay que pagar por adelantado?`,
			ar: `
				كيف أدفع؟
				هل تقبلون البطاقات
				طرق الدفع
				الدفع كاش؟
				كم العربون
				هل يجب الدفع مقدما`,
		},
	} {
		t.Run(key, func(t *testing.T) {
			list.each(t, func(t *testing.T, text, lang string) {
				m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
				if !slices.Equal(m.FAQs, []string{key}) || !m.Intents.Has(AskFAQ) {
					t.Errorf("got %v %v, want %s", m.FAQs, m.Intents, key)
				}
			})
		})
	}
}

func TestCompoundFAQ(t *testing.T) {
	wordings{
		en: "What are your Saturday hours, and where can I park?",
		es: "¿Qué horario tenéis el sábado y dónde se puede aparcar?",
		ar: "ما مواعيد السبت وأين يمكنني إيقاف السيارة؟",
	}.each(t, func(t *testing.T, text, lang string) {
		m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
		if !slices.Equal(m.FAQs, []string{"hours", "parking"}) || m.Intents.Has(Book) {
			t.Errorf("got %v %v", m.FAQs, m.Intents)
		}
	})
}

// FAQs that the salon added are found by their phrases.
func TestOwnFAQ(t *testing.T) {
	v := salon()
	v.FAQs = append(v.FAQs, FAQ{Key: "wifi", Phrases: models.Words{"en": {"do you have wifi", "wifi"}, "ar": {"هل يوجد واي فاي"}}})
	for text, want := range map[string]bool{"do you have wifi?": true, "Wifi?": true, "هل يوجد عندكم واي فاي؟": true, "do you have time?": false} {
		m := Read(Input{Text: text, Now: now, Vocabulary: v})
		if slices.Contains(m.FAQs, "wifi") != want {
			t.Errorf("%q: FAQs %v", text, m.FAQs)
		}
	}
}
