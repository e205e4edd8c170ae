package database_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"gorm.io/gorm"

	"frontdesk/internal/database"
)

func keeps(key string) func(*gorm.DB) *gorm.DB {
	return func(q *gorm.DB) *gorm.DB {
		return q.Exec("INSERT INTO settings (key, value, updated_at, updated_by) VALUES (?, '1', now(), 'test')", key)
	}
}

// Statements of a batch see one another, what they did is judged in the transaction, and whatever fails leaves nothing.
func TestABatchIsWrittenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	db, ctx := ground(t), context.Background()
	few := errors.New("too few")
	send := func(ctx context.Context, build func(b *database.Batch)) error {
		return db.InTx(ctx, func(ctx context.Context) error {
			b := db.Batch()
			build(b)
			return db.Send(ctx, b)
		})
	}
	if err := send(ctx, func(b *database.Batch) {
		b.Add(keeps("a"))
		b.Add(func(q *gorm.DB) *gorm.DB { return q.Exec("UPDATE settings SET key = ? WHERE key = ?", "b", "a") }, func(rows int64) error {
			if rows != 1 {
				t.Errorf("the second changed %d rows", rows)
			}
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	err := send(ctx, func(b *database.Batch) { b.Add(keeps("c")); b.Add(keeps("b")); b.Add(keeps("d")) })
	if !database.Violates(err, "settings_pkey") {
		t.Errorf("a key that is taken: got %v", err)
	}
	err = db.InTx(ctx, func(ctx context.Context) error {
		err := send(ctx, func(b *database.Batch) {
			b.Add(keeps("e"), func(int64) error { return few })
		})
		if !errors.Is(err, few) {
			t.Errorf("judged: got %v", err)
		}
		return put(ctx, db, "after") // behind a savepoint the transaction goes on
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := keys(t, db), []string{"after", "b"}; !slices.Equal(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
	if err := db.Send(ctx, db.Batch()); err == nil {
		t.Error("a batch was sent without a transaction")
	}
	if err := send(ctx, func(*database.Batch) {}); err != nil {
		t.Errorf("an empty one: %v", err)
	}
}
