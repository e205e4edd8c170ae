package simulator

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"frontdesk/internal/i18n"
)

// intent is a PaymentIntent with its one charge.
type intent struct {
	ID       string            `json:"id"`
	Session  string            `json:"session"`
	Status   string            `json:"status"` // requires_payment_method, succeeded
	Amount   int64             `json:"amount"`
	Received int64             `json:"received"`
	Refunded int64             `json:"refunded"`
	Currency string            `json:"currency"`
	Charge   string            `json:"charge"` // empty until it was paid
	Declined bool              `json:"declined"`
	Metadata map[string]string `json:"metadata"`
	Created  int64             `json:"created"`
	Charged  int64             `json:"charged"` // when the charge was made; 0 of what an older journal keeps
}

// charged is when the money came in.
func (i *intent) charged() int64 { return cmp.Or(i.Charged, i.Created) }

// refund is money on its way back to a card.
type refund struct {
	ID       string            `json:"id"`
	Intent   string            `json:"intent"`
	Amount   int64             `json:"amount"`
	Status   string            `json:"status"` // succeeded, failed
	Reason   string            `json:"reason"`
	Metadata map[string]string `json:"metadata"`
	Created  int64             `json:"created"`
}

// Outcomes of a payment.
const (
	outcomePaid     = "paid"
	outcomeDeclined = "declined"
	outcomeExpired  = "expired"
)

// settle plays an outcome of a session and sends its event. It does what is asked even where Stripe
// would not, such as money for an expired session.
func (a *stripe) settle(id, outcome string, how delivery) (*event, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, ok := a.sessions[id]
	if !ok {
		return nil, badRequest("there is no such session")
	}
	switch outcome {
	case outcomePaid:
		return a.capture(s, how), nil
	case outcomeDeclined:
		return a.decline(s, how), nil
	case outcomeExpired:
		s.Status = "expired"
		a.keep(keptSession, s.ID, s)
		return a.emit("checkout.session.expired", s.ID, a.sessionObject(s, nil), how), nil
	default:
		return nil, badRequest("outcome must be one of paid, declined, expired")
	}
}

// capture pays a session.
func (a *stripe) capture(s *session, how delivery) *event {
	i := a.intentOf(s)
	i.Status, i.Received, i.Declined = "succeeded", s.Amount, false
	if i.Charge == "" {
		i.Charge, i.Charged = randomID("ch_", 24), a.clock.Now().Unix()
	}
	s.Status, s.PaymentStatus, s.Declined = "complete", "paid", false
	a.keep(keptIntent, i.ID, i)
	a.keep(keptSession, s.ID, s)
	return a.emit("checkout.session.completed", s.ID, a.sessionObject(s, nil), how)
}

// decline lets the card of a session be refused; the session stays open.
func (a *stripe) decline(s *session, how delivery) *event {
	i := a.intentOf(s)
	i.Declined, s.Declined = true, true
	a.keep(keptIntent, i.ID, i)
	a.keep(keptSession, s.ID, s)
	o := a.intentObject(i, nil)
	if i.Status == "succeeded" { // asked for after it was paid: the event shows the attempt, the money stays
		o["status"] = "requires_payment_method"
	}
	return a.emit("payment_intent.payment_failed", s.ID, o, how)
}

// intentOf is the payment intent of a session; it exists from the first attempt.
func (a *stripe) intentOf(s *session) *intent {
	if i, ok := a.intents[s.Intent]; ok {
		return i
	}
	i := &intent{
		ID: randomID("pi_", 24), Session: s.ID, Status: "requires_payment_method", Amount: s.Amount,
		Currency: s.Currency, Metadata: s.IntentMetadata, Created: a.clock.Now().Unix(),
	}
	a.intents[i.ID], s.Intent = i, i.ID
	return i
}

func (a *stripe) showIntent(c call) (object, *stripeError) {
	i, ok := a.intents[c.id]
	if !ok {
		return nil, noSuch("payment_intent", c.id, "intent")
	}
	return a.intentObject(i, c.form), nil
}

