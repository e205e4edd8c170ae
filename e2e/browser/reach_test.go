package browser

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"

	"frontdesk/e2e/harness"
)

const (
	enter  = "\r"
	escape = "\x1b"
	down   = "\u0301" // as the browser driver writes the arrow keys
)

// withoutScript: signing in, moving a visit and writing to a customer are pages and forms where no script
// runs; what was typed stands after a refusal.
func withoutScript(s stage) {
	phone, visit := s.booked()
	desk := s.browser.Page(1360, 900)
	desk.WithoutScript()
	s.open(desk, "/console/login")
	desk.Login(s.app, "operator")
	desk.Path("/console")
	s.open(desk, "/console/diary?day="+friday)
	desk.Follow(card(visit))
	desk.Follow(fmt.Sprintf(".panel a[href*='/console/diary/visits/%s/move']", visit.ID))
	desk.Choose("main input[name=time]", "18:00")
	desk.Follow(".act-buttons button[type=submit]")
	desk.Sees("main .change", "12:30", "18:00")
	s.picture(desk, "plain-1-what-follows")
	desk.Follow(".act-buttons button[type=submit]")
	desk.Sees(toast, "18:00")
	desk.Sees(card(visit), "18:00")
	s.picture(desk, "plain-2-moved")
	s.startsAt(phone, "18:00")

	s.open(desk, "/console/conversations")
	desk.Follow("main a[href*='/console/conversations/']")
	desk.Fill("#composer-text", "See you on Friday at six.")
	desk.Follow("#composer form button[type=submit]")
	desk.Sees("#thread-scroll", "See you on Friday at six.")
	s.told(phone, 0, "See you on Friday at six.")

	manager := s.browser.Page(1360, 900)
	manager.WithoutScript()
	s.open(manager, "/console/login")
	manager.Login(s.app, "pm")
	manager.Path("/console")
	s.open(manager, "/console/services")
	manager.Follow(editHighlights(s, manager))
	manager.Fill("#price", "twelve")
	manager.Fill(`[id="names.en"]`, "Highlights and more")
	manager.Follow(".act-buttons button[type=submit]")
	manager.Sees(".error-summary", "")
	s.picture(manager, "plain-3-refused")
	if got := harness.Eval[[]string](manager, `["price", "names.en"].map(id => document.getElementById(id).value)`); got[0] != "twelve" || got[1] != "Highlights and more" {
		s.Errorf("after the refusal the fields hold %q", got)
	}
	if title := harness.Eval[string](manager, "document.title"); title[:6] != "Error:" {
		s.Errorf("the title of a refused form is %q", title)
	}
}

// byKeyboard: a visit is found and moved without a pointer, and the reader of a screen is told each step.
func byKeyboard(s stage) {
	phone, visit := s.booked()
	desk := s.tab()
	email, password := s.app.Login("operator")
	desk.TabTo("input[name=email]")
	desk.Press(email + "\t")
	desk.FocusOn("input[name=password]")
	desk.Press(password + enter)
	desk.Inside()
	desk.Until("scripts run", "window.frontdesk && window.frontdesk.open")

	desk.Press("k", chromedp.ModifierCtrl)
	desk.FocusOn("#palette[open] #find-text")
	desk.Press("diary")
	desk.Until("the diary is chosen", `(() => { const f = document.querySelector("#find-text"); const o = document.getElementById(f.getAttribute("aria-activedescendant"));
		return f.value === "diary" && o && o.getAttribute("href") === "/console/diary" })()`)
	desk.Until("what was found is told", `document.getElementById("found-status").innerText !== ""`)
	s.picture(desk, "keys-1-palette")
	desk.Press(enter)
	desk.Path("/console/diary")
	for day := range 3 { // Tuesday to Friday
		desk.TabTo("#diary-next")
		desk.Press(enter)
		desk.Until("the next day is open", fmt.Sprintf(`location.search.includes("2026-10-0%d") && document.readyState === "complete"`, 7+day))
	}

	desk.TabTo("a.visit")
	desk.FocusOn(card(visit))
	desk.Press("m")
	desk.Until("the reader is told how to move it", `document.getElementById("live-status").innerText.includes("Arrow keys")`)
	status := func() string { return harness.Eval[string](desk, `document.getElementById("live-status").innerText`) }
	for last := status(); last != "18:00 with Dana"; last = status() {
		desk.Press(down)
		desk.Until("the reader is told the next time", fmt.Sprintf(`document.getElementById("live-status").innerText !== %q`, last))
		if now := status(); !strings.Contains(now, "with Dana") || now > "18:00 with Dana" {
			s.Fatalf("after %q the reader is told %q", last, now)
		}
	}
	s.picture(desk, "keys-2-moving")
	desk.Press(enter)
	desk.Sees("#dialog .change", "12:30", "18:00")
	s.startsAt(phone, "12:30")
	desk.TabTo(submit)
	desk.Press(enter)
	desk.Sees(toast, "18:00")
	desk.Gone("#dialog[open]")
	desk.Sees(card(visit), "18:00")
	desk.FocusOn(card(visit))
	s.startsAt(phone, "18:00")
	s.picture(desk, "keys-3-moved")

	desk.Press("?")
	desk.Sees("#dialog[open] h1", "Keyboard shortcuts")
	desk.Until("the focus is in the sheet", `document.getElementById("dialog").contains(document.activeElement)`)
	drawnAgain(desk, "window.frontdesk.refresh()")
	desk.Press(escape)
	desk.Gone("#dialog[open]")
	desk.FocusOn(card(visit))
	drawnAgain(desk, "window.frontdesk.refresh()")
	desk.FocusOn(card(visit))
	heldUnderTheHand(s, desk, keyDown("m"), keyDown("Escape"))
	desk.FocusOn(card(visit))
	desk.Press("?")
	desk.Sees("#dialog[open] h1", "Keyboard shortcuts")
	desk.TabTo("#dialog a[href*='keys=off']")
	desk.Press(enter)
	desk.Until("single keys are off", `document.body.dataset.keys === "off"`)
	s.open(desk, "/console/diary?day="+friday)
	desk.Press("?")
	desk.Press("k", chromedp.ModifierCtrl)
	desk.FocusOn("#palette[open] #find-text")
	if harness.Eval[bool](desk, `document.getElementById("dialog").open`) {
		s.Error("single keys are off and the sheet still opens")
	}
	desk.Press(escape)
	desk.Gone("#palette[open]")
}

