package handlers

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"frontdesk/models"
)

// visitingBrowser is somebody with a browser, without scripts.
type visitingBrowser struct {
	*stocked
	cookies map[string]string
}

func newShopper(t *testing.T, change ...func(*Settings, *Rooms)) *visitingBrowser {
	t.Helper()
	number := func(set *Settings, _ *Rooms) { set.WhatsAppNumber = "+44 7700 900100" }
	return &visitingBrowser{newStocked(t, append([]func(*Settings, *Rooms){number}, change...)...), map[string]string{}}
}

func (b *visitingBrowser) goes(method, path string, form url.Values, headers ...string) answer {
	b.t.Helper()
	headers = append(headers, "Accept: text/html,application/xhtml+xml,*/*;q=0.8")
	var pairs []string
	for _, name := range sortedKeys(b.cookies) {
		pairs = append(pairs, name+"="+b.cookies[name])
	}
	headers = append(headers, "Cookie: "+strings.Join(pairs, "; "))
	var body []byte
	if form != nil {
		headers, body = append(headers, typeForm), []byte(form.Encode())
	}
	got := b.call(method, path, body, headers...)
	for _, c := range got.Cookies() {
		b.cookies[c.Name] = c.Value
	}
	return got
}

// formOf is what a form of a page would send.
func (b *visitingBrowser) formOf(page answer, selector string) url.Values {
	b.t.Helper()
	out := url.Values{}
	form := page.doc(b.t).Find(selector).First()
	if form.Length() == 0 {
		b.t.Fatalf("no form %s", selector)
	}
	fields := form.Find("input[name]")
	for i := range fields.Length() {
		one := fields.Eq(i)
		out.Set(one.AttrOr("name", ""), one.AttrOr("value", ""))
	}
	return out
}

// puts adds a product by the form of its page and follows to the cart.
func (b *visitingBrowser) puts(sku string, qty int) answer {
	b.t.Helper()
	form := b.formOf(b.goes("GET", "/products/"+b.products[sku].ID.String(), nil), ".add-form")
	form.Set("qty", strconv.Itoa(qty))
	got := b.goes("POST", "/cart/lines", form)
	if got.StatusCode != 303 {
		b.t.Fatalf("add %d %s: got %d", qty, sku, got.StatusCode)
	}
	return b.goes("GET", got.Header.Get("Location"), nil)
}

func words(page answer, t *testing.T, selector string) string {
	t.Helper()
	return strings.Join(strings.Fields(page.doc(t).Find(selector).Text()), " ")
}

// The list: what is asked stands in the address, and every state says what it is.
func TestStoreList(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	for _, c := range []struct {
		name, query string
		has         map[string]string
		without     string
	}{
		{"all", "", map[string]string{"h1": "Shop", ".store-count": "4 products", "[aria-current=page]": "Shop"}, "Old serum"},
		{"words", "?q=argan", map[string]string{".store-count": "1 product", ".product-name": "Argan oil", ".store-asked": "“argan”"}, "Repair serum"},
		{"a category and what is in it", "?category=hair-care", map[string]string{".store-count": "2 products", ".store-grid": "Repair serum", "nav [aria-current=true]": "Hair care"}, "Clay mask"},
		{"prices as people write them", "?from=20&to=25,50", map[string]string{".store-count": "1 product", ".product-price": "€24.00", ".store-asked": "from"}, "Argan oil"},
		{"prices the wrong way round", "?from=25&to=20", map[string]string{".product-name": "Repair serum"}, "Argan oil"},
		{"an order", "?by=price_desc", map[string]string{"li:first-child .product-name": "Clay mask", "option[selected]": "Dearest first"}, ""},
		{"few left", "?q=argan", map[string]string{".badge": "Only 3 left"}, ""},
		{"sold out", "?q=clay", map[string]string{".badge": "Sold out"}, ""},
		{"no match", "?q=nothing-like-this", map[string]string{".empty h2": "Nothing matches", ".empty .button": "Show everything"}, "Argan"},
		{"an unknown category", "?category=none", map[string]string{".empty h2": "Nothing matches"}, "Argan"},
		{"nonsense", "?from=x&to=-1&by=%3Cscript%3E&page=0&category=%00&q=%FF", map[string]string{".store-count": "4 products"}, "<script>alert"},
	} {
		got := b.goes("GET", "/products"+c.query, nil)
		if got.StatusCode != 200 {
			t.Errorf("%s: got %d", c.name, got.StatusCode)
		}
		for selector, text := range c.has {
			if found := words(got, t, selector); !strings.Contains(found, text) {
				t.Errorf("%s: %s is %q, want %q", c.name, selector, found, text)
			}
		}
		if c.without != "" && strings.Contains(words(got, t, "main"), c.without) {
			t.Errorf("%s: the page shows %s", c.name, c.without)
		}
		if strings.Contains(got.body, "public.") || got.doc(t).Find("h1").Length() != 1 {
			t.Errorf("%s: a text is missing: %s", c.name, around(got.body, "public."))
		}
	}
	names := map[string]bool{}
	b.goes("GET", "/products", nil).doc(t).Find(".store-search [name]").Each(func(_ int, field *goquery.Selection) { names[field.AttrOr("name", "")] = true })
	for _, name := range []string{"q", "from", "to", "by"} { // what the address asks by
		if !names[name] {
			t.Errorf("the form has no field %s: %v", name, names)
		}
	}
	if got := b.goes("GET", "/products?page=9", nil); got.StatusCode != 303 || got.Header.Get("Location") != "/products" {
		t.Errorf("behind the end: got %d to %s", got.StatusCode, got.Header.Get("Location"))
	}
	if len(b.cookies) > 0 {
		t.Errorf("reading the list sets %v", b.cookies)
	}
}

