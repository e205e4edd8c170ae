package privacy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"frontdesk/models"
)

// table is one where others may have written a person's phone or name, and the columns where they may.
type table struct {
	name       string
	columns    []column
	identified bool // rows have an id that tells their age; a group of dead letters is older than what is in it
}

// column is one that may hold a person's words.
type column struct {
	Table, Name, Kind string
	Identified        bool
}

// own tells of a column that says who another person is, or where they live: whatever it says is theirs.
func own(c column) bool {
	switch c.Table {
	case "customers", "contacts", "addresses", "consents", "shop_sessions", "river_job": // of a job's arguments ids stay
		return true
	case "appointments":
		return c.Name == "for_name"
	}
	return slices.Contains([]string{"session_id", "payment_intent", "provider_id", "event_id", "sender", "url", "outcome"}, c.Name)
}

// tables are the tables about people, with those of their columns that the map empties: of text and JSON.
func (o *Office) tables(ctx context.Context) ([]table, error) {
	var all []column
	err := o.db.On(ctx).Raw(`SELECT c.table_name AS "table", c.column_name AS name, c.data_type AS kind, EXISTS (SELECT FROM information_schema.columns i
			WHERE i.table_schema = 'public' AND i.table_name = c.table_name AND i.column_name = 'id' AND i.data_type = 'uuid' AND i.table_name <> 'letter_groups') AS identified
		FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.data_type IN ('text', 'jsonb') ORDER BY 1, 2`).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	var out []table
	for _, c := range all {
		erased := slices.ContainsFunc(holdings(), func(h holding) bool { _, is := h.erase[c.Name]; return is && h.table == c.Table })
		switch {
		case !erased || own(c):
		case len(out) > 0 && out[len(out)-1].name == c.Table:
			out[len(out)-1].columns = append(out[len(out)-1].columns, c)
		default:
			out = append(out, table{c.Table, []column{c}, c.Identified})
		}
	}
	return out, nil
}

// batch is how many rows of a table are looked through at once.
const batch = 2000

// inBatches goes through a table's rows that are older than an id, some at a time: from one id, exclusive, to another.
func (o *Office) inBatches(ctx context.Context, t table, before models.ID, do func(ctx context.Context, rows string, args map[string]any) error) error {
	args := map[string]any{"after": models.ID{}, "to": before}
	if !t.identified {
		return o.inPart(ctx, "true", args, do)
	}
	for {
		var to []models.ID
		err := o.db.On(ctx).Raw("SELECT id FROM "+t.name+" WHERE id > ? AND id < ? ORDER BY id OFFSET ? LIMIT 1", args["after"], before, batch-1).Scan(&to).Error
		if err != nil {
			return fmt.Errorf("look through %s: %w", t.name, err)
		}
		if len(to) == 0 {
			args["to"] = before
			return o.inPart(ctx, "id > @after AND id < @to", args, do)
		}
		args["to"] = to[0]
		if err := o.inPart(ctx, "id > @after AND id <= @to", args, do); err != nil {
			return err
		}
		args = map[string]any{"after": to[0]}
	}
}

func (o *Office) inPart(ctx context.Context, rows string, args map[string]any, do func(ctx context.Context, rows string, args map[string]any) error) error {
	return o.db.Patiently(ctx, partTime, func(ctx context.Context) error { return do(ctx, rows, args) })
}

// says is the condition of a table's rows that hold what is searched for in a column; empty where nothing is searched for.
func (t table) says(w words) string {
	var any []string
	phones, names := w.patterns()
	for _, c := range t.columns {
		for _, pattern := range []struct{ text, name string }{{phones, "@phone"}, {names, "@name"}} {
			if pattern.text != "" {
				any = append(any, c.Name+"::text ~* "+pattern.name)
			}
		}
	}
	if len(any) == 0 {
		return ""
	}
	where := "(" + strings.Join(any, " OR ") + ")"
	switch t.name {
	case "messages", "notice_deliveries": // a notice on its way goes out as it was written
		return where + " AND NOT " + unsent
	case "provider_events":
		return where + " AND processed_at IS NOT NULL"
	}
	return where
}

