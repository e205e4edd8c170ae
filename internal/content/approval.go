package content

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// TemplateSet is one of a road's templates. Fault: content.no_such_template.
func (l *Library) TemplateSet(ctx context.Context, road Road, name string) (TemplateSet, error) {
	all, err := l.TemplateSets(ctx, road)
	if err != nil {
		return TemplateSet{}, err
	}
	for _, t := range all {
		if t.Name == name {
			return t, nil
		}
	}
	return TemplateSet{}, fault.NotFound("content.no_such_template")
}

// draft puts a wish beside what a row says: WhatsApp sends only what Meta has approved, so a draft is sent from the day
// somebody records its approval (AnswerDraft). What the row says already is no draft.
func (w TemplateWish) draft(row *models.MessageText, body string) error {
	d := Dress{Body: normal(body), Footer: row.Footer, Buttons: row.Buttons}
	if row.Draft != "" {
		d.Footer, d.Buttons = row.DraftFooter, row.DraftButtons
	}
	if w.Footer != nil {
		d.Footer = normal(*w.Footer)
	}
	if w.Buttons != nil {
		d.Buttons = w.Buttons
	}
	if err := refused(d.wrong(row.Values)); err != nil {
		return err
	}
	row.Draft, row.DraftFooter, row.DraftButtons = d.Body, d.Footer, d.Buttons
	if d.Body == row.Body && d.Footer == row.Footer && slices.Equal(d.Buttons, row.Buttons) {
		row.Draft, row.DraftFooter, row.DraftButtons = "", "", nil
	}
	return nil
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
			row.Body, row.Footer, row.Buttons = row.Draft, row.DraftFooter, row.DraftButtons
			row.Approval, row.Active = models.ApprovalApproved, true
		}
		row.Draft, row.DraftFooter, row.DraftButtons = "", "", nil
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
		if row.RemovedAt != nil {
			return fault.NotFound("content.no_such_template")
		}
		if err := alter(&row); err != nil {
			return err
		}
		if sameTemplate(row, was) {
			return nil
		}
		return l.storeTemplate(ctx, was, row, by, action)
	})
}

// sameTemplate tells whether two states of a row say and do the same.
func sameTemplate(a, b models.MessageText) bool {
	return a.Body == b.Body && a.Footer == b.Footer && slices.Equal(a.Buttons, b.Buttons) && a.Draft == b.Draft && a.DraftFooter == b.DraftFooter &&
		slices.Equal(a.DraftButtons, b.DraftButtons) && a.Approval == b.Approval && a.Active == b.Active && slices.Equal(a.Values, b.Values) &&
		maps.Equal(a.Samples, b.Samples) && (a.RemovedAt == nil) == (b.RemovedAt == nil)
}

func (l *Library) storeTemplate(ctx context.Context, was, row models.MessageText, by Saved, action string) error {
	done := l.db.On(ctx).Model(&models.MessageText{}).Where("id = ? AND version = ?", was.ID, was.Version).Updates(map[string]any{
		"body": row.Body, "footer": row.Footer, "buttons": row.Buttons, "values": row.Values, "samples": row.Samples,
		"draft": row.Draft, "draft_footer": row.DraftFooter, "draft_buttons": row.DraftButtons, "approval": row.Approval, "active": row.Active,
		"removed_at": row.RemovedAt, "version": was.Version + 1, "updated_by": by.Actor, "updated_at": l.clock.Now(),
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

// kindOf is under which kind the versions of a template's row stand.
func kindOf(row models.MessageText) models.WordingKind {
	if row.Channel == webChannel {
		return models.WordingWeb
	}
	return models.WordingTemplate
}

func templateVersion(row models.MessageText) models.WordingVersion {
	c := models.WordingContent{
		Body: row.Body, Draft: row.Draft, Footer: row.Footer, Buttons: row.Buttons, Approval: row.Approval, Active: row.Active,
		Values: row.Values, Samples: row.Samples, Removed: row.RemovedAt != nil,
	}
	if row.Draft != "" {
		c.Footer, c.Buttons = row.DraftFooter, row.DraftButtons
	}
	return models.WordingVersion{Kind: kindOf(row), Key: row.Key, Language: row.Language, Version: row.Version, Content: c}
}
