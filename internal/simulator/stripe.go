package simulator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"frontdesk/internal/clock"
)

// stripeVersion is the API version of stripe-go v76; events of another one are refused by it (C8).
const stripeVersion = "2023-10-16"

// stripe is one test-mode account. A mutex makes every call one step, as Stripe's own locks do per object.
type stripe struct {
	cfg     Config
	url     string
	clock   clock.Clock
	courier *courier
	journal *journal

	mu       sync.Mutex
	sessions map[string]*session
	intents  map[string]*intent
	refunds  map[string]*refund
	events   []*event
	answers  map[string]answer // by idempotency key
}

func newStripe(cfg Config, url string, c *courier, j *journal) *stripe {
	a := &stripe{cfg: cfg, url: url, clock: cfg.Clock, courier: c, journal: j}
	a.empty()
	return a
}

func (a *stripe) empty() {
	a.sessions, a.intents, a.refunds = map[string]*session{}, map[string]*intent{}, map[string]*refund{}
	a.events, a.answers = nil, map[string]answer{}
}

// forget makes it an account where nothing ever happened.
func (a *stripe) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.empty()
}

func (a *stripe) restore(j *journal) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, err := range []error{
		each(j, keptSession, func(id string, s session) { a.sessions[id] = &s }),
		each(j, keptIntent, func(id string, i intent) { a.intents[id] = &i }),
		each(j, keptRefund, func(id string, r refund) { a.refunds[id] = &r }),
		each(j, keptEvent, func(_ string, e event) { a.events = append(a.events, &e) }),
		each(j, keptAnswer, func(key string, given answer) { a.answers[key] = given }),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *stripe) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /stripe/v1/checkout/sessions", a.write(a.createSession))
	mux.HandleFunc("GET /stripe/v1/checkout/sessions/{id}", a.read(a.showSession))
	mux.HandleFunc("POST /stripe/v1/checkout/sessions/{id}/expire", a.write(a.expireSession))
	mux.HandleFunc("GET /stripe/v1/payment_intents/{id}", a.read(a.showIntent))
	mux.HandleFunc("GET /stripe/v1/charges", a.read(a.listCharges))
	mux.HandleFunc("GET /stripe/v1/balance", a.read(func(call) (object, *stripeError) {
		return object{"object": "balance", "available": []any{}, "pending": []any{}, "livemode": false}, nil
	}))
	mux.HandleFunc("POST /stripe/v1/refunds", a.write(a.createRefund))
	mux.HandleFunc("GET /stripe/v1/refunds", a.read(a.listRefunds))
	mux.HandleFunc("GET /stripe/v1/refunds/{id}", a.read(a.showRefund))
	mux.HandleFunc("GET /stripe/v1/events", a.read(a.listEvents))
	mux.HandleFunc("GET /stripe/v1/events/{id}", a.read(a.showEvent))
	mux.HandleFunc("/stripe/", func(w http.ResponseWriter, r *http.Request) {
		refuse(http.StatusNotFound, "", "", fmt.Sprintf("Unrecognized request URL (%s: %s). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can help at https://support.stripe.com/.", r.Method, strings.TrimPrefix(r.URL.Path, "/stripe"))).write(w)
	})
	return mux
}

// object is a Stripe object on the wire.
type object map[string]any

// absent names fields that are there and null.
func (o object) absent(names string) {
	for _, name := range strings.Fields(names) {
		o[name] = nil
	}
}

// call is one request: the form or the query, and the id in the path.
type call struct {
	id   string
	form url.Values
}

type endpoint func(call) (object, *stripeError)

// read serves a GET.
func (a *stripe) read(do endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		refusal := a.authorize(r)
		var found object
		if refusal == nil {
			a.mu.Lock()
			found, refusal = do(call{r.PathValue("id"), r.URL.Query()})
			a.mu.Unlock()
		}
		w.Header().Set("Request-Id", randomID("req_", 14))
		if refusal != nil {
			refusal.write(w)
			return
		}
		writeJSON(w, http.StatusOK, found)
	}
}

// answer is what a POST with an idempotency key was answered (C3).
type answer struct {
	Fingerprint string          `json:"fingerprint"`
	Status      int             `json:"status"`
	Body        json.RawMessage `json:"body"`
}

const maxIdempotencyKey = 255

