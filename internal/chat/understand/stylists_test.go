package understand

import (
	"strings"
	"testing"

	"frontdesk/models"
)

func TestStylistAnswer(t *testing.T) {
	check := func(lang string) func(t *testing.T, text, want string) {
		return func(t *testing.T, text, want string) {
			m := Read(Input{Text: text, Language: lang, Expect: ExpectStylist, Now: now, Vocabulary: salon()})
			got := strings.Join(m.Stylists, " ")
			if m.AnyStylist {
				got += "any"
			}
			if m.Earliest {
				got += "first"
			}
			if !strings.Contains(want, got) || got == "" {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
	sayings(t, "en", `
		Dana = dana
		with Dana please = dana
		with dana = dana
		I'd prefer Salma = salma
		Salmaa = salma
		Brunno = bruno
		Omar if possible = omar
		not Omar, Dana = dana
		Can it be Iris? = iris
		whoever = any
		whoever is free = any
		anyone = any
		anybody is fine = any
		I don't mind = any
		don't mind = any
		dont care = any
		doesn't matter = any
		no preference = any
		up to you = any
		you choose = any
		either = any
		any = any
		any of them = any
		no one in particular = any
		surprise me = any
		First available = first
		the first available = first
		first free = first
		earliest = first
		as soon as possible = first
		asap = first
		soonest please = first
		whoever is available first = anyfirst
		next available = first
		the first slot = first
	`, check(models.English))
	sayings(t, "es", `
		Dana = dana
		con Dana = dana
		prefiero a Salma = salma
		con Bruno si puede ser = bruno
		mejor con Omar = omar
		que no sea Omar, Dana = dana
		cualquiera = any
		cualquiera me vale = any
		me da igual = any
		me da lo mismo = any
		da igual = any
		no me importa = any
		no tengo preferencia = any
		sin preferencia = any
		quien sea = any
		la que sea = any
		el que esté libre = anyfirst
		quien quieras = any
		como quieras = any
		elige tú = any
		nadie en especial = any
		me es indiferente = any
		Lo primero que haya = first
		lo primero que tengas = first
		el primero disponible = first
		el primer hueco = first
		lo antes posible = first
		cuanto antes = first
		lo más pronto posible = first
		el primer hueco libre = first
		quien esté antes = first
	`, check(models.Spanish))
	sayings(t, "ar", `
		دانا = dana
		مع دانا = dana
		أفضل سلمى = salma
		سلمي = salma
		مع برونو = bruno
		بدي عمر = omar
		مو عمر، دانا = dana
		أي أحد = any
		اي احد = any
		أي واحدة = any
		أي شخص = any
		لا يهم = any
		لا يهمني = any
		ما يهم = any
		ما تفرق = any
		ما بتفرق معي = any
		مش فارقة = any
		أيا كان = any
		أي مصففة = any
		ليس لدي تفضيل = any
		ما عندي تفضيل = any
		اللي متاح = any
		على راحتكم اي حد = any
		اختاري انتي = any
		بدون تفضيل = any
		أول موعد متاح = first
		اقرب موعد = first
		أقرب وقت ممكن = first
		بأسرع وقت = first
		في أقرب فرصة = first
		اول وقت متاح = first
		الأبكر = first
		ayy 7ad = any
	`, check(models.Arabic))
}
