package simulator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

type givenRequest struct {
	Scenario string `json:"scenario"`
	Lang     string `json:"lang"`
}

type givenAnswer struct {
	Phone string `json:"phone"`
	Name  string `json:"name"`
	Now   string `json:"now"`
}

// given puts the demo salon into the Given of a scenario: everything the simulated phones left behind
// is removed, people, diaries and history are laid out, business time stops at the scenario's now. It
// waits for running jobs, changes all or nothing, and runs nothing.
func (s *Server) given(ctx context.Context, in givenRequest) (givenAnswer, error) {
	if in.Lang == "" {
		in.Lang = models.English
	}
	if !slices.Contains(models.Languages(), in.Lang) {
		return givenAnswer{}, badRequest("lang must be one of en, es, ar")
	}
	scene, ok := scenes()[in.Scenario]
	if !ok {
		return givenAnswer{}, badRequest("scenario must be one of S01, S02, … S18")
	}
	s.courier.forget()
	if !s.await(ctx, settleWithin, s.nothingRuns) {
		return givenAnswer{}, &controlError{http.StatusServiceUnavailable, "jobs are still running; try again"}
	}
	if err := s.clearRedis(ctx, "chat:*", "limit:*", "breaker:*"); err != nil {
		return givenAnswer{}, err
	}
	then, err := s.rewrite(ctx, in.Scenario, scene, in.Lang)
	switch {
	case inTheWay(err):
		return givenAnswer{}, &controlError{http.StatusServiceUnavailable, "the app is writing all the time; try again"}
	case err != nil:
		return givenAnswer{}, fmt.Errorf("give %s: %w", in.Scenario, err)
	}
	for _, topic := range []string{redisstore.TopicDiary, redisstore.TopicConversations, redisstore.TopicNotices} {
		s.cfg.Redis.Changed(ctx, topic, "")
	}
	return givenAnswer{scene.phone, scene.name, stamp(then.now, then.zone)}, nil
}

// nothingRuns removes the jobs about people and tells whether no worker is in the middle of one; a job
// that runs may leave others behind, so both are looked at in turn until there are none.
func (s *Server) nothingRuns(ctx context.Context) (bool, error) {
	if err := removeJobs(ctx, s.cfg.DB); err != nil {
		return false, err
	}
	var running int
	err := s.cfg.DB.On(ctx).Raw("SELECT count(*) FROM river_job WHERE state = 'running'").Scan(&running).Error
	return running == 0, wrap(err, "look for running jobs")
}

// staged is what a rewritten salon stands at.
type staged struct {
	now  time.Time
	zone *time.Location
}

// rewrite replaces people and diaries in one transaction and stops business time in it; when it fails
// the clock goes on as before. Whoever else is writing goes first, and nobody is waited for in a circle.
func (s *Server) rewrite(ctx context.Context, name string, scene scene, lang models.Language) (then staged, err error) {
	at, stopped := clock.StoppedAt(s.cfg.ClockFile)
	defer func() {
		switch {
		case err != nil && stopped:
			err = errors.Join(err, clock.Stop(s.cfg.ClockFile, at))
		case err != nil:
			err = errors.Join(err, clock.Follow(s.cfg.ClockFile))
		}
	}()
	s.await(ctx, settleWithin, func(ctx context.Context) (bool, error) {
		err = s.cfg.DB.InTx(ctx, func(ctx context.Context) (err error) {
			then, err = s.replace(ctx, name, scene, lang)
			return err
		})
		return !inTheWay(err), nil
	})
	return then, err
}

// errBusy says that a worker is in the middle of something that it began before the scene.
var errBusy = errors.New("a job runs")

// inTheWay tells whether somebody else's transaction or job, and nothing worse, kept a scene from being given.
func inTheWay(err error) bool {
	var pg *pgconn.PgError
	return errors.Is(err, errBusy) || database.Deadlocked(err) || errors.As(err, &pg) && pg.Code == lockNotAvailable
}

// lockNotAvailable is Postgres' word for a lock that was waited for long enough. lockPatience ends before
// Postgres looks for circles, so that it is never the app whose transaction is given up for a scene.
const (
	lockNotAvailable = "55P03"
	lockPatience     = "SET LOCAL lock_timeout = '250ms'"
)

// replace is the inside of rewrite's transaction. Policies are locked before any row is; then nobody
// reads or writes about people until the scene stands. No job runs at that moment and one that begins waits:
// what the providers are made to forget is the scene's that ends, and what a sweep does the moment the new one
// stands is the new one's, and stays.
func (s *Server) replace(ctx context.Context, name string, scene scene, lang models.Language) (then staged, err error) {
	if err := s.cfg.DB.On(ctx).Exec(lockPatience).Error; err != nil {
		return then, fmt.Errorf("bound the wait for locks: %w", err)
	}
	if err := settings.New(s.cfg.DB, s.cfg.Clock).Revert(ctx, "system", "demo: "+name); err != nil {
		return then, err
	}
	if err := s.cfg.DB.On(ctx).Exec("LOCK TABLE " + strings.Join(left, ", ") + " IN ACCESS EXCLUSIVE MODE").Error; err != nil {
		return then, fmt.Errorf("lock what people left: %w", err)
	}
	switch rest, err := s.nothingRuns(ctx); {
	case err != nil:
		return then, err
	case !rest:
		return then, errBusy
	}
	if err := s.removePeople(ctx); err != nil {
		return then, err
	}
	if then.zone, err = s.zone(ctx); err != nil {
		return then, err
	}
	then.now = scene.now.in(then.zone)
	if err := clock.Stop(s.cfg.ClockFile, then.now); err != nil {
		return then, err
	}
	if err := s.emptyCalendars(ctx); err != nil {
		return then, err
	}
	earlier, err := s.stage(ctx, scene, lang, then.zone)
	if err != nil {
		return then, err
	}
	s.stripe.recall(earlier)
	s.phones.profile(waID(scene.phone), scene.name)
	return then, nil
}

