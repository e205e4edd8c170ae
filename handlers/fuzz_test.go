package handlers

import (
	"encoding/json"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Headers that anybody can write: the answer's id is one a log can hold, the language is one of ours, and
// whoever is no proxy of ours is who the connection says, whatever the request claims.
func FuzzHeaders(f *testing.F) {
	f.Add("req-1.A_b", "ar-SA, en;q=0.5", "203.0.113.9, 10.0.0.7", true)
	f.Add("a\r\nb", "*", "::ffff:10.0.0.8", true)
	f.Add(strings.Repeat("x", 65), ",;,", "198.51.100.1,unknown", false)
	f.Add("", "ES-419;q=0", "fe80::1%eth0, 10.0.0.1", true)
	shape := regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	proxies := netip.MustParsePrefix("10.0.0.0/8")
	s := &Server{set: Settings{TrustedProxies: []netip.Prefix{proxies}}}
	app := fiber.New()
	f.Fuzz(func(t *testing.T, id, language, forwarded string, behindProxy bool) {
		peer := netip.MustParseAddr("192.0.2.1")
		if behindProxy {
			peer = netip.MustParseAddr("10.0.0.1")
		}
		var raw fasthttp.RequestCtx
		raw.Request.Header.Set(headerRequestID, id)
		raw.Request.Header.Set(fiber.HeaderAcceptLanguage, language)
		raw.Request.Header.Set(fiber.HeaderXForwardedFor, forwarded)
		raw.SetRemoteAddr(&net.TCPAddr{IP: peer.AsSlice(), Port: 4711})
		c := app.AcquireCtx(&raw)
		defer app.ReleaseCtx(c)

		if got := requestID(c); !shape.MatchString(got) {
			t.Errorf("request id %q of %q", got, id)
		}
		if got := s.language(c); !slices.Contains(models.Languages(), got) {
			t.Errorf("language %q of %q", got, language)
		}
		got, err := netip.ParseAddr(s.caller(c))
		switch {
		case err != nil:
			t.Errorf("caller of %q is no address: %v", forwarded, err)
		case !behindProxy && got != peer:
			t.Errorf("%q made %s of %s", forwarded, got, peer)
		case got != got.Unmap():
			t.Errorf("%s is an address in disguise", got)
		}
	})
}

// Bodies of programs: what is read is JSON and nothing but one value, and as a form it holds what was sent.
func FuzzJSONBody(f *testing.F) {
	for _, seed := range []string{`{"email":"a@b","n":[1,2]}`, `{} {}`, `{}}`, `{"a":1}]`, `{"a":null}`, `[1]`, `{"a":"\ud800"}`, "\ufeff{}", `{"a":1e999}`} {
		f.Add([]byte(seed))
	}
	app := fiber.New()
	f.Fuzz(func(t *testing.T, body []byte) {
		var raw fasthttp.RequestCtx
		raw.Request.SetBody(body)
		c := app.AcquireCtx(&raw)
		defer app.ReleaseCtx(c)
		var in map[string]any
		if err := readJSON(c, &in); err == nil && len(body) > 0 && !json.Valid(body) {
			t.Errorf("%q is read as JSON", body)
		}
		values, ok := jsonValues(body)
		if ok && !json.Valid(body) {
			t.Errorf("%q is read as a form", body)
		}
		for name, list := range values {
			if _, sent := in[name]; !sent || slices.Contains(list, "") {
				t.Errorf("%q has %q: %q", body, name, list)
			}
		}
	})
}

// Amounts: what is taken is written again by the same digits, and never more than what was typed.
func FuzzMoney(f *testing.F) {
	for _, seed := range []string{"26", "26.2", "26,20", "0.05", "٢٦٫٥", "1.000", "-1", "1e3", "99999999999", " 7 ", "0007", "1,2,3", ".5", "5."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		minor, ok := minorUnits(western(text))
		if !ok {
			return
		}
		if minor < 0 || minor > 1<<31 {
			t.Fatalf("%q is %d", text, minor)
		}
		written := i18n.Amount(minor)
		if again, ok := minorUnits(written); !ok || again != minor {
			t.Errorf("%q is %d, written %s, which is %d", text, minor, written, again)
		}
		whole, _, _ := strings.Cut(strings.ReplaceAll(western(text), ",", "."), ".")
		if typed, _, _ := strings.Cut(written, "."); strings.TrimLeft(whole, "0") != strings.TrimLeft(typed, "0") {
			t.Errorf("%q is written %s", text, written)
		}
	})
}

// Cursors: ours come back as they were, and what is read is bounded and comes back too.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"WyI5Il0", "W10", "bnVsbA", "%00", "WyJhIiwiYiJd", strings.Repeat("A", 2000)} {
		f.Add(seed, "2026-10-09T08:00:00Z", "\xff")
	}
	f.Fuzz(func(t *testing.T, text, at, id string) {
		if utf8.ValidString(at) && utf8.ValidString(id) && len(at)+len(id) < 100 {
			if got := readCursor(cursor([]string{at, id})); !slices.Equal(got, []string{at, id}) {
				t.Errorf("%q, %q comes back as %q", at, id, got)
			}
		}
		parts := readCursor(text)
		if parts == nil {
			return
		}
		if len(parts) > 5 || len(strings.Join(parts, "")) > maxCursor {
			t.Errorf("%q has %d parts", text, len(parts))
		}
		if again := readCursor(cursor(parts)); !slices.Equal(again, parts) && len(cursor(parts)) <= maxCursor {
			t.Errorf("%q reads %q, then %q", text, parts, again)
		}
	})
}

// Where somebody is led after signing in lies in the console.
func FuzzInside(f *testing.F) {
	for _, seed := range []string{"/console/diary?day=2026-10-09", "//evil.example", "/\\evil.example", "https://evil.example", "/console/../../x", "/console\t", "javascript:alert(1)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, next string) {
		to := inside(next)
		if !strings.HasPrefix(to, "/console") || strings.ContainsAny(to, "\\\r\n") {
			t.Errorf("%q leads to %q", next, to)
		}
	})
}
