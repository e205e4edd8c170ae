package booking

import (
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

func (s *salon) salma() models.Stylist {
	s.t.Helper()
	row, err := s.upkeep().Stylist(s.ctx, s.stylist("salma"))
	s.must(err)
	return row
}

func stylistEdit(s models.Stylist) StylistEdit {
	e := StylistEdit{Names: s.Names, Phone: s.Phone, Email: s.Email, SMSPhone: s.SMSPhone, Channels: s.Channels, CalendarID: s.CalendarID}
	for _, c := range s.Categories {
		e.Categories = append(e.Categories, models.Category(c))
	}
	return e
}

func TestWhatAStylistMayBe(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	for _, c := range []struct {
		name string
		edit func(*StylistEdit)
		want string
	}{
		{"as she is", func(*StylistEdit) {}, "<nil>"},
		{"a number with spaces", func(e *StylistEdit) { e.Phone = " 0044 7700 900299 " }, "<nil>"},
		{"no number", func(e *StylistEdit) { e.Phone = " " }, "<nil>"},
		{"no number at all like this", func(e *StylistEdit) { e.Phone = "call me" }, "phone phone"},
		{"Dana's number", func(e *StylistEdit) { e.Phone = "+44 7700 900202" }, "phone phone_taken"},
		{"mail alone, without an address", func(e *StylistEdit) { e.Channels, e.Email = models.Strings{"mail"}, "" }, "channels unreachable"},
		{"SMS alone, without a number", func(e *StylistEdit) { e.Channels, e.Phone, e.SMSPhone = models.Strings{"sms"}, " ", "" }, "channels unreachable"},
		{"SMS alone, to her phone", func(e *StylistEdit) { e.Channels, e.SMSPhone = models.Strings{"sms"}, "" }, "<nil>"},
		{"an order that one address fits", func(e *StylistEdit) {
			e.Channels, e.Email, e.Phone, e.SMSPhone = models.Strings{"whatsapp", "mail", "sms"}, "salma@luma.example", "", ""
		}, "<nil>"},
		{"nothing she does", func(e *StylistEdit) { e.Categories = nil }, "categories category"},
		{"something nobody does", func(e *StylistEdit) { e.Categories = []models.Category{"nails"} }, "categories category"},
		{"no name in Arabic", func(e *StylistEdit) { e.Names = models.Text{"en": "Salma", "es": "Salma"} }, "names.ar missing"},
	} {
		s.sub(c.name, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			salma := s.salma()
			e := stylistEdit(salma)
			c.edit(&e)
			_, err := s.upkeep().ChangeStylist(s.ctx, boss, salma.ID, salma.Version, e)
			wantWrong(t, err, c.want)
		})
	}
}

// The log says that a number changed, and holds neither the old nor the new one.
func TestAStylistsNumberStaysOutOfTheLog(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	salma := s.salma()
	contact := models.Contact{ID: models.NewID(), Channel: models.ChannelWhatsApp, Address: salma.Phone, StylistID: &salma.ID, CreatedAt: s.clock.Now(), UpdatedAt: s.clock.Now()}
	s.must(s.db.On(s.ctx).Create(&contact).Error)
	e := stylistEdit(salma)
	e.Phone, e.Categories = "+44 7700 900299", []models.Category{models.Aesthetics, models.Hair}
	changed, err := s.upkeep().ChangeStylist(s.ctx, boss, salma.ID, salma.Version, e)
	s.must(err)
	if changed.Phone != "+447700900299" || strings.Join(changed.Categories, " ") != "hair aesthetics" {
		t.Errorf("changed to %+v", changed)
	}
	log := s.entries(salma.ID)
	if len(log) != 1 || string(log[0].Detail) != `{"changed": "phone"}` || string(log[0].After) != `{"categories": "hair aesthetics"}` {
		t.Errorf("the log says %+v", log)
	}
	var after models.Contact
	s.must(s.db.On(s.ctx).Take(&after, "id = ?", contact.ID).Error)
	if after.StylistID != nil {
		t.Error("the old number is still hers")
	}
	_, err = s.upkeep().ChangeStylist(s.ctx, boss, salma.ID, salma.Version, e)
	wantFault(t, err, "services.changed")
}

