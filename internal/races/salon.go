package races

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/inbox"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// ErrUsed is that a salon is somebody's, and no place for races.
var ErrUsed = errors.New("the races would run on a salon that somebody uses")

// opening is when every round begins, by the salon's wall clock.
const opening = "2026-10-06 10:00"

// Salon is the demo salon on a database that nobody else uses.
type Salon struct {
	db     *database.DB
	clock  clock.Clock
	hand   *clock.Hand
	diary  *booking.Diary
	till   *checkout.Till
	events *inbox.Inbox
	menu   booking.Menu
	zone   *time.Location
}

// Open lays the demo salon out in a migrated, empty database. No worker may run on it: what the races enqueue
// is looked at and never done. The clock is the hand's. It refuses a database with customers or visits: somebody uses it.
func Open(ctx context.Context, db *database.DB, c clock.Clock, hand *clock.Hand, redis *redisstore.Store) (*Salon, error) {
	texts, err := i18n.Load()
	if err != nil {
		return nil, fmt.Errorf("load texts: %w", err)
	}
	s := &Salon{db: db, clock: c, hand: hand}
	used, err := s.number(ctx, "SELECT (EXISTS (SELECT FROM customers) OR EXISTS (SELECT FROM appointments))::int")
	if err != nil {
		return nil, err
	}
	if used > 0 {
		return nil, ErrUsed
	}
	policies, q := settings.New(db, c), queue.New(db)
	values, err := policies.Policies(ctx)
	if err != nil {
		return nil, fmt.Errorf("read policies: %w", err)
	}
	s.zone = values.Zone()
	s.moveTo(opening)
	if err := booking.Seed(ctx, db, c); err != nil {
		return nil, fmt.Errorf("lay the salon out: %w", err)
	}
	s.diary = booking.New(db, c, q, policies, redis)
	desk := handoff.New(db, c, q, policies, thread.New(db, c, q, redis), redis)
	nobody := stripeapi.New(stripeapi.Config{SecretKey: "sk_test_nobody"}) // calls are jobs, and no worker runs
	s.till = checkout.New(db, c, q, s.diary, desk, nobody, shop.New(db, c, q, policies, redis), policies, redis, texts, func() string { return "https://salon.test" })
	s.events = inbox.New(db, c, q)
	if s.menu, err = s.diary.Menu(ctx); err != nil {
		return nil, fmt.Errorf("read the menu: %w", err)
	}
	return s, nil
}

// at reads a wall time of the salon.
func (s *Salon) at(wall string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", wall, s.zone)
	if err != nil {
		panic(err) // all are written in this package
	}
	return at
}

func (s *Salon) moveTo(wall string) { s.hand.Set(s.at(wall)) }

// nth is the n-th start of a wide-open week: 19 October on, eighteen a day.
func (s *Salon) nth(n int) time.Time {
	return s.at("2026-10-19 10:00").AddDate(0, 0, n/18%5).Add(time.Duration(n%18) * 30 * time.Minute)
}

// person is a customer with a conversation of their own.
type person struct{ customer, conversation models.ID }

func (s *Salon) person(ctx context.Context) (person, error) {
	now := s.clock.Now()
	c := models.Customer{ID: models.NewID(), Name: "Racer", Language: models.English, CreatedAt: now, UpdatedAt: now}
	contact := models.Contact{ID: models.NewID(), Channel: models.ChannelWhatsApp, Address: c.ID.String(), CustomerID: &c.ID, CreatedAt: now, UpdatedAt: now}
	talk := models.Conversation{ID: models.NewID(), ContactID: contact.ID, Language: models.English, State: json.RawMessage("{}"), CreatedAt: now, UpdatedAt: now}
	for _, row := range []any{&c, &contact, &talk} {
		if err := s.db.On(ctx).Create(row).Error; err != nil {
			return person{}, fmt.Errorf("make a customer: %w", err)
		}
	}
	return person{c.ID, talk.ID}, nil
}

// wish is a haircut for somebody.
func (s *Salon) wish(p person, stylist string, at time.Time) booking.HoldRequest {
	r := booking.HoldRequest{ConversationID: &p.conversation, CustomerID: p.customer, BookedByID: p.customer, StartsAt: at, Actor: "customer"}
	for _, st := range s.menu.Stylists {
		if st.Code == stylist {
			r.StylistID = st.ID
		}
	}
	if cut, ok := s.menu.Service("CUT"); ok {
		r.ServiceIDs = []models.ID{cut.ID}
	}
	return r
}

// books is a customer who takes a time in the moment the race begins.
func (s *Salon) books(ctx context.Context, stylist string, at time.Time) (func(context.Context) error, error) {
	p, err := s.person(ctx)
	return s.takes(p, stylist, at), err
}

func (s *Salon) takes(p person, stylist string, at time.Time) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.diary.Hold(ctx, s.wish(p, stylist, at))
		return err
	}
}

// holds makes a hold that a race begins with.
func (s *Salon) holds(ctx context.Context, stylist string, at time.Time) (models.Appointment, error) {
	p, err := s.person(ctx)
	if err != nil {
		return models.Appointment{}, err
	}
	return s.diary.Hold(ctx, s.wish(p, stylist, at))
}

