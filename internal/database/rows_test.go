package database_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/database"
)

// Rows sees what its own transaction did, behind a savepoint too, and nothing of one that others have not committed. It
// stops where each fails, and the connection goes on.
func TestRowsAreThoseOfTheTransactionOnTheContext(t *testing.T) {
	t.Parallel()
	db, ctx := ground(t), context.Background()
	seen := func(ctx context.Context) (all []string) {
		t.Helper()
		err := db.Rows(ctx, func(row pgx.Rows) error {
			var key string
			err := row.Scan(&key)
			all = append(all, key)
			return err
		}, "SELECT key FROM settings WHERE key = ANY ($1::text[]) ORDER BY key", []string{"a", "b", "c"})
		if err != nil {
			t.Error(err)
		}
		return all
	}
	enough := errors.New("enough")
	err := db.InTx(ctx, func(tx context.Context) error {
		if err := put(tx, db, "a"); err != nil {
			return err
		}
		if got := seen(ctx); got != nil {
			t.Errorf("others see %q", got)
		}
		return db.InTx(tx, func(inner context.Context) error {
			if err := put(inner, db, "b"); err != nil {
				return err
			}
			read := 0
			err := db.Rows(inner, func(pgx.Rows) error { read++; return enough }, "SELECT key FROM settings WHERE key IN ('a', 'b')")
			if !errors.Is(err, enough) || read != 1 {
				t.Errorf("%d rows, %v", read, err)
			}
			if got := seen(inner); !slices.Equal(got, []string{"a", "b"}) {
				t.Errorf("inside: %q", got)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := seen(ctx); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("afterwards: %q", got)
	}
	gone, leave := context.WithCancel(ctx)
	leave()
	if err := db.Rows(gone, func(pgx.Rows) error { return nil }, "SELECT 1"); !errors.Is(err, context.Canceled) {
		t.Errorf("of who left: %v", err)
	}
	if err := db.Rows(ctx, func(pgx.Rows) error { return nil }, "SELECT nothing"); err == nil || database.Away(err) {
		t.Errorf("of what is wrong: %v", err)
	}
}
