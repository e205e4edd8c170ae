// Package database opens Postgres, migrates it, runs transactions and keeps what is rarely changed. It owns
// the pool, the transaction that travels on the context and the number of the salon's edition; it knows no
// other table and no rule.
package database

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// DB is the pool, for GORM (rules) and pgx (River workers, measured paths) alike.
type DB struct {
	gorm *gorm.DB
	sql  *sql.DB
	Pool *pgxpool.Pool
	// Relaxed is a small pool of its own whose commits do not wait for the disk: for what is done anew when
	// a crash of the server loses it, as the queue's own notes are. It is lost together with whatever came
	// after it, never without: a commit that waits, of anybody, brings all earlier ones to the disk.
	Relaxed *pgxpool.Pool
	salon   *Shared[edition]
}

// Options of the pool. Zero values take the defaults in brackets.
type Options struct {
	MaxConns         int32         // [24]
	StatementTimeout time.Duration // [10s]; longer statements are cancelled by the server, and by us where it does not say so
	LockTimeout      time.Duration // [8s]
	// Database is the one to open on the URL's server; whatever form the URL has, it is this one or none. [the URL's]
	Database string
	// Dial opens connections; nil dials as usual.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Now is business time, for GORM's created and updated stamps.
	Now func() time.Time
	// Tracer sees every statement of the pool with its arguments; for tests. [none]
	Tracer pgx.QueryTracer
}

// relaxedConns is how many connections there are for what need not wait for the disk.
const relaxedConns = 8

// maxAnswer bounds one message of the server in bytes: what answers in Postgres' place must not make
// us reserve whatever its first bytes happen to say.
const maxAnswer = 64 << 20

// Open connects and pings. The caller closes.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("parse database url: %w", errors.New("not a Postgres URL")) // the URL holds a password
	}
	cfg.MaxConns = cmp.Or(o.MaxConns, 24)
	cfg.ConnConfig.Database = cmp.Or(o.Database, cfg.ConnConfig.Database)
	cfg.MaxConnIdleTime = 5 * time.Minute
	cfg.PingTimeout = 2 * time.Second // of a connection that lay idle, before it is given to anybody
	statement := cmp.Or(o.StatementTimeout, 10*time.Second)
	cfg.ConnConfig.Tracer = tracing(bounded{statement + overdue}, o.Tracer)
	cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = millis(statement)
	cfg.ConnConfig.RuntimeParams["lock_timeout"] = millis(cmp.Or(o.LockTimeout, 8*time.Second))
	cfg.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "30000"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.RuntimeParams["jit"] = "off" // compiling a statement takes longer than any of ours
	// A host that vanishes must not keep its locks for the two hours a server waits by itself.
	cfg.ConnConfig.RuntimeParams["tcp_keepalives_idle"] = "5"
	cfg.ConnConfig.RuntimeParams["tcp_keepalives_interval"] = "5"
	cfg.ConnConfig.RuntimeParams["tcp_keepalives_count"] = "3"
	cfg.ConnConfig.RuntimeParams["application_name"] = "frontdesk"
	cfg.ConnConfig.MaxProtocolMessageBodyLen = maxAnswer
	if o.Dial != nil {
		cfg.ConnConfig.DialFunc = o.Dial
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := reach(ctx, pool, o.Database); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	relaxed, err := pgxpool.NewWithConfig(ctx, relaxing(cfg))
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	sqlDB := stdlib.OpenDBFromPool(pool)
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: sqlDB}), &gorm.Config{
		Logger:                 logger.Discard, // errors are wrapped and logged once, at the edge
		NowFunc:                o.Now,
		SkipDefaultTransaction: true,
		TranslateError:         false,
	})
	if err != nil {
		pool.Close()
		relaxed.Close()
		return nil, fmt.Errorf("open gorm: %w", err)
	}
	db := &DB{gorm: g, sql: sqlDB, Pool: pool, Relaxed: relaxed}
	db.salon = Share(db.askEdition)
	return db, nil
}

// reach asks the server whether it is there, and whether it opened the database that was wanted, if one was.
func reach(ctx context.Context, pool *pgxpool.Pool, wanted string) error {
	if wanted == "" {
		return pool.Ping(ctx)
	}
	var opened string
	if err := pool.QueryRow(ctx, "SELECT current_database()").Scan(&opened); err != nil {
		return err
	}
	if opened != wanted {
		return errors.New("the server opened another database than was wanted")
	}
	return nil
}

