package i18n_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// A fault may be shown to whoever caused it, so each one that any room can raise has words.
func TestEveryFaultHasWords(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	raised := regexp.MustCompile(`fault\.(?:Invalid|Unauthorized|Forbidden|NotFound|Conflict|Ineligible|TooMany|Unavailable)\("([a-z_.]+)"`)
	found := 0
	err = filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, key := range raised.FindAllStringSubmatch(string(source), -1) {
			found++
			for _, lang := range models.Languages() {
				if !texts.Has(lang, key[1]) {
					t.Errorf("%s raises %s, which has no words in %s", path, key[1], lang)
				}
			}
		}
		return err
	})
	if err != nil || found < 30 {
		t.Errorf("found %d faults (%v)", found, err)
	}
}
