package content

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Road is how a template reaches its reader, as programs name it.
type Road string

// Roads.
const (
	ByWhatsApp Road = "wa"
	OnTheWeb   Road = "web"
)

// channel is what the road is called in the table.
func (r Road) channel() string {
	if r == OnTheWeb {
		return webChannel
	}
	return templateChannel
}

// RoadOf is the road of a template's row.
func RoadOf(row models.MessageText) Road {
	if row.Channel == webChannel {
		return OnTheWeb
	}
	return ByWhatsApp
}

var templateKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// TemplateWish is what a template is to be. What is nil stays as it is.
type TemplateWish struct {
	Body      *string
	Footer    *string
	Buttons   models.Strings
	Variables models.Text // its variables with what they read like; every one of the body and no other
	Active    *bool
	Seen      *int // the version its editor was looking at, 0 where there was none; nil: whatever it is
	Saved
}

// ListTemplates lists the templates of both roads by key, language and road; with inactive those too that are not in use.
func (l *Library) ListTemplates(ctx context.Context, inactive bool) ([]models.MessageText, error) {
	q := l.db.On(ctx).Where("channel IN ? AND removed_at IS NULL", []string{templateChannel, webChannel}).Order("key, language, channel")
	if !inactive {
		q = q.Where("active")
	}
	var rows []models.MessageText
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	return rows, nil
}

// PutTemplate makes a template or changes it: there is one for each key, language and road. New wording of one that
// WhatsApp has waits for Meta as a draft, as a console edit does; one of the web is in force at once. Each save is a
// version and is audited. What a page of ours shows says only what that page knows. Faults, by field: content.refused at "key", "body", "footer", "buttons",
// "variables", "isActive"; content.worded_by_meta; content.changed_meanwhile.
func (l *Library) PutTemplate(ctx context.Context, key string, lang models.Language, road Road, w TemplateWish) (models.MessageText, error) {
	if !templateKey.MatchString(key) {
		return models.MessageText{}, fault.Invalid("content.refused", map[string]string{"key": "content.problem.template_key"})
	}
	if road == ByWhatsApp && OnlyCode(key) {
		return models.MessageText{}, fault.Conflict("content.worded_by_meta")
	}
	var out models.MessageText
	err := l.db.InTx(ctx, func(ctx context.Context) error {
		row, found, err := l.lockTemplate(ctx, "key = ? AND language = ? AND channel = ?", key, lang, road.channel())
		if err != nil {
			return err
		}
		if found {
			out, err = l.fulfil(ctx, row, w, "template.saved")
			return err
		}
		out, err = l.addTemplate(ctx, key, lang, road, w)
		return err
	})
	return out, err
}

// addTemplate makes the row of a template that there was none of.
func (l *Library) addTemplate(ctx context.Context, key string, lang models.Language, road Road, w TemplateWish) (models.MessageText, error) {
	now := l.clock.Now()
	row := models.MessageText{
		ID: models.NewID(), Key: key, Language: lang, Channel: road.channel(), Active: w.Active == nil || *w.Active, Version: 1,
		Approval: models.ApprovalUnknown, Values: Values(key), UpdatedBy: w.Actor, CreatedAt: now, UpdatedAt: now,
	}
	if road == OnTheWeb {
		row.Values = nil
	}
	if err := w.dress(&row); err != nil {
		return row, err
	}
	made := l.db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Select("*").Create(&row)
	if made.Error != nil {
		return row, fmt.Errorf("make template %s in %s: %w", key, lang, made.Error)
	}
	if made.RowsAffected == 0 { // somebody made it at this moment
		return row, stale("body")
	}
	v := templateVersion(row)
	v.Actor, v.Reason = w.Actor, w.Reason
	return row, l.keep(ctx, v, "template.saved", nil)
}

