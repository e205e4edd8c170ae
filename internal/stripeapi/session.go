package stripeapi

import (
	"context"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"

	"frontdesk/models"
)

// SessionRequest asks for a hosted payment page: one payment of one amount. The same key with
// the same fields gives the same session however often it is asked.
type SessionRequest struct {
	IdempotencyKey string
	PaymentID      models.ID
	AppointmentID  models.ID // zero of an order's
	OrderID        models.ID // zero of a visit's
	Amount         models.Money
	Title          string        // the one line of the page, in the customer's language
	Lines          []SessionLine // in its place; they add up to Amount
	Language       models.Language
	SuccessURL     string
	CancelURL      string
	ExpiresAt      time.Time // 30 minutes to 24 hours ahead (C4)
}

// SessionLine is so many of one thing on a payment page.
type SessionLine struct {
	Title     string
	UnitMinor int64
	Qty       int
}

// SessionOpen is the status of a page that can be paid; a complete or expired one cannot.
const SessionOpen = "open"

// Session is a hosted payment page.
type Session struct {
	ID            string
	URL           string // empty once it is closed
	Status        string
	PaymentStatus string
	PaymentIntent string
	Amount        models.Money
}

// Metadata keys by which events find their way back.
const (
	metaPayment     = "payment_id"
	metaAppointment = "appointment_id"
	metaOrder       = "order_id"
	metaKind        = "kind" // "order"; none of a deposit
	metaRefund      = "refund_id"
)

// CreateSession opens a payment page.
func (c *Client) CreateSession(ctx context.Context, r SessionRequest) (Session, error) {
	return call(ctx, c, "create session", func(ctx context.Context) (Session, error) {
		s, err := c.api.CheckoutSessions.New(sessionParams(ctx, r))
		if err == nil && (s.ID == "" || s.URL == "") {
			err = errGarbage
		}
		if err != nil {
			return Session{}, err
		}
		return session(s), nil
	})
}

func sessionParams(ctx context.Context, r SessionRequest) *stripe.CheckoutSessionParams {
	refs := map[string]string{metaPayment: r.PaymentID.String()}
	if r.OrderID != (models.ID{}) {
		refs[metaOrder], refs[metaKind] = r.OrderID.String(), "order"
	} else {
		refs[metaAppointment] = r.AppointmentID.String()
	}
	lines := r.Lines
	if len(lines) == 0 {
		lines = []SessionLine{{r.Title, r.Amount.Minor, 1}}
	}
	p := &stripe.CheckoutSessionParams{
		Mode:              stripe.String(string(stripe.CheckoutSessionModePayment)),
		ClientReferenceID: stripe.String(r.PaymentID.String()),
		Metadata:          refs,
		// The payment's own events carry the references too, and so do its charge and refunds.
		PaymentIntentData: &stripe.CheckoutSessionPaymentIntentDataParams{Metadata: refs},
		SuccessURL:        stripe.String(r.SuccessURL),
		CancelURL:         stripe.String(r.CancelURL),
		ExpiresAt:         stripe.Int64(r.ExpiresAt.Unix()),
		Locale:            stripe.String(locale(r.Language)),
	}
	for _, l := range lines {
		p.LineItems = append(p.LineItems, &stripe.CheckoutSessionLineItemParams{
			Quantity: stripe.Int64(int64(l.Qty)),
			PriceData: &stripe.CheckoutSessionLineItemPriceDataParams{
				Currency:    stripe.String(strings.ToLower(r.Amount.Currency)),
				UnitAmount:  stripe.Int64(l.UnitMinor),
				ProductData: &stripe.CheckoutSessionLineItemPriceDataProductDataParams{Name: stripe.String(l.Title)},
			},
		})
	}
	p.Context = ctx
	p.SetIdempotencyKey(r.IdempotencyKey)
	return p
}

// locale is the page's language. Stripe's page does not speak Arabic: there the browser decides.
func locale(lang models.Language) string {
	switch lang {
	case models.English, models.Spanish:
		return lang
	default:
		return "auto"
	}
}

// Session reads a payment page as it stands.
func (c *Client) Session(ctx context.Context, id string) (Session, error) {
	return call(ctx, c, "read session", func(ctx context.Context) (Session, error) {
		p := &stripe.CheckoutSessionParams{}
		p.Context = ctx
		s, err := c.api.CheckoutSessions.Get(id, p)
		if err != nil {
			return Session{}, err
		}
		return session(s), nil
	})
}

// ExpireSession closes a payment page so that it can no longer be paid. Stripe refuses when the page
// is complete or closed already: read it then to know which.
func (c *Client) ExpireSession(ctx context.Context, id string) (Session, error) {
	return call(ctx, c, "expire session", func(ctx context.Context) (Session, error) {
		p := &stripe.CheckoutSessionExpireParams{}
		p.Context = ctx
		s, err := c.api.CheckoutSessions.Expire(id, p)
		if err != nil {
			return Session{}, err
		}
		return session(s), nil
	})
}

func session(s *stripe.CheckoutSession) Session {
	out := Session{
		ID: s.ID, URL: s.URL, Status: string(s.Status), PaymentStatus: string(s.PaymentStatus),
		Amount: models.Money{Minor: s.AmountTotal, Currency: strings.ToUpper(string(s.Currency))},
	}
	if s.PaymentIntent != nil {
		out.PaymentIntent = s.PaymentIntent.ID
	}
	return out
}
