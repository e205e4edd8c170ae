package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// cart is what somebody means to buy, as programs read it. One that nobody opened yet has no id.
type cart struct {
	ID            *models.ID  `json:"id,omitempty" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c16" doc:"Missing until something is put in, or POST /cart"`
	Status        string      `json:"status" enum:"active,abandoned,ordered,merged" example:"active"`
	Currency      string      `json:"currency" example:"EUR"`
	SubtotalMinor int64       `json:"subtotalMinor" example:"4800"`
	TaxMinor      int64       `json:"taxMinor" example:"0" doc:"Prices contain their tax"`
	ShippingMinor int64       `json:"shippingMinor" example:"2000"`
	TotalMinor    int64       `json:"totalMinor" example:"6800"`
	Version       int64       `json:"version" example:"3" doc:"Counts the changes"`
	ExpiresAt     *time.Time  `json:"expiresAt,omitempty" example:"2026-10-16T08:00:00Z"`
	CreatedAt     *time.Time  `json:"createdAt,omitempty" example:"2026-10-09T08:00:00Z"`
	UpdatedAt     *time.Time  `json:"updatedAt,omitempty" example:"2026-10-09T08:00:00Z"`
	Items         []cartEntry `json:"items" nullable:"false"`
}

// cartEntry is a line of a cart.
type cartEntry struct {
	ID            models.ID `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c17"`
	CartID        models.ID `json:"cartId" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c16"`
	ProductID     models.ID `json:"productId" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c11"`
	SKU           string    `json:"sku" example:"SERUM-50"`
	NameSnapshot  string    `json:"nameSnapshot" example:"Repair serum"`
	PriceSnapshot int64     `json:"priceSnapshotMinor" example:"2400"`
	PriceWas      *int64    `json:"priceWasMinor,omitempty" example:"2200" doc:"What it cost when its owner last acted on it, where the price has changed since"`
	Currency      string    `json:"currency" example:"EUR"`
	Qty           int       `json:"qty" example:"2"`
	LineTotal     int64     `json:"lineTotalMinor" example:"4800"`
	Left          int       `json:"left" example:"12" doc:"How many the shop has; no order is taken for more"`
	CreatedAt     time.Time `json:"createdAt" example:"2026-10-09T08:00:00Z"`
	UpdatedAt     time.Time `json:"updatedAt" example:"2026-10-09T08:00:00Z"`
}

// Shopping is part of every question about a cart.
type Shopping struct {
	Speaking
	Session string `header:"X-Session-Token" maxLength:"100" doc:"Whose cart it is, for programs that keep no cookies; the answer that opens a session tells it in the same header"`
}

type cartOut struct {
	Body struct {
		OK   bool `json:"ok" example:"true"`
		Cart cart `json:"cart"`
	}
}

func cartAnswer(c *fiber.Ctx, row models.Cart) *cartOut {
	out := &cartOut{}
	out.Body.OK = true
	out.Body.Cart = cart{
		Status: string(row.Status), Currency: row.Currency, SubtotalMinor: row.SubtotalMinor, TaxMinor: row.TaxMinor,
		ShippingMinor: row.ShippingMinor, TotalMinor: row.TotalMinor, Version: row.Version, Items: []cartEntry{},
	}
	if row.ID != (models.ID{}) {
		out.Body.Cart.ID, out.Body.Cart.ExpiresAt, out.Body.Cart.CreatedAt, out.Body.Cart.UpdatedAt = &row.ID, &row.ExpiresAt, &row.CreatedAt, &row.UpdatedAt
	}
	for _, item := range row.Items {
		out.Body.Cart.Items = append(out.Body.Cart.Items, entryIn(i18n.From(c.UserContext()).Language, item))
	}
	return out
}

func entryIn(lang models.Language, i models.CartItem) cartEntry {
	return cartEntry{
		ID: i.ID, CartID: i.CartID, ProductID: i.ProductID, SKU: i.SKU, NameSnapshot: i.Names.In(lang), PriceSnapshot: i.PriceMinor,
		PriceWas: i.WasMinor, Currency: i.Currency, Qty: i.Qty, LineTotal: i.TotalMinor, Left: i.Left, CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt,
	}
}

type openCartIn struct{ Shopping }

// openCart gives the visitor's cart, made where there is none.
func (s *Server) openCart(c *fiber.Ctx, _ *openCartIn) (*cartOut, error) {
	owner, err := s.visitorOrNew(c)
	if err != nil {
		return nil, err
	}
	row, err := s.Shop.OpenCart(c.UserContext(), owner)
	if err != nil {
		return nil, err
	}
	return cartAnswer(c, row), nil
}

// readCart gives the visitor's cart, an empty one to who has none; it opens nothing.
func (s *Server) readCart(c *fiber.Ctx, _ *openCartIn) (*cartOut, error) {
	owner, known, err := s.visitor(c)
	if err != nil {
		return nil, err
	}
	if !known {
		policies, err := s.Policies.Policies(c.UserContext())
		return cartAnswer(c, models.Cart{Status: models.CartActive, Currency: policies.Currency}), err
	}
	row, err := s.Shop.Cart(c.UserContext(), owner)
	if err != nil {
		return nil, err
	}
	return cartAnswer(c, row), nil
}

