package database_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/database"
)

const putRow = "INSERT INTO settings (key, value, updated_at, updated_by) VALUES ($1, '1', now(), 'test')"

// A transaction of two trips writes what was decided of its answers whole or not at all, and what waits for its commit runs
// when it is there; nothing else can be asked in it.
func TestATransactionOfTwoTripsStandsWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	db, ctx := ground(t), context.Background()
	seen, told := -1, []string{}
	swift := func(key ...string) (bool, error) {
		ask := db.Batch()
		ask.Read(func(row pgx.Rows) error { return row.Scan(&seen) }, "SELECT count(*) FROM settings WHERE key = $1", key[0])
		return db.InTwoTrips(ctx, ask, func(ctx context.Context) (*database.Batch, error) {
			if seen > 0 {
				return nil, nil
			}
			database.AfterCommit(ctx, func() { told = append(told, key[0]) })
			if err := put(ctx, db, "by the way"); err == nil {
				t.Error("something else was asked")
			}
			if err := db.Rows(ctx, func(pgx.Rows) error { return nil }, "SELECT 1"); err == nil {
				t.Error("something else was asked by pgx alone")
			}
			b := db.Batch()
			for _, k := range key {
				b.Exec(putRow, k)
			}
			return b, nil
		})
	}
	if written, err := swift("a", "b"); !written || err != nil {
		t.Fatalf("new ones: got %v, %v", written, err)
	}
	if written, err := swift("a"); written || err != nil || seen != 1 {
		t.Errorf("one that is there: got %v, %v, %d seen", written, err, seen)
	}
	if written, err := swift("c", "b"); written || !database.Violates(err, "settings_pkey") || !database.Refused(err) {
		t.Errorf("one that is taken: got %v, %v", written, err)
	}
	no := errors.New("no")
	if written, err := db.InTwoTrips(ctx, db.Batch(), func(context.Context) (*database.Batch, error) { return nil, no }); written || !errors.Is(err, no) {
		t.Errorf("decided against: got %v, %v", written, err)
	}
	judged := func(context.Context) (*database.Batch, error) {
		b := db.Batch()
		b.Add(keeps("d"), func(int64) error { return nil })
		return b, nil
	}
	if written, err := db.InTwoTrips(ctx, db.Batch(), judged); written || err == nil {
		t.Error("what is judged after its commit was written")
	}
	err := db.InTx(ctx, func(ctx context.Context) error {
		_, err := db.InTwoTrips(ctx, db.Batch(), judged)
		return err
	})
	if err == nil {
		t.Error("it was part of another transaction")
	}
	if got, want := keys(t, db), []string{"a", "b"}; !slices.Equal(got, want) || !slices.Equal(told, []string{"a"}) {
		t.Errorf("kept %q, want %q; told %q", got, want, told)
	}
	var open int
	if err := db.Pool.QueryRow(ctx, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'").Scan(&open); err != nil || open > 0 {
		t.Errorf("%d transactions were left open, %v", open, err)
	}
}
