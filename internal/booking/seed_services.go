package booking

import (
	"time"

	"frontdesk/models"
)

// item is one line of the demo salon's price list, with the ordinary words customers use for it.
// Typos and inflections are the understanding's business.
type item struct {
	code                           string
	category                       models.Category
	minutes                        int
	minor                          int64
	english, spanish, arabic       string
	inEnglish, inSpanish, inArabic []string
}

func demoServices(now time.Time) []models.Service {
	items := append(hairItems(), aestheticsItems()...)
	rows := make([]models.Service, len(items))
	for i, it := range items {
		rows[i] = models.Service{
			ID: models.NewID(), Code: it.code, Category: it.category, Minutes: it.minutes,
			PriceMinor: it.minor, Currency: demoCurrency, Names: text(it.english, it.spanish, it.arabic),
			Synonyms: models.Words{models.English: it.inEnglish, models.Spanish: it.inSpanish, models.Arabic: it.inArabic},
			Position: i + 1, Active: true, CreatedAt: now, UpdatedAt: now,
		}
	}
	return rows
}

// anyColour are the words that name colouring without saying which: they belong to both colours, so
// that the customer is asked (C12).
func anyColour() (english, spanish, arabic []string) {
	return []string{"colour", "color", "hair colour", "hair color", "colouring", "coloring", "tint", "dye", "hair dye", "dye my hair"},
		[]string{"color", "coloración", "tinte", "teñir", "teñirme", "teñirme el pelo", "tintarme"},
		[]string{"صبغة", "صبغ", "صبغة شعر", "صبغ الشعر", "لون", "تلوين", "تلوين الشعر"}
}

