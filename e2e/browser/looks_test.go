package browser

import (
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// view is one way to look at a page.
type view struct {
	phone   bool
	theme   string
	closely bool // axe judges it, and an act is opened from it
}

// views are how page n is looked at in language m: the first as it is opened, the second without opening it again. What
// comes second is what the next language begins with, so that a tab changes its size as seldom as can be. Axe passes
// over the colours of what is written in Arabic, so the one language it judges in both ways is another; the long look
// judges that one on a desk in the other theme, and the others on a phone.
func (l *looker) views(n, m int) []view {
	judged := models.Languages()[m] == []models.Language{models.English, models.Spanish}[n/2%2]
	dark := ((n/4+m)%2 == 1) != (judged && l.long)
	phone := view{phone: true, theme: "light", closely: judged || l.long}
	desk := view{theme: "dark", closely: judged}
	if dark {
		phone.theme, desk.theme = desk.theme, phone.theme
	}
	switch {
	case l.long && judged:
		return []view{desk}
	case l.long: // the short look has seen the desk
		return []view{phone}
	case (n+m)%2 == 0:
		return []view{desk, phone}
	}
	return []view{phone, desk}
}

// show lets a tab show its page like that.
func (v view) show(tab *harness.Page) {
	tab.Theme(v.theme)
	if v.phone {
		tab.Phone()
	} else {
		tab.Wide()
	}
}

func (v view) String() string {
	if v.phone {
		return v.theme + "-phone"
	}
	return v.theme
}

// at looks at one page, in the language and the way it is shown. A picture is kept of what is wrong.
func (l *looker) at(t *testing.T, tab *harness.Page, p aPage, lang models.Language, v view) {
	t.Helper()
	what := strings.Join([]string{p.name, lang, v.String()}, "-")
	got := harness.Eval[impression](tab, inspect)
	if want := lang + " " + direction(lang); got.Language != want {
		t.Errorf("%s: lang and dir are %q, want %q", what, got.Language, want)
	}
	if got.Headings != 1 {
		t.Errorf("%s: %d h1", what, got.Headings)
	}
	l.check(t, what, got)
	if v.closely {
		tab.Accessible(what, "html")
	}
	if v.closely && p.opens && !v.phone {
		l.dialog(t, tab, what)
	}
	for _, complaint := range tab.Complaints() {
		t.Errorf("%s: the browser complains: %s", what, complaint)
	}
	if t.Failed() {
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
	for _, target := range got.Nameless {
		t.Errorf("%s: a target without a name: %s", what, target)
	}
}

// dialog opens the first act of a page and looks at it.
func (l *looker) dialog(t *testing.T, tab *harness.Page, what string) {
	t.Helper()
	tab.Until("scripts run", "window.frontdesk && window.frontdesk.open")
	harness.Eval[string](tab, `(() => { const a = [...document.querySelectorAll("#content a[data-dialog].button")].find(a => a.offsetParent !== null); a.click(); return a.href })()`)
	tab.Sees("#dialog[open] h1, #dialog[open] h2", "")
	tab.Accessible(what+" with a dialog", "#dialog")
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
	Nameless []string // targets that no word in this language names
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
	const words = e => [e.getAttribute("aria-label"), e.title, e.type === "submit" && e.value,
		...(e.getAttribute("aria-labelledby") ?? "").split(" ").map(id => id && document.getElementById(id)?.textContent), ...[...e.labels ?? []].map(l => l.textContent),
		...(e.matches("input, select, textarea") ? [] : [e.textContent, ...[...e.querySelectorAll("[alt], [aria-label]")].map(i => i.getAttribute("aria-label") || i.alt)])];
	const nameless = targets.filter(e => !words(e).some(w => w && w.trim()));
	const over = root.scrollWidth - root.clientWidth;
	const wide = over > 0 ? [...document.querySelectorAll("body *")].filter(e => { const b = e.getBoundingClientRect(); return rtl ? b.left < -1 : b.right > root.clientWidth + 1 }).slice(0, 4).map(say) : [];
	const keys = document.body.innerText.match(/(?<![\w/.@-])(console|people|access|diary|services|policies|content|conversations|cases|today|field|act)\.[a-z_.]+/g) ?? [];
	return {Language: root.lang + " " + root.dir, Headings: document.querySelectorAll("h1").length, Over: over, Wide: wide, Keys: [...new Set(keys)], Small: small.slice(0, 5).map(say), Nameless: nameless.slice(0, 5).map(say)};
})()`

func direction(lang models.Language) string {
	if lang == models.Arabic {
		return "rtl"
	}
	return "ltr"
}
