// Package funnel owns what people did on their way through the shop, from looking to paying and from asking for help to a
// chat, and the figures made of it. It stores acts and never people: no phone, no name, no text, and
// no id that leads to a row of another table. It decides nothing and changes nothing else.
package funnel

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync/atomic"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/logging"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// Kind is what was done.
type Kind string

// Acts, in the order people do them. Those that only look are told by the page's own script: no reading writes.
const (
	ViewList       Kind = "view_list"
	ViewProduct    Kind = "view_product"
	AddToCart      Kind = "add_to_cart"
	ViewCart       Kind = "view_cart"
	StartCheckout  Kind = "start_checkout"
	Pay            Kind = "pay" // a card was charged, or an order to be paid on delivery was confirmed
	ClickHandoff   Kind = "click_whatsapp_handoff"
	HandoffOpened  Kind = "handoff_opened"
	SupportLookup  Kind = "support_lookup"
	WhatsAppIntent Kind = "wa_intent"
	Preview        Kind = "wa_preview"
)

// Seen are the acts that a page tells of itself.
func Seen() []Kind { return []Kind{ViewList, ViewProduct, ViewCart, ClickHandoff, HandoffOpened} }

// kinds are all acts.
func kinds() []Kind {
	return append(Seen(), AddToCart, StartCheckout, Pay, SupportLookup, WhatsAppIntent, Preview)
}

// Channel is how somebody came.
type Channel string

// Channels.
const (
	Web      Channel = "web"
	API      Channel = "api"
	WhatsApp Channel = "whatsapp"
)

// Outcome is how a support lookup went.
type Outcome string

// Outcomes of a lookup. A lookup has its start and then one of the others.
const (
	Start   Outcome = "start"
	Success Outcome = "success"
	Fail    Outcome = "fail"
)

// Event is one act.
type Event struct {
	Kind     Kind
	Channel  Channel
	Language models.Language
	// Visit tells one person's acts of a day from another's: of WhatsApp the conversation, else a session or a customer, or an
	// id that a page made up. It is not stored; what is stored of it leads nowhere once the day is over. Zero is nobody in particular.
	Visit models.ID
	// Of a lookup: how it went, and of one that failed the code of the failure.
	Outcome Outcome
	Reason  string
	// Place is where on the pages a hand-off was chosen: home, list, product, cart, checkout, order, support, handoff.
	Place string
	// Step is what a message wanted, as the errands of the shop are called: browse, show, more, details, search, add, cart, qty,
	// remove, empty, checkout, status, return, give_up; person, when it got one.
	Step string
	// Of a payment and the start of a checkout: how much.
	AmountMinor int64
	Currency    string
}

// Log keeps acts. Safe for concurrent use.
type Log struct {
	db       *database.DB
	clock    clock.Clock
	settings *settings.Store
	ready    atomic.Pointer[string] // the latest day whose word is known to be there
}

// New makes a log on the database.
func New(db *database.DB, c clock.Clock, s *settings.Store) *Log {
	return &Log{db: db, clock: c, settings: s}
}

type testKey struct{}

// AsTest marks what is done under the context as somebody's test: it is kept and counts in no figure.
func AsTest(ctx context.Context) context.Context { return context.WithValue(ctx, testKey{}, true) }

var (
	coded   = regexp.MustCompile(`^[a-z_.]{0,40}$`)
	called  = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)
	numbers = regexp.MustCompile(`^[0-9._:-]+$`)
)

// check refuses what no act can be; only a mistake of the program makes one.
func (e Event) check() error {
	switch {
	case !slices.Contains(kinds(), e.Kind), !slices.Contains([]Channel{Web, API, WhatsApp}, e.Channel):
		return errors.New("an act of no known kind or channel")
	case (e.Kind == SupportLookup) != slices.Contains([]Outcome{Start, Success, Fail}, e.Outcome):
		return errors.New("a lookup has an outcome, and nothing else has one")
	case !coded.MatchString(e.Reason), !coded.MatchString(e.Step), !coded.MatchString(e.Place) || len(e.Place) > 20:
		return errors.New("reason, step and place are words of the program's own")
	case e.AmountMinor < 0 || e.AmountMinor > 0 && e.Currency == "":
		return errors.New("an amount has a currency")
	}
	return nil
}

// Record keeps an act, in the transaction on the context where there is one: what is taken back was not done. Whoever begins
// that transaction has called Ready before. A language nobody speaks here is English.
func (l *Log) Record(ctx context.Context, e Event) error {
	statement, values, err := l.keeping(ctx, e)
	if err != nil {
		return err
	}
	if database.InTransaction(ctx) {
		b := l.db.Batch()
		b.Exec(statement, values...)
		err = l.db.Send(ctx, b)
	} else {
		_, err = l.db.Pool.Exec(ctx, statement, values...)
	}
	if err != nil {
		return fmt.Errorf("record %q: %w", e.Kind, err)
	}
	return nil
}

