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

	"github.com/nyaruka/phonenumbers"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/handoff"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
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
	Desk      *handoff.Desk
	// BaseURL is the product's public address, asked when it is needed.
	BaseURL func() string
}

// Clerk holds the conversations. Safe for concurrent use, and for use by several processes.
type Clerk struct {
	Rooms
	patience time.Duration // with Redis, for a live copy
}

// New makes a clerk.
func New(r Rooms) *Clerk { return &Clerk{Rooms: r, patience: redisPatience} }

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
	err := c.DB.InTx(ctx, func(ctx context.Context) error {
		contact, err := c.Customers.Contact(ctx, in.Channel, in.From, in.ProfileName)
		if fault.Is(err, "customers.phone") {
			outcome = OutcomeIgnored // nobody to answer
			return nil
		}
		if err != nil {
			return err
		}
		lang, err := c.firstLanguage(ctx, contact)
		if err != nil {
			return err
		}
		conv, err := c.Thread.Of(ctx, contact, lang)
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
		return c.Queue.Enqueue(ctx, queue.ChatTurn{ConversationID: conv.ID})
	})
	return outcome, err
}

// firstLanguage is what a conversation starts in before anybody wrote a word: a known customer's
// language, else the one of the phone's country. The first text decides anew.
func (c *Clerk) firstLanguage(ctx context.Context, contact models.Contact) (models.Language, error) {
	if contact.CustomerID != nil {
		customer, err := c.Customers.Customer(ctx, *contact.CustomerID)
		return customer.Language, err
	}
	number, err := phonenumbers.Parse(contact.Address, "")
	if err != nil {
		return models.English, nil
	}
	switch number.GetCountryCode() {
	case 34, 51, 52, 53, 54, 56, 57, 58, 591, 593, 595, 598, 502, 503, 504, 505, 506, 507:
		return models.Spanish, nil
	case 20, 212, 213, 216, 218, 249, 961, 962, 963, 964, 965, 966, 967, 968, 970, 971, 973, 974:
		return models.Arabic, nil
	default:
		return models.English, nil
	}
}

// vocabulary is the menu and the FAQs as words to recognise.
func vocabulary(menu booking.Menu, faqs []models.FAQ) understand.Vocabulary {
	var v understand.Vocabulary
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
	return v
}

// warn notes a best-effort failure; nothing of a message is ever in it.
func warn(ctx context.Context, what string, err error) { slog.WarnContext(ctx, what, "err", err) }
