package booking

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/models"
)

// maxBreaks is how many breaks a stylist may have on one weekday.
const maxBreaks = 2

// SetHours replaces the weekly opening hours; a weekday without a row is closed. was are the hours as
// the actor saw them, and their own version: when others stand by now, services.changed. Visits that
// would stand outside the new hours and not outside the old are services.visits_outside, and
// Obstacles lists them, unless keep says that they stay. Fault: services.invalid (fields "hours.1" for Monday …).
func (u *Upkeep) SetHours(ctx context.Context, actor string, was, now []models.OpeningHours, keep bool) error {
	if err := checkedWeek("hours", now); err != nil {
		return err
	}
	err := u.diary.db.InTx(ctx, func(ctx context.Context) error {
		if err := u.lockTimes(ctx); err != nil {
			return err
		}
		current, err := u.diary.Hours(ctx)
		if err != nil {
			return err
		}
		if WeekText(current) != WeekText(was) {
			return changedMeanwhile()
		}
		if WeekText(current) == WeekText(now) {
			return nil
		}
		outside, err := u.outside(ctx, func(c *calendar) (err error) {
			c.hours, err = newWeek(now)
			return err
		})
		if err == nil {
			err = decided(outside, keep)
		}
		if err != nil {
			return err
		}
		if err := u.replaceHours(ctx, now); err != nil {
			return err
		}
		return u.diary.log.Record(ctx, audit.Entry{
			Actor: actor, Action: "hours.changed", SubjectKind: "hours",
			Before: weekFacts(current), After: weekFacts(now), Detail: kept(outside),
		})
	})
	if err != nil {
		return fmt.Errorf("set opening hours: %w", err)
	}
	return nil
}

func (u *Upkeep) replaceHours(ctx context.Context, week []models.OpeningHours) error {
	if err := u.diary.db.On(ctx).Exec("DELETE FROM opening_hours").Error; err != nil {
		return fmt.Errorf("clear opening hours: %w", err)
	}
	if len(week) == 0 {
		return nil
	}
	if err := u.diary.db.On(ctx).Create(&week).Error; err != nil {
		return fmt.Errorf("write opening hours: %w", err)
	}
	return nil
}

// lockTimes keeps every hold waiting, and everybody else who changes hours: first the stylists, as
// holds do, then the hours themselves.
func (u *Upkeep) lockTimes(ctx context.Context) error {
	for _, lock := range []string{
		"SELECT FROM stylists ORDER BY id FOR NO KEY UPDATE", "LOCK TABLE opening_hours IN SHARE ROW EXCLUSIVE MODE",
	} {
		if err := u.diary.db.On(ctx).Exec(lock).Error; err != nil {
			return fmt.Errorf("lock the salon's times: %w", err)
		}
	}
	return nil
}

// SetBreaks replaces a stylist's weekly breaks. Visits that stand in a new break stay where they are.
// Faults: services.not_found, services.changed, services.invalid (field "breaks").
func (u *Upkeep) SetBreaks(ctx context.Context, actor string, id models.ID, version int, breaks []models.WeeklyBreak) error {
	if err := checkedBreaks(breaks); err != nil {
		return err
	}
	var before, after map[string]any
	_, err := u.alterStylist(ctx, id, "set breaks", func(ctx context.Context, s *models.Stylist) (audit.Entry, error) {
		entry := audit.Entry{Actor: actor, Action: "stylist.breaks_changed"}
		if s.Version != version {
			return entry, changedMeanwhile()
		}
		had, err := u.BreaksOf(ctx, id)
		if err != nil {
			return entry, err
		}
		before, after = breakFacts(had), breakFacts(breaks)
		if same(before, after) {
			return entry, nil
		}
		entry.Detail = map[string]any{"before": before["breaks"], "after": after["breaks"]}
		return entry, u.replaceBreaks(ctx, id, breaks)
	})
	return err
}

