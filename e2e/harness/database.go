package harness

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// rows reads one column of text, sorted: who came first is for the transcripts to say.
func (a *App) rows(sql string) string {
	a.t.Helper()
	var lines []string
	a.Query(func(ctx context.Context, conn *pgx.Conn) error {
		found, err := conn.Query(ctx, sql)
		if err != nil {
			return err
		}
		lines, err = pgx.CollectRows(found, pgx.RowTo[string])
		return err
	})
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// Number reads one number from the app's database.
func (a *App) Number(sql string, args ...any) (n int64) {
	a.t.Helper()
	a.Query(func(ctx context.Context, conn *pgx.Conn) error { return conn.QueryRow(ctx, sql, args...).Scan(&n) })
	return n
}

// Text reads one text from the app's database.
func (a *App) Text(sql string, args ...any) (s string) {
	a.t.Helper()
	a.Query(func(ctx context.Context, conn *pgx.Conn) error { return conn.QueryRow(ctx, sql, args...).Scan(&s) })
	return s
}

// Exec changes the app's database: a fixture that no call of the product or the stand-ins makes.
func (a *App) Exec(sql string, args ...any) {
	a.t.Helper()
	a.Query(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, sql, args...)
		return err
	})
}

// Query asks the app's database something.
func (a *App) Query(ask func(context.Context, *pgx.Conn) error) {
	a.t.Helper()
	if err := a.tryQuery(ask); err != nil {
		a.t.Fatal(err)
	}
}

func (a *App) tryQuery(ask func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, a.DatabaseURL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // asked and answered
	return ask(ctx, conn)
}

// Hold opens a transaction, runs a statement in it and keeps what it locked until release is called, at
// the end of the test at the latest.
func (a *App) Hold(sql string, args ...any) (release func()) {
	a.t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, a.DatabaseURL)
	if err != nil {
		a.t.Fatal(err)
	}
	release = func() { _ = conn.Close(ctx) } // what it did is undone; it may be closed already
	a.t.Cleanup(release)
	if _, err := conn.Exec(ctx, "BEGIN"); err != nil {
		a.t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, sql, args...); err != nil {
		a.t.Fatal(err)
	}
	return release
}
