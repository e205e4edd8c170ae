package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"frontdesk/internal/outage"
	"frontdesk/internal/simulator"
)

// topicReset is how a reset of the stand-ins reaches every process of the stack.
const topicReset = "stand-ins.reset"

// simulate runs only the stand-ins, for tests that kill the app.
func simulate(ctx context.Context, c Config, out io.Writer, log *slog.Logger) (err error) {
	var s stops
	defer func() { err = errors.Join(err, s.run()) }()
	if !c.simulated() {
		return errors.New("stand-ins run in demo and test only")
	}
	if c.BaseURL == "" {
		return errors.New("BASE_URL must say where the app is")
	}
	if err := outage.In(c.DataDir).End(); err != nil { // stand-ins that were killed may have left some
		return err
	}
	g, _, err := prepare(ctx, &c, log, &s)
	if err != nil {
		return err
	}
	sims, err := g.standIns(ctx, c, func() string { return c.BaseURL }, &s)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "stand-ins at", sims.URL())
	fmt.Fprintln(out, "mail at", sims.MailAddr())
	<-ctx.Done()
	return nil
}

// standIns starts the stand-ins.
func (g *ground) standIns(ctx context.Context, c Config, app func() string, s *stops) (*simulator.Server, error) {
	own, err := apart(ctx, c, g.clock, s)
	if err != nil {
		return nil, err
	}
	sim, err := simulator.Start(ctx, simulator.Config{
		Env: c.Env, Addr: c.SimAddr, NextFree: c.asked["SIM_ADDR"] == "", AppURL: app,
		DB: own.db, Redis: own.redis, Queue: own.queue, Clock: g.clock, ClockFile: clockFile(c), Outages: outage.In(c.DataDir),
		Journal: filepath.Join(c.DataDir, "stand-ins.journal"), Races: filepath.Join(c.DataDir, "races"),
		AppSecret: newest(c.WhatsAppAppSecret), VerifyToken: c.WhatsAppVerifyToken, PhoneID: c.WhatsAppPhoneID,
		ChatwootSecret: newest(c.ChatwootWebhookSecret), ChatwootToken: c.ChatwootAPIToken,
		StripeKey: c.StripeSecretKey, StripeWebhookSecret: newest(c.StripeWebhookSecret), Log: g.log,
		CalendarKey: c.CalendarKey, SMSKey: c.SMSKey, ClaudeKey: c.ClaudeKey, MailUser: c.MailUser, MailPassword: c.MailPassword,
		OnReset: func(ctx context.Context) error { own.redis.Changed(ctx, topicReset, "all"); return nil },
	})
	if err != nil {
		return nil, err
	}
	s.add(bounded(simStop, sim.Close))
	return sim, nil
}

// obeyResets lets this process forget what it counted against providers whenever the stand-ins are reset; they clear what is shared.
func (g *ground) obeyResets(p providers, s *stops) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for range g.redis.Follow(ctx, []string{topicReset}) {
			for _, b := range p.breakers() {
				b.Forget()
			}
		}
	}()
	s.add(func(context.Context) error {
		stop()
		<-ended
		return nil
	})
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
