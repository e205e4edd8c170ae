package harness

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Login is the address and the password of a demo person.
func (a *App) Login(role string) (email, password string) {
	a.t.Helper()
	email, password, ok := strings.Cut(a.Env["LOGIN_"+strings.ToUpper(role)], ":")
	if !ok {
		a.t.Fatalf("no demo login for %s", role)
	}
	return email, password
}

// wait asks again and again until it is so; what explains a failure.
func (p *Page) wait(so func() bool, what func() string) {
	p.t.Helper()
	for deadline := time.Now().Add(Patience); !so(); time.Sleep(25 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("at %s: %s", p.Location(), what())
		}
	}
}

// probe evaluates; a page that is just being replaced gives the zero value.
func probe[T any](p *Page, js string) T {
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](js))
	if err != nil {
		var none T
		return none
	}
	return v
}

// Until waits until an expression is true in the page.
func (p *Page) Until(what, js string) {
	p.t.Helper()
	p.wait(func() bool { return probe[bool](p, "!!("+js+")") }, func() string {
		return fmt.Sprintf("not so: %s; the focus is on %s; the page shows:\n%s", what, probe[string](p, focused), probe[string](p, "document.body.innerText.slice(-1500)"))
	})
}

// Choose gives a field of time, day or choice its value, as its own picker does.
func (p *Page) Choose(selector, value string) {
	p.t.Helper()
	p.Until(selector+" is there", fmt.Sprintf("document.querySelector(%q)", selector))
	Eval[string](p, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.value = %q;
		["input", "change"].forEach(n => e.dispatchEvent(new Event(n, {bubbles: true}))); return e.value })()`, selector, value))
}

// Set fills the field of that name in the page's form, of whatever kind it is.
func (p *Page) Set(name, value string) {
	p.t.Helper()
	set := Eval[bool](p, fmt.Sprintf(`(() => { const all = [...document.querySelectorAll("main form [name='" + CSS.escape(%q) + "']")].filter(e => e.type !== "hidden");
		const choice = all.find(e => (e.type === "radio" || e.type === "checkbox") && e.value === %[2]q); const text = all.find(e => e.type !== "radio" && e.type !== "checkbox");
		if (choice) { choice.checked = true } else if (text) { text.value = %[2]q } else { return false } return true })()`, name, value))
	if !set {
		p.t.Fatalf("no field %s=%s at %s:\n%s", name, value, p.Location(), p.Text("main"))
	}
}

// Gone waits until nothing matches.
func (p *Page) Gone(selector string) {
	p.t.Helper()
	p.Until(selector+" is gone", fmt.Sprintf("!document.querySelector(%q)", selector))
}

// Path waits until the tab is at a path of the site.
func (p *Page) Path(path string) {
	p.t.Helper()
	p.Until("the page is "+path, fmt.Sprintf("location.pathname === %q", path))
}

// Follow clicks a link or button that leads to another page, and waits for that page.
func (p *Page) Follow(selector string) {
	p.t.Helper()
	Eval[string](p, `document.documentElement.dataset.left = "yes"`)
	p.Click(selector)
	p.Until("another page is open", `document.readyState === "complete" && !document.documentElement.dataset.left`)
}

// focused describes what has the focus.
const focused = `(() => { const e = document.activeElement; return e ? e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + " " + (e.name || e.innerText || e.getAttribute("aria-label") || "").slice(0, 60) : "nothing" })()`

// FocusOn waits until what has the focus matches.
func (p *Page) FocusOn(selector string) {
	p.t.Helper()
	p.Until("the focus is on "+selector, fmt.Sprintf("document.activeElement && document.activeElement.matches(%q)", selector))
}

// Press presses keys, one after the other, wherever the focus is. As on a keyboard, a key whose press a
// script has taken for itself types nothing.
func (p *Page) Press(keys string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	for _, r := range keys {
		var typed string
		events := kb.Encode(r)
		for _, e := range events {
			if e.Type == kb.KeyChar && len(modifiers) == 0 {
				typed = e.Text
			}
		}
		for _, e := range events {
			if e.Type == kb.KeyChar {
				continue
			}
			if e.Type != kb.KeyUp {
				e.Type, e.Text = kb.KeyDown, typed
			}
			for _, m := range modifiers {
				e.Modifiers |= int64(m)
			}
			if _, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, *e); err != nil {
				p.t.Fatalf("press a key: %v", err)
			}
		}
	}
}

// TabTo presses the tab key until what has the focus matches: the way there is part of the test.
func (p *Page) TabTo(selector string) {
	p.t.Helper()
	reached := fmt.Sprintf("document.activeElement.matches(%q)", selector)
	for range 120 {
		if Eval[bool](p, reached) {
			return
		}
		p.Press("\t")
	}
	p.t.Fatalf("the tab key does not reach %s; the focus is on %s", selector, Eval[string](p, focused))
}

// Point is a place in the window, in CSS pixels.
type Point struct{ X, Y float64 }

// Middle is the middle of the first match, scrolled into sight.
func (p *Page) Middle(selector string) Point {
	p.t.Helper()
	return Eval[Point](p, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: "center", inline: "center"});
		const b = e.getBoundingClientRect(); return {X: b.left + b.width / 2, Y: b.top + b.height / 2} })()`, selector))
}

