package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/testkit"
)

// Who may take longer than usual gets it from the server and from us alike, for as long as the transaction lasts and no longer (R-1401).
func TestWhoMayTakeLongerGetsIt(t *testing.T) {
	t.Parallel()
	db, err := database.Open(t.Context(), testkit.DatabaseURL(t), database.Options{StatementTimeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const long = "SELECT pg_sleep(5.6)" // more than the server's limit, and more than ours, which is 5 s above it
	err = db.Patiently(t.Context(), time.Minute, func(ctx context.Context) error {
		inner := db.InTx(ctx, func(ctx context.Context) error { return db.On(ctx).Exec(long).Error })
		return errors.Join(inner, db.On(ctx).Exec("SELECT pg_sleep(0.5)").Error)
	})
	if err != nil {
		t.Errorf("a transaction that may take a minute: %v", err)
	}
	err = db.Patiently(t.Context(), time.Second, func(ctx context.Context) error { return db.On(ctx).Exec(long).Error })
	if err == nil {
		t.Error("a transaction that may take a second took more")
	}
	if err := db.On(t.Context()).Exec("SELECT pg_sleep(1)").Error; err == nil {
		t.Error("what was raised for a transaction stays raised")
	}
}