// A product: what it is, what it costs, how many there are, and the way into a chat about it.
func TestStoreProduct(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	serum := b.products["SERUM-50"]
	for lang, want := range map[string]string{
		"en": "Hello! I have a question about Repair serum (product code SERUM-50): http://localhost:8080/products/" + serum.ID.String() + "?lang=en",
		"es": "¡Hola! Tengo una pregunta sobre Sérum reparador (código SERUM-50): http://localhost:8080/products/" + serum.ID.String() + "?lang=es",
		"ar": "مرحبًا! لدي سؤال عن سيروم مرمم (رمز المنتج SERUM-50): http://localhost:8080/products/" + serum.ID.String() + "?lang=ar",
	} {
		page := b.goes("GET", "/products/"+serum.ID.String()+"?lang="+lang, nil)
		link, err := url.Parse(page.doc(t).Find(`a[href^="https://wa.me/"]`).AttrOr("href", ""))
		if err != nil || link.Path != "/447700900100" || link.Query().Get("text") != want {
			t.Errorf("%s: the chat begins with %q", lang, link.Query().Get("text"))
		}
		if cache := page.Header.Get("Cache-Control"); cache != "no-store" {
			t.Errorf("Cache-Control is %q", cache)
		}
	}
	page := b.goes("GET", "/products/"+serum.ID.String()+"?lang=en", nil)
	for selector, text := range map[string]string{"h1": "Repair serum", ".product-page-price": "€24.00", ".badge": "In stock", ".product-specs": "50 ml", ".way-back": "Serums", "title": "Repair serum"} {
		if found := words(page, t, selector); !strings.Contains(found, text) {
			t.Errorf("%s is %q, want %q", selector, found, text)
		}
	}
	if strings.Contains(page.body, "images.example") {
		t.Error("a picture of another host is asked for: browsers are told not to load it")
	}
	if gone := b.goes("GET", "/products/"+b.products["MASK-1"].ID.String(), nil); gone.doc(t).Find(".add-form").Length() != 0 || !strings.Contains(words(gone, t, "#add"), "sold out") {
		t.Error("what is sold out can be put into a cart")
	}
	for _, path := range []string{"/products/" + b.products["OLD-1"].ID.String(), "/products/" + models.NewID().String(), "/products/x"} {
		got := b.goes("GET", path, nil)
		if way := got.doc(t).Find(".failure a").AttrOr("href", ""); got.StatusCode != 404 || way != "/products" || !strings.Contains(got.body, "public-nav") {
			t.Errorf("%s: got %d, back to %q", path, got.StatusCode, way)
		}
	}
	mute := newShopper(t, func(set *Settings, _ *Rooms) { set.WhatsAppNumber = "" })
	got := mute.goes("GET", "/products/"+mute.products["OIL-30"].ID.String(), nil)
	if got.doc(t).Find("button[disabled][aria-describedby=no-number]").Length() != 1 || !strings.Contains(words(got, t, "#no-number"), "No WhatsApp number") {
		t.Error("without a number the page does not say why there is no chat")
	}
}

