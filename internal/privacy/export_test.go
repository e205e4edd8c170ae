package privacy_test

import (
	"strings"
	"testing"

	"frontdesk/internal/fault"
	"frontdesk/internal/privacy"
	"frontdesk/models"
)

func (o *office) promise(phone string) models.ID {
	o.t.Helper()
	row, err := o.AskLink(o.ctx, privacy.Promise{Subject: privacy.Subject{Phone: phone}, Actor: "machine"})
	o.must(err)
	return row.ID
}

// Who was brought is told as a reference, and by name with their data once staff confirm (R-1020).
func TestGuestsAreReferencesUntilStaffConfirm(t *testing.T) {
	o := open(t)
	me, _ := o.canary()
	for _, confirmed := range []bool{false, true} {
		got, err := o.Export(o.ctx, privacy.Subject{Customer: me.ID, Confirm: confirmed}, "machine")
		o.must(err)
		visits := 0
		for _, v := range got.Parts["bookings"] {
			if v["forName"] == "Thumbelina" {
				visits++
			}
		}
		g := got.Guests
		if len(g) != 1 || g[0].ID == (models.ID{}) || (g[0].Name == "Thumbelina") != confirmed || (visits == 1) != confirmed || len(got.Parts["profile"]) != map[bool]int{false: 1, true: 2}[confirmed] {
			t.Errorf("confirmed %t: %+v, %d visits, %d profiles", confirmed, g, visits, len(got.Parts["profile"]))
		}
	}
}

// Whoever is known only by where an order went, or by what they said about their data, is as gone after an erasure as anybody: their link
// opens nothing, while the erasure goes on and afterwards.
func TestALinkEndsWithWhoeverIsErased(t *testing.T) {
	for name, sql := range map[string]string{
		"by an address": `INSERT INTO addresses (id, session_id, digest, name, phone, line1, city, country, created_at)
			SELECT @id, s.id, sha256('z'), 'Quill', @phone, '1 Street', 'Town', 'GB', @now FROM shop_sessions s LIMIT 1`,
		"by a consent": "INSERT INTO consents (id, purpose, granted, phone, channel, policy_text, policy_version, actor, verified_at, created_at) VALUES (@id, 'privacy', true, @phone, 'web', '', '2026-10', 'customer', @now, @now)",
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			o.canary()
			const phone = "+447700900556"
			o.must(o.db.On(o.ctx).Exec(sql, map[string]any{"id": models.NewID(), "phone": phone, "now": o.clock.Now()}).Error)
			link := o.promise(phone)
			if _, err := o.Open(o.ctx, link, ""); err != nil {
				t.Fatalf("before: %v", err)
			}
			row := o.erase(privacy.Subject{Phone: phone})
			if _, err := o.Open(o.ctx, link, ""); !fault.Is(err, "privacy.link_over") {
				t.Errorf("while it goes on: %v", err)
			}
			o.must(o.Redact(o.ctx, row.ID))
			if _, err := o.Open(o.ctx, link, ""); !fault.Is(err, "privacy.link_over") {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// What is more than can be told at once is said so, before the program holds it (R-1012).
func TestAnExportHasALimit(t *testing.T) {
	o := open(t)
	o.canary()
	o.must(o.db.On(o.ctx).Exec(`INSERT INTO messages (id, conversation_id, direction, class, status, content, error_detail, created_at)
		SELECT gen_random_uuid(), c.id, 'in', 'inbound', 'handled', jsonb_build_object('kind', 'text', 'text', repeat('x', 4000)), '', @now
		FROM conversations c JOIN contacts p ON p.id = c.contact_id AND p.address = @phone, generate_series(1, @many)`,
		map[string]any{"now": o.clock.Now(), "phone": canaryPhone, "many": privacy.MaxExport / 4000}).Error)
	_, err := o.Export(o.ctx, privacy.Subject{Phone: canaryPhone}, "machine")
	if !fault.Is(err, "privacy.too_large") {
		t.Fatalf("got %v", err)
	}
	if o.rows("audit_log WHERE action = 'privacy.exported'") != 0 {
		t.Error("what was not told is written down as told")
	}
	o.must(o.db.On(o.ctx).Exec("DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE content::text LIKE ? LIMIT 500)", "%"+strings.Repeat("x", 100)+"%").Error)
	if _, err = o.Export(o.ctx, privacy.Subject{Phone: canaryPhone}, "machine"); err != nil {
		t.Errorf("just under it: %v", err)
	}
}

// A reason for a link names nobody, as for an erasure.
func TestAPromiseNamesNobody(t *testing.T) {
	o := open(t)
	o.canary()
	for _, reason := range []string{"Zephyrine's wish", "٠٧٧٠٠ ٩٠٠ ٥٥٥", strings.Repeat("x", privacy.MaxReason+1)} {
		_, err := o.AskLink(o.ctx, privacy.Promise{Subject: privacy.Subject{Phone: canaryPhone}, Reason: reason, Actor: "machine"})
		if !fault.Is(err, "privacy.refused") {
			t.Errorf("%.20q: %v", reason, err)
		}
	}
}
