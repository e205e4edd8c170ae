package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/chat/understand"
	"frontdesk/internal/fault"
	"frontdesk/internal/settings"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	replayMessages = 200            // customers' messages that a change is measured on, the newest
	replayDays     = 30             // that they may be old, by business time
	replayWithin   = 24 * time.Hour // machine time: an older change is not measured any more
	replayPage     = 50             // changes taken up at once
)

// Kinds of what is changed, as the audit log has them.
const (
	IterationFAQ     = "faq_text"
	IterationService = "service"
	IterationPolicy  = "policy"
)

const serviceAdded = "service.added"

// replayed are the actions of the audit log that change how messages are read or answered.
var replayed = []string{
	"faq.added", "faq.changed", "faq.retired", "faq.reopened", serviceAdded, "service.changed", "service.retired", "service.restored", "policy.changed",
}

// replayedPolicies are the policies of reading.
var replayedPolicies = []string{"model.below_percent", "indecision.confidence", "clarify.max"}

// NoteIterations takes up the changes of words and policies that nobody has measured, and asks for their
// measuring. Safe at any time and several times at once: each is taken up once.
func (c *Clerk) NoteIterations(ctx context.Context) (taken int, err error) {
	var due []int64
	err = c.DB.On(ctx).Raw(`
		SELECT a.id FROM audit_log a WHERE a.action IN ? AND a.at > ?
			AND (a.action <> 'policy.changed' OR a.subject_id IN ?)
			AND (a.action <> 'service.changed' OR EXISTS (SELECT FROM jsonb_object_keys(a.after) k WHERE k LIKE 'synonyms%' OR k LIKE 'name%'))
			AND NOT EXISTS (SELECT FROM iterations i WHERE i.audit_id = a.id)
		ORDER BY a.id LIMIT ?`, replayed, c.Clock.Machine().Add(-replayWithin), replayedPolicies, replayPage).Scan(&due).Error
	if err != nil {
		return 0, fmt.Errorf("find changes to measure: %w", err)
	}
	for _, id := range due {
		fresh, err := c.Queue.EnqueueIf(ctx, queue.Replay{AuditID: id}, `
			INSERT INTO iterations (audit_id, at, actor, action, kind, key)
			SELECT id, at, actor, action, subject_kind, coalesce((SELECT code FROM services s WHERE s.id::text = subject_id), subject_id)
			FROM audit_log WHERE id = ? ON CONFLICT DO NOTHING RETURNING audit_id`, id)
		if err != nil {
			return taken, err
		}
		if fresh {
			taken++
		}
	}
	return taken, nil
}

// Replay measures one change: the newest messages of customers are read by the rules, once with the words and
// policies before it and once with those after it, each as if nothing had been asked. Run again it finds the
// change measured.
func (c *Clerk) Replay(ctx context.Context, auditID int64) error {
	var row models.Iteration
	if err := c.DB.On(ctx).Take(&row, "audit_id = ?", auditID).Error; err != nil {
		return fmt.Errorf("read change to measure: %w", err)
	}
	if row.MeasuredAt != nil {
		return nil
	}
	before, after, err := c.sides(ctx, auditID)
	if err != nil {
		return err
	}
	messages, err := c.recent(ctx)
	if err != nil {
		return err
	}
	row.Before, row.After, row.Changed = measured(messages, before, after)
	row.Messages = len(messages)
	now := c.Clock.Machine()
	row.MeasuredAt = &now
	return wrap(c.DB.On(ctx).Where("measured_at IS NULL").Select("*").Updates(&row).Error, "keep what a change did")
}

// recent are the customers' newest texts, oldest first.
func (c *Clerk) recent(ctx context.Context) ([]models.Message, error) {
	var rows []models.Message
	err := c.DB.On(ctx).Where("direction = ? AND content->>'kind' = ? AND created_at > ?", models.In, models.KindText, c.Clock.Now().AddDate(0, 0, -replayDays)).
		Order("id DESC").Limit(replayMessages).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read messages to replay: %w", err)
	}
	slices.Reverse(rows)
	return rows, nil
}

// side is the salon as one side of a change has it.
type side struct {
	words         understand.Vocabulary
	policies      settings.Policies
	opens, closes int
}

// sides are the salon of today with what the change replaced, and with what it put there.
func (c *Clerk) sides(ctx context.Context, auditID int64) (before, after side, err error) {
	_, s, err := c.salon(ctx)
	if err != nil {
		return before, after, err
	}
	found, err := audit.New(c.DB, c.Clock).Entry(ctx, auditID)
	if err != nil {
		return before, after, err
	}
	was, err := c.side(ctx, s, found.AuditEntry, found.Before)
	if err != nil {
		return before, after, err
	}
	is, err := c.side(ctx, s, found.AuditEntry, found.After)
	return was, is, err
}

func (c *Clerk) side(ctx context.Context, s salon, e models.AuditEntry, raw json.RawMessage) (side, error) {
	one := side{policies: s.policies}
	one.opens, one.closes = widest(s.hours)
	v := understand.Vocabulary{Services: s.words.Services, Packs: s.words.Packs, Stylists: s.words.Stylists, FAQs: s.words.FAQs}
	var err error
	switch e.SubjectKind {
	case IterationFAQ:
		v.FAQs, err = c.faqsWith(ctx, v.FAQs, e.SubjectID, raw)
	case IterationService:
		v.Services, err = c.servicesWith(ctx, v.Services, e, raw)
	case IterationPolicy:
		var value struct{ Value json.RawMessage }
		if err = json.Unmarshal(raw, &value); err == nil {
			one.policies, err = s.policies.With(e.SubjectID, value.Value)
		}
	}
	if err != nil {
		return one, fmt.Errorf("what a change was about: %w", err)
	}
	one.words = v.Learned()
	return one, nil
}

