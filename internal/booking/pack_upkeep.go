package booking

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/database"
	"frontdesk/models"
)

// PackEdit is what people decide about a pack. Its category is that of its services, its saving is
// computed and never typed (C10).
type PackEdit struct {
	ServiceIDs []models.ID // in the order customers read them: two at least, each once, of one category
	Minutes    int         // as of a service
	PriceMinor int64       // as of a service
	Names      models.Text // as of a service
}

// PackOnSale is a pack, its contents and what it saves today.
type PackOnSale struct {
	PackOffer
	// Complete is false while a service in it is retired: the pack is not sold then.
	Complete bool
}

// Packs lists all packs, retired ones too, by code.
func (u *Upkeep) Packs(ctx context.Context) ([]PackOnSale, error) {
	var rows []models.Pack
	if err := withContents(u.diary.db.On(ctx)).Order("code").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read all packs: %w", err)
	}
	services, err := u.Services(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]PackOnSale, len(rows))
	for i, p := range rows {
		out[i] = onSale(p, services)
	}
	return out, nil
}

// Pack reads one pack. Fault: services.not_found.
func (u *Upkeep) Pack(ctx context.Context, id models.ID) (PackOnSale, error) {
	p, err := read[models.Pack](ctx, withContents(u.diary.db.On(ctx)), id)
	if err != nil {
		return PackOnSale{}, err
	}
	services, err := u.Services(ctx)
	return onSale(p, services), err
}

// Preview is a pack as it would be, for showing what it saves before it is saved.
func (u *Upkeep) Preview(ctx context.Context, e PackEdit) (PackOnSale, error) {
	services, err := u.Services(ctx)
	p := models.Pack{Minutes: e.Minutes, PriceMinor: e.PriceMinor, Names: e.Names}
	for _, id := range e.ServiceIDs {
		p.Services = append(p.Services, models.PackService{ServiceID: id})
	}
	return onSale(p, services), err
}

func withContents(q *gorm.DB) *gorm.DB {
	return q.Preload("Services", func(q *gorm.DB) *gorm.DB { return q.Order("position") })
}

func onSale(p models.Pack, services []models.Service) PackOnSale {
	all := Menu{Services: services}
	out := PackOnSale{PackOffer: PackOffer{Pack: p}, Complete: true}
	for _, link := range p.Services {
		s, known := all.ServiceByID(link.ServiceID)
		out.Complete = out.Complete && known && s.Active
		if known {
			out.Contents = append(out.Contents, s)
		}
	}
	out.SinglesMinutes, out.SinglesMinor = Total(out.Contents)
	out.SavingMinor = out.SinglesMinor - p.PriceMinor
	return out
}

// AddPack offers a new pack. Fault: services.invalid.
func (u *Upkeep) AddPack(ctx context.Context, actor string, e PackEdit) (models.Pack, error) {
	p := models.Pack{ID: models.NewID(), Active: true}
	err := u.diary.db.InTx(ctx, func(ctx context.Context) error {
		policies, err := u.diary.settings.Kept(ctx)
		if err != nil {
			return err
		}
		e, category, err := u.checkedPack(ctx, e, nil)
		if err != nil {
			return err
		}
		e.on(&p, category)
		p.Currency, p.CreatedAt = policies.Currency, u.diary.clock.Now()
		p.UpdatedAt = p.CreatedAt
		if err := u.insert(ctx, &p, "PACK_"+code(e.Names[models.English], "NEW"), func(code string) { p.Code = code }); err != nil {
			return err
		}
		if err := u.fill(ctx, p); err != nil {
			return err
		}
		return u.diary.log.Record(ctx, audit.Entry{
			Actor: actor, Action: "pack.added", SubjectKind: "pack", SubjectID: p.ID.String(),
			Before: map[string]any{}, After: packFacts(p),
		})
	})
	if err != nil {
		return models.Pack{}, fmt.Errorf("add pack: %w", mixed(err))
	}
	return p, nil
}

// ChangePack changes a pack from now on; booked visits keep theirs. Faults: services.not_found,
// services.changed, services.invalid.
func (u *Upkeep) ChangePack(ctx context.Context, actor string, id models.ID, version int, e PackEdit) (models.Pack, error) {
	return u.alterPack(ctx, id, "change pack", func(ctx context.Context, p *models.Pack) (audit.Entry, error) {
		if p.Version != version {
			return audit.Entry{}, changedMeanwhile()
		}
		e, category, err := u.checkedPack(ctx, e, p.Services)
		if err == nil {
			e.on(p, category)
		}
		return audit.Entry{Actor: actor, Action: "pack.changed"}, err
	})
}

// RetirePack stops offering a pack. Fault: services.not_found.
func (u *Upkeep) RetirePack(ctx context.Context, actor string, id models.ID) (models.Pack, error) {
	return u.alterPack(ctx, id, "retire pack", func(_ context.Context, p *models.Pack) (audit.Entry, error) {
		p.Active = false
		return audit.Entry{Actor: actor, Action: "pack.retired"}, nil
	})
}

