package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// Batch is what is asked and written together, where nobody needs the answer of one statement for the next. All of it is sent
// in one trip, in the order it was added in; each statement sees what those before it did.
type Batch struct {
	dry   *gorm.DB
	sent  pgx.Batch
	parts []part
	err   error
}

// part is a statement of a batch: what is done with each row of its answer, and what judges how many rows it changed once all
// statements are done.
type part struct {
	row    func(pgx.Rows) error
	checks []func(rows int64) error
}

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
	b.parts = append(b.parts, part{checks: checks})
}

// Exec adds a statement as it is, its values in the places $1, $2 and so on: for what is written most, as building a statement
// costs more than sending it.
func (b *Batch) Exec(statement string, values ...any) {
	b.sent.Queue(statement, plain(values)...)
	b.parts = append(b.parts, part{})
}

// Read adds a question as it is. row is given each row of the answer while the batch is sent.
func (b *Batch) Read(row func(pgx.Rows) error, question string, values ...any) {
	b.sent.Queue(question, plain(values)...)
	b.parts = append(b.parts, part{row: row})
}

// plain gives ids as the bytes they are: as texts they would be written here and read there.
func plain(values []any) []any {
	for i, v := range values {
		switch id := v.(type) {
		case uuid.UUID:
			values[i] = [16]byte(id)
		case *uuid.UUID:
			if values[i] = nil; id != nil {
				values[i] = [16]byte(*id)
			}
		}
	}
	return values
}

// judged tells whether anything of a batch is judged by how many rows it changed.
func (b *Batch) judged() bool {
	for _, p := range b.parts {
		if len(p.checks) > 0 {
			return true
		}
	}
	return false
}

// Send sends a batch in the transaction on the context, which must be there: what fails in part leaves nothing.
func (db *DB) Send(ctx context.Context, b *Batch) error {
	t, ok := ctx.Value(txKey{}).(*tx)
	if !ok || t.conn == nil {
		return errors.New("send batch: there is no transaction")
	}
	if b.err != nil || len(b.parts) == 0 {
		return b.err
	}
	var changed []int64
	err := t.conn.Raw(func(driver any) (err error) {
		changed, err = b.send(ctx, driver.(*stdlib.Conn).Conn())
		return err
	})
	if err != nil {
		return fmt.Errorf("send batch: %w", err)
	}
	for i, p := range b.parts {
		for _, judge := range p.checks {
			if err := judge(changed[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// send makes the trip. It tells how many rows each statement changed.
func (b *Batch) send(ctx context.Context, conn *pgx.Conn) (changed []int64, err error) {
	results := conn.SendBatch(ctx, &b.sent)
	for _, p := range b.parts {
		n, err := p.take(results)
		if err != nil {
			return nil, errors.Join(err, results.Close())
		}
		changed = append(changed, n)
	}
	return changed, results.Close()
}

// take receives the answer to one statement.
func (p part) take(results pgx.BatchResults) (int64, error) {
	if p.row == nil {
		done, err := results.Exec()
		return done.RowsAffected(), err
	}
	rows, err := results.Query()
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := p.row(rows); err != nil {
			return 0, err
		}
	}
	rows.Close()
	return rows.CommandTag().RowsAffected(), rows.Err()
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
