package handlers

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

// Orders for programs. What somebody may see of an order depends on who they are: its owner, and whoever looked
// it up, see what they need to know how far it is; where exactly it goes and how it was paid only staff see
// . To everybody else it does not exist.

type initIn struct {
	Shopping
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" example:"7c9e6679-7425-40de-944b-e07fc1f90ae8" doc:"Asking again with the same key and body is answered as before, for 24 hours"`
	Body struct {
		Method  string          `json:"method" enum:"cod,stripe" example:"cod" doc:"In cash on delivery, or by card"`
		Address *orderAddressIn `json:"address,omitempty" doc:"Where it goes; left out, it stays as it was"`
		Notes   string          `json:"notes,omitempty" maxLength:"500" example:"Second door on the left"`
	}
}

type orderAddressIn struct {
	Name       string `json:"name,omitempty" example:"Ana Prats"`
	Phone      string `json:"phone,omitempty" example:"+34600000000" doc:"E.164; the order is found again by it"`
	Line1      string `json:"line1,omitempty" example:"Calle Mayor 1"`
	Line2      string `json:"line2,omitempty" example:"2º B"`
	City       string `json:"city,omitempty" example:"Madrid"`
	Region     string `json:"region,omitempty" example:"Madrid"`
	Country    string `json:"country,omitempty" example:"ES" doc:"ISO 3166-1, two letters"`
	PostalCode string `json:"postalCode,omitempty" example:"28013"`
}

func (a *orderAddressIn) input() *checkout.AddressInput {
	if a == nil {
		return nil
	}
	in := checkout.AddressInput(*a)
	return &in
}

type initOut struct {
	Body struct {
		OK            bool      `json:"ok" example:"true"`
		Method        string    `json:"method" example:"cod"`
		OrderID       models.ID `json:"orderId" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18"`
		Number        string    `json:"number" example:"LU-7K3M-9QXD" doc:"What people call the order; taken wherever an order is asked for"`
		Status        string    `json:"status" example:"pending_cod"`
		ShippingMinor int64     `json:"shippingMinor" example:"2000"`
		TotalMinor    int64     `json:"totalMinor" example:"6800"`
		Currency      string    `json:"currency" example:"EUR"`
		CheckoutURL   string    `json:"checkoutUrl,omitempty" example:"https://checkout.stripe.com/c/pay/cs_test_1" doc:"Where the card is asked for; only by card"`
	}
}

