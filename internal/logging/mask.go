package logging

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	hidden       = "[hidden]"
	hiddenPhone  = "[phone]"
	hiddenEmail  = "[email]"
	hiddenSecret = "[secret]"
)

// private are attribute names whose value is personal or secret whatever it looks like. A longer
// name counts when it ends in one of them ("profile_name", "customer_phone").
var private = []string{
	"name", "surname", "phone", "phones", "address", "email", "text", "body", "content", "summary", "trigger",
	"payload", "raw", "password", "secret", "token", "authorization", "cookie", "signature", "from", "to", "sender",
}

// public are attribute names that end like a private one and are not.
var public = map[string]bool{"app_name": true, "file_name": true, "table_name": true}

var (
	// shapes finds what has to be judged. UUIDs, instants and dates come first, because their digits
	// would otherwise read as a phone.
	shapes = regexp.MustCompile(strings.Join([]string{
		`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`,
		`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?`,
		`[\p{L}\d._%+-]+(?:@|%40)[\p{L}\d-]+(?:\.[\p{L}\d-]+)+`,
		`(?:whsec|sk_test|sk_live|rk_test|rk_live|pk_test|pk_live)_[A-Za-z0-9_]+`,
		`(?i:bearer)\s+[A-Za-z0-9._~+/=-]+`,
		`wamid\.[A-Za-z0-9+/=_-]+`, // holds the phone in base64
		`(?:\+|%2[bB])?[(]?\p{Nd}(?:[\s\x{00a0}().\-/\x{2010}-\x{2015}\x{200e}\x{200f}\x{2066}-\x{2069}]{0,3}\p{Nd}){6,}`,
	}, "|"))
	uuid    = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-`)
	instant = regexp.MustCompile(`^\d{4}-\d\d-\d\d(?:$|[T ]\d\d:)`)
)

// maskText removes phones, e-mail addresses and secrets from a text.
func maskText(s string) string {
	if plain(s) || isUUID(s) {
		return s
	}
	return shapes.ReplaceAllStringFunc(s, func(found string) string {
		switch {
		case uuid.MatchString(found), instant.MatchString(found):
			return found
		case strings.Contains(found, "@"), strings.Contains(found, "%40"):
			return hiddenEmail
		case looksLikePhone(found):
			return hiddenPhone
		case startsWithDigit(found):
			return found
		default:
			return hiddenSecret
		}
	})
}

// plain tells that nothing that has to be judged can stand in a text, without looking for it: every shape has a digit or
// one of these signs. Most of what is logged of each request is plain.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= '0' && c <= '9' || c == '@' || c == '%' || c == '_' {
			return false
		}
	}
	lower := strings.ToLower(s)
	return !strings.Contains(lower, "bearer") && !strings.Contains(lower, "wamid.")
}

// isUUID tells that a text is one and nothing else.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// looksLikePhone counts digits: seven are enough behind a plus, a bare number needs nine, so that
// counts, ports and short ids stay readable.
func looksLikePhone(s string) bool {
	if !startsWithDigit(s) {
		return false
	}
	digits := 0
	for _, r := range strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "%2b"), "+") {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "%") {
		return digits >= 7
	}
	return digits >= 9
}

func startsWithDigit(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "%2b"), "+")
	for _, r := range strings.TrimPrefix(s, "(") {
		return unicode.IsDigit(r)
	}
	return false
}

func maskAttr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	if v.Kind() != slog.KindGroup && isPrivate(a.Key) {
		return slog.String(a.Key, hidden)
	}
	return slog.Attr{Key: a.Key, Value: maskValue(v)}
}

func maskValue(v slog.Value) slog.Value {
	switch v.Kind() {
	case slog.KindString:
		return slog.StringValue(maskText(v.String()))
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		return maskNumber(v)
	case slog.KindGroup:
		group := v.Group()
		masked := make([]slog.Attr, len(group))
		for i, a := range group {
			masked[i] = maskAttr(a)
		}
		return slog.GroupValue(masked...)
	case slog.KindAny:
		return slog.AnyValue(maskAny(v.Any()))
	default:
		return v
	}
}

// maskNumber hides a number that is as long as a phone: no count and no id of ours is.
func maskNumber(v slog.Value) slog.Value {
	const shortestPhone = 1_000_000_000
	long := false
	switch v.Kind() {
	case slog.KindInt64:
		long = v.Int64() >= shortestPhone
	case slog.KindUint64:
		long = v.Uint64() >= shortestPhone
	case slog.KindFloat64:
		long = v.Float64() >= shortestPhone
	}
	if long {
		return slog.StringValue(hiddenPhone)
	}
	return v
}

// maskAny masks errors and whatever has fields, at any depth, by way of its JSON.
func maskAny(v any) any {
	switch x := v.(type) {
	case nil:
		return nil
	case time.Time:
		return x
	case error:
		return maskText(x.Error())
	case fmt.Stringer:
		return maskText(x.String())
	case []byte:
		return hidden
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return maskText(fmt.Sprint(v))
	}
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		return hidden
	}
	return maskTree(plain)
}

func maskTree(v any) any {
	switch x := v.(type) {
	case string:
		return maskText(x)
	case float64:
		return maskNumber(slog.Float64Value(x)).Any()
	case []any:
		for i := range x {
			x[i] = maskTree(x[i])
		}
		return x
	case map[string]any:
		masked := make(map[string]any, len(x))
		for key, value := range x {
			if isPrivate(key) {
				masked[key] = hidden
				continue
			}
			masked[maskText(key)] = maskTree(value)
		}
		return masked
	default:
		return v
	}
}

// isPrivate reads "ProfileName", "profile_name" and "profile-name" alike.
func isPrivate(key string) bool {
	if isSnake(key) { // as nearly all are: nothing has to be cut
		return !public[key] && slices.Contains(private, key[strings.LastIndexByte(key, '_')+1:])
	}
	words := splitWords(key)
	if public[strings.Join(words, "_")] || len(words) == 0 {
		return false
	}
	return slices.Contains(private, words[len(words)-1])
}

// isSnake tells that a key is small letters, with single underscores between words.
func isSnake(key string) bool {
	before := byte('_')
	for i := range len(key) {
		c := key[i]
		if (c < 'a' || c > 'z') && (c != '_' || before == '_') {
			return false
		}
		before = c
	}
	return before != '_'
}

func splitWords(key string) []string {
	var b strings.Builder
	var before rune
	for _, r := range key {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == ' ' })
}
