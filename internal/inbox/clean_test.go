package inbox

import "testing"

func TestPayloadsBecomeWhatPostgresCanHold(t *testing.T) {
	for _, tt := range []struct{ raw, want string }{
		{`{"a": 1.50, "b":"plain"}`, `{"a": 1.50, "b":"plain"}`},
		{`{"a":"x\u0000y","n":12345678901234567890}`, `{"a":"x` + "\ufffd" + `y","n":12345678901234567890}`},
		{`{"a\u0000":["\ud800"]}`, `{"a` + "\ufffd" + `":["` + "\ufffd" + `"]}`},
		{`{"a":"\ud83d\ude00"}`, `{"a":"😀"}`},
		{"{\"a\":\"\xff\"}", `{"a":"` + "\ufffd" + `"}`},
		{`{"a":"\u0000"`, `{"a":"\u0000"`},
	} {
		if got := string(clean([]byte(tt.raw))); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.raw, got, tt.want)
		}
	}
}
