package simulator

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"frontdesk/models"
)

// Bodies of the control interface: what is taken has a phone Meta could name, an id it could give, one thing
// said and a bounded wait; what is refused is the caller's to read, and never our failure.
func FuzzSay(f *testing.F) {
	for _, seed := range []string{
		`{"from":"+447700900101","text":"hi","wait_ms":1}`, `{"from":"0044 (0)7700","button":"x","list":"y"}`, `{"from":"1","text":null}`, `{"from":"8800X000000","text":"hi"}`,
		`{"from":"+34600123456","media":{"type":"image","mime":"image/png","base64":"%%%"}}`, `{"from":"٤٤٧٧٠٠٩٠٠١٠١","text":""}`,
		`{"from":"+447700900101","message_id":"a b","text":"x"}`, `{"from":"+447700900101","media":{"type":"video","base64":"AA=="}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var in sayRequest
		if json.Unmarshal(body, &in) != nil {
			return
		}
		message, err := in.read()
		var refusal *controlError
		if err != nil {
			if !errors.As(err, &refusal) || refusal.status < http.StatusBadRequest || refusal.status == http.StatusInternalServerError {
				t.Fatalf("%s fails with %v", body, err)
			}
			return
		}
		if digits := strings.Trim(message.From, "0123456789"); digits != "" || len(message.From) < minPhone || len(message.From) > maxPhone {
			t.Errorf("%s comes from %q", body, message.From)
		}
		if len(message.MessageID) > maxMessageID || strings.ContainsAny(message.MessageID, " \r\n\x00") || !utf8.ValidString(message.MessageID) {
			t.Errorf("%s has the id %q", body, message.MessageID)
		}
		if patience, err := waitMillis(in.WaitMS); err == nil && (patience < 0 || patience > longestWait) {
			t.Errorf("%s waits %s", body, patience)
		}
		if again, err := phoneOf(message.From, "from"); err != nil || again != message.From {
			t.Errorf("%q is %q the second time, %v", message.From, again, err)
		}
	})
}

// The pay page is in one of our languages, whatever a browser claims to want.
func FuzzPayPageLanguage(f *testing.F) {
	for _, seed := range []string{"ar-EG,en;q=0.5", "*", "es;q=0", ";q=", strings.Repeat("a-", 500), "x-klingon"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		r, err := http.NewRequest(http.MethodGet, "/pay/cs_test_1", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", accept)
		if got := pageLanguage(session{Locale: "auto"}, r); got != models.English && got != models.Spanish && got != models.Arabic {
			t.Errorf("%q is answered in %q", accept, got)
		}
	})
}