// elsewhere takes a person's phone and full name out of what belongs to others in a table, who may have written them.
func (o *Office) elsewhere(ctx context.Context, t table, w words, before models.ID) error {
	where := t.says(w)
	if where == "" {
		return nil
	}
	phones, names := w.patterns()
	var sets []string
	for _, c := range t.columns {
		value := c.Name
		if phones != "" {
			value = "regexp_replace(" + value + map[bool]string{true: "::text, @phone, '0', 'gi')", false: ", @phone, '—', 'gi')"}[c.Kind == "jsonb"]
		}
		if names != "" {
			value = "regexp_replace(" + value + "::text, @name, '—', 'gi')"
		}
		if c.Kind == "jsonb" {
			value = "(" + value + ")::jsonb"
		}
		sets = append(sets, c.Name+" = "+value)
	}
	sql := "UPDATE " + t.name + " SET " + strings.Join(sets, ", ") + " WHERE " + where
	return o.inBatches(ctx, t, before, func(ctx context.Context, rows string, args map[string]any) error {
		args["phone"], args["name"] = phones, names
		if err := o.db.On(ctx).Exec(sql+" AND "+rows, args).Error; err != nil {
			return fmt.Errorf("look for a person in %s: %w", t.name, err)
		}
		return nil
	})
}

// leftOwn names a table of the person's own rows where something is left that should be empty: what came or changed since it was emptied is
// emptied once more before it counts (R-1015). References that money needs are not looked at: the sweep empties them when their time has come.
func (o *Office) leftOwn(ctx context.Context, p Traces, h holding, args map[string]any) (string, error) {
	where := "(" + h.whose + ")"
	if !h.remove {
		wrong := []string{}
		for name, value := range h.erase {
			if !strings.Contains(value, "@now") && !strings.Contains(value, "@machine") && !h.needs(name) {
				wrong = append(wrong, name+" IS DISTINCT FROM "+value)
			}
		}
		if len(wrong) == 0 {
			return "", nil
		}
		where += " AND (" + strings.Join(wrong, " OR ") + ")"
	}
	some, err := o.any(ctx, h.table, where, args)
	if err != nil || !some {
		return "", err
	}
	if err := o.hold(ctx, p); err != nil {
		return "", err
	}
	if err := o.redact(ctx, h, args); err != nil {
		return "", err
	}
	if some, err = o.any(ctx, h.table, where, args); err != nil || !some {
		return "", err
	}
	return h.table, nil
}

// money tells of a table with references by which money is settled.
func (h holding) money() bool { return h.table == "payments" || h.table == "refunds" }

// needs tells of a column by which a provider knows money.
func (h holding) needs(name string) bool {
	return h.money() && slices.Contains([]string{"session_id", "payment_intent", "url", "provider_id"}, name)
}

// moves tells of a table that people may still write to while money of somebody who is erased goes back.
func (h holding) moves() bool { return h.money() || h.table == "refund_events" }

// leftElsewhere names a table of others where a person's phone or full name is left, once it was taken out of it once more.
func (o *Office) leftElsewhere(ctx context.Context, t table, w words, before models.ID) (string, error) {
	some, err := o.says(ctx, t, w, before)
	if err != nil || !some {
		return "", err
	}
	if err := o.elsewhere(ctx, t, w, before); err != nil {
		return "", err
	}
	if some, err = o.says(ctx, t, w, before); err != nil || !some {
		return "", err
	}
	return t.name, nil
}

// says tells whether a table of others says a person's phone or full name.
func (o *Office) says(ctx context.Context, t table, w words, before models.ID) (some bool, err error) {
	where := t.says(w)
	if where == "" {
		return false, nil
	}
	phones, names := w.patterns()
	err = o.inBatches(ctx, t, before, func(ctx context.Context, rows string, args map[string]any) error {
		args["phone"], args["name"] = phones, names
		here, err := o.any(ctx, t.name, where+" AND "+rows, args)
		some = some || here
		return err
	})
	return some, err
}

// any tells whether a table has a row of a condition.
func (o *Office) any(ctx context.Context, table, where string, args map[string]any) (some bool, err error) {
	if err := o.db.On(ctx).Raw("SELECT EXISTS (SELECT FROM "+table+" WHERE "+where+")", args).Scan(&some).Error; err != nil {
		return false, fmt.Errorf("look for what is left in %s: %w", table, err)
	}
	return some, nil
}
