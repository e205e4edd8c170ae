package privacy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Redact carries an erasure out: table by table, each in a transaction of its own that also notes how far it is, so that whoever comes
// after a crash goes on where it was, and two at once do no harm (R-1015). At the end it looks whether anything is left; then
// the words that were searched for are forgotten, too. An erasure that is over stays as it is.
func (o *Office) Redact(ctx context.Context, request models.ID) error {
	var forget []models.ID
	if err := o.db.On(ctx).Raw(`SELECT id FROM conversations WHERE contact_id IN (SELECT jsonb_array_elements_text(subject->'contacts')::uuid
		FROM privacy_requests WHERE id = ? AND subject->'contacts' <> 'null')`, request).Scan(&forget).Error; err != nil {
		return fmt.Errorf("find conversations of erasure: %w", err)
	}
	for _, id := range forget {
		if err := o.forget(ctx, id); err != nil {
			return err
		}
	}
	for {
		over := false
		err := o.db.InTx(ctx, func(ctx context.Context) (err error) {
			over, err = o.step(ctx, request)
			return err
		})
		if err != nil || over {
			return err
		}
	}
}

// step does the next part of an erasure, under the lock of its row.
func (o *Office) step(ctx context.Context, request models.ID) (over bool, err error) {
	var row models.PrivacyRequest
	err = o.db.On(ctx).Raw("SELECT * FROM privacy_requests WHERE id = ? AND kind = 'erasure' FOR UPDATE", request).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("lock erasure: %w", err)
	}
	if row.State != models.RequestAccepted && row.State != models.RequestProcessing {
		return true, nil
	}
	var p Traces
	var w words
	if err := errors.Join(decode(row.Subject, &p), decode(row.Words, &w)); err != nil {
		return false, err
	}
	all := slices.DeleteFunc(holdings(), func(h holding) bool { return !h.remove && len(h.erase) == 0 })
	args := o.about(p, w, row.ID)
	now := o.clock.Machine()
	row.State, row.UpdatedAt = models.RequestProcessing, now
	switch {
	case row.Step < len(all):
		err = o.redact(ctx, all[row.Step], args)
	case row.Step == len(all):
		err = errors.Join(o.elsewhere(ctx, w, row.ID), o.tellCalendars(ctx, args))
	default:
		left, wrong := o.left(ctx, all, args, w)
		if wrong != nil {
			return false, wrong
		}
		return true, o.finish(ctx, row, left)
	}
	if err != nil {
		return false, err
	}
	row.Step++
	if err := o.db.On(ctx).Select("state", "step", "updated_at").Updates(&row).Error; err != nil {
		return false, fmt.Errorf("note how far an erasure is: %w", err)
	}
	return false, nil
}

// finish says what became of an erasure: it failed where something was left.
func (o *Office) finish(ctx context.Context, row models.PrivacyRequest, left []string) error {
	now, action := o.clock.Machine(), actErased
	row.State, row.FinishedAt, row.UpdatedAt, row.Failure = models.RequestSucceeded, &now, now, ""
	if len(left) > 0 {
		row.State, row.Failure, action = models.RequestFailed, "left in "+strings.Join(left, ", "), actFailed
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
	err := o.db.On(ctx).Raw("SELECT DISTINCT appointment_id FROM calendar_entries WHERE appointment_id IN ("+theirVisits+")", args).Scan(&shown).Error
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

// column is one that may hold a person's words.
type column struct {
	Table, Name, Kind string
	Identified        bool // rows have an id that tells their age
}

// columns are those of text and JSON that the map empties, of every table about people.
func (o *Office) columns(ctx context.Context) ([]column, error) {
	var all, out []column
	err := o.db.On(ctx).Raw(`SELECT c.table_name AS "table", c.column_name AS name, c.data_type AS kind, EXISTS (SELECT FROM information_schema.columns i
			WHERE i.table_schema = 'public' AND i.table_name = c.table_name AND i.column_name = 'id' AND i.data_type = 'uuid') AS identified
		FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.data_type IN ('text', 'jsonb') ORDER BY 1, 2`).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	for _, c := range all {
		for _, h := range holdings() {
			if _, erased := h.erase[c.Name]; erased && h.table == c.Table && c.Table != "consents" {
				out = append(out, c)
				break
			}
		}
	}
	return out, nil
}

// elsewhere takes a person's phone and full name out of what belongs to others, who may have written them.
func (o *Office) elsewhere(ctx context.Context, w words, before models.ID) error {
	all, err := o.columns(ctx)
	if err != nil {
		return err
	}
	phones, names := w.patterns()
	for _, pattern := range []string{phones, names} {
		if pattern == "" {
			continue
		}
		for _, c := range all {
			value, instead, older := c.Name, "regexp_replace("+c.Name+", @pattern, '—', 'gi')", ""
			if c.Kind == "jsonb" {
				value, instead = c.Name+"::text", "regexp_replace("+c.Name+"::text, @pattern, '0', 'gi')::jsonb"
			}
			if c.Identified {
				older = " AND id < @request"
			}
			sql := "UPDATE " + c.Table + " SET " + c.Name + " = " + instead + " WHERE " + value + " ~* @pattern" + older
			if err := o.db.On(ctx).Exec(sql, map[string]any{"pattern": pattern, "request": before}).Error; err != nil {
				return fmt.Errorf("look for a person in %s: %w", c.Table, err)
			}
		}
	}
	return nil
}

// left are the tables where something of a person is left: in their own rows what is not emptied, in all others their phone and
// full name (R-1015).
func (o *Office) left(ctx context.Context, all []holding, args map[string]any, w words) ([]string, error) {
	var found []string
	for _, h := range all {
		wrong := []string{}
		for name, value := range h.erase {
			if !slices.Contains([]string{"@now", "@machine"}, value) && !strings.Contains(value, "@now") && !strings.Contains(value, "@machine") {
				wrong = append(wrong, name+" IS DISTINCT FROM "+value)
			}
		}
		where := "(" + h.whose + ")"
		if !h.remove {
			where += " AND (" + strings.Join(wrong, " OR ") + ")"
		}
		if err := o.look(ctx, h.table, where, args, &found); err != nil {
			return nil, err
		}
	}
	columns, err := o.columns(ctx)
	if err != nil {
		return nil, err
	}
	phones, names := w.patterns()
	for _, c := range columns {
		for _, pattern := range []string{phones, names} {
			if pattern == "" {
				continue
			}
			where := c.Name + "::text ~* @pattern"
			if c.Identified {
				where += " AND id < @request"
			}
			if err := o.look(ctx, c.Table, where, map[string]any{"pattern": pattern, "request": args["request"]}, &found); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// look notes a table where something is found.
func (o *Office) look(ctx context.Context, table, where string, args map[string]any, found *[]string) error {
	var some bool
	if err := o.db.On(ctx).Raw("SELECT EXISTS (SELECT FROM "+table+" WHERE "+where+")", args).Scan(&some).Error; err != nil {
		return fmt.Errorf("look for what is left in %s: %w", table, err)
	}
	if some && !slices.Contains(*found, table) {
		*found = append(*found, table)
	}
	return nil
}