// write serves a POST: once per idempotency key, with the same parameters only.
func (a *stripe) write(do endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Request-Id", randomID("req_", 14))
		form, refusal := a.readForm(r)
		if refusal != nil {
			refusal.write(w)
			return
		}
		key := r.Header.Get("Idempotency-Key")
		if len(key) > maxIdempotencyKey {
			refuse(http.StatusBadRequest, "", "", "Idempotency keys may be at most 255 characters long.").write(w)
			return
		}
		sum := sha256.Sum256([]byte(r.URL.Path + "\n" + form.Encode()))
		fingerprint := hex.EncodeToString(sum[:])
		a.mu.Lock()
		defer a.mu.Unlock()
		if given, ok := a.answers[key]; ok && key != "" {
			a.replay(w, key, given, fingerprint)
			return
		}
		result, refusal := do(call{r.PathValue("id"), form})
		if refusal != nil {
			refusal.write(w) // a request that failed validation is not kept
			return
		}
		a.keepAnswer(key, fingerprint, result)
		writeJSON(w, http.StatusOK, result)
	}
}

func (a *stripe) replay(w http.ResponseWriter, key string, given answer, fingerprint string) {
	w.Header().Set("Idempotency-Key", key)
	if given.Fingerprint != fingerprint {
		e := refuse(http.StatusBadRequest, "", "", fmt.Sprintf("Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '%s' if you meant to execute a different request.", key))
		e.kind = "idempotency_error"
		e.write(w)
		return
	}
	w.Header().Set("Idempotent-Replayed", "true")
	writeJSON(w, given.Status, given.Body)
}

func (a *stripe) keepAnswer(key, fingerprint string, result object) {
	if key == "" {
		return
	}
	raw, err := json.Marshal(result)
	if err != nil {
		a.cfg.Log.Error("an idempotent answer was not kept", "err", err)
		return
	}
	given := answer{fingerprint, http.StatusOK, raw}
	a.answers[key] = given
	a.keep(keptAnswer, key, given)
}

// keep writes a change into the journal; what cannot be kept is still true until we stop.
func (a *stripe) keep(kind, id string, value any) {
	if err := a.journal.put(kind, id, value); err != nil {
		a.cfg.Log.Error("the stand-in's journal failed", "err", err)
	}
}

func (a *stripe) authorize(r *http.Request) *stripeError {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		key, _, ok = r.BasicAuth()
	}
	switch {
	case !ok || key == "":
		return refuse(http.StatusUnauthorized, "", "", "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').")
	case key != a.cfg.StripeKey:
		return refuse(http.StatusUnauthorized, "api_key_invalid", "", "Invalid API Key provided: "+key[:min(8, len(key)/2)]+"****")
	}
	return nil
}

func (a *stripe) readForm(r *http.Request) (url.Values, *stripeError) {
	if refusal := a.authorize(r); refusal != nil {
		return nil, refusal
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "", "", "The request could not be read.")
	}
	form, err := url.ParseQuery(string(raw))
	if kind := r.Header.Get("Content-Type"); err != nil || len(raw) > 0 && !strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
		return nil, refuse(http.StatusBadRequest, "", "", "Invalid request (check that your POST content type is application/x-www-form-urlencoded).")
	}
	return form, nil
}

// stripeError is an error as Stripe words it.
type stripeError struct {
	status  int
	kind    string
	code    string
	param   string
	message string
}

func refuse(status int, code, param, message string) *stripeError {
	return &stripeError{status, "invalid_request_error", code, param, message}
}

func noSuch(thing, id, param string) *stripeError {
	return refuse(http.StatusNotFound, "resource_missing", param, fmt.Sprintf("No such %s: '%s'", thing, id))
}

func (e *stripeError) write(w http.ResponseWriter) {
	inner := map[string]any{"message": e.message, "type": e.kind}
	if e.code != "" {
		inner["code"] = e.code
		inner["doc_url"] = "https://stripe.com/docs/error-codes/" + strings.ReplaceAll(e.code, "_", "-")
	}
	if e.param != "" {
		inner["param"] = e.param
	}
	writeJSON(w, e.status, map[string]any{"error": inner})
}

// watchExpiry closes sessions when business time passes their end, wherever it is moved from.
func (a *stripe) watchExpiry(ctx context.Context) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			a.expireDue()
		}
	}
}
