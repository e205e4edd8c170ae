package privacy_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/privacy"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

func (o *office) erase(s privacy.Subject) models.PrivacyRequest {
	o.t.Helper()
	row, err := o.Erase(o.ctx, privacy.Erasure{Subject: s, Reason: "asked at the desk", Actor: "machine"})
	o.must(err)
	return row
}

func (o *office) state(id models.ID) (row models.PrivacyRequest) {
	o.t.Helper()
	o.must(o.db.On(o.ctx).Take(&row, "id = ?", id).Error)
	return row
}

// Everything that is known of somebody is told, from every table that leads to them (R-1012).
func TestAnExportTellsEverything(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	for _, s := range []privacy.Subject{{Phone: "44 7700 900555"}, {Customer: me.ID}} {
		got, err := o.Export(o.ctx, s, "machine")
		o.must(err)
		if got.Customer.ID == nil || *got.Customer.ID != me.ID || got.Customer.Phone != canaryPhone || got.Customer.Name != canaryName {
			t.Errorf("exported %+v", got.Customer)
		}
		if len(got.Guests) != 1 || got.Guests[0].Name != "" {
			t.Errorf("who was brought: %+v", got.Guests)
		}
		for _, section := range []string{"profile", "contacts", "conversations", "bookings", "orders", "returns", "consents", "cases", "addresses", "carts", "sessions", "notes"} {
			if len(got.Parts[section]) == 0 {
				t.Errorf("%s is empty", section)
			}
		}
		raw, err := json.Marshal(got.Parts)
		o.must(err)
		for _, word := range []string{"I am Zephyrine", "1 Canary Street", "RMA-1", "CANARY-1", "https://pay.example/cs_order", "re_1", "ba7816bf8f01cfea", `"archives"`, `"readings"`, `"rmaCode"`, `"lines"`} {
			if !strings.Contains(string(raw), word) {
				t.Errorf("the export does not say %s", word)
			}
		}
		for _, word := range []string{"ask Zephyrine", "Omar", "Thumbelina", "YWJj", `"hash"`, `"digest"`} {
			if strings.Contains(string(raw), word) {
				t.Errorf("the export says %s", word)
			}
		}
	}
	if n := o.rows("audit_log WHERE action = 'privacy.exported' AND subject_id = ? AND actor = 'machine'", me.ID.String()); n != 2 {
		t.Errorf("%d exports are in the log, want 2", n)
	}
	for _, s := range []privacy.Subject{{Phone: "+447700900999"}, {Customer: models.NewID()}} {
		if _, err := o.Export(o.ctx, s, "machine"); !fault.Is(err, "privacy.not_found") {
			t.Errorf("nobody's export: %v", err)
		}
	}
}

// After an erasure no table says the phone or a name, in anybody's row; sums and other people stay as they were, and the log
// verifies (R-1014, R-1016).
func TestNothingTellsWhoSomebodyWas(t *testing.T) {
	o := open(t)
	me, other := o.canary()
	sums := "SELECT (SELECT sum(total_minor) FROM orders) || ' ' || (SELECT sum(received_minor) FROM payments) || ' ' || (SELECT sum(amount_minor) FROM refunds) || ' ' || (SELECT sum(total_minor) FROM appointments) || ' ' || (SELECT sum(refund_minor) FROM returns) || ' ' || (SELECT sum(total_spent_minor) FROM customers) || ' ' || (SELECT count(*) FROM messages)"
	var before, after string
	o.must(o.db.On(o.ctx).Raw(sums).Scan(&before).Error)
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	if row.State != models.RequestAccepted || row.AuditID == 0 || *row.CustomerID != me.ID {
		t.Fatalf("accepted %+v", row)
	}
	if n := o.rows("customers WHERE id = ? AND deleted_at IS NOT NULL AND phone IS NULL AND name = ''", me.ID); n != 1 {
		t.Error("the person is not gone at once")
	}
	if n := o.rows(`river_job WHERE kind = 'privacy.erasure' AND args = jsonb_build_object('request_id', ?::text)`, row.ID.String()); n != 1 {
		t.Errorf("%d jobs wait, want one that names the request and nothing else", n)
	}
	o.must(o.Redact(o.ctx, row.ID))
	if got := o.state(row.ID); got.State != models.RequestSucceeded || string(got.Words) != "{}" || got.FinishedAt == nil {
		t.Fatalf("it ended as %+v", got)
	}
	if found := o.traces(t, canaryFirst, canaryLast, "7700900555", "7700 900", "(7700)", "Canary Street", "Canarytown", "media-", "cs_order", "cs_visit", "pi_order", "wamid.HBg", "evt_1", "re_1"); len(found) > 0 {
		t.Errorf("left: %v", found)
	}
	o.must(o.db.On(o.ctx).Raw(sums).Scan(&after).Error)
	if before != after {
		t.Errorf("sums were %s and are %s", before, after)
	}
	if n := o.rows("customers WHERE id = ? AND name = 'Omar' AND phone = '+447700900777'", other.ID); n != 1 {
		t.Error("somebody else was redacted")
	}
	if n := o.rows("customers WHERE name = 'Thumbelina'"); n != 1 {
		t.Error("who was brought went without a word of staff")
	}
	verdict, err := audit.New(o.db, o.clock).Verify(o.ctx)
	if err != nil || verdict.BrokenAt != 0 {
		t.Errorf("the log: %+v, %v", verdict, err)
	}
	o.must(o.Redact(o.ctx, row.ID)) // once more changes nothing
	again := o.erase(privacy.Subject{Customer: me.ID})
	if again.ID != row.ID || again.AuditID != row.AuditID {
		t.Errorf("asked again: %+v", again)
	}
	if _, err := o.Erase(o.ctx, privacy.Erasure{Subject: privacy.Subject{Phone: canaryPhone}, Actor: "machine"}); !fault.Is(err, "privacy.not_found") {
		t.Errorf("by the phone that nobody has any more: %v", err)
	}
	for _, sql := range []string{"UPDATE audit_log SET reason = ''", "DELETE FROM audit_log"} {
		if err := o.db.On(o.ctx).Exec(sql).Error; err == nil {
			t.Errorf("%s was done", sql)
		}
	}
}

