package handlers

import (
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/models"
)

// limited throttles everybody, to a few requests a minute.
func limited(perMinute int) func(*Settings, *Rooms) {
	return func(set *Settings, _ *Rooms) { set.Limits = Limits{PerMinute: perMinute, Refused: 10} }
}

// waits tells whether an answer is a 429 that says when to come back, within a minute.
func waits(got answer) bool {
	after, err := strconv.Atoi(got.Header.Get("Retry-After"))
	return got.StatusCode == http.StatusTooManyRequests && err == nil && after > 0 && after <= 60
}

// one too many is told so, as a page, a fragment or JSON, in the caller's language, and
// when to come back.
func TestOneTooManyIsToldInTheirLanguage(t *testing.T) {
	t.Parallel()
	a := newApp(t, limited(3))
	for i := range 3 {
		if got := a.call("GET", "/privacy", nil); got.StatusCode != http.StatusOK {
			t.Fatalf("request %d: got %d", i+1, got.StatusCode)
		}
	}
	for _, tt := range []struct {
		path, headers, want string
	}{
		{"/privacy", "Accept: application/json", `"code":"rate_limited"`},
		{"/privacy", "Accept: text/html", `<html lang="en"`},
		{"/privacy?lang=es", "Accept: text/html", "Demasiados intentos"},
		{"/?lang=ar", "Accept: text/html", `lang="ar" dir="rtl"`},
		{"/console/login", "HX-Request: true", "Too many attempts"},
		{"/session/token", "Accept: application/json", `"code":"rate_limited"`},
	} {
		method, body := "GET", []byte(nil)
		if tt.path == "/session/token" {
			method, body = "POST", []byte(`{}`)
		}
		got := a.call(method, tt.path, body, tt.headers, typeJSON)
		if !waits(got) || !strings.Contains(got.body, tt.want) {
			t.Errorf("%s %s: got %d %.200s, want 429 with %s", tt.path, tt.headers, got.StatusCode, got.body, tt.want)
		}
	}
	if got := a.call("GET", "/console/login", nil, "HX-Request: true"); strings.Contains(got.body, "<html") {
		t.Error("a fragment became a page")
	}
}

// what leads nowhere counts as what leads somewhere does.
func TestWhatLeadsNowhereIsCounted(t *testing.T) {
	t.Parallel()
	a := newApp(t, limited(3))
	for _, tt := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/nowhere", http.StatusNotFound}, {"POST", "/privacy", http.StatusMethodNotAllowed}, {"GET", "/privacy", http.StatusOK},
		{"GET", "/nowhere/else", http.StatusTooManyRequests}, {"POST", "/privacy", http.StatusTooManyRequests}, {"GET", "/privacy", http.StatusTooManyRequests},
	} {
		if got := a.call(tt.method, tt.path, []byte(nil), typeJSON); got.StatusCode != tt.want {
			t.Errorf("%s %s: got %d, want %d", tt.method, tt.path, got.StatusCode, tt.want)
		}
	}
}

// What probes, providers and pages need is not counted, however often it is asked.
func TestProbesProvidersAndFilesAreNotCounted(t *testing.T) {
	t.Parallel()
	a := newApp(t, limited(1))
	for _, path := range []string{"/healthz", "/readyz", "/health", "/db/health", "/queue/health", "/health/metrics", "/metrics", "/static/css/none.css"} {
		for range 3 {
			if got := a.call("GET", path, nil); got.StatusCode == http.StatusTooManyRequests {
				t.Errorf("%s is counted", path)
			}
		}
	}
	check := "/webhook/whatsapp?hub.mode=subscribe&hub.challenge=1&hub.verify_token=" + testVerify
	for i := range 12 {
		body := message("wamid."+strconv.Itoa(i), "447700900101", "hello")
		if got := a.call("POST", "/webhook/whatsapp", body, typeJSON, whatsAppSigned(body)); got.StatusCode != http.StatusOK {
			t.Errorf("a signed message: got %d %s", got.StatusCode, got.body)
		}
		if got := a.call("GET", check, nil); got.StatusCode != http.StatusOK {
			t.Errorf("Meta's check: got %d", got.StatusCode)
		}
	}
}

