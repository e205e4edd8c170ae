package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/privacy"
	"frontdesk/models"
)

// Each line of Today has one next act, and goes when it is done.
func TestTodayIsDoneByDoing(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.at(s.confirmed.StartsAt.Add(time.Minute))
	for _, role := range []models.Role{"operator", "stylist"} {
		form := s.see(role, "/console").doc(t).Find("form[data-quick]").First()
		if !strings.Contains(form.Closest("li").Text(), "Noor") || form.AttrOr("action", "") != visitURL(s.confirmed.ID, "complete") {
			t.Fatalf("%s is not asked whether Noor came: %q", role, form.Closest("li").Text())
		}
	}
	b := s.open("operator")
	wantDone(t, b.post(visitURL(s.confirmed.ID, "complete"), s.as(s.confirmed.ID), dialog), dialog, true)
	if left := b.see("/console", plain).doc(t).Find("form[data-quick]").Length(); left != 0 {
		t.Errorf("%d visits still wait for a word", left)
	}
}

func TestTodayOfARole(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.at(s.held.HoldExpiresAt.Add(-5 * time.Minute))
	payment := models.Payment{
		ID: models.NewID(), AppointmentID: s.confirmed.ID, AmountMinor: 1600, Currency: "EUR", State: models.PaymentRefundPending, Language: models.English,
		ExpiresAt: testNow, CreatedAt: testNow, UpdatedAt: testNow,
	}
	s.must(s.DB.On(t.Context()).Create(&payment).Error)
	s.must(s.DB.On(t.Context()).Create(&models.Refund{
		ID: models.NewID(), PaymentID: payment.ID, AmountMinor: 1600, Currency: "EUR", Method: models.RefundByCard, State: models.RefundFailed, Reason: "late_payment", CreatedAt: testNow, UpdatedAt: testNow,
	}).Error)
	someone, err := s.People.OfPhone(t.Context(), "+447700900888", models.English)
	s.must(err)
	erasure, err := s.Privacy.Erase(t.Context(), privacy.Erasure{Subject: privacy.Subject{Customer: someone.ID}, Actor: "machine"})
	s.must(err)
	s.must(s.Privacy.GiveUp(t.Context(), erasure.ID))
	for role, want := range map[models.Role]struct{ has, without []string }{
		"operator":    {[]string{"Maya Lopez", "سارة", "€16.00"}, []string{"Something is left"}},
		"pm":          {[]string{"Maya Lopez", "سارة", "€16.00"}, nil},
		"finance":     {[]string{"€16.00", "Maya Lopez"}, []string{"سارة", "Confirm without deposit", noorPhone}},
		"stylist":     {[]string{"Your next client", "Noor"}, []string{"Haddad", "Maya", "€16.00", "سارة"}},
		"privacy":     {[]string{"سارة", "Something is left of somebody"}, []string{"€16.00", "Maya"}},
		"stakeholder": {[]string{"Visits confirmed today"}, []string{"Noor", "Maya", "€16.00", "سارة"}},
		"admin":       {[]string{"Maya Lopez", "€16.00"}, nil},
	} {
		main := s.see(role, "/console").doc(t).Find("main").Text()
		for _, word := range want.has {
			if !strings.Contains(main, word) {
				t.Errorf("%s does not see %q: %.500s", role, word, strings.Join(strings.Fields(main), " "))
			}
		}
		for _, word := range want.without {
			if strings.Contains(main, word) {
				t.Errorf("%s sees %q", role, word)
			}
		}
	}
}

func TestANoticeGoesOnceItIsSeen(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	dana, salma := s.stylist("Dana").ID, s.stylist("Salma").ID
	mine := models.Notice{ID: models.NewID(), StylistID: &dana, AppointmentID: &s.confirmed.ID, Event: "visit.confirmed", Channel: models.ChannelConsole, DedupeKey: "a", DueAt: testNow, CreatedAt: testNow}
	theirs := models.Notice{ID: models.NewID(), StylistID: &salma, AppointmentID: &s.held.ID, Event: "visit.confirmed", Channel: models.ChannelConsole, DedupeKey: "b", DueAt: testNow, CreatedAt: testNow}
	s.must(s.DB.On(t.Context()).Create(&[]models.Notice{mine, theirs}).Error)
	b := s.open("stylist")
	if n := b.see("/console", plain).doc(t).Find("form[action='/console/today/seen']").Length(); n != 1 {
		t.Fatalf("got %d notices, want the own one", n)
	}
	for _, id := range []models.ID{mine.ID, theirs.ID} {
		if got := b.post("/console/today/seen", url.Values{"notice": {id.String()}}, dialog); got.StatusCode != 200 {
			t.Errorf("got %d", got.StatusCode)
		}
	}
	if n := b.see("/console", plain).doc(t).Find("form[action='/console/today/seen']").Length(); n != 0 {
		t.Errorf("%d notices stay", n)
	}
	var left models.Notice
	s.must(s.DB.On(t.Context()).Take(&left, "id = ?", theirs.ID).Error)
	if left.SeenAt != nil {
		t.Error("a colleague's notice was marked as seen")
	}
	if got := s.open("operator").post("/console/today/seen", url.Values{"notice": {mine.ID.String()}}, dialog); got.StatusCode != 403 {
		t.Errorf("whoever is no stylist: got %d", got.StatusCode)
	}
}
