package handlers

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	views "frontdesk/views/content"
	"frontdesk/views/ui"
)

const templatesPath = contentPath + "/templates"

// templateList lists the WhatsApp templates with their status in each language.
func (s *Server) templateList(c *fiber.Ctx) error {
	spec := tableSpec{
		ID: "templates", Path: templatesPath, Caption: "content.templates.caption",
		Columns: []tableColumn{
			{Key: "name", Label: "content.column.name"}, {Key: "purpose", Label: "content.column.purpose"},
			{Key: "status", Label: "content.column.status"}, {Key: "wording", Label: "content.column.wording", Optional: true, Hidden: true},
		},
	}
	return s.table(c, screen{title: "content.title", room: staff.Content}, spec, s.templateRows, func(t ui.Table) templ.Component {
		return views.TemplateList(t)
	})
}

func (s *Server) templateRows(ctx context.Context, _ tableQuery) (tablePage, error) {
	all, err := s.Content.AllTemplates(ctx)
	if err != nil {
		return tablePage{}, err
	}
	var page tablePage
	lang := i18n.From(ctx).Language
	for _, t := range all {
		purpose, in, words := purposeOf(ctx, t), templateStatuses(ctx, t), []string{}
		for _, w := range in {
			words = append(words, strings.ToUpper(w.Lang)+": "+w.Status)
		}
		page.Rows = append(page.Rows, tableRow{Row: ui.Row{URL: templatesPath + "/" + t.Name, Label: t.Name, Cells: []ui.Cell{
			{Text: t.Name, Code: true}, {Text: purpose, View: views.Purpose(purpose, t.Dormant)},
			{Text: strings.Join(words, " · "), View: views.Statuses(in)}, {Text: t.In[lang].Body, View: views.Line(t.In[lang].Body, lang)},
		}}})
	}
	return page, nil
}

// purposeOf says what a template is for.
func purposeOf(ctx context.Context, t content.WhatsAppTemplate) string {
	if t.Added {
		return i18n.T(ctx, "content.template.added")
	}
	return i18n.T(ctx, "content.purpose."+t.Name)
}

// templateStatuses is what Meta last said in each language, and where a draft waits.
func templateStatuses(ctx context.Context, t content.WhatsAppTemplate) []views.Wording {
	var in []views.Wording
	for _, lang := range models.Languages() {
		row, there := t.In[lang]
		if !there || row.RemovedAt != nil {
			in = append(in, views.Wording{Lang: lang, Status: i18n.T(ctx, "content.template.removed"), Tone: ui.Attention})
			continue
		}
		w := views.Wording{Lang: lang, Status: i18n.T(ctx, "content.approval."+string(row.Approval))}
		switch {
		case row.Approval.Stops():
			w.Tone = ui.Danger
		case !row.Active:
			w.Tone, w.Status = ui.Attention, i18n.T(ctx, "content.template.inactive")
		case row.Approval == models.ApprovalApproved:
			w.Tone = ui.Good
		}
		if row.Draft != "" {
			w.Status += " · " + i18n.T(ctx, "content.template.draft")
		}
		in = append(in, w)
	}
	return in
}

// templatePage is the page of one template.
func (s *Server) templatePage(c *fiber.Ctx) error {
	ctx := c.UserContext()
	t, err := s.Content.WhatsAppTemplate(ctx, c.Params("name"))
	if err != nil {
		return err
	}
	p := views.TemplatePage{
		Name: t.Name, Purpose: purposeOf(ctx, t), Dormant: t.Dormant, Code: t.Code, Facts: s.factsOf(ctx, t.Values, t.Values),
		In: templateStatuses(ctx, t),
	}
	for i := range p.In {
		if err := s.templateWording(ctx, t, &p.In[i]); err != nil {
			return err
		}
	}
	return s.page(c, screen{title: "content.title", room: staff.Content, wide: true}, views.TemplateOne(p))
}

// templateWording fills a column of a template's page: what is sent, what waits, Meta's limits, what it said before.
func (s *Server) templateWording(ctx context.Context, t content.WhatsAppTemplate, w *views.Wording) error {
	row, may, path := t.In[w.Lang], s.mayChange(ctx, staff.Content), templatesPath+"/"+t.Name+"/"+w.Lang
	if row.ID != (models.ID{}) && row.RemovedAt == nil {
		w.Body, w.Preview, w.Footer, w.Buttons = row.Body, s.Content.TemplateSample(row, row.Body), row.Footer, row.Buttons
		newest := content.Dress{Body: row.Body, Footer: row.Footer, Buttons: row.Buttons}
		if row.Draft != "" {
			newest = content.Dress{Body: row.Draft, Footer: row.DraftFooter, Buttons: row.DraftButtons}
			w.Draft = &views.Draft{Body: row.Draft, Preview: s.Content.TemplateSample(row, row.Draft), Footer: row.DraftFooter, Buttons: row.DraftButtons}
		}
		if !t.Code {
			w.Measures = measuresOf(ctx, newest, s.Content.TemplateSample(row, newest.Body))
		}
		if may {
			w.Acts = s.templateActs(ctx, path, t, row)
		}
	}
	restore := ""
	if may && !t.Code && row.RemovedAt == nil {
		restore = path + "/restore/"
	}
	return s.wordingPast(ctx, models.WordingTemplate, t.Name, w, restore, restore != "")
}

