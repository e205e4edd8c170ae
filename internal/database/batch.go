package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// Batch is what is written together, where nobody needs the answer of one statement for the next. All of it is sent in one
// trip, in the order it was added in; each statement sees what those before it did.
type Batch struct {
	dry    *gorm.DB
	sent   pgx.Batch
	checks []check
	err    error
}

// check judges what a statement did, once all of them are done.
type check func(rows int64) error

// Batch begins an empty one.
func (db *DB) Batch() *Batch {
	return &Batch{dry: db.gorm.Session(&gorm.Session{DryRun: true, NewDB: true})}
}

// Add adds the statement that build asks for. A check, if there is one, is told how many rows the statement changed, in the
// transaction that the batch is sent in.
func (b *Batch) Add(build func(q *gorm.DB) *gorm.DB, checks ...func(rows int64) error) {
	asked := build(b.dry.Session(&gorm.Session{}))
	b.err = errors.Join(b.err, asked.Error)
	b.sent.Queue(asked.Statement.SQL.String(), asked.Statement.Vars...)
	b.checks = append(b.checks, func(rows int64) error {
		for _, judge := range checks {
			if err := judge(rows); err != nil {
				return err
			}
		}
		return nil
	})
}

// Send sends a batch in the transaction on the context, which must be there: what fails in part leaves nothing.
func (db *DB) Send(ctx context.Context, b *Batch) error {
	t, ok := ctx.Value(txKey{}).(*tx)
	if !ok {
		return errors.New("send batch: there is no transaction")
	}
	if b.err != nil || len(b.checks) == 0 {
		return b.err
	}
	var changed []int64
	err := t.conn.Raw(func(driver any) error {
		results := driver.(*stdlib.Conn).Conn().SendBatch(ctx, &b.sent)
		for range b.checks {
			done, err := results.Exec()
			if err != nil {
				return errors.Join(err, results.Close())
			}
			changed = append(changed, done.RowsAffected())
		}
		return results.Close()
	})
	if err != nil {
		return fmt.Errorf("send batch: %w", err)
	}
	for i, judge := range b.checks {
		if err := judge(changed[i]); err != nil {
			return err
		}
	}
	return nil
}

// connected runs fn with GORM on one connection of the pool, which pgx can be asked for.
func (db *DB) connected(ctx context.Context, fn func(conn *sql.Conn, g *gorm.DB) error) error {
	return db.gorm.WithContext(ctx).Connection(func(g *gorm.DB) error {
		conn, ok := g.Statement.ConnPool.(*sql.Conn)
		if !ok {
			return errors.New("no connection of the pool")
		}
		return fn(conn, g)
	})
}