// initCheckout makes an order of the visitor's cart, or brings the one that waits up to date. Who has no
// session has no cart either, and gets none by asking.
func (s *Server) initCheckout(c *fiber.Ctx, in *initIn) (*initOut, error) {
	owner, known, err := s.visitor(c)
	if err != nil {
		return nil, err
	}
	if !known {
		owner = shop.Owner{Session: models.NewID()} // nobody's: what is asked is judged, and the cart is empty
	}
	ctx := c.UserContext()
	o, err := s.Till.PlaceOrder(ctx, checkout.OrderRequest{
		Owner: owner, Method: models.OrderMethod(in.Body.Method), Address: in.Body.Address.input(), Notes: in.Body.Notes, Key: in.Key,
		Language: i18n.From(ctx).Language, Channel: checkout.ChannelAPI,
	})
	if err != nil {
		return nil, err
	}
	out := &initOut{}
	b := &out.Body
	b.OK, b.Method, b.OrderID, b.Number, b.Status = true, string(o.Method), o.ID, o.Number, string(o.Status)
	b.ShippingMinor, b.TotalMinor, b.Currency = o.ShippingMinor, o.TotalMinor, o.Currency
	if o.Method == models.MethodStripe {
		if b.CheckoutURL, err = s.Till.OrderLink(ctx, o.ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type oneOrderIn struct {
	Shopping
	ID     string `path:"id" maxLength:"64" example:"LU-7K3M-9QXD" doc:"Its id or its number"`
	Ticket string `header:"X-Lookup-Token" maxLength:"200" doc:"The lookupToken of POST /orders/lookup, for who is not known here"`
	Token  string `query:"lookupToken" maxLength:"200" doc:"The same, for who can send no header"`
}

type oneOrderOut struct {
	Body struct {
		OK    bool     `json:"ok" example:"true"`
		Order orderOut `json:"order"`
	}
}

// oneOrder gives an order: redacted, but for staff.
func (s *Server) oneOrder(c *fiber.Ctx, in *oneOrderIn) (*oneOrderOut, error) {
	ticket := in.Ticket
	if ticket == "" {
		ticket = in.Token
	}
	o, who, err := s.orderFor(c, in.ID, ticket)
	if err != nil {
		return nil, err
	}
	out := &oneOrderOut{}
	out.Body.OK = true
	out.Body.Order, err = s.orderAnswer(c.UserContext(), o, who)
	return out, err
}

type ordersIn struct {
	Shopping
	Phone string `query:"phone" maxLength:"30" example:"+34600000000" doc:"Whose; one's own, or anybody's for staff"`
}

type ordersOut struct {
	Body struct {
		OK     bool         `json:"ok" example:"true"`
		Orders []orderBrief `json:"orders" nullable:"false"`
	}
}

type orderBrief struct {
	ID         models.ID `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18"`
	Number     string    `json:"number" example:"LU-7K3M-9QXD"`
	CreatedAt  time.Time `json:"createdAt" example:"2026-10-09T08:00:00Z"`
	Status     string    `json:"status" example:"confirmed"`
	TotalMinor int64     `json:"totalMinor" example:"6800"`
	Currency   string    `json:"currency" example:"EUR"`
}

// briefOrders is how many orders are listed.
const briefOrders = 10

// listOrders gives the newest orders of a phone: to staff, and to the visitor who has proved that it is
// theirs. Nobody else learns whether the phone is known; it is not even looked for.
func (s *Server) listOrders(c *fiber.Ctx, in *ordersIn) (*ordersOut, error) {
	if strings.TrimSpace(in.Phone) == "" {
		return nil, fault.Invalid("error.validation", map[string]string{"phone": "required"})
	}
	phone, err := customers.Normalize(western(in.Phone))
	if err != nil {
		return nil, fault.Invalid("error.validation", map[string]string{"phone": "customers.phone"})
	}
	customer, err := s.customerAt(c, phone)
	if err != nil {
		return nil, err
	}
	out := &ordersOut{}
	out.Body.OK, out.Body.Orders = true, []orderBrief{}
	if customer == (models.ID{}) {
		return out, nil
	}
	rows, err := s.Till.OrdersOfCustomer(c.UserContext(), customer, briefOrders)
	for _, o := range rows {
		out.Body.Orders = append(out.Body.Orders, orderBrief{o.ID, o.Number, o.CreatedAt, string(o.Status), o.TotalMinor, o.Currency})
	}
	return out, err
}

// customerAt is the customer of a phone, for whoever may ask about it; nobody when it is unknown. Fault:
// error.unauthorized.
func (s *Server) customerAt(c *fiber.Ctx, phone string) (models.ID, error) {
	ctx := c.UserContext()
	_, known, err := s.alsoStaff(c, right{staff.Orders, staff.ToRead})
	if err != nil {
		return models.ID{}, err
	}
	if known {
		customer, _, err := s.People.ByPhone(ctx, phone)
		return customer.ID, err
	}
	owner, known, err := s.visitor(c)
	if err != nil {
		return models.ID{}, err
	}
	if !known || owner.Guest() {
		return models.ID{}, fault.Unauthorized("error.unauthorized")
	}
	own, err := s.People.Customer(ctx, owner.Customer)
	if err != nil {
		return models.ID{}, err
	}
	if own.Phone == nil || *own.Phone != phone {
		return models.ID{}, fault.Unauthorized("error.unauthorized")
	}
	return own.ID, nil
}

type confirmIn struct {
	Shopping
	Body struct {
		OrderID string `json:"orderId" minLength:"1" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18" doc:"Its id or its number"`
	}
}

type orderStateOut struct {
	Body struct {
		OK      bool      `json:"ok" example:"true"`
		OrderID models.ID `json:"orderId" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18"`
		Number  string    `json:"number" example:"LU-7K3M-9QXD"`
		Status  string    `json:"status" example:"confirmed"`
	}
}

func stateAnswer(o models.Order) *orderStateOut {
	out := &orderStateOut{}
	out.Body.OK, out.Body.OrderID, out.Body.Number, out.Body.Status = true, o.ID, o.Number, string(o.Status)
	return out
}

// confirmCheckout confirms an order that is paid on delivery; confirming twice confirms once.
func (s *Server) confirmCheckout(c *fiber.Ctx, in *confirmIn) (*orderStateOut, error) {
	o, actor, err := s.orderToChange(c, in.Body.OrderID)
	if err != nil {
		return nil, err
	}
	if o, err = s.Till.ConfirmOrder(c.UserContext(), actor, o.ID); err != nil {
		return nil, err
	}
	return stateAnswer(o), nil
}

// orderToChange is the order somebody acts on, and who they are in its history: its owner, or staff. A ticket
// opens an order for reading only.
func (s *Server) orderToChange(c *fiber.Ctx, asked string) (models.Order, string, error) {
	o, err := s.orderNamed(c.UserContext(), asked)
	if err != nil {
		return o, "", err
	}
	v, known, err := s.alsoStaff(c, right{staff.Orders, staff.ToAct})
	if err != nil {
		return models.Order{}, "", err
	}
	if known {
		return o, v.Actor(), nil
	}
	o, err = s.ownOrder(c, o.ID)
	return o, actorCustomer, err
}

// actorCustomer is who acts in an order's history when it is its owner.
const actorCustomer = "customer"

type cancelOrderIn struct {
	Shopping
	ID   string `path:"id" maxLength:"64" example:"LU-7K3M-9QXD" doc:"Its id or its number"`
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"200" example:"Ordered twice"`
	}
}

// cancelOrder cancels an order that is not on its way yet.
func (s *Server) cancelOrder(c *fiber.Ctx, in *cancelOrderIn) (*orderStateOut, error) {
	o, actor, err := s.orderToChange(c, in.ID)
	if err != nil {
		return nil, err
	}
	if o, err = s.Till.CancelOrder(c.UserContext(), actor, o.ID, oneLine(in.Body.Reason)); err != nil {
		return nil, err
	}
	return stateAnswer(o), nil
}

type eventsIn struct {
	Speaking
	ID string `path:"id" maxLength:"64" example:"LU-7K3M-9QXD" doc:"Its id or its number"`
}

type eventsOut struct {
	Body struct {
		OK     bool         `json:"ok" example:"true"`
		Events []orderEvent `json:"events" nullable:"false"`
	}
}

type orderEvent struct {
	ID    models.ID       `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c24"`
	At    time.Time       `json:"at" example:"2026-10-09T08:00:00Z"`
	Kind  string          `json:"kind" example:"confirmed"`
	From  string          `json:"from,omitempty" example:"pending_cod"`
	To    string          `json:"to,omitempty" example:"confirmed"`
	Actor string          `json:"actor" example:"customer"`
	Note  string          `json:"note,omitempty" example:"Ordered twice"`
	Data  json.RawMessage `json:"data,omitempty" doc:"Amounts and ids that belong to it"`
}

// orderEvents gives what happened to an order, oldest first, to staff.
func (s *Server) orderEvents(c *fiber.Ctx, in *eventsIn) (*eventsOut, error) {
	ctx := c.UserContext()
	o, err := s.orderNamed(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := s.Till.OrderEvents(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	out := &eventsOut{}
	out.Body.OK, out.Body.Events = true, []orderEvent{}
	for _, e := range rows {
		out.Body.Events = append(out.Body.Events, orderEvent{e.ID, e.At, e.Kind, string(e.From), string(e.To), e.Actor, e.Note, e.Data})
	}
	return out, nil
}

type lookupIn struct {
	Speaking
	Body struct {
		Phone     string           `json:"phone" maxLength:"40" example:"+34600000000" doc:"The number it was ordered with"`
		OrderID   string           `json:"orderId" maxLength:"64" example:"LU-7K3M-9QXD" doc:"Its number or its id"`
		Challenge *challengeAnswer `json:"challenge,omitempty" doc:"The answer to what was asked with challenge_required"`
	}
}

type challengeAnswer struct {
	Ticket string `json:"ticket" maxLength:"200" example:"q83vEjRWeJASNFZ4"`
	Answer string `json:"answer" maxLength:"10" example:"7"`
}

type lookupOut struct {
	Body struct {
		OK          bool     `json:"ok" example:"true"`
		Order       orderOut `json:"order"`
		LookupToken string   `json:"lookupToken" example:"AZnzoVweekCdWw0vbz8cGAAAAABpCJ3A" doc:"Opens this order for half an hour"`
	}
}

// lookupOrder finds an order by its number and the phone it was ordered with.
func (s *Server) lookupOrder(c *fiber.Ctx, in *lookupIn) (*lookupOut, error) {
	asked := lookup{phone: in.Body.Phone, order: in.Body.OrderID}
	if in.Body.Challenge != nil {
		asked.ticket, asked.answer = in.Body.Challenge.Ticket, in.Body.Challenge.Answer
	}
	o, token, err := s.lookUp(c, funnel.API, asked)
	if err != nil {
		return nil, err
	}
	out := &lookupOut{}
	out.Body.OK, out.Body.LookupToken = true, token
	out.Body.Order, err = s.orderAnswer(c.UserContext(), o, asOwner)
	return out, err
}
