package handlers

import (
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/people"
	"frontdesk/views/ui"
)

// invitePerson makes an account and shows the link that opens it, once.
func (s *Server) invitePerson(c *fiber.Ctx) error {
	ctx := c.UserContext()
	v, _ := VisitorOf(ctx)
	stylists, err := s.stylistChoices(ctx)
	if err != nil {
		return err
	}
	f := s.form(c, "people.field")
	f.Fill("language", i18n.From(ctx).Language)
	in := staff.Invitee{
		Email: f.Text("email", 254), Name: f.Text("name", 80), Role: models.Role(f.Choice("role", roleNames()...)),
		Language: f.Choice("language", models.Languages()...), StylistID: f.OptionalID("stylist"),
	}
	if f.Valid() {
		link, err := s.Staff.Invite(ctx, v.Principal, in)
		if err == nil {
			return s.showLink(c, link)
		}
		if !f.Refused(err) {
			return err
		}
	}
	page := ui.Act{
		Title: i18n.T(ctx, "people.invite"), Lead: i18n.T(ctx, "people.invite_lead"), Submit: i18n.T(ctx, "people.invite_submit"), Cancel: peoplePath, Form: f.Shown(),
	}
	return s.formPage(c, screen{title: "people.invite", room: staff.People}, f, people.Act(page, people.InviteFields(page.Form, roleChoices(ctx), stylists)))
}

// showLink shows a link to hand over. It is nowhere else.
func (s *Server) showLink(c *fiber.Ctx, made staff.Invitation) error {
	private(c)
	url := s.set.BaseURL + "/console/invitation/" + made.Token
	if wantsJSON(c) {
		return c.JSON(fiber.Map{"ok": true, "result": fiber.Map{"person": made.StaffID, "link": url, "expires_at": made.ExpiresAt}})
	}
	policies, err := s.Policies.Policies(c.UserContext())
	if err != nil {
		return err
	}
	body := people.LinkMade(url, peoplePath+"/"+made.StaffID.String(), made.ExpiresAt.In(policies.Zone()))
	return s.page(c, screen{title: "people.link_made", room: staff.People}, body)
}

// editPerson changes name, role and diary. Over somebody else's change nothing is written: the form comes
// back with what stands there now.
func (s *Server) editPerson(c *fiber.Ctx) error {
	ctx := c.UserContext()
	p, err := s.personOf(c)
	if err != nil {
		return err
	}
	v, _ := VisitorOf(ctx)
	stylists, err := s.stylistChoices(ctx)
	if err != nil {
		return err
	}
	f := s.form(c, "people.field")
	fillPerson(f, p)
	change := staff.Change{
		Name: f.Text("name", 80), Role: models.Role(f.Choice("role", roleNames()...)), StylistID: f.OptionalID("stylist"), Version: int64(f.Number("version", 0, 1<<31)),
	}
	if f.Valid() {
		err := s.Staff.ChangePerson(ctx, v.Principal, p.ID, change)
		if err == nil {
			return s.acted(c, acted{To: peoplePath + "/" + p.ID.String(), Toast: "people.edited"})
		}
		if !f.Refused(err) {
			return err
		}
		if fault.Is(err, "staff.changed_meanwhile") {
			f.Wrong("", "people.now_stands", "Name", p.Name, "Role", i18n.T(ctx, "console.role."+string(p.Role)))
			f.values.Set("version", strconv.FormatInt(p.Version, 10)) // the next save is a decision
		}
	}
	page := s.personAct(c, p, "people.edit", f)
	page.Effect = i18n.T(ctx, "people.edit_effect")
	return s.formPage(c, screen{title: "people.edit", room: staff.People}, f, people.Act(page, people.EditFields(page.Form, roleChoices(ctx), stylists)))
}

func fillPerson(f *form, p staff.Person) {
	f.Fill("name", p.Name)
	f.Fill("role", string(p.Role))
	f.Fill("version", strconv.FormatInt(p.Version, 10))
	if p.StylistID != nil {
		f.Fill("stylist", p.StylistID.String())
	}
}

func roleNames() []string {
	var out []string
	for _, role := range models.Roles() {
		out = append(out, string(role))
	}
	return out
}

