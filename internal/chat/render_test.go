package chat

import (
	"strings"
	"testing"
	"time"

	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

func speakers(t *testing.T) map[models.Language]speaker {
	t.Helper()
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	all := map[models.Language]speaker{}
	for _, lang := range models.Languages() {
		all[lang] = speaker{texts: content.Seeded(catalogue), lang: lang}
	}
	return all
}

// Options take the first shape that shows them whole: buttons, a list, numbered lines. Never cut.
func TestShapeOfOptions(t *testing.T) {
	option := func(id string, titles ...string) Choice {
		c := Choice{ID: id}
		for _, title := range titles {
			c.Titles = append(c.Titles, verbatim(title))
		}
		return c
	}
	long := strings.Repeat("a", 25)
	for _, c := range []struct {
		name    string
		options []Choice
		lines   string
		kind    models.ContentKind
		titles  string
		text    string
	}{
		{"three short ones", []Choice{option("a", "One"), option("b", "Two"), option("c", "Three")}, "Which?", models.KindButtons, "One|Two|Three", "Which?"},
		{"exactly twenty", []Choice{option("a", long[:20])}, "Which?", models.KindButtons, long[:20], "Which?"},
		{"the shorter form", []Choice{option("a", long, "Short")}, "Which?", models.KindButtons, "Short", "Which?"},
		{"twenty-one", []Choice{option("a", long[:21])}, "Which?", models.KindList, long[:21], "Which?"},
		{"four", []Choice{option("a", "1st"), option("b", "2nd"), option("c", "3rd"), option("d", "4th")}, "Which?", models.KindList, "1st|2nd|3rd|4th", "Which?"},
		{"too long for a row", []Choice{option("a", "One"), option("b", long)}, "Which?", models.KindText, "", "Which?\n1. One\n2. " + long},
		{"two that read alike", []Choice{option("a", "Same"), option("b", "Same")}, "Which?", models.KindText, "", "Which?\n1. Same\n2. Same"},
		{"emoji count twice", []Choice{option("a", strings.Repeat("✨", 4)+strings.Repeat("🎀", 9))}, "Which?", models.KindList, strings.Repeat("✨", 4) + strings.Repeat("🎀", 9), "Which?"},
		{"a long body", []Choice{option("a", "One")}, strings.Repeat("b", 1025), models.KindText, "", strings.Repeat("b", 1025) + "\n1. One"},
	} {
		s := Say{Lines: []Line{verbatim(c.lines)}, Options: c.options}
		got, options, err := speakers(t)[models.English].content(s)
		if err != nil {
			t.Fatal(err)
		}
		var titles []string
		for _, o := range got.Options {
			titles = append(titles, o.Title)
		}
		if got.Kind != c.kind || strings.Join(titles, "|") != c.titles || got.Text != c.text {
			t.Errorf("%s: %s %q %q", c.name, got.Kind, titles, got.Text)
		}
		if len(options) != len(c.options) {
			t.Errorf("%s: %d options can be answered, want %d", c.name, len(options), len(c.options))
		}
		if problem := lint(got); problem != "" {
			t.Errorf("%s: %s", c.name, problem)
		}
	}
}

// Every fixed button and label fits in every language; no chat text comes near WhatsApp's limits.
func TestFixedWordsFit(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range models.Languages() {
		for _, key := range catalogue.Keys(lang, "chat.") {
			body := catalogue.Body(lang, key)
			if limit := content.PlaceOf(key).Limit(); length(body) > limit {
				t.Errorf("%s in %s has %d characters, at most %d fit", key, lang, length(body), limit)
			}
			if emoji(body) > 0 {
				t.Errorf("%s in %s brings its own emoji; the salon's is a setting (R-214)", key, lang)
			}
		}
	}
}

func TestArabicDigits(t *testing.T) {
	w := speakers(t)[models.Arabic]
	w.arabic = true
	got, _, err := w.content(Say{Lines: []Line{verbatim("الساعة 12:30، 16.00 €:\nhttps://pay.test/c/12 شكرًا 7")}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "الساعة ١٢:٣٠، ١٦.٠٠ €:\nhttps://pay.test/c/12 شكرًا ٧"; got.Text != want {
		t.Errorf("wrote %q, want %q", got.Text, want)
	}
}

func TestOpeningHours(t *testing.T) {
	var hours []models.OpeningHours
	for _, day := range []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday} {
		hours = append(hours, models.OpeningHours{Weekday: day, Opens: "10:00", Closes: "20:00"})
	}
	hours = append(hours, models.OpeningHours{Weekday: time.Saturday, Opens: "10:00", Closes: "14:00"})
	for lang, want := range map[string]string{
		"en": "Monday–Friday 10:00–20:00, Saturday 10:00–14:00",
		"es": "lunes–viernes 10:00–20:00, sábado 10:00–14:00",
		"ar": "الاثنين–الجمعة 10:00–20:00، السبت 10:00–14:00",
	} {
		if got := openingLine(lang, hours); got != want {
			t.Errorf("in %s: %q, want %q", lang, got, want)
		}
	}
	if got := openingLine("en", nil); got != "" {
		t.Errorf("hours of a salon that never opens: %q", got)
	}
}
