package checkout_test

import (
	"context"
	"fmt"
	"testing"

	"frontdesk/internal/checkout"
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
