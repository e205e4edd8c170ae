package handlers

import (
	"testing"

	"frontdesk/models"
)

// How an order's money stands is said of the way it is paid by, not of one that was given up.
func TestPaymentState(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		method   models.OrderMethod
		status   models.OrderStatus
		payments []models.PaymentState
		want     string
	}{
		{"to be paid on delivery", models.MethodCOD, models.OrderPendingCOD, nil, "pending"},
		{"turned from a card to cash", models.MethodCOD, models.OrderPendingCOD, []models.PaymentState{models.PaymentVoided}, "pending"},
		{"turned to cash, and the old link was paid and went back", models.MethodCOD, models.OrderConfirmed, []models.PaymentState{models.PaymentRefunded}, "pending"},
		{"delivered for cash", models.MethodCOD, models.OrderDelivered, []models.PaymentState{models.PaymentVoided}, "succeeded"},
		{"called off", models.MethodCOD, models.OrderCanceled, nil, "canceled"},
		{"cash that went back", models.MethodCOD, models.OrderRefunded, nil, "refunded"},
		{"a link", models.MethodStripe, models.OrderPending, []models.PaymentState{models.PaymentOpen}, "processing"},
		{"a new link after one that failed", models.MethodStripe, models.OrderPending, []models.PaymentState{models.PaymentFailed, models.PaymentRequested}, "pending"},
		{"paid, and a second time that went back", models.MethodStripe, models.OrderPaid, []models.PaymentState{models.PaymentPaid, models.PaymentRefunded}, "succeeded"},
		{"nothing came", models.MethodStripe, models.OrderCanceled, []models.PaymentState{models.PaymentVoided}, "canceled"},
		{"called off before there was a link", models.MethodStripe, models.OrderCanceled, nil, "canceled"},
		{"all went back, and an old link was given up", models.MethodStripe, models.OrderRefunded, []models.PaymentState{models.PaymentRefunded, models.PaymentVoided}, "refunded"},
		{"delivered", models.MethodStripe, models.OrderDelivered, []models.PaymentState{models.PaymentPaid}, "succeeded"},
	} {
		var payments []models.Payment
		for _, state := range tt.payments {
			payments = append(payments, models.Payment{State: state})
		}
		if got := paymentState(models.Order{Method: tt.method, Status: tt.status}, payments); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
