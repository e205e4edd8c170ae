package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/notify"
	"frontdesk/internal/staff"
	"frontdesk/models"
	views "frontdesk/views/content"
	"frontdesk/views/ui"
)

// restoreTemplate brings an earlier wording back, as a draft that waits for Meta.
func (s *Server) restoreTemplate(c *fiber.Ctx) error {
	ctx := c.UserContext()
	t, row, err := s.askedTemplate(c)
	if err != nil {
		return err
	}
	n, isNumber := atoi(c.Params("version"))
	if !isNumber || t.Code {
		return fault.NotFound("content.no_such_version")
	}
	past, err := s.Content.Version(ctx, models.WordingTemplate, t.Name, row.Language, n)
	if err != nil {
		return err
	}
	then := past.Content.Body
	if past.Content.Draft != "" {
		then = past.Content.Draft
	}
	page := views.Confirm{
		Title: i18n.T(ctx, "content.template.restore.title", "Version", n, "Name", t.Name), Lead: i18n.T(ctx, "console.lang."+row.Language),
		Effect: i18n.T(ctx, "content.template.restore.effect"), Submit: i18n.T(ctx, "content.restore.submit"), Back: templatesPath + "/" + t.Name,
		Lang: row.Language, Then: s.Content.TemplateSample(row, then), Now: s.Content.TemplateSample(row, row.Body),
	}
	return s.verdict(c, row, page, func(_ *form, v content.Verdict) func() error {
		return func() error {
			return s.Content.RestoreTemplate(ctx, v.Name, v.Language, content.ByWhatsApp, n, v.Seen, v.Saved)
		}
	})
}

// tryTemplate sends a template with its samples to a test number and says what WhatsApp makes of it.
func (s *Server) tryTemplate(c *fiber.Ctx) error {
	ctx := c.UserContext()
	t, row, err := s.askedTemplate(c)
	if err != nil {
		return err
	}
	v, err := ownVisitor(c)
	if err != nil {
		return err
	}
	numbers := s.Post.TestNumbers()
	if !row.Active || len(numbers) == 0 {
		return fault.NotFound("content.no_such_template")
	}
	var options []ui.Option
	var places []string
	for i, number := range numbers {
		places = append(places, strconv.Itoa(i))
		options = append(options, ui.Option{Value: places[i], Label: phoneFor(v.Role, number)})
	}
	f := s.form(c, "content.field")
	f.Fill("to", places[0])
	f.Fill("seen", strconv.Itoa(row.Version))
	f.Number("seen", 0, 1<<30) // what is tried is what is sent now, whatever the reader saw
	to, why, back := f.Choice("to", places...), f.OptionalText("reason", maxReason), templatesPath+"/"+t.Name
	if f.Valid() {
		i, _ := atoi(to) // one of places
		err := s.Post.Try(ctx, notify.Trial{Template: t.Name, Language: row.Language, Phone: numbers[i], StaffID: v.Staff.ID, Reason: why})
		if err == nil {
			return s.acted(c, acted{To: back, Toast: "content.template.tried"})
		}
		refusal := asFault(err)
		if refusal.Status() >= fiber.StatusInternalServerError && refusal.Key != "notify.trial.away" {
			return err
		}
		f.Wrong("to", refusal.Key, pairs(refusal.Facts)...)
	}
	return s.formPage(c, screen{title: "content.template.try", room: staff.Content}, f, views.ConfirmForm(views.Confirm{
		Title: i18n.T(ctx, "content.template.try.title", "Name", t.Name), Lead: i18n.T(ctx, "console.lang."+row.Language),
		Effect: i18n.T(ctx, "content.template.try.effect"), Submit: i18n.T(ctx, "content.template.try.submit"), Back: back, Lang: row.Language,
		Shown: s.Content.TemplateSample(row, row.Body), Form: f.Shown(), Fields: []ui.Field{{Name: "to", Options: options}},
	}))
}
