package handlers

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// typed is a form as it was posted, without a request around it.
func typed(values url.Values) *form {
	return &form{ctx: context.Background(), values: values, read: map[string]bool{}, posted: true}
}

func TestFormReadings(t *testing.T) {
	id := models.NewID()
	zone := time.FixedZone("salon", 2*3600)
	for _, c := range []struct {
		name  string
		typed string
		read  func(f *form) any
		want  any
		wrong string // key; empty: it reads well
	}{
		{"text", "  Maya \t Stone ", func(f *form) any { return f.Text("x", 20) }, "Maya Stone", ""},
		{"text, empty", "   ", func(f *form) any { return f.Text("x", 20) }, "", "console.form.missing"},
		{"text, optional", "", func(f *form) any { return f.OptionalText("x", 20) }, "", ""},
		{"text, too long", strings.Repeat("م", 21), func(f *form) any { return f.Text("x", 20) }, "", "console.form.long"},
		{"text, just right", strings.Repeat("م", 20), func(f *form) any { return f.Text("x", 20) }, strings.Repeat("م", 20), ""},
		{"text, a NUL", "a\x00b", func(f *form) any { return f.Text("x", 20) }, "", "console.form.unreadable"},
		{"text, not UTF-8", "\xff", func(f *form) any { return f.Text("x", 20) }, "", "console.form.unreadable"},
		{"lines", "one\r\ntwo", func(f *form) any { return f.Long("x", 7) }, "one\ntwo", ""},
		{"secret keeps its spaces", " a b ", func(f *form) any { return f.Secret("x", 20) }, " a b ", ""},
		{"number", "45", func(f *form) any { return f.Number("x", 5, 480) }, 45, ""},
		{"number, Arabic", "٤٥", func(f *form) any { return f.Number("x", 5, 480) }, 45, ""},
		{"number, Persian, grouped", "۴۵۰", func(f *form) any { return f.Number("x", 5, 480) }, 450, ""},
		{"number, words", "many", func(f *form) any { return f.Number("x", 5, 480) }, 0, "console.form.number"},
		{"number, half", "4.5", func(f *form) any { return f.Number("x", 5, 480) }, 0, "console.form.number"},
		{"number, too small", "4", func(f *form) any { return f.Number("x", 5, 480) }, 0, "console.form.range"},
		{"number, far too large", "99999999999999999999", func(f *form) any { return f.Number("x", 5, 480) }, 0, "console.form.number"},
		{"number, optional", "", func(f *form) any { return f.OptionalNumber("x", 5, 480) == nil }, true, ""},
		{"money", "26.20", func(f *form) any { return f.Money("x", 100000) }, int64(2620), ""},
		{"money, comma", "26,2", func(f *form) any { return f.Money("x", 100000) }, int64(2620), ""},
		{"money, whole", "26", func(f *form) any { return f.Money("x", 100000) }, int64(2600), ""},
		{"money, Arabic", "٢٦٫٢٠", func(f *form) any { return f.Money("x", 100000) }, int64(2620), ""},
		{"money, a thousand or one", "1.000", func(f *form) any { return f.Money("x", 1000000) }, int64(0), "console.form.amount"},
		{"money, negative", "-1", func(f *form) any { return f.Money("x", 100000) }, int64(0), "console.form.amount"},
		{"money, too much", "1000.01", func(f *form) any { return f.Money("x", 100000) }, int64(0), "console.form.amount_most"},
		{"money, nothing before the point", ".5", func(f *form) any { return f.Money("x", 100000) }, int64(0), "console.form.amount"},
		{"choice", "b", func(f *form) any { return f.Choice("x", "a", "b") }, "b", ""},
		{"choice, none", "", func(f *form) any { return f.Choice("x", "a", "b") }, "", "console.form.choose"},
		{"choice, another", "c", func(f *form) any { return f.Choice("x", "a", "b") }, "", "console.form.choice"},
		{"box", "yes", func(f *form) any { return f.Checked("x") }, true, ""},
		{"box, empty", "", func(f *form) any { return f.Checked("x") }, false, ""},
		{"date", "2026-10-09", func(f *form) any { return f.Date("x", zone) }, time.Date(2026, 10, 9, 0, 0, 0, 0, zone), ""},
		{"date that is not", "2026-02-30", func(f *form) any { return f.Date("x", zone) }, time.Time{}, "console.form.date"},
		{"date, far", "9999-01-01", func(f *form) any { return f.Date("x", zone) }, time.Time{}, "console.form.date"},
		{"moment", "2026-10-09T12:30", func(f *form) any { return f.Moment("x", zone) }, time.Date(2026, 10, 9, 12, 30, 0, 0, zone), ""},
		{"clock", "09:30", func(f *form) any { return f.Clock("x") }, 570, ""},
		{"clock, end of the day", "24:00", func(f *form) any { return f.Clock("x") }, 1440, ""},
		{"clock, later than that", "24:01", func(f *form) any { return f.Clock("x") }, 0, "console.form.clock"},
		{"clock, no minutes", "9", func(f *form) any { return f.Clock("x") }, 0, "console.form.clock"},
		{"id", id.String(), func(f *form) any { return f.ID("x") }, id, ""},
		{"id that is not", "42", func(f *form) any { return f.ID("x") }, models.ID{}, "console.form.choice"},
		{"phrase", " maya ", func(f *form) any {
			f.values["phrase"] = f.values["x"]
			delete(f.values, "x")
			f.Phrase("Maya")
			return nil
		}, nil, ""},
		{"phrase, another", "mayo", func(f *form) any {
			f.values["phrase"] = f.values["x"]
			delete(f.values, "x")
			f.Phrase("Maya")
			return nil
		}, nil, "console.phrase.wrong"},
	} {
		f := typed(url.Values{"x": {c.typed}})
		got := c.read(f)
		wrong := ""
		if !f.Valid() {
			wrong = f.wrong[0].key
		}
		if wrong != c.wrong || got != c.want {
			t.Errorf("%s: got %v, %q; want %v, %q", c.name, got, wrong, c.want, c.wrong)
		}
	}
}

