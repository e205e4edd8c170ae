package handlers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// delivered is an order of the client's that has arrived.
func (b *client) delivered(s *app) models.Order {
	b.t.Helper()
	got := b.ordered()
	b.does(200, "POST", "/checkout/confirm", fmt.Sprintf(`{"orderId":%q}`, got["orderId"]))
	o, err := s.Till.OrderByNumber(context.Background(), got["number"].(string))
	if err == nil {
		err = s.DB.On(context.Background()).Exec("UPDATE orders SET status = 'delivered', delivered_at = ? WHERE id = ?", s.Clock.Now(), o.ID).Error
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return o
}

// returnThings are an order that has arrived, and one of which something is on its way back with a picture.
func (s *salon) returnThings(goods *stocked) map[string][]string {
	s.t.Helper()
	ctx := context.Background()
	o, back := goods.client().delivered(s.app), goods.client().delivered(s.app)
	s.sentBack = back.ID
	r, err := s.Till.OpenReturn(ctx, checkout.ReturnRequest{Staff: "machine", Order: back.ID, Reason: "damaged", Notes: "The pump was broken"})
	s.must(err)
	var message models.Message
	s.must(s.DB.On(ctx).Order("seq").Take(&message).Error)
	photo := models.ReturnPhoto{ID: models.NewID(), ReturnID: r.ID, MessageID: message.ID, MediaID: "M1", State: models.PhotoWaiting, CreatedAt: testNow}
	s.must(s.DB.On(ctx).Create(&photo).Error)
	s.must(s.Till.FillPhoto(ctx, photo.ID, append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 64)...)))
	refund, err := s.Till.AskRefund(ctx, checkout.RefundAsk{
		RefundSubject: checkout.RefundSubject{Order: &o.ID}, Actor: "machine", Role: models.RoleMachine, AmountMinor: 100, Reason: models.ReasonDamaged,
	})
	s.must(err)
	return map[string][]string{
		"/console/refunds/": {refund.ID.String()},
		"/console/orders/":  {o.ID.String()}, "/console/returns/": {r.ID.String()}, "/returns/": {r.ID.String()}, "/api/returns/": {r.ID.String()},
		"/console/returns/:id/photos/:photo": {returnURL(r.ID, "photos/"+photo.ID.String())},
	}
}

// Rows 26 to 28: what is one's own goes back once at a time, with its codes; to strangers it does not exist.
func TestReturnsForPrograms(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b := s.client()
	o := b.delivered(s.app)
	body := fmt.Sprintf(`{"orderId":%q,"reason":"damaged","items":[{"orderItemId":%q,"qty":1}]}`, o.ID, o.Items[0].ID)
	for _, tt := range []struct {
		who    *client
		body   string
		status int
		code   string
	}{
		{s.client(), body, 404, "order_not_found"},
		{b, fmt.Sprintf(`{"orderId":%q}`, models.NewID()), 404, "order_not_found"},
		{b, `{"orderId":"x"}`, 400, "validation"},
		{b, `{}`, 400, "validation"},
		{b, fmt.Sprintf(`{"orderId":%q,"reason":%q}`, o.ID, strings.Repeat("x", 201)), 400, "validation"},
		{b, fmt.Sprintf(`{"orderId":%q,"items":[{"orderItemId":%q,"qty":3}]}`, o.ID, o.Items[0].ID), 422, "not_eligible"},
	} {
		if got := tt.who.ask("POST", "/returns", tt.body); got.StatusCode != tt.status || got.code(t) != tt.code {
			t.Errorf("%s: got %d %s, want %d %s", tt.body, got.StatusCode, got.code(t), tt.status, tt.code)
		}
	}
	made := b.does(201, "POST", "/returns", body)
	if got := b.ask("POST", "/returns", body); got.StatusCode != 409 || got.code(t) != "existing_open_return" {
		t.Errorf("twice: got %d %s", got.StatusCode, got.code(t))
	}
	one := b.does(200, "GET", "/returns/"+made["id"].(string), "")["return"].(map[string]any)
	if one["rmaCode"] != made["rmaCode"] || one["orderId"] != o.ID.String() || one["status"] != "requested" || len(one["items"].([]any)) != 1 {
		t.Errorf("the return is %v", one)
	}
	if list := b.does(200, "GET", "/returns?orderId="+o.ID.String(), "")["returns"].([]any); len(list) != 1 {
		t.Errorf("listed %v", list)
	}
	for address, want := range map[string]int{"/returns": 400, "/returns?orderId=x": 400, "/returns?orderId=" + o.ID.String(): 404, "/returns/" + made["id"].(string): 404, "/returns/x": 404} {
		if got := s.client().ask("GET", address, ""); got.StatusCode != want {
			t.Errorf("a stranger at %s: got %d, want %d", address, got.StatusCode, want)
		}
	}
}
