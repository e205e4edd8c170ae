package database

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Rows gives each row of a question to each, by pgx alone: for what is read so often that GORM's reflection is felt. It is
// asked in the transaction on the context, else on the pool, and its plan is kept (see Planned). Its values stand in it
// as $1, $2 and so on. each only takes what the row holds: the connection answers nothing else meanwhile.
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
	t, within := ctx.Value(txKey{}).(*tx)
	switch {
	case !within:
		return read(db.Pool)
	case t.conn == nil:
		return errTwoTrips
	}
	return t.conn.Raw(func(driver any) error { return read(driver.(*stdlib.Conn).Conn()) })
}
