package simulator

import (
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/models"
)

// keptEntry is an entry of a calendar in the journal.
const keptEntry = "calendar"

// calendars are Google's, version 3, as far as the app asks for them: one for each id under the demo's, and
// the service account's own. Recurring entries are not played.
type calendars struct {
	clock   clock.Clock
	faults  *faults
	journal *journal
	key     *rsa.PublicKey // nil: any assertion is believed
	secret  []byte         // makes the token; the same after a restart, as a provider's would be

	mu      sync.Mutex
	edition int                       // of everything; an ETag is made of it
	held    map[string][]*googleEvent // by calendar
}

// googleEvent is an entry as Google shows it.
type googleEvent struct {
	Kind         string          `json:"kind"`
	ETag         string          `json:"etag"`
	ID           string          `json:"id"`
	Status       string          `json:"status"`
	Updated      string          `json:"updated"`
	Summary      string          `json:"summary,omitempty"`
	Visibility   string          `json:"visibility,omitempty"`
	Transparency string          `json:"transparency,omitempty"`
	EventType    string          `json:"eventType"`
	Start        googleMoment    `json:"start"`
	End          googleMoment    `json:"end"`
	Extended     json.RawMessage `json:"extendedProperties,omitempty"`
}

type googleMoment struct {
	Date     string `json:"date,omitempty"`
	DateTime string `json:"dateTime,omitempty"`
}

type heldEvent struct {
	Calendar string      `json:"calendar"`
	Event    googleEvent `json:"event"`
}

func newCalendars(cfg Config, f *faults, j *journal) *calendars {
	c := &calendars{clock: cfg.Clock, faults: f, journal: j, held: map[string][]*googleEvent{}}
	sum := sha256.Sum256([]byte(cfg.CalendarKey))
	c.secret = sum[:]
	c.key = publicKey(cfg.CalendarKey)
	c.edition = int(cfg.Clock.Machine().UnixMicro()) // grows over restarts, too: a tag is given once
	return c
}

// publicKey is the half of the service account's key that its provider knows.
func publicKey(file string) *rsa.PublicKey {
	raw, err := base64.StdEncoding.DecodeString(file)
	var account struct {
		PrivateKey string `json:"private_key"`
	}
	if err != nil || json.Unmarshal(raw, &account) != nil {
		return nil
	}
	block, _ := pem.Decode([]byte(account.PrivateKey))
	if block == nil {
		return nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if pair, ok := key.(*rsa.PrivateKey); err == nil && ok {
		return &pair.PublicKey
	}
	return nil
}

func (c *calendars) restore(j *journal) error {
	return each(j, keptEntry, func(_ string, kept heldEvent) {
		c.held[kept.Calendar] = append(c.held[kept.Calendar], &kept.Event)
		c.edition++
	})
}

// forget empties every calendar.
func (c *calendars) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = map[string][]*googleEvent{}
	c.edition++
}

func (c *calendars) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /calendar/token", c.token)
	mux.HandleFunc("GET /calendar/v3/calendars/{calendar}/events", c.in(c.list))
	mux.HandleFunc("POST /calendar/v3/calendars/{calendar}/events", c.in(c.insert))
	mux.HandleFunc("GET /calendar/v3/calendars/{calendar}/events/{event}", c.in(c.show))
	mux.HandleFunc("PATCH /calendar/v3/calendars/{calendar}/events/{event}", c.in(c.patch))
	mux.HandleFunc("DELETE /calendar/v3/calendars/{calendar}/events/{event}", c.in(c.remove))
	mux.HandleFunc("/calendar/", func(w http.ResponseWriter, _ *http.Request) { googleRefuses(w, http.StatusNotFound, "notFound") })
	return mux
}

func googleRefuses(w http.ResponseWriter, status int, reason string) {
	message := http.StatusText(status)
	writeJSON(w, status, map[string]any{"error": map[string]any{
		"code": status, "message": message, "errors": []map[string]string{{"domain": "global", "reason": reason, "message": message}},
	}})
}

// token answers a signed assertion with a bearer token (RFC 7523).
func (c *calendars) token(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
		return
	}
	if c.key != nil {
		known := func(*jwt.Token) (any, error) { return c.key, nil }
		_, err := jwt.Parse(r.FormValue("assertion"), known, jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired(), jwt.WithTimeFunc(c.clock.Machine))
		if err != nil {
			writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
			return
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"access_token": c.bearer(), "expires_in": 3599, "token_type": "Bearer"})
}

func (c *calendars) bearer() string {
	mac := hmac.New(sha256.New, c.secret)
	mac.Write([]byte("token"))
	return "ya29." + hex.EncodeToString(mac.Sum(nil))
}

