package simulator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
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
// is removed, diaries and people are laid out, business time stops at the scenario's now. It waits
// for running jobs, changes all or nothing, and runs nothing.
func (s *Server) given(ctx context.Context, in givenRequest) (givenAnswer, error) {
	if in.Lang == "" {
		in.Lang = models.English
	}
	if !slices.Contains(models.Languages(), in.Lang) {
		return givenAnswer{}, badRequest("lang must be one of en, es, ar")
	}
	scene, ok := scenes()[in.Scenario]
	if !ok {
		return givenAnswer{}, badRequest("this scenario cannot be given; known are S01 and S18")
	}
	zone, err := s.zone(ctx)
	if err != nil {
		return givenAnswer{}, err
	}
	s.courier.forget()
	if !s.await(ctx, settleWithin, s.nothingRuns) {
		return givenAnswer{}, &controlError{http.StatusServiceUnavailable, "jobs are still running; try again"}
	}
	now := scene.now.at(zone)
	if err := clock.Stop(s.cfg.ClockFile, now); err != nil {
		return givenAnswer{}, err
	}
	if err := s.rewrite(ctx, scene, in.Lang, zone); err != nil {
		return givenAnswer{}, fmt.Errorf("give %s: %w", in.Scenario, err)
	}
	if err := s.forgetPeople(ctx); err != nil {
		return givenAnswer{}, err
	}
	s.phones.profile(waID(scene.phone), scene.name)
	for _, topic := range []string{redisstore.TopicDiary, redisstore.TopicConversations, redisstore.TopicNotices} {
		s.cfg.Redis.Changed(ctx, topic, "")
	}
	return givenAnswer{scene.phone, scene.name, stamp(now, zone)}, nil
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

// rewrite replaces people and diaries in one transaction. A sweep that runs in between may be in its
// way for a moment, so it is tried a few times.
func (s *Server) rewrite(ctx context.Context, scene scene, lang models.Language, zone *time.Location) (err error) {
	for range 5 {
		err = s.cfg.DB.InTx(ctx, func(ctx context.Context) error {
			if err := removePeople(ctx, s.cfg.DB); err != nil {
				return err
			}
			return s.stage(ctx, scene, lang, zone)
		})
		var pg *pgconn.PgError
		if !database.Deadlocked(err) && !(errors.As(err, &pg) && pg.Code == "23503") {
			return err
		}
	}
	return err
}

// left are the rows that customers leave behind, in the order in which they may go. The audit log,
// staff, content and the salon itself stay.
var left = []string{
	"notices", "refunds", "payments", "cases", "appointment_events", "appointment_lines", "appointments",
	"messages", "conversations", "contacts", "customers", "provider_events",
}

// removeJobs removes the jobs that were to act on people, finished ones included.
func removeJobs(ctx context.Context, db *database.DB) error {
	err := db.On(ctx).Exec(`DELETE FROM river_job WHERE state <> 'running' AND jsonb_exists_any(args,
		ARRAY['conversation_id', 'event_id', 'appointment_id', 'case_id', 'payment_id', 'refund_id'])`).Error
	return wrap(err, "remove jobs")
}

// removePeople removes the simulated phones' data and the jobs that were to act on it. In demo and
// test every customer is a simulated phone.
func removePeople(ctx context.Context, db *database.DB) error {
	if err := removeJobs(ctx, db); err != nil {
		return err
	}
	for _, table := range left {
		if err := db.On(ctx).Exec("DELETE FROM " + table).Error; err != nil {
			return fmt.Errorf("remove %s: %w", table, err)
		}
	}
	return nil
}

// forgetPeople makes the providers and Redis forget the phones.
func (s *Server) forgetPeople(ctx context.Context) error {
	s.phones.forget()
	s.whatsapp.forgetMedia()
	s.stripe.forget()
	if err := s.journal.clear(); err != nil {
		return err
	}
	return s.clearRedis(ctx, "chat:*", "limit:*", "breaker:*")
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

// stage lays out the salon, the diaries and the people of a scene.
func (s *Server) stage(ctx context.Context, scene scene, lang models.Language, zone *time.Location) error {
	if err := s.restoreSalon(ctx); err != nil {
		return err
	}
	for _, day := range scene.days {
		if err := s.closeDay(ctx, day, zone); err != nil {
			return err
		}
	}
	if scene.surname == "" {
		return nil // a phone the salon has never heard of
	}
	registry := customers.New(s.cfg.DB, s.cfg.Clock)
	contact, err := registry.Contact(ctx, models.ChannelWhatsApp, scene.phone, scene.name)
	if err != nil {
		return err
	}
	_, err = registry.Register(ctx, contact, scene.name, scene.surname, lang)
	return err
}

// restoreSalon brings back the base data: the menu, the stylists and the hours as seeded, no closed time
// but the seeded closures, and policies as they were before staff changed them.
func (s *Server) restoreSalon(ctx context.Context) error {
	for _, sql := range []string{
		"DELETE FROM time_blocks", "DELETE FROM weekly_breaks",
	} {
		if err := s.cfg.DB.On(ctx).Exec(sql).Error; err != nil {
			return fmt.Errorf("clear the diaries: %w", err)
		}
	}
	err := s.cfg.DB.On(ctx).Exec("DELETE FROM settings WHERE key IN ? AND updated_by LIKE 'staff:%'", settings.Keys()).Error
	if err != nil {
		return fmt.Errorf("restore the policies: %w", err)
	}
	return booking.Restore(ctx, s.cfg.DB, s.cfg.Clock)
}

// closeDay closes every stylist's diary on a day of the scene but for the windows it leaves free.
func (s *Server) closeDay(ctx context.Context, day sceneDay, zone *time.Location) error {
	var stylists []models.Stylist
	if err := s.cfg.DB.On(ctx).Where("active").Order("position").Find(&stylists).Error; err != nil {
		return fmt.Errorf("read stylists: %w", err)
	}
	open, err := s.opening(ctx, day.date, zone)
	if err != nil {
		return err
	}
	blocks := []models.TimeBlock{}
	for _, stylist := range stylists {
		kind, reason := models.BlockBusy, models.Text{"en": "Busy", "es": "Ocupado", "ar": "مشغول"}
		if slices.Contains(day.off, stylist.Code) {
			kind, reason = models.BlockDayOff, models.Text{"en": "Day off", "es": "Día libre", "ar": "يوم إجازة"}
		}
		for _, gap := range around(open, day.free[stylist.Code], day.date, zone) {
			id := stylist.ID
			blocks = append(blocks, models.TimeBlock{
				ID: models.NewID(), StylistID: &id, StartsAt: gap.Start, EndsAt: gap.End,
				Kind: kind, Reason: reason, CreatedAt: s.cfg.Clock.Now(),
			})
		}
	}
	return wrap(s.cfg.DB.On(ctx).Create(&blocks).Error, "close the diaries")
}

// opening is when the salon is open on a day; the whole day where it has no hours.
func (s *Server) opening(ctx context.Context, date day, zone *time.Location) (models.Span, error) {
	var hours []models.OpeningHours
	weekday := date.clock(zone, "00:00").Weekday()
	if err := s.cfg.DB.On(ctx).Where("weekday = ?", weekday).Find(&hours).Error; err != nil {
		return models.Span{}, fmt.Errorf("read opening hours: %w", err)
	}
	if len(hours) == 0 {
		start := date.clock(zone, "00:00")
		return models.Span{Start: start, End: start.AddDate(0, 0, 1)}, nil
	}
	return models.Span{Start: date.clock(zone, hours[0].Opens), End: date.clock(zone, hours[0].Closes)}, nil
}

// around is what is left of the opening time beside the free windows, which are in order.
func around(open models.Span, free []string, date day, zone *time.Location) []models.Span {
	var gaps []models.Span
	from := open.Start
	for _, window := range free {
		start, end := date.clock(zone, window[:5]), date.clock(zone, window[6:])
		if from.Before(start) {
			gaps = append(gaps, models.Span{Start: from, End: start})
		}
		from = end
	}
	if from.Before(open.End) {
		gaps = append(gaps, models.Span{Start: from, End: open.End})
	}
	return gaps
}
