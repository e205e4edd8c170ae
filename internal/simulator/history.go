package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/handoff"
	"frontdesk/internal/inbox"
	"frontdesk/internal/settings"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// bookedBefore is how long before its deposit was paid a visit was held.
const bookedBefore = 4 * time.Minute

// history writes what happened before a scene begins by the rules that would have written it, at the
// business time at which they would have. Everything happens in the caller's transaction; what was to
// be said and sent about it is said and sent already.
type history struct {
	db     *gorm.DB
	stripe *stripe
	zone   *time.Location
	hand   *clock.Hand // of the rooms' clock

	registry *customers.Registry
	thread   *thread.Thread
	diary    *booking.Diary
	inbox    *inbox.Inbox
	till     *checkout.Till
	clerk    *chat.Clerk

	of    []string  // ids of what was written: jobs about it are settled
	takes []takings // what the payment provider has to remember
}

func (s *Server) history(ctx context.Context, zone *time.Location) *history {
	past, hand := clock.Fixed(knownSince.in(zone))
	policies := settings.New(s.cfg.DB, past)
	talk := thread.New(s.cfg.DB, past, s.cfg.Queue, s.cfg.Redis)
	diary := booking.New(s.cfg.DB, past, s.cfg.Queue, policies, s.cfg.Redis)
	desk := handoff.New(s.cfg.DB, past, s.cfg.Queue, policies, talk, s.cfg.Redis)
	registry := customers.New(s.cfg.DB, past)
	// The till asks the provider for nothing here: links are paid, and nothing is given back.
	till := checkout.New(s.cfg.DB, past, s.cfg.Queue, diary, desk, nil, nil, policies, s.cfg.Redis, s.texts, s.cfg.AppURL)
	return &history{
		db: s.cfg.DB.On(ctx), stripe: s.stripe, zone: zone, hand: hand,
		registry: registry, thread: talk, diary: diary, inbox: inbox.New(s.cfg.DB, past, s.cfg.Queue), till: till,
		clerk: chat.New(chat.Rooms{
			DB: s.cfg.DB, Clock: past, Queue: s.cfg.Queue, Redis: s.cfg.Redis, Settings: policies, Customers: registry, Thread: talk,
			Content: content.New(s.cfg.DB, s.texts, past), Diary: diary, Till: till, Desk: desk, BaseURL: s.cfg.AppURL,
		}),
	}
}

// write lays down a returning customer and the visits of a scene.
func (h *history) write(ctx context.Context, of scene, lang models.Language) error {
	contact, err := h.registry.Contact(ctx, models.ChannelWhatsApp, of.phone, of.name)
	if err != nil {
		return err
	}
	customer, err := h.registry.Register(ctx, contact, of.name, of.surname, lang)
	if err != nil || len(of.visits) == 0 {
		return err
	}
	conv, err := h.thread.Of(ctx, contact, lang)
	if err != nil {
		return err
	}
	h.of = append(h.of, conv.ID.String())
	for _, v := range of.visits {
		who, where := customer.ID, &conv.ID
		if v.guest != nil {
			where = nil
			if who, err = h.meet(*v.guest, lang); err != nil {
				return err
			}
		}
		if err := h.visit(ctx, v, who, where); err != nil {
			return fmt.Errorf("book visit of %s: %w", v.at.in(h.zone).Format(time.DateTime), err)
		}
	}
	if err := h.remind(of.now.in(h.zone)); err != nil {
		return err
	}
	return h.settled()
}

// remind says that visits were reminded of at the time at which they would have been, where that is over.
func (h *history) remind(now time.Time) error {
	hours := settings.Defaults().ReminderHours
	err := h.db.Exec(`UPDATE appointments SET reminder_sent_at = starts_at - make_interval(hours => ?)
		WHERE status = 'confirmed' AND created_at <= starts_at - make_interval(hours => ?) AND starts_at - make_interval(hours => ?) < ?`,
		hours, hours, hours, now).Error
	return wrap(err, "note reminders")
}

// meet makes a customer who has no phone (C18).
func (h *history) meet(g guest, lang models.Language) (models.ID, error) {
	since := knownSince.in(h.zone)
	person := models.Customer{ID: models.NewID(), Name: g.name, Surname: g.surname, Language: lang, CreatedAt: since, UpdatedAt: since}
	return person.ID, wrap(h.db.Create(&person).Error, "make another customer")
}

