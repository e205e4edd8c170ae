package checks

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
)

var (
	lists     = filepath.Join(harness.Root(), "scripts", "checks")
	ask       = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) (\S+)`)
	keptValue = regexp.MustCompile(`{[A-Za-z]+}`)
)

// list is a list of checks: what it asks for itself, and the lists it runs.
type list struct {
	name   string
	routes []string // "GET /products/*", in order, each once
	runs   []string
	words  []string
}

// readLists reads every list there is.
func readLists(t *testing.T) map[string]list {
	t.Helper()
	out := map[string]list{}
	err := filepath.WalkDir(lists, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".check") {
			return err
		}
		name, err := filepath.Rel(lists, strings.TrimSuffix(path, ".check"))
		l := list{name: filepath.ToSlash(name)}
		for line := range strings.Lines(readFile(t, path)) {
			line = strings.TrimSpace(line)
			word, rest, _ := strings.Cut(line, " ")
			if word == "" || strings.HasPrefix(word, "#") {
				continue
			}
			l.words = append(l.words, word)
			if word == "run" {
				target, _, _ := strings.Cut(rest, " at ")
				l.runs = append(l.runs, target)
			}
			if m := ask.FindStringSubmatch(line); m != nil {
				l.add(m[1], m[2])
			}
		}
		out[l.name] = l
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (l *list) add(method, path string) {
	path, _, _ = strings.Cut(strings.TrimPrefix(path, "{WebBase}"), "?")
	route := method + " " + keptValue.ReplaceAllString(path, "*")
	if !slices.Contains(l.routes, route) {
		l.routes = append(l.routes, route)
	}
}

// Every list has its two entry points, which say nothing but its name; every entry point has its list.
func TestEveryListCanBeRunInBothShells(t *testing.T) {
	t.Parallel()
	scripts := filepath.Dir(lists)
	all := readLists(t)
	for name := range all {
		up := strings.Repeat("../", strings.Count(name, "/"))
		for file, want := range map[string]string{
			name + ".sh":  "#!/usr/bin/env bash\nexec \"$(dirname \"$0\")/" + up + "checks/run.sh\" " + name + " \"$@\"\n",
			name + ".ps1": "& \"$PSScriptRoot/" + up + "checks/run.ps1\" " + name + " @args\nexit $LASTEXITCODE\n",
		} {
			path := filepath.Join(scripts, file)
			if body := readFile(t, path); body != want {
				t.Errorf("%s is\n%s\nnot\n%s", file, body, want)
			}
			if info, err := os.Stat(path); err != nil || strings.HasSuffix(file, ".sh") && info.Mode()&0o111 == 0 {
				t.Errorf("%s cannot be run: %v", file, err)
			}
		}
	}
	for name := range strings.FieldsSeq(`sprint1-smoke test-whatsapp-webhook sprint2-smoke sprint2-acceptance sprint2/test-catalog-health sprint2/test-catalog-sync
		sprint2/test-categories sprint2/test-product-detail sprint2/test-products sprint2/test-wa-preview sprint3-smoke sprint3/test-cart sprint3/test-wa-cart
		sprint5-smoke sprint5-acceptance sprint5/test-cod-checkout sprint5/test-address-validation sprint5/test-stripe-init sprint6-smoke sprint6-acceptance
		sprint6/test-orders-lookup sprint6/test-returns-create sprint6/test-cms-templates sprint7-smoke sprint7-acceptance sprint7/test-perf-thresholds
		sprint8-smoke sprint8-acceptance rollback-validate acceptance-all`) {
		if _, there := all[name]; !there {
			t.Errorf("no list is called %s", name)
		}
	}
}

// Both engines know every word that a list is written in, and every list that is run is there.
func TestBothShellsKnowEveryWord(t *testing.T) {
	t.Parallel()
	all := readLists(t)
	for engine, label := range map[string]string{"run.sh": `(?m)^\s+(\S+ \| )*%s( \| \S+)*\)`, "run.ps1": `['^(|]%s['$)|]`} {
		body := readFile(t, filepath.Join(lists, engine))
		for _, l := range all {
			for _, word := range l.words {
				if !regexp.MustCompile(fmt.Sprintf(label, word)).MatchString(body) {
					t.Errorf("%s does not know %q of %s", engine, word, l.name)
				}
			}
		}
	}
	for _, l := range all {
		for _, target := range l.runs {
			if _, there := all[target]; !there {
				t.Errorf("%s runs %s, which does not exist", l.name, target)
			}
		}
	}
}

// PowerShell itself is in none of the registries that the project takes its tools from: what can be said
// without it is that every bracket and quote of the engine is closed.
func TestThePowerShellEngineIsClosed(t *testing.T) {
	t.Parallel()
	var open []rune
	pairs := map[rune]rune{')': '(', ']': '[', '}': '{'}
	body := []rune(readFile(t, filepath.Join(lists, "run.ps1")))
	for i := 0; i < len(body); i++ {
		switch r := body[i]; r {
		case '#':
			for i < len(body) && body[i] != '\n' {
				i++
			}
		case '\'', '"':
			begin := i
			for i++; i < len(body) && body[i] != r; i++ {
				if body[i] == '\n' {
					t.Fatalf("the text that begins at %q is not closed on its line", string(body[begin:min(begin+40, len(body))]))
				}
				if r == '"' && body[i] == '$' && i+1 < len(body) && body[i+1] == '(' {
					i = pastParenthesis(body, i+1)
				}
			}
		case '(', '[', '{':
			open = append(open, r)
		case ')', ']', '}':
			if len(open) == 0 || open[len(open)-1] != pairs[r] {
				t.Fatalf("%q closes nothing before %q", r, string(body[i:min(i+40, len(body))]))
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) != 0 {
		t.Errorf("%q stay open", string(open))
	}
}

// pastParenthesis is where the parenthesis that opens at i closes.
func pastParenthesis(body []rune, i int) int {
	for depth := 0; i < len(body); i++ {
		if body[i] == '(' {
			depth++
		}
		if body[i] == ')' {
			depth--
		}
		if depth == 0 {
			return i
		}
	}
	return i
}
