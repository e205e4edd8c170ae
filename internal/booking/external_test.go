package booking

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	outside "frontdesk/internal/calendar"
	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// provisional, then confirmed, then moved as the same entry, then with another stylist, then gone.
func TestAVisitStandsInItsStylistsCalendar(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	visit := s.held(s.person(), "salma", "2026-10-08 11:00", "CUT")
	push := func() {
		t.Helper()
		s.must(s.PushVisit(s.ctx, visit.ID))
	}
	push()
	s.wantShown(p, "salma", "tentative Held: Noor · Haircut")
	_, err := s.Confirm(s.ctx, visit.ID, "stripe", "paid")
	s.must(err)
	push()
	push()
	s.wantShown(p, "salma", "confirmed Noor · Haircut")
	_, err = s.Move(s.ctx, s.moving(visit.ID, "salma", "2026-10-08 17:00"))
	s.must(err)
	push()
	s.wantShown(p, "salma", "confirmed Noor · Haircut")
	_, err = s.Move(s.ctx, s.moving(visit.ID, "omar", "2026-10-08 17:00"))
	s.must(err)
	push()
	s.wantShown(p, "salma")
	s.wantShown(p, "omar", "confirmed Noor · Haircut")
	if got := p.asked("create salma"); got != 1 {
		t.Errorf("created %d times", got)
	}
	if got := s.pushes(visit.ID); got != 4 {
		t.Errorf("%d pushes asked for, want one for each of hold, confirmation and two moves", got)
	}
	var left int64
	s.must(s.db.On(s.ctx).Model(&models.CalendarEntry{}).Where("appointment_id = ?", visit.ID).Count(&left).Error)
	if left != 1 {
		t.Errorf("%d calendars are said to show it", left)
	}
}

// while the calendars are away a hold is made and expires; the push waits and comes once.
func TestCalendarsThatAreAwayBlockNothing(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	p.fail(true, false)
	visit := s.held(s.person(), "salma", "2026-10-08 11:00", "CUT")
	if err := s.PushVisit(s.ctx, visit.ID); err == nil || !outside.Temporary(err) {
		t.Fatalf("got %v", err)
	}
	lags, err := s.CalendarLags(s.ctx)
	s.must(err)
	if lags[0].Pending != 1 {
		t.Errorf("the lag says %d pending", lags[0].Pending)
	}
	s.moveTo("2026-10-06 10:31")
	if n, err := s.ExpireHolds(s.ctx); n != 1 || err != nil {
		t.Fatalf("expired %d, %v", n, err)
	}
	p.fail(false, false)
	s.must(s.PushVisit(s.ctx, visit.ID))
	s.must(s.PushVisit(s.ctx, visit.ID))
	s.wantShown(p, "salma")
}