// visit holds a time, asks for the deposit, receives it and, where the visit is over, completes it.
func (h *history) visit(ctx context.Context, v sceneVisit, who models.ID, where *models.ID) error {
	request, err := h.request(ctx, v)
	if err != nil {
		return err
	}
	request.CustomerID, request.BookedByID, request.ConversationID = who, who, where
	h.hand.Set(v.paid.in(h.zone).Add(-bookedBefore))
	held, err := h.diary.Hold(ctx, request)
	if err != nil {
		return err
	}
	h.of = append(h.of, held.ID.String())
	payment, err := h.till.RequestDeposit(ctx, held)
	if err != nil {
		return err
	}
	h.of = append(h.of, payment.ID.String())
	if err := h.pay(ctx, payment, v.paid.in(h.zone)); err != nil {
		return err
	}
	if where != nil {
		if err := h.confirm(ctx, held); err != nil {
			return err
		}
	}
	if !v.done {
		return nil
	}
	return h.complete(held.ID)
}

// confirm tells the customer that the visit stands; the message reached them then.
func (h *history) confirm(ctx context.Context, visit models.Appointment) error {
	err := h.clerk.Tell(ctx, queue.Tell{ConversationID: *visit.ConversationID, Event: chat.TellBookingConfirmed, Ref: visit.ID})
	if err != nil {
		return err
	}
	err = h.db.Model(&models.Message{}).Where("conversation_id = ? AND status = ?", *visit.ConversationID, models.Queued).
		Updates(map[string]any{"status": models.Delivered, "attempts": 1, "sent_at": gorm.Expr("created_at"), "delivered_at": gorm.Expr("created_at")}).Error
	return wrap(err, "deliver confirmation")
}

// request is the order in the words of the diary.
func (h *history) request(ctx context.Context, v sceneVisit) (booking.HoldRequest, error) {
	r := booking.HoldRequest{StartsAt: v.at.in(h.zone), Actor: "customer"}
	menu, err := h.diary.Menu(ctx)
	if err != nil {
		return r, err
	}
	i := slices.IndexFunc(menu.Stylists, func(s models.Stylist) bool { return s.Code == v.stylist })
	if i < 0 {
		return r, fmt.Errorf("there is no stylist %s", v.stylist)
	}
	r.StylistID = menu.Stylists[i].ID
	for _, code := range v.services {
		service, ok := menu.Service(code)
		if !ok {
			return r, fmt.Errorf("there is no service %s", code)
		}
		r.ServiceIDs = append(r.ServiceIDs, service.ID)
	}
	return r, nil
}

// pay opens the payment's link and receives the money, as the provider's event would have it.
func (h *history) pay(ctx context.Context, p models.Payment, at time.Time) error {
	took := h.stripe.paidEarlier(p, at)
	h.takes = append(h.takes, took)
	err := h.db.Model(&p).Updates(models.Payment{State: models.PaymentOpen, SessionID: &took.session.ID, URL: took.session.URL, UpdatedAt: p.CreatedAt}).Error
	if err != nil {
		return fmt.Errorf("open payment link: %w", err)
	}
	h.hand.Set(at)
	body, err := json.Marshal(took.event.wire())
	if err != nil {
		return fmt.Errorf("write payment event: %w", err)
	}
	_, err = h.inbox.Accept(ctx, models.ProviderStripe, []inbox.Event{{ID: took.event.ID, Kind: took.event.Type, Payload: body}})
	if err != nil {
		return err
	}
	var event models.ProviderEvent
	if err := h.db.Take(&event, "provider = ? AND event_id = ?", models.ProviderStripe, took.event.ID).Error; err != nil {
		return fmt.Errorf("find payment event: %w", err)
	}
	h.of = append(h.of, event.ID.String())
	return h.till.Apply(ctx, event.ID)
}

// complete says that a visit took place. Staff do that, and the audit log keeps their acts: nobody did
// this one, so that the visit's own history has it and the log has not.
func (h *history) complete(id models.ID) error {
	var a models.Appointment
	if err := h.db.Take(&a, "id = ?", id).Error; err != nil {
		return fmt.Errorf("read visit: %w", err)
	}
	row := models.AppointmentEvent{
		ID: models.NewID(), AppointmentID: id, FromStatus: a.Status, ToStatus: models.Completed,
		FromDeposit: a.DepositState, ToDeposit: a.DepositState, Actor: "system", Reason: booking.ReasonCompleted, At: a.EndsAt,
	}
	if err := h.db.Create(&row).Error; err != nil {
		return fmt.Errorf("record completed visit: %w", err)
	}
	done := models.Appointment{Status: models.Completed, Version: a.Version + 1, UpdatedAt: a.EndsAt}
	return wrap(h.db.Model(&a).Updates(done).Error, "complete visit")
}

// settled removes the jobs that the rules left for others: customers and stylists have been told.
func (h *history) settled() error {
	err := h.db.Exec("DELETE FROM river_job j WHERE EXISTS (SELECT FROM jsonb_each_text(j.args) a WHERE a.value IN ?)", h.of).Error
	return wrap(err, "remove jobs of the past")
}
