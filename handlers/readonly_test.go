package handlers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"frontdesk/models"
)

// meant are tables that reading a route writes to on purpose: that somebody read what a customer wrote
// is noted once a day (R-1016). Whoever is led there by a stranger has read it, too. Each opening of a link to somebody's
// data is noted.
var meant = map[string][]string{
	"/console/conversations/:id":          {"conversation_reads", "audit_log", "audit_chain"},
	"/compliance/pdpl/export/:ticket":     {"audit_log", "audit_chain"},
	"/api/compliance/pdpl/export/:ticket": {"audit_log", "audit_chain"},
	pdplPath + picturePath:                {"audit_log", "audit_chain"},
	"/api" + pdplPath + picturePath:       {"audit_log", "audit_chain"},
}

// Reading changes nothing, whoever reads: no row of any table comes, goes or is written again
// (ASVS 3.5.3). What a GET wrote would be done by every link, prefetch and image a stranger makes.
func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	readers := s.readers()
	last := s.written()
	for _, r := range s.reads() {
		for _, address := range s.addresses(r) {
			for _, role := range slices.Sorted(maps.Keys(readers)) {
				for _, method := range []string{"GET", "HEAD"} {
					if method == "HEAD" && role != models.RoleAdmin {
						continue
					}
					s.call(method, address, nil, readers[role], "Accept: text/html")
				}
			}
		}
		now := s.written()
		for _, table := range slices.Sorted(maps.Keys(now)) {
			if now[table] != last[table] && !slices.Contains(meant[r.Path], table) {
				t.Errorf("reading %s wrote to %s", r.Path, table)
			}
		}
		last = now
	}
}

// written is, per table, how many rows there are and a sum over who wrote them: any insert, update or
// delete changes it.
func (s *salon) written() map[string]string {
	s.t.Helper()
	ctx := context.Background()
	var tables []string
	s.must(s.DB.On(ctx).Raw("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").Scan(&tables).Error)
	parts := make([]string, len(tables))
	for i, table := range tables {
		parts[i] = fmt.Sprintf("SELECT '%[1]s' AS name, count(*) || ' rows, ' || coalesce(sum(xmin::text::bigint), 0) AS state FROM %[1]s", table)
	}
	var rows []struct{ Name, State string }
	s.must(s.DB.On(ctx).Raw(strings.Join(parts, " UNION ALL ")).Scan(&rows).Error)
	out := map[string]string{}
	for _, r := range rows {
		out[r.Name] = r.State
	}
	if len(out) < 20 {
		s.t.Fatalf("%d tables are watched: something is wrong with this test", len(out))
	}
	return out
}
