package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"frontdesk/internal/booking"
	"frontdesk/internal/customers"
	"frontdesk/internal/privacy"
	"frontdesk/internal/settings"
)

// longestLine bounds a line of the list of the erased.
const longestLine = 1 << 20

// office is the privacy office alone, for commands.
func (g *ground) office() *privacy.Office {
	policies := settings.New(g.db, g.clock)
	return privacy.New(g.db, g.clock, policies, customers.New(g.db, g.clock), g.queue, booking.New(g.db, g.clock, g.queue, policies, g.redis))
}

// listErased prints every erasure that was taken on, a line each, by ids alone (R-1018).
func listErased(ctx context.Context, c Config, out io.Writer, log *slog.Logger) error {
	return withOffice(ctx, c, log, func(o *privacy.Office) error {
		past, err := o.List(ctx)
		if err != nil {
			return err
		}
		lines := json.NewEncoder(out)
		for _, p := range past {
			if err := lines.Encode(p); err != nil {
				return fmt.Errorf("print erasure: %w", err)
			}
		}
		return nil
	})
}

// eraseAgain takes the erasures of a list on that a restored backup does not know. Their jobs run with the program.
func eraseAgain(in io.Reader) func(context.Context, Config, io.Writer, *slog.Logger) error {
	return func(ctx context.Context, c Config, out io.Writer, log *slog.Logger) error {
		return withOffice(ctx, c, log, func(o *privacy.Office) error {
			lines, read, again := bufio.NewScanner(in), 0, 0
			lines.Buffer(nil, longestLine)
			for lines.Scan() {
				var past privacy.Past
				if err := json.Unmarshal(lines.Bytes(), &past); err != nil {
					return fmt.Errorf("line %d is no erasure", read+1)
				}
				done, err := o.Again(ctx, past)
				if err != nil {
					return err
				}
				if read++; done {
					again++
				}
			}
			if err := lines.Err(); err != nil {
				return fmt.Errorf("read the list: %w", err)
			}
			_, err := fmt.Fprintf(out, "listed  %d\nagain   %d\n", read, again)
			return err
		})
	}
}

func withOffice(ctx context.Context, c Config, log *slog.Logger, do func(o *privacy.Office) error) (err error) {
	var s stops
	defer func() { err = errors.Join(err, s.run()) }()
	if err := openServers(ctx, &c, &s); err != nil {
		return err
	}
	g, err := openGround(ctx, c, log, &s)
	if err != nil {
		return err
	}
	return do(g.office())
}
