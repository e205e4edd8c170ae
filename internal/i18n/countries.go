package i18n

import (
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"frontdesk/models"
)

// Country is a country that something can be sent to, by its ISO 3166 code.
type Country struct{ Code, Name string }

// countries are all of them in each language, made at first use.
var countries = sync.OnceValue(func() map[models.Language][]Country {
	out := map[models.Language][]Country{}
	for _, lang := range models.Languages() {
		out[lang] = countriesIn(language.Make(lang))
	}
	return out
})

// Countries are all countries, in the order of their names in the language.
func Countries(lang models.Language) []Country {
	if list, known := countries()[lang]; known {
		return list
	}
	return countries()[models.English]
}

// CountryName is what a country is called in the language; the code itself when it is none of ours.
func CountryName(lang models.Language, code string) string {
	for _, c := range Countries(lang) {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}

func countriesIn(tag language.Tag) []Country {
	names := display.Regions(tag)
	var out []Country
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			if err != nil || !region.IsCountry() || region.String() != code || region.Canonicalize() != region {
				continue
			}
			if name := names.Name(region); name != "" {
				out = append(out, Country{code, name})
			}
		}
	}
	collate.New(tag).Sort(byName(out))
	return out
}

// byName lets a collator put countries into order.
type byName []Country

func (c byName) Len() int           { return len(c) }
func (c byName) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c byName) Bytes(i int) []byte { return []byte(c[i].Name) }
