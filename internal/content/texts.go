package content

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// chatPrefix starts the keys of what customers read in the chat.
const chatPrefix = "chat."

// Status tells which wording of a text is spoken.
type Status string

// Statuses of a text in one language.
const (
	Standard Status = "standard" // the product's own
	Edited   Status = "edited"
	Outdated Status = "outdated" // edited, but with a placeholder the product no longer fills: the standard is spoken
)

// Text is a chat text as its editors see it.
type Text struct {
	Key          string
	Place        Place
	Placeholders []string // in the order of the standard wording
	Required     []string // those that must stay
	// Counted texts have a form per number, six in Arabic, and are put into others; they cannot be edited,
	// because one wrong form would stand in every message with a figure.
	Counted bool
	In      map[models.Language]Said
}

// Said is a text in one language.
type Said struct {
	Body     string // as edited; the standard where nobody edited it
	Standard string
	Status   Status
	Version  int // of the next edit's Seen; 0 while nobody has edited it
	By       string
	At       time.Time
}

// ChatTexts lists every chat text by key.
func (l *Library) ChatTexts(ctx context.Context) ([]Text, error) {
	var rows []models.MessageText
	if err := l.db.On(ctx).Where("channel = ?", chatChannel).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read chat texts: %w", err)
	}
	stored := map[wording]models.MessageText{}
	for _, row := range rows {
		stored[wording{row.Key, row.Language}] = row
	}
	keys := l.catalogue.Keys(models.English, chatPrefix)
	slices.Sort(keys)
	texts := make([]Text, len(keys))
	for i, key := range keys {
		texts[i] = l.text(key, stored)
	}
	return texts, nil
}

// ChatText is one of them. Fault: content.no_such_text.
func (l *Library) ChatText(ctx context.Context, key string) (Text, error) {
	texts, err := l.ChatTexts(ctx)
	if err != nil {
		return Text{}, err
	}
	i, ok := slices.BinarySearchFunc(texts, key, func(t Text, key string) int { return cmp.Compare(t.Key, key) })
	if !ok {
		return Text{}, fault.NotFound("content.no_such_text")
	}
	return texts[i], nil
}

func (l *Library) text(key string, stored map[wording]models.MessageText) Text {
	known, _ := Placeholders(l.catalogue.Body(models.English, key))
	t := Text{
		Key: key, Place: PlaceOf(key), Placeholders: known, Required: required(known), Counted: l.catalogue.Counted(key),
		In: map[models.Language]Said{},
	}
	for _, lang := range models.Languages() {
		standard := l.catalogue.Body(lang, key)
		said := Said{Body: standard, Standard: standard, Status: Standard}
		if row, ok := stored[wording{key, lang}]; ok {
			said.Version, said.By, said.At = row.Version, row.UpdatedBy, row.UpdatedAt
			if row.Active {
				said.Body, said.Status = row.Body, Edited
				if len(checkPlain(row.Body, known)) > 0 {
					said.Status = Outdated
				}
			}
		}
		t.In[lang] = said
	}
	return t
}

// CheckText says what is wrong with a wording of a chat text; nothing when it may be saved.
func (l *Library) CheckText(key string, lang models.Language, body string) []Problem {
	return checkText(key, l.catalogue.Body(lang, key), normal(body), func(body string) string { return l.Sample(lang, body) })
}

// TextEdit is new wording of a chat text. Languages that are not in Bodies, or whose wording is the one
// in force, are left alone; the standard's own wording goes back to the standard.
type TextEdit struct {
	Key    string
	Bodies models.Text
	Seen   map[models.Language]int // Said.Version of what the editor was looking at
	Saved
}

// EditText saves an edit, all languages or none; the next message speaks it. Each language that changes
// is a new version. Faults: content.no_such_text; content.not_editable; content.refused with what is
// wrong by "body.<language>"; content.changed_meanwhile with the languages somebody else saved.
func (l *Library) EditText(ctx context.Context, e TextEdit) error {
	return l.db.InTx(ctx, func(ctx context.Context) error {
		text, err := l.ChatText(ctx, e.Key)
		if err != nil {
			return err
		}
		if text.Counted {
			return fault.Conflict("content.not_editable")
		}
		wrong := map[string][]Problem{}
		for lang, body := range e.Bodies {
			if said := text.In[lang]; normal(body) != said.Body {
				wrong["body."+lang] = l.CheckText(e.Key, lang, body)
			}
		}
		if err := refused(wrong); err != nil {
			return err
		}
		for _, lang := range models.Languages() {
			body, given := e.Bodies[lang]
			if body = normal(body); !given || body == text.In[lang].Body {
				continue
			}
			if err := l.saveText(ctx, e, lang, text.In[lang], body); err != nil {
				return err
			}
		}
		return nil
	})
}

