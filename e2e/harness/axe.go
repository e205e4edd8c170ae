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

// Accessible runs axe over what matches, "html" for the whole page, once it stands still, and fails on every
// violation it finds.
func (p *Page) Accessible(what, selector string) {
	p.t.Helper()
	type violation struct {
		ID, Impact, Help string
		Nodes            []struct{ HTML string }
	}
	if !Eval[bool](p, "!!window.axe") {
		Eval[string](p, axe+`; ""`)
	}
	p.Until("nothing moves any more", `document.getAnimations().every(a => a.playState !== "running" || a.effect.getComputedTiming().endTime === Infinity)`)
	raw, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](fmt.Sprintf(`axe.run(document.querySelector(%q), {resultTypes: ["violations"]}).then(r =>
		JSON.stringify(r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => ({html: n.html}))}))))`, selector), chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: run axe: %v", what, err)
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
