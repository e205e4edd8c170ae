package i18n

import (
	"embed"
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

// The forms each language needs for a count (CLDR).
var pluralForms = map[models.Language][]string{
	models.English: {"one", "other"},
	models.Spanish: {"one", "many", "other"},
	models.Arabic:  {"zero", "one", "two", "few", "many", "other"},
}

var placeholder = regexp.MustCompile(`{{\s*\.([A-Za-z]+)\s*}}`)

type entry struct {
	forms map[string]string // "other" alone for plain texts
	file  string
}

func readAll(t *testing.T, fsys embed.FS, lang models.Language) map[string]entry {
	t.Helper()
	out := map[string]entry{}
	names, err := fs.Glob(fsys, path.Join("locales", lang, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := fsys.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]json.RawMessage
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for key, value := range texts {
			e := entry{forms: map[string]string{}, file: path.Base(name)}
			var plain string
			if json.Unmarshal(value, &plain) == nil {
				e.forms["other"] = plain
			} else if err := json.Unmarshal(value, &e.forms); err != nil {
				t.Fatalf("%s: %s: %v", name, key, err)
			}
			out[key] = e
		}
	}
	return out
}

func placeholders(e entry) string {
	seen := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(e.forms["other"], -1) {
		seen[m[1]] = true
	}
	var names []string
	for n := range seen {
		names = append(names, n)
	}
	sort.Strings(names)
	return strings.Join(names, ",")
}

func TestCataloguesAreComplete(t *testing.T) {
	english := readAll(t, files, models.English)
	if len(english) == 0 {
		t.Fatal("no English texts")
	}
	for _, lang := range models.Languages() {
		texts := readAll(t, files, lang)
		for key, en := range english {
			e, ok := texts[key]
			if !ok {
				t.Errorf("%s lacks %q", lang, key)
				continue
			}
			if e.file != en.file {
				t.Errorf("%s: %q stands in %s, in English in %s", lang, key, e.file, en.file)
			}
			if got, want := placeholders(e), placeholders(en); got != want {
				t.Errorf("%s: %q has placeholders [%s], English has [%s]", lang, key, got, want)
			}
			if (len(e.forms) > 1) != (len(en.forms) > 1) {
				t.Errorf("%s: %q is a plural in one language only", lang, key)
			}
			if len(e.forms) > 1 {
				for _, form := range pluralForms[lang] {
					if strings.TrimSpace(e.forms[form]) == "" {
						t.Errorf("%s: %q lacks the plural form %q", lang, key, form)
					}
				}
			}
			if strings.TrimSpace(e.forms["other"]) == "" {
				t.Errorf("%s: %q is empty", lang, key)
			}
		}
		for key := range texts {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has %q, English does not", lang, key)
			}
		}
	}
}

// What is counted is worded for its number, also where it stands among other facts and where it was kept as JSON.
func TestCountedTextsFollowTheirNumber(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		lang  models.Language
		count any
		want  string
	}{
		{models.English, 1, "Requeue 1 job"}, {models.English, int64(2), "Requeue 2 jobs"}, {models.English, 1.0, "Requeue 1 job"}, {models.English, 1e6, "Requeue 1000000 jobs"},
		{models.English, "#", "Requeue # jobs"}, {models.Spanish, 1, "Devolver 1 trabajo a la cola"}, {models.Arabic, 2, "أعد مهمتين إلى الطابور"}, {models.Arabic, 3, "أعد 3 مهام إلى الطابور"},
	} {
		if got := c.Text(one.lang, "letters.requeue_all", Facts{"Count": one.count}); got != one.want {
			t.Errorf("%v in %s: %q, want %q", one.count, one.lang, got, one.want)
		}
	}
}

func TestWesternDigit(t *testing.T) {
	if got := strings.Map(WesternDigit, "٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ 09 a٫ع"); got != "0123456789 0123456789 09 a٫ع" {
		t.Errorf("got %q", got)
	}
}

func TestFormats(t *testing.T) {
	at := time.Date(2026, 10, 9, 12, 30, 0, 0, time.UTC)
	for _, c := range []struct{ lang, moment, day, money string }{
		{"en", "Fri 9 Oct, 12:30", "Friday 9 October", "€16.00"},
		{"es", "vie 9 oct, 12:30", "viernes 9 de octubre", "16.00 €"},
		{"ar", "الجمعة 9 أكتوبر، 12:30", "الجمعة 9 أكتوبر", "16.00 €"},
	} {
		if got := strings.ReplaceAll(Moment(c.lang, at), ".", ""); got != c.moment {
			t.Errorf("Moment(%s) = %q, want %q", c.lang, got, c.moment)
		}
		if got := Day(c.lang, at); got != c.day {
			t.Errorf("Day(%s) = %q, want %q", c.lang, got, c.day)
		}
		if got := Money(c.lang, models.Money{Minor: 1600, Currency: "EUR"}); got != c.money {
			t.Errorf("Money(%s) = %q, want %q", c.lang, got, c.money)
		}
	}
	if got := Amount(-5); got != "-0.05" {
		t.Errorf("Amount(-5) = %q", got)
	}
}
