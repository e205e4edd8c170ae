package inbox

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxNesting is how deep a payload may be; providers stay below twenty.
const maxNesting = 100

// clean is a payload as Postgres takes it into a jsonb column. What JSON allows and Postgres refuses is
// replaced: NUL characters, halves of surrogate pairs and broken UTF-8 by the replacement character,
// numbers out of all measure and absurdly deep parts by strings. Everything else stays as it was sent.
func clean(raw json.RawMessage) json.RawMessage {
	if utf8.Valid(raw) && !odd(raw) {
		return raw
	}
	in := json.NewDecoder(bytes.NewReader(raw))
	in.UseNumber()
	var v any
	if err := in.Decode(&v); err != nil {
		return raw // not JSON: the database says so
	}
	out, err := json.Marshal(storable(v, 0))
	if err != nil {
		return raw
	}
	return out
}

// odd tells whether Postgres might refuse the JSON. It may say so of JSON that is fine.
func odd(raw json.RawMessage) bool {
	lower := bytes.ToLower(raw)
	if bytes.Contains(lower, []byte(`\u0000`)) || bytes.Contains(lower, []byte(`\ud`)) {
		return true
	}
	tokens := json.NewDecoder(bytes.NewReader(raw))
	tokens.UseNumber()
	for depth := 0; depth <= maxNesting; {
		token, err := tokens.Token()
		if err != nil {
			return false // the end, or not JSON
		}
		switch t := token.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				depth++
			} else {
				depth--
			}
		case json.Number:
			if !measured(t) {
				return true
			}
		}
	}
	return true
}

func storable(v any, depth int) any {
	switch x := v.(type) {
	case string:
		return strings.ReplaceAll(x, "\x00", "\ufffd")
	case json.Number:
		if !measured(x) {
			return x.String()
		}
	case []any, map[string]any:
		if depth == maxNesting {
			deep, err := json.Marshal(x)
			if err != nil {
				return nil
			}
			return storable(string(deep), depth)
		}
	}
	switch x := v.(type) {
	case []any:
		for i := range x {
			x[i] = storable(x[i], depth+1)
		}
	case map[string]any:
		out := make(map[string]any, len(x))
		for key, value := range x {
			out[strings.ReplaceAll(key, "\x00", "\ufffd")] = storable(value, depth+1)
		}
		return out
	}
	return v
}

// measured tells whether a number has some hundred digits at most, its exponent written out.
func measured(n json.Number) bool {
	_, exponent, has := strings.Cut(strings.ToLower(n.String()), "e")
	if !has {
		return len(n) <= 400
	}
	e, err := strconv.Atoi(exponent)
	return err == nil && e >= -400 && e <= 400 && len(n) <= 400
}
