package simulator

import (
	"context"
	"fmt"
	"slices"
	"time"

	"frontdesk/models"
)

// closeDay closes every stylist's diary on a day of the scene but for the windows it leaves free and the
// visits that stand in it.
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
		kept, err := s.visitsOf(ctx, stylist.ID, open)
		if err != nil {
			return err
		}
		for _, window := range day.free[stylist.Code] {
			kept = append(kept, models.Span{Start: day.date.clock(zone, window[:5]), End: day.date.clock(zone, window[6:])})
		}
		kind, reason := models.BlockBusy, models.Text{"en": "Busy", "es": "Ocupado", "ar": "مشغول"}
		if slices.Contains(day.off, stylist.Code) {
			kind, reason = models.BlockDayOff, models.Text{"en": "Day off", "es": "Día libre", "ar": "يوم إجازة"}
		}
		for _, gap := range around(open, kept) {
			id := stylist.ID
			blocks = append(blocks, models.TimeBlock{
				ID: models.NewID(), StylistID: &id, StartsAt: gap.Start, EndsAt: gap.End,
				Kind: kind, Reason: reason, CreatedAt: s.cfg.Clock.Now(),
			})
		}
	}
	return wrap(s.cfg.DB.On(ctx).Create(&blocks).Error, "close the diaries")
}

// emptyCalendars lets nobody remember what the calendars outside said, or were told: they are empty too.
func (s *Server) emptyCalendars(ctx context.Context) error {
	for _, table := range []string{"calendar_entries", "calendar_reads"} {
		if err := s.cfg.DB.On(ctx).Exec("DELETE FROM " + table).Error; err != nil {
			return fmt.Errorf("empty the calendars: %w", err)
		}
	}
	return nil
}

// visitsOf are the times that a stylist's visits take within a stretch.
func (s *Server) visitsOf(ctx context.Context, stylist models.ID, within models.Span) ([]models.Span, error) {
	var visits []models.Appointment
	err := s.cfg.DB.On(ctx).Where("stylist_id = ? AND status = ? AND starts_at < ? AND ends_at > ?",
		stylist, models.Confirmed, within.End, within.Start).Find(&visits).Error
	if err != nil {
		return nil, fmt.Errorf("read visits of the day: %w", err)
	}
	var spans []models.Span
	for _, v := range visits {
		spans = append(spans, v.Span())
	}
	return spans, nil
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

// around is what is left of the opening time beside the spans that are kept.
func around(open models.Span, kept []models.Span) []models.Span {
	slices.SortFunc(kept, func(a, b models.Span) int { return a.Start.Compare(b.Start) })
	var gaps []models.Span
	from := open.Start
	for _, span := range kept {
		if from.Before(span.Start) {
			gaps = append(gaps, models.Span{Start: from, End: span.Start})
		}
		from = span.End
	}
	if from.Before(open.End) {
		gaps = append(gaps, models.Span{Start: from, End: open.End})
	}
	return gaps
}
