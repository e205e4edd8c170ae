package main

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/year"
	"frontdesk/internal/database"
	"frontdesk/internal/privacy"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// A restore brings back who was erased since: the list that is kept beside the backups has them erased again (R-1018). In a year of data with what
// providers really send, no part of an erasure comes near the time a statement may take, and events are found by their index.
func TestTheErasedAreErasedAgainInAYearOfData(t *testing.T) {
	t.Parallel()
	url := testkit.DatabaseURL(t)
	environ := map[string]string{"APP_ENV": "test", "DATA_DIR": t.TempDir(), "DATABASE_URL": url, "REDIS_URL": testkit.RedisURL(t), "LOG_LEVEL": "error"}
	must(t, run(t.Context(), []string{"seed"}, environ, io.Discard, io.Discard))
	must(t, year.Fill(t.Context(), url, time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC)))
	sql(t, url, `UPDATE provider_events SET payload = CASE provider WHEN 'stripe' THEN jsonb_build_object('id', event_id, 'type', 'checkout.session.completed', 'data', jsonb_build_object('object', jsonb_build_object(
			'id', 'cs_' || id, 'payment_intent', 'pi_' || id, 'client_reference_id', id, 'customer_details', jsonb_build_object('name', 'Somebody Else', 'phone', sender), 'rest', repeat('filler of a session ', 120))))
		ELSE jsonb_build_object('from', sender, 'provider_id', event_id, 'raw', jsonb_build_object('from', ltrim(sender, '+'), 'text', repeat('what somebody wrote ', 40))) END;
		UPDATE provider_events SET payload = jsonb_set(payload, '{data,object,payment_intent}', to_jsonb((SELECT p.payment_intent FROM payments p JOIN appointments a ON a.id = p.appointment_id JOIN customers c ON c.id = a.booked_by_id WHERE c.phone = '+447700000007' LIMIT 1)))
		WHERE id = (SELECT id FROM provider_events WHERE provider = 'stripe' LIMIT 1); ANALYZE provider_events`)
	c, err := loadConfig(environ)
	must(t, err)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	erased := "SELECT count(*) FROM customers WHERE phone = '+447700000007' OR name || surname LIKE '%Family 7'"
	count := func(db *database.DB, sql string) (n int64) {
		t.Helper()
		must(t, db.On(t.Context()).Raw(sql).Scan(&n).Error)
		return n
	}
	db, err := database.Open(t.Context(), url, database.Options{})
	must(t, err)
	defer db.Close()
	erase := func(o *privacy.Office, id models.ID) {
		start := time.Now()
		must(t, o.Redact(t.Context(), id))
		t.Logf("redacted in a year of data in %s", time.Since(start).Round(time.Millisecond))
		if n := count(db, "SELECT count(*) FROM privacy_requests WHERE state = 'succeeded'"); n != 1 {
			t.Errorf("%d erasures succeeded, want 1", n)
		}
	}
	must(t, withOffice(t.Context(), c, log, func(o *privacy.Office) error {
		row, err := o.Erase(t.Context(), privacy.Erasure{Subject: privacy.Subject{Phone: "+447700000007", Confirm: true}, Actor: "machine"})
		must(t, err)
		erase(o, row.ID)
		return nil
	}))
	if n := count(db, erased); n != 0 {
		t.Errorf("%d rows tell who it was", n)
	}
	if n := count(db, "SELECT count(*) FROM provider_events WHERE payload::text LIKE '%447700000007%' OR sender = '+447700000007'"); n != 0 {
		t.Errorf("%d events tell who it was", n)
	}
	var plan []string
	must(t, db.On(t.Context()).Raw(`EXPLAIN SELECT id FROM provider_events WHERE event_refs(sender, payload) && ARRAY(SELECT jsonb_array_elements_text('["pi_1"]'::jsonb))`).Scan(&plan).Error)
	if !strings.Contains(strings.Join(plan, "\n"), "provider_events_about") {
		t.Errorf("events are found by\n%s", strings.Join(plan, "\n"))
	}

	var list, said bytes.Buffer
	must(t, run(t.Context(), []string{"erased", "list"}, environ, &list, io.Discard))
	if strings.Count(list.String(), "\n") != 1 || strings.Contains(list.String(), "7700000007") {
		t.Fatalf("listed %s", list.String())
	}
	sql(t, url, "UPDATE customers SET name = 'Noor', surname = 'Family 7', phone = '+447700000007', deleted_at = NULL WHERE deleted_at IS NOT NULL; DELETE FROM privacy_requests")
	must(t, eraseAgain(strings.NewReader(list.String()))(t.Context(), c, &said, log))
	if said.String() != "listed  1\nagain   1\n" || count(db, erased) != 0 || count(db, "SELECT count(*) FROM river_job WHERE kind = 'privacy.erasure' AND state = 'available'") != 2 {
		t.Errorf("again: %s", said.String())
	}
	if err := eraseAgain(strings.NewReader("no list\n"))(t.Context(), c, io.Discard, log); err == nil {
		t.Error("what is no list was read")
	}
}

// How people are erased is one of three words (R-1019).
func TestWhoErasesIsOneOfThree(t *testing.T) {
	t.Parallel()
	for mode, fine := range map[string]bool{"queue": true, "sync": true, "disabled": true, "": true, "later": false} {
		env := map[string]string{"APP_ENV": "test", "DATA_DIR": t.TempDir()}
		if mode != "" {
			env["PDPL_DELETE_MODE"] = mode
		}
		c, err := loadConfig(env)
		if (err == nil) != fine || fine && mode != "" && string(c.deleteMode()) != mode || mode == "" && c.deleteMode() != privacy.DeleteInQueue {
			t.Errorf("%q: %v, %v", mode, c.PDPLDeleteMode, err)
		}
	}
}
