package understand

import "testing"

// intentWordings are wordings of the intents that the first release decides on.
var intentWordings = map[Intent]wordings{
	Greeting: {
		en: `
			hi
			Hello
			hey there
			hiya
			Good morning
			good afternoon!
			hellooo
			Hello, anyone?`,
		es: `
			hola
			Hola, buenas
			buenas
			Buenos días
			buenas tardes
			holaaa
			muy buenas
			ola`,
		ar: `
			مرحبا
			السلام عليكم
			هلا
			أهلا
			صباح الخير
			مساء الخير
			هاي
			salam 3alaikum`,
	},
	Thanks: {
		en: `
			thanks
			thank you so much
			thx
			cheers
			ty
			thanks a lot!
			🙏`,
		es: `
			gracias
			muchas gracias
			mil gracias
			Genial, gracias
			te lo agradezco`,
		ar: `
			شكرا
			شكرًا جزيلا
			مشكورة
			تسلمي
			يسلمو شكرا
			رائع، شكرًا
			shukran`,
	},
	Person: {
		en: `
			agent
			Agent please
			human
			a human please
			person
			a real person
			I want to talk to a person
			can I speak to someone
			let me speak to a human
			I'd like to talk to a real person please
			connect me to an agent
			put me through to someone
			can I talk to your manager?
			is there a human there?
			not a bot please
			speak with a representative
			operator
			human agent
			real human
			get me a human
			I need a human
			I want a person
			talk to somebody
			customer service
			can someone call me back`,
		es: `
			persona
			una persona
			humano
			agente
			quiero hablar con una persona
			¿puedo hablar con alguien?
			alguien real
			una persona real, por favor
			pásame con una persona
			ponme con un humano
			quiero un humano
			necesito hablar con un agente
			hablar con un operador
			hablar con la encargada
			con una persona por favor
			atención al cliente
			no quiero hablar con un bot
			quiero hablar con alguien del equipo
			me puede llamar alguien
			prefiero hablar con un humano
			operadora
			recepción
			persona de verdad
			que me llame alguien
			una persona humana`,
		ar: `
			موظف
			موظفة
			شخص حقيقي
			إنسان
			أريد التحدث مع شخص
			أريد التحدث مع موظف
			أريد أن أتحدث مع شخص حقيقي
			ابي اكلم موظف
			بدي احكي مع حدا
			عايز اكلم حد
			عايزة أتكلم مع موظف
			حولني على موظف
			حولوني لموظفة
			ممكن اكلم شخص
			هل يمكنني التحدث إلى موظف
			ابغى موظف
			أريد موظف
			خدمة العملاء
			اريد شخص حقيقي
			المدير
			تواصل مع موظف
			اكلم احد
			وصلني بموظف
			بشري
			مو روبوت`,
	},
	PaymentProblem: {
		en: `
			The link fails
			the link doesn't work
			payment failed
			my card was declined
			I can't pay
			it won't let me pay
			the page won't load
			Same problem again
			link is broken
			error when paying`,
		es: `
			El enlace falla
			el enlace no funciona
			no me deja pagar
			me ha rechazado la tarjeta
			el pago ha fallado
			no puedo pagar
			da error al pagar
			Otra vez el mismo problema
			no me abre el enlace
			no funciona el link`,
		ar: `
			الرابط لا يعمل
			الرابط ما يفتح
			ما قدرت ادفع
			البطاقة مرفوضة
			فشل الدفع
			مشكلة في الدفع
			المشكلة نفسها مرة أخرى
			اللينك مش شغال
			لا أستطيع الدفع
			رفضت البطاقة`,
	},
	PaidClaim: {
		en: `
			I paid
			I've paid
			I have already paid
			payment done
			just paid
			paid!`,
		es: `
			ya he pagado
			ya pagué
			pagado
			ya está pagado
			acabo de pagar
			he hecho el pago`,
		ar: `
			دفعت
			تم الدفع
			لقد دفعت
			خلاص دفعت
			دفعت العربون
			تم التحويل`,
	},
	SendLink: {
		en: `
			send me the link again
			can you resend the link
			I lost the link
			where is the link?
			I didn't get the link
			new link please`,
		es: `
			mándame el enlace otra vez
			¿me puedes reenviar el enlace?
			no me ha llegado el enlace
			¿dónde está el enlace?
			otro enlace por favor
			necesito el link`,
		ar: `
			أرسل الرابط مرة أخرى
			ممكن ترسلي الرابط
			ما وصلني الرابط
			وين الرابط
			ابعتي اللينك
			رابط جديد`,
	},
	Price: {
		en: `
			how much is a haircut?
			price of highlights
			what does it cost
			prices please
			how much for a cut
			what do you charge for highlights`,
		es: `
			¿cuánto cuesta un corte?
			precio de las mechas
			¿qué precio tiene?
			cuánto vale
			tarifas
			cuanto es`,
		ar: `
			كم سعر القص
			بكم الهايلايت
			ما الأسعار
			كم يكلف
			بكام القص
			قديش سعرها`,
	},
	Cancel: {
		en: `
			cancel my appointment
			I need to cancel
			please cancel it
			I can't make it tomorrow
			call it off
			I won't be able to come`,
		es: `
			cancela mi cita
			quiero anular la reserva
			necesito cancelar
			no puedo ir mañana
			anulad la visita
			no voy a poder ir`,
		ar: `
			أريد إلغاء الموعد
			ألغوا موعدي
			بدي الغي الموعد
			كنسل الحجز
			ما راح اقدر اجي
			الغاء`,
	},
	Move: {
		en: `
			can I reschedule?
			move my appointment to Friday
			change my booking
			I'd like to postpone
			can we move it to the afternoon
			change the time of my visit`,
		es: `
			quiero cambiar mi cita
			¿puedo mover la cita al viernes?
			reprogramar
			cambiar la hora de mi cita
			aplazar la visita
			pasa mi cita al jueves`,
		ar: `
			أريد تغيير موعدي
			نقل الموعد إلى الجمعة
			ممكن تأجيل الموعد
			بدي غير الموعد
			أجلي موعدي
			تقديم الموعد`,
	},
	SwitchLanguage: {
		en: `
			English please
			in English
			can we speak English?
			english
			en inglés por favor
			بالانجليزي`,
		es: `
			en español por favor
			español
			¿hablas español?
			Spanish please
			castellano`,
		ar: `
			بالعربية
			بالعربي لو سمحت
			عربي
			Arabic please
			تكلم عربي
			en árabe`,
	},
	Book: {
		en: `
			I'd like to book an appointment
			book me in
			can I get an appointment?
			any availability tomorrow?
			I need a reservation
			do you have anything free on Friday?
			highlights on Friday`,
		es: `
			quiero reservar
			quería pedir cita
			¿tenéis hueco mañana?
			me gustaría una cita
			dame hora para el viernes
			¿hay algo libre?
			mechas el viernes`,
		ar: `
			أريد حجز موعد
			بدي احجز
			ابي موعد
			هل يوجد موعد اليوم
			عايزة احجز
			احجز لي موعد
			هايلايت يوم الجمعة`,
	},
	Undecided: {
		en: `
			I'm not sure
			what do you recommend?
			I can't decide
			which is better?`,
		es: `
			no lo sé
			¿qué me recomiendas?
			estoy dudando
			no estoy segura`,
		ar: `
			محتارة
			بماذا تنصحون؟
			لا أعرف
			مش عارفة`,
	},
	MyBooking: {
		en: `
			when is my appointment?
			what time is my booking
			do I have an appointment?`,
		es: `
			¿cuándo es mi cita?
			¿a qué hora tengo la cita?
			quiero ver mi cita`,
		ar: `
			متى موعدي
			كم موعدي
			هل عندي موعد`,
	},
	Complaint: {
		en: `
			I want to complain
			that was awful
			I'm not happy with my hair`,
		es: `
			quiero poner una queja
			no estoy contenta
			ha sido un desastre`,
		ar: `
			أريد تقديم شكوى
			الخدمة سيئة
			مش راضية`,
	},
	Stop:  {en: "stop\nunsubscribe\nstop messaging me", es: "baja\ndarme de baja", ar: "توقف\nإلغاء الاشتراك"},
	Usual: {en: "the usual please\nsame as last time", es: "lo de siempre\nlo mismo de siempre", ar: "المعتاد\nمثل كل مرة"},
	ThirdParty: {
		en: "a facial for my mother\nit's for my sister\nfor a friend", es: "para mi madre\nes para mi hermana\npara una amiga",
		ar: "لوالدتي\nعلاج للوجه لأمي\nلصديقتي",
	},
	Group: {
		en: "my daughter and I\nfor two people\nbook us both", es: "mi hija y yo\nsomos dos\npara dos personas",
		ar: "أنا وابنتي\nلشخصين\nأنا وأختي",
	},
}

func TestIntents(t *testing.T) {
	for intent, list := range intentWordings {
		t.Run(string(intent), func(t *testing.T) {
			list.each(t, func(t *testing.T, text, lang string) {
				m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
				if !m.Intents.Has(intent) {
					t.Errorf("intents %v, want %s", m.Intents, intent)
				}
				if m.Unclear || m.Empty {
					t.Error("unclear")
				}
			})
		})
	}
}