// saveText writes one language: a row that appeared or moved on since it was seen decides.
func (l *Library) saveText(ctx context.Context, e TextEdit, lang models.Language, said Said, body string) error {
	standard, now := body == normal(said.Standard), l.clock.Now()
	row := models.MessageText{
		ID: models.NewID(), Key: e.Key, Language: lang, Channel: chatChannel, Body: body, Active: !standard, Version: e.Seen[lang] + 1,
		UpdatedBy: e.Actor, CreatedAt: now, UpdatedAt: now,
	}
	done := l.db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if e.Seen[lang] > 0 {
		done = l.db.On(ctx).Model(&models.MessageText{}).
			Where("key = ? AND language = ? AND channel = ? AND version = ?", e.Key, lang, chatChannel, e.Seen[lang]).
			Updates(map[string]any{"body": body, "active": !standard, "version": row.Version, "updated_by": e.Actor, "updated_at": now})
	}
	if done.Error != nil {
		return fmt.Errorf("save %s in %s: %w", e.Key, lang, done.Error)
	}
	if done.RowsAffected == 0 {
		return stale("body." + lang)
	}
	return l.keep(ctx, models.WordingVersion{
		Kind: models.WordingChat, Key: e.Key, Language: lang, Version: row.Version, Actor: e.Actor, Reason: e.Reason,
		Content: models.WordingContent{Body: body, Standard: standard},
	}, "text.changed", map[string]any{"standard": standard})
}

// RestoreText makes an earlier version of a text the one in force, as a new version; version 0 is the
// standard. Faults: content.no_such_version and those of EditText.
func (l *Library) RestoreText(ctx context.Context, key string, lang models.Language, version, seen int, by Saved) error {
	body := l.catalogue.Body(lang, key)
	if version > 0 {
		past, err := l.Version(ctx, models.WordingChat, key, lang, version)
		if err != nil {
			return err
		}
		if body = past.Content.Body; past.Content.Standard {
			body = l.catalogue.Body(lang, key)
		}
	}
	return l.EditText(ctx, TextEdit{Key: key, Bodies: models.Text{lang: body}, Seen: map[models.Language]int{lang: seen}, Saved: by})
}

// Samples are made-up facts in the words of a language, for previews: one for every placeholder.
func (l *Library) Samples(lang models.Language) i18n.Facts {
	facts := i18n.Facts{}
	for _, key := range l.catalogue.Keys(lang, samplePrefix) {
		facts[key[len(samplePrefix):]] = l.catalogue.Body(lang, key)
	}
	return facts
}

const samplePrefix = "content.sample."

// Sample is a wording filled with sample facts; what cannot be filled is shown as it is written.
func (l *Library) Sample(lang models.Language, body string) string {
	return fillSample(body, l.Samples(lang))
}

// AnswerSamples are the sample facts of answers, where some read otherwise than in messages.
func (l *Library) AnswerSamples(lang models.Language) i18n.Facts {
	facts := l.Samples(lang)
	facts["Hours"] = facts["OpeningHours"]
	return facts
}

// SampleAnswer is a question's answer filled with sample facts and its own link.
func (l *Library) SampleAnswer(lang models.Language, faq models.FAQ) string {
	facts := l.AnswerSamples(lang)
	if faq.URL != "" {
		facts["URL"] = faq.URL
	}
	return fillSample(faq.Answers[lang], facts)
}

func fillSample(body string, facts i18n.Facts) string {
	return placeholder.ReplaceAllStringFunc(body, func(found string) string {
		if fact, ok := facts[placeholder.FindStringSubmatch(found)[1]]; ok {
			return fmt.Sprint(fact)
		}
		return found
	})
}