func hairItems() []item {
	english, spanish, arabic := anyColour()
	return []item{
		{"HIGHLIGHTS", models.Hair, 60, 6250, "Highlights", "Mechas", "هايلايت للشعر",
			[]string{"highlights", "highlight", "streaks", "foils", "meches"},
			[]string{"mechas", "mecha", "mechitas", "reflejos"},
			[]string{"هايلايت", "هاي لايت", "خصل", "خصل شعر", "ميش"}},
		{"CUT", models.Hair, 40, 2620, "Haircut", "Corte de pelo", "قص شعر",
			[]string{"haircut", "hair cut", "cut", "trim", "cut my hair"},
			[]string{"corte", "corte de cabello", "cortarme el pelo", "cortar el pelo", "cortarme las puntas"},
			[]string{"قص", "قص الشعر", "قصة", "قصة شعر", "أقص شعري", "قص شعري"}},
		{"CUT_MEN", models.Hair, 40, 1750, "Men's haircut", "Corte de caballero", "قص شعر رجالي",
			[]string{"men's cut", "mens haircut", "mens cut", "gents cut", "male haircut", "haircut for men"},
			[]string{"corte caballero", "corte de hombre", "corte hombre", "corte masculino", "corte para hombre"},
			[]string{"قص رجالي", "قصة رجالية", "حلاقة", "حلاقة رجالية", "قص شعر للرجال"}},
		{"STYLE", models.Hair, 40, 1750, "Styling", "Peinado", "تصفيف الشعر",
			[]string{"styling", "hair styling", "hairstyle", "hairdo", "updo"},
			[]string{"peinado", "peinar", "peinarme", "recogido"},
			[]string{"تصفيف", "تصفيف شعر", "تسريحة", "تسريحة شعر"}},
		{"STYLE_LONG", models.Hair, 45, 2250, "Long-hair styling", "Peinado de pelo largo", "تصفيف الشعر الطويل",
			[]string{"long hair styling", "styling long hair", "style for long hair", "long hairstyle"},
			[]string{"peinado largo", "peinado pelo largo", "peinado para pelo largo"},
			[]string{"تصفيف شعر طويل", "تسريحة شعر طويل", "تسريحة للشعر الطويل"}},
		{"BLOW_DRY", models.Hair, 5, 820, "Quick blow-dry", "Secado rápido", "تجفيف سريع",
			[]string{"blow dry", "blow-dry", "blowdry", "blow out", "quick dry", "drying"},
			[]string{"secado", "secar", "secar el pelo", "secarme el pelo"},
			[]string{"تجفيف", "تجفيف الشعر", "سشوار", "استشوار"}},
		{"OIL_COLOUR", models.Hair, 30, 3400, "Oil gloss colour", "Color brillo en aceite", "صبغة زيتية لامعة",
			append([]string{"oil colour", "oil color", "oil gloss", "gloss colour", "gloss color", "oil dye"}, english...),
			append([]string{"color en aceite", "color brillo", "brillo en aceite", "tinte en aceite", "coloración en aceite"}, spanish...),
			append([]string{"صبغة زيتية", "صبغة زيت", "صبغة بالزيت", "صبغة لامعة"}, arabic...)},
		{"COLOUR_FULL", models.Hair, 50, 4300, "Full colour", "Coloración completa", "صبغة كاملة",
			append([]string{"full color", "full hair colour", "full dye", "whole head colour", "all over colour"}, english...),
			append([]string{"color completo", "tinte completo", "color entero", "tinte entero"}, spanish...),
			append([]string{"صبغة كاملة للشعر", "صبغ كامل", "صبغ كامل الشعر", "صبغة لكل الشعر"}, arabic...)},
		{"CLAY", models.Hair, 40, 3650, "Mineral clay mask", "Mascarilla de arcilla", "قناع الطين المعدني",
			[]string{"clay mask", "clay", "mineral mask", "mineral clay", "mud mask"},
			[]string{"arcilla", "mascarilla arcilla", "mascarilla mineral"},
			[]string{"قناع الطين", "قناع طين", "ماسك الطين", "ماسك طين", "طين"}},
		{"CLAY_RICH", models.Hair, 40, 4800, "Rich mineral clay mask", "Mascarilla de arcilla intensiva", "قناع الطين المعدني الغني",
			[]string{"rich clay mask", "rich clay", "rich mask", "intensive clay mask"},
			[]string{"arcilla intensiva", "mascarilla intensiva", "arcilla rica"},
			[]string{"قناع الطين الغني", "قناع طين غني", "ماسك الطين الغني", "الطين الغني"}},
		{"MOISTURE", models.Hair, 25, 2000, "Deep moisture treatment", "Hidratación profunda", "علاج ترطيب عميق",
			[]string{"deep moisture", "moisture treatment", "moisturising", "moisturizing", "hydration", "deep conditioning"},
			[]string{"hidratación", "hidratar", "hidratarme el pelo", "tratamiento hidratante"},
			[]string{"ترطيب", "ترطيب عميق", "ترطيب الشعر", "علاج ترطيب"}},
		{"SCALP_CALM", models.Hair, 30, 2090, "Soothing scalp care", "Cuidado calmante del cuero cabelludo", "عناية مهدئة لفروة الرأس",
			[]string{"scalp care", "scalp treatment", "soothing scalp", "calming scalp care"},
			[]string{"cuero cabelludo", "cuidado calmante", "tratamiento calmante"},
			[]string{"فروة الرأس", "عناية بفروة الرأس", "عناية مهدئة", "تهدئة فروة الرأس"}},
		{"SCALP_FORCE", models.Hair, 30, 2090, "Strengthening scalp care", "Cuidado fortalecedor", "عناية مقوية لفروة الرأس",
			[]string{"scalp care", "scalp treatment", "strengthening scalp", "hair strengthening", "strengthening care"},
			[]string{"cuero cabelludo", "fortalecedor", "tratamiento fortalecedor", "fortalecer el pelo"},
			[]string{"فروة الرأس", "عناية بفروة الرأس", "عناية مقوية", "تقوية الشعر", "تقوية فروة الرأس"}},
		{"CONSULT_HAIR", models.Hair, 15, 0, "Free hair consultation", "Consulta capilar gratuita", "استشارة شعر مجانية",
			[]string{"consultation", "free consultation", "hair consultation", "hair advice"},
			[]string{"consulta", "consulta gratuita", "consulta capilar", "asesoría capilar"},
			[]string{"استشارة", "استشارة مجانية", "استشارة شعر", "استشارة للشعر"}},
	}
}

