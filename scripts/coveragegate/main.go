// Coveragegate reads a coverage profile and fails when the rules of the business are covered less
// than their floor (R-1606: 85 % of domain code, 80 % of all hand-written code).
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

var (
	domain   = []string{"internal/booking/", "internal/shop/", "internal/checkout/", "internal/privacy/", "internal/identity/", "internal/funnel/", "internal/chat/", "internal/notify/", "internal/handoff/", "internal/inbox/", "internal/customers/", "internal/thread/", "internal/content/", "internal/settings/", "models/"}
	leftOut  = []string{"_templ.go", "scripts/", "internal/testkit/", "internal/archtest/", "e2e/"}
	floorAll = 80.0
	floorDom = 85.0
)

type count struct{ covered, all int }

func (c count) percent() float64 {
	if c.all == 0 {
		return 0
	}
	return 100 * float64(c.covered) / float64(c.all)
}

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "coveragegate:", err)
		os.Exit(2)
	}
	defer f.Close() //nolint:errcheck // read only
	blocks := map[string]count{}
	in := bufio.NewScanner(f)
	for in.Scan() {
		// frontdesk/internal/x/y.go:1.2,3.4 statements hits
		parts := strings.Fields(in.Text())
		if len(parts) != 3 {
			continue
		}
		n, err1 := strconv.Atoi(parts[1])
		hits, err2 := strconv.Atoi(parts[2])
		if err1 != nil || err2 != nil {
			continue
		}
		b := blocks[parts[0]]
		b.all = n
		if hits > 0 {
			b.covered = n
		}
		blocks[parts[0]] = b
	}
	var all, dom count
	for place, b := range blocks {
		place = strings.TrimPrefix(place, "frontdesk/")
		if contains(place, leftOut) {
			continue
		}
		all.covered, all.all = all.covered+b.covered, all.all+b.all
		if contains(place, domain) {
			dom.covered, dom.all = dom.covered+b.covered, dom.all+b.all
		}
	}
	fmt.Printf("coverage: domain %.1f %% (floor %.0f), all %.1f %% (floor %.0f)\n", dom.percent(), floorDom, all.percent(), floorAll)
	if dom.percent() < floorDom || all.percent() < floorAll {
		os.Exit(1)
	}
}

func contains(place string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(place, p) {
			return true
		}
	}
	return false
}