func TestAStylistWithVisitsAheadStays(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	u := s.upkeep()
	visit := s.held(s.person(), "salma", "2026-10-09 12:00", "CUT")
	_, err := u.RetireStylist(s.ctx, boss, s.stylist("salma"))
	wantFault(t, err, "services.visits_ahead")
	ahead, err := u.Ahead(s.ctx, s.stylist("salma"))
	s.must(err)
	if len(ahead) != 1 || ahead[0].ID != visit.ID {
		t.Errorf("ahead %+v", ahead)
	}
	s.must(s.Release(s.ctx, visit.ID, boss, "test"))
	_, err = u.RetireStylist(s.ctx, boss, s.stylist("salma"))
	s.must(err)
	_, err = s.Hold(s.ctx, s.request(s.person(), "salma", "2026-10-09 12:00", "CUT"))
	wantFault(t, err, "booking.wrong_stylist")
	_, err = u.RestoreStylist(s.ctx, boss, s.stylist("salma"))
	s.must(err)
	s.held(s.person(), "salma", "2026-10-09 12:00", "CUT")
}

// Nobody is booked with a stylist who is retired in the same moment.
func TestRetiringAndBookingExcludeEachOther(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	u, id := s.upkeep(), s.stylist("salma")
	for range rounds {
		p := s.person()
		var held, retired error
		var visit models.Appointment
		var wg sync.WaitGroup
		wg.Go(func() { visit, held = s.Hold(s.ctx, s.request(p, "salma", "2026-10-09 12:00", "CUT")) })
		wg.Go(func() { _, retired = u.RetireStylist(s.ctx, boss, id) })
		wg.Wait()
		if (held == nil) == (retired == nil) {
			t.Fatalf("held: %v, retired: %v; want one of them", held, retired)
		}
		if held == nil {
			s.must(s.Release(s.ctx, visit.ID, boss, "test"))
			continue
		}
		_, err := u.RestoreStylist(s.ctx, boss, id)
		s.must(err)
	}
}

func TestBreaksCloseTheirTimeEveryWeek(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	u, salma := s.upkeep(), s.salma()
	pause := func(day time.Weekday, from, to string) models.WeeklyBreak {
		return models.WeeklyBreak{Weekday: day, Starts: from, Ends: to}
	}
	for name, c := range map[string]struct {
		breaks []models.WeeklyBreak
		want   string
	}{
		"backwards":   {[]models.WeeklyBreak{pause(1, "14:00", "13:00")}, "breaks order"},
		"no time":     {[]models.WeeklyBreak{pause(1, "1pm", "14:00")}, "breaks time"},
		"24:00":       {[]models.WeeklyBreak{pause(1, "23:00", "24:00")}, "breaks time"},
		"no weekday":  {[]models.WeeklyBreak{pause(7, "13:00", "14:00")}, "breaks weekday"},
		"overlapping": {[]models.WeeklyBreak{pause(1, "13:00", "14:00"), pause(1, "13:30", "15:00")}, "breaks overlap"},
		"three a day": {[]models.WeeklyBreak{pause(1, "10:00", "10:10"), pause(1, "11:00", "11:10"), pause(1, "12:00", "12:10")}, "breaks many_breaks"},
	} {
		t.Run(name, func(t *testing.T) {
			wantWrong(t, u.SetBreaks(s.ctx, boss, salma.ID, salma.Version, c.breaks), c.want)
		})
	}
	s.must(u.SetBreaks(s.ctx, boss, salma.ID, salma.Version, []models.WeeklyBreak{pause(time.Friday, "13:00", "14:00")}))
	_, err := s.Hold(s.ctx, s.request(s.person(), "salma", "2026-10-09 12:30", "CUT"))
	wantFault(t, err, "booking.slot_taken")
	wantFault(t, u.SetBreaks(s.ctx, boss, salma.ID, salma.Version, nil), "services.changed")
	s.must(u.SetBreaks(s.ctx, boss, salma.ID, salma.Version+1, nil))
	s.held(s.person(), "salma", "2026-10-09 12:30", "CUT")
}

