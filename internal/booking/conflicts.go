package booking

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// InTheWay is what stands where something was to go. Staff may see it; a customer never.
type InTheWay struct {
	Visits []Visit
	Blocks []models.TimeBlock // weekly breaks too, as they fall on that day
}

// inTheWayFact is the name under which a fault carries what is in the way; no text speaks of it.
const inTheWayFact = "InTheWay"

func blocked(key string, by InTheWay) error {
	return &fault.Fault{Kind: fault.KindConflict, Key: key, Facts: map[string]any{inTheWayFact: by, "Count": len(by.Visits)}}
}

// Obstacles are what a fault booking.slot_taken, booking.stylist_away or booking.block_conflicts says is
// in the way; false when it does not say.
func Obstacles(err error) (InTheWay, bool) {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return InTheWay{}, false
	}
	by, ok := f.Facts[inTheWayFact].(InTheWay)
	return by, ok
}

// conflicts lists the live holds and visits that touch a span, of one stylist or of all, by start.
func (d *Diary) conflicts(ctx context.Context, span models.Span, stylist, except *models.ID) ([]Visit, error) {
	q := d.withLines(ctx).Scopes(touching(span)).Where(liveAt, d.clock.Now())
	if stylist != nil {
		q = q.Where("stylist_id = ?", *stylist)
	}
	if except != nil {
		q = q.Where("id <> ?", *except)
	}
	var rows []models.Appointment
	if err := q.Order("starts_at, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read visits in the way: %w", err)
	}
	return d.Visits(ctx, rows)
}

// longestVisit bounds a visit's length; the constraint appointments_within_a_day holds it. With it an
// index on starts finds what touches a span.
const longestVisit = 24 * time.Hour

// touching selects appointments that share any moment with a half-open span.
func touching(span models.Span) func(*gorm.DB) *gorm.DB {
	return func(q *gorm.DB) *gorm.DB {
		return q.Where("starts_at >= ? AND starts_at < ? AND ends_at > ?", span.Start.Add(-longestVisit), span.End, span.Start)
	}
}

// mustFit is mustBeOpen for staff, who are told what is in the way: closed time of the stylist
// (booking.stylist_away) or another hold or visit (booking.slot_taken). The stylist is locked.
func (d *Diary) mustFit(ctx context.Context, to spot, except *models.ID, zone *time.Location) error {
	cal, err := d.calendar(ctx, to.span, zone, nil)
	if err != nil {
		return err
	}
	day := dateOf(to.span.Start, zone)
	if !covers(cal.salonWindows(day), to.span) {
		return fault.Conflict("booking.closed")
	}
	if away := cal.away(day, to); len(away) > 0 {
		return blocked("booking.stylist_away", InTheWay{Blocks: away})
	}
	visits, err := d.conflicts(ctx, to.span, &to.stylist, except)
	if err != nil || len(visits) == 0 {
		return err
	}
	return blocked("booking.slot_taken", InTheWay{Visits: visits})
}

// away lists the closed time of a stylist that touches a place, weekly breaks as they fall on the day.
func (c calendar) away(day date, at spot) []models.TimeBlock {
	var away []models.TimeBlock
	for _, b := range c.blocks {
		own := !b.ClosesSalon() && *b.StylistID == at.stylist
		if own && at.span.Overlaps(models.Span{Start: b.StartsAt, End: b.EndsAt}) {
			away = append(away, b)
		}
	}
	for _, b := range c.breaks {
		if b.stylist != at.stylist || b.weekday != day.weekday() {
			continue
		}
		if span := c.span(day, b.wallSpan); span.Overlaps(at.span) {
			away = append(away, models.TimeBlock{StylistID: &b.stylist, StartsAt: span.Start, EndsAt: span.End, Kind: models.BlockBreak})
		}
	}
	return away
}
