package booking

import (
	"slices"
	"testing"

	"frontdesk/models"
)

func (s *salon) find(q SlotQuery) Availability {
	s.t.Helper()
	a, err := s.FindSlots(s.ctx, q)
	s.must(err)
	return a
}

// on asks for a day of the salon.
func (s *salon) on(day string, minutes int, category models.Category) SlotQuery {
	return SlotQuery{Minutes: minutes, Category: category, From: s.day(day), To: s.day(day).AddDate(0, 0, 1)}
}

// shown writes slots as "Fri 10:30 Salma".
func (s *salon) shown(slots []Slot) []string {
	lines := []string{}
	for _, slot := range slots {
		lines = append(lines, slot.Span.Start.Format("Mon 15:04")+" "+s.name(slot.StylistID))
	}
	return lines
}

func (s *salon) wantSlots(got []Slot, want ...string) {
	s.t.Helper()
	if shown := s.shown(got); !slices.Equal(shown, want) {
		s.t.Errorf("got %q, want %q", shown, want)
	}
}

func minute(hour, min int) *int { m := hour*60 + min; return &m }

func TestOffersOfTheScenarios(t *testing.T) {
	base := openSalon(t, "2026-10-06 10:00")
	type windows = map[string][]string
	cases := []struct {
		name, now, day string
		free           windows
		minutes        int
		category       models.Category
		part           PartOfDay
		stylist        string // requested
		prefer         string
		want           []string
		windows        int
	}{
		{"S01", "2026-10-06 10:00", "2026-10-09",
			windows{"salma": {"10:30-11:30", "17:00-18:00"}, "dana": {"12:30-13:30", "18:00-19:00"}},
			60, models.Hair, AnyPart, "", "", []string{"Fri 10:30 Salma", "Fri 12:30 Dana"}, 4},
		{"S02 the same stylist in the afternoon", "2026-10-09 12:00", "2026-10-13",
			windows{"omar": {"16:00-16:40", "17:00-17:40"}, "salma": {"15:00-20:00"}},
			40, models.Hair, Afternoon, "omar", "", []string{"Tue 16:00 Omar", "Tue 17:00 Omar"}, 2},
		{"S05 a single option", "2026-10-06 10:00", "2026-10-08",
			windows{"bruno": {"11:00-11:50", "15:00-18:00"}},
			50, models.Hair, Morning, "", "", []string{"Thu 11:00 Bruno"}, 1},
		{"S08", "2026-10-06 10:00", "2026-10-08",
			windows{"dana": {"10:00-10:30"}, "salma": {"11:30-12:00"}},
			15, models.Hair, Morning, "", "", []string{"Thu 10:00 Dana", "Thu 11:30 Salma"}, 2},
		{"S10 one contiguous window", "2026-10-06 10:00", "2026-10-09",
			windows{"dana": {"10:00-12:00"}, "salma": {"10:00-11:40"}},
			110, models.Hair, Morning, "", "", []string{"Fri 10:00 Dana"}, 1},
		{"S12 only who does aesthetics", "2026-10-16 10:00", "2026-10-19",
			windows{"iris": {"11:00-12:00", "16:00-17:00"}, "salma": {"10:00-20:00"}},
			60, models.Aesthetics, AnyPart, "", "", []string{"Mon 11:00 Iris", "Mon 16:00 Iris"}, 2},
		{"S13", "2026-10-06 10:00", "2026-10-08",
			windows{"iris": {"10:00-12:00", "15:30-17:30"}},
			105, models.Aesthetics, AnyPart, "", "", []string{"Thu 10:00 Iris", "Thu 15:30 Iris"}, 2},
		{"S14 the preferred stylist", "2026-10-08 22:00", "2026-10-14",
			windows{"salma": {"10:30-11:10"}, "dana": {"11:30-12:10"}},
			40, models.Hair, Morning, "", "salma", []string{"Wed 10:30 Salma", "Wed 11:30 Dana"}, 2},
		{"S15 a start whose end is too late", "2026-10-08 12:00", "2026-10-13",
			windows{"dana": {"10:00-12:00"}},
			95, models.Hair, AnyPart, "", "", []string{"Tue 10:00 Dana"}, 1},
		{"S16 distinct windows of one stylist", "2026-10-06 10:00", "2026-10-08",
			windows{"salma": {"11:00-13:30", "16:00-17:30"}},
			70, models.Hair, AnyPart, "salma", "", []string{"Thu 11:00 Salma", "Thu 16:00 Salma"}, 2},
		{"S18 the lead of a same-day visit", "2026-10-08 13:00", "2026-10-08",
			windows{"salma": {"16:30-17:30"}, "bruno": {"18:00-19:00"}, "omar": {"13:30-14:10"}},
			40, models.Hair, AnyPart, "", "", []string{"Thu 16:30 Salma", "Thu 18:00 Bruno"}, 2},
		{"preferred stylist later in the day still gets a place", "2026-10-06 10:00", "2026-10-09",
			windows{"salma": {"10:00-11:00"}, "omar": {"10:00-11:00"}, "bruno": {"17:00-18:00"}},
			60, models.Hair, AnyPart, "", "bruno", []string{"Fri 10:00 Salma", "Fri 17:00 Bruno"}, 3},
		{"a window that starts off the grid", "2026-10-06 10:00", "2026-10-09",
			windows{"salma": {"10:10-11:45"}},
			40, models.Hair, AnyPart, "", "", []string{"Fri 10:30 Salma", "Fri 11:00 Salma"}, 1},
		{"nothing ends after closing", "2026-10-06 10:00", "2026-10-09",
			windows{"salma": {"19:00-23:00"}},
			60, models.Hair, AnyPart, "", "", []string{"Fri 19:00 Salma"}, 1},
	}
	for _, c := range cases {
		base.sub(c.name, c.now, func(t *testing.T, s *salon) {
			s.free(c.day, c.free)
			q := s.on(c.day, c.minutes, c.category)
			q.Part = c.part
			if c.stylist != "" {
				id := s.stylist(c.stylist)
				q.StylistID = &id
			}
			if c.prefer != "" {
				id := s.stylist(c.prefer)
				q.PreferID = &id
			}
			a := s.find(q)
			s.wantSlots(a.Slots, c.want...)
			if a.Windows != c.windows {
				t.Errorf("got %d windows, want %d", a.Windows, c.windows)
			}
		})
	}
}

