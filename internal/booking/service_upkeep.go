package booking

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/database"
	"frontdesk/models"
)

// ServiceEdit is what people decide about a service.
type ServiceEdit struct {
	Category   models.Category
	Minutes    int   // MinMinutes to MaxMinutes in steps of MinutesStep
	PriceMinor int64 // 0 to MaxPriceMinor
	// DepositPercent overrides the salon's percentage, 0 to 100; nil follows the policy.
	DepositPercent *int
	Names          models.Text // all three languages, one line, at most MaxName runes
	// Synonyms are other words customers use, each at most MaxSynonym runes, at most MaxSynonyms a language.
	Synonyms models.Words
}

// Services lists all services, retired ones too, in the order customers read them.
func (u *Upkeep) Services(ctx context.Context) ([]models.Service, error) {
	var rows []models.Service
	if err := u.diary.db.On(ctx).Order("position, code").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read all services: %w", err)
	}
	return rows, nil
}

// Service reads one service. Fault: services.not_found.
func (u *Upkeep) Service(ctx context.Context, id models.ID) (models.Service, error) {
	return read[models.Service](ctx, u.diary.db.On(ctx), id)
}

// AddService puts a service at the end of the menu, under a code made of its English name. Fault:
// services.invalid.
func (u *Upkeep) AddService(ctx context.Context, actor string, e ServiceEdit) (models.Service, error) {
	e, err := e.checked()
	if err != nil {
		return models.Service{}, err
	}
	s := models.Service{ID: models.NewID(), Active: true}
	err = u.diary.db.InTx(ctx, func(ctx context.Context) error {
		p, err := u.diary.settings.Kept(ctx)
		if err != nil {
			return err
		}
		e.on(&s)
		s.Currency, s.CreatedAt = p.Currency, u.diary.clock.Now()
		s.UpdatedAt = s.CreatedAt
		last := u.diary.db.On(ctx).Model(&models.Service{}).Select("coalesce(max(position), 0) + 1")
		if err := last.Scan(&s.Position).Error; err != nil {
			return fmt.Errorf("find the end of the menu: %w", err)
		}
		if err := u.insert(ctx, &s, code(e.Names[models.English], "SERVICE"), func(code string) { s.Code = code }); err != nil {
			return err
		}
		return u.diary.log.Record(ctx, audit.Entry{
			Actor: actor, Action: "service.added", SubjectKind: "service", SubjectID: s.ID.String(),
			Before: map[string]any{}, After: serviceFacts(s),
		})
	})
	if err != nil {
		return models.Service{}, fmt.Errorf("add service: %w", err)
	}
	return s, nil
}

// ChangeService changes a service from now on: the next quote uses it, visits that are booked keep
// theirs. An edit that changes nothing leaves no trace. Faults: services.not_found, services.changed,
// services.invalid (also for the category of a service that is in a pack).
func (u *Upkeep) ChangeService(ctx context.Context, actor string, id models.ID, version int, e ServiceEdit) (models.Service, error) {
	e, err := e.checked()
	if err != nil {
		return models.Service{}, err
	}
	return u.alterService(ctx, id, "change service", func(s *models.Service) (audit.Entry, error) {
		if s.Version != version {
			return audit.Entry{}, changedMeanwhile()
		}
		e.on(s)
		return audit.Entry{Actor: actor, Action: "service.changed"}, nil
	})
}

// RetireService takes a service off the menu. Packs that contain it are not sold meanwhile; visits stay.
// Fault: services.not_found.
func (u *Upkeep) RetireService(ctx context.Context, actor string, id models.ID) (models.Service, error) {
	return u.alterService(ctx, id, "retire service", func(s *models.Service) (audit.Entry, error) {
		s.Active = false
		return audit.Entry{Actor: actor, Action: "service.retired"}, nil
	})
}

// RestoreService puts a retired service back on the menu, at its old place. Fault: services.not_found.
func (u *Upkeep) RestoreService(ctx context.Context, actor string, id models.ID) (models.Service, error) {
	return u.alterService(ctx, id, "restore service", func(s *models.Service) (audit.Entry, error) {
		s.Active = true
		return audit.Entry{Actor: actor, Action: "service.restored"}, nil
	})
}

