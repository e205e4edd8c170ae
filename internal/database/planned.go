package database

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// Planned is On for questions whose best plan depends on their values, such as a search for a rare word or a
// common one: Postgres plans each of them anew, which costs part of a millisecond.
func (db *DB) Planned(ctx context.Context) *gorm.DB {
	session := db.On(ctx).Session(&gorm.Session{})
	session.Statement.ConnPool = planned{session.Statement.ConnPool}
	return session
}

// planned sends each question as a nameless statement, which no plan is kept for.
type planned struct{ gorm.ConnPool }

// QueryContext asks for rows.
func (p planned) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.ConnPool.QueryContext(ctx, query, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
}

// QueryRowContext asks for one row.
func (p planned) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.ConnPool.QueryRowContext(ctx, query, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
}
