package handlers

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
)

// sameSiteOnly refuses what another site makes a browser ask for with its person's cookie. Other sites
// may lead a person to a page of the console and do nothing else: not embed, fetch or post. A browser
// that does not say where a request comes from is still held to the form's token and SameSite cookies.
// Tokens are never sent by a browser on its own, so that callers who bring one are not judged here.
func (s *Server) sameSiteOnly(r Route) fiber.Handler {
	console := strings.HasPrefix(r.Path, "/console")
	if r.Access.Kind == Shopper {
		return s.shoppersOwn
	}
	if r.Access.Kind == Signature || r.Access.Kind == Keyed || r.Access.Kind == Anyone && !console {
		return func(c *fiber.Ctx) error { return c.Next() }
	}
	return func(c *fiber.Ctx) error {
		if byToken(c) {
			return c.Next()
		}
		if !cameFromUs(c) || !safe(c.Method()) && !s.ourOrigin(c) {
			return fault.Forbidden("error.cross_site")
		}
		return c.Next()
	}
}

// shoppersOwn refuses what another site makes a browser do to its visitor's cart. The origins that may call
// the API from a browser may do what the visitor may; reading gives another site nothing, as it may not see
// the answer.
func (s *Server) shoppersOwn(c *fiber.Ctx) error {
	listed := slices.Contains(s.set.CORSOrigins, c.Get(fiber.HeaderOrigin))
	if safe(c.Method()) || c.Get(headerSessionToken) != "" || byToken(c) || listed || cameFromUs(c) && s.ourOrigin(c) {
		return c.Next()
	}
	return fault.Forbidden("error.cross_site")
}

// cameFromUs judges Fetch Metadata: our own pages, the person (address bar, bookmark), or a link that
// leads a whole window here. A neighbour on the same site ("same-site") is a stranger.
func cameFromUs(c *fiber.Ctx) bool {
	switch c.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	return c.Method() == fiber.MethodGet && c.Get("Sec-Fetch-Mode") == "navigate" && c.Get("Sec-Fetch-Dest") == "document"
}

// ourOrigin tells whether the origin a browser names is ours. In demo and test the program is also
// reached by other names of this machine than the one in BASE_URL.
func (s *Server) ourOrigin(c *fiber.Ctx) bool {
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return true
	}
	given, err := url.Parse(origin)
	if err != nil || given.Host == "" {
		return false // also "null", which a sandboxed frame sends
	}
	ours, err := url.Parse(s.set.BaseURL)
	if err == nil && strings.EqualFold(given.Scheme, ours.Scheme) && strings.EqualFold(given.Host, ours.Host) {
		return true
	}
	return s.set.Demo && given.Host == string(c.Context().Host())
}
