package understand

import (
	"time"

	"frontdesk/models"
)

// now is the default moment of the scenarios: Tuesday 6 October 2026, 10:00 in Madrid.
var (
	madrid = mustZone("Europe/Madrid")
	now    = time.Date(2026, time.October, 6, 10, 0, 0, 0, madrid)
)

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

func service(code string, category models.Category, minutes int, en, es, ar string, synonyms ...string) Service {
	s := Service{Code: code, Category: category, Minutes: minutes,
		Names: models.Text{"en": en, "es": es, "ar": ar}, Synonyms: models.Words{}}
	if len(synonyms) > 0 {
		s.Synonyms["en"] = synonyms
	}
	return s
}

// salon is the menu of the scenarios, with no more synonyms than they ask for.
func salon() Vocabulary {
	return Vocabulary{
		Services: []Service{
			service("HIGHLIGHTS", models.Hair, 60, "Highlights", "Mechas", "هايلايت للشعر"),
			service("CUT", models.Hair, 40, "Haircut", "Corte de pelo", "قص شعر"),
			service("CUT_MEN", models.Hair, 40, "Men's haircut", "Corte de caballero", "قص شعر رجالي"),
			service("STYLE", models.Hair, 40, "Styling", "Peinado", "تصفيف الشعر"),
			service("STYLE_LONG", models.Hair, 45, "Long-hair styling", "Peinado de pelo largo", "تصفيف الشعر الطويل"),
			service("BLOW_DRY", models.Hair, 5, "Quick blow-dry", "Secado rápido", "تجفيف سريع"),
			service("OIL_COLOUR", models.Hair, 30, "Oil gloss colour", "Color brillo en aceite", "صبغة زيتية لامعة", "colour", "tint", "dye"),
			service("COLOUR_FULL", models.Hair, 50, "Full colour", "Coloración completa", "صبغة كاملة", "colour", "tint", "dye"),
			service("CLAY", models.Hair, 40, "Mineral clay mask", "Mascarilla de arcilla", "قناع الطين المعدني"),
			service("CLAY_RICH", models.Hair, 40, "Rich mineral clay mask", "Mascarilla de arcilla intensiva", "قناع الطين المعدني الغني"),
			service("MOISTURE", models.Hair, 25, "Deep moisture treatment", "Hidratación profunda", "علاج ترطيب عميق"),
			service("SCALP_CALM", models.Hair, 30, "Soothing scalp care", "Cuidado calmante del cuero cabelludo", "عناية مهدئة لفروة الرأس"),
			service("SCALP_FORCE", models.Hair, 30, "Strengthening scalp care", "Cuidado fortalecedor", "عناية مقوية لفروة الرأس"),
			service("CONSULT_HAIR", models.Hair, 15, "Free hair consultation", "Consulta capilar gratuita", "استشارة شعر مجانية"),
			service("FACIAL", models.Aesthetics, 60, "Revitalising facial", "Facial revitalizante", "علاج منعش للوجه", "biotherapy"),
			service("BROWS", models.Aesthetics, 15, "Eyebrow shaping", "Diseño de cejas", "تحديد الحواجب", "eyebrow wax"),
			service("LIP_WAX", models.Aesthetics, 10, "Upper-lip wax", "Cera de labio superior", "إزالة شعر الشفة العليا"),
			service("GEL_MANI", models.Aesthetics, 90, "Gel manicure with hand care", "Manicura en gel con cuidado de manos", "مانيكير جل مع عناية باليدين"),
			service("GEL_PEDI", models.Aesthetics, 75, "Gel pedicure with foot care", "Pedicura en gel con cuidado de pies", "باديكير جل مع عناية بالقدمين"),
			service("MASSAGE_30", models.Aesthetics, 30, "Body massage", "Masaje corporal", "مساج للجسم"),
			service("MASSAGE_60", models.Aesthetics, 60, "Body massage", "Masaje corporal", "مساج للجسم"),
			service("MAKEUP", models.Aesthetics, 60, "Make-up", "Maquillaje", "مكياج"),
			service("CONSULT_AES", models.Aesthetics, 15, "Free aesthetics consultation", "Consulta estética gratuita", "استشارة تجميل مجانية"),
		},
		Packs: []Pack{{
			Code: "PACK_HC", Services: []string{"HIGHLIGHTS", "CUT"},
			Names: models.Text{"en": "Pack: highlights + haircut", "es": "Pack mechas + corte", "ar": "باقة هايلايت وقص الشعر"},
		}},
		Stylists: []Stylist{
			{Code: "salma", Names: models.Text{"en": "Salma", "es": "Salma", "ar": "سلمى"}},
			{Code: "dana", Names: models.Text{"en": "Dana", "es": "Dana", "ar": "دانا"}},
			{Code: "iris", Names: models.Text{"en": "Iris", "es": "Iris", "ar": "إيريس"}},
			{Code: "omar", Names: models.Text{"en": "Omar", "es": "Omar", "ar": "عمر"}},
			{Code: "bruno", Names: models.Text{"en": "Bruno", "es": "Bruno", "ar": "برونو"}},
		},
		FAQs: []FAQ{{Key: "hours"}, {Key: "parking"}, {Key: "address"}, {Key: "cancellation"}, {Key: "payment"}},
	}
}

// slotOptions are the two times of S01.
func slotOptions() []models.Option {
	return []models.Option{{ID: "slot:0", Title: "Fri 10:30 Salma"}, {ID: "slot:1", Title: "Fri 12:30 Dana"}}
}
