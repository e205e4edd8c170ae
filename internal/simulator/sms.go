package simulator

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"frontdesk/models"
)

// Numbers that play what happens to a message on its way. Every other number receives at once.
const (
	smsNeverTold = "+447700900298" // the network takes it and never says that it arrived
	smsFails     = "+447700900299" // it does not arrive
)

// sms is the HTTP gateway: JSON, a bearer key, an idempotency key that is taken once.
type sms struct {
	key string

	mu    sync.Mutex
	byKey map[string]text   // Idempotency-Key → what came with it
	to    map[string]string // id → number
}

// text is a message that was taken, and what it was asked to be.
type text struct {
	id    string
	asked smsBody
}

type smsBody struct{ From, To, Text, Encoding string }

func newSMS(cfg Config) *sms {
	return &sms{key: cfg.SMSKey, byKey: map[string]text{}, to: map[string]string{}}
}

func (s *sms) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sms/messages", s.send)
	mux.HandleFunc("GET /sms/messages/{id}", s.status)
	mux.HandleFunc("GET /sms/balance", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"balance": 42.5, "currency": "EUR"})
	})
	mux.HandleFunc("/sms/", func(w http.ResponseWriter, _ *http.Request) { smsRefuses(w, http.StatusNotFound, "not_found") })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.key != "" && r.Header.Get("Authorization") != "Bearer "+s.key {
			smsRefuses(w, http.StatusUnauthorized, "unauthorized")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func smsRefuses(w http.ResponseWriter, status int, code string) {
	writeJSON(w, status, map[string]any{"error": map[string]string{"code": code, "message": strings.ReplaceAll(code, "_", " ")}})
}

var smsNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

func (s *sms) send(w http.ResponseWriter, r *http.Request) {
	var m smsBody
	key := r.Header.Get("Idempotency-Key")
	switch err := json.NewDecoder(r.Body).Decode(&m); {
	case err != nil:
		smsRefuses(w, http.StatusBadRequest, "malformed")
	case m.From == "":
		smsRefuses(w, http.StatusUnprocessableEntity, "invalid_sender")
	case !smsNumber.MatchString(m.To):
		smsRefuses(w, http.StatusUnprocessableEntity, "invalid_number")
	case m.Text == "" || m.Encoding != "gsm7" && m.Encoding != "ucs2" || m.Encoding == "gsm7" && !inGSM(m.Text):
		smsRefuses(w, http.StatusUnprocessableEntity, "invalid_text")
	case key == "":
		smsRefuses(w, http.StatusBadRequest, "idempotency_key_missing")
	default:
		id, same := s.take(key, m)
		if !same {
			smsRefuses(w, http.StatusUnprocessableEntity, "idempotency_key_reused")
			return
		}
		writeJSON(w, http.StatusAccepted, map[string]string{"id": id, "status": "accepted"})
	}
}

// inGSM tells whether a text travels in GSM's alphabet, roughly: letters of other scripts never do.
func inGSM(text string) bool {
	for _, r := range text {
		if r > 0x20AC || r > 0xFF && r < 0x393 {
			return false
		}
	}
	return true
}

// take keeps a message once per key and tells its id; false when the key came with another message before.
func (s *sms) take(key string, m smsBody) (id string, same bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, again := s.byKey[key]
	if !again {
		known = text{"sms_" + models.NewID().String(), m}
		s.byKey[key], s.to[known.id] = known, m.To
	}
	return known.id, known.asked == m
}

func (s *sms) status(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.mu.Lock()
	to, known := s.to[id]
	s.mu.Unlock()
	answer := map[string]string{"id": id, "status": "delivered"}
	switch {
	case !known:
		smsRefuses(w, http.StatusNotFound, "not_found")
		return
	case to == smsNeverTold:
		answer["status"] = "accepted"
	case to == smsFails:
		answer["status"], answer["error_code"] = "failed", "absent_subscriber"
	}
	writeJSON(w, http.StatusOK, answer)
}
