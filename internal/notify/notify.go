// Package notify sends what others decided to say: one conversation's messages in order, inside
// WhatsApp's 24-hour window or by template, each exactly once as far as the channel lets anyone know.
// It owns the way of an outbound message from "queued" to its last delivery status, and the notices to
// the salon's people. It must never decide what to say to a customer, and it never calls the channel
// inside a transaction.
//
// # No message twice, none lost (R-1406)
//
// A message is sent in three steps, each of which may be the last before a crash: (1) one transaction
// marks it "sending" with the job and the machine time; (2) the call to WhatsApp, which carries our
// message id; (3) one transaction stores WhatsApp's id and "sent". A "sending" row whose job is no
// longer at work is in doubt: WhatsApp may have it. Every status of the message echoes our id, so
// WhatsApp's own webhook resolves the doubt; when no status comes within the grace, it is sent again.
package notify

import (
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/chatwoot"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/handoff"
	"frontdesk/internal/mail"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/sms"
	"frontdesk/internal/thread"
	"frontdesk/internal/whatsapp"
	"frontdesk/jobs/queue"
)

// Post sends messages and notices. Safe for concurrent use by any number of processes.
type Post struct {
	db        *database.DB
	clock     clock.Clock
	queue     *queue.Queue
	thread    *thread.Thread
	content   *content.Library
	settings  *settings.Store
	customers *customers.Registry
	whatsapp  *whatsapp.Client
	chatwoot  *chatwoot.Client // nil: not connected
	redis     *redisstore.Store
	desk      *handoff.Desk
	log       *audit.Log

	mail    *mail.Client // nil: there is none
	sms     *sms.Client  // likewise
	baseURL func() string

	testNumbers []string // E.164

	grace  time.Duration
	count  func(name string)
	urgent func(seconds float64)
}

// Option changes a default of Post.
type Option func(*Post)

// WithGrace sets how long a message in doubt waits for the status that would prove it was sent, before
// it is sent again (machine time) [20s]. Each doubtful try of the same message doubles the wait.
func WithGrace(d time.Duration) Option { return func(p *Post) { p.grace = d } }

// CountFailed is the name under which messages that could not be delivered are counted.
const CountFailed = "messages_failed"

// WithCounter sets what is called for each thing worth counting.
func WithCounter(count func(name string)) Option { return func(p *Post) { p.count = count } }

// WithMessengers sets the channels to the salon's people beside WhatsApp; nil where there is none.
func WithMessengers(m *mail.Client, s *sms.Client) Option {
	return func(p *Post) { p.mail, p.sms = m, s }
}

// WithAddress sets where the console is, for the links in mails.
func WithAddress(baseURL func() string) Option { return func(p *Post) { p.baseURL = baseURL } }

// WithUrgentTimer sets what is called with the seconds of business time that an urgent notice took to
// reach its first channel.
func WithUrgentTimer(observe func(seconds float64)) Option {
	return func(p *Post) { p.urgent = observe }
}

// New makes the post room.
func New(db *database.DB, c clock.Clock, q *queue.Queue, th *thread.Thread, lib *content.Library,
	s *settings.Store, wa *whatsapp.Client, redis *redisstore.Store, options ...Option) *Post {
	p := &Post{
		db: db, clock: c, queue: q, thread: th, content: lib, settings: s, customers: customers.New(db, c),
		whatsapp: wa, redis: redis, desk: handoff.New(db, c, q, s, th, redis), log: audit.New(db, c), grace: 20 * time.Second, count: func(string) {},
		baseURL: func() string { return "" }, urgent: func(float64) {},
	}
	for _, o := range options {
		o(p)
	}
	return p
}
