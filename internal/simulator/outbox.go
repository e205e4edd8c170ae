package simulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"frontdesk/internal/clock"
)

// outboxLimit is how many requests are remembered.
const outboxLimit = 5000

// outbox remembers every request the stand-ins received. Headers are left out: they hold secrets.
type outbox struct {
	clock clock.Clock
	mu    sync.Mutex
	list  []received
}

type received struct {
	At      time.Time       `json:"at"` // machine time
	Service string          `json:"service"`
	Method  string          `json:"method"`
	Path    string          `json:"path"`
	Status  int             `json:"status"` // 0: no answer was given
	Body    json.RawMessage `json:"body"`
}

func (o *outbox) add(r received) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.list) >= outboxLimit {
		o.list = slices.Delete(o.list, 0, outboxLimit/10)
	}
	o.list = append(o.list, r)
}

// newest lists the requests, newest first.
func (o *outbox) newest() []received {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := slices.Clone(o.list)
	slices.Reverse(list)
	return list
}

func (o *outbox) clear() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list = nil
}

// providerBody is the largest request a provider takes, but for media.
const providerBody = 1 << 20

// recorded puts a stand-in behind the outbox and the faults: what is asked of it is written down,
// and a fault that is on answers in its place.
func (s *Server) recorded(service string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, providerBody))
		if err != nil {
			s.outbox.add(received{s.cfg.Clock.Machine(), service, r.Method, r.URL.RequestURI(), http.StatusRequestEntityTooLarge, []byte("null")})
			http.Error(w, "request too large", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		seen := &statusWriter{ResponseWriter: w}
		defer func() {
			s.outbox.add(received{s.cfg.Clock.Machine(), service, r.Method, r.URL.RequestURI(), seen.status, asJSON(body)})
		}()
		if !s.faults.answer(service, seen, r) {
			next.ServeHTTP(seen, r)
		}
	})
}

// asJSON is the body itself when it is JSON, else its text.
func asJSON(body []byte) json.RawMessage {
	switch {
	case len(body) == 0:
		return []byte("null")
	case json.Valid(body):
		return body
	}
	text, err := json.Marshal(strings.ToValidUTF8(string(body), "\uFFFD"))
	if err != nil {
		return []byte("null")
	}
	return text
}

// statusWriter notes the status that was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}
