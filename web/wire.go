package main

import (
	"frontdesk/handlers"
	"frontdesk/internal/booking"
	"frontdesk/internal/calendar"
	"frontdesk/internal/chat"
	"frontdesk/internal/chatwoot"
	"frontdesk/internal/checkout"
	"frontdesk/internal/claude"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/feed"
	"frontdesk/internal/funnel"
	"frontdesk/internal/handoff"
	"frontdesk/internal/identity"
	"frontdesk/internal/inbox"
	"frontdesk/internal/letters"
	"frontdesk/internal/mail"
	"frontdesk/internal/notify"
	"frontdesk/internal/ops"
	"frontdesk/internal/privacy"
	"frontdesk/internal/reconcile"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/sms"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/thread"
	"frontdesk/internal/whatsapp"
	"frontdesk/jobs"
)

// providers are the clients of the services we depend on.
type providers struct {
	meta      *whatsapp.Client
	stripe    *stripeapi.Client
	inbox     *chatwoot.Client
	mail      *mail.Client     // nil: there is none
	sms       *sms.Client      // likewise
	model     *claude.Client   // likewise
	calendars *calendar.Client // likewise
	feed      *feed.Client     // likewise
}

func openProviders(c Config) providers {
	return providers{
		meta: whatsapp.New(whatsapp.Config{
			BaseURL: c.WhatsAppBaseURL, PhoneID: c.WhatsAppPhoneID, Token: c.WhatsAppToken, Timeout: millis(c.WASendTimeout),
			BreakerFailures: c.WASendBreakerThreshold, BreakerPause: millis(c.WASendBreakerCooldown),
		}),
		inbox: chatwoot.New(chatwoot.Config{BaseURL: c.ChatwootBaseURL, Token: c.ChatwootAPIToken}),
		stripe: stripeapi.New(stripeapi.Config{
			BaseURL: c.StripeBaseURL, SecretKey: c.StripeSecretKey, BreakerThreshold: c.StripeBreakerThreshold, BreakerCooldown: millis(c.StripeBreakerCooldown),
		}),
		mail:      c.openMail(),
		sms:       c.openSMS(),
		model:     c.openModel(),
		calendars: c.openCalendars(),
		feed:      c.openFeed(),
	}
}

// breakers keep callers from those that do not answer.
func (p providers) breakers() []*redisstore.Breaker {
	all := []*redisstore.Breaker{p.meta.Breaker(), p.stripe.Breaker(), p.inbox.Breaker()}
	if p.mail != nil {
		all = append(all, p.mail.Breaker())
	}
	if p.sms != nil {
		all = append(all, p.sms.Breaker())
	}
	if p.model != nil {
		all = append(all, p.model.Breaker())
	}
	if p.calendars != nil {
		all = append(all, p.calendars.Breaker())
	}
	if p.feed != nil {
		all = append(all, p.feed.Breaker())
	}
	return all
}

// wire puts the rooms together: what the workers call, and what the handlers call.
func wire(c Config, g *ground, p providers) (jobs.Rules, handlers.Rooms) {
	watch := ops.New(g.db, g.audit, g.redis, g.log, p.breakers()...)
	policies := settings.New(g.db, g.clock)
	people := customers.New(g.db, g.clock)
	library := content.New(g.db, g.texts, g.clock)
	conversations := thread.New(g.db, g.clock, g.queue, g.redis)
	desk := handoff.New(g.db, g.clock, g.queue, policies, conversations, g.redis)
	diary := booking.New(g.db, g.clock, g.queue, policies, g.redis, booking.WithCounter(g.metrics.Count), booking.WithCalendars(p.calendars, g.texts))
	events := inbox.New(g.db, g.clock, g.queue)
	store := shop.New(g.db, g.clock, g.queue, policies, g.redis, c.shelves(p.feed)...)

	baseURL := func() string { return c.BaseURL }
	till := checkout.New(g.db, g.clock, g.queue, diary, desk, p.stripe, store, policies, g.redis, g.texts, baseURL,
		checkout.WithReturnURLs(c.CheckoutSuccessURL, c.CheckoutCancelURL), checkout.WithReturns(c.returnTerms()), checkout.WithCounter(g.metrics.Count))
	post := notify.New(g.db, g.clock, g.queue, conversations, library, policies, p.meta, g.redis,
		notify.WithGrace(c.SendGrace), notify.WithCounter(g.metrics.Count), notify.WithChatwoot(p.inbox),
		notify.WithMessengers(p.mail, p.sms), notify.WithTestNumbers(c.testNumbers()), notify.WithAddress(baseURL), notify.WithUrgentTimer(g.metrics.UrgentNotice.Observe))
	library.OnUnresolved(post.Unresolved)
	office := privacy.New(g.db, g.clock, policies, people, g.queue, diary)
	office.Delete(c.deleteMode())
	office.Returnable(c.ReturnsEligibleDays)
	porter := identity.New(g.db, g.clock, g.queue, people, store, post, g.redis, c.SealingKey, office, till)
	acts := funnel.New(g.db, g.clock, policies)
	tray := letters.New(g.db, g.clock, g.queue, g.redis)
	books := reconcile.New(g.db, g.clock, g.queue, events, p.stripe, policies, g.redis, g.log, g.metrics.Count)
	clerk := chat.New(chat.Rooms{
		DB: g.db, Clock: g.clock, Queue: g.queue, Redis: g.redis, Settings: policies, Customers: people, Thread: conversations,
		Content: library, Diary: diary, Till: till, Shop: store, Privacy: office, Desk: desk, BaseURL: baseURL, Model: p.model, ModelAsked: g.metrics.ModelAsked, Count: g.metrics.Count,
		Funnel: acts, Pilot: c.pilot(),
	})

	office.OnErased(clerk.Forget)

	rules := jobs.Rules{Inbox: events, Chat: clerk, Post: post, Till: till, Diary: diary, Desk: desk, Shop: store, Identity: porter, Privacy: office, Letters: tray, Books: books, Queue: g.queue}
	rooms := handlers.Rooms{
		DB: g.db, Redis: g.redis, Queue: g.queue, Clock: g.clock, Texts: g.texts, Metrics: g.metrics, Inbox: events, Staff: g.staff, Audit: g.audit, Log: g.log,
		Policies: policies, Content: library, People: people, Diary: diary, Till: till, Desk: desk, Thread: conversations, Post: post, Chat: clerk, Shop: store, Identity: porter, Privacy: office,
		Funnel: acts, Watch: watch, Letters: tray, Books: books,
	}
	return rules, rooms
}
