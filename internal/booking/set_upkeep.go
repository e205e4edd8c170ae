package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/database"
	"frontdesk/models"
)

// maxSetDays is how long a schedule set may last.
const maxSetDays = 366

// SetEdit is what people decide about a schedule set. Customers read its name as the reason why a
// weekday is closed that usually is open.
type SetEdit struct {
	Names    models.Text // as of a service
	From, To models.Date // both included; To not over yet
	Hours    []models.OpeningHours
}

// Sets lists the schedule sets, retired ones too, by their first day.
func (u *Upkeep) Sets(ctx context.Context) ([]models.ScheduleSet, error) {
	var rows []models.ScheduleSet
	if err := withHours(u.diary.db.On(ctx)).Order("starts_on, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read all schedule sets: %w", err)
	}
	return rows, nil
}

// Set reads one schedule set. Fault: services.not_found.
func (u *Upkeep) Set(ctx context.Context, id models.ID) (models.ScheduleSet, error) {
	return read[models.ScheduleSet](ctx, withHours(u.diary.db.On(ctx)), id)
}

// AddSet makes a schedule set; keep as in SetHours. Faults: services.invalid (also for days that follow
// another set already), services.visits_outside.
func (u *Upkeep) AddSet(ctx context.Context, actor string, e SetEdit, keep bool) (models.ScheduleSet, error) {
	now := u.diary.clock.Now()
	set := models.ScheduleSet{ID: models.NewID(), Active: true, CreatedAt: now, UpdatedAt: now}
	err := u.diary.db.InTx(ctx, func(ctx context.Context) error {
		if err := u.lockTimes(ctx); err != nil {
			return err
		}
		if err := u.edit(ctx, &set, e); err != nil {
			return err
		}
		outside, err := u.outsideSet(ctx, set, keep)
		if err != nil {
			return err
		}
		if err := u.diary.db.On(ctx).Create(&set).Error; err != nil {
			return fmt.Errorf("insert set: %w", err)
		}
		return u.diary.log.Record(ctx, audit.Entry{
			Actor: actor, Action: "set.added", SubjectKind: "set", SubjectID: set.ID.String(),
			Before: map[string]any{}, After: setFacts(set), Detail: kept(outside),
		})
	})
	if err != nil {
		return models.ScheduleSet{}, fmt.Errorf("add schedule set: %w", sharesDays(err))
	}
	return set, nil
}

// ChangeSet changes a schedule set; keep as in SetHours. Faults: services.not_found, services.changed,
// services.invalid, services.visits_outside.
func (u *Upkeep) ChangeSet(ctx context.Context, actor string, id models.ID, version int, e SetEdit, keep bool) (models.ScheduleSet, error) {
	return u.alterSet(ctx, actor, "set.changed", id, keep, func(ctx context.Context, set *models.ScheduleSet) error {
		if set.Version != version {
			return changedMeanwhile()
		}
		return u.edit(ctx, set, e)
	})
}

// RetireSet lets the weekly hours hold again on the set's days; keep as in SetHours. Faults:
// services.not_found, services.visits_outside.
func (u *Upkeep) RetireSet(ctx context.Context, actor string, id models.ID, keep bool) (models.ScheduleSet, error) {
	return u.alterSet(ctx, actor, "set.retired", id, keep, func(_ context.Context, set *models.ScheduleSet) error {
		set.Active = false
		return nil
	})
}

// RestoreSet lets a retired set hold again; keep as in SetHours. Faults: services.not_found,
// services.invalid when another set has taken some of its days, services.visits_outside.
func (u *Upkeep) RestoreSet(ctx context.Context, actor string, id models.ID, keep bool) (models.ScheduleSet, error) {
	return u.alterSet(ctx, actor, "set.restored", id, keep, func(_ context.Context, set *models.ScheduleSet) error {
		set.Active = true
		return nil
	})
}

