package handlers

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/ops"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
)

// Failures in a row close a service off: the room, the log and Today say so, the next answer opens it again (R-1209, R-1403).
func TestProvidersRoom(t *testing.T) {
	t.Parallel()
	breaker := redisstore.NewBreaker("whatsapp", redisstore.BreakerTerms{Failures: 2, Pause: time.Millisecond})
	s := newSalon(t, func(_ *Settings, r *Rooms) { r.Watch = ops.New(r.DB, r.Audit, r.Redis, r.Log, breaker) })
	cookie := "Cookie: " + s.signIn("operator")
	read := func(path string) string {
		return s.call("GET", path, nil, cookie, "Accept: text/html").doc(t).Find("main").Text()
	}
	if text := read(alertsPath); !strings.Contains(text, "WhatsApp") || !strings.Contains(text, "None seen yet") || strings.Contains(text, "Does not answer") {
		t.Errorf("before anything happened: %s", text)
	}
	fails := func(err error) error {
		_, err = redisstore.Call(context.Background(), breaker, func(error) string { return "http_503" }, func() (struct{}, error) { return struct{}{}, err })
		return err
	}
	for range 2 {
		_ = fails(errors.New("overloaded")) // which is the point
	}
	if text := read(alertsPath); !strings.Contains(text, "Does not answer") || !strings.Contains(text, "http_503") || !strings.Contains(text, "Does not answer any more") {
		t.Errorf("after two failures: %s", text)
	}
	if text := read("/console"); !strings.Contains(text, "Services that do not answer") || !strings.Contains(text, "messages to customers wait") {
		t.Errorf("Today: %s", text)
	}
	testkit.Eventually(t, 10*time.Second, "the provider is asked again", func() bool { return fails(nil) == nil })
	if text := read(alertsPath); strings.Contains(text, "Asked again") || !strings.Contains(text, "Answers again") {
		t.Errorf("after an answer: %s", text)
	}
	if n := s.count("audit_log WHERE subject_kind = 'provider' AND subject_id = 'whatsapp' AND actor = 'system'"); n != 2 {
		t.Errorf("%d entries, want one that it went and one that it came back", n)
	}
}

// Staff stop calls with a reason and let them through again; each once, each written down.
func TestStaffStopAProvider(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	act := func(what, reason string) answer {
		return s.post("operator", alertsPath+"/stripe/"+what, url.Values{"reason": {reason}})
	}
	if got := act("trip", ""); got.StatusCode != 422 {
		t.Errorf("without a reason: %d", got.StatusCode)
	}
	if got := act("trip", "refunds come twice"); got.StatusCode != 303 {
		t.Fatalf("stop: %d %s", got.StatusCode, got.body)
	}
	if got := act("trip", "again"); got.StatusCode != 422 || !strings.Contains(got.body, "stopped already") {
		t.Errorf("stopped twice: %d", got.StatusCode)
	}
	p, err := s.Watch.Provider(context.Background(), "stripe")
	if err != nil || p.State != redisstore.BreakerTripped || !strings.HasPrefix(p.Actor, "staff:") {
		t.Errorf("got %+v, %v", p, err)
	}
	text := s.see("operator", alertsPath).doc(t).Find("main").Text()
	if !strings.Contains(text, "Stopped by staff") || !strings.Contains(text, "refunds come twice") {
		t.Errorf("the room: %s", text)
	}
	if got := act("release", "repaired"); got.StatusCode != 303 {
		t.Fatalf("release: %d", got.StatusCode)
	}
	if n := s.count("audit_log WHERE subject_kind = 'provider' AND subject_id = 'stripe' AND actor LIKE 'staff:%'"); n != 2 {
		t.Errorf("%d entries of staff, want 2", n)
	}
	if got := s.see("operator", alertsPath+"/nobody/trip"); got.StatusCode != 404 {
		t.Errorf("an unknown service: %d", got.StatusCode)
	}
	if got := s.see("finance", alertsPath+"/stripe/trip"); got.StatusCode != 403 {
		t.Errorf("finance may stop Stripe: %d", got.StatusCode)
	}
}
