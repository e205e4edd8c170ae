// Package listening keeps callers from holding a server up. It lets it stop without waiting for those that never say anything:
// browsers and HTTP clients dial connections in advance, and a server counts such a connection as busy for five seconds. And it
// ends the answer to a caller who does not take it.
package listening

import (
	"cmp"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Grace is how long a caller that has just dialled is given to begin, once the server stops.
const Grace = 300 * time.Millisecond

// Deaf is how long a caller may take to take a piece of its answer, some kilobytes, before it is hung up on (R-1401). Without it a
// caller who stops reading keeps whoever writes to it for ever: a network waits as long as the other side says that it is full.
const Deaf = 30 * time.Second

// Silent knows the open connections on which nothing has been received yet. Its zero value is ready; its
// methods may be called at once from many places.
type Silent struct {
	Deaf time.Duration // [Deaf]

	mu    sync.Mutex
	conns map[*conn]struct{}
}

// Watch gives the listener's connections on, and knows each of them until it speaks or is closed.
func (s *Silent) Watch(l net.Listener) net.Listener { return &listener{Listener: l, silent: s} }

// HangUp closes the connections that are silent still.
func (s *Silent) HangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.over.Store(true)
		_ = c.Conn.Close() // nobody is answered on it: there is nothing to lose
	}
	clear(s.conns)
}

func (s *Silent) add(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conns == nil {
		s.conns = map[*conn]struct{}{}
	}
	s.conns[c] = struct{}{}
}

func (s *Silent) forget(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

type listener struct {
	net.Listener
	silent *Silent
}

func (l *listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err //nolint:wrapcheck // servers tell a closed listener by this very error
	}
	c := &conn{Conn: accepted, silent: l.silent}
	l.silent.add(c)
	return c, nil
}

type conn struct {
	net.Conn
	silent *Silent
	known  atomic.Bool // that it has spoken, or is closed
	over   atomic.Bool // that it was hung up on
}

func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.leave()
	}
	if err != nil && c.over.Load() {
		err = io.EOF // for whoever reads it is as if the caller had gone: nothing went wrong
	}
	return n, err //nolint:wrapcheck // readers compare it with io.EOF
}

// piece is how much a caller has to take in its time. A long answer comes in one write.
const piece = 64 << 10

// Write sends a part of an answer, piece by piece, each in its time.
func (c *conn) Write(b []byte) (sent int, err error) {
	for first := true; first || sent < len(b); first = false {
		if err := c.SetWriteDeadline(time.Now().Add(cmp.Or(c.silent.Deaf, Deaf))); err != nil {
			return sent, err //nolint:wrapcheck // the connection's own word
		}
		n, err := c.Conn.Write(b[sent:min(len(b), sent+piece)])
		sent += n
		if err != nil {
			return sent, err //nolint:wrapcheck // likewise
		}
	}
	return sent, nil
}

func (c *conn) Close() error {
	c.leave()
	return c.Conn.Close() //nolint:wrapcheck // the connection's own word
}

func (c *conn) leave() {
	if c.known.CompareAndSwap(false, true) {
		c.silent.forget(c)
	}
}
