package simulator

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/outage"
)

// slowBy is how long a slow provider takes.
const slowBy = 3 * time.Second

// faultModes are the ways a stand-in can misbehave. down, hang, 429, 500 and garbage answer in the
// provider's place and nothing is done; slow does it late; duplicate and reorder change how webhooks
// are delivered. Webhooks keep flowing whatever the mode, so that customers can still be heard.
var faultModes = []string{"ok", "down", "slow", "hang", "429", "500", "garbage", "duplicate", "reorder"}

// standIns are the services that exist here; servers the real ones whose outages we play.
var (
	standIns = []string{"whatsapp", "chatwoot", "stripe", "mail", "sms", "claude", "calendar", "feed"}
	servers  = []string{string(outage.Postgres), string(outage.Redis)}
)

// faults are the modes that are on.
type faults struct {
	clock   clock.Clock
	outages outage.Board
	mu      sync.Mutex
	on      map[string]fault // by stand-in
}

type fault struct {
	mode    string
	until   time.Time     // machine time; zero: until changed
	changed chan struct{} // closed when the mode ends early
}

func newFaults(c clock.Clock, outages outage.Board) *faults {
	return &faults{clock: c, outages: outages, on: map[string]fault{}}
}

// set puts a service into a mode, for a time when that is not zero.
func (f *faults) set(service, mode string, last time.Duration) error {
	if !slices.Contains(faultModes, mode) {
		return badRequest("mode must be one of " + strings.Join(faultModes, ", "))
	}
	if slices.Contains(servers, service) {
		return f.setOutage(outage.Service(service), mode, last)
	}
	if (service == "mail" || service == "sms" || service == "feed") && (mode == "duplicate" || mode == "reorder") {
		return badRequest(fmt.Sprintf("%s has no meaning for %s: it delivers nothing to the app", mode, service))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if old, ok := f.on[service]; ok {
		close(old.changed)
		delete(f.on, service)
	}
	if mode == "ok" {
		return nil
	}
	next := fault{mode: mode, changed: make(chan struct{})}
	if last > 0 {
		next.until = f.clock.Machine().Add(last)
	}
	f.on[service] = next
	return nil
}

// setOutage lets Postgres or Redis be away for the whole stack, the stand-ins excepted.
func (f *faults) setOutage(service outage.Service, mode string, last time.Duration) error {
	switch {
	case mode == "ok":
		return f.outages.End(service)
	case !slices.Contains(outage.Modes(), outage.Mode(mode)):
		return badRequest(fmt.Sprintf("%s has no meaning for %s: it delivers nothing of its own", mode, service))
	}
	var until time.Time
	if last > 0 {
		until = f.clock.Machine().Add(last)
	}
	return f.outages.Begin(service, outage.Mode(mode), until)
}

// clear ends every fault.
func (f *faults) clear() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for service, old := range f.on {
		close(old.changed)
		delete(f.on, service)
	}
	return f.outages.End()
}

// of is the fault of a service; mode "" when it is well.
func (f *faults) of(service string) fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, ok := f.on[service]
	if !ok || !now.until.IsZero() && f.clock.Machine().After(now.until) {
		return fault{}
	}
	return now
}

// standing is a fault as the control interface shows it.
type standing struct {
	Service string     `json:"service"`
	Mode    string     `json:"mode"`
	Until   *time.Time `json:"until,omitempty"` // machine time; absent: until changed
}

// list is every fault that is on, by service.
func (f *faults) list() []standing {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, out := f.clock.Machine(), []standing{}
	for _, service := range slices.Sorted(maps.Keys(f.on)) {
		if one := f.on[service]; one.until.IsZero() || !now.After(one.until) {
			out = append(out, standsAs(service, one.mode, one.until))
		}
	}
	for _, service := range servers {
		if mode, until := f.outages.Standing(outage.Service(service)); mode != "" {
			out = append(out, standsAs(service, string(mode), until))
		}
	}
	return out
}

func standsAs(service, mode string, until time.Time) standing {
	if until.IsZero() {
		return standing{Service: service, Mode: mode}
	}
	return standing{Service: service, Mode: mode, Until: &until}
}

// answer plays the fault of a service and tells whether it answered in the service's place.
func (f *faults) answer(service string, w http.ResponseWriter, r *http.Request) bool {
	now := f.of(service)
	switch now.mode {
	case "down":
		panic(http.ErrAbortHandler) // closes the connection without an answer
	case "hang":
		f.wait(r, now, 0)
		panic(http.ErrAbortHandler)
	case "slow":
		f.wait(r, now, slowBy)
		return false
	case "429", "500":
		w.Header().Set("Content-Type", "application/json")
		status := http.StatusTooManyRequests
		if now.mode == "500" {
			status = http.StatusInternalServerError
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, faultBodies[service+now.mode]) // the caller may be gone
		return true
	case "garbage":
		if service == "claude" { // its nonsense is well formed: see claude.input
			return false
		}
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusOK)
		_, _ = fmt.Fprint(w, "<html>\x00{\"id\": \"not what you") // the caller may be gone
		return true
	default:
		return false
	}
}

// wait holds a request until the time is over (0: never), the fault ends or the caller leaves.
func (f *faults) wait(r *http.Request, now fault, d time.Duration) {
	if d == 0 {
		d = 24 * time.Hour
		if !now.until.IsZero() {
			d = now.until.Sub(f.clock.Machine())
		}
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-now.changed:
	case <-r.Context().Done():
	}
}

// faultBodies are what the providers themselves answer.
var faultBodies = map[string]string{
	"whatsapp429": `{"error":{"message":"(#130429) Rate limit hit","type":"OAuthException","code":130429,"error_data":{"messaging_product":"whatsapp","details":"Message failed to send because there were too many messages sent from this phone number in a short period of time"},"fbtrace_id":"AStandInTrace"}}`,
	"whatsapp500": `{"error":{"message":"(#131000) Something went wrong","type":"OAuthException","code":131000,"error_data":{"messaging_product":"whatsapp","details":"Something went wrong"},"fbtrace_id":"AStandInTrace"}}`,
	"chatwoot429": `{"error":"Retry later"}`,
	"chatwoot500": `{"error":"Something went wrong"}`,
	"stripe429":   `{"error":{"code":"rate_limit","doc_url":"https://stripe.com/docs/error-codes/rate-limit","message":"Too many requests hit the API too quickly. We recommend an exponential backoff of your requests.","type":"invalid_request_error"}}`,
	"sms429":      `{"error":{"code":"rate_limited","message":"Too many requests"}}`,
	"sms500":      `{"error":{"code":"internal","message":"Something went wrong"}}`,
	"calendar429": `{"error":{"code":429,"message":"Rate Limit Exceeded","errors":[{"domain":"usageLimits","reason":"rateLimitExceeded","message":"Rate Limit Exceeded"}]}}`,
	"calendar500": `{"error":{"code":500,"message":"Backend Error","errors":[{"domain":"global","reason":"backendError","message":"Backend Error"}]}}`,
	"claude429":   `{"type":"error","error":{"type":"rate_limit_error","message":"Number of requests has exceeded your per-minute rate limit"}}`,
	"claude500":   `{"type":"error","error":{"type":"api_error","message":"Internal server error"}}`,
	"stripe500":   `{"error":{"message":"Sorry! There was an error while talking to one of our backends.","type":"api_error"}}`,
}
