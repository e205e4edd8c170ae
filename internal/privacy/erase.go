package privacy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// MaxReason is how long the reason of a request may be, in characters.
const MaxReason = 500

// Erasure asks that nothing tells any more who somebody is.
type Erasure struct {
	Subject
	Reason string
	Actor  string
}

// reasonErased is why a hold of somebody who is erased is released.
const reasonErased = "customer.erased"

// Erase takes an erasure on (R-1014): the person is gone from every list at once, nothing is sent to them any more, and who
// writes from their phone again is somebody new. The rest is redacted by a job, or before this returns (mode sync). A live hold that is not
// paid is released. Somebody who is erased already, or being erased, is answered with that request. Sums stay as they are. With mode disabled it is written down and nothing else. Faults:
// customers.phone at "phone"; error.validation; privacy.not_found; privacy.works_here for a phone of the salon's people; privacy.reason at "reason";
// privacy.upcoming_visit and privacy.open_order while something is owed, unless staff confirm (R-1017).
func (o *Office) Erase(ctx context.Context, e Erasure) (models.PrivacyRequest, error) {
	var row models.PrivacyRequest
	err := o.db.InTx(ctx, func(ctx context.Context) (err error) {
		row, err = o.accept(ctx, e)
		return err
	})
	if err != nil || row.State != models.RequestAccepted || o.mode != DeleteInStep {
		return row, err
	}
	if err := o.Redact(ctx, row.ID); err != nil {
		return row, err
	}
	return o.request(ctx, row.ID)
}

func (o *Office) accept(ctx context.Context, e Erasure) (models.PrivacyRequest, error) {
	p, w, guests, err := o.find(ctx, e.Subject)
	if err != nil {
		return models.PrivacyRequest{}, err
	}
	if err := o.refuse(ctx, e, w); err != nil {
		return models.PrivacyRequest{}, err
	}
	ask := asked{kind: models.RequestErasure, state: models.RequestAccepted, action: actAsked, confirmed: e.Confirm, reason: e.Reason, actor: e.Actor}
	if o.mode == DeleteDisabled {
		ask.state = models.RequestNotImplemented
		return o.note(ctx, ask, p, words{})
	}
	before, found, err := o.lock(ctx, p)
	if err != nil {
		return models.PrivacyRequest{}, err
	}
	if found && (before.State != models.RequestFailed && !(e.Confirm && len(guests) > 0 && before.State == models.RequestSucceeded)) {
		return before, nil
	}
	if found && before.State == models.RequestFailed {
		return before, o.again(ctx, &before)
	}
	if err := o.release(ctx, p, e.Actor); err != nil {
		return models.PrivacyRequest{}, err
	}
	row, err := o.note(ctx, ask, p, w)
	if err != nil {
		return row, err
	}
	if err := o.atOnce(ctx, p, w, row.ID); err != nil {
		return row, err
	}
	if !e.Confirm {
		if err := o.owed(ctx, p); err != nil {
			return row, err
		}
	}
	return row, o.queue.Enqueue(ctx, queue.PrivacyErasure{RequestID: row.ID})
}

// refuse judges what is refused before anything is done.
func (o *Office) refuse(ctx context.Context, e Erasure, w words) error {
	if !fits(e.Reason, MaxReason) || w.says(e.Reason) {
		return fault.Invalid("privacy.refused", map[string]string{"reason": "privacy.reason"})
	}
	var works bool
	err := o.db.On(ctx).Raw("SELECT EXISTS (SELECT FROM stylists WHERE phone IN @phones OR sms_phone IN @phones) OR EXISTS (SELECT FROM staff WHERE phone IN @phones)",
		o.about(Traces{}, w, models.NewID())).Scan(&works).Error
	if err != nil {
		return fmt.Errorf("look among the salon's people: %w", err)
	}
	if works {
		return fault.Conflict("privacy.works_here")
	}
	return nil
}

// lock takes the conversations, so that no turn goes on meanwhile, and then the customer; it finds their last erasure.
func (o *Office) lock(ctx context.Context, p Traces) (before models.PrivacyRequest, found bool, err error) {
	args := o.about(p, words{}, models.NewID())
	var locked []models.ID
	err = o.db.On(ctx).Raw("SELECT id FROM conversations WHERE contact_id IN @contacts ORDER BY id FOR UPDATE", args).Scan(&locked).Error
	if err != nil {
		return before, false, fmt.Errorf("lock conversations: %w", err)
	}
	id := p.customer()
	if id == nil {
		return before, false, nil
	}
	done := o.db.On(ctx).Raw(`SELECT r.* FROM privacy_requests r JOIN customers c ON c.id = r.customer_id
		WHERE c.id = ? AND c.deleted_at IS NOT NULL AND r.kind = 'erasure' AND r.state <> 'not_implemented' ORDER BY r.id DESC LIMIT 1`, *id).Scan(&before)
	if done.Error != nil {
		return before, false, fmt.Errorf("look for an erasure: %w", done.Error)
	}
	return before, done.RowsAffected > 0, nil
}

