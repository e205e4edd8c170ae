package understand

import (
	"testing"
	"time"

	"frontdesk/models"
)

// The categories that the tests know.
func testShelves() []Shelf {
	return []Shelf{
		{Slug: "hair-care", Names: models.Text{"en": "Hair care", "es": "Cuidado del cabello", "ar": "العناية بالشعر"}},
		{Slug: "shampoo", Names: models.Text{"en": "Shampoo", "es": "Champús", "ar": "شامبو"}},
		{Slug: "hair-oils", Names: models.Text{"en": "Oils and serums", "es": "Aceites y sérums", "ar": "زيوت وسيروم الشعر"}},
		{Slug: "nails", Names: models.Text{"en": "Nails", "es": "Uñas", "ar": "الأظافر"}},
		{Slug: "tools", Names: models.Text{"en": "Tools", "es": "Utensilios", "ar": "أدوات"}},
	}
}

func errandOf(text, lang string, at Counter) Errand {
	v := salon()
	v.Shelves = testShelves()
	in := Input{Text: text, Language: lang, Now: time.Date(2026, 10, 6, 10, 0, 0, 0, time.UTC), Vocabulary: v}
	return ReadErrand(in, Read(in), at)
}

var (
	nowhere = Counter{}
	listed  = Counter{Front: true, Shown: 5}
	holding = Counter{Front: true, Shown: 5, Held: true}
)

// The commands as they are documented, in three languages.
func TestCommands(t *testing.T) {
	for _, c := range []struct {
		text, lang string
		at         Counter
		want       Errand
	}{
		{"browse", "en", nowhere, Errand{Do: DoBrowse}}, {"categories", "en", nowhere, Errand{Do: DoBrowse}},
		{"catálogo", "es", nowhere, Errand{Do: DoBrowse}}, {"categorías", "es", nowhere, Errand{Do: DoBrowse}},
		{"تصفح", "ar", nowhere, Errand{Do: DoBrowse}}, {"الأقسام", "ar", nowhere, Errand{Do: DoBrowse}},
		{"show hair-care", "en", nowhere, Errand{Do: DoShow, Shelf: "hair-care"}}, {"show hair-care page 2", "en", nowhere, Errand{Do: DoShow, Shelf: "hair-care", Page: 2}},
		{"ver hair-care página 2", "es", nowhere, Errand{Do: DoShow, Shelf: "hair-care", Page: 2}}, {"muestra champús", "es", nowhere, Errand{Do: DoShow, Shelf: "shampoo"}},
		{"اعرض hair-care صفحة ٢", "ar", nowhere, Errand{Do: DoShow, Shelf: "hair-care", Page: 2}}, {"اعرض شامبو", "ar", nowhere, Errand{Do: DoShow, Shelf: "shampoo"}},
		{"more", "en", listed, Errand{Do: DoMore}}, {"más", "es", listed, Errand{Do: DoMore}}, {"المزيد", "ar", listed, Errand{Do: DoMore}},
		{"more hair-care page 3", "en", nowhere, Errand{Do: DoMore, Shelf: "hair-care", Page: 3}},
		{"details OIL-ARG-100", "en", nowhere, Errand{Do: DoDetails, SKU: "OIL-ARG-100"}}, {"detalles OIL-ARG-100", "es", nowhere, Errand{Do: DoDetails, SKU: "OIL-ARG-100"}},
		{"تفاصيل OIL-ARG-100", "ar", nowhere, Errand{Do: DoDetails, SKU: "OIL-ARG-100"}},
		{"add OIL-ARG-100", "en", nowhere, Errand{Do: DoAdd, SKU: "OIL-ARG-100"}}, {"add oil-arg-100 2", "en", nowhere, Errand{Do: DoAdd, SKU: "oil-arg-100", Qty: 2}},
		{"añade OIL-ARG-100", "es", nowhere, Errand{Do: DoAdd, SKU: "OIL-ARG-100"}}, {"أضف OIL-ARG-100", "ar", nowhere, Errand{Do: DoAdd, SKU: "OIL-ARG-100"}},
		{"أضف OIL-ARG-100 ٣", "ar", nowhere, Errand{Do: DoAdd, SKU: "OIL-ARG-100", Qty: 3}},
		{"cart", "en", nowhere, Errand{Do: DoCart}}, {"carrito", "es", nowhere, Errand{Do: DoCart}}, {"السلة", "ar", nowhere, Errand{Do: DoCart}},
		{"qty OIL-ARG-100 3", "en", nowhere, Errand{Do: DoQty, SKU: "OIL-ARG-100", Qty: 3}}, {"cantidad OIL-ARG-100 3", "es", nowhere, Errand{Do: DoQty, SKU: "OIL-ARG-100", Qty: 3}},
		{"كمية OIL-ARG-100 3", "ar", nowhere, Errand{Do: DoQty, SKU: "OIL-ARG-100", Qty: 3}}, {"qty OIL-ARG-100 0", "en", nowhere, Errand{Do: DoQty, SKU: "OIL-ARG-100"}},
		{"remove OIL-ARG-100", "en", nowhere, Errand{Do: DoRemove, SKU: "OIL-ARG-100"}}, {"quita OIL-ARG-100", "es", nowhere, Errand{Do: DoRemove, SKU: "OIL-ARG-100"}},
		{"احذف OIL-ARG-100", "ar", nowhere, Errand{Do: DoRemove, SKU: "OIL-ARG-100"}},
		{"checkout", "en", nowhere, Errand{Do: DoCheckout}}, {"pagar", "es", nowhere, Errand{Do: DoCheckout}}, {"الدفع", "ar", nowhere, Errand{Do: DoCheckout}},
		{"status", "en", nowhere, Errand{Do: DoStatus}}, {"status LU-7K3M-9QXD", "en", nowhere, Errand{Do: DoStatus, Order: "LU-7K3M-9QXD"}},
		{"estado LU-7K3M-9QXD", "es", nowhere, Errand{Do: DoStatus, Order: "LU-7K3M-9QXD"}}, {"حالة الطلب LU-7K3M-9QXD", "ar", nowhere, Errand{Do: DoStatus, Order: "LU-7K3M-9QXD"}},
		{"status 019a4c1e-0d6e-7c2b-9d6e-2f1a4c1e0d6e", "en", nowhere, Errand{Do: DoStatus, Order: "019a4c1e-0d6e-7c2b-9d6e-2f1a4c1e0d6e"}},
		{"return LU-7K3M-9QXD", "en", nowhere, Errand{Do: DoReturn, Order: "LU-7K3M-9QXD"}}, {"devolver LU-7K3M-9QXD", "es", nowhere, Errand{Do: DoReturn, Order: "LU-7K3M-9QXD"}},
		{"إرجاع LU-7K3M-9QXD", "ar", nowhere, Errand{Do: DoReturn, Order: "LU-7K3M-9QXD"}},
	} {
		got := errandOf(c.text, c.lang, c.at)
		c.want.Typed, got.Words, got.Tongue = true, "", ""
		if got != c.want {
			t.Errorf("%q (%s): %+v, want %+v", c.text, c.lang, got, c.want)
		}
	}
}

