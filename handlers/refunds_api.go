package handlers

import (
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// refundOrder is the body of a refund for scripts: of a visit or of an order, one of the two.
type refundOrder struct {
	Visit       *models.ID          `json:"visit"`
	Order       *models.ID          `json:"order"`
	Key         string              `json:"key"`         // the same key is the same refund
	AmountMinor int64               `json:"amountMinor"` // 0: what the lines cost, else all that is left
	Lines       []refundLine        `json:"lines"`
	Reason      models.RefundReason `json:"reason"`
	Method      models.RefundMethod `json:"method"` // empty: the usual one
	Proof       string              `json:"proof"`
	Note        string              `json:"note"`
}

type refundLine struct {
	OrderItem models.ID `json:"orderItem"`
	Qty       int       `json:"qty"`
}

// salonRefund gives money back, or asks a second person to agree.
func (s *Server) salonRefund(c *fiber.Ctx) error {
	var in refundOrder
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if in.Key == "" {
		return fault.Invalid("error.validation", map[string]string{"key": "required"})
	}
	v, _ := VisitorOf(c.UserContext())
	ask := checkout.RefundAsk{
		RefundSubject: checkout.RefundSubject{Visit: in.Visit, Order: in.Order}, Actor: v.Actor(), Role: v.Role, Key: in.Key, AmountMinor: in.AmountMinor,
		Reason: in.Reason, Method: in.Method, Proof: oneLine(in.Proof), Note: oneLine(in.Note),
	}
	for _, line := range in.Lines {
		ask.Lines = append(ask.Lines, checkout.RefundLine(line))
	}
	r, err := s.Till.AskRefund(c.UserContext(), ask)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(fiber.Map{"ok": true, "refund": refundResult(r)})
}
