package database

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// migrating is how long one statement of a migration may take; the server's own limit is the usual one unless the migration raises it.
const migrating = time.Hour

// Migrate brings the schema up to date, ours and then the job queue's. Processes that start together
// wait for each other on an advisory lock. Safe to repeat.
func (db *DB) Migrate(ctx context.Context, files fs.FS) error {
	ctx = patient(ctx, migrating)
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
	if err != nil {
		return fmt.Errorf("migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db.sql, files, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return db.migrateQueue(ctx)
}

// Pending tells how many of our migrations the database still lacks.
func (db *DB) Pending(ctx context.Context, files fs.FS) (int, error) {
	provider, err := goose.NewProvider(goose.DialectPostgres, db.sql, files)
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	status, err := provider.Status(ctx)
	if err != nil {
		return 0, fmt.Errorf("read migration status: %w", err)
	}
	pending := 0
	for _, s := range status {
		if s.State == goose.StatePending {
			pending++
		}
	}
	return pending, nil
}

// migrateQueue runs River's own migrations; they are serialised by a lock of ours because River takes none.
func (db *DB) migrateQueue(ctx context.Context) error {
	conn, err := db.Pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("migrate queue: %w", err)
	}
	defer conn.Release()
	const key = 7_305_001
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", key); err != nil {
		return fmt.Errorf("lock queue migration: %w", err)
	}
	defer func() {
		unlock, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_, _ = conn.Exec(unlock, "SELECT pg_advisory_unlock($1)", key) // released with the session at the latest
	}()
	migrator, err := rivermigrate.New(riverpgxv5.New(db.Pool), nil)
	if err != nil {
		return fmt.Errorf("migrate queue: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate queue: %w", err)
	}
	if _, err := conn.Exec(ctx, slimQueue); err != nil {
		return fmt.Errorf("slim queue: %w", err)
	}
	if _, err := conn.Exec(ctx, "BEGIN; SET LOCAL statement_timeout = "+millis(migrating)+";"+watchQueue+"; COMMIT"); err != nil {
		return fmt.Errorf("watch queue: %w", err)
	}
	return nil
}

// slimQueue takes away the two indexes by which River lists jobs by a part of their arguments or
// metadata. We never do, and every insert and every change of a job's state had to write both: they cost
// more than the rest of the queue together.
const slimQueue = "DROP INDEX IF EXISTS river_job_args_index, river_job_metadata_index"

// watchQueue lets the database note which jobs die, where the migrations know how: River's table is made after them.
const watchQueue = `DO $$ BEGIN
	IF to_regprocedure('letters_watch()') IS NOT NULL THEN PERFORM letters_watch(); END IF;
END $$`
