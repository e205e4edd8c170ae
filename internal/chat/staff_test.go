package chat

import (
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/content"
	"frontdesk/models"
)

const salma = "staff:11111111-1111-7111-8111-111111111111"

// staff lets the salon act on the customer's newest visit: "move omar 2026-10-13 17:00", "cancel full",
// "confirm", "let-go", "again", "no-show waive", "book dana 2026-10-13 17:00 CUT".
func (s *house) staff(words []string) {
	s.t.Helper()
	customer, _, err := s.Customers.ByPhone(s.ctx, phone)
	s.must(err)
	if words[0] == "book" {
		_, err = s.Till.Book(s.ctx, checkout.BookRequest{
			CustomerID: &customer.ID, StylistID: s.stylistID(words[1]), StartsAt: s.at(words[2] + " " + words[3]),
			ServiceIDs: []models.ID{s.serviceID(words[4])}, Actor: salma,
		})
		s.must(err)
		s.drain()
		return
	}
	visits, err := s.Diary.OfCustomer(s.ctx, customer.ID)
	s.must(err)
	visit := slices.MaxFunc(visits, func(a, b models.Appointment) int { return slices.Compare(a.ID[:], b.ID[:]) })
	act := booking.Act{ID: visit.ID, Version: visit.Version, Actor: salma, Reason: "asked for on the phone"}
	switch words[0] {
	case "move":
		_, err = s.Diary.Move(s.ctx, booking.MoveRequest{Act: act, StylistID: s.stylistID(words[1]), StartsAt: s.at(words[2] + " " + words[3])})
	case "cancel":
		_, err = s.Till.Cancel(s.ctx, checkout.CancelRequest{Act: act, Refund: checkout.RefundChoice(words[1])})
	case "confirm":
		_, err = s.Diary.ConfirmWithoutDeposit(s.ctx, act)
	case "let-go":
		_, err = s.Diary.LetGo(s.ctx, act)
	case "again":
		_, err = s.Till.HoldAgain(s.ctx, act)
	case "no-show":
		_, err = s.Till.NoShow(s.ctx, checkout.NoShowRequest{Act: act, Waive: words[1] == "waive"})
	default:
		s.t.Fatalf("transcript: staff cannot %q", words[0])
	}
	s.must(err)
	s.drain()
}

func (s *house) stylistID(code string) models.ID {
	s.t.Helper()
	menu, err := s.Diary.Menu(s.ctx)
	s.must(err)
	i := slices.IndexFunc(menu.Stylists, func(st models.Stylist) bool { return st.Code == code })
	if i < 0 {
		s.t.Fatalf("no stylist %q", code)
	}
	return menu.Stylists[i].ID
}

func (s *house) serviceID(code string) models.ID {
	s.t.Helper()
	menu, err := s.Diary.Menu(s.ctx)
	s.must(err)
	service, ok := menu.Service(code)
	if !ok {
		s.t.Fatalf("no service %q", code)
	}
	return service.ID
}

// Outside the 24-hour window each of them goes by a template, in the customer's language, filled whole; and
// while people have the conversation it goes all the same (product rule 5).
func TestWhatStaffDidIsToldByTemplateAndByReceipt(t *testing.T) {
	t.Parallel()
	for _, lang := range models.Languages() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := openHouse(t, "2026-10-06 10:00")
			s.returning("Maya", "Stone", lang)
			s.staff([]string{"book", "omar", "2026-10-13", "10:00", "CUT"})
			s.pays(true)
			s.staff([]string{"move", "dana", "2026-10-13", "17:00"})
			s.staff([]string{"cancel", "policy"})
			s.staff([]string{"book", "omar", "2026-10-14", "10:00", "CUT"})
			s.staff([]string{"move", "omar", "2026-10-14", "11:00"})
			s.staff([]string{"let-go"})
			s.staff([]string{"again"})
			s.staff([]string{"confirm"})
			s.pays(false)
			s.hand.Set(s.at("2026-10-14 11:30"))
			s.staff([]string{"no-show", "waive"})
			want := []string{
				content.PaymentLink, content.BookingConfirmed, content.VisitMoved, content.Cancelled, content.PaymentLink, content.HoldMoved,
				content.HoldReleased, content.PaymentLink, content.BookingConfirmed, content.DepositReceived, content.PaymentRefunded,
			}
			var got []string
			for _, m := range s.transcript() {
				got = append(got, m.Content.Template.Name)
				if m.Class != models.ClassReceipt || m.Content.Template.Language != lang || slices.Contains(m.Content.Template.Values, "") {
					t.Errorf("%s is a %s in %s: %q", m.Cause, m.Class, m.Content.Template.Language, m.Content.Template.Values)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("told by %v, want %v", got, want)
			}
		})
	}
}

// What went back before is not promised again.
func TestAWaivedDepositNamesWhatIsLeftOfIt(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", "en")
	s.staff([]string{"book", "omar", "2026-10-13", "10:00", "CUT"})
	s.pays(true) // 5.24
	var p models.Payment
	s.must(s.DB.On(s.ctx).Take(&p, "state = ?", models.PaymentPaid).Error)
	s.must(s.DB.On(s.ctx).Create(&models.Refund{
		ID: models.NewID(), PaymentID: p.ID, AmountMinor: 100, Currency: p.Currency, Method: models.RefundByCard, State: models.RefundSucceeded, Reason: "provider",
		CreatedAt: s.at("2026-10-06 10:00"), UpdatedAt: s.at("2026-10-06 10:00"),
	}).Error)
	s.hand.Set(s.at("2026-10-13 10:30"))
	s.staff([]string{"no-show", "waive"})
	all := s.transcript()
	last := all[len(all)-1].Content
	if values := strings.Join(last.Template.Values, " "); !strings.Contains(values, "4.24") || strings.Contains(values, "5.24") {
		t.Errorf("promises %q of 5.24, 1.00 of which went back before", values)
	}
}

// A visit that moved on before it was told is told where it is now, not where it has been.
func TestAMoveThatIsOverIsNotTold(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", "en")
	s.staff([]string{"book", "omar", "2026-10-13", "10:00", "CUT"})
	s.pays(true)
	before := len(s.replies())
	customer, _, err := s.Customers.ByPhone(s.ctx, phone)
	s.must(err)
	for _, wall := range []string{"2026-10-13 12:00", "2026-10-13 17:00"} {
		visits, err := s.Diary.OfCustomer(s.ctx, customer.ID)
		s.must(err)
		_, err = s.Diary.Move(s.ctx, booking.MoveRequest{
			Act: booking.Act{ID: visits[0].ID, Version: visits[0].Version, Actor: salma}, StylistID: visits[0].StylistID, StartsAt: s.at(wall),
		})
		s.must(err)
		s.hand.Advance(time.Second)
	}
	s.drain()
	if got := s.replies()[before:]; len(got) != 1 {
		t.Errorf("told %q, want the last move alone", got)
	}
}
