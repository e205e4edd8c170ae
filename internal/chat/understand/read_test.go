package understand

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

// S01 and S18, turn by turn, as the scenarios word them.
func TestScenarios(t *testing.T) {
	slots := func(titles ...string) []models.Option {
		var out []models.Option
		for i, title := range titles {
			out = append(out, models.Option{ID: fmt.Sprint("slot:", i), Title: title})
		}
		return out
	}
	friday, thursday := "2026-10-09", time.Date(2026, 10, 8, 13, 0, 0, 0, madrid)
	for _, c := range []struct {
		name    string
		expect  Expect
		now     time.Time
		options []models.Option
		said    wordings
		check   func(m Meaning) bool
	}{
		{"S01 T1", ExpectNone, now, nil,
			wordings{"I'd like highlights on Friday", "Me gustaría ponerme mechas el viernes", "أريد هايلايت يوم الجمعة"},
			func(m Meaning) bool { return m.Intents.Has(Book) && named(m) == "HIGHLIGHTS" && when(m) == friday }},
		{"S01 T2", ExpectNameConfirm, now, nil,
			wordings{"Yes, that's me", "Sí, soy yo", "نعم، أنا نور"},
			func(m Meaning) bool { return m.Intents.Has(Yes) && !m.Intents.Has(No) }},
		{"S01 T3", ExpectPack, now, nil,
			wordings{"The pack, please", "El pack, por favor", "الباقة من فضلك"},
			func(m Meaning) bool { return m.Pack && m.Intents.Has(Yes) && !m.Single }},
		{"S01 T4", ExpectStylist, now, nil,
			wordings{"First available", "Lo primero que haya", "أول موعد متاح"},
			func(m Meaning) bool { return m.Earliest && len(m.Stylists) == 0 }},
		{"S01 T5", ExpectSlot, now, slots("10:30 Salma", "12:30 Dana"),
			wordings{"12:30", "12:30", "12:30"},
			func(m Meaning) bool { return m.Choice == 2 && m.OptionID == "slot:1" && !m.LanguageSure }},
		{"S01 T6", ExpectSurname, now, nil,
			wordings{"Haddad", "Haddad", "حداد"},
			func(m Meaning) bool {
				return m.Name != nil && m.Name.Given == "" && strings.Contains("Haddad حداد", m.Name.Family)
			}},
		{"S18 T1", ExpectNone, thursday, nil,
			wordings{"Any chance of a haircut today?", "¿Hay hueco hoy para un corte?", "هل يوجد موعد قص شعر اليوم؟"},
			func(m Meaning) bool { return m.Intents.Only(Book) && named(m) == "CUT" && when(m) == "2026-10-08" }},
		{"S18 T2", ExpectSlot, thursday, slots("16:30 Salma", "18:00 Bruno"),
			wordings{"16:30 with Salma", "16:30 con Salma", "16:30 مع سلمى"},
			func(m Meaning) bool { return m.Choice == 1 && slices.Equal(m.Stylists, []string{"salma"}) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.said.each(t, func(t *testing.T, text, lang string) {
				m := Read(Input{Text: text, Language: lang, Expect: c.expect, Options: c.options, Known: "Noor", Now: c.now, Vocabulary: salon()})
				if !c.check(m) || m.Language != lang || m.Unclear {
					t.Errorf("got %+v", m)
				}
			})
		})
	}
}

// A leading yes does not take an offered time when the rest asks for something else.
func TestYesBeforeAQuestion(t *testing.T) {
	for _, text := range []string{"OK, what about Tuesday?", "Vale, ¿y el martes?", "حسنًا، ماذا عن الثلاثاء؟"} {
		m := Read(Input{Text: text, Expect: ExpectSlot, Options: slotOptions(), Now: now, Vocabulary: salon()})
		if m.Intents.Has(Yes) || m.Choice != 0 || when(m) != "2026-10-13" {
			t.Errorf("%q: %v, choice %d, %s", text, m.Intents, m.Choice, when(m))
		}
	}
}

// Long texts cost bounded work, whatever they are made of.
func TestLongTexts(t *testing.T) {
	for _, unit := range []string{
		"a", "م", "highlights ", "a b ", "mecha,", "12:30 ", "no ", "نعم ", "1", "👍", "\u0301", "é", "not not ", "the the ", "qwertyuiop ", ". ", "?", "1-", "1:", "'", "from 4 to ", "ههه",
	} {
		text := strings.Repeat(unit, 10_000/len([]rune(unit)))
		for _, expect := range []Expect{ExpectNone, ExpectName, ExpectSlot} {
			begin := time.Now()
			Read(Input{Text: text, Expect: expect, Options: slotOptions(), Now: now, Vocabulary: salon()})
			if took := time.Since(begin); took > 30*time.Second { // some milliseconds, unless something explodes
				t.Errorf("10,000 characters of %q expecting %q took %v", unit, expect, took)
			}
		}
	}
}

// Words beyond the limit cost next to nothing, whatever they are: thousands of single letters take no
// more than the words that are read at all.
func TestManyWordsAreNotAllRead(t *testing.T) {
	in := Input{Now: now, Vocabulary: salon()}
	cost := func(text string) float64 { // counted, not timed: it is the same on a busy machine
		in.Text = text
		return testing.AllocsPerRun(2, func() { Read(in) })
	}
	for _, word := range []string{"a ", "و ", "I ", "9 "} {
		limit, over := cost(strings.Repeat(word, maxTokens)), cost(strings.Repeat(word, maxRunes/2))
		if over > 1.5*limit {
			t.Errorf("%d times %q cost %.0f allocations, %d times %.0f", maxRunes/2, word, over, maxTokens, limit)
		}
	}
}