// outside are the visits a fault is about.
func (s *salon) outside(err error) []Visit {
	by, _ := Obstacles(err)
	return by.Visits
}

func weekOf(opens, closes string, days ...time.Weekday) []models.OpeningHours {
	rows := []models.OpeningHours{}
	for _, d := range days {
		rows = append(rows, models.OpeningHours{Weekday: d, Opens: opens, Closes: closes})
	}
	return rows
}

func TestOpeningHoursAreChangedWithTheVisitsInSight(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	u := s.upkeep()
	was, err := s.Hours(s.ctx)
	s.must(err)
	late := s.held(s.person(), "salma", "2026-10-09 19:00", "CUT")
	s.held(s.person(), "salma", "2026-10-09 12:00", "CUT")
	shorter := weekOf("09:00", "19:00", 1, 2, 3, 4, 5)
	err = u.SetHours(s.ctx, boss, was, shorter, false)
	wantFault(t, err, "services.visits_outside")
	if outside := s.outside(err); len(outside) != 1 || outside[0].ID != late.ID {
		t.Fatalf("outside stand %+v", outside)
	}
	s.must(u.SetHours(s.ctx, boss, was, shorter, true))
	if got := s.status(late.ID); got != models.Provisional {
		t.Errorf("the kept visit is %s", got)
	}
	s.held(s.person(), "salma", "2026-10-09 09:00", "CUT")
	_, err = s.Hold(s.ctx, s.request(s.person(), "omar", "2026-10-09 18:30", "CUT"))
	wantFault(t, err, "booking.closed")
	wantFault(t, u.SetHours(s.ctx, boss, was, nil, true), "services.changed")
	// A visit that stands outside already is not asked about again.
	s.must(u.SetHours(s.ctx, boss, shorter, weekOf("09:00", "18:00", 1, 2, 3, 4, 5), false))
}

func TestWhatHoursMayBe(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	was, err := s.Hours(s.ctx)
	s.must(err)
	for _, c := range []struct {
		name string
		week []models.OpeningHours
		want string
	}{
		{"closed all week", weekOf("", ""), "<nil>"},
		{"from midnight to the last minute", weekOf("00:00", "23:59", 0), "<nil>"},
		{"backwards", weekOf("18:00", "09:00", 1), "hours.1 order"},
		{"no time between", weekOf("09:00", "09:00", 1), "hours.1 order"},
		{"24:00", weekOf("09:00", "24:00", 6), "hours.6 time"},
		{"no closing", weekOf("09:00", "", 6), "hours.6 time"},
		{"29:00, which the column would take", weekOf("09:00", "29:00", 6), "hours.6 time"},
		{"an eighth day", weekOf("09:00", "18:00", 7), "hours weekday"},
		{"one day twice", weekOf("09:00", "18:00", 1, 1), "hours weekday"},
	} {
		s.sub(c.name, "2026-10-06 10:00", func(t *testing.T, s *salon) {
			wantWrong(t, s.upkeep().SetHours(s.ctx, boss, was, c.week, false), c.want)
		})
	}
}

func TestAWeekIsReadAsItWasWritten(t *testing.T) {
	for _, w := range [][]models.OpeningHours{{}, weekOf("10:00", "20:00", 1, 2), append(weekOf("10:00", "14:00", 6), weekOf("09:00", "18:00", 0)...)} {
		got, ok := ReadWeek(WeekText(w))
		if !ok || WeekText(got) != WeekText(w) {
			t.Errorf("%q is read as %q", WeekText(w), WeekText(got))
		}
	}
	for _, text := range []string{"x", "1", "1 10:00", "one 10:00-20:00"} {
		if _, ok := ReadWeek(text); ok {
			t.Errorf("%q is read", text)
		}
	}
}

