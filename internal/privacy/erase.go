package privacy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"frontdesk/internal/customers"
	"frontdesk/internal/database"
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
// paid is released. Somebody who is erased already, or being erased, is answered with that request, also by the phone
// while it goes on; one that failed begins anew, and confirm that is given later counts. Sums stay as they are. With mode disabled it is written down and nothing else. Faults:
// customers.phone at "phone"; error.validation; privacy.not_found; privacy.works_here for a phone of the salon's people; privacy.reason at "reason";
// privacy.upcoming_visit, privacy.open_order and privacy.open_refund while something is owed, unless staff confirm (R-1017).
func (o *Office) Erase(ctx context.Context, e Erasure) (row models.PrivacyRequest, err error) {
	for range tries {
		err = o.db.InTx(ctx, func(ctx context.Context) (err error) {
			row, err = o.accept(ctx, e)
			return err
		})
		if !errors.Is(err, errMoved) && !database.Deadlocked(err) {
			break
		}
	}
	if err != nil || row.State != models.RequestAccepted || o.mode != DeleteInStep {
		return row, err
	}
	later := (*queue.Later)(nil)
	if err := o.Redact(ctx, row.ID); err != nil && !errors.As(err, &later) {
		return row, err
	}
	return o.request(ctx, row.ID)
}

// tries is how often an erasure is begun anew because something of the person came or went meanwhile.
const tries = 4

// errMoved says that something of a person came or went before they were locked.
var errMoved = errors.New("the person changed meanwhile")

func (o *Office) accept(ctx context.Context, e Erasure) (models.PrivacyRequest, error) {
	seen, w, guests, err := o.find(ctx, e.Subject)
	if none := fault.Is(err, "privacy.not_found"); none || err == nil && len(seen.Customers)+len(seen.Contacts) == 0 {
		row, found, wrong := o.takeUp(ctx, e.Subject)
		if found || wrong != nil {
			return row, wrong
		}
	}
	if err != nil {
		return models.PrivacyRequest{}, err
	}
	if err := o.refuse(ctx, e, w); err != nil {
		return models.PrivacyRequest{}, err
	}
	ask := asked{kind: models.RequestErasure, state: models.RequestAccepted, action: actAsked, confirmed: e.Confirm, reason: e.Reason, actor: e.Actor}
	if o.mode == DeleteDisabled {
		ask.state = models.RequestNotImplemented
		return o.note(ctx, ask, seen, words{})
	}
	if err := o.inbox.Forget(ctx, w.Senders, models.NewID()); err != nil {
		return models.PrivacyRequest{}, err
	}
	if err := o.hold(ctx, seen); err != nil {
		return models.PrivacyRequest{}, err
	}
	before, found, err := o.before(ctx, seen)
	if err != nil {
		return models.PrivacyRequest{}, err
	}
	if found && !(before.State == models.RequestSucceeded && e.Confirm && len(guests) > 0) {
		err := o.resume(ctx, &before, e.Confirm, seen, w)
		return before, err
	}
	p, w, _, err := o.find(ctx, e.Subject) // as it is under the locks
	if err == nil && !p.same(seen) {
		err = errMoved
	}
	if err != nil {
		return models.PrivacyRequest{}, err
	}
	return o.begin(ctx, ask, p, w)
}

