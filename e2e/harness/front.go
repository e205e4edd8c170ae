package harness

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"testing"
	"time"
)

// Front stands before the app's processes as a load balancer does: each request goes to the next of
// them, one that does not answer the call is passed over, and a request that a dying process had in
// hand fails.
type Front struct {
	URL string

	mu    sync.Mutex
	addrs []string
	turn  int
}

// frontName is the host of every request as the transport sees it; the connection goes elsewhere.
const frontName = "the-app"

func startFront(t testing.TB) *Front {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &Front{URL: "http://" + l.Addr().String()}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { // the Host header stays: origins and links follow it
			r.Out.URL.Scheme, r.Out.URL.Host = "http", frontName
		},
		// A connection per request, so that each goes to the next process, however few there are.
		Transport:    &http.Transport{DialContext: f.dial, DisableKeepAlives: true},
		ErrorLog:     log.New(io.Discard, "", 0), // answers cut off by a dying process are what it is here for
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	server := &http.Server{Handler: proxy, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }() // ends with the test
	t.Cleanup(func() { _ = server.Close() })
	return f
}

func (f *Front) serve(addr string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.addrs = append(f.addrs, addr)
}

// dial connects to the process whose turn it is, or to the next that listens.
func (f *Front) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	f.mu.Lock()
	addrs, turn := f.addrs, f.turn
	f.turn++
	f.mu.Unlock()
	var d net.Dialer
	var lastErr error = net.ErrClosed
	for i := range addrs {
		conn, err := d.DialContext(ctx, network, addrs[(turn+i)%len(addrs)])
		if err == nil {
			return conn, nil
		}
		lastErr = err
	}
	return nil, lastErr
}