func ramadan() SetEdit {
	return SetEdit{
		Names: text("Ramadan 2027", "Ramadán 2027", "رمضان 2027"), From: "2027-02-08", To: "2027-03-09",
		Hours: weekOf("12:00", "23:00", 1, 2, 3, 4, 6),
	}
}

// A set of hours holds inside its dates and nowhere else; the weekly hours are not touched.
func TestAScheduleSetHoldsOnItsDaysOnly(t *testing.T) {
	s := openSalon(t, "2027-02-01 10:00")
	before, err := s.Hours(s.ctx)
	s.must(err)
	_, err = s.upkeep().AddSet(s.ctx, boss, ramadan(), false)
	s.must(err)
	for _, c := range []struct{ day, first, last, closed string }{
		{"2027-02-05", "10:00", "19:00", ""}, // the Friday before
		{"2027-02-08", "12:00", "22:00", ""}, // its first day
		{"2027-02-12", "", "", "Ramadan 2027"},
		{"2027-02-13", "12:00", "22:00", ""}, // a Saturday, open longer than usually
		{"2027-02-14", "", "", "weekly"},     // a Sunday, closed as always
		{"2027-03-09", "12:00", "22:00", ""}, // its last day
		{"2027-03-10", "10:00", "19:00", ""}, // the day after
	} {
		day := s.day(c.day)
		id := s.stylist("salma")
		found := func(notBefore *int) string {
			a, err := s.FindSlots(s.ctx, SlotQuery{Minutes: 60, Category: models.Hair, StylistID: &id, From: day, To: day.AddDate(0, 0, 1), NotBefore: notBefore, Offer: 1})
			s.must(err)
			if a.Closed != nil {
				if a.Closed.Kind == WeeklyClosing {
					return "weekly"
				}
				return a.Closed.Reason.In(models.English)
			}
			return a.Slots[0].Span.Start.Format("15:04")
		}
		if got := found(nil); got != c.first+c.closed {
			t.Errorf("%s begins %s, want %s", c.day, got, c.first+c.closed)
		}
		if c.closed != "" {
			continue
		}
		last, err := parseMinute(c.last)
		s.must(err)
		if got := found(&last); got != c.last {
			t.Errorf("%s: the last start is %s, want %s", c.day, got, c.last)
		}
	}
	after, err := s.Hours(s.ctx)
	s.must(err)
	if WeekText(before) != WeekText(after) {
		t.Error("the weekly hours changed")
	}
	if hours, set, err := s.HoursOn(s.ctx, s.at("2027-02-20 10:00")); err != nil || set == nil || WeekText(hours) != WeekText(ramadan().Hours) {
		t.Errorf("the hours in force are %v of %v (%v)", hours, set, err)
	}
}

