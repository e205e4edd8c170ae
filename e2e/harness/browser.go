package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Browser is a Chromium of this test's own.
type Browser struct {
	t   testing.TB
	ctx context.Context
}

// Patience is how long a page may take for what it must do. A busy machine is slow, and a test that
// waits for a condition loses nothing by a long limit.
const Patience = 90 * time.Second

// Page is a tab with cookies of its own.
type Page struct {
	t             testing.TB
	ctx           context.Context
	width, height int64
	phone         bool
	console       *console
}

// StartBrowser starts Chromium; it ends with the test. A machine without it fails the test and says
// how to get it.
func StartBrowser(t testing.TB) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("browser tests need Chromium; run: sudo apt-get install -y --no-install-recommends chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true),
		// The driver's own choice; the address bar's pop-ups, which are a page more for each window; the pages one has
		// left, which a browser keeps alive for whoever goes back; and a process in store for the next page.
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,BackForwardCache,SpareRendererForSitePerProcess"),
		chromedp.Flag("js-flags", "--no-opt --no-maglev"), // a script that runs for a second is not worth optimising
		chromedp.WSURLReadTimeout(Patience),
	)
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(func() { end(); endAlloc() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return &Browser{t, ctx}
}

// For is the same browser for a subtest: the tabs it opens end with it.
func (b *Browser) For(t testing.TB) *Browser { return &Browser{t, b.ctx} }

// Page opens a tab of the given size, in a session of its own.
func (b *Browser) Page(width, height int64) *Page {
	b.t.Helper()
	heard := &console{}
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(heard.hear))
	b.t.Cleanup(end)
	p := &Page{t: b.t, ctx: ctx, width: width, height: height, console: heard}
	p.show(height)
	return p
}

// For lets a subtest fail for what the tab does.
func (p *Page) For(t testing.TB) { p.t = t }

// Phone makes the tab behave like a phone of 390 pixels.
func (p *Page) Phone() {
	p.t.Helper()
	p.size(390, 844, true)
}

// Wide makes the tab a desk's again.
func (p *Page) Wide() {
	p.t.Helper()
	p.size(1360, 900, false)
}

// size gives the window a size, unless it has it, and waits until the page is laid out for it.
func (p *Page) size(width, height int64, phone bool) {
	p.t.Helper()
	if p.width == width && p.height == height && p.phone == phone {
		return
	}
	p.width, p.height, p.phone = width, height, phone
	p.show(height)
	p.within(fmt.Sprintf("lay out for %d pixels", width), func(ctx context.Context) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](laidOut, chromedp.EvalAwaitPromise))
		return err
	})
}

// laidOut waits until the page keeps its width for some frames: a phone draws it as wide as it was, at first.
const laidOut = `(async () => {
	for (let last = -1, same = 0; same < 2;) {
		await new Promise(drawn => requestAnimationFrame(drawn));
		const now = document.documentElement.scrollWidth;
		[same, last] = [now === last ? same + 1 : 0, now];
	}
	return true;
})()`

// show makes the window as high as that.
func (p *Page) show(height int64) {
	p.t.Helper()
	var options []chromedp.EmulateViewportOption
	if p.phone {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	p.do("size the window", chromedp.EmulateViewport(p.width, height, options...))
}

// Theme prefers light or dark, and no motion: what changes its colours has them at once.
func (p *Page) Theme(scheme string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	if err != nil {
		p.t.Fatalf("prefer %s: %v", scheme, err)
	}
}

func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	// The context of the first call carries the tab's life, so it gets no time limit of its own.
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// Open goes to a URL.
func (p *Page) Open(url string) {
	p.t.Helper()
	p.do("open "+url, chromedp.Navigate(url))
}

// Location is where the tab is.
func (p *Page) Location() string {
	p.t.Helper()
	at, err := chromedp.Run(p.ctx, chromedp.Location())
	if err != nil {
		p.t.Fatal(err)
	}
	return at
}

// Fill writes into a field, instead of what stood there. A page may draw the field anew meanwhile, so it is
// found afresh for each step.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	p.Until(selector+" can be filled in", fmt.Sprintf(`(() => { const e = document.querySelector(%q);
		if (!e || e.disabled || e.getClientRects().length === 0) { return false } e.focus(); e.select(); return document.activeElement === e })()`, selector))
	if text == "" {
		p.Press("\b")
		return
	}
	if _, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		p.t.Fatalf("fill %s: %v", selector, err)
	}
}

// Click clicks the first match. A page may draw it anew between the moment it is found and the press: then it is
// found again.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.within("click "+selector, func(ctx context.Context) error {
		for {
			if err := chromedp.Do(ctx, chromedp.Click(selector)); !drawnAnew(err) {
				return err
			}
		}
	})
}

// drawnAnew tells whether the browser says that an element it had found is there no more. It has not been
// pressed then: the browser asks where it is before it presses.
func drawnAnew(err error) bool {
	var refused *cdproto.Error
	return errors.As(err, &refused) && slices.ContainsFunc(
		[]string{"Could not find node", "No node", "Node is detached", "Could not compute"},
		func(said string) bool { return strings.HasPrefix(refused.Message, said) })
}

func (p *Page) within(what string, f func(context.Context) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, Patience)
	defer cancel()
	if err := f(ctx); err != nil {
		p.t.Fatalf("%s at %s: %v\n%s", what, p.Location(), err, p.Text("body"))
	}
}

// Text is the visible text of the first match, empty when there is none.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	js := fmt.Sprintf(`(() => { const e = document.querySelector(%q); return e ? e.innerText : "" })()`, selector)
	return Eval[string](p, js)
}

// Eval runs an expression in the page.
func Eval[T any](p *Page, js string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](js))
	if err != nil {
		p.t.Fatalf("evaluate %.80s: %v", js, err)
	}
	return v
}

// Sees waits until the page shows every text inside the selector.
func (p *Page) Sees(selector string, texts ...string) {
	p.t.Helper()
	js := fmt.Sprintf(`(() => { const e = document.querySelector(%q); return e ? e.innerText : "" })()`, selector)
	shown, missing := "", "anything"
	p.wait(func() bool {
		shown, missing = probe[string](p, js), ""
		for _, text := range texts {
			if !strings.Contains(shown, text) {
				missing = text
			}
		}
		return missing == "" && shown != ""
	}, func() string { return fmt.Sprintf("%s never shows %q; it shows:\n%s", selector, missing, shown) })
}

// SignIn signs a demo person in and waits for the console.
func (p *Page) SignIn(a *App, role string) {
	p.t.Helper()
	p.Open(a.BaseURL + "/console/login")
	p.Login(a, role)
	p.Inside()
}

// Login types a demo person's address and password on the sign-in page, and goes on.
func (p *Page) Login(a *App, role string) {
	p.t.Helper()
	email, password := a.Login(role)
	p.Fill(`input[name="email"]`, email)
	p.Fill(`input[name="password"]`, password)
	p.Click(`form button[type="submit"]`)
}

// Inside waits until a sign-in has led into the console.
func (p *Page) Inside() {
	p.t.Helper()
	p.Until("the console is open", `document.querySelector(".shell") !== null && !location.pathname.startsWith("/console/login")`)
}

// Screenshot keeps a picture of the whole page as an artefact.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	dir := os.Getenv("ARTEFACTS")
	if dir == "" {
		return
	}
	// The window grows to the page: a capture beyond the window is shifted on right-to-left pages.
	p.show(min(max(p.height, Eval[int64](p, `document.documentElement.scrollHeight`)), 4000))
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("screenshot %s: %v", name, err)
	}
	p.show(p.height)
	dir = filepath.Join(dir, "screenshots")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
