// Command web is the program: it reads the configuration, connects, wires the rooms together, runs
// and stops. It holds no rule.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/caarlos0/env/v11"

	"frontdesk/internal/logging"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the program at once
	}()
	if err := run(ctx, os.Args[1:], env.ToMap(os.Environ()), os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "frontdesk:", err)
		os.Exit(1)
	}
}

const usage = `usage: frontdesk <command>

  serve          run the app; in demo and test with everything it needs
  migrate        bring the database up to date
  seed           put the standard texts into the database, in demo and test the demo salon too
  audit verify   check that no entry of the audit log was changed, and print the chain's head
  erased list    print whom people asked to be erased, by ids alone: keep it beside the backups
  erased again   after a restore: read that list from standard input and erase them again
  check-providers
                 ask each configured provider, with a call that changes nothing, whether it can be used
  invite-admin <email>
                 print a link that opens an admin's account, once, within 72 hours
  catalogue images [--dry-run] <file.csv>
                 give products the pictures of a file with the columns sku and url; --dry-run only tells what
                 would change
  simulate       run only the stand-ins for WhatsApp and Stripe (demo and test)
  version        print the version
`

var errUsage = errors.New("unknown command")

// run is the whole program: it returns when ctx ends and everything is stopped. Log lines go to logs.
func run(ctx context.Context, args []string, environ map[string]string, stdout, logs io.Writer) error {
	if len(args) == 0 {
		fmt.Fprint(stdout, usage)
		return errUsage
	}
	name, rest := strings.Join(args, " "), ""
	if args[0] == "invite-admin" && len(args) == 2 {
		name, rest = args[0], args[1]
	}
	command, known := map[string]func(context.Context, Config, io.Writer, *slog.Logger) error{
		"serve": serve, "migrate": migrate, "seed": seed, "audit verify": verifyAudit, "erased list": listErased, "erased again": eraseAgain(os.Stdin), "simulate": simulate, "check-providers": checkProviders,
		"invite-admin": inviteAdmin(rest),
	}[name]
	if images := catalogueImages(args); images != nil {
		command, known = images, true
	}
	switch {
	case name == "version":
		fmt.Fprintln(stdout, version())
		return nil
	case !known:
		fmt.Fprint(stdout, usage)
		return fmt.Errorf("%w: %s", errUsage, name)
	}
	cfg, err := loadConfig(environ)
	if err != nil {
		return err
	}
	log := logging.New(logs, cfg.LogLevel)
	slog.SetDefault(log)
	err = command(ctx, cfg, stdout, log)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil // asked to stop while it was still starting
	}
	return err
}

// version is the revision this binary was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			revision = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+"
		}
	}
	if revision == "" {
		return "development"
	}
	return revision + changed
}
