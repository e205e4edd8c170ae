package understand

import (
	"strings"
	"testing"

	"frontdesk/models"
)

//
func TestReliable(t *testing.T) {
	for name, want := range map[string]bool{
		"Noor": true, "Lina": true, "Vera": true, "Chloe": true, "María José": true, "O'Neill": true, "Jean-Luc Picard": true,
		"J. Smith": true, "نور": true, "سلمى الأحمد": true, "فاطمة الزهراء": true, "Ана": true, "D’Angelo": true, "  Noor  ": true,
		"Żółć": true, "Noor Haddad": true, "Grace": true, "İrem": true,
		"✨✨": false, "🌙Dal🌙": false, "12345": false, "Li": false, "": false, "   ": false, "...": false, "Noor1": false, "Noor ✨": false,
		"@noor": false, "Noor_H": false, "user": false, "User": false, "me": false, "Mum": false, "mum": false, "Mamá": false, "ماما": false,
		"Luma Salon": false, "Beauty Studio": false, "صالون نور": false, "Peluquería Ana": false, "WhatsApp": false, "test": false,
		"Noor\nHaddad": false, "A-B": false, "مستخدم": false, "Customer": false, "my love": false,
		strings.Repeat("a", 40): true, strings.Repeat("a", 41): false, strings.Repeat("ن", 40): true,
	} {
		if got := Reliable(name); got != want {
			t.Errorf("Reliable(%q) = %v, want %v", name, got, want)
		}
	}
}

// nameOf writes a name as "Given|Family", "-" when none was read, with the answer before it.
func nameOf(m Meaning) string {
	out := "-"
	if m.Name != nil {
		out = m.Name.Given + "|" + m.Name.Family
	}
	switch {
	case m.Intents.Has(Yes):
		return "yes " + out
	case m.Intents.Has(No):
		return "no " + out
	}
	return out
}

