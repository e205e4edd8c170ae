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

const faqsPath = contentPath + "/faqs"

// faqs lists the questions that the assistant answers by itself.
func (s *Server) faqs(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "faqs", Path: faqsPath, Caption: "content.faqs.caption",
		Columns: []tableColumn{
			{Key: "question", Label: "content.column.question"}, {Key: "answer", Label: "content.field.answers"},
			{Key: "phrases", Label: "content.column.phrases", Optional: true}, {Key: "status", Label: "content.column.status"},
		},
		Empty: ui.EmptyList{Icon: "circle-help", Title: i18n.T(ctx, "content.faq.empty"), Text: i18n.T(ctx, "content.faq.empty_text")},
	}
	may := s.mayChange(ctx, staff.Content)
	return s.table(c, screen{title: "content.title", room: staff.Content}, spec, s.faqRows, func(t ui.Table) templ.Component {
		return views.FAQList(t, may)
	})
}

func (s *Server) faqRows(ctx context.Context, _ tableQuery) (tablePage, error) {
	all, err := s.Content.AllFAQs(ctx)
	if err != nil {
		return tablePage{}, err
	}
	lang := i18n.From(ctx).Language
	var page tablePage
	for _, faq := range all {
		state := i18n.T(ctx, map[bool]string{true: "content.faq.active", false: "content.faq.retired"}[faq.Active])
		page.Rows = append(page.Rows, tableRow{Row: ui.Row{URL: faqsPath + "/" + faq.Key, Label: faq.Key, Cells: []ui.Cell{
			{Text: faq.Key, Code: true}, {Text: faq.Answers.In(lang), View: views.Line(faq.Answers.In(lang), lang)}, {Text: i18n.N(ctx, "content.faq.count", len(faq.Phrases[lang]))},
			{Text: state, View: views.FAQState(faq.Active)},
		}}})
	}
	return page, nil
}

// faq is the page of one question.
func (s *Server) faq(c *fiber.Ctx) error {
	ctx := c.UserContext()
	faq, err := s.Content.FAQ(ctx, c.Params("key"))
	if err != nil {
		return err
	}
	p := views.FAQPage{Key: faq.Key, URL: faq.URL, Active: faq.Active}
	for _, lang := range models.Languages() {
		p.In = append(p.In, views.Wording{Lang: lang, Preview: s.Content.SampleAnswer(lang, faq), Asks: faq.Phrases[lang]})
	}
	past, err := s.Content.History(ctx, models.WordingFAQ, faq.Key, "")
	if err != nil {
		return err
	}
	if p.Past, err = s.versions(ctx, past); err != nil {
		return err
	}
	path := faqsPath + "/" + faq.Key
	if s.mayChange(ctx, staff.Content) {
		p.Acts = faqActs(ctx, path, faq.Active)
		for i := 1; i < len(p.Past); i++ {
			p.Past[i].Restore = path + "/restore/" + strconv.Itoa(p.Past[i].Number)
		}
	}
	return s.page(c, screen{title: "content.title", room: staff.Content, wide: true}, views.FAQOne(p))
}

func faqActs(ctx context.Context, path string, active bool) []views.Act {
	edit := views.Act{URL: path + "/edit", Label: i18n.T(ctx, "content.edit"), Icon: "pencil"}
	if active {
		return []views.Act{edit, {URL: path + "/retire", Label: i18n.T(ctx, "content.faq.retire"), Icon: "archive"}}
	}
	return []views.Act{edit, {URL: path + "/reopen", Label: i18n.T(ctx, "content.faq.reopen"), Icon: "rotate-ccw"}}
}

// addFAQ adds a question.
func (s *Server) addFAQ(c *fiber.Ctx) error {
	f := s.form(c, "content.field")
	page := views.FAQForm{Title: i18n.T(c.UserContext(), "content.faq.add.title"), Back: faqsPath, New: true}
	return s.saveFAQ(c, f, page, models.FAQ{Key: f.OptionalText("key", 40), Active: true})
}

// editFAQ changes one.
func (s *Server) editFAQ(c *fiber.Ctx) error {
	faq, err := s.Content.FAQ(c.UserContext(), c.Params("key"))
	if err != nil {
		return err
	}
	page := views.FAQForm{Title: i18n.T(c.UserContext(), "content.faq.edit.title", "Key", faq.Key), Back: faqsPath + "/" + faq.Key}
	return s.saveFAQ(c, s.form(c, "content.field"), page, faq)
}

// saveFAQ is the form of a question, new or changed.
func (s *Server) saveFAQ(c *fiber.Ctx, f *form, page views.FAQForm, now models.FAQ) error {
	ctx := c.UserContext()
	edit := readFAQ(f, now)
	edit.Saved = content.Saved{Actor: actorOf(ctx), Reason: f.OptionalText("reason", maxReason)}
	if !page.New {
		f.Fill("seen", strconv.Itoa(now.Version))
		edit.Seen = f.Number("seen", 1, 1<<30)
	}
	if f.posted {
		others, err := s.Content.AllFAQs(ctx)
		if err != nil {
			return err
		}
		wrong := content.CheckFAQ(edit, others)
		for _, field := range faqFields() {
			if len(wrong[field]) > 0 {
				f.Wrong(field, wrong[field][0].Key, pairs(wrong[field][0].Facts)...)
			}
		}
	}
	if f.Valid() {
		err := s.Content.SaveFAQ(ctx, edit)
		if err == nil {
			return s.acted(c, acted{To: faqsPath + "/" + edit.Key, Toast: "content.faq.saved", Leave: true})
		}
		if fault.Is(err, "content.changed_meanwhile") {
			f.Wrong("answers.en", "content.somebody", "Now", now.Answers[models.English])
			f.values.Set("seen", strconv.Itoa(now.Version))
		} else if !f.Refused(err) {
			return err
		}
	}
	page.Form, page.Facts = f.Shown(), s.faqFacts(ctx)
	return s.formPage(c, screen{title: "content.faq.add", room: staff.Content, wide: true}, f, views.FAQEdit(page))
}