// in lets an authorised call into a calendar that is there, one at a time; twice where requests are
// duplicated on their way, as a proxy that repeats them would.
func (c *calendars) in(serve func(http.ResponseWriter, *http.Request, string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("calendar")
		switch {
		case c.key != nil && r.Header.Get("Authorization") != "Bearer "+c.bearer():
			googleRefuses(w, http.StatusUnauthorized, "authError")
			return
		case id != "primary" && !strings.HasSuffix(id, booking.DemoCalendars):
			googleRefuses(w, http.StatusNotFound, "notFound") // not shared, or not there: nobody is told which
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		body, again := twice(c.faults.of("calendar").mode == "duplicate", r)
		if again != nil {
			serve(discard{http.Header{}}, again, id)
		}
		r.Body = body
		serve(w, r, id)
	}
}

// newGoogleID is an id for an entry that names none, of the letters that ids have.
func newGoogleID() string {
	id := models.NewID()
	return "outside" + hex.EncodeToString(id[:])
}

var googleID = regexp.MustCompile(`^[a-v0-9]{5,1000}$`)

func (c *calendars) find(calendar, id string) *googleEvent {
	i := slices.IndexFunc(c.held[calendar], func(e *googleEvent) bool { return e.ID == id })
	if i < 0 {
		return nil
	}
	return c.held[calendar][i]
}

func (c *calendars) insert(w http.ResponseWriter, r *http.Request, calendar string) {
	e := googleEvent{Kind: "calendar#event", Status: "confirmed", EventType: "default"}
	if json.NewDecoder(r.Body).Decode(&e) != nil || !e.timed() || e.ID != "" && !googleID.MatchString(e.ID) {
		googleRefuses(w, http.StatusBadRequest, "invalid")
		return
	}
	if c.find(calendar, e.ID) != nil { // also under an entry that was deleted
		googleRefuses(w, http.StatusConflict, "duplicate")
		return
	}
	if e.ID == "" {
		e.ID = newGoogleID()
	}
	c.held[calendar] = append(c.held[calendar], &e)
	c.answer(w, calendar, &e)
}

// timed tells whether both ends are given, and in order.
func (e *googleEvent) timed() bool {
	from, errFrom := e.Start.at()
	to, errTo := e.End.at()
	return errFrom == nil && errTo == nil && !to.Before(from)
}

// at is a moment; whole days are taken as UTC's, which is near enough to list them.
func (m googleMoment) at() (time.Time, error) {
	if m.DateTime != "" {
		return time.Parse(time.RFC3339, m.DateTime)
	}
	return time.Parse(time.DateOnly, m.Date)
}

// answer keeps an entry that has changed and shows it.
func (c *calendars) answer(w http.ResponseWriter, calendar string, e *googleEvent) {
	if err := c.keep(calendar, e); err != nil {
		googleRefuses(w, http.StatusInternalServerError, "backendError")
		return
	}
	writeJSON(w, http.StatusOK, e)
}

func (c *calendars) keep(calendar string, e *googleEvent) error {
	c.edition++
	e.ETag, e.Updated = strconv.Quote(strconv.Itoa(c.edition)), c.clock.Now().UTC().Format(time.RFC3339)
	return c.journal.put(keptEntry, calendar+" "+e.ID, heldEvent{calendar, *e})
}

func (c *calendars) show(w http.ResponseWriter, r *http.Request, calendar string) {
	e := c.find(calendar, r.PathValue("event"))
	if e == nil {
		googleRefuses(w, http.StatusNotFound, "notFound")
		return
	}
	writeJSON(w, http.StatusOK, e)
}

// patch changes what the body names; naming a status brings a deleted entry back.
func (c *calendars) patch(w http.ResponseWriter, r *http.Request, calendar string) {
	e := c.find(calendar, r.PathValue("event"))
	if e == nil {
		googleRefuses(w, http.StatusNotFound, "notFound")
		return
	}
	next := *e
	if json.NewDecoder(r.Body).Decode(&next) != nil || !next.timed() || next.ID != e.ID {
		googleRefuses(w, http.StatusBadRequest, "invalid")
		return
	}
	*e = next
	c.answer(w, calendar, e)
}

func (c *calendars) remove(w http.ResponseWriter, r *http.Request, calendar string) {
	e := c.find(calendar, r.PathValue("event"))
	switch {
	case e == nil:
		googleRefuses(w, http.StatusNotFound, "notFound")
		return
	case e.Status == "cancelled":
		googleRefuses(w, http.StatusGone, "deleted")
		return
	}
	e.Status = "cancelled"
	if err := c.keep(calendar, e); err != nil {
		googleRefuses(w, http.StatusInternalServerError, "backendError")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

var errNoPage = errors.New("no such page")

// list shows what touches the span, a page at a time. The order is nobody's promise: a fault turns it round.
func (c *calendars) list(w http.ResponseWriter, r *http.Request, calendar string) {
	q := r.URL.Query()
	tag := strconv.Quote(fmt.Sprintf("p%d-%08x", c.edition, crc32.ChecksumIEEE([]byte(r.URL.RawQuery))))
	from, to, size, offset, err := pageOf(q.Get("timeMin"), q.Get("timeMax"), q.Get("maxResults"), q.Get("pageToken"))
	if err != nil {
		googleRefuses(w, http.StatusBadRequest, "invalid")
		return
	}
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	var found []*googleEvent
	for _, e := range c.held[calendar] {
		begins, _ := e.Start.at() // judged when it was taken
		ends, _ := e.End.at()
		if e.Status != "cancelled" && (to.IsZero() || begins.Before(to)) && ends.After(from) {
			found = append(found, e)
		}
	}
	if c.faults.of("calendar").mode == "reorder" {
		slices.Reverse(found)
	}
	page := map[string]any{"kind": "calendar#events", "etag": tag, "summary": calendar, "items": found[min(offset, len(found)):min(offset+size, len(found))]}
	if offset+size < len(found) {
		page["nextPageToken"] = strconv.Itoa(offset + size)
	}
	w.Header().Set("ETag", tag)
	writeJSON(w, http.StatusOK, page)
}

func pageOf(timeMin, timeMax, maxResults, token string) (from, to time.Time, size, offset int, err error) {
	size = 250
	for raw, into := range map[string]*time.Time{timeMin: &from, timeMax: &to} {
		if raw == "" {
			continue
		}
		if *into, err = time.Parse(time.RFC3339, raw); err != nil {
			return from, to, 0, 0, err
		}
	}
	for _, n := range []struct {
		raw  string
		into *int
	}{{maxResults, &size}, {token, &offset}} {
		if n.raw == "" {
			continue
		}
		if *n.into, err = strconv.Atoi(n.raw); err != nil || *n.into < 0 {
			return from, to, 0, 0, errNoPage
		}
	}
	return from, to, min(max(size, 1), 2500), offset, nil
}
