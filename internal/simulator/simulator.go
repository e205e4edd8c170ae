// Package simulator is the stand-ins of demo and test: WhatsApp Cloud, Stripe, Google's calendars, a mail
// server and an SMS gateway in their real wire formats, a hosted pay page, and the control interface that plays customers, payers, faults and time.
// The app reaches it through the same clients and the same signature checks as the real services.
//
// It has wire types of its own, so that a mistake in an adapter cannot hide behind a shared struct.
// Signatures carry machine time; the 24-hour window, expires_at and what a phone shows follow
// business time. It listens on loopback only and must never run in staging or production.
package simulator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/i18n"
	"frontdesk/internal/listening"
	"frontdesk/internal/outage"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
)

// Config is what the stand-ins need.
type Config struct {
	Env  string // APP_ENV; only "demo" and "test" are accepted
	Addr string // SIM_ADDR; a loopback address, port 0 for any
	// NextFree lets a taken port give way to one of the next fifty; without it a taken port is an error.
	NextFree bool
	// AppURL is where webhooks go; read for every delivery, empty while the app is not up.
	AppURL func() string

	DB        *database.DB
	Redis     *redisstore.Store
	Queue     *queue.Queue
	Clock     clock.Clock
	ClockFile string       // shared by every process of the stack: internal/clock
	Outages   outage.Board // likewise; DB and Redis above must not feel them
	// Journal keeps what a provider would remember when we stop: sessions, payments, events still to
	// be delivered. Empty keeps it in memory only.
	Journal string
	// Races is the folder that keeps what came of the races; empty keeps it in memory only.
	Races string

	AppSecret           string // signs WhatsApp webhooks
	VerifyToken         string // proves the webhook address before the first delivery; empty skips that
	PhoneID             string // the business's phone number id
	WhatsAppToken       string // bearer the app must send; empty accepts any, so that scripts may ask the stand-in itself
	ChatwootSecret      string // signs Chatwoot's webhooks
	ChatwootToken       string // what the app must send as api_access_token; empty accepts any
	StripeKey           string // secret key the app must send
	StripeWebhookSecret string // signs Stripe events
	ClaudeKey           string // the app must send to the model; empty accepts any
	CalendarKey         string // the service account of the calendars, in base64; empty believes any
	SMSKey              string // bearer the app must send to the SMS gateway; empty accepts any
	MailUser            string // the login of the mail server
	MailPassword        string // empty: nobody needs to log in

	// OnReset runs at POST /control/reset, for what lives in the app's own memory (breakers); optional.
	OnReset func(context.Context) error

	Log *slog.Logger
}

// Server is the running stand-ins.
type Server struct {
	cfg      Config
	url      string
	listener net.Listener
	silent   listening.Silent
	http     *http.Server
	log      *slog.Logger
	texts    *i18n.Catalogue

	journal   *journal
	outbox    *outbox
	faults    *faults
	courier   *courier
	phones    *phones
	whatsapp  *whatsapp
	chatwoot  *chatwoot
	stripe    *stripe
	sms       *sms
	claude    *claude
	calendars *calendars
	feed      *productFeed
	mail      *mailServer
	lab       *lab
	theatre   *theatre

	stop    context.CancelFunc
	running sync.WaitGroup
}

