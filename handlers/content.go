package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	views "frontdesk/views/content"
	"frontdesk/views/ui"
)

const contentPath = "/console/content"

// texts lists the message texts with their status in each language.
func (s *Server) texts(c *fiber.Ctx) error {
	return s.table(c, screen{title: "content.title", room: staff.Content}, textTable(c.UserContext()), s.textRows, func(t ui.Table) templ.Component {
		return views.TextList(t)
	})
}

func textTable(ctx context.Context) tableSpec {
	statuses := namedOptions(ctx, "content.status", content.Edited, content.Outdated, content.Standard)
	places := namedOptions(ctx, "content.place", content.Sentence, content.Button, content.Row, content.RowDetail, content.ListLabel)
	return tableSpec{
		ID: "texts", Path: contentPath, Caption: "content.texts.caption",
		Columns: []tableColumn{
			{Key: "key", Label: "content.column.key"}, {Key: "wording", Label: "content.column.wording"},
			{Key: "place", Label: "content.column.place", Optional: true}, {Key: "status", Label: "content.column.status", Optional: true},
			{Key: "en", Label: "console.lang.en", Optional: true, Hidden: true}, {Key: "es", Label: "console.lang.es", Optional: true, Hidden: true},
			{Key: "ar", Label: "console.lang.ar", Optional: true, Hidden: true},
		},
		Filters: []tableFilter{
			{Key: "q", Label: "content.filter.search", Kind: ui.FilterSearch},
			{Key: "status", Label: "content.filter.status", Kind: ui.FilterSelect, Options: statuses},
			{Key: "place", Label: "content.filter.place", Kind: ui.FilterSelect, Options: places},
		},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "content.no_match"), Text: i18n.T(ctx, "content.no_match_text")},
	}
}

func (s *Server) textRows(ctx context.Context, q tableQuery) (tablePage, error) {
	texts, err := s.Content.ChatTexts(ctx)
	if err != nil {
		return tablePage{}, err
	}
	var page tablePage
	for _, t := range texts {
		if !textMatches(t, q) {
			continue
		}
		in, words, lang := textStatuses(ctx, t), []string{}, i18n.From(ctx).Language
		for _, w := range in {
			words = append(words, strings.ToUpper(w.Lang)+": "+w.Status)
		}
		page.Rows = append(page.Rows, tableRow{Row: ui.Row{URL: contentPath + "/texts/" + t.Key, Label: t.Key, Cells: []ui.Cell{
			{Text: t.Key, Code: true}, {Text: t.In[lang].Body, View: views.Line(t.In[lang].Body, lang)}, {Text: i18n.T(ctx, "content.place."+string(t.Place))},
			{Text: strings.Join(words, " · "), View: views.Statuses(in)},
			{Text: t.In[models.English].Body, View: views.Line(t.In[models.English].Body, models.English)},
			{Text: t.In[models.Spanish].Body, View: views.Line(t.In[models.Spanish].Body, models.Spanish)},
			{Text: t.In[models.Arabic].Body, View: views.Line(t.In[models.Arabic].Body, models.Arabic)},
		}}})
	}
	return page, nil
}

// textMatches looks for the words in the key and in every language, whatever their case.
func textMatches(t content.Text, q tableQuery) bool {
	words, found := strings.ToLower(q.Value("q")), false
	found = strings.Contains(t.Key, words)
	status := q.Value("status") == ""
	for _, said := range t.In {
		found = found || strings.Contains(strings.ToLower(said.Body), words)
		status = status || string(said.Status) == q.Value("status")
	}
	return found && status && (q.Value("place") == "" || q.Value("place") == string(t.Place))
}

func textStatuses(ctx context.Context, t content.Text) []views.Wording {
	var in []views.Wording
	for _, lang := range models.Languages() {
		in = append(in, views.Wording{Lang: lang, Tone: statusTone(t.In[lang].Status), Status: i18n.T(ctx, "content.status."+string(t.In[lang].Status))})
	}
	return in
}

func statusTone(status content.Status) ui.Tone {
	switch status {
	case content.Edited:
		return ui.Info
	case content.Outdated:
		return ui.Attention
	default:
		return ui.Neutral
	}
}

