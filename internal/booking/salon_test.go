package booking

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// salon is the demo salon on a database and a clock of its own.
type salon struct {
	*Diary
	t    testing.TB
	ctx  context.Context // of every call; carries the transaction of a sub-test
	db   *database.DB
	hand *clock.Hand
	menu Menu
	zone *time.Location
}

// openSalon seeds the demo salon and stops the clock at a wall time of Madrid, "2026-10-06 10:00".
func openSalon(t testing.TB, now string) *salon {
	t.Helper()
	s := &salon{t: t, ctx: context.Background(), zone: location(t, "Europe/Madrid")}
	c, hand := clock.Fixed(s.at(now))
	s.hand, s.db = hand, testkit.DB(t, c)
	s.must(Seed(s.ctx, s.db, c))
	s.Diary = New(s.db, c, queue.New(s.db), settings.New(s.db, c), testkit.Redis(t))
	menu, err := s.Menu(s.ctx)
	s.must(err)
	s.menu = menu
	return s
}

// sub runs a sub-test on the same database in a transaction that is rolled back, its clock stopped at
// a wall time.
func (s *salon) sub(name, now string, test func(*testing.T, *salon)) {
	s.t.Helper()
	t, ok := s.t.(*testing.T)
	if !ok {
		s.t.Fatal("sub-tests need a test")
	}
	t.Run(name, func(t *testing.T) {
		undo := errors.New("undo")
		err := s.db.InTx(s.ctx, func(ctx context.Context) error {
			inner := *s
			inner.t, inner.ctx = t, ctx
			inner.moveTo(now)
			test(t, &inner)
			return undo
		})
		if !errors.Is(err, undo) {
			t.Error(err)
		}
	})
}

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func (s *salon) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// at reads a wall time of the salon.
func (s *salon) at(wall string) time.Time {
	s.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", wall, s.zone)
	s.must(err)
	return at
}

func (s *salon) day(day string) time.Time { return s.at(day + " 00:00") }

func (s *salon) moveTo(wall string) { s.hand.Set(s.at(wall)) }

// liveHold is the conversation's hold that still has time; nil when there is none.
func (s *salon) liveHold(conversation models.ID) (*models.Appointment, error) {
	_, hold, err := s.Standing(s.ctx, models.NewID(), conversation, s.clock.Now())
	return hold, err
}

func (s *salon) stylist(code string) models.ID {
	s.t.Helper()
	for _, row := range s.menu.Stylists {
		if row.Code == code {
			return row.ID
		}
	}
	s.t.Fatalf("no stylist %q", code)
	return models.ID{}
}

func (s *salon) name(id models.ID) string {
	row, _ := s.menu.Stylist(id)
	return row.Names.In(models.English)
}

func (s *salon) service(code string) models.Service {
	s.t.Helper()
	row, ok := s.menu.Service(code)
	if !ok {
		s.t.Fatalf("no service %q", code)
	}
	return row
}

func (s *salon) services(codes ...string) []models.Service {
	rows := make([]models.Service, len(codes))
	for i, code := range codes {
		rows[i] = s.service(code)
	}
	return rows
}

func (s *salon) ids(codes ...string) []models.ID {
	ids := make([]models.ID, len(codes))
	for i, code := range codes {
		ids[i] = s.service(code).ID
	}
	return ids
}

// free leaves every stylist only the given windows of a day ("10:30-11:30"); who is not named is off.
func (s *salon) free(day string, windows map[string][]string) {
	s.t.Helper()
	for _, stylist := range s.menu.Stylists {
		cursor := s.day(day)
		for _, w := range windows[stylist.Code] {
			s.block(&stylist.ID, cursor, s.at(day+" "+w[:5]), models.BlockBusy)
			cursor = s.at(day + " " + w[6:])
		}
		s.block(&stylist.ID, cursor, s.day(day).AddDate(0, 0, 1), models.BlockBusy)
	}
}