// begin takes an erasure of a locked person on.
func (o *Office) begin(ctx context.Context, ask asked, p Traces, w words) (models.PrivacyRequest, error) {
	if err := o.release(ctx, p, ask.actor); err != nil {
		return models.PrivacyRequest{}, err
	}
	if ask.said == nil {
		said, err := o.said(ctx, p, w) // by what a restore finds somebody who is known by nothing else
		if err != nil {
			return models.PrivacyRequest{}, err
		}
		ask.said = said
	}
	row, err := o.note(ctx, ask, p, w)
	if err != nil {
		return row, err
	}
	if err := o.atOnce(ctx, p, w, row.ID); err != nil {
		return row, err
	}
	if !ask.confirmed {
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

// hold locks a person in the one order of the house: contacts, conversations, customers, and what hangs on them afterwards. No turn goes on
// meanwhile, and nothing is begun for them. With the customer come those for whom they hold a time, whom its release locks.
func (o *Office) hold(ctx context.Context, p Traces) error {
	args := o.about(p, words{}, models.NewID())
	for _, sql := range []string{
		"SELECT FROM contacts WHERE id IN @contacts ORDER BY id FOR UPDATE",
		"SELECT FROM conversations WHERE contact_id IN @contacts ORDER BY id FOR UPDATE",
		"SELECT FROM customers WHERE id IN @customers OR " + these("id", "SELECT customer_id FROM appointments WHERE status = 'provisional' AND booked_by_id IN @customers") + " ORDER BY id FOR UPDATE",
	} {
		if err := o.db.On(ctx).Exec(sql, args).Error; err != nil {
			return fmt.Errorf("lock a person: %w", err)
		}
	}
	return nil
}

// before is the last erasure of somebody who is erased, or being erased, locked; somebody who never became a customer is known by their
// contacts.
func (o *Office) before(ctx context.Context, p Traces) (row models.PrivacyRequest, found bool, err error) {
	done := o.db.On(ctx).Raw(`SELECT r.* FROM privacy_requests r WHERE r.kind = 'erasure' AND r.state <> 'not_implemented'
		AND (r.customer_id IN (SELECT id FROM customers WHERE id IN @customers AND deleted_at IS NOT NULL)
			OR EXISTS (SELECT FROM contacts k WHERE k.id IN @contacts AND k.address LIKE 'erased:%' AND r.subject->'contacts' @> to_jsonb(k.id::text)))
		ORDER BY r.id DESC LIMIT 1 FOR UPDATE OF r`, o.about(p, words{}, models.NewID())).Scan(&row)
	if done.Error != nil {
		return row, false, fmt.Errorf("look for an erasure: %w", done.Error)
	}
	return row, done.RowsAffected > 0, nil
}

// takeUp answers with the erasure that is not finished of somebody whose phone nobody has any more, and begins one that failed anew. It locks
// the person first and the request last, as everybody does.
func (o *Office) takeUp(ctx context.Context, s Subject) (row models.PrivacyRequest, found bool, err error) {
	phone, err := customers.Normalize(s.Phone)
	if err != nil {
		return row, false, nil //nolint:nilerr // asked by the id
	}
	done := o.db.On(ctx).Raw(`SELECT * FROM privacy_requests WHERE kind = 'erasure' AND state IN ('accepted', 'processing', 'failed')
		AND words->'phones' @> to_jsonb(?::text) ORDER BY id DESC LIMIT 1`, phone).Scan(&row)
	if done.Error != nil {
		return row, false, fmt.Errorf("look for an erasure: %w", done.Error)
	}
	if done.RowsAffected == 0 || s.Customer != (models.ID{}) && (row.CustomerID == nil || *row.CustomerID != s.Customer) {
		return models.PrivacyRequest{}, false, nil
	}
	p, w := Traces{}, words{}
	wider := s.Confirm && row.CustomerID != nil
	if wider {
		if p, w, err = o.held(ctx, Subject{Customer: *row.CustomerID, Confirm: true}, row); err != nil {
			return row, true, err
		}
	}
	done = o.db.On(ctx).Raw("SELECT * FROM privacy_requests WHERE id = ? AND state IN ('accepted', 'processing', 'failed') FOR UPDATE", row.ID).Scan(&row)
	if done.Error != nil {
		return row, true, fmt.Errorf("lock an erasure: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return row, true, errMoved // it came to its end
	}
	err = o.resume(ctx, &row, wider, p, w)
	return row, true, err
}

// held finds somebody of an erasure once more, and locks them with what it knows of them already.
func (o *Office) held(ctx context.Context, s Subject, row models.PrivacyRequest) (p Traces, w words, err error) {
	var known Traces
	if err := decode(row.Subject, &known); err != nil {
		return p, w, err
	}
	seen, _, _, err := o.find(ctx, s)
	if err != nil {
		return p, w, err
	}
	if err := o.hold(ctx, known.and(seen)); err != nil {
		return p, w, err
	}
	p, w, _, err = o.find(ctx, s)
	if err == nil && !p.same(seen) {
		err = errMoved
	}
	return p, w, err
}

// resume lets an erasure that failed begin anew, and one that is not over take along whom staff have confirmed since.
func (o *Office) resume(ctx context.Context, row *models.PrivacyRequest, confirmed bool, p Traces, w words) error {
	wider := confirmed && !row.Confirmed
	if row.State == models.RequestSucceeded || row.State != models.RequestFailed && !wider {
		return nil
	}
	if wider {
		var before subject
		var said words
		if err := errors.Join(decode(row.Subject, &before), decode(row.Words, &said)); err != nil {
			return err
		}
		p, w = before.Traces.and(p), said.and(w)
		if err := o.atOnce(ctx, p, w, row.ID); err != nil {
			return err
		}
		row.Confirmed = true
		if err := says(row, subject{p, before.Said}, w); err != nil {
			return err
		}
	}
	row.State, row.Step, row.Failure, row.FinishedAt, row.UpdatedAt = models.RequestAccepted, 0, "", nil, o.clock.Machine()
	row.Round++ // whoever still works on it as it was ends nothing of it
	if err := o.db.On(ctx).Select("state", "step", "round", "failure", "finished_at", "updated_at", "confirmed", "subject", "words").Updates(row).Error; err != nil {
		return fmt.Errorf("begin erasure anew: %w", err)
	}
	return o.queue.Enqueue(ctx, queue.PrivacyErasure{RequestID: row.ID})
}

// release gives back the time of the person's own holds, which nobody has paid for (R-1017). Who is a guest of somebody else's hold leaves
// it to them.
func (o *Office) release(ctx context.Context, p Traces, actor string) error {
	var holds []models.ID
	err := o.db.On(ctx).Raw(`SELECT min(id::text)::uuid FROM appointments WHERE status = 'provisional' AND booked_by_id IN @customers
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
	if err := o.tellChatwoot(ctx, args); err != nil {
		return err
	}
	for _, h := range holdings() {
		if h.atOnce {
			if err := o.redact(ctx, h, args); err != nil {
				return err
			}
		}
	}
	for _, sql := range []string{
		"UPDATE conversations SET version = version + 1 WHERE contact_id IN @contacts",
		"UPDATE messages SET status = 'suppressed' WHERE " + these("conversation_id", theirTalks) + " AND direction = 'out' AND status = 'queued'",
		"UPDATE messages SET status = 'handled', handled_at = @now WHERE " + these("conversation_id", theirTalks) + " AND direction = 'in' AND status = 'received'",
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
	if h.moves() {
		if err := o.holdMoney(ctx, args); err != nil {
			return err
		}
	}
	if err := o.db.On(ctx).Exec(sql+" WHERE "+h.whose, args).Error; err != nil {
		return fmt.Errorf("redact %s: %w", h.table, err)
	}
	return nil
}

// holdMoney locks what brought money in, before what goes back of it: a refund that is asked for at the same moment is either seen or waits.
func (o *Office) holdMoney(ctx context.Context, args map[string]any) error {
	for _, sql := range []string{
		"SELECT FROM orders WHERE " + these("id", theirCash) + " ORDER BY id FOR UPDATE",
		"SELECT FROM payments WHERE " + these("id", theirPayments) + " ORDER BY id FOR UPDATE",
	} {
		if err := o.db.On(ctx).Exec(sql, args).Error; err != nil {
			return fmt.Errorf("lock money: %w", err)
		}
	}
	return nil
}

// owed refuses while a visit of theirs stands, an order is not finished or comes back, or money is on its way back to them, or failed to go. It asks under the
// customer's lock: what is booked at the same moment waits for that row, and is refused.
func (o *Office) owed(ctx context.Context, p Traces) error {
	var found struct{ Visit, Order, Money bool }
	err := o.db.On(ctx).Raw(`SELECT EXISTS (SELECT FROM appointments WHERE (customer_id IN @customers OR booked_by_id IN @customers)
			AND status IN ('confirmed', 'reschedule_pending') AND ends_at > @now) AS visit,
		EXISTS (SELECT FROM orders WHERE `+these("id", theirOrders)+` AND status IN ('pending', 'pending_cod', 'confirmed', 'paid', 'shipped'))
			OR EXISTS (SELECT FROM returns WHERE `+these("id", theirReturns)+` AND status IN ('requested', 'approved', 'in_transit', 'received')) AS "order",
		EXISTS (SELECT FROM refunds r WHERE `+these("r.id", theirRefunds)+` AND `+owing+`)
			OR EXISTS (SELECT FROM appointments WHERE booked_by_id IN @customers AND deposit_state = 'refund_pending') AS money`, o.about(p, words{}, models.NewID())).Scan(&found).Error
	switch {
	case err != nil:
		return fmt.Errorf("look for what is owed: %w", err)
	case found.Visit:
		return fault.Conflict("privacy.upcoming_visit")
	case found.Order:
		return fault.Conflict("privacy.open_order")
	case found.Money:
		return fault.Conflict("privacy.open_refund")
	}
	return nil
}
