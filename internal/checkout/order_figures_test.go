package checkout_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/shop"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// an order is begun once and bought once, however often either is asked for, with what it costs and whose visit it is;
// one that comes to nothing is not bought.
func TestAnOrderCountsAsBegunAndAsBoughtOnce(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil := s.product("OIL", 2490, 50)
	guest, talker := s.visitor(), s.regular()
	s.add(guest, oil, 1)
	s.add(talker, oil, 2)
	byWeb := ask(guest, models.MethodStripe)
	s.place(byWeb)
	byWeb.Method = models.MethodCOD
	first := s.place(byWeb) // the same order, paid in another way
	byChat := ask(talker, models.MethodCOD)
	byChat.Channel, byChat.Language = checkout.ChannelWhatsApp, "ar"
	second := s.place(byChat)
	for range 2 {
		for _, o := range []models.Order{first, second} {
			_, err := s.till.ConfirmOrder(ctx, "customer", o.ID)
			s.must(err)
		}
	}
	s.orderIn(models.OrderCanceled, oil)
	s.orderIn(models.OrderPaid, oil)

	var acts []struct {
		Kind, Channel, Language, Currency string
		AmountMinor                       int64
		Visits, N                         int
	}
	s.must(s.db.On(ctx).Raw(`SELECT kind, channel, language, currency, amount_minor, count(DISTINCT visit) AS visits, count(*) AS n FROM funnel_events
		GROUP BY 1, 2, 3, 4, 5 ORDER BY 2, 3, 1 DESC`).Scan(&acts).Error)
	want := "[{start_checkout web es EUR 4490 3 3} {pay web es EUR 4490 2 2} {start_checkout whatsapp ar EUR 6980 1 1} {pay whatsapp ar EUR 6980 1 1}]"
	if fmt.Sprint(acts) != want {
		t.Errorf("got  %v\nwant %s", acts, want)
	}
}

// What is paid, ordered or confirmed first on a day needs one connection, and counts as its owner's.
func TestTheFirstOrderOfADayNeedsOneConnection(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	oil := s.product("OIL", 2000, 50)
	guest, talker := s.visitor(), s.regular()
	s.add(guest, oil, 1)
	s.add(talker, oil, 1)
	s.hand.Set(opening.Truncate(24 * time.Hour).Add(21*time.Hour + 30*time.Minute)) // half an hour before midnight in Madrid
	_, p := s.toPay(s.visitor(), oil)
	event := s.store(paid("evt_1", p))
	testkit.OneConnection(t, s.db)
	var last models.Order
	order := func(o shop.Owner) func() error {
		return func() (err error) {
			last, err = s.till.PlaceOrder(ctx, ask(o, models.MethodCOD))
			return err
		}
	}
	for _, step := range []struct {
		name  string
		after time.Duration
		do    func() error
	}{
		{"paid", 40 * time.Minute, func() error { return s.till.Apply(ctx, event) }},
		{"ordered by a customer", 24 * time.Hour, order(talker)},
		{"ordered by a guest", 24 * time.Hour, order(guest)},
		{"confirmed", 24 * time.Hour, func() error { _, err := s.till.ConfirmOrder(ctx, "customer", last.ID); return err }},
	} {
		s.hand.Advance(step.after)
		s.must(s.db.On(ctx).Exec("DELETE FROM funnel_events").Error)
		s.must(step.do())
		var visits int
		s.must(s.db.On(ctx).Raw("SELECT count(visit) FROM funnel_events").Scan(&visits).Error)
		if visits != 1 {
			t.Errorf("%s: %d visits", step.name, visits)
		}
	}
}
