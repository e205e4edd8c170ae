package letters_test

import (
	"strings"
	"testing"

	"frontdesk/internal/letters"
)

const anID = "018f3c1e-7a4b-7cde-8f00-0123456789ab"

// Of what a job was given only ids are shown, and what is known to be nobody's; figures stand to the last digit.
func TestArgumentsAreHiddenButForIDs(t *testing.T) {
	t.Parallel()
	raw := []byte(`{"audit_id": 1234567890123456789, "event": "visit.confirmed", "ref": "` + anID + `", "name": "Ana", "alias": "ana", "at": {"phone": "+447700900123"}, "phone": 447700900123, "on": true}`)
	plain := map[string]string{"audit_id": "1234567890123456789", "event": "visit.confirmed", "ref": anID}
	for _, a := range letters.Arguments(raw, false) {
		want, shown := plain[a.Name]
		if !shown {
			want = "•••"
		}
		if a.Masked == shown || a.Value != want || a.ID != (a.Value == anID) {
			t.Errorf("%+v, want %q", a, want)
		}
	}
	for _, a := range letters.Arguments([]byte(`{"event": "ana ortiz", "audit_id": {"name": "ana"}, "chatwoot_id": "447700900123"}`), false) {
		if !a.Masked {
			t.Errorf("%+v is shown by its name", a)
		}
	}
	for _, a := range letters.Arguments(raw, true) {
		if a.Masked || strings.Contains(a.Value, "•") {
			t.Errorf("%+v is hidden from whoever asked for all", a)
		}
	}
}

// Whatever of an error may be a person's is hidden, wherever the quotes and ids in it stand; what tells the cause is not.
func TestOfAnErrorWhatMayBeAPersonsIsHidden(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		`send "hello Ana" to +44 7700 900123 (ana@example.com): row ` + anID + ` is gone`: `send ••• to ••• (•••): row ` + anID + ` is gone`,
		`post "https://host/conversations/` + anID + `/messages?token=abc": EOF`:          `post •••: EOF`,
		`say "Ana Ortiz ` + anID + ` mañana"`:                                             `say •••`,
		`parse "he said \"call Ana\" now": no`:                                            `parse •••: no`,
		`customer's address 'Calle 1' and 'O'Brien' are Ana's`:                            `customer's address ••• and ••• are Ana's`,
		`get https://host/p/` + anID + `/Ana?t=abc failed`:                                `get ••• failed`,
		`to ٠٧٧٠٠٩٠٠١٢٣ or +٤٤٧٧٠٠٩٠٠١٢٣ of مرحبا`:                                        `to ••• or ••• of •••`,
		"say `Ana` and “Ana” and «Ana» and ‘Ana’ and „Ana“":                               `say ••• and ••• and ••• and ••• and •••`,
		`say "Ana Ort`:                                                                   `say •••`,
		`Key (name)=(Ana Ortiz) already exists`:                                          `Key (name)=••• already exists`,
		"first: \"Ana\"\nsecond: 'Bob'":                                                  "first: •••\nsecond: •••",
		`Núñez was here, after 12 ms`:                                                    `••• was here, after 12 ms`,
		"\"broken \xff Ana\" and \xff":                                                   "••• and \xff",
		`whatsapp: retry (status 503, code 131026): breaker is open`:                     `whatsapp: retry (status 503, code 131026): breaker is open`,
		`lock ` + anID + `: ERROR: deadlock detected (SQLSTATE 40P01)`:                   `lock ` + anID + `: ERROR: deadlock detected (SQLSTATE 40P01)`,
		`12345678-1234-1234-1234-123456789012 and 447700900123, 018f3c1e-7a4b-7cde-8f00`: `12345678-1234-1234-1234-123456789012 and •••, 018f3c1e-7a4b-7cde-8f00`,
	} {
		if got := (letters.Attempt{Error: said}).Masked(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", said, got, want)
		}
	}
	if got := (letters.Attempt{Error: "Ana was here", Trace: "goroutine 1"}).Masked(); strings.Contains(got, "Ana") {
		t.Errorf("a panic tells %q", got)
	}
}
