package handlers

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/people"
	"frontdesk/views/ui"
)

// personPage is one account: what it may do, how it is protected, where it is signed in, its history.
func (s *Server) personPage(c *fiber.Ctx) error {
	p, err := s.personOf(c)
	if err != nil {
		return err
	}
	page, err := s.drawPerson(c, p)
	if err != nil {
		return err
	}
	return s.page(c, screen{title: "people.person", room: staff.People}, people.PersonPage(page))
}

// personOf is the account in the route's path.
func (s *Server) personOf(c *fiber.Ctx) (staff.Person, error) {
	id, err := idParam(c, "id")
	if err != nil {
		return staff.Person{}, err
	}
	return s.Staff.Person(c.UserContext(), id)
}

func (s *Server) drawPerson(c *fiber.Ctx, p staff.Person) (people.Person, error) {
	ctx := c.UserContext()
	v, _ := VisitorOf(ctx)
	out := people.Person{
		URL: peoplePath + "/" + p.ID.String(), Name: p.Name, Email: p.Email, Role: p.Role, Language: p.Language, State: p.State(),
		Self: v.Staff.ID == p.ID, Lacks: s.Staff.FactorRequired(p.Role) && p.Factors == 0,
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return out, err
	}
	zone := policies.Zone()
	out.LastIn = inZone(p.LastSignedInAt, zone)
	if p.Link != nil {
		out.LinkEnds = inZone(&p.Link.ExpiresAt, zone)
	}
	if out.Stylist, err = s.stylistName(ctx, p.StylistID); err != nil {
		return out, err
	}
	if err := s.personAccess(ctx, p.ID, v, zone, &out); err != nil {
		return out, err
	}
	out.History, err = s.history(c, "staff", p.ID.String())
	return out, err
}

// personAccess adds what the person comes in with.
func (s *Server) personAccess(ctx context.Context, id models.ID, v Visitor, zone *time.Location, out *people.Person) (err error) {
	if out.Factors, err = s.factorsOf(ctx, id, zone); err != nil {
		return err
	}
	if out.Sessions, err = s.sessionsOf(ctx, id, v.Session, zone); err != nil {
		return err
	}
	out.Tokens, err = s.tokensOf(ctx, id, zone)
	return err
}

func (s *Server) stylistName(ctx context.Context, id *models.ID) (string, error) {
	if id == nil {
		return "", nil
	}
	all, err := s.Staff.Stylists(ctx)
	for _, one := range all {
		if one.ID == *id {
			return ui.In(ctx, one.Names), err
		}
	}
	return "", err
}

// stylistChoices are the diaries an account may be given.
func (s *Server) stylistChoices(ctx context.Context) ([]ui.Option, error) {
	all, err := s.Staff.Stylists(ctx)
	var out []ui.Option
	for _, one := range all {
		label := ui.In(ctx, one.Names)
		if !one.Active {
			label = i18n.T(ctx, "people.gone", "Name", label)
		}
		out = append(out, ui.Option{Value: one.ID.String(), Label: label})
	}
	return out, err
}
