package handlers

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// listen serves the application on a port of its own and gives a connection to it.
func (a *app) listen() net.Conn {
	a.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		a.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(l) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() {
		_ = conn.Close() // the server may have closed it
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := a.Shutdown(ctx); err != nil {
			a.t.Errorf("shut down: %v", err)
		}
		if err := <-ended; err != nil {
			a.t.Errorf("serve: %v", err)
		}
	})
	return conn
}

func TestFarTooMuchIsRefusedBeforeItIsRead(t *testing.T) {
	t.Parallel()
	conn := newApp(t).listen()
	fmt.Fprintf(conn, "POST /webhook/whatsapp HTTP/1.1\r\nHost: x\r\nX-Request-Id: much\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", anyBody+1)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read whole
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 413 || !strings.Contains(string(body), `"code":"too_large"`) || !strings.Contains(string(body), `"requestId":"much"`) {
		t.Errorf("got %d %s (%v)", res.StatusCode, body, err)
	}
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"} {
		if res.Header.Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
}

func TestWhatIsNoHTTPIsAnsweredAndNothingBreaks(t *testing.T) {
	t.Parallel()
	for _, bytes := range []string{
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "GET\r\n\r\n", "POST /webhook/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
		"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Big: " + strings.Repeat("a", 20_000) + "\r\n\r\n",
	} {
		a := newApp(t)
		conn := a.listen()
		fmt.Fprint(conn, bytes+"\r\n\r\n")
		if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil {
			_ = res.Body.Close() // only the status matters
			if res.StatusCode < 400 || res.StatusCode >= 500 {
				t.Errorf("%.20q: got %d", bytes, res.StatusCode)
			}
		}
		if got := a.call("GET", "/healthz", nil).StatusCode; got != 200 {
			t.Errorf("after %.20q: got %d", bytes, got)
		}
	}
}

// A browser dials in advance; whoever stops the program does not wait until such a connection counts as idle.
func TestASilentConnectionDoesNotHoldUpTheEnd(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(l) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()                                               //nolint:errcheck // the server closes it
	res, err := http.Get("http://" + l.Addr().String() + "/healthz") // dialled later: the silent one is accepted
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // only that it came matters
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
	defer cancel()
	if err := a.Shutdown(ctx); err != nil {
		t.Errorf("shut down: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("serve: %v", err)
	}
	if said := a.logs.String(); strings.Contains(said, "request failed") {
		t.Errorf("a request failed that nobody made: %s", said)
	}
}
