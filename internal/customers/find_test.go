package customers_test

import (
	"slices"
	"testing"

	"frontdesk/internal/customers"
	"frontdesk/models"
)

// People search as they remember: a part of the number, a name without its accents, a letter wrong.
func TestFind(t *testing.T) {
	t.Parallel()
	r, ctx := open(t)
	for _, p := range []struct {
		phone, name, surname string
		lang                 models.Language
	}{
		{"+447700900101", "Noor", "Haddad", models.Arabic},
		{"+447700900118", "María", "López", models.Spanish},
		{"+447700900104", "سارة", "الحربي", models.Arabic},
		{"+34600111101", "Nora", "50%_off", models.English},
	} {
		if _, err := r.Register(ctx, contactOf(t, r, p.phone, ""), p.name, p.surname, p.lang); err != nil {
			t.Fatal(err)
		}
	}
	noor, _, err := r.ByPhone(ctx, "+447700900101")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		want []string // names, the best first
	}{
		{"+447700900101", []string{"Noor"}}, {"00447700900101", []string{"Noor"}}, {"07700 900 101", []string{"Noor"}},
		{"٠٠٤٤٧٧٠٠٩٠٠١٠١", []string{"Noor"}}, {"900104", []string{"سارة"}}, {"118", []string{"María"}}, {"۱۰۴", []string{"سارة"}},
		{"noor", []string{"Noor"}}, {"haddad noor", []string{"Noor"}}, {"maria lopez", []string{"María"}}, {"LÓPEZ", []string{"María"}},
		{"lopes", []string{"María"}}, {"ساره", []string{"سارة"}}, {"سَارَة", []string{"سارة"}},
		{noor.ID.String(), []string{"Noor"}},
		{"50%", []string{"Nora"}}, {"%%", nil}, {"__", nil}, {`\\`, nil},
		{"nora", []string{"Nora"}}, {"900", []string{"Noor", "María", "سارة"}}, {"111101", []string{"Nora"}},
		{"n", nil}, {"10", nil}, {"", nil}, {"   ", nil}, {"nobody", nil}, {"a\x00b", nil}, {"\xff\xfe", nil}, {string(make([]byte, 500)), nil},
	} {
		found, err := r.Find(ctx, c.text, 5)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
		}
		var got []string
		for _, f := range found {
			got = append(got, f.Name)
		}
		if len(c.want) == 0 && len(got) > 0 || len(c.want) > 0 && (len(got) == 0 || got[0] != c.want[0]) {
			t.Errorf("%q finds %q, want %q", c.text, got, c.want)
		}
	}
	if found, err := r.Find(ctx, "no", 1); err != nil || len(found) != 1 {
		t.Errorf("limit 1: %d, %v", len(found), err)
	}
	both, err := r.Find(ctx, "no", 5)
	if names := []string{}; err == nil {
		for _, f := range both {
			names = append(names, f.Name)
		}
		if !slices.Contains(names, "Noor") || !slices.Contains(names, "Nora") {
			t.Errorf("a beginning finds %q", names)
		}
	}
}

func TestPhoneDigits(t *testing.T) {
	for text, want := range map[string]string{
		"+44 (7700) 900-101": "447700900101", "0044 7700": "447700", "٠١٢٣": "123", "07700": "7700", "noor": "", "12a": "", "": "", "+": "",
	} {
		if got, ok := customers.PhoneDigits(text); got != want || ok != (want != "") {
			t.Errorf("PhoneDigits(%q) = %q, %v", text, got, ok)
		}
	}
}
