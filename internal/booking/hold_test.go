package booking

import (
	"context"
	"slices"
	"testing"
	"time"

	"frontdesk/internal/database"
	"frontdesk/models"
)

func TestHoldFreezesTheTermsOfTheDay(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	a := s.held(s.person(), "dana", "2026-10-09 12:30", "CUT", "SCALP_CALM")
	s.policy("deposit.percent", 50)
	s.policy("hold.minutes", 10)

	got, err := s.Appointment(s.ctx, a.ID)
	s.must(err)
	want := models.Terms{DepositPercent: 20, HoldMinutes: 30, HoldWarnBeforeMinutes: 5, CancelRefundHours: 24, CancelStaffOnlyHours: 6}
	if got.Terms != want {
		t.Errorf("got terms %+v, want %+v", got.Terms, want)
	}
	if got.Status != models.Provisional || got.DepositState != models.DepositPending || got.TotalMinor != 4710 || got.DepositMinor != 942 {
		t.Errorf("got %s %s total %d deposit %d, want provisional pending 4710 942", got.Status, got.DepositState, got.TotalMinor, got.DepositMinor)
	}
	if !got.EndsAt.Equal(s.at("2026-10-09 13:40")) || !got.HoldExpiresAt.Equal(s.at("2026-10-06 10:30")) {
		t.Errorf("got end %v expiry %v, want 13:40 and 10:30", got.EndsAt, got.HoldExpiresAt)
	}
	if len(got.Lines) != 2 || got.Lines[0].ServiceID != s.service("CUT").ID || got.Lines[1].PriceMinor != 2090 {
		t.Errorf("got lines %+v, want CUT then SCALP_CALM", got.Lines)
	}
	if history := s.history(a.ID); !slices.Equal(history, []string{">provisional hold.created"}) {
		t.Errorf("got history %q", history)
	}
}

func TestHoldLengthFollowsTheLocalDay(t *testing.T) {
	base := openSalon(t, "2026-10-06 10:00")
	cases := []struct {
		name, now, start, expires string
		same                      bool
	}{
		{"S18 today", "2026-10-08 13:00", "2026-10-08 16:30", "2026-10-08 13:15", true},
		{"another day", "2026-10-08 13:00", "2026-10-09 16:30", "2026-10-08 13:30", false},
		{"a minute before local midnight", "2026-10-08 23:59", "2026-10-09 10:00", "2026-10-09 00:29", false},
		{"a minute after, still yesterday in UTC", "2026-10-09 00:01", "2026-10-09 10:00", "2026-10-09 00:16", true},
		{"across the clock change", "2026-10-24 13:00", "2026-10-26 10:00", "2026-10-24 13:30", false},
	}
	for _, c := range cases {
		base.sub(c.name, c.now, func(t *testing.T, s *salon) {
			a := s.held(s.person(), "salma", c.start, "CUT")
			if !a.HoldExpiresAt.Equal(s.at(c.expires)) || a.Terms.SameDay != c.same {
				t.Errorf("got expiry %v same day %t, want %s %t", a.HoldExpiresAt.In(s.zone), a.Terms.SameDay, c.expires, c.same)
			}
		})
	}
}

func TestHoldOfAPack(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	pack, _ := s.menu.Pack("PACK_HC")
	r := s.request(p, "dana", "2026-10-09 12:30", "HIGHLIGHTS")
	r.PackID = &pack.ID
	a, err := s.Hold(s.ctx, r)
	s.must(err)
	if a.TotalMinor != 8000 || a.DepositMinor != 1600 || a.Span().Minutes() != 60 || len(a.Lines) != 2 || *a.PackID != pack.ID {
		t.Errorf("got total %d deposit %d %d min %d lines, want 8000 1600 60 2", a.TotalMinor, a.DepositMinor, a.Span().Minutes(), len(a.Lines))
	}
	r = s.request(p, "dana", "2026-10-09 14:30", "HIGHLIGHTS", "CUT", "CLAY")
	r.PackID = &pack.ID
	a, err = s.Hold(s.ctx, r)
	s.must(err)
	if a.TotalMinor != 11650 || a.DepositMinor != 2330 || a.Span().Minutes() != 100 || len(a.Lines) != 3 {
		t.Errorf("with a mask beside it: total %d deposit %d %d min %d lines, want 11650 2330 100 3", a.TotalMinor, a.DepositMinor, a.Span().Minutes(), len(a.Lines))
	}
	r.ServiceIDs = s.ids("FACIAL")
	_, err = s.Hold(s.ctx, r)
	wantFault(t, err, "booking.mixed_categories")
}

