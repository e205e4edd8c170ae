package checkout_test

import (
	"context"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

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
