package letters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Page is where a list goes on: behind At and Group or Job, so many rows.
type Page struct {
	At    time.Time
	Group models.ID
	Job   int64
	Limit int
}

// where is a condition in SQL with its values.
type where struct {
	sql  []string
	args map[string]any
}

func (w *where) and(sql string, name string, value any) {
	w.sql = append(w.sql, sql)
	w.args[name] = value
}

// values are what a statement is given: nothing where no name stands in it.
func (w *where) values() []any {
	if len(w.args) == 0 {
		return nil
	}
	return []any{w.args}
}

func (w *where) String() string { return strings.Join(w.sql, " AND ") }

// Groups are the groups with open letters, the last that happened first, by kind, words and days of the filter.
func (t *Tray) Groups(ctx context.Context, f Filter, p Page) ([]Group, error) {
	w := groupsOf(f)
	if !f.From.IsZero() {
		w.and("g.last_at >= @from", "from", f.From)
	}
	if !f.To.IsZero() {
		w.and("g.first_at < @to", "to", f.To)
	}
	if !p.At.IsZero() {
		w.and("(g.last_at, g.id) < (@at, @place)", "at", p.At)
		w.args["place"] = p.Group
	}
	w.args["limit"] = p.Limit
	var out []Group
	err := t.db.On(ctx).Raw(`SELECT g.* FROM letter_groups g WHERE `+w.String()+` ORDER BY g.last_at DESC, g.id DESC LIMIT @limit`, w.args).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list groups of dead letters: %w", err)
	}
	return out, nil
}

// groupsOf are the conditions of a filter that a group as a whole meets or not.
func groupsOf(f Filter) *where {
	w := &where{sql: []string{"g.open > 0"}, args: map[string]any{}}
	if f.Group != (models.ID{}) {
		w.and("g.id = @group", "group", f.Group)
	}
	if f.Kind != "" {
		w.and("g.kind = @kind", "kind", f.Kind)
	}
	if f.Words != "" {
		w.and("g.error ILIKE @words", "words", "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(f.Words)+"%")
	}
	return w
}

// lettersOf are the conditions of a filter on open letters, those of their group included.
func lettersOf(f Filter) *where {
	w := &where{sql: []string{"l.state = 'open'"}, args: map[string]any{}}
	if f.Group != (models.ID{}) {
		w.and("l.group_id = @group", "group", f.Group)
	}
	if f.Kind != "" {
		w.and("l.kind = @kind", "kind", f.Kind)
	}
	if f.Words != "" {
		words := groupsOf(Filter{Words: f.Words})
		w.and("l.group_id IN (SELECT g.id FROM letter_groups g WHERE "+words.String()+")", "words", words.args["words"])
	}
	if f.About != (models.ID{}) {
		w.and("l.refs @> ARRAY[CAST(@about AS uuid)]", "about", f.About)
	}
	if !f.From.IsZero() {
		w.and("l.died_at >= @from", "from", f.From)
	}
	if !f.To.IsZero() {
		w.and("l.died_at < @to", "to", f.To)
	}
	if f.Jobs != nil {
		w.and("l.job_id IN @jobs", "jobs", append([]int64{0}, f.Jobs...))
	}
	return w
}

// Group is one group. Fault: letters.no_group.
func (t *Tray) Group(ctx context.Context, id models.ID) (Group, error) {
	var g Group
	err := t.db.On(ctx).Raw("SELECT * FROM letter_groups WHERE id = ?", id).Take(&g).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return g, fault.NotFound("letters.no_group")
	}
	if err != nil {
		return g, fmt.Errorf("read group of dead letters: %w", err)
	}
	return g, nil
}

const letterColumns = "l.job_id, l.group_id, l.kind, l.state, l.deaths, l.died_at, l.changed_at, l.drop_id, l.refs, l.line"