// RestorePack offers a retired pack again. Fault: services.not_found.
func (u *Upkeep) RestorePack(ctx context.Context, actor string, id models.ID) (models.Pack, error) {
	return u.alterPack(ctx, id, "restore pack", func(_ context.Context, p *models.Pack) (audit.Entry, error) {
		p.Active = true
		return audit.Entry{Actor: actor, Action: "pack.restored"}, nil
	})
}

// alterPack changes a locked pack and records what differs.
func (u *Upkeep) alterPack(ctx context.Context, id models.ID, what string, alter func(context.Context, *models.Pack) (audit.Entry, error)) (models.Pack, error) {
	var p models.Pack
	err := u.diary.db.InTx(ctx, func(ctx context.Context) error {
		var err error
		if p, err = locked[models.Pack](ctx, u.diary, id); err != nil {
			return err
		}
		if err := u.diary.db.On(ctx).Order("position").Find(&p.Services, "pack_id = ?", id).Error; err != nil {
			return fmt.Errorf("read pack's contents: %w", err)
		}
		before := packFacts(p)
		entry, err := alter(ctx, &p)
		if err != nil || same(before, packFacts(p)) {
			return err
		}
		p.Version++
		p.UpdatedAt = u.diary.clock.Now()
		if err := u.refill(ctx, p); err != nil {
			return err
		}
		entry.SubjectKind, entry.SubjectID, entry.Before, entry.After = "pack", id.String(), before, packFacts(p)
		return u.diary.log.Record(ctx, entry)
	})
	if err != nil {
		return models.Pack{}, fmt.Errorf("%s: %w", what, mixed(err))
	}
	return p, nil
}

// refill writes the pack and what it contains now.
func (u *Upkeep) refill(ctx context.Context, p models.Pack) error {
	if err := u.diary.db.On(ctx).Delete(&models.PackService{}, "pack_id = ?", p.ID).Error; err != nil {
		return fmt.Errorf("empty pack: %w", err)
	}
	if err := u.write(ctx, &p); err != nil {
		return err
	}
	return u.fill(ctx, p)
}

func (u *Upkeep) fill(ctx context.Context, p models.Pack) error {
	if err := u.diary.db.On(ctx).Create(&p.Services).Error; err != nil {
		return fmt.Errorf("fill pack: %w", err)
	}
	return nil
}

// mixed gives the fault of a pack whose service changed its category in the same moment.
func mixed(err error) error {
	if database.Violates(err, "pack_services_service") {
		return wrong("services", "mixed")
	}
	return err
}

// checkedPack is the edit tidied and its category, or what is wrong with it. A service that is retired
// may stay in a pack that holds it already.
func (u *Upkeep) checkedPack(ctx context.Context, e PackEdit, had []models.PackService) (PackEdit, models.Category, error) {
	w := wrongs{}
	w.length(e.Minutes)
	w.price(e.PriceMinor)
	e.Names = w.texts("names", e.Names, MaxName)
	services, err := u.Services(ctx)
	if err != nil {
		return e, "", err
	}
	categories, all := map[models.Category]bool{}, Menu{Services: services}
	var category models.Category
	for i, id := range e.ServiceIDs {
		s, known := all.ServiceByID(id)
		held := slices.ContainsFunc(had, func(l models.PackService) bool { return l.ServiceID == id })
		if !known || !s.Active && !held || slices.Contains(e.ServiceIDs[:i], id) {
			w.say("services", "unknown_service")
		}
		category = s.Category
		categories[category] = true
	}
	switch {
	case len(e.ServiceIDs) < 2:
		w.say("services", "few")
	case len(e.ServiceIDs) > MaxPackContent:
		w.say("services", "too_many")
	case len(categories) > 1:
		w.say("services", "mixed")
	}
	return e, category, w.fault()
}

func (e PackEdit) on(p *models.Pack, category models.Category) {
	p.Category, p.Minutes, p.PriceMinor, p.Names = category, e.Minutes, e.PriceMinor, e.Names
	p.Services = nil
	for i, id := range e.ServiceIDs {
		p.Services = append(p.Services, models.PackService{PackID: p.ID, ServiceID: id, Category: category, Position: i})
	}
}

func packFacts(p models.Pack) map[string]any {
	ids := make([]string, len(p.Services))
	for i, s := range p.Services {
		ids[i] = s.ServiceID.String()
	}
	facts := map[string]any{
		"category": p.Category, "minutes": p.Minutes, "price_minor": p.PriceMinor, "active": p.Active, "services": strings.Join(ids, " "),
	}
	for _, lang := range models.Languages() {
		facts["name_"+lang] = p.Names[lang]
	}
	return facts
}

// same tells whether an edit changed nothing that the log would show.
func same(before, after map[string]any) bool {
	return maps.EqualFunc(before, after, func(a, b any) bool { return reflect.DeepEqual(a, b) })
}
