package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// State is a policy as it stands.
type State struct {
	Policy
	Value   any
	Default any
	JSON    json.RawMessage // the value, for Change.Seen
	Edited  bool            // differs from the default
	By      string          // who changed it last; empty while nobody has
	At      time.Time       // business time of that
}

// States lists every policy with its value in force.
func (s *Store) States(ctx context.Context) ([]State, error) {
	var rows []models.Setting
	if err := s.db.On(ctx).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read policies: %w", err)
	}
	now, defaults := Defaults(), Defaults()
	touched := map[string]models.Setting{}
	for _, row := range rows {
		if err := now.set(row.Key, row.Value); err != nil {
			return nil, err
		}
		touched[row.Key] = row
	}
	all := All()
	states := make([]State, len(all))
	for i, policy := range all {
		row := touched[policy.Key]
		states[i] = State{
			Policy: policy, Value: now.Value(policy.Key), Default: defaults.Value(policy.Key), JSON: now.JSON(policy.Key),
			Edited: string(now.JSON(policy.Key)) != string(defaults.JSON(policy.Key)), By: row.UpdatedBy, At: row.UpdatedAt,
		}
	}
	return states, nil
}

// Past is one change of a policy. Was and Is are values as Policies.Value gives them.
type Past struct {
	ID      int64 // of its line in the audit log
	At      time.Time
	Actor   string
	Reason  string
	Was, Is any
}

// History is what was changed about a policy, newest first. Fault: settings.unknown.
func (s *Store) History(ctx context.Context, key string) ([]Past, error) {
	if _, ok := Find(key); !ok {
		return nil, fault.NotFound("settings.unknown")
	}
	entries, err := s.log.Entries(ctx, audit.Query{SubjectKind: subjectKind, SubjectID: key, Action: "policy.changed", Limit: 100})
	if err != nil {
		return nil, err
	}
	past := make([]Past, 0, len(entries))
	for _, e := range entries {
		p := Past{ID: e.ID, At: e.At, Actor: e.Actor, Reason: e.Reason}
		if p.Was, err = valueOf(key, e.Before); err != nil {
			return nil, err
		}
		if p.Is, err = valueOf(key, e.After); err != nil {
			return nil, err
		}
		past = append(past, p)
	}
	return past, nil
}

// valueOf reads a logged value as the type its key has today; nil when it has another one by now.
func valueOf(key string, logged json.RawMessage) (any, error) {
	var side struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(logged, &side); err != nil {
		return nil, fmt.Errorf("read history of policy %s: %w", key, err)
	}
	p := Defaults()
	if err := p.set(key, side.Value); err != nil {
		return nil, nil //nolint:nilerr // the key's type has changed since: nothing that could be restored
	}
	return p.Value(key), nil
}