// tracing bounds statements, and lets a test see them.
func tracing(most bounded, test pgx.QueryTracer) pgx.QueryTracer {
	if test == nil {
		return most
	}
	return multitracer.New(most, test)
}

// relaxing is the configuration of the relaxed pool beside the usual one. Its plans are made anew every time: the
// queue's table is nearly empty now and holds thousands of jobs a minute later, and a plan made while it was
// small, which reads it from end to end, would stay until the server looks at the table again.
func relaxing(cfg *pgxpool.Config) *pgxpool.Config {
	cfg = cfg.Copy()
	cfg.MaxConns = relaxedConns
	cfg.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
	cfg.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_custom_plan"
	return cfg
}

// Close ends every connection.
func (db *DB) Close() {
	_ = db.sql.Close() // the pool below owns the connections
	db.Pool.Close()
	db.Relaxed.Close()
}

type txKey struct{}

// tx is the transaction on a context, with what is to run once it is committed.
type tx struct {
	gorm  *gorm.DB  // nil in InTwoTrips
	conn  *sql.Conn // that it runs on, as the above
	outer *tx       // nil for the outermost
	after []func()
	once  map[any]bool
}

// errTwoTrips is said to who asks more in a transaction of two trips.
var errTwoTrips = errors.New("nothing else can be asked in a transaction of two trips")

// On is the query builder for this context: the transaction that is on it, else the pool.
func (db *DB) On(ctx context.Context) *gorm.DB {
	if t, ok := ctx.Value(txKey{}).(*tx); ok {
		if t.gorm == nil {
			none := db.gorm.WithContext(ctx)
			_ = none.AddError(errTwoTrips)
			return none
		}
		return t.gorm.WithContext(ctx)
	}
	return db.gorm.WithContext(ctx)
}

// InTx runs fn in a transaction. When one is already on the context fn joins it behind a savepoint,
// so that its failure undoes only its own part. Functions given to AfterCommit run once the
// outermost transaction is committed.
func (db *DB) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if outer, ok := ctx.Value(txKey{}).(*tx); ok {
		if outer.gorm == nil {
			return errTwoTrips
		}
		kept := len(outer.after)
		err := outer.gorm.WithContext(ctx).Transaction(func(sp *gorm.DB) error {
			inner := &tx{gorm: sp, conn: outer.conn, outer: outer}
			if err := fn(context.WithValue(ctx, txKey{}, inner)); err != nil {
				return err
			}
			outer.join(inner)
			return nil
		})
		if err != nil {
			outer.after = outer.after[:kept]
		}
		return err
	}
	t := &tx{}
	err := db.connected(ctx, func(conn *sql.Conn, g *gorm.DB) error {
		return g.Transaction(func(g *gorm.DB) error {
			t.gorm, t.conn = g, conn
			return fn(context.WithValue(ctx, txKey{}, t))
		})
	})
	if err != nil {
		return err
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

// Within runs fn in the transaction on the context, or in one of its own when there is none. Unlike InTx
// it sets no savepoint, which spares two round trips: after a failure nothing else may be done in that
// transaction, so callers give the failure back and never answer for it.
func (db *DB) Within(ctx context.Context, fn func(ctx context.Context) error) error {
	if InTransaction(ctx) {
		return fn(ctx)
	}
	return db.InTx(ctx, fn)
}

// AfterCommit runs f once the transaction on the context is committed, at once when there is none.
// For best-effort things only (live screens): a crash in between loses f.
func AfterCommit(ctx context.Context, f func()) {
	if t, ok := ctx.Value(txKey{}).(*tx); ok {
		t.after = append(t.after, f)
		return
	}
	f()
}

// InTransaction tells whether a transaction is on the context. Calls to providers are refused then.
func InTransaction(ctx context.Context) bool {
	_, ok := ctx.Value(txKey{}).(*tx)
	return ok
}

// Violates tells whether err is the violation of a named constraint or unique index.
func Violates(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.ConstraintName == constraint
}

// Refused tells whether a rule of the database, a constraint or a unique index, kept something from being written.
func Refused(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && strings.HasPrefix(pg.Code, "23")
}

// Deadlocked tells whether Postgres gave this transaction up to resolve a deadlock or could not
// serialise it: running it again is safe.
func Deadlocked(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40P01" || pg.Code == "40001")
}

func millis(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }
