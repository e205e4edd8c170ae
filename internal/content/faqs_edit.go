package content

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// FAQFacts are the placeholders an answer may hold. The conversation fills them from the salon's hours
// and policies of that moment; URL is the question's own link.
func FAQFacts() []string {
	return []string{"Hours", "RefundHours", "StaffOnlyHours", "DepositPercent", "HoldMinutes", "URL"}
}

// Limits of a question.
const (
	maxPhrases = 40
	maxPhrase  = 100
	maxLink    = 500
)

var faqKey = regexp.MustCompile(`^[a-z][a-z0-9_]{1,39}$`)

// FAQEdit is a question and its answer as they are to be.
type FAQEdit struct {
	Key     string
	Phrases models.Words
	Answers models.Text
	URL     string
	Active  bool
	Seen    int // FAQ.Version of what the editor was looking at; 0 adds a question
	Saved
}

// AllFAQs lists every question, the retired ones too, by key.
func (l *Library) AllFAQs(ctx context.Context) ([]models.FAQ, error) {
	var faqs []models.FAQ
	if err := l.db.On(ctx).Order("key").Find(&faqs).Error; err != nil {
		return nil, fmt.Errorf("read faqs: %w", err)
	}
	return faqs, nil
}

// FAQ is one of them. Fault: content.no_such_faq.
func (l *Library) FAQ(ctx context.Context, key string) (models.FAQ, error) {
	var faqs []models.FAQ
	if err := l.db.On(ctx).Where("key = ?", key).Find(&faqs).Error; err != nil {
		return models.FAQ{}, fmt.Errorf("read faq: %w", err)
	}
	if len(faqs) == 0 {
		return models.FAQ{}, fault.NotFound("content.no_such_faq")
	}
	return faqs[0], nil
}

// CheckFAQ says what is wrong with a question by field: "key", "url", "phrases.<language>",
// "answers.<language>". Others are the questions it must be told apart from.
func CheckFAQ(e FAQEdit, others []models.FAQ) map[string][]Problem {
	e = e.normal()
	wrong := map[string][]Problem{}
	if !faqKey.MatchString(e.Key) {
		wrong["key"] = []Problem{{Key: "content.problem.faq_key"}}
	}
	if e.URL != "" && !isLink(e.URL) {
		wrong["url"] = []Problem{{Key: "content.problem.link"}}
	}
	for _, lang := range models.Languages() {
		if problems := checkAnswer(e, lang); len(problems) > 0 {
			wrong["answers."+lang] = problems
		}
		if problems := checkPhrases(e, lang, others); len(problems) > 0 {
			wrong["phrases."+lang] = problems
		}
	}
	return wrong
}

func checkAnswer(e FAQEdit, lang models.Language) []Problem {
	body := e.Answers[lang]
	problems := append(checkPlain(body, FAQFacts()), tooLong(body, maxSentence)...)
	names, _ := Placeholders(body)
	if slices.Contains(names, "URL") && e.URL == "" {
		problems = append(problems, Problem{Key: "content.problem.link_missing"})
	}
	if emoji(body) > maxEmoji {
		problems = append(problems, Problem{"content.problem.emoji", i18n.Facts{"Max": maxEmoji}})
	}
	return problems
}

// checkPhrases: a phrase that asks two questions would be answered by chance.
func checkPhrases(e FAQEdit, lang models.Language, others []models.FAQ) []Problem {
	phrases := e.Phrases[lang]
	if len(phrases) == 0 {
		return []Problem{{Key: "content.problem.phrases_missing"}}
	}
	if len(phrases) > maxPhrases {
		return []Problem{{"content.problem.phrases_many", i18n.Facts{"Max": maxPhrases}}}
	}
	var problems []Problem
	for _, phrase := range phrases {
		if n := utf8.RuneCountInString(phrase); n < 2 || n > maxPhrase || strings.ContainsFunc(phrase, hidden) || strings.Contains(phrase, "{{") {
			problems = append(problems, Problem{"content.problem.phrase", i18n.Facts{"Phrase": phrase, "Max": maxPhrase}})
		}
		for _, other := range others {
			if other.Key != e.Key && other.Active && e.Active && slices.ContainsFunc(other.Phrases[lang], func(p string) bool { return strings.EqualFold(p, phrase) }) {
				problems = append(problems, Problem{"content.problem.phrase_taken", i18n.Facts{"Phrase": phrase, "Question": other.Key}})
			}
		}
	}
	return problems
}

