package database_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"frontdesk/internal/database"
)

func TestAwayIsWhatMaySucceedInAMoment(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errors.New("refused"), false},
		{context.Canceled, false}, // the caller went
		{&pgconn.PgError{Code: "23505"}, false},
		{&pgconn.PgError{Code: "40P01"}, false},
		{&pgconn.PgError{Code: "57P03"}, true},
		{&pgconn.PgError{Code: "53300"}, true},
		{&pgconn.PgError{Code: "57014"}, true},
		{context.DeadlineExceeded, true},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, true},
		{fmt.Errorf("store event: %w", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}), true},
	} {
		if got := database.Away(tt.err); got != tt.want {
			t.Errorf("%v: got %t", tt.err, got)
		}
	}
}

// What answers in Postgres' place may begin with any bytes; they reserve no memory and the wait ends.
func TestAServerThatIsNoneIsAway(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing is lost
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) // to whoever still listens
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, err = database.Open(ctx, "postgres://u:p@"+l.Addr().String()+"/d?sslmode=disable", database.Options{})
	if !database.Away(err) {
		t.Errorf("got %v", err)
	}
}
