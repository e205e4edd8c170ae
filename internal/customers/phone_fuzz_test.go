package customers

import (
	"regexp"
	"strings"
	"testing"
)

// A number that is taken is E.164 and stays what it is, however it is written again; what is refused is
// never half taken.
func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{"+447700900101", " 447700900101", "0044 7700 900101", "+44 (0) 7700 900101", "+5215512345678", "525512345678", "٠٠٤٤٧٧٠٠٩٠٠١٠١", "+34 600 123 456 ext. 7", "00", "+", "+1-800-FLOWERS", "tel:+447700900101;phone-context=+44", "\xff+44", "X4900", "X49000000"} {
		f.Add(seed)
	}
	shape := regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	f.Fuzz(func(t *testing.T, text string) {
		number, err := Normalize(text)
		if err != nil {
			if number != "" {
				t.Errorf("%q is refused and reads %q", text, number)
			}
			return
		}
		if !shape.MatchString(number) {
			t.Errorf("%q reads %q, which is not E.164", text, number)
		}
		for _, same := range []string{number, number[1:], "00" + number[1:], " " + number[1:] + " "} {
			if again, err := Normalize(same); err != nil || again != number {
				t.Errorf("%q reads %q, and %q of that %q, %v", text, number, same, again, err)
			}
		}
	})
}

// The digits people search by are Western, and searching by what was found finds the same.
func FuzzPhoneDigits(f *testing.F) {
	for _, seed := range []string{"0044 7700", "٠٧٧٠٠", "+44(0)7700.900-101", "000", "۰۱۲", "12a", "\u200f+44", "०१२"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		digits, ok := PhoneDigits(text)
		if strings.Trim(digits, "0123456789") != "" || len(digits) > len(text) || !ok && digits != "" {
			t.Errorf("%q reads %q, %v", text, digits, ok)
		}
		if number, err := Normalize(text); err == nil {
			if whole, ok := PhoneDigits(number); !ok || "+"+whole != number {
				t.Errorf("%s is kept and looked for as %q", number, whole)
			}
		}
	})
}