// faqsWith are the questions with one of them as a version had it; without it when there was none.
func (c *Clerk) faqsWith(ctx context.Context, all []understand.FAQ, key string, raw json.RawMessage) ([]understand.FAQ, error) {
	var of struct{ Version int }
	if err := json.Unmarshal(raw, &of); err != nil {
		return nil, fmt.Errorf("read version: %w", err)
	}
	all = slices.DeleteFunc(slices.Clone(all), func(f understand.FAQ) bool { return f.Key == key })
	v, err := c.Content.Version(ctx, models.WordingFAQ, key, "", of.Version)
	if fault.Is(err, "content.no_such_version") {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	if v.Content.Active {
		all = append(all, understand.FAQ{Key: key, Phrases: v.Content.Phrases})
	}
	slices.SortFunc(all, func(a, b understand.FAQ) int { return strings.Compare(a.Key, b.Key) })
	return all, nil
}

// servicesWith are the services with one of them as a side of its change had it.
func (c *Clerk) servicesWith(ctx context.Context, all []understand.Service, e models.AuditEntry, raw json.RawMessage) ([]understand.Service, error) {
	var row models.Service
	if err := c.DB.On(ctx).Take(&row, "id = ?", e.SubjectID).Error; err != nil {
		return nil, fmt.Errorf("read service: %w", err)
	}
	facts := map[string]any{}
	if err := json.Unmarshal(raw, &facts); err != nil {
		return nil, fmt.Errorf("read service as it was: %w", err)
	}
	s := understand.Service{
		Code: row.Code, Category: row.Category, Minutes: row.Minutes, Names: models.Text{}, Synonyms: models.Words{},
	}
	for _, lang := range models.Languages() {
		s.Names[lang], s.Synonyms[lang] = row.Names[lang], row.Synonyms[lang]
		if name, ok := facts["name_"+lang].(string); ok {
			s.Names[lang] = name
		}
		if list, ok := facts["synonyms_"+lang].(string); ok {
			s.Synonyms[lang] = strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
		}
	}
	active := row.Active
	if was, ok := facts["active"].(bool); ok {
		active = was
	}
	at := slices.IndexFunc(all, func(o understand.Service) bool { return o.Code == row.Code })
	all = slices.DeleteFunc(slices.Clone(all), func(o understand.Service) bool { return o.Code == row.Code })
	if !active || e.Action == serviceAdded && len(facts) == 0 {
		return all, nil
	}
	if at < 0 {
		at = len(all)
	}
	return slices.Insert(all, at, s), nil
}

// measured reads the messages on both sides.
func measured(messages []models.Message, before, after side) (was, is models.ReadCount, changed int) {
	first, second := newTally(before), newTally(after)
	for _, m := range messages {
		a, b := first.read(m), second.read(m)
		a.Confidence, b.Confidence = 0, 0
		if !reflect.DeepEqual(a, b) {
			changed++
		}
	}
	return first.count, second.count, changed
}

// tally counts how one side reads.
type tally struct {
	side
	count   models.ReadCount
	unclear map[models.ID]int // in a row, by conversation
}

func newTally(s side) *tally { return &tally{side: s, unclear: map[models.ID]int{}} }

// read reads one message as the side would, and counts it.
func (t *tally) read(m models.Message) understand.Meaning {
	meaning := understand.Read(understand.Input{
		Text: m.Content.Text, Language: m.Language, Now: m.CreatedAt.In(t.policies.Zone()), Vocabulary: t.words, Opens: t.opens, Closes: t.closes,
	})
	if worthAsking(t.policies.ModelBelowPercent, meaning) {
		t.count.Asked++
	}
	meaning = (&dialogue{f: Facts{Policies: t.policies}}).sure(meaning)
	if len(meaning.FAQs) > 0 {
		t.count.FAQ++
	}
	if !meaning.Unclear {
		t.count.Understood++
		t.unclear[m.ConversationID] = 0
		return meaning
	}
	t.count.Unclear++
	t.unclear[m.ConversationID]++
	if t.unclear[m.ConversationID] == t.policies.ClarifyMax {
		t.count.HandedOver++
		t.unclear[m.ConversationID] = 0
	}
	return meaning
}

// IterationQuery selects measured and waiting changes, the newest first; zero fields select all.
type IterationQuery struct {
	Kind     string
	From, To time.Time // machine time, half-open
	BeforeID int64     // only changes older than that of this audit entry
	AfterID  int64     // only newer ones, of which the oldest are taken
	Limit    int
}

// Iterations lists what changes did to understanding.
func (c *Clerk) Iterations(ctx context.Context, q IterationQuery) ([]models.Iteration, error) {
	find := c.DB.On(ctx)
	if q.Kind != "" {
		find = find.Where("kind = ?", q.Kind)
	}
	if !q.From.IsZero() {
		find = find.Where("at >= ?", q.From)
	}
	if !q.To.IsZero() {
		find = find.Where("at < ?", q.To)
	}
	if q.BeforeID > 0 {
		find = find.Where("audit_id < ?", q.BeforeID)
	}
	order := "audit_id DESC"
	if q.AfterID > 0 {
		find, order = find.Where("audit_id > ?", q.AfterID), "audit_id"
	}
	var rows []models.Iteration
	if err := find.Order(order).Limit(q.Limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what changes did: %w", err)
	}
	if q.AfterID > 0 {
		slices.Reverse(rows)
	}
	return rows, nil
}
