package content

import (
	"context"
	"fmt"
	"strings"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// WhatsAppTemplate is a template as its editors see it.
type WhatsAppTemplate struct {
	Name   string
	Values []string // in the order the channel numbers them
	// Dormant: no part of the product sends it yet.
	Dormant bool
	In      map[models.Language]models.MessageText
}

// AllTemplates lists every declared template in the order they are declared, sent or not.
func (l *Library) AllTemplates(ctx context.Context) ([]WhatsAppTemplate, error) {
	var rows []models.MessageText
	if err := l.db.On(ctx).Where("channel = ?", templateChannel).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	var list []WhatsAppTemplate
	for _, d := range declared() {
		t := WhatsAppTemplate{Name: d.name, Values: d.values, Dormant: d.dormant, In: map[models.Language]models.MessageText{}}
		for _, row := range rows {
			if row.Key == d.name {
				t.In[row.Language] = row
			}
		}
		list = append(list, t)
	}
	return list, nil
}

// WhatsAppTemplate is one of them. Fault: content.no_such_template.
func (l *Library) WhatsAppTemplate(ctx context.Context, name string) (WhatsAppTemplate, error) {
	all, err := l.AllTemplates(ctx)
	if err != nil {
		return WhatsAppTemplate{}, err
	}
	for _, t := range all {
		if t.Name == name {
			return t, nil
		}
	}
	return WhatsAppTemplate{}, fault.NotFound("content.no_such_template")
}

// CheckTemplate says what Meta would refuse about a body, and what would not fit the values the product
// sends: every declared value and no other, none at an end, no two that touch.
func CheckTemplate(name, body string) []Problem {
	values := Values(name)
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
		if i > 0 && places[i-1][1] == at[0] {
			problems = append(problems, Problem{Key: "content.problem.variables_touch"})
		}
	}
	if strings.Contains(body, "\n\n\n") || strings.Contains(body, "     ") {
		problems = append(problems, Problem{Key: "content.problem.blanks"})
	}
	return problems
}

// TemplateEdit is new wording of a template in one language.
type TemplateEdit struct {
	Name     string
	Language models.Language
	Body     string
	Seen     int // MessageText.Version of what the editor was looking at
	Saved
}

// DraftTemplate keeps new wording beside the one that is sent: WhatsApp sends only what Meta has
// approved, so a draft is sent from the day somebody records its approval (AnswerDraft). The wording in
// force takes a draft back. Faults: content.no_such_template; content.refused at "body";
// content.changed_meanwhile.
func (l *Library) DraftTemplate(ctx context.Context, e TemplateEdit) error {
	return l.alterTemplate(ctx, e.Name, e.Language, e.Seen, e.Saved, "template.drafted", func(row *models.MessageText) error {
		if err := refused(map[string][]Problem{"body": CheckTemplate(e.Name, e.Body)}); err != nil {
			return err
		}
		if row.Draft = normal(e.Body); row.Draft == row.Body {
			row.Draft = ""
		}
		return nil
	})
}

// Verdict is what Meta said about a template in one language, as somebody read it there.
type Verdict struct {
	Name     string
	Language models.Language
	Seen     int
	Saved
}

// AnswerDraft records Meta's answer about a draft: approved, it is what is sent from now on; not
// approved, it is dropped and stays in the history. Faults: content.no_such_template; content.no_draft;
// content.changed_meanwhile.
func (l *Library) AnswerDraft(ctx context.Context, v Verdict, approved bool) error {
	action := "template.draft_rejected"
	if approved {
		action = "template.draft_approved"
	}
	return l.alterTemplate(ctx, v.Name, v.Language, v.Seen, v.Saved, action, func(row *models.MessageText) error {
		if row.Draft == "" {
			return fault.Conflict("content.no_draft")
		}
		if approved {
			row.Body, row.Approval, row.Active = row.Draft, models.ApprovalApproved, true
		}
		row.Draft = ""
		return nil
	})
}

// SetApproval records what Meta says about the wording that is sent. Paused and rejected templates are
// not sent; where one is missing, English stands in. Faults: content.no_such_template;
// content.unknown_approval; content.changed_meanwhile.
func (l *Library) SetApproval(ctx context.Context, v Verdict, approval models.Approval) error {
	known := false
	for _, a := range models.Approvals() {
		known = known || a == approval
	}
	if !known {
		return fault.Invalid("content.refused", map[string]string{"approval": "content.unknown_approval"})
	}
	return l.alterTemplate(ctx, v.Name, v.Language, v.Seen, v.Saved, "template.approval", func(row *models.MessageText) error {
		row.Approval, row.Active = approval, !approval.Stops()
		return nil
	})
}

// alterTemplate changes a row as it was seen, keeps what it said before and after, and logs it.
func (l *Library) alterTemplate(ctx context.Context, name string, lang models.Language, seen int, by Saved, action string, alter func(*models.MessageText) error) error {
	return l.db.InTx(ctx, func(ctx context.Context) error {
		var rows []models.MessageText
		err := l.db.On(ctx).Where("key = ? AND language = ? AND channel = ?", name, lang, templateChannel).Find(&rows).Error
		if err != nil {
			return fmt.Errorf("read template %s in %s: %w", name, lang, err)
		}
		if len(rows) == 0 {
			return fault.NotFound("content.no_such_template")
		}
		was, row := rows[0], rows[0]
		if was.Version != seen {
			return stale("body")
		}
		if err := alter(&row); err != nil {
			return err
		}
		if row.Body == was.Body && row.Draft == was.Draft && row.Approval == was.Approval {
			return nil
		}
		return l.storeTemplate(ctx, was, row, by, action)
	})
}

func (l *Library) storeTemplate(ctx context.Context, was, row models.MessageText, by Saved, action string) error {
	done := l.db.On(ctx).Model(&models.MessageText{}).Where("id = ? AND version = ?", was.ID, was.Version).Updates(map[string]any{
		"body": row.Body, "draft": row.Draft, "approval": row.Approval, "active": row.Active,
		"version": was.Version + 1, "updated_by": by.Actor, "updated_at": l.clock.Now(),
	})
	if done.Error != nil {
		return fmt.Errorf("save template %s in %s: %w", row.Key, row.Language, done.Error)
	}
	if done.RowsAffected == 0 {
		return stale("body")
	}
	before := templateVersion(was)
	before.Actor, before.At = was.UpdatedBy, was.UpdatedAt
	if err := l.remember(ctx, before); err != nil {
		return err
	}
	row.Version = was.Version + 1
	after := templateVersion(row)
	after.Actor, after.Reason = by.Actor, by.Reason
	return l.keep(ctx, after, action, map[string]any{"approval": row.Approval, "draft": row.Draft != ""})
}

func templateVersion(row models.MessageText) models.WordingVersion {
	return models.WordingVersion{
		Kind: models.WordingTemplate, Key: row.Key, Language: row.Language, Version: row.Version,
		Content: models.WordingContent{Body: row.Body, Draft: row.Draft, Approval: row.Approval, Active: row.Active},
	}
}
