package inbox

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// clean is a payload as Postgres takes it into a jsonb column. NUL characters, halves of surrogate
// pairs and broken UTF-8, which JSON allows and Postgres refuses, become the replacement character;
// everything else stays as it was sent.
func clean(raw json.RawMessage) json.RawMessage {
	lower := bytes.ToLower(raw)
	if utf8.Valid(raw) && !bytes.Contains(lower, []byte(`\u0000`)) && !bytes.Contains(lower, []byte(`\ud`)) {
		return raw
	}
	in := json.NewDecoder(bytes.NewReader(raw))
	in.UseNumber()
	var v any
	if err := in.Decode(&v); err != nil {
		return raw // not JSON: the database says so
	}
	out, err := json.Marshal(withoutNUL(v))
	if err != nil {
		return raw
	}
	return out
}

func withoutNUL(v any) any {
	switch x := v.(type) {
	case string:
		return strings.ReplaceAll(x, "\x00", "\ufffd")
	case []any:
		for i := range x {
			x[i] = withoutNUL(x[i])
		}
		return x
	case map[string]any:
		out := make(map[string]any, len(x))
		for key, value := range x {
			out[strings.ReplaceAll(key, "\x00", "\ufffd")] = withoutNUL(value)
		}
		return out
	default:
		return v
	}
}
