package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// errBroken ends the program with a status that scripts see.
var errBroken = errors.New("the audit log was changed")

// verifyAudit computes the chain of the audit log anew and prints what it found. Whoever keeps the
// printed head elsewhere can prove later that nothing before it was changed or cut off.
func verifyAudit(ctx context.Context, c Config, out io.Writer, log *slog.Logger) (err error) {
	var s stops
	defer func() { err = errors.Join(err, s.run()) }()
	if err := openServers(ctx, &c, &s); err != nil {
		return err
	}
	g, err := openGround(ctx, c, log, &s)
	if err != nil {
		return err
	}
	found, err := g.audit.Verify(ctx)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "entries  %d\nhead     %s\n", found.Entries, found.Head); err != nil {
		return err
	}
	if found.BrokenAt != 0 {
		return fmt.Errorf("%w: the first entry that does not hold is %d", errBroken, found.BrokenAt)
	}
	_, err = fmt.Fprintln(out, "The chain holds.")
	return err
}
