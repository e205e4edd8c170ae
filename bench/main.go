// Command bench measures how fast the program is, with a year of a salon's data in its database: pages,
// acknowledgements of webhooks, turns of conversations, sending, holds, lists, carts and orders of the shop, two processes,
// live screens, dead letters, recovery after what goes wrong, memory. It
// starts the built program on servers it is given (scripts/withservers), plays the people and WhatsApp
// over loopback, and puts every figure beside a baseline or a target of the same run, so that ratios can
// be compared between machines. It judges nobody: a missed target is printed, and only what cannot be
// measured is an error. It must never reach beyond this machine, and ends everything it started.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// limit bounds the whole run.
const limit = 30 * time.Minute

// section is a part of the run that can be chosen.
type section struct {
	name  string
	about string
	run   func(context.Context, *bench) error
	shop  bool // it reads what the shop keeps and nothing of the salon's year
}

func sections() []section {
	return []section{
		{"pages", "what people open all day, with a year of data", measurePages, false},
		{"acks", "acknowledgements of signed webhooks beside a one-row INSERT", measureAcks, false},
		{"trips", "round trips to Postgres of one acknowledgement and one turn", measureTrips, false},
		{"turns", "from a customer's message to the reply handed to WhatsApp", measureTurns, false},
		{"sends", "messages sent beside jobs that change one row, and from an event to its effect", measureSends, false},
		{"holds", "taking a slot, and saving a checkpoint", measureHolds, false},
		{"live", "a change through one process reaches a screen of the other", measureLive, false},
		{"fleet", "two processes beside one on the same cores", measureFleet, false},
		{"day", "eight hours of thirty conversations each, compressed", measureDay, false},
		{"products", "lists of products, remembered, read anew and searched, of 500 and of 100,000", measureProducts, true},
		{"cart", "putting products into carts", measureCart, true},
		{"checkout", "making orders of carts", measureCheckout, true},
		{"story", "from the list of products to an order, by people who are somebody new each time", measureStory, true},
		{"letters", "a hundred thousand jobs that failed for good: looking at them, and bringing them back", measureLetters, false},
		{"recovery", "how long the last waits after a server, a process or a provider was away", measureRecovery, true},
		{"memory", "at rest and after an hour's load", measureMemory, false},
	}
}

func main() {
	program := flag.String("program", "bin/frontdesk", "the built program")
	out := flag.String("out", "artefacts/bench.txt", "where the figures go, in the format of Go benchmarks; the table goes beside it as .md")
	only := flag.String("only", "", "sections, with commas between them; all when empty: "+names())
	quick := flag.Bool("quick", false, "a fraction of the load: to see that everything can be measured")
	baseline := flag.Bool("serve-baseline", false, "serve the one-row INSERT that acknowledgements are compared with, until the input ends")
	moving := flag.Bool("serve-moves", false, "work the one-row jobs that sending is compared with, until the input ends")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	run := func() error { return measure(ctx, *program, *out, *only, *quick) }
	switch {
	case *baseline:
		run = func() error { return serveBaseline(ctx) }
	case *moving:
		run = func() error { return serveMoves(ctx) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func names() string {
	var all []string
	for _, s := range sections() {
		all = append(all, s.name)
	}
	return strings.Join(all, ",")
}

// chosen are the sections of a list; all of an empty one.
func chosen(only string) ([]section, error) {
	if only == "" {
		return sections(), nil
	}
	var some []section
	for _, name := range strings.Split(only, ",") {
		i := slices.IndexFunc(sections(), func(s section) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no section %q; there are %s", name, names())
		}
		some = append(some, sections()[i])
	}
	return some, nil
}

// bench is what the sections share: the servers, the program on them, the load and the figures.
type bench struct {
	*report
	program  string
	quick    bool
	handset  *handset
	app      *app // the first process
	people   people
	database string
	postgres []int // process ids on this machine; none of a server elsewhere
	redis    []int
	baseline []int // while it serves
}

// scaled is how long something is measured: a fifth of it in a quick run.
func (b *bench) scaled(d time.Duration) time.Duration {
	if b.quick {
		return d / 5
	}
	return d
}

// measure runs the sections one after the other on one program and writes what was found.
func measure(ctx context.Context, program, out, only string, quick bool) (err error) {
	parts, err := chosen(only)
	if err != nil {
		return err
	}
	b := &bench{report: &report{began: time.Now()}, program: program, quick: quick, database: os.Getenv("TEST_DATABASE_URL")}
	if b.handset, err = startHandset(ctx); err != nil {
		return err
	}
	defer b.handset.stop()
	if b.app, err = start(ctx, program, b.handset.url); err != nil {
		return err
	}
	defer b.app.stop()
	b.handset.speakTo(b.app)
	if err := b.meet(ctx); err != nil {
		return err
	}
	if slices.ContainsFunc(parts, func(s section) bool { return !s.shop }) {
		rows, err := fill(ctx, b.app.database)
		if err != nil {
			return err
		}
		b.facts = append(b.facts, rows)
	}
	fmt.Println(strings.Join(b.facts, "\n"))
	if err := b.app.signIn(ctx); err != nil {
		return err
	}
	for _, part := range parts {
		fmt.Printf("\n%s: %s\n", part.name, part.about)
		b.section = part.name
		if err := part.run(ctx, b); err != nil {
			return fmt.Errorf("%s: %w\n%s", part.name, err, b.app.logs)
		}
		if err := b.write(out); err != nil {
			return err
		}
	}
	fmt.Printf("\nin all %.0f s; for benchstat: %s\n", time.Since(b.began).Seconds(), out)
	return nil
}
