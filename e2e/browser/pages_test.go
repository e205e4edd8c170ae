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

// TestEveryPage opens every page in every language and looks at it on a phone and on a desk: at its words, its width,
// its targets and what the browser complains about. Axe judges it in English or Spanish, on the one in light and on the
// other in dark; which, goes round with the pages. With LONG=1 axe judges it in that language on a desk in the other
// theme, and in the others on a phone.
func TestEveryPage(t *testing.T) {
	t.Parallel() // with the journeys, which wait for what a salon takes its time for
	look := &looker{
		app: harness.Start(t, harness.Options{Env: []string{"MFA_REQUIRED=true"}}), browser: harness.StartBrowser(t),
		tabs: map[string]*harness.Page{}, found: map[string]string{}, codes: map[*harness.Page][]string{}, passwords: map[*harness.Page]string{},
		long: os.Getenv("LONG") != "",
	}
	look.prepare(t)
	for n, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			tab := look.tab(t, p.role)
			look.found[p.name] = look.address(t, tab, p)
			for m, lang := range models.Languages() {
				views := look.views(n, m)
				views[0].show(tab)
				look.to(t, tab, p, lang)
				for _, v := range views {
					v.show(tab)
					look.at(t, tab, p, lang, v)
				}
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
	long      bool // what is left out otherwise
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
	l.prepareLetters(t, operator)
	l.app.Exec(`INSERT INTO reconciliation_differences (id, key, kind, state, ref, intent, here_minor, here_currency, there_minor, there_currency, since, found_at, seen_at, settled_at, settled_by, note)
		SELECT gen_random_uuid(), state, 'amount', state, 'ch_' || state, 'pi_' || state, 1500, 'EUR', 1400, 'EUR', now(), now(), now(), settled, coalesce(who, ''), coalesce(note, '')
		FROM (VALUES ('open', NULL, NULL, NULL), ('explained', now(), 'machine', 'The bank kept a fee.')) AS d (state, settled, who, note)`)
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
