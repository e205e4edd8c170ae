package metrics

import (
	"strings"
	"testing"
	"time"
)

func TestQuantilesAreNearestRankOverTheLatestSamples(t *testing.T) {
	r := New()
	for i := 1; i <= 100; i++ {
		r.Request("GET", "/x/:id", 200, time.Duration(i)*time.Millisecond)
	}
	r.Request("GET", "/x/:id", 503, 7*time.Millisecond)
	routes, classes := r.Routes()
	want := Route{Key: "GET /x/:id 200", Count: 100, P50: 50, P95: 95, P99: 99, Last: 100}
	if len(routes) != 2 || routes[0] != want {
		t.Errorf("got %+v, want first %+v", routes, want)
	}
	if classes["2xx"] != 100 || classes["5xx"] != 1 {
		t.Errorf("classes: got %v", classes)
	}
	for range kept {
		r.Request("GET", "/x/:id", 200, time.Second)
	}
	routes, _ = r.Routes()
	if routes[0].P50 != 1000 || routes[0].Count != 100+kept {
		t.Errorf("old samples still count: %+v", routes[0])
	}
}

func TestPrometheusText(t *testing.T) {
	r := New()
	r.StripeSignatureFailures.Inc()
	r.Count("messages_failed")
	r.Count("of nobody")
	r.Job("chat.turn", "done")
	r.Request("POST", "/webhook/whatsapp", 200, 3*time.Millisecond)
	r.Jobs(map[string]int{"available": 2})
	text, err := r.Prometheus()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"stripe_signature_failures 1", "messages_failed 1", `jobs_worked_total{kind="chat.turn",outcome="done"} 1`, `jobs{state="available"} 2`,
		`http_request_duration_seconds_count{method="POST",route="/webhook/whatsapp",status="200"} 1`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is missing", want)
		}
	}
}