// owes makes a hold whose deposit has an open payment link, as if the provider had answered.
func (s *Salon) owes(ctx context.Context, stylist string, at time.Time) (visit models.Appointment, p models.Payment, err error) {
	who, err := s.person(ctx)
	if err != nil {
		return visit, p, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) (err error) {
		if visit, err = s.diary.Hold(ctx, s.wish(who, stylist, at)); err != nil {
			return err
		}
		if p, err = s.till.RequestDeposit(ctx, visit); err != nil {
			return err
		}
		link := "cs_test_" + p.ID.String()
		return s.db.On(ctx).Exec("UPDATE payments SET state = 'open', session_id = ?, url = ? WHERE id = ?", link, "https://salon.test/pay/"+link, p.ID).Error
	})
	return visit, p, err
}

// tells is the provider's webhook that says a link was paid: stored and applied, as its door and its job do.
func (s *Salon) tells(event string, p models.Payment) func(context.Context) error {
	return func(ctx context.Context) error {
		raw, err := json.Marshal(map[string]any{
			"id": event, "object": "event", "type": stripeapi.SessionCompletedEvent, "livemode": false,
			"data": map[string]any{"object": map[string]any{
				"id": "cs_test_" + p.ID.String(), "object": "checkout.session", "payment_status": "paid", "amount_total": p.AmountMinor, "currency": "eur",
				"payment_intent": "pi_" + p.ID.String(), "client_reference_id": p.ID.String(), "metadata": map[string]string{"payment_id": p.ID.String()},
			}},
		})
		if err != nil {
			return fmt.Errorf("write an event: %w", err)
		}
		if _, err := s.events.Accept(ctx, models.ProviderStripe, []inbox.Event{{ID: event, Kind: stripeapi.SessionCompletedEvent, Payload: raw}}); err != nil {
			return err
		}
		var row models.ProviderEvent
		if err := s.db.On(ctx).Select("id").Take(&row, "provider = ? AND event_id = ?", models.ProviderStripe, event).Error; err != nil {
			return fmt.Errorf("find an event: %w", err)
		}
		return s.till.Apply(ctx, row.ID)
	}
}

// expires is the sweep that lets holds lapse.
func (s *Salon) expires(ctx context.Context) error {
	_, err := s.diary.ExpireHolds(ctx)
	return err
}

// number asks the database for one.
func (s *Salon) number(ctx context.Context, question string, values ...any) (n int, err error) {
	if err := s.db.On(ctx).Raw(question, values...).Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("look at what came of a race: %w", err)
	}
	return n, nil
}

func (s *Salon) overlaps(ctx context.Context) (int, error) {
	return s.number(ctx, `SELECT count(*) FROM appointments a JOIN appointments b ON a.stylist_id = b.stylist_id AND a.id < b.id
		AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
		WHERE a.status IN ('provisional', 'confirmed', 'reschedule_pending') AND b.status IN ('provisional', 'confirmed', 'reschedule_pending')`)
}

// standing counts the confirmed visits and the holds that run, of a stylist at a start.
func (s *Salon) standing(ctx context.Context, visit models.Appointment) (int, error) {
	return s.number(ctx, `SELECT count(*) FROM appointments WHERE stylist_id = ? AND starts_at = ?
		AND (status = 'confirmed' OR status = 'provisional' AND hold_expires_at > ?)`, visit.StylistID, visit.StartsAt, s.clock.Now())
}

// told counts how often a customer is to hear an event of a visit, and notices how often its stylist hears of it.
func (s *Salon) told(ctx context.Context, visit models.ID, event string) (int, error) {
	return s.number(ctx, "SELECT count(*) FROM river_job WHERE kind = ? AND args->>'ref' = ? AND args->>'event' = ?", queue.Tell{}.Kind(), visit.String(), event)
}

func (s *Salon) notices(ctx context.Context, visit models.ID) (int, error) {
	return s.number(ctx, "SELECT count(*) FROM river_job WHERE kind = ? AND args->>'appointment_id' = ?", queue.StylistNotice{}.Kind(), visit.String())
}

// adrift is money of a payment that is neither a standing visit's nor on its way back; 0 when all is well.
func (s *Salon) adrift(ctx context.Context, p models.Payment) (int, error) {
	return s.number(ctx, `SELECT coalesce(sum(p.received_minor), 0) - coalesce(sum(CASE
			WHEN a.status = 'confirmed' AND p.state = 'paid' THEN p.received_minor
			ELSE (SELECT coalesce(sum(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.state <> 'failed') END), 0)
		FROM payments p JOIN appointments a ON a.id = p.appointment_id WHERE p.id = ?`, p.ID)
}

// clear takes every visit away, for the next race.
func (s *Salon) clear(ctx context.Context) error {
	err := s.db.On(ctx).Exec("UPDATE appointments SET status = 'cancelled' WHERE status IN ('provisional', 'confirmed', 'reschedule_pending')").Error
	if err != nil {
		return fmt.Errorf("clear the diary: %w", err)
	}
	return nil
}

// first is the first error of several.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return errors.Join()
}
