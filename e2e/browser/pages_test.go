package browser

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// pages are what there is to look at, by a name for their picture. Where follow selects a link, the page
// behind it is meant: its address holds an id.
var pages = []struct{ name, path, role, follow string }{
	{"home", "/", "", ""},
	{"privacy", "/privacy", "", ""},
	{"docs", "/docs", "", ""},
	{"missing", "/no-such-page", "", ""},
	{"login", "/console/login", "", ""},
	{"today", "/console", "operator", ""},
	{"today-stylist", "/console", "stylist", ""},
	{"diary-day", "/console/diary?day=2026-10-09", "operator", ""},
	{"diary-week", "/console/diary?day=2026-10-09&view=week", "operator", ""},
	{"diary-empty", "/console/diary?day=2027-03-07", "pm", ""},
	{"conversations", "/console/conversations", "operator", ""},
	{"conversation", "/console/conversations", "operator", `main a[href^="/console/conversations/"]`},
	{"visit", "/console/diary?day=2026-10-09", "operator", `main a[href*="visit="]`},
	{"visit-stylist", "/console/diary?day=2026-10-09", "stylist", `main a[href*="visit="]`},
	{"today-stakeholder", "/console", "stakeholder", ""},
	{"cases", "/console/cases", "operator", ""},
	{"forbidden", "/console/conversations", "finance", ""},
}

// TestEveryPageIsAccessible runs axe over every page, in every language; by default in one theme a
// language, with LONG=1 in both. A picture of each is kept, also as a phone shows it.
func TestEveryPageIsAccessible(t *testing.T) {
	app := harness.Start(t, harness.Options{})
	fillDiary(t, app)
	browser := harness.StartBrowser(t)
	themes := map[models.Language][]string{"en": {"light"}, "es": {"light"}, "ar": {"dark"}}
	if os.Getenv("LONG") != "" {
		themes = map[models.Language][]string{"en": {"light", "dark"}, "es": {"light", "dark"}, "ar": {"light", "dark"}}
	}
	tabs := map[string]*harness.Page{}
	for _, p := range pages {
		tab, open := tabs[p.role]
		if !open {
			tab = browser.Page(1360, 900)
			if p.role != "" {
				tab.SignIn(app, p.role)
			}
			tabs[p.role] = tab
		}
		path := p.path
		if p.follow != "" {
			tab.For(t)
			tab.Open(app.BaseURL + p.path)
			path = harness.Eval[string](tab, `document.querySelector(`+strconv.Quote(p.follow)+`).getAttribute("href")`)
		}
		for _, lang := range models.Languages() {
			for _, theme := range themes[lang] {
				what := strings.Join([]string{p.name, lang, theme}, "-")
				t.Run(what, func(t *testing.T) {
					tab.For(t)
					tab.Wide()
					tab.Theme(theme)
					join := "?"
					if strings.Contains(path, "?") {
						join = "&"
					}
					tab.Open(app.BaseURL + path + join + "lang=" + lang)
					if got := harness.Eval[string](tab, `document.documentElement.lang + " " + document.documentElement.dir`); got != lang+" "+direction(lang) {
						t.Errorf("lang and dir are %q", got)
					}
					if n := harness.Eval[int](tab, `document.querySelectorAll("h1").length`); n != 1 {
						t.Errorf("%d h1", n)
					}
					tab.Accessible(what)
					tab.Screenshot(what)
					if over := harness.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
						t.Errorf("the page is %d px wider than its window", over)
					}
					tab.Phone()
					if over := harness.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
						t.Errorf("the page is %d px wider than a phone", over)
					}
					tab.Screenshot(what + "-phone")
				})
			}
		}
	}
}

func direction(lang models.Language) string {
	if lang == models.Arabic {
		return "rtl"
	}
	return "ltr"
}

// fillDiary leaves a salon with a confirmed visit, a hold, an expired hold and a case.
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
	third := "+447700900152"
	app.Say(third, "necesito hablar con una persona")
	app.Settle()
}
