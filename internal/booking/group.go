package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// MaxTogether is how many people one booking may bring: more are a person's to arrange.
const MaxTogether = 4

// HoldTogether takes a slot for each of several people, all or none, in one transaction: one group,
// one expiry, to be paid for by one payment. Requests are of one booker and one conversation, whose earlier
// hold they replace. What costs nothing ahead is held as the others are; when nothing does, all are
// confirmed at once and told of together. The answer has the booker's own visit first.
//
// Faults: those of Hold for a customer's choice; booking.slot_taken also when two of them are at one
// stylist at the same time.
func (d *Diary) HoldTogether(ctx context.Context, requests []HoldRequest) ([]models.Appointment, error) {
	if len(requests) < 2 || len(requests) > MaxTogether {
		return nil, fmt.Errorf("hold together: %d people", len(requests))
	}
	ctx, err := d.ready(ctx)
	if err != nil {
		return nil, fmt.Errorf("hold together: %w", err)
	}
	var visits []models.Appointment
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		for _, r := range requests {
			if err := d.stillFree(ctx, r); err != nil {
				return err
			}
		}
		p, err := d.settings.Policies(ctx)
		if err != nil {
			return err
		}
		if visits, err = d.draftTogether(ctx, requests, p); err != nil {
			return err
		}
		if err := d.makeRoomTogether(ctx, requests, visits, p); err != nil {
			return err
		}
		return d.insertTogether(ctx, visits, requests, p)
	})
	if err != nil {
		return nil, fmt.Errorf("hold together: %w", asTaken(err))
	}
	slices.SortStableFunc(visits, ownFirst)
	return visits, nil
}

// draftTogether are the visits of a group as they would be: while one of them waits for a deposit all wait,
// and no longer than the shortest of their holds.
func (d *Diary) draftTogether(ctx context.Context, requests []HoldRequest, p settings.Policies) ([]models.Appointment, error) {
	group := models.NewID()
	visits := make([]models.Appointment, len(requests))
	var expires *time.Time
	for i, r := range requests {
		a, err := d.draft(ctx, r, p)
		if err != nil {
			return nil, err
		}
		a.GroupID = &group
		if a.HoldExpiresAt != nil && (expires == nil || a.HoldExpiresAt.Before(*expires)) {
			expires = a.HoldExpiresAt
		}
		visits[i] = a
	}
	for i := range visits {
		if expires != nil {
			visits[i].Status, visits[i].HoldExpiresAt = models.Provisional, expires
		}
	}
	return visits, nil
}

// makeRoomTogether is makeRoom for a group: every lock is taken before anything is looked at.
func (d *Diary) makeRoomTogether(ctx context.Context, requests []HoldRequest, visits []models.Appointment, p settings.Policies) error {
	who, stylists := make([]models.ID, len(visits)), make([]*models.ID, len(visits))
	for i, a := range visits {
		who[i], stylists[i] = a.CustomerID, &visits[i].StylistID
	}
	conversation := requests[0].ConversationID
	if err := d.lockPeople(ctx, conversation, who...); err != nil {
		return err
	}
	if err := d.lockStylists(ctx, stylistsOf{conversation: conversation}, stylists...); err != nil {
		return err
	}
	facts := make([]slotFacts, len(visits))
	for i, r := range requests {
		now, err := d.stands(ctx, r, visits[i].Span())
		if err != nil {
			return err
		}
		if now.Taken || !now.Works {
			return fault.Conflict("booking.slot_taken")
		}
		facts[i] = now
	}
	for i, now := range facts {
		if now.Lapsed {
			if err := d.expireLapsed(ctx, visits[i].StylistID); err != nil {
				return err
			}
		}
	}
	if facts[0].Earlier {
		if err := d.releaseEarlier(ctx, requests[0]); err != nil {
			return err
		}
	}
	for i, now := range facts {
		if err := d.isOpen(database.RaisePin(ctx, now.Edition), visits[i].StylistID, visits[i].Span(), p.Zone(), now.Closed); err != nil {
			return err
		}
	}
	return nil
}

// insertTogether writes a group's visits; those that need no deposit are told of together.
func (d *Diary) insertTogether(ctx context.Context, visits []models.Appointment, requests []HoldRequest, p settings.Policies) error {
	for i := range visits {
		if err := d.enter(ctx, &visits[i], requests[i]); err != nil {
			return err
		}
		if visits[i].Status != models.Confirmed {
			continue
		}
		if err := d.booked(ctx, visits[i], p.Zone()); err != nil {
			return err
		}
	}
	if visits[0].Status != models.Confirmed {
		return nil
	}
	return d.tell(ctx, visits[0], "booking.confirmed")
}

