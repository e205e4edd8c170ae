package handlers

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	views "frontdesk/views/content"
	"frontdesk/views/ui"
)

const (
	maxFooterTyped  = 200
	maxButtonsTyped = 1000
	maxSampleTyped  = 200
	sampleField     = "sample."
)

// editTemplate keeps new wording of a template in one language: by WhatsApp as a draft that waits for Meta, on the web at
// once. With "preview" it shows what was typed. A language that has none gets its first.
func (s *Server) editTemplate(c *fiber.Ctx) error {
	t, err := s.Content.TemplateSet(c.UserContext(), roadOf(c), c.Params("name"))
	if err != nil {
		return err
	}
	lang, known := i18n.Known(c.Params("lang"))
	if !known || t.Code {
		return fault.NotFound("content.no_such_template")
	}
	page := views.TemplateForm{
		Title: i18n.T(c.UserContext(), "content.template.edit.title."+string(t.Road), "Name", t.Name), Back: pathOf(t.Road) + "/" + t.Name, Lang: lang,
	}
	return s.wordTemplate(c, s.form(c, "content.field"), t, lang, page)
}

// addTemplate makes a template of a name that there is none of.
func (s *Server) addTemplate(c *fiber.Ctx) error {
	ctx := c.UserContext()
	f := s.form(c, "content.field")
	f.Fill("road", c.Query("road", string(content.ByWhatsApp)))
	f.Fill("lang", i18n.From(ctx).Language)
	f.Choice("road", string(content.ByWhatsApp), string(content.OnTheWeb))
	f.Choice("lang", models.Languages()...)
	road, name := content.ByWhatsApp, f.Text("name", 64)
	if f.values.Get("road") == string(content.OnTheWeb) {
		road = content.OnTheWeb
	}
	lang, _ := i18n.Known(f.values.Get("lang"))
	t := content.TemplateSet{Name: name, Road: road, Added: true}
	if f.posted && name != "" {
		switch _, err := s.Content.TemplateSet(ctx, road, name); {
		case err == nil:
			f.Wrong("name", "content.template.exists")
		case !fault.Is(err, "content.no_such_template"):
			return err
		}
	}
	page := views.TemplateForm{Title: i18n.T(ctx, "content.template.add"), Back: pathOf(road), Lang: lang, New: true}
	return s.wordTemplate(c, f, t, lang, page)
}

// wordTemplate is the form of a template's words in one language, read, tried and kept.
func (s *Server) wordTemplate(c *fiber.Ctx, f *form, t content.TemplateSet, lang models.Language, page views.TemplateForm) error {
	ctx, row := c.UserContext(), t.In[lang]
	if row.RemovedAt != nil {
		row.Draft = ""
	}
	now := newestOf(row)
	typed, wish := s.readTemplate(f, t, row, now)
	wish.Saved = content.Saved{Actor: actorOf(ctx), Reason: f.OptionalText("reason", maxReason)}
	if f.posted && typed.Body != "" {
		wrongTemplate(f, t, row, typed)
	}
	previewed := f.Checked("preview")
	if f.Valid() && !previewed {
		_, err := s.Content.PutTemplate(ctx, t.Name, lang, t.Road, wish)
		if err == nil {
			toast := "content.saved"
			if t.Road == content.ByWhatsApp {
				toast = "content.template.kept"
			}
			return s.acted(c, acted{To: pathOf(t.Road) + "/" + t.Name, Toast: toast})
		}
		if !refusedTemplate(f, row, now.Body, err) {
			return err
		}
	}
	s.drawTemplate(ctx, f, t, row, typed, &page)
	page.Previewed = previewed
	return s.formPage(c, screen{title: "content.template.edit", room: staff.Content, wide: true}, f, views.TemplateEdit(page))
}

// newestOf is the newest wording of a row: its draft where there is one.
func newestOf(row models.MessageText) content.Dress {
	if row.Draft != "" {
		return content.Dress{Body: row.Draft, Footer: row.DraftFooter, Buttons: row.DraftButtons}
	}
	return content.Dress{Body: row.Body, Footer: row.Footer, Buttons: row.Buttons}
}

