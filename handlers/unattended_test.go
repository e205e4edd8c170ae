package handlers

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

// onlySession is the one session there is, as the store keeps it.
func (b *tab) onlySession() (name string, stored map[string]any) {
	b.t.Helper()
	ctx := b.t.Context()
	keys, err := b.Redis.Client.Do(ctx, b.Redis.Client.B().Keys().Pattern(b.Redis.Key("session:*")).Build()).AsStrSlice()
	b.must(err)
	if len(keys) != 1 {
		b.t.Fatalf("there are %d sessions", len(keys))
	}
	name = strings.TrimPrefix(keys[0], b.Redis.Key(""))
	raw, err := b.Redis.Get(ctx, name)
	b.must(err)
	b.must(json.Unmarshal(raw, &stored))
	return name, stored
}

// What a browser asks for on its own is no sign of a person: a page left open does not keep its session
// from ending.
func TestOnlyPeopleKeepASession(t *testing.T) {
	t.Parallel()
	b := newSalon(t).tab()
	b.password(b.people[models.RoleOperator], testPassword)
	name, stored := b.onlySession()
	before := time.Now().Add(-10 * time.Minute).UTC().Format(time.RFC3339Nano)
	stored["seen"] = before
	raw, err := json.Marshal(stored)
	b.must(err)
	b.must(b.Redis.Set(t.Context(), name, raw, time.Hour))
	for _, c := range []struct {
		path    string
		headers []string
		status  int
		counts  bool
	}{
		{"/console/diary", []string{"HX-Request: true", "X-Unattended: yes"}, 200, false},
		{"/console/live?topics=none", nil, 403, false}, // the stream comes back by itself every few minutes
		{"/console/diary", []string{"HX-Request: true"}, 200, true},
	} {
		b.send("GET", c.path, nil, c.headers...)
		b.shows(c.status)
		if _, now := b.onlySession(); (now["seen"] != before) != c.counts {
			t.Errorf("%s %v: counts as use: %t", c.path, c.headers, now["seen"] != before)
		}
	}
}

// A stream ends soon after its person may no longer listen.
func TestAStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.beat = 50 * time.Millisecond
	cookie := s.signIn("finance")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.Addr().String()+"/console/live?topics=diary", nil)
	s.must(err)
	req.Header.Set("Cookie", cookie)
	res, err := http.DefaultClient.Do(req)
	s.must(err)
	defer res.Body.Close() //nolint:errcheck // the stream is read to its end
	lines := bufio.NewScanner(res.Body)
	for beats := 0; beats < 2 && lines.Scan(); {
		if lines.Text() == ": still here" {
			beats++
		}
	}
	s.must(s.DB.On(ctx).Exec("UPDATE staff SET disabled_at = now() WHERE email = ?", s.people[models.RoleFinance]).Error)
	for lines.Scan() { // to its end
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream of a disabled person goes on: %v", err)
	}
	s.must(s.Shutdown(ctx))
	s.must(<-served)
}
