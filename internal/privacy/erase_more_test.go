package privacy_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/inbox"
	"frontdesk/internal/privacy"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

func (o *office) exec(sql string, args ...any) {
	o.t.Helper()
	o.must(o.db.On(o.ctx).Exec(sql, args...).Error)
}

// done erases somebody to the end.
func (o *office) done(s privacy.Subject) models.PrivacyRequest {
	o.t.Helper()
	row := o.erase(s)
	o.must(o.Redact(o.ctx, row.ID))
	if row = o.state(row.ID); row.State != models.RequestSucceeded {
		o.t.Fatalf("it ended as %+v", row)
	}
	return row
}

// later lets machine time pass for a request.
func (o *office) later(id models.ID) {
	o.exec("UPDATE privacy_requests SET updated_at = updated_at - interval '2 hours', created_at = created_at - interval '2 days' WHERE id = ?", id)
}

// An order for which somebody typed the phone who never proved it is nobody's: it is not told, and loses the phone alone.
func TestAPhoneThatWasTypedProvesNothing(t *testing.T) {
	o := open(t)
	o.canary()
	typed, cart, order, session := models.NewID(), models.NewID(), models.NewID(), models.NewID()
	o.exec("INSERT INTO shop_sessions (id, hash, created_at, expires_at) VALUES (?, sha256('typed'), now(), now() + interval '1 day')", session)
	o.exec("INSERT INTO addresses (id, session_id, digest, name, phone, line1, city, country, created_at) VALUES (?, ?, sha256('z'), 'Mallory', ?, '9 Other Street', 'Elsewhere', 'GB', now())", typed, session, canaryPhone)
	o.exec("INSERT INTO carts (id, session_id, status, currency, expires_at, created_at, updated_at) VALUES (?, ?, 'ordered', 'EUR', now(), now(), now())", cart, session)
	o.exec(`INSERT INTO orders (id, number, session_id, cart_id, cart_version, method, status, language, channel, currency, subtotal_minor, tax_minor, shipping_minor, total_minor, address_id, notes, created_at, updated_at, delivered_at)
		VALUES (?, 'L-9', ?, ?, 1, 'stripe', 'delivered', 'en', 'web', 'EUR', 1, 0, 0, 1, ?, 'leave it', now(), now(), now())`, order, session, cart, typed)
	got, err := o.Export(o.ctx, privacy.Subject{Phone: canaryPhone}, "machine")
	o.must(err)
	if len(got.Parts["orders"]) != 2 || len(got.Parts["addresses"]) != 1 {
		t.Errorf("somebody else's order is told: %d orders, %d addresses", len(got.Parts["orders"]), len(got.Parts["addresses"]))
	}
	o.done(privacy.Subject{Phone: canaryPhone})
	if n := o.rows("addresses WHERE id = ? AND phone = '' AND name = 'Mallory' AND line1 = '9 Other Street'", typed); n != 1 {
		t.Error("the address of somebody else kept the phone, or lost more than that")
	}
	if n := o.rows("orders WHERE id = ? AND notes = 'leave it' AND session_id = ?", order, session); n != 1 {
		t.Error("somebody else's order was redacted")
	}
}

// A phone and an id that are not the same person's are refused, and nothing is done.
func TestTwoPeopleAreRefused(t *testing.T) {
	o := open(t)
	me, other := o.canary()
	for _, s := range []privacy.Subject{{Phone: canaryPhone, Customer: other.ID}, {Phone: "+447700900999", Customer: me.ID}} {
		_, err := o.Erase(o.ctx, privacy.Erasure{Subject: s, Actor: "machine"})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Status() != 400 || f.Fields["customerId"] != "privacy.two_people" {
			t.Errorf("refused with %v", err)
		}
		if _, err := o.Export(o.ctx, s, "machine"); !fault.Is(err, "privacy.two_people") {
			t.Errorf("exported: %v", err)
		}
	}
	if n := o.rows("customers WHERE deleted_at IS NOT NULL"); n != 0 {
		t.Error("somebody was erased")
	}
}

// What money needs stays until it needs it no more; then the sweep empties it, and every open thing stands in the way before (R-1017).
func TestReferencesStayAsLongAsMoneyNeedsThem(t *testing.T) {
	for name, tt := range map[string]struct{ before, after, key string }{
		"a refund on its way": {"UPDATE refunds SET state = 'pending' WHERE provider_id = 're_1'", "UPDATE refunds SET state = 'succeeded'", "privacy.open_refund"},
		"an open return": {"UPDATE returns SET status = 'approved', closed_at = NULL, refund_method = '', refund_proof = '', refund_minor = 0, refund_id = NULL, order_id = (SELECT id FROM orders WHERE number = 'L-1')",
			"UPDATE returns SET status = 'rejected', closed_at = now()", "privacy.open_order"},
		"an unpaid order": {"UPDATE orders SET status = 'pending', reserved_until = now() + interval '1 hour', delivered_at = NULL WHERE number = 'L-1'",
			"UPDATE orders SET status = 'canceled', reserved_until = NULL, closed_at = now()", "privacy.open_order"},
		"an order to be paid at the door": {"UPDATE orders SET status = 'pending_cod', method = 'cod', reserved_until = now() + interval '1 hour', delivered_at = NULL",
			"UPDATE orders SET status = 'canceled', reserved_until = NULL, closed_at = now()", "privacy.open_order"},
		"a refund that failed": {"UPDATE refunds SET state = 'failed' WHERE provider_id = 're_1'", `INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, created_at, updated_at)
			SELECT 'ffffffff-ffff-7fff-bfff-ffffffffffff', payment_id, amount_minor, currency, 'succeeded', 'at_provider', now(), now() FROM refunds WHERE reason = 'duplicate_payment'`, "privacy.open_refund"},
		"a share that is owed":          {"UPDATE appointments SET deposit_state = 'refund_pending' WHERE deposit_state = 'paid'", "UPDATE appointments SET deposit_state = 'refunded' WHERE deposit_state = 'refund_pending'", "privacy.open_refund"},
		"an order that may come back":   {"UPDATE orders SET delivered_at = delivered_at + interval '31 days'", "UPDATE orders SET delivered_at = delivered_at - interval '31 days'", ""},
		"a link that can still be paid": {"UPDATE payments SET state = 'voided', received_minor = 0, paid_at = NULL WHERE order_id IS NOT NULL", "UPDATE payments SET closed_at = now()", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			me, _ := o.canary()
			o.exec(tt.before)
			if tt.key != "" {
				if _, err := o.Erase(o.ctx, privacy.Erasure{Subject: privacy.Subject{Customer: me.ID}, Actor: "machine"}); !fault.Is(err, tt.key) {
					t.Fatalf("refused with %v", err)
				}
			}
			row := o.done(privacy.Subject{Customer: me.ID, Confirm: true})
			kept := "payments WHERE session_id IS NOT NULL AND payment_intent IS NOT NULL"
			if n := o.rows(kept); n != 1 {
				t.Errorf("%d payments can still be settled, want 1", n)
			}
			o.later(row.ID)
			if _, err := o.Sweep(o.ctx); err != nil || o.rows(kept) != 1 || o.state(row.ID).SettledAt != nil {
				t.Errorf("swept before its time: %v", err)
			}
			o.exec(tt.after)
			o.later(row.ID)
			if n, err := o.Sweep(o.ctx); err != nil || n != 1 {
				t.Errorf("swept %d, %v", n, err)
			}
			if n := o.rows("payments WHERE session_id IS NOT NULL OR payment_intent IS NOT NULL OR url <> ''") + o.rows("refunds WHERE provider_id IS NOT NULL"); n != 0 || o.state(row.ID).SettledAt == nil {
				t.Errorf("%d references are left", n)
			}
			o.later(row.ID)
			if n, err := o.Sweep(o.ctx); err != nil || n != 0 {
				t.Errorf("what is settled was looked at again: %d, %v", n, err)
			}
		})
	}
}

// Who is a guest of somebody else's booking is erased without it: the hold, its payment and the booker's cases stay (R-1020).
func TestAGuestLeavesTheBookingToItsBooker(t *testing.T) {
	o := open(t)
	me, other := o.canary()
	o.exec(`UPDATE appointments SET booked_by_id = ?, status = 'provisional', deposit_state = 'pending', hold_expires_at = ?, starts_at = starts_at + interval '10 days', ends_at = ends_at + interval '10 days' WHERE customer_id = ?`,
		other.ID, o.clock.Now().Add(time.Minute), me.ID)
	o.exec("INSERT INTO cases (id, conversation_id, customer_id, appointment_id, reason, status, language, summary, opened_at) SELECT ?, v.id, ?, a.id, 'delay', 'open', 'en', 'Comes late', now() FROM conversations v JOIN contacts k ON k.id = v.contact_id, appointments a WHERE k.customer_id = ? AND a.booked_by_id = ?",
		models.NewID(), other.ID, other.ID, other.ID)
	o.done(privacy.Subject{Customer: me.ID})
	for what, sql := range map[string]string{
		"hold":    "appointments WHERE status = 'provisional' AND for_name = ''",
		"payment": "payments WHERE session_id = 'cs_visit' AND payment_intent = 'pi_visit' AND url <> ''",
		"refund":  "refunds WHERE provider_id = 're_1'",
		"case":    "cases WHERE summary = 'Comes late'",
	} {
		if o.rows(sql) != 1 {
			t.Errorf("the booker's %s was touched", what)
		}
	}
}

