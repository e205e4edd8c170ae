package database_test

import (
	"context"
	"database/sql"
	"io/fs"
	"strconv"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"frontdesk/internal/testkit"
	"frontdesk/migrations"
)

// Migrations are numbered without a gap: one that came later and sorts before would never run where the
// others have.
func TestMigrationsAreNumberedInARow(t *testing.T) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		if n, err := strconv.Atoi(name[:4]); err != nil || n != i+1 {
			t.Errorf("%s is the %dth migration", name, i+1)
		}
	}
}

// Each migration can be taken back and done again.
func TestMigrationsGoBothWays(t *testing.T) {
	db, err := sql.Open("pgx", testkit.DatabaseURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // of a test that is over
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for range 2 {
		if _, err := provider.Up(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := provider.DownTo(ctx, 0); err != nil {
			t.Fatal(err)
		}
	}
}
