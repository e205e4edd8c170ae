// Package archtest holds the rules about the code itself: who may import whom.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "frontdesk/"

// Rooms by layer. A package that stands in none of them fails the test: a new room is placed here
// and in docs/architecture.md in the same change.
var (
	open     = []string{"models", "internal/clock", "internal/fault", "internal/i18n"}
	ground   = []string{"internal/database", "internal/redisstore", "internal/localservers", "internal/listening", "internal/metrics", "internal/logging", "internal/outage", "internal/standins", "jobs/queue", "migrations", "static", "docs"}
	adapters = []string{"internal/whatsapp", "internal/chatwoot", "internal/stripeapi", "internal/mail", "internal/sms", "internal/claude", "internal/calendar", "internal/feed"}
	shared   = []string{"internal/audit", "internal/settings", "internal/customers", "internal/thread", "internal/content", "internal/inbox", "internal/handoff", "internal/funnel"}
	rules    = []string{"internal/booking", "internal/checkout", "internal/chat", "internal/notify", "internal/staff", "internal/shop", "internal/identity", "internal/privacy", "internal/ops", "internal/letters", "internal/races", "internal/reconcile"}
)

// peers are the imports allowed inside the layers of shared rooms and rules, and from rules to adapters.
var peers = map[string][]string{
	"internal/thread":    {"internal/customers"},
	"internal/handoff":   {"internal/customers", "internal/thread"},
	"internal/booking":   {"internal/calendar"},
	"internal/shop":      {"internal/feed"},
	"internal/checkout":  {"internal/booking", "internal/shop", "internal/stripeapi"},
	"internal/notify":    {"internal/whatsapp", "internal/chatwoot", "internal/mail", "internal/sms"},
	"internal/identity":  {"internal/shop", "internal/notify"},
	"internal/races":     {"internal/booking", "internal/checkout", "internal/shop", "internal/stripeapi"},
	"internal/chat":      {"internal/privacy", "internal/booking", "internal/checkout", "internal/shop", "internal/chat", "internal/claude"},
	"internal/reconcile": {"internal/stripeapi"},
}

// forbidden are third-party packages a room must not know.
var forbidden = []struct{ under, except, lib string }{
	{"internal/", "internal/redisstore internal/archtest", "github.com/gofiber/fiber"},
	{"internal/", "internal/archtest", "github.com/a-h/templ"},
	{"handlers", "", "gorm.io/gorm"},
	{"views", "", "gorm.io/gorm"},
	{"views", "", "github.com/gofiber/fiber"},
	{"models", "", "gorm.io/gorm"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatalf("list packages: %v", err)
	}
	var all []pkg
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func within(room string, rooms []string) bool {
	return slices.ContainsFunc(rooms, func(r string) bool { return room == r || strings.HasPrefix(room, r+"/") })
}

// allowed lists what a room may import of ours; nil when the room is unknown, all true for web.
func allowed(room string) (rooms []string, known, all bool) {
	join := func(lists ...[]string) (out []string) {
		for _, l := range lists {
			out = append(out, l...)
		}
		return out
	}
	switch {
	case room == "models":
		return nil, true, false
	case room == "internal/clock" || room == "internal/fault":
		return nil, true, false
	case room == "internal/i18n":
		return []string{"models"}, true, false
	case within(room, ground):
		return join(open, ground), true, false
	case within(room, adapters):
		return join(open, []string{"internal/redisstore", "internal/database", "internal/metrics"}), true, false
	case within(room, shared):
		return join(open, ground, []string{"internal/audit", "internal/settings"}, peers[room]), true, false
	case within(room, rules):
		root := strings.Join(strings.SplitN(room, "/", 3)[:2], "/")
		return join(open, ground, shared, peers[root], []string{root}), true, false
	case room == "jobs":
		return join(open, ground, shared, rules), true, false
	case within(room, []string{"views"}):
		return []string{"models", "internal/i18n", "internal/fault", "views", "static"}, true, false
	case room == "handlers":
		return join(open, ground, adapters, shared, rules, []string{"views"}), true, false
	case room == "internal/simulator":
		return join(open, ground, shared, rules), true, false
	case room == "internal/testkit":
		return join(open, ground), true, false
	case room == "web" || within(room, []string{"e2e", "bench", "scripts", "internal/archtest"}):
		return nil, true, true
	}
	return nil, false, false
}

func TestImportRules(t *testing.T) {
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		may, known, all := allowed(room)
		if !known {
			t.Errorf("%s stands in no layer: place it in this test and in docs/architecture.md", room)
			continue
		}
		for _, imp := range p.Imports {
			if ours, ok := strings.CutPrefix(imp, module); ok && !all && !within(ours, may) {
				t.Errorf("%s imports %s", room, ours)
			}
			for _, f := range forbidden {
				if strings.HasPrefix(room, f.under) && !slices.Contains(strings.Fields(f.except), room) && strings.HasPrefix(imp, f.lib) {
					t.Errorf("%s imports %s", room, imp)
				}
			}
		}
	}
}

// The simulator and the test kit are never part of a rule or a page.
func TestNobodyImportsTheStandIns(t *testing.T) {
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		for _, imp := range p.Imports {
			if imp == module+"internal/simulator" && room != "web" {
				t.Errorf("%s imports the stand-ins", room)
			}
			if imp == module+"internal/testkit" && !strings.HasPrefix(room, "e2e/") {
				t.Errorf("%s imports the test kit outside a test", room)
			}
		}
	}
}

// Outages are wired by the program and played by the stand-ins; no room of the product knows of them.
func TestNobodyKnowsOfOutages(t *testing.T) {
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		if slices.Contains(p.Imports, module+"internal/outage") && room != "web" && room != "internal/simulator" {
			t.Errorf("%s imports the outages", room)
		}
	}
}
