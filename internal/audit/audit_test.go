package audit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
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
