package database

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Rows gives each row of a question to each, by pgx alone: for what is read so often that GORM's reflection is felt. It is
// asked in the transaction on the context, else on the pool, and its plan is kept (see Planned). Its values stand in it
// as $1, $2 and so on.
func (db *DB) Rows(ctx context.Context, each func(pgx.Rows) error, question string, values ...any) error {
	read := func(on interface {
		Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	}) error {
		rows, err := on.Query(ctx, question, values...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := each(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	conn := connOf(ctx)
	if conn == nil {
		return read(db.Pool)
	}
	return conn.Raw(func(driver any) error { return read(driver.(*stdlib.Conn).Conn()) })
}

// connOf is the connection of the transaction on the context; nil when there is none.
func connOf(ctx context.Context) *sql.Conn {
	t, ok := ctx.Value(txKey{}).(*tx)
	if !ok {
		return nil
	}
	return t.conn
}
