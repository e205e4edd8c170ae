package handlers

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// apiPrefix is where programs find the shop without having to say what they accept.
const apiPrefix = "/api"

// orPage lets people have a page at a program's address: who explicitly prefers HTML, and HTMX, gets the
// page, everybody else the program's answer. The line's access holds for both.
func (r Route) orPage(page fiber.Handler) Route {
	program := r.Handler
	r.Handler = func(c *fiber.Ctx) error {
		c.Vary(fiber.HeaderAccept, "HX-Request")
		if prefersPage(c) {
			return page(c)
		}
		return program(c)
	}
	return r
}

// prefersPage tells whether the caller would rather have a page: HTML is named and weighs more than JSON.
func prefersPage(c *fiber.Ctx) bool {
	if isAPI(c.Path()) || byToken(c) {
		return false
	}
	if c.Get("HX-Request") == "true" {
		return true
	}
	accepted := c.Get(fiber.HeaderAccept)
	html, named := weight(accepted, fiber.MIMETextHTML)
	data, _ := weight(accepted, fiber.MIMEApplicationJSON)
	return named && html > data
}

// weight is how much a list of what is accepted gives a type, in thousandths, and whether it names it. The
// closest range counts (RFC 9110, 12.5.1); what cannot be read weighs nothing.
func weight(accepted, kind string) (thousandths int, named bool) {
	family, _, _ := strings.Cut(kind, "/")
	closest := 0
	for part := range strings.SplitSeq(accepted, ",") {
		media, parameters, _ := strings.Cut(part, ";")
		if near := nearness(strings.TrimSpace(media), family, kind); near > closest {
			closest, thousandths = near, quality(parameters)
		}
	}
	return thousandths, closest == 3
}

// nearness is how closely a range names a kind of a family: 3 by its name, 2 by its family, 1 with all others, 0 not at all.
func nearness(media, family, kind string) int {
	of, any := strings.CutSuffix(media, "/*")
	switch {
	case strings.EqualFold(media, kind):
		return 3
	case any && strings.EqualFold(of, family):
		return 2
	case any && of == "*":
		return 1
	}
	return 0
}

func quality(parameters string) int {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		q, err := strconv.ParseFloat(value, 64)
		if err != nil || q < 0 || q > 1 {
			return 0
		}
		return int(q * 1000)
	}
	return 1000
}

func isAPI(path string) bool { return path == apiPrefix || strings.HasPrefix(path, apiPrefix+"/") }