func TestLeadTimeBoundary(t *testing.T) {
	s := openSalon(t, "2026-10-08 13:00")
	s.free("2026-10-08", map[string][]string{"salma": {"13:30-14:40"}})
	s.wantSlots(s.find(s.on("2026-10-08", 40, models.Hair)).Slots, "Thu 14:00 Salma")
	s.moveTo("2026-10-08 13:01")
	if a := s.find(s.on("2026-10-08", 40, models.Hair)); a.Total != 0 || len(a.Next) != 2 || a.Closed != nil {
		t.Errorf("got %+v, want nothing today and the next two dates", a)
	}
}

func TestTooLateTodayOffersTheNextTwoDates(t *testing.T) {
	s := openSalon(t, "2026-10-08 19:30")
	q := s.on("2026-10-08", 40, models.Hair)
	q.Offer = 1
	a := s.find(q)
	if a.Closed != nil || len(a.Slots) != 0 || len(a.Next) != 2 {
		t.Fatalf("got %+v, want no slot, no closure, two dates", a)
	}
	s.wantSlots(a.Next[0].Slots, "Fri 10:00 Salma")
	s.wantSlots(a.Next[1].Slots, "Sat 10:00 Salma")
}

func TestBoundsOfAStart(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	s.free("2026-10-09", map[string][]string{"salma": {"10:00-20:00"}})
	cases := []struct {
		name                string
		part                PartOfDay
		notBefore, notAfter *int
		total               int // starts of 60 minutes: 10:00 … 19:00
	}{
		{"all day", AnyPart, nil, nil, 19},
		{"morning ends before 14:00", Morning, nil, nil, 8},
		{"afternoon starts at 14:00", Afternoon, nil, nil, 11},
		{"not before, inclusive", AnyPart, minute(18, 0), nil, 3},
		{"not after, inclusive", AnyPart, nil, minute(11, 0), 3},
		{"all together", Afternoon, minute(9, 0), minute(15, 15), 3},
		{"nothing left", Morning, minute(14, 0), nil, 0},
	}
	for _, c := range cases {
		q := s.on("2026-10-09", 60, models.Hair)
		q.Part, q.NotBefore, q.NotAfter = c.part, c.notBefore, c.notAfter
		if got := s.find(q).Total; got != c.total {
			t.Errorf("%s: got %d starts, want %d", c.name, got, c.total)
		}
	}
}

