package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

// Returns for programs: of one's own orders, or of anybody's for staff. To everybody else they do not exist.

func (s *Server) returnsAPI(under string) []Route {
	own, missing := shopper(), fails{404: {"not_found"}, 503: {"unavailable"}}
	open := fails{
		400: {"validation"}, 403: {"returns_disabled"}, 404: {"order_not_found"}, 409: {"existing_open_return"}, 422: {"not_eligible"},
		429: {"rate_limited"}, 503: {"unavailable"},
	}
	return []Route{
		operation(s, Route{post, under + "/returns", own.per(returns), nil, "Opens a return of one's own order; one at a time, within the days the salon gives"}, 201, open, s.openReturn),
		operation(s, Route{get, under + "/returns", own, nil, "The returns of one's own order, newest first"}, 200,
			fails{400: {"validation"}, 404: {"order_not_found"}, 503: {"unavailable"}}, s.listReturns),
		operation(s, Route{get, under + "/returns/:id", own, nil, "One return of one's own"}, 200, missing, s.readReturn),
	}
}

type openReturnIn struct {
	Shopping
	Body struct {
		OrderID string          `json:"orderId" format:"uuid" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18"`
		Items   []returnItemAsk `json:"items,omitempty" maxItems:"100" nullable:"false" doc:"Which lines, and how many of each; left out, all that can go back"`
		Reason  string          `json:"reason,omitempty" maxLength:"200" example:"damaged" doc:"damaged, wrong_item, not_as_described, skin_reaction, changed_mind, other, or words of one's own"`
		Notes   string          `json:"notes,omitempty" maxLength:"1000" example:"The pump was broken"`
	}
}

type returnItemAsk struct {
	OrderItemID string `json:"orderItemId" format:"uuid" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c19"`
	Qty         int    `json:"qty" minimum:"1" maximum:"99" example:"1"`
}

type openReturnOut struct {
	Body struct {
		OK      bool      `json:"ok" example:"true"`
		ID      models.ID `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c20"`
		RMACode string    `json:"rmaCode" example:"RMA-7K3M-9QXD" doc:"To be written on the parcel"`
	}
}

// openReturn begins a return.
func (s *Server) openReturn(c *fiber.Ctx, in *openReturnIn) (*openReturnOut, error) {
	ask := checkout.ReturnRequest{Reason: oneLine(in.Body.Reason), Notes: in.Body.Notes}
	var err error
	if ask.Order, err = uuid.Parse(in.Body.OrderID); err != nil {
		return nil, fault.Invalid("error.validation", map[string]string{"orderId": "format"})
	}
	for _, item := range in.Body.Items {
		id, err := uuid.Parse(item.OrderItemID)
		if err != nil {
			return nil, fault.Invalid("error.validation", map[string]string{"items": "format"})
		}
		ask.Items = append(ask.Items, checkout.ReturnLine{OrderItem: id, Qty: item.Qty})
	}
	v, known, err := s.alsoStaff(c, right{staff.Returns, staff.ToAct})
	if err != nil {
		return nil, err
	}
	if known {
		ask.Staff = v.Actor()
	} else if ask.Owner, known, err = s.visitor(c); err != nil || !known {
		return nil, orMissing(err, "return.order_not_found")
	}
	r, err := s.Till.OpenReturn(c.UserContext(), ask)
	if err != nil {
		return nil, err
	}
	out := &openReturnOut{}
	out.Body.OK, out.Body.ID, out.Body.RMACode = true, r.ID, r.RMACode
	return out, nil
}

// orMissing is the error, or that there is no such thing for somebody who is nobody.
func orMissing(err error, key string) error {
	if err != nil {
		return err
	}
	return fault.NotFound(key)
}

// returnOut is a return as programs read it.
type returnOut struct {
	ID        models.ID       `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c20"`
	OrderID   models.ID       `json:"orderId" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18"`
	Status    string          `json:"status" enum:"requested,approved,rejected,in_transit,received,refunded" example:"requested"`
	Reason    string          `json:"reason,omitempty" example:"damaged"`
	Notes     string          `json:"notes,omitempty" example:"The pump was broken"`
	RMACode   string          `json:"rmaCode" example:"RMA-7K3M-9QXD"`
	CreatedAt time.Time       `json:"createdAt" example:"2026-10-09T08:00:00Z"`
	UpdatedAt time.Time       `json:"updatedAt" example:"2026-10-09T08:00:00Z"`
	Items     []returnItemOut `json:"items" nullable:"false"`
}

