package handlers

import (
	"context"
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

// Where the templates of either road stand.
const (
	templatesPath = contentPath + "/templates"
	webPath       = contentPath + "/web"
	addPath       = contentPath + "/add-template"
)

// roadOf is which road's templates a request is about.
func roadOf(c *fiber.Ctx) content.Road {
	if strings.HasPrefix(c.Path(), webPath) {
		return content.OnTheWeb
	}
	return content.ByWhatsApp
}

func pathOf(road content.Road) string {
	if road == content.OnTheWeb {
		return webPath
	}
	return templatesPath
}

// templateList lists a road's templates with their status in each language.
func (s *Server) templateList(c *fiber.Ctx) error {
	road, add := roadOf(c), ""
	if s.mayChange(c.UserContext(), staff.Content) {
		add = link(addPath, "road", string(road))
	}
	spec := tableSpec{
		ID: "templates-" + string(road), Path: pathOf(road), Caption: "content.templates.caption." + string(road),
		Columns: []tableColumn{
			{Key: "name", Label: "content.column.name"}, {Key: "purpose", Label: "content.column.purpose"},
			{Key: "status", Label: "content.column.status"}, {Key: "wording", Label: "content.column.wording", Optional: true, Hidden: true},
		},
	}
	rows := func(ctx context.Context, _ tableQuery) (tablePage, error) { return s.templateRows(ctx, road) }
	return s.table(c, screen{title: "content.title", room: staff.Content}, spec, rows, func(t ui.Table) templ.Component {
		return views.TemplateList(t, road == content.OnTheWeb, add)
	})
}

func (s *Server) templateRows(ctx context.Context, road content.Road) (tablePage, error) {
	all, err := s.Content.TemplateSets(ctx, road)
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
		page.Rows = append(page.Rows, tableRow{Row: ui.Row{URL: pathOf(road) + "/" + t.Name, Label: t.Name, Cells: []ui.Cell{
			{Text: t.Name, Code: true}, {Text: purpose, View: views.Purpose(purpose, t.Dormant)},
			{Text: strings.Join(words, " · "), View: views.Statuses(in)}, {Text: t.In[lang].Body, View: views.Line(t.In[lang].Body, lang)},
		}}})
	}
	return page, nil
}

// purposeOf says what a template is for.
func purposeOf(ctx context.Context, t content.TemplateSet) string {
	switch {
	case t.Added:
		return i18n.T(ctx, "content.template.added")
	case t.Road == content.OnTheWeb:
		return i18n.T(ctx, "content.page_purpose."+t.Name)
	default:
		return i18n.T(ctx, "content.purpose."+t.Name)
	}
}

