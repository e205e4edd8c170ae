package browser

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// TestEveryPage looks at every page in every language: by axe, at its size on a desk and on a phone, at its
// words, its targets and what the browser complains about. By default each language is seen in one theme; with LONG=1 in
// the other one, and a picture of each is kept as an artefact.
func TestEveryPage(t *testing.T) {
	look := &looker{
		app: harness.Start(t, harness.Options{Env: []string{"MFA_REQUIRED=true"}}), browser: harness.StartBrowser(t),
		tabs: map[string]*harness.Page{}, found: map[string]string{}, codes: map[*harness.Page][]string{}, passwords: map[*harness.Page]string{},
		long: os.Getenv("LONG") != "",
	}
	look.prepare(t)
	themes := map[models.Language]string{"en": "light", "es": "light", "ar": "dark"}
	if look.long {
		themes = map[models.Language]string{"en": "dark", "es": "dark", "ar": "light"}
	}
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			tab := look.tab(t, p.role)
			look.found[p.name] = look.address(t, tab, p)
			for _, lang := range models.Languages() {
				tab.Theme(themes[lang])
				look.to(t, tab, p, lang)
				look.at(t, tab, p, lang, themes[lang])
			}
		})
	}
}

// looker goes round the pages.
type looker struct {
	app     *harness.App
	browser *harness.Browser
	tabs    map[string]*harness.Page   // by who is signed in there
	found   map[string]string          // where a page is, by its name
	codes   map[*harness.Page][]string // recovery codes of who has a second factor

	passwords map[*harness.Page]string
	long      bool // the other themes, and pictures
	numbers   int  // made up so far, for forms that want one of nobody else's
}

// tab is where a role is signed in; a role that needs a second factor gets one. "privacy, half way" has
// shown the password and no more.
func (l *looker) tab(t *testing.T, role string) *harness.Page {
	t.Helper()
	tab, open := l.tabs[role]
	if open {
		tab.For(t)
		return tab
	}
	tab = l.browser.Page(1360, 900)
	tab.For(t)
	l.tabs[role] = tab
	if role == "" {
		return tab
	}
	who, _, halfWay := strings.Cut(role, ",")
	tab.Open(l.app.BaseURL + "/console/login")
	tab.Login(l.app, who)
	_, l.passwords[tab] = l.app.Login(who)
	tab.Until("the password is taken", `location.pathname !== "/console/login" && document.readyState === "complete"`)
	if !halfWay && strings.HasSuffix(tab.Location(), "/enrol?next=%2Fconsole") {
		l.enrol(t, tab)
	}
	if !halfWay {
		tab.Inside()
	}
	return tab
}

