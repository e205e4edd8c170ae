package handlers

import (
	"context"
	"strings"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// orderOut is an order as programs read it, redacted for its owner: what only staff see is left out then.
type orderOut struct {
	ID            models.ID       `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18"`
	Number        string          `json:"number" example:"LU-7K3M-9QXD"`
	CreatedAt     time.Time       `json:"createdAt" example:"2026-10-09T08:00:00Z"`
	UpdatedAt     time.Time       `json:"updatedAt" example:"2026-10-09T08:10:00Z"`
	Status        string          `json:"status" example:"confirmed"`
	Method        string          `json:"method" enum:"cod,stripe" example:"cod"`
	Currency      string          `json:"currency" example:"EUR"`
	SubtotalMinor int64           `json:"subtotalMinor" example:"4800"`
	TaxMinor      int64           `json:"taxMinor" example:"0"`
	ShippingMinor int64           `json:"shippingMinor" example:"2000"`
	TotalMinor    int64           `json:"totalMinor" example:"6800"`
	PaymentState  string          `json:"paymentState" example:"pending" doc:"pending, processing, succeeded, failed, canceled or refunded"`
	Items         []orderEntry    `json:"items" nullable:"false"`
	Address       orderAddressOut `json:"address" doc:"City and country, and the phone but for its middle; the rest only for staff"`

	// Only for staff.
	CustomerID *models.ID     `json:"customerId,omitempty" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c21"`
	CartID     *models.ID     `json:"cartId,omitempty" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c16"`
	AddressID  *models.ID     `json:"addressId,omitempty" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c22"`
	Notes      string         `json:"notes,omitempty" example:"Second door on the left"`
	Version    *int64         `json:"version,omitempty" example:"2"`
	Payments   []orderPayment `json:"payments,omitempty" nullable:"false"`
}

type orderEntry struct {
	ID            models.ID `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c19"`
	SKU           string    `json:"sku" example:"SERUM-50"`
	NameSnapshot  string    `json:"nameSnapshot" example:"Repair serum"`
	PriceSnapshot int64     `json:"priceSnapshotMinor" example:"2400"`
	Qty           int       `json:"qty" example:"2"`
	LineTotal     int64     `json:"lineTotalMinor" example:"4800"`
}

type orderAddressOut struct {
	Name       string `json:"name,omitempty" example:"Ana Prats"`
	Phone      string `json:"phone,omitempty" example:"+34••••••000"`
	Line1      string `json:"line1,omitempty" example:"Calle Mayor 1"`
	Line2      string `json:"line2,omitempty" example:"2º B"`
	City       string `json:"city,omitempty" example:"Madrid"`
	Region     string `json:"region,omitempty" example:"Madrid"`
	Country    string `json:"country,omitempty" example:"ES"`
	PostalCode string `json:"postalCode,omitempty" example:"28013"`
}

type orderPayment struct {
	ID          models.ID `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c23"`
	Provider    string    `json:"provider" example:"stripe"`
	IntentID    *string   `json:"intentId,omitempty" example:"pi_1"`
	Status      string    `json:"status" example:"succeeded"`
	AmountMinor int64     `json:"amountMinor" example:"6800"`
	Currency    string    `json:"currency" example:"EUR"`
	LastError   string    `json:"lastError,omitempty" example:"card_declined"`
}

// viewer is how much of an order somebody may see.
type viewer string

const (
	asOwner viewer = "owner" // or by a ticket
	asStaff viewer = "staff"
)

// orderAnswer draws an order for a viewer.
func (s *Server) orderAnswer(ctx context.Context, o models.Order, who viewer) (orderOut, error) {
	payments, err := s.Till.OrderPayments(ctx, o.ID)
	if err != nil {
		return orderOut{}, err
	}
	out := orderOut{
		ID: o.ID, Number: o.Number, CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt, Status: string(o.Status), Method: string(o.Method), Currency: o.Currency,
		SubtotalMinor: o.SubtotalMinor, TaxMinor: o.TaxMinor, ShippingMinor: o.ShippingMinor, TotalMinor: o.TotalMinor,
		PaymentState: paymentState(o, payments), Items: []orderEntry{},
	}
	lang := i18n.From(ctx).Language
	for _, i := range o.Items {
		out.Items = append(out.Items, orderEntry{i.ID, i.SKU, i.Names.In(lang), i.PriceMinor, i.Qty, i.TotalMinor})
	}
	if a := o.Address; a != nil {
		out.Address = orderAddressOut{City: a.City, Country: a.Country, Phone: maskedPhone(a.Phone)}
	}
	if who != asStaff {
		return out, nil
	}
	if a := o.Address; a != nil {
		out.Address = orderAddressOut{a.Name, a.Phone, a.Line1, a.Line2, a.City, a.Region, a.Country, a.PostalCode}
	}
	out.CustomerID, out.CartID, out.AddressID, out.Notes, out.Version = o.CustomerID, &o.CartID, o.AddressID, o.Notes, &o.Version
	for _, p := range payments {
		out.Payments = append(out.Payments, orderPayment{
			ID: p.ID, Provider: "stripe", IntentID: p.PaymentIntent, Status: paymentWord(p.State), AmountMinor: p.AmountMinor, Currency: p.Currency, LastError: p.ErrorCode,
		})
	}
	return out, nil
}

// paymentWord is a payment's state in the earlier shop's words.
func paymentWord(state models.PaymentState) string {
	switch state {
	case models.PaymentRequested:
		return "pending"
	case models.PaymentOpen:
		return "processing"
	case models.PaymentPaid:
		return "succeeded"
	case models.PaymentFailed:
		return "failed"
	case models.PaymentRefundPending, models.PaymentRefunded:
		return "refunded"
	default: // voided, expired
		return "canceled"
	}
}

// paymentState is how an order's money stands. What is paid on delivery is not where a link for a card once stood, what was
// paid counts before what was tried, and what went back before what was given up.
func paymentState(o models.Order, payments []models.Payment) string {
	if o.Status == models.OrderRefunded {
		return "refunded"
	}
	state := "pending"
	if o.Method == models.MethodStripe {
		for _, p := range payments {
			if p.State == models.PaymentPaid {
				return "succeeded"
			}
			state = paymentWord(p.State)
		}
	}
	switch {
	case o.Method == models.MethodCOD && o.Status == models.OrderDelivered:
		return "succeeded"
	case state == "pending" && (o.Status == models.OrderCanceled || o.Status == models.OrderFailed):
		return "canceled"
	default:
		return state
	}
}

// maskedPhone is a number whose owner knows it again and nobody else learns.
func maskedPhone(phone string) string {
	const ends = 3
	if len(phone) <= 2*ends {
		return ""
	}
	return phone[:ends] + strings.Repeat("•", len(phone)-2*ends) + phone[len(phone)-ends:]
}
