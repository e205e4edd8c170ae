package scenarios

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// The shop in the conversation: looking, the cart, orders by card and in cash, what becomes of them, and a visit booked in between.

// purchase is one way to say each turn of a purchase.
type purchase struct {
	search, details, add, more, cart, fewer, second, remove, checkout, agree, name, street, city, country, note, card, yes, where string
}

var (
	shopScripted = map[models.Language]purchase{
		"en": {"argan oil", "details OIL-ARG-50", "add OIL-ARG-50", "two more of those", "cart", "qty OIL-ARG-50 2", "add SHA-ARG-250", "remove SHA-ARG-250",
			"checkout", "I agree", "Noor Haddad", "Elm Street 4", "28010 Madrid", "Spain", "ring twice", "by card", "yes", "status"},
		"es": {"aceite de argán", "detalles OIL-ARG-50", "añade OIL-ARG-50", "dos más de esos", "carrito", "cantidad OIL-ARG-50 2", "añade SHA-ARG-250", "quita SHA-ARG-250",
			"pagar", "De acuerdo", "Noor Haddad", "Calle Mayor 5, 2º B", "28013 Madrid", "España", "llamar dos veces", "con tarjeta", "sí", "estado"},
		"ar": {"زيت الأرغان", "تفاصيل OIL-ARG-50", "أضف OIL-ARG-50", "كمان حبتين منه", "السلة", "كمية OIL-ARG-50 2", "أضف SHA-ARG-250", "احذف SHA-ARG-250",
			"إتمام الطلب", "أوافق", "نور حداد", "شارع الزيتون 4", "28010 مدريد", "إسبانيا", "رنّوا الجرس مرتين", "بالبطاقة", "نعم", "حالة الطلب"},
	}
	// The same in words of the street.
	shopOrdinary = map[models.Language]purchase{
		"en": {"hiya do u have any argan oil??", "tell me more about OIL-ARG-50", "ok i'll take it", "actually 2 more of those pls", "whats in my basket", "make it 2",
			"and put SHA-ARG-250 in my basket too", "hmm take the shampoo out of my basket", "ok i want to pay for my basket", "yes", "it's Noor Haddad", "12b Elm Street, 3rd floor", "Madrid 28010", "spain", "nothing", "card please", "yep", "where's my order?"},
		"es": {"holaa teneis aceite de argan?", "cuéntame más sobre OIL-ARG-50", "vale, me lo llevo", "ponme dos más de esos", "qué llevo en el carrito?", "mejor que sean 2",
			"y mete SHA-ARG-250 en la cesta", "quita el champú de la cesta porfa", "quiero pagar el carrito", "sí", "Noor Haddad", "Gran Vía 12, 3º izquierda", "Madrid 28013", "españa", "nada", "tarjeta", "sii", "dónde está mi pedido?"},
		"ar": {"مرحبا عندكم زيت أرغان؟", "خبريني أكثر عن OIL-ARG-50", "تمام باخذه", "كمان حبتين منه لو سمحتي", "شو في السلة؟", "خليها 2",
			"وحطي SHA-ARG-250 في السلة", "شيلي الشامبو من السلة", "أريد إتمام الطلب", "موافقة", "نور حداد", "شارع الحمرا، بناية 12", "مدريد 28010", "اسبانيا", "لا شيء", "بالفيزا", "اي", "وين طلبي؟"},
	}

	arganOil = words{"en": "Argan Hair Oil", "es": "Aceite capilar de argán", "ar": "زيت للشعر بالأرغان"}
	cashOnly = words{"en": "cash", "es": "en efectivo", "ar": "كاش"}
)

// shopApp is a program whose customers write more in a minute than anybody would: the clock stands.
func shopApp(t *testing.T) *harness.App {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	app.Exec("INSERT INTO settings (key, value, updated_at, updated_by) VALUES ('sender.rate_per_min', '1000', now(), 'test')")
	return app
}

func TestShop(t *testing.T) {
	app := shopApp(t)
	t.Run("by card, scripted", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playPurchase(t, app.For(t), lang, shopScripted[lang]) })
	})
	t.Run("by card, in ordinary words", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playPurchase(t, app.For(t), lang, shopOrdinary[lang]) })
	})
	t.Run("in cash, sent back with a photo", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playReturn(t, app.For(t), lang) })
	})
	t.Run("in cash, cancelled", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playCancelled(t, app.For(t), lang) })
	})
	t.Run("no consent, no order", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playNoConsent(t, app.For(t), lang) })
	})
	t.Run("sold out", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playSoldOut(t, app.For(t), lang) })
	})
	t.Run("the card provider is down", func(t *testing.T) {
		eachLanguage(t, func(t *testing.T, lang models.Language) { playProviderDown(t, app.For(t), lang) })
	})
}

