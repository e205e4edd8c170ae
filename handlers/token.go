package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

// issueToken signs a script in and gives it a bearer token with exactly that person's rights.
func (s *Server) issueToken(c *fiber.Ctx) error {
	var in struct {
		Email    string `json:"email"`
		Password string `json:"password"`
		Code     string `json:"code"` // of an app, or a recovery code; where a second factor is enrolled
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	missing := map[string]string{}
	if in.Email == "" {
		missing["email"] = "required"
	}
	if in.Password == "" {
		missing["password"] = "required"
	}
	if len(missing) > 0 {
		return fault.Invalid("error.validation", missing)
	}
	token, p, err := s.Staff.IssueToken(c.UserContext(), staff.Attempt{
		Email: in.Email, Password: in.Password, Code: in.Code, Address: s.caller(c),
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(struct {
		Token     string      `json:"token"`
		Role      models.Role `json:"role"`
		ExpiresAt time.Time   `json:"expires_at"`
	}{token.Value, p.Role, token.ExpiresAt})
}
