package privacy

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/testkit"
)

type schemaColumn struct{ Table, Name, Kind string }

func schema(t *testing.T) (tables []string, columns []schemaColumn) {
	t.Helper()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	ctx := context.Background()
	if err := db.On(ctx).Raw("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").Scan(&tables).Error; err != nil {
		t.Fatal(err)
	}
	err := db.On(ctx).Raw(`SELECT table_name AS "table", column_name AS name, data_type AS kind FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`).Scan(&columns).Error
	if err != nil {
		t.Fatal(err)
	}
	return tables, columns
}

// Every table of the schema stands in the map of people's data, or among those that hold none of it; every column that can hold
// words of theirs is erased, or kept for a reason; and what is exported is what is erased, or kept (R-1012).
func TestTheMapCoversTheSchema(t *testing.T) {
	t.Parallel()
	tables, columns := schema(t)
	held := map[string][]holding{}
	for _, h := range holdings() {
		held[h.table] = append(held[h.table], h)
		if (h.as == "") == (h.secret == "") {
			t.Errorf("%s is neither exported nor secret for a reason, or both", h.table)
		}
		if !slices.Contains(tables, h.table) {
			t.Errorf("%s stands in the map and not in the schema", h.table)
		}
	}
	for _, table := range tables {
		reason, other := others()[table]
		if mapped := held[table] != nil; mapped == other || other && reason == "" {
			t.Errorf("%s stands in neither list, or in both: say in internal/privacy/map.go whose data it holds", table)
		}
	}
	for _, h := range holdings() { // whoever renames a column says here what becomes of it
		for _, name := range slices.Concat(strings.Fields(string(h.kept)), strings.Fields(h.hide), slices.Collect(maps.Keys(h.erase))) {
			if !slices.ContainsFunc(columns, func(c schemaColumn) bool { return c.Table == h.table && c.Name == name }) {
				t.Errorf("%s.%s stands in the map and not in the schema", h.table, name)
			}
		}
	}
	for _, c := range columns {
		for _, h := range held[c.Table] {
			_, erased := h.erase[c.Name]
			stays := slices.Contains(strings.Fields(string(h.kept)), c.Name)
			words := slices.Contains([]string{"text", "jsonb", "bytea", "character", "ARRAY"}, c.Kind)
			if erased && stays || words && !erased && !stays && !h.remove {
				t.Errorf("%s.%s (%s) is neither erased nor kept, or both", c.Table, c.Name, c.Kind)
			}
		}
	}
}

// Whatever leads to a customer by a foreign key is in the map.
func TestWhatLeadsToACustomerIsInTheMap(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	var reach []string
	err := db.On(context.Background()).Raw(`WITH RECURSIVE leads AS (
			SELECT 'customers'::regclass::oid AS at UNION SELECT 'contacts'::regclass::oid UNION SELECT 'shop_sessions'::regclass::oid
			UNION SELECT k.conrelid FROM pg_constraint k JOIN leads l ON k.confrelid = l.at WHERE k.contype = 'f'
		) SELECT at::regclass::text FROM leads ORDER BY 1`).Scan(&reach).Error
	if err != nil {
		t.Fatal(err)
	}
	if len(reach) < 25 {
		t.Fatalf("only %v lead to a customer", reach)
	}
	for _, table := range reach {
		if !slices.ContainsFunc(holdings(), func(h holding) bool { return h.table == table }) {
			t.Errorf("%s leads to a customer and is not in the map", table)
		}
	}
}