// the eleventh refused call of an address is a 429, whatever is wrong with it; what is signed
// passes all the while and never counts, even when it cannot be read.
func TestTheEleventhRefusedCallHasToWait(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(set *Settings, _ *Rooms) { set.Limits.Refused = 10 }) // the caller is on the allow-list all the same
	signedCalls := 0
	signed := func() {
		t.Helper()
		for range 20 {
			signedCalls++
			body := message("wamid."+strconv.Itoa(signedCalls), "447700900101", "hello")
			if got := a.call("POST", "/webhook/whatsapp", body, typeJSON, whatsAppSigned(body)); got.StatusCode != http.StatusOK {
				t.Fatalf("signed call %d: got %d %s", signedCalls, got.StatusCode, got.body)
			}
			event := fmt.Appendf(nil, `{"id":"evt_%d","type":"customer.created","data":{"object":{}}}`, signedCalls)
			if got := a.call("POST", "/webhook/stripe", event, typeJSON, stripeSigned(event, time.Now())); got.StatusCode != http.StatusOK {
				t.Fatalf("signed event %d: got %d %s", signedCalls, got.StatusCode, got.body)
			}
		}
		for range 20 {
			if got := a.call("POST", "/webhook/whatsapp", []byte("{"), typeJSON, whatsAppSigned([]byte("{"))); got.StatusCode != http.StatusBadRequest {
				t.Fatalf("signed nonsense: got %d", got.StatusCode)
			}
		}
	}
	refused := []func() answer{
		func() answer { return a.call("POST", "/webhook/whatsapp", message("w", "447700900101", "x"), typeJSON) },
		func() answer { return a.call("POST", "/payments/stripe/webhook", []byte(`{}`), typeJSON) },
		func() answer { return a.call("POST", "/webhook/stripe", make([]byte, webhookBody+1), typeJSON) },
		func() answer { return a.call("GET", "/webhook/whatsapp?hub.mode=subscribe&hub.verify_token=x", nil) },
		func() answer { return a.call("GET", "/console/invitation/nonsense", nil, "Accept: text/html") },
	}
	signed()
	for i := range 10 {
		if got := refused[i%len(refused)](); got.StatusCode == http.StatusTooManyRequests || got.StatusCode < 400 {
			t.Errorf("refused call %d: got %d", i+1, got.StatusCode)
		}
	}
	for i, call := range refused {
		if got := call(); !waits(got) {
			t.Errorf("refused call %d: got %d %.100s, want 429", 11+i, got.StatusCode, got.body)
		}
	}
	if got := refused[0](); got.code(t) != "rate_limited" {
		t.Errorf("got %s", got.body)
	}
	signed()
}

// A person is one client whatever they come with and wherever they are; another is another, and so is the
// page they left open.
func TestClientsAreCountedApart(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	bearer := func(role models.Role) string {
		token, _ := a.call("POST", "/session/token", []byte(`{"email":"`+a.person(role)+`","password":"`+testPassword+`"}`), typeJSON).json(t)["token"].(string)
		return "Authorization: Bearer " + token
	}
	pm, operator := bearer(models.RolePM), bearer(models.RoleOperator)
	a.set.Limits = Limits{PerMinute: 4, Refused: 10}
	ask := func(headers ...string) answer { return a.call("GET", "/console", nil, headers...) }
	for range 4 {
		if got := ask(pm); got.StatusCode != http.StatusOK {
			t.Fatalf("got %d %s", got.StatusCode, got.body)
		}
	}
	if got := ask(pm); !waits(got) {
		t.Errorf("the fifth: got %d", got.StatusCode)
	}
	if got := ask(operator); got.StatusCode != http.StatusOK {
		t.Errorf("a colleague: got %d", got.StatusCode)
	}
	for i := range 9 {
		if got := ask(pm, "X-Unattended: yes"); (got.StatusCode == http.StatusOK) != (i < 8) {
			t.Errorf("what the page asks on its own, %d: got %d", i+1, got.StatusCode)
		}
	}
	if got := a.call("POST", "/console/services/packs/new", nil, pm, "X-Unattended: yes", typeJSON); !waits(got) {
		t.Errorf("an act that claims to be a page: got %d", got.StatusCode)
	}
	for i := range 5 { // nobody's token is counted by address, and so is an anonymous claim to be a page
		if got := ask("Authorization: Bearer nonsense", "X-Unattended: yes"); waits(got) != (i == 4) {
			t.Errorf("a stranger, %d: got %d", i+1, got.StatusCode)
		}
	}
	a.set.Limits.Allow = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/32")}
	for range 6 {
		if got := ask(pm); got.StatusCode != http.StatusOK {
			t.Errorf("on the allow-list: got %d", got.StatusCode)
		}
	}
}

