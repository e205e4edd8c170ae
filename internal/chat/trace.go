package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// readers of a message, in a turn's trace.
const (
	readByRules = "rules"
	readByModel = "model"
)

// trace notes how a message was read and what came of it, in the turn's transaction.
func (w *work) trace(ctx context.Context, r reading, after State) error {
	meaning, err := said(r.meaning)
	if err != nil {
		return err
	}
	changed, err := differences(r.state, after)
	if err != nil {
		return err
	}
	actions, err := json.Marshal(append([]models.TurnAction{}, w.did...))
	if err != nil {
		return fmt.Errorf("encode actions of turn: %w", err)
	}
	row := models.Turn{
		ID: models.NewID(), ConversationID: w.conv.ID, FirstSeq: r.messages[0].Seq, Messages: len(r.messages), At: w.facts.Now,
		Language: w.lang, ReadBy: readByRules, Confidence: r.meaning.Confidence, Meaning: meaning,
		StageBefore: string(r.state.Stage), StageAfter: string(after.Stage), Changed: changed, Actions: actions,
		WaitedMS: max(0, w.facts.Now.Sub(r.messages[0].CreatedAt).Milliseconds()), ReadMS: r.took.Milliseconds(),
		AnsweredMS:   w.Clock.Machine().Sub(w.began).Milliseconds(),
		ModelOutcome: r.asked.outcome, ModelMS: r.asked.took.Milliseconds(),
		InputTokens: r.asked.cost.InputTokens, OutputTokens: r.asked.cost.OutputTokens, CostMicros: r.asked.cost.CostMicros,
	}
	if r.asked.outcome == modelUsed {
		row.ReadBy = readByModel
	}
	return wrap(w.DB.On(ctx).Create(&row).Error, "note turn")
}

// said is a meaning as JSON, without what was not said and without who and what is named in the customer's own
// words.
func said(meaning any) (json.RawMessage, error) {
	v, out := reflect.ValueOf(meaning), map[string]any{}
	for i := range v.NumField() {
		if f := v.Field(i); !f.IsZero() && (f.Kind() != reflect.Slice || f.Len() > 0) {
			out[v.Type().Field(i).Name] = f.Interface()
		}
	}
	for _, name := range []string{"Name", "OtherName", "Product", "OrderNumber"} {
		if out[name] != nil {
			out[name] = redacted
		}
	}
	if e, ok := out["Errand"].(understand.Errand); ok && e.Do != understand.DoNothing {
		out["Errand"] = e.Do
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode meaning of turn: %w", err)
	}
	return raw, nil
}

// untraced are the fields of a state that say nothing about a turn, or repeat the customer's own words.
var untraced = []string{"v", "at", "memory", "concern", "wish", "shop", "unfound", "silenced"}

// personal are the members of a state, at any depth, that hold somebody's name or phone; a trace has redacted
// in their place.
var personal = []string{"name", "surname", "phone"}

const redacted = "•••"

// redact replaces what is personal in decoded JSON.
func redact(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if slices.Contains(personal, key) {
				v[key] = redacted
				continue
			}
			redact(member)
		}
	case []any:
		for _, entry := range v {
			redact(entry)
		}
	}
}

// differences are the fields of a state that a turn changed.
func differences(before, after State) (json.RawMessage, error) {
	was, err := fieldsOf(before)
	if err != nil {
		return nil, err
	}
	is, err := fieldsOf(after)
	if err != nil {
		return nil, err
	}
	out := map[string]models.TurnChange{}
	for name, now := range is {
		if !bytes.Equal(now, was[name]) {
			out[name] = models.TurnChange{From: was[name], To: now}
		}
		delete(was, name)
	}
	for name, then := range was {
		out[name] = models.TurnChange{From: then}
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode changes of turn: %w", err)
	}
	return raw, nil
}

func fieldsOf(s State) (map[string]json.RawMessage, error) {
	raw, err := s.save()
	if err != nil {
		return nil, err
	}
	var state map[string]any
	if err := json.Unmarshal(raw, &state); err != nil {
		return nil, fmt.Errorf("read state: %w", err)
	}
	for _, name := range untraced {
		delete(state, name)
	}
	redact(state)
	fields := make(map[string]json.RawMessage, len(state))
	for name, value := range state {
		if fields[name], err = json.Marshal(value); err != nil {
			return nil, fmt.Errorf("encode state: %w", err)
		}
	}
	return fields, nil
}

// note keeps what an action was, and what it found.
func (w *work) note(a Action, result *Event) {
	did := models.TurnAction{Do: reflect.TypeOf(a).Name()}
	switch a := a.(type) {
	case Say:
		for _, line := range a.Lines {
			did.With = append(did.With, textKeys(line)...)
		}
	case FindSlots:
		did.With = []string{string(a.Why), a.Query.From.Format(time.DateOnly), strconv.Itoa(a.Query.Minutes) + " min"}
		if result != nil && result.Found != nil {
			did.With = append(did.With, strconv.Itoa(len(result.Found.Availability.Slots))+"/"+strconv.Itoa(result.Found.Availability.Total))
		}
	case Hold:
		did.With = []string{a.Slot.Start.Format("2006-01-02 15:04")}
		if result != nil && result.Held != nil && result.Held.Fault != "" {
			did.With = append(did.With, result.Held.Fault)
		}
	case HandOff:
		did.With = []string{string(a.Reason)}
	}
	w.did = append(w.did, did)
}

// textKeys are the catalogue keys of a line and of the lines among its facts.
func textKeys(l Line) []string {
	var keys []string
	if l.Key != "" {
		keys = append(keys, l.Key)
	}
	for _, fact := range l.Facts {
		switch f := fact.(type) {
		case Line:
			keys = append(keys, textKeys(f)...)
		case []Line:
			for _, line := range f {
				keys = append(keys, textKeys(line)...)
			}
		}
	}
	return keys
}

// Turns are the newest turns of a conversation before one of its messages (0: all), newest first.
func (c *Clerk) Turns(ctx context.Context, conversationID models.ID, beforeSeq int64, limit int) ([]models.Turn, error) {
	q := c.DB.On(ctx).Where("conversation_id = ?", conversationID)
	if beforeSeq > 0 {
		q = q.Where("first_seq < ?", beforeSeq)
	}
	var rows []models.Turn
	if err := q.Order("first_seq DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read turns: %w", err)
	}
	return rows, nil
}
