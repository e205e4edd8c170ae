package privacy_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/privacy"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

type office struct {
	*privacy.Office
	t      *testing.T
	db     *database.DB
	people *customers.Registry
	clock  clock.Clock
	ctx    context.Context
}

func open(t *testing.T) *office {
	t.Helper()
	t.Parallel()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	people := customers.New(db, c)
	q, policies := queue.New(db), settings.New(db, c)
	diary := booking.New(db, c, q, policies, testkit.Redis(t))
	return &office{privacy.New(db, c, policies, people, q, diary), t, db, people, c, context.Background()}
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) customer(n int) models.Customer {
	o.t.Helper()
	c, err := o.people.OfPhone(o.ctx, fmt.Sprintf("+4477009002%02d", n), models.English)
	o.must(err)
	return c
}

func (o *office) said(r privacy.ConsentRecord) models.ConsentRow {
	o.t.Helper()
	row, err := o.Consent(o.ctx, r)
	o.must(err)
	return row
}

// The last word counts, though the clock stands still; nothing of it can be changed or removed, but whose it was (R-1001).
func TestTheLastWordCounts(t *testing.T) {
	o := open(t)
	me := o.customer(1)
	for _, granted := range []bool{true, false, true} {
		o.said(privacy.ConsentRecord{Phone: *me.Phone, Granted: granted, Verified: true})
		agreed, version, err := o.Agreed(o.ctx, privacy.Who{Customer: me.ID}, models.PurposePrivacy)
		if err != nil || agreed != granted || granted && version != "2026-10" {
			t.Errorf("after %v: agreed %v to %q, %v", granted, agreed, version, err)
		}
	}
	if agreed, _, err := o.Agreed(o.ctx, privacy.Who{Customer: me.ID}, models.PurposeNews); err != nil || agreed {
		t.Errorf("agreed to news: %v, %v", agreed, err)
	}
	for _, sql := range []string{
		"UPDATE consents SET granted = NOT granted", "UPDATE consents SET policy_text = 'other'", "UPDATE consents SET phone = NULL", "DELETE FROM consents", "TRUNCATE consents",
	} {
		if err := o.db.On(o.ctx).Exec(sql).Error; err == nil {
			t.Errorf("%s was done", sql)
		}
	}
	o.must(o.db.On(o.ctx).Exec("UPDATE consents SET phone = NULL, session_id = NULL, customer_id = NULL, verified_at = NULL WHERE false").Error)
	if err := o.db.On(o.ctx).Exec("UPDATE consents SET phone = NULL, session_id = NULL, customer_id = NULL").Error; err == nil {
		t.Log("a person was forgotten") // the word stays, whose it was does not
	} else {
		t.Errorf("nobody can be forgotten: %v", err)
	}
}

// A session's claim of a phone is nobody's word until the phone is proved to be theirs; what it claims of others stays a claim.
func TestClaimsAndProofs(t *testing.T) {
	o := open(t)
	me, session := o.customer(2), models.NewID()
	o.said(privacy.ConsentRecord{Phone: *me.Phone, Session: session, Granted: true})
	o.said(privacy.ConsentRecord{Session: session, Granted: true, Channel: models.ConsentByWeb})
	o.said(privacy.ConsentRecord{Phone: "+447700900299", Session: session, Granted: true})
	agreed := func(w privacy.Who) bool {
		t.Helper()
		is, err := o.AgreedNow(o.ctx, w)
		o.must(err)
		return is
	}
	if agreed(privacy.Who{Customer: me.ID}) || !agreed(privacy.Who{Session: session}) {
		t.Error("a claim counts as the owner's word, or not as the session's")
	}
	o.must(o.Follow(o.ctx, session, me.ID))
	if !agreed(privacy.Who{Customer: me.ID}) {
		t.Error("the word did not follow the proof")
	}
	var verified int64
	o.must(o.db.On(o.ctx).Model(&models.ConsentRow{}).Where("verified_at IS NOT NULL").Count(&verified).Error)
	if verified != 2 {
		t.Errorf("%d words are verified", verified)
	}
	rows, err := o.Consents(o.ctx, "+447700900299", privacy.Reader{Customer: me.ID})
	if err != nil || len(rows) != 0 {
		t.Errorf("a customer reads of another's phone: %v, %v", rows, err)
	}
	if _, err := o.Consents(o.ctx, "nobody", privacy.Reader{Staff: true}); !fault.Is(err, "customers.phone") {
		t.Errorf("of no phone: %v", err)
	}
}

// Gaps that are there are listed exactly, page by page (R-1004).
func TestTheReportListsExactlyTheGaps(t *testing.T) {
	o := open(t)
	want := map[models.ID]privacy.Standing{}
	for n, say := range []struct {
		standing privacy.Standing
		records  []privacy.ConsentRecord
	}{
		{privacy.Missing, nil},
		{privacy.Missing, []privacy.ConsentRecord{{Granted: true, Session: models.NewID()}}}, // a claim
		{privacy.Missing, []privacy.ConsentRecord{{Granted: true, Verified: true, Purpose: models.PurposeNews}}},
		{privacy.Withdrawn, []privacy.ConsentRecord{{Granted: true, Verified: true}, {Granted: false, Verified: true}}},
		{privacy.Outdated, []privacy.ConsentRecord{{Granted: true, Verified: true, PolicyVersion: "2025-01"}}},
		{privacy.Agreed, []privacy.ConsentRecord{{Granted: true, Verified: true, PolicyVersion: "2025-01"}, {Granted: true, Verified: true}}},
		{privacy.Agreed, []privacy.ConsentRecord{{Granted: false, Verified: true}, {Granted: true, Verified: true}}},
	} {
		c := o.customer(10 + n)
		want[c.ID] = say.standing
		for _, r := range say.records {
			r.Phone = *c.Phone
			o.said(r)
		}
	}
	early := "+447700900230" // who agreed in the chat before they had a name, or a row
	o.said(privacy.ConsentRecord{Phone: early, Granted: true, Verified: true})
	want[o.customer(30).ID] = privacy.Agreed

	got := map[models.ID]privacy.Standing{}
	after := models.ID{}
	for {
		page, version, err := o.Report(o.ctx, privacy.Asked{After: after, Limit: 2})
		o.must(err)
		if version != "2026-10" {
			t.Fatalf("the version is %q", version)
		}
		for _, p := range page {
			got[p.ID], after = p.Standing, p.ID
		}
		if len(page) < 2 {
			break
		}
	}
	agreed, _, err := o.Report(o.ctx, privacy.Asked{Standing: privacy.Agreed})
	o.must(err)
	for _, p := range agreed {
		got[p.ID] = p.Standing
	}
	if len(got) != len(want) {
		t.Errorf("%d people, want %d", len(got), len(want))
	}
	for id, standing := range want {
		if got[id] != standing {
			t.Errorf("%s: got %q, want %q", id, got[id], standing)
		}
	}
}
