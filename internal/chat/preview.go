package chat

import (
	"context"
	"strings"
	"time"

	"frontdesk/models"
)

// Outlook is something staff are about to do to a visit, told as if it had happened.
type Outlook struct {
	Event    string             // one of the Tell events
	Visit    models.Appointment // as it will be, with its lines
	Customer models.Customer
	Change   *models.AppointmentEvent // of an event that is about one change
	Back     models.Money             // what goes back of the deposit
	Link     string                   // stands where the payment link will
	Order    *models.Order            // of an event about an order's money
	Method   models.RefundMethod      // how money goes back
	Talk     *models.ID               // where it is told; nil: in the conversation of the visit
}

// Words are what a customer will read, in their language.
type Words struct {
	Language models.Language
	Text     string
}

// Foretell puts into words what the customer of a visit or an order will be told, by the same rules that tell it
// then. The text is empty where they will be told nothing. Nothing is done, said or stored.
func (c *Clerk) Foretell(ctx context.Context, o Outlook) (Words, error) {
	ctx, s, err := c.salon(ctx)
	if err != nil {
		return Words{}, err
	}
	lang := o.Customer.Language
	if o.Talk == nil {
		o.Talk = o.Visit.ConversationID
	}
	if o.Talk != nil {
		conv, err := c.Thread.Conversation(ctx, *o.Talk)
		if err != nil {
			return Words{}, err
		}
		lang = conv.Language
	}
	told := Told{Event: o.Event, Key: "foretold", Visit: o.Visit, Change: o.Change, Back: o.Back, Method: o.Method}
	if o.Order != nil {
		told.Sold = &soldThings{Order: *o.Order, Back: o.Back}
	}
	f := c.trialFacts(s, c.Clock.Now().In(s.policies.Zone()), lang)
	f.Customer = &o.Customer
	told.Payment = &models.Payment{
		AppointmentID: o.Visit.ID, State: models.PaymentOpen, AmountMinor: o.Visit.DepositMinor, Currency: o.Visit.Currency, URL: o.Link,
		ReceivedMinor: o.Back.Minor, ReceivedIn: o.Back.Currency,
	}
	if o.Visit.Status == models.Provisional {
		f.Hold = &o.Visit
	}
	_, actions := Step(State{V: stateVersion, Introduced: true, Greeted: true}, Event{Facts: f, Language: lang, Told: &told})
	speaker := speaker{texts: s.texts, lang: lang, arabic: s.policies.ArabicDigits}
	var texts []string
	for _, action := range actions {
		if said, is := action.(Say); is {
			content, _, err := speaker.content(said)
			if err != nil {
				return Words{}, err
			}
			texts = append(texts, content.Text)
		}
	}
	return Words{lang, strings.Join(texts, "\n\n")}, nil
}

// MovedTo is the change that a move will be, for Foretell.
func MovedTo(was, is models.Appointment, at time.Time) *models.AppointmentEvent {
	return &models.AppointmentEvent{
		AppointmentID: is.ID, FromStatus: was.Status, ToStatus: is.Status, At: at,
		FromStylistID: &was.StylistID, ToStylistID: &is.StylistID, FromStartsAt: &was.StartsAt, ToStartsAt: &is.StartsAt,
	}
}
