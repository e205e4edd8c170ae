package understand

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A profile name that may be read back is short, of letters, and has a given name that may be read back
// alone or is too short to; spaces around it change nothing.
func FuzzReliable(f *testing.F) {
	for _, seed := range []string{"Noor Haddad", "María José", "عبد الله", "✨✨", "Mum", "O'Neill-Smith", "J. R.", "Salon Luma", "\u202eabc", "a\u0301b\u0301c", strings.Repeat("م", 41), "\xffabc"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, profile string) {
		given := Given(profile)
		if Given(given) != given {
			t.Errorf("the given name of %q is %q, and of that %q", profile, given, Given(given))
		}
		ok := Reliable(profile)
		if ok != Reliable(" "+profile+"\t ") {
			t.Errorf("spaces around %q matter", profile)
		}
		if !ok {
			return
		}
		if n := utf8.RuneCountInString(strings.TrimSpace(profile)); n < minNameLetters || n > maxNameRunes || !utf8.ValidString(profile) {
			t.Errorf("%q is read back with %d characters", profile, n)
		}
		if given == "" || strings.ContainsAny(profile, "<>{}@/\\0123456789\x00") {
			t.Errorf("%q is read back, its given name is %q", profile, given)
		}
	})
}
