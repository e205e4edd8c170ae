package simulator

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"frontdesk/internal/content"
	"frontdesk/models"
)

// Template refusals.
const (
	templateParams  = 132000
	templateMissing = 132001
	templateTooLong = 132005
	templateText    = 132018
)

// breaksLine matches what Meta refuses in a template's values.
var breaksLine = regexp.MustCompile(`[\n\t]| {5,}`)

// fill makes a template message as the phone shows it: its text, what stands under it, its quick replies. Approved are the
// salon's active templates.
func (a *whatsapp) fill(ctx context.Context, t sendTemplate) (Reply, *metaError) {
	var none Reply
	templates, err := a.library.Templates(ctx)
	if err != nil {
		return none, metaRefusal(http.StatusInternalServerError, 131000, "(#131000) Something went wrong", "Templates could not be read")
	}
	approved := templates.All()
	i := slices.IndexFunc(approved, func(row models.MessageText) bool {
		return row.Key == t.Name && row.Language == t.Language.Code
	})
	if i < 0 {
		return none, metaRefusal(http.StatusNotFound, templateMissing, "(#132001) Template name does not exist in the translation",
			fmt.Sprintf("template name (%s) does not exist in %s", t.Name, t.Language.Code))
	}
	if content.OnlyCode(t.Name) {
		if refusal := t.checkCode(); refusal != nil {
			return none, refusal
		}
		t.Components = t.Components[:1]
	}
	values, refusal := t.values(len(approved[i].Values))
	if refusal != nil {
		return none, refusal
	}
	text, err := templates.Fill(models.Template{Name: t.Name, Language: t.Language.Code, Values: values})
	if err != nil {
		return none, refused(templateParams, "Number of parameters does not match the expected number of params", "The template cannot be filled")
	}
	if longer(text, maxTemplateFull) {
		return none, refused(templateTooLong, "Translated text too long", "Template hydrated text is longer than 1024 characters")
	}
	shown := Reply{Type: "template", Text: text, Footer: approved[i].Footer, Template: t.Name, Lang: t.Language.Code}
	for _, title := range approved[i].Buttons { // nobody gave them a payload: Meta answers with what stands on them
		shown.Buttons = append(shown.Buttons, Button{ID: title, Title: title})
	}
	return shown, nil
}

// maxCode is how long a code may be.
const maxCode = 15

// checkCode is what Meta wants of a template for codes: the code in the words, and the same once more behind the button that
// copies it.
func (t sendTemplate) checkCode() *metaError {
	if len(t.Components) != 2 || !strings.EqualFold(t.Components[0].Type, "body") || len(t.Components[0].Parameters) != 1 {
		return refused(templateParams, "Number of parameters does not match the expected number of params", "A template for codes takes the code in its body and in its button")
	}
	button, code := t.Components[1], t.Components[0].Parameters[0].Text
	index := strings.Trim(string(button.Index), `"`)
	switch {
	case !strings.EqualFold(button.Type, "button") || !strings.EqualFold(button.SubType, "url") || index != "0" || len(button.Parameters) != 1:
		return missing("template['components']['button']")
	case button.Parameters[0].Type != "text" || button.Parameters[0].Text != code:
		return refused(invalidValue, "Parameter value is not valid", "button: the code must be that of the body")
	case longer(code, maxCode):
		return refused(invalidValue, "Parameter value is not valid", "body: a code has at most 15 characters")
	}
	return nil
}

// values are the parameters of the body, checked against how many the template declares.
func (t sendTemplate) values(expected int) ([]string, *metaError) {
	values := []string{}
	for _, c := range t.Components {
		if !strings.EqualFold(c.Type, "body") {
			return nil, refused(templateParams, "Number of parameters does not match the expected number of params",
				strings.ToLower(c.Type)+": the template has no such component")
		}
		for _, p := range c.Parameters {
			switch {
			case p.Type != "text":
				return nil, refused(invalidValue, "Parameter value is not valid", "body: parameters must be of type text")
			case p.Text == "":
				return nil, missing("template['components']['parameters']['text']")
			case breaksLine.MatchString(p.Text):
				return nil, refused(templateText, "There was an issue with the parameters in your template",
					"Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
			}
			values = append(values, p.Text)
		}
	}
	if len(values) != expected {
		return nil, refused(templateParams, "Number of parameters does not match the expected number of params",
			fmt.Sprintf("body: number of localizable_params (%d) does not match the expected number of params (%d)", len(values), expected))
	}
	return values, nil
}

// categoryOf is what Meta counts a template as.
func categoryOf(name string) string {
	if content.OnlyCode(name) {
		return "AUTHENTICATION"
	}
	return "UTILITY"
}

var namedPlace = regexp.MustCompile(`{{\s*\.([A-Za-z]+)\s*}}`)

// listTemplates shows the approved templates as Meta lists them, with numbered places.
func (a *whatsapp) listTemplates(w http.ResponseWriter, r *http.Request) {
	templates, err := a.library.Templates(r.Context())
	if err != nil {
		metaRefusal(http.StatusInternalServerError, 131000, "(#131000) Something went wrong", "Templates could not be read").write(w)
		return
	}
	rows := templates.All()
	slices.SortFunc(rows, func(x, y models.MessageText) int {
		return strings.Compare(x.Key+" "+x.Language, y.Key+" "+y.Language)
	})
	list := []map[string]any{}
	for _, row := range rows {
		if name := r.URL.Query().Get("name"); name != "" && name != row.Key {
			continue
		}
		body := namedPlace.ReplaceAllStringFunc(row.Body, func(place string) string {
			name := namedPlace.FindStringSubmatch(place)[1]
			return fmt.Sprintf("{{%d}}", slices.Index(row.Values, name)+1)
		})
		components := []map[string]any{{"type": "BODY", "text": body}}
		if row.Footer != "" {
			components = append(components, map[string]any{"type": "FOOTER", "text": row.Footer})
		}
		if len(row.Buttons) > 0 {
			var replies []map[string]any
			for _, title := range row.Buttons {
				replies = append(replies, map[string]any{"type": "QUICK_REPLY", "text": title})
			}
			components = append(components, map[string]any{"type": "BUTTONS", "buttons": replies})
		}
		list = append(list, map[string]any{
			"id": row.ID.String(), "name": row.Key, "language": row.Language, "status": "APPROVED",
			"category": categoryOf(row.Key), "parameter_format": "POSITIONAL",
			"components": components,
		})
	}
	writeJSON(w, http.StatusOK, map[string]any{"data": list, "paging": map[string]any{"cursors": map[string]string{"before": "MAZDZD", "after": "MjQZD"}}})
}