func TestIntentsSet(t *testing.T) {
	s := Intents{Book, Yes}
	if !s.Has(No, Yes) || s.Has(No) || s.Has() || !s.Only(Yes, Book, No) || s.Only(Yes) || (Intents{}).Only(Yes) {
		t.Error("Has or Only is wrong")
	}
}

func TestDay(t *testing.T) {
	d := Day{2026, time.October, 31}
	if d.Plus(1) != (Day{2026, time.November, 1}) || d.Plus(-31) != (Day{2026, time.September, 30}) || d.Weekday() != time.Saturday {
		t.Error("Plus or Weekday is wrong")
	}
	change := Day{2026, time.October, 25} // 25 hours long in Madrid
	if got := change.In(madrid); got.Hour() != 0 || DayOf(got.Add(24*time.Hour+30*time.Minute)) != change {
		t.Errorf("In(Madrid) = %v", got)
	}
	r := Days{Day{2026, time.October, 9}, Day{2026, time.October, 11}}
	if !r.Has(r.From) || !r.Has(r.To) || r.Has(r.To.Plus(1)) || r.Has(r.From.Plus(-1)) {
		t.Error("Days.Has is wrong")
	}
}

// invented names what a meaning holds that it was not given.
func invented(in Input, m Meaning) string {
	service := func(code string) bool {
		return slices.ContainsFunc(in.Vocabulary.Services, func(s Service) bool { return s.Code == code })
	}
	for _, codes := range append(m.Ambiguous, m.Services) {
		for _, code := range codes {
			if !service(code) {
				return "service " + code
			}
		}
	}
	for _, codes := range m.Ambiguous {
		if len(codes) < 2 {
			return "an ambiguity of one"
		}
	}
	for _, code := range m.Stylists {
		if !slices.ContainsFunc(in.Vocabulary.Stylists, func(s Stylist) bool { return s.Code == code }) {
			return "stylist " + code
		}
	}
	for _, key := range m.FAQs {
		if !slices.ContainsFunc(in.Vocabulary.FAQs, func(f FAQ) bool { return f.Key == key }) {
			return "FAQ " + key
		}
	}
	switch {
	case m.Choice < 0 || m.Choice > len(in.Options):
		return fmt.Sprint("choice ", m.Choice)
	case m.Choice > 0 && m.OptionID != in.Options[m.Choice-1].ID:
		return "option id " + m.OptionID
	case m.Day != nil && m.Days != nil:
		return "a day beside a range"
	case m.Intents.Has(Yes) && m.Intents.Has(No):
		return "yes and no"
	case !slices.Contains(models.Languages(), m.Language):
		return "language " + m.Language
	case m.Empty && m.Unclear:
		return "empty and unclear"
	}
	for _, n := range []*int{m.At, m.NotBefore, m.NotAfter} {
		if n != nil && (*n < 0 || *n > 24*60) {
			return fmt.Sprint("minute ", *n)
		}
	}
	if n := m.Name; n != nil && (n.Given+n.Family == "" || len([]rune(n.Given+n.Family)) > maxNameRunes) {
		return "a name without end"
	}
	return ""
}

func FuzzRead(f *testing.F) {
	expects := []Expect{ExpectNone, ExpectNameConfirm, ExpectName, ExpectSurname, ExpectPack, ExpectStylist, ExpectSlot,
		ExpectService, ExpectServiceChoice, ExpectDay, ExpectTime, ExpectYesNo}
	for i, seed := range []string{
		"I'd like highlights on Friday", "mañana de 4 a 6 con Dana", "لا، قصدي السبت الساعة ١٢:٣٠", "3ayza a7jez bukra", "the last one", "2026-02-31",
		"31/02", "from 25 to 99", "\xff\xfe", "O'Neill-", "yes no yes no", "not not the pack without", "quarter to one", "in 999999999999 days", "0", "ال", "و",
	} {
		f.Add(seed, "", uint8(i))
	}
	f.Add("", "slot:1", uint8(6))
	f.Fuzz(func(t *testing.T, text, reply string, expect uint8) {
		in := Input{Text: text, ReplyID: reply, Language: models.Languages()[int(expect)%3], Expect: expects[int(expect)%len(expects)],
			Options: slotOptions(), Known: "Noor", Now: now, Vocabulary: salon()}
		if what := invented(in, Read(in)); what != "" {
			t.Errorf("%q: invented %s", text, what)
		}
		Reliable(text)
	})
}

func BenchmarkRead(b *testing.B) {
	v := salon()
	for name, text := range map[string]string{
		"short":  "12:30",
		"usual":  "Hi! I'd like highlights and a hair cut on Friday after lunch, with Dana if possible",
		"arabic": "مرحبا، أريد هايلايت وقص شعر يوم الجمعة بعد الظهر مع دانا",
		"10000":  strings.Repeat("higlihgts on firday wiht Danna? ", 313),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Read(Input{Text: text, Language: "en", Expect: ExpectSlot, Options: slotOptions(), Now: now, Vocabulary: v})
			}
		})
	}
}
