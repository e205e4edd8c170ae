package checkout_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"frontdesk/internal/checkout"
	"frontdesk/internal/shop"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// step takes a return on.
func (s *salon) step(r models.Return, to models.ReturnStatus, note string) models.Return {
	s.t.Helper()
	got, err := s.till.MoveReturn(context.Background(), checkout.ReturnMove{Actor: clerk, ID: r.ID, Version: r.Version, To: to, Note: note})
	s.must(err)
	return got
}

// walk takes a requested return to its end: in cash, all that its lines cost.
func (s *salon) walk(r models.Return) models.Return {
	s.t.Helper()
	goods := int64(0)
	for _, i := range r.Items {
		goods += i.TotalMinor
	}
	r = s.step(s.step(r, models.ReturnApproved, ""), models.ReturnReceived, "")
	r, err := s.till.RefundReturn(context.Background(), checkout.ReturnRefund{
		Actor: cashier, ID: r.ID, Version: r.Version, AmountMinor: goods, Method: models.RefundByCash, Proof: "receipt 17",
	})
	s.must(err)
	return r
}

func TestTheStepsOfAReturn(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	oil := s.product("OIL", 2490, 10)
	order := s.delivered(s.regular(), oil)
	s.wantStock(oil, 8, 0)
	r := s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID, Items: []checkout.ReturnLine{line(order, oil, 1)}})
	for _, to := range []models.ReturnStatus{models.ReturnInTransit, models.ReturnReceived, models.ReturnRefunded, models.ReturnRequested} {
		_, err := s.till.MoveReturn(ctx, checkout.ReturnMove{Actor: clerk, ID: r.ID, Version: r.Version, To: to})
		wantFault(t, err, "return.wrong_step")
	}
	_, err := s.till.MoveReturn(ctx, checkout.ReturnMove{Actor: clerk, ID: r.ID, Version: r.Version, To: models.ReturnRejected})
	wantFault(t, err, "return.refused")
	old := r
	r = s.step(r, models.ReturnApproved, "")
	_, err = s.till.MoveReturn(ctx, checkout.ReturnMove{Actor: clerk, ID: old.ID, Version: old.Version, To: models.ReturnApproved})
	wantFault(t, err, "return.changed")
	r = s.step(r, models.ReturnInTransit, "Correos")
	r, err = s.till.MoveReturn(ctx, checkout.ReturnMove{Actor: clerk, ID: r.ID, Version: r.Version, To: models.ReturnReceived, Restock: true})
	s.must(err)
	s.wantStock(oil, 9, 0)
	for _, tt := range []struct {
		ask  checkout.ReturnRefund
		want string
	}{
		{checkout.ReturnRefund{AmountMinor: 0, Method: models.RefundByCash, Proof: "1"}, "return.refused"},
		{checkout.ReturnRefund{AmountMinor: order.TotalMinor + 1, Method: models.RefundByCash, Proof: "1"}, "return.refused"},
		{checkout.ReturnRefund{AmountMinor: 2490, Method: models.RefundByCash}, "return.refused"},
		{checkout.ReturnRefund{AmountMinor: 2490, Method: models.RefundByCard, Proof: "1"}, "return.refused"},
		{checkout.ReturnRefund{AmountMinor: 2490, Method: models.RefundNothing}, "return.refused"},
	} {
		tt.ask.Actor, tt.ask.ID, tt.ask.Version = clerk, r.ID, r.Version
		_, err := s.till.RefundReturn(ctx, tt.ask)
		wantFault(t, err, tt.want)
	}
	r, err = s.till.RefundReturn(ctx, checkout.ReturnRefund{Actor: clerk, Role: models.RoleFinance, ID: r.ID, Version: r.Version, AmountMinor: 2490, Method: models.RefundByTransfer, Proof: "T-4711"})
	s.must(err)
	if r.Status != models.ReturnRefunded || r.RefundMinor != 2490 || r.RefundProof != "T-4711" || r.ClosedAt == nil || !r.Restocked {
		t.Errorf("ended as %+v", r)
	}
	s.wantTells("order.confirmed", "return.requested", "return.approved", "return.in_transit", "return.received", "return.refunded")
	events, err := s.till.ReturnEvents(ctx, r.ID)
	s.must(err)
	var steps []models.ReturnStatus
	for _, e := range events {
		steps = append(steps, e.To)
	}
	want := []models.ReturnStatus{models.ReturnRequested, models.ReturnApproved, models.ReturnInTransit, models.ReturnReceived, models.ReturnRefunded}
	if !slices.Equal(steps, want) || events[2].Note != "Correos" || events[2].Actor != clerk {
		t.Errorf("history %v: %+v", steps, events)
	}
	var got []string
	s.must(s.db.On(ctx).Raw("SELECT action FROM audit_log WHERE subject_kind = 'return' AND subject_id = ? ORDER BY id", r.ID.String()).Scan(&got).Error)
	if !slices.Equal(got, []string{"return.opened", "return.approved", "return.in_transit", "return.received", "return.refunded"}) {
		t.Errorf("the log says %v", got)
	}
	counts, err := s.till.CountReturns(ctx)
	s.must(err)
	if counts["refunded"] != 1 || counts["requested"] != 0 || len(counts) != 6 {
		t.Errorf("counted %v", counts)
	}
}