func measuresOf(ctx context.Context, d content.Dress, filled string) []views.Measure {
	var out []views.Measure
	for _, m := range d.Measures(filled) {
		out = append(out, views.Measure{Label: i18n.T(ctx, "content.measure."+m.Key), Figure: m.Figure(), Held: m.Held})
	}
	return out
}

func (s *Server) templateActs(ctx context.Context, path string, t content.WhatsAppTemplate, row models.MessageText) []views.Act {
	var acts []views.Act
	if !t.Code {
		acts = append(acts, views.Act{URL: path + "/edit", Label: i18n.T(ctx, "content.template.edit"), Icon: "pencil"})
	}
	if row.Active && len(s.Post.TestNumbers()) > 0 {
		acts = append(acts, views.Act{URL: path + "/try", Label: i18n.T(ctx, "content.template.try"), Icon: "send"})
	}
	if row.Draft != "" {
		acts = append(acts, views.Act{URL: path + "/answer", Label: i18n.T(ctx, "content.template.answer"), Icon: "check"})
	}
	return append(acts, views.Act{URL: path + "/approval", Label: i18n.T(ctx, "content.template.approval"), Icon: "tag"})
}

// askedTemplate is the template and the row a request is about.
func (s *Server) askedTemplate(c *fiber.Ctx) (content.WhatsAppTemplate, models.MessageText, error) {
	t, err := s.Content.WhatsAppTemplate(c.UserContext(), c.Params("name"))
	if err != nil {
		return t, models.MessageText{}, err
	}
	row, ok := t.In[c.Params("lang")]
	if !ok || row.RemovedAt != nil {
		return t, row, fault.NotFound("content.no_such_template")
	}
	return t, row, nil
}

// draftTemplate keeps new wording that waits for Meta; with "preview" it shows what was typed.
func (s *Server) draftTemplate(c *fiber.Ctx) error {
	ctx := c.UserContext()
	t, row, err := s.askedTemplate(c)
	if err != nil {
		return err
	}
	f, now := s.form(c, "content.field"), row.Body
	if row.Draft != "" {
		now = row.Draft
	}
	f.Fill("body", now)
	f.Fill("seen", strconv.Itoa(row.Version))
	edit := content.TemplateEdit{
		Name: t.Name, Language: row.Language, Body: f.Long("body", maxTyped), Seen: f.Number("seen", 0, 1<<30),
		Saved: content.Saved{Actor: actorOf(ctx), Reason: f.OptionalText("reason", maxReason)},
	}
	if f.posted && edit.Body != "" {
		for _, p := range content.CheckBody(row.Values, edit.Body) {
			f.Wrong("body", p.Key, pairs(p.Facts)...)
		}
	}
	back := templatesPath + "/" + t.Name
	if previewed := f.Checked("preview"); f.Valid() && !previewed {
		if err = s.Content.DraftTemplate(ctx, edit); err == nil {
			return s.acted(c, acted{To: back, Toast: "content.template.kept"})
		}
		if !refusedTemplate(f, row, now, err) {
			return err
		}
	}
	return s.formPage(c, screen{title: "content.template.edit", room: staff.Content}, f, views.DraftEdit(views.DraftForm{
		Name: t.Name, Back: back, Limit: i18n.T(ctx, "content.limit", "Max", models.MaxBody), Max: models.MaxBody, Lang: row.Language,
		Facts: s.factsOf(ctx, t.Values, t.Values), Form: f.Shown(), Now: s.Content.Sample(row.Language, now),
		Preview: s.Content.Sample(row.Language, f.values.Get("body")),
	}))
}

// refusedTemplate takes a refusal into the form; what somebody else saved meanwhile is taken as seen.
func refusedTemplate(f *form, row models.MessageText, now string, err error) bool {
	if !fault.Is(err, "content.changed_meanwhile") {
		return f.Refused(err)
	}
	f.Wrong("body", "content.somebody", "Now", now)
	f.values.Set("seen", strconv.Itoa(row.Version))
	return true
}

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
