package booking

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	outside "frontdesk/internal/calendar"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// How far a feed reaches, in days from today: programs ask for all of it every time.
const (
	feedPast  = 30
	feedAhead = 365
)

// feedSecret is how many random bytes a feed's word is made of.
const feedSecret = 32

// OpenFeed makes a feed of a stylist's visits and returns its word, which is told this once: whoever has it
// may read the feed. An earlier one ends. Fault: services.not_found.
func (u *Upkeep) OpenFeed(ctx context.Context, actor string, stylist models.ID) (word string, err error) {
	secret := make([]byte, feedSecret)
	rand.Read(secret) //nolint:errcheck // never fails: the runtime stops the program instead
	word = base64.RawURLEncoding.EncodeToString(secret)
	err = u.diary.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := locked[models.Stylist](ctx, u.diary, stylist); err != nil {
			return err
		}
		row := models.CalendarFeed{StylistID: stylist, Hash: hashOf(word), CreatedAt: u.diary.clock.Now(), CreatedBy: actor}
		if err := u.diary.db.On(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return fmt.Errorf("write feed: %w", err)
		}
		return u.auditFeed(ctx, actor, "stylist.feed_opened", stylist)
	})
	if err != nil {
		return "", fmt.Errorf("open feed: %w", err)
	}
	return word, nil
}

// CloseFeed ends a stylist's feed: its word opens nothing any more. Faults: services.not_found.
func (u *Upkeep) CloseFeed(ctx context.Context, actor string, stylist models.ID) error {
	err := u.diary.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := locked[models.Stylist](ctx, u.diary, stylist); err != nil {
			return err
		}
		gone := u.diary.db.On(ctx).Delete(&models.CalendarFeed{}, "stylist_id = ?", stylist)
		if gone.Error != nil || gone.RowsAffected == 0 {
			return gone.Error
		}
		return u.auditFeed(ctx, actor, "stylist.feed_closed", stylist)
	})
	if err != nil {
		return fmt.Errorf("close feed: %w", err)
	}
	return nil
}

func (u *Upkeep) auditFeed(ctx context.Context, actor, action string, stylist models.ID) error {
	return u.diary.log.Record(ctx, audit.Entry{Actor: actor, Action: action, SubjectKind: "stylist", SubjectID: stylist.String()})
}

// HasFeed tells whether a stylist's visits can be read outside.
func (u *Upkeep) HasFeed(ctx context.Context, stylist models.ID) (bool, error) {
	var n int64
	if err := u.diary.db.On(ctx).Model(&models.CalendarFeed{}).Where("stylist_id = ?", stylist).Count(&n).Error; err != nil {
		return false, fmt.Errorf("look for feed: %w", err)
	}
	return n > 0, nil
}

func hashOf(word string) []byte {
	sum := sha256.Sum256([]byte(word))
	return sum[:]
}

// Feed is what a feed's word opens: the visits of its stylist with first names and services, those ahead that
// were called off too. A hold that ended unpaid was never a visit: it leaves the feed. A stylist who works here
// no more has none. Fault: error.not_found.
func (d *Diary) Feed(ctx context.Context, word string) (outside.Feed, error) {
	var stylist models.Stylist
	err := d.db.On(ctx).Joins("JOIN calendar_feeds f ON f.stylist_id = stylists.id").Take(&stylist, "f.hash = ? AND stylists.active", hashOf(word)).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return outside.Feed{}, fault.NotFound("error.not_found")
	}
	if err != nil {
		return outside.Feed{}, fmt.Errorf("look for feed: %w", err)
	}
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return outside.Feed{}, err
	}
	lang, err := d.languageOf(ctx, stylist.ID)
	if err != nil {
		return outside.Feed{}, err
	}
	now := d.clock.Now()
	var rows []models.Appointment
	err = d.withLines(ctx).Where("stylist_id = ? AND starts_at >= ? AND starts_at < ?", stylist.ID, now.AddDate(0, 0, -feedPast), now.AddDate(0, 0, feedAhead)).
		Where("status NOT IN ('expired', 'released') AND (status <> 'cancelled' OR ends_at > ?)", now).Order("starts_at, id").Find(&rows).Error
	if err != nil {
		return outside.Feed{}, fmt.Errorf("read visits of feed: %w", err)
	}
	visits, err := d.Visits(ctx, rows)
	if err != nil {
		return outside.Feed{}, err
	}
	menu, err := d.Menu(ctx)
	if err != nil {
		return outside.Feed{}, err
	}
	feed := outside.Feed{Name: p.SalonName.In(lang) + " · " + stylist.Names.In(lang)}
	for _, v := range visits {
		feed.Visits = append(feed.Visits, outside.FeedVisit{
			ID: v.ID, Version: v.Version, Title: entryTitle(v.Appointment, v.Customer, menu, lang), Span: v.Span(), Status: feedStatus(v.Status), Changed: v.UpdatedAt,
		})
	}
	return feed, nil
}

func feedStatus(s models.AppointmentStatus) outside.FeedStatus {
	switch shownAs(s) {
	case outside.Confirmed:
		return outside.FeedConfirmed
	case outside.Provisional:
		return outside.FeedTentative
	default:
		return outside.FeedCancelled
	}
}