// An erasure that failed is taken up by the phone as well, staff's later word counts, and one that nobody works on gets its job again (R-1015).
func TestAnErasureIsTakenUpAgain(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	if again := o.erase(privacy.Subject{Phone: canaryPhone}); again.ID != row.ID {
		t.Errorf("asked by the phone while it goes on: %+v", again)
	}
	o.must(o.GiveUp(o.ctx, row.ID))
	if got := o.state(row.ID); got.State != models.RequestFailed {
		t.Fatalf("given up as %+v", got)
	}
	jobs := "river_job WHERE kind = 'privacy.erasure'"
	before := o.rows(jobs)
	again := o.erase(privacy.Subject{Phone: canaryPhone})
	if again.ID != row.ID || again.State != models.RequestAccepted || o.rows(jobs) != before+1 {
		t.Fatalf("asked by the phone after it failed: %+v", again)
	}
	o.later(row.ID)
	if n, err := o.Sweep(o.ctx); err != nil || n != 1 || o.rows(jobs) != before+2 {
		t.Errorf("stuck: swept %d, %v, %d jobs", n, err, o.rows(jobs)-before)
	}
	if n, err := o.Sweep(o.ctx); err != nil || n != 0 {
		t.Errorf("swept twice: %d, %v", n, err)
	}
	wider := o.erase(privacy.Subject{Customer: me.ID, Confirm: true})
	if wider.ID != row.ID || !wider.Confirmed {
		t.Fatalf("confirmed later: %+v", wider)
	}
	o.must(o.Redact(o.ctx, row.ID))
	if found := o.traces(t, "Thumbelina", canaryLast, "7700900555"); len(found) > 0 || o.state(row.ID).State != models.RequestSucceeded {
		t.Errorf("left: %v, %+v", found, o.state(row.ID))
	}
}

// Somebody who never became a customer is erased once, however often at once.
func TestAContactIsErasedOnce(t *testing.T) {
	o := open(t)
	contact, err := o.people.Contact(o.ctx, models.ChannelWhatsApp, canaryPhone, canaryName)
	o.must(err)
	ids := make(chan models.ID, 4)
	for range 4 {
		go func() {
			row, err := o.Erase(o.ctx, privacy.Erasure{Subject: privacy.Subject{Phone: canaryPhone}, Actor: "machine"})
			if err != nil {
				t.Error(err)
			}
			ids <- row.ID
		}()
	}
	first := <-ids
	for range 3 {
		if id := <-ids; id != first {
			t.Errorf("two erasures: %s and %s", first, id)
		}
	}
	if n := o.rows("contacts WHERE id = ? AND address = 'erased:' || id", contact.ID); n != 1 {
		t.Error("the contact is known")
	}
}

// What Redis remembers is forgotten as far as Redis is there: an erasure does not wait for it.
func TestAnErasureGoesOnWithoutRedis(t *testing.T) {
	o := open(t)
	o.canary()
	asked := 0
	o.OnErased(func(context.Context, models.ID) error { asked++; return errors.New("away") })
	o.done(privacy.Subject{Phone: canaryPhone})
	if asked != 2 { // when it begins, and when it ends
		t.Errorf("asked %d times to forget, want twice", asked)
	}
}

