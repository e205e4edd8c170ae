package booking

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	outside "frontdesk/internal/calendar"
	"frontdesk/internal/i18n"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// external are the stylists' own calendars, outside. Our rows are the truth: what we write there says
// what they say, and what others write there is read back as closed time.
type external struct {
	client *outside.Client // nil: there are none
	texts  *i18n.Catalogue
}

// WithCalendars lets the diary keep the stylists' calendars outside; no client: there are none.
func WithCalendars(client *outside.Client, texts *i18n.Catalogue) Option {
	return func(d *Diary) { d.external = external{client, texts} }
}

// shownAs is how sure the entry of a visit is; empty: it has none.
func shownAs(s models.AppointmentStatus) outside.State {
	switch s {
	case models.Provisional:
		return outside.Provisional
	case models.Confirmed, models.ReschedulePending, models.Completed, models.NoShow:
		return outside.Confirmed
	default:
		return ""
	}
}

// mirror lets the calendars outside follow a change of an appointment, once it is committed. Every
// change goes through here.
func (d *Diary) mirror(ctx context.Context, was, is models.Appointment) error {
	same := shownAs(was.Status) == shownAs(is.Status)
	if d.external.client == nil || same && was.StylistID == is.StylistID && was.Span() == is.Span() {
		return nil
	}
	return d.queue.Enqueue(ctx, queue.CalendarPush{AppointmentID: is.ID})
}

// pushRounds is how often a push goes after a visit that changes meanwhile, before it lets others work.
const pushRounds = 4

// PushVisit lets the calendars outside say of a visit what its row says: one entry in the calendar of
// its stylist, none anywhere else. It may run at any time, in any order and twice at once: whoever wrote looks
// at the row again, so that the last word is always that of the row. A visit that is gone has no entry.
func (d *Diary) PushVisit(ctx context.Context, id models.ID) error {
	if d.external.client == nil {
		return nil
	}
	touched := map[string]bool{}
	for range pushRounds {
		want, err := d.wanted(ctx, id)
		if err != nil {
			return err
		}
		if err := d.push(ctx, want, touched); err != nil {
			return fmt.Errorf("push visit: %w", busyIsLater(err))
		}
		if done, err := d.pushed(ctx, want); err != nil || done {
			return err
		}
	}
	return queue.Busy("the visit keeps changing")
}

// busyIsLater lets a call that found no place come back without counting as a failure.
func busyIsLater(err error) error {
	if outside.Code(err) == outside.CodeBusy {
		return queue.Busy("enough calls to the calendars are under way")
	}
	return err
}

// wish is what the calendars are to say of a visit.
type wish struct {
	visit    outside.Visit
	calendar string // where; empty: nowhere
	entries  []models.CalendarEntry
}

func (w wish) in(calendarID string) (models.CalendarEntry, bool) {
	return first(w.entries, func(e models.CalendarEntry) bool { return e.CalendarID == calendarID })
}

// wanted reads the row and notes, before anything is written outside, where that is going to be.
func (d *Diary) wanted(ctx context.Context, id models.ID) (w wish, err error) {
	w.visit.ID = id
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		var a models.Appointment
		switch err := d.withLines(ctx).Take(&a, "id = ?", id).Error; {
		case errors.Is(err, gorm.ErrRecordNotFound):
		case err != nil:
			return fmt.Errorf("read visit: %w", err)
		default:
			if err := d.describe(ctx, a, &w); err != nil {
				return err
			}
		}
		if err := d.db.On(ctx).Order("calendar_id").Find(&w.entries, "appointment_id = ?", id).Error; err != nil {
			return fmt.Errorf("read where a visit is shown: %w", err)
		}
		if w.calendar == "" {
			return nil
		}
		return d.expectEntry(ctx, id, w.calendar)
	})
	return w, err
}

// expectEntry notes that a visit may have an entry in a calendar.
func (d *Diary) expectEntry(ctx context.Context, visit models.ID, calendarID string) error {
	row := models.CalendarEntry{AppointmentID: visit, CalendarID: calendarID}
	if err := d.db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("note where a visit is shown: %w", err)
	}
	return nil
}

// describe says what the entry of a visit is.
func (d *Diary) describe(ctx context.Context, a models.Appointment, w *wish) error {
	w.visit.Version, w.visit.StylistID = a.Version, a.StylistID
	state := shownAs(a.Status)
	if state == "" {
		return nil
	}
	var stylist models.Stylist
	if err := d.db.On(ctx).Take(&stylist, "id = ?", a.StylistID).Error; err != nil {
		return fmt.Errorf("read stylist: %w", err)
	}
	if w.calendar = stylist.CalendarID; w.calendar == "" {
		return nil
	}
	title, err := d.titleOf(ctx, a)
	w.visit.Title, w.visit.Span, w.visit.State = title, a.Span(), state
	return err
}