// templateStatuses is what Meta last said in each language, and where a draft waits; of the web, whether it is in use.
func templateStatuses(ctx context.Context, t content.TemplateSet) []views.Wording {
	var in []views.Wording
	for _, lang := range models.Languages() {
		row, there := t.In[lang]
		if !there || row.RemovedAt != nil {
			word := "content.template.removed"
			if !there {
				word = "content.template.none"
			}
			in = append(in, views.Wording{Lang: lang, Status: i18n.T(ctx, word), Tone: ui.Attention})
			continue
		}
		w := views.Wording{Lang: lang, Status: i18n.T(ctx, "content.approval."+string(row.Approval))}
		if t.Road == content.OnTheWeb {
			w.Status, w.Tone = i18n.T(ctx, "content.template.in_use"), ui.Good
		}
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
	t, err := s.Content.TemplateSet(ctx, roadOf(c), c.Params("name"))
	if err != nil {
		return err
	}
	p := views.TemplatePage{
		Name: t.Name, Purpose: purposeOf(ctx, t), Dormant: t.Dormant, Code: t.Code, Facts: s.factsOf(ctx, t.Values, t.Values),
		In: templateStatuses(ctx, t), Web: t.Road == content.OnTheWeb, Back: pathOf(t.Road),
	}
	for i := range p.In {
		if err := s.templateWording(ctx, t, &p.In[i]); err != nil {
			return err
		}
	}
	return s.page(c, screen{title: "content.title", room: staff.Content, wide: true}, views.TemplateOne(p))
}

// templateWording fills a column of a template's page: what is sent, what waits, Meta's limits, what it said before.
func (s *Server) templateWording(ctx context.Context, t content.TemplateSet, w *views.Wording) error {
	row, may, path := t.In[w.Lang], s.mayChange(ctx, staff.Content), pathOf(t.Road)+"/"+t.Name+"/"+w.Lang
	there := row.ID != (models.ID{}) && row.RemovedAt == nil
	if there {
		w.Body, w.Preview, w.Footer, w.Buttons = row.Body, s.Content.TemplateSample(row, row.Body), row.Footer, row.Buttons
		newest := content.Dress{Body: row.Body, Footer: row.Footer, Buttons: row.Buttons}
		if row.Draft != "" {
			newest = content.Dress{Body: row.Draft, Footer: row.DraftFooter, Buttons: row.DraftButtons}
			w.Draft = &views.Draft{Body: row.Draft, Preview: s.Content.TemplateSample(row, row.Draft), Footer: row.DraftFooter, Buttons: row.DraftButtons}
		}
		if !t.Code && t.Road == content.ByWhatsApp {
			w.Measures = measuresOf(ctx, newest, s.Content.TemplateSample(row, newest.Body))
		}
	}
	if english := t.In[models.English]; w.Lang != models.English && !row.Active && english.Active {
		w.StandIn = i18n.T(ctx, "content.template.stands_in")
	}
	if may {
		w.Acts = s.templateActs(ctx, path, t, row, there)
	}
	restore := ""
	if may && !t.Code && there {
		restore = path + "/restore/"
	}
	return s.wordingPast(ctx, kindOf(t.Road), t.Name, w, restore, restore != "")
}

// kindOf is under which kind the history of a road's templates stands.
func kindOf(road content.Road) models.WordingKind {
	if road == content.OnTheWeb {
		return models.WordingWeb
	}
	return models.WordingTemplate
}

func measuresOf(ctx context.Context, d content.Dress, filled string) []views.Measure {
	var out []views.Measure
	for _, m := range d.Measures(filled) {
		out = append(out, views.Measure{Label: i18n.T(ctx, "content.measure."+m.Key), Figure: m.Figure(), Held: m.Held})
	}
	return out
}

func (s *Server) templateActs(ctx context.Context, path string, t content.TemplateSet, row models.MessageText, there bool) []views.Act {
	var acts []views.Act
	if !t.Code {
		word := "content.template.edit"
		switch {
		case !there:
			word = "content.template.write"
		case t.Road == content.OnTheWeb:
			word = "content.edit"
		}
		acts = append(acts, views.Act{URL: path + "/edit", Label: i18n.T(ctx, word), Icon: "pencil"})
	}
	switch {
	case t.Code:
	case there:
		acts = append(acts, views.Act{URL: path + "/take-out", Label: i18n.T(ctx, "content.template.remove"), Icon: "archive"})
	case row.RemovedAt != nil:
		acts = append(acts, views.Act{URL: path + "/put-back", Label: i18n.T(ctx, "content.template.put_back"), Icon: "undo-2"})
	}
	if !there || t.Road == content.OnTheWeb {
		return acts
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
func (s *Server) askedTemplate(c *fiber.Ctx) (content.TemplateSet, models.MessageText, error) {
	t, err := s.Content.TemplateSet(c.UserContext(), roadOf(c), c.Params("name"))
	if err != nil {
		return t, models.MessageText{}, err
	}
	row, ok := t.In[c.Params("lang")]
	if !ok || row.RemovedAt != nil {
		return t, row, fault.NotFound("content.no_such_template")
	}
	return t, row, nil
}
