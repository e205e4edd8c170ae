package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"frontdesk/views/ui"
)

// turnValue is the longest value that a turn's page shows, in characters.
const turnValue = 160

// The closed lists of words on a turn's page.
const (
	turnFields  = "turns.field" // of a meaning and of a state, at any depth
	turnStages  = "turns.stage"
	turnActions = "turns.do"
	turnValues  = "turns.value"
)

// minuteOfDay tells whether a number of that name counts minutes after midnight.
func minuteOfDay(name string) bool {
	return slices.Contains([]string{"at", "not_before", "not_after", "after", "before"}, spelled(name))
}

// ofStage tells whether a word of that name is a stage.
func ofStage(name string) bool {
	return slices.Contains([]string{"stage", "back", "before"}, spelled(name))
}

// turnFact is a value of a turn as people read it: in their language and the salon's time, without JSON's quotes and brackets.
// Codes of the salon stay as they are.
func turnFact(ctx context.Context, zone *time.Location, name string, raw json.RawMessage) string {
	var value any
	if len(raw) == 0 || json.Unmarshal(raw, &value) != nil {
		return ""
	}
	words := turnWords(ctx, zone, name, value)
	if short := firstRunes(words, turnValue); short != words {
		return short + "…"
	}
	return words
}

func turnWords(ctx context.Context, zone *time.Location, name string, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, turnWords(ctx, zone, name, e))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		return turnObject(ctx, zone, v)
	case float64:
		if minuteOfDay(name) {
			return fmt.Sprintf("%02d:%02d", int(v)/60, int(v)%60)
		}
		return fmt.Sprint(v)
	case string:
		if ofStage(name) {
			return turnStage(ctx, v)
		}
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return at.In(zone).Format("2006-01-02 15:04")
		}
		return turnCode(ctx, v)
	default:
		return turnCode(ctx, fmt.Sprint(v))
	}
}

// turnObject writes days as dates, a name as its words, and all else by name.
func turnObject(ctx context.Context, zone *time.Location, v map[string]any) string {
	year, month, date := v["Year"], v["Month"], v["Date"]
	if y, ok := year.(float64); ok && month != nil && date != nil {
		return fmt.Sprintf("%04d-%02v-%02v", int(y), month, date)
	}
	if given, ok := v["Given"].(string); ok {
		family, _ := v["Family"].(string)
		return strings.TrimSpace(given + " " + family)
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if words := turnWords(ctx, zone, name, v[name]); words != "" {
			parts = append(parts, turnField(ctx, name)+": "+isolated(words))
		}
	}
	return strings.Join(parts, ", ")
}

// isolated keeps a value's own direction among words of another: a date in Arabic reads as a date.
func isolated(words string) string { return "\u2068" + words + "\u2069" }

// turnField names a field of a meaning or of a state.
func turnField(ctx context.Context, name string) string {
	return ui.Word(ctx, turnFields, spelled(name))
}

// turnStage names the question that was open.
func turnStage(ctx context.Context, stage string) string {
	if stage == "" {
		stage = "open"
	}
	return ui.Word(ctx, turnStages, stage)
}

// turnCode is a value that has words of its own ("evening"), and any other as it is.
func turnCode(ctx context.Context, code string) string {
	return worded(ctx, turnValues+"."+code, code)
}

// spelled is a name of the rules as keys spell it: NotBefore and not_before are one.
func spelled(name string) string {
	var out strings.Builder
	lower := false
	for _, r := range name {
		if lower && unicode.IsUpper(r) {
			out.WriteByte('_')
		}
		lower = unicode.IsLower(r)
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}
