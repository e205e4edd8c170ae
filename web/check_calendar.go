package main

import (
	"context"
	"strings"

	"frontdesk/internal/booking"
	"frontdesk/internal/calendar"
	"frontdesk/internal/database"
	"frontdesk/models"
)

// calendarProbe asks for the service account's own calendar, and then for each stylist's: one that is not shared
// is named.
type calendarProbe struct {
	client  *calendar.Client
	keepers func(context.Context) ([]models.Stylist, error)
}

// unreachable are calendars that cannot be read, each under its stylist's code.
type unreachable []string

func (u unreachable) Error() string { return strings.Join(u, ", ") }

// Check reads one entry of each.
func (p calendarProbe) Check(ctx context.Context) error {
	if err := p.client.Check(ctx); err != nil {
		return err
	}
	keepers, err := p.keepers(ctx)
	if err != nil {
		return unreachable{"the stylists' calendars are not known: the database does not say"}
	}
	var failed unreachable
	for _, s := range keepers {
		if err := p.client.CheckCalendar(ctx, s.CalendarID); err != nil {
			failed = append(failed, s.Code+" "+calendar.Code(err))
		}
	}
	if failed != nil {
		return failed
	}
	return nil
}

// calendarKeepers reads whose calendars there are; without a database nobody's.
func (c *Config) calendarKeepers(ctx context.Context) ([]models.Stylist, error) {
	if c.DatabaseURL == "" {
		return nil, nil
	}
	db, err := database.Open(ctx, c.DatabaseURL, database.Options{MaxConns: 1})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return booking.CalendarKeepers(ctx, db)
}
