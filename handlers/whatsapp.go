package handlers

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/inbox"
	"frontdesk/internal/whatsapp"
	"frontdesk/models"
)

// verifyWhatsApp answers Meta's subscription check. Without a configured token it is closed.
func (s *Server) verifyWhatsApp(c *fiber.Ctx) error {
	known := sameSecret(c.Query("hub.verify_token"), s.set.WhatsApp.VerifyToken)
	if !known || c.Query("hub.mode") != "subscribe" {
		return fault.Forbidden("error.forbidden")
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(c.Query("hub.challenge"))
}

// receiveWhatsApp stores what Meta posts and acknowledges; everything else is the job of a worker
// . Duplicates are a success.
func (s *Server) receiveWhatsApp(c *fiber.Ctx) error {
	secret := s.set.WhatsApp.AppSecret
	if secret == "" {
		return fault.Unavailable("error.not_configured", nil)
	}
	raw, err := hookBody(c)
	if err != nil {
		return err
	}
	if !whatsapp.VerifySignature(secret, raw, c.Get(whatsapp.SignatureHeader)) {
		s.Metrics.WhatsAppSignatureFailures.Inc()
		return fault.Unauthorized("error.signature")
	}
	proved(c)
	if !isJSON(c) {
		return unsupported()
	}
	found, err := whatsapp.ParseWebhook(raw)
	if err != nil {
		return malformed(err)
	}
	events := make([]inbox.Event, len(found))
	for i, e := range found {
		events[i] = inbox.Event{ID: e.ID, Kind: e.Kind, Sender: e.Sender, Payload: e.Payload}
	}
	if _, err := s.accept(c, models.ProviderWhatsApp, events); err != nil {
		return err
	}
	return c.JSON(fiber.Map{"status": "received", "count": len(events), "ts": s.Clock.Machine().UnixMilli()})
}

// hookTime is how long storing an event may take: well below its sender's own patience, so that what
// cannot be stored is refused in time and comes again (R-103, R-1401).
const hookTime = 4 * time.Second

// accept stores what a provider told us; fresh counts what it had not told before.
func (s *Server) accept(c *fiber.Ctx, from models.Provider, events []inbox.Event) (fresh int, err error) {
	ctx, cancel := context.WithTimeout(c.UserContext(), hookTime)
	defer cancel()
	return s.Inbox.Accept(ctx, from, events)
}

// hookBody is a webhook's body exactly as it was sent, which is what its signature covers.
func hookBody(c *fiber.Ctx) ([]byte, error) {
	raw := c.Request().Body()
	if len(raw) > webhookBody {
		return nil, tooLarge()
	}
	return raw, nil
}