func (a *stripe) intentObject(i *intent, form url.Values) object {
	o := object{
		"id": i.ID, "object": "payment_intent", "amount": i.Amount, "amount_capturable": 0, "amount_received": i.Received,
		"capture_method": "automatic", "confirmation_method": "automatic", "created": i.Created, "currency": i.Currency,
		"latest_charge": orNull(i.Charge), "livemode": false, "metadata": i.Metadata, "status": i.Status,
		"payment_method_types": []string{"card"}, "client_secret": i.ID + "_secret_standin",
		"payment_method_options": object{}, "amount_details": object{"tip": object{}},
	}
	o.absent(`application application_fee_amount automatic_payment_methods canceled_at cancellation_reason customer
		description invoice last_payment_error next_action on_behalf_of payment_method
		payment_method_configuration_details processing receipt_email review setup_future_usage shipping
		statement_descriptor statement_descriptor_suffix transfer_data transfer_group`)
	if i.Declined {
		o["last_payment_error"] = object{
			"code": "card_declined", "decline_code": "generic_decline", "type": "card_error",
			"message": "Your card was declined.", "doc_url": "https://stripe.com/docs/error-codes/card-declined",
		}
	}
	if i.Charge != "" && expands(form, "latest_charge") {
		o["latest_charge"] = a.chargeObject(i)
	}
	return o
}

func (a *stripe) chargeObject(i *intent) object {
	o := object{
		"id": i.Charge, "object": "charge", "amount": i.Amount, "amount_captured": i.Received,
		"amount_refunded": i.Refunded, "captured": true, "created": i.charged(), "currency": i.Currency,
		"livemode": false, "metadata": i.Metadata, "paid": true, "payment_intent": i.ID,
		"refunded": i.Refunded == i.Received, "status": "succeeded", "disputed": false,
		"billing_details": object{"address": nil, "email": nil, "name": nil, "phone": nil}, "fraud_details": object{},
	}
	o.absent(`application application_fee application_fee_amount balance_transaction calculated_statement_descriptor
		customer description failure_balance_transaction failure_code failure_message invoice on_behalf_of outcome
		payment_method payment_method_details receipt_email receipt_number receipt_url review shipping
		source_transfer statement_descriptor statement_descriptor_suffix transfer_data transfer_group`)
	return o
}

// refundReasons are those a caller may give (C5).
var refundReasons = []string{"", "duplicate", "fraudulent", "requested_by_customer"}

func (a *stripe) createRefund(c call) (object, *stripeError) {
	i, refusal := a.refundable(c.form)
	if refusal != nil {
		return nil, refusal
	}
	r := &refund{
		ID: randomID("re_", 24), Intent: i.ID, Amount: i.Received - i.Refunded, Status: "succeeded",
		Reason: c.form.Get("reason"), Metadata: nested(c.form, "metadata"), Created: a.clock.Now().Unix(),
	}
	if raw := c.form.Get("amount"); raw != "" {
		amount, err := strconv.ParseInt(raw, 10, 64)
		if err != nil || amount < 1 {
			return nil, refuse(http.StatusBadRequest, "parameter_invalid_integer", "amount", "Invalid positive integer")
		}
		r.Amount = amount
	}
	switch left := i.Received - i.Refunded; {
	case left == 0:
		return nil, refuse(http.StatusBadRequest, "charge_already_refunded", "", fmt.Sprintf("Charge %s has already been refunded.", i.Charge))
	case r.Amount > left:
		return nil, refuse(http.StatusBadRequest, "", "amount", fmt.Sprintf("Refund amount (€%s) is greater than unrefunded amount on charge (€%s)", i18n.Amount(r.Amount), i18n.Amount(left)))
	case !slices.Contains(refundReasons, r.Reason):
		return nil, refuse(http.StatusBadRequest, "", "reason", "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer")
	}
	if refusal := checkMetadata("metadata", r.Metadata); refusal != nil {
		return nil, refusal
	}
	a.payOut(i, r)
	return a.refundObject(r), nil
}

