package database_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/testkit"
	"frontdesk/migrations"
)

func ground(t *testing.T) *database.DB {
	t.Helper()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	return testkit.DB(t, c)
}

func put(ctx context.Context, db *database.DB, key string) error {
	return db.On(ctx).Exec("INSERT INTO settings (key, value, updated_at, updated_by) VALUES (?, '1', now(), 'test')", key).Error
}

func keys(t *testing.T, db *database.DB) (got []string) {
	t.Helper()
	if err := db.On(context.Background()).Raw("SELECT key FROM settings ORDER BY key").Scan(&got).Error; err != nil {
		t.Fatal(err)
	}
	return got
}

// A transaction inside another joins it: its failure undoes its own part only, the outer one decides
// about the rest, and what waits for the commit runs once, after the outermost.
func TestInnerTransactionsJoinTheOuter(t *testing.T) {
	db := ground(t)
	refused := errors.New("refused")
	var ran []string
	note := func(ctx context.Context, what string) {
		database.AfterCommit(ctx, func() { ran = append(ran, what) })
	}
	err := db.InTx(context.Background(), func(ctx context.Context) error {
		if err := put(ctx, db, "outer"); err != nil {
			return err
		}
		note(ctx, "outer")
		kept := db.InTx(ctx, func(ctx context.Context) error { note(ctx, "inner"); return put(ctx, db, "inner") })
		undone := db.InTx(ctx, func(ctx context.Context) error {
			note(ctx, "undone")
			return errors.Join(put(ctx, db, "undone"), refused)
		})
		broken := db.InTx(ctx, func(ctx context.Context) error { return put(ctx, db, "outer") }) // the key is taken
		if kept != nil || !errors.Is(undone, refused) || !database.Violates(broken, "settings_pkey") {
			t.Errorf("inner answers %v, %v, %v", kept, undone, broken)
		}
		if len(ran) > 0 {
			t.Errorf("%q ran before the commit", ran)
		}
		return put(ctx, db, "last") // the transaction lives on after an inner failure
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := keys(t, db), []string{"inner", "last", "outer"}; !slices.Equal(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
	if want := []string{"outer", "inner"}; !slices.Equal(ran, want) {
		t.Errorf("ran %q after the commit, want %q", ran, want)
	}
}

func TestAFailedTransactionLeavesNothing(t *testing.T) {
	db := ground(t)
	failed := errors.New("failed")
	ran := false
	err := db.InTx(context.Background(), func(ctx context.Context) error {
		if !database.InTransaction(ctx) {
			t.Error("the context does not know its transaction")
		}
		database.AfterCommit(ctx, func() { ran = true })
		return errors.Join(put(ctx, db, "gone"), failed)
	})
	if !errors.Is(err, failed) || ran || len(keys(t, db)) != 0 {
		t.Errorf("error %v, ran %v, kept %q", err, ran, keys(t, db))
	}
}

// What is to be done once in a transaction is done again in the next, and after the savepoint it was in
// has been rolled back.
func TestOnceInATransaction(t *testing.T) {
	t.Parallel()
	db := ground(t)
	type key struct{ kind, id string }
	flush := key{"flush", "7"}
	undone := errors.New("undone")
	for range 2 {
		err := db.InTx(context.Background(), func(ctx context.Context) error {
			rolledBack := db.InTx(ctx, func(ctx context.Context) error {
				if !database.Once(ctx, flush) || database.Once(ctx, flush) {
					t.Error("not once within the savepoint that is rolled back")
				}
				return undone
			})
			kept := db.InTx(ctx, func(ctx context.Context) error {
				if !database.Once(ctx, flush) {
					t.Error("what was rolled back counts")
				}
				return nil
			})
			if !errors.Is(rolledBack, undone) || kept != nil || database.Once(ctx, flush) || !database.Once(ctx, key{"flush", "8"}) {
				t.Errorf("after %v and %v: want the kept one to count, and for its key alone", rolledBack, kept)
			}
			return db.InTx(ctx, func(ctx context.Context) error {
				if database.Once(ctx, flush) {
					t.Error("an inner transaction does not know what the outer one has done")
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if !database.Once(context.Background(), flush) {
			t.Error("without a transaction everything is done")
		}
	}
}

func TestMigrationsAreComplete(t *testing.T) {
	db := ground(t)
	ctx := context.Background()
	if n, err := db.Pending(ctx, migrations.Files); err != nil || n != 0 {
		t.Errorf("%d migrations pending, %v", n, err)
	}
	if err := db.Migrate(ctx, migrations.Files); err != nil {
		t.Errorf("migrating again: %v", err)
	}
}

func TestAWrongURLIsNotRepeated(t *testing.T) {
	_, err := database.Open(context.Background(), "postgres://u:hunter2@[bad", database.Options{})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}
