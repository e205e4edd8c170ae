package handlers

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/account"
)

const accountPath = "/console/account"

// ownVisitor is a person at their own browser. A token speaks for its person in the rooms, not about
// the person's own account.
func ownVisitor(c *fiber.Ctx) (Visitor, error) {
	v, _ := VisitorOf(c.UserContext())
	if v.Session.ID == "" {
		return Visitor{}, fault.Forbidden("error.forbidden")
	}
	return v, nil
}

// accountPage is one's own account: who one is here, and everything one can come in with.
func (s *Server) accountPage(c *fiber.Ctx) error {
	v, err := ownVisitor(c)
	if err != nil {
		return err
	}
	p, err := s.accountOf(c, v)
	if err != nil {
		return err
	}
	return s.page(c, screen{title: "access.account.title"}, account.Page(p))
}

func (s *Server) accountOf(c *fiber.Ctx, v Visitor) (account.Account, error) {
	ctx := c.UserContext()
	p := account.Account{
		Name: v.Staff.Name, Email: v.Staff.Email, Role: v.Role, Language: v.Staff.Language, Required: s.Staff.FactorRequired(v.Role),
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return p, err
	}
	if p.Factors, err = s.factorsOf(ctx, v.Staff.ID, policies.Zone()); err != nil {
		return p, err
	}
	if p.CodesLeft, err = s.Staff.RecoveryCodesLeft(ctx, v.Staff.ID); err != nil {
		return p, err
	}
	if p.Sessions, err = s.sessionsOf(ctx, v.Staff.ID, v.Session, policies.Zone()); err != nil {
		return p, err
	}
	p.Tokens, err = s.tokensOf(ctx, v.Staff.ID, policies.Zone())
	return p, err
}

// factorsOf, sessionsOf and tokensOf are what a person comes in with, as pages list it.
func (s *Server) factorsOf(ctx context.Context, id models.ID, zone *time.Location) ([]account.Factor, error) {
	rows, err := s.Staff.Factors(ctx, id)
	out := make([]account.Factor, len(rows))
	for i, row := range rows {
		out[i] = account.Factor{ID: row.ID.String(), Kind: row.Kind, Name: row.Name, Added: row.CreatedAt.In(zone), Used: inZone(row.LastUsedAt, zone)}
	}
	return out, err
}

func (s *Server) sessionsOf(ctx context.Context, id models.ID, here staff.Session, zone *time.Location) ([]account.Session, error) {
	rows, err := s.Staff.Sessions(ctx, id, here)
	out := make([]account.Session, len(rows))
	for i, row := range rows {
		out[i] = account.Session{
			Handle: row.Handle, Device: deviceWords(ctx, row.Device), Near: row.Near, Opened: row.OpenedAt.In(zone), Seen: row.SeenAt.In(zone),
			By: i18n.T(ctx, "access.by."+string(row.ProvedBy)), This: row.This,
		}
	}
	return out, err
}

func (s *Server) tokensOf(ctx context.Context, id models.ID, zone *time.Location) ([]account.Token, error) {
	rows, err := s.Staff.Tokens(ctx, id)
	out := make([]account.Token, len(rows))
	for i, row := range rows {
		out[i] = account.Token{ID: row.ID.String(), Name: row.Name, Made: row.CreatedAt.In(zone), Ends: row.ExpiresAt.In(zone), Used: inZone(row.LastUsedAt, zone)}
	}
	return out, err
}

// deviceWords says what a browser is: "Firefox on Android".
func deviceWords(ctx context.Context, d staff.Device) string {
	switch {
	case d.Browser != "" && d.System != "":
		return i18n.T(ctx, "access.device", "Browser", d.Browser, "System", d.System)
	case d.Browser == "" && d.System == "":
		return i18n.T(ctx, "access.device_unknown")
	default:
		return strings.TrimSpace(d.Browser + d.System)
	}
}

func inZone(t *time.Time, zone *time.Location) *time.Time {
	if t == nil {
		return nil
	}
	at := t.In(zone)
	return &at
}