// RecordWith is Record as a part of a batch.
func (l *Log) RecordWith(ctx context.Context, b *database.Batch, e Event) error {
	statement, values, err := l.keeping(ctx, e)
	if err == nil {
		b.Exec(statement, values...)
	}
	return err
}

// keeping is the statement that keeps an act, and its values.
func (l *Log) keeping(ctx context.Context, e Event) (string, []any, error) {
	if err := e.check(); err != nil {
		return "", nil, fmt.Errorf("record %q: %w", e.Kind, err)
	}
	p, err := l.settings.Policies(ctx)
	if err != nil {
		return "", nil, err
	}
	if !slices.Contains(models.Languages(), e.Language) {
		e.Language = models.English
	}
	now := l.clock.Now()
	day := now.In(p.Zone()).Format(time.DateOnly)
	if !database.InTransaction(ctx) {
		l.word(ctx, day)
	}
	test, _ := ctx.Value(testKey{}).(bool)
	var visit, amount, currency any
	ofTest := "false"
	if e.Kind == Pay { // by whoever began as a test, whatever tells that it is paid
		ofTest = "EXISTS (SELECT FROM funnel_events t WHERE t.day = now.day AND t.kind = 'start_checkout' AND t.test AND t.visit = now.visit)"
	}
	if e.Visit != (models.ID{}) {
		visit = e.Visit[:]
	}
	if e.Currency != "" {
		amount, currency = e.AmountMinor, e.Currency
	}
	return `INSERT INTO funnel_events (day, visit, id, at, kind, channel, language, outcome, reason, place, step, amount_minor, currency, request_id, test)
			SELECT now.day, now.visit, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 OR ` + ofTest + `
			FROM (SELECT d.day, (SELECT substring(sha256(word || $14::bytea) FOR 12) FROM funnel_words w WHERE w.day = d.day) AS visit FROM (SELECT $15::date AS day) d) now`,
		[]any{
			models.NewID(), now, string(e.Kind), string(e.Channel), string(e.Language), string(e.Outcome), e.Reason, e.Place, e.Step, amount, currency, request(ctx), test, visit, day,
		}, nil
}

// Lookup keeps that an order was looked up and how it went; reason is the code of what failed. Whatever came of it, it
// costs the same.
func (l *Log) Lookup(ctx context.Context, by Channel, lang models.Language, outcome Outcome, reason string) error {
	l.Ready(ctx)
	return l.db.Within(ctx, func(ctx context.Context) error {
		begun := Event{Kind: SupportLookup, Channel: by, Language: lang, Outcome: Start}
		if err := l.Record(ctx, begun); err != nil {
			return err
		}
		begun.Outcome, begun.Reason = outcome, reason
		return l.Record(ctx, begun)
	})
}

// request is the id of the request on the context. Callers may choose theirs: what could be a phone is left out.
func request(ctx context.Context) string {
	id := logging.Request(ctx)
	if !called.MatchString(id) || numbers.MatchString(id) {
		return ""
	}
	return id
}

// wordWait bounds how long an act waits for the word of its day; without one its visit is nobody's.
const wordWait = time.Second

// Ready sees to it that today has its word, before a transaction that acts are kept in: within one nobody waits for a second
// connection, and an act on a day without a word is nobody's in particular. It does nothing in a transaction, and what it
// cannot do keeps nobody from anything else. Nil, which keeps nothing, is always ready.
func (l *Log) Ready(ctx context.Context) {
	if l == nil || database.InTransaction(ctx) {
		return
	}
	if p, err := l.settings.Policies(ctx); err == nil {
		l.word(ctx, l.clock.Now().In(p.Zone()).Format(time.DateOnly))
	}
}

// word sees to it that a day has its word, and throws older ones away. It is no part of a transaction, which others would
// wait for. A word is of 32 bytes that nobody knows.
func (l *Log) word(ctx context.Context, day string) {
	if known := l.ready.Load(); known != nil && *known == day {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), wordWait)
	defer cancel()
	_, err := l.db.Pool.Exec(ctx, `WITH gone AS (DELETE FROM funnel_words WHERE day < $1::date - 1)
		INSERT INTO funnel_words (day, word) VALUES ($1::date, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) ON CONFLICT DO NOTHING`, day)
	if err == nil {
		l.ready.Store(&day)
	}
}