// A stricter bucket ends before the general one and leaves the rest of the console open.
func TestAStricterBucketIsOneWordOnTheRoute(t *testing.T) {
	t.Parallel()
	a := newApp(t, limited(1000))
	reached := func(c *fiber.Ctx) error { return c.SendString("reached") }
	a.mount(Route{get, "/t/returns", anyone().per(returns), reached, ""})
	a.mount(Route{get, "/t/other", anyone(), reached, ""})
	most, _ := returns.strict()
	for i := range most + 1 {
		if got := a.call("GET", "/t/returns", nil); waits(got) != (i == most) {
			t.Fatalf("%d: got %d", i+1, got.StatusCode)
		}
	}
	if got := a.call("GET", "/t/other", nil); got.StatusCode != http.StatusOK {
		t.Errorf("another route: got %d", got.StatusCode)
	}
	for _, r := range a.surface {
		if _, is := r.Access.Bucket.strict(); !is && r.Access.Bucket != "" && r.Access.Bucket != free {
			t.Errorf("%s %s is counted under %q, which has no figure", r.Method, r.Path, r.Access.Bucket)
		}
	}
}

// one limit for every process. Three servers on one Redis, 600 callers, 60 of them at any moment:
// exactly the limit passes.
func TestALimitHoldsAcrossServers(t *testing.T) {
	t.Parallel()
	first := newApp(t, limited(100))
	servers := []*app{first}
	for range 2 {
		next := *first
		next.Server = New(first.set, first.Rooms)
		servers = append(servers, &next)
	}
	var mu sync.Mutex
	got := map[int]int{}
	var all sync.WaitGroup
	gate := make(chan struct{}, 60)
	for i := range 600 {
		all.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			res := servers[i%len(servers)].call("GET", "/payments/thanks", nil, "Accept: text/html")
			mu.Lock()
			defer mu.Unlock()
			got[res.StatusCode]++
		})
	}
	all.Wait()
	if got[http.StatusOK] != 100 || got[http.StatusTooManyRequests] != 500 {
		t.Errorf("got %v, want 100 answers and 500 refusals", got)
	}
}

// Without Redis the door stays open, and limited: this process counts alone.
func TestWithoutRedisAProcessCountsAlone(t *testing.T) {
	t.Parallel()
	a := newApp(t, limited(3))
	a.Redis.Client.Close()
	for i := range 5 {
		if got := a.call("GET", "/privacy", nil); waits(got) != (i >= 3) {
			t.Errorf("request %d: got %d", i+1, got.StatusCode)
		}
	}
	for i := range 12 {
		if got := a.call("POST", "/webhook/whatsapp", []byte("{}"), typeJSON); waits(got) != (i >= 10) {
			t.Errorf("refused call %d: got %d", i+1, got.StatusCode)
		}
	}
	body := message("wamid.1", "447700900101", "hello")
	if got := a.call("POST", "/webhook/whatsapp", body, typeJSON, whatsAppSigned(body)); got.StatusCode != http.StatusOK {
		t.Errorf("a signed message: got %d %s", got.StatusCode, got.body)
	}
}
