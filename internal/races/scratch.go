package races

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/migrations"
)

// dropWithin is how long a scratch database may take to go, in machine time.
const dropWithin = 10 * time.Second

// Scratch is a database that is there for one run and holds nothing of anybody's.
type Scratch struct {
	server, name string
}

// ScratchOn names the scratch database of an owner on the server of a database URL. One owner has one, whoever
// asks, so that what a process left behind that was killed is found again.
func ScratchOn(server, owner string) Scratch {
	sum := sha256.Sum256([]byte(owner))
	return Scratch{server, "fd_races_" + hex.EncodeToString(sum[:6])}
}

// Name is the database's.
func (s Scratch) Name() string { return s.name }

// Open makes the database anew and migrates it. Call Drop afterwards, whatever came of it. It fails where
// the role may not make databases.
func (s Scratch) Open(ctx context.Context, c clock.Clock) (*database.DB, error) {
	if err := s.Drop(ctx); err != nil {
		return nil, err
	}
	if err := s.tell(ctx, "CREATE DATABASE "+s.name); err != nil {
		return nil, fmt.Errorf("make the scratch database: %w", err)
	}
	db, err := database.Open(ctx, s.within(s.name), database.Options{Now: c.Now})
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
// works on when the context has ended.
func (s Scratch) Drop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), dropWithin)
	defer cancel()
	if err := s.tell(ctx, "DROP DATABASE IF EXISTS "+s.name+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop the scratch database: %w", err)
	}
	return nil
}

// tell has the server do something from beside the scratch database.
func (s Scratch) tell(ctx context.Context, order string) error {
	cfg, err := pgx.ParseConfig(s.server)
	if err != nil {
		return errors.New("not a Postgres URL") // it holds a password
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // one statement, done
	_, err = conn.Exec(ctx, order)
	return err
}

func (s Scratch) within(name string) string {
	u, err := url.Parse(s.server)
	if err != nil {
		return s.server
	}
	u.Path = "/" + name
	return u.String()
}
