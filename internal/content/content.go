// Package content owns the wordings that staff may edit: chat texts, WhatsApp templates and FAQs. A
// text is the active row first, else the catalogue it was seeded from. It fills placeholders from the
// facts it is given and refuses a text whose fact is missing; it must never supply a fact.
package content

import (
	"context"
	"fmt"
	"regexp"

	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Channels of editable wordings.
const (
	chatChannel     = "chat"
	templateChannel = "template"
	webChannel      = "web" // templates that stand on pages
)

// Library reads, seeds and edits wordings.
type Library struct {
	db         *database.DB
	catalogue  *i18n.Catalogue
	clock      clock.Clock
	log        *audit.Log
	unresolved func(context.Context, Unresolved) error

	// Read once per edition; shared with every caller.
	texts     *database.Kept[Texts]
	templates *database.Kept[Templates]
	pages     *database.Kept[map[wording]models.MessageText]
	faqs      *database.Kept[[]models.FAQ]
}

// New makes a library over the catalogue.
func New(db *database.DB, catalogue *i18n.Catalogue, c clock.Clock) *Library {
	l := &Library{db: db, catalogue: catalogue, clock: c, log: audit.New(db, c), unresolved: func(context.Context, Unresolved) error { return nil }}
	l.texts, l.templates = database.Keep(db, l.readTexts), database.Keep(db, l.readTemplates)
	l.pages, l.faqs = database.Keep(db, l.readPages), database.Keep(db, l.readFAQs)
	return l
}

type wording struct {
	key  string
	lang models.Language
}

// Texts is a snapshot of the chat texts, so that one turn speaks one version.
type Texts struct {
	catalogue *i18n.Catalogue
	edited    map[wording]string
}

// Texts are the chat texts in force (database.Kept).
func (l *Library) Texts(ctx context.Context) (Texts, error) { return l.texts.Of(ctx) }

func (l *Library) readTexts(ctx context.Context) (Texts, error) {
	rows, err := l.rows(ctx, chatChannel)
	if err != nil {
		return Texts{}, err
	}
	t := Seeded(l.catalogue)
	for _, row := range rows {
		t.edited[wording{row.Key, row.Language}] = row.Body
	}
	return t, nil
}

// Seeded is the texts of a salon that edited none.
func Seeded(catalogue *i18n.Catalogue) Texts {
	return Texts{catalogue: catalogue, edited: map[wording]string{}}
}

// onePlaceholder is one place for a fact. Its spaces are those of text/template, which fills it: \s would
// be a form feed too.
const onePlaceholder = `{{[ \t\r\n]*\.([A-Za-z]+)[ \t\r\n]*}}`

var placeholder = regexp.MustCompile(onePlaceholder)

// Say is the wording of a key in a language, filled with facts. An edited wording that cannot be
// filled gives way to the seeded one. An unknown key and a placeholder without a fact are errors: such
// a text is not sent.
func (t Texts) Say(lang models.Language, key string, facts i18n.Facts) (string, error) {
	if body, ok := t.edited[wording{key, lang}]; ok {
		if text, err := i18n.Render(body, facts); err == nil {
			return text, nil
		}
	}
	if !t.catalogue.Has(lang, key) {
		return "", fmt.Errorf("say %s in %s: no such text", key, lang)
	}
	text, err := i18n.Render(t.catalogue.Body(lang, key), facts)
	if err != nil {
		return "", fmt.Errorf("say %s in %s: %w", key, lang, err)
	}
	return text, nil
}

// Count is the wording of a key for a number of things, which is the placeholder {{.Count}} too.
func (t Texts) Count(lang models.Language, key string, count int, facts i18n.Facts) (string, error) {
	if !t.catalogue.Has(lang, key) {
		return "", fmt.Errorf("say %s in %s: no such text", key, lang)
	}
	for _, m := range placeholder.FindAllStringSubmatch(t.catalogue.Body(lang, key), -1) {
		if _, known := facts[m[1]]; !known && m[1] != "Count" {
			return "", fmt.Errorf("say %s in %s: no fact %s", key, lang, m[1])
		}
	}
	return t.catalogue.Plural(lang, key, count, facts), nil
}

// rows are the active wordings of a channel.
func (l *Library) rows(ctx context.Context, channel string) ([]models.MessageText, error) {
	var rows []models.MessageText
	if err := l.db.On(ctx).Where("channel = ? AND active", channel).Order("key, language").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read %s texts: %w", channel, err)
	}
	return rows, nil
}

// FAQs are the active questions and answers, shared as database.Kept says: nobody changes them.
func (l *Library) FAQs(ctx context.Context) ([]models.FAQ, error) { return l.faqs.Of(ctx) }

func (l *Library) readFAQs(ctx context.Context) ([]models.FAQ, error) {
	var faqs []models.FAQ
	if err := l.db.On(ctx).Where("active").Order("key").Find(&faqs).Error; err != nil {
		return nil, fmt.Errorf("read faqs: %w", err)
	}
	return faqs, nil
}

// Seed stores what a fresh salon starts with: every template of either road in every language, and the FAQs. Rows
// that exist are left as staff edited them.
func (l *Library) Seed(ctx context.Context) error {
	return l.db.InTx(ctx, func(ctx context.Context) error {
		now, texts := l.clock.Now(), l.seedPages()
		for _, t := range declared() {
			for _, lang := range models.Languages() {
				texts = append(texts, models.MessageText{
					Key: t.name, Language: lang, Channel: templateChannel,
					Body: l.catalogue.Body(lang, "template."+t.name), Footer: l.footer(lang, t), Values: t.values,
				})
			}
		}
		for i := range texts {
			texts[i].ID, texts[i].Active, texts[i].CreatedAt, texts[i].UpdatedAt = models.NewID(), true, now, now
		}
		if err := l.db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&texts).Error; err != nil {
			return fmt.Errorf("seed templates: %w", err)
		}
		faqs := l.seedFAQs()
		if err := l.db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&faqs).Error; err != nil {
			return fmt.Errorf("seed faqs: %w", err)
		}
		return nil
	})
}

// footer is what stands under a seeded template; only those for codes have one.
func (l *Library) footer(lang models.Language, d declaration) string {
	if !d.code {
		return ""
	}
	return l.catalogue.Body(lang, "template."+d.name+".footer")
}
