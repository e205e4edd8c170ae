// Package i18n owns every text a person reads, in English, Spanish and Arabic, and how times, dates
// and amounts are written. One catalogue file per area and language lies under locales; the three
// languages hold the same keys and the same placeholders (a test fails on a gap).
package i18n

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"text/template"

	"frontdesk/models"
)

//go:embed locales
var files embed.FS

// Facts are the values a text needs, by placeholder name.
type Facts map[string]any

// Catalogue is all texts in all languages. Safe for concurrent use.
type Catalogue struct {
	localizers map[models.Language]*goi18n.Localizer
	bodies     map[models.Language]map[string]string // the "other" form, for editing and checking
	counted    map[string]bool                       // keys with a form per number
}

// Load reads the embedded catalogues.
func Load() (*Catalogue, error) {
	bundle := goi18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	c := &Catalogue{localizers: map[string]*goi18n.Localizer{}, bodies: map[string]map[string]string{}, counted: map[string]bool{}}
	for _, lang := range models.Languages() {
		c.bodies[lang] = map[string]string{}
		names, err := fs.Glob(files, path.Join("locales", lang, "*.json"))
		if err != nil {
			return nil, fmt.Errorf("list catalogue %s: %w", lang, err)
		}
		for _, name := range names {
			raw, err := files.ReadFile(name)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", name, err)
			}
			parsed, err := bundle.ParseMessageFileBytes(raw, path.Join(lang, "messages."+lang+".json"))
			if err != nil {
				return nil, fmt.Errorf("parse %s: %w", name, err)
			}
			for _, m := range parsed.Messages {
				if _, twice := c.bodies[lang][m.ID]; twice {
					return nil, fmt.Errorf("%s: key %q stands in two files", name, m.ID)
				}
				c.bodies[lang][m.ID] = m.Other
				c.counted[m.ID] = c.counted[m.ID] || m.One != ""
			}
		}
		c.localizers[lang] = goi18n.NewLocalizer(bundle, lang)
	}
	return c, nil
}

// Text is the wording of a key. A missing key reads as the key itself, so that a gap is seen and
// nothing breaks; the completeness test keeps gaps from shipping. Where the wording depends on a number, it is that of the
// fact Count, if that is one.
func (c *Catalogue) Text(lang models.Language, key string, facts Facts) string {
	if n, ok := number(facts["Count"]); ok && c.counted[key] {
		facts = maps.Clone(facts)
		facts["Count"] = n
		return c.Plural(lang, key, n, facts)
	}
	return c.localize(lang, &goi18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any(facts)})
}

// number is a fact that counts something; one that was kept as JSON for a while is a float.
func number(fact any) (int, bool) {
	switch n := fact.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case float64:
		return int(n), n == math.Trunc(n)
	}
	return 0, false
}

// Plural is the wording of a key for a count, which is also the placeholder {{.Count}}.
func (c *Catalogue) Plural(lang models.Language, key string, count int, facts Facts) string {
	data := map[string]any{"Count": count}
	for k, v := range facts {
		data[k] = v
	}
	return c.localize(lang, &goi18n.LocalizeConfig{MessageID: key, PluralCount: count, TemplateData: data})
}

func (c *Catalogue) localize(lang models.Language, cfg *goi18n.LocalizeConfig) string {
	l, ok := c.localizers[lang]
	if !ok {
		l = c.localizers[models.English]
	}
	s, err := l.Localize(cfg)
	if err != nil {
		return cfg.MessageID
	}
	return s
}

// Has tells whether the catalogue knows the key in this language.
func (c *Catalogue) Has(lang models.Language, key string) bool {
	_, ok := c.bodies[lang][key]
	return ok
}

// Body is the unrendered wording of a key (its "other" form), for seeding editable texts.
func (c *Catalogue) Body(lang models.Language, key string) string { return c.bodies[lang][key] }

// Counted tells whether a key's wording depends on a number.
func (c *Catalogue) Counted(key string) bool { return c.counted[key] }

// Keys lists the keys of a language that start with a prefix.
func (c *Catalogue) Keys(lang models.Language, prefix string) []string {
	var keys []string
	for k := range c.bodies[lang] {
		if strings.HasPrefix(k, prefix) {
			keys = append(keys, k)
		}
	}
	return keys
}

// Render fills an edited wording with facts. A placeholder without a fact is an error: such a text
// is not sent.
func Render(body string, facts Facts) (string, error) {
	t, err := template.New("text").Option("missingkey=error").Parse(body)
	if err != nil {
		return "", fmt.Errorf("parse text: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, map[string]any(facts)); err != nil {
		return "", fmt.Errorf("fill text: %w", err)
	}
	return out.String(), nil
}

// Direction is "rtl" for Arabic, "ltr" otherwise.
func Direction(lang models.Language) string {
	if lang == models.Arabic {
		return "rtl"
	}
	return "ltr"
}

// Known gives the product's language for a tag such as "es-MX", and whether it is one of ours.
func Known(tag string) (models.Language, bool) {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	for _, l := range models.Languages() {
		if base == l {
			return l, true
		}
	}
	return models.English, false
}

type ctxKey struct{}

// Reader is a catalogue read in one language, for pages.
type Reader struct {
	Catalogue *Catalogue
	Language  models.Language
}

// With puts the reader of a page on the context.
func With(ctx context.Context, r Reader) context.Context { return context.WithValue(ctx, ctxKey{}, r) }

// From takes the reader off the context; English keys when there is none.
func From(ctx context.Context) Reader {
	r, _ := ctx.Value(ctxKey{}).(Reader)
	if r.Language == "" {
		r.Language = models.English
	}
	return r
}

// T is the wording of a key on a page, with facts given as name, value, name, value.
func T(ctx context.Context, key string, pairs ...any) string {
	r := From(ctx)
	if r.Catalogue == nil {
		return key
	}
	return r.Catalogue.Text(r.Language, key, pairsToFacts(pairs))
}

// N is the wording of a key for a count on a page.
func N(ctx context.Context, key string, count int, pairs ...any) string {
	r := From(ctx)
	if r.Catalogue == nil {
		return key
	}
	return r.Catalogue.Plural(r.Language, key, count, pairsToFacts(pairs))
}

func pairsToFacts(pairs []any) Facts {
	facts := Facts{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			facts[name] = pairs[i+1]
		}
	}
	return facts
}
