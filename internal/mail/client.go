// Package mail hands plain messages to an SMTP server: one connection for each, encrypted unless it is
// told otherwise. It owns the wire format, the time-out and the breaker. It never decides whom to write
// to, never retries by itself (jobs do), never runs inside a database transaction, and keeps none of the
// server's words, which quote people's addresses.
package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/smtp"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
)

// Security is how a connection is kept from being read.
type Security string

// Ways to connect. Plain is for a server on this machine alone.
const (
	StartTLS Security = "starttls" // port 587: begins in clear and must be encrypted before anything is said
	Implicit Security = "tls"      // port 465
	Plain    Security = "none"
)

// Config says where the server is and how patient to be with it. Zero durations and counts take the
// defaults in brackets. Durations are machine time.
type Config struct {
	Addr     string // host:port
	Security Security
	User     string // empty: the server asks for no login
	Password string
	From     string         // the salon's address
	Timeout  time.Duration  // [15s] of one message, connecting included
	AtOnce   int            // [4] conversations under way; one more is refused with CodeBusy, so that a slow server never occupies every worker
	Roots    *x509.CertPool // whom to trust; nil: whom the system trusts

	BreakerFailures uint32        // [5] failures in a row that open the breaker
	BreakerPause    time.Duration // [30s] that an open breaker refuses calls before it lets one probe through
}

// Client sends messages. Safe for concurrent use.
type Client struct {
	cfg     Config
	places  chan struct{}
	breaker *redisstore.Breaker
}

// New makes a client. It does not connect.
func New(cfg Config) *Client {
	cfg.Timeout = cmp.Or(cfg.Timeout, 15*time.Second)
	cfg.Security = cmp.Or(cfg.Security, StartTLS)
	terms := redisstore.BreakerTerms{Failures: cmp.Or(cfg.BreakerFailures, 5), Pause: cmp.Or(cfg.BreakerPause, 30*time.Second)}
	return &Client{cfg: cfg, breaker: redisstore.NewBreaker("mail", terms), places: make(chan struct{}, cmp.Or(cfg.AtOnce, 4))}
}

// Breaker keeps callers from a server that does not answer.
func (c *Client) Breaker() *redisstore.Breaker { return c.breaker }

// Send hands a message over. It returns when the server has taken it, which is no proof that anybody
// reads it. Every failure is an *Error. After CodeNoAnswer the server may have the message: sent again it
// carries the same Message-ID, by which mail programs tell copies apart, and more nobody can do.
func (c *Client) Send(ctx context.Context, m Message) error {
	to, err := address(m.To)
	if err != nil {
		return err
	}
	wire := m.wire(c.cfg.From)
	return c.call(ctx, func(s *smtp.Client) error {
		if err := s.Mail(c.cfg.From); err != nil {
			return failed("sender", CodeNoConnection, err)
		}
		if err := s.Rcpt(to); err != nil {
			return failed(stepRecipient, CodeNoConnection, err)
		}
		w, err := s.Data()
		if err != nil {
			return failed("message", CodeNoConnection, err)
		}
		if _, err := w.Write(wire); err != nil {
			return failed("message", CodeNoAnswer, err)
		}
		if err := w.Close(); err != nil {
			return failed("message", CodeNoAnswer, err)
		}
		return nil
	})
}

// Check connects, logs in and says NOOP: nothing is sent to anybody (R-1717).
func (c *Client) Check(ctx context.Context) error {
	return c.call(ctx, func(s *smtp.Client) error {
		if err := s.Noop(); err != nil {
			return failed("noop", CodeNoAnswer, err)
		}
		return nil
	})
}

// call runs a conversation with the server within the time-out, through the breaker, outside any
// transaction.
func (c *Client) call(ctx context.Context, talk func(*smtp.Client) error) error {
	if database.InTransaction(ctx) {
		return &Error{Step: "connect", Code: CodeInTransaction}
	}
	select {
	case c.places <- struct{}{}:
		defer func() { <-c.places }()
	default:
		return &Error{Step: "connect", Code: CodeBusy, Temporary: true}
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	_, err := redisstore.Call(ctx, c.breaker, redisstore.Outages(outage, Code), func() (struct{}, error) {
		none := struct{}{}
		s, hangUp, err := c.open(ctx)
		if err != nil {
			return none, err
		}
		defer hangUp()
		if err := talk(s); err != nil {
			return none, err
		}
		_ = s.Quit() // what was wanted is done; a server that hangs up first changes nothing
		return none, nil
	})
	if errors.Is(err, redisstore.ErrOpen) {
		return &Error{Step: "connect", Code: CodeBreakerOpen, Temporary: true, cause: err}
	}
	return err
}

// open connects, encrypts and logs in. The connection ends with the context.
func (c *Client) open(ctx context.Context) (s *smtp.Client, hangUp func(), err error) {
	host, _, err := net.SplitHostPort(c.cfg.Addr)
	if err != nil {
		return nil, nil, &Error{Step: "connect", Code: CodeNoConnection, cause: err}
	}
	conn, err := c.dial(ctx, host)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // wakes whoever waits for the server
	hangUp = func() {
		stop()
		_ = conn.Close() // closed already after a good-bye
	}
	if s, err = c.greet(conn, host); err != nil {
		hangUp()
		return nil, nil, err
	}
	return s, hangUp, nil
}

func (c *Client) dial(ctx context.Context, host string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", c.cfg.Addr)
	if err != nil {
		return nil, failed("connect", CodeNoConnection, err)
	}
	if c.cfg.Security != Implicit {
		return conn, nil
	}
	secured := tls.Client(conn, c.tls(host))
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close() // nothing was said over it
		return nil, failed("tls", CodeNoTLS, err)
	}
	return secured, nil
}

func (c *Client) greet(conn net.Conn, host string) (*smtp.Client, error) {
	s, err := smtp.NewClient(conn, host)
	if err != nil {
		return nil, failed("connect", CodeNoConnection, err)
	}
	if err := s.Hello("frontdesk.localdomain"); err != nil {
		return nil, failed("connect", CodeNoConnection, err)
	}
	if c.cfg.Security == StartTLS {
		if offered, _ := s.Extension("STARTTLS"); !offered {
			return nil, &Error{Step: "tls", Code: CodeNoTLS}
		}
		if err := s.StartTLS(c.tls(host)); err != nil {
			return nil, failed("tls", CodeNoTLS, err)
		}
	}
	if c.cfg.User == "" {
		return s, nil
	}
	if err := s.Auth(smtp.PlainAuth("", c.cfg.User, c.cfg.Password, host)); err != nil {
		why := failed("login", CodeLogin, err)
		why.Code = CodeLogin
		return nil, why
	}
	return s, nil
}

func (c *Client) tls(host string) *tls.Config {
	return &tls.Config{ServerName: host, RootCAs: c.cfg.Roots, MinVersion: tls.VersionTLS12}
}