// ChangeTemplate changes a template by its id. Faults: content.no_such_template, and those of PutTemplate.
func (l *Library) ChangeTemplate(ctx context.Context, id models.ID, w TemplateWish) (models.MessageText, error) {
	var out models.MessageText
	err := l.db.InTx(ctx, func(ctx context.Context) error {
		row, found, err := l.lockTemplate(ctx, "id = ? AND removed_at IS NULL", id)
		if err != nil {
			return err
		}
		if !found {
			return fault.NotFound("content.no_such_template")
		}
		if OnlyCode(row.Key) && w.Active == nil {
			return fault.Conflict("content.worded_by_meta")
		}
		out, err = l.fulfil(ctx, row, w, "template.saved")
		return err
	})
	return out, err
}

// RemoveTemplate takes a template out of one language; English stands in for it where there is one. Its history stays, and
// PutTemplate brings it back. Fault: content.no_such_template.
func (l *Library) RemoveTemplate(ctx context.Context, id models.ID, by Saved) error {
	return l.db.InTx(ctx, func(ctx context.Context) error {
		was, found, err := l.lockTemplate(ctx, "id = ? AND removed_at IS NULL", id)
		if err != nil {
			return err
		}
		if !found {
			return fault.NotFound("content.no_such_template")
		}
		now, row := l.clock.Now(), was
		row.RemovedAt, row.Active = &now, false
		return l.storeTemplate(ctx, was, row, by, "template.removed")
	})
}

// SetAside takes a template out of a language as its editor saw it, or puts one back that was taken out: out it is not
// sent, and English stands in for it where there is one; back it is in use unless Meta stopped it. Faults:
// content.no_such_template, also where it is so already; content.worded_by_meta; content.changed_meanwhile.
func (l *Library) SetAside(ctx context.Context, road Road, v Verdict, out bool) error {
	if road == ByWhatsApp && OnlyCode(v.Name) {
		return fault.Conflict("content.worded_by_meta")
	}
	return l.db.InTx(ctx, func(ctx context.Context) error {
		was, found, err := l.lockTemplate(ctx, "key = ? AND language = ? AND channel = ?", v.Name, v.Language, road.channel())
		switch {
		case err != nil:
			return err
		case !found || out == (was.RemovedAt != nil):
			return fault.NotFound("content.no_such_template")
		case was.Version != v.Seen:
			return stale("body")
		}
		now, row, action := l.clock.Now(), was, "template.put_back"
		row.RemovedAt, row.Active = nil, !row.Approval.Stops()
		if out {
			row.RemovedAt, row.Active, action = &now, false, "template.removed"
		}
		return l.storeTemplate(ctx, was, row, v.Saved, action)
	})
}

// lockTemplate reads a template of either road under its row's lock.
func (l *Library) lockTemplate(ctx context.Context, where string, args ...any) (row models.MessageText, found bool, err error) {
	err = l.db.On(ctx).Where("channel IN ?", []string{templateChannel, webChannel}).Where(where, args...).
		Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, false, nil
	}
	if err != nil {
		return row, false, fmt.Errorf("read template: %w", err)
	}
	return row, true, nil
}

// fulfil brings a locked row to a wish.
func (l *Library) fulfil(ctx context.Context, was models.MessageText, w TemplateWish, action string) (models.MessageText, error) {
	if w.Seen != nil && *w.Seen != was.Version {
		return was, stale("body")
	}
	row := was
	if row.RemovedAt != nil { // it is put back
		row.RemovedAt, row.Active = nil, !row.Approval.Stops()
	}
	if err := w.dress(&row); err != nil {
		return was, err
	}
	if w.Active != nil {
		if *w.Active && row.Approval.Stops() {
			return was, fault.Invalid("content.refused", map[string]string{"isActive": "content.problem.stopped"})
		}
		row.Active = *w.Active
	}
	if sameTemplate(row, was) {
		return was, nil
	}
	if err := l.storeTemplate(ctx, was, row, w.Saved, action); err != nil {
		return was, err
	}
	row.Version, row.UpdatedBy, row.UpdatedAt = was.Version+1, w.Actor, l.clock.Now()
	return row, nil
}