// What people write instead of commands.
func TestErrandsInOrdinaryWords(t *testing.T) {
	for _, c := range []struct {
		text, lang string
		at         Counter
		want       Errand
	}{
		{"do you have argan oil?", "en", nowhere, Errand{Do: DoSearch, Words: "argan oil"}}, {"tienes champú sin sulfatos", "es", nowhere, Errand{Do: DoSearch, Words: "champú sulfatos"}},
		{"عندكم زيت أرغان؟", "ar", nowhere, Errand{Do: DoSearch, Words: "زيت أرغان"}}, {"بدي شامبو للشعر الجاف", "ar", nowhere, Errand{Do: DoSearch, Words: "شامبو للشعر الجاف"}},
		{"busco una mascarilla para el pelo seco", "es", nowhere, Errand{Do: DoSearch, Words: "mascarilla pelo seco"}},
		{"I'm looking for a conditioner for curly hair", "en", nowhere, Errand{Do: DoSearch, Words: "conditioner curly hair"}},
		{"two more of those", "en", holding, Errand{Do: DoAdd, Of: OfThose, Qty: 2, More: true}}, {"dos más de esos", "es", holding, Errand{Do: DoAdd, Of: OfThose, Qty: 2, More: true}},
		{"كمان حبتين منه", "ar", holding, Errand{Do: DoAdd, Of: OfThose, Qty: 2, More: true}},
		{"put it in my basket", "en", holding, Errand{Do: DoAdd, Of: OfThose}}, {"ponlo en el carrito", "es", holding, Errand{Do: DoAdd, Of: OfThose}}, {"حطه في السلة", "ar", holding, Errand{Do: DoAdd, Of: OfThose}},
		{"2", "en", listed, Errand{Do: DoPick, Of: 2}}, {"٢", "ar", listed, Errand{Do: DoPick, Of: 2}}, {"el segundo", "es", listed, Errand{Do: DoPick, Of: 2}},
		{"the second one", "en", listed, Errand{Do: DoPick, Of: 2}}, {"الثاني", "ar", listed, Errand{Do: DoPick, Of: 2}}, {"the last one", "en", listed, Errand{Do: DoPick, Of: 5}},
		{"add the second one", "en", listed, Errand{Do: DoAdd, Of: 2}}, {"añade dos del primero", "es", listed, Errand{Do: DoAdd, Of: 1, Qty: 2}}, {"أضف الثاني", "ar", listed, Errand{Do: DoAdd, Of: 2}},
		{"I'll take it", "en", holding, Errand{Do: DoAdd, Of: OfThose}}, {"me lo llevo", "es", holding, Errand{Do: DoAdd, Of: OfThose}}, {"باخذه", "ar", holding, Errand{Do: DoAdd, Of: OfThose}},
		{"what's in my basket?", "en", nowhere, Errand{Do: DoCart}}, {"¿qué tengo en el carrito?", "es", nowhere, Errand{Do: DoCart}}, {"شو في السلة؟", "ar", nowhere, Errand{Do: DoCart}},
		{"take the oil out of my basket", "en", nowhere, Errand{Do: DoRemove, Words: "oil"}}, {"quita el aceite del carrito", "es", nowhere, Errand{Do: DoRemove, Words: "aceite"}},
		{"شيل الزيت من السلة", "ar", nowhere, Errand{Do: DoRemove, Words: "الزيت"}},
		{"I want to pay for my basket", "en", nowhere, Errand{Do: DoCheckout}}, {"quiero finalizar el pedido", "es", nowhere, Errand{Do: DoCheckout}}, {"أريد إتمام الطلب", "ar", nowhere, Errand{Do: DoCheckout}},
		{"where is my order?", "en", nowhere, Errand{Do: DoStatus}}, {"¿dónde está mi pedido?", "es", nowhere, Errand{Do: DoStatus}}, {"وين طلبي؟", "ar", nowhere, Errand{Do: DoStatus}},
		{"I want to return a product", "en", nowhere, Errand{Do: DoReturn}}, {"quiero devolver un producto", "es", nowhere, Errand{Do: DoReturn}}, {"أريد إرجاع منتج", "ar", nowhere, Errand{Do: DoReturn}},
		{"cancel my order", "en", nowhere, Errand{Do: DoGiveUp}}, {"quiero cancelar mi pedido", "es", nowhere, Errand{Do: DoGiveUp}}, {"أريد إلغاء الطلب", "ar", nowhere, Errand{Do: DoGiveUp}},
		{"what do you sell?", "en", nowhere, Errand{Do: DoBrowse}}, {"¿qué productos tenéis?", "es", nowhere, Errand{Do: DoBrowse}}, {"شو منتجاتكم؟", "ar", nowhere, Errand{Do: DoBrowse}},
		{"make it 3", "en", holding, Errand{Do: DoQty, Of: OfThose, Qty: 3}}, {"que sean 3", "es", holding, Errand{Do: DoQty, Of: OfThose, Qty: 3}}, {"خليها 3", "ar", holding, Errand{Do: DoQty, Of: OfThose, Qty: 3}},
		{"how much is the argan oil?", "en", nowhere, Errand{Do: DoDetails, Words: "argan oil"}}, {"¿cuánto cuesta el aceite de argán?", "es", nowhere, Errand{Do: DoDetails, Words: "aceite argán"}},
		{"put two argan oils in my cart", "en", nowhere, Errand{Do: DoAdd, Words: "argan oils", Qty: 2}}, {"ponme dos champús en la cesta", "es", nowhere, Errand{Do: DoAdd, Words: "champús", Qty: 2}},
		{"back to my booking", "en", listed, Errand{Do: DoBack}}, {"volver a mi cita", "es", listed, Errand{Do: DoBack}}, {"نرجع للموعد", "ar", listed, Errand{Do: DoBack}},
		{"a serum for the tips of my hair", "en", nowhere, Errand{Do: DoSearch, Words: "serum tips hair"}}, {"quiero un sérum para las puntas", "es", nowhere, Errand{Do: DoAdd, Words: "sérum puntas", Qty: 1}},
		{"بدي سيروم للأطراف", "ar", nowhere, Errand{Do: DoSearch, Words: "سيروم للأطراف"}},
		{"add two", "en", holding, Errand{Do: DoAdd, Of: OfThose, Qty: 2}}, {"añade dos", "es", holding, Errand{Do: DoAdd, Of: OfThose, Qty: 2}}, {"ضيف اثنين", "ar", holding, Errand{Do: DoAdd, Of: OfThose, Qty: 2}},
		{"one more OIL-ARG-50", "en", holding, Errand{Do: DoAdd, SKU: "OIL-ARG-50", Qty: 1, More: true}},
		{"argan oil 100 ml", "en", nowhere, Errand{Do: DoDetails, Words: "argan oil 100 ml"}},
	} {
		got := errandOf(c.text, c.lang, c.at)
		got.Typed, got.Shelf, got.Tongue = false, "", ""
		if c.want.Do != DoSearch && c.want.Words == "" {
			got.Words = ""
		}
		if got != c.want {
			t.Errorf("%q (%s): %+v, want %+v", c.text, c.lang, got, c.want)
		}
	}
}

