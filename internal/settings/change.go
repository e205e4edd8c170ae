package settings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// subjectKind is how the audit log names a policy.
const subjectKind = "policy"

// Change is a new value of one key.
type Change struct {
	Key   string
	Value any // int, bool, string or models.Text; nil goes back to the default
	// Seen is the value the editor was looking at, as Policies.JSON gives it. When another one is in force
	// by now, nothing is changed. Empty: whatever is in force is replaced.
	Seen json.RawMessage
}

// Edit is a set of changes that stand together or not at all.
type Edit struct {
	Changes []Change
	Actor   string // "staff:<id>"
	Reason  string
}

// Set changes one policy, whatever it was before: for programs. Faults as of Change.
func (s *Store) Set(ctx context.Context, key string, value any, by string) error {
	_, err := s.Change(ctx, Edit{Changes: []Change{{Key: key, Value: value}}, Actor: by})
	return err
}

// Change makes an edit in one transaction and gives the policies in force after it. Every changed key
// is audited with both values; what is the same already is left alone. Editors take turns, so that two
// edits which agree with the policies they saw cannot disagree with each other.
//
// Faults: settings.unknown; settings.refused with what is wrong by key (wrong type, out of limits, not
// agreeing with another policy); settings.changed_meanwhile with the keys that somebody else changed.
func (s *Store) Change(ctx context.Context, e Edit) (Policies, error) {
	var after Policies
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.db.On(ctx).Exec("LOCK TABLE settings IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
			return fmt.Errorf("lock policies: %w", err)
		}
		before, err := s.read(ctx)
		if err != nil {
			return err
		}
		if after, err = before.with(e.Changes); err != nil {
			return err
		}
		for _, c := range e.Changes {
			if err := s.store(ctx, e, c, before, after); err != nil {
				return err
			}
		}
		return nil
	})
	return after, err
}

// with is the policies after the changes, when they may be made. The value itself says what is wrong
// before anybody hears that it clashes with another.
func (p Policies) with(changes []Change) (Policies, error) {
	after, defaults := p, Defaults()
	stale, wrong := map[string]string{}, map[string]string{}
	for _, c := range changes {
		policy, ok := Find(c.Key)
		if !ok {
			return p, fmt.Errorf("policy %s: %w", c.Key, fault.NotFound("settings.unknown"))
		}
		if len(c.Seen) > 0 && string(c.Seen) != string(p.JSON(c.Key)) {
			stale[c.Key] = "settings.changed_meanwhile"
			continue
		}
		raw, err := c.raw(defaults)
		if err != nil {
			return p, err
		}
		var refused *fault.Fault
		if err := after.set(c.Key, raw); errors.As(err, &refused) {
			maps.Copy(wrong, refused.Fields)
		} else if why := after.check(policy); why != "" {
			wrong[c.Key] = why
		}
	}
	if len(stale) > 0 {
		return p, &fault.Fault{Kind: fault.KindConflict, Key: "settings.changed_meanwhile", Fields: stale}
	}
	if len(wrong) == 0 {
		wrong = after.agree()
	}
	if len(wrong) > 0 {
		return p, fault.Invalid("settings.refused", wrong)
	}
	return after, nil
}

// raw is the new value as it is stored.
func (c Change) raw(defaults Policies) (json.RawMessage, error) {
	if c.Value == nil {
		return defaults.JSON(c.Key), nil
	}
	raw, err := json.Marshal(c.Value)
	if err != nil {
		return nil, fmt.Errorf("encode policy %s: %w", c.Key, err)
	}
	return raw, nil
}

// store writes one change and its line in the log.
func (s *Store) store(ctx context.Context, e Edit, c Change, before, after Policies) error {
	was, is := before.JSON(c.Key), after.JSON(c.Key)
	if string(was) == string(is) {
		return nil
	}
	var err error
	if c.Value == nil {
		err = s.db.On(ctx).Delete(&models.Setting{}, "key = ?", c.Key).Error
	} else {
		row := models.Setting{Key: c.Key, Value: is, UpdatedAt: s.clock.Now(), UpdatedBy: e.Actor}
		err = s.db.On(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	}
	if err != nil {
		return fmt.Errorf("set policy %s: %w", c.Key, err)
	}
	if c.Key == "salon.currency" {
		if err := s.restate(ctx, after.Currency); err != nil {
			return err
		}
	}
	return s.log.Record(ctx, audit.Entry{
		Actor: e.Actor, Action: "policy.changed", SubjectKind: subjectKind, SubjectID: c.Key, Reason: e.Reason,
		Before: map[string]any{"value": was}, After: map[string]any{"value": is},
	})
}

// restate puts the whole price list into the salon's currency, figures as they are: a price quoted in
// one currency and charged in another would be a lie (D13). Visits keep what was agreed.
func (s *Store) restate(ctx context.Context, code string) error {
	for _, table := range []string{"services", "packs"} {
		if err := s.db.On(ctx).Table(table).Where("currency <> ?", code).Update("currency", code).Error; err != nil {
			return fmt.Errorf("state %s in %s: %w", table, code, err)
		}
	}
	return nil
}