// Whoever was brought and has no phone of their own goes with their booker when staff confirm it, also later (R-1020).
func TestGuestsGoOnlyWhenStaffConfirm(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	first := o.erase(privacy.Subject{Customer: me.ID})
	o.must(o.Redact(o.ctx, first.ID))
	if n := o.rows("appointments WHERE for_name = 'Thumbelina'"); n != 1 {
		t.Fatal("a guest's visit was redacted")
	}
	second := o.erase(privacy.Subject{Customer: me.ID, Confirm: true})
	if second.ID == first.ID {
		t.Fatal("nothing new was taken on")
	}
	o.must(o.Redact(o.ctx, second.ID))
	if found := o.traces(t, "Thumbelina"); len(found) > 0 || o.state(second.ID).State != models.RequestSucceeded {
		t.Errorf("left: %v, %+v", found, o.state(second.ID))
	}
}

// A job that dies in the middle leaves an erasure that goes on where it was; two at once do no harm (R-1015).
func TestAnErasureGoesOn(t *testing.T) {
	o := open(t)
	o.canary()
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	// Somebody holds a row that a step in the middle needs: there the job waits, and dies.
	held := o.db.On(o.ctx).Begin()
	o.must(held.Error)
	defer held.Rollback()
	o.must(held.Exec("SELECT FROM orders FOR UPDATE").Error)
	ctx, kill := context.WithCancel(o.ctx)
	died := make(chan error, 1)
	go func() { died <- o.Redact(ctx, row.ID) }()
	testkit.Eventually(t, 10*time.Second, "the job waits", func() bool {
		return o.rows("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE orders%'") > 0
	})
	kill()
	if err := <-died; err == nil {
		t.Fatal("it did not die")
	}
	middle := o.state(row.ID)
	if middle.State != models.RequestProcessing || middle.Step == 0 || o.rows("orders WHERE notes <> ''") != 1 || o.rows("messages WHERE content::text LIKE '%I am%'") != 0 {
		t.Fatalf("in the middle: %+v", middle)
	}
	o.must(held.Rollback().Error)
	both := make(chan error, 2)
	for range 2 {
		go func() { both <- o.Redact(o.ctx, row.ID) }()
	}
	o.must(<-both)
	o.must(<-both)
	if got := o.state(row.ID); got.State != models.RequestSucceeded {
		t.Errorf("it ended as %+v", got)
	}
	if n := o.rows("audit_log WHERE action = 'privacy.erased' AND subject_id = ?", row.ID.String()); n != 1 {
		t.Errorf("%d entries say that it is done", n)
	}
	if found := o.traces(t, canaryFirst, "7700900555"); len(found) > 0 {
		t.Errorf("left: %v", found)
	}
}

