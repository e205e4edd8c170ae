package harness

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// removedWithUs has a folder removed when this process ends, be it killed: somebody waits for the end of a line that only we
// hold, in a session of their own, where no signal to our group reaches them. Closing the line has it removed at once, and so
// does forgetting it.
func removedWithUs(dir string) (io.Closer, error) {
	waits := exec.Command("sh", "-c", `read -r _; rm -rf -- "$1"`, "sh", dir)
	waits.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	line, err := waits.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("hold a line: %w", err)
	}
	if err := waits.Start(); err != nil {
		return nil, fmt.Errorf("wait for our end: %w", err)
	}
	return line, nil
}
