package outage

import (
	"context"
	"encoding/binary"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// step is how soon somebody who waits on a connection learns that its service has changed.
const step = 20 * time.Millisecond

// Line reaches one service, as well as it can be reached now.
type Line struct {
	board   Board
	service Service
	late    time.Duration // of a slow service's answers

	mu      sync.Mutex
	open    map[*conn]struct{}
	watched bool // watch runs
}

// Line is the way to a service. A slow Postgres costs every round trip a little, as an overloaded one
// does; a slow Redis answers after any patience a turn has with it.
func (b Board) Line(s Service) *Line {
	l := &Line{board: b, service: s, late: 30 * time.Millisecond, open: map[*conn]struct{}{}}
	if s == Redis {
		l.late = 300 * time.Millisecond
	}
	return l
}

// Dial connects.
func (l *Line) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if l.now() == Down {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	through := &conn{Conn: c, line: l}
	through.seen.Store(l.now())
	l.add(through)
	return through, nil
}

func (l *Line) add(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[c] = struct{}{}
	if !l.watched {
		l.watched = true
		go l.watch()
	}
}

func (l *Line) remove(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, c)
}

// watch tells those who wait on a connection when the service is no longer as they saw it, so that nobody
// else needs to look while nothing happens. It ends with the last connection.
func (l *Line) watch() {
	tick := time.NewTicker(step)
	defer tick.Stop()
	for l.anybody() {
		<-tick.C
		l.wakeWhoMissed(l.now())
	}
}

// anybody tells whether there is a connection; when there is none, nobody watches any more.
func (l *Line) anybody() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watched = len(l.open) > 0
	return l.watched
}

// wakeWhoMissed asks each connection what it saw last: a service that went and came back between two
// looks of watch is the same as before to watch, and not to a reader that began to wait in between.
func (l *Line) wakeWhoMissed(m Mode) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		if c.seen.Swap(m) != m {
			c.wake()
		}
	}
}

func (l *Line) now() Mode { return l.board.Now(l.service) }

// words are what the service says before it hangs up; none when it just goes.
func (l *Line) words(m Mode) []byte {
	switch {
	case m == Garbage:
		return []byte("<html>\x00\xff\xfe this is not what you asked for\r\n")
	case m == TooMany && l.service == Postgres:
		return fatal("53300", "sorry, too many clients already")
	case m == Failing && l.service == Postgres:
		return fatal("57P03", "the database system is starting up")
	case m == TooMany:
		return []byte("-ERR max number of clients reached\r\n")
	case m == Failing:
		return []byte("-LOADING Redis is loading the dataset in memory\r\n")
	default:
		return nil
	}
}

// fatal is Postgres' ErrorResponse.
func fatal(code, message string) []byte {
	body := []byte("SFATAL\x00VFATAL\x00C" + code + "\x00M" + message + "\x00\x00")
	head := binary.BigEndian.AppendUint32([]byte{'E'}, uint32(len(body)+4))
	return append(head, body...)
}

// conn is a connection to a service that may misbehave. One goroutine may read and another write.
// Deadlines hold while it hangs; whoever sets one for a Read that waits already is heard within a step.
type conn struct {
	net.Conn
	line   *Line
	readBy atomic.Int64 // deadline in nanoseconds; 0: none
	wakes  atomic.Int64 // how often the reader was to look again
	seen   atomic.Value // the Mode the reader saw last, or was woken for
	closed atomic.Bool
	asked  atomic.Bool // something was written since the last answer
	broken atomic.Bool // the service has hung up

	// Of the reader.
	held []byte    // arrived, not handed on yet
	due  time.Time // when held may be handed on, of a slow service
	told int       // bytes of the last words that were read
	last []byte    // last words
}

// Write sends. What hangs or is slow still arrives.
func (c *conn) Write(p []byte) (int, error) {
	c.asked.Store(true)
	switch m := c.line.now(); m {
	case Down:
		c.hangUp()
		return 0, c.reset("write")
	case TooMany, Failing, Garbage:
		c.hangUp()
	}
	if c.broken.Load() {
		return len(p), nil // into the void: the answer is in Read
	}
	return c.Conn.Write(p)
}