// What waited to be processed is ended with the person, and the same that comes again is known.
func TestWhatWaitsDoesNotBringThemBack(t *testing.T) {
	o := open(t)
	o.canary()
	box := inbox.New(o.db, o.clock, queue.New(o.db))
	event := inbox.Event{ID: "wamid.waits", Kind: models.EventMessage, Sender: canaryPhone, Payload: []byte(`{"from": "` + canaryPhone + `"}`)}
	fresh, err := box.Accept(o.ctx, models.ProviderWhatsApp, []inbox.Event{event})
	if err != nil || fresh != 1 {
		t.Fatalf("%d fresh, %v", fresh, err)
	}
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	if n := o.rows("provider_events WHERE sender = ? AND processed_at IS NULL", canaryPhone); n != 0 {
		t.Errorf("%d events wait to bring them back", n)
	}
	if fresh, err = box.Accept(o.ctx, models.ProviderWhatsApp, []inbox.Event{event}); err != nil || fresh != 0 {
		t.Errorf("the same again: %d fresh, %v", fresh, err)
	}
	o.must(o.Redact(o.ctx, row.ID))
	seen := event
	seen.ID = "wamid.HBgMNDQ3NzAwOTAwNTU1" // of before
	if fresh, err = box.Accept(o.ctx, models.ProviderWhatsApp, []inbox.Event{seen}); err != nil || fresh != 0 {
		t.Errorf("a message of before again: %d fresh, %v", fresh, err)
	}
}

// Nothing is begun for somebody who is erased, whoever was first.
func TestNothingIsBegunForWhoIsErased(t *testing.T) {
	o := open(t)
	me, other := o.canary()
	o.done(privacy.Subject{Customer: me.ID})
	for _, sql := range []string{
		"UPDATE appointments SET booked_by_id = @me WHERE booked_by_id = @me",
		"INSERT INTO carts (id, customer_id, status, currency, expires_at, created_at, updated_at) VALUES (@id, @me, 'active', 'EUR', now(), now(), now())",
		"UPDATE orders SET customer_id = @me",
		"UPDATE contacts SET customer_id = @me WHERE customer_id IS DISTINCT FROM @me",
		"INSERT INTO shop_sessions (id, hash, customer_id, created_at, expires_at) VALUES (@id, sha256('new'), @me, now(), now() + interval '1 day')",
	} {
		err := o.db.On(o.ctx).Exec(sql, map[string]any{"me": me.ID, "id": models.NewID()}).Error
		if err == nil || !strings.Contains(err.Error(), "erased") {
			t.Errorf("%.40s: %v", sql, err)
		}
	}
	// An erasure under way is waited for.
	held := o.db.On(o.ctx).Begin()
	defer held.Rollback()
	o.must(held.Exec("SELECT FROM customers WHERE id = ? FOR UPDATE", other.ID).Error)
	ctx, cancel := context.WithTimeout(o.ctx, 200*time.Millisecond)
	defer cancel()
	err := o.db.On(ctx).Exec("INSERT INTO carts (id, customer_id, status, currency, expires_at, created_at, updated_at) VALUES (?, ?, 'active', 'EUR', now(), now(), now())", models.NewID(), other.ID).Error
	if err == nil {
		t.Error("a cart was begun beside an erasure")
	}
}

// A notice to a stylist that is on its way goes out as it was written; only then it is emptied.
func TestNoticesOnTheirWayGoOut(t *testing.T) {
	o := open(t)
	o.canary()
	o.exec("UPDATE messages SET status = 'queued' WHERE provider_id = 'wamid.told'")
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	later := (*queue.Later)(nil)
	if err := o.Redact(o.ctx, row.ID); !errors.As(err, &later) {
		t.Fatalf("it did not wait: %v", err)
	}
	if o.rows("messages WHERE content::text LIKE '%Zephyrine at 10%' AND status = 'queued'") != 1 {
		t.Error("the notice was emptied before it was sent")
	}
	o.exec("UPDATE messages SET status = 'sent' WHERE provider_id = 'wamid.told'")
	o.must(o.Redact(o.ctx, row.ID))
	if found := o.traces(t, canaryFirst); len(found) > 0 || o.state(row.ID).State != models.RequestSucceeded {
		t.Errorf("left: %v", found)
	}

}

// A notice that could not be sent for a day is not sent any more.
func TestNoticesAreNotWaitedForForEver(t *testing.T) {
	p := open(t)
	p.canary()
	p.exec("UPDATE messages SET status = 'queued' WHERE provider_id = 'wamid.told'")
	row := p.erase(privacy.Subject{Phone: canaryPhone})
	p.later(row.ID)
	p.must(p.Redact(p.ctx, row.ID))
	if p.rows("messages WHERE status = 'suppressed' AND content::text LIKE '%—%'") == 0 || p.state(row.ID).State != models.RequestSucceeded {
		t.Error("a notice that could not be sent for a day is still on its way")
	}
}

