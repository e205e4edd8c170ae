package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// StylistEdit is what people decide about a stylist. The account to sign in with is not part of it.
type StylistEdit struct {
	Names      models.Text // as of a service
	Categories []models.Category
	Phone      string         // as typed; kept as E.164; empty: no notices by WhatsApp
	Email      string         // where notices go by mail; empty: none
	SMSPhone   string         // likewise by SMS; empty: to Phone
	Channels   models.Strings // of notices, in the order they are tried; empty: the salon's
	CalendarID string         // of the calendar outside that they keep; empty: none
}

// Stylists lists all stylists, retired ones too, in the salon's order.
func (u *Upkeep) Stylists(ctx context.Context) ([]models.Stylist, error) {
	var rows []models.Stylist
	if err := u.diary.db.On(ctx).Order("position, code").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read all stylists: %w", err)
	}
	return rows, nil
}

// Stylist reads one stylist. Fault: services.not_found.
func (u *Upkeep) Stylist(ctx context.Context, id models.ID) (models.Stylist, error) {
	return read[models.Stylist](ctx, u.diary.db.On(ctx), id)
}

// BreaksOf reads a stylist's weekly breaks, by weekday and time.
func (u *Upkeep) BreaksOf(ctx context.Context, stylist models.ID) ([]models.WeeklyBreak, error) {
	var rows []models.WeeklyBreak
	if err := u.diary.db.On(ctx).Order("weekday, starts").Find(&rows, "stylist_id = ?", stylist).Error; err != nil {
		return nil, fmt.Errorf("read stylist's breaks: %w", err)
	}
	return rows, nil
}

// Ahead lists a stylist's live holds and visits that are not over, by start.
func (u *Upkeep) Ahead(ctx context.Context, stylist models.ID) ([]Visit, error) {
	now := u.diary.clock.Now()
	var rows []models.Appointment
	err := u.diary.withLines(ctx).Where("stylist_id = ? AND ends_at > ?", stylist, now).Where(liveAt, now).
		Order("starts_at, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read visits ahead: %w", err)
	}
	return u.diary.Visits(ctx, rows)
}

// AddStylist puts a stylist at the end of the salon's order. Fault: services.invalid.
func (u *Upkeep) AddStylist(ctx context.Context, actor string, e StylistEdit) (models.Stylist, error) {
	e, err := e.checked()
	if err != nil {
		return models.Stylist{}, err
	}
	s := models.Stylist{ID: models.NewID(), Active: true}
	err = u.diary.db.InTx(ctx, func(ctx context.Context) error {
		e.on(&s)
		s.CreatedAt = u.diary.clock.Now()
		s.UpdatedAt = s.CreatedAt
		last := u.diary.db.On(ctx).Model(&models.Stylist{}).Select("coalesce(max(position), 0) + 1")
		if err := last.Scan(&s.Position).Error; err != nil {
			return fmt.Errorf("find the end of the order: %w", err)
		}
		name := strings.ToLower(code(e.Names[models.English], "STYLIST"))
		if err := u.insert(ctx, &s, name, func(code string) { s.Code = code }); err != nil {
			return err
		}
		return u.diary.log.Record(ctx, audit.Entry{
			Actor: actor, Action: "stylist.added", SubjectKind: "stylist", SubjectID: s.ID.String(),
			Before: map[string]any{}, After: stylistFacts(s),
		})
	})
	if err != nil {
		return models.Stylist{}, fmt.Errorf("add stylist: %w", alreadyTheirs(err))
	}
	return s, nil
}

// ChangeStylist changes a stylist from now on; visits in a category that is taken away stay. Faults:
// services.not_found, services.changed, services.invalid.
func (u *Upkeep) ChangeStylist(ctx context.Context, actor string, id models.ID, version int, e StylistEdit) (models.Stylist, error) {
	e, err := e.checked()
	if err != nil {
		return models.Stylist{}, err
	}
	return u.alterStylist(ctx, id, "change stylist", func(ctx context.Context, s *models.Stylist) (audit.Entry, error) {
		if s.Version != version {
			return audit.Entry{}, changedMeanwhile()
		}
		entry := audit.Entry{Actor: actor, Action: "stylist.changed", Detail: e.private(*s)}
		if s.Phone != e.Phone {
			if err := u.forgetPhone(ctx, *s); err != nil {
				return entry, err
			}
		}
		kept := s.CalendarID
		e.on(s)
		if kept != s.CalendarID {
			return entry, u.diary.turnTo(ctx, *s)
		}
		return entry, nil
	})
}

// RetireStylist ends the bookings with a stylist; whoever holds a visit that is not over keeps the
// stylist here. Faults: services.not_found, services.visits_ahead (Ahead lists them).
func (u *Upkeep) RetireStylist(ctx context.Context, actor string, id models.ID) (models.Stylist, error) {
	return u.alterStylist(ctx, id, "retire stylist", func(ctx context.Context, s *models.Stylist) (audit.Entry, error) {
		ahead, err := u.Ahead(ctx, id)
		if err != nil {
			return audit.Entry{}, err
		}
		if len(ahead) > 0 {
			f := fault.Conflict("services.visits_ahead")
			f.Facts = map[string]any{"Count": len(ahead)}
			return audit.Entry{}, f
		}
		s.Active = false
		return audit.Entry{Actor: actor, Action: "stylist.retired"}, nil
	})
}

