package handlers

import (
	"testing"

	"frontdesk/models"
)

// Money of an order that went astray leads to its refund, whoever owns the order, for everybody who reads refunds.
func TestTodayLeadsToTheRefund(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	goods := &stocked{s.app, map[string]models.Product{}}
	goods.stock()
	o, err := s.Till.OrderByNumber(t.Context(), goods.client().ordered()["number"].(string))
	if err != nil {
		t.Fatal(err)
	}
	now := s.Clock.Now()
	p := models.Payment{
		ID: models.NewID(), OrderID: &o.ID, State: models.PaymentRefundPending, AmountMinor: o.TotalMinor, Currency: o.Currency,
		ReceivedMinor: 100, ReceivedIn: o.Currency, PaidAt: &now, ErrorCode: "amount_mismatch", Language: "en", CreatedAt: now, UpdatedAt: now,
	}
	back := models.Refund{ID: models.NewID(), PaymentID: p.ID, AmountMinor: 100, Currency: o.Currency, Reason: "amount_mismatch", Method: models.RefundByCard, State: models.RefundPending, CreatedAt: now, UpdatedAt: now}
	for _, row := range []any{&p, &back} {
		if err := s.DB.On(t.Context()).Omit("AppointmentID").Create(row).Error; err != nil {
			t.Fatal(err)
		}
	}
	for _, role := range []models.Role{models.RolePM, models.RoleOperator, models.RoleFinance} {
		if n := s.see(role, "/console").doc(t).Find(`main a[href="/console/refunds/` + back.ID.String() + `"]`).Length(); n == 0 {
			t.Errorf("a %s is led nowhere", role)
		}
	}
}
