package handlers

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/inbox"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// signatureAge is how old Stripe's signature may be, in machine time.
const signatureAge = 5 * time.Minute

// receiveStripe stores a payment event and acknowledges it. Every type is recorded; the worker
// decides which mean something to us.
func (s *Server) receiveStripe(c *fiber.Ctx) error {
	if s.set.StripeSecret == "" {
		return fault.Unavailable("error.not_configured", nil)
	}
	raw, err := hookBody(c)
	if err != nil {
		return err
	}
	secrets := strings.FieldsFunc(s.set.StripeSecret, func(r rune) bool { return r == ',' || r == ' ' }) // two while one replaces the other
	event, err := stripeapi.VerifyEvent(raw, c.Get("Stripe-Signature"), secrets, signatureAge)
	if errors.Is(err, stripeapi.ErrSignature) {
		s.Metrics.StripeSignatureFailures.Inc()
		return fault.Unauthorized("error.signature")
	}
	proved(c)
	switch {
	case !isJSON(c):
		return unsupported()
	case err != nil:
		return malformed(err)
	}
	fresh, err := s.accept(c, models.ProviderStripe, []inbox.Event{{ID: event.ID, Kind: event.Type, Payload: event.Raw}})
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"ok": true, "received": true, "duplicate": fresh == 0})
}
