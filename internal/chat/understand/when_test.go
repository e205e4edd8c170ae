package understand

import (
	"fmt"
	"strings"
	"testing"

	"frontdesk/models"
)

// when writes what a meaning says about day and time in one line: "2026-10-09 afternoon 16:00 after 17:00".
func when(m Meaning) string {
	var out []string
	if m.Day != nil {
		out = append(out, m.Day.String())
	}
	if m.Days != nil {
		out = append(out, m.Days.From.String()+".."+m.Days.To.String())
	}
	if m.Part != AnyPart {
		out = append(out, string(m.Part))
	}
	clock := func(name string, n *int) {
		if n != nil {
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s %02d:%02d", name, *n/60, *n%60)))
		}
	}
	if m.About {
		out = append(out, "about")
	}
	clock("", m.At)
	clock("from", m.NotBefore)
	clock("to", m.NotAfter)
	return strings.Join(out, " ")
}

// sayings are lines "text = what it means".
func sayings(t *testing.T, lang, list string, check func(t *testing.T, text, want string)) {
	t.Helper()
	for line := range strings.Lines(list) {
		text, want, found := strings.Cut(strings.TrimSpace(line), " = ")
		if found {
			t.Run(lang+"/"+text, func(t *testing.T) { check(t, text, want) })
		}
	}
}