// The cart, by plain forms: more, less, none, too many, and what it comes to.
func TestStoreCart(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	if empty := b.goes("GET", "/cart", nil); empty.StatusCode != 200 || !strings.Contains(words(empty, t, ".empty"), "Your cart is empty") || b.count("shop_sessions") != 0 {
		t.Errorf("an empty cart: got %d, %q, %d sessions", empty.StatusCode, words(empty, t, ".empty"), b.count("shop_sessions"))
	}
	page := b.puts("SERUM-50", 2)
	for selector, text := range map[string]string{".cart": "Now in your cart: Repair serum", ".cart-sum": "Products€48.00Delivery€20.00Total€68.00", "#cart-count": "2", ".cart-sum .with-icon": "€52.00"} {
		if found := words(page, t, selector); !strings.Contains(strings.NewReplacer("\u2068", "", "\u2069", "").Replace(found), text) {
			t.Errorf("%s is %q, want %q", selector, found, text)
		}
	}
	if to := page.doc(t).Find(".cart-sum .button.primary").AttrOr("href", ""); to != "/checkout" {
		t.Errorf("the cart leads to %q", to)
	}
	action := page.doc(t).Find(".stepper-number").AttrOr("action", "")
	form := b.formOf(page, ".stepper-number")
	for _, c := range []struct {
		qty    string
		status int
		words  string
	}{{"5", 303, ""}, {"13", 422, "We do not have that many"}, {"x", 422, ""}, {"-1", 422, ""}, {"100", 422, ""}, {"", 422, ""}} {
		form.Set("qty", c.qty)
		got := b.goes("POST", action, form)
		if got.StatusCode != c.status || !strings.Contains(got.body, c.words) || c.status == 422 && got.doc(t).Find(".cart-line [aria-invalid=true]").Length() != 1 {
			t.Errorf("quantity %q: got %d", c.qty, got.StatusCode)
		}
	}
	if got := b.goes("GET", "/cart", nil); !strings.Contains(words(got, t, ".cart-sum"), "Products€120.00DeliveryFreeTotal€120.00") {
		t.Errorf("five of them: %q", words(got, t, ".cart-sum"))
	}
	b.must(b.DB.On(t.Context()).Exec("UPDATE products SET price_minor = 2000, stock = 4 WHERE sku = 'SERUM-50'").Error)
	if got := words(b.goes("GET", "/cart", nil), t, ".cart-line"); !strings.Contains(got, "has come down") || !strings.Contains(got, "Only 4 are left") {
		t.Errorf("a changed price and too little stock: %q", got)
	}
	if got := b.goes("POST", action+"/remove", url.Values{"csrf": form["csrf"]}); got.StatusCode != 303 || !strings.Contains(b.goes("GET", "/cart", nil).body, "Your cart is empty") {
		t.Errorf("removing: got %d", got.StatusCode)
	}
	for _, line := range []string{models.NewID().String(), "x"} {
		if got := b.goes("POST", "/cart/lines/"+line+"/remove", url.Values{"csrf": form["csrf"]}); got.StatusCode != 404 {
			t.Errorf("removing %s: got %d", line, got.StatusCode)
		}
	}
}

