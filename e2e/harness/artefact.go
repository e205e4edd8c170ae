package harness

import (
	"os"
	"path/filepath"
	"testing"
)

// Artefact keeps what a test found out in the folder that ARTEFACTS names, else in its log.
func Artefact(t testing.TB, name, text string) {
	t.Helper()
	dir := os.Getenv("ARTEFACTS")
	if dir == "" {
		t.Log(text)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Error(err)
	}
}