// What comes back is never more than the order had, and a return is restocked once.
func TestTwoStepsAtOnceAreOne(t *testing.T) {
	s := takesBack(t)
	oil := s.product("OIL", 2490, 10)
	order := s.delivered(s.regular(), oil)
	r := s.step(s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID}), models.ReturnApproved, "")
	done := make(chan error, 4)
	for range cap(done) {
		go func() {
			_, err := s.till.MoveReturn(context.Background(), checkout.ReturnMove{Actor: clerk, ID: r.ID, Version: r.Version, To: models.ReturnReceived, Restock: true})
			done <- err
		}()
	}
	ok := 0
	for range cap(done) {
		if err := <-done; err == nil {
			ok++
		} else {
			wantFault(t, err, "return.changed")
		}
	}
	if ok != 1 {
		t.Errorf("%d of the same step were done", ok)
	}
	s.wantStock(oil, 10, 0)
}

// paidByCard makes an order one that was paid by card and delivered.
func (s *salon) paidByCard(o models.Order) models.Payment {
	s.t.Helper()
	now, intent := s.clock.Now(), "pi_"+o.ID.String()
	s.must(s.db.On(context.Background()).Exec("UPDATE orders SET method = 'stripe', paid_at = ? WHERE id = ?", now, o.ID).Error)
	p := models.Payment{
		ID: models.NewID(), OrderID: &o.ID, AmountMinor: o.TotalMinor, Currency: o.Currency, State: models.PaymentPaid, PaymentIntent: &intent,
		ReceivedMinor: o.TotalMinor, ReceivedIn: o.Currency, Language: "es", ExpiresAt: now, CreatedAt: now, UpdatedAt: now, PaidAt: &now,
	}
	s.must(s.db.On(context.Background()).Omit("AppointmentID", "GroupID").Create(&p).Error)
	return p
}

func TestMoneyOfAReturnGoesBackToTheCard(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	oil := s.product("OIL", 2490, 10)
	order := s.delivered(s.regular(), oil) // 49.80 and 20.00 for sending
	p := s.paidByCard(order)
	received := func(qty int) models.Return {
		r := s.sendBack(checkout.ReturnRequest{Staff: clerk, Order: order.ID, Items: []checkout.ReturnLine{line(order, oil, qty)}})
		return s.step(s.step(r, models.ReturnApproved, ""), models.ReturnReceived, "")
	}
	first := received(1)
	terms, err := s.till.RefundTerms(ctx, first.ID)
	s.must(err)
	if !terms.Card || terms.Goods != 2490 || terms.Most != 6980 {
		t.Errorf("terms %+v", terms)
	}
	_, err = s.till.RefundReturn(ctx, checkout.ReturnRefund{Actor: clerk, Role: models.RoleFinance, ID: first.ID, Version: first.Version, AmountMinor: 6981})
	wantFault(t, err, "return.refused")
	first, err = s.till.RefundReturn(ctx, checkout.ReturnRefund{Actor: clerk, Role: models.RoleFinance, ID: first.ID, Version: first.Version, AmountMinor: 2490})
	s.must(err)
	s.wantPayment(p.ID, models.PaymentPaid)
	second := received(1)
	if terms, err = s.till.RefundTerms(ctx, second.ID); err != nil || terms.Most != 4490 {
		t.Errorf("terms %+v (%v)", terms, err)
	}
	second, err = s.till.RefundReturn(ctx, checkout.ReturnRefund{Actor: cashier, Role: models.RoleFinance, ID: second.ID, Version: second.Version, AmountMinor: 4490})
	s.must(err)
	s.wantPayment(p.ID, models.PaymentRefundPending)
	rows := s.refunds(p.ID)
	if len(rows) != 2 || *first.RefundID != rows[0].ID || *second.RefundID != rows[1].ID || rows[0].AmountMinor != 2490 || rows[1].AmountMinor != 4490 {
		t.Errorf("refunds %+v", rows)
	}
	if n := s.count(queue.RefundSend{}.Kind()); n != 2 {
		t.Errorf("%d refunds are to be sent", n)
	}
}