// An erasure that leaves something behind says where, and begins anew when it is asked for again (R-1015).
func TestAnErasureThatLeavesSomethingFails(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	o.must(o.db.On(o.ctx).Exec("CREATE FUNCTION stubborn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$").Error)
	o.must(o.db.On(o.ctx).Exec("CREATE TRIGGER stubborn BEFORE UPDATE ON conversation_notes FOR EACH ROW EXECUTE FUNCTION stubborn()").Error)
	o.must(o.Redact(o.ctx, row.ID))
	if got := o.state(row.ID); got.State != models.RequestFailed || got.Failure != "left in conversation_notes" {
		t.Fatalf("it ended as %+v", got)
	}
	o.must(o.db.On(o.ctx).Exec("DROP TRIGGER stubborn ON conversation_notes").Error)
	again := o.erase(privacy.Subject{Customer: me.ID})
	if again.ID != row.ID || again.State != models.RequestAccepted {
		t.Fatalf("asked again: %+v", again)
	}
	o.must(o.Redact(o.ctx, row.ID))
	if got := o.state(row.ID); got.State != models.RequestSucceeded {
		t.Errorf("it ended as %+v", got)
	}
	o.must(o.GiveUp(o.ctx, row.ID)) // what is over is not given up
	if got := o.state(row.ID); got.State != models.RequestSucceeded {
		t.Errorf("given up: %+v", got)
	}
}

// What is owed stands in the way until staff confirm; a hold that nobody paid for is released (R-1017).
func TestWhatIsOwedStandsInTheWay(t *testing.T) {
	for name, tt := range map[string]struct{ sql, key string }{
		"an upcoming paid visit": {"UPDATE appointments SET status = 'confirmed', starts_at = starts_at + interval '10 days', ends_at = ends_at + interval '10 days' WHERE deposit_state = 'paid'", "privacy.upcoming_visit"},
		"an order on its way":    {"UPDATE orders SET status = 'shipped', delivered_at = NULL", "privacy.open_order"},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			me, _ := o.canary()
			o.must(o.db.On(o.ctx).Exec(tt.sql).Error)
			ask := privacy.Erasure{Subject: privacy.Subject{Customer: me.ID}, Actor: "machine"}
			if _, err := o.Erase(o.ctx, ask); !fault.Is(err, tt.key) {
				t.Fatalf("refused with %v", err)
			}
			if o.rows("customers WHERE deleted_at IS NOT NULL") != 0 || o.rows("privacy_requests") != 0 || o.rows("contacts WHERE address = ?", canaryPhone) != 1 {
				t.Error("what was refused was begun")
			}
			ask.Confirm = true
			row, err := o.Erase(o.ctx, ask)
			o.must(err)
			o.must(o.Redact(o.ctx, row.ID))
			if got := o.state(row.ID); got.State != models.RequestSucceeded || !got.Confirmed {
				t.Errorf("it ended as %+v", got)
			}
		})
	}
}

// A live hold that is not paid is released, and its time is free (R-1017).
func TestAnUnpaidHoldIsReleased(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	o.must(o.db.On(o.ctx).Exec("UPDATE appointments SET status = 'provisional', deposit_state = 'pending', hold_expires_at = ?, starts_at = starts_at + interval '10 days', ends_at = ends_at + interval '10 days' WHERE deposit_state = 'paid'", o.clock.Now().Add(time.Minute)).Error)
	o.must(o.db.On(o.ctx).Exec("DELETE FROM refunds WHERE provider_id = 're_1'").Error)
	o.must(o.db.On(o.ctx).Exec("UPDATE payments SET state = 'open', received_minor = 0, paid_at = NULL WHERE appointment_id IS NOT NULL").Error)
	row := o.erase(privacy.Subject{Customer: me.ID})
	if n := o.rows("appointments WHERE status = 'released'"); n != 1 {
		t.Errorf("%d holds are released", n)
	}
	if n := o.rows("appointment_events WHERE reason = 'customer.erased' AND actor = 'machine'"); n != 1 {
		t.Errorf("%d events say why", n)
	}
	o.must(o.Redact(o.ctx, row.ID))
}