// What nobody asked for is refused by name, and so is a value given twice.
func TestFormRefusesWhatNobodyReads(t *testing.T) {
	f := typed(url.Values{"name": {"Maya"}, "role": {"admin"}, "csrf": {"t"}})
	f.Text("name", 20)
	if f.Valid() || f.wrong[0].key != "console.form.unknown" || f.wrong[0].facts[1] != "role" {
		t.Errorf("an unknown field: %+v", f.wrong)
	}
	if told := f.fault(); told.Fields["role"] != "console.form.unknown" {
		t.Errorf("a program is told %+v", told)
	}
	f = typed(url.Values{"name": {"Maya", "Noor"}})
	if f.Text("name", 20); f.Valid() || f.wrong[0].key != "console.form.twice" {
		t.Errorf("a value twice: %+v", f.wrong)
	}
	if ids := typed(url.Values{"id": {models.NewID().String(), models.NewID().String()}}).IDs("id", 1); ids != nil {
		t.Error("more ids than allowed are read")
	}
}

func TestFormTexts(t *testing.T) {
	f := typed(url.Values{"name.en": {"Haircut"}, "name.es": {"Corte"}, "name.ar": {"قص"}})
	if got := f.Texts("name", 20); !f.Valid() || got["es"] != "Corte" || len(got) != 3 {
		t.Errorf("got %v, %+v", got, f.wrong)
	}
	f = typed(url.Values{"name.en": {"Haircut"}})
	if f.OptionalTexts("name", 20); f.Valid() || len(f.wrong) != 2 {
		t.Errorf("one language of three: %+v", f.wrong)
	}
	f = typed(url.Values{"name.en": {""}})
	if f.OptionalTexts("name", 20); !f.Valid() {
		t.Errorf("no language: %+v", f.wrong)
	}
}