// again lets an erasure that failed begin anew.
func (o *Office) again(ctx context.Context, row *models.PrivacyRequest) error {
	row.State, row.Step, row.Failure, row.FinishedAt, row.UpdatedAt = models.RequestAccepted, 0, "", nil, o.clock.Machine()
	if err := o.db.On(ctx).Select("state", "step", "failure", "finished_at", "updated_at").Updates(row).Error; err != nil {
		return fmt.Errorf("begin erasure anew: %w", err)
	}
	return o.queue.Enqueue(ctx, queue.PrivacyErasure{RequestID: row.ID})
}

// release gives back the time of holds that nobody has paid for (R-1017).
func (o *Office) release(ctx context.Context, p Traces, actor string) error {
	var holds []models.ID
	err := o.db.On(ctx).Raw(`SELECT min(id::text)::uuid FROM appointments WHERE status = 'provisional' AND (customer_id IN @customers OR booked_by_id IN @customers)
		GROUP BY coalesce(group_id, id) ORDER BY 1`, o.about(p, words{}, models.NewID())).Scan(&holds).Error
	if err != nil {
		return fmt.Errorf("find holds: %w", err)
	}
	for _, id := range holds {
		if err := o.diary.Release(ctx, id, actor, reasonErased); err != nil {
			return err
		}
	}
	return nil
}

// atOnce makes a person unknown: who they are, how they are reached, and their sessions. What waits to be sent is not sent, and what
// waits to be answered is not answered.
func (o *Office) atOnce(ctx context.Context, p Traces, w words, request models.ID) error {
	args := o.about(p, w, request)
	for _, h := range holdings() {
		if h.atOnce {
			if err := o.redact(ctx, h, args); err != nil {
				return err
			}
		}
	}
	for _, sql := range []string{
		"UPDATE conversations SET version = version + 1 WHERE contact_id IN @contacts",
		"UPDATE messages SET status = 'suppressed' WHERE conversation_id IN (" + theirTalks + ") AND direction = 'out' AND status = 'queued'",
		"UPDATE messages SET status = 'handled', handled_at = @now WHERE conversation_id IN (" + theirTalks + ") AND direction = 'in' AND status = 'received'",
	} {
		if err := o.db.On(ctx).Exec(sql, args).Error; err != nil {
			return fmt.Errorf("end conversations: %w", err)
		}
	}
	return nil
}

// redact gives a table's rows about a person the values that say nothing.
func (o *Office) redact(ctx context.Context, h holding, args map[string]any) error {
	sql := "DELETE FROM " + h.table
	if !h.remove {
		var sets []string
		for _, column := range slices.Sorted(maps.Keys(h.erase)) {
			sets = append(sets, column+" = "+h.erase[column])
		}
		sql = "UPDATE " + h.table + " SET " + strings.Join(sets, ", ")
	}
	if err := o.db.On(ctx).Exec(sql+" WHERE "+h.whose, args).Error; err != nil {
		return fmt.Errorf("redact %s: %w", h.table, err)
	}
	return nil
}

// owed refuses while a visit of theirs stands or an order is on its way. It asks after the customer's row is written: what is booked
// at the same moment waits for that row.
func (o *Office) owed(ctx context.Context, p Traces) error {
	var found struct{ Visit, Order bool }
	err := o.db.On(ctx).Raw(`SELECT EXISTS (SELECT FROM appointments WHERE (customer_id IN @customers OR booked_by_id IN @customers)
			AND status IN ('confirmed', 'reschedule_pending') AND ends_at > @now) AS visit,
		EXISTS (SELECT FROM orders WHERE id IN (`+theirOrders+`) AND status IN ('confirmed', 'paid', 'shipped')) AS "order"`, o.about(p, words{}, models.NewID())).Scan(&found).Error
	switch {
	case err != nil:
		return fmt.Errorf("look for what is owed: %w", err)
	case found.Visit:
		return fault.Conflict("privacy.upcoming_visit")
	case found.Order:
		return fault.Conflict("privacy.open_order")
	}
	return nil
}
