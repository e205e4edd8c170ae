package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// Away tells whether err means that Postgres could not be asked, as opposed to having said no: it does
// not answer, not in time, not as Postgres, or it takes nobody in. The same may succeed in a moment.
func Away(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// Connection failures, shut down or starting, too many connections or no memory; a statement that
		// was cancelled ran out of time.
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "57P") || strings.HasPrefix(pg.Code, "53") || pg.Code == "57014"
	}
	var connect *pgconn.ConnectError
	var network net.Error
	var tooLong *pgproto3.ExceededMaxBodyLenErr
	return errors.As(err, &connect) || errors.As(err, &network) || errors.As(err, &tooLong) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err)
}