// A GET reads nothing, complains about nothing and is no post.
func TestFormOfAGet(t *testing.T) {
	f := typed(url.Values{})
	f.posted = false
	f.Fill("minutes", "45")
	if n := f.Number("minutes", 5, 480); n != 0 || len(f.wrong) > 0 || f.Valid() {
		t.Errorf("got %d, %+v", n, f.wrong)
	}
	if got := f.Shown().Value("minutes"); got != "45" {
		t.Errorf("shown: %q", got)
	}
}

// A rule's fault becomes the form's, its fields to theirs; what no form can mend stays an error.
func TestFormTakesFaults(t *testing.T) {
	f := typed(url.Values{})
	if !f.Refused(fault.Invalid("x.wrong", map[string]string{"name": "x.name"})) || f.wrong[0].field != "name" || f.wrong[0].key != "x.name" {
		t.Errorf("fields: %+v", f.wrong)
	}
	if f = typed(nil); f.Refused(fault.Conflict("x.stale")) && f.fault().Status() != 409 {
		t.Error("a program is not told that it is a conflict")
	}
	if f = typed(nil); !f.Refused(fault.Conflict("x.stale")) || f.wrong[0].field != "" {
		t.Errorf("conflict: %+v", f.wrong)
	}
	for _, err := range []error{errors.New("broken"), fault.NotFound("x"), fault.Forbidden("x")} {
		if typed(nil).Refused(err) {
			t.Errorf("%v was taken", err)
		}
	}
}

// Secrets never come back.
func TestFormForgetsSecrets(t *testing.T) {
	f := typed(url.Values{"password": {"hunter2"}, "new_password": {"hunter3"}, "csrf": {"t"}, "name": {"Maya"}})
	shown := f.Shown().Values
	if shown.Get("password")+shown.Get("new_password")+shown.Get("csrf") != "" || shown.Get("name") != "Maya" {
		t.Errorf("shown: %v", shown)
	}
}

func TestFormFromJSON(t *testing.T) {
	got, ok := jsonValues([]byte(`{"name":"Maya","minutes":45,"active":true,"hidden":false,"id":["a","b"],"note":null}`))
	if !ok || got.Get("name") != "Maya" || got.Get("minutes") != "45" || got.Get("active") != "yes" || got.Has("hidden") || len(got["id"]) != 2 || got.Has("note") {
		t.Errorf("got %v, %v", got, ok)
	}
	for _, bad := range []string{`[1]`, `{"a":{"b":1}}`, `{"a":1}{"b":2}`, `{`, `"x"`} {
		if _, ok := jsonValues([]byte(bad)); ok {
			t.Errorf("%s is read", bad)
		}
	}
}

func FuzzForm(f *testing.F) {
	for _, seed := range []string{"x=45", "x=26.20", "x=٤٥", "x=2026-10-09T12:30", "x=%00", "x=a&x=b", "x=" + strings.Repeat("9", 400), "x=09:30", "x=\u200f٢٦٫٢"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		if text := typed(values).Text("x", 20); utf8.RuneCountInString(text) > 20 || strings.ContainsAny(text, "\x00\n") {
			t.Errorf("text %q", text)
		}
		if n := typed(values).Number("x", 5, 480); n != 0 && (n < 5 || n > 480) {
			t.Errorf("number %d", n)
		}
		if m := typed(values).Money("x", 5000); m < 0 || m > 5000 {
			t.Errorf("money %d", m)
		}
		if n := typed(values).Clock("x"); n < 0 || n > 1440 {
			t.Errorf("clock %d", n)
		}
		typed(values).Moment("x", time.UTC)
		typed(values).Texts("x", 20)
		typed(values).IDs("x", 5)
		typed(values).Choices("x", "a")
	})
}
