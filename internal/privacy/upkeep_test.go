package privacy_test

import (
	"testing"
	"time"

	"frontdesk/internal/inbox"
	"frontdesk/internal/privacy"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// An erasure that failed is told, and begins anew by itself a few times a day until nothing is left (R-1015).
func TestAnErasureThatFailedIsTriedAgain(t *testing.T) {
	o := open(t)
	o.canary()
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	o.exec("CREATE FUNCTION stubborn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
	o.exec("CREATE TRIGGER stubborn BEFORE UPDATE ON conversation_notes FOR EACH ROW EXECUTE FUNCTION stubborn()")
	o.must(o.Redact(o.ctx, row.ID))
	if got, err := o.Troubles(o.ctx); err != nil || got.Failed != 1 {
		t.Errorf("in trouble: %+v, %v", got, err)
	}
	o.later(row.ID)
	if n, err := o.Sweep(o.ctx); err != nil || n != 0 {
		t.Errorf("tried again at once: %d, %v", n, err)
	}
	o.exec("DROP TRIGGER stubborn ON conversation_notes")
	o.exec("UPDATE privacy_requests SET updated_at = updated_at - interval '5 hours'")
	if n, err := o.Sweep(o.ctx); err != nil || n != 1 || o.state(row.ID).State != models.RequestAccepted || o.rows("river_job WHERE kind = 'privacy.erasure'") != 2 {
		t.Fatalf("swept %d, %v: %+v", n, err, o.state(row.ID))
	}
	o.must(o.Redact(o.ctx, row.ID))
	if got := o.state(row.ID); got.State != models.RequestSucceeded || string(got.Words) != "{}" {
		t.Errorf("it ended as %+v", got)
	}
	if got, err := o.Troubles(o.ctx); err != nil || got.Failed != 0 {
		t.Errorf("in trouble: %+v, %v", got, err)
	}
}

// An erasure that the sweep cannot deal with stands in no other's way.
func TestTheSweepGoesOnPastWhatFails(t *testing.T) {
	o := open(t)
	me, other := o.canary()
	bad, good := o.done(privacy.Subject{Customer: other.ID}), o.done(privacy.Subject{Customer: me.ID})
	o.exec("UPDATE privacy_requests SET settled_at = NULL")
	o.exec("UPDATE privacy_requests SET subject = '[]' WHERE id = ?", bad.ID)
	o.later(good.ID)
	o.later(bad.ID)
	o.exec("UPDATE privacy_requests SET updated_at = updated_at - interval '1 hour' WHERE id = ?", bad.ID)
	if n, err := o.Sweep(o.ctx); err == nil || n != 2 {
		t.Errorf("swept %d, %v", n, err)
	}
	if o.state(good.ID).SettledAt == nil || o.state(bad.ID).SettledAt != nil {
		t.Error("one that cannot be settled stood in another's way")
	}
	if n, err := o.Sweep(o.ctx); err != nil || n != 0 {
		t.Errorf("it did not have its turn: %d, %v", n, err)
	}
}

// Who takes an erasure up locks the person before the request, as everybody does: nobody waits in a circle.
func TestAPersonIsLockedBeforeTheirRequest(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	held := o.db.On(o.ctx).Begin()
	o.must(held.Error)
	defer held.Rollback()
	o.must(held.Exec("SELECT FROM customers WHERE id = ? FOR UPDATE", me.ID).Error)
	taken := make(chan error, 1)
	go func() {
		_, err := o.Erase(o.ctx, privacy.Erasure{Subject: privacy.Subject{Phone: canaryPhone, Confirm: true}, Actor: "machine"})
		taken <- err
	}()
	testkit.Eventually(t, 10*time.Second, "it waits for the person", func() bool {
		return o.rows("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0
	})
	if err := held.Exec("SELECT FROM privacy_requests WHERE id = ? FOR UPDATE NOWAIT", row.ID).Error; err != nil {
		t.Errorf("the request is locked before the person: %v", err)
	}
	o.must(held.Rollback().Error)
	o.must(<-taken)
	if got := o.state(row.ID); !got.Confirmed || got.Round != 1 {
		t.Errorf("taken up as %+v", got)
	}
	o.must(o.Redact(o.ctx, row.ID))
	if found := o.traces(t, "Thumbelina", canaryLast); len(found) > 0 {
		t.Errorf("left: %v", found)
	}
}

// Whoever wrote and never became a customer, and whoever is known by their consents alone, are erased again after a restore, with what
// waited to be processed; whoever has the phone since stays (R-1018).
func TestWhoeverIsNoCustomerIsErasedAgain(t *testing.T) {
	const alone = "+447700900666"
	o := open(t)
	contact, err := o.people.Contact(o.ctx, models.ChannelWhatsApp, canaryPhone, canaryName)
	o.must(err)
	box := inbox.New(o.db, o.clock, queue.New(o.db))
	event := inbox.Event{ID: "wamid.waits", Kind: models.EventMessage, Sender: canaryPhone, Payload: []byte(`{"from": "` + canaryPhone + `"}`)}
	_, err = box.Accept(o.ctx, models.ProviderWhatsApp, []inbox.Event{event})
	o.must(err)
	o.said(privacy.ConsentRecord{Phone: alone, Granted: true, Session: models.NewID()})
	o.exec("CREATE TABLE kept_consents AS TABLE consents")
	o.done(privacy.Subject{Phone: canaryPhone})
	o.done(privacy.Subject{Phone: alone})
	past, err := o.List(o.ctx)
	if err != nil || len(past) != 2 {
		t.Fatalf("listed %+v, %v", past, err)
	}
	// The backup: the same rows as they were.
	o.exec("DELETE FROM privacy_requests")
	o.exec("UPDATE contacts SET address = ?, profile_name = ?, unreachable_at = NULL WHERE id = ?", canaryPhone, canaryName, contact.ID)
	o.exec("ALTER TABLE consents DISABLE TRIGGER USER")
	o.exec("UPDATE consents c SET phone = k.phone, session_id = k.session_id FROM kept_consents k WHERE k.id = c.id")
	o.exec("ALTER TABLE consents ENABLE TRIGGER USER")
	o.exec("UPDATE provider_events SET sender = ?, event_id = 'wamid.waits', payload = jsonb_build_object('from', sender), processed_at = NULL, outcome = ''", canaryPhone)
	o.exec("DROP TABLE kept_consents")
	late := o.said(privacy.ConsentRecord{Phone: alone, Granted: true, Session: models.NewID()})
	for _, p := range past {
		if done, err := o.Again(o.ctx, p); err != nil || !done {
			t.Fatalf("again: %v, %v", done, err)
		}
		if n := o.rows("provider_events WHERE sender = ? AND processed_at IS NULL", canaryPhone); n != 0 {
			t.Errorf("%d events wait to bring them back", n)
		}
		o.must(o.Redact(o.ctx, p.Request))
		if got := o.state(p.Request); got.State != models.RequestSucceeded {
			t.Errorf("it ended as %+v", got)
		}
	}
	if found := o.traces(t, canaryFirst, "7700900555"); len(found) > 0 {
		t.Errorf("left: %v", found)
	}
	if o.rows("consents WHERE phone = ?", alone) != 1 || o.rows("consents WHERE id = ? AND phone = ?", late.ID, alone) != 1 {
		t.Error("a consent of before is left, or one of after is gone")
	}
}
