package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
)

// catalogueImages is the command that gives products the pictures of a file; nil when its arguments are none.
func catalogueImages(args []string) func(context.Context, Config, io.Writer, *slog.Logger) error {
	dryRun := len(args) == 4 && args[2] == "--dry-run"
	if len(args) < 3 || len(args) > 4 || args[0] != "catalogue" || args[1] != "images" || len(args) == 4 && !dryRun || strings.HasPrefix(args[len(args)-1], "-") {
		return nil
	}
	return func(ctx context.Context, c Config, out io.Writer, log *slog.Logger) error {
		return importImages(ctx, c, args[len(args)-1], dryRun, out, log)
	}
}

func importImages(ctx context.Context, c Config, name string, dryRun bool, out io.Writer, log *slog.Logger) (err error) {
	var s stops
	defer func() { err = errors.Join(err, s.run()) }()
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open mapping: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	if err := openServers(ctx, &c, &s); err != nil {
		return err
	}
	g, err := openGround(ctx, c, log, &s)
	if err != nil {
		return err
	}
	done, err := shop.New(g.db, g.clock, g.queue, settings.New(g.db, g.clock), g.redis).ImportImages(ctx, file, dryRun)
	if err != nil {
		return err
	}
	return tellImages(out, done, dryRun)
}

// tellImages prints what an import did, and every line that it left out.
func tellImages(out io.Writer, done shop.ImageImport, dryRun bool) error {
	var b strings.Builder
	if dryRun {
		b.WriteString("Dry run: nothing was changed.\n")
	}
	fmt.Fprintf(&b, "lines      %d\nadded      %d\nchanged    %d\nunchanged  %d\n", done.Lines, done.Added, done.Changed, done.Unchanged)
	for _, sku := range done.Unknown {
		fmt.Fprintf(&b, "no product has the SKU %q\n", sku)
	}
	for _, wrong := range done.Wrong {
		fmt.Fprintf(&b, "line %d: %s cannot be used\n", wrong.Line, wrong.Column)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
