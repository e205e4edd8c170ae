package ui

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The browser refuses what stands inline (ASVS 3.4.3), and physical sides turn wrong in Arabic: neither is
// written in any view.
func TestViewsHoldNoInlineCode(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\sstyle=|<style|<script(?:\s*>|\s+type)|\son[a-z]+\s*=|\shx-on|javascript:|\salign=`)
	seen := 0
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".templ") {
			return err
		}
		seen++
		source, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			return err
		}
		for n, line := range strings.Split(string(source), "\n") {
			if found := inline.FindString(line); found != "" {
				t.Errorf("views/%s:%d: %s", path, n+1, strings.TrimSpace(found))
			}
		}
		return nil
	})
	if err != nil || seen < 10 {
		t.Fatalf("%d views read, %v", seen, err)
	}
}
