package audit_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// The log only grows (R-1016): the database itself refuses everything else.
func TestTheLogOnlyGrows(t *testing.T) {
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	ctx := context.Background()
	log := audit.New(db, c)
	if err := log.Record(ctx, audit.Entry{Actor: "system", Action: "session.opened", SubjectKind: "staff", RequestID: "r1"}); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"UPDATE audit_log SET actor = 'nobody'", "DELETE FROM audit_log", "TRUNCATE audit_log"} {
		if err := db.On(ctx).Exec(sql).Error; err == nil {
			t.Errorf("%s was allowed", sql)
		}
	}
	var rows []models.AuditEntry
	if err := db.On(ctx).Find(&rows).Error; err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || rows[0].Actor != "system" || string(rows[0].Detail) != "{}" {
		t.Errorf("the log holds %+v", rows)
	}
}

// What is undone leaves no entry.
func TestAnEntryStandsWithItsTransaction(t *testing.T) {
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	undone := errors.New("undone")
	err := db.InTx(context.Background(), func(ctx context.Context) error {
		if err := audit.New(db, c).Record(ctx, audit.Entry{Actor: "system", Action: "x", SubjectKind: "y"}); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	var n int64
	if err := db.On(context.Background()).Model(&models.AuditEntry{}).Count(&n).Error; err != nil || n != 0 {
		t.Errorf("%d entries, %v; want none", n, err)
	}
}

// One changed byte is found, wherever it is, and so is an entry that was taken out or slipped in; what
// is written by many at once still makes one chain.
func TestTheChainHolds(t *testing.T) {
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	for _, damage := range []struct {
		name, sql string
		at        int64
	}{
		{"nothing", "SELECT 1", 0},
		{"one byte of an action", "UPDATE audit_log SET action = 'price.changeD' WHERE id = 7", 7},
		{"one digit of a value", `UPDATE audit_log SET after = '{"price": 2621}' WHERE id = 3`, 3},
		{"the time", "UPDATE audit_log SET at = at + interval '1 microsecond' WHERE id = 20", 20},
		{"a link", "UPDATE audit_chain SET hash = sha256('x') WHERE entry_id = 11", 11},
		{"an entry taken out", `WITH gone AS (DELETE FROM audit_chain WHERE position = 5 RETURNING entry_id)
			DELETE FROM audit_log WHERE id IN (SELECT entry_id FROM gone)`, -1},
		{"an entry slipped in", `INSERT INTO audit_log (at, actor, action, subject_kind) VALUES (now(), 'system', 'x', 'y')`, 21},
	} {
		t.Run(damage.name, func(t *testing.T) {
			t.Parallel()
			db, ctx := testkit.DB(t, c), context.Background()
			log := audit.New(db, c)
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() {
					err := log.Record(ctx, audit.Entry{
						Actor: "system", Action: "price.changed", SubjectKind: "service", Reason: "season",
						Before: map[string]any{"price": 2500, "minutes": 40}, After: map[string]any{"price": 2620, "minutes": 40},
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			err := db.InTx(ctx, func(ctx context.Context) error {
				for _, sql := range []string{"SET LOCAL session_replication_role = replica", damage.sql} {
					if err := db.On(ctx).Exec(sql).Error; err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := log.Verify(ctx)
			if err != nil {
				t.Fatal(err)
			}
			found := got.BrokenAt == damage.at || damage.at < 0 && got.BrokenAt > 0
			if !found || len(got.Head) != 64 {
				t.Errorf("verdict %+v, want the chain broken at %d", got, damage.at)
			}
		})
	}
}

// An entry keeps what differs and nothing else.
func TestAnEntryKeepsWhatChanged(t *testing.T) {
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db, ctx := testkit.DB(t, c), context.Background()
	log := audit.New(db, c)
	err := log.Record(ctx, audit.Entry{
		Actor: "staff:1", Action: "service.changed", SubjectKind: "service", SubjectID: "s1",
		Before: map[string]any{"price": 2500, "minutes": 40}, After: map[string]any{"price": 2620, "minutes": 40, "active": true},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := log.Entries(ctx, audit.Query{SubjectKind: "service", SubjectID: "s1"})
	if err != nil || len(rows) != 1 {
		t.Fatalf("entries %v, %v", rows, err)
	}
	if string(rows[0].Before) != `{"price": 2500}` || string(rows[0].After) != `{"price": 2620, "active": true}` {
		t.Errorf("before %s, after %s", rows[0].Before, rows[0].After)
	}
	if other, err := log.Entries(ctx, audit.Query{Actor: "staff:2"}); err != nil || len(other) != 0 {
		t.Errorf("entries of nobody: %v, %v", other, err)
	}
}

// Pages follow one another without a gap or a repetition, onward and back, by ids and by days.
func TestPagesOfTheLog(t *testing.T) {
	start := time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC)
	c, _ := clock.Fixed(start)
	db, ctx := testkit.DB(t, c), context.Background()
	log := audit.New(db, c)
	for range 10 {
		if err := log.Record(ctx, audit.Entry{Actor: "system", Action: "x", SubjectKind: "y"}); err != nil {
			t.Fatal(err)
		}
	}
	for name, q := range map[string]audit.Query{"all": {}, "days": {From: start, To: start.AddDate(1, 0, 0)}} {
		q.Limit = 4
		ids := func(change func(*audit.Query)) (out []int64) {
			ask := q
			change(&ask)
			rows, err := log.Entries(ctx, ask)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				out = append(out, r.ID)
			}
			return out
		}
		for what, c := range map[string]struct{ got, want []int64 }{
			"first":          {ids(func(*audit.Query) {}), []int64{10, 9, 8, 7}},
			"second":         {ids(func(q *audit.Query) { q.BeforeID = 7 }), []int64{6, 5, 4, 3}},
			"last":           {ids(func(q *audit.Query) { q.BeforeID = 3 }), []int64{2, 1}},
			"back from last": {ids(func(q *audit.Query) { q.AfterID = 2 }), []int64{6, 5, 4, 3}},
			"back to first":  {ids(func(q *audit.Query) { q.AfterID = 6 }), []int64{10, 9, 8, 7}},
		} {
			if !slices.Equal(c.got, c.want) {
				t.Errorf("%s, %s: %v, want %v", name, what, c.got, c.want)
			}
		}
	}
	all, err := log.Entries(ctx, audit.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := log.Entries(ctx, audit.Query{From: all[5].At, To: all[2].At}); err != nil || len(rows) != 3 || rows[0].ID != all[3].ID {
		t.Errorf("half-open days hold %d entries, %v", len(rows), err)
	}
	if _, err := log.Entry(ctx, 11); !fault.Is(err, "audit.no_entry") {
		t.Errorf("an entry that is not there: %v", err)
	}
	words, err := log.Words(ctx)
	if err != nil || !slices.Equal(words.Actors, []string{"system"}) || !slices.Equal(words.Actions, []string{"x"}) {
		t.Errorf("words %v, %v", words, err)
	}
}
