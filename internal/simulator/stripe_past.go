package simulator

import (
	"strings"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// takings are what the provider keeps of a payment that was made before a scene begins.
type takings struct {
	session *session
	intent  *intent
	event   *event
}

// paidEarlier is a payment as the account would hold it, had the product asked for its link when it was
// requested and the customer paid it at the given time. The account learns of it by recall.
func (a *stripe) paidEarlier(p models.Payment, at time.Time) takings {
	references := map[string]string{"payment_id": p.ID.String(), "appointment_id": p.AppointmentID.String()}
	s := &session{
		ID: randomID("cs_test_", 58), Status: "complete", PaymentStatus: "paid", Amount: p.AmountMinor,
		Currency: strings.ToLower(p.Currency), Items: []item{{Name: "Luma", Amount: p.AmountMinor, Quantity: 1}},
		Locale: "auto", Metadata: references, IntentMetadata: references, Reference: p.ID.String(),
		SuccessURL: a.cfg.AppURL() + checkout.SuccessPath, CancelURL: a.cfg.AppURL() + checkout.CancelPath,
		Created: p.CreatedAt.Unix(), ExpiresAt: p.ExpiresAt.Unix(),
	}
	s.URL = a.url + "/pay/" + s.ID
	i := &intent{
		ID: randomID("pi_", 24), Session: s.ID, Status: "succeeded", Amount: s.Amount, Received: s.Amount,
		Currency: s.Currency, Charge: randomID("ch_", 24), Metadata: references, Created: at.Unix(),
	}
	s.Intent = i.ID
	return takings{s, i, &event{
		ID: randomID("evt_1", 23), Type: "checkout.session.completed", Created: at.Unix(), Object: a.sessionObject(s, nil),
	}}
}

// recall lets the account remember earlier payments. Their events have been delivered.
func (a *stripe) recall(earlier []takings) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range earlier {
		a.sessions[t.session.ID], a.intents[t.intent.ID] = t.session, t.intent
		a.events = append(a.events, t.event)
		a.keep(keptSession, t.session.ID, t.session)
		a.keep(keptIntent, t.intent.ID, t.intent)
		a.keep(keptEvent, t.event.ID, t.event)
	}
}
