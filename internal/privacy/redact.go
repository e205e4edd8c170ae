package privacy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Redact carries an erasure out: part by part, each in a transaction of its own that also notes how far it is, so that whoever comes
// after a crash goes on where it was, and two at once do no harm (R-1015). First what is the person's, table by table; then what
// others wrote of them, in batches; then it looks, table by table again, whether anything is left, and the words that were searched for are
// forgotten, too. An erasure that is over stays as it is. While a notice to a stylist is on its way it returns a *queue.Later.
func (o *Office) Redact(ctx context.Context, request models.ID) error {
	o.forgetTalks(ctx, request)
	for {
		over, err := o.step(ctx, request)
		if err != nil || over {
			return err
		}
	}
}

// forgetTalks removes what is remembered of conversations beside the database. Best effort: it ends by itself within a day.
func (o *Office) forgetTalks(ctx context.Context, request models.ID) {
	var talks []models.ID
	var p Traces
	row, err := o.request(ctx, request)
	if err == nil {
		err = decode(row.Subject, &p)
	}
	if err == nil {
		err = o.db.On(ctx).Raw("SELECT id FROM conversations WHERE contact_id IN ?", p.Contacts).Scan(&talks).Error
	}
	for _, id := range talks {
		err = errors.Join(err, o.forget(ctx, id))
	}
	if err != nil {
		slog.WarnContext(ctx, "a conversation of somebody erased is still remembered", "request", request, "err", err)
	}
}

// patience is how long an erasure waits for notices to the salon's people that are on their way; then they are not sent any more.
const patience = 24 * time.Hour

// partTime bounds a statement of an erasure.
const partTime = time.Minute

// emptying are the holdings that an erasure empties, in its order.
func emptying() []holding {
	return slices.DeleteFunc(holdings(), func(h holding) bool { return !h.remove && len(h.erase) == 0 })
}

// step does the next part of an erasure.
func (o *Office) step(ctx context.Context, request models.ID) (over bool, err error) {
	row, err := o.request(ctx, request)
	if fault.Is(err, "privacy.no_request") {
		return true, nil
	}
	if err != nil || row.Kind != models.RequestErasure || row.State != models.RequestAccepted && row.State != models.RequestProcessing {
		return err == nil, err
	}
	var p Traces
	var w words
	if err := errors.Join(decode(row.Subject, &p), decode(row.Words, &w)); err != nil {
		return false, err
	}
	all, args := emptying(), o.about(p, w, row.ID)
	others, err := o.tables(ctx)
	if err != nil {
		return false, err
	}
	own, words := len(all), len(others)
	switch at := row.Step; {
	case at < own:
		return false, o.part(ctx, row, func(ctx context.Context) (string, error) {
			if err := o.hold(ctx, p); err != nil {
				return "", err
			}
			return "", o.redact(ctx, all[at], args)
		})
	case at == own:
		err := o.part(ctx, row, func(ctx context.Context) (string, error) { return "", o.await(ctx, row, args) })
		return false, o.waits(ctx, row, err)
	case at <= own+words:
		if err := o.elsewhere(ctx, others[at-own-1], w, row.ID); err != nil {
			return false, err
		}
		return false, o.part(ctx, row, func(context.Context) (string, error) { return "", nil })
	case at <= own+words+own:
		return false, o.part(ctx, row, func(ctx context.Context) (string, error) { return o.leftOwn(ctx, p, all[at-own-words-1], args) })
	case at <= own+words+own+words:
		left, err := o.leftElsewhere(ctx, others[at-own-words-own-1], w, row.ID)
		if err != nil {
			return false, err
		}
		return false, o.part(ctx, row, func(context.Context) (string, error) { return left, nil })
	default:
		o.forgetTalks(ctx, request) // a turn that was under way when it began may have remembered them since
		return true, o.db.InTx(ctx, func(ctx context.Context) error { return o.finish(ctx, row) })
	}
}

// waits keeps an erasure that waits from being taken for one that nobody works on.
func (o *Office) waits(ctx context.Context, row models.PrivacyRequest, err error) error {
	if later := (*queue.Later)(nil); !errors.As(err, &later) {
		return err
	}
	touched := o.db.On(ctx).Exec("UPDATE privacy_requests SET updated_at = ? WHERE id = ? AND step = ? AND round = ?", o.clock.Machine(), row.ID, row.Step, row.Round).Error
	if touched != nil {
		return fmt.Errorf("note that an erasure waits: %w", touched)
	}
	return err
}