// Group reads the visits of a group with their lines, whatever became of them, the booker's own first.
func (d *Diary) Group(ctx context.Context, groupID models.ID) ([]models.Appointment, error) {
	var rows []models.Appointment
	if err := d.withLines(ctx).Order("id").Find(&rows, "group_id = ?", groupID).Error; err != nil {
		return nil, fmt.Errorf("read group: %w", err)
	}
	slices.SortStableFunc(rows, ownFirst)
	return rows, nil
}

// ownFirst puts the booker's own visit before those of whom they bring.
func ownFirst(a, b models.Appointment) int {
	switch {
	case (a.ForName == "") == (b.ForName == ""):
		return 0
	case a.ForName == "":
		return -1
	default:
		return 1
	}
}

// customersOf are the customers of a group's visits.
func (d *Diary) customersOf(ctx context.Context, group models.ID) ([]models.ID, error) {
	var ids []models.ID
	err := d.db.On(ctx).Model(&models.Appointment{}).Where("group_id = ?", group).Distinct().Pluck("customer_id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("read customers of group: %w", err)
	}
	return ids, nil
}

// lockMember locks the rows of a group, by id, and gives the one asked for with its lines.
func (d *Diary) lockMember(ctx context.Context, asked models.Appointment) (models.Appointment, error) {
	var rows []models.Appointment
	if err := d.db.On(ctx).Clauses(forUpdate()).Order("id").Find(&rows, "group_id = ?", *asked.GroupID).Error; err != nil {
		return models.Appointment{}, fmt.Errorf("lock group: %w", err)
	}
	for _, a := range rows {
		if a.ID == asked.ID {
			a.Lines = asked.Lines
			return a, nil
		}
	}
	return models.Appointment{}, fault.NotFound("booking.not_found")
}

// withMates does something to each of the others of a visit's group that have a status, by id, locked.
func (d *Diary) withMates(ctx context.Context, of models.Appointment, status models.AppointmentStatus, do func(*models.Appointment) error) error {
	if of.GroupID == nil {
		return nil
	}
	var mates []models.Appointment
	err := d.db.On(ctx).Clauses(forUpdate()).Order("id").
		Find(&mates, "group_id = ? AND id <> ? AND status = ?", *of.GroupID, of.ID, status).Error
	if err != nil {
		return fmt.Errorf("read group of visit: %w", err)
	}
	for i := range mates {
		if err := do(&mates[i]); err != nil {
			return err
		}
	}
	return nil
}

// mayActOnMates refuses whoever acts on one diary alone to end or confirm what is held in others' diaries
// together with a hold in theirs. Fault: booking.hold_elsewhere.
func (d *Diary) mayActOnMates(ctx context.Context, act Act, hold models.Appointment) error {
	if act.Own == nil {
		return nil
	}
	return d.withMates(ctx, hold, models.Provisional, func(mate *models.Appointment) error {
		if owns(act.Own, mate.StylistID) != nil {
			return fault.Conflict("booking.hold_elsewhere")
		}
		return nil
	})
}

// lockDue locks a hold that is due, with all of its group, without waiting; none when it is not due any
// more or somebody has one of them.
func (d *Diary) lockDue(ctx context.Context, id models.ID, due func(*gorm.DB) *gorm.DB) ([]models.Appointment, error) {
	together := func(q *gorm.DB) *gorm.DB {
		return q.Scopes(due).Where("id = @id OR group_id = (SELECT group_id FROM appointments WHERE id = @id)", map[string]any{"id": id})
	}
	skip := clause.Locking{Strength: "NO KEY UPDATE", Options: "SKIP LOCKED"}
	var holds []models.Appointment
	if err := d.db.On(ctx).Clauses(skip).Scopes(together).Order("id").Find(&holds).Error; err != nil || len(holds) == 0 {
		return nil, err
	}
	if holds[0].GroupID == nil {
		return holds, nil
	}
	var all int64
	if err := d.db.On(ctx).Model(&models.Appointment{}).Scopes(together).Count(&all).Error; err != nil {
		return nil, err
	}
	if int(all) != len(holds) {
		return nil, nil
	}
	return holds, nil
}

// grouped parts holds into those that stand together.
func grouped(rows []models.Appointment) [][]models.Appointment {
	var parts [][]models.Appointment
	for _, a := range rows {
		i := slices.IndexFunc(parts, func(p []models.Appointment) bool { return ended(p, a) })
		if i < 0 {
			parts = append(parts, []models.Appointment{a})
			continue
		}
		parts[i] = append(parts[i], a)
	}
	return parts
}
