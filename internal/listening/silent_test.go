package listening_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"frontdesk/internal/listening"
)

// Who has dialled and said nothing is hung up on; whose request is being answered gets the answer.
func TestAServerStopsInSpiteOfSilentCallers(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var silent listening.Silent
	answering, goOn := make(chan struct{}), make(chan struct{})
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(answering)
		<-goOn
		_, _ = io.WriteString(w, "whole") // read below
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(silent.Watch(l)) }()

	quiet, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer quiet.Close() //nolint:errcheck // the server has closed it
	answers := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			answers <- err.Error()
			return
		}
		defer res.Body.Close() //nolint:errcheck // read whole
		body, err := io.ReadAll(res.Body)
		if err != nil {
			answers <- err.Error()
			return
		}
		answers <- string(body)
	}()
	<-answering

	stopped := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		stopped <- server.Shutdown(ctx)
	}()
	if err := <-served; err != http.ErrServerClosed { //nolint:errorlint // as documented
		t.Fatal(err)
	}
	silent.HangUp()
	if _, err := quiet.Read(make([]byte, 1)); err != io.EOF { //nolint:errorlint // the connection's own word
		t.Errorf("a silent connection gave %v, not its end", err)
	}
	close(goOn)
	if got := <-answers; got != "whole" {
		t.Errorf("who was being answered got %q", got)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stopped with %v", err)
	}
}

// Who asks and never reads the answer is hung up on; whoever was writing it goes on to somebody else. A caller who takes it slowly, but
// takes it, gets all of it.
func TestNobodyHoldsUpWhoeverAnswersThem(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const pieces, piece = 4096, 16 << 10 // more than a network takes in unread
	deaf := listening.Silent{Deaf: 500 * time.Millisecond}
	answered := make(chan error, 2)
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for range pieces {
			if _, err = w.Write(make([]byte, piece)); err != nil {
				break
			}
		}
		answered <- err
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(deaf.Watch(l)) }()
	t.Cleanup(func() { _ = server.Close(); <-served })

	ask := func() net.Conn {
		c, err := net.Dial("tcp", l.Addr().String())
		if err == nil {
			_, err = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	ask()
	select {
	case err := <-answered:
		if err == nil {
			t.Fatal("all of it was written though nobody read it: it is too short to tell")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("whoever answers waits for a caller who does not read")
	}
	n, err := io.Copy(io.Discard, ask())
	if written := <-answered; err != nil || written != nil || n < pieces*piece {
		t.Errorf("a caller who reads got %d bytes, %v; its answer ended with %v", n, err, written)
	}
}

// Who takes longer for a whole answer than anybody may for a piece of it, and takes it all the while, gets all of it, also when it was
// written in one go.
func TestASlowCallerGetsALongAnswer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const whole, sip = 32 << 20, 1 << 20
	deaf := listening.Silent{Deaf: 500 * time.Millisecond}
	answered := make(chan error, 1)
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, err := w.Write(make([]byte, whole))
		answered <- err
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(deaf.Watch(l)) }()
	t.Cleanup(func() { _ = server.Close(); <-served })
	c, err := net.Dial("tcp", l.Addr().String())
	if err == nil {
		_, err = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // read whole
	pace := time.NewTicker(50 * time.Millisecond)
	defer pace.Stop()
	var got int64
	for err == nil {
		<-pace.C
		var n int64
		n, err = io.CopyN(io.Discard, c, sip)
		got += n
	}
	if written := <-answered; err != io.EOF || written != nil || got < whole { //nolint:errorlint // the connection's own word
		t.Errorf("a caller who reads slowly got %d bytes, %v; its answer ended with %v", got, err, written)
	}
}
