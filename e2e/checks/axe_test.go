package checks

import (
	"os"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
)

// The pages that the earlier shop's script had a checker look at, in each language and both themes: axe
// finds nothing. scripts/sprint8/test-axe names another installation to look at.
func TestAxe(t *testing.T) {
	t.Parallel()
	base := strings.TrimSuffix(os.Getenv("AXE_BASE"), "/")
	if base == "" {
		base = harness.Start(t, harness.Options{}).BaseURL
	}
	page := harness.StartBrowser(t).Page(1280, 900)
	for _, path := range []string{"/", "/products", "/support/order-lookup"} {
		for _, lang := range []string{"en", "es", "ar"} {
			for _, theme := range []string{"light", "dark"} {
				page.Theme(theme)
				page.Open(base + path + "?lang=" + lang)
				page.Sees("main")
				page.Accessible(path+" in "+lang+", "+theme, "html")
			}
		}
	}
}
