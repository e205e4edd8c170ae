package chat

import (
	"fmt"
	"strconv"
	"strings"

	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// WhatsApp's limits, in the units of length.
const (
	maxText        = models.MaxText
	maxBody        = models.MaxBody // of a text with buttons or a list
	maxButtons     = models.MaxButtons
	maxButtonTitle = models.MaxButtonTitle
	maxRows        = models.MaxRows
	maxRowTitle    = models.MaxRowTitle
	maxRowDetail   = models.MaxRowDetail
	maxListLabel   = models.MaxListLabel
)

// speaker puts what is to be said into words of one language.
type speaker struct {
	texts  content.Texts
	lang   models.Language
	arabic bool // Arabic digits in Arabic texts (policy text.arabic_digits)
}

// content makes the message of a Say, and all its options in order, whether or not the shape shows them.
func (w speaker) content(s Say) (models.Content, []models.Option, error) {
	paragraphs := make([]string, len(s.Lines))
	for i, line := range s.Lines {
		text, err := w.line(line)
		if err != nil {
			return models.Content{}, nil, err
		}
		paragraphs[i] = text
	}
	c := models.Content{Kind: models.KindText, Text: w.digits(strings.Join(paragraphs, "\n\n")), URL: s.URL}
	options, err := w.shape(&c, s)
	return c, options, err
}

// line is a line's text, with the lines among its facts put into words first.
func (w speaker) line(l Line) (string, error) {
	facts := i18n.Facts{}
	for name, fact := range l.Facts {
		text, err := w.fact(fact)
		if err != nil {
			return "", err
		}
		facts[name] = text
	}
	switch {
	case l.Body != "":
		text, err := i18n.Render(l.Body, facts)
		if err != nil {
			return "", fmt.Errorf("put into words: %w", err)
		}
		return text, nil
	case l.Count != nil:
		return w.texts.Count(w.lang, l.Key, *l.Count, facts)
	default:
		return w.texts.Say(w.lang, l.Key, facts)
	}
}

func (w speaker) fact(fact any) (any, error) {
	switch f := fact.(type) {
	case Line:
		return w.line(f)
	case []Line:
		texts := make([]string, len(f))
		for i, line := range f {
			text, err := w.line(line)
			if err != nil {
				return nil, err
			}
			texts[i] = text
		}
		return strings.Join(texts, "\n"), nil
	default:
		return fact, nil
	}
}

// shape gives the content its options as buttons, else as a list, else as numbered lines of the text:
// the first shape in which every title fits whole. Nothing is ever cut.
func (w speaker) shape(c *models.Content, s Say) ([]models.Option, error) {
	if len(s.Options) == 0 {
		return nil, nil
	}
	details := !s.Numbered
	for _, limit := range []struct {
		kind       models.ContentKind
		count, max int
	}{{models.KindButtons, maxButtons, maxButtonTitle}, {models.KindList, maxRows, maxRowTitle}} {
		options, fits, err := w.options(s.Options, limit.max, limit.kind == models.KindList)
		if err != nil {
			return nil, err
		}
		detailed := details && limit.kind == models.KindButtons && hasDetail(s.Options)
		if !fits || detailed || len(options) > limit.count || length(c.Text) > maxBody {
			continue
		}
		if limit.kind == models.KindList {
			if c.ListLabel, err = w.label(s.Label); err != nil {
				return nil, err
			}
			if length(c.ListLabel) > maxListLabel {
				continue
			}
		}
		c.Kind, c.Options = limit.kind, options
		return options, nil
	}
	return w.numbered(c, s)
}

func (w speaker) label(key string) (string, error) {
	if key == "" {
		key = "chat.list.label"
	}
	return w.texts.Say(w.lang, key, nil)
}

// options writes each choice in its longest form that fits; fits is false when one has none, or when
// two would read alike.
func (w speaker) options(choices []Choice, limit int, details bool) (options []models.Option, fits bool, err error) {
	fits = true
	seen := map[string]bool{}
	for _, choice := range choices {
		o := models.Option{ID: choice.ID}
		for _, form := range choice.Titles {
			title, err := w.line(form)
			if err != nil {
				return nil, false, err
			}
			if o.Title = w.digits(title); length(o.Title) <= limit && o.Title != "" {
				break
			}
		}
		if choice.Detail != nil && details {
			detail, err := w.line(*choice.Detail)
			if err != nil {
				return nil, false, err
			}
			o.Description = w.digits(detail)
		}
		fits = fits && o.Title != "" && length(o.Title) <= limit && length(o.Description) <= maxRowDetail && !seen[o.Title]
		seen[o.Title] = true
		options = append(options, o)
	}
	return options, fits, nil
}

// numbered writes the options into the text, unless it lists them already; "the second one" is then
// understood as well as a tap.
func (w speaker) numbered(c *models.Content, s Say) ([]models.Option, error) {
	options, _, err := w.options(s.Options, maxText, true)
	if err != nil || s.Numbered {
		return options, err
	}
	lines := []string{c.Text}
	for i, o := range options {
		line := w.digits(strconv.Itoa(i+1)) + ". " + o.Title
		if o.Description != "" {
			line += " (" + o.Description + ")"
		}
		lines = append(lines, line)
	}
	c.Text = strings.Join(lines, "\n")
	return options, nil
}

func hasDetail(choices []Choice) bool {
	for _, c := range choices {
		if c.Detail != nil {
			return true
		}
	}
	return false
}

func length(s string) int { return models.Units(s) }

// digits writes an Arabic text with Arabic digits when the salon wants that; links stay as they are.
func (w speaker) digits(text string) string {
	if !w.arabic || w.lang != models.Arabic {
		return text
	}
	words := strings.SplitAfter(text, " ")
	for i, word := range words {
		if strings.Contains(word, "://") {
			continue
		}
		words[i] = strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '٠' + (r - '0')
			}
			return r
		}, word)
	}
	return strings.Join(words, "")
}