func TestAWishedTime(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	s.free("2026-10-09", map[string][]string{"salma": {"10:00-12:00", "16:00-18:00"}, "dana": {"15:00-18:00"}, "omar": {"11:00-12:00"}})
	cases := []struct {
		name   string
		at     *int
		prefer string
		want   []string
	}{
		{"free with two stylists", minute(16, 30), "", []string{"Fri 16:30 Salma", "Fri 16:30 Dana"}},
		{"free with two, one preferred", minute(16, 30), "dana", []string{"Fri 16:30 Dana", "Fri 16:30 Salma"}},
		{"free with one: it comes first, then the nearest", minute(15, 0), "", []string{"Fri 15:00 Dana", "Fri 15:30 Dana"}},
		{"taken: the nearest", minute(13, 0), "", []string{"Fri 11:00 Salma", "Fri 15:00 Dana"}},
		{"off the grid: the nearest", minute(17, 10), "salma", []string{"Fri 17:00 Salma", "Fri 17:00 Dana"}},
	}
	for _, c := range cases {
		q := s.on("2026-10-09", 60, models.Hair)
		q.At = c.at
		if c.prefer != "" {
			id := s.stylist(c.prefer)
			q.PreferID = &id
		}
		t.Log(c.name)
		s.wantSlots(s.find(q).Slots, c.want...)
	}
}

func TestClosedDays(t *testing.T) {
	base := openSalon(t, "2026-10-06 10:00")
	type block struct {
		stylist, from, to string
		kind              models.BlockKind
	}
	cases := []struct {
		name, day string
		blocks    []block
		part      PartOfDay
		kind      models.BlockKind // of the closure; empty: the day is open
		reason    string
		next      []string
	}{
		{"public holiday", "2026-10-12", nil, AnyPart, models.BlockHoliday, "public holiday", []string{"Tue 10:00 Salma", "Wed 10:00 Salma"}},
		{"Sunday before the holiday", "2026-10-11", nil, AnyPart, WeeklyClosing, "", []string{"Tue 10:00 Salma", "Wed 10:00 Salma"}},
		{"salon event", "2026-10-14", []block{{"", "2026-10-14 00:00", "2026-10-15 00:00", models.BlockClosed}}, AnyPart,
			models.BlockClosed, "staff training", []string{"Thu 10:00 Salma", "Fri 10:00 Salma"}},
		{"closure written on one calendar closes all", "2026-10-14", []block{{"iris", "2026-10-14 00:00", "2026-10-15 00:00", models.BlockClosed}}, AnyPart,
			models.BlockClosed, "staff training", []string{"Thu 10:00 Salma", "Fri 10:00 Salma"}},
		{"a day off closes one stylist", "2026-10-14", []block{{"salma", "2026-10-14 00:00", "2026-10-15 00:00", models.BlockDayOff}}, AnyPart, "", "", nil},
		{"half a day closed: the other half is open", "2026-10-14", []block{{"", "2026-10-14 14:00", "2026-10-14 20:00", models.BlockClosed}}, AnyPart, "", "", nil},
		{"half a day closed: that half is", "2026-10-14", []block{{"", "2026-10-14 14:00", "2026-10-14 20:00", models.BlockClosed}}, Afternoon,
			models.BlockClosed, "staff training", []string{"Thu 14:00 Salma", "Fri 14:00 Salma"}},
	}
	for _, c := range cases {
		base.sub(c.name, "2026-10-08 12:00", func(t *testing.T, s *salon) {
			for _, b := range c.blocks {
				var id *models.ID
				if b.stylist != "" {
					stylist := s.stylist(b.stylist)
					id = &stylist
				}
				s.block(id, s.at(b.from), s.at(b.to), b.kind)
			}
			q := s.on(c.day, 40, models.Hair)
			q.Part, q.Offer = c.part, 1
			a := s.find(q)
			if c.kind == "" {
				if a.Closed != nil || len(a.Slots) == 0 {
					t.Fatalf("got %+v, want an open day", a)
				}
				return
			}
			if a.Closed == nil || a.Closed.Kind != c.kind || a.Closed.Reason.In(models.English) != c.reason || !a.Closed.Day.Equal(s.day(c.day)) {
				t.Fatalf("got closure %+v, want %s %q", a.Closed, c.kind, c.reason)
			}
			if len(a.Slots) != 0 || len(a.Next) != 2 {
				t.Fatalf("got %+v, want no slots and two dates", a)
			}
			s.wantSlots(append(a.Next[0].Slots, a.Next[1].Slots...), c.next...)
		})
	}
}

