package harness

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Phase says on which side of a commit something happens.
type Phase string

// Before: the commit has not reached the server and never will. After: the server has committed and
// the program does not know.
const (
	Before Phase = "before"
	After  Phase = "after"
)

// Proxy stands between a process and Postgres and counts the transactions the process commits, so
// that a test can end it at any of them without a hook in the product.
type Proxy struct {
	*trap
	upstream string
	listener net.Listener
}

// trap is a count of commits and what happens at one of them; proxies of several processes share one.
type trap struct {
	mu     sync.Mutex
	armed  bool
	count  int
	at     int
	phase  Phase
	strike func(by *Proxy)
}

// StartProxy listens on loopback until the test ends.
func StartProxy(t testing.TB) *Proxy {
	t.Helper()
	return startProxy(t, &trap{})
}

// Beside starts a proxy for another process. Both count together: a commit is the nth of either.
func (p *Proxy) Beside(t testing.TB) *Proxy {
	t.Helper()
	return startProxy(t, p.trap)
}

func startProxy(t testing.TB, shared *trap) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: l, trap: shared}
	t.Cleanup(func() { _ = l.Close() })
	go p.accept()
	return p
}

// Through is a database URL that leads through the proxy to the given one.
func (p *Proxy) Through(database string) string {
	u, err := url.Parse(database)
	if err != nil {
		return database
	}
	p.upstream, u.Host = u.Host, p.listener.Addr().String()
	return u.String()
}

// Arm counts commits from here on and calls strike at the nth, on the given side of it, with the proxy
// it came through. No other commit passes before strike returns.
func (t *trap) Arm(n int, phase Phase, strike func(by *Proxy)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.armed, t.count, t.at, t.phase, t.strike = true, 0, n, phase, strike
}

// Disarm stops counting; no strike follows. It tells whether one had happened.
func (t *trap) Disarm() (struck bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	struck = t.at > 0 && t.count >= t.at
	t.armed = false
	return struck
}

// Seen is how many commits were counted.
func (t *trap) Seen() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count
}

// passes counts a commit at its phase and strikes when it is the one; false: do not let it through.
func (p *Proxy) passes(phase Phase) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.armed || phase != p.phase {
		return true
	}
	p.count++
	if p.count != p.at {
		return true
	}
	p.armed = false
	p.strike(p)
	return false
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return // closed with the test
		}
		go p.serve(client)
	}
}

func (p *Proxy) serve(client net.Conn) {
	defer client.Close() //nolint:errcheck // either side may be gone
	server, err := net.Dial("tcp", p.upstream)
	if err != nil {
		return
	}
	defer server.Close() //nolint:errcheck // either side may be gone
	done := make(chan struct{}, 2)
	go func() { p.toServer(client, server); done <- struct{}{} }()
	go func() { p.toClient(server, client); done <- struct{}{} }()
	<-done
}

// toServer passes the program's messages on; the first has no type byte.
func (p *Proxy) toServer(from io.Reader, to io.Writer) {
	in := bufio.NewReader(from)
	if _, err := pass(in, to, false); err != nil {
		return
	}
	for {
		head, err := in.Peek(5)
		if err != nil {
			return
		}
		if head[0] == 'Q' {
			size := int(binary.BigEndian.Uint32(head[1:5]))
			whole, err := in.Peek(min(size+1, 64))
			if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
				return
			}
			if strings.HasPrefix(strings.ToLower(string(whole[5:])), "commit") && !p.passes(Before) {
				return
			}
		}
		if _, err := pass(in, to, true); err != nil {
			return
		}
	}
}

// toClient passes the server's answers on and sees what it committed.
func (p *Proxy) toClient(from io.Reader, to io.Writer) {
	in := bufio.NewReader(from)
	for {
		head, err := in.Peek(5)
		if err != nil {
			return
		}
		if head[0] == 'C' {
			whole, err := in.Peek(min(int(binary.BigEndian.Uint32(head[1:5]))+1, 64))
			if err != nil {
				return
			}
			if strings.HasPrefix(string(whole[5:]), "COMMIT") && !p.passes(After) {
				return
			}
		}
		if _, err := pass(in, to, true); err != nil {
			return
		}
	}
}

// pass copies one message.
func pass(in *bufio.Reader, to io.Writer, typed bool) (int64, error) {
	skip := 0
	if typed {
		skip = 1
	}
	head, err := in.Peek(skip + 4)
	if err != nil {
		return 0, err
	}
	size := int64(binary.BigEndian.Uint32(head[skip:])) + int64(skip)
	return io.CopyN(to, in, size)
}
