// Package handlers is everything HTTP and nothing else: the route table with the permission on each
// line, parsing, one call to a rule, the answer. It holds no rule, no SQL and starts no goroutine.
package handlers

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/audit"
	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/funnel"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/identity"
	"frontdesk/internal/inbox"
	"frontdesk/internal/letters"
	"frontdesk/internal/listening"
	"frontdesk/internal/metrics"
	"frontdesk/internal/notify"
	"frontdesk/internal/ops"
	"frontdesk/internal/privacy"
	"frontdesk/internal/reconcile"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/staff"
	"frontdesk/internal/standins"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
)

// Settings are what the HTTP side needs to know of the configuration.
type Settings struct {
	Version        string
	Production     bool // cookies are Secure, browsers are told to insist on HTTPS
	Demo           bool // pages say so; business time may stand elsewhere than the machine's
	BaseURL        string
	CORSOrigins    []string
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	WhatsApp       WhatsAppSettings
	Chatwoot       ChatwootSettings
	WhatsAppNumber string // E.164; where people write to the salon, empty when there is none
	StripeSecret   string // signs payment webhooks; without it they are refused with 503
	Limits         Limits
	SyncKey        string // opens POST /catalog/sync; while it is rotated two, with a comma between; without it that door is closed
	TicketSecret   string // signs what we hand to strangers and believe when it comes back
	PreviewPublic  bool   // anybody may rehearse a conversation (WA_PREVIEW_PUBLIC); never in production
	SimURL         string // where the stand-ins are played, for the Simulator room; empty: nowhere
}

// WhatsAppSettings are the secrets of the message webhook. Without them it is closed.
type WhatsAppSettings struct {
	AppSecret   string // signs what Meta posts
	VerifyToken string // answers Meta's subscription check
}

// Rooms are the parts of the program the handlers call.
type Rooms struct {
	DB      *database.DB
	Redis   *redisstore.Store
	Queue   *queue.Queue
	Clock   clock.Clock
	Texts   *i18n.Catalogue
	Metrics *metrics.Registry
	Inbox   *inbox.Inbox
	Staff   *staff.Roster
	Audit   *audit.Log
	// What the pages read.
	Policies *settings.Store
	Content  *content.Library
	People   *customers.Registry
	Diary    *booking.Diary
	Till     *checkout.Till
	Desk     *handoff.Desk
	Thread   *thread.Thread
	Post     *notify.Post
	Chat     *chat.Clerk
	Shop     *shop.Shop
	Identity *identity.Porter
	Privacy  *privacy.Office
	Funnel   *funnel.Log
	Watch    *ops.Watch
	Letters  *letters.Tray
	Books    *reconcile.Books
	Log      *slog.Logger
	// Workers tells whether this process works jobs and is seen by the others; nil when it does.
	Workers func() error
}

// Server answers HTTP.
type Server struct {
	Rooms
	set      Settings
	standIns *standins.Client
	app      *fiber.App
	ops      *operations
	surface  []Route
	// description is the surface as OpenAPI, written when it is first asked for.
	description func() (shop.Answer, error)
	started     time.Time // machine time
	silent      listening.Silent
	done        chan struct{} // closed when the server stops; streams end then
	stop        sync.Once
	streams     streams
	beat        time.Duration // of streams
	work        *database.Shared[workHealth]
	lastWork    keptHealth
	keepWork    time.Duration // how long lastWork is given again
	limits      *redisstore.Limiter
	enforced    []header // of every answer
	tickets     tickets
}

// Limits of a request. Fiber's own limit lies above ours, so that a little too much is answered and
// far too much is cut off.
const (
	apiBody     = 1 << 20
	webhookBody = 3 << 20
	anyBody     = 4 << 20
	anyHead     = 16 << 10 // request line and headers; browsers send cookies of everything on the host
	onePiece    = 16 << 10 // of an answer that is sent in one piece: most are no longer, with their headers
	deadline    = 10 * time.Second
)

// New makes a server with every route of the table.
func New(set Settings, rooms Rooms) *Server {
	s := &Server{
		Rooms: rooms, set: set, standIns: standins.New(set.SimURL), started: rooms.Clock.Machine(), done: make(chan struct{}),
		beat: heartbeat, limits: redisstore.NewLimiter(rooms.Redis, rooms.Clock), tickets: newTickets(set.TicketSecret, rooms.Clock), enforced: enforced(set.Production),
	}
	s.work, s.keepWork = database.Share(s.recentWork), workKept
	s.app = fiber.New(fiber.Config{
		AppName:                 "frontdesk",
		Immutable:               true, // Fiber's strings point into a buffer it uses again
		CaseSensitive:           true, // one page, one address
		BodyLimit:               anyBody,
		ReadBufferSize:          anyHead,
		WriteBufferSize:         onePiece,
		ReadTimeout:             30 * time.Second,
		IdleTimeout:             75 * time.Second,
		DisableStartupMessage:   true,
		ErrorHandler:            s.answerError,
		EnableTrustedProxyCheck: true, // and no proxy is: Fiber believes no X-Forwarded header; see caller
	})
	s.app.Use(s.correlate, s.observe, s.protect, s.headers, s.cors, s.remember)
	s.ops = newOperations(s.app)
	s.surface = s.routes()
	s.description = sync.OnceValues(s.writeDescription)
	for _, r := range s.surface {
		s.mount(r)
	}
	s.app.Use(s.nowhere)
	s.app.Server().Handler = s.knownMethods(s.app.Server().Handler)
	return s
}

// mount adds a route; probes may ask with HEAD what people ask with GET.
func (s *Server) mount(r Route) {
	if r.Method == get {
		s.app.Get(r.Path, s.chain(r)...)
		return
	}
	s.app.Add(r.Method, r.Path, s.chain(r)...)
}

// App is the Fiber application, for tests that call it without a listener.
func (s *Server) App() *fiber.App { return s.app }

// Serve answers on the listener until Shutdown.
func (s *Server) Serve(l net.Listener) error {
	if err := s.app.Listener(s.silent.Watch(l)); err != nil {
		return fmt.Errorf("serve http: %w", err)
	}
	return nil
}

// Shutdown stops accepting, ends streams and waits for running requests until the context ends. Connections
// on which nobody has begun to ask are not waited for.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stop.Do(func() { close(s.done) })
	defer time.AfterFunc(listening.Grace, s.silent.HangUp).Stop()
	if err := s.app.ShutdownWithContext(ctx); err != nil {
		return fmt.Errorf("stop http: %w", err)
	}
	return nil
}

// Done is closed when the server stops: a handler that streams ends then.
func (s *Server) Done() <-chan struct{} { return s.done }
