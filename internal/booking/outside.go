package booking

import (
	"context"
	"fmt"
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

// outside lists, at most shownOutside, the live visits that are not over and would stand outside the
// hours after a change of the calendar but do not before it.
func (u *Upkeep) outside(ctx context.Context, change func(*calendar) error) ([]Visit, error) {
	now := u.diary.clock.Now()
	var ahead []models.Appointment
	err := u.diary.db.On(ctx).Where("ends_at > ?", now).Where(liveAt, now).Order("starts_at, id").Find(&ahead).Error
	if err != nil {
		return nil, fmt.Errorf("read visits ahead: %w", err)
	}
	if len(ahead) == 0 {
		return nil, nil
	}
	p, err := u.diary.settings.Policies(ctx)
	if err != nil {
		return nil, err
	}
	span := models.Span{Start: ahead[0].StartsAt, End: ahead[len(ahead)-1].EndsAt}
	before, err := u.diary.calendar(ctx, span, p.Zone(), nil)
	if err != nil {
		return nil, err
	}
	after := before
	after.sets = append([]schedule(nil), before.sets...)
	if err := change(&after); err != nil {
		return nil, err
	}
	var ids []models.ID
	for _, a := range ahead {
		if before.opensFor(a.Span()) && !after.opensFor(a.Span()) && len(ids) < shownOutside {
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
