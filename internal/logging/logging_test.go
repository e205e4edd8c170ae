package logging

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// line logs once and gives back what was written.
func line(t *testing.T, log func(*slog.Logger)) string {
	t.Helper()
	var out bytes.Buffer
	log(New(&out, slog.LevelDebug))
	if !json.Valid(out.Bytes()) {
		t.Fatalf("not JSON: %s", out.String())
	}
	return out.String()
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		}
		return -1
	}, s)
}

func TestNoPhoneSlipsThrough(t *testing.T) {
	shapes := []string{
		"+447700900101", "447700900101", "00447700900101", "+44 7700 900101", "+44 (0)7700 900 101", "+44-7700-900-101",
		"+34 600 12 34 56", "600123456", "600 123 456", "+966.50.123.4567", "(0)7700-900101", "+٤٤٧٧٠٠٩٠٠١٠١", "٠٠٩٦٦٥٠١٢٣٤٥٦٧",
		"%2B447700900101", "447700900101@s.whatsapp.net", "whatsapp:+447700900101", "wa447700900101", "+44\u00a07700\u00a0900101",
	}
	type contact struct {
		Phone string
		Other string
		Deep  map[string][]string
	}
	for _, phone := range shapes {
		logged := line(t, func(l *slog.Logger) {
			l = l.With("fixed", phone).WithGroup("outer").With("where", "to "+phone)
			l.Info("message from "+phone+" arrived",
				"who", phone, slog.Group("a", slog.Group("b", "c", "x "+phone+" y")),
				"err", fmt.Errorf("send to %s: %w", phone, errors.New("refused "+phone)),
				"list", []string{phone}, "map", map[string]any{phone: phone, "n": []any{phone}},
				"struct", contact{phone, phone, map[string][]string{"k": {phone}}}, "ptr", &contact{Other: phone},
				"url", &url.URL{Scheme: "https", Host: "x.test", RawQuery: "phone=" + phone},
				"json", json.RawMessage(`{"from":"`+phone+`"}`))
		})
		if got, digits := digitsOf(strings.SplitN(logged, `"msg"`, 2)[1]), digitsOf(phone); strings.Contains(got, digits[len(digits)-6:]) {
			t.Errorf("%s slips through: %s", phone, logged)
		}
	}
}

func TestNoNumberAsLongAsAPhoneSlipsThrough(t *testing.T) {
	logged := line(t, func(l *slog.Logger) {
		l.Info("x", "a", 447700900101, "b", uint64(447700900101), "c", float64(447700900101), "d", map[string]int{"n": 447700900101})
	})
	if strings.Contains(logged, "900101") || strings.Contains(logged, "4.477") {
		t.Errorf("a number slips through: %s", logged)
	}
}

func TestNamesTextsAddressesAndSecretsAreHidden(t *testing.T) {
	const canary = "Maya-canary"
	logged := line(t, func(l *slog.Logger) {
		l.Info("x", "name", canary, "ProfileName", canary, "customer_name", canary, "message-text", canary, "body", canary,
			slog.Group("contact", "surname", canary, "raw", []byte(canary)), "payload", map[string]any{"a": canary},
			"nested", map[string]any{"list": []any{map[string]any{"text": canary}}}, "bytes", []byte(canary),
			"auth", "Bearer "+canary, "key", "sk_test_Mayacanary", "hook", "whsec_Mayacanary", "mail", canary+"@example.org",
			"err", errors.New("no account "+canary+"@example.org"), "id", "wamid.TWF5YS1jYW5hcnk=")
	})
	for _, leak := range []string{canary, "Mayacanary", "TWF5YS1jYW5hcnk", "example.org"} {
		if strings.Contains(logged, leak) {
			t.Errorf("%q slips through: %s", leak, logged)
		}
	}
}

func TestWhatHelpsStays(t *testing.T) {
	at := time.Date(2026, 10, 9, 12, 30, 0, 0, time.UTC)
	id := "01234567-0123-7123-8123-012345678901"
	logged := line(t, func(l *slog.Logger) {
		ctx := With(WithRequest(context.Background(), id), slog.Int("attempt", 3))
		l.InfoContext(ctx, "listening on 127.0.0.1:8080", "row", id, "at", at, "due", at.Format(time.RFC3339), "count", 12345, "took", 1500*time.Millisecond,
			"day", "2026-10-09", "kind", "notify.flush", "app_name", "frontdesk")
	})
	for _, want := range []string{
		`"request_id":"` + id, `"row":"` + id, `"attempt":3`, "127.0.0.1:8080", `"due":"2026-10-09T12:30:00Z"`, `"at":"2026-10-09T12:30:00Z"`,
		`"count":12345`, `"day":"2026-10-09"`, `"kind":"notify.flush"`, `"app_name":"frontdesk"`,
	} {
		if !strings.Contains(logged, want) {
			t.Errorf("%s is missing in %s", want, logged)
		}
	}
}

// What is let through without looking for what must not be shown is what looking for it would have let through.
func FuzzPlainTextsHoldNothing(f *testing.F) {
	for _, s := range []string{"request", "/cart/items/:itemId", "Bearer abc", "BEARER  x", "wamid.abc", "sk_test_x", "a@b.c", "a%40b.c", "abcdefab-abcd-abcd-abcd-abcdefabcdef", "٠٠٩٦٦٥٠١٢٣٤٥"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !plain(s) && !isUUID(s) {
			return
		}
		for _, found := range shapes.FindAllString(s, -1) {
			if !uuid.MatchString(found) {
				t.Errorf("%q holds %q", s, found)
			}
		}
	})
}

// Names that need no cutting are judged as if they had been cut.
func FuzzNamesAreJudgedByTheirLastWord(f *testing.F) {
	for _, key := range []string{"name", "profile_name", "app_name", "request_id", "_name", "name_", "app__name", "ProfileName", "", "_", "to", "route"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		words := splitWords(key)
		want := len(words) > 0 && !public[strings.Join(words, "_")] && slices.Contains(private, words[len(words)-1])
		if got := isPrivate(key); got != want {
			t.Errorf("%q is private: %t, want %t", key, got, want)
		}
	})
}