func checkName(expect Expect, known string) func(lang string) func(t *testing.T, text, want string) {
	return func(lang string) func(t *testing.T, text, want string) {
		return func(t *testing.T, text, want string) {
			m := Read(Input{Text: text, Language: lang, Expect: expect, Known: known, Now: now, Vocabulary: salon()})
			if got := nameOf(m); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
}

func TestNameConfirm(t *testing.T) {
	check := checkName(ExpectNameConfirm, "Noor")
	sayings(t, "en", `
		Yes, that's me = yes -
		yes = yes -
		yep = yes -
		that's right = yes -
		it is = yes -
		yes it is = yes -
		correct = yes -
		yes, I'm Noor = yes Noor|
		I'm Noor = yes Noor|
		noor = yes Noor|
		Noor Haddad = yes Noor|Haddad
		yes, Noor Haddad = yes Noor|Haddad
		Yes, Vera = yes Vera|
		no = no -
		nope = no -
		no, it's Sara = no Sara|
		No, I'm Sara = no Sara|
		no I am sara = no Sara|
		nope, Sara Haddad = no Sara|Haddad
		No, my name is Dalia = no Dalia|
		No. Call me Sam = no Sam|
		actually it's Sara = Sara|
		Sara = Sara|
		it's Yasmin = Yasmin|
		call me Sam = Sam|
		you can call me Sam = Sam|
		My name's Olivia = Olivia|
		it's not my name = no -
		I want highlights on Friday = -
		why do you ask? = -
		what? = -
		✨ = -
		how much is a haircut? = -
		👍 = yes -
		yeah 😊 = yes -
	`, check("en"))
	sayings(t, "es", `
		Sí, soy yo = yes -
		sí = yes -
		si soy yo = yes -
		soy yo = yes -
		así es = yes -
		sí, me llamo Noor = yes Noor|
		soy Noor = yes Noor|
		Sí, Vera = yes Vera|
		no = no -
		No, soy Marta = no Marta|
		no, me llamo Marta = no Marta|
		No me llamo así, soy Marta = no Marta|
		no, Marta = no Marta|
		Me llamo Yasmin = Yasmin|
		mi nombre es Lucía = Lucía|
		Soy Lucía Pérez = Lucía|Pérez
		llámame Sam = Sam|
		puedes llamarme Lola = Lola|
		Marta = Marta|
		maría josé = María José|
		ana garcía lópez = Ana|García López
		soy Dalia = Dalia|
		¿por qué? = -
		quiero mechas el viernes = -
		claro, soy Noor = yes Noor|
		no, otro nombre = no -
	`, check("es"))
	sayings(t, "ar", `
		نعم، أنا نور = yes نور|
		نعم = yes -
		ايوه = yes -
		نعم هذا اسمي = yes -
		أنا نور = نور|
		نعم، فيرا = yes فيرا|
		لا = no -
		لا، أنا سارة = no سارة|
		لا، اسمي سارة = no سارة|
		لا اسمي سارة = no سارة|
		اسمي ياسمين = ياسمين|
		إسمي داليا = داليا|
		أنا داليا = داليا|
		سارة = سارة|
		سارة الحداد = سارة|الحداد
		ناديني سارة = سارة|
		معك ليلى = ليلى|
		لا، اسم آخر = no -
		أريد هايلايت = -
		لماذا؟ = -
		ana Sara = Sara|
		esmi Sara = Sara|
	`, check("ar"))
}

func TestNameQuestion(t *testing.T) {
	check := checkName(ExpectName, "")
	sayings(t, "en", `
		Sara = Sara|
		sara = Sara|
		SARA = SARA|
		Sara Haddad = Sara|Haddad
		sara haddad = Sara|Haddad
		I'm Yasmin = Yasmin|
		im yasmin = Yasmin|
		I am Yasmin Khan = Yasmin|Khan
		My name is Yasmin = Yasmin|
		My name is actually Sam = Sam|
		it's Dalia = Dalia|
		this is Omar = Omar|
		Hi, I'm Yasmin! = Yasmin|
		Hello, my name is Sara and I'd like highlights = Sara|
		Sara, and I'd like highlights on Friday = Sara|
		Dana = Dana|
		I'm Iris = Iris|
		Grace = Grace|
		May = May|
		April Jones = April|Jones
		Mary-Jane = Mary-Jane|
		Siobhán O'Neill = Siobhán|O'Neill
		Jean-Luc van der Berg = Jean-Luc|van der Berg
		J. Smith = J.|Smith
		Yasmin 😊 = Yasmin|
		✨ Yasmin ✨ = Yasmin|
		Name: Sara Haddad = Sara|Haddad
		Li = Li|
		highlights = -
		highlights please = -
		I want a haircut = -
		can I book for Friday? = -
		why? = -
		why do you need my name? = -
		I'm pregnant = -
		I'm in a hurry = -
		tomorrow = -
		12345 = -
		✨✨ = -
		🌙 = -
		? = -
		ok = yes -
		thanks = -
		no = no -
	`, check("en"))
	sayings(t, "es", `
		Yasmin = Yasmin|
		Me llamo Yasmin = Yasmin|
		me llamo yasmin = Yasmin|
		Soy Dalia = Dalia|
		soy la Dalia = Dalia|
		Hola, soy Marta = Marta|
		Hola, soy Marta y quiero mechas = Marta|
		mi nombre es María del Carmen = María|del Carmen
		María José = María José|
		María José García = María José|García
		José Luis Pérez Soto = José Luis|Pérez Soto
		Lucía de la Cruz = Lucía|de la Cruz
		lucía de la cruz = Lucía|de la Cruz
		Iñaki = Iñaki|
		Begoña Núñez = Begoña|Núñez
		Rosa = Rosa|
		Rocío = Rocío|
		Me dicen Lola = Lola|
		quiero un corte = -
		mechas = -
		¿para qué? = -
		mañana = -
		vale = yes -
		soy alérgica = -
		gracias = -
	`, check("es"))
	sayings(t, "ar", `
		اسمي ياسمين = ياسمين|
		أنا داليا = داليا|
		ياسمين = ياسمين|
		نور = نور|
		نور حداد = نور|حداد
		سارة الحداد = سارة|الحداد
		عبد الله = عبد الله|
		عبد الله السالم = عبد الله|السالم
		أبو بكر = أبو بكر|
		اسمي سارة وأريد هايلايت = سارة|
		مرحبا، أنا سارة = سارة|
		سعيد = سعيد|
		أمل = أمل|
		خالد بن سلطان = خالد|بن سلطان
		أريد قص شعر = -
		هايلايت = -
		لماذا؟ = -
		غدا = -
		شكرا = -
		أنا حامل = -
	`, check("ar"))
}

func TestSurname(t *testing.T) {
	check := checkName(ExpectSurname, "Noor")
	sayings(t, "en", `
		Haddad = |Haddad
		haddad = |Haddad
		it's Haddad = |Haddad
		my surname is Haddad = |Haddad
		My last name is Haddad = |Haddad
		surname: Haddad = |Haddad
		Noor Haddad = |Haddad
		I'm Noor Haddad = |Haddad
		al-Haddad = |al-Haddad
		Al Haddad = |Al Haddad
		O'Neill = |O'Neill
		o'neill = |O'Neill
		O’Neill = |O’Neill
		van der Berg = |van der Berg
		Smith-Jones = |Smith-Jones
		smith-jones = |Smith-Jones
		Young = |Young
		Long = |Long
		Baker = |Baker
		Marsh = |Marsh
		Berg = |Berg
		Rowe = |Rowe
		Ferrer please = |Ferrer
		Sure, it's Haddad = yes |Haddad
		Haddad. Thanks! = |Haddad
		why? = -
		Haddad is my surname = |Haddad
		I'd rather not say = no -
		12 = -
		highlights = -
		👍 = yes -
	`, check("en"))
	sayings(t, "es", `
		García = |García
		García López = |García López
		garcía lópez = |García López
		mi apellido es García = |García
		Mis apellidos son García López = |García López
		de apellido Haddad = |Haddad
		es Haddad = |Haddad
		Haddad = |Haddad
		Domingo = |Domingo
		Moreno = |Moreno
		de la Fuente = |de la Fuente
		del Río = |del Río
		Ferrer = |Ferrer
		Núñez = |Núñez
		Pérez, gracias = |Pérez
		vale, es García = yes |García
		¿para qué lo necesitas? = -
		prefiero no decirlo = no -
		mechas = -
	`, check("es"))
	sayings(t, "ar", `
		حداد = |حداد
		الحداد = |الحداد
		اسم العائلة حداد = |حداد
		اسم عائلتي الحداد = |الحداد
		عائلتي حداد = |حداد
		لقبي الحداد = |الحداد
		كنيتي حداد = |حداد
		ناصر = |ناصر
		آل سعود = |آل سعود
		بن سلطان = |بن سلطان
		الأحمد شكرا = |الأحمد
		العلي = |العلي
		Haddad = |Haddad
		لماذا؟ = -
		أريد هايلايت = -
	`, check("ar"))
}

// A name is read outside its question only when it is introduced outright.
func TestNameInPassing(t *testing.T) {
	for text, want := range map[string]string{
		"my name is Sam":                  "Sam|",
		"Actually my name is Sara Haddad": "Sara|Haddad",
		"me llamo Marta":                  "Marta|",
		"اسمي سارة":                       "سارة|",
		"I'm looking for a haircut":       "-",
		"I'm late":                        "-",
		"Haddad":                          "-",
		"highlights with Dana":            "-",
	} {
		if got := nameOf(Read(Input{Text: text, Language: models.English, Now: now, Vocabulary: salon()})); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// A request beside the name is kept.
func TestNameWithRequest(t *testing.T) {
	m := Read(Input{Text: "I'm Sara Haddad, I'd like highlights on Friday after lunch with Dana", Expect: ExpectName, Now: now, Vocabulary: salon()})
	if nameOf(m) != "Sara|Haddad" || named(m) != "HIGHLIGHTS" || when(m) != "2026-10-09 afternoon" || len(m.Stylists) != 1 {
		t.Errorf("got %s, %s, %s, %v", nameOf(m), named(m), when(m), m.Stylists)
	}
}

// "10 is good" chooses a time and names nobody.
func TestAnApprovedTimeIsNoName(t *testing.T) {
	for _, text := range []string{"10 is good", "10 is perfect", "the 10:00 is great"} {
		m := Read(Input{Text: text, Language: models.English, Now: now, Expect: ExpectSlot, Options: slotOptions(), Vocabulary: salon()})
		if m.Name != nil {
			t.Errorf("%q names %+v", text, *m.Name)
		}
	}
}
