package understand

import (
	"fmt"
	"testing"
)

// Who comes, and who gets which service.
func TestCompany(t *testing.T) {
	for _, c := range []struct {
		text, lang string
		expect     Expect
		want       string
	}{
		{"My daughter and I would come on Friday afternoon, a haircut and a styling", "en", "", "[daughter] []"},
		{"a haircut for me and a hair consultation for my daughter", "en", ExpectService, "[daughter] [{CUT self} {CONSULT_HAIR daughter}]"},
		{"The haircut is mine, the styling hers", "en", ExpectService, "[] [{CUT self} {STYLE other}]"},
		{"I'll have the haircut and she the styling", "en", ExpectService, "[] [{CUT self} {STYLE other}]"},
		{"my sister wants a haircut, I'd like highlights", "en", "", "[sister] [{CUT sister} {HIGHLIGHTS self}]"},
		{"a haircut for both of us", "en", ExpectService, "[] [{CUT everyone}]"},
		{"El corte es para mí; el peinado, para ella", "es", ExpectService, "[] [{CUT self} {STYLE other}]"},
		{"para mi hija el corte y para mí el peinado", "es", ExpectService, "[daughter] [{CUT daughter} {STYLE self}]"},
		{"mechas para las dos", "es", ExpectService, "[] [{HIGHLIGHTS everyone}]"},
		{"القص لي والتصفيف لها", "ar", ExpectService, "[] [{CUT self} {STYLE other}]"},
		{"القص لابنتي والتصفيف لي", "ar", ExpectService, "[daughter] [{CUT daughter} {STYLE self}]"},
	} {
		m := Read(Input{Text: c.text, Language: c.lang, Expect: c.expect, Now: now, Vocabulary: salon()})
		if got := fmt.Sprint(m.Others, " ", m.Shares); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

// The name of somebody else, told in passing or when it was asked for.
func TestOtherName(t *testing.T) {
	for _, c := range []struct {
		text, lang string
		expect     Expect
		want       PersonName
	}{
		{"A facial for my mother Samira Nasser on Monday", "en", "", PersonName{"Samira", "Nasser"}},
		{"she's called Samira Nasser", "en", ExpectName, PersonName{"Samira", "Nasser"}},
		{"her name is samira nasser", "en", ExpectName, PersonName{"Samira", "Nasser"}},
		{"un facial para mi madre el lunes", "es", "", PersonName{}},
		{"se llama Samira Nasser", "es", ExpectName, PersonName{"Samira", "Nasser"}},
		{"اسمها سميرة ناصر", "ar", ExpectName, PersonName{"سميرة", "ناصر"}},
	} {
		m := Read(Input{Text: c.text, Language: c.lang, Expect: c.expect, Now: now, Vocabulary: salon()})
		var got PersonName
		if m.OtherName != nil {
			got = *m.OtherName
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// Whoever comes alone after all says so with a word for it; a haircut that is "just" cheap is no such word.
func TestAlone(t *testing.T) {
	for text, want := range map[string]bool{
		"just me after all": true, "actually, only me": true, "I'll come alone": true, "al final solo yo": true, "mejor solo para mí": true,
		"أنا فقط في النهاية": true, "just my daughter": false, "I'd like a haircut": false, "only on Friday": false,
	} {
		in := modelInput(text)
		in.Language = ""
		if got := Read(in).Alone; got != want {
			t.Errorf("%q: alone %v, want %v", text, got, want)
		}
	}
}

func TestWhoseItIs(t *testing.T) {
	for text, want := range map[string]Kin{"cancel my daughter's appointment": Daughter, "cancel my mother’s visit": Mother, "cancela la de mi hija": Daughter} {
		in := modelInput(text)
		in.Language = ""
		if got := Read(in).Others; len(got) != 1 || got[0] != want {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
	if kin, ok := KinOf("hija"); !ok || kin != Daughter {
		t.Errorf("hija is %q", kin)
	}
}