func checkWhen(lang string) func(t *testing.T, text, want string) {
	return func(t *testing.T, text, want string) {
		m := Read(Input{Text: text, Language: lang, Now: now, Vocabulary: salon()})
		if got := when(m); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// now is Tuesday 6 October 2026, 10:00.
func TestWhenEnglish(t *testing.T) {
	sayings(t, "en", `
		today = 2026-10-06
		tonight = 2026-10-06 evening from 17:00
		this afternoon = 2026-10-06 afternoon
		tomorrow = 2026-10-07
		tmrw pls = 2026-10-07
		tomorow morning = 2026-10-07 morning
		Tommorow = 2026-10-07
		the day after tomorrow = 2026-10-08
		Friday = 2026-10-09
		fri = 2026-10-09
		on fryday = 2026-10-09
		FRIDAY!! = 2026-10-09
		this Friday = 2026-10-09
		this coming friday = 2026-10-09
		next friday = 2026-10-16
		next monday = 2026-10-12
		Friday next week = 2026-10-16
		Tuesday = 2026-10-13
		this tuesday = 2026-10-06
		wednesday please = 2026-10-07
		wensday = 2026-10-07
		Thurs afternoon = 2026-10-08 afternoon
		sat morning = 2026-10-10 morning
		the 9th = 2026-10-09
		on the 9th = 2026-10-09
		on the 5th = 2026-11-05
		the 31st = 2026-10-31
		9 Oct = 2026-10-09
		9th of October = 2026-10-09
		October 9 = 2026-10-09
		October the ninth = 2026-10-09
		Friday 9 October = 2026-10-09
		Friday the 9th = 2026-10-09
		friday 9th at 5 = 2026-10-09 17:00
		9/10 = 2026-10-09
		09/10/2026 = 2026-10-09
		2026-10-09 = 2026-10-09
		on 10/25 = 2026-10-25
		2 January = 2027-01-02
		in 3 days = 2026-10-09
		in two weeks = 2026-10-20
		a week from today = 2026-10-13
		this week = 2026-10-06..2026-10-10
		next week = 2026-10-12..2026-10-17
		the week after next = 2026-10-19..2026-10-24
		this weekend = 2026-10-10..2026-10-11
		next weekend = 2026-10-17..2026-10-18
		Thursday or Friday = 2026-10-08..2026-10-09
		not friday, saturday = 2026-10-10
		no, I meant Saturday = 2026-10-10
		anything but friday, maybe saturday = 2026-10-10
		tomorrow after lunch = 2026-10-07 afternoon
		Thursday, before lunch = 2026-10-08 morning
		after work on thursday = 2026-10-08 evening from 17:00
		tomorrow evening = 2026-10-07 evening from 17:00
		first thing tomorrow = 2026-10-07 morning
		late afternoon on friday = 2026-10-09 evening from 17:00
		at 5 = 17:00
		at 11 = 11:00
		at 12 = 12:00
		at one = 13:00
		5pm = 17:00
		5 pm = 17:00
		5 p.m. = 17:00
		11am = 11:00
		17:00 = 17:00
		16.30 = 16:30
		at 5:30 = 17:30
		5.15pm = 17:15
		half past four = 16:30
		half 4 = 16:30
		quarter past three = 15:15
		quarter to six = 17:45
		4 o'clock = 16:00
		four oclock = 16:00
		4ish = about 16:00
		around 4 = about 16:00
		about half past two = about 14:30
		at around 3 = about 15:00
		noon = 12:00
		midday = about 12:00
		mid-day on friday = 2026-10-09 about 12:00
		lunchtime tomorrow = 2026-10-07 about 13:00
		after 5 = from 17:00
		after 5pm = from 17:00
		any time after 4 = from 16:00
		from 4 onwards = from 16:00
		not before 3 = from 15:00
		4 or later = from 16:00
		before noon = to 12:00
		before 6 = to 18:00
		by 1 = to 13:00
		no later than 5 = to 17:00
		between 4 and 6 = from 16:00 to 18:00
		from 4 to 6 = from 16:00 to 18:00
		4-6pm = from 16:00 to 18:00
		11 to 1 = from 11:00 to 13:00
		tomorrow between 10 and 12 = 2026-10-07 from 10:00 to 12:00
		friday 5pm = 2026-10-09 17:00
		friday 5 = 2026-10-09 17:00
		friday at 17:00 = 2026-10-09 17:00
		tomorrow at 9 = 2026-10-07 09:00
		5 in the afternoon = 17:00
		10 in the morning = 10:00
		Good morning! = 
		good afternoon, is it expensive? = 
		see you later = 
		it costs 16.00 euros = 
		I'll be there in 20 minutes = 
		I have 2 questions = 
		one second = 
	`, checkWhen(models.English))
}

func TestWhenSpanish(t *testing.T) {
	sayings(t, "es", `
		hoy = 2026-10-06
		esta tarde = 2026-10-06 afternoon
		esta noche = 2026-10-06 evening from 17:00
		mañana = 2026-10-07
		manana = 2026-10-07
		MAÑANA = 2026-10-07
		mañana por la mañana = 2026-10-07 morning
		mañana por la tarde = 2026-10-07 afternoon
		mañana temprano = 2026-10-07 morning
		por la mañana = morning
		para la tarde? por la mañana trabajo = afternoon
		de la mañana = morning
		por la tarde = afternoon
		pasado mañana = 2026-10-08
		pasado mañana por la tarde = 2026-10-08 afternoon
		el viernes = 2026-10-09
		viernes = 2026-10-09
		este viernes = 2026-10-09
		el viernes que viene = 2026-10-09
		el próximo viernes = 2026-10-09
		el viernes de la semana que viene = 2026-10-16
		el viernes de la próxima semana = 2026-10-16
		miercoles = 2026-10-07
		el miercols = 2026-10-07
		el sábado por la mañana = 2026-10-10 morning
		sabado = 2026-10-10
		el martes = 2026-10-13
		este martes = 2026-10-06
		la mañana del viernes = 2026-10-09 morning
		el día 9 = 2026-10-09
		el 9 = 2026-10-09
		el 9 de octubre = 2026-10-09
		9 de octubre = 2026-10-09
		9 oct = 2026-10-09
		viernes 9 = 2026-10-09
		viernes 9 de octubre = 2026-10-09
		el viernes día 9 = 2026-10-09
		9/10 = 2026-10-09
		el 09/10/2026 = 2026-10-09
		el 2 de enero = 2027-01-02
		dentro de tres días = 2026-10-09
		en 2 semanas = 2026-10-20
		dentro de una semana = 2026-10-13
		esta semana = 2026-10-06..2026-10-10
		la semana que viene = 2026-10-12..2026-10-17
		la próxima semana por la tarde = 2026-10-12..2026-10-17 afternoon
		este fin de semana = 2026-10-10..2026-10-11
		el finde = 2026-10-10..2026-10-11
		jueves o viernes = 2026-10-08..2026-10-09
		no, quería decir el sábado = 2026-10-10
		mejor el sábado = 2026-10-10
		después de comer = afternoon
		mañana después de comer = 2026-10-07 afternoon
		antes de comer = morning
		a última hora del viernes = 2026-10-09 evening from 17:00
		a primera hora del jueves = 2026-10-08 morning
		después del trabajo = evening from 17:00
		a las 5 = 17:00
		a las cinco = 17:00
		a las cinco y media = 17:30
		a las 5 y cuarto = 17:15
		a las seis menos cuarto = 17:45
		las 5 = 17:00
		a la una = 13:00
		a la una y media = 13:30
		a las 11 = 11:00
		a las once = 11:00
		a las doce = 12:00
		a las 17:00 = 17:00
		17h = 17:00
		17h30 = 17:30
		16.30 = 16:30
		a las 5 de la tarde = 17:00
		a las 10 de la mañana = 10:00
		a las cinco en punto = 17:00
		5 pm = 17:00
		sobre las 4 = about 16:00
		a eso de las cuatro = about 16:00
		a las 4 más o menos = about 16:00
		hacia las 6 = about 18:00
		al mediodía = about 12:00
		a partir de las 5 = from 17:00
		después de las cinco = from 17:00
		desde las 4 = from 16:00
		de las 5 en adelante = from 17:00
		antes de las 6 = to 18:00
		hasta las 7 = to 19:00
		entre las 4 y las 6 = from 16:00 to 18:00
		de 4 a 6 = from 16:00 to 18:00
		mañana de 4 a 6 = 2026-10-07 from 16:00 to 18:00
		de 10 a 12 = from 10:00 to 12:00
		mañana a las 9 = 2026-10-07 09:00
		el viernes a las 5 = 2026-10-09 17:00
		viernes tarde = 2026-10-09 afternoon
		Buenos días = 
		Buenas tardes, quería información = 
		hasta mañana = 
		llego tarde = 
		en 20 minutos = 
		una pregunta = 
		son 16.00 € = 
	`, checkWhen(models.Spanish))
}

func TestWhenArabic(t *testing.T) {
	sayings(t, "ar", `
		اليوم = 2026-10-06
		النهارده = 2026-10-06
		النهاردة بعد الظهر = 2026-10-06 afternoon
		الليلة = 2026-10-06 evening from 17:00
		هذا المساء = 2026-10-06 evening from 17:00
		غدا = 2026-10-07
		غدًا = 2026-10-07
		بكرا = 2026-10-07
		بكره = 2026-10-07
		بكرة الصبح = 2026-10-07 morning
		باكر = 2026-10-07
		صباح الغد = 2026-10-07 morning
		bukra = 2026-10-07
		bukra el 3asr = 2026-10-07 afternoon
		بعد الغد = 2026-10-08
		بعد بكرة = 2026-10-08
		بعد بكرا الصبح = 2026-10-08 morning
		يوم الجمعة = 2026-10-09
		الجمعة = 2026-10-09
		الجمعه = 2026-10-09
		جمعة = 2026-10-09
		للجمعة = 2026-10-09
		يوم الجمعة القادم = 2026-10-09
		الجمعة الجاية = 2026-10-09
		الجمعة المقبلة = 2026-10-09
		الجمعة اللي جاية = 2026-10-09
		هالجمعة = 2026-10-09
		الجمعة الأسبوع القادم = 2026-10-16
		الاحد = 2026-10-11
		الأحد = 2026-10-11
		الاثنين = 2026-10-12
		الإثنين = 2026-10-12
		الاتنين = 2026-10-12
		الثلاثاء = 2026-10-13
		التلات = 2026-10-13
		الأربعاء = 2026-10-07
		الاربعا = 2026-10-07
		الخميس صباحًا = 2026-10-08 morning
		السبت = 2026-10-10
		يوم ٩ = 2026-10-09
		يوم 9 = 2026-10-09
		٩ أكتوبر = 2026-10-09
		9 تشرين الأول = 2026-10-09
		الجمعة ٩ أكتوبر = 2026-10-09
		٩/١٠ = 2026-10-09
		بعد ثلاثة أيام = 2026-10-09
		بعد يومين = 2026-10-08
		بعد أسبوع = 2026-10-13
		بعد أسبوعين = 2026-10-20
		هذا الأسبوع = 2026-10-06..2026-10-10
		هالأسبوع = 2026-10-06..2026-10-10
		الأسبوع القادم = 2026-10-12..2026-10-17
		الأسبوع الجاي = 2026-10-12..2026-10-17
		نهاية الأسبوع = 2026-10-10..2026-10-11
		الويكند = 2026-10-10..2026-10-11
		الخميس أو الجمعة = 2026-10-08..2026-10-09
		لا، قصدي السبت = 2026-10-10
		مو الجمعة، السبت = 2026-10-10
		بعد الظهر = afternoon
		بعد الغدا = afternoon
		العصر = afternoon
		الصبح = morning
		قبل الظهر = morning
		مساء الجمعة = 2026-10-09 evening from 17:00
		بعد ظهر الجمعة = 2026-10-09 afternoon
		صباح الجمعة = 2026-10-09 morning
		بعد الدوام = evening from 17:00
		الساعة 5 = 17:00
		الساعة ٥ = 17:00
		الساعة خمسة = 17:00
		الساعة الخامسة = 17:00
		الساعة أربع ونص = 16:30
		الساعة أربعة ونصف = 16:30
		الساعة خمسة وربع = 17:15
		الساعة ستة إلا ربع = 17:45
		الساعة خمسة إلا ثلث = 16:40
		١٢:٣٠ = 12:30
		الساعة ۱۲:۳۰ = 12:30
		الساعة 5 مساء = 17:00
		الساعة ٥ العصر = 17:00
		الساعة 10 الصبح = 10:00
		الساعة الواحدة = 13:00
		الساعة الثانية عشرة = 12:00
		حوالي الساعة 4 = about 16:00
		الساعة 4 تقريبا = about 16:00
		بعد الساعة 5 = from 17:00
		بعد خمسة = from 17:00
		من الساعة 4 = from 16:00
		قبل الساعة 6 = to 18:00
		بين 4 و6 = from 16:00 to 18:00
		بين أربع وست = from 16:00 to 18:00
		من 4 إلى 6 = from 16:00 to 18:00
		بكرا الساعة 5 = 2026-10-07 17:00
		الجمعة الساعة 12:30 = 2026-10-09 12:30
		الظهر = about 12:00
		صباح الخير = 
		مساء النور = 
		سأصل خلال 20 دقيقة = 
		عندي سؤالين = 
	`, checkWhen(models.Arabic))
}