// faqFields are the fields of a question in the order of its form.
func faqFields() []string {
	fields := []string{"key"}
	for _, name := range []string{"phrases.", "answers."} {
		for _, lang := range models.Languages() {
			fields = append(fields, name+lang)
		}
	}
	return append(fields, "url")
}

func readFAQ(f *form, now models.FAQ) content.FAQEdit {
	edit := content.FAQEdit{Key: now.Key, Phrases: models.Words{}, Answers: models.Text{}, Active: now.Active}
	f.Fill("url", now.URL)
	edit.URL = f.OptionalText("url", 600)
	for _, lang := range models.Languages() {
		f.Fill("phrases."+lang, strings.Join(now.Phrases[lang], "\n"))
		f.Fill("answers."+lang, now.Answers[lang])
		edit.Phrases[lang] = strings.Split(f.OptionalLong("phrases."+lang, 10_000), "\n")
		edit.Answers[lang] = f.OptionalLong("answers."+lang, maxTyped)
	}
	return edit
}

// faqFacts are the facts an answer may hold, as the assistant would say them.
func (s *Server) faqFacts(ctx context.Context) []views.Fact {
	samples := s.Content.AnswerSamples(i18n.From(ctx).Language)
	var out []views.Fact
	for _, name := range content.FAQFacts() {
		sample, _ := samples[name].(string)
		out = append(out, views.Fact{Name: "{{." + name + "}}", Sample: sample})
	}
	return out
}

// retireFAQ and reopenFAQ take a question out of use and back.
func (s *Server) retireFAQ(c *fiber.Ctx) error { return s.switchFAQ(c, "content.faq.retire", false) }

func (s *Server) reopenFAQ(c *fiber.Ctx) error { return s.switchFAQ(c, "content.faq.reopen", true) }

func (s *Server) switchFAQ(c *fiber.Ctx, act string, active bool) error {
	faq, err := s.Content.FAQ(c.UserContext(), c.Params("key"))
	if err != nil {
		return err
	}
	return s.confirmFAQ(c, faq, act, "", func(seen int, by content.Saved) error {
		return s.Content.SaveFAQ(c.UserContext(), content.FAQEdit{
			Key: faq.Key, Phrases: faq.Phrases, Answers: faq.Answers, URL: faq.URL, Active: active, Seen: seen, Saved: by,
		})
	})
}

// restoreFAQ makes an earlier version of a question the one in force.
func (s *Server) restoreFAQ(c *fiber.Ctx) error {
	ctx := c.UserContext()
	faq, err := s.Content.FAQ(ctx, c.Params("key"))
	if err != nil {
		return err
	}
	n, ok := atoi(c.Params("version"))
	if !ok {
		return fault.NotFound("content.no_such_version")
	}
	past, err := s.Content.Version(ctx, models.WordingFAQ, faq.Key, "", n)
	if err != nil {
		return err
	}
	then := s.Content.SampleAnswer(i18n.From(ctx).Language, models.FAQ{Answers: past.Content.Answers, URL: past.Content.URL})
	return s.confirmFAQ(c, faq, "content.restore", then, func(seen int, by content.Saved) error {
		return s.Content.RestoreFAQ(ctx, faq.Key, n, seen, by)
	})
}

// confirmFAQ is the form of an act on a question that needs no more than a reason.
func (s *Server) confirmFAQ(c *fiber.Ctx, faq models.FAQ, act, then string, do func(seen int, by content.Saved) error) error {
	ctx := c.UserContext()
	f, back, lang := s.form(c, "content.field"), faqsPath+"/"+faq.Key, i18n.From(ctx).Language
	f.Fill("seen", strconv.Itoa(faq.Version))
	seen, by := f.Number("seen", 1, 1<<30), content.Saved{Actor: actorOf(ctx), Reason: f.OptionalText("reason", maxReason)}
	if f.Valid() {
		err := do(seen, by)
		if err == nil {
			return s.acted(c, acted{To: back, Toast: "content.faq.saved"})
		}
		if !f.Refused(err) {
			return err
		}
		f.values.Set("seen", strconv.Itoa(faq.Version))
	}
	effect := "content.faq.effect"
	if then == "" {
		effect = act + ".effect"
	}
	return s.formPage(c, screen{title: act, room: staff.Content}, f, views.ConfirmForm(views.Confirm{
		Title: i18n.T(ctx, act+".title", "Key", faq.Key), Submit: i18n.T(ctx, act), Effect: i18n.T(ctx, effect), Back: back,
		Form: f.Shown(), Lang: lang, Then: then, Now: s.Content.SampleAnswer(lang, faq),
	}))
}
