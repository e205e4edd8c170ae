package letters

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Edit gives a dead job other arguments and brings it back. What they were is kept with the letter; the log says which have
// changed. What was one person's stays theirs. Faults: letters.not_found, letters.changed; letters.args, letters.args_same,
// letters.args_apart, letters.args_other at "args"; letters.why.…
func (t *Tray) Edit(ctx context.Context, actor string, job int64, deaths int, raw, reason string) error {
	return t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.counting(ctx); err != nil {
			return err
		}
		l, err := t.Letter(ctx, job)
		if err != nil {
			return err
		}
		if l.State != Open || l.Deaths != deaths {
			return fault.Conflict("letters.changed")
		}
		args, err := queue.Check(l.Kind, []byte(raw))
		if errors.Is(err, queue.ErrKind) {
			return stays(whyKind)
		}
		if err != nil {
			return wrongArgs("letters.args")
		}
		if was, err := queue.Check(l.Kind, l.Args); err == nil && bytes.Equal(was, args) {
			return wrongArgs("letters.args_same")
		}
		if err := t.give(ctx, job, l.Args, args); err != nil {
			return err
		}
		if err := t.mayReturn(ctx, job, deaths); err != nil { // of what is not there nobody can be told
			return err
		}
		if err := t.theirs(ctx, l.Args, args); err != nil {
			return err
		}
		if err := t.back(ctx, job); err != nil {
			return err
		}
		before, after := fields(l.Args, args)
		return t.log.Record(ctx, audit.Entry{Actor: actor, Action: "letter.edited", SubjectKind: "letter", SubjectID: strconv.FormatInt(job, 10), Reason: reason,
			Before: before, After: after})
	})
}

func wrongArgs(key string) error { return fault.Invalid(key, map[string]string{"args": key}) }

// give keeps what a job was given and gives it something else.
func (t *Tray) give(ctx context.Context, job int64, was, args json.RawMessage) error {
	err := t.db.On(ctx).Exec(`WITH kept AS (INSERT INTO letter_edits (id, job_id, args, at) VALUES (@id, @job, CAST(@was AS jsonb), @now)),
			given AS (UPDATE river_job SET args = CAST(@args AS jsonb) WHERE id = @job)
		UPDATE letters SET (refs, line) = (SELECT r.refs, r.line FROM letter_refs(CAST(@args AS jsonb)) r) WHERE job_id = @job`,
		map[string]any{"id": models.NewID(), "was": string(was), "now": t.clock.Machine(), "args": string(args), "job": job}).Error
	if err != nil {
		return fmt.Errorf("give a job other arguments: %w", err)
	}
	return nil
}

// theirs refuses arguments whose things are not one person's, or are not that of the arguments before: one customer would be told of
// another's visit, or paid another's money. Where nobody can be told from those before, anybody may be meant.
func (t *Tray) theirs(ctx context.Context, before, after json.RawMessage) error {
	was, _, err := t.people(ctx, before)
	if err != nil {
		return err
	}
	all, one, err := t.people(ctx, after)
	switch {
	case err != nil:
		return err
	case len(all) > 0 && len(one) == 0:
		return wrongArgs("letters.args_apart")
	case len(was) > 0 && !slices.ContainsFunc(one, func(id models.ID) bool { return slices.Contains(was, id) }):
		return wrongArgs("letters.args_other")
	}
	return nil
}

// people are all whom arguments concern, and those whom each of their things concerns.
func (t *Tray) people(ctx context.Context, args json.RawMessage) (all, each []models.ID, err error) {
	var rows []struct {
		ID  models.ID
		One models.ID
	}
	if err := t.db.On(ctx).Raw("SELECT id, unnest(people) AS one FROM letter_people(CAST(? AS jsonb))", string(args)).Scan(&rows).Error; err != nil {
		return nil, nil, fmt.Errorf("tell whose a job is: %w", err)
	}
	things := map[models.ID][]models.ID{}
	for _, r := range rows {
		things[r.ID] = append(things[r.ID], r.One)
		if !slices.Contains(all, r.One) {
			all = append(all, r.One)
		}
	}
	for _, id := range all {
		in := 0
		for _, people := range things {
			if slices.Contains(people, id) {
				in++
			}
		}
		if in == len(things) {
			each = append(each, id)
		}
	}
	return all, each, nil
}

// fields are arguments by name before and after, as they go into the log: what may be a person's is not repeated, but that it has
// changed is.
func fields(was, is json.RawMessage) (before, after map[string]any) {
	before, after = map[string]any{}, map[string]any{}
	for _, a := range Arguments(was, false) {
		before[a.Name] = a.Value
	}
	for _, a := range Arguments(is, false) {
		after[a.Name] = a.Value
	}
	whole := map[string]string{}
	for _, a := range Arguments(was, true) {
		whole[a.Name] = a.Value
	}
	for _, a := range Arguments(is, true) {
		if old, had := whole[a.Name]; had && old != a.Value && before[a.Name] == after[a.Name] {
			after[a.Name] = hidden + " ≠"
		}
	}
	return before, after
}

// revealedFor is for how long who has said why is given all of a job to edit.
const revealedFor = 15 * time.Minute

// Revealed tells whether somebody has asked for all of a letter a moment ago, and said why.
func (t *Tray) Revealed(ctx context.Context, actor string, job int64) (bool, error) {
	rows, err := t.log.Entries(ctx, audit.Query{SubjectKind: "letter", SubjectID: strconv.FormatInt(job, 10), Actor: actor, Action: "letter.revealed",
		From: t.clock.Machine().Add(-revealedFor), Limit: 1})
	if err != nil {
		return false, fmt.Errorf("look who has seen a job: %w", err)
	}
	return len(rows) > 0, nil
}
