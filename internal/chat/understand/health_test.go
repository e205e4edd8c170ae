package understand

import "testing"

// R-610, S04: health questions in three languages.
func TestHealth(t *testing.T) {
	for topic, list := range map[HealthTopic]wordings{
		TopicPregnancy: {
			en: "Is it safe to dye my hair while pregnant?\nI'm 5 months pregnant, can I have highlights?\nI'm expecting a baby\nok during pregnancy?",
			es: "¿Es seguro teñirme estando embarazada?\nestoy embarazada de 5 meses\nestoy de 12 semanas, ¿puedo hacerme mechas?\ndurante el embarazo",
			ar: "هل صبغ الشعر آمن أثناء الحمل؟\nأنا حامل، هل أستطيع الصبغ؟\nانا حامل بالشهر الخامس\nana 7amel",
		},
		TopicBreastfeeding: {
			en: "I'm breastfeeding, is colour ok?\nI am nursing my baby",
			es: "estoy dando el pecho\n¿puedo teñirme durante la lactancia?",
			ar: "أنا مرضعة\nهل يجوز الصبغ أثناء الرضاعة",
		},
		TopicAllergy: {
			en: "I'm allergic to hair dye\nI had a reaction last time\nI get a rash from colour\ndo you do a patch test for allergies?",
			es: "soy alérgica al tinte\ntuve una reacción la última vez\nme salió un sarpullido\ntengo alergia al amoniaco",
			ar: "عندي حساسية من الصبغة\nصار لي طفح بعد الصبغة\nأعاني من الحكة\nتحسست من المرة الماضية",
		},
		TopicSkin: {
			en: "I have eczema on my scalp\nis it ok with psoriasis",
			es: "tengo psoriasis\ntengo dermatitis en el cuero cabelludo",
			ar: "عندي إكزيما\nعندي صدفية في الرأس",
		},
		TopicInjury: {
			en: "I have a very sensitive scalp\nmy skin is sensitive\nI have a wound on my head",
			es: "tengo la piel muy sensible\ntengo una herida en la cabeza\ntengo el cuero cabelludo irritado",
			ar: "بشرتي حساسة\nعندي جرح في الرأس\nفروة رأسي متهيجة",
		},
		TopicMedication: {
			en: "I'm taking antibiotics\nI'm on Roaccutane, can I wax?\nI take medication",
			es: "estoy tomando antibióticos\ntomo medicación\nestoy con roacután",
			ar: "آخذ مضادات حيوية\nأستخدم روكتان\nأتناول أدوية",
		},
		TopicSurgery: {
			en: "I had surgery two weeks ago\nI've had an operation on my face",
			es: "me operaron hace poco\ntuve una cirugía en la cara",
			ar: "أجريت عملية جراحية\nعملت عملية قبل شهر",
		},
		TopicIllness: {
			en: "I have diabetes, can I get a pedicure?\nI have cancer\nI have high blood pressure\nI have a fever",
			es: "soy diabética\ntengo cáncer\ntengo la tensión alta\ntengo fiebre",
			ar: "عندي سكري\nأعاني من السرطان\nعندي ضغط دم\nأنا مريضة",
		},
		TopicContraindication: {
			en: "are there any contraindications?\nany side effects?\nis it harmful?",
			es: "¿hay contraindicaciones?\n¿tiene efectos secundarios?\n¿es peligroso?",
			ar: "هل هناك موانع؟\nهل له آثار جانبية\nهل هو مضر؟",
		},
	} {
		t.Run(string(topic), func(t *testing.T) {
			list.each(t, func(t *testing.T, text, lang string) {
				m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
				if !m.Intents.Has(Health) || m.HealthTopic != topic {
					t.Errorf("intents %v, topic %q, want %q", m.Intents, m.HealthTopic, topic)
				}
			})
		})
	}
}

// Ordinary questions are not about health.
func TestNoHealth(t *testing.T) {
	wordings{
		en: `
			how long does a full colour take?
			which clay mask is better for dry hair?
			do you do bridal make-up?
			what's included in the facial?
			can I book soothing scalp care?
			is it safe to pay with the link?
			do you have a deep moisture treatment?
			my hair is very long
			can I bring my daughter?
			how much is a pedicure?
			I'd like a quick blow-dry
			is there a patch of free time on Friday?`,
		es: `
			¿cuánto dura una coloración completa?
			¿qué mascarilla es mejor para el pelo seco?
			¿hacéis maquillaje de novia?
			¿qué incluye el facial?
			¿es seguro pagar con el enlace?
			tengo el pelo muy largo
			¿puedo ir con mi hija?
			¿cuánto cuesta la pedicura?
			quiero un secado rápido
			cuidado calmante del cuero cabelludo
			¿me puedo teñir de rubio?
			cinco puntos de mecha`,
		ar: `
			كم تستغرق الصبغة الكاملة؟
			أي قناع أفضل للشعر الجاف؟
			هل تعملون مكياج عروس؟
			ماذا يشمل علاج الوجه؟
			هل الدفع آمن؟
			شعري طويل جدا
			ممكن أحضر مع ابنتي؟
			كم سعر الباديكير؟
			أريد تجفيف سريع
			عناية مهدئة لفروة الرأس
			علاج ترطيب عميق
			كم سعر قص الشعر؟`,
	}.each(t, func(t *testing.T, text, lang string) {
		if m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()}); m.Intents.Has(Health) {
			t.Errorf("taken for %s", m.HealthTopic)
		}
	})
}

// Being ill is a reason not to come, not a question.
func TestUnwellAndNotComing(t *testing.T) {
	for _, text := range []string{"I'm sick, I need to cancel my appointment", "estoy enferma, tengo que cancelar la cita", "أنا مريضة وأريد إلغاء الموعد"} {
		m := Read(Input{Text: text, Now: now, Vocabulary: salon()})
		if m.Intents.Has(Health) || !m.Intents.Has(Cancel) {
			t.Errorf("%q: %v", text, m.Intents)
		}
	}
}
