package harness

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"frontdesk/internal/testkit"
)

// What a test process built is gone when it ends, also when it is killed, and stays as long as it runs.
func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv("HARNESS_LEFTOVERS"); dir != "" { // the process that is killed
		line, err := removedWithUs(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = line.Close() }) // kept until then
		if err := os.WriteFile(filepath.Join(dir, "built"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	dir := filepath.Join(t.TempDir(), "ours")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	there := func(path string) bool {
		_, err := os.Stat(path)
		return !errors.Is(err, fs.ErrNotExist)
	}
	other := exec.Command(os.Args[0], "-test.run", "^TestNothingIsLeftBehind$")
	other.Env = append(os.Environ(), "HARNESS_LEFTOVERS="+dir)
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, time.Minute, "the other one has built", func() bool { return there(filepath.Join(dir, "built")) })
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait() // it was killed
	testkit.Eventually(t, time.Minute, "what it built is gone", func() bool { return !there(dir) })
}