// refundable finds the paid intent that a refund names by payment_intent or charge.
func (a *stripe) refundable(form url.Values) (*intent, *stripeError) {
	id, charge := form.Get("payment_intent"), form.Get("charge")
	switch {
	case id == "" && charge == "":
		return nil, refuse(http.StatusBadRequest, "parameter_missing", "charge", "One of the following params should be provided for this request: payment_intent or charge.")
	case id != "" && charge != "":
		return nil, refuse(http.StatusBadRequest, "", "", "You may only specify one of these parameters: charge, payment_intent.")
	}
	i, ok := a.intents[id]
	if charge != "" {
		for _, candidate := range a.intents {
			if candidate.Charge == charge {
				i, ok = candidate, true
			}
		}
		if !ok {
			return nil, noSuch("charge", charge, "charge")
		}
	}
	if !ok {
		return nil, noSuch("payment_intent", id, "payment_intent")
	}
	if i.Charge == "" {
		return nil, refuse(http.StatusBadRequest, "", "payment_intent", fmt.Sprintf("This PaymentIntent (%s) does not have a successful charge to refund.", i.ID))
	}
	return i, nil
}

// payOut books a refund and says so.
func (a *stripe) payOut(i *intent, r *refund) *event {
	i.Refunded += r.Amount
	a.refunds[r.ID] = r
	a.keep(keptRefund, r.ID, r)
	a.keep(keptIntent, i.ID, i)
	return a.emit("charge.refunded", i.Session, a.chargeObject(i), delivery{})
}

func (a *stripe) showRefund(c call) (object, *stripeError) {
	r, ok := a.refunds[c.id]
	if !ok {
		return nil, noSuch("refund", c.id, "id")
	}
	return a.refundObject(r), nil
}

func (a *stripe) refundObject(r *refund) object {
	i := a.intents[r.Intent]
	o := object{
		"id": r.ID, "object": "refund", "amount": r.Amount, "charge": i.Charge, "created": r.Created,
		"currency": i.Currency, "metadata": r.Metadata, "payment_intent": r.Intent, "reason": orNull(r.Reason),
		"status": r.Status, "destination_details": object{"card": object{"type": "refund"}, "type": "card"},
	}
	o.absent("balance_transaction receipt_number source_transfer_reversal transfer_reversal")
	if r.Status == "failed" {
		o["failure_reason"] = "expired_or_canceled_card"
	}
	return o
}

// settleRefund plays what becomes of a refund, named by itself or by its payment intent. A payment
// intent that has none gets a full one, as from the provider's own dashboard.
func (a *stripe) settleRefund(refundID, intentID, outcome string) ([]*event, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if outcome != "succeeded" && outcome != "failed" {
		return nil, badRequest("outcome must be one of succeeded, failed")
	}
	var sent []*event
	r, ok := a.refunds[refundID]
	if !ok {
		i, known := a.intents[intentID]
		if !known || i.Charge == "" {
			return nil, badRequest("there is no such refund or paid payment_intent")
		}
		if r = a.refundOf(i); r == nil {
			r = &refund{ID: randomID("re_", 24), Intent: i.ID, Amount: i.Received, Status: "succeeded", Metadata: map[string]string{}, Created: a.clock.Now().Unix()}
			sent = append(sent, a.payOut(i, r))
		}
	}
	i := a.intents[r.Intent]
	if outcome == "failed" && r.Status != "failed" {
		i.Refunded -= r.Amount // the money came back
	}
	if outcome == "succeeded" && r.Status == "failed" {
		i.Refunded += r.Amount
	}
	r.Status = outcome
	a.keep(keptRefund, r.ID, r)
	a.keep(keptIntent, i.ID, i)
	if outcome == "succeeded" && len(sent) == 0 {
		sent = append(sent, a.emit("charge.refunded", i.Session, a.chargeObject(i), delivery{}))
	}
	return append(sent, a.emit("charge.refund.updated", i.Session, a.refundObject(r), delivery{})), nil
}

// refundOf is the newest refund of an intent.
func (a *stripe) refundOf(i *intent) (newest *refund) {
	for _, r := range a.refunds {
		if r.Intent == i.ID && (newest == nil || r.Created > newest.Created) {
			newest = r
		}
	}
	return newest
}