// titleOf is what a calendar outside shows of a visit: the first name of who comes and what for, and that
// the visit is only held, in the stylist's language. No surname, phone, price or note leaves the house.
func (d *Diary) titleOf(ctx context.Context, a models.Appointment) (string, error) {
	var customer models.Customer
	if err := d.db.On(ctx).Select("name").Take(&customer, "id = ?", a.CustomerID).Error; err != nil {
		return "", fmt.Errorf("read who comes: %w", err)
	}
	menu, err := d.Menu(ctx)
	if err != nil {
		return "", err
	}
	lang, err := d.languageOf(ctx, a.StylistID)
	if err != nil {
		return "", err
	}
	title := entryTitle(a, customer, menu, lang)
	if shownAs(a.Status) == outside.Provisional {
		title = d.external.texts.Text(lang, "calendar.provisional", map[string]any{"Visit": title})
	}
	return title, nil
}

// entryTitle is the first name of who comes, and what for.
func entryTitle(a models.Appointment, customer models.Customer, menu Menu, lang models.Language) string {
	var what []string
	for _, name := range menu.NamesOf(a) {
		what = append(what, name.In(lang))
	}
	title := strings.Join(what, " + ")
	if who := firstName(a.ForName, customer.Name); who != "" {
		title = who + " · " + title
	}
	return title
}

// firstName is the first word of the first name that is one.
func firstName(names ...string) string {
	for _, name := range names {
		if words := strings.Fields(name); len(words) > 0 {
			return words[0]
		}
	}
	return ""
}

// languageOf is the language of a stylist's console account, English without one.
func (d *Diary) languageOf(ctx context.Context, stylist models.ID) (models.Language, error) {
	var spoken []models.Language
	err := d.db.On(ctx).Model(&models.Staff{}).Where("stylist_id = ? AND disabled_at IS NULL", stylist).Order("created_at").Limit(1).Pluck("language", &spoken).Error
	if err != nil {
		return "", fmt.Errorf("read language of stylist: %w", err)
	}
	return append(spoken, models.English)[0], nil
}

// push writes the entry where it is wanted, then takes it out everywhere else it may be: a visit that moves
// to another stylist is in both calendars for a moment, never in none. touched are the calendars this job
// has written to, whatever others noted meanwhile. A calendar that lets us write no more keeps its entry: should
// it be shared again, the first reading finds that.
func (d *Diary) push(ctx context.Context, w wish, touched map[string]bool) error {
	if w.calendar != "" {
		known, _ := w.in(w.calendar)
		there := known.Version > 0 || touched[w.calendar]
		touched[w.calendar] = true
		if err := d.external.client.Put(ctx, w.calendar, w.visit, there); err != nil {
			return err
		}
	}
	for _, e := range w.entries {
		touched[e.CalendarID] = true
	}
	for calendarID := range touched {
		if calendarID == w.calendar {
			continue
		}
		err := d.external.client.Remove(ctx, calendarID, w.visit.ID)
		if outside.Refused(err) {
			slog.WarnContext(ctx, "a calendar keeps an entry of ours", "visit", w.visit.ID, "code", outside.Code(err))
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pushed notes what was written and tells whether the row is still what it was written from.
func (d *Diary) pushed(ctx context.Context, w wish) (done bool, err error) {
	now := d.clock.Machine()
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		gone := d.db.On(ctx).Where("appointment_id = ? AND calendar_id <> ?", w.visit.ID, w.calendar)
		var elsewhere []string
		for _, e := range w.entries {
			elsewhere = append(elsewhere, e.CalendarID)
		}
		if err := gone.Where("calendar_id IN ?", elsewhere).Delete(&models.CalendarEntry{}).Error; err != nil {
			return fmt.Errorf("forget where a visit was shown: %w", err)
		}
		shown := d.db.On(ctx).Model(&models.CalendarEntry{}).Where("appointment_id = ? AND calendar_id = ?", w.visit.ID, w.calendar)
		if err := shown.Updates(map[string]any{"version": w.visit.Version, "pushed_at": now}).Error; err != nil {
			return fmt.Errorf("note what a calendar shows: %w", err)
		}
		var version int64 // 0: the visit is gone
		if err := d.db.On(ctx).Model(&models.Appointment{}).Select("version").Where("id = ?", w.visit.ID).Scan(&version).Error; err != nil {
			return fmt.Errorf("look at the visit again: %w", err)
		}
		done = version == w.visit.Version
		return nil
	})
	return done, err
}