// alterService changes a locked service and records what differs.
func (u *Upkeep) alterService(ctx context.Context, id models.ID, what string, alter func(*models.Service) (audit.Entry, error)) (models.Service, error) {
	var s models.Service
	err := u.diary.db.InTx(ctx, func(ctx context.Context) error {
		var err error
		if s, err = locked[models.Service](ctx, u.diary, id); err != nil {
			return err
		}
		before := serviceFacts(s)
		entry, err := alter(&s)
		if err != nil || same(before, serviceFacts(s)) {
			return err
		}
		s.Version++
		s.UpdatedAt = u.diary.clock.Now()
		if err := u.write(ctx, &s); err != nil {
			return err
		}
		entry.SubjectKind, entry.SubjectID, entry.Before, entry.After = "service", id.String(), before, serviceFacts(s)
		return u.diary.log.Record(ctx, entry)
	})
	if database.Violates(err, "pack_services_service") {
		return models.Service{}, wrong("category", "in_pack")
	}
	if err != nil {
		return models.Service{}, fmt.Errorf("%s: %w", what, err)
	}
	return s, nil
}

// MoveService moves a service up or down among those of its category; the first and the last stay.
// Fault: services.not_found.
func (u *Upkeep) MoveService(ctx context.Context, actor string, id models.ID, up bool) error {
	return u.moveIn(ctx, actor, "service", "services", "category", id, up)
}

func (u *Upkeep) moveIn(ctx context.Context, actor, kind, table, among string, id models.ID, up bool) error {
	err := u.diary.db.InTx(ctx, func(ctx context.Context) error {
		from, to, err := u.move(ctx, table, among, id, up)
		if err != nil || from == to {
			return err
		}
		return u.diary.log.Record(ctx, audit.Entry{
			Actor: actor, Action: kind + ".moved", SubjectKind: kind, SubjectID: id.String(),
			Before: map[string]any{"position": from}, After: map[string]any{"position": to},
		})
	})
	if err != nil {
		return fmt.Errorf("move %s: %w", kind, err)
	}
	return nil
}

// checked is the edit tidied, or what is wrong with it.
func (e ServiceEdit) checked() (ServiceEdit, error) {
	w := wrongs{}
	if !isCategory(e.Category) {
		w.say("category", "category")
	}
	w.length(e.Minutes)
	w.price(e.PriceMinor)
	if e.DepositPercent != nil && (*e.DepositPercent < 0 || *e.DepositPercent > 100) {
		w.say("deposit", "percent")
	}
	e.Names = w.texts("names", e.Names, MaxName)
	tidy := models.Words{}
	for _, lang := range models.Languages() {
		tidy[lang] = synonyms(e.Synonyms[lang])
		if len(tidy[lang]) > MaxSynonyms {
			w.say("synonyms."+lang, "many")
		}
		if slices.ContainsFunc(tidy[lang], func(s string) bool { return utf8.RuneCountInString(s) > MaxSynonym }) {
			w.say("synonyms."+lang, "long_word")
		}
	}
	e.Synonyms = tidy
	return e, w.fault()
}

// synonyms are the words as typed, each once.
func synonyms(typed []string) []string {
	kept := []string{}
	for _, s := range typed {
		s = oneLine(s)
		if s != "" && !slices.ContainsFunc(kept, func(k string) bool { return strings.EqualFold(k, s) }) {
			kept = append(kept, s)
		}
	}
	return kept
}

func (e ServiceEdit) on(s *models.Service) {
	s.Category, s.Minutes, s.PriceMinor, s.DepositPercent = e.Category, e.Minutes, e.PriceMinor, e.DepositPercent
	s.Names, s.Synonyms = e.Names, e.Synonyms
}

func isCategory(c models.Category) bool { return c == models.Hair || c == models.Aesthetics }

func serviceFacts(s models.Service) map[string]any {
	facts := map[string]any{
		"category": s.Category, "minutes": s.Minutes, "price_minor": s.PriceMinor, "deposit_percent": s.DepositPercent, "active": s.Active,
	}
	for _, lang := range models.Languages() {
		facts["name_"+lang] = s.Names[lang]
		facts["synonyms_"+lang] = strings.Join(s.Synonyms[lang], ", ")
	}
	return facts
}

// onTakenCode lets an insert pass over a code that somebody else has.
func onTakenCode() clause.OnConflict {
	return clause.OnConflict{Columns: []clause.Column{{Name: "code"}}, DoNothing: true}
}
