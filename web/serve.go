package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"frontdesk/handlers"
	"frontdesk/internal/mail"
	"frontdesk/internal/simulator"
	"frontdesk/jobs"
	"frontdesk/migrations"
)

const (
	portsTried = 50
	readyTime  = 30 * time.Second
	httpStop   = 3 * time.Second
	crewStop   = 8 * time.Second
	simStop    = time.Second

	refusedPerMinute = 10 // of one address
)

// serve runs the app until ctx ends. In demo and test it brings up everything that is not given:
// servers, schema, demo salon, stand-ins.
func serve(ctx context.Context, c Config, out io.Writer, log *slog.Logger) (err error) {
	var s stops
	defer func() { err = errors.Join(err, s.run()) }()

	first := c.simulated() && c.SimURL == "" // a further process on the same data starts no stand-ins
	if first {
		if err := claim(c.DataDir, &s); err != nil {
			return err
		}
	}
	listener, err := listen(ctx, c)
	if err != nil {
		return err
	}
	s.add(func(context.Context) error { _ = listener.Close(); return nil }) // closed already when it served
	address := reachable(listener.Addr())
	if c.BaseURL == "" {
		c.BaseURL = localURL(address)
	}
	g, logins, err := prepare(ctx, &c, log, &s)
	if err != nil {
		return err
	}
	if first {
		sims, err := g.standIns(ctx, c, func() string { return "http://" + address }, &s)
		if err != nil {
			return err
		}
		c.beside(sims)
	}
	c.useStandIns()
	failed, err := g.start(ctx, c, listener, &s)
	if err != nil {
		return err
	}
	if err := waitReady(ctx, "http://"+address); err != nil {
		return err
	}
	if first {
		s.add(func(context.Context) error { return removeIfThere(demoFile(c.DataDir)) })
		if err := writeDemoFile(c, logins); err != nil {
			return err
		}
	}
	announce(out, c, listener.Addr(), logins)
	select {
	case <-ctx.Done():
		log.InfoContext(ctx, "stopping")
		return nil
	case err := <-failed:
		return err
	}
}

// prepare opens the ground and, in demo and test, migrates and seeds it.
func prepare(ctx context.Context, c *Config, log *slog.Logger, s *stops) (*ground, []demoLogin, error) {
	if err := openServers(ctx, c, s); err != nil {
		return nil, nil, err
	}
	g, err := openGround(ctx, *c, log, s)
	if err != nil || !c.simulated() {
		return g, nil, err
	}
	if err := g.db.Migrate(ctx, migrations.Files); err != nil {
		return nil, nil, err
	}
	logins, err := g.seed(ctx, *c)
	return g, logins, err
}

// beside tells where the stand-ins of this process are.
func (c *Config) beside(sims *simulator.Server) {
	c.SimURL = sims.URL()
	if c.MailAddr == "" {
		c.MailAddr, c.MailSecurity = sims.MailAddr(), string(mail.Plain)
	}
}

// useStandIns points the adapters at the stand-ins, where nothing else was said.
func (c *Config) useStandIns() {
	if !c.simulated() {
		return
	}
	if c.WhatsAppBaseURL == "" {
		c.WhatsAppBaseURL = c.SimURL + "/whatsapp"
	}
	if c.ChatwootBaseURL == "" {
		c.ChatwootBaseURL = c.SimURL + "/chatwoot"
	}
	if c.StripeBaseURL == "" {
		c.StripeBaseURL = c.SimURL + "/stripe"
	}
	if c.ClaudeBaseURL == "" {
		c.ClaudeBaseURL = c.SimURL + "/anthropic"
	}
	c.Calendars.useStandIn(c.SimURL)
	c.Catalogue.useStandIn(c.SimURL)
	if c.SMSBaseURL == "" {
		c.SMSBaseURL = c.SimURL + "/sms"
	}
}

// start lets the workers work and the app answer. failed tells when it stops answering by itself.
func (g *ground) start(ctx context.Context, c Config, l net.Listener, s *stops) (failed chan error, err error) {
	proxies, errProxies := networks(c.TrustedProxies)
	allowed, errAllowed := networks(c.ThrottleAllow)
	if err := errors.Join(errProxies, errAllowed); err != nil {
		return nil, err
	}
	adapters := openProviders(c)
	if c.simulated() {
		g.obeyResets(adapters, s)
	}
	rules, rooms := wire(c, g, adapters)
	crew, err := jobs.Start(ctx, rules, jobs.Options{
		DB: g.db, Clock: g.clock, Metrics: g.metrics, Log: g.log, NoteAtOnce: c.simulated(), // the stand-ins tell when all is done
	})
	if err != nil {
		return nil, err
	}
	s.add(bounded(crewStop, crew.Stop))
	rooms.Workers = crew.Healthy
	server := handlers.New(handlers.Settings{
		Version: version(), Production: c.Env == envProduction, Demo: c.simulated(), BaseURL: c.BaseURL,
		CORSOrigins: c.CORSOrigins, TrustedProxies: proxies, WhatsAppNumber: c.WhatsAppNumber,
		WhatsApp:     handlers.WhatsAppSettings{AppSecret: c.WhatsAppAppSecret, VerifyToken: c.WhatsAppVerifyToken},
		Chatwoot:     handlers.ChatwootSettings{Secret: c.ChatwootWebhookSecret, Token: c.ChatwootWebhookToken},
		Limits:       handlers.Limits{PerMinute: c.ThrottlePerMinute, Refused: refusedPerMinute, Allow: allowed},
		StripeSecret: c.StripeWebhookSecret, SyncKey: c.CatalogSyncKey, TicketSecret: c.SealingKey, PreviewPublic: c.WAPreviewPublic, SimURL: c.SimURL,
	}, rooms)
	failed = make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	s.add(bounded(httpStop, server.Shutdown))
	if c.simulated() {
		return failed, stock(ctx, rules.Shop)
	}
	return failed, nil
}

func bounded(limit time.Duration, stop func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return stop(ctx)
	}
}

// listen takes the app's port. A taken default gives way to the next free one; a port that was asked
// for does not.
func listen(ctx context.Context, c Config) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", c.Addr)
	if err == nil {
		return l, nil
	}
	host, port, splitErr := net.SplitHostPort(c.Addr)
	first, numErr := strconv.Atoi(port)
	if c.asked["ADDR"] != "" || splitErr != nil || numErr != nil || !errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("listen on %s: %w", c.Addr, err)
	}
	for p := first + 1; p <= first+portsTried; p++ {
		if l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(p))); err == nil {
			return l, nil
		}
	}
	return nil, fmt.Errorf("no free port from %d on: %w", first, err)
}

// reachable is an address this machine can call the listener at.
func reachable(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
}

// waitReady returns when the app says that it is ready.
func waitReady(ctx context.Context, base string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
		if err != nil {
			return fmt.Errorf("ask for readiness: %w", err)
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close() // only the status matters
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		if pause(ctx, 20*time.Millisecond); ctx.Err() != nil {
			return fmt.Errorf("the app did not become ready: %w", ctx.Err())
		}
	}
}
