package harness

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/chromedp/chromedp"
)

// axe is axe-core 4, the accessibility checker (MPL-2.0, see axe.LICENSE).
//
//go:embed axe.min.js
var axe string

// violation is what axe finds fault with.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML string }
}

// Accessible runs axe over what matches, "html" for the whole page, while it stands still, and fails on every
// violation it finds. What it finds on a page that changes meanwhile may be neither before nor after: it looks again.
func (p *Page) Accessible(what, selector string) {
	p.t.Helper()
	if !Eval[bool](p, "!!window.axe") {
		Eval[string](p, axe+`; ""`)
	}
	found, still := p.violations(what, selector)
	for range 9 {
		if len(found) == 0 || still {
			break
		}
		found, still = p.violations(what, selector)
	}
	for _, v := range found {
		for _, n := range v.Nodes {
			p.t.Errorf("%s: %s (%s): %s in %.300s", what, v.ID, v.Impact, v.Help, n.HTML)
		}
	}
}

// standsStill: no part of the page is being fetched or put in, and nothing but what never ends moves.
const standsStill = `document.readyState === "complete" && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added") &&
	document.getAnimations().every(a => a.playState !== "running" || a.effect.getComputedTiming().endTime === Infinity)`

// violations runs axe once, and tells whether the page stood still all the while.
func (p *Page) violations(what, selector string) (found []violation, still bool) {
	p.t.Helper()
	p.Until("nothing moves any more", standsStill)
	raw, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](fmt.Sprintf(`(async () => {
		let changes = 0;
		const watch = new MutationObserver(seen => changes += seen.length);
		watch.observe(document, {subtree: true, childList: true, attributeFilter: ["class"]});
		const before = %s;
		const r = await axe.run(document.querySelector(%q), {resultTypes: ["violations"], reporter: "no-passes", selectors: false});
		changes += watch.takeRecords().length;
		watch.disconnect();
		return JSON.stringify({still: before && changes === 0 && %[1]s,
			found: r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => ({html: n.html}))}))});
	})()`, standsStill, selector), chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: run axe: %v", what, err)
	}
	var got struct {
		Still bool
		Found []violation
	}
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		p.t.Fatal(err)
	}
	return got.Found, got.Still
}
