package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/internal/testkit"
	"frontdesk/models"
)

func hello(t *testing.T) Message {
	t.Helper()
	m, err := Compile(models.Content{Kind: models.KindText, Text: "hello"}, "+447700900101", "ours")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// serve answers with a handler and gives a client that waits long enough for a busy machine.
func serve(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	return serveWithin(t, 10*time.Second, h)
}

// serveWithin gives a client that waits so long at most.
func serveWithin(t *testing.T, timeout time.Duration, h http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return New(Config{BaseURL: server.URL + "/whatsapp/", PhoneID: "1065", Token: "tok", Timeout: timeout})
}

func TestSend(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "POST" || r.URL.Path != "/whatsapp/v20.0/1065/messages" {
			t.Errorf("got %s %s", r.Method, r.URL.Path)
		}
		if r.Header.Get("Authorization") != "Bearer tok" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("got headers %v", r.Header)
		}
		var m Message
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil || m.Text.Body != "hello" || m.Reference != "ours" || m.To != "447700900101" {
			t.Errorf("got %+v, error %v", m, err)
		}
		fmt.Fprint(w, `{"messaging_product":"whatsapp","contacts":[{"input":"447700900101","wa_id":"447700900101"}],"messages":[{"id":"wamid.X"}]}`)
	})
	id, err := c.Send(context.Background(), hello(t))
	if err != nil || id != "wamid.X" {
		t.Errorf("got %q, error %v", id, err)
	}
}

func TestWhatAnAnswerLeavesToDo(t *testing.T) {
	meta := func(code int) string {
		return fmt.Sprintf(`{"error":{"message":"(#%d)","type":"OAuthException","code":%d,"error_data":{"messaging_product":"whatsapp","details":"not to Ana Ortiz"},"fbtrace_id":"T"}}`, code, code)
	}
	for _, c := range []struct {
		name   string
		status int
		body   string
		kind   Kind
		code   int
		after  time.Duration
	}{
		{"window closed", 400, meta(131047), Rejected, 131047, 0},
		{"undeliverable", 400, meta(131026), Rejected, 131026, 0},
		{"template missing", 404, meta(132001), Rejected, 132001, 0},
		{"template values", 400, meta(132000), Rejected, 132000, 0},
		{"bad parameter", 400, meta(100), Rejected, 100, 0},
		{"unsupported type", 400, meta(131051), Rejected, 131051, 0},
		{"a code of tomorrow", 400, meta(999999), Rejected, 999999, 0},
		{"pair rate", 400, meta(131056), Retry, 131056, 6 * time.Second},
		{"throughput", 429, meta(130429), Retry, 130429, 5 * time.Second},
		{"account throughput", 400, meta(80007), Retry, 80007, 5 * time.Second},
		{"spam limit", 400, meta(131048), Retry, 131048, 10 * time.Minute},
		{"token", 401, meta(190), Retry, 190, time.Minute},
		{"billing", 403, meta(131042), Retry, 131042, time.Minute},
		{"account locked", 403, meta(131031), Retry, 131031, time.Minute},
		{"429 of a proxy", 429, "slow down", Retry, 0, 5 * time.Second},
		{"401 of a proxy", 401, "no", Retry, 0, time.Minute},
		{"404 of a proxy", 404, "no such page", Retry, 0, time.Minute},
		{"redirect", 302, "", Retry, 0, time.Minute},
		{"408", 408, "", Uncertain, 0, 0},
		{"400 without a reason", 400, "", Rejected, 0, 0},
		{"500", 500, "oops", Uncertain, 0, 0},
		{"500 with a code", 500, meta(131000), Uncertain, 131000, 0},
		{"503", 503, meta(131016), Uncertain, 131016, 0},
		{"garbage", 200, "<html>", Uncertain, 0, 0},
		{"no id", 200, `{"messages":[]}`, Uncertain, 0, 0},
		{"empty id", 200, `{"messages":[{"id":""}]}`, Uncertain, 0, 0},
		{"nothing", 200, "", Uncertain, 0, 0},
	} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://elsewhere.invalid/")
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
		})
		_, err := client.Send(context.Background(), hello(t))
		var got *Error
		if !errors.As(err, &got) {
			t.Errorf("%s: got %v", c.name, err)
			continue
		}
		if got.Kind != c.kind || got.Code != c.code || got.After != c.after || got.Status != c.status {
			t.Errorf("%s: got %s code %d after %s status %d, want %s %d %s %d", c.name, got.Kind, got.Code, got.After, got.Status, c.kind, c.code, c.after, c.status)
		}
		if strings.Contains(err.Error(), "tok ") || strings.Contains(err.Error(), "447700900101") || strings.Contains(err.Error(), "hello") || strings.Contains(err.Error(), "Ana") {
			t.Errorf("%s: the error tells too much: %v", c.name, err)
		}
	}
}

func TestSilence(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	hang := serveWithin(t, 100*time.Millisecond, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	drop := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	half := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, `{"messages":[{"id":"wam`)
	})
	stopped, stop := context.WithCancel(context.Background())
	stop()
	for _, c := range []struct {
		name string
		on   *Client
		ctx  context.Context
		want Kind
	}{
		{"refused", New(Config{BaseURL: "http://" + address, Timeout: time.Second}), context.Background(), Retry},
		{"no such host", New(Config{BaseURL: "http://nowhere.invalid", Timeout: time.Second}), context.Background(), Retry},
		{"hangs", hang, context.Background(), Uncertain},
		{"connection dropped", drop, context.Background(), Uncertain},
		{"answer breaks off", half, context.Background(), Uncertain},
		{"stopped before the call", hang, stopped, Retry},
	} {
		start := time.Now()
		_, err := c.on.Send(c.ctx, hello(t))
		var got *Error
		if !errors.As(err, &got) || got.Kind != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%s: took %s", c.name, took)
		}
	}
}

func TestBreaker(t *testing.T) {
	var calls, status atomic.Int64
	status.Store(500)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(int(status.Load()))
		fmt.Fprint(w, `{"messages":[{"id":"wamid.X"}]}`)
	}))
	defer server.Close()
	patient := Config{BaseURL: server.URL, PhoneID: "1", Timeout: 10 * time.Second, BreakerFailures: 3, BreakerPause: time.Hour}
	c := New(patient)
	sends := func(times int) (err error) {
		for range times {
			_, err = c.Send(t.Context(), hello(t))
		}
		return err
	}
	var got *Error
	if err := sends(3); !errors.As(err, &got) || got.BreakerOpen {
		t.Fatalf("the third failure: %v", err)
	}
	if err := sends(1); !errors.As(err, &got) || got.Kind != Retry || !got.BreakerOpen || got.After != time.Hour || calls.Load() != 3 {
		t.Errorf("open: got %v after %d calls", err, calls.Load())
	}
	c.Breaker().Forget()
	if err := sends(1); !errors.As(err, &got) || got.BreakerOpen || calls.Load() != 4 {
		t.Errorf("after a reset: got %v after %d calls", err, calls.Load())
	}
	hasty := patient
	hasty.BreakerPause = 50 * time.Millisecond
	c = New(hasty)
	_ = sends(3) // fails, which is the point
	status.Store(200)
	testkit.Eventually(t, time.Minute, "a call is let through after the pause", func() bool { return sends(1) == nil })
	status.Store(400)
	if err := sends(10); !errors.As(err, &got) || got.BreakerOpen {
		t.Errorf("refusals opened the breaker: %v", err)
	}
}
