package booking

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	outside "frontdesk/internal/calendar"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// provider plays the calendars: their entries as they came, and how they fail.
type provider struct {
	mu     sync.Mutex
	held   map[string]map[string]map[string]any // calendar → id → entry
	calls  []string                             // what was asked, as "create salma" …
	down   bool                                 // 503 to everything
	cut    bool                                 // the first page of a list, and then 503
	closed string                               // a calendar that nobody may read or write
	before func(call string)                    // runs before a call is played, without the lock
}

var testKey = sync.OnceValue(func() outside.Key {
	pair, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return outside.Key{Email: "test@example.com", PrivateKey: string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(pair)}))}
})

// withCalendars opens a salon whose stylists keep calendars.
func withCalendars(t *testing.T, now string) (*salon, *provider) {
	t.Helper()
	s := openSalon(t, now)
	p := &provider{held: map[string]map[string]map[string]any{}}
	server := httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(server.Close)
	s.Diary = s.process(t, server.URL)
	return s, p
}

// process is one more process on the same salon.
func (s *salon) process(t *testing.T, url string) *Diary {
	t.Helper()
	texts, err := i18n.Load()
	s.must(err)
	client := outside.New(outside.Config{BaseURL: url + "/v3", TokenURL: url + "/token", Key: testKey(), PageSize: 2, AtOnce: 50, BreakerFailures: 1000})
	return New(s.db, s.clock, queue.New(s.db), settings.New(s.db, s.clock), testkit.Redis(t), WithCalendars(client, texts))
}

func (p *provider) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/token" {
		p.say(w, 200, map[string]any{"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})
		return
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/v3/calendars/"), "/")
	name, _, _ := strings.Cut(parts[0], "@")
	call := map[string]string{"GET": "read", "POST": "create", "PATCH": "patch", "DELETE": "delete"}[r.Method] + " " + name
	if p.before != nil {
		p.before(call)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, call)
	if p.held[name] == nil {
		p.held[name] = map[string]map[string]any{}
	}
	if p.down || p.cut && r.URL.Query().Get("pageToken") != "" {
		w.WriteHeader(503)
		return
	}
	if name == p.closed {
		p.say(w, 403, map[string]any{"error": map[string]any{"errors": []any{map[string]any{"reason": "forbidden"}}}})
		return
	}
	p.play(w, r, p.held[name], append(parts, "")[2])
}

func (p *provider) play(w http.ResponseWriter, r *http.Request, held map[string]map[string]any, id string) {
	body, _ := io.ReadAll(r.Body)
	e := map[string]any{}
	switch r.Method {
	case http.MethodGet:
		p.list(w, r, held)
		return
	case http.MethodPost:
		_ = json.Unmarshal(body, &e)
		id, _ = e["id"].(string)
		if held[id] != nil {
			p.say(w, 409, nil)
			return
		}
	case http.MethodPatch, http.MethodDelete:
		if e = held[id]; e == nil {
			p.say(w, 404, nil)
			return
		}
		_ = json.Unmarshal(body, &e)
		if r.Method == http.MethodDelete {
			e["status"] = "cancelled"
		}
	}
	held[id] = e
	if r.Method == http.MethodDelete {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	p.say(w, 200, e)
}

func (p *provider) list(w http.ResponseWriter, r *http.Request, held map[string]map[string]any) {
	var ids []string
	for id := range held {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var offset int
	fmt.Sscan(r.URL.Query().Get("pageToken"), &offset)
	page := map[string]any{"kind": "calendar#events", "items": []any{}}
	if end := min(offset+2, len(ids)); end < len(ids) {
		page["nextPageToken"], ids = fmt.Sprint(end), ids[:end]
	}
	for _, id := range ids[offset:] {
		page["items"] = append(page["items"].([]any), held[id])
	}
	p.say(w, 200, page)
}

func (p *provider) say(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// written are the further fields of an entry that a salon wrote for a stylist.
func written(stylist models.ID) []any {
	return []any{"extendedProperties", map[string]any{"private": map[string]any{"frontdeskVersion": "1", "frontdeskStylist": stylist.String()}}}
}

// put lets somebody else's entry stand in a calendar.
func (p *provider) put(name, id, title string, from, to time.Time, more ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := map[string]any{
		"id": id, "status": "confirmed", "summary": title,
		"start": map[string]any{"dateTime": from.Format(time.RFC3339)}, "end": map[string]any{"dateTime": to.Format(time.RFC3339)},
	}
	for i := 0; i+1 < len(more); i += 2 {
		e[more[i].(string)] = more[i+1]
	}
	if p.held[name] == nil {
		p.held[name] = map[string]map[string]any{}
	}
	p.held[name][id] = e
}

func (p *provider) fail(down, cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down, p.cut = down, cut
}

// shows lists a calendar's entries that are ours as "status title".
func (p *provider) shows(name string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for id, e := range p.held[name] {
		if strings.HasPrefix(id, "frontdesk") && e["status"] != "cancelled" {
			out = append(out, e["status"].(string)+" "+e["summary"].(string))
		}
	}
	return out
}

func (p *provider) asked(call string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, c := range p.calls {
		if c == call {
			n++
		}
	}
	return n
}

// read asks for every calendar as the sweep and its jobs do; the first failure is returned.
func (s *salon) read(d *Diary) (failed error) {
	s.t.Helper()
	_, err := d.AskCalendars(s.ctx)
	s.must(err)
	for _, stylist := range s.menu.Stylists {
		if err := d.ReadCalendar(s.ctx, stylist.ID); err != nil {
			failed = err
		}
	}
	return failed
}

// offered tells whether a start is offered.
func (s *salon) offered(stylist, wall string) bool {
	s.t.Helper()
	id, at := s.stylist(stylist), s.at(wall)
	minute := at.Hour()*60 + at.Minute()
	day := s.day(wall[:10])
	a, err := s.FindSlots(s.ctx, SlotQuery{
		Minutes: 40, Category: models.Hair, StylistID: &id, From: day, To: day.AddDate(0, 0, 1), At: &minute, NotBefore: &minute, NotAfter: &minute,
	})
	s.must(err)
	return len(a.Slots) > 0
}

func (s *salon) wantShown(p *provider, name string, want ...string) {
	s.t.Helper()
	if got := p.shows(name); !slices.Equal(got, want) {
		s.t.Errorf("%s's calendar shows %q, want %q", name, got, want)
	}
}

func (s *salon) pushes(id models.ID) int {
	s.t.Helper()
	return len(s.jobs(queue.CalendarPush{}.Kind(), "appointment_id", id))
}
