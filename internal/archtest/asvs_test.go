package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asked are the requirements of OWASP ASVS 5.0, level 2, that the product answers for one by one.
func asked() []string {
	return strings.Fields(`2.3.4 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.3 3.4.6 3.5.1 3.5.3 5.1.1 5.2.1 5.2.2 5.4.1 5.4.2 5.4.3
		6.2.1 6.2.4 6.2.9 6.2.10 6.2.12 6.3.3 6.5.1 6.5.5 7.2.3 7.2.4 7.3.1 7.3.2 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.5.3
		8.2.3 13.3.1 14.3.1 14.3.2 14.3.3 16.5.2 16.5.3`)
}

var (
	asvsRow  = regexp.MustCompile(`^\| (\d+\.\d+\.\d+) \| (.+) \| (.+) \|$`)
	asvsTest = regexp.MustCompile("`(Test[A-Za-z0-9_]+)`")
	goTest   = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9_]+)\(`)
)

// docs/security.md names, for each requirement, the test that would fail without it, or says why there is
// none. A name is that of a test in the tree, or the beginning of several, up to an underscore.
func TestEveryASVSLineHasATestOrAReason(t *testing.T) {
	doc, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	tests, found := testNames(t), []string{}
	exists := func(name string) bool {
		return slices.ContainsFunc(tests, func(have string) bool { return have == name || strings.HasPrefix(have, name+"_") })
	}
	for line := range strings.Lines(string(doc)) {
		row := asvsRow.FindStringSubmatch(strings.TrimSpace(line))
		if row == nil {
			continue
		}
		id, proof := row[1], row[3]
		if slices.Contains(found, id) {
			t.Errorf("%s stands there twice", id)
		}
		found = append(found, id)
		named := asvsTest.FindAllStringSubmatch(proof, -1)
		reason, excused := strings.CutPrefix(proof, "Exception: ")
		if len(named) == 0 && (!excused || len(reason) < 20) {
			t.Errorf("%s has neither a test nor an exception with its reason: %s", id, proof)
		}
		for _, name := range named {
			if !exists(name[1]) {
				t.Errorf("%s is said to be tried by %s, which does not exist", id, name[1])
			}
		}
	}
	for _, id := range asked() {
		if !slices.Contains(found, id) {
			t.Errorf("%s is missing in docs/security.md", id)
		}
	}
}

// testNames are the tests of the whole tree.
func testNames(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "node_modules" || d.Name() == "artefacts") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		body, err := os.ReadFile(path)
		for _, m := range goTest.FindAllStringSubmatch(string(body), -1) {
			names = append(names, m[1])
		}
		return err
	})
	if err != nil || len(names) < 100 {
		t.Fatalf("%d tests found: %v", len(names), err)
	}
	return names
}