// Whatever comes while a push is under way, the last word is the row's; also with two processes.
func TestPushesOutOfOrderEndWithTheRow(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	visit := s.confirmed(s.person(), "salma", "2026-10-08 11:00", "CUT")
	var once sync.Once
	p.before = func(call string) {
		if call != "create salma" {
			return
		}
		once.Do(func() { // while the first push is on its way, the visit moves and that is pushed
			_, err := s.Move(context.Background(), s.moving(visit.ID, "omar", "2026-10-08 12:00"))
			s.must(err)
			s.must(s.PushVisit(context.Background(), visit.ID))
		})
	}
	s.must(s.PushVisit(s.ctx, visit.ID))
	s.wantShown(p, "salma")
	s.wantShown(p, "omar", "confirmed Noor · Haircut")

	p.before = nil
	var both sync.WaitGroup
	for range 4 {
		both.Go(func() {
			if err := s.PushVisit(context.Background(), visit.ID); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	s.wantShown(p, "omar", "confirmed Noor · Haircut")
}

// what stands outside is never offered; marks close the salon or the stylist.
func TestWhatStandsInACalendarIsNotOffered(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	at := func(hour string) time.Time { return s.at("2026-10-08 " + hour) }
	p.put("salma", "a1", "Dentist, root canal", at("11:00"), at("12:00"))
	p.put("salma", "a2", "Lunch?", at("13:00"), at("14:00"), "transparency", "transparent")
	p.put("salma", "a3", "Invited", at("17:00"), at("18:00"))
	p.put("omar", "b1", "Día libre", s.day("2026-10-09"), s.day("2026-10-10"), "transparency", "transparent")
	p.put("bruno", "c1", "Salón cerrado: formación", s.day("2026-10-13"), s.day("2026-10-14"))
	s.must(s.read(s.Diary))
	for _, c := range []struct {
		stylist, wall string
		want          bool
	}{
		{"salma", "2026-10-08 11:00", false},
		{"salma", "2026-10-08 10:30", false}, // 40 minutes run into it
		{"salma", "2026-10-08 12:00", true},
		{"salma", "2026-10-08 13:00", true},
		{"salma", "2026-10-08 17:00", false},
		{"omar", "2026-10-08 11:00", true},
		{"omar", "2026-10-09 11:00", false},
		{"salma", "2026-10-09 11:00", true},
		{"salma", "2026-10-13 11:00", false},
		{"omar", "2026-10-13 11:00", false},
	} {
		if got := s.offered(c.stylist, c.wall); got != c.want {
			t.Errorf("%s %s offered: %t, want %t", c.stylist, c.wall, got, c.want)
		}
	}
	if _, err := s.Hold(s.ctx, s.request(s.person(), "salma", "2026-10-08 11:00", "CUT")); !fault.Is(err, "booking.slot_taken") {
		t.Errorf("a hold in a busy time: %v", err)
	}
	opening, err := s.Opening(s.ctx)
	s.must(err)
	if day := opening.On(s.day("2026-10-13")); len(day.Windows) > 0 || day.Reason.In(models.Spanish) != "formación" {
		t.Errorf("got %+v", day)
	}
	blocks, err := s.Blocks(s.ctx, at("11:00"), at("12:00"))
	s.must(err)
	if raw := fmt.Sprintf("%+v", blocks); len(blocks) != 1 || strings.Contains(raw, "Dentist") {
		t.Errorf("what is kept of a private appointment: %s", raw)
	}
	_, err = s.Unblock(s.ctx, UnblockRequest{ID: blocks[0].ID, Actor: "staff:x"})
	wantFault(t, err, "booking.block_of_calendar")
}

// A reading that fails, in whole or in part, frees nothing; one that comes late changes nothing.
func TestAFailedReadingFreesNothing(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	for i, hour := range []string{"10", "12", "14", "16", "18"} { // three pages
		from := s.at("2026-10-08 " + hour + ":00")
		p.put("salma", fmt.Sprintf("a%d", i), "x", from, from.Add(time.Hour))
	}
	s.must(s.read(s.Diary))
	busy := func() (n int) {
		for _, hour := range []string{"10", "12", "14", "16", "18"} {
			if !s.offered("salma", "2026-10-08 "+hour+":00") {
				n++
			}
		}
		return n
	}
	if got := busy(); got != 5 {
		t.Fatalf("%d of five are busy", got)
	}
	p.mu.Lock()
	delete(p.held["salma"], "a4")
	p.mu.Unlock()
	for name, fail := range map[string]func(){
		"down": func() { p.fail(true, false) },
		"half": func() { p.fail(false, true) },
		"an entry without a time": func() {
			p.fail(false, false)
			p.mu.Lock()
			p.held["salma"]["a9"] = map[string]any{"id": "a9", "status": "confirmed"}
			p.mu.Unlock()
		},
	} {
		fail()
		if err := s.ReadCalendar(s.ctx, s.stylist("salma")); err == nil {
			t.Errorf("%s: no error", name)
		}
		if got := busy(); got != 5 {
			t.Errorf("%s: %d of five are busy", name, got)
		}
	}
	p.mu.Lock()
	delete(p.held["salma"], "a9")
	p.mu.Unlock()
	p.fail(false, false)
	late := reading{stylist: s.stylist("salma"), calendar: "salma" + DemoCalendars, began: s.clock.Machine().Add(-time.Hour)}
	s.must(s.db.InTx(s.ctx, func(ctx context.Context) error { return s.take(ctx, late) }))
	if got := busy(); got != 5 {
		t.Errorf("a reading from before: %d of five are busy", got)
	}
	s.must(s.ReadCalendar(s.ctx, s.stylist("salma")))
	if got := busy(); got != 4 {
		t.Errorf("after a good reading %d are busy, want 4", got)
	}
}

// The sweep asks for each calendar once, in however many processes, and again when it is due.
func TestEachCalendarIsAskedForOnce(t *testing.T) {
	s, _ := withCalendars(t, "2026-10-06 10:00")
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if _, err := s.AskCalendars(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := len(testkit.Jobs(t, s.db, queue.CalendarRead{}.Kind())); got != 5 {
		t.Errorf("%d readings asked for, want one of each of five", got)
	}
	s.must(s.db.On(s.ctx).Exec("UPDATE calendar_reads SET asked_at = asked_at - interval '3 minutes'").Error)
	if n, err := s.AskCalendars(s.ctx); n != 5 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
}

// What people do to our entries out there is put right by the next reading.
func TestOurEntriesArePutRight(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	kept := s.confirmed(s.person(), "salma", "2026-10-08 11:00", "CUT")
	moved := s.confirmed(s.person(), "salma", "2026-10-08 15:00", "CUT")
	for _, a := range []models.Appointment{kept, moved} {
		s.must(s.PushVisit(s.ctx, a.ID))
	}
	ghost := models.NewID()
	p.put("salma", outside.EntryID(ghost), "of a visit nobody knows", s.at("2026-10-08 18:00"), s.at("2026-10-08 19:00"), written(s.stylist("salma"))...)
	p.mu.Lock()
	p.held["salma"][outside.EntryID(moved.ID)]["start"] = map[string]any{"dateTime": "2026-10-08T18:00:00Z"}
	p.held["salma"][outside.EntryID(moved.ID)]["end"] = map[string]any{"dateTime": "2026-10-08T18:40:00Z"}
	p.mu.Unlock()
	s.must(s.db.On(s.ctx).Exec("DELETE FROM river_job").Error) // the pushes are done
	s.must(s.read(s.Diary))
	if s.pushes(kept.ID) != 0 || s.pushes(moved.ID) != 1 || s.pushes(ghost) != 1 {
		t.Errorf("pushes: kept %d, moved %d, unknown %d", s.pushes(kept.ID), s.pushes(moved.ID), s.pushes(ghost))
	}
	for _, id := range []models.ID{moved.ID, ghost} {
		s.must(s.PushVisit(s.ctx, id))
	}
	if got := p.shows("salma"); len(got) != 2 {
		t.Errorf("the calendar shows %q", got)
	}
	if !s.offered("salma", "2026-10-08 18:00") {
		t.Error("an entry of ours took time that no visit has")
	}
	p.mu.Lock()
	start := p.held["salma"][outside.EntryID(moved.ID)]["start"].(map[string]any)["dateTime"]
	p.mu.Unlock()
	if start != "2026-10-08T13:00:00Z" {
		t.Errorf("the moved entry begins at %v", start)
	}
}

// A stylist who turns to another calendar takes their visits along; without one their time is the salon's.
func TestAStylistTurnsToAnotherCalendar(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	visit := s.confirmed(s.person(), "salma", "2026-10-08 11:00", "CUT")
	s.must(s.PushVisit(s.ctx, visit.ID))
	p.put("salma", "a1", "x", s.at("2026-10-08 13:00"), s.at("2026-10-08 14:00"))
	s.must(s.read(s.Diary))
	u := s.Upkeep()
	turn := func(id string) error {
		row, err := u.Stylist(s.ctx, s.stylist("salma"))
		s.must(err)
		e := StylistEdit{Names: row.Names, Phone: row.Phone, Email: row.Email, CalendarID: id}
		for _, c := range row.Categories {
			e.Categories = append(e.Categories, models.Category(c))
		}
		_, err = u.ChangeStylist(s.ctx, "staff:x", row.ID, row.Version, e)
		return err
	}
	for id, word := range map[string]string{"has a space": "calendar", "omar" + DemoCalendars: "calendar_taken"} {
		if err := turn(id); err == nil || !strings.Contains(fmt.Sprint(err), "services.invalid") {
			t.Errorf("%q (%s): %v", id, word, err)
		}
	}
	s.must(turn("new@calendars.luma.example"))
	s.must(s.PushVisit(s.ctx, visit.ID))
	s.wantShown(p, "salma")
	s.wantShown(p, "new", "confirmed Noor · Haircut")
	if s.offered("salma", "2026-10-08 13:00") {
		t.Error("free before the new calendar was read")
	}
	s.must(s.read(s.Diary))
	if !s.offered("salma", "2026-10-08 13:00") {
		t.Error("the former calendar still closes time")
	}
	p.put("new", "a1", "x", s.at("2026-10-08 13:00"), s.at("2026-10-08 14:00"))
	s.must(s.ReadCalendar(s.ctx, s.stylist("salma")))
	s.must(turn(""))
	s.must(s.PushVisit(s.ctx, visit.ID))
	s.wantShown(p, "new")
	if !s.offered("salma", "2026-10-08 13:00") {
		t.Error("a calendar that nobody keeps closes time")
	}
}

func TestStaleCalendarsAreSeen(t *testing.T) {
	s, p := withCalendars(t, "2026-10-06 10:00")
	s.must(s.read(s.Diary))
	p.fail(true, false)
	s.must(s.db.On(s.ctx).Exec("UPDATE calendar_reads SET read_at = read_at - interval '14 minutes', since = since - interval '1 hour'").Error)
	stale := func() (n int) {
		lags, err := s.CalendarLags(s.ctx)
		s.must(err)
		for _, l := range lags {
			if l.Stale {
				n++
			}
		}
		return n
	}
	if got := stale(); got != 0 {
		t.Errorf("after 14 minutes %d are stale", got)
	}
	s.must(s.db.On(s.ctx).Exec("UPDATE calendar_reads SET read_at = read_at - interval '2 minutes' WHERE calendar_id LIKE 'salma%'").Error)
	if err := s.ReadCalendar(s.ctx, s.stylist("salma")); err == nil {
		t.Fatal("no error")
	}
	lags, err := s.CalendarLags(s.ctx)
	s.must(err)
	if stale() != 1 || !lags[0].Stale || lags[0].Failure == "" {
		t.Errorf("after 16 minutes: %+v", lags[0])
	}
}

func TestMarkedTitles(t *testing.T) {
	for _, c := range []struct {
		title, kind, rest string
	}{
		{"Salon closed", "closed", ""},
		{"SALON CLOSED: staff training", "closed", "staff training"},
		{"Salón cerrado — inventario", "closed", "inventario"},
		{"الصالون مغلق: جرد", "closed", "جرد"},
		{"Día festivo", "holiday", ""},
		{"Public holiday (San Isidro)", "holiday", "(San Isidro)"},
		{"عطلة رسمية", "holiday", ""},
		{"day off", "day_off", ""},
		{"إجازة", "day_off", ""},
		{"Day offsite with the bank", "", ""},
		{"Holiday in Lisbon", "", ""},
		{"Is the salon closed?", "", ""},
		{"", "", ""},
	} {
		kind, rest, found := marked(c.title)
		if string(kind) != c.kind || rest != c.rest || found != (c.kind != "") {
			t.Errorf("%q: got %q %q", c.title, kind, rest)
		}
	}
}

func FuzzMarkedTitles(f *testing.F) {
	for _, seed := range []string{"Salon closed: x", "عطلة رسمية", "\xff\xfe", "Día libre \x00", "ſalon closed"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, title string) {
		kind, reason, takes := meaning(outside.Entry{Title: title})
		if !takes || kind == "" {
			t.Errorf("%q takes no time", title)
		}
		for _, r := range reason {
			if len([]rune(r)) > MaxClosureReason {
				t.Errorf("%q: the reason is too long", title)
			}
		}
	})
}

// The feed shows the stylist's own visits, and ends with its word.
func TestAFeedOpensWithItsWordOnly(t *testing.T) {
	s, _ := withCalendars(t, "2026-10-06 10:00")
	visit := s.confirmed(s.person(), "salma", "2026-10-08 11:00", "CUT")
	s.confirmed(s.person(), "omar", "2026-10-08 11:00", "CUT")
	off := s.confirmed(s.person(), "salma", "2026-10-09 15:00", "CUT")
	_, err := s.Cancel(s.ctx, s.by(off.ID, ""), models.DepositForfeited)
	s.must(err)
	s.held(s.person(), "salma", "2026-10-09 11:00", "CUT") // never paid for
	s.moveTo("2026-10-06 10:31")
	_, err = s.ExpireHolds(s.ctx)
	s.must(err)
	u := s.Upkeep()
	first, err := u.OpenFeed(s.ctx, "staff:x", s.stylist("salma"))
	s.must(err)
	feed, err := s.Feed(s.ctx, first)
	s.must(err)
	if len(feed.Visits) != 2 || feed.Visits[0].ID != visit.ID || feed.Visits[0].Title != "Noor · Haircut" || feed.Visits[0].Status != outside.FeedConfirmed ||
		feed.Visits[1].ID != off.ID || feed.Visits[1].Status != outside.FeedCancelled {
		t.Errorf("got %+v", feed)
	}
	second, err := u.OpenFeed(s.ctx, "staff:x", s.stylist("salma"))
	s.must(err)
	for _, word := range []string{first, "", second + "x"} {
		if _, err := s.Feed(s.ctx, word); !fault.Is(err, "error.not_found") {
			t.Errorf("%q opens it: %v", word, err)
		}
	}
	s.must(u.CloseFeed(s.ctx, "staff:x", s.stylist("salma")))
	_, err = s.Feed(s.ctx, second)
	wantFault(t, err, "error.not_found")
	var kept []models.CalendarFeed
	s.must(s.db.On(s.ctx).Find(&kept).Error)
	if len(kept) != 0 {
		t.Errorf("%d feeds are left", len(kept))
	}
}
