package booking

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"frontdesk/models"
)

// shownOutside is how many visits outside new hours are read with people and services.
const shownOutside = 100

// decided refuses to go on while nobody has said that the visits outside stay: Obstacles lists them.
func decided(visits []Visit, keep bool) error {
	if len(visits) == 0 || keep {
		return nil
	}
	return blocked("services.visits_outside", InTheWay{Visits: visits})
}

// kept is what the log says of visits that stay although they stand outside.
func kept(visits []Visit) map[string]any {
	if len(visits) == 0 {
		return nil
	}
	ids := make([]string, len(visits))
	for i, v := range visits {
		ids[i] = v.ID.String()
	}
	return map[string]any{"kept_visits": strings.Join(ids, " ")}
}

// Stranded lists, at most shownOutside, the live visits that are not over and stand outside the hours of
// their day: somebody decided that they stay.
func (u *Upkeep) Stranded(ctx context.Context) ([]Visit, error) {
	ahead, cal, err := u.ahead(ctx)
	if err != nil {
		return nil, err
	}
	return u.standing(ctx, ahead, func(s models.Span) bool { return !cal.opensFor(s) })
}

// outside lists, at most shownOutside, the live visits that are not over and would stand outside the
// hours after a change of the calendar but do not before it.
func (u *Upkeep) outside(ctx context.Context, change func(*calendar) error) ([]Visit, error) {
	ahead, before, err := u.ahead(ctx)
	if err != nil {
		return nil, err
	}
	after := before
	after.sets = slices.Clone(before.sets)
	if err := change(&after); err != nil {
		return nil, err
	}
	return u.standing(ctx, ahead, func(s models.Span) bool { return before.opensFor(s) && !after.opensFor(s) })
}

// ahead reads the live visits that are not over, by start, and the calendar of their days.
func (u *Upkeep) ahead(ctx context.Context) ([]models.Appointment, calendar, error) {
	now := u.diary.clock.Now()
	var rows []models.Appointment
	err := u.diary.db.On(ctx).Select("id", "starts_at", "ends_at").Where("ends_at > ?", now).Where(liveAt, now).
		Order("starts_at, id").Find(&rows).Error
	if err != nil {
		return nil, calendar{}, fmt.Errorf("read visits ahead: %w", err)
	}
	p, err := u.diary.settings.Policies(ctx)
	if err != nil {
		return nil, calendar{}, err
	}
	span := models.Span{Start: now, End: now}
	if len(rows) > 0 {
		span = models.Span{Start: rows[0].StartsAt, End: rows[len(rows)-1].EndsAt}
	}
	cal, err := u.diary.calendar(ctx, span, p.Zone(), nil)
	return rows, cal, err
}

// standing are the visits whose time is such, with people and services.
func (u *Upkeep) standing(ctx context.Context, rows []models.Appointment, such func(models.Span) bool) ([]Visit, error) {
	var ids []models.ID
	for _, a := range rows {
		if such(a.Span()) && len(ids) < shownOutside {
			ids = append(ids, a.ID)
		}
	}
	return u.visits(ctx, ids)
}

func (u *Upkeep) visits(ctx context.Context, ids []models.ID) ([]Visit, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []models.Appointment
	if err := u.diary.withLines(ctx).Order("starts_at, id").Find(&rows, "id IN ?", ids).Error; err != nil {
		return nil, fmt.Errorf("read visits outside: %w", err)
	}
	return u.diary.Visits(ctx, rows)
}

// opensFor tells whether the hours of its day cover a span, whatever closes or takes it otherwise.
func (c calendar) opensFor(span models.Span) bool {
	open, ok := c.opening(dateOf(span.Start, c.zone))
	return ok && open.Covers(span)
}