// What is said of visits is no errand, whatever was shown before.
func TestVisitsAreNoErrands(t *testing.T) {
	for lang, texts := range map[string][]string{
		"en": {
			"I'd like a haircut on Friday", "add a blow-dry", "10:30 with Salma please", "cancel my appointment", "move it to Thursday", "the earlier one", "show me times on Friday",
			"when is my appointment?", "how much is a haircut?", "where can I park?", "thanks!", "hello", "I want to talk to a person", "balayage and a cut", "I'll be ten minutes late", "Noor Haddad", "yes", "no thanks", "pack please",
			"hiya how much for brows n a gel manicure?",
		},
		"es": {
			"quiero un corte el viernes", "añade un peinado", "a las 10:30 con Salma", "cancelar mi cita", "¿cuándo es mi cita?", "¿cuánto cuesta un corte?", "¿dónde puedo aparcar?", "gracias", "hola", "sí", "no",
			"corte, tinte y secado rápido el martes, ¿cuánto es?", "wenas cuanto cuestan las cejas y la manicura en gel?",
			"quiero hablar con una persona", "llego diez minutos tarde", "ver horarios del viernes",
		},
		"ar": {
			"أريد قص شعر يوم الجمعة", "10:30 مع سلمى", "إلغاء الموعد", "متى موعدي؟", "كم سعر القص؟", "أين أقدر أوقف السيارة؟", "شكرا", "مرحبا", "نعم", "لا", "أريد التحدث مع موظف", "سأتأخر 10 دقائق",
		},
	} {
		for _, text := range texts {
			for _, at := range []Counter{nowhere, holding} {
				if got := errandOf(text, lang, at); got.Do != DoNothing {
					t.Errorf("%q (%s, %+v): %+v", text, lang, at, got)
				}
			}
		}
	}
}