// The wall times of a set hold on days of 23 and 25 hours, too.
func TestAScheduleSetKeepsItsWallTimesAcrossClockChanges(t *testing.T) {
	for zoneName, days := range map[string][]models.Date{
		"Europe/Madrid": {"2026-03-29", "2026-10-25"}, "America/New_York": {"2026-03-08", "2026-11-01"}, "Asia/Riyadh": {"2026-10-25"},
	} {
		zone := location(t, zoneName)
		for _, day := range days {
			d := dateOf(day.In(zone).Add(12*time.Hour), zone)
			cal, err := newCalendar(zone, weekOf("10:00", "20:00", 0, 1, 2, 3, 4, 5, 6), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			set := models.ScheduleSet{StartsOn: day, EndsOn: day, Hours: []models.ScheduleHours{{Weekday: d.weekday(), Opens: "01:30", Closes: "05:00"}}}
			if err := cal.follow([]models.ScheduleSet{set}); err != nil {
				t.Fatal(err)
			}
			open, ok := cal.opening(d)
			if !ok || open.Start.Format("2006-01-02 15:04") != string(day)+" 01:30" || open.End.Format("15:04") != "05:00" {
				t.Errorf("%s %s opens %v", zoneName, day, open)
			}
			for _, minute := range cal.starts(d, open, 30, 30, time.Time{}) {
				if start := d.at(minute, zone); start.Format("15:04") != wall(minute) || minute < 90 || minute > 270 {
					t.Errorf("%s %s: a start at %s shows %s", zoneName, day, wall(minute), start.Format("15:04"))
				}
			}
			next := d.next()
			if open, _ := cal.opening(next); open.Start.Format("15:04") != "10:00" {
				t.Errorf("%s: the day after %s opens at %s", zoneName, day, open.Start.Format("15:04"))
			}
		}
	}
}

func TestWhatAScheduleSetMayBe(t *testing.T) {
	s := openSalon(t, "2027-02-01 10:00")
	other := ramadan()
	other.From, other.To = "2027-04-01", "2027-04-02"
	_, err := s.upkeep().AddSet(s.ctx, boss, other, false)
	s.must(err)
	for _, c := range []struct {
		name string
		edit func(*SetEdit)
		want string
	}{
		{"Ramadan", func(*SetEdit) {}, "<nil>"},
		{"up to the other set", func(e *SetEdit) { e.To = "2027-03-31" }, "<nil>"},
		{"into the other set", func(e *SetEdit) { e.To = "2027-04-01" }, "from shared_days"},
		{"inside the other set", func(e *SetEdit) { e.From, e.To = "2027-04-02", "2027-04-02" }, "from shared_days"},
		{"today alone", func(e *SetEdit) { e.From, e.To = "2027-02-01", "2027-02-01" }, "<nil>"},
		{"over already", func(e *SetEdit) { e.From, e.To = "2027-01-01", "2027-01-31" }, "to past"},
		{"backwards", func(e *SetEdit) { e.To = "2027-02-07" }, "to date_order"},
		{"longer than a year", func(e *SetEdit) { e.From, e.To = "2027-05-01", "2028-05-01" }, "to long_set"},
		{"no days", func(e *SetEdit) { e.From, e.To = "", "2027-02-30" }, "from date, to date"},
		{"no name", func(e *SetEdit) { e.Names = nil }, "names.ar missing, names.en missing, names.es missing"},
		{"hours backwards", func(e *SetEdit) { e.Hours = weekOf("12:00", "11:00", 3) }, "hours.3 order"},
		{"closed throughout", func(e *SetEdit) { e.Hours = nil }, "<nil>"},
	} {
		s.sub(c.name, "2027-02-01 10:00", func(t *testing.T, s *salon) {
			e := ramadan()
			c.edit(&e)
			_, err := s.upkeep().AddSet(s.ctx, boss, e, false)
			wantWrong(t, err, c.want)
		})
	}
}

func TestAScheduleSetIsChangedRetiredAndRestored(t *testing.T) {
	s := openSalon(t, "2027-02-01 10:00")
	u := s.upkeep()
	visit := s.held(s.person(), "salma", "2027-02-09 10:00", "CUT")
	_, err := u.AddSet(s.ctx, boss, ramadan(), false)
	wantFault(t, err, "services.visits_outside")
	if outside := s.outside(err); len(outside) != 1 || outside[0].ID != visit.ID {
		t.Errorf("outside stand %+v", outside)
	}
	set, err := u.AddSet(s.ctx, boss, ramadan(), true)
	s.must(err)
	evening := s.held(s.person(), "salma", "2027-02-10 22:00", "CUT")
	_, err = u.RetireSet(s.ctx, boss, set.ID, false)
	if outside := s.outside(err); len(outside) != 1 || outside[0].ID != evening.ID {
		t.Errorf("without the set %+v stand outside", outside)
	}
	_, err = u.RetireSet(s.ctx, boss, set.ID, true)
	s.must(err)
	again := ramadan()
	again.From = "2027-03-09"
	_, err = u.AddSet(s.ctx, boss, again, false) // the days are free now
	s.must(err)
	_, err = u.RestoreSet(s.ctx, boss, set.ID, true)
	wantWrong(t, err, "from shared_days")
	changed, err := u.ChangeSet(s.ctx, boss, set.ID, set.Version+1, ramadan(), true)
	s.must(err)
	_, err = u.ChangeSet(s.ctx, boss, set.ID, set.Version, ramadan(), true)
	wantFault(t, err, "services.changed")
	if log := s.entries(set.ID); changed.Active || len(log) != 2 || log[0].Action != "set.retired" || !strings.Contains(string(log[0].Detail), evening.ID.String()) {
		t.Errorf("set %+v, log %+v", changed, log)
	}
}

// Two overlapping sets at the same moment: one of them is refused.
func TestOfTwoOverlappingSetsOneIsRefused(t *testing.T) {
	s := openSalon(t, "2027-02-01 10:00")
	for range rounds {
		results := make([]error, 4)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() {
				e := ramadan()
				e.From = models.Date("2027-02-0" + string(rune('1'+i)))
				_, results[i] = s.upkeep().AddSet(s.ctx, boss, e, false)
			})
		}
		wg.Wait()
		made := 0
		for _, err := range results {
			if err == nil {
				made++
			} else if !fault.Is(err, "services.invalid") {
				t.Fatal(err)
			}
		}
		if made != 1 {
			t.Fatalf("%d overlapping sets were made", made)
		}
		s.must(s.db.On(s.ctx).Exec("DELETE FROM schedule_sets").Error)
	}
}