func (u *Upkeep) replaceBreaks(ctx context.Context, stylist models.ID, breaks []models.WeeklyBreak) error {
	if err := u.diary.db.On(ctx).Delete(&models.WeeklyBreak{}, "stylist_id = ?", stylist).Error; err != nil {
		return fmt.Errorf("clear breaks: %w", err)
	}
	for _, b := range breaks {
		b.ID, b.StylistID = models.NewID(), stylist
		if err := u.diary.db.On(ctx).Create(&b).Error; err != nil {
			return fmt.Errorf("write break: %w", err)
		}
	}
	return nil
}

var wallTime = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// checkedWeek tells what is wrong with a week of hours: each weekday once, opening before closing.
func checkedWeek(field string, week []models.OpeningHours) error {
	w, seen := wrongs{}, map[time.Weekday]bool{}
	for _, h := range week {
		name := field + "." + strconv.Itoa(int(h.Weekday))
		switch {
		case h.Weekday < time.Sunday || h.Weekday > time.Saturday || seen[h.Weekday]:
			w.say(field, "weekday")
		case !wallTime.MatchString(h.Opens) || !wallTime.MatchString(h.Closes):
			w.say(name, "time")
		case h.Opens >= h.Closes:
			w.say(name, "order")
		}
		seen[h.Weekday] = true
	}
	return w.fault()
}

// checkedBreaks tells what is wrong with a week of breaks: none overlaps another.
func checkedBreaks(breaks []models.WeeklyBreak) error {
	w := wrongs{}
	for i, b := range breaks {
		switch {
		case b.Weekday < time.Sunday || b.Weekday > time.Saturday:
			w.say("breaks", "weekday")
		case !wallTime.MatchString(b.Starts) || !wallTime.MatchString(b.Ends):
			w.say("breaks", "time")
		case b.Starts >= b.Ends:
			w.say("breaks", "order")
		}
		sameDay := 0
		for _, o := range breaks[:i] {
			if o.Weekday != b.Weekday {
				continue
			}
			sameDay++
			if o.Starts < b.Ends && b.Starts < o.Ends {
				w.say("breaks", "overlap")
			}
		}
		if sameDay >= maxBreaks {
			w.say("breaks", "many_breaks")
		}
	}
	return w.fault()
}

// WeekText writes a week of hours in one line, "1 10:00-20:00, 6 10:00-14:00", the same for the same
// hours: a form carries it as the version it was made from.
func WeekText(week []models.OpeningHours) string {
	lines := make([]string, len(week))
	for i, h := range week {
		lines[i] = fmt.Sprintf("%d %s-%s", h.Weekday, h.Opens, h.Closes)
	}
	slices.Sort(lines)
	return strings.Join(lines, ", ")
}

// ReadWeek reads what WeekText wrote; false for anything else.
func ReadWeek(text string) ([]models.OpeningHours, bool) {
	var week []models.OpeningHours
	for line := range strings.SplitSeq(text, ", ") {
		if text == "" {
			break
		}
		day, hours, _ := strings.Cut(line, " ")
		opens, closes, ok := strings.Cut(hours, "-")
		n, err := strconv.Atoi(day)
		if !ok || err != nil {
			return nil, false
		}
		week = append(week, models.OpeningHours{Weekday: time.Weekday(n), Opens: opens, Closes: closes})
	}
	return week, true
}

func weekFacts(week []models.OpeningHours) map[string]any {
	facts := map[string]any{}
	for day := time.Sunday; day <= time.Saturday; day++ {
		facts[strings.ToLower(day.String())] = "closed"
	}
	for _, h := range week {
		facts[strings.ToLower(h.Weekday.String())] = h.Opens + "-" + h.Closes
	}
	return facts
}

func breakFacts(breaks []models.WeeklyBreak) map[string]any {
	lines := make([]string, len(breaks))
	for i, b := range breaks {
		lines[i] = fmt.Sprintf("%d %s-%s", b.Weekday, b.Starts, b.Ends)
	}
	slices.Sort(lines)
	return map[string]any{"breaks": strings.Join(lines, ", ")}
}