// left are the rows that customers leave behind, in the order in which they may go. The audit log,
// staff, content and the salon itself stay.
var left = []string{
	"reconciliation_differences", "reconciliations", "notices", "returns", "refunds", "payments", "orders", "addresses", "cart_keys", "carts", "shop_sessions", "cases", "appointment_events", "appointment_lines", "appointments",
	"messages", "conversations", "contacts", "customers", "provider_events",
}

// removeJobs removes the jobs that were to act on people, finished ones included.
func removeJobs(ctx context.Context, db *database.DB) error {
	err := db.On(ctx).Exec(`DELETE FROM river_job WHERE state <> 'running' AND jsonb_exists_any(args,
		ARRAY['conversation_id', 'event_id', 'appointment_id', 'case_id', 'payment_id', 'refund_id', 'notice_id', 'order_id', 'photo_id', 'code_id'])`).Error
	return wrap(err, "remove jobs")
}

// removePeople removes what the simulated phones left here and with the providers. In demo and test every
// customer is a simulated phone.
func (s *Server) removePeople(ctx context.Context) error {
	err := s.cfg.DB.On(ctx).Exec(`UPDATE products p SET stock = stock + h.taken, reserved = 0 FROM (SELECT product_id,
		coalesce(sum(qty) FILTER (WHERE taken), 0) AS taken FROM stock_holds GROUP BY product_id) h WHERE h.product_id = p.id`).Error
	if err != nil {
		return fmt.Errorf("put back what was ordered: %w", err)
	}
	// What was said about data stays, and is nobody's.
	err = s.cfg.DB.On(ctx).Exec("UPDATE consents SET phone = NULL, customer_id = NULL, session_id = NULL WHERE num_nonnulls(phone, customer_id, session_id) > 0").Error
	if err != nil {
		return fmt.Errorf("forget who consented: %w", err)
	}
	for _, table := range left {
		if err := s.cfg.DB.On(ctx).Exec("DELETE FROM " + table).Error; err != nil {
			return fmt.Errorf("remove %s: %w", table, err)
		}
	}
	s.calendars.forget()
	return s.forgetPeople()
}

// forgetPeople makes the providers forget the phones.
func (s *Server) forgetPeople() error {
	s.phones.forget()
	s.whatsapp.forgetMedia()
	s.chatwoot.forget()
	s.stripe.forget()
	return s.journal.clear()
}

// clearRedis deletes the keys of the product's part of Redis that match.
func (s *Server) clearRedis(ctx context.Context, patterns ...string) error {
	client := s.cfg.Redis.Client
	for _, pattern := range patterns {
		for cursor := uint64(0); ; {
			scan := client.B().Scan().Cursor(cursor).Match(s.cfg.Redis.Key(pattern)).Count(500).Build()
			page, err := client.Do(ctx, scan).AsScanEntry()
			if err != nil {
				return fmt.Errorf("look for keys in redis: %w", err)
			}
			if len(page.Elements) > 0 {
				if err := client.Do(ctx, client.B().Del().Key(page.Elements...).Build()).Error(); err != nil {
					return fmt.Errorf("clear redis: %w", err)
				}
			}
			if cursor = page.Cursor; cursor == 0 {
				break
			}
		}
	}
	return nil
}

// stage lays out the salon, the people with their history, and then the diaries around their visits. It
// returns what the payment provider has to remember.
func (s *Server) stage(ctx context.Context, scene scene, lang models.Language, zone *time.Location) ([]takings, error) {
	if err := s.restoreSalon(ctx); err != nil {
		return nil, err
	}
	past := s.history(ctx, zone)
	if scene.surname != "" { // else a phone the salon has never heard of
		if err := past.write(ctx, scene, lang); err != nil {
			return nil, err
		}
	}
	for _, day := range scene.days {
		if err := s.closeDay(ctx, day, zone); err != nil {
			return nil, err
		}
	}
	return past.takes, nil
}

// restoreSalon brings back the base data: the menu, the stylists and the hours as seeded, and no closed
// time but the seeded closures.
func (s *Server) restoreSalon(ctx context.Context) error {
	for _, table := range []string{"time_blocks", "weekly_breaks"} {
		if err := s.cfg.DB.On(ctx).Exec("DELETE FROM " + table).Error; err != nil {
			return fmt.Errorf("clear the diaries: %w", err)
		}
	}
	return booking.Restore(ctx, s.cfg.DB, s.cfg.Clock)
}
