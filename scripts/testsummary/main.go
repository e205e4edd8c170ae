// Testsummary reads `go test -json` and prints what a person wants of it: a line a package, the
// whole output of what failed, and at the very end how many tests ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

// name is a test of a package; an empty test is the package itself.
type name struct{ pkg, test string }

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	output := map[name]*strings.Builder{}
	passed, failed, skipped, broken := 0, 0, 0, 0
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text()) // not an event: the compiler's words
			continue
		}
		n := name{e.Package, e.Test}
		switch e.Action {
		case "output", "build-output":
			if output[n] == nil {
				output[n] = &strings.Builder{}
			}
			output[n].WriteString(e.Output)
		case "pass", "fail", "skip":
			if e.Test == "" {
				fmt.Printf("%-5s %s  %.1fs\n", e.Action, e.Package, e.Elapsed)
				if e.Action == "fail" {
					broken++
					show(output[n])
				}
				continue
			}
			switch e.Action {
			case "pass":
				passed++
			case "skip":
				skipped++
			default:
				failed++
				fmt.Printf("FAIL  %s %s\n", e.Package, e.Test)
				show(output[n])
			}
			delete(output, n)
		case "build-fail":
			show(output[n])
		}
	}
	if broken > 0 && failed == 0 {
		failed = broken // a package that did not build or ended early
	}
	fmt.Printf("tests: %d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if failed > 0 || passed == 0 || in.Err() != nil {
		os.Exit(1)
	}
}

func show(b *strings.Builder) {
	if b != nil {
		fmt.Print(b.String())
	}
}
