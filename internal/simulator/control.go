package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"frontdesk/internal/customers"
)

// Bounds of the control interface.
const (
	controlBody = 24 << 20 // a picture in base64 fits
	longestWait = 2 * time.Minute
)

// control is the interface by which people and scripts play customers, payers, faults and time.
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /control/say", played(s, s.say))
	mux.HandleFunc("GET /control/transcript", s.showTranscript)
	mux.HandleFunc("POST /control/pay", played(s, s.pay))
	mux.HandleFunc("POST /control/refund", played(s, s.settleRefund))
	mux.HandleFunc("GET /control/money", s.showMoney)
	mux.HandleFunc("GET /control/phones", s.showPhones)
	mux.HandleFunc("POST /control/clock", played(s, s.moveClock))
	mux.HandleFunc("POST /control/fault", played(s, s.setFault))
	mux.HandleFunc("POST /control/teach", played(s, s.teach))
	mux.HandleFunc("POST /control/calendar", played(s, s.putEntry))
	mux.HandleFunc("GET /control/calendar", s.showCalendar)
	mux.HandleFunc("GET /control/fault", s.showFaults)
	mux.HandleFunc("GET /control/outbox", s.showOutbox)
	mux.HandleFunc("POST /control/settle", played(s, s.settle))
	mux.HandleFunc("POST /control/given", played(s, s.given))
	mux.HandleFunc("GET /control/state", s.showState)
	mux.HandleFunc("GET /control/theatre", s.showTheatre)
	mux.HandleFunc("POST /control/races", played(s, s.runRaces))
	mux.HandleFunc("GET /control/races", s.showRaces)
	mux.HandleFunc("GET /control/races/{run}", s.showRace)
	mux.HandleFunc("POST /control/reset", played(s, s.reset))
	mux.HandleFunc("/control/", func(w http.ResponseWriter, _ *http.Request) {
		answerError(w, &controlError{http.StatusNotFound, "there is no such call, or not with this method"})
	})
	return localOnly(mux)
}

// localOnly refuses what a web page elsewhere could make a browser on this machine do: a foreign
// Origin, or a foreign name that was pointed at loopback.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := r.Header.Get("Origin")
		u, err := url.Parse(from)
		if !loopback(r.Host) || from != "" && (err != nil || !loopback(u.Host)) {
			answerError(w, &controlError{http.StatusForbidden, "the control interface answers to this machine only"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// played reads a call's JSON body, plays it and answers with JSON.
func played[In, Out any](s *Server, play func(context.Context, In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		if err := readBody(http.MaxBytesReader(w, r.Body, controlBody), &in); err != nil {
			answerError(w, err)
			return
		}
		out, err := play(r.Context(), in)
		if err != nil {
			var known *controlError
			if !errors.As(err, &known) {
				s.log.ErrorContext(r.Context(), "control call failed", "path", r.URL.Path, "err", err)
			}
			answerError(w, err)
			return
		}
		writeJSON(w, http.StatusOK, out)
	}
}

// readBody reads the one JSON object a call takes; none is an empty one. Fields that a call does not know
// are left alone, so that scripts of other versions can play.
func readBody(body io.Reader, in any) error {
	dec := json.NewDecoder(body)
	err := dec.Decode(in)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			return badRequest("the body goes on after its JSON object")
		}
		return nil
	}
	var tooLarge *http.MaxBytesError
	var wrong *json.UnmarshalTypeError
	var noTime *time.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.As(err, &tooLarge):
		return &controlError{http.StatusRequestEntityTooLarge, "the body is too large"}
	case errors.As(err, &wrong) && wrong.Field != "":
		return badRequest(wrong.Field + " is a " + wrong.Value + ", which it cannot be")
	case errors.As(err, &noTime):
		return badRequest("a time must be RFC 3339, such as 2026-10-06T10:00:00+02:00")
	default:
		return badRequest("the body is not the JSON object this call takes")
	}
}

// controlError is a failure the caller may read.
type controlError struct {
	status  int
	message string
}

func (e *controlError) Error() string { return e.message }

func badRequest(message string) error { return &controlError{http.StatusBadRequest, message} }

func answerError(w http.ResponseWriter, err error) {
	known := &controlError{http.StatusInternalServerError, "the stand-ins failed; their log says why"}
	errors.As(err, &known)
	writeJSON(w, known.status, map[string]string{"error": known.message})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(body) // the caller may be gone
}

// waitMillis is a caller's patience, bounded.
func waitMillis(ms int) (time.Duration, error) {
	d := time.Duration(ms) * time.Millisecond
	if ms < 0 || d > longestWait {
		return 0, badRequest(fmt.Sprintf("wait_ms must be between 0 and %d", longestWait.Milliseconds()))
	}
	return d, nil
}

// count is how many of the conditions hold.
func count(conditions ...bool) (n int) {
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

// phoneOf reads a phone number of a call. A phone is one person however it is written: "0044…" and
// "+44 (0)…" are the same. A number that nobody can have is taken as it is, so that it can be played.
func phoneOf(raw, field string) (string, error) {
	id := waID(raw)
	for _, written := range []string{raw, id} {
		if whole, err := customers.Normalize(written); err == nil {
			id = waID(whole)
			break
		}
	}
	if len(id) < minPhone || len(id) > maxPhone {
		return "", badRequest(field + " must be a phone number, such as +447700900101")
	}
	return id, nil
}

// showFaults lists the services that misbehave now.
func (s *Server) showFaults(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"faults": s.faults.list()})
}

func (s *Server) showTranscript(w http.ResponseWriter, r *http.Request) {
	phone, err := phoneOf(r.URL.Query().Get("phone"), "phone")
	if err != nil {
		answerError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"messages": s.phones.transcript(phone)})
}

// showOutbox lists what was received, newest first; limit bounds the list for those who ask often.
func (s *Server) showOutbox(w http.ResponseWriter, r *http.Request) {
	list := s.outbox.newest()
	if most := r.URL.Query().Get("limit"); most != "" {
		n, err := strconv.Atoi(most)
		if err != nil || n < 0 {
			answerError(w, badRequest("limit must be a whole number"))
			return
		}
		list = list[:min(n, len(list))]
	}
	if list == nil {
		list = []received{}
	}
	writeJSON(w, http.StatusOK, map[string]any{"requests": list})
}