func aestheticsItems() []item {
	return []item{
		{"FACIAL", models.Aesthetics, 60, 5750, "Revitalising facial", "Facial revitalizante", "علاج منعش للوجه",
			[]string{"facial", "revitalizing facial", "biotherapy", "bio therapy", "face treatment", "skin treatment"},
			[]string{"facial", "bioterapia", "limpieza facial", "tratamiento facial", "limpieza de cutis"},
			[]string{"علاج للوجه", "علاج الوجه", "عناية بالوجه", "فيشل", "تنظيف بشرة", "تنظيف البشرة", "علاج حيوي", "بيوثيرابي"}},
		{"BROWS", models.Aesthetics, 15, 700, "Eyebrow shaping", "Diseño de cejas", "تحديد الحواجب",
			[]string{"eyebrows", "eyebrow", "brows", "brow shaping", "eyebrow wax", "eyebrow waxing", "brow wax", "eyebrow threading"},
			[]string{"cejas", "ceja", "depilación de cejas", "cera de cejas", "perfilado de cejas"},
			[]string{"حواجب", "الحواجب", "حاجب", "رسم الحواجب", "تنظيف الحواجب", "شمع الحواجب", "تشقير الحواجب"}},
		{"LIP_WAX", models.Aesthetics, 10, 600, "Upper-lip wax", "Cera de labio superior", "إزالة شعر الشفة العليا",
			[]string{"upper lip", "lip wax", "upper lip wax", "moustache wax", "lip waxing"},
			[]string{"labio superior", "cera de labio", "bigote", "cera de bigote", "depilación de labio"},
			[]string{"الشفة العليا", "شفة", "شنب", "إزالة الشنب", "شمع الشفة"}},
		{"GEL_MANI", models.Aesthetics, 90, 4070, "Gel manicure with hand care", "Manicura en gel con cuidado de manos", "مانيكير جل مع عناية باليدين",
			[]string{"manicure", "gel manicure", "mani", "nails", "gel nails", "hand care"},
			[]string{"manicura", "manicura en gel", "manicura gel", "uñas", "uñas de gel", "cuidado de manos"},
			[]string{"مانيكير", "مناكير", "منيكير", "مانيكير جل", "أظافر", "أظافر جل", "عناية باليدين"}},
		{"GEL_PEDI", models.Aesthetics, 75, 5460, "Gel pedicure with foot care", "Pedicura en gel con cuidado de pies", "باديكير جل مع عناية بالقدمين",
			[]string{"pedicure", "gel pedicure", "pedi", "toenails", "foot care"},
			[]string{"pedicura", "pedicura en gel", "pedicura gel", "uñas de los pies", "cuidado de pies"},
			[]string{"باديكير", "بديكير", "بدكير", "باديكير جل", "أظافر القدمين", "عناية بالقدمين"}},
		{"MASSAGE_30", models.Aesthetics, 30, 3650, "Body massage", "Masaje corporal", "مساج للجسم",
			[]string{"massage", "short massage", "half hour massage", "30 minute massage"},
			[]string{"masaje", "masaje corto", "masaje de media hora", "masaje de 30 minutos"},
			[]string{"مساج", "تدليك", "مساج قصير", "مساج نصف ساعة", "مساج 30 دقيقة"}},
		{"MASSAGE_60", models.Aesthetics, 60, 6100, "Body massage", "Masaje corporal", "مساج للجسم",
			[]string{"massage", "long massage", "one hour massage", "hour massage", "60 minute massage"},
			[]string{"masaje", "masaje largo", "masaje de una hora", "masaje de 60 minutos"},
			[]string{"مساج", "تدليك", "مساج طويل", "مساج ساعة", "مساج 60 دقيقة"}},
		{"MAKEUP", models.Aesthetics, 60, 4350, "Make-up", "Maquillaje", "مكياج",
			[]string{"makeup", "make up", "make-up", "party makeup"},
			[]string{"maquillaje", "maquillar", "maquillarme"},
			[]string{"مكياج", "ميك أب", "ماكياج", "مكياج سهرة"}},
		{"CONSULT_AES", models.Aesthetics, 15, 0, "Free aesthetics consultation", "Consulta estética gratuita", "استشارة تجميل مجانية",
			[]string{"consultation", "free consultation", "aesthetics consultation", "beauty consultation", "skin consultation"},
			[]string{"consulta", "consulta gratuita", "consulta estética", "consulta de estética"},
			[]string{"استشارة", "استشارة مجانية", "استشارة تجميل", "استشارة تجميلية"}},
	}
}
