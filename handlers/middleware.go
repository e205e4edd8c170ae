package handlers

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// observe answers a failed request here, so that its true status is logged and counted, then notes
// one line and one sample. The line holds the route's pattern: a path may carry ids or phones.
func (s *Server) observe(c *fiber.Ctx) error {
	start := s.Clock.Machine()
	if err := c.Next(); err != nil {
		if err := s.answerError(c, err); err != nil {
			return err
		}
	}
	took := s.Clock.Machine().Sub(start)
	route, status := s.pattern(c), c.Response().StatusCode()
	s.Metrics.Request(c.Method(), route, status, took)
	level := slog.LevelInfo
	if quiet(route) && status < fiber.StatusInternalServerError {
		level = slog.LevelDebug
	}
	s.Log.LogAttrs(c.UserContext(), level, "request", slog.String("method", c.Method()), slog.String("route", route),
		slog.Int("status", status), slog.Float64("ms", float64(took.Microseconds())/1000))
	return nil
}

// pattern is the route that answered; unknown paths share one label, or anybody could make labels.
func (s *Server) pattern(c *fiber.Ctx) string {
	r := c.Route()
	if len(r.Handlers) == 0 { // refused before routing: Fiber names the raw path
		return "unknown"
	}
	if r.Path != "/" || c.Path() == "/" {
		return r.Path
	}
	return "unknown"
}

// knownMethods answers methods HTTP does not know like every other failure; Fiber has words of its own.
func (s *Server) knownMethods(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(r *fasthttp.RequestCtx) {
		if slices.Contains(fiber.DefaultMethods, string(r.Method())) {
			next(r)
			return
		}
		c := s.app.AcquireCtx(r)
		defer s.app.ReleaseCtx(c)
		if err := s.answerError(c, fiber.ErrMethodNotAllowed); err != nil {
			s.Log.ErrorContext(c.UserContext(), "answer an unknown method", "err", err)
		}
	}
}

// quiet are routes that probes call all day.
func quiet(route string) bool {
	return slices.Contains([]string{"/healthz", "/readyz", "/metrics", "/health", "/db/health", "/queue/health", "/health/metrics"}, route) || strings.HasPrefix(route, "/static/")
}

// protect lets a panic cost one request and nothing else.
func (s *Server) protect(c *fiber.Ctx) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %s\n%s", thrown(v), debug.Stack())
		}
	}()
	return c.Next()
}

// thrown describes what a panic threw. Only the runtime's own words are repeated: any other value may
// hold what somebody wrote.
func thrown(v any) string {
	if err, ok := v.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", v)
}

// headers sets what browsers enforce for us. Scripts and styles come from this program only; frames
// and forms stay at home; no other site reads or embeds an answer; nothing is kept.
func (s *Server) headers(c *fiber.Ctx) error {
	s.setHeaders(c)
	return c.Next()
}

func (s *Server) setHeaders(c *fiber.Ctx) {
	for _, h := range s.enforced {
		c.Response().Header.SetCanonical(h.name, h.value)
	}
}

// header is one as it is sent. Its name is in canonical form.
type header struct{ name, value []byte }

// enforced are the headers that every answer has, written out once.
func enforced(production bool) []header {
	all := [][2]string{
		{fiber.HeaderContentSecurityPolicy, strings.Join([]string{
			"default-src 'none'", "object-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "media-src 'self'", "font-src 'self'", "connect-src 'self'",
			"manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
		}, "; ")},
		{fiber.HeaderXContentTypeOptions, "nosniff"},
		{fiber.HeaderXFrameOptions, "DENY"},
		{fiber.HeaderReferrerPolicy, "same-origin"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), browsing-topics=()"},
		{fiber.HeaderCacheControl, "no-store"}, // what may be kept says so itself
	}
	if production {
		all = append(all, [2]string{fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains"})
	}
	out := make([]header, len(all))
	for i, h := range all {
		out[i] = header{[]byte(http.CanonicalHeaderKey(h[0])), []byte(h[1])}
	}
	return out
}

// cors answers listed origins; any other gets no header and no error.
func (s *Server) cors(c *fiber.Ctx) error {
	origin := c.Get(fiber.HeaderOrigin)
	c.Vary(fiber.HeaderOrigin)
	if origin == "" || !slices.Contains(s.set.CORSOrigins, origin) {
		return c.Next()
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, origin)
	c.Set(fiber.HeaderAccessControlAllowCredentials, "true")
	c.Set(fiber.HeaderAccessControlExposeHeaders, "X-Request-Id, Retry-After, X-Session-Token, ETag")
	if c.Method() != fiber.MethodOptions || c.Get(fiber.HeaderAccessControlRequestMethod) == "" {
		return c.Next()
	}
	c.Set(fiber.HeaderAccessControlAllowMethods, "GET, POST, PATCH, PUT, DELETE")
	c.Set(fiber.HeaderAccessControlAllowHeaders, "Content-Type, Authorization, X-Admin-Token, X-Session-Token, X-Lookup-Token, X-Request-Id, Idempotency-Key, If-None-Match")
	c.Set(fiber.HeaderAccessControlMaxAge, "600")
	return c.SendStatus(fiber.StatusNoContent)
}
