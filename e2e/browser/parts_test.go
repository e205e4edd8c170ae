package browser

import (
	"testing"

	"frontdesk/e2e/harness"
)

// keydown sends a key to whatever has the focus.
func keydown(tab *harness.Page, key, more string) {
	harness.Eval[bool](tab, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "`+key+`", bubbles: true, cancelable: true`+more+`}))`)
}

// An act opens over its page, keeps what was typed when it is refused, leads to what is wrong, and gives
// the focus back; done, it closes, the page shows it, a toast tells it, and takes it back.
func TestActsInADialog(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	tab := harness.StartBrowser(t).Page(1280, 860)
	tab.SignIn(app, "pm")
	tab.Open(app.BaseURL + "/console/services/closures")
	opener := `document.querySelector('a[data-dialog][href="/console/services/closures/new"]')`
	harness.Eval[bool](tab, `(`+opener+`.focus(), `+opener+`.click(), true)`)
	tab.Until("the dialog is open with its form", `document.querySelector("#dialog[open] form[hx-post]") !== null`)
	tab.Until("the focus is inside", `document.getElementById("dialog").contains(document.activeElement)`)
	if label := harness.Eval[string](tab, `document.getElementById(document.getElementById("dialog").getAttribute("aria-labelledby")).innerText`); label == "" {
		t.Error("the dialog has no name")
	}

	harness.Eval[bool](tab, `(document.querySelector("#dialog form").requestSubmit(), true)`)
	tab.Until("the summary has the focus", `document.activeElement.matches("#dialog .error-summary")`)
	if leads := harness.Eval[bool](tab, `[...document.querySelectorAll("#dialog .error-summary a")].every(a => document.querySelector("#dialog " + CSS.escape(a.hash).replace("\\#", "#")) !== null)`); !leads {
		t.Error("the summary leads nowhere")
	}
	harness.Eval[bool](tab, `(document.getElementById("dialog").close(), true)`)
	tab.Until("the focus is back at the opener", `document.activeElement === `+opener)
	if at := harness.Eval[string](tab, `location.pathname`); at != "/console/services/closures" {
		t.Errorf("the page is now %s", at)
	}
}

// The palette is worked by keys alone and single keys rest while somebody types.
func TestPaletteByKeys(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	tab := harness.StartBrowser(t).Page(1280, 860)
	tab.SignIn(app, "pm")
	tab.Open(app.BaseURL + "/console")
	keydown(tab, "k", ", ctrlKey: true")
	tab.Until("the palette is open", `document.activeElement.id === "find-text" && document.activeElement.getAttribute("aria-activedescendant") !== null`)
	tab.Fill("#find-text", "dia")
	tab.Until("only the diary is left", `document.querySelectorAll("#found [role=option]").length > 0 && [...document.querySelectorAll("#found [role=option]")].every(o => /diary|time|day/i.test(o.innerText))`)
	tab.Until("the count is told", `/\d/.test(document.getElementById("found-status").textContent)`)
	keydown(tab, "?", "")
	if open := harness.Eval[bool](tab, `document.getElementById("dialog").open`); open {
		t.Error("a single key acts while somebody types")
	}
	keydown(tab, "Enter", "")
	tab.Until("the diary is open", `location.pathname === "/console/diary" && document.readyState === "complete"`)
	keydown(tab, "?", "")
	tab.Until("the sheet is open", `document.getElementById("dialog").open`)
	tab.Open(app.BaseURL + "/console/keys?keys=off")
	keydown(tab, "j", "")
	tab.Open(app.BaseURL + "/console")
	keydown(tab, "?", "")
	if open := harness.Eval[bool](tab, `document.getElementById("dialog").open`); open {
		t.Error("a single key acts although they are off")
	}
}

// A page that fetches itself again takes nothing away from who works on it.
func TestRefreshKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	tab := harness.StartBrowser(t).Page(1280, 860)
	tab.SignIn(app, "admin")
	tab.Open(app.BaseURL + "/console/audit")
	tab.Fill("#audit-subject", "half an id")
	harness.Eval[bool](tab, `(document.getElementById("audit-columns").open = true, document.getElementById("audit-subject").setSelectionRange(2, 4), window.old = document.getElementById("audit-subject"), window.frontdesk.refresh(), true)`)
	tab.Until("the page was drawn again", `document.getElementById("audit-subject") !== window.old`)
	if got := harness.Eval[string](tab, `(e => [e.value, e === document.activeElement, e.selectionStart, document.getElementById("audit-columns").open].join())(document.getElementById("audit-subject"))`); got != "half an id,true,2,true" {
		t.Errorf("after the refresh: %s", got)
	}
	tab.Click("form[data-quick] button")
	tab.Sees("#toasts .toast", "The chain holds")
	tab.Until("what was typed stands there after an act", `document.getElementById("audit-subject").value === "half an id"`)
}
