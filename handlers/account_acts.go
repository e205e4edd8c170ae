package handlers

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/account"
	"frontdesk/views/login"
	"frontdesk/views/ui"
)

// ownAct is an act on one's own account: a form and what it does.
type ownAct struct {
	key    string // translation keys: <key>.title, .submit, .done and, when set, .lead and .effect
	effect bool
	tone   ui.Tone
	fields func(ui.Form) templ.Component // nil: nothing to fill in
	// read prepares the form and gives what to do with it.
	read func(v Visitor, f *form) func() error
}

// own answers an act on one's own account.
func (s *Server) own(c *fiber.Ctx, a ownAct) error {
	v, err := ownVisitor(c)
	if err != nil {
		return err
	}
	f := s.form(c, "access.field")
	do := a.read(v, f)
	if f.Valid() {
		if err = do(); err == nil {
			return s.acted(c, acted{To: accountPath, Toast: a.key + ".done"})
		}
		if s.proofRefused(c, f, err) == 0 {
			return err
		}
	}
	ctx := c.UserContext()
	page := ui.Act{Title: i18n.T(ctx, a.key+".title"), Submit: i18n.T(ctx, a.key+".submit"), Cancel: accountPath, Tone: a.tone, Form: f.Shown()}
	if a.effect {
		page.Effect = i18n.T(ctx, a.key+".effect")
	}
	var body templ.Component = templ.NopComponent
	if a.fields != nil {
		body = a.fields(page.Form)
	}
	return s.formPage(c, screen{title: a.key + ".title"}, f, account.Act(page, body))
}

// idParam is the id in a route's path; an id that is none names nothing.
func idParam(c *fiber.Ctx, name string) (models.ID, error) {
	var id models.ID
	if id.UnmarshalText([]byte(c.Params(name))) != nil {
		return id, fault.NotFound("error.not_found")
	}
	return id, nil
}

func (s *Server) accountDetails(c *fiber.Ctx) error {
	return s.own(c, ownAct{key: "access.details", fields: account.DetailFields, read: func(v Visitor, f *form) func() error {
		f.Fill("name", v.Staff.Name)
		f.Fill("phone", v.Staff.Phone)
		f.Fill("language", v.Staff.Language)
		own := staff.Details{Name: f.Text("name", 80), Phone: f.OptionalText("phone", 40), Language: f.Choice("language", models.Languages()...)}
		return func() error { return s.Staff.SetOwn(c.UserContext(), v.Principal, own) }
	}})
}

func (s *Server) accountPassword(c *fiber.Ctx) error {
	return s.own(c, ownAct{key: "access.password", effect: true, fields: account.PasswordFields, read: func(v Visitor, f *form) func() error {
		current, password := f.Secret("current_password", maxSecret), f.Secret("password", maxSecret)
		return func() error {
			return s.Staff.ChangePassword(c.UserContext(), v.Principal, v.Session, current, password)
		}
	}})
}

func (s *Server) renameFactor(c *fiber.Ctx) error {
	id, err := idParam(c, "factor")
	if err != nil {
		return err
	}
	return s.own(c, ownAct{key: "access.rename", fields: account.NameField, read: func(v Visitor, f *form) func() error {
		name := f.Text("name", 60)
		return func() error { return s.Staff.RenameFactor(c.UserContext(), v.Principal, id, name) }
	}})
}

func (s *Server) removeFactor(c *fiber.Ctx) error {
	id, err := idParam(c, "factor")
	if err != nil {
		return err
	}
	return s.own(c, ownAct{key: "access.remove", effect: true, tone: ui.Danger, read: func(v Visitor, _ *form) func() error {
		return func() error { return s.Staff.RemoveFactor(c.UserContext(), v.Principal, v.Session, id) }
	}})
}

func (s *Server) endOwnSession(c *fiber.Ctx) error {
	return s.own(c, ownAct{key: "access.end_session", effect: true, read: func(v Visitor, _ *form) func() error {
		return func() error {
			return s.Staff.EndSession(c.UserContext(), v.Principal, v.Staff.ID, c.Params("session"))
		}
	}})
}

func (s *Server) endOtherSessions(c *fiber.Ctx) error {
	return s.own(c, ownAct{key: "access.end_others", effect: true, read: func(v Visitor, _ *form) func() error {
		return func() error { return s.Staff.EndOtherSessions(c.UserContext(), v.Principal, v.Session) }
	}})
}

func (s *Server) revokeOwnToken(c *fiber.Ctx) error {
	id, err := idParam(c, "token")
	if err != nil {
		return err
	}
	return s.own(c, ownAct{key: "access.revoke_token", effect: true, tone: ui.Danger, read: func(v Visitor, _ *form) func() error {
		return func() error { return s.Staff.RevokeToken(c.UserContext(), v.Principal, v.Staff.ID, id) }
	}})
}

// createToken makes a token and shows it, once.
func (s *Server) createToken(c *fiber.Ctx) error {
	v, err := ownVisitor(c)
	if err != nil {
		return err
	}
	ctx, f := c.UserContext(), s.form(c, "access.field")
	f.Fill("days", "30")
	name, days := f.Text("name", 60), f.Number("days", 1, 90)
	if f.Valid() {
		token, err := s.Staff.CreateToken(ctx, v.Principal, name, days)
		if err == nil {
			return s.page(c, screen{title: "access.token.made"}, account.TokenMade(token.Value))
		}
		if !f.Refused(err) {
			return err
		}
	}
	page := ui.Act{
		Title: i18n.T(ctx, "access.token.title"), Lead: i18n.T(ctx, "access.token.lead"), Submit: i18n.T(ctx, "access.token.submit"), Cancel: accountPath, Form: f.Shown(),
	}
	return s.formPage(c, screen{title: "access.token.title"}, f, account.Act(page, account.TokenFields(page.Form)))
}

// newRecoveryCodes makes ten codes and shows them, once.
func (s *Server) newRecoveryCodes(c *fiber.Ctx) error {
	v, err := ownVisitor(c)
	if err != nil {
		return err
	}
	ctx, f := c.UserContext(), s.form(c, "access.field")
	if f.Valid() {
		codes, err := s.Staff.NewRecoveryCodes(ctx, v.Principal)
		if err == nil {
			return s.page(c, screen{title: "access.codes.title"}, login.CodesPage(codes, accountPath))
		}
		if !f.Refused(err) {
			return err
		}
	}
	page := ui.Act{
		Title: i18n.T(ctx, "access.codes.new"), Submit: i18n.T(ctx, "access.codes.make"), Effect: i18n.T(ctx, "access.codes.effect"), Cancel: accountPath, Form: f.Shown(),
	}
	return s.formPage(c, screen{title: "access.codes.new"}, f, account.Act(page, templ.NopComponent))
}
