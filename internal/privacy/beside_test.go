package privacy_test

import (
	"errors"
	"testing"

	"frontdesk/internal/privacy"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// upTo carries an erasure on until a step is next.
func (o *office) upTo(request models.ID, step int) models.PrivacyRequest {
	o.t.Helper()
	for o.state(request).Step < step {
		if over, err := o.Step(o.ctx, request); err != nil || over {
			o.t.Fatalf("at step %d of %d: over %v, %v", o.state(request).Step, step, over, err)
		}
	}
	return o.state(request)
}

// Money that moves while an erasure goes on fails nothing: its references go when they are not needed. What else comes late is emptied
// before it counts (R-1015, R-1017).
func TestMoneyMayMoveWhileAnErasureGoesOn(t *testing.T) {
	for name, tt := range map[string]struct{ before, after string }{
		"a link is voided": {"UPDATE payments SET state = 'voided', received_minor = 0, paid_at = NULL WHERE order_id IS NOT NULL", "UPDATE payments SET closed_at = now()"},
		"a refund arrives": {"UPDATE refunds SET state = 'pending'", "UPDATE refunds SET state = 'succeeded'"},
		"a late note":      {"", "UPDATE conversation_notes SET body = 'she called again'"},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			me, _ := o.canary()
			if tt.before != "" {
				o.exec(tt.before)
			}
			row := o.erase(privacy.Subject{Customer: me.ID, Confirm: true})
			emptied, _, err := o.Steps(o.ctx)
			o.must(err)
			o.upTo(row.ID, emptied)
			o.exec(tt.after)
			o.must(o.Redact(o.ctx, row.ID))
			if got := o.state(row.ID); got.State != models.RequestSucceeded || string(got.Words) != "{}" {
				t.Fatalf("it ended as %+v", got)
			}
			o.later(row.ID)
			if _, err := o.Sweep(o.ctx); err != nil {
				t.Fatal(err)
			}
			if n := o.rows("payments WHERE session_id IS NOT NULL OR payment_intent IS NOT NULL OR url <> ''") + o.rows("refunds WHERE provider_id IS NOT NULL") +
				o.rows("conversation_notes WHERE body LIKE '%called%'"); n != 0 {
				t.Errorf("%d rows are left", n)
			}
		})
	}
}

// Whom staff confirm while an erasure is about to end are erased, too: who works on it as it was ends nothing (R-1015, R-1020).
func TestWhoIsConfirmedAtTheEndIsErased(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	row := o.erase(privacy.Subject{Customer: me.ID})
	_, all, err := o.Steps(o.ctx)
	o.must(err)
	before := o.upTo(row.ID, all)
	o.erase(privacy.Subject{Customer: me.ID, Confirm: true})
	o.must(o.Part(o.ctx, before))
	o.upTo(row.ID, 1)
	o.must(o.Part(o.ctx, before))
	o.must(o.Finish(o.ctx, before))
	if got := o.state(row.ID); got.State != models.RequestProcessing || got.Step != 1 || string(got.Words) == "{}" {
		t.Fatalf("who was slower ended it: %+v", got)
	}
	// Even where the new round has come as far.
	now := o.upTo(row.ID, all)
	o.must(o.Finish(o.ctx, before))
	if got := o.state(row.ID); got.State != models.RequestProcessing || got.Step != now.Step || got.Round != before.Round+1 {
		t.Fatalf("who was slower ended it: %+v", got)
	}
	o.must(o.Redact(o.ctx, row.ID))
	if found := o.traces(t, "Thumbelina", canaryLast); len(found) > 0 || o.state(row.ID).State != models.RequestSucceeded {
		t.Errorf("left: %v, %+v", found, o.state(row.ID))
	}
}

// The look at the end goes on where it was, too, and remembers where something was left (R-1015).
func TestTheLookAtTheEndGoesOnWhereItWas(t *testing.T) {
	o := open(t)
	o.canary()
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	emptied, all, err := o.Steps(o.ctx)
	o.must(err)
	o.exec("CREATE FUNCTION stubborn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
	o.exec("CREATE TRIGGER stubborn BEFORE UPDATE ON conversation_notes FOR EACH ROW EXECUTE FUNCTION stubborn()")
	o.exec("CREATE TRIGGER stubborn BEFORE UPDATE ON returns FOR EACH ROW EXECUTE FUNCTION stubborn()")
	last := o.upTo(row.ID, all)
	if want := "conversation_notes, returns"; last.Failure != want || last.Step <= emptied {
		t.Fatalf("remembered %q at step %d, want %q", last.Failure, last.Step, want)
	}
	o.must(o.Redact(o.ctx, row.ID))
	if got := o.state(row.ID); got.State != models.RequestFailed || got.Failure != "left in conversation_notes, returns" || string(got.Words) == "{}" {
		t.Errorf("it ended as %+v", got)
	}
}

// An erasure that waits for a notice is not taken for one that nobody works on: it gets no more jobs (R-1015).
func TestAnErasureThatWaitsCollectsNoJobs(t *testing.T) {
	o := open(t)
	o.canary()
	o.exec("UPDATE messages SET status = 'queued' WHERE provider_id = 'wamid.told'")
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	later := (*queue.Later)(nil)
	for range 3 {
		o.exec("UPDATE privacy_requests SET updated_at = updated_at - interval '2 hours'")
		if err := o.Redact(o.ctx, row.ID); !errors.As(err, &later) {
			t.Fatalf("it did not wait: %v", err)
		}
		if n, err := o.Sweep(o.ctx); err != nil || n != 0 {
			t.Errorf("swept %d, %v", n, err)
		}
	}
	if n := o.rows("river_job WHERE kind = 'privacy.erasure'"); n != 1 {
		t.Errorf("%d jobs, want 1", n)
	}
}