// playPurchase looks, fills a cart, pays by card and asks where it is.
func playPurchase(t *testing.T, app *harness.App, lang models.Language, w purchase) {
	phone, _ := app.Given("S01", lang)
	found := app.Say(phone, w.search)
	says(t, lang, found, arganOil[lang], "/privacy")

	shown := app.Say(phone, w.details)
	says(t, lang, shown, arganOil[lang], "13.90", "OIL-ARG-50")
	pictured(t, app, phone, shown)
	says(t, lang, app.Say(phone, w.add), "1 ×", arganOil[lang], "33.90")
	says(t, lang, app.Say(phone, w.more), "3 ×", "61.70")
	says(t, lang, app.Say(phone, w.cart), "3 ×", "41.70", "20.00", "61.70")
	says(t, lang, app.Say(phone, w.fewer), "2 ×", "27.80", "47.80")
	says(t, lang, app.Say(phone, w.second), "59.70")
	emptied := app.Say(phone, w.remove)
	says(t, lang, emptied, "47.80")

	asked := app.Say(phone, w.checkout)
	says(t, lang, asked, "/privacy")
	if len(choice(t, asked).Buttons) != 2 {
		t.Errorf("consent is asked with %+v", asked)
	}
	app.Say(phone, w.agree)
	for _, part := range []string{w.name, w.street, w.city, w.country, w.note} {
		app.Say(phone, part)
	}
	says(t, lang, app.Say(phone, w.card), "2 ×", "47.80", "280")
	placed := app.Say(phone, w.yes)
	number := orderNumber(t, app, phone)
	says(t, lang, placed, number, "47.80", "11:00")
	link := onlyLink(t, placed)
	if n := app.Number("SELECT count(*) FROM consents s JOIN customers c ON c.id = s.customer_id WHERE s.granted AND c.phone = $1", phone); n != 1 {
		t.Errorf("%d consents are written down, want 1", n)
	}

	paid := app.Pay(link, "paid", 3)
	says(t, lang, paid, number, "47.80")
	if len(paid) != 1 {
		t.Errorf("%d messages after three copies of the payment event, want 1", len(paid))
	}
	if got := orderStatus(app, phone); got != "paid" {
		t.Errorf("the order is %s", got)
	}
	says(t, lang, app.Say(phone, w.where), number, "2 ×", "47.80")
}

// pictured fails unless a picture that phones show came with the replies.
func pictured(t *testing.T, app *harness.App, phone string, replies []harness.Reply) {
	t.Helper()
	for _, r := range replies {
		if r.Type == "image" {
			return
		}
	}
	failed := app.Text("SELECT coalesce(string_agg(error_code || ' ' || coalesce(error_detail, ''), '; '), '') FROM messages WHERE status = 'failed'")
	t.Errorf("no picture arrived at %s; failed: %s\n%s", phone, failed, harness.Said(replies))
}

const ordersOf = " FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.phone = $1 ORDER BY o.created_at DESC, o.id DESC LIMIT 1"

// orderNumber is the number of a phone's newest order.
func orderNumber(t *testing.T, app *harness.App, phone string) string {
	t.Helper()
	if n := app.Number("SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.phone = $1", phone); n == 0 {
		t.Fatalf("no order was placed:\n%s", strings.Join(app.Received(phone), "\n—\n"))
	}
	return app.Text("SELECT o.number"+ordersOf, phone)
}

func orderStatus(app *harness.App, phone string) string {
	return app.Text("SELECT o.status"+ordersOf, phone)
}

// buys orders something in cash, in words that were tried elsewhere, and gives the order's number.
func buys(t *testing.T, app *harness.App, phone string, lang models.Language) string {
	t.Helper()
	w := shopScripted[lang]
	for _, text := range []string{w.add, w.checkout, w.agree, w.name, w.street, w.city, w.country, w.note} {
		app.Say(phone, text)
	}
	says(t, lang, app.Say(phone, cashOnly[lang]), "33.90")
	confirmed := app.Say(phone, w.yes)
	number := orderNumber(t, app, phone)
	says(t, lang, confirmed, number, "33.90", "20.00")
	if got := orderStatus(app, phone); got != "confirmed" {
		t.Errorf("the order is %s", got)
	}
	return number
}

// acts lets staff act on the newest order of a phone.
func acts(t *testing.T, app *harness.App, phone, act string) {
	t.Helper()
	id, version := app.Text("SELECT o.id::text"+ordersOf, phone), app.Number("SELECT o.version"+ordersOf, phone)
	status, body := app.Desk("OPERATOR").Post("/console/orders/"+id+"/"+act, url.Values{"version": {fmt.Sprint(version)}})
	if status >= 400 {
		t.Fatalf("%s answers %d: %s", act, status, body)
	}
	app.Settle()
}

