package handlers

import (
	"net"
	"net/netip"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// What a caller claims in X-Forwarded-For must not give them a fresh login limit.
func TestTheCallerIsTheLastHopThatIsNotOurs(t *testing.T) {
	t.Parallel()
	s := &Server{set: Settings{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::1/128")}}}
	for _, c := range []struct {
		name, from string
		forwarded  []string
		want       string
	}{
		{"no proxy", "203.0.113.9", nil, "203.0.113.9"},
		{"a claim without a proxy", "203.0.113.9", []string{"198.51.100.1"}, "203.0.113.9"},
		{"our proxy", "10.0.0.2", []string{"203.0.113.9"}, "203.0.113.9"},
		{"a claim before our proxy's word", "10.0.0.2", []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9"},
		{"a claim in a line of its own", "10.0.0.2", []string{"198.51.100.1", "203.0.113.9"}, "203.0.113.9"},
		{"two of our proxies", "10.0.0.2", []string{"198.51.100.1,203.0.113.9, 10.0.0.3"}, "203.0.113.9"},
		{"only ours", "10.0.0.2", []string{"10.0.0.3"}, "10.0.0.3"},
		{"nothing said", "10.0.0.2", nil, "10.0.0.2"},
		{"no address", "10.0.0.2", []string{"198.51.100.1, unknown"}, "10.0.0.2"},
		{"IPv6", "fd00::1", []string{"2001:db8::7"}, "2001:db8::7"},
		{"IPv4 in IPv6", "::ffff:10.0.0.2", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
	} {
		var raw fasthttp.RequestCtx
		raw.SetRemoteAddr(&net.TCPAddr{IP: net.ParseIP(c.from)})
		for _, line := range c.forwarded {
			raw.Request.Header.Add(fiber.HeaderXForwardedFor, line)
		}
		app := fiber.New()
		ctx := app.AcquireCtx(&raw)
		if got := s.caller(ctx); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		app.ReleaseCtx(ctx)
	}
}