// readTemplate reads the words of a template from its form.
func (s *Server) readTemplate(f *form, t content.TemplateSet, row models.MessageText, now content.Dress) (content.Dress, content.TemplateWish) {
	f.Fill("body", now.Body)
	f.Fill("seen", strconv.Itoa(row.Version))
	typed := content.Dress{Body: f.Long("body", maxTyped)}
	seen := f.Number("seen", 0, 1<<30)
	wish := content.TemplateWish{Body: &typed.Body, Seen: &seen}
	if t.Road == content.ByWhatsApp {
		f.Fill("footer", now.Footer)
		f.Fill("buttons", strings.Join(now.Buttons, "\n"))
		typed.Footer, typed.Buttons = f.OptionalText("footer", maxFooterTyped), models.Strings{}
		for title := range strings.Lines(f.OptionalLong("buttons", maxButtonsTyped)) {
			if title = strings.TrimSpace(title); title != "" {
				typed.Buttons = append(typed.Buttons, title)
			}
		}
		wish.Footer, wish.Buttons = &typed.Footer, typed.Buttons
	} else {
		if row.Active || row.ID == (models.ID{}) {
			f.Fill("active", "yes")
		}
		active := f.Checked("active")
		wish.Active = &active
	}
	for name, sample := range row.Samples {
		f.Fill(sampleField+name, sample)
	}
	wish.Variables = models.Text{}
	for _, name := range variablesOf(t, row, typed.Body) {
		wish.Variables[name] = f.OptionalText(sampleField+name, maxSampleTyped)
	}
	if len(row.Samples) == 0 && !slices.ContainsFunc(slices.Collect(maps.Values(wish.Variables)), func(sample string) bool { return sample != "" }) {
		wish.Variables = nil // nothing said of them, as before
	}
	if !f.posted {
		typed = now
	}
	for _, field := range sortedKeys(f.values) { // samples of facts that the wording has lost go with them
		if strings.HasPrefix(field, sampleField) {
			f.read[field] = true
		}
	}
	return typed, wish
}

// variablesOf are the facts of a template: those that Meta numbered, else those its wording is written with.
func variablesOf(t content.TemplateSet, row models.MessageText, body string) []string {
	if t.Road == content.ByWhatsApp && (!t.Added || row.Body != "") {
		if row.Body != "" {
			return row.Values
		}
		return t.Values
	}
	names, _ := content.Placeholders(body)
	return names
}

// wrongTemplate tells everything that is wrong with what was typed, each at its field with its figures.
func wrongTemplate(f *form, t content.TemplateSet, row models.MessageText, typed content.Dress) {
	wrong := map[string][]content.Problem{"body": content.CheckPage(t.Name, typed.Body)}
	if t.Road == content.ByWhatsApp {
		wrong = typed.Problems(variablesOf(t, row, typed.Body))
	}
	for _, field := range slices.Sorted(maps.Keys(wrong)) {
		for _, p := range wrong[field] {
			f.Wrong(field, p.Key, pairs(p.Facts)...)
		}
	}
}

// drawTemplate fills the form's page: what it may say, what it reads like, Meta's limits, the other languages beside it.
func (s *Server) drawTemplate(ctx context.Context, f *form, t content.TemplateSet, row models.MessageText, typed content.Dress, page *views.TemplateForm) {
	page.Web, page.Form, page.Max = t.Road == content.OnTheWeb, f.Shown(), models.MaxBody
	known := variablesOf(t, row, typed.Body)
	if page.Web && !t.Added {
		known = t.Values
	}
	page.Facts, page.Samples = s.factsOf(ctx, known, nil), variablesOf(t, row, typed.Body)
	if t.Road == content.ByWhatsApp {
		page.Facts = s.factsOf(ctx, known, known)
		page.Limit = i18n.T(ctx, "content.limit", "Max", models.MaxBody)
	}
	shown := models.MessageText{Language: page.Lang, Samples: models.Text{}}
	for _, name := range page.Samples {
		shown.Samples[name] = f.values.Get(sampleField + name)
	}
	page.Here = views.Wording{Lang: page.Lang, Preview: s.Content.TemplateSample(shown, typed.Body), Footer: typed.Footer, Buttons: typed.Buttons}
	if t.Road == content.ByWhatsApp && typed.Body != "" {
		page.Here.Measures = measuresOf(ctx, typed, page.Here.Preview)
	}
	for _, lang := range models.Languages() {
		other, there := t.In[lang]
		if lang == page.Lang || !there || other.RemovedAt != nil {
			continue
		}
		d := newestOf(other)
		page.Beside = append(page.Beside, views.Wording{Lang: lang, Preview: s.Content.TemplateSample(other, d.Body), Footer: d.Footer, Buttons: d.Buttons})
	}
	for _, road := range []content.Road{content.ByWhatsApp, content.OnTheWeb} {
		page.Roads = append(page.Roads, ui.Option{Value: string(road), Label: i18n.T(ctx, "content.road."+string(road))})
	}
	for _, lang := range models.Languages() {
		page.Langs = append(page.Langs, ui.Option{Value: lang, Label: i18n.T(ctx, "console.lang."+lang)})
	}
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
