package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// inviteAdmin prints a link that lets its holder set the password of an admin's account: the first one of a
// new salon, or one whose password is lost. The link is a secret for 72 hours.
func inviteAdmin(email string) func(context.Context, Config, io.Writer, *slog.Logger) error {
	return func(ctx context.Context, c Config, out io.Writer, log *slog.Logger) (err error) {
		var s stops
		defer func() { err = errors.Join(err, s.run()) }()
		if err := openServers(ctx, &c, &s); err != nil {
			return err
		}
		g, err := openGround(ctx, c, log, &s)
		if err != nil {
			return err
		}
		link, err := g.staff.InviteAdmin(ctx, email)
		if err != nil {
			return err
		}
		base := c.BaseURL
		if base == "" {
			base = localURL(c.Addr)
		}
		_, err = fmt.Fprintf(out, "%s/console/invitation/%s\n\nIt opens the account once, until %s. Hand it over in private.\n",
			base, link.Token, link.ExpiresAt.Format(time.RFC1123))
		return err
	}
}