// RestoreStylist lets customers book a retired stylist again. Fault: services.not_found.
func (u *Upkeep) RestoreStylist(ctx context.Context, actor string, id models.ID) (models.Stylist, error) {
	return u.alterStylist(ctx, id, "restore stylist", func(_ context.Context, s *models.Stylist) (audit.Entry, error) {
		s.Active = true
		return audit.Entry{Actor: actor, Action: "stylist.restored"}, nil
	})
}

// MoveStylist moves a stylist up or down in the salon's order. Fault: services.not_found.
func (u *Upkeep) MoveStylist(ctx context.Context, actor string, id models.ID, up bool) error {
	return u.moveIn(ctx, actor, "stylist", "stylists", "''", id, up)
}

// alterStylist changes a locked stylist and records what differs. A hold takes the same lock, so that
// nobody is booked with a stylist who is being retired.
func (u *Upkeep) alterStylist(ctx context.Context, id models.ID, what string, alter func(context.Context, *models.Stylist) (audit.Entry, error)) (models.Stylist, error) {
	var s models.Stylist
	err := u.diary.db.InTx(ctx, func(ctx context.Context) error {
		var err error
		if s, err = locked[models.Stylist](ctx, u.diary, id); err != nil {
			return err
		}
		before := stylistFacts(s)
		entry, err := alter(ctx, &s)
		if err != nil || entry.Detail == nil && same(before, stylistFacts(s)) {
			return err
		}
		s.Version++
		s.UpdatedAt = u.diary.clock.Now()
		if err := u.write(ctx, &s); err != nil {
			return err
		}
		entry.SubjectKind, entry.SubjectID, entry.Before, entry.After = "stylist", id.String(), before, stylistFacts(s)
		return u.diary.log.Record(ctx, entry)
	})
	if err != nil {
		return models.Stylist{}, fmt.Errorf("%s: %w", what, alreadyTheirs(err))
	}
	return s, nil
}

// forgetPhone takes the stylist off the contact of the number they had: it may soon be somebody else's.
func (u *Upkeep) forgetPhone(ctx context.Context, s models.Stylist) error {
	err := u.diary.db.On(ctx).Model(&models.Contact{}).Where("stylist_id = ?", s.ID).Update("stylist_id", nil).Error
	if err != nil {
		return fmt.Errorf("unlink stylist's contact: %w", err)
	}
	return nil
}

// mustWork refuses a stylist who has been retired meanwhile; asked under the stylist's lock. Fault:
// booking.slot_taken.
func (d *Diary) mustWork(ctx context.Context, stylist models.ID) error {
	var row models.Stylist
	err := d.db.On(ctx).Select("id").Take(&row, "id = ? AND active", stylist).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.Conflict("booking.slot_taken")
	}
	if err != nil {
		return fmt.Errorf("read stylist: %w", err)
	}
	return nil
}

// alreadyTheirs says what of a stylist belongs to another one.
func alreadyTheirs(err error) error {
	switch {
	case database.Violates(err, "stylists_phone_once"):
		return wrong("phone", "phone_taken")
	case database.Violates(err, "stylists_calendar_once"):
		return wrong("calendar", "calendar_taken")
	default:
		return err
	}
}

// checked is the edit tidied, or what is wrong with it.
func (e StylistEdit) checked() (StylistEdit, error) {
	w := wrongs{}
	e.Names = w.texts("names", e.Names, MaxName)
	for _, c := range e.Categories {
		if !isCategory(c) {
			w.say("categories", "category")
		}
	}
	if len(e.Categories) == 0 {
		w.say("categories", "category")
	}
	if e.Phone = strings.TrimSpace(e.Phone); e.Phone != "" {
		phone, err := customers.Normalize(e.Phone)
		if err != nil {
			w.say("phone", "phone")
		}
		e.Phone = phone
	}
	e.reached(w)
	return e, w.fault()
}

func (e StylistEdit) on(s *models.Stylist) {
	s.Names, s.Phone, s.Categories = e.Names, e.Phone, models.Strings{}
	s.Email, s.SMSPhone, s.Channels, s.CalendarID = e.Email, e.SMSPhone, e.Channels, e.CalendarID
	for _, c := range []models.Category{models.Hair, models.Aesthetics} {
		if slices.Contains(e.Categories, c) {
			s.Categories = append(s.Categories, string(c))
		}
	}
}

// private names the personal fields that differ; the log refers to a person and copies nothing of them.
func (e StylistEdit) private(s models.Stylist) map[string]any {
	var fields []string
	for _, lang := range models.Languages() {
		if e.Names[lang] != s.Names[lang] {
			fields = append(fields, "name_"+lang)
		}
	}
	if e.Phone != s.Phone {
		fields = append(fields, "phone")
	}
	fields = append(fields, e.contacts(s)...)
	if fields == nil {
		return nil
	}
	return map[string]any{"changed": strings.Join(fields, " ")}
}

func stylistFacts(s models.Stylist) map[string]any {
	return map[string]any{"categories": strings.Join(s.Categories, " "), "active": s.Active}
}
