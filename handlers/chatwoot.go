package handlers

import (
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/chatwoot"
	"frontdesk/internal/fault"
	"frontdesk/internal/inbox"
	"frontdesk/models"
)

// ChatwootSettings are the secrets of Chatwoot's webhook. Without them it is closed.
type ChatwootSettings struct {
	Secret string // signs what current versions post (H1)
	Token  string // stands in the address that older versions post to (H2)
}

// chatwootHooks are the doors of the optional inbox.
func (s *Server) chatwootHooks() []Route {
	return []Route{
		{post, "/webhook/chatwoot", signed(), s.receiveChatwoot, "Messages and hand-overs from Chatwoot"},
		{post, "/webhook/chatwoot/:token", signed(), s.receiveOldChatwoot, "The same from versions of Chatwoot that sign nothing"},
	}
}

// receiveChatwoot stores what a current version of Chatwoot posts and signs (R-108, R-1503).
func (s *Server) receiveChatwoot(c *fiber.Ctx) error {
	secret := s.set.Chatwoot.Secret
	if secret == "" {
		return fault.Unavailable("error.not_configured", nil)
	}
	raw, err := hookBody(c)
	if err != nil {
		return err
	}
	if !chatwoot.VerifySignature(secret, c.Get(chatwoot.TimestampHeader), raw, c.Get(chatwoot.SignatureHeader), s.Clock.Machine()) {
		s.Metrics.ChatwootSignatureFailures.Inc()
		return fault.Unauthorized("error.signature")
	}
	return s.takeChatwoot(c, raw)
}

// receiveOldChatwoot stores what a version before 4.11.2 posts: a token in the address is all it can show.
func (s *Server) receiveOldChatwoot(c *fiber.Ctx) error {
	if s.set.Chatwoot.Token == "" {
		return fault.Unavailable("error.not_configured", nil)
	}
	if !sameSecret(c.Params("token"), s.set.Chatwoot.Token) {
		s.Metrics.ChatwootSignatureFailures.Inc()
		return fault.Unauthorized("error.signature")
	}
	raw, err := hookBody(c)
	if err != nil {
		return err
	}
	return s.takeChatwoot(c, raw)
}

// takeChatwoot stores an event whose sender is proved, and the job that gives it its effect. The answer
// speaks of customers' messages: all else is "ignored", though an agent's answer and a changed status are
// taken note of. What means nothing to us, private notes among it, is not kept.
func (s *Server) takeChatwoot(c *fiber.Ctx, raw []byte) error {
	proved(c)
	if !isJSON(c) {
		return unsupported()
	}
	event, err := chatwoot.ParseWebhook(raw, c.Get(chatwoot.DeliveryHeader))
	if err != nil {
		return malformed(err)
	}
	if event.Kind != models.EventOther {
		stored := inbox.Event{ID: event.ID, Kind: event.Kind, Sender: event.Sender, Payload: event.Payload}
		if _, err := s.accept(c, models.ProviderChatwoot, []inbox.Event{stored}); err != nil {
			return err
		}
	}
	status := "ignored"
	if event.Kind == models.EventMessage {
		status = "received"
	}
	return c.JSON(fiber.Map{"status": status, "ts": s.Clock.Machine().UnixMilli()})
}