func TestHoldRefuses(t *testing.T) {
	s := openSalon(t, "2026-10-08 13:00")
	salma := s.stylist("salma")
	s.block(&salma, s.at("2026-10-13 11:00"), s.at("2026-10-13 12:00"), models.BlockBusy)
	s.block(nil, s.at("2026-10-14 14:00"), s.at("2026-10-14 20:00"), models.BlockClosed)
	pause := models.WeeklyBreak{ID: models.NewID(), StylistID: salma, Weekday: time.Tuesday, Starts: "14:00", Ends: "15:00"}
	s.must(s.db.On(s.ctx).Create(&pause).Error)
	s.held(s.person(), "salma", "2026-10-13 16:00", "CUT")
	cases := []struct {
		name, stylist, start string
		services             []string
		want                 string
	}{
		{"a start 59 minutes away", "salma", "2026-10-08 13:59", []string{"CUT"}, "booking.too_soon"},
		{"the past", "salma", "2026-10-07 13:00", []string{"CUT"}, "booking.too_soon"},
		{"a start 60 minutes away is fine", "omar", "2026-10-08 14:00", []string{"CUT"}, ""},
		{"public holiday", "salma", "2026-10-12 11:00", []string{"CUT"}, "booking.closed"},
		{"Sunday", "salma", "2026-10-11 11:00", []string{"CUT"}, "booking.closed"},
		{"an end after closing", "salma", "2026-10-10 13:30", []string{"CUT"}, "booking.closed"},
		{"a closure that begins during the visit", "salma", "2026-10-14 13:30", []string{"CUT"}, "booking.closed"},
		{"the stylist's busy time", "salma", "2026-10-13 10:30", []string{"CUT"}, "booking.slot_taken"},
		{"the stylist's break", "salma", "2026-10-13 13:30", []string{"CUT"}, "booking.slot_taken"},
		{"somebody else's hold", "salma", "2026-10-13 16:30", []string{"CUT"}, "booking.slot_taken"},
		{"right after it is fine", "salma", "2026-10-13 16:40", []string{"CUT"}, ""},
		{"two categories", "dana", "2026-10-13 10:00", []string{"CUT", "FACIAL"}, "booking.mixed_categories"},
		{"nothing", "dana", "2026-10-13 10:00", nil, "booking.unknown_service"},
		{"another category's stylist", "iris", "2026-10-13 10:00", []string{"CUT"}, "booking.wrong_stylist"},
		{"a stylist of both", "dana", "2026-10-13 10:00", []string{"FACIAL", "BROWS"}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.Hold(s.ctx, s.request(s.person(), c.stylist, c.start, c.services...))
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantFault(t, err, c.want)
		})
	}
	s.must(s.db.On(s.ctx).Model(&models.Service{}).Where("code = 'CLAY'").Update("active", false).Error)
	_, err := s.Hold(s.ctx, s.request(s.person(), "dana", "2026-10-13 12:00", "CLAY"))
	wantFault(t, err, "booking.unknown_service")
}

// Every pair of services of one category can share an appointment, no other pair can.
func TestEveryPairOfServices(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	for _, a := range s.menu.Services {
		for _, b := range s.menu.Services {
			_, err := s.menu.order(HoldRequest{ServiceIDs: []models.ID{a.ID, b.ID}})
			if allowed := a.Category == b.Category; (err == nil) != allowed {
				t.Errorf("%s + %s: got %v, want allowed %t", a.Code, b.Code, err, allowed)
			}
		}
	}
}