// Who writes from the phone of somebody who was erased is somebody new, also while the erasure goes on, and stays.
func TestTheSamePhoneIsSomebodyNew(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	fresh, err := o.people.Contact(o.ctx, models.ChannelWhatsApp, canaryPhone, "Zed")
	o.must(err)
	anew, err := o.people.Register(o.ctx, fresh, "Zed", "", models.English)
	o.must(err)
	o.said(privacy.ConsentRecord{Phone: canaryPhone, Granted: true, Verified: true})
	if fresh.CustomerID != nil || anew.ID == me.ID {
		t.Errorf("they are still %v", fresh.CustomerID)
	}
	o.must(o.Redact(o.ctx, row.ID))
	if got := o.state(row.ID); got.State != models.RequestSucceeded {
		t.Errorf("it ended as %+v", got)
	}
	if o.rows("customers WHERE id = ? AND phone = ? AND name = 'Zed'", anew.ID, canaryPhone) != 1 || o.rows("contacts WHERE id = ? AND address = ?", fresh.ID, canaryPhone) != 1 || o.rows("consents WHERE phone = ?", canaryPhone) != 1 {
		t.Error("the new person was erased with the old one")
	}
	got, err := o.Export(o.ctx, privacy.Subject{Phone: canaryPhone}, "machine")
	o.must(err)
	if *got.Customer.ID != anew.ID || len(got.Parts["orders"]) != 0 || len(got.Parts["bookings"]) != 0 {
		t.Errorf("the new person inherits %+v", got.Parts)
	}
}

// Each mode of erasing does what it says (R-1019).
func TestModesOfErasing(t *testing.T) {
	for mode, want := range map[privacy.DeleteMode]models.PrivacyRequestState{
		privacy.DeleteInQueue: models.RequestAccepted, privacy.DeleteInStep: models.RequestSucceeded, privacy.DeleteDisabled: models.RequestNotImplemented,
	} {
		t.Run(string(mode), func(t *testing.T) {
			o := open(t)
			o.canary()
			o.Delete(mode)
			row := o.erase(privacy.Subject{Phone: canaryPhone})
			if row.State != want || row.AuditID == 0 {
				t.Errorf("got %+v", row)
			}
			found := o.traces(t, canaryLast)
			if mode == privacy.DeleteInStep && len(found) > 0 || mode == privacy.DeleteDisabled && !slices.Contains(found, "customers says "+canaryLast) {
				t.Errorf("left: %v", found)
			}
		})
	}
}

// A reason names nobody, and the salon's own people are not erased as customers.
func TestWhatAnErasureRefuses(t *testing.T) {
	o := open(t)
	o.canary()
	for _, reason := range []string{"zephyrine asked", "call 0044 7700900555", strings.Repeat("x", 501), "a\x00b"} {
		if _, err := o.Erase(o.ctx, privacy.Erasure{Subject: privacy.Subject{Phone: canaryPhone}, Reason: reason, Actor: "machine"}); !fault.Is(err, "privacy.refused") {
			t.Errorf("%.20q: %v", reason, err)
		}
	}
	o.must(o.db.On(o.ctx).Exec("UPDATE stylists SET phone = ? WHERE id = (SELECT id FROM stylists ORDER BY id LIMIT 1)", canaryPhone).Error)
	if _, err := o.Erase(o.ctx, privacy.Erasure{Subject: privacy.Subject{Phone: canaryPhone}, Actor: "machine"}); !fault.Is(err, "privacy.works_here") {
		t.Errorf("a stylist: %v", err)
	}
	if _, err := o.Erase(o.ctx, privacy.Erasure{Actor: "machine"}); !fault.Is(err, "error.validation") {
		t.Errorf("nobody: %v", err)
	}
}

// A link to an export ends after its time, and with the person (R-1013).
func TestALinkEnds(t *testing.T) {
	o := open(t)
	o.canary()
	ask := func() models.ID {
		row, err := o.AskLink(o.ctx, privacy.Promise{Subject: privacy.Subject{Phone: canaryPhone}, Actor: "machine"})
		o.must(err)
		return row.ID
	}
	link := ask()
	got, err := o.Open(o.ctx, link, "")
	if err != nil || got.Customer.Name != canaryName || got.Customer.Phone != canaryPhone || len(got.Parts["consents"]) != 1 {
		t.Errorf("opened %+v, %v", got.Customer, err)
	}
	if _, err := o.Open(o.ctx, models.NewID(), ""); !fault.Is(err, "privacy.link_unknown") {
		t.Errorf("no link: %v", err)
	}
	o.must(o.db.On(o.ctx).Exec("UPDATE privacy_requests SET created_at = created_at - interval '15 minutes' WHERE id = ?", link).Error)
	if _, err := o.Open(o.ctx, link, ""); !fault.Is(err, "privacy.link_over") {
		t.Errorf("after its time: %v", err)
	}
	link = ask()
	o.erase(privacy.Subject{Phone: canaryPhone})
	if _, err := o.Open(o.ctx, link, ""); !fault.Is(err, "privacy.link_over") {
		t.Errorf("after the erasure: %v", err)
	}
	if n := o.rows("audit_log WHERE action IN ('privacy.link_made', 'privacy.link_opened')"); n != 3 {
		t.Errorf("%d entries about links, want 3", n)
	}
}
