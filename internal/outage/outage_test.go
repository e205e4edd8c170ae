package outage_test

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/outage"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
)

// patience is generous: nothing is judged by how long it takes.
const patience = 60 * time.Second

func begin(t *testing.T, b outage.Board, s outage.Service, m outage.Mode) {
	t.Helper()
	if err := b.Begin(s, m, time.Time{}); err != nil {
		t.Fatal(err)
	}
}

func end(t *testing.T, b outage.Board) {
	t.Helper()
	if err := b.End(); err != nil {
		t.Fatal(err)
	}
}

// Whatever Postgres does to its clients, each call ends in time, an error is an error, and the pool is
// well again by itself.
func TestAPoolLivesThroughEveryOutageOfPostgres(t *testing.T) {
	t.Parallel()
	for _, m := range outage.Modes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			board := outage.In(t.TempDir())
			db, err := database.Open(context.Background(), testkit.DatabaseURL(t), database.Options{Dial: board.Line(outage.Postgres).Dial})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(db.Close)
			begin(t, board, outage.Postgres, m)
			for range 3 { // a connection of before, then new ones
				ctx, cancel := context.WithTimeout(context.Background(), time.Second)
				_, err = db.Pool.Exec(ctx, "SELECT 1")
				cancel()
				if m != outage.Slow && err == nil {
					t.Error("a question was answered")
				}
				if err != nil && !database.Away(err) {
					t.Errorf("not taken for an outage: %v", err)
				}
			}
			end(t, board)
			testkit.Eventually(t, patience, "the pool is well again", func() bool { return db.Pool.Ping(context.Background()) == nil })
		})
	}
}

func TestAStoreLivesThroughEveryOutageOfRedis(t *testing.T) {
	t.Parallel()
	for _, m := range outage.Modes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			board := outage.In(t.TempDir())
			open, err := redisstore.Open(testkit.RedisURL(t), redisstore.Through(board.Line(outage.Redis).Dial))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(open.Close)
			store := open.Within("test:" + t.Name() + ":")
			changes := store.Follow(ctx, []string{redisstore.TopicDiary})
			begin(t, board, outage.Redis, m)
			for range 5 {
				short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
				if err := store.Set(short, "thing", []byte("x"), time.Minute); err == nil {
					t.Error("a thing was kept")
				}
				cancel()
				store.Changed(ctx, redisstore.TopicDiary, "one") // never waits
			}
			end(t, board)
			testkit.Eventually(t, patience, "the store is well again", func() bool {
				return store.Set(ctx, "thing", []byte("x"), time.Minute) == nil
			})
			testkit.Eventually(t, patience, "who followed hears of changes again", func() bool {
				store.Changed(ctx, redisstore.TopicDiary, "two")
				select {
				case <-changes:
					return true
				default:
					return false
				}
			})
		})
	}
}

// While nobody answers, a wait ends by its deadline, even one that was set meanwhile, and by closing.
func TestAWaitEndsByDeadlineAndByClosing(t *testing.T) {
	t.Parallel()
	board := outage.In(t.TempDir())
	connect := func() net.Conn {
		t.Helper()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		c, err := board.Line(outage.Redis).Dial(context.Background(), "tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, m := range []outage.Mode{"", outage.Hang} {
		begin(t, board, outage.Redis, m)
		late, closed := connect(), connect()
		got := make(chan error, 2)
		go func() { _, err := late.Read(make([]byte, 1)); got <- err }()
		if err := late.SetDeadline(time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		if err := <-got; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%q, past its deadline: %v", m, err)
		}
		go func() { _, err := closed.Read(make([]byte, 1)); got <- err }()
		if err := closed.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-got; !errors.Is(err, net.ErrClosed) {
			t.Errorf("%q, closed: %v", m, err)
		}
	}
}

// Who waits for something to come learns that the service has gone, on the first connection as on one
// that was made when all before it were closed.
func TestAWaitEndsWithItsService(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing was sent
	board := outage.In(t.TempDir())
	line := board.Line(outage.Redis)
	for range 3 {
		c, err := line.Dial(context.Background(), "tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		got := make(chan error)
		go func() { _, err := c.Read(make([]byte, 1)); got <- err }()
		begin(t, board, outage.Redis, outage.Down)
		if err := <-got; !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("the wait ends with %v", err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		end(t, board)
	}
}

func TestAnOutageIsSharedAndEndsByItself(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, other := outage.In(dir), outage.In(dir)
	if err := one.Begin(outage.Postgres, outage.Down, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := other.Now(outage.Postgres); got != outage.Down {
		t.Errorf("seen from elsewhere: got %q", got)
	}
	if got := other.Now(outage.Redis); got != "" {
		t.Errorf("the other service: got %q", got)
	}
	if err := one.Begin(outage.Postgres, outage.Down, time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if got := other.Now(outage.Postgres); got != "" {
		t.Errorf("past its time: got %q", got)
	}
	if err := outage.In("").Begin(outage.Redis, outage.Down, time.Time{}); err == nil {
		t.Error("an outage without a folder was taken")
	}
}
