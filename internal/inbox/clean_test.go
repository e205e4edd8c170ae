package inbox

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"frontdesk/models"
)

func TestPayloadsBecomeWhatPostgresCanHold(t *testing.T) {
	for _, tt := range []struct{ raw, want string }{
		{`{"a": 1.50, "b":"plain"}`, `{"a": 1.50, "b":"plain"}`},
		{`{"a":"x\u0000y","n":12345678901234567890}`, `{"a":"x` + "\ufffd" + `y","n":12345678901234567890}`},
		{`{"a\u0000":["\ud800"]}`, `{"a` + "\ufffd" + `":["` + "\ufffd" + `"]}`},
		{`{"a":"\ud83d\ude00"}`, `{"a":"😀"}`},
		{"{\"a\":\"\xff\"}", `{"a":"` + "\ufffd" + `"}`},
		{`{"a":1e999999,"b":1e9}`, `{"a":"1e999999","b":1e9}`},
		{`{"a":1e9, "b":-0.5E-3}`, `{"a":1e9, "b":-0.5E-3}`},
		{`{"a":"\u0000"`, `{"a":"\u0000"`},
	} {
		if got := string(clean([]byte(tt.raw))); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.raw, got, tt.want)
		}
	}
}

// Whatever is JSON is stored: nothing signed may be refused for ever.
func TestOddPayloadsAreAccepted(t *testing.T) {
	b, db := open(t)
	for name, raw := range map[string]string{
		"nul":    `{"a":"\u0000"}`,
		"pair":   `{"a":"\uDC00\uD83D"}`,
		"number": `{"a":-1e-999999999,"b":1E+400}`,
		"deep":   `{"a":` + strings.Repeat(`[`, 9000) + strings.Repeat(`]`, 9000) + `}`,
		"deeper": `{"b":` + strings.Repeat(`{"x":`, 9000) + `"\u0000"` + strings.Repeat(`}`, 9000) + `}`,
		"long":   `{"a":` + strings.Repeat("9", 5000) + `}`,
	} {
		fresh, err := b.Accept(context.Background(), models.ProviderWhatsApp, []Event{{ID: name, Kind: models.EventOther, Payload: []byte(raw)}})
		if err != nil || fresh != 1 {
			t.Errorf("%s: %d fresh, error %v", name, fresh, err)
			continue
		}
		if !json.Valid(row(t, db, name).Payload) {
			t.Errorf("%s: stored payload is no JSON", name)
		}
	}
}