func (b *visitingBrowser) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// Sending a form twice is as sending it once; what is wrong is said where it was typed; who is somebody else,
// or comes from another site, changes nothing.
func TestStoreForms(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	form := b.formOf(b.goes("GET", "/products/"+b.products["OIL-30"].ID.String(), nil), ".add-form")
	for range 2 {
		if got := b.goes("POST", "/cart/lines", form); got.StatusCode != 303 {
			t.Fatalf("add: got %d", got.StatusCode)
		}
	}
	page := b.goes("GET", "/cart", nil)
	if n := page.doc(t).Find(".stepper-number input[name=qty]").AttrOr("value", ""); n != "1" {
		t.Errorf("a form sent twice made %s", n)
	}
	wrong := func(name, value string) url.Values {
		out := url.Values{}
		for k, v := range form {
			out[k] = v
		}
		out.Set("key", models.NewID().String())
		out.Set(name, value)
		return out
	}
	for _, c := range []struct {
		name   string
		form   url.Values
		status int
	}{
		{"too many", wrong("qty", "4"), 422}, {"none", wrong("qty", "0"), 422}, {"no number", wrong("qty", "many"), 422}, {"a field of nobody's", wrong("price", "1"), 422},
		{"no product", wrong("product", "x"), 404}, {"another product", wrong("product", models.NewID().String()), 404},
		{"not on sale", wrong("product", b.products["OLD-1"].ID.String()), 404}, {"no token", wrong("csrf", ""), 403}, {"another token", wrong("csrf", strings.Repeat("a", 43)), 403},
	} {
		got := b.goes("POST", "/cart/lines", c.form)
		if got.StatusCode != c.status || c.status == 422 && got.doc(t).Find(".add-form [aria-invalid=true]").Length() != 1 {
			t.Errorf("%s: got %d, want %d", c.name, got.StatusCode, c.status)
		}
	}
	for _, header := range []string{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example", "Sec-Fetch-Site: same-site"} {
		if got := b.goes("POST", "/cart/lines", wrong("qty", "1"), header); got.StatusCode != 403 {
			t.Errorf("%s: got %d", header, got.StatusCode)
		}
	}
	stranger := &visitingBrowser{b.stocked, map[string]string{}}
	stranger.puts("SERUM-50", 1)
	action := page.doc(t).Find(".stepper-number").AttrOr("action", "")
	theirs := stranger.formOf(stranger.goes("GET", "/cart", nil), ".stepper-number")
	theirs.Set("qty", "3")
	if got := stranger.goes("POST", action, theirs); got.StatusCode != 404 {
		t.Errorf("somebody else's line: got %d", got.StatusCode)
	}
	if n := b.goes("GET", "/cart", nil).doc(t).Find(".stepper-number input[name=qty]").AttrOr("value", ""); n != "1" {
		t.Errorf("somebody else made it %s", n)
	}
}

// With a script the same forms answer with the part that changed and the count beside it.
func TestStoreFragments(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	form := b.formOf(b.goes("GET", "/products/"+b.products["SERUM-50"].ID.String(), nil), ".add-form")
	got := b.goes("POST", "/cart/lines", form, "HX-Request: true")
	if got.StatusCode != 200 || strings.Contains(got.body, "<html") || !strings.Contains(words(got, t, ".in-cart"), "Added. 1 of it is in your cart.") || !strings.Contains(got.body, `hx-swap-oob="true"`) {
		t.Errorf("adding: got %d %.300s", got.StatusCode, got.body)
	}
	if again := b.formOf(got, ".add-form"); again.Get("key") == form.Get("key") {
		t.Error("the form drawn anew has the key that was used")
	}
	page := b.goes("GET", "/cart", nil)
	line := b.formOf(page, ".stepper-number")
	line.Set("qty", "13")
	if got := b.goes("POST", page.doc(t).Find(".stepper-number").AttrOr("action", ""), line, "HX-Request: true"); got.StatusCode != 422 || got.doc(t).Find("#cart .store-error").Length() != 1 {
		t.Errorf("too many: got %d %.200s", got.StatusCode, got.body)
	}
}

// The pages stand in three languages, and a shop that cannot be read says so.
func TestStoreLanguagesAndTrouble(t *testing.T) {
	t.Parallel()
	b := newShopper(t)
	b.puts("SERUM-50", 2)
	for lang, dir := range map[string]string{"en": "ltr", "es": "ltr", "ar": "rtl"} {
		for _, path := range []string{"/products", "/products?q=x", "/products/" + b.products["OIL-30"].ID.String(), "/cart", "/products/x"} {
			b.cookies[languageCookie] = lang
			got := b.goes("GET", path, nil)
			if d := got.doc(t).Find("html").AttrOr("dir", ""); d != dir || strings.Contains(got.body, "public.") || strings.Contains(got.body, "console.") {
				t.Errorf("%s in %s: dir %s, %s", path, lang, d, around(got.body, "public."))
			}
		}
	}
	b.cookies[languageCookie] = "en"
	b.must(b.DB.On(t.Context()).Exec("ALTER TABLE products RENAME TO products_away").Error)
	got := b.goes("GET", "/products?q=never-asked-before", nil)
	if got.StatusCode != 500 || !strings.Contains(words(got, t, ".empty"), "could not be read") || got.doc(t).Find("#q").AttrOr("value", "") != "never-asked-before" {
		t.Errorf("a shop that cannot be read: got %d %q", got.StatusCode, words(got, t, ".empty"))
	}
	if cache := got.Header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("it may be kept: %q", cache)
	}
}
