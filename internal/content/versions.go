package content

import (
	"context"
	"fmt"

	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Saved says who saves and why.
type Saved struct {
	Actor  string // "staff:<id>"
	Reason string
}

// History is what a wording said, newest first. FAQs have one history for all languages: lang is
// empty. The wording in force is the first, once anybody has saved it.
func (l *Library) History(ctx context.Context, kind models.WordingKind, key string, lang models.Language) ([]models.WordingVersion, error) {
	var rows []models.WordingVersion
	err := l.db.On(ctx).Where("kind = ? AND key = ? AND language = ?", kind, key, lang).Order("version DESC").Limit(100).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read history of %s %s: %w", kind, key, err)
	}
	return rows, nil
}

// Version is one entry of a history. Fault: content.no_such_version.
func (l *Library) Version(ctx context.Context, kind models.WordingKind, key string, lang models.Language, n int) (models.WordingVersion, error) {
	var rows []models.WordingVersion
	err := l.db.On(ctx).Where("kind = ? AND key = ? AND language = ? AND version = ?", kind, key, lang, n).Find(&rows).Error
	if err != nil {
		return models.WordingVersion{}, fmt.Errorf("read version %d of %s %s: %w", n, kind, key, err)
	}
	if len(rows) == 0 {
		return models.WordingVersion{}, fault.NotFound("content.no_such_version")
	}
	return rows[0], nil
}

// keep appends a version and tells the log that there is one. The log names it; it repeats no wording.
func (l *Library) keep(ctx context.Context, v models.WordingVersion, action string, detail map[string]any) error {
	v.At = l.clock.Machine()
	if err := l.db.On(ctx).Create(&v).Error; err != nil {
		return fmt.Errorf("keep version %d of %s %s: %w", v.Version, v.Kind, v.Key, err)
	}
	subject := v.Key
	if v.Language != "" {
		subject += ":" + v.Language
	}
	return l.log.Record(ctx, audit.Entry{
		Actor: v.Actor, Action: action, SubjectKind: string(v.Kind) + "_text", SubjectID: subject, Reason: v.Reason, Detail: detail,
		Before: map[string]any{"version": v.Version - 1}, After: map[string]any{"version": v.Version},
	})
}

// remember keeps what stood before the first save, such as a seeded wording, so that it can come back.
func (l *Library) remember(ctx context.Context, v models.WordingVersion) error {
	if err := l.db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&v).Error; err != nil {
		return fmt.Errorf("keep version %d of %s %s: %w", v.Version, v.Kind, v.Key, err)
	}
	return nil
}

// stale says that somebody saved between an editor's reading and saving.
func stale(field string) error {
	return &fault.Fault{Kind: fault.KindConflict, Key: "content.changed_meanwhile", Fields: map[string]string{field: "content.changed_meanwhile"}}
}

// refused says which fields of an edit will not do; the problems with their facts are those of Check….
func refused(fields map[string][]Problem) error {
	first := map[string]string{}
	for field, problems := range fields {
		if len(problems) > 0 {
			first[field] = problems[0].Key
		}
	}
	if len(first) == 0 {
		return nil
	}
	return fault.Invalid("content.refused", first)
}
