package browser

import (
	"fmt"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// TestShopJourneys plays what somebody with a phone does in the shop: buying in cash and by card, and looking an order
// up in each state of trouble.
func TestShopJourneys(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	browser := harness.StartBrowser(t)
	for _, j := range []struct {
		name string
		in   []models.Language
		play func(stage)
	}{
		{"in cash", models.Languages(), buyInCash},
		{"by card", both, buyByCard},
		{"without a script", english, buyWithoutScript},
		{"order looked up", models.Languages(), orderLookedUp},
	} {
		for _, lang := range j.in {
			t.Run(j.name+"/"+lang, func(t *testing.T) { j.play(stage{t, app.For(t), browser.For(t), lang}) })
		}
	}
}

// pocket is a phone in the stage's language. Spanish is read in the dark.
func (s stage) pocket() *harness.Page {
	s.Helper()
	phone := s.browser.Page(390, 844)
	phone.Phone()
	if s.lang == models.Spanish {
		phone.Theme("dark")
	}
	s.open(phone, "/products?lang="+s.lang)
	return phone
}

// looked judges a page as it stands: axe, no sideways scrolling, nothing refused by the browser; and keeps a picture.
func (s stage) looked(p *harness.Page, name string) {
	s.Helper()
	p.Accessible(name, "html")
	if wide := harness.Eval[int](p, `document.documentElement.scrollWidth - window.innerWidth`); wide > 0 {
		s.Errorf("%s is %d pixels wider than the phone", name, wide)
	}
	for _, line := range p.Complaints() {
		s.Errorf("%s: the browser complains: %s", name, line)
	}
	if dir := harness.Eval[string](p, `document.documentElement.dir`); (dir == "rtl") != (s.lang == models.Arabic) {
		s.Errorf("%s runs %s", name, dir)
	}
	p.Screenshot("shop-" + s.lang + "-" + name)
}

// filled puts the first product that can be had into the cart and goes to the checkout.
func (s stage) filled(p *harness.Page) {
	s.Helper()
	p.Follow(".product:not(.is-out) a")
	p.Click("#add-button")
	p.Sees(".in-cart", "")
	p.Follow(".in-cart a")
	s.looked(p, "1-cart")
	p.Follow(".cart-sum .button.primary")
	p.Path("/checkout")
}

// addressed fills the form of the checkout in.
func (s stage) addressed(p *harness.Page, phone string) {
	s.Helper()
	for name, value := range map[string]string{"name": "Noor Haddad", "phone": phone, "line1": "Calle Mayor 1", "city": "Madrid", "postalCode": "28013"} {
		p.Fill("#"+name, value)
	}
	p.Choose("#country", "ES")
	p.Set("consent", "yes")
}

// buyInCash: what is missing is said where it is missing, then the order stands and its owner can cancel it.
func buyInCash(s stage) {
	phone := s.pocket()
	s.filled(phone)
	s.looked(phone, "2-checkout")
	phone.Set("method", "cod")
	phone.Follow(".checkout-act button")
	phone.Sees(".error-summary", "")
	wrong := harness.Eval[string](phone, `[...document.querySelectorAll(".checkout-form [aria-invalid=true]")].map(e => e.id).join(" ")`)
	if wrong != "name phone line1 city country consent" {
		s.Errorf("wrong are %q", wrong)
	}
	s.looked(phone, "3-refused")
	s.addressed(phone, "600 000 124") // as people write it at home
	phone.Follow(".checkout-act button")
	phone.Sees(".order-head", "LU-", words{"en": "Confirmed", "es": "Confirmado", "ar": "مؤكد"}[s.lang])
	phone.Sees("main", "Madrid", "+34••••••124")
	if strings.Contains(phone.Text("main"), "Calle") {
		s.Error("the address is shown")
	}
	s.looked(phone, "4-thanks")
	s.open(phone, "/orders")
	phone.Sees(".order-card", "LU-")
	s.looked(phone, "5-orders")
	phone.Follow(".order-card a")
	phone.Follow("a[href$='/withdraw']")
	s.looked(phone, "6-withdraw")
	phone.Follow("button.danger")
	phone.Sees(".order-head", words{"en": "Canceled", "es": "Cancelado", "ar": "ملغى"}[s.lang])
	s.looked(phone, "7-canceled")
	phone.Wide()
	s.looked(phone, "8-canceled-wide")
}

// buyByCard: the payment page opens by itself; whoever comes back from it sees the order paid without touching
// anything.
func buyByCard(s stage) {
	phone := s.pocket()
	s.filled(phone)
	phone.Set("method", "stripe")
	s.addressed(phone, "+34600000125")
	phone.Click(".checkout-act button")
	phone.Until("the payment page is open", `location.pathname.startsWith("/pay/") && document.readyState === "complete"`)
	phone.Click("button.primary")
	phone.Sees(".order-head", "LU-", words{"en": "Paid", "ar": "مدفوع"}[s.lang])
	phone.Gone("[hx-trigger]")
	s.looked(phone, "9-paid")
}

// buyWithoutScript: the whole way by plain forms.
func buyWithoutScript(s stage) {
	phone := s.browser.Page(390, 844)
	phone.WithoutScript()
	s.open(phone, "/products?lang="+s.lang)
	phone.Follow(".product:not(.is-out) a")
	phone.Follow("#add-button")
	phone.Follow(".cart-sum .button.primary")
	phone.Set("method", "cod")
	s.addressed(phone, "+34600000126")
	phone.Follow(".checkout-act button")
	phone.Sees(".order-head", "LU-", "Confirmed")
}

// orderLookedUp: found, not found, a sum after some misses, too often, and while the database is away: each with its own
// words, the next step and the id to quote.
func orderLookedUp(s stage) {
	owner := s.pocket()
	s.filled(owner)
	own := words{"en": "+34600000131", "es": "+34600000132", "ar": "+34600000133"}[s.lang]
	owner.Set("method", "cod")
	s.addressed(owner, own)
	owner.Follow(".checkout-act button")
	number := strings.TrimSpace(owner.Text(".order-number .mono"))

	phone := s.pocket()
	s.open(phone, "/support/order-lookup")
	s.looked(phone, "a-lookup")
	ask := func(number, order string) {
		phone.Fill("#phone", number)
		phone.Fill("#orderId", order)
		phone.Follow("main form button[type=submit]")
	}
	ask("", "")
	phone.Sees(".error-summary", "")
	ask(own, number)
	phone.Sees("main", number)
	phone.Sees("[data-correlation]", "-")
	s.looked(phone, "b-found")
	phone.Follow("main .button.primary")
	phone.Sees(".order-head", number)
	if harness.Eval[int](phone, `document.querySelectorAll("a[href$='/withdraw']").length`) != 0 {
		s.Error("whoever looked an order up can cancel it")
	}

	s.open(phone, "/support/order-lookup")
	other := own[:len(own)-3] + "9" + own[len(own)-2:]
	for i := range 3 {
		ask(other, fmt.Sprintf("LU-2222-222%d", 2+i))
		phone.Sees(".trouble", "")
	}
	phone.Sees("[data-correlation]", "-")
	s.looked(phone, "c-not-found")
	ask(other, number)
	phone.Sees(".sum-question", "")
	s.looked(phone, "d-sum")
	hasty := own[:len(own)-3] + "8" + own[len(own)-2:]
	lookUpOften(s.T, s.app, hasty, "LU-2222-2229", 10)
	ask(hasty, "LU-2222-2229")
	phone.Sees(".trouble", words{"en": "Too many attempts", "es": "Demasiados intentos", "ar": "محاولات كثيرة"}[s.lang])
	s.looked(phone, "e-too-often")

	s.app.Fault("postgres", "down")
	ask(own, number)
	phone.Sees(".trouble", words{"en": "We cannot look right now", "es": "Ahora mismo no podemos buscar", "ar": "لا يمكننا البحث الآن"}[s.lang])
	phone.Sees("[data-correlation]", "-")
	s.looked(phone, "f-away")
	s.app.Fault("postgres", "ok")
	s.open(phone, "/handoff/whatsapp?order="+number)
	phone.Sees("main", number)
	s.looked(phone, "g-handoff")
}