// A question of the salon's is answered with what it asks for; who asks for goods meanwhile is in the shop.
func TestGoodsBesideAQuestion(t *testing.T) {
	v := salon()
	v.Shelves = testShelves()
	for _, c := range []struct {
		text, lang string
		expect     Expect
		want       ErrandKind
	}{
		{"do you have argan oil?", "en", ExpectPack, DoSearch}, {"¿tenéis aceite de argán?", "es", ExpectPack, DoSearch}, {"عندكم زيت أرغان؟", "ar", ExpectPack, DoSearch},
		{"do you have argan oil?", "en", ExpectNameConfirm, DoSearch}, {"¿tenéis aceite de argán?", "es", ExpectName, DoSearch}, {"عندكم زيت أرغان؟", "ar", ExpectSurname, DoSearch},
		{"what's in my cart?", "en", ExpectSurname, DoCart}, {"I'll have the pack", "en", ExpectPack, DoNothing}, {"ponme el pack", "es", ExpectPack, DoNothing},
		{"la del aceite", "es", ExpectServiceChoice, DoNothing}, {"اسمي كريم", "ar", ExpectName, DoNothing},
	} {
		in := Input{Text: c.text, Language: c.lang, Now: now, Vocabulary: v, Expect: c.expect}
		if c.expect == ExpectServiceChoice {
			in.Options = []models.Option{{ID: "service:OIL_COLOUR", Title: "Color brillo en aceite"}, {ID: "service:COLOUR_FULL", Title: "Coloración completa"}}
		}
		open := in
		open.Expect, open.Options = ExpectNone, nil
		if got := ReadErrand(in, Read(open), Counter{}); got.Do != c.want {
			t.Errorf("%q (%s, %s): %+v, want %q", c.text, c.lang, c.expect, got, c.want)
		}
	}
}
