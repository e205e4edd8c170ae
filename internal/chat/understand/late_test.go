package understand

import (
	"fmt"
	"testing"
)

// A delay counts from the visit's start or from now: "20 minutes late", "there in 20".
func TestLateness(t *testing.T) {
	check := func(lang string) func(t *testing.T, text, want string) {
		return func(t *testing.T, text, want string) {
			m := Read(Input{Text: text, Language: lang, Now: now, Expect: ExpectDelay, Vocabulary: salon()})
			got := "-"
			if m.DelayMinutes != nil {
				got = fmt.Sprint(*m.DelayMinutes)
			}
			if m.FromNow {
				got += " from now"
			}
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
	sayings(t, "en", `
		20 minutes late = 20
		20 = 20
		I'll be there in 20 minutes = 20 from now
		there in 20 = 20 from now
		in half an hour = 30 from now
		half an hour late, sorry = 30
		a quarter of an hour = 15
		15 mins away = 15 from now
		an hour = 60
		no idea = -
	`, check("en"))
	sayings(t, "es", `
		llego 15 minutos tarde = 15
		estaré ahí en 20 minutos = 20 from now
		dentro de media hora = 30 from now
		con un cuarto de hora de retraso = 15
		ni idea = -
	`, check("es"))
	sayings(t, "ar", `
		سأتأخر 10 دقائق = 10
		سأصل خلال 20 دقيقة = 20 from now
		بعد نص ساعة = 30 from now
		نصف ساعة = 30
		ربع ساعة = 15
		لا أعرف = -
	`, check("ar"))
}