// playCancelled ends an order that was placed; somebody else's is not found.
func playCancelled(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S01", lang)
	number := buys(t, app, phone, lang)
	stranger := "+447700900177"
	app.Say(stranger, shopScripted[lang].cart)
	says(t, lang, app.Say(stranger, shopScripted[lang].where+" "+number), number)
	silentOn(t, app.Say(stranger, shopScripted[lang].where+" "+number), "33.90", arganOil[lang])

	stop := words{"en": "I want to cancel my order", "es": "quiero cancelar mi pedido", "ar": "أريد إلغاء الطلب"}
	asked := app.Say(phone, stop[lang])
	says(t, lang, asked, number, "33.90")
	names(t, app.Tap(phone, choice(t, asked), choice(t, asked).Buttons[0].Title), number)
	if got := orderStatus(app, phone); got != "canceled" {
		t.Errorf("the order is %s", got)
	}
	names(t, app.Say(phone, shopScripted[lang].where), number, arganOil[lang])
}

// names fails unless the replies, too short to tell their language by, contain every fact.
func names(t *testing.T, replies []harness.Reply, facts ...string) {
	t.Helper()
	for _, f := range facts {
		if said := harness.Said(replies); !strings.Contains(said, f) {
			t.Errorf("%q is missing from:\n%s", f, said)
		}
	}
}

// playNoConsent refuses the notice: no order and no address, and the cart stays.
func playNoConsent(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S01", lang)
	w := shopScripted[lang]
	app.Say(phone, w.add)
	asked := choice(t, app.Say(phone, w.checkout))
	refused := app.Tap(phone, asked, asked.Buttons[1].Title)
	says(t, lang, refused)
	says(t, lang, app.Say(phone, w.cart), "33.90")
	if n := app.Number("SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM addresses)"); n != 0 {
		t.Errorf("%d orders and addresses without consent", n)
	}
}

// playSoldOut asks for what is not there, and for more than there is; then it goes while it lies in the cart.
func playSoldOut(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S01", lang)
	w := shopScripted[lang]
	stock := func(n int) { app.Exec("UPDATE products SET stock = $1 WHERE sku = 'OIL-ARG-50'", n) }
	before := app.Number("SELECT stock FROM products WHERE sku = 'OIL-ARG-50'")
	defer func() { stock(int(before)) }()
	stock(0)
	gone := app.Say(phone, w.add)
	says(t, lang, gone, arganOil[lang])
	silentOn(t, gone, "33.90")
	stock(2)
	says(t, lang, app.Say(phone, w.add+" 3"), "2")
	says(t, lang, app.Say(phone, w.add+" 2"), "47.80")
	stock(1)
	short := app.Say(phone, w.checkout)
	says(t, lang, short, "1", arganOil[lang])
	if n := app.Number("SELECT count(*) FROM orders"); n != 0 {
		t.Errorf("%d orders of more than there is", n)
	}
	says(t, lang, app.Say(phone, words{"en": "qty OIL-ARG-50 1", "es": "cantidad OIL-ARG-50 1", "ar": "كمية OIL-ARG-50 1"}[lang]), "33.90")
	says(t, lang, app.Say(phone, w.checkout), "/privacy")
}

// playProviderDown orders by card while nobody makes links: the customer is told, the order is kept, and the link comes by itself.
func playProviderDown(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S01", lang)
	w := shopScripted[lang]
	for _, text := range []string{w.add, w.checkout, w.agree, w.name, w.street, w.city, w.country, w.note, w.card} {
		app.Say(phone, text)
	}
	app.Fault("stripe", "down")
	defer app.Fault("stripe", "ok")
	app.Tell(phone, w.yes)
	harness.Until(t, "the order is noted", func() bool {
		return strings.Contains(strings.Join(app.Received(phone), "\n"), "LU-") && orderStatus(app, phone) == "pending"
	})
	number := orderNumber(t, app, phone)
	app.Fault("stripe", "ok")
	link := ""
	harness.Until(t, "the link comes by itself", func() bool {
		link = harness.Link(app.Transcript(phone))
		return strings.Contains(link, "/pay/")
	})
	says(t, lang, app.Pay(link, "paid", 1), number)
	if n := app.Number("SELECT count(*) FROM orders"); n != 1 || orderStatus(app, phone) != "paid" {
		t.Errorf("%d orders, the newest %s", n, orderStatus(app, phone))
	}
}