func TestPhotosOfAReturn(t *testing.T) {
	s := takesBack(t)
	ctx := context.Background()
	oil := s.product("OIL", 2490, 20)
	g := s.guest()
	me := shop.Owner{Customer: g.customer.ID}
	image := func(kind, media string) models.Message {
		id := "wamid." + models.NewID().String()
		m := models.Message{
			ID: models.NewID(), ConversationID: g.conversation.ID, Direction: models.In, Class: models.ClassInbound, Status: models.Received, ProviderID: &id, CreatedAt: s.clock.Now(),
			Content: models.Content{Kind: models.KindMedia, MediaType: kind, MediaID: media}, Language: "es",
		}
		s.must(s.db.On(ctx).Create(&m).Error)
		return m
	}
	_, err := s.till.KeepPhoto(ctx, me.Customer, image("image", "M0"))
	wantFault(t, err, "return.no_open")
	order := s.delivered(me, oil)
	r := s.sendBack(checkout.ReturnRequest{Owner: me, Order: order.ID})
	_, err = s.till.KeepPhoto(ctx, me.Customer, image("audio", "M1"))
	wantFault(t, err, "return.not_a_picture")
	_, err = s.till.KeepPhoto(ctx, s.guest().customer.ID, image("image", "M1"))
	wantFault(t, err, "return.no_open")
	one := image("image", "M1")
	for range 2 {
		got, err := s.till.KeepPhoto(ctx, me.Customer, one)
		s.must(err)
		if len(got.Photos) != 1 || got.ID != r.ID {
			t.Errorf("kept %+v", got.Photos)
		}
	}
	for range checkout.MaxPhotos - 1 {
		_, err := s.till.KeepPhoto(ctx, me.Customer, image("image", "M2"))
		s.must(err)
	}
	_, err = s.till.KeepPhoto(ctx, me.Customer, image("image", "M3"))
	wantFault(t, err, "return.photos_full")
	r, err = s.till.Return(ctx, r.ID)
	s.must(err)
	png := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 64)...)
	s.must(s.till.FillPhoto(ctx, r.Photos[0].ID, png))
	s.must(s.till.FillPhoto(ctx, r.Photos[0].ID, []byte("something else")))
	s.must(s.till.FillPhoto(ctx, r.Photos[1].ID, []byte("<html><script>")))
	s.must(s.till.FillPhoto(ctx, r.Photos[2].ID, append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, checkout.MaxPicture)...)))
	s.must(s.till.LosePhoto(ctx, r.Photos[3].ID))
	r, err = s.till.Return(ctx, r.ID)
	s.must(err)
	var states []models.PhotoState
	for _, p := range r.Photos {
		states = append(states, p.State)
	}
	if !slices.Equal(states, []models.PhotoState{models.PhotoKept, models.PhotoRefused, models.PhotoRefused, models.PhotoGone, models.PhotoWaiting}) {
		t.Errorf("photos are %v", states)
	}
	kind, data, err := s.till.Picture(ctx, r.ID, r.Photos[0].ID)
	s.must(err)
	if kind != "image/png" || !bytes.Equal(data, png) {
		t.Errorf("shows %d bytes of %s", len(data), kind)
	}
	_, _, err = s.till.Picture(ctx, models.NewID(), r.Photos[0].ID)
	wantFault(t, err, "return.not_found")
	if n := s.count(queue.ReturnPhoto{}.Kind()); n != checkout.MaxPhotos {
		t.Errorf("%d pictures are to be fetched", n)
	}
}