// part does something of an erasure and notes that it is done, and the table where something was left, unless somebody else has come
// further meanwhile, or it began anew.
func (o *Office) part(ctx context.Context, row models.PrivacyRequest, do func(ctx context.Context) (left string, err error)) error {
	return o.db.Patiently(ctx, partTime, func(ctx context.Context) error {
		left, err := do(ctx)
		if err != nil {
			return err
		}
		err = o.db.On(ctx).Exec(`UPDATE privacy_requests SET state = 'processing', step = step + 1, updated_at = @now,
				failure = CASE WHEN CAST(@left AS text) = ANY (string_to_array(failure, ', ') || ''::text) THEN failure ELSE concat_ws(', ', nullif(failure, ''), CAST(@left AS text)) END
			WHERE id = @id AND step = @step AND round = @round AND state IN ('accepted', 'processing')`,
			map[string]any{"now": o.clock.Machine(), "left": left, "id": row.ID, "step": row.Step, "round": row.Round}).Error
		if err != nil {
			return fmt.Errorf("note how far an erasure is: %w", err)
		}
		return nil
	})
}

// await waits for notices to the salon's people that are on their way: they go out as they were written, and are emptied then. It also
// lets calendars outside say of the person's visits what the rows say now.
func (o *Office) await(ctx context.Context, row models.PrivacyRequest, args map[string]any) error {
	var waits bool
	err := o.db.On(ctx).Raw("SELECT EXISTS (SELECT FROM messages WHERE "+these("id", theirNotes)+" AND "+unsent+") OR EXISTS (SELECT FROM notice_deliveries WHERE "+
		these("notice_id", theirNotices)+" AND "+unsent+")", args).Scan(&waits).Error
	if err != nil {
		return fmt.Errorf("look for notices on their way: %w", err)
	}
	if waits && o.clock.Machine().Sub(row.CreatedAt) < patience {
		return &queue.Later{After: time.Minute, Reason: "notices to the salon's people are on their way"}
	}
	for _, sql := range []string{
		"UPDATE messages SET status = 'suppressed' WHERE " + these("id", theirNotes) + " AND " + unsent,
		"UPDATE notice_deliveries SET status = 'skipped', retry_at = NULL WHERE " + these("notice_id", theirNotices) + " AND " + unsent,
	} {
		if err := o.db.On(ctx).Exec(sql, args).Error; err != nil {
			return fmt.Errorf("end notices: %w", err)
		}
	}
	for _, h := range emptying() {
		if h.table == "messages" || h.table == "notice_deliveries" {
			if err := o.redact(ctx, h, args); err != nil {
				return err
			}
		}
	}
	return o.tellCalendars(ctx, args)
}

// finish says what became of an erasure: it failed where something was left. One that somebody else has finished, or that began anew, is left
// alone.
func (o *Office) finish(ctx context.Context, row models.PrivacyRequest) error {
	var is models.PrivacyRequest
	if err := o.db.On(ctx).Raw("SELECT * FROM privacy_requests WHERE id = ? FOR UPDATE", row.ID).Scan(&is).Error; err != nil {
		return fmt.Errorf("lock erasure: %w", err)
	}
	if is.State != models.RequestProcessing || is.Step != row.Step || is.Round != row.Round {
		return nil
	}
	now, action, left := o.clock.Machine(), actErased, []string{}
	row.State, row.FinishedAt, row.UpdatedAt = models.RequestSucceeded, &now, now
	if is.Failure != "" {
		left = strings.Split(is.Failure, ", ")
		row.State, row.Failure, action = models.RequestFailed, "left in "+is.Failure, actFailed
	} else {
		row.Words = []byte("{}")
	}
	if err := o.db.On(ctx).Select("state", "finished_at", "updated_at", "failure", "words").Updates(&row).Error; err != nil {
		return fmt.Errorf("finish erasure: %w", err)
	}
	return o.log.Record(ctx, audit.Entry{Actor: row.Actor, Action: action, SubjectKind: "privacy_request", SubjectID: row.ID.String(),
		Detail: map[string]any{"tables": left}})
}

// GiveUp says that an erasure's job failed for good; whoever asks for it again lets it begin anew.
func (o *Office) GiveUp(ctx context.Context, request models.ID) error {
	return o.db.InTx(ctx, func(ctx context.Context) error {
		now := o.clock.Machine()
		done := o.db.On(ctx).Exec(`UPDATE privacy_requests SET state = 'failed', failure = 'gave up', finished_at = ?, updated_at = ?
			WHERE id = ? AND state IN ('accepted', 'processing')`, now, now, request)
		if done.Error != nil || done.RowsAffected == 0 {
			return done.Error
		}
		return o.log.Record(ctx, audit.Entry{Actor: "system", Action: actFailed, SubjectKind: "privacy_request", SubjectID: request.String()})
	})
}

// tellCalendars lets calendars outside say of their visits what the rows say now.
func (o *Office) tellCalendars(ctx context.Context, args map[string]any) error {
	var shown []models.ID
	err := o.db.On(ctx).Raw("SELECT DISTINCT appointment_id FROM calendar_entries WHERE "+these("appointment_id", theirVisits), args).Scan(&shown).Error
	if err != nil {
		return fmt.Errorf("find what calendars show: %w", err)
	}
	for _, id := range shown {
		if err := o.queue.Enqueue(ctx, queue.CalendarPush{AppointmentID: id}); err != nil {
			return err
		}
	}
	return nil
}
