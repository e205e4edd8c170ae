package handlers

import (
	"net/url"
	"strings"
	"testing"

	"frontdesk/models"
)

// a visit in time that a calendar has closed since stands on Today for those who can move it, each
// with what is theirs, until somebody says that it stays; and that can be taken back.
func TestTodayNamesVisitsInClosedTime(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	salma := s.stylist("Salma").ID
	block := models.TimeBlock{
		ID: models.NewID(), StylistID: &salma, StartsAt: s.confirmed.StartsAt, EndsAt: s.confirmed.EndsAt, Kind: models.BlockClosed,
		Reason: models.Text{}, CreatedBy: "calendar", EntryID: "e1", CreatedAt: testNow,
	}
	s.must(s.DB.On(t.Context()).Create(&block).Error)
	path := visitURL(s.confirmed.ID, "stays")
	named := func(role models.Role) bool {
		t.Helper()
		return s.see(role, "/console").doc(t).Find("form[action='"+path+"']").Length() > 0
	}
	for role, want := range map[models.Role]bool{
		models.RoleOperator: true, models.RolePM: true, models.RoleStylist: s.confirmed.StylistID == s.stylist("Dana").ID,
		models.RoleFinance: false, models.RolePrivacy: false, models.RoleStakeholder: false,
	} {
		if got := named(role); got != want {
			t.Errorf("%s: named %t, want %t", role, got, want)
		}
	}
	if text := s.see(models.RoleOperator, "/console").doc(t).Find("form[action='" + path + "']").Closest("li").Text(); !strings.Contains(text, "closed in Salma's calendar") {
		t.Errorf("it does not say what closes the time: %q", text)
	}
	b := s.open("operator")
	form := url.Values{"block": {block.ID.String()}}
	wantDone(t, b.post(path, s.as(s.confirmed.ID, "block", block.ID.String()), dialog), dialog, true)
	if named(models.RoleOperator) {
		t.Error("it stands there although it stays")
	}
	wantDone(t, b.post(path, s.as(s.confirmed.ID, "block", block.ID.String(), "again", "on"), dialog), dialog, false)
	if !named(models.RoleOperator) {
		t.Error("taken back, it does not stand there")
	}
	if got := b.post(path, form, dialog); got.StatusCode != 400 {
		t.Errorf("without a version: %d", got.StatusCode)
	}
	if got := s.open("finance").post(path, s.as(s.confirmed.ID, "block", block.ID.String()), dialog); got.StatusCode != 403 {
		t.Errorf("finance: %d", got.StatusCode)
	}
}
