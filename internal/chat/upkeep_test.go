package chat

import (
	"slices"
	"strings"
	"testing"

	"frontdesk/internal/booking"
	"frontdesk/internal/database"
	"frontdesk/internal/settings"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// lastWords is what the customer was told last.
func (s *house) lastWords() string {
	s.t.Helper()
	messages := s.transcript()
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Direction == models.Out {
			return messages[i].Content.Text
		}
	}
	return ""
}

// elsewhere is the diary as another process on the same database has it.
func (s *house) elsewhere() *booking.Diary {
	s.t.Helper()
	db, err := database.Open(s.ctx, s.DB.Pool.Config().ConnString(), database.Options{Now: s.Clock.Now})
	s.must(err)
	s.t.Cleanup(db.Close)
	return booking.New(db, s.Clock, queue.New(db), settings.New(db, s.Clock), s.Redis)
}

// a manager edits a price and the next quote uses it, in the middle of a conversation and whichever
// process the edit went through; hours that hold for some days only are the hours the chat speaks of on
// those days.
func TestTheNextQuoteUsesWhatWasEdited(t *testing.T) {
	s := openHouse(t, "2027-02-05 10:00")
	s.returning("Noor", "Haddad", models.English)
	upkeep := s.Diary.Upkeep()
	s.writes("How much is a haircut?")
	if got := s.lastWords(); !strings.Contains(got, "€26.20") {
		t.Fatalf("the first quote is %q", got)
	}
	menu, err := s.Diary.Menu(s.ctx)
	s.must(err)
	cut, _ := menu.Service("CUT")
	_, err = s.elsewhere().Upkeep().ChangeService(s.ctx, "staff:boss", cut.ID, cut.Version, booking.ServiceEdit{
		Category: cut.Category, Minutes: 45, PriceMinor: 2950, Names: cut.Names, Synonyms: cut.Synonyms,
	})
	s.must(err)
	s.writes("How much is a haircut?")
	if got := s.lastWords(); !strings.Contains(got, "€29.50") || !strings.Contains(got, "45 min") || strings.Contains(got, "26.20") {
		t.Errorf("the next quote is %q", got)
	}
	_, err = upkeep.AddSet(s.ctx, "staff:boss", booking.SetEdit{
		Names: models.Text{"en": "Ramadan", "es": "Ramadán", "ar": "رمضان"}, From: "2027-02-08", To: "2027-03-09",
		Hours: []models.OpeningHours{{Weekday: 1, Opens: "12:00", Closes: "23:00"}},
	}, false)
	s.must(err)
	s.writes("What are your opening hours?")
	if got := s.lastWords(); !strings.Contains(got, "10:00–20:00") {
		t.Errorf("before the set holds the hours are %q", got)
	}
	s.hand.Set(s.at("2027-02-08 13:00"))
	s.writes("What are your opening hours?")
	if got := s.lastWords(); !strings.Contains(got, "12:00–23:00") || strings.Contains(got, "10:00–20:00") {
		t.Errorf("while the set holds the hours are %q", got)
	}
}

// What a visit was booked with is named to its customer when it is offered no more: visits keep it.
func TestVisitsNameWhatIsRetired(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", models.English)
	s.staff([]string{"book", "omar", "2026-10-13", "10:00", "CUT"})
	s.pays(true)
	menu, err := s.Diary.Menu(s.ctx)
	s.must(err)
	cut, _ := menu.Service("CUT")
	_, err = s.Diary.Upkeep().RetireService(s.ctx, "staff:boss", cut.ID)
	s.must(err)
	before := len(s.transcript())
	s.staff([]string{"move", "dana", "2026-10-13", "17:00"})
	s.staff([]string{"cancel", "policy"})
	told := s.transcript()[before:]
	if len(told) != 2 {
		t.Fatalf("told %d messages, want of the move and of the end", len(told))
	}
	for _, m := range told {
		if !strings.Contains(m.Content.Text, cut.Names["en"]) || slices.Contains(m.Content.Template.Values, "") {
			t.Errorf("%s says %q, by template %q", m.Cause, m.Content.Text, m.Content.Template.Values)
		}
	}
}
