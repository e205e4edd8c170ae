package customers

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// mexican is the length of a Mexican mobile number with the 1 that its mobiles once had after the
// country code. WhatsApp still writes it, and takes the number without it.
const mexican = 13

// How long a whole number is, "+" included. The library also takes short ones within some countries
// ("+4900"), which nobody abroad can be reached at.
const (
	shortest = 8
	longest  = 16
)

// Normalize writes a phone number as E.164. Numbers are international, with or without their
// "+", also when it arrived URL-decoded as a space or written as "00". Possible is enough: the library
// calls whole reserved ranges invalid. Fault: customers.phone.
func Normalize(phone string) (string, error) {
	digits := strings.TrimLeft(strings.TrimSpace(phone), "+")
	digits = strings.TrimPrefix(digits, "00")
	if len(digits) == mexican && strings.HasPrefix(digits, "521") {
		digits = "52" + digits[3:]
	}
	whole, ok := e164("+" + digits)
	if !ok {
		return "", noPhone()
	}
	if again, ok := e164(whole); !ok || again != whole { // the library drops a zero where there are only zeros
		return "", noPhone()
	}
	return whole, nil
}

// e164 is how the library writes a number that is possible and of a length somebody can be reached at.
func e164(phone string) (string, bool) {
	number, err := phonenumbers.Parse(phone, "")
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return "", false
	}
	whole := phonenumbers.Format(number, phonenumbers.E164)
	return whole, len(whole) >= shortest && len(whole) <= longest
}

// CountryLanguage is the language of ours that most people of a phone's country speak: a guess for
// somebody who has not written yet. English for what is no phone.
func CountryLanguage(phone string) models.Language {
	number, err := phonenumbers.Parse(phone, "")
	if err != nil {
		return models.English
	}
	switch number.GetCountryCode() {
	case 34, 51, 52, 53, 54, 56, 57, 58, 502, 503, 504, 505, 506, 507, 591, 593, 595, 598:
		return models.Spanish
	case 20, 212, 213, 216, 218, 249, 961, 962, 963, 964, 965, 966, 967, 968, 970, 971, 973, 974:
		return models.Arabic
	default:
		return models.English
	}
}

func noPhone() error {
	return fault.Invalid("customers.phone", map[string]string{"phone": "customers.phone"})
}

// NormalizeIn is Normalize of a number as people of a country (ISO 3166, two letters) write it, with the country's
// code or without. Fault: customers.phone.
func NormalizeIn(phone, country string) (string, error) {
	typed := strings.TrimSpace(phone)
	if country == "" || strings.HasPrefix(typed, "+") || strings.HasPrefix(typed, "00") {
		return Normalize(typed)
	}
	number, err := phonenumbers.Parse(typed, strings.ToUpper(country))
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return Normalize(typed)
	}
	return Normalize(phonenumbers.Format(number, phonenumbers.E164))
}

// Country is the country of a phone number, by its ISO 3166 code; empty where it is none or none that is known.
func Country(phone string) string {
	number, err := phonenumbers.Parse(phone, "")
	if err != nil {
		return ""
	}
	region := phonenumbers.GetRegionCodeForCountryCode(int(number.GetCountryCode()))
	if len(region) != 2 || region == "ZZ" {
		return ""
	}
	return region
}
