package localservers

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// Scratch is this process's folder for servers whose data is worth nothing afterwards: in memory where
// there is room, else among the temporary files. Cloning a database makes hundreds of files and dropping it
// removes them; on a disk that costs more than the tests themselves. Folders of processes that are gone are
// removed. Any user may walk through it, as Postgres' own must.
func Scratch() (string, error) {
	root := filepath.Join(scratchParent(), "frontdesk-test-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(root, 0o711); err != nil {
		return "", fmt.Errorf("make test folder: %w", err)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return "", fmt.Errorf("read test folder: %w", err)
	}
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil && syscall.Kill(pid, 0) == syscall.ESRCH {
			_ = os.RemoveAll(filepath.Join(root, e.Name())) // another process may be removing it too
		}
	}
	return filepath.Join(root, strconv.Itoa(os.Getpid())), nil
}

// scratchRoom is the free memory from which on servers keep their files there: several times what a whole
// run of the tests has at once.
const scratchRoom = 4 << 30

func scratchParent() string {
	const memory = "/dev/shm"
	var fs syscall.Statfs_t
	if syscall.Statfs(memory, &fs) == nil && fs.Bavail*uint64(fs.Bsize) >= scratchRoom {
		return memory
	}
	return os.TempDir()
}
