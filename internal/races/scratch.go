package races

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/migrations"
)

// Bounds of a scratch database, in machine time.
const (
	dropWithin = 10 * time.Second // to go, however often that is tried
	dropAgain  = time.Second      // after a try that failed
)

// conns is how wide the races run: the salon that people use has the same server, and wants connections, too.
const conns = 12

// Scratch is a database that is there for one run and holds nothing of anybody's. Nobody else has it while it is used.
type Scratch struct {
	server *pgx.ConnConfig // nil: nobody understood it
	name   string

	mu    sync.Mutex
	aside *pgx.Conn // beside the scratch database; it holds the lock on its name
}

// ScratchOn names the scratch database of an owner on the server of a database URL, whichever form it has. One owner of one database
// has one, whoever asks, so that what a process left behind that was killed is found again.
func ScratchOn(server, owner string) *Scratch {
	s := &Scratch{}
	where := server
	if cfg, err := pgxpool.ParseConfig(server); err == nil { // a pool's own settings are none of the server's
		s.server = cfg.ConnConfig
		where = fmt.Sprintf("%s:%d/%s", cfg.ConnConfig.Host, cfg.ConnConfig.Port, cfg.ConnConfig.Database)
	}
	sum := sha256.Sum256([]byte(where + "\n" + owner))
	s.name = "fd_races_" + hex.EncodeToString(sum[:6])
	return s
}

// Name is the database's.
func (s *Scratch) Name() string { return s.name }

// Open makes the database anew and migrates it. Call Drop afterwards, whatever came of it. It fails where
// the role may not make databases, and where somebody else uses it.
func (s *Scratch) Open(ctx context.Context, c clock.Clock) (*database.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.drop(ctx); err != nil {
		return nil, err
	}
	if err := s.tell(ctx, "CREATE DATABASE "+s.name); err != nil {
		return nil, fmt.Errorf("make the scratch database: %w", err)
	}
	db, err := database.Open(ctx, s.server.ConnString(), database.Options{Now: c.Now, MaxConns: conns, Database: s.name})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, migrations.Files); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Drop removes the database and ends whatever is still connected to it; it is no error that there is none. It
// works on when the context has ended, and tries again for a while. What somebody else uses stays.
func (s *Scratch) Drop(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.drop(ctx)
	s.letGo()
	return err
}

func (s *Scratch) drop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), dropWithin)
	defer cancel()
	for {
		err := s.tell(ctx, "DROP DATABASE IF EXISTS "+s.name+" WITH (FORCE)")
		if err == nil {
			return nil
		}
		again := time.NewTimer(dropAgain)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return fmt.Errorf("drop the scratch database: %w", err)
		}
	}
}

// tell has the server do something from beside the scratch database, under the lock on its name. Who was cut off amid a
// statement has the lock until the server is through with it: nothing comes after the next one.
func (s *Scratch) tell(ctx context.Context, order string) error {
	if s.server == nil {
		return errors.New("not a Postgres URL") // it holds a password
	}
	if s.aside == nil || s.aside.IsClosed() {
		aside, err := pgx.ConnectConfig(ctx, s.server)
		if err != nil {
			return err
		}
		s.aside = aside
		if _, err := aside.Exec(ctx, "SELECT pg_advisory_lock(hashtextextended($1, 0))", s.name); err != nil {
			s.letGo()
			return fmt.Errorf("wait for whoever uses the scratch database: %w", err)
		}
	}
	if _, err := s.aside.Exec(ctx, order); err != nil {
		s.letGo() // a connection that failed once may fail again
		return err
	}
	return nil
}

// undoing is how long a connection may take to be closed.
const undoing = 2 * time.Second

// letGo ends the connection beside, and its lock with it.
func (s *Scratch) letGo() {
	if s.aside == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), undoing)
	defer cancel()
	_ = s.aside.Close(ctx) // closed in any case
	s.aside = nil
}