// drawnAgain does something that lets the page fetch its content again, and waits until that is over. It
// tells whether the content was drawn.
func drawnAgain(desk *harness.Page, js string) (drawn bool) {
	harness.Eval[bool](desk, `(() => { window.drawn = null; const content = document.getElementById("content"), first = content.firstElementChild;
		content.addEventListener("htmx:afterRequest", () => window.drawn = first.isConnected ? "kept" : "drawn", { once: true }); `+js+`; return true })()`)
	desk.Until("the content has been fetched", "window.drawn && !document.querySelector('.htmx-settling, .htmx-swapping')")
	return harness.Eval[string](desk, "window.drawn") == "drawn"
}

// heldUnderTheHand: what was on its way when a visit is taken up is not drawn before the visit is put down.
func heldUnderTheHand(s stage, desk *harness.Page, takeUp, putDown string) {
	if drawnAgain(desk, `content.addEventListener("htmx:beforeSend", () => `+takeUp+`, { once: true }); window.frontdesk.refresh()`) {
		s.Error("the board is drawn again under the hand")
	}
	if !drawnAgain(desk, putDown) {
		s.Error("the board is not drawn again once the visit is put down")
	}
}

// keyDown presses a key on what has the focus, within the page.
func keyDown(key string) string {
	return fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: %q, bubbles: true, cancelable: true }))`, key)
}

// pointer presses a pointer on an element or lets it go, within the page.
func pointer(what, selector string) string {
	return fmt.Sprintf(`document.querySelector(%q).dispatchEvent(new PointerEvent(%q, { bubbles: true, cancelable: true, pointerId: 7, pointerType: "mouse", isPrimary: true }))`, selector, what)
}

// focusAfterRefusal: a refused form takes the focus to what is wrong, Escape gives it back to the link, and
// regions that speak are there from the start.
func focusAfterRefusal(s stage) {
	desk := s.desk("pm")
	s.open(desk, "/console/services")
	for _, region := range []string{"#toasts", "#live-status"} {
		if got := harness.Eval[string](desk, fmt.Sprintf(`(() => { const e = document.querySelector(%q); return e.getAttribute("role") + " " + e.getAttribute("aria-live") + " " + e.childElementCount })()`, region)); got != "status polite 0" {
			s.Errorf("%s is %q at the start, want an empty polite status", region, got)
		}
	}
	edit := editHighlights(s, desk)
	desk.Click(edit)
	desk.FocusOn("#dialog [name=price]")
	desk.Fill("#dialog [name=price]", "-5")
	desk.Fill("#dialog [name='names.es']", "Mechas nuevas")
	desk.Click(submit)
	desk.FocusOn("#dialog .error-summary")
	desk.Until("the field says what is wrong with it", `document.querySelector("#dialog [name=price][aria-invalid=true]") && document.querySelector("#dialog [data-error=price]")`)
	if got := harness.Eval[string](desk, `document.querySelector("#dialog [name='names.es']").value`); got != "Mechas nuevas" {
		s.Errorf("after the refusal the name is %q", got)
	}
	desk.Accessible("a refused form", "#dialog")
	s.picture(desk, "focus-1-refused")
	desk.Click("#dialog .error-summary a")
	desk.FocusOn("#dialog [name=price]")
	desk.Press(escape)
	desk.Gone("#dialog[open]")
	desk.FocusOn(edit)
}

// focusWhileLive: a page that changes by itself takes away neither the focus nor what was typed.
func focusWhileLive(s stage) {
	phone, _ := s.app.Given("S01", s.lang)
	s.app.Say(phone, asks[s.lang][0])
	desk := s.desk("operator")
	s.open(desk, "/console/conversations")
	desk.Follow("main a[href*='/console/conversations/']")
	draft := words{"en": "One moment, please", "ar": "لحظة من فضلك"}[s.lang]
	desk.Fill("#composer-text", draft)
	desk.Press("\u0302\u0302\u0302") // three characters back
	caret := harness.Eval[int](desk, "document.activeElement.selectionStart")
	s.app.Say(phone, asks[s.lang][1])
	desk.Sees("#thread-scroll", asks[s.lang][1], "80.00")
	desk.FocusOn("#composer-text")
	if got := harness.Eval[string](desk, "document.activeElement.value"); got != draft {
		s.Errorf("after the change the draft is %q", got)
	}
	if got := harness.Eval[int](desk, "document.activeElement.selectionStart"); got != caret {
		s.Errorf("after the change the caret stands at %d, want %d", got, caret)
	}
	desk.Until("the reader is told of the change", `document.getElementById("live-status").innerText !== ""`)
	s.picture(desk, "focus-2-kept")
}
