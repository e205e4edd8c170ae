package chat

import (
	"testing"

	"frontdesk/models"
)

// STOP and START stand on the contact, where sending asks, and each time they are said in the log of consents (R-1001,
// R-1003); what somebody agreed to of the privacy notice is another matter.
func TestStopAndStartAreWrittenDown(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	for _, text := range []string{"hello", "STOP", "START", "STOP"} {
		s.writes(text)
	}
	var rows []models.ConsentRow
	s.must(s.DB.On(s.ctx).Order("seq").Find(&rows).Error)
	if len(rows) != 3 {
		t.Fatalf("%d words are kept", len(rows))
	}
	for i, granted := range []bool{false, true, false} {
		r := rows[i]
		if r.Granted != granted || r.Purpose != models.PurposeNews || r.Channel != models.ConsentByWhatsApp || r.Phone == nil || r.VerifiedAt == nil || r.SessionID != nil {
			t.Errorf("word %d is %+v", i+1, r)
		}
	}
	var contact models.Contact
	s.must(s.DB.On(s.ctx).Take(&contact, "address = ?", *rows[0].Phone).Error)
	if contact.Consent != models.ConsentWithdrawn {
		t.Errorf("the contact says %q", contact.Consent)
	}
}
