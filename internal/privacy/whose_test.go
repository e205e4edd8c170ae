package privacy_test

import (
	"testing"

	"frontdesk/internal/fault"
	"frontdesk/internal/privacy"
	"frontdesk/models"
)

// News that came while an erasure was accepted, of a message or a payment of theirs, says their phone and name and goes; what the phone's
// next owner sends stays.
func TestNewsOfTheSameMomentGo(t *testing.T) {
	o := open(t)
	o.canary()
	row := o.erase(privacy.Subject{Phone: canaryPhone})
	o.exec(`INSERT INTO provider_events (id, provider, event_id, kind, sender, payload, received_at, processed_at, outcome) VALUES
		(?, 'whatsapp', 'status.late', 'status', '', '{"provider_id": "wamid.HBgMNDQ3NzAwOTAwNTU1", "raw": {"recipient_id": "447700900555"}}', now(), now(), 'read'),
		(?, 'stripe', 'evt_late', 'checkout.session.completed', '', '{"data": {"object": {"id": "cs_visit", "customer_details": {"name": "Zephyrine"}}}}', now(), now(), 'duplicate'),
		(?, 'whatsapp', 'wamid.next', 'message', ?, '{"from": "447700900555", "text": "I am new"}', now(), now(), 'done')`,
		models.NewID(), models.NewID(), models.NewID(), canaryPhone)
	o.must(o.Redact(o.ctx, row.ID))
	if n := o.rows("provider_events WHERE event_id IN ('status.late', 'evt_late') OR payload::text ~ 'recipient_id|Zephyrine'"); n != 0 {
		t.Errorf("%d late events say who it was", n)
	}
	if o.rows("provider_events WHERE event_id = 'wamid.next' AND sender = ? AND payload->>'text' = 'I am new'", canaryPhone) != 1 || o.state(row.ID).State != models.RequestSucceeded {
		t.Errorf("what the next owner sent was touched, or it ended as %+v", o.state(row.ID))
	}
}

// Whoever works here and is called like a customer keeps their name where others wrote it.
func TestTheSalonsPeopleKeepTheirNames(t *testing.T) {
	for what, sql := range map[string]string{
		"staff":     "UPDATE staff SET name = 'Ann Lee' WHERE id = (SELECT id FROM staff ORDER BY id LIMIT 1)",
		"a stylist": `UPDATE stylists SET names = '{"en": "Ann Lee", "ar": "آن لي"}' WHERE id = (SELECT id FROM stylists ORDER BY id LIMIT 1)`,
	} {
		t.Run(what, func(t *testing.T) {
			o := open(t)
			o.canary()
			who, err := o.people.OfPhone(o.ctx, "+447700900600", models.English)
			o.must(err)
			o.exec("UPDATE customers SET name = 'Ann', surname = 'Lee' WHERE id = ?", who.ID)
			o.exec(sql)
			o.exec(`UPDATE messages SET content = '{"kind": "text", "text": "Is Ann Lee in today?"}' WHERE provider_id = 'wamid.other'`)
			o.done(privacy.Subject{Customer: who.ID})
			if o.rows("messages WHERE content->>'text' = 'Is Ann Lee in today?'") != 1 {
				t.Error("a message about somebody who works here was changed")
			}
		})
	}
}

// A phone that is one customer's and from which another writes says nothing alone; with the id only that one's data goes.
func TestOnePhoneOfTwoCustomers(t *testing.T) {
	o := open(t)
	me, other := o.canary()
	o.exec("UPDATE contacts SET customer_id = ? WHERE address = ?", other.ID, canaryPhone)
	if _, err := o.Erase(o.ctx, privacy.Erasure{Subject: privacy.Subject{Phone: canaryPhone}, Actor: "machine"}); !fault.Is(err, "privacy.two_people") {
		t.Fatalf("by the phone of two: %v", err)
	}
	row := o.erase(privacy.Subject{Phone: canaryPhone, Customer: me.ID})
	if *row.CustomerID != me.ID || o.rows("customers WHERE id = ? AND name = 'Omar' AND deleted_at IS NULL", other.ID) != 1 {
		t.Error("the other customer was erased")
	}
	if o.rows("contacts WHERE address = ? AND profile_name <> ''", canaryPhone) != 1 || o.rows("messages WHERE content->>'text' = 'I am Zephyrine'") != 1 {
		t.Error("what the other customer writes from was erased")
	}
	o.must(o.Redact(o.ctx, row.ID))
	if o.rows("contacts WHERE address = ?", canaryPhone) != 1 || o.rows("customers WHERE id = ? AND name = ''", me.ID) != 1 {
		t.Error("the wrong one was erased")
	}
}