func TestANewChoiceReplacesTheOldHold(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	first := s.held(p, "dana", "2026-10-09 12:30", "CUT")
	second := s.held(p, "salma", "2026-10-09 10:30", "CUT")
	third := s.held(p, "salma", "2026-10-09 10:30", "CUT") // the very same slot again

	if got := []models.AppointmentStatus{s.status(first.ID), s.status(second.ID), s.status(third.ID)}; !slices.Equal(got,
		[]models.AppointmentStatus{models.Released, models.Released, models.Provisional}) {
		t.Errorf("got %v, want released, released, provisional", got)
	}
	if history := s.history(first.ID); !slices.Equal(history, []string{">provisional hold.created", "provisional>released hold.replaced"}) {
		t.Errorf("got history %q", history)
	}
	if s.voids(first.ID) != 1 || s.voids(third.ID) != 0 {
		t.Errorf("got %d and %d links to close, want 1 and 0", s.voids(first.ID), s.voids(third.ID))
	}
	hold, err := s.liveHold(p.conversation)
	s.must(err)
	if hold == nil || hold.ID != third.ID {
		t.Errorf("got live hold %+v, want the third", hold)
	}
}

// What staff book ends the customer's hold only where it must, and never in a diary that is not the actor's.
func TestWhatStaffBookBesideAHold(t *testing.T) {
	base := openSalon(t, "2026-10-06 10:00")
	dana, salmaID := base.stylist("dana"), base.stylist("salma")
	for _, c := range []struct {
		name    string
		staff   StaffHold
		service string
		want    string
		old     models.AppointmentStatus
	}{
		{"the desk, with a link", StaffHold{}, "CUT", "", models.Released},
		{"the desk, without deposit", StaffHold{WithoutDeposit: true, Reason: "regular"}, "CUT", "", models.Provisional},
		{"the desk, nothing to pay", StaffHold{}, "CONSULT_HAIR", "", models.Provisional},
		{"a colleague, with a link", StaffHold{Own: &salmaID}, "CUT", "booking.hold_elsewhere", models.Provisional},
		{"a colleague, without deposit", StaffHold{Own: &salmaID, WithoutDeposit: true, Reason: "regular"}, "CUT", "", models.Provisional},
	} {
		base.sub(c.name, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			p := s.person()
			old := s.held(p, "dana", "2026-10-09 12:30", "CUT")
			if held, err := s.HoldsTime(s.ctx, p.customer); !held || err != nil {
				t.Errorf("time is held: %t, %v", held, err)
			}
			r := s.request(p, "salma", "2026-10-09 10:30", c.service)
			r.Staff, r.Actor = &c.staff, salma
			_, err := s.Hold(s.ctx, r)
			if c.want == "" {
				s.must(err)
			} else {
				wantFault(t, err, c.want)
			}
			if got := s.status(old.ID); got != c.old {
				t.Errorf("the earlier hold is %s, want %s", got, c.old)
			}
			s.hand.Set(*old.HoldExpiresAt) // lapsed holds hold nothing
			if held, err := s.HoldsTime(s.ctx, p.customer); held || err != nil {
				t.Errorf("time is held: %t, %v", held, err)
			}
		})
	}
	base.sub("their own, with a link", "2026-10-06 10:00", func(t *testing.T, s *salon) {
		p := s.person()
		old := s.held(p, "dana", "2026-10-09 12:30", "CUT")
		r := s.request(p, "dana", "2026-10-09 10:30", "CUT")
		r.Staff, r.Actor = &StaffHold{Own: &dana}, salma
		_, err := s.Hold(s.ctx, r)
		s.must(err)
		if got := s.status(old.ID); got != models.Released {
			t.Errorf("their own earlier hold is %s, want released", got)
		}
	})
	base.sub("a lapsed one elsewhere", "2026-10-06 10:00", func(t *testing.T, s *salon) {
		p := s.person()
		old := s.held(p, "dana", "2026-10-09 12:30", "CUT")
		s.hand.Set(*old.HoldExpiresAt)
		r := s.request(p, "salma", "2026-10-09 10:30", "CUT")
		r.Staff, r.Actor = &StaffHold{Own: &salmaID}, salma
		_, err := s.Hold(s.ctx, r)
		s.must(err)
	})
}

