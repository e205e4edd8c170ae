package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/audit"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/ui"
)

// historyLength is how much of a thing's past its panel shows; the audit room has the rest.
const historyLength = 20

// history is who did what to a thing, newest first, in words. Fields are named by the key
// "field.<kind>.<name>", acts by "act.<action>"; what has no key is shown as it is written.
func (s *Server) history(c *fiber.Ctx, kind, id string) ([]ui.Entry, error) {
	rows, err := s.Audit.Entries(c.UserContext(), audit.Query{SubjectKind: kind, SubjectID: id, Limit: historyLength})
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	return s.entries(c, rows)
}

// entries draws lines of the audit log.
func (s *Server) entries(c *fiber.Ctx, rows []models.AuditEntry) ([]ui.Entry, error) {
	ctx := c.UserContext()
	actors := make([]string, len(rows))
	for i, r := range rows {
		actors[i] = r.Actor
	}
	who, err := s.actorNames(ctx, actors)
	if err != nil {
		return nil, err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return nil, err
	}
	v, _ := VisitorOf(ctx)
	_, reads := s.Staff.Can(v.Role, staff.Audit, staff.ToRead)
	out := make([]ui.Entry, len(rows))
	for i, r := range rows {
		out[i] = ui.Entry{
			At: r.At.In(policies.Zone()), Who: who(r.Actor), What: ui.Word(ctx, "act", r.Action), Reason: r.Reason, Changes: changesOf(ctx, r),
		}
		if reads {
			out[i].URL = fmt.Sprintf("/console/audit/%d", r.ID)
		}
	}
	return out, nil
}

// actorNames names those who act. Staff are named once each.
func (s *Server) actorNames(ctx context.Context, actors []string) (func(actor string) string, error) {
	var ids []models.ID
	for _, actor := range actors {
		if id, is := staffID(actor); is && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	names, err := s.Staff.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	return func(actor string) string {
		id, is := staffID(actor)
		switch {
		case is && names[id] != "":
			return names[id]
		case is:
			return i18n.T(ctx, "console.actor.staff")
		default:
			return ui.Word(ctx, "console.actor", actor)
		}
	}, nil
}

func staffID(actor string) (id models.ID, is bool) {
	text, is := strings.CutPrefix(actor, "staff:")
	return id, is && id.UnmarshalText([]byte(text)) == nil
}

// changesOf are an entry's fields before and after, in the order of their names.
func changesOf(ctx context.Context, r models.AuditEntry) []ui.FieldChange {
	before, after := object(r.Before), object(r.After)
	names := sortedKeys(before)
	for _, name := range sortedKeys(after) {
		if _, both := before[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []ui.FieldChange
	for _, name := range names {
		out = append(out, ui.FieldChange{
			Field: ui.Word(ctx, "field."+r.SubjectKind, name), Before: fieldWords(ctx, name, before[name]), After: fieldWords(ctx, name, after[name]),
		})
	}
	return out
}

func object(raw json.RawMessage) map[string]any {
	var out map[string]any
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	if len(raw) == 0 || dec.Decode(&out) != nil {
		return nil
	}
	return out
}

// fieldWords writes the value of a field; an amount is kept in minor units and read as money.
func fieldWords(ctx context.Context, field string, v any) string {
	if n, is := v.(json.Number); is && strings.HasSuffix(field, "_minor") {
		if minor, err := n.Int64(); err == nil {
			return i18n.Amount(minor)
		}
	}
	return valueWords(ctx, v)
}

// valueWords writes a value of the log for people: yes and no, times, wordings by language, lists.
func valueWords(ctx context.Context, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		return i18n.T(ctx, map[bool]string{true: "console.yes", false: "console.no"}[v])
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return ui.Absolute(ctx, t)
		}
		return v
	case json.Number:
		return v.String()
	case []any:
		words := make([]string, len(v))
		for i, one := range v {
			words[i] = valueWords(ctx, one)
		}
		return strings.Join(words, ", ")
	case map[string]any:
		var words []string
		for _, name := range sortedKeys(v) {
			words = append(words, strings.ToUpper(name)+": "+valueWords(ctx, v[name]))
		}
		return strings.Join(words, " · ")
	default:
		return fmt.Sprint(v)
	}
}
