package archtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// defects is how many faults of the earlier shop are numbered: X01 to X42.
const defects = 42

var (
	defectRow  = regexp.MustCompile(`^\| (X\d\d) \| (.+) \| (.+) \|$`)
	defectTest = regexp.MustCompile("`([a-z0-9/]+)/(Test[A-Za-z0-9_]+)(?:/([^`]+))?`")
)

// docs/defects.md names, for each fault of the earlier shop, the tests that show that ours has none, or says
// which part of the product will bring what it is about. A test is named with its folder, a part of one by
// its name.
func TestEveryDefectHasATest(t *testing.T) {
	doc, err := os.ReadFile("../../docs/defects.md")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(doc)) {
		row := defectRow.FindStringSubmatch(strings.TrimSpace(line))
		if row == nil {
			continue
		}
		id, proof := row[1], row[3]
		if slices.Contains(found, id) {
			t.Errorf("%s stands there twice", id)
		}
		found = append(found, id)
		named := defectTest.FindAllStringSubmatch(proof, -1)
		if len(named) == 0 && !strings.HasPrefix(proof, "Later: ") {
			t.Errorf("%s has neither a test nor a part of the product that it waits for: %s", id, proof)
		}
		if quoted := strings.Count(proof, "`Test") + strings.Count(proof, "/Test"); quoted != len(named) {
			t.Errorf("%s names a test that cannot be read: %s", id, proof)
		}
		for _, name := range named {
			if !hasTest(t, name[1], name[2], name[3]) {
				t.Errorf("%s is said to be tried by %s, which does not exist", id, name[0])
			}
		}
	}
	for i := range defects {
		if id := fmt.Sprintf("X%02d", i+1); !slices.Contains(found, id) {
			t.Errorf("%s is missing in docs/defects.md", id)
		}
	}
	if len(found) != defects {
		t.Errorf("%d defects are numbered, not %d", len(found), defects)
	}
}

// hasTest tells whether a folder has a test, and the test a part of a name.
func hasTest(t *testing.T, folder, name, part string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(body), "\nfunc "+name+"(") && (part == "" || strings.Contains(string(body), `"`+part+`"`))
	})
}
