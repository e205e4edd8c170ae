package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/conversations"
	"frontdesk/views/ui"
)

const (
	turnsPage   = 20
	turnsWords  = 4 * turnsPage // messages among which those of a page's turns lie, replies included
	microsOfOne = 1_000_000
)

// turns shows how the messages of a conversation were read and what came of them; the audit log is told as
// when the conversation is opened (R-1215, R-1016).
func (s *Server) turns(c *fiber.Ctx) error {
	ctx := c.UserContext()
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	row, err := s.found(ctx, c.Params("id"))
	if err != nil {
		return err
	}
	before, err := strconv.ParseInt(c.Query("seq"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	rows, err := s.Chat.Turns(ctx, row.Conversation.ID, before, turnsPage)
	if err != nil {
		return err
	}
	said, err := s.Thread.Transcript(ctx, row.Conversation.ID, before, turnsWords)
	if err != nil {
		return err
	}
	home := "/console/conversations/" + row.Conversation.ID.String()
	page := conversations.Turns{Name: row.Contact.ProfileName, BackURL: home}
	if row.Customer != nil {
		page.Name = row.Customer.FullName()
	}
	for _, t := range rows {
		page.List = append(page.List, shownTurn(ctx, q, t, said))
	}
	if len(rows) == turnsPage {
		page.OlderURL = link(home+"/turns", "seq", strconv.FormatInt(rows[len(rows)-1].FirstSeq, 10))
	}
	if err := s.Desk.Read(ctx, q.visitor.Actor(), row.Conversation.ID); err != nil {
		return err
	}
	return s.page(c, screen{title: "turns.title", room: staff.Conversations}, conversations.TurnsContent(page))
}

func shownTurn(ctx context.Context, q diaryQuery, t models.Turn, said []models.Message) conversations.Turn {
	out := conversations.Turn{
		At: t.At.In(q.zone), ByModel: t.ReadBy == "model", Confidence: t.Confidence, Before: turnStage(ctx, t.StageBefore), After: turnStage(ctx, t.StageAfter),
		ModelMS: t.ModelMS, Tokens: t.InputTokens + t.OutputTokens, Cost: fmt.Sprintf("%.4f", float64(t.CostMicros)/microsOfOne),
		WaitedMS: t.WaitedMS, ReadMS: t.ReadMS, AnsweredMS: t.AnsweredMS,
	}
	if t.ModelOutcome != "" {
		out.Model = i18n.T(ctx, "turns.model."+t.ModelOutcome)
	}
	for _, m := range said {
		if m.Seq >= t.FirstSeq && m.Direction == models.In && len(out.Words) < t.Messages {
			out.Words = append(out.Words, m.Content.Text+m.Content.ReplyTitle)
		}
	}
	out.Intents, out.Meaning = shownMeaning(ctx, q.zone, t.Meaning)
	out.Changed = shownChanges(ctx, q.zone, t.Changed)
	out.Actions = shownActions(ctx, t.Actions)
	return out
}

// shownMeaning divides a meaning into its intents, in words, and its other fields.
func shownMeaning(ctx context.Context, zone *time.Location, raw json.RawMessage) (intents []string, facts []conversations.Fact) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return nil, nil // of another shape than today's
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		var list []string
		switch {
		case name == "Language" || name == "LanguageSure" || name == "Main" || name == "Confidence" || name == "Unclear" || name == "Empty":
		case name == "Intents" && json.Unmarshal(fields[name], &list) == nil:
			for _, intent := range list {
				intents = append(intents, i18n.T(ctx, "intent."+intent))
			}
		default:
			facts = append(facts, conversations.Fact{Name: turnField(ctx, name), Value: turnFact(ctx, zone, name, fields[name])})
		}
	}
	return intents, facts
}

func shownChanges(ctx context.Context, zone *time.Location, raw json.RawMessage) []conversations.Change {
	var fields map[string]models.TurnChange
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	var out []conversations.Change
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		out = append(out, conversations.Change{
			Name: turnField(ctx, name), From: orDash(turnFact(ctx, zone, name, fields[name].From)), To: orDash(turnFact(ctx, zone, name, fields[name].To)),
		})
	}
	return out
}

func shownActions(ctx context.Context, raw json.RawMessage) []conversations.Fact {
	var actions []models.TurnAction
	if json.Unmarshal(raw, &actions) != nil {
		return nil
	}
	var out []conversations.Fact
	for _, a := range actions {
		var with []string
		for _, one := range a.With {
			with = append(with, turnCode(ctx, worded(ctx, "case.reason."+one, one)))
		}
		out = append(out, conversations.Fact{Name: ui.Word(ctx, turnActions, spelled(a.Do)), Value: strings.Join(with, " ")})
	}
	return out
}

// worded is the text of a key, and a word in its place where the catalogue has none.
func worded(ctx context.Context, key, otherwise string) string {
	if scope := i18n.From(ctx); scope.Catalogue != nil && scope.Catalogue.Has(scope.Language, key) {
		return i18n.T(ctx, key)
	}
	return otherwise
}

// orDash stands for what is empty.
func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
