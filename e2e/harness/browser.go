package harness

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axe is axe-core 4, the accessibility checker (MPL-2.0, see axe.LICENSE).
//
//go:embed axe.min.js
var axe string

// Browser is a Chromium of this test's own.
type Browser struct {
	t   testing.TB
	ctx context.Context
}

// Page is a tab with cookies of its own.
type Page struct {
	t             testing.TB
	ctx           context.Context
	width, height int64
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
		chromedp.WSURLReadTimeout(60*time.Second),
	)
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(func() { end(); endAlloc() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return &Browser{t, ctx}
}

// Page opens a tab of the given size, in a session of its own.
func (b *Browser) Page(width, height int64) *Page {
	b.t.Helper()
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	b.t.Cleanup(end)
	p := &Page{t: b.t, ctx: ctx}
	p.size(width, height)
	return p
}

// For lets a subtest fail for what the tab does.
func (p *Page) For(t testing.TB) { p.t = t }

// Phone makes the tab behave like a phone of 390 pixels.
func (p *Page) Phone() {
	p.t.Helper()
	p.size(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch)
}

// Wide makes the tab a desk's again.
func (p *Page) Wide() {
	p.t.Helper()
	p.size(1360, 900)
}

func (p *Page) size(width, height int64, options ...chromedp.EmulateViewportOption) {
	p.t.Helper()
	p.width, p.height = width, height
	p.do("size the window", chromedp.EmulateViewport(width, height, options...))
}

// Theme prefers light or dark.
func (p *Page) Theme(scheme string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
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

// Fill types into a field.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	p.within("fill "+selector, func(ctx context.Context) error {
		return chromedp.Do(ctx, chromedp.Clear(selector), chromedp.SendKeys(selector, text))
	})
}

// Click clicks the first match.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.within("click "+selector, func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.Click(selector)) })
}

func (p *Page) within(what string, f func(context.Context) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 15*time.Second)
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
	deadline := time.Now().Add(15 * time.Second)
	for {
		shown := p.Text(selector)
		missing := ""
		for _, text := range texts {
			if !strings.Contains(shown, text) {
				missing = text
			}
		}
		if missing == "" && shown != "" {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("%s never shows %q; it shows:\n%s", selector, missing, shown)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// SignIn signs a demo person in and waits for the console.
func (p *Page) SignIn(a *App, role string) {
	p.t.Helper()
	email, password, ok := strings.Cut(a.Env["LOGIN_"+strings.ToUpper(role)], ":")
	if !ok {
		p.t.Fatalf("no demo login for %s", role)
	}
	p.Open(a.BaseURL + "/console/login")
	p.Fill(`input[name="email"]`, email)
	p.Fill(`input[name="password"]`, password)
	p.Click(`form button[type="submit"]`)
	p.Sees("h1", "")
	deadline := time.Now().Add(15 * time.Second)
	for strings.Contains(p.Location(), "/console/login") {
		if time.Now().After(deadline) {
			p.t.Fatalf("sign-in of %s stays on the login page:\n%s", role, p.Text("main"))
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// Screenshot keeps a picture of the whole page as an artefact.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	dir := os.Getenv("ARTEFACTS")
	if dir == "" {
		return
	}
	// The window grows to the page: a capture beyond the window is shifted on right-to-left pages.
	width, height := p.width, p.height
	whole := min(max(height, Eval[int64](p, `document.documentElement.scrollHeight`)), 4000)
	p.do("grow", chromedp.EmulateViewport(width, whole))
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("screenshot %s: %v", name, err)
	}
	p.do("shrink", chromedp.EmulateViewport(width, height))
	dir = filepath.Join(dir, "screenshots")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// Accessible runs axe over the page and fails on every violation it finds.
func (p *Page) Accessible(what string) {
	p.t.Helper()
	type violation struct {
		ID, Impact, Help string
		Nodes            []struct{ HTML string }
	}
	p.do("load axe", func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Evaluate[any](axe+"; null")(ctx, t)
		if err != nil && !strings.Contains(err.Error(), "null") {
			return chromedp.Void{}, err
		}
		return chromedp.Void{}, nil
	})
	raw := Eval[string](p, `(() => { window.__axe = ""; axe.run(document, {resultTypes: ["violations"]}).then(r => window.__axe = JSON.stringify(r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => ({html: n.html}))})))); return "" })()`)
	deadline := time.Now().Add(20 * time.Second)
	for raw == "" {
		if time.Now().After(deadline) {
			p.t.Fatal("axe does not end")
		}
		time.Sleep(30 * time.Millisecond)
		raw = Eval[string](p, `window.__axe`)
	}
	var found []violation
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		p.t.Fatal(err)
	}
	for _, v := range found {
		for _, n := range v.Nodes {
			p.t.Errorf("%s: %s (%s): %s in %.300s", what, v.ID, v.Impact, v.Help, n.HTML)
		}
	}
}
