package content

import (
	"strconv"
	"strings"
	"unicode"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Dress is all of a template that Meta judges.
type Dress struct {
	Body    string
	Footer  string
	Buttons models.Strings
}

// maxWeb is how long a template of the web may be.
const maxWeb = 4000

// CheckTemplate says what Meta would refuse about the body of a template that the product declares, and what would not fit
// the values it sends: every declared value and no other, none at an end, no two side by side.
func CheckTemplate(name, body string) []Problem { return CheckBody(Values(name), body) }

// CheckBody is CheckTemplate for any values.
func CheckBody(values []string, body string) []Problem {
	body = normal(body)
	problems := checkPlain(body, values)
	if len(problems) > 0 {
		return problems
	}
	problems = append(missing(body, values), tooLong(body, models.MaxBody)...)
	places := placeholder.FindAllStringIndex(body, -1)
	for i, at := range places {
		if at[0] == 0 || at[1] == len(body) {
			problems = append(problems, Problem{Key: "content.problem.variable_at_end"})
		}
		if i > 0 && strings.TrimSpace(body[places[i-1][1]:at[0]]) == "" {
			problems = append(problems, Problem{Key: "content.problem.variables_touch"})
		}
	}
	if strings.Contains(body, "\n\n\n") || strings.Contains(body, "     ") {
		problems = append(problems, Problem{Key: "content.problem.blanks"})
	}
	if least := wordsFor(len(places)); len(problems) == 0 && words(body) < least {
		problems = append(problems, Problem{"content.problem.few_words", i18n.Facts{"Words": words(body), "Least": least}})
	}
	if emoji(body) > models.MaxTemplateEmoji {
		problems = append(problems, Problem{"content.problem.emoji", i18n.Facts{"Max": models.MaxTemplateEmoji}})
	}
	return problems
}

// wordsFor is how many words a body with so many values needs. Meta calls too few "too many variables for its length" and
// gives no figure; this is the one that those who submit many templates found.
func wordsFor(values int) int {
	if values == 0 {
		return 0
	}
	return 2*values + 1
}

// words counts the words of a body beside its placeholders.
func words(body string) int {
	return len(strings.FieldsFunc(placeholder.ReplaceAllString(body, " "), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '\'' && r != '’'
	}))
}

// Problems are what Meta would refuse about a template, by field: "body", "footer", "buttons".
func (d Dress) Problems(values []string) map[string][]Problem {
	wrong := d.wrong(values)
	for field, problems := range wrong {
		if len(problems) == 0 {
			delete(wrong, field)
		}
	}
	return wrong
}

func (d Dress) wrong(values []string) map[string][]Problem {
	return map[string][]Problem{"body": CheckBody(values, d.Body), "footer": checkFooter(d.Footer), "buttons": checkButtons(d.Buttons)}
}

// checkFooter: one plain line.
func checkFooter(footer string) []Problem {
	if footer == "" {
		return nil
	}
	return append(plainLine(footer), tooLong(footer, models.MaxTemplateFooter)...)
}

func checkButtons(buttons models.Strings) []Problem {
	var problems []Problem
	if len(buttons) > models.MaxTemplateButtons {
		problems = append(problems, Problem{"content.problem.buttons_many", i18n.Facts{"Max": models.MaxTemplateButtons}})
	}
	seen := map[string]bool{}
	for _, title := range buttons {
		switch {
		case strings.TrimSpace(title) == "":
			problems = append(problems, Problem{Key: "content.problem.empty"})
			continue
		case seen[title]:
			problems = append(problems, Problem{Key: "content.problem.buttons_alike"})
		}
		seen[title] = true
		problems = append(append(problems, plainLine(title)...), tooLong(title, models.MaxTemplateButton)...)
	}
	return problems
}

// plainLine is one line without facts or emoji.
func plainLine(text string) []Problem {
	problems := checkPlain(text, nil)
	if strings.ContainsAny(text, "\n\r") {
		problems = append(problems, Problem{Key: "content.problem.one_line"})
	}
	if emoji(text) > 0 {
		problems = append(problems, Problem{Key: "content.problem.no_emoji"})
	}
	return problems
}

// Measure is one of Meta's limits and how far a template is from it.
type Measure struct {
	Key       string // content.measure.<…>
	Used, Max int    // of words: there must be at least Max
	Least     bool
	Held      bool
}

// Measures are Meta's limits beside a template's figures, filled with samples where Meta counts what is sent.
func (d Dress) Measures(filled string) []Measure {
	places := len(placeholder.FindAllString(d.Body, -1))
	out := []Measure{
		{Key: "body", Used: models.Units(d.Body), Max: models.MaxBody}, {Key: "filled", Used: models.Units(filled), Max: models.MaxBody},
		{Key: "words", Used: words(d.Body), Max: wordsFor(places), Least: true},
		{Key: "emoji", Used: emoji(d.Body), Max: models.MaxTemplateEmoji},
		{Key: "footer", Used: models.Units(d.Footer), Max: models.MaxTemplateFooter},
		{Key: "buttons", Used: len(d.Buttons), Max: models.MaxTemplateButtons},
	}
	longest := 0
	for _, title := range d.Buttons {
		longest = max(longest, models.Units(title))
	}
	out = append(out, Measure{Key: "button", Used: longest, Max: models.MaxTemplateButton})
	for i, m := range out {
		out[i].Held = m.Least && m.Used >= m.Max || !m.Least && m.Used <= m.Max
	}
	return out
}

// Figure is a measure in figures: "212 / 1024".
func (m Measure) Figure() string { return strconv.Itoa(m.Used) + " / " + strconv.Itoa(m.Max) }
