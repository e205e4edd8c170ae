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

// answerDraft records what Meta said about a draft.
func (s *Server) answerDraft(c *fiber.Ctx) error {
	ctx := c.UserContext()
	t, row, err := s.askedTemplate(c)
	if err != nil {
		return err
	}
	if row.Draft == "" {
		return fault.Conflict("content.no_draft")
	}
	answers := []ui.Option{
		{Value: "approved", Label: i18n.T(ctx, "content.template.answer.yes")}, {Value: "rejected", Label: i18n.T(ctx, "content.template.answer.no")},
	}
	page := views.Confirm{
		Title: i18n.T(ctx, "content.template.answer.title", "Name", t.Name), Lead: i18n.T(ctx, "console.lang."+row.Language),
		Submit: i18n.T(ctx, "content.template.answer.submit"), Back: templatesPath + "/" + t.Name, Lang: row.Language,
		Then: s.Content.Sample(row.Language, row.Draft), Now: s.Content.Sample(row.Language, row.Body),
		Fields: []ui.Field{{Name: "answer", Options: answers}},
	}
	return s.verdict(c, row, page, func(f *form, v content.Verdict) func() error {
		answer := f.Choice("answer", "approved", "rejected")
		return func() error { return s.Content.AnswerDraft(ctx, v, answer == "approved") }
	})
}

// setApproval records what Meta says about the wording that is sent.
func (s *Server) setApproval(c *fiber.Ctx) error {
	ctx := c.UserContext()
	t, row, err := s.askedTemplate(c)
	if err != nil {
		return err
	}
	var allowed []string
	var options []ui.Option
	for _, a := range models.Approvals() {
		allowed = append(allowed, string(a))
		options = append(options, ui.Option{Value: string(a), Label: i18n.T(ctx, "content.approval."+string(a))})
	}
	page := views.Confirm{
		Title: i18n.T(ctx, "content.template.approval.title", "Name", t.Name), Lead: i18n.T(ctx, "console.lang."+row.Language),
		Effect: i18n.T(ctx, "content.template.approval.effect"), Submit: i18n.T(ctx, "content.template.answer.submit"),
		Back: templatesPath + "/" + t.Name, Fields: []ui.Field{{Name: "approval", Options: options}},
	}
	return s.verdict(c, row, page, func(f *form, v content.Verdict) func() error {
		f.Fill("approval", string(row.Approval))
		approval := f.Choice("approval", allowed...)
		return func() error { return s.Content.SetApproval(ctx, v, models.Approval(approval)) }
	})
}

// verdict is the form of something Meta said: read adds its own field and gives what is to be done.
func (s *Server) verdict(c *fiber.Ctx, row models.MessageText, page views.Confirm, read func(*form, content.Verdict) func() error) error {
	f := s.form(c, "content.field")
	f.Fill("seen", strconv.Itoa(row.Version))
	v := content.Verdict{
		Name: row.Key, Language: row.Language, Seen: f.Number("seen", 0, 1<<30),
		Saved: content.Saved{Actor: actorOf(c.UserContext()), Reason: f.OptionalText("reason", maxReason)},
	}
	record := read(f, v)
	if f.Valid() {
		err := record()
		if err == nil {
			return s.acted(c, acted{To: page.Back, Toast: "content.template.recorded"})
		}
		if !f.Refused(err) {
			return err
		}
		f.values.Set("seen", strconv.Itoa(row.Version))
	}
	page.Form = f.Shown()
	return s.formPage(c, screen{title: "content.template.approval", room: staff.Content}, f, views.ConfirmForm(page))
}

// restoreTemplate brings an earlier wording back: one of WhatsApp as a draft that waits for Meta, one of the web at once.
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
	past, err := s.Content.Version(ctx, kindOf(t.Road), t.Name, row.Language, n)
	if err != nil {
		return err
	}
	then := past.Content.Body
	if past.Content.Draft != "" {
		then = past.Content.Draft
	}
	page := views.Confirm{
		Title: i18n.T(ctx, "content.template.restore.title", "Version", n, "Name", t.Name), Lead: i18n.T(ctx, "console.lang."+row.Language),
		Effect: i18n.T(ctx, "content.template.restore.effect."+string(t.Road)), Submit: i18n.T(ctx, "content.restore.submit"), Back: pathOf(t.Road) + "/" + t.Name,
		Lang: row.Language, Then: s.Content.TemplateSample(row, then), Now: s.Content.TemplateSample(row, row.Body),
	}
	return s.verdict(c, row, page, func(_ *form, v content.Verdict) func() error {
		return func() error {
			return s.Content.RestoreTemplate(ctx, v.Name, v.Language, t.Road, n, v.Seen, v.Saved)
		}
	})
}

// takeOutTemplate takes a template out of one language.
func (s *Server) takeOutTemplate(c *fiber.Ctx) error { return s.setTemplateAside(c, "remove", true) }

// putBackTemplate puts back what was taken out.
func (s *Server) putBackTemplate(c *fiber.Ctx) error { return s.setTemplateAside(c, "put_back", false) }

func (s *Server) setTemplateAside(c *fiber.Ctx, act string, out bool) error {
	ctx := c.UserContext()
	t, err := s.Content.TemplateSet(ctx, roadOf(c), c.Params("name"))
	if err != nil {
		return err
	}
	row, there := t.In[c.Params("lang")]
	if !there || t.Code { // whether it is out already, the act itself finds
		return fault.NotFound("content.no_such_template")
	}
	key := "content.template." + act
	page := views.Confirm{
		Title: i18n.T(ctx, key+".title", "Name", t.Name), Lead: i18n.T(ctx, "console.lang."+row.Language), Effect: i18n.T(ctx, key+".effect."+string(t.Road)),
		Submit: i18n.T(ctx, key), Back: pathOf(t.Road) + "/" + t.Name, Lang: row.Language, Shown: s.Content.TemplateSample(row, row.Body),
	}
	return s.verdict(c, row, page, func(_ *form, v content.Verdict) func() error {
		return func() error { return s.Content.SetAside(ctx, t.Road, v, out) }
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