// Drag presses the pointer, moves it by several steps and lets it go.
func (p *Page) Drag(from, to Point) {
	p.t.Helper()
	held := func(e *input.DispatchMouseEventParams) { e.Buttons = 1 }
	steps := []chromedp.Action[chromedp.Void]{chromedp.MouseEvent(chromedp.MousePressed, from.X, from.Y, chromedp.ButtonLeft, chromedp.ClickCount(1))}
	const moves = 8
	for i := 1; i <= moves; i++ {
		part := float64(i) / moves
		steps = append(steps, chromedp.MouseEvent(chromedp.MouseMoved, from.X+(to.X-from.X)*part, from.Y+(to.Y-from.Y)*part, chromedp.ButtonLeft, held))
	}
	steps = append(steps, chromedp.MouseEvent(chromedp.MouseReleased, to.X, to.Y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	p.do("drag", steps...)
}

// WithoutScript lets no page of this tab run a script. The harness itself can still ask the page.
func (p *Page) WithoutScript() {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		p.t.Fatalf("forbid scripts: %v", err)
	}
}

// Authenticator gives the tab a device that makes and shows passkeys, with its person always at hand.
func (p *Page) Authenticator() {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		p.t.Fatalf("enable passkeys: %v", err)
	}
	_, err := chromedp.Call(p.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	if err != nil {
		p.t.Fatalf("add a device: %v", err)
	}
}

// console collects what a page complains about.
type console struct {
	mu    sync.Mutex
	lines []complaint
}

type complaint struct{ text, url string }

func (c *console) hear(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			c.lines = append(c.lines, complaint{e.Entry.Text, e.Entry.URL})
		}
	case *runtime.EventExceptionThrown:
		c.lines = append(c.lines, complaint{e.ExceptionDetails.Text + " " + e.ExceptionDetails.URL, ""})
	}
}

// Complaints are the errors the browser has reported since the last call: refused by the content
// security policy, thrown by a script, not found. The answer of the page itself is none of them, for a
// page may be one that says no.
func (p *Page) Complaints() []string {
	p.t.Helper()
	here, err := url.Parse(p.Location())
	if err != nil {
		p.t.Fatal(err)
	}
	p.console.mu.Lock()
	defer p.console.mu.Unlock()
	var out []string
	for _, line := range p.console.lines {
		if of, err := url.Parse(line.url); err == nil && of.Path == here.Path && strings.Contains(line.text, "the server responded with a status of") {
			continue
		}
		out = append(out, line.text+" "+line.url)
	}
	p.console.lines = nil
	return out
}
