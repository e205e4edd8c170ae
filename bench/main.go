// Command bench measures how fast the program answers with a year of a salon's data. It starts the built
// program on servers it is given (scripts/withservers), fills the database, and asks pages over loopback as
// a signed-in person, beside baselines of the same run, so that ratios can be compared between machines. It
// judges nobody: a missed target is printed, and only what cannot be measured is an error.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// limit bounds the whole run.
const limit = 3 * time.Minute

func main() {
	program := flag.String("program", "bin/frontdesk", "the built program")
	out := flag.String("out", "artefacts/bench.txt", "where the figures go, in the format of Go benchmarks")
	rounds := flag.Int("rounds", 5, "rounds; each is a line per page, for benchstat")
	asks := flag.Int("asks", 30, "requests per page and round")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := run(ctx, *program, *out, plan{rounds: *rounds, asks: *asks}); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program, out string, p plan) (err error) {
	began := time.Now()
	app, err := start(ctx, program)
	if err != nil {
		return err
	}
	defer app.stop()
	rows, err := fill(ctx, app.database)
	if err != nil {
		return err
	}
	filled := time.Since(began)
	if err := app.signIn(ctx); err != nil {
		return err
	}
	results, err := p.measure(ctx, app, pages(time.Now()))
	if err != nil {
		return err
	}
	file, err := os.Create(out)
	if err != nil {
		return fmt.Errorf("keep the figures: %w", err)
	}
	writeBenchmarks(file, results)
	if err := file.Close(); err != nil {
		return fmt.Errorf("keep the figures: %w", err)
	}
	fmt.Printf("%s\nfilled in %.0f s, measured in %.0f s; for benchstat: %s\n\n", rows, filled.Seconds(), time.Since(began).Seconds()-filled.Seconds(), out)
	writeTable(os.Stdout, results)
	return nil
}