// Letters are open letters, the last that died first.
func (t *Tray) Letters(ctx context.Context, f Filter, p Page) ([]Letter, error) {
	w := lettersOf(f)
	if !p.At.IsZero() {
		w.and("(l.died_at, l.job_id) < (@at, @place)", "at", p.At)
		w.args["place"] = p.Job
	}
	w.args["limit"] = p.Limit
	rows := "SELECT " + letterColumns + " FROM letters l WHERE " + w.String() + " ORDER BY l.died_at DESC, l.job_id DESC LIMIT @limit"
	if f.Words != "" && f.About == (models.ID{}) && f.Jobs == nil {
		// Each group gives its own last ones by its index; the last of them all are among those.
		part := f
		part.Words, part.Group, part.Kind = "", models.ID{}, ""
		of, in := lettersOf(part), groupsOf(f)
		if !p.At.IsZero() {
			of.and("(l.died_at, l.job_id) < (@at, @place)", "at", p.At)
		}
		rows = `SELECT l.* FROM letter_groups g CROSS JOIN LATERAL (SELECT ` + letterColumns + ` FROM letters l WHERE l.group_id = g.id AND ` + of.String() + `
			ORDER BY l.died_at DESC, l.job_id DESC LIMIT @limit) l WHERE ` + in.String() + ` ORDER BY l.died_at DESC, l.job_id DESC LIMIT @limit`
	}
	var out []Letter
	err := t.db.On(ctx).Raw(`SELECT l.job_id, l.group_id, l.kind, l.state, l.deaths, l.died_at, l.changed_at, l.drop_id, g.error
		FROM (`+rows+`) l JOIN letter_groups g ON g.id = l.group_id ORDER BY l.died_at DESC, l.job_id DESC`, w.args).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	return out, nil
}

// Count is how many open letters a filter finds. What is kept is read; only days and things are counted.
func (t *Tray) Count(ctx context.Context, f Filter) (int, error) {
	w := lettersOf(f)
	sql := "SELECT count(*) FROM letters l WHERE " + w.String()
	if f.About == (models.ID{}) && f.From.IsZero() && f.To.IsZero() && f.Jobs == nil {
		w = groupsOf(f)
		sql = "SELECT coalesce(sum(g.open), 0) FROM letter_groups g WHERE " + w.String()
	}
	var n int
	if err := t.db.On(ctx).Raw(sql, w.values()...).Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("count dead letters: %w", err)
	}
	return n, nil
}

// About finds what a filter means by a thing: the id itself, or the order of a number. Nothing is found for what is neither.
func (t *Tray) About(ctx context.Context, text string) (id models.ID, found bool, err error) {
	if id.UnmarshalText([]byte(text)) == nil {
		return id, true, nil
	}
	var ids []models.ID
	err = t.db.On(ctx).Raw("SELECT id FROM orders WHERE number = ?", strings.ToUpper(text)).Scan(&ids).Error
	if err != nil {
		return id, false, fmt.Errorf("find order: %w", err)
	}
	if len(ids) == 0 {
		return id, false, nil
	}
	return ids[0], true, nil
}

// Letter is one letter with its job, also when it is not open any more. Fault: letters.not_found.
func (t *Tray) Letter(ctx context.Context, job int64) (Detail, error) {
	var row struct {
		Letter
		Place    string
		Line     *models.ID
		RefList  string
		JobState string
		Args     string
		Errors   string
		Created  time.Time
		Max      int
	}
	err := t.db.On(ctx).Raw(`SELECT l.job_id, l.group_id, l.kind, l.state, l.deaths, l.died_at, l.changed_at, l.drop_id, l.line, l.refs::text AS ref_list, g.error, g.place,
			coalesce(j.state::text, '') AS job_state, coalesce(j.args::text, '') AS args, coalesce(to_jsonb(j.errors)::text, '[]') AS errors,
			coalesce(j.created_at, l.died_at) AS created, coalesce(j.max_attempts, 0) AS max
		FROM letters l JOIN letter_groups g ON g.id = l.group_id LEFT JOIN river_job j ON j.id = l.job_id WHERE l.job_id = ?`, job).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Detail{}, fault.NotFound("letters.not_found")
	}
	if err != nil {
		return Detail{}, fmt.Errorf("read dead letter: %w", err)
	}
	d := Detail{Letter: row.Letter, Place: row.Place, Line: row.Line, JobState: row.JobState, Args: json.RawMessage(row.Args), Created: row.Created, Max: row.Max}
	if err := json.Unmarshal([]byte(row.Errors), &d.Attempts); err != nil {
		return d, fmt.Errorf("read attempts of a dead letter: %w", err)
	}
	slices.Reverse(d.Attempts)
	for text := range strings.SplitSeq(strings.Trim(row.RefList, "{}"), ",") {
		var id models.ID
		if id.UnmarshalText([]byte(text)) == nil {
			d.Refs = append(d.Refs, id)
		}
	}
	return d, nil
}

// States are how many jobs wait, run, or are dead; what is done is not counted.
func (t *Tray) States(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		State string
		N     int
	}
	err := t.db.On(ctx).Raw(`SELECT state::text AS state, count(*) AS n FROM river_job WHERE state IN ('available', 'running', 'retryable', 'scheduled') GROUP BY state
		UNION ALL SELECT 'discarded', coalesce(sum(open), 0) FROM letter_groups WHERE open > 0`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	out := map[string]int{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, nil
}
