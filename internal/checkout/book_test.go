package checkout_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

func (s *salon) bookRequest() checkout.BookRequest {
	return checkout.BookRequest{
		Name: " Rania ", Surname: "Saleh", Phone: "+44 7700 900177", Language: models.Arabic, StylistID: s.stylist("dana"),
		PackID: &s.menu.Packs[0].ID, StartsAt: friday, Actor: salma, Reason: "called us",
	}
}

// Somebody new gets a customer, a conversation and a link; the same phone is the same person.
func TestStaffBookForACustomer(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	visit, err := s.till.Book(ctx, s.bookRequest())
	s.must(err)
	s.wantVisit(visit.ID, models.Provisional, models.DepositPending)
	var customer models.Customer
	s.must(s.db.On(ctx).Take(&customer, "id = ?", visit.CustomerID).Error)
	if customer.Name != "Rania" || customer.Surname != "Saleh" || customer.Language != models.Arabic || *customer.Phone != "+447700900177" {
		t.Errorf("got customer %+v", customer)
	}
	var conv models.Conversation
	s.must(s.db.On(ctx).Take(&conv, "id = ?", *visit.ConversationID).Error)
	if conv.Language != models.Arabic || conv.LastInboundAt != nil {
		t.Errorf("got conversation %+v", conv)
	}
	if n := s.count(queue.PaymentSession{}.Kind()); n != 1 {
		t.Errorf("%d links asked for, want 1", n)
	}

	again := s.bookRequest()
	again.Name, again.StartsAt = "Somebody Else", friday.Add(2*time.Hour)
	second, err := s.till.Book(ctx, again)
	s.must(err)
	if second.CustomerID != visit.CustomerID || *second.ConversationID != *visit.ConversationID {
		t.Error("one phone became two people")
	}
	s.wantVisit(visit.ID, models.Released, models.DepositNone) // one hold of a conversation at a time

	known := s.bookRequest()
	known.CustomerID, known.Phone, known.Name, known.WithoutDeposit, known.StartsAt = &visit.CustomerID, "", "", true, friday.Add(4*time.Hour)
	third, err := s.till.Book(ctx, known)
	s.must(err)
	s.wantVisit(third.ID, models.Confirmed, models.DepositNone)
}

func TestStaffBookingIsRefused(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	nobody := models.Customer{ID: models.NewID(), Name: "Samira", Language: models.English, CreatedAt: s.clock.Now(), UpdatedAt: s.clock.Now()}
	s.must(s.db.On(ctx).Create(&nobody).Error)
	omar := s.stylist("omar")
	for _, c := range []struct {
		want  string
		spoil func(*checkout.BookRequest)
	}{
		{"customers.phone", func(r *checkout.BookRequest) { r.Phone = "12" }},
		{"booking.who", func(r *checkout.BookRequest) { r.Name = "  " }},
		{"booking.who", func(r *checkout.BookRequest) { r.Surname = strings.Repeat("x", 61) }},
		{"booking.no_conversation", func(r *checkout.BookRequest) { r.CustomerID = &nobody.ID }},
		{"booking.not_yours", func(r *checkout.BookRequest) { r.Own = &omar }},
		{"booking.reason", func(r *checkout.BookRequest) { r.WithoutDeposit, r.Reason = true, "" }},
		{"booking.past", func(r *checkout.BookRequest) { r.StartsAt = opening.Add(-time.Hour) }},
	} {
		r := s.bookRequest()
		c.spoil(&r)
		if _, err := s.till.Book(ctx, r); !fault.Is(err, c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	var left int64
	s.must(s.db.On(ctx).Model(&models.Customer{}).Where("phone = '+447700900177'").Count(&left).Error)
	if left != 0 {
		t.Error("a refused booking left a customer behind")
	}
}

// S12: who has no phone is told through whoever brought them.
func TestStaffBookForAThirdParty(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	karim := s.guest()
	mother := models.Customer{ID: models.NewID(), Name: "Samira", Language: models.English, ReferredByID: &karim.customer.ID, CreatedAt: s.clock.Now(), UpdatedAt: s.clock.Now()}
	s.must(s.db.On(ctx).Create(&mother).Error)
	r := s.bookRequest()
	r.CustomerID = &mother.ID
	visit, err := s.till.Book(ctx, r)
	s.must(err)
	if visit.CustomerID != mother.ID || visit.BookedByID != karim.customer.ID || *visit.ConversationID != karim.conversation.ID {
		t.Errorf("got %+v", visit)
	}
}

// The desk books for a phone in the moment its chat gives a name: one waits for the other, and both are
// served.
func TestBookingBesideTheirChat(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	c, _ := clock.Fixed(opening)
	registry := customers.New(s.db, c)
	contact, err := registry.Contact(ctx, models.ChannelWhatsApp, s.bookRequest().Phone, "Rania")
	s.must(err)
	talk := thread.New(s.db, c, s.queue, testkit.Redis(t))
	conv, err := talk.Of(ctx, contact, models.Arabic)
	s.must(err)

	booked := make(chan error, 1)
	s.must(s.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := talk.Lock(ctx, conv.ID); err != nil {
			return err
		}
		go func() { _, err := s.till.Book(context.Background(), s.bookRequest()); booked <- err }()
		testkit.Eventually(t, time.Minute, "the booking waits for the chat", func() bool {
			var waits int
			s.must(s.db.On(context.Background()).Raw(`SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waits).Error)
			return waits > 0
		})
		_, err := registry.Register(ctx, contact, "Rania", "", models.Arabic)
		return err
	}))
	s.must(<-booked)
	var people int64
	s.must(s.db.On(ctx).Model(&models.Customer{}).Where("phone = ?", contact.Address).Count(&people).Error)
	if people != 1 {
		t.Errorf("%d people of one phone", people)
	}
}
