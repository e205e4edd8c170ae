package booking

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"frontdesk/internal/audit"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Act is what every act of staff on a visit says (R-1111): on which one, as it was seen, by whom and why.
type Act struct {
	ID models.ID // the appointment
	// Version is the appointment's as the actor saw it; when it has another by now the act is refused
	// with the fault booking.changed.
	Version int64
	Actor   string // "staff:<id>"
	// Own is the one stylist whose diary the actor may write in (scope "own"); nil: everybody's. What
	// lies outside it is refused with the fault booking.not_yours.
	Own *models.ID
	// Reason is in the actor's own words, at most MaxReason runes (fault booking.reason). It stands in
	// the visit's history and in the audit log, and no customer reads it.
	Reason string
}

// MaxReason is how long a reason may be, in runes.
const MaxReason = 500

// MayAct tells whether somebody who owns only one stylist's diary may act on a visit; own is nil for
// whoever may act on all. Fault: booking.not_yours.
func MayAct(own *models.ID, visit models.Appointment) error { return owns(own, visit.StylistID) }

func owns(own *models.ID, stylist models.ID) error {
	if own != nil && *own != stylist {
		return fault.Forbidden("booking.not_yours")
	}
	return nil
}

// Check refuses an act on an appointment as it stands, locked: somebody else's visit, one that has
// changed since it was seen, a reason that is too long or, where one is required, missing. Faults:
// booking.not_yours, booking.changed, booking.reason.
func (act Act) Check(visit models.Appointment, reasonRequired bool) error {
	if err := MayAct(act.Own, visit); err != nil {
		return err
	}
	if act.Version != visit.Version {
		return fault.Conflict("booking.changed")
	}
	return checkReason(act.Reason, reasonRequired)
}

func checkReason(reason string, required bool) error {
	switch {
	case required && strings.TrimSpace(reason) == "":
		return fault.Invalid("booking.reason", map[string]string{"reason": "booking.reason_missing"})
	case utf8.RuneCountInString(reason) > MaxReason:
		return fault.Invalid("booking.reason", map[string]string{"reason": "booking.reason_long"})
	default:
		return nil
	}
}

// notPast refuses starts that are over. The minute that runs still counts: somebody sits down now.
func notPast(start, now time.Time) error {
	if start.Before(now.Truncate(time.Minute)) {
		return fault.Conflict("booking.past")
	}
	return nil
}

// act makes one change of a visit by staff: locks it, checks that the actor may and sees it as it is,
// and writes the audit entry, all in one transaction.
func (d *Diary) act(ctx context.Context, name string, act Act, reasonRequired bool, do func(context.Context, *models.Appointment) error) (models.Appointment, error) {
	var a models.Appointment
	err := d.db.InTx(ctx, func(ctx context.Context) (err error) {
		if a, err = d.Lock(ctx, act.ID); err != nil {
			return err
		}
		if err := act.Check(a, reasonRequired); err != nil {
			return err
		}
		was := a
		if err := do(ctx, &a); err != nil {
			return err
		}
		return d.audit(ctx, name, act, &was, &a)
	})
	if err != nil && !database.Deadlocked(err) {
		err = asTaken(err)
	}
	if err != nil {
		return models.Appointment{}, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}

// audit records an act with what it changed of the visit; was is nil for a new one.
func (d *Diary) audit(ctx context.Context, name string, act Act, was, is *models.Appointment) error {
	return d.log.Record(ctx, audit.Entry{
		Actor: act.Actor, Action: name, SubjectKind: "visit", SubjectID: act.ID.String(), Reason: act.Reason,
		Before: audited(was), After: audited(is),
	})
}

// audited are the values of a visit that acts change; persons stand in it by id.
func audited(a *models.Appointment) map[string]any {
	if a == nil {
		return nil
	}
	return map[string]any{
		"status": a.Status, "deposit": a.DepositState, "stylist_id": a.StylistID, "customer_id": a.CustomerID,
		"starts_at": a.StartsAt.UTC(), "ends_at": a.EndsAt.UTC(),
	}
}
