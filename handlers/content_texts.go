package handlers

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	views "frontdesk/views/content"
)

// maxTyped is how much of a wording is read; each place states its own limit, which is less.
const maxTyped = 2000

// editText saves a message text in one language or all of them; with "preview" it shows what was typed.
func (s *Server) editText(c *fiber.Ctx) error {
	ctx := c.UserContext()
	t, err := s.Content.ChatText(ctx, c.Params("key"))
	if err != nil {
		return err
	}
	if t.Counted {
		return fault.Conflict("content.not_editable")
	}
	f := s.form(c, "content.field")
	edit := content.TextEdit{
		Key: t.Key, Bodies: models.Text{}, Seen: map[models.Language]int{},
		Saved: content.Saved{Actor: actorOf(ctx), Reason: f.OptionalText("reason", maxReason)},
	}
	for _, lang := range models.Languages() {
		s.readBody(f, t, lang, &edit)
	}
	previewed := f.Checked("preview")
	back := contentPath + "/texts/" + t.Key
	if f.Valid() && !previewed {
		if err = s.Content.EditText(ctx, edit); err == nil {
			return s.acted(c, acted{To: back, Toast: "content.saved", Leave: true})
		}
		if !s.refusedText(f, t, edit, err) {
			return err
		}
	}
	page := s.textPage(ctx, t)
	form := views.TextForm{Key: t.Key, Place: page.Place, Limit: page.Limit, Facts: page.Facts, Back: back, Form: f.Shown(), Previewed: f.posted}
	if t.Place != content.RowDetail { // which is measured when filled
		form.Max = t.Place.Limit()
	}
	for _, lang := range models.Languages() {
		form.In = append(form.In, views.Wording{Lang: lang, Shape: string(t.Place), Preview: s.Content.Sample(lang, f.values.Get("body."+lang))})
	}
	return s.formPage(c, screen{title: "content.edit", room: staff.Content, wide: true}, f, views.TextEdit(form))
}

// readBody reads one language; a language that was not posted is left alone.
func (s *Server) readBody(f *form, t content.Text, lang models.Language, edit *content.TextEdit) {
	field, seen := "body."+lang, "seen."+lang
	said := t.In[lang]
	f.Fill(field, said.Body)
	f.Fill(seen, strconv.Itoa(said.Version))
	if n := f.OptionalNumber(seen, 0, 1<<30); n != nil {
		edit.Seen[lang] = *n
	}
	_, given := f.values[field]
	body := f.OptionalLong(field, maxTyped)
	if !f.posted || !given || body == said.Body {
		return
	}
	edit.Bodies[lang] = body
	for _, p := range s.Content.CheckText(t.Key, lang, body) {
		f.Wrong(field, p.Key, pairs(p.Facts)...)
	}
}

// refusedText takes a refusal into the form. Where somebody else was quicker it shows their wording and
// takes it as seen: saving again replaces it knowingly.
func (s *Server) refusedText(f *form, now content.Text, e content.TextEdit, err error) bool {
	if !fault.Is(err, "content.changed_meanwhile") {
		return f.Refused(err)
	}
	for lang := range e.Bodies {
		if said := now.In[lang]; said.Version != e.Seen[lang] {
			f.Wrong("body."+lang, "content.somebody", "Now", said.Body)
			f.values.Set("seen."+lang, strconv.Itoa(said.Version))
		}
	}
	return len(f.wrong) > 0
}

// restoreText makes an earlier wording, or the standard, the one in force.
func (s *Server) restoreText(c *fiber.Ctx) error {
	ctx := c.UserContext()
	t, err := s.Content.ChatText(ctx, c.Params("key"))
	if err != nil {
		return err
	}
	lang := c.Params("lang")
	said := t.In[lang]
	n, then, err := s.earlierText(ctx, t, lang, c.Params("version"))
	if err != nil {
		return err
	}
	f := s.form(c, "content.field")
	f.Fill("seen", strconv.Itoa(said.Version))
	seen := f.Number("seen", 0, 1<<30)
	by := content.Saved{Actor: actorOf(ctx), Reason: f.OptionalText("reason", maxReason)}
	back := contentPath + "/texts/" + t.Key
	if f.Valid() {
		if err = s.Content.RestoreText(ctx, t.Key, lang, n, seen, by); err == nil {
			return s.acted(c, acted{To: back, Toast: "content.saved"})
		}
		if !f.Refused(err) {
			return err
		}
		f.values.Set("seen", strconv.Itoa(said.Version))
	}
	return s.formPage(c, screen{title: "content.restore", room: staff.Content}, f, views.ConfirmForm(views.Confirm{
		Title: i18n.T(ctx, "content.restore.title"), Lead: t.Key + " · " + i18n.T(ctx, "console.lang."+lang), Submit: i18n.T(ctx, "content.restore.submit"),
		Effect: i18n.T(ctx, "content.edit.effect"), Back: back, Lang: lang, Form: f.Shown(),
		Then: s.Content.Sample(lang, then), Now: s.Content.Sample(lang, said.Body),
	}))
}

// earlierText is what a version of a text said; version 0 is the standard.
func (s *Server) earlierText(ctx context.Context, t content.Text, lang models.Language, version string) (int, string, error) {
	said, ok := t.In[lang]
	n, isNumber := atoi(version)
	if !ok || !isNumber {
		return 0, "", fault.NotFound("content.no_such_version")
	}
	if n == 0 {
		return 0, said.Standard, nil
	}
	past, err := s.Content.Version(ctx, models.WordingChat, t.Key, lang, n)
	return n, past.Content.Body, err
}
