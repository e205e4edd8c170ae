package whatsapp

import (
	"bytes"
	"encoding/json"
	"strings"
)

// storable is raw JSON as Postgres takes it into a jsonb column. What Postgres refuses although it is
// JSON (NUL characters, halves of surrogate pairs, numbers out of all measure, absurd nesting) is kept
// whole as one JSON string instead.
func storable(raw json.RawMessage) json.RawMessage {
	if !odd(raw) {
		return raw
	}
	quoted, err := json.Marshal(string(raw))
	if err != nil {
		return json.RawMessage(`""`) // a string always encodes
	}
	return quoted
}

const maxNesting = 100

// odd tells whether Postgres might refuse the JSON. It may say so of JSON that is fine.
func odd(raw json.RawMessage) bool {
	if bytes.Contains(raw, []byte(`\u0000`)) || bytes.Contains(bytes.ToLower(raw), []byte(`\ud`)) {
		return true
	}
	tokens := json.NewDecoder(bytes.NewReader(raw))
	tokens.UseNumber()
	for depth := 0; ; {
		token, err := tokens.Token()
		if err != nil {
			return false // the end; raw was checked to be JSON
		}
		switch t := token.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				depth++
			} else {
				depth--
			}
		case json.Number:
			if strings.ContainsAny(t.String(), "eE") || len(t) > 300 {
				return true
			}
		}
		if depth > maxNesting {
			return true
		}
	}
}
