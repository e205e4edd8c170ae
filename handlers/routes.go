package handlers

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/staff"
)

// Route is one line of the table: who may call what, who answers, and how it is described in the
// documentation.
type Route struct {
	Method  string
	Path    string
	Access  Access
	Handler fiber.Handler
	Doc     string // one line, for /docs
}

// Access says who may call a route.
type Access struct {
	Kind Kind
	Room staff.Room // for StaffOnly
	Act  staff.Act  // for StaffOnly
	// Fresh asks a person to have proved who they are within the last minutes; see fresh.
	Fresh bool
	// Unattended: browsers ask on their own; see unattended.
	Unattended bool
	// Bucket is what requests are counted under; see throttle.
	Bucket bucket
	// Refusals are counted by address; see refusals.
	Refusals bool
	// Form: its body may be a form of a page for anybody.
	Form bool
}

// Kind is the class of an access.
type Kind string

// Kinds of access.
const (
	Anyone    Kind = "anyone"    // no identity needed
	Signature Kind = "signature" // the handler proves the sender by a signature over the raw body
	SignedIn  Kind = "signed-in" // any person of the salon, or the machine
	StaffOnly Kind = "staff"     // a role with the right in the policy
	Shopper   Kind = "shopper"   // anyone, each with what is theirs: a visitor's cookie or token says whose it is
	Keyed     Kind = "key"       // a program whose key the handler checks
)

func anyone() Access   { return Access{Kind: Anyone} }
func signed() Access   { return Access{Kind: Signature, Bucket: free, Refusals: true} }
func signedIn() Access { return Access{Kind: SignedIn} }
func shopper() Access  { return Access{Kind: Shopper} }
func buyer() Access    { return Access{Kind: Shopper, Form: true} } // a shopper, by a page's form
func keyed() Access    { return Access{Kind: Keyed, Refusals: true} }

func can(room staff.Room, act staff.Act) Access {
	return Access{Kind: StaffOnly, Room: room, Act: act}
}

// fresh marks a sensitive act: whoever has not proved a second factor (or, without one, the password)
// within the last minutes does so first, and comes back. A personal token may never call such a route;
// the machine may. Put it on the form (GET) as on the act (POST), or what was typed is lost on the way.
func (a Access) fresh() Access {
	a.Fresh = true
	return a
}

// unattended marks what a browser asks for on its own: it is no sign of a person, and keeps no session
// from ending when nobody is there.
func (a Access) unattended() Access {
	a.Unattended = true
	return a
}

// per names the bucket a route is counted under. Of lookups what is refused is counted, too.
func (a Access) per(b bucket) Access {
	a.Bucket, a.Refusals = b, a.Refusals || b == lookups
	return a
}

// fewRefusals marks a route whose handler proves the sender, or turns them away.
func (a Access) fewRefusals() Access {
	a.Refusals = true
	return a
}

// Methods, short enough for a table.
const (
	get  = fiber.MethodGet
	post = fiber.MethodPost
)

// routes is the whole surface of the program, drawn up once: see Server.surface. Order matters only where
// patterns overlap.
func (s *Server) routes() []Route {
	probe := anyone().per(free)
	return slices.Concat(s.pageRoutes(), s.salonRoutes(), s.shopRoutes(), s.eventRoutes(), s.chatwootHooks(), []Route{
		// Health: for probes, without identity and without personal data.
		{get, "/healthz", probe, s.alive, "Alive; asks no dependency"},
		{get, "/readyz", probe, s.ready, "Ready to serve; 503 names what is missing"},
		{get, "/health", probe, s.health, "Ready to serve, and whether the work that nobody waits for is done"},
		{get, "/db/health", probe, s.databaseHealth, "The database answers"},
		{get, "/queue/health", probe, s.queueHealth, "How work stands: what waits and since when, who works, what is held back; 503 when it does not move"},
		{get, "/health/metrics", probe, s.routeMetrics, "Answers per route and status with their times"},
		{get, "/metrics", probe, s.prometheus, "The same figures for Prometheus"},

		// Webhooks: proved by signature; no session, no CSRF token.
		{get, "/webhook/whatsapp", anyone().per(free).fewRefusals(), s.verifyWhatsApp, "Meta's subscription check"},
		{post, "/webhook/whatsapp", signed(), s.receiveWhatsApp, "Messages and delivery statuses from WhatsApp"},
		{post, "/payments/stripe/webhook", signed(), s.receiveStripe, "Payment events from Stripe"},
		{post, "/webhook/stripe", signed(), s.receiveStripe, "Alias of /payments/stripe/webhook"},

		// Calendar programs, which sign in nowhere: the address holds a secret word.
		{get, feedPath + ":feed", anyone().per(lookups), s.calendarFeed, "A stylist's visits for calendar programs (iCalendar)"},

		// Scripts.
		{post, "/session/token", anyone(), s.issueToken, "A bearer token for scripts"},
	})
}

// chain is what a request to a route passes: where it comes from, whether it was refused too often,
// identity, limits and rights, the body's rules, the handler.
func (s *Server) chain(r Route) []fiber.Handler {
	return []fiber.Handler{s.sameSiteOnly(r), s.refusals(r.Access), s.guard(r.Access), bodyRules(r), r.Handler}
}