// SaveFAQ adds, changes or retires a question; the next message is read and answered by it. Faults:
// content.no_such_faq; content.faq_exists; content.refused with what is wrong by field (CheckFAQ);
// content.changed_meanwhile.
func (l *Library) SaveFAQ(ctx context.Context, e FAQEdit) error {
	e = e.normal()
	return l.db.InTx(ctx, func(ctx context.Context) error {
		// Questions are told apart from each other: their editors take turns.
		if err := l.db.On(ctx).Exec("LOCK TABLE faqs IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
			return fmt.Errorf("lock faqs: %w", err)
		}
		all, err := l.AllFAQs(ctx)
		if err != nil {
			return err
		}
		if err := refused(CheckFAQ(e, all)); err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(f models.FAQ) bool { return f.Key == e.Key })
		switch {
		case i < 0 && e.Seen > 0:
			return fault.NotFound("content.no_such_faq")
		case i < 0:
			return l.addFAQ(ctx, e)
		case e.Seen == 0:
			return &fault.Fault{Kind: fault.KindConflict, Key: "content.faq_exists", Fields: map[string]string{"key": "content.faq_exists"}}
		case all[i].Version != e.Seen:
			return stale("answers.en")
		default:
			return l.changeFAQ(ctx, all[i], e)
		}
	})
}

func (l *Library) addFAQ(ctx context.Context, e FAQEdit) error {
	now := l.clock.Now()
	faq := models.FAQ{
		ID: models.NewID(), Key: e.Key, Phrases: e.Phrases, Answers: e.Answers, URL: e.URL, Active: e.Active, Version: 1,
		UpdatedBy: e.Actor, CreatedAt: now, UpdatedAt: now,
	}
	if err := l.db.On(ctx).Create(&faq).Error; err != nil {
		return fmt.Errorf("add faq: %w", err)
	}
	return l.keepFAQ(ctx, faq, e.Saved, "faq.added")
}

func (l *Library) changeFAQ(ctx context.Context, was models.FAQ, e FAQEdit) error {
	before := faqVersion(was)
	before.Actor, before.At = was.UpdatedBy, was.UpdatedAt
	if err := l.remember(ctx, before); err != nil {
		return err
	}
	faq := was
	faq.Phrases, faq.Answers, faq.URL, faq.Active = e.Phrases, e.Answers, e.URL, e.Active
	faq.Version, faq.UpdatedBy, faq.UpdatedAt = was.Version+1, e.Actor, l.clock.Now()
	if err := l.db.On(ctx).Save(&faq).Error; err != nil {
		return fmt.Errorf("save faq: %w", err)
	}
	action := "faq.changed"
	switch {
	case was.Active && !faq.Active:
		action = "faq.retired"
	case !was.Active && faq.Active:
		action = "faq.reopened"
	}
	return l.keepFAQ(ctx, faq, e.Saved, action)
}

func (l *Library) keepFAQ(ctx context.Context, faq models.FAQ, by Saved, action string) error {
	v := faqVersion(faq)
	v.Actor, v.Reason = by.Actor, by.Reason
	return l.keep(ctx, v, action, map[string]any{"active": faq.Active})
}

func faqVersion(f models.FAQ) models.WordingVersion {
	return models.WordingVersion{
		Kind: models.WordingFAQ, Key: f.Key, Version: f.Version,
		Content: models.WordingContent{Phrases: f.Phrases, Answers: f.Answers, URL: f.URL, Active: f.Active},
	}
}

// RestoreFAQ makes an earlier version of a question the one in force, as a new version. Faults:
// content.no_such_version and those of SaveFAQ.
func (l *Library) RestoreFAQ(ctx context.Context, key string, version, seen int, by Saved) error {
	past, err := l.Version(ctx, models.WordingFAQ, key, "", version)
	if err != nil {
		return err
	}
	c := past.Content
	return l.SaveFAQ(ctx, FAQEdit{Key: key, Phrases: c.Phrases, Answers: c.Answers, URL: c.URL, Active: c.Active, Seen: seen, Saved: by})
}

// normal is the edit as it is kept: no blanks around, no phrase twice.
func (e FAQEdit) normal() FAQEdit {
	phrases, answers := models.Words{}, models.Text{}
	for _, lang := range models.Languages() {
		answers[lang] = normal(e.Answers[lang])
		phrases[lang] = []string{}
		for _, p := range e.Phrases[lang] {
			p = strings.Join(strings.Fields(p), " ")
			if p != "" && !slices.ContainsFunc(phrases[lang], func(q string) bool { return strings.EqualFold(p, q) }) {
				phrases[lang] = append(phrases[lang], p)
			}
		}
	}
	e.Phrases, e.Answers, e.URL, e.Key = phrases, answers, strings.TrimSpace(e.URL), strings.TrimSpace(e.Key)
	return e
}

func isLink(value string) bool {
	u, err := url.Parse(value)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && len(value) <= maxLink
}