type addIn struct {
	Shopping
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" example:"7c9e6679-7425-40de-944b-e07fc1f90ae7" doc:"Asking again with the same key and body changes nothing and is answered as before, for 24 hours"`
	Body addAsked
}

type addAsked struct {
	ProductID string `json:"productId,omitempty" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c11"`
	SKU       string `json:"sku,omitempty" maxLength:"64" example:"SERUM-50" doc:"Instead of productId"`
	Qty       int    `json:"qty" minimum:"1" maximum:"99" example:"2"`
}

type itemOut struct {
	Body struct {
		OK   bool       `json:"ok" example:"true"`
		Item *cartEntry `json:"item" doc:"null once it is out of the cart"`
	}
}

func itemAnswer(c *fiber.Ctx, row *models.CartItem) *itemOut {
	out := &itemOut{}
	out.Body.OK = true
	if row != nil {
		entry := entryIn(i18n.From(c.UserContext()).Language, *row)
		out.Body.Item = &entry
	}
	return out
}

// addToCart puts a product into the visitor's cart. What is refused opens no session.
func (s *Server) addToCart(c *fiber.Ctx, in *addIn) (*itemOut, error) {
	add := shop.Add{SKU: in.Body.SKU, Qty: in.Body.Qty, Key: in.Key, Channel: funnel.API, Language: i18n.From(c.UserContext()).Language}
	switch {
	case in.Body.ProductID != "":
		id, err := uuid.Parse(in.Body.ProductID)
		if err != nil {
			return nil, fault.NotFound("shop.product_not_found")
		}
		add.ProductID = id
	case in.Body.SKU == "":
		return nil, fault.Invalid("error.validation", map[string]string{"productId": "required"})
	}
	_, item, err := s.addFor(c, add)
	if err != nil {
		return nil, err
	}
	return itemAnswer(c, &item), nil
}

type changeIn struct {
	Shopping
	ItemID string `path:"itemId" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c17"`
	Body   struct {
		Qty int `json:"qty" minimum:"0" maximum:"99" example:"1" doc:"0 takes it out"`
	}
}

// changeItem gives a line of the visitor's own cart another quantity.
func (s *Server) changeItem(c *fiber.Ctx, in *changeIn) (*itemOut, error) {
	owner, id, err := s.ownItem(c, in.ItemID)
	if err != nil {
		return nil, err
	}
	item, err := s.Shop.SetQty(c.UserContext(), owner, id, in.Body.Qty)
	if err != nil {
		return nil, err
	}
	return itemAnswer(c, item), nil
}

type removeIn struct {
	Shopping
	ItemID string `path:"itemId" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c17"`
}

type doneOut struct {
	Body struct {
		OK bool `json:"ok" example:"true"`
	}
}

// removeItem takes a line out of the visitor's own cart; out is out, however often it is asked.
func (s *Server) removeItem(c *fiber.Ctx, in *removeIn) (*doneOut, error) {
	owner, id, err := s.ownItem(c, in.ItemID)
	if err != nil {
		return nil, err
	}
	if err := s.Shop.Remove(c.UserContext(), owner, id); err != nil {
		return nil, err
	}
	out := &doneOut{}
	out.Body.OK = true
	return out, nil
}

// ownItem is whose line is meant, and which; who has no cart has no line.
func (s *Server) ownItem(c *fiber.Ctx, item string) (shop.Owner, models.ID, error) {
	id, err := uuid.Parse(item)
	if err != nil {
		return shop.Owner{}, id, fault.NotFound("shop.item_not_found")
	}
	owner, known, err := s.visitor(c)
	if err == nil && !known {
		err = fault.NotFound("shop.item_not_found")
	}
	return owner, id, err
}

type estimateOut struct {
	Body struct {
		OK       bool `json:"ok" example:"true"`
		Estimate struct {
			Currency      string `json:"currency" example:"EUR"`
			ShippingMinor int64  `json:"shippingMinor" example:"2000"`
			FreeThreshold int64  `json:"freeThresholdMinor" example:"10000" doc:"From this subtotal on it costs nothing"`
		} `json:"estimate"`
	}
}

// estimateShipping says what sending the cart will cost: the very number that is charged.
func (s *Server) estimateShipping(c *fiber.Ctx, _ *openCartIn) (*estimateOut, error) {
	owner, known, err := s.visitor(c)
	if err != nil {
		return nil, err
	}
	out := &estimateOut{}
	out.Body.OK = true
	if !known {
		policies, err := s.Policies.Policies(c.UserContext())
		out.Body.Estimate.Currency, out.Body.Estimate.FreeThreshold = policies.Currency, policies.Shipping(policies.Currency).FreeFromMinor
		return out, err
	}
	e, err := s.Shop.Estimate(c.UserContext(), owner)
	out.Body.Estimate.Currency, out.Body.Estimate.ShippingMinor, out.Body.Estimate.FreeThreshold = e.Currency, e.ShippingMinor, e.FreeFromMinor
	return out, err
}
