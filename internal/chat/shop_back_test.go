package chat

import (
	"regexp"
	"strings"
	"testing"

	"frontdesk/internal/checkout"
	"frontdesk/internal/shop"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// bought orders one bottle in a language, paid at the door, and has it delivered.
func (s *house) bought(lang string) models.Order {
	s.t.Helper()
	who := s.returning("Maya", "Stone", lang)
	s.stocked()
	s.writes(map[string]string{"en": "hello", "es": "hola, buenos días", "ar": "مرحبا، صباح الخير"}[lang])
	owner := shop.Owner{Customer: who.ID}
	_, err := s.Shop.Add(s.ctx, owner, shop.Add{SKU: "SHA-KER-250", Qty: 1})
	s.must(err)
	o, err := s.Till.PlaceOrder(s.ctx, checkout.OrderRequest{
		Owner: owner, Method: models.MethodCOD, Language: lang, Channel: checkout.ChannelWeb, Address: &checkout.AddressInput{Line1: "Gran Via 1", City: "Madrid", Country: "ES"},
	})
	s.must(err)
	_, err = s.Till.ConfirmOrder(s.ctx, "customer", o.ID)
	s.must(err)
	s.sold("ship")
	s.sold("deliver")
	s.heard()
	return s.orders()[0]
}

// R-1109: whoever asks how their order stands reads what went back of its money, however it goes, in their language: out, on its way,
// promised, and what failed and is owed. What nobody has agreed to yet is not promised to them.
func TestWhoeverAsksReadsWhatWentBack(t *testing.T) {
	for lang, tt := range map[string]struct {
		ask   string
		words [5]string
	}{
		"en": {"where is my order?", [5]string{"1.11 has gone back to your card", "given you back €2.22", "3.33 is on its way back to your card", "will give you back €4.44", "5.55 could not be sent back"}},
		"es": {"¿dónde está mi pedido?", [5]string{"Hemos devuelto 1.11", "Te hemos devuelto 2.22", "Estamos devolviendo 3.33", "Te devolveremos 4.44", "devolverte 5.55"}},
		"ar": {"أين طلبي؟", [5]string{"أعدنا إلى بطاقتك مبلغ 1.11", "أعدنا إليك مبلغ 2.22", "مبلغ 3.33 € في طريقه إلى بطاقتك", "سنعيد إليك مبلغ 4.44", "لم نتمكن بعد من إعادة مبلغ 5.55"}},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := openHouse(t, "2026-10-06 10:00")
			o := s.bought(lang)
			s.writes(tt.ask)
			if got := s.heard(); strings.Contains(got, tt.words[1]) || !strings.Contains(got, "LU-0000") {
				t.Fatalf("before anything went back:\n%s", got)
			}
			s.goesBack(o)
			s.writes(tt.ask)
			got := s.heard()
			for _, words := range tt.words {
				if !strings.Contains(got, words) {
					t.Errorf("%q is not said:\n%s", words, got)
				}
			}
			if regexp.MustCompile(`[67][.,٫](66|77)`).MatchString(got) {
				t.Errorf("what nobody has agreed to, or was taken back, is told:\n%s", got)
			}
		})
	}
}

// goesBack plants refunds of an order's money, of cash and of a payment, in every state.
func (s *house) goesBack(o models.Order) {
	s.t.Helper()
	p := models.NewID()
	s.must(s.DB.On(s.ctx).Exec(`INSERT INTO payments (id, order_id, amount_minor, currency, state, session_id, received_minor, received_in, expires_at, created_at, updated_at, paid_at)
		VALUES (?, ?, 9000, 'EUR', 'paid', 'cs_back', 9000, 'EUR', now(), now(), now(), now())`, p, o.ID).Error)
	for _, r := range []models.Refund{
		{AmountMinor: 111, State: models.RefundSucceeded, Method: models.RefundByCard, Reason: string(models.ReasonGoodwill)},
		{AmountMinor: 222, State: models.RefundSucceeded, Method: models.RefundByCash, Reason: string(models.ReasonDamaged), Proof: "slip", OrderID: &o.ID},
		{AmountMinor: 333, State: models.RefundPending, Method: models.RefundByCard, Reason: string(models.ReasonPrice)},
		{AmountMinor: 444, State: models.RefundPending, Method: models.RefundByTransfer, Reason: string(models.ReasonPrice), OrderID: &o.ID},
		{AmountMinor: 555, State: models.RefundFailed, Method: models.RefundByCard, Reason: checkout.RefundOfCancellation},
		{AmountMinor: 666, State: models.RefundAsked, Method: models.RefundByCard, Reason: string(models.ReasonGoodwill), SecondPerson: true},
		{AmountMinor: 777, State: models.RefundCanceled, Method: models.RefundByCard, Reason: string(models.ReasonGoodwill)},
	} {
		r.ID, r.Currency, r.AskedBy, r.CreatedAt, r.UpdatedAt = models.NewID(), "EUR", "staff:x", s.Clock.Now(), s.Clock.Now()
		q := s.DB.On(s.ctx)
		if r.PaymentID = p; r.OrderID != nil {
			q = q.Omit("payment_id")
		}
		if r.State == models.RefundAsked {
			until := s.Clock.Now()
			r.ExpiresAt = &until
		}
		s.must(q.Create(&r).Error)
	}
}

// A cancellation tells what goes back by it, and not what staff had given back before.
func TestACancellationTellsItsOwnMoney(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	o := s.bought("en")
	s.goesBack(o)
	s.must(s.DB.On(s.ctx).Exec("UPDATE orders SET status = 'canceled', closed_at = now(), delivered_at = NULL WHERE id = ?", o.ID).Error)
	s.heard()
	s.must(s.Tell(s.ctx, queue.Tell{ConversationID: s.conversation().ID, Event: TellOrderCanceled, Ref: o.ID}))
	if got := s.heard(); !strings.Contains(got, "€5.55") || strings.Contains(got, "1.11") {
		t.Errorf("told of the cancellation:\n%s", got)
	}
}
