package handlers

import (
	"net/netip"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
)

// Limits bound how often one client may call. They are counted in shared Redis, exactly
// and across processes; while Redis is away each process counts alone.
type Limits struct {
	PerMinute int            // requests of a client
	Refused   int            // refused calls of an address to webhooks and lookups, a minute
	Allow     []netip.Prefix // addresses whose requests are not counted; what is refused them is
}

// bucket names what a route is counted under, beside the general limit.
type bucket string

// Buckets of routes. A route without one is counted under the general limit alone.
const (
	lookups bucket = "lookups" // what strangers may ask for by something they know; refusals count too
	returns bucket = "returns"
	admin   bucket = "admin" // accounts and rights
	free    bucket = "free"  // not counted: probes, static files, what providers post
)

// strict are the figures a minute of the stricter buckets.
func (b bucket) strict() (most int, is bool) {
	most, is = map[bucket]int{lookups: 30, returns: 20, admin: 60}[b]
	return most, is
}

// unattendedFactor is how much more than a person their open pages may ask for on their own: it is
// counted apart, so that pages that refresh themselves take nothing from the person.
const unattendedFactor = 2

// throttle counts a request of a client: the person or machine whose token or session it shows, else the
// address. Fault: error.rate_limited.
func (s *Server) throttle(c *fiber.Ctx, a Access, v Visitor) error {
	address := s.caller(c)
	if a.Bucket == free || s.allowed(address) {
		return nil
	}
	client := "address:" + redisstore.ByAddress(address)
	if v.Role != "" {
		client = v.Actor()
	}
	if v.Role != "" && safe(c.Method()) && (a.Unattended || c.Get(headerUnattended) != "") {
		return s.count(c, perMinute("unattended:"+client, unattendedFactor*s.set.Limits.PerMinute))
	}
	buckets := []redisstore.Bucket{perMinute("client:"+client, s.set.Limits.PerMinute)}
	if most, is := a.Bucket.strict(); is {
		buckets = append(buckets, perMinute(string(a.Bucket)+":"+client, most))
	}
	return s.count(c, buckets...)
}

// nowhere counts what no route answers, too: whoever looks for addresses is a client of their own address
//
func (s *Server) nowhere(c *fiber.Ctx) error {
	if err := s.throttle(c, Access{}, Visitor{}); err != nil {
		return err
	}
	return c.Next()
}

func perMinute(name string, most int) redisstore.Bucket {
	return redisstore.Bucket{Name: name, Most: most, Window: time.Minute}
}

func (s *Server) count(c *fiber.Ctx, buckets ...redisstore.Bucket) error {
	if wait := s.limits.Take(c.UserContext(), buckets...); wait > 0 {
		return fault.TooMany("error.rate_limited", wait)
	}
	return nil
}

func (s *Server) allowed(address string) bool {
	at, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(s.set.Limits.Allow, func(p netip.Prefix) bool { return p.Contains(at) })
}

// refusals counts what an address is refused where strangers try their luck. Beyond the limit every
// refusal becomes a 429; what is proved, or finds something, is answered as ever and never counted, so
// that nobody who shares an address with a stranger is kept out.
func (s *Server) refusals(a Access) fiber.Handler {
	if !a.Refusals {
		return func(c *fiber.Ctx) error { return c.Next() }
	}
	return func(c *fiber.Ctx) error {
		err := c.Next()
		status := c.Response().StatusCode()
		if err != nil {
			status = asFault(err).Status()
		}
		if !refused(status) || c.Locals(provedKey{}) != nil {
			return err
		}
		if over := s.count(c, perMinute("refused:"+redisstore.ByAddress(s.caller(c)), s.set.Limits.Refused)); over != nil {
			return over
		}
		return err
	}
}

// refused tells whether a status says no to the caller; a form that asks again does not.
func refused(status int) bool {
	again := status == fiber.StatusUnprocessableEntity || status == fiber.StatusTooManyRequests
	return status >= 400 && status < 500 && !again
}

type provedKey struct{}

// proved notes that a handler has found its sender's signature good: nothing of this request counts as
// refused, whatever becomes of it.
func proved(c *fiber.Ctx) { c.Locals(provedKey{}, true) }