// text is the page of one message text.
func (s *Server) text(c *fiber.Ctx) error {
	ctx := c.UserContext()
	t, err := s.Content.ChatText(ctx, c.Params("key"))
	if err != nil {
		return err
	}
	p := s.textPage(ctx, t)
	p.In = textStatuses(ctx, t)
	for i, lang := range models.Languages() {
		said, w := t.In[lang], &p.In[i]
		w.Body, w.Preview, w.Shape = said.Body, s.Content.Sample(lang, said.Body), string(t.Place)
		restore := contentPath + "/texts/" + t.Key + "/" + lang + "/restore/"
		if said.Status != content.Standard {
			w.Standard = said.Standard
			if p.Edit != "" {
				w.Acts = []views.Act{{URL: restore + "0", Label: i18n.T(ctx, "content.back_to_standard"), Icon: "undo-2"}}
			}
		}
		if err := s.wordingPast(ctx, models.WordingChat, t.Key, w, restore, p.Edit != ""); err != nil {
			return err
		}
	}
	return s.page(c, screen{title: "content.title", room: staff.Content, wide: true}, views.TextOne(p))
}

func (s *Server) textPage(ctx context.Context, t content.Text) views.TextPage {
	p := views.TextPage{
		Key: t.Key, Place: i18n.T(ctx, "content.place."+string(t.Place)), Limit: i18n.T(ctx, "content.limit", "Max", t.Place.Limit()),
		Counted: t.Counted, Facts: s.factsOf(ctx, t.Placeholders, t.Required),
	}
	if s.mayChange(ctx, staff.Content) {
		p.Edit = contentPath + "/texts/" + t.Key + "/edit"
	}
	return p
}

// factsOf are placeholders with what they may read like.
func (s *Server) factsOf(ctx context.Context, names, required []string) []views.Fact {
	samples := s.Content.Samples(i18n.From(ctx).Language)
	var out []views.Fact
	for _, name := range names {
		sample, _ := samples[name].(string)
		out = append(out, views.Fact{Name: "{{." + name + "}}", Sample: sample, Required: slices.Contains(required, name)})
	}
	return out
}

// wordingPast adds to a column what its wording said before. The newest version is in force and is not
// offered to be restored.
func (s *Server) wordingPast(ctx context.Context, kind models.WordingKind, key string, w *views.Wording, restore string, may bool) error {
	past, err := s.Content.History(ctx, kind, key, w.Lang)
	if err != nil {
		return err
	}
	list, err := s.versions(ctx, past)
	if err != nil {
		return err
	}
	newest := views.Draft{Body: w.Body, Footer: w.Footer, Buttons: w.Buttons}
	if w.Draft != nil {
		newest = *w.Draft
	}
	for i := range list {
		if i > 0 && may && restore != "" && !sameWords(list[i].Body, past[i].Content, newest) {
			list[i].Restore = restore + strconv.Itoa(list[i].Number)
		}
	}
	if w.Past = list; len(list) > 0 {
		w.By, w.At = list[0].Who, list[0].At
	}
	return nil
}

// sameWords tells whether a version says what is newest.
func sameWords(body string, c models.WordingContent, newest views.Draft) bool {
	return body == newest.Body && c.Footer == newest.Footer && slices.Equal(c.Buttons, newest.Buttons)
}

// versions are the versions of a wording in words.
func (s *Server) versions(ctx context.Context, past []models.WordingVersion) ([]views.Version, error) {
	zone, err := s.salonZone(ctx)
	if err != nil {
		return nil, err
	}
	actors := make([]string, len(past))
	for i, v := range past {
		actors[i] = v.Actor
	}
	who, err := s.actorNames(ctx, actors)
	if err != nil {
		return nil, err
	}
	list := make([]views.Version, len(past))
	for i, v := range past {
		list[i] = versionWords(ctx, v, zone)
		list[i].Who = who(v.Actor)
	}
	return list, nil
}

func versionWords(ctx context.Context, v models.WordingVersion, zone *time.Location) views.Version {
	out := views.Version{Number: v.Version, At: v.At.In(zone), Reason: v.Reason, Body: v.Content.Body, Lang: v.Language}
	under := v.Content.Buttons
	if v.Content.Footer != "" {
		under = append([]string{v.Content.Footer}, under...)
	}
	out.Under = strings.Join(under, " · ")
	switch {
	case v.Content.Standard:
		out.What = i18n.T(ctx, "content.version.standard")
	case v.Kind == models.WordingTemplate && v.Content.Draft != "":
		out.What, out.Body = i18n.T(ctx, "content.template.draft"), v.Content.Draft
	case v.Kind == models.WordingWeb && !v.Content.Active:
		out.What = i18n.T(ctx, "content.template.inactive")
	case v.Kind == models.WordingTemplate:
		out.What = i18n.T(ctx, "content.approval."+string(v.Content.Approval))
	case v.Kind == models.WordingFAQ:
		out.Lang = i18n.From(ctx).Language
		out.Body = v.Content.Answers.In(out.Lang)
		if !v.Content.Active {
			out.What = i18n.T(ctx, "content.faq.retired")
		}
	}
	return out
}
