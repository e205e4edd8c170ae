// Package chat is the conversation with the customer: it reads what they write (package understand),
// decides what to do (Step, pure), does it and says it, all of one message in one transaction. Code
// decides and texts speak: every time, price and name a customer reads is a fact of that turn
// . It never invents a fact, never calls a provider inside a turn, and is silent while staff
// have the conversation (rule 5).
package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/claude"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/handoff"
	"frontdesk/internal/privacy"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Rooms are what the conversation works with.
type Rooms struct {
	DB        *database.DB
	Clock     clock.Clock
	Queue     *queue.Queue
	Redis     *redisstore.Store
	Settings  *settings.Store
	Customers *customers.Registry
	Thread    *thread.Thread
	Content   *content.Library
	Diary     *booking.Diary
	Till      *checkout.Till
	Shop      *shop.Shop
	Privacy   *privacy.Office
	Desk      *handoff.Desk
	// Shop and Privacy are left out where nobody shops.
	// Model reads what the rules are not sure of; nil: nobody does. ModelAsked hears of every time it was
	// asked; optional.
	Model      *claude.Client
	ModelAsked func(outcome string, took time.Duration)
	// Count adds one to a figure; see CountKept; nil counts nothing.
	Count func(name string)
	// Funnel keeps what was wanted of the shop; nil: nobody does.
	Funnel *funnel.Log
	// Pilot are the numbers whose messages are answered while the pilot lasts, in E.164; none: everybody's.
	Pilot []string
	// BaseURL is the product's public address, asked when it is needed.
	BaseURL func() string
}

// Clerk holds the conversations. Safe for concurrent use, and for use by several processes.
type Clerk struct {
	Rooms
	words    *database.Kept[understand.Vocabulary]
	patience time.Duration // with Redis, for a live copy
	minded   minded
	overhear func(*work, Say, models.Content) // hears what is said and from what facts, for tests; optional
}

// New makes a clerk.
func New(r Rooms) *Clerk {
	c := &Clerk{Rooms: r, patience: redisPatience}
	if c.Count == nil {
		c.Count = func(string) {}
	}
	c.words = database.Keep(r.DB, c.vocabulary)
	return c
}

// Outcomes of a received event.
const (
	OutcomeMessage   = "message"
	OutcomeDuplicate = "duplicate"
	OutcomeIgnored   = "ignored"
)

// Receive takes a stored message event into its conversation and enqueues the turn that answers it,
// in the transaction on the context. A message that is known already changes nothing.
func (c *Clerk) Receive(ctx context.Context, event models.ProviderEvent) (string, error) {
	var in models.InboundMessage
	if err := json.Unmarshal(event.Payload, &in); err != nil {
		return "", fmt.Errorf("read message event: %w", err)
	}
	outcome := OutcomeMessage
	err := c.DB.Within(ctx, func(ctx context.Context) error {
		conv, err := c.conversation(ctx, in)
		if fault.Is(err, "customers.phone") {
			outcome = OutcomeIgnored // nobody to answer
			return nil
		}
		if err != nil {
			return err
		}
		_, duplicate, err := c.Thread.Receive(ctx, conv, in)
		if err != nil {
			return err
		}
		if duplicate {
			outcome = OutcomeDuplicate
			return nil
		}
		if in.Chatwoot != nil {
			if err := c.Desk.Placed(ctx, conv, *in.Chatwoot); err != nil {
				return err
			}
		}
		return c.Queue.Enqueue(ctx, queue.ChatTurn{ConversationID: conv.ID})
	})
	return outcome, err
}

// conversation is where a message belongs: found in one query when it brings no news of its sender, who is
// stored or brought up to date else. Fault: customers.phone.
func (c *Clerk) conversation(ctx context.Context, in models.InboundMessage) (models.Conversation, error) {
	address, err := customers.Address(in.Channel, in.From)
	if err != nil {
		return models.Conversation{}, err
	}
	if conv, known, err := c.Customers.Known(ctx, in.Channel, address, in.ProfileName); known || err != nil {
		return conv, err
	}
	contact, err := c.Customers.Contact(ctx, in.Channel, address, in.ProfileName)
	if err != nil {
		return models.Conversation{}, err
	}
	lang, err := c.firstLanguage(ctx, contact)
	if err != nil {
		return models.Conversation{}, err
	}
	return c.Thread.Of(ctx, contact, lang)
}

// firstLanguage is what a conversation starts in before anybody wrote a word: a known customer's
// language, else the one of the phone's country. The first text decides anew.
func (c *Clerk) firstLanguage(ctx context.Context, contact models.Contact) (models.Language, error) {
	if contact.CustomerID != nil {
		customer, err := c.Customers.Customer(ctx, *contact.CustomerID)
		return customer.Language, err
	}
	return customers.CountryLanguage(contact.Address), nil
}

// vocabulary is the menu and the FAQs as words to recognise.
func (c *Clerk) vocabulary(ctx context.Context) (v understand.Vocabulary, err error) {
	menu, err := c.Diary.Menu(ctx)
	if err != nil {
		return v, err
	}
	faqs, err := c.Content.FAQs(ctx)
	if err != nil {
		return v, err
	}
	for _, s := range menu.Services {
		v.Services = append(v.Services, understand.Service{
			Code: s.Code, Category: s.Category, Minutes: s.Minutes, Names: s.Names, Synonyms: s.Synonyms,
		})
	}
	for _, p := range menu.Packs {
		if contents, ok := menu.Contents(p); ok {
			v.Packs = append(v.Packs, understand.Pack{Code: p.Code, Names: p.Names, Services: codes(contents)})
		}
	}
	for _, s := range menu.Stylists {
		v.Stylists = append(v.Stylists, understand.Stylist{ID: s.ID, Code: s.Code, Names: s.Names})
	}
	for _, f := range faqs {
		v.FAQs = append(v.FAQs, understand.FAQ{Key: f.Key, Phrases: f.Phrases})
	}
	if v.Shelves, err = c.shelves(ctx); err != nil {
		return v, err
	}
	return v.Learned(), nil
}

// shelves are the categories of the shop as words to recognise.
func (c *Clerk) shelves(ctx context.Context) ([]understand.Shelf, error) {
	if c.Shop == nil {
		return nil, nil
	}
	all, err := c.Shop.Categories(ctx)
	if err != nil {
		return nil, err
	}
	shelves := make([]understand.Shelf, len(all))
	for i, one := range all {
		shelves[i] = understand.Shelf{Slug: one.Slug, Names: one.Names}
	}
	return shelves, nil
}

// warn notes a best-effort failure; nothing of a message is ever in it.
func warn(ctx context.Context, what string, err error) { slog.WarnContext(ctx, what, "err", err) }