func (s *Server) personAct(c *fiber.Ctx, p staff.Person, key string, f *form) ui.Act {
	ctx := c.UserContext()
	return ui.Act{
		Title: i18n.T(ctx, key), Lead: p.Name, Submit: i18n.T(ctx, key+"_submit"), Cancel: peoplePath + "/" + p.ID.String(), Form: f.Shown(),
	}
}

// personDeed is an act on somebody's account that asks for no more than a reason.
type personDeed struct {
	key    string // translation keys: <key>, <key>_submit, <key>_effect, <key>_done
	tone   ui.Tone
	reason bool // asks why
	do     func(by staff.Principal, p staff.Person, reason string) error
}

// deed answers a personDeed: its form, and the act.
func (s *Server) deed(c *fiber.Ctx, d personDeed) error {
	ctx := c.UserContext()
	p, err := s.personOf(c)
	if err != nil {
		return err
	}
	v, _ := VisitorOf(ctx)
	f := s.form(c, "people.field")
	reason := ""
	if d.reason {
		reason = f.Text("reason", 300)
	}
	if f.Valid() {
		if err := d.do(v.Principal, p, reason); err == nil {
			return s.acted(c, acted{To: peoplePath + "/" + p.ID.String(), Toast: d.key + "_done"})
		} else if !f.Refused(err) {
			return err
		}
	}
	page := s.personAct(c, p, d.key, f)
	page.Tone, page.Effect = d.tone, i18n.T(ctx, d.key+"_effect")
	var fields templ.Component = templ.NopComponent
	if d.reason {
		fields = people.ReasonField(page.Form)
	}
	return s.formPage(c, screen{title: d.key, room: staff.People}, f, people.Act(page, fields))
}

func (s *Server) disablePerson(c *fiber.Ctx) error {
	return s.deed(c, personDeed{key: "people.disable", tone: ui.Danger, reason: true, do: func(by staff.Principal, p staff.Person, reason string) error {
		return s.Staff.Disable(c.UserContext(), by, p.ID, reason)
	}})
}

func (s *Server) enablePerson(c *fiber.Ctx) error {
	return s.deed(c, personDeed{key: "people.enable", do: func(by staff.Principal, p staff.Person, _ string) error {
		return s.Staff.Enable(c.UserContext(), by, p.ID)
	}})
}

func (s *Server) resetFactors(c *fiber.Ctx) error {
	return s.deed(c, personDeed{key: "people.reset", tone: ui.Danger, reason: true, do: func(by staff.Principal, p staff.Person, reason string) error {
		return s.Staff.ResetFactors(c.UserContext(), by, p.ID, reason)
	}})
}

func (s *Server) endSessions(c *fiber.Ctx) error {
	return s.deed(c, personDeed{key: "people.end_all", tone: ui.Danger, do: func(by staff.Principal, p staff.Person, _ string) error {
		return s.Staff.EndSessions(c.UserContext(), by, p.ID)
	}})
}

func (s *Server) endPersonSession(c *fiber.Ctx) error {
	return s.deed(c, personDeed{key: "people.end_one", do: func(by staff.Principal, p staff.Person, _ string) error {
		return s.Staff.EndSession(c.UserContext(), by, p.ID, c.Params("session"))
	}})
}

func (s *Server) revokePersonToken(c *fiber.Ctx) error {
	id, err := idParam(c, "token")
	if err != nil {
		return err
	}
	return s.deed(c, personDeed{key: "people.revoke", tone: ui.Danger, do: func(by staff.Principal, p staff.Person, _ string) error {
		return s.Staff.RevokeToken(c.UserContext(), by, p.ID, id)
	}})
}

// linkPerson makes a new link for somebody who lost theirs, or their password.
func (s *Server) linkPerson(c *fiber.Ctx) error {
	ctx := c.UserContext()
	p, err := s.personOf(c)
	if err != nil {
		return err
	}
	v, _ := VisitorOf(ctx)
	f := s.form(c, "people.field")
	if f.Valid() {
		link, err := s.Staff.InviteAgain(ctx, v.Principal, p.ID)
		if err == nil {
			return s.showLink(c, link)
		}
		if !f.Refused(err) {
			return err
		}
	}
	page := s.personAct(c, p, "people.link", f)
	page.Effect = i18n.T(ctx, "people.link_effect")
	return s.formPage(c, screen{title: "people.link", room: staff.People}, f, people.Act(page, templ.NopComponent))
}