// Names are found where they stand by themselves, in Arabic behind what is written onto a word; who else is called so keeps their name.
func TestNamesAreFoundAsWords(t *testing.T) {
	for name, tt := range map[string]struct{ first, last, says, want string }{
		"latin":   {"Ann", "Lee", "Joann Lee, Ann Leeds and ann  lee", "Joann Lee, Ann Leeds and —"},
		"lines":   {"Ann", "Lee", "Hi\nAnn\nLee\nand\tAnn Lee", "Hi\n—\nand\t—"},
		"arabic":  {"سارة", "أحمد", "اتصل بسارة أحمد ولسارة أحمد وسارة أحمدي", "اتصل — — وسارة أحمدي"},
		"mexican": {"Ana", "Paz", "ring 521 55 1234 5678 or +525512345678", "ring 0 or 0"},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			_, other := o.canary()
			who, err := o.people.OfPhone(o.ctx, "+525512345678", models.English)
			o.must(err)
			o.exec("UPDATE customers SET name = ?, surname = ? WHERE id = ?", tt.first, tt.last, who.ID)
			o.exec("UPDATE messages SET content = jsonb_build_object('kind', 'text', 'text', ?::text) WHERE provider_id = 'wamid.other'", tt.says)
			o.exec("UPDATE contacts SET profile_name = ? WHERE customer_id = ?", tt.first+" "+tt.last, other.ID)
			o.done(privacy.Subject{Customer: who.ID})
			var got string
			o.must(o.db.On(o.ctx).Raw("SELECT content->>'text' FROM messages WHERE provider_id = 'wamid.other'").Scan(&got).Error)
			if got != tt.want {
				t.Errorf("it says %q, want %q", got, tt.want)
			}
			if o.rows("contacts WHERE profile_name = ?", tt.first+" "+tt.last) != 1 {
				t.Error("somebody else lost their own name")
			}
		})
	}
}

// Chatwoot is told once, by ids, and nothing leads there any more from the moment it is accepted.
func TestChatwootIsTold(t *testing.T) {
	o := open(t)
	o.canary()
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	if n := o.rows("river_job WHERE kind = 'privacy.chatwoot' AND args = jsonb_build_object('request_id', ?::text, 'account_id', 1, 'chatwoot_id', 77)", row.ID.String()); n != 1 {
		t.Errorf("%d jobs", n)
	}
	if o.rows("chatwoot_conversations") != 0 || o.state(row.ID).Chatwoot != "waiting" {
		t.Error("something can still be sent there")
	}
	o.must(o.ToldChatwoot(o.ctx, row.ID, false))
	o.must(o.ToldChatwoot(o.ctx, row.ID, true))
	if got := o.state(row.ID).Chatwoot; got != "refused" {
		t.Errorf("one of two was refused, and it says %q", got)
	}
}

// Who was erased is erased again in a database of before, by a list of ids; whoever has the phone since stays (R-1018).
func TestABackupIsRedactedAgain(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	row := o.done(privacy.Subject{Customer: me.ID})
	past, err := o.List(o.ctx)
	if err != nil || len(past) != 1 || past[0].Request != row.ID || strings.Contains(string(past[0].Subject), "7700") {
		t.Fatalf("listed %+v, %v", past, err)
	}
	if done, err := o.Again(o.ctx, past[0]); err != nil || done {
		t.Errorf("what is known is done again: %v, %v", done, err)
	}
	// The backup: the same rows as they were.
	o.exec("DELETE FROM privacy_requests")
	o.exec("UPDATE customers SET name = 'Zephyrine', surname = 'Quillfeather', phone = ?, deleted_at = NULL WHERE id = ?", canaryPhone, me.ID)
	o.exec("UPDATE contacts SET address = ?, profile_name = 'Zephyrine' WHERE customer_id = ?", canaryPhone, me.ID)
	o.exec("UPDATE conversation_notes SET body = 'Zephyrine Quillfeather called'")
	if done, err := o.Again(o.ctx, past[0]); err != nil || !done {
		t.Fatalf("again: %v, %v", done, err)
	}
	o.must(o.Redact(o.ctx, row.ID))
	if found := o.traces(t, canaryFirst, "7700900555"); len(found) > 0 || o.state(row.ID).State != models.RequestSucceeded {
		t.Errorf("left: %v", found)
	}
	// One that is older than the person knows nobody of them.
	if done, err := o.Again(o.ctx, privacy.Past{Request: models.NewID(), At: o.clock.Now(), Actor: "machine", Subject: []byte(`{"customers": ["` + models.NewID().String() + `"]}`)}); err != nil || done {
		t.Errorf("nobody: %v, %v", done, err)
	}
}
