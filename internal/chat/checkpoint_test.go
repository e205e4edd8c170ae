package chat

import (
	"io"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// A turn understands against the live copy; with Redis emptied, behind or away it costs Postgres one
// read more and the conversation goes the same way.
func TestTurnReadsTheCheckpoint(t *testing.T) {
	t.Parallel()
	play := func(t *testing.T, meddle func(*house, models.ID)) string {
		t.Helper()
		s := openHouse(t, "2026-10-06 10:00")
		s.returning("Maya", "Stone", "en")
		s.free("salma 2026-10-08 11:00-12:00", "bruno 2026-10-08 15:00-16:00")
		s.writes("haircut")
		meddle(s, s.conversation().ID)
		s.writes("thursday")
		meddle(s, s.conversation().ID)
		s.writes("the second one")
		return strings.Join(s.replies(), "\n---\n") + "\n" + s.state()
	}
	want := play(t, func(*house, models.ID) {})
	if !strings.Contains(want, "provisional bruno") {
		t.Fatalf("the story does not end with a hold:\n%s", want)
	}
	first := map[*house][]byte{}
	for name, meddle := range map[string]func(*house, models.ID){
		"emptied": func(s *house, id models.ID) { s.must(s.Redis.Delete(s.ctx, checkpointKey(id))) },
		"broken":  func(s *house, id models.ID) { s.must(s.Redis.Set(s.ctx, checkpointKey(id), []byte("{"), time.Hour)) },
		"behind": func(s *house, id models.ID) {
			if first[s] == nil {
				raw, err := s.Redis.Get(s.ctx, checkpointKey(id))
				s.must(err)
				first[s] = raw
			}
			s.must(s.Redis.Set(s.ctx, checkpointKey(id), first[s], time.Hour))
		},
		"closed": func(s *house, _ models.ID) { s.Redis.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			if got := play(t, meddle); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// What understanding reads comes from the live copy when it is there, else from Postgres, and never
// later than the patience allows.
func TestRemembered(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.writes("haircut")
	conv := s.conversation()
	salon, err := s.salon(s.ctx)
	s.must(err)
	language := func() models.Language {
		t.Helper()
		got, err := s.remembered(s.ctx, salon, conv.ID)
		s.must(err)
		if got.ContactID != conv.ContactID || got.Version != conv.Version || loadState(got.State).Stage != loadState(conv.State).Stage {
			t.Errorf("remembers %+v, want %+v", got, conv)
		}
		return got.Language
	}
	marked := conv
	marked.Language = models.Arabic // to tell the copy from the truth
	s.must(s.writeCheckpoint(s.ctx, marked))
	if got := language(); got != models.Arabic {
		t.Errorf("reads %q with a live copy, want the copy's", got)
	}
	wire := openWire(t)
	own := s.Redis.Key("")
	store, err := redisstore.Open(wire.url)
	s.must(err)
	t.Cleanup(store.Close)
	s.Redis = store.Within(strings.TrimPrefix(own, store.Key("")))
	if got := language(); got != models.Arabic {
		t.Errorf("reads %q through the wire, want the copy's", got)
	}
	wire.silent.Store(true)
	s.patience = redisPatience
	shortest := time.Hour // of several, so that a busy machine is not taken for a wait
	for range 3 {
		begin := time.Now()
		if got := language(); got != models.English {
			t.Errorf("reads %q while Redis is silent, want the truth's", got)
		}
		shortest = min(shortest, time.Since(begin))
	}
	if shortest >= 2*time.Second { // the client's own patience
		t.Errorf("waited %s for a silent Redis", shortest)
	}
}

// wire stands between a client and the test's Redis; when silent it swallows what is sent.
type wire struct {
	url    string
	silent atomic.Bool
}

func openWire(t *testing.T) *wire {
	t.Helper()
	target, err := url.Parse(testkit.RedisURL(t))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() }) // the test is over
	w, redis := &wire{}, target.Host
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", redis)
			if err != nil {
				_ = client.Close() // the client sees it
				continue
			}
			t.Cleanup(func() { _, _ = client.Close(), server.Close() }) // the test is over
			go func() { _, _ = io.Copy(client, server) }()
			go func() { _, _ = io.Copy(hushed{server, w}, client) }()
		}
	}()
	target.Host = listener.Addr().String()
	w.url = target.String()
	return w
}

// hushed writes on while the wire is not silent.
type hushed struct {
	to io.Writer
	w  *wire
}

func (h hushed) Write(b []byte) (int, error) {
	if h.w.silent.Load() {
		return len(b), nil
	}
	return h.to.Write(b)
}