func TestAStylistsDayOffAndBreakTakeOnlyTheirTime(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	salma, dana := s.stylist("salma"), s.stylist("dana")
	s.block(&salma, s.day("2026-10-09"), s.day("2026-10-10"), models.BlockDayOff)
	pause := models.WeeklyBreak{ID: models.NewID(), StylistID: dana, Weekday: 5, Starts: "10:00", Ends: "13:00"}
	s.must(s.db.On(s.ctx).Create(&pause).Error)
	q := s.on("2026-10-09", 60, models.Hair)
	q.StylistID = &dana
	s.wantSlots(s.find(q).Slots, "Fri 13:00 Dana", "Fri 13:30 Dana")
	q.StylistID = &salma
	a := s.find(q)
	if a.Closed != nil || len(a.Slots) != 0 {
		t.Errorf("got %+v, want Salma off and the salon open", a)
	}
	s.wantSlots(a.Next[0].Slots, "Sat 10:00 Salma", "Sat 10:30 Salma")
}

func TestFullFridayOffersSaturdayAndTheNextOpenDay(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	s.free("2026-10-09", nil)
	a := s.find(s.on("2026-10-09", 40, models.Hair))
	if a.Closed != nil || len(a.Next) != 2 {
		t.Fatalf("got %+v, want two dates", a)
	}
	s.wantSlots(a.Next[0].Slots, "Sat 10:00 Salma", "Sat 10:00 Dana")
	s.wantSlots(a.Next[1].Slots, "Tue 10:00 Salma", "Tue 10:00 Dana") // Monday is the holiday
}

func TestAWeekIsSearchedAcrossTheClockChange(t *testing.T) {
	s := openSalon(t, "2026-10-20 10:00")
	for _, day := range []string{"2026-10-23", "2026-10-24", "2026-10-27"} {
		s.free(day, nil)
	}
	q := s.on("2026-10-23", 40, models.Hair)
	q.To = s.day("2026-10-28")
	id := s.stylist("salma")
	q.StylistID = &id
	a := s.find(q)
	s.wantSlots(a.Slots, "Mon 10:00 Salma", "Mon 10:30 Salma") // the only open day left is the 26th
	if got := a.Slots[0].Span.Start.UTC().Format("15:04"); got != "09:00" {
		t.Errorf("got %s UTC, want 09:00 in winter time", got)
	}
}

func TestHoldsInTheWayOfASearch(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	s.free("2026-10-09", map[string][]string{"salma": {"10:00-10:40"}})
	holder, other := s.person(), s.person()
	hold := s.held(holder, "salma", "2026-10-09 10:00", "CUT")

	q := s.on("2026-10-09", 40, models.Hair)
	q.ConversationID = &other.conversation
	if got := s.find(q).Total; got != 0 {
		t.Errorf("somebody else's hold: got %d starts, want 0", got)
	}
	q.ConversationID = &holder.conversation
	if got := s.find(q).Total; got != 1 {
		t.Errorf("own hold: got %d starts, want 1", got)
	}
	q.ConversationID = nil
	s.hand.Set(*hold.HoldExpiresAt)
	if got := s.find(q).Total; got != 1 {
		t.Errorf("lapsed hold: got %d starts, want 1", got)
	}
}

func TestAnOfferIsNeverLongerThanItsMaximum(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	for asked, want := range map[int]int{0: 2, 1: 1, 3: 3, 9: 3} {
		q := s.on("2026-10-09", 40, models.Hair)
		q.Offer = asked
		a := s.find(q)
		if len(a.Slots) != want {
			t.Errorf("asked for %d: got %d options, want %d", asked, len(a.Slots), want)
		}
	}
}

func TestStartsThatWereShownAreNotOfferedAgain(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	s.free("2026-10-09", map[string][]string{"salma": {"10:00-12:00"}})
	q := s.on("2026-10-09", 60, models.Hair)
	a := s.find(q)
	s.wantSlots(a.Slots, "Fri 10:00 Salma", "Fri 10:30 Salma")
	q.Except = a.Slots
	a = s.find(q)
	s.wantSlots(a.Slots, "Fri 11:00 Salma")
	q.Except = append(q.Except, a.Slots...)
	if a = s.find(q); a.Total != 0 || a.Closed != nil || len(a.Next) != 2 {
		t.Errorf("got %+v, want nothing more that day and the next two dates", a)
	}
}
