package simulator

import (
	"net/http"
	"strings"
	"testing"
)

// What cannot be read is refused in words that name the mistake and nothing of the program.
func TestControlBodies(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		path, body string
		status     int
		says       string
	}{
		{"given", `{"scenario":"S04"}` + "\n", http.StatusOK, ""},
		{"given", `{"scenario":"S04","mood":"good"}`, http.StatusOK, ""},
		{"given", `{"scenario":"S04"} {"scenario":"S05"}`, http.StatusBadRequest, "goes on"},
		{"given", `{"scenario":"S04"}x`, http.StatusBadRequest, "goes on"},
		{"given", `{"scenario":4}`, http.StatusBadRequest, "scenario is a number"},
		{"given", `{"scenario":"s04"}`, http.StatusBadRequest, "S18"},
		{"given", `null`, http.StatusBadRequest, "S18"},
		{"given", ``, http.StatusBadRequest, "S18"},
		{"given", `{"scenario":"S99"}`, http.StatusBadRequest, "S18"},
		{"say", `{"from":"+447700900101","text":5}`, http.StatusBadRequest, "text is a number"},
		{"clock", `{"now":"Tuesday"}`, http.StatusBadRequest, "RFC 3339"},
		{"settle", `{"timeout_ms":"5"}`, http.StatusBadRequest, "timeout_ms is a string"},
		{"settle", `{"timeout_ms":1.5}`, http.StatusBadRequest, "timeout_ms is a number 1.5"},
		{"settle", `{"timeout_ms":99999999999999999999}`, http.StatusBadRequest, "timeout_ms is a number"},
		{"clock", `{"now":"2026-10-06T10:00:00"}`, http.StatusBadRequest, "RFC 3339"},
		{"clock", `{"now":"1999-12-31T23:59:59Z"}`, http.StatusBadRequest, "between the years"},
		{"clock", `{"now":"9999-12-31T23:59:59Z"}`, http.StatusBadRequest, "between the years"},
		{"clock", `{"advance":"2540400h"}`, http.StatusBadRequest, "between the years"},
		{"say", `{"from":"+447700900101","media":"cat"}`, http.StatusBadRequest, "media is a string"},
		{"say", `{"from":"+447700900101","text":"` + strings.Repeat("م", maxTyped+1) + `"}`, http.StatusBadRequest, "65536"},
		{"say", `{"from":"+447700900101","text":"` + strings.Repeat("م", maxTyped) + `"}`, http.StatusOK, ""},
		{"say", `{"from":"+447700900101","media":{"type":"image","mime":"image/png","caption":"` + strings.Repeat("x", maxTyped+1) + `"}}`, http.StatusBadRequest, "65536"},
		{"reset", `{"x":1}`, http.StatusOK, ""},
		{"reset", `[]`, http.StatusBadRequest, "JSON object"},
	} {
		status, answer := b.control(c.path, []byte(c.body))
		message, _ := answer["error"].(string)
		if status != c.status || !strings.Contains(message, c.says) || strings.Contains(message, "Go ") || strings.Contains(message, "json:") {
			t.Errorf("%s %.60s: got %d %q, want %d with %q", c.path, c.body, status, message, c.status, c.says)
		}
	}
}
