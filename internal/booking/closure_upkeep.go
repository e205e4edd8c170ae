package booking

import (
	"context"
	"fmt"
	"time"

	"frontdesk/models"
)

// MaxClosureReason is how long the reason of a closure may be in each language, in runes.
const MaxClosureReason = MaxName

// Close closes time as Block does, with a reason that customers read when they ask for that day: in all
// three languages, or in none. Faults: services.invalid and those of Block.
func (u *Upkeep) Close(ctx context.Context, r BlockRequest) (models.TimeBlock, error) {
	w, said := wrongs{}, false
	for _, lang := range models.Languages() {
		said = said || oneLine(r.Reason[lang]) != ""
	}
	if said {
		r.Reason = w.texts("reason", r.Reason, MaxClosureReason)
	} else {
		r.Reason = nil
	}
	if err := w.fault(); err != nil {
		return models.TimeBlock{}, err
	}
	return u.diary.Block(ctx, r)
}

// Closures lists closed time, the salon's and the stylists': what is not over, next first, or what is
// over, last first, at most so many.
func (u *Upkeep) Closures(ctx context.Context, over bool, limit int) ([]models.TimeBlock, error) {
	q, now := u.diary.db.On(ctx), u.diary.clock.Now()
	if over {
		q = q.Where("ends_at <= ?", now).Order("starts_at DESC, id DESC")
	} else {
		q = q.Where("ends_at > ?", now).Order("starts_at, id")
	}
	var rows []models.TimeBlock
	if err := q.Limit(limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read closed times: %w", err)
	}
	return rows, nil
}

// WholeDays is the span of some days, both included, from midnight to midnight in a zone. The days may
// have 23 or 25 hours.
func WholeDays(from, to models.Date, zone *time.Location) models.Span {
	first, last := dateOf(from.In(zone), zone), dateOf(to.In(zone), zone)
	return models.Span{Start: first.at(0, zone), End: last.next().at(0, zone)}
}
