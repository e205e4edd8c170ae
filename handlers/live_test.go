package handlers

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

func TestLiveSpeaksOnlyOfWhatTheRoleMayRead(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	for _, c := range []struct {
		role   models.Role
		topics string
		want   int
	}{
		{"stakeholder", "diary", 403}, {"finance", "conversations", 403}, {"stylist", "conversations", 403},
		{"operator", "", 403}, {"operator", "secrets", 403}, {"operator", "live:diary", 403},
	} {
		if got := s.see(c.role, "/console/live?topics="+c.topics); got.StatusCode != c.want {
			t.Errorf("%s hears %q: got %d, want %d", c.role, c.topics, got.StatusCode, c.want)
		}
	}
}

// Nobody takes all streams; what was closed may be opened again, and others are not kept out.
func TestStreamsOfOnePersonAreBounded(t *testing.T) {
	t.Parallel()
	var s streams
	for range maxStreams {
		if !s.open("staff:1") {
			t.Fatal("refused too early")
		}
	}
	if s.open("staff:1") {
		t.Error("one too many")
	}
	if !s.open("staff:2") {
		t.Error("somebody else is kept out")
	}
	if s.close("staff:1"); !s.open("staff:1") {
		t.Error("a closed one still counts")
	}
}

// A change is heard as the name of its topic and nothing more; topics of others are not heard; the
// stream ends when the server stops.
func TestLiveStream(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	cookie := s.signIn("finance")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.Addr().String()+"/console/live?topics=diary,conversations", nil)
	s.must(err)
	req.Header.Set("Cookie", cookie)
	res, err := http.DefaultClient.Do(req)
	s.must(err)
	defer res.Body.Close() //nolint:errcheck // the stream is read to its end
	if kind := res.Header.Get("Content-Type"); res.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("got %d, %q", res.StatusCode, kind)
	}
	heard := make(chan string, 100)
	go func() {
		defer close(heard)
		for scan := bufio.NewScanner(res.Body); scan.Scan(); {
			if scan.Text() != "" {
				heard <- scan.Text()
			}
		}
	}()
	expect(t, heard, "retry: 1000")
	expect(t, heard, ": connected")
	stop := make(chan struct{})
	go func() { // until the subscription stands nobody hears
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				s.Redis.Changed(context.Background(), redisstore.TopicConversations, "id-1")
				s.Redis.Changed(context.Background(), redisstore.TopicDiary, "id-2")
			}
		}
	}()
	expect(t, heard, "event: diary")
	expect(t, heard, "data: changed")
	close(stop)
	s.must(s.Shutdown(ctx))
	for line := range heard {
		if line != "event: diary" && line != "data: changed" {
			t.Errorf("heard %q", line)
		}
	}
	s.must(<-served)
}

// A panic while a stream is written costs that stream: it is logged without the value, its place is free again and everybody else is
// answered. A stream is written beside its request, where nothing else would catch it.
func TestAPanicCostsOneStream(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.beat = 0 // of which no ticker can be made
	cookie := s.signIn("finance")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	ask := func(path string) (status int, body string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String()+path, nil)
		s.must(err)
		req.Header.Set("Cookie", cookie)
		res, err := http.DefaultClient.Do(req)
		s.must(err)
		defer res.Body.Close() //nolint:errcheck // read to its end
		raw, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(raw)
	}
	for range maxStreams + 1 {
		if status, body := ask("/console/live?topics=diary"); status != 200 || body != "" {
			t.Fatalf("a stream that broke: got %d %q", status, body)
		}
	}
	said := s.logs.String()
	if strings.Count(said, "stream panicked") != maxStreams+1 || !strings.Contains(said, `"panic":"string"`) {
		t.Error("not each is logged, by the kind of its value")
	}
	if strings.Contains(said, "non-positive interval") {
		t.Error("the value is logged")
	}
	if status, _ := ask("/healthz"); status != 200 {
		t.Errorf("a panic cost more than its stream: alive answers %d", status)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	s.must(s.Shutdown(ctx))
	s.must(<-served)
}

func expect(t *testing.T, heard <-chan string, want string) {
	t.Helper()
	select {
	case got, open := <-heard:
		if !open || got != want {
			t.Fatalf("heard %q, want %q", got, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("never heard %q", want)
	}
}
