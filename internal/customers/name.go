package customers

import (
	"slices"
	"strings"
	"unicode"
)

// Bounds of a reliable name, in letters and characters (scenarios section 1, name rules).
const (
	minNameLetters = 3
	maxNameLength  = 40
)

// fillers are profile names that name nobody: relations, placeholders and business words.
func fillers() []string {
	return []string{
		"user", "guest", "customer", "client", "test", "admin", "unknown", "anonymous", "none", "null", "name", "nobody",
		"me", "mum", "mom", "mama", "mother", "dad", "papa", "father", "home", "work", "office", "phone", "mobile", "whatsapp",
		"business", "company", "shop", "store", "salon", "studio", "beauty", "hair", "hairdresser", "spa", "clinic", "restaurant",
		"cafe", "hotel", "service", "services", "support", "sales", "info", "agency", "group", "limited", "ltd",
		"usuario", "cliente", "invitado", "prueba", "desconocido", "yo", "mamá", "madre", "papá", "padre", "casa", "trabajo",
		"oficina", "empresa", "negocio", "tienda", "peluquería", "peluqueria", "estética", "estetica", "belleza", "clínica",
		"clinica", "restaurante", "servicio", "servicios", "grupo", "ventas", "móvil", "movil",
		"مستخدم", "عميل", "زبون", "ضيف", "مجهول", "تجربة", "أنا", "انا", "ماما", "أمي", "امي", "بابا", "أبي", "ابي", "البيت", "العمل",
		"المكتب", "شركة", "متجر", "محل", "صالون", "عيادة", "مطعم", "فندق", "خدمة", "خدمات", "مجموعة", "مبيعات", "جوال", "هاتف",
	}
}

// Reliable tells whether a profile name can be asked back as "is your name X?": letters of
// any script, spaces, hyphens, apostrophes and dots only, at least 3 letters, at most 40 characters,
// and no filler or business word among its words.
func Reliable(profile string) bool {
	name := strings.TrimSpace(profile)
	if len([]rune(name)) > maxNameLength {
		return false
	}
	letters := 0
	for _, r := range name {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsMark(r): // Arabic vowel signs and combining accents belong to their letter
		case strings.ContainsRune(" -'’.", r):
		default:
			return false
		}
	}
	if letters < minNameLetters {
		return false
	}
	known := fillers()
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if slices.Contains(known, word) {
			return false
		}
	}
	return true
}

// FirstName is the part of a reliable profile name to greet with: everything before the first space,
// unless that is an initial or a particle too short to stand alone.
func FirstName(profile string) string {
	words := strings.Fields(profile)
	if len(words) == 0 {
		return ""
	}
	if len([]rune(strings.Trim(words[0], ".-'’"))) < 2 {
		return strings.Join(words, " ")
	}
	return words[0]
}
