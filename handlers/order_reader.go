package handlers

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"frontdesk/internal/fault"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

// orderFor is the order somebody asks for, by its id or number, and as whom they may see it: its owner, whoever
// shows a ticket to it, staff. Fault: orders.order_not_found, for a stranger's too.
func (s *Server) orderFor(c *fiber.Ctx, asked, ticket string) (models.Order, viewer, error) {
	ctx := c.UserContext()
	o, err := s.orderNamed(ctx, asked)
	if err != nil {
		return o, "", err
	}
	_, known, err := s.alsoStaff(c, right{staff.Orders, staff.ToRead})
	if err != nil {
		return models.Order{}, "", err
	}
	if known {
		return o, asStaff, nil
	}
	if id, good := s.ticketOrder(ticket); good && id == o.ID {
		return o, asOwner, nil
	}
	o, err = s.ownOrder(c, o.ID)
	return o, asOwner, err
}

// ownOrder is an order of the visitor's own.
func (s *Server) ownOrder(c *fiber.Ctx, id models.ID) (models.Order, error) {
	owner, known, err := s.visitor(c)
	if err != nil {
		return models.Order{}, err
	}
	if !known {
		return models.Order{}, fault.NotFound("orders.order_not_found")
	}
	return s.Till.OrderOf(c.UserContext(), owner, id)
}

// orderNamed finds an order by its id or its number.
func (s *Server) orderNamed(ctx context.Context, asked string) (models.Order, error) {
	if id, err := uuid.Parse(asked); err == nil {
		return s.Till.Order(ctx, id)
	}
	return s.Till.OrderByNumber(ctx, asked)
}