// Whole days are midnight to midnight, whatever the clocks do in between; the reason is what customers read.
func TestAClosureSaysWhyInEveryLanguageOrNot(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	u := s.upkeep()
	span := WholeDays("2026-10-24", "2026-10-25", s.zone)
	if span.Start != s.day("2026-10-24") || !span.End.Equal(s.day("2026-10-26")) || span.End.Sub(span.Start) != 49*time.Hour {
		t.Fatalf("two days with a clock change are %v", span)
	}
	visit := s.held(s.person(), "salma", "2026-10-24 11:00", "CUT")
	r := BlockRequest{Span: span, Kind: models.BlockClosed, Actor: boss, Reason: models.Text{"en": " Fresh\npaint "}}
	_, err := u.Close(s.ctx, r)
	wantWrong(t, err, "reason.ar missing, reason.es missing")
	r.Reason = text("Fresh\npaint", "Recién pintado", "دهان جديد")
	_, err = u.Close(s.ctx, r)
	wantFault(t, err, "booking.block_conflicts")
	if in := s.outside(err); len(in) != 1 || in[0].ID != visit.ID {
		t.Errorf("in the way stand %+v", in)
	}
	r.KeepVisits = true
	closed, err := u.Close(s.ctx, r)
	s.must(err)
	a, err := s.FindSlots(s.ctx, SlotQuery{Minutes: 40, Category: models.Hair, From: s.day("2026-10-24"), To: s.day("2026-10-25")})
	s.must(err)
	if a.Closed == nil || a.Closed.Reason.In(models.English) != "Fresh paint" {
		t.Errorf("customers read %+v", a.Closed)
	}
	_, err = u.Close(s.ctx, BlockRequest{Span: WholeDays("2026-10-30", "2026-10-30", s.zone), StylistID: &visit.StylistID, Kind: models.BlockDayOff, Actor: boss})
	s.must(err)
	ahead, err := u.Closures(s.ctx, false, 10)
	s.must(err)
	if len(ahead) != 3 || ahead[1].ID != closed.ID { // the demo salon's holiday stands first
		t.Errorf("ahead are %+v", ahead)
	}
	s.moveTo("2026-10-26 09:00")
	if over, err := u.Closures(s.ctx, true, 1); err != nil || len(over) != 1 || over[0].ID != closed.ID {
		t.Errorf("over are %+v (%v)", over, err)
	}
}