// alterSet changes a set under the lock of all times and records what differs.
func (u *Upkeep) alterSet(ctx context.Context, actor, action string, id models.ID, keep bool, alter func(context.Context, *models.ScheduleSet) error) (models.ScheduleSet, error) {
	var set models.ScheduleSet
	err := u.diary.db.InTx(ctx, func(ctx context.Context) error {
		if err := u.lockTimes(ctx); err != nil {
			return err
		}
		var err error
		if set, err = u.Set(ctx, id); err != nil {
			return err
		}
		before := setFacts(set)
		if err := alter(ctx, &set); err != nil || same(before, setFacts(set)) {
			return err
		}
		outside, err := u.outsideSet(ctx, set, keep)
		if err != nil {
			return err
		}
		set.Version++
		set.UpdatedAt = u.diary.clock.Now()
		if err := u.replaceSet(ctx, set); err != nil {
			return err
		}
		return u.diary.log.Record(ctx, audit.Entry{
			Actor: actor, Action: action, SubjectKind: "set", SubjectID: id.String(),
			Before: before, After: setFacts(set), Detail: kept(outside),
		})
	})
	if err != nil {
		return models.ScheduleSet{}, fmt.Errorf("%s: %w", action, sharesDays(err))
	}
	return set, nil
}

// replaceSet writes a set and its hours.
func (u *Upkeep) replaceSet(ctx context.Context, set models.ScheduleSet) error {
	if err := u.write(ctx, &set); err != nil {
		return err
	}
	if err := u.diary.db.On(ctx).Delete(&models.ScheduleHours{}, "set_id = ?", set.ID).Error; err != nil {
		return fmt.Errorf("clear set's hours: %w", err)
	}
	if len(set.Hours) == 0 {
		return nil
	}
	if err := u.diary.db.On(ctx).Create(&set.Hours).Error; err != nil {
		return fmt.Errorf("write set's hours: %w", err)
	}
	return nil
}

// outsideSet finds the visits that a changed set leaves outside, and refuses them unless they are kept.
func (u *Upkeep) outsideSet(ctx context.Context, set models.ScheduleSet, keep bool) ([]Visit, error) {
	outside, err := u.outside(ctx, func(c *calendar) error {
		c.sets = slices.DeleteFunc(c.sets, func(s schedule) bool { return s.ID == set.ID })
		if !set.Active {
			return nil
		}
		return c.follow([]models.ScheduleSet{set})
	})
	if err != nil {
		return nil, err
	}
	return outside, decided(outside, keep)
}

// sharesDays gives the fault of a set whose days follow another set already.
func sharesDays(err error) error {
	if database.Violates(err, "schedule_sets_no_overlap") {
		return wrong("from", "shared_days")
	}
	return err
}

// edit puts a checked edit into a set.
func (u *Upkeep) edit(ctx context.Context, set *models.ScheduleSet, e SetEdit) error {
	p, err := u.diary.settings.Policies(ctx)
	if err != nil {
		return err
	}
	if e, err = e.checked(models.DateOf(u.diary.clock.Now().In(p.Zone()))); err != nil {
		return err
	}
	set.Names, set.StartsOn, set.EndsOn, set.Hours = e.Names, e.From, e.To, nil
	for _, h := range e.Hours {
		set.Hours = append(set.Hours, models.ScheduleHours{SetID: set.ID, Weekday: h.Weekday, Opens: h.Opens, Closes: h.Closes})
	}
	slices.SortFunc(set.Hours, func(a, b models.ScheduleHours) int { return int(a.Weekday) - int(b.Weekday) })
	return nil
}

// checked is the edit tidied, or what is wrong with it.
func (e SetEdit) checked(today models.Date) (SetEdit, error) {
	w := wrongs{}
	e.Names = w.texts("names", e.Names, MaxName)
	_, fromOK := models.ParseDate(string(e.From))
	_, toOK := models.ParseDate(string(e.To))
	if !fromOK {
		w.say("from", "date")
	}
	switch {
	case !toOK:
		w.say("to", "date")
	case !fromOK:
	case e.To < e.From:
		w.say("to", "date_order")
	case e.To < today:
		w.say("to", "past")
	case e.To.In(time.UTC).Sub(e.From.In(time.UTC)) >= maxSetDays*24*time.Hour:
		w.say("to", "long_set")
	}
	for _, fault := range []error{w.fault(), checkedWeek("hours", e.Hours)} {
		if fault != nil {
			return e, fault
		}
	}
	return e, nil
}

func setFacts(set models.ScheduleSet) map[string]any {
	facts := weekFacts(set.Week())
	facts["from"], facts["to"], facts["active"] = set.StartsOn, set.EndsOn, set.Active
	for _, lang := range models.Languages() {
		facts["name_"+lang] = set.Names[lang]
	}
	return facts
}