// Read waits for what the service says.
func (c *conn) Read(p []byte) (int, error) {
	for {
		wakes, m := c.wakes.Load(), c.line.now()
		c.seen.Store(m)
		switch {
		case c.closed.Load():
			return 0, net.ErrClosed
		case c.broken.Load() || m == Down || m == TooMany || m == Failing || m == Garbage:
			return c.lastWords(m, p)
		case len(c.held) > 0 && m != Hang && (m != Slow || !time.Now().Before(c.due)):
			n := copy(p, c.held)
			c.held = c.held[n:]
			return n, nil
		case c.late():
			return 0, os.ErrDeadlineExceeded
		case m == Hang || len(c.held) > 0:
			time.Sleep(step)
			continue
		}
		n, err := c.readOnce(p, wakes)
		if n == 0 && (err == nil || c.broken.Load()) {
			continue
		}
		if n == 0 {
			return 0, err
		}
		asked := c.asked.Swap(false)
		if m = c.line.now(); m == "" {
			return n, err
		}
		c.held = append(c.held, p[:n]...)
		c.due = time.Now()
		if asked {
			c.due = c.due.Add(c.line.late)
		}
	}
}

// readOnce reads unless the reader was woken since wakes was counted; nothing and no error says that it was.
func (c *conn) readOnce(p []byte, wakes int64) (int, error) {
	until := time.Time{}
	if by := c.readBy.Load(); by != 0 {
		until = time.Unix(0, by)
	}
	if err := c.Conn.SetReadDeadline(until); err != nil {
		return 0, err
	}
	if c.wakes.Load() != wakes { // what that wake did may be undone by the line above
		return 0, nil
	}
	n, err := c.Conn.Read(p)
	if n == 0 && os.IsTimeout(err) && !c.late() {
		return 0, nil
	}
	return n, err
}

// wake lets a reader that waits on the network look again.
func (c *conn) wake() {
	c.wakes.Add(1)
	_ = c.Conn.SetReadDeadline(time.Now()) // on a closed connection nobody waits
}

func (c *conn) late() bool {
	by := c.readBy.Load()
	return by != 0 && time.Now().UnixNano() >= by
}

// lastWords ends the connection: the server's words first, then nothing.
func (c *conn) lastWords(m Mode, p []byte) (int, error) {
	c.hangUp()
	if c.last == nil {
		c.last = []byte{}
		if c.asked.Load() { // no client expects an answer to nothing
			c.last = append(c.last, c.line.words(m)...)
		}
	}
	if c.told == len(c.last) {
		return 0, c.reset("read")
	}
	n := copy(p, c.last[c.told:])
	c.told += n
	return n, nil
}

func (c *conn) hangUp() {
	if !c.broken.Swap(true) {
		c.line.remove(c)
		_ = c.Conn.Close() // the server sees its client go
	}
}

func (c *conn) reset(op string) error {
	return &net.OpError{Op: op, Net: "tcp", Addr: c.RemoteAddr(), Err: syscall.ECONNRESET}
}

// Close closes.
func (c *conn) Close() error {
	c.closed.Store(true)
	if c.broken.Swap(true) {
		return nil
	}
	c.line.remove(c)
	return c.Conn.Close()
}

// SetDeadline bounds Read and Write.
func (c *conn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t) // keeps a number
	return c.SetWriteDeadline(t)
}

// SetReadDeadline bounds Read.
func (c *conn) SetReadDeadline(t time.Time) error {
	by := int64(0)
	if !t.IsZero() {
		by = max(1, t.UnixNano())
	}
	c.readBy.Store(by)
	c.wake()
	return nil
}

// SetWriteDeadline bounds Write.
func (c *conn) SetWriteDeadline(t time.Time) error {
	if c.broken.Load() {
		return nil
	}
	return c.Conn.SetWriteDeadline(t)
}