type returnItemOut struct {
	ID          models.ID `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c21"`
	OrderItemID models.ID `json:"orderItemId" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c19"`
	SKU         string    `json:"sku" example:"SERUM-50"`
	Name        string    `json:"name" example:"Repair serum"`
	Qty         int       `json:"qty" example:"1"`
	TotalMinor  int64     `json:"totalMinor" example:"2400"`
}

func returnShown(lang models.Language, r models.Return) returnOut {
	out := returnOut{
		ID: r.ID, OrderID: r.OrderID, Status: string(r.Status), Reason: r.Reason, Notes: r.Notes, RMACode: r.RMACode,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Items: []returnItemOut{},
	}
	for _, i := range r.Items {
		out.Items = append(out.Items, returnItemOut{ID: i.ID, OrderItemID: i.OrderItemID, SKU: i.SKU, Name: i.Names.In(lang), Qty: i.Qty, TotalMinor: i.TotalMinor})
	}
	return out
}

type oneReturnIn struct {
	Shopping
	ID string `path:"id" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c20"`
}

type oneReturnOut struct {
	Body struct {
		OK     bool      `json:"ok" example:"true"`
		Return returnOut `json:"return"`
	}
}

// readReturn gives a return.
func (s *Server) readReturn(c *fiber.Ctx, in *oneReturnIn) (*oneReturnOut, error) {
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil, fault.NotFound("return.not_found")
	}
	r, err := s.returnFor(c, id)
	if err != nil {
		return nil, err
	}
	out := &oneReturnOut{}
	out.Body.OK, out.Body.Return = true, returnShown(i18n.From(c.UserContext()).Language, r)
	return out, nil
}

// returnFor is a return of the visitor's own, or anybody's for staff. Fault: return.not_found.
func (s *Server) returnFor(c *fiber.Ctx, id models.ID) (models.Return, error) {
	_, known, err := s.alsoStaff(c, right{staff.Returns, staff.ToRead})
	if err != nil {
		return models.Return{}, err
	}
	if known {
		return s.Till.Return(c.UserContext(), id)
	}
	owner, known, err := s.visitor(c)
	if err != nil || !known {
		return models.Return{}, orMissing(err, "return.not_found")
	}
	return s.Till.ReturnOf(c.UserContext(), owner, id)
}

type returnsIn struct {
	Shopping
	OrderID string `query:"orderId" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18" doc:"Whose returns; must be given"`
}

type returnsOut struct {
	Body struct {
		OK      bool        `json:"ok" example:"true"`
		Returns []returnOut `json:"returns" nullable:"false"`
	}
}

// listReturns gives the returns of an order.
func (s *Server) listReturns(c *fiber.Ctx, in *returnsIn) (*returnsOut, error) {
	if in.OrderID == "" {
		return nil, fault.Invalid("error.validation", map[string]string{"orderId": "required"})
	}
	order, err := uuid.Parse(in.OrderID)
	if err != nil {
		return nil, fault.Invalid("error.validation", map[string]string{"orderId": "format"})
	}
	list, err := s.returnsFor(c, order)
	if err != nil {
		return nil, err
	}
	out := &returnsOut{}
	out.Body.OK, out.Body.Returns = true, []returnOut{}
	for _, r := range list {
		out.Body.Returns = append(out.Body.Returns, returnShown(i18n.From(c.UserContext()).Language, r))
	}
	return out, nil
}

// returnsFor are the returns of the visitor's own order, or of anybody's for staff. Fault: return.order_not_found.
func (s *Server) returnsFor(c *fiber.Ctx, order models.ID) ([]models.Return, error) {
	ctx := c.UserContext()
	_, known, err := s.alsoStaff(c, right{staff.Returns, staff.ToRead})
	if err != nil {
		return nil, err
	}
	if known {
		if _, err := s.Till.Order(ctx, order); err != nil {
			if fault.Is(err, "orders.order_not_found") {
				err = fault.NotFound("return.order_not_found")
			}
			return nil, err
		}
		return s.Till.ReturnsOfOrder(ctx, order)
	}
	owner, known, err := s.visitor(c)
	if err != nil || !known {
		return nil, orMissing(err, "return.order_not_found")
	}
	return s.Till.ReturnsOf(ctx, owner, order)
}
