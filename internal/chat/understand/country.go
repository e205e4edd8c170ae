package understand

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"frontdesk/models"
)

// countryTongues are the languages that countries are named in here.
func countryTongues() map[models.Language]display.Namer {
	return map[models.Language]display.Namer{
		models.English: display.Regions(language.English), models.Spanish: display.Regions(language.Spanish), models.Arabic: display.Regions(language.Arabic),
	}
}

// shortCountries are what people call a country besides its name.
const shortCountries = `uk GB
	england GB
	britain GB
	inglaterra GB
	بريطانيا GB
	usa US
	us US
	america US
	eeuu US
	امريكا US
	uae AE
	emirates AE
	emiratos AE
	الامارات AE
	ksa SA
	السعوديه SA
	españa ES
	اسبانيا ES`

// countries are the codes of countries by their folded names in all our languages.
var countries = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			region, err := language.ParseRegion(string(a) + string(b))
			if err != nil || !region.IsCountry() || region.String() != string(a)+string(b) {
				continue
			}
			for _, names := range countryTongues() {
				if name := names.Name(region); name != "" {
					all[foldAll(name)] = region.String()
				}
			}
		}
	}
	for line := range strings.Lines(shortCountries) {
		if w := strings.Fields(line); len(w) == 2 {
			all[fold(w[0])] = w[1]
		}
	}
	return all
})

// foldAll folds each word of a text.
func foldAll(text string) string {
	var words []string
	for _, t := range cut(text).tokens {
		words = append(words, t.text)
	}
	return strings.Join(words, " ")
}

// Country is the country that a text names, as its two letters of ISO 3166-1; empty when it names none. Two letters
// alone are taken for the code.
func Country(text string) string {
	folded := foldAll(text)
	if code, ok := countries()[folded]; ok {
		return code
	}
	if code := strings.ToUpper(strings.TrimSpace(text)); len(code) == 2 {
		if region, err := language.ParseRegion(code); err == nil && region.IsCountry() && region.String() == code {
			return code
		}
	}
	for _, lead := range []string{"the ", "in ", "en ", "a "} {
		if code, ok := countries()[strings.TrimPrefix(folded, lead)]; ok {
			return code
		}
	}
	return ""
}

// CountryName is a country by its name in a language.
func CountryName(lang models.Language, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := countryTongues()[lang].Name(region); name != "" {
		return name
	}
	return code
}
