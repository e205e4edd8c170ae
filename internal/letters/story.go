package letters

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// told is a filter as the log keeps it. What was typed is hidden as it is in an error.
func (f Filter) told() map[string]any {
	out := map[string]any{}
	for name, id := range map[string]models.ID{"group": f.Group, "about": f.About} {
		if id != (models.ID{}) {
			out[name] = id
		}
	}
	for name, at := range map[string]time.Time{"from": f.From, "to": f.To} {
		if !at.IsZero() {
			out[name] = at.UTC()
		}
	}
	if f.Kind != "" {
		out["kind"] = f.Kind
	}
	if f.Words != "" {
		out["words"] = mask(f.Words)
	}
	if f.Jobs != nil {
		out["chosen"] = len(f.Jobs)
	}
	return out
}

// spans are numbers in order, those that follow each other as one: "4-7, 9".
func spans(numbers []int64) string {
	var out strings.Builder
	for from := 0; from < len(numbers); {
		to := from
		for to+1 < len(numbers) && numbers[to+1] == numbers[to]+1 {
			to++
		}
		if from > 0 {
			out.WriteString(", ")
		}
		out.WriteString(strconv.FormatInt(numbers[from], 10))
		if to > from {
			out.WriteString("-" + strconv.FormatInt(numbers[to], 10))
		}
		from = to + 1
	}
	return out.String()
}

// recent is how many discardings and runs are told beside the list.
const recent = 5

// Recent are the last discardings, and the last runs with all that are under way.
func (t *Tray) Recent(ctx context.Context) (drops []Drop, runs []Run, err error) {
	if drops, err = t.Drops(ctx, Page{Limit: recent}); err != nil {
		return nil, nil, err
	}
	err = t.db.On(ctx).Raw(`SELECT * FROM letter_runs WHERE id = ANY (ARRAY(SELECT id FROM letter_runs WHERE state = 'running' ORDER BY stepped_at DESC LIMIT 50)
		|| ARRAY(SELECT id FROM letter_runs ORDER BY started_at DESC, id DESC LIMIT ?)) ORDER BY started_at DESC, id DESC`, recent).Scan(&runs).Error
	if err != nil {
		return nil, nil, fmt.Errorf("list runs: %w", err)
	}
	return drops, runs, nil
}

// Drops are discardings, the last first; Group of the page is the one before.
func (t *Tray) Drops(ctx context.Context, p Page) ([]Drop, error) {
	var out []Drop
	return out, t.behind(ctx, &out, "letter_drops", "at", p)
}

// Runs are runs, the last first; Group of the page is the one before.
func (t *Tray) Runs(ctx context.Context, p Page) ([]Run, error) {
	var out []Run
	return out, t.behind(ctx, &out, "letter_runs", "started_at", p)
}

func (t *Tray) behind(ctx context.Context, into any, table, at string, p Page) error {
	w := &where{sql: []string{"true"}, args: map[string]any{"limit": p.Limit}}
	if !p.At.IsZero() {
		w.and("("+at+", id) < (@at, @place)", "at", p.At)
		w.args["place"] = p.Group
	}
	err := t.db.On(ctx).Raw("SELECT * FROM "+table+" WHERE "+w.String()+" ORDER BY "+at+" DESC, id DESC LIMIT @limit", w.args).Scan(into).Error
	if err != nil {
		return fmt.Errorf("list %s: %w", table, err)
	}
	return nil
}

// Drop is one discarding. Fault: letters.no_drop.
func (t *Tray) Drop(ctx context.Context, id models.ID) (d Drop, err error) {
	err = t.db.On(ctx).Raw("SELECT * FROM letter_drops WHERE id = ?", id).Take(&d).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return d, fault.NotFound("letters.no_drop")
	}
	if err != nil {
		return d, fmt.Errorf("read discarding: %w", err)
	}
	return d, nil
}

// Dropped are the letters of a discarding, the newest job first, whatever has become of them since; Job of the page is the one before.
func (t *Tray) Dropped(ctx context.Context, id models.ID, p Page) ([]Letter, error) {
	w := &where{sql: []string{"d.drop_id = @drop"}, args: map[string]any{"drop": id, "limit": p.Limit}}
	if p.Job > 0 {
		w.and("d.job_id < @place", "place", p.Job)
	}
	var out []Letter
	err := t.db.On(ctx).Raw(`SELECT l.job_id, l.group_id, l.kind, l.state, l.deaths, l.died_at, l.changed_at, l.drop_id, g.error
		FROM letter_drop_jobs d JOIN letters l ON l.job_id = d.job_id JOIN letter_groups g ON g.id = l.group_id
		WHERE `+w.String()+` ORDER BY d.job_id DESC LIMIT @limit`, w.args).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list discarded letters: %w", err)
	}
	return out, nil
}

// Touched are the discardings and runs that a job was in, the last of each.
func (t *Tray) Touched(ctx context.Context, job int64) (drops, runs []models.ID, err error) {
	db := t.db.On(ctx)
	err = errors.Join(
		db.Raw("SELECT drop_id FROM letter_drop_jobs WHERE job_id = ? ORDER BY drop_id DESC LIMIT 20", job).Scan(&drops).Error,
		db.Raw(`SELECT id FROM letter_runs r WHERE EXISTS (SELECT FROM letter_run_jobs i WHERE i.run_id = r.id AND i.job_id = ?)
			ORDER BY started_at DESC LIMIT 20`, job).Scan(&runs).Error)
	if err != nil {
		return nil, nil, fmt.Errorf("find what a job was in: %w", err)
	}
	return drops, runs, nil
}