// dress gives a row the wording of a wish, when it may have it.
func (w TemplateWish) dress(row *models.MessageText) error {
	if w.Variables != nil {
		row.Samples = maps.Clone(w.Variables)
	}
	body := row.Body
	if row.Draft != "" {
		body = row.Draft
	}
	if w.Body != nil {
		body = normal(*w.Body)
	}
	// What Meta approved keeps its variables, and so its numbers; a new one of staff, or of the web, has those it is written with.
	if row.Channel == webChannel || row.Body == "" && Values(row.Key) == nil {
		row.Values, _ = Placeholders(body)
	}
	if wrong := w.variables(row.Values); wrong != nil {
		return wrong
	}
	switch {
	case row.Channel == webChannel:
		return w.dressWeb(row, body)
	case row.Body == "": // a new one: what Meta is to be told
		return w.dressNew(row, body)
	default:
		return w.draft(row, body)
	}
}

func (w TemplateWish) dressWeb(row *models.MessageText, body string) error {
	wrong := map[string][]Problem{"body": CheckPage(row.Key, body)}
	if w.Footer != nil && *w.Footer != "" {
		wrong["footer"] = []Problem{{Key: "content.problem.only_whatsapp"}}
	}
	if len(w.Buttons) > 0 {
		wrong["buttons"] = []Problem{{Key: "content.problem.only_whatsapp"}}
	}
	row.Body = body
	return refused(wrong)
}

func (w TemplateWish) dressNew(row *models.MessageText, body string) error {
	d := Dress{Body: body, Buttons: w.Buttons}
	if w.Footer != nil {
		d.Footer = normal(*w.Footer)
	}
	row.Body, row.Footer, row.Buttons = d.Body, d.Footer, d.Buttons
	return refused(d.wrong(row.Values))
}

// variables refuses declared variables that are not those of the body, and samples that no message could carry.
func (w TemplateWish) variables(values []string) error {
	if w.Variables == nil {
		return nil
	}
	for name, sample := range w.Variables {
		if !slices.Contains(values, name) || models.Units(sample) > models.MaxBody || !isolated(sample) {
			return fault.Invalid("content.refused", map[string]string{"variables": "content.problem.variables"})
		}
	}
	if len(w.Variables) != len(values) {
		return fault.Invalid("content.refused", map[string]string{"variables": "content.problem.variables"})
	}
	return nil
}

// RestoreTemplate makes an earlier version of a template the newest: one of WhatsApp as a draft that waits for Meta, as all
// new wording does, one of the web at once. Faults: content.no_such_version, content.no_such_template,
// content.changed_meanwhile, content.refused where what was allowed once is not any more.
func (l *Library) RestoreTemplate(ctx context.Context, name string, lang models.Language, road Road, version, seen int, by Saved) error {
	if road == ByWhatsApp && OnlyCode(name) {
		return fault.Conflict("content.worded_by_meta")
	}
	kind := models.WordingTemplate
	if road == OnTheWeb {
		kind = models.WordingWeb
	}
	past, err := l.Version(ctx, kind, name, lang, version)
	if err != nil {
		return err
	}
	c := past.Content
	return l.db.InTx(ctx, func(ctx context.Context) error {
		row, found, err := l.lockTemplate(ctx, "key = ? AND language = ? AND channel = ?", name, lang, road.channel())
		switch {
		case err != nil:
			return err
		case !found:
			return fault.NotFound("content.no_such_template")
		case row.Version != seen:
			return stale("body")
		}
		body := c.Body
		if c.Draft != "" {
			body = c.Draft
		}
		w := TemplateWish{Body: &body, Footer: &c.Footer, Buttons: c.Buttons, Saved: by}
		if w.Buttons == nil {
			w.Buttons = models.Strings{}
		}
		_, err = l.fulfil(ctx, row, w, "template.restored")
		return err
	})
}

// TemplateSample is a template's wording filled with its own samples, else with the product's.
func (l *Library) TemplateSample(row models.MessageText, body string) string {
	facts := l.Samples(row.Language)
	for name, sample := range row.Samples {
		if sample != "" {
			facts[name] = sample
		}
	}
	return fillSample(body, facts)
}