func (s *salon) block(stylist *models.ID, from, to time.Time, kind models.BlockKind) {
	s.t.Helper()
	row := models.TimeBlock{
		ID: models.NewID(), StylistID: stylist, StartsAt: from, EndsAt: to, Kind: kind,
		Reason: text("staff training", "formación", "تدريب"), CreatedAt: from,
	}
	s.must(s.db.On(s.ctx).Create(&row).Error)
}

func (s *salon) policy(key string, value any) {
	s.t.Helper()
	s.must(s.settings.Set(s.ctx, key, value, "staff:test"))
}

// person is a customer with a conversation of their own.
type person struct{ customer, conversation models.ID }

func (s *salon) person() person {
	s.t.Helper()
	now := s.clock.Now()
	c := models.Customer{ID: models.NewID(), Name: "Noor", Language: models.English, CreatedAt: now, UpdatedAt: now}
	contact := models.Contact{
		ID: models.NewID(), Channel: models.ChannelWhatsApp, Address: c.ID.String(), CustomerID: &c.ID, CreatedAt: now, UpdatedAt: now,
	}
	talk := models.Conversation{
		ID: models.NewID(), ContactID: contact.ID, Language: models.English, State: json.RawMessage("{}"), CreatedAt: now, UpdatedAt: now,
	}
	for _, row := range []any{&c, &contact, &talk} {
		s.must(s.db.On(s.ctx).Create(row).Error)
	}
	return person{c.ID, talk.ID}
}

func (s *salon) request(p person, stylist, wall string, services ...string) HoldRequest {
	return HoldRequest{
		ConversationID: &p.conversation, CustomerID: p.customer, BookedByID: p.customer,
		StylistID: s.stylist(stylist), ServiceIDs: s.ids(services...), StartsAt: s.at(wall), Actor: "customer",
	}
}

// held makes a hold that the test needs to exist.
func (s *salon) held(p person, stylist, wall string, services ...string) models.Appointment {
	s.t.Helper()
	a, err := s.Hold(s.ctx, s.request(p, stylist, wall, services...))
	s.must(err)
	return a
}

func (s *salon) status(id models.ID) models.AppointmentStatus {
	s.t.Helper()
	a, err := s.Appointment(s.ctx, id)
	s.must(err)
	return a.Status
}

// told lists the events that the conversation of an appointment is to hear about it.
func (s *salon) told(id models.ID) []string {
	s.t.Helper()
	return s.jobs(queue.Tell{}.Kind(), "ref", id)
}

// notices lists the events that the stylist of an appointment is to hear about.
func (s *salon) notices(id models.ID) []string {
	s.t.Helper()
	return s.jobs(queue.StylistNotice{}.Kind(), "appointment_id", id)
}

// voids counts the orders to close an appointment's payment links.
func (s *salon) voids(id models.ID) int {
	s.t.Helper()
	return len(s.jobs(queue.PaymentVoid{}.Kind(), "appointment_id", id))
}

// jobs lists the events of the jobs of a kind that name an id, in the order they were enqueued.
func (s *salon) jobs(kind, field string, id models.ID) []string {
	s.t.Helper()
	var events []string
	s.must(s.db.On(s.ctx).Raw("SELECT coalesce(args->>'event', '') FROM river_job WHERE kind = ? AND args->>? = ? ORDER BY id",
		kind, field, id.String()).Scan(&events).Error)
	return events
}

// history lists an appointment's events as "from>to reason".
func (s *salon) history(id models.ID) []string {
	s.t.Helper()
	events, err := s.Events(s.ctx, id)
	s.must(err)
	lines := make([]string, len(events))
	for i, e := range events {
		lines[i] = string(e.FromStatus) + ">" + string(e.ToStatus) + " " + e.Reason
	}
	return lines
}

func wantFault(t testing.TB, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Errorf("got error %v, want fault %s", err, key)
	}
}