// Start listens and serves until Close. It refuses every environment but demo and test, and every
// address that is not loopback.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if cfg.Env != "demo" && cfg.Env != "test" {
		return nil, fmt.Errorf("the stand-ins run in demo and test only, not in %q", cfg.Env)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	texts, err := i18n.Load()
	if err != nil {
		return nil, fmt.Errorf("load texts of the pay page: %w", err)
	}
	listener, err := listen(cfg.Addr, cfg.NextFree)
	if err != nil {
		return nil, err
	}
	kept, err := openJournal(cfg.Journal)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s := &Server{
		cfg: cfg, url: "http://" + listener.Addr().String(), listener: listener, log: cfg.Log, texts: texts,
		journal: kept, outbox: &outbox{clock: cfg.Clock}, faults: newFaults(cfg.Clock, cfg.Outages), phones: newPhones(cfg.Clock),
	}
	s.courier = newCourier(cfg, s.faults, kept)
	s.theatre = newTheatre(cfg, s.faults, s.courier)
	s.whatsapp = newWhatsApp(cfg, s.url, s.phones, s.courier, texts)
	s.chatwoot = newChatwoot(cfg, s.phones, s.courier, kept, s.whatsapp.link)
	s.stripe = newStripe(cfg, s.url, s.courier, kept)
	s.sms = newSMS(cfg)
	s.claude = newClaude(cfg, s.faults)
	s.calendars = newCalendars(cfg, s.faults, kept)
	if s.feed, err = newFeed(); err != nil {
		return nil, errors.Join(err, listener.Close(), kept.close())
	}
	if s.mail, err = newMailServer(s); err != nil {
		return nil, errors.Join(err, listener.Close(), kept.close())
	}
	if err := s.restore(); err != nil {
		return nil, errors.Join(err, listener.Close(), kept.close(), s.mail.close())
	}
	if s.lab, err = newLab(ctx, cfg); err != nil {
		return nil, errors.Join(err, listener.Close(), kept.close(), s.mail.close())
	}
	s.serve(ctx)
	return s, nil
}

// URL is where the stand-ins are reached, without a trailing slash.
func (s *Server) URL() string { return s.url }

// Close stops serving and delivering. Deliveries still under way stay in the journal.
func (s *Server) Close(ctx context.Context) error {
	err := s.faults.clear() // lets requests that hang go
	s.stop()
	defer time.AfterFunc(listening.Grace, s.silent.HangUp).Stop()
	err = errors.Join(err, s.mail.close(), s.http.Shutdown(ctx))
	s.courier.close()
	s.running.Wait()
	if err := errors.Join(err, s.journal.close()); err != nil {
		return fmt.Errorf("close the stand-ins: %w", err)
	}
	return nil
}

func (s *Server) serve(ctx context.Context) {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.lab.serve(ctx, &s.running)
	s.theatre.serve(ctx, &s.running)
	s.http = &http.Server{
		Handler:           s.routes(),
		ReadHeaderTimeout: 5 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	s.running.Add(3)
	go func() {
		defer s.running.Done()
		s.mail.serve(ctx)
	}()
	go func() {
		defer s.running.Done()
		if err := s.http.Serve(s.silent.Watch(s.listener)); err != nil && !errors.Is(err, http.ErrServerClosed) {
			s.log.ErrorContext(ctx, "the stand-ins stopped serving", "err", err)
		}
	}()
	go func() {
		defer s.running.Done()
		s.stripe.watchExpiry(ctx)
	}()
}

// restore brings back what the journal kept: Stripe's objects, then the webhooks nobody has
// acknowledged yet.
func (s *Server) restore() error {
	if err := s.stripe.restore(s.journal); err != nil {
		return err
	}
	if err := s.chatwoot.restore(s.journal); err != nil {
		return err
	}
	if err := s.calendars.restore(s.journal); err != nil {
		return err
	}
	return s.courier.restore(s.journal)
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/whatsapp/", s.recorded("whatsapp", s.whatsapp.routes()))
	mux.Handle("/chatwoot/", s.recorded("chatwoot", s.chatwoot.routes()))
	mux.Handle("/stripe/", s.recorded("stripe", s.stripe.routes()))
	mux.Handle("/sms/", s.recorded("sms", s.sms.routes()))
	mux.Handle("/calendar/", s.recorded("calendar", s.calendars.routes()))
	mux.Handle("/anthropic/", s.recorded("claude", s.claude.routes()))
	mux.HandleFunc("/feed/catalogue", s.productFeed)
	mux.Handle("/pay/", s.payPage())
	mux.Handle("/control/", s.control())
	return mux
}

// listen opens a loopback address.
func listen(addr string, nextFree bool) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the stand-ins on %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("the stand-ins listen on loopback only, not on %q", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err == nil || !nextFree {
		return l, wrap(err, "listen for the stand-ins")
	}
	first, convErr := strconv.Atoi(port)
	if convErr != nil {
		return nil, fmt.Errorf("listen for the stand-ins: %w", convErr)
	}
	for p := first + 1; p <= first+50 && err != nil; p++ {
		l, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(p)))
	}
	return l, wrap(err, "find a free port for the stand-ins")
}

func wrap(err error, attempt string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", attempt, err)
}