func TestAFailedChoiceKeepsTheOldHold(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	p := s.person()
	old := s.held(p, "dana", "2026-10-09 12:30", "CUT")
	s.held(s.person(), "salma", "2026-10-09 10:30", "CUT")

	// As inside a turn: the failure is caught and the outer transaction goes on.
	s.must(s.db.InTx(s.ctx, func(ctx context.Context) error {
		_, err := s.Hold(ctx, s.request(p, "salma", "2026-10-09 10:30", "CUT"))
		wantFault(t, err, "booking.slot_taken")
		return nil
	}))
	if s.status(old.ID) != models.Provisional || s.voids(old.ID) != 0 {
		t.Errorf("got %s with %d links to close, want the old hold untouched", s.status(old.ID), s.voids(old.ID))
	}
}

func TestALapsedHoldGivesWay(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	lapsed := s.held(s.person(), "dana", "2026-10-09 12:30", "CUT")
	s.moveTo("2026-10-06 10:30")
	s.held(s.person(), "dana", "2026-10-09 12:30", "CUT")
	if got := s.status(lapsed.ID); got != models.Expired {
		t.Errorf("got %s, want expired", got)
	}
	if !slices.Equal(s.told(lapsed.ID), []string{"hold.expired"}) || s.voids(lapsed.ID) != 1 {
		t.Errorf("got told %v and %d links to close, want hold.expired and 1", s.told(lapsed.ID), s.voids(lapsed.ID))
	}
}

func TestWithoutADepositTheVisitIsConfirmedAtOnce(t *testing.T) {
	base := openSalon(t, "2026-10-06 10:00")
	cases := []struct {
		name, service string
		deposits      bool
		notice, start string
	}{
		{"free consultation", "CONSULT_HAIR", true, "visit.confirmed", "2026-10-08 10:00"},
		{"deposits switched off", "CUT", false, "visit.confirmed", "2026-10-08 10:00"},
		{"today", "CONSULT_HAIR", true, "visit.urgent", "2026-10-06 12:00"},
	}
	for _, c := range cases {
		base.sub(c.name, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			s.policy("deposit.enabled", c.deposits)
			p := s.person()
			a := s.held(p, "dana", c.start, c.service)
			if a.Status != models.Confirmed || a.DepositState != models.DepositNone || a.DepositMinor != 0 || a.HoldExpiresAt != nil {
				t.Errorf("got %s %s %d expiry %v, want confirmed none 0 and none", a.Status, a.DepositState, a.DepositMinor, a.HoldExpiresAt)
			}
			if !slices.Equal(s.told(a.ID), []string{"booking.confirmed"}) || !slices.Equal(s.notices(a.ID), []string{c.notice}) {
				t.Errorf("got told %v notices %v, want booking.confirmed and %s", s.told(a.ID), s.notices(a.ID), c.notice)
			}
			if history := s.history(a.ID); !slices.Equal(history, []string{">confirmed booked_without_deposit"}) {
				t.Errorf("got history %q", history)
			}
			if expired, err := s.ExpireHolds(s.ctx); err != nil || expired != 0 {
				t.Errorf("got %d expired (%v), want 0", expired, err)
			}
		})
	}
}

// The guarantee does not rest on our code: a raw insert is refused as well.
func TestTheDatabaseForbidsAnOverlap(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	a := s.held(s.person(), "dana", "2026-10-09 12:30", "CUT")
	raw := a
	raw.ID, raw.ConversationID, raw.Status, raw.HoldExpiresAt = models.NewID(), nil, models.Confirmed, nil
	raw.StartsAt = a.StartsAt.Add(39 * time.Minute)
	raw.EndsAt = raw.StartsAt.Add(time.Hour)
	err := s.db.On(s.ctx).Omit("Lines").Create(&raw).Error
	if !database.Violates(err, "appointments_no_overlap") {
		t.Errorf("got %v, want the exclusion constraint", err)
	}
}