// enrol sets up an authenticator app on the way in and keeps the recovery codes.
func (l *looker) enrol(t *testing.T, tab *harness.Page) {
	t.Helper()
	code, err := totp.GenerateCode(strings.Join(strings.Fields(tab.Text(".access-secret")), ""), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	tab.Fill("#code", code)
	tab.Follow("form:has(#code) button[type=submit]")
	l.codes[tab] = strings.Fields(tab.Text(".access-codes"))
	tab.Follow(".access a.primary")
}

// open goes to a page. What is sensitive may ask for a fresh proof on the way.
func (l *looker) open(t *testing.T, tab *harness.Page, path string) {
	t.Helper()
	tab.Open(l.app.BaseURL + path)
	if strings.HasPrefix(path, "/console/confirm") || !strings.Contains(tab.Location(), "/console/confirm?") {
		return
	}
	if password := l.passwords[tab]; len(l.codes[tab]) == 0 {
		tab.Fill("input[name=password]", password)
		tab.Follow("form:has(input[name=password]) button[type=submit]")
		return
	}
	code := l.codes[tab][0]
	l.codes[tab] = l.codes[tab][1:]
	recover(tab, code)
}

// address finds where a page is, by following links.
func (l *looker) address(t *testing.T, tab *harness.Page, p aPage) string {
	t.Helper()
	if p.from == "" {
		return with(p.route, p.query)
	}
	from, known := l.found[p.from]
	if !known {
		t.Fatalf("no page %q has been looked at", p.from)
	}
	if pattern(p.route).MatchString(from) {
		return with(from, p.query)
	}
	l.open(t, tab, from)
	follow, want := p.follow, pattern(p.route)
	if follow == "" {
		follow = "#main a"
	}
	if p.like != "" {
		want = pattern(p.like)
	}
	for _, href := range harness.Eval[[]string](tab, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(a => a.getAttribute("href") ?? "")`, follow)) {
		path, _, _ := strings.Cut(href, "?")
		ids := want.FindStringSubmatch(path)
		switch {
		case p.follow != "":
			return href
		case ids == nil || slices.ContainsFunc(pages, func(p aPage) bool { return p.route == path }): // such as /services/new
			continue
		case p.like == "":
			return href
		}
		for _, id := range ids[1:] {
			at := parameter.FindStringIndex(p.route)
			p.route = p.route[:at[0]] + id + p.route[at[1]:]
		}
		return with(p.route, p.query)
	}
	t.Fatalf("%s has no link to %s%s; it shows:\n%s", from, p.like, p.route, tab.Text("main"))
	return ""
}

func with(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// to goes to a page in a language, and sends its form where that is what there is to see.
func (l *looker) to(t *testing.T, tab *harness.Page, p aPage, lang models.Language) {
	t.Helper()
	join := "?"
	if strings.Contains(l.found[p.name], "?") {
		join = "&"
	}
	l.open(t, tab, l.found[p.name]+join+"lang="+lang)
	if at := tab.Location(); !strings.Contains(at, strings.SplitN(l.found[p.name], "?", 2)[0]) {
		t.Errorf("%s in %s: %s leads to %s", p.name, lang, l.found[p.name], at)
	}
	if p.fill != nil {
		l.fill(t, tab, p, lang)
	}
}

// at looks at one page, in the language and theme it is shown in.
func (l *looker) at(t *testing.T, tab *harness.Page, p aPage, lang models.Language, theme string) {
	t.Helper()
	what := strings.Join([]string{p.name, lang, theme}, "-")
	got := harness.Eval[impression](tab, inspect)
	if want := lang + " " + direction(lang); got.Language != want {
		t.Errorf("%s: lang and dir are %q, want %q", what, got.Language, want)
	}
	if got.Headings != 1 {
		t.Errorf("%s: %d h1", what, got.Headings)
	}
	l.check(t, what, got)
	tab.Accessible(what, "html")
	l.picture(tab, what)
	if p.opens {
		l.dialog(t, tab, what)
	}
	tab.Phone()
	l.check(t, what+" on a phone", harness.Eval[impression](tab, inspect))
	l.picture(tab, what+"-phone")
	tab.Wide()
	for _, complaint := range tab.Complaints() {
		t.Errorf("%s: the browser complains: %s", what, complaint)
	}
}

func (l *looker) picture(tab *harness.Page, what string) {
	if l.long {
		tab.Screenshot(what)
	}
}

// check judges what holds at every size.
func (l *looker) check(t *testing.T, what string, got impression) {
	t.Helper()
	if got.Over > 0 {
		t.Errorf("%s is %d px wider than its window: %q", what, got.Over, got.Wide)
	}
	for _, key := range got.Keys {
		t.Errorf("%s shows an untranslated key: %s", what, key)
	}
	for _, target := range got.Small {
		t.Errorf("%s: a target of less than 24 px: %s", what, target)
	}
}

// dialog opens the first act of a page and looks at it.
func (l *looker) dialog(t *testing.T, tab *harness.Page, what string) {
	t.Helper()
	tab.Until("scripts run", "window.frontdesk && window.frontdesk.open")
	harness.Eval[string](tab, `(() => { const a = [...document.querySelectorAll("#content a[data-dialog].button")].find(a => a.offsetParent !== null); a.click(); return a.href })()`)
	tab.Sees("#dialog[open] h1, #dialog[open] h2", "")
	tab.Accessible(what+" with a dialog", "#dialog")
	l.picture(tab, what+"-dialog")
	tab.Press(escape)
	tab.Gone("#dialog[open]")
}

// impression is what a page looks like to somebody who looks closely.
type impression struct {
	Language string
	Headings int
	Over     int      // pixels beyond the window
	Wide     []string // what reaches there
	Keys     []string // of the translations, shown as they are
	Small    []string // targets too small to hit
}

// inspect gathers an impression. A target is what can be pressed, with its label; a link inside a text may
// be as high as the text, one that is stretched over its row is as high as the row, and what only a screen
// reader meets has no size.
const inspect = `(() => {
	const root = document.documentElement, rtl = root.dir === "rtl";
	const seen = e => e.checkVisibility({checkVisibilityCSS: true, checkOpacity: true}) && !e.closest(".hush, .skip, dialog:not([open])");
	const say = e => (e.outerHTML.slice(0, 110) + " in " + (e.parentElement.className || e.parentElement.tagName)).replace(/\s+/g, " ");
	const box = e => { const b = e.getBoundingClientRect(); let [l, r, t, d] = [b.left, b.right, b.top, b.bottom];
		for (const label of e.labels ?? []) { const x = label.getBoundingClientRect(); l = Math.min(l, x.left); r = Math.max(r, x.right); t = Math.min(t, x.top); d = Math.max(d, x.bottom) }
		return {w: r - l, h: d - t} };
	const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(seen);
	const small = targets.filter(e => { const b = box(e); const css = getComputedStyle(e);
		return b.w > 0 && (b.w < 23.9 || b.h < 23.9) && !(css.display === "inline" && e.tagName === "A") &&
			getComputedStyle(e, "::after").position !== "absolute" });
	const over = root.scrollWidth - root.clientWidth;
	const wide = over > 0 ? [...document.querySelectorAll("body *")].filter(e => { const b = e.getBoundingClientRect(); return rtl ? b.left < -1 : b.right > root.clientWidth + 1 }).slice(0, 4).map(say) : [];
	const keys = document.body.innerText.match(/(?<![\w/.@-])(console|people|access|diary|services|policies|content|conversations|cases|today|field|act)\.[a-z_.]+/g) ?? [];
	return {Language: root.lang + " " + root.dir, Headings: document.querySelectorAll("h1").length, Over: over, Wide: wide, Keys: [...new Set(keys)], Small: small.slice(0, 5).map(say)};
})()`

func direction(lang models.Language) string {
	if lang == models.Arabic {
		return "rtl"
	}
	return "ltr"
}

// prepare leaves a salon in which every page has something to show.
func (l *looker) prepare(t *testing.T) {
	t.Helper()
	fillDiary(t, l.app)
	pm, operator, admin := l.tab(t, "pm"), l.tab(t, "operator"), l.tab(t, "admin")
	l.act(t, pm, "/console/policies/slots.offer/change", map[string]string{"slots.offer": "3", "reason": "One more choice"})
	l.act(t, pm, "/console/policies/slots.offer/change", map[string]string{"slots.offer": "1", "reason": "Only the best"})
	l.act(t, pm, "/console/content/texts/chat.anything/edit", map[string]string{"body.en": "Would you like anything else today?"})
	l.act(t, pm, "/console/content/faqs/parking/edit", map[string]string{"answers.en": "There is a garage around the corner."})
	l.act(t, pm, "/console/services/closures/new", map[string]string{"kind": "closed", "from": "2026-12-24", "to": "2026-12-24", "reason.en": "Holiday", "reason.es": "Fiesta", "reason.ar": "عطلة"})
	l.act(t, pm, "/console/services/hours/sets/new", map[string]string{"names.en": "Summer", "names.es": "Verano", "names.ar": "الصيف", "from": "2027-07-01", "to": "2027-07-31"})
	l.act(t, operator, "/console/diary/block", map[string]string{"day": friday, "from": "18:00", "to": "18:30", "kind": "busy", "stylist": "omar"})
	for _, tab := range []*harness.Page{operator, admin} {
		l.act(t, tab, "/console/account/tokens/new", map[string]string{"name": "Report"})
	}
	pm.Open(l.app.BaseURL + "/console/services/stylists")
	stylist := harness.Eval[string](pm, `document.querySelector("#main a[href^='/console/services/stylists/']:not([href$='/new'])").getAttribute("href").replace(/\/edit$/, "")`)
	l.act(t, pm, stylist+"/feed", nil)
	l.act(t, operator, l.takeCase(operator), map[string]string{"label": string(models.LabelNeeded)})
	l.found["case taken"] = l.takeCase(operator)
	l.tab(t, "operator, again") // another session, to end
	l.act(t, admin, "/console/people/invite", map[string]string{"email": "new@luma.example", "name": "Nora New", "role": "pm", "language": "es"})
	link := harness.Eval[string](admin, `(document.body.innerText.match(/\/console\/invitation\/[\w-]+/) ?? [""])[0]`)
	if link == "" {
		link = harness.Eval[string](admin, `([...document.querySelectorAll("input")].map(i => i.value).join(" ").match(/\/console\/invitation\/[\w-]+/) ?? [""])[0]`)
	}
	l.found["invited"] = link
	l.redraft(t, pm, "/console/content/templates/"+restored+"/en/edit", " Thank you.")
	l.redraft(t, pm, "/console/content/web/rma_instructions/en/edit", " Thank you.")
	l.prepareShop(t)
}

// act fills an act's page in and does it.
func (l *looker) act(t *testing.T, tab *harness.Page, path string, fields map[string]string) {
	t.Helper()
	tab.Open(l.app.BaseURL + path)
	for name, value := range fields {
		tab.Set(name, value)
	}
	tab.Follow(".act-buttons button[type=submit]")
	if refused := tab.Text(".error-summary"); refused != "" {
		t.Fatalf("%s: %s", path, refused)
	}
}

// takeCase gives an open case to the operator and tells where it is resolved.
func (l *looker) takeCase(operator *harness.Page) (resolve string) {
	operator.Open(l.app.BaseURL + "/console/cases")
	conversation := harness.Eval[string](operator, `document.querySelector("form[action$='/take-over']").getAttribute("action").replace(/\/take-over$/, "")`)
	operator.Click("form[action='" + conversation + "/take-over'] button")
	operator.Gone("form[action='" + conversation + "/take-over']")
	operator.Open(l.app.BaseURL + conversation)
	return harness.Eval[string](operator, `document.querySelector("#keeper a[data-dialog]").getAttribute("href")`)
}

// fillDiary leaves a salon with a confirmed visit, a hold, an expired hold and two cases.
func fillDiary(t *testing.T, app *harness.App) {
	t.Helper()
	phone, _ := app.Given("S01", "en")
	for _, text := range []string{"I'd like highlights on Friday", "yes", "the pack please", "first available", "12:30"} {
		app.Say(phone, text)
	}
	app.Pay(harness.Link(app.Say(phone, "Haddad")), "paid", 1)
	second := "+447700900151"
	for _, text := range []string{"أريد هايلايت يوم الجمعة", "أنا ليلى", "لا، فقط الهايلايت", "10:30", "حداد"} {
		app.Say(second, text)
	}
	for _, phone := range []string{"+447700900152", "+447700900153"} {
		app.Say(phone, "necesito hablar con una persona")
	}
	app.Settle()
}
