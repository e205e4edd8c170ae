package content

import (
	"context"
	"fmt"
	"slices"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// declaredPages are the templates that pages of the shop show, with what they may say.
func declaredPages() []declaration {
	return []declaration{
		{name: StartReturn},
		{name: RMAInstructions, values: models.Strings{"Code"}},
	}
}

// pageValues are the facts a page has for its template; false when no page of ours shows one of this name.
func pageValues(name string) (models.Strings, bool) {
	for _, d := range declaredPages() {
		if d.name == name {
			return d.values, true
		}
	}
	return nil, false
}

// OnPage is the text of a template of the web and the language it is in: the one asked for, English where that one is
// missing or out of use. Empty where staff took both out, or what it would say has no fact: nothing is left blank.
func (l *Library) OnPage(ctx context.Context, name string, lang models.Language, facts i18n.Facts) (text string, in models.Language, err error) {
	all, err := l.pages.Of(ctx)
	if err != nil {
		return "", "", err
	}
	for _, one := range []models.Language{lang, models.English} {
		row, ok := all[wording{name, one}]
		if !ok {
			continue
		}
		if text, err := i18n.Render(row.Body, facts); err == nil {
			return text, one, nil
		}
	}
	return "", lang, nil
}

func (l *Library) readPages(ctx context.Context) (map[wording]models.MessageText, error) {
	rows, err := l.rows(ctx, webChannel)
	if err != nil {
		return nil, err
	}
	out := map[wording]models.MessageText{}
	for _, row := range rows {
		out[wording{row.Key, row.Language}] = row
	}
	return out, nil
}

// seedPages are the templates of the web that a fresh salon starts with.
func (l *Library) seedPages() []models.MessageText {
	var out []models.MessageText
	for _, d := range declaredPages() {
		for _, lang := range models.Languages() {
			out = append(out, models.MessageText{
				Key: d.name, Language: lang, Channel: webChannel, Body: l.catalogue.Body(lang, "page."+d.name), Values: d.values,
			})
		}
	}
	return out
}

// CheckPage says what would not do about the words of a template of the web.
func CheckPage(name, body string) []Problem {
	body = normal(body)
	known, ours := pageValues(name)
	if !ours {
		known, _ = Placeholders(body)
	}
	return append(checkPlain(body, known), tooLong(body, maxWeb)...)
}

// TemplateSet is a template of one road in its languages, as its editors see it.
type TemplateSet struct {
	Name   string
	Road   Road
	Values []string // by WhatsApp in the order the channel numbers them
	// Dormant: no part of the product sends it yet.
	Dormant bool
	// Code: Meta words it itself.
	Code bool
	// Added by staff: no rule sends it and no page shows it.
	Added bool
	In    map[models.Language]models.MessageText
}

// TemplateSets lists every template of a road: those that the product declares in their order, then those that staff
// added, by name. In use or not; not those that staff added and took out in every language.
func (l *Library) TemplateSets(ctx context.Context, road Road) ([]TemplateSet, error) {
	var rows []models.MessageText
	if err := l.db.On(ctx).Where("channel = ?", road.channel()).Order("key, language").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	ours := declared()
	if road == OnTheWeb {
		ours = declaredPages()
	}
	list := make([]TemplateSet, len(ours))
	for i, d := range ours {
		list[i] = TemplateSet{Name: d.name, Road: road, Values: d.values, Dormant: d.dormant, Code: d.code, In: map[models.Language]models.MessageText{}}
	}
	for _, row := range rows {
		i := slices.IndexFunc(list, func(t TemplateSet) bool { return t.Name == row.Key })
		if i < 0 {
			i = len(list)
			list = append(list, TemplateSet{Name: row.Key, Road: road, Values: row.Values, Added: true, In: map[models.Language]models.MessageText{}})
		}
		list[i].In[row.Language] = row
	}
	return slices.DeleteFunc(list, TemplateSet.gone), nil
}

// gone tells whether staff added it and took it out again.
func (t TemplateSet) gone() bool {
	for _, row := range t.In {
		if row.RemovedAt == nil {
			return false
		}
	}
	return t.Added
}
